"""From what a student holds (arrays, lists, tensors) to one tensor of numbers, or a sentence."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor


def refuse_no_data(value: Any, name: str) -> None:
    """Raise TypeError for what holds no numbers at all, and for what can be read only once.

    Examples
    --------
    >>> refuse_no_data((n for n in range(3)), "train labels")
    Traceback (most recent call last):
    ...
    TypeError: train labels: found a generator; expected an array or a tensor.
    """
    if value is None or isinstance(value, str | bytes | dict | set) or hasattr(value, "__next__"):
        raise TypeError(f"{name}: found {described(value)}; expected an array or a tensor.")


def described(value: Any) -> str:
    """Return what a thing is, in a few words.

    Examples
    --------
    >>> [described(each) for each in (None, "cat", 3, (1, 2), {"image": 0})]
    ['None', "the text 'cat'", 'an int', 'a tuple of 2', 'a dict with image']
    """
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"the text {value!r}"
    kind = type(value).__name__
    kind = f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"
    if isinstance(value, dict):
        return f"{kind} with {', '.join(map(str, value))}"
    return f"{kind} of {len(value)}" if isinstance(value, tuple | list) else kind


def as_tensor(value: Any, name: str) -> Tensor:
    """Return an array, a tensor or a list of numbers or equally large images as one tensor.

    Raises
    ------
    ValueError
        When they are no numbers, or of different sizes.

    Examples
    --------
    >>> as_tensor([np.zeros((2, 2)), np.zeros((2, 3))], "train images")
    Traceback (most recent call last):
    ...
    ValueError: train images: found sizes that differ, such as (2, 2) and (2, 3); expected one ...
    """
    if isinstance(value, Tensor):
        if value.is_complex() or value.is_sparse:
            raise ValueError(
                f"{name}: found {value.dtype}, {value.layout}; expected plain numbers."
            )
        return value.detach()
    array = _stack(value, name) if isinstance(value, list | tuple) else np.asarray(value)
    refuse_no_numbers(array, name)
    return shared_tensor(array)


def _stack(items: Any, name: str) -> np.ndarray[Any, Any]:
    """Make a list of images, of lists or of numbers into one array, where they are of one size."""
    if any(hasattr(item, "shape") or hasattr(item, "__array_interface__") for item in items):
        arrays = [
            item.detach().cpu().numpy() if isinstance(item, Tensor) else np.asarray(item)
            for item in items
        ]
        shapes = sorted({array.shape for array in arrays})
        if len(shapes) > 1:
            raise ValueError(_sizes(shapes[:2], name))
        return np.stack(arrays)
    try:
        return np.asarray(items)
    except ValueError:  # NumPy's for nested lists of different lengths
        lengths = sorted({len(item) if hasattr(item, "__len__") else 1 for item in items})
        raise ValueError(_sizes([(length,) for length in lengths[:2]], name)) from None


def refuse_no_numbers(array: np.ndarray[Any, Any], name: str) -> None:
    """Raise ValueError for an array of objects, text, dates or complex numbers.

    Examples
    --------
    >>> refuse_no_numbers(np.array(["cat", "dog"]), "train labels")
    Traceback (most recent call last):
    ...
    ValueError: train labels: found text such as 'cat'; expected numbers. For names of classes ...
    """
    if array.dtype.kind in "biuf" and array.dtype.itemsize <= 8:
        return
    if array.dtype.kind == "O":
        shapes = {np.shape(item) for item in array.flat if hasattr(item, "shape")}
        if len(shapes) > 1:
            raise ValueError(_sizes(sorted(shapes)[:2], name))
        raise ValueError(
            f"{name}: found an array of Python objects; expected numbers. If all are of one size, "
            "np.stack(list(array)) makes them one array."
        )
    if array.dtype.kind in "US":
        raise ValueError(
            f"{name}: found text such as {str(array.flat[0])!r}; expected numbers. For names of "
            "classes write classes, labels = np.unique(names, return_inverse=True)."
        )
    raise ValueError(f"{name}: found {array.dtype}; expected whole numbers or floats.")


def _sizes(shapes: list[tuple[int, ...]], name: str) -> str:
    return (
        f"{name}: found sizes that differ, such as {' and '.join(map(str, shapes))}; expected one "
        "size for all. Scale or crop the images to one size first."
    )


def shared_tensor(array: np.ndarray[Any, Any]) -> Tensor:
    """Share the array's memory where PyTorch can; it is never written to."""
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind == "u" and array.dtype.itemsize > 1:
        array = array.astype(np.int64)
    if any(stride < 0 for stride in array.strides):
        array = array.copy()
    with warnings.catch_warnings():
        # PyTorch knows no read-only tensors; nothing here writes to one.
        warnings.filterwarnings("ignore", message=".*not writable")
        return torch.from_numpy(array)
