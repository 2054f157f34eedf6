"""Sliding windows, short and quick, from which right and wrong answers are put together."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Case


def windows(array: Array, size: tuple[int, ...]) -> Array:
    """Return every window of `size` that fits: the places first, then the cells of the window.

    Examples
    --------
    >>> windows(np.array([1, 2, 3]), (2,))
    array([[1, 2],
           [2, 3]])
    """
    array = np.ascontiguousarray(array)
    if any(cells > length for length, cells in zip(array.shape, size, strict=True)):
        raise ValueError("the window is larger than the array")
    places = tuple(length - n + 1 for length, n in zip(array.shape, size, strict=True))
    # What `sliding_window_view` gives, without its checks: it is asked for thousands of times.
    return np.ndarray((*places, *size), array.dtype, array, 0, (*array.strides, *array.strides))


def framed(array: Array, width: Any) -> Array:
    """Return the array with zeros around it: `np.pad`, quick for small arrays.

    Examples
    --------
    >>> framed(np.array([1, 2]), (0, 1))
    array([1, 2, 0])
    """
    ends = np.broadcast_to(width, (array.ndim, 2)).tolist()
    if min(map(min, ends), default=0) < 0:
        raise ValueError("a frame cannot be negative")
    sizes = [n + before + after for n, (before, after) in zip(array.shape, ends, strict=True)]
    out = np.zeros(sizes, array.dtype)
    inside = [slice(b, b + n) for n, (b, _) in zip(array.shape, ends, strict=True)]
    out[tuple(inside)] = array
    return out


def slide(array: Array, kernel: Array) -> Array:
    """Return the sum of products at every place where the kernel fits, without turning it.

    Examples
    --------
    >>> slide(np.array([1, 2, 4]), np.array([1, 10]))
    array([21, 42])
    """
    view = windows(array, kernel.shape)
    sums: Array = view.reshape(*view.shape[: array.ndim], -1) @ np.ravel(kernel)
    return sums


def other_weights(cases: Sequence[Case]) -> bool:
    """Say whether each result is a slide over its array, with whatever weights.

    Where there are more places than weights this cannot come about by chance.

    Examples
    --------
    >>> x, w = np.arange(9) ** 2, np.array([1, 0])
    >>> other_weights([Case((x, w), slide(x, w), slide(x, w[::-1]))] * 5)
    True
    >>> other_weights([Case((x, w), slide(x, w), slide(x, w) ** 2)] * 5)
    False
    """
    told = 0
    for (array, kernel), expected, got in cases:
        if got is None or got.shape != expected.shape or not np.isfinite(got).all():
            return False
        rows = windows(array.astype(float), kernel.shape).reshape(-1, kernel.size)
        wanted = np.ravel(got).astype(float)
        found, *_ = np.linalg.lstsq(rows, wanted, rcond=None)
        if np.abs(rows @ found - wanted).max() > 1e-6 * max(1.0, float(np.abs(wanted).max())):
            return False
        told += len(rows) > kernel.size and not _parallel(found, np.ravel(kernel))
    return told >= 5


def _parallel(one: Array, other: Array) -> bool:
    """Say whether the weights are the others times a number, or all 0."""
    both = float(np.linalg.norm(one) * np.linalg.norm(other))
    return abs(abs(float(one @ other)) - both) <= 1e-9 * both
