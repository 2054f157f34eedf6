"""A look at validation and test set before the first step: an epoch comes before they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from coursekit.training.data.labels import labels_of
from coursekit.training.diagnosis.findings import Finding
from coursekit.training.diagnosis.inspect_labels import label_range
from coursekit.training.diagnosis.probe import forward
from coursekit.training.diagnosis.samples import COUNT
from coursekit.training.diagnosis.undisturbed import stand_in
from coursekit.training.loop import evaluating

if TYPE_CHECKING:
    from coursekit.training.run import Run
    from coursekit.training.start import Data


def look_at_other_sets(run: Run, data: Data, test: Any, scores: int | None) -> Iterator[Finding]:
    """Yield what would stop an evaluation: labels beyond the scores, images of another size.

    Parameters
    ----------
    run, data
        As built for training.
    test
        As the caller gave it.
    scores
        How many the model gives; None where it is no classifier.
    """
    shape = data.train.head(1)[0].shape[1:]
    given = (
        ("validation", data.validation, run.settings.validation),
        ("test", data.test, test),
    )
    for name, batches, source in given:
        if batches is None:
            continue
        inputs, targets = batches.head(COUNT)
        wrong = None if scores is None else label_range(_labels(source, targets), scores)
        if wrong is not None and wrong.level == "error":
            sentence = wrong.sentence[0].lower() + wrong.sentence[1:]
            yield replace(wrong, sentence=f"{name}: {sentence}")
        if inputs.shape[1:] != shape and _stops(run.model, inputs):
            yield Finding(
                "other_size",
                "error",
                f"{name}: found images of shape {tuple(inputs.shape[1:])}, at which the model "
                f"stops; expected {tuple(shape)}, as the training set has them.",
                f"print(train_images.shape, {name}_images.shape)  # prepare both in the same way",
            )


def _labels(source: Any, first: Tensor) -> Any:
    """Return all labels that are at hand without reading the set, else the first ones."""
    inner = source.dataset if isinstance(source, DataLoader) else source
    pair = isinstance(inner, tuple | list) and len(inner) == 2
    labels = inner[1] if pair else labels_of(inner)
    if not isinstance(labels, Tensor | np.ndarray):
        labels = first
    return labels.cpu() if isinstance(labels, Tensor) else labels


@torch.no_grad()
def _stops(model: nn.Module, inputs: Tensor) -> bool:
    with stand_in(model) as copy, evaluating(copy):
        return forward(copy, inputs).error is not None
