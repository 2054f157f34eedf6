"""What a student gives as images and labels: looked at, named where it is wrong, made into tensors.

Nothing is copied where it need not be, and nothing that was given is changed.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset, TensorDataset

from coursekit.training.errors import ArgumentError

Pair = tuple[Tensor, Tensor]
_PAIR = "(images, labels) as arrays or tensors, a torch Dataset or a DataLoader"


def take(data: Any, name: str) -> Any:
    """Return a pair of tensors, a `Dataset` or a `DataLoader`, whichever was meant.

    Examples
    --------
    >>> images, labels = take((np.zeros((5, 28, 28), np.uint8), [0, 1, 2, 0, 1]), "train")
    >>> images.dtype, labels.dtype
    (torch.uint8, torch.int64)
    """
    if isinstance(data, DataLoader):
        if isinstance(data.dataset, IterableDataset) or len(data) == 0:
            raise ArgumentError(
                f"{name}: found a DataLoader that has no length, or no batch; expected one over a "
                "Dataset with __len__ and __getitem__. Fix: look at len(loader.dataset)"
            )
        return data
    if isinstance(data, TensorDataset) and len(data.tensors) == 2:
        return take(data.tensors, name)
    if isinstance(data, Subset) and isinstance(data.dataset, TensorDataset):
        return take(tuple(each[list(data.indices)] for each in data.dataset.tensors), name)
    if isinstance(data, Dataset):
        if isinstance(data, IterableDataset) or len(data) == 0:  # type: ignore[arg-type]
            raise ArgumentError(
                f"{name}: found a Dataset that is empty or has no length; expected __len__ and "
                "__getitem__. Fix: look at len(dataset)"
            )
        return data
    pair = isinstance(data, tuple | list) and len(data) == 2
    both = pair and isinstance(data[1], tuple | list) and len(data[1]) == 2
    if hasattr(data, "train") or (both and getattr(data[1][0], "ndim", 0) > 1):
        raise ArgumentError(
            f"{name}: found training and test part together; expected one of them, {_PAIR}. "
            "Fix: train, test = data"
        )
    if not pair:
        raise ArgumentError(
            f"{name}: found {_described(data)}; expected {_PAIR}. Fix: {name} = images, labels"
        )
    images = as_tensor(data[0], f"{name} images")
    labels = class_numbers(as_tensor(data[1], f"{name} labels"), name)
    if len(images) != len(labels) or len(labels) == 0:
        raise ArgumentError(
            f"{name}: found {len(images):,} images and {len(labels):,} labels; expected as many of "
            "both, and at least one. Fix: cut both at the same places"
        )
    if images.ndim > 2 and images.dtype in (torch.int16, torch.int32, torch.int64):
        raise ArgumentError(
            f"{name} images: found {str(images.dtype).removeprefix('torch.')}; expected bytes "
            '(uint8, 0 to 255) or float32. Fix: images = images.astype("uint8")'
        )
    return images, labels


def as_tensor(value: Any, name: str) -> Tensor:
    """Return an array, a tensor or a list of equally large images as a tensor of numbers.

    Memory is shared where that is possible, and never written to.
    """
    if isinstance(value, Tensor):
        return value.detach().float() if value.dtype == torch.float64 else value.detach()
    if value is None or isinstance(value, str | bytes | dict | set) or hasattr(value, "__next__"):
        raise ArgumentError(
            f"{name}: found {_described(value)}; expected an array or a tensor. "
            "Fix: train = images, labels"
        )
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):  # NumPy's, for lists of different lengths
        array = np.empty(0, dtype=object)
    if array.dtype.kind == "O":
        raise ArgumentError(
            f"{name}: found objects, or sizes that differ; expected numbers, all of one size. "
            "Fix: scale or crop the images to one size, then np.stack(images)"
        )
    if array.dtype.kind not in "biuf":
        text = f"text such as {str(array.flat[0])!r}" if array.dtype.kind in "US" else array.dtype
        raise ArgumentError(
            f"{name}: found {text}; expected numbers. "
            "Fix: classes, labels = np.unique(names, return_inverse=True)"
        )
    if array.ndim == 0:
        raise ArgumentError(
            f"{name}: found a single number; expected one for each image. Fix: labels = [label]"
        )
    if array.dtype == np.float64:
        array = array.astype(np.float32)
    elif array.dtype.kind == "u" and array.dtype.itemsize > 1:  # types that PyTorch hardly knows
        array = array.astype(np.int64)
    elif not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if min(array.strides) < 0:
        array = array.copy()
    with warnings.catch_warnings():  # of arrays that must not be written to: nobody writes here
        warnings.simplefilter("ignore", UserWarning)
        return torch.from_numpy(array)


def class_numbers(labels: Tensor, name: str) -> Tensor:
    """Return labels as int64 class numbers, (N,); refuse one-hot rows, fractions, other shapes."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        rows = f"rows of {labels.shape[-1]} numbers, as one-hot labels have, " * (labels.ndim > 1)
        raise ArgumentError(
            f"{name} labels: found {rows}shape {tuple(labels.shape)}; expected one class number "
            "for each image, (N,). Fix: labels = labels.argmax(1)"
        )
    if labels.is_floating_point() and bool((labels != labels.round()).any()):
        raise ArgumentError(
            f"{name} labels: found {float(labels[labels != labels.round()][0]):g}; expected whole "
            "class numbers from 0, since fit trains classifiers. "
            "Fix: write the loop of lesson 11 with a loss for numbers, such as nn.MSELoss()"
        )
    return labels.long()


def pair_of(batch: Any, name: str) -> Pair:
    """Take a DataLoader's batch apart."""
    if isinstance(batch, tuple | list) and len(batch) == 2:
        images, labels = batch
        if isinstance(images, Tensor) and isinstance(labels, Tensor):
            return images, labels
    raise ArgumentError(
        f"{name}: found batches that are {_described(batch)}; expected pairs of tensors (images, "
        "labels). Fix: return image, label in __getitem__"
    )


def _described(value: Any) -> str:
    """Say what a thing is, in a few words."""
    if value is None or isinstance(value, str):
        return repr(value)
    shape = f" of shape {tuple(value.shape)}" if hasattr(value, "shape") else ""
    return f"a {type(value).__name__}{shape}"
