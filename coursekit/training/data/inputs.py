"""Images and labels as they come from students: looked at, named where wrong, made into tensors.

Nothing is copied where it need not be: arrays in memory are shared, arrays on disk stay there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Subset, TensorDataset

from coursekit.training.data.raw_numbers import (
    as_tensor,
    described,
    refuse_no_data,
    refuse_no_numbers,
    shared_tensor,
)
from coursekit.training.data.ready import input_notes, ready_targets

_EMPTY = "found an empty set; expected at least one image with its label."
_PAIR = "(images, labels) as arrays or tensors, a torch Dataset or a DataLoader"


@dataclass(frozen=True)
class Arrays:
    """Inputs and targets of a whole set, as stored: (N, ...) each, N of them.

    `inputs` is a tensor, or a `numpy.memmap` that lies on disk. `notes` say what will be done to
    each batch, in words. `rows` are those of them that belong to this part of a set that was
    split, in order; None where all do.
    """

    inputs: Tensor | np.memmap[Any, Any]
    targets: Tensor
    notes: tuple[str, ...] = ()
    rows: Tensor | None = None

    def __len__(self) -> int:
        return len(self.targets) if self.rows is None else len(self.rows)

    def of(self, positions: Tensor) -> Tensor:
        """Return the rows in which the examples at these positions are stored."""
        return positions if self.rows is None else self.rows[positions]


def as_arrays(data: Any, name: str) -> Arrays:
    """Take a pair (images, labels) apart and look at both.

    Parameters
    ----------
    data
        What was given as the argument `name`: two arrays, tensors, or lists of equally large
        images.
    name
        ``"train"``, ``"test"`` or ``"validation"``, for messages.

    Returns
    -------
    Arrays
        Labels int64, or float32 where they are no whole numbers.

    Raises
    ------
    TypeError
        For what is no such pair.
    ValueError
        For a set that is empty, of unequal lengths, or of images that differ in size.

    Examples
    --------
    >>> arrays = as_arrays((np.zeros((5, 28, 28), np.uint8), [0, 1, 2, 0, 1]), "train")
    >>> arrays.inputs.shape, arrays.targets.dtype, arrays.notes
    (torch.Size([5, 28, 28]), torch.int64, ('bytes 0 to 255 become 0 to 1, ... axis added',))
    """
    if isinstance(data, Arrays):
        if len(data) == 0:
            raise ValueError(f"{name}: {_EMPTY}")
        return data
    images, labels = _pair(data, name)
    inputs = _inputs(images, name)
    targets, said = _targets(labels, name)
    if len(inputs) != len(targets):
        raise ValueError(
            f"{name}: found {len(inputs):,} images and {len(targets):,} labels; expected one label "
            "for each image. Cut both at the same places."
        )
    return Arrays(inputs, targets, (*input_notes(inputs), *said))


def unwrapped(data: Any, name: str) -> Any:
    """Take the tensors out of a `TensorDataset`, or a part of one, which need no reading.

    Examples
    --------
    >>> whole = TensorDataset(torch.zeros(3, 2), torch.tensor([4, 5, 6]))
    >>> unwrapped(Subset(whole, [2, 0]), "train").rows
    tensor([2, 0])
    """
    if isinstance(data, TensorDataset) and len(data.tensors) == 2:
        return as_arrays(data.tensors, name)
    if isinstance(data, Subset):
        inner = unwrapped(data.dataset, name)
        if isinstance(inner, Arrays):
            places = torch.as_tensor(list(data.indices), dtype=torch.int64)
            return replace(inner, rows=inner.of(torch.arange(len(inner))[places]))
    return data


def is_set(data: Any) -> bool:
    """Tell whether something gives examples by number: a `Dataset`, or an object like one.

    Examples
    --------
    >>> is_set(TensorDataset(torch.zeros(3))), is_set(([1, 2], [0, 1]))
    (True, False)
    """
    if isinstance(data, Dataset):
        return True
    if isinstance(data, tuple | list | str | bytes | dict) or hasattr(data, "shape"):
        return False
    return hasattr(data, "__getitem__") and hasattr(data, "__len__") and not _two_parts(data)


def _two_parts(data: Any) -> bool:
    return hasattr(data, "train") and hasattr(data, "test")


def require_classes(targets: Tensor, name: str) -> None:
    """Refuse labels that cross-entropy cannot take: floats, one for each image.

    Raises
    ------
    ValueError
        Naming the type that was found.

    Examples
    --------
    >>> require_classes(torch.tensor([0.0, 1.0]), "train")
    Traceback (most recent call last):
    ...
    ValueError: train: found float32 labels, one for each image; expected whole class numbers ...
    """
    if targets.dtype.is_floating_point and (targets.ndim == 1 or targets.shape[1:] == (1,)):
        kind = str(targets.dtype).removeprefix("torch.")
        raise ValueError(
            f"{name}: found {kind} labels, one for each image; expected whole class numbers from "
            '0. Write labels.astype("int64"); to learn numbers instead of classes, give a loss of '
            "your own, such as loss=torch.nn.MSELoss()."
        )


def _pair(data: Any, name: str) -> tuple[Any, Any]:
    if isinstance(data, tuple | list) and len(data) == 2:
        if all(isinstance(part, tuple | list) and len(part) == 2 for part in data) and all(
            hasattr(array, "shape") for part in data for array in part
        ):
            raise TypeError(
                f"{name}: found two pairs, training and test part together; expected {_PAIR}. "
                "Write train, test = data and give each where it belongs."
            )
        return data[0], data[1]
    if _two_parts(data):
        raise TypeError(
            f"{name}: found a whole data set, both parts of it; expected {_PAIR}. "
            "Write train, test = data and give each where it belongs."
        )
    what, mend = described(data), "Write (images, labels)."
    if isinstance(data, str):
        mend = "Write train, test = coursekit.datasets.load(name)."
    elif hasattr(data, "__next__"):
        what += ", which can be read only once"
        mend = "Make a list of it, or a torch Dataset, which every epoch can read anew."
    elif hasattr(data, "shape"):
        what += f" of shape {tuple(data.shape)} without labels"
    raise TypeError(f"{name}: found {what}; expected {_PAIR}. {mend}")


def _inputs(images: Any, name: str) -> Tensor | np.memmap[Any, Any]:
    refuse_no_data(images, f"{name} images")
    if isinstance(images, np.memmap):
        refuse_no_numbers(images, f"{name} images")
        on_disk = images.dtype.isnative and images.flags.c_contiguous
        inputs: Any = images if on_disk else shared_tensor(np.asarray(images))
    else:
        inputs = as_tensor(images, f"{name} images")
    if inputs.ndim and len(inputs) == 0:
        raise ValueError(f"{name}: {_EMPTY}")
    if inputs.ndim < 2:
        raise ValueError(
            f"{name} images: found shape {tuple(inputs.shape)}; expected (N, C, H, W), (N, H, W) "
            "or (N, features), N images in one array. For one image write image[None]."
        )
    kind = str(getattr(images, "dtype", inputs.dtype)).removeprefix("torch.")
    if inputs.ndim > 2 and "int" in kind and kind != "uint8":
        raise ValueError(
            f"{name} images: found {kind}; expected bytes (uint8, 0 to 255) or float32. For values "
            'from 0 to 255 write images.astype("uint8").'
        )
    return inputs  # type: ignore[no-any-return]


def _targets(labels: Any, name: str) -> tuple[Tensor, tuple[str, ...]]:
    refuse_no_data(labels, f"{name} labels")
    found = as_tensor(labels, f"{name} labels")
    if found.ndim == 0:
        raise ValueError(
            f"{name} labels: found a single number; expected one for each image, (N,)."
        )
    made = ready_targets(found)
    notes: tuple[str, ...] = ()
    if made.ndim < found.ndim:
        notes = ("labels (N, 1) become (N,)",)
    elif made.dtype.is_floating_point and not found.dtype.is_floating_point:
        notes = ("one-hot labels become float32",)
    return made, notes
