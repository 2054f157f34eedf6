"""What `fit` does so that no epoch is wasted: a look before the first step, then a watch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, SequentialSampler, TensorDataset

from coursekit.training import say
from coursekit.training.data.labels import labels_of
from coursekit.training.diagnosis import inspect_images, inspect_order
from coursekit.training.diagnosis.findings import Finding, Findings, TrainingError
from coursekit.training.diagnosis.look import Case, examine
from coursekit.training.diagnosis.memory import out_of_memory
from coursekit.training.diagnosis.samples import COUNT, Sample
from coursekit.training.diagnosis.watch import Watch
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.other_sets import look_at_other_sets

if TYPE_CHECKING:
    from coursekit.training.run import Run
    from coursekit.training.start import Data


def look_before(run: Run, data: Data, train: Any, test: Any, *, speak: bool = True) -> Watch:
    """Look at a run before its first step, and return the hook that watches it.

    Parameters
    ----------
    run, data
        As built for training.
    train, test
        As the caller gave them.
    speak
        Whether to warn; of several processes one does.

    Raises
    ------
    TrainingError
        Where no training can succeed.
    """
    settings = run.settings
    with generators_kept():
        sample = sample_of(train, data.train.head(COUNT), data)
        case = Case(
            run.model,
            sample,
            run.loss_fn,
            settings.lr,
            run.optimizer,
            steps=settings.epochs * run.steps_per_epoch,
            constant=settings.schedule == "constant" and not settings.warmup,
            sets_mode=True,
        )
        found = examine(case)
        if not found.errors:
            found.extend(look_at_other_sets(run, data, test, found.scores))
    if test is not None:
        shared = inspect_order.shared_images(train, test, sample, Sample(images=_images(test)))
        if shared:
            found.append(shared)
    if found.errors:
        stop_for(found, run)
    for warning in found.warnings:
        if speak:
            say.warn(str(warning))
    images = sample.images
    return Watch(
        data.train.head,
        guess_of(sample.labels, found.scores) if sample.all_labels else None,
        lambda: inspect_images.broken_pixels(images, images),
        said=found.codes,
    )


def stop_for(found: Findings, run: Run) -> None:
    """Raise what was found, all of it, in one error.

    Raises
    ------
    TrainingError
        Always.
    """
    run.stop = found.errors[0].sentence
    message = "\n".join(str(finding) for finding in found.errors)
    raise TrainingError(message, history=run.history, finding=found.errors[0])


def sample_of(train: Any, head: tuple[Any, Any], data: Data) -> Sample:
    """Join a batch that is ready for the model with what is known of the data it comes from."""
    inputs, targets = head
    loader = train if isinstance(train, DataLoader) else None
    source = train if loader is None else loader.dataset
    labels = source[1] if _is_pair(source) else labels_of(source)
    return Sample(
        inputs,
        targets,
        labels=targets if labels is None else labels,
        all_labels=labels is not None,
        images=_images(train),
        examples=data.train.examples,
        batch_size=data.train.batch_size,
        in_order=loader is not None and isinstance(loader.sampler, SequentialSampler),
        drop_last=loader is not None and bool(loader.drop_last),
        drawn=False,
        from_loader=loader is not None,
        arrays=_is_pair(train) and isinstance(train[0], np.ndarray),
    )


def _is_pair(data: Any) -> bool:
    return (
        isinstance(data, tuple | list)
        and len(data) == 2
        and all(isinstance(part, Tensor | np.ndarray) for part in data)
    )


def _images(data: Any) -> Any:
    source = data.dataset if isinstance(data, DataLoader) else data
    if type(source) is TensorDataset:
        return source.tensors[0]
    return source[0] if _is_pair(source) else None


def guess_of(labels: Any, scores: int | None) -> float | None:
    """Return the loss of a model that knows the shares of the classes and nothing else.

    Parameters
    ----------
    labels
        Numbers of classes.
    scores
        How many scores the model gives; None where it is no classifier.

    Examples
    --------
    >>> round(guess_of(torch.arange(100) % 10, 10), 4)   # ln 10
    2.3026
    """
    if scores is None:
        return None
    if labels.ndim != 1 or "float" in str(labels.dtype):
        return None
    values = labels.cpu().numpy() if isinstance(labels, Tensor) else labels
    counts = np.unique(values, return_counts=True)[1]
    shares = counts / counts.sum()
    entropy = float(-(shares * np.log(shares)).sum())
    return entropy if entropy > 0.1 * math.log(max(scores, 2)) else None


def explaining_memory(run: Run, train: Callable[[], None]) -> None:
    """Train, and turn "out of memory" into a sentence with a batch that fits.

    Raises
    ------
    TrainingError
        Outside of the handler, so that nothing keeps hold of the tensors that filled the memory.
    """
    finding: Finding | None = None
    try:
        train()
    except (RuntimeError, MemoryError, OSError) as error:
        where = {"cuda": "the GPU", "mps": "the GPU"}.get(run.device.type, "")
        finding = out_of_memory(error, run.settings.batch_size, where)
        if finding is None:
            raise
    if finding is not None:
        if run.device.type == "cuda":
            torch.cuda.empty_cache()
        run.stop = finding.sentence
        raise TrainingError(str(finding), history=run.history, finding=finding)
