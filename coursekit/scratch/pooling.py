"""Pooling: a window slides over a map and keeps one number of each place."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, Pair, array_of, must_fit, numbers, pair
from coursekit.scratch.shapes import output_size


def max_pool2d(
    x: ArrayLike, size: Pair = 2, stride: Pair | None = None, *, ceil_mode: bool = False
) -> Array:
    """Return the largest value in each window.

    Parameters
    ----------
    x
        (H, W), or (C, H, W) to pool every map by itself.
    size
        Side of the window, or (rows, columns).
    stride
        How far the window moves; the size unless given.
    ceil_mode
        Keep the windows that are cut off at the lower and right border. Left out unless asked for.

    Returns
    -------
    ndarray
        Of the type of `x`; each side floor((n - size) / stride) + 1.

    Raises
    ------
    ValueError
        When a shape is wrong, or no window fits.

    Examples
    --------
    >>> max_pool2d([[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]])
    array([[8, 9],
           [3, 2]])
    >>> max_pool2d([[1, 2, 3]], size=(1, 2), ceil_mode=True)
    array([[2, 3]])
    """
    x = array_of("x", x, "H", "W", also=("C", "H", "W"))
    out = np.zeros(_pooled_shape(x, size, stride, ceil_mode), dtype=x.dtype)
    for i, j, window in _windows(x, size, stride, out.shape):
        out[..., i, j] = window.max(axis=(-2, -1))
    return out


def avg_pool2d(
    x: ArrayLike, size: Pair = 2, stride: Pair | None = None, *, ceil_mode: bool = False
) -> Array:
    """Return the mean of each window; a window that is cut off counts only the cells it has.

    Arguments, shapes and errors are those of `max_pool2d`; the result is float64.

    Examples
    --------
    >>> avg_pool2d([[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]])
    array([[4.  , 4.5 ],
           [2.  , 0.75]])
    """
    x = numbers("x", array_of("x", x, "H", "W", also=("C", "H", "W")))
    out = np.zeros(_pooled_shape(x, size, stride, ceil_mode))
    for i, j, window in _windows(x, size, stride, out.shape):
        out[..., i, j] = window.mean(axis=(-2, -1))
    return out


def _pooled_shape(x: Array, size: Pair, stride: Pair | None, ceil_mode: bool) -> tuple[int, ...]:
    (height, width), (rows, columns) = x.shape[-2:], pair("size", size, 1)
    down, right = pair("stride", size if stride is None else stride, 1)
    if not ceil_mode:
        must_fit("x", (height, width), "window", (rows, columns))
    return (
        *x.shape[:-2],
        output_size(height, rows, down, ceil_mode=ceil_mode),
        output_size(width, columns, right, ceil_mode=ceil_mode),
    )


def _windows(
    x: Array, size: Pair, stride: Pair | None, shape: tuple[int, ...]
) -> Iterator[tuple[int, int, Array]]:
    """Yield each place of the output with the window of `x` that belongs to it."""
    (rows, columns), (down, right) = (
        pair("size", size, 1),
        pair("stride", size if stride is None else stride, 1),
    )
    for i in range(shape[-2]):
        for j in range(shape[-1]):
            top, left = i * down, j * right
            # A slice that runs past the border ends there: only the cells present are left.
            yield i, j, x[..., top : top + rows, left : left + columns]


def global_avg_pool2d(x: ArrayLike) -> Array:
    """Return the mean of each map: one number a channel, whatever the size of the maps.

    Parameters
    ----------
    x
        (C, H, W).

    Returns
    -------
    ndarray
        (C,), float64.

    Raises
    ------
    ValueError
        When `x` has not three axes.

    Examples
    --------
    >>> global_avg_pool2d([[[1, 2], [3, 4]], [[0, 0], [0, 8]]])
    array([2.5, 2. ])
    """
    return np.asarray(numbers("x", x, "C", "H", "W").mean(axis=(1, 2)))
