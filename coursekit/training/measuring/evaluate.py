"""Looking at a trained model: every image of a set once, nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.training.data.batches import make_batches
from coursekit.training.diagnosis.findings import need_module
from coursekit.training.diagnosis.forward_errors import why_it_stopped
from coursekit.training.diagnosis.memory import is_out_of_memory
from coursekit.training.diagnosis.probe import forward
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.loop import evaluating
from coursekit.training.machine.devices import choose_device
from coursekit.training.machine.precision import choose_precision
from coursekit.training.measuring.evaluation import Evaluation
from coursekit.training.measuring.mistakes import SurestMistakes
from coursekit.training.say import warn

_BATCH = 500


@torch.no_grad()
def evaluate(
    model: nn.Module,
    data: Any,
    *,
    classes: Sequence[str] | None = None,
    batch_size: int | None = None,
    device: str | torch.device = "auto",
    precision: str = "float32",
    name: str = "test",
) -> Evaluation:
    """Show a classifier every image of a set once and say what it gets right and wrong.

    The model is put in evaluation mode and back; no gradients are kept, nothing random is drawn.

    Parameters
    ----------
    model
        Any module that gives logits, (N, ...) -> (N, classes).
    data
        As `fit` takes it: (images, labels) as arrays or tensors, a `Dataset` or a `DataLoader`.
        Images are numbered in the order in which they come.
    classes
        Names of the classes; those of the data set, if it has any, unless given.
    batch_size
        Images at a time; a `DataLoader` has its own.
    device
        ``"auto"`` is where the model is. For another the model is moved there, and back.
    precision
        ``"float32"``; ``"auto"`` or ``"bfloat16"`` may be faster and less exact.
    name
        What the images are called in reports.

    Returns
    -------
    Evaluation
        Accuracy, loss, confusion matrix, recall, calibration, the surest mistakes as pictures.

    Raises
    ------
    TypeError, ValueError
        For what is no model or does not take the images, data that cannot be read, labels that
        are no classes of the model, outputs that are no logits.

    Examples
    --------
    >>> from coursekit.datasets import load
    >>> strokes = load("strokes")
    >>> train, test = strokes
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(train[0][0].size, len(strokes.classes)))
    >>> found = evaluate(model, test, classes=strokes.classes)
    >>> int(found.confusion.sum()) == len(test[1])
    True
    """
    need_module(model)
    home = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    there = home if device == "auto" else choose_device(device)
    chosen = choose_precision(precision, there, model)
    batches = make_batches(
        data,
        name=name,
        batch_size=batch_size or _BATCH,
        shuffle=False,
        seed=0,
        device=there,
        precision=chosen,
    )
    keeper, total, seen = SurestMistakes(), 0.0, 0
    softmaxed = True
    rows: list[Any] = []
    answers: list[Any] = []
    model.to(there)
    try:
        with evaluating(model), generators_kept(data), chosen.in_force():
            for inputs, targets in batches.epoch(1):
                with chosen.autocast(there):
                    logits = _answers(model, inputs)
                logits, labels = _looked_at(logits, targets, name)
                total += float(F.cross_entropy(logits, targets, reduction="sum"))
                softmaxed = softmaxed and _like_probabilities(logits)
                rows.append(logits.softmax(dim=1).cpu().numpy())
                answers.append(labels.cpu().numpy())
                wrong = rows[-1].argmax(axis=1) != answers[-1]
                keeper.add(seen, inputs, rows[-1].max(axis=1), wrong)
                seen += len(labels)
    finally:
        model.to(home)
    probabilities = np.concatenate(rows)
    _say_what_is_odd(probabilities, softmaxed)
    if classes is None:
        classes = _classes_of(data, probabilities.shape[1])
    return Evaluation(
        probabilities,
        np.concatenate(answers),
        classes=classes,
        images=keeper.images,
        loss=total / seen,
        name=name,
    )


def _answers(model: nn.Module, inputs: Any) -> Any:
    """Call the model; where it stops, say in which layer and why."""
    try:
        return model(inputs)
    except Exception as error:
        stopped = forward(model, inputs)
        if stopped.error is None or is_out_of_memory(error):
            raise
        raise ValueError(str(why_it_stopped(stopped, model, inputs))) from error


def _looked_at(logits: Any, targets: Tensor, name: str) -> tuple[Tensor, Tensor]:
    """Return logits in float32 and labels as class numbers, or say why they are none."""
    if not isinstance(logits, Tensor) or logits.ndim != 2 or logits.shape[1] < 2:
        found = (
            f"shape {tuple(logits.shape)}" if isinstance(logits, Tensor) else type(logits).__name__
        )
        raise ValueError(
            f"model: found an output of {found}; expected logits (N, classes) of two classes or "
            "more. Evaluate a classifier, and let its last layer give one number for each class."
        )
    labels = targets
    if targets.is_floating_point():
        if targets.shape != logits.shape:
            raise ValueError(
                f"{name} labels: found {targets.dtype} of shape {tuple(targets.shape)}; expected "
                "whole class numbers from 0, one for each image."
            )
        labels = targets.argmax(dim=1)
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= logits.shape[1]:
        odd = low if low < 0 else high
        raise ValueError(
            f"{name} labels: found {odd}; expected 0 to {logits.shape[1] - 1}, "
            f"since the model has {logits.shape[1]} outputs. Count classes from 0, or give the "
            "model more outputs."
        )
    return logits.float(), labels


def _like_probabilities(logits: Tensor) -> bool:
    return bool(((logits >= 0).all(1) & ((logits.sum(1) - 1).abs() < 1e-3)).all())


def _say_what_is_odd(probabilities: Any, sums_to_one: bool) -> None:
    if sums_to_one:
        warn(
            "The model's outputs are probabilities already, rows that sum to 1, and softmax was "
            "applied to them again: accuracy is right, loss and calibration are not. Leave the "
            "softmax out of the model.",
            again=True,
        )
    broken = int(np.isnan(probabilities).any(axis=1).sum())
    if broken:
        warn(
            f"For {broken:,} of {len(probabilities):,} images the model's outputs are no numbers "
            "(NaN); it was broken in training, most often by too large a learning rate.",
            again=True,
        )


def _classes_of(data: Any, count: int) -> Sequence[str] | None:
    """Find the names that a data set, or the one inside it, has for its classes."""
    for _ in range(5):
        names = getattr(data, "classes", None)
        if isinstance(names, list | tuple) and len(names) == count:
            return names
        data = getattr(data, "dataset", None)
    return None
