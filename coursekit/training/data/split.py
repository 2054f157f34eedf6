"""A validation set cut off the training set: by seed, with the same share of every class."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Subset

from coursekit.training.data.inputs import Arrays, as_arrays, is_set
from coursekit.training.data.order import derived_generator


def split_validation(train: Any, validation: Any, seed: int) -> tuple[Any, Any]:
    """Cut a validation set off the training set, or hand on the one that is given.

    Parameters
    ----------
    train
        What `fit` was given to train on.
    validation
        A share above 0 and below 1: that much of each class, drawn by the seed. Or a set like
        `train`, which is handed on. Or None.
    seed
        Of the run.

    Returns
    -------
    tuple
        (train, validation), both to be given to `make_batches`; validation is None without one.

    Raises
    ------
    ValueError
        For a share out of range, or one that leaves either part empty.
    TypeError
        For a share of a `DataLoader`, whose batches cannot be taken apart.

    Notes
    -----
    Classes are kept in proportion for arrays and for data sets that show their labels as `targets`
    or `labels`; of other data sets examples are drawn without regard to class, since reading all
    of them might take long.

    Examples
    --------
    >>> images, labels = torch.zeros(100, 2), torch.arange(100) % 10
    >>> train, held_out = split_validation((images, labels), 0.1, seed=0)
    >>> len(train), sorted(labels[held_out.rows].tolist())
    (90, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    if validation is None or not isinstance(validation, float | int | np.number):
        return train, validation
    share = float(validation)
    if isinstance(validation, bool) or not 0 < share < 1:
        raise ValueError(
            f"validation: found {validation!r}; expected a share of the training set between 0 and "
            "1, or a set like it. Write validation=0.1 for a tenth."
        )
    if isinstance(train, DataLoader):
        raise TypeError(
            "validation: found a share, and a DataLoader to train on, whose batches cannot be "
            "taken apart; expected a set of its own, or the Dataset itself to train on. Split the "
            "Dataset with torch.utils.data.random_split and make two DataLoaders."
        )
    if is_set(train):
        count = len(train)
        left, held = _parts(_labels(train, count), count, share, seed)
        return Subset(train, left.tolist()), Subset(train, held.tolist())
    arrays = as_arrays(train, "train")
    left, held = _parts(arrays.targets, len(arrays), share, seed)
    parts = (Arrays(arrays.inputs, arrays.targets, arrays.notes, rows) for rows in (left, held))
    return next(parts), next(parts)


def _parts(labels: Tensor | None, count: int, share: float, seed: int) -> tuple[Tensor, Tensor]:
    """Return the rows that stay and those held out, both in stored order."""
    generator = derived_generator(seed, "validation")
    shuffled = torch.randperm(count, generator=generator)
    wanted = round(count * share)
    if not 0 < wanted < count:
        raise ValueError(
            f"validation: found {share:g} of {count} images, which leaves one of the two parts "
            "empty; expected a share that leaves images in both."
        )
    if labels is not None and labels.ndim == 2:
        labels = labels.argmax(1)
    if labels is None or labels.ndim != 1 or labels.dtype.is_floating_point:
        held = shuffled[:wanted]
    else:
        held = shuffled[_spread(labels.cpu()[shuffled].numpy(), wanted)]
    out = torch.zeros(count, dtype=torch.bool)
    out[held] = True
    return (~out).nonzero()[:, 0], out.nonzero()[:, 0]


def _spread(labels: Any, wanted: int) -> Tensor:
    """Choose positions so that each class has its share, up to one, and `wanted` are chosen.

    Sorted by class, every (n / wanted)-th is taken: each class gives its share, rounded up or down.
    """
    by_class = np.argsort(labels, kind="stable")
    places = (np.arange(wanted) + 0.5) * len(labels) / wanted
    return torch.from_numpy(by_class[places.astype(np.int64)])


def _labels(dataset: Any, count: int) -> Tensor | None:
    """Return the labels that a data set shows, where it shows one for each example."""
    if isinstance(dataset, Subset):
        inner = _labels(dataset.dataset, len(dataset.dataset))  # type: ignore[arg-type]
        return None if inner is None else inner[torch.as_tensor(list(dataset.indices))]
    tensors = getattr(dataset, "tensors", ())
    found = getattr(
        dataset, "targets", getattr(dataset, "labels", tensors[-1] if tensors else None)
    )
    if found is None or callable(found):
        return None
    try:
        labels = torch.as_tensor(np.asarray(found))
    except (TypeError, ValueError):
        return None
    return labels if labels.ndim in (1, 2) and len(labels) == count else None
