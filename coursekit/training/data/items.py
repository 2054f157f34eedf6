"""Single examples and batches as a data set gives them: pairs, put together, named where wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import default_collate

from coursekit.training.data.raw_numbers import described

_MEND = "Let __getitem__ return image, label."


def put_together(items: Sequence[Any], name: str) -> tuple[Tensor, Tensor]:
    """Make a batch of pairs (image, label); images may be tensors, arrays or PIL images.

    Raises
    ------
    TypeError
        When an item is no pair.
    ValueError
        When images differ in size.

    Examples
    --------
    >>> images, labels = put_together([(np.zeros((2, 3)), 1), (np.ones((2, 3)), 0)], "train")
    >>> images.shape, labels
    (torch.Size([2, 2, 3]), tensor([1, 0]))
    """
    images, labels = [], []
    for item in items:
        if not (isinstance(item, tuple | list) and len(item) == 2):
            raise TypeError(
                f"{name}: found {described(item)} as an example of the data set; expected a pair "
                f"(image, label). {_MEND}"
            )
        images.append(item[0] if isinstance(item[0], Tensor) else np.asarray(item[0]))
        labels.append(item[1])
    shapes = sorted({tuple(image.shape) for image in images})
    if len(shapes) > 1:
        raise ValueError(
            f"{name}: found images of sizes {shapes[0]} and {shapes[1]} in one batch; expected one "
            "size for all. Scale or crop them to one size in the data set."
        )
    # Strings, dicts and objects are named by `pair_of`, in the sentence for batches.
    return pair_of((_stacked(images), default_collate(labels)), name)


def pair_of(batch: Any, name: str) -> tuple[Tensor, Tensor]:
    """Return a batch as (inputs, targets), both tensors of one length.

    Raises
    ------
    TypeError
        When it is anything else.
    ValueError
        When there are not as many targets as inputs.

    Examples
    --------
    >>> pair_of({"pixels": torch.zeros(2, 3)}, "train")
    Traceback (most recent call last):
    ...
    TypeError: train: found a dict with pixels as a batch; expected a pair (images, labels). ...
    """
    if not (isinstance(batch, tuple | list) and len(batch) == 2):
        raise TypeError(
            f"{name}: found {described(batch)} as a batch; expected a pair (images, labels). "
            + _MEND
        )
    inputs, targets = (_tensor(part) for part in batch)
    for part, what in ((inputs, "images"), (targets, "labels")):
        if not isinstance(part, Tensor) or part.ndim == 0:
            raise TypeError(
                f"{name} {what}: found {described(part)} in a batch; expected a tensor. Let the "
                "data set give images as tensors or arrays, and labels as whole numbers."
            )
    if len(inputs) != len(targets):
        raise ValueError(
            f"{name}: found {len(inputs)} images and {len(targets)} labels in a batch; expected "
            "one label for each image."
        )
    return inputs, targets


def _tensor(part: Any) -> Any:
    numbers = isinstance(part, np.ndarray) and part.dtype.kind in "biuf"
    return torch.from_numpy(part) if numbers else part


def _stacked(images: list[Any]) -> Any:
    if all(isinstance(image, Tensor) for image in images):
        return default_collate(images)
    return np.stack([np.asarray(image) for image in images])
