"""Sliding windows, short and quick, from which right and wrong answers are put together."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.checks.engine.spec import Array


def windows(array: Array, size: tuple[int, ...]) -> Array:
    """Return every window of `size` that fits: the places first, then the cells of the window.

    Examples
    --------
    >>> windows(np.array([1, 2, 3]), (2,))
    array([[1, 2],
           [2, 3]])
    """
    return sliding_window_view(array, size)


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
