"""Pictures with depth: a filter has weights for every channel, and each filter gives one map."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, Pair, must_fit, numbers, pair
from coursekit.scratch.convolution2d import conv2d
from coursekit.scratch.padding import pad2d


def conv2d_volume(
    x: ArrayLike, w: ArrayLike, b: ArrayLike | None, stride: Pair = 1, padding: Pair = 0
) -> Array:
    """Slide each filter over all channels at once; each filter gives one map.

    Parameters
    ----------
    x
        (C, H, W), the input; channels first.
    w
        (K, C, F, F), the filters; a kernel may also be a rectangle. They are not turned.
    b
        (K,), one bias a filter, or None for no biases.
    stride, padding
        As in `conv2d_strided`.

    Returns
    -------
    ndarray
        (K, H2, W2); int64 where all hold whole numbers, else float64.

    Raises
    ------
    ValueError
        When a shape is wrong, the channels of `x` and `w` differ, there is not one bias for each
        filter, or the filters do not fit.

    Examples
    --------
    >>> x = [[[1, 2], [3, 4]], [[10, 20], [30, 40]]]  # two channels
    >>> conv2d_volume(x, [[[[1]], [[1]]]], [100])  # one filter, one by one
    array([[[111, 122],
            [133, 144]]])
    """
    x, w, b = _layer(x, w, b)
    maps = []
    for filter_, bias in zip(w, b, strict=True):
        map_ = bias
        for channel, kernel in zip(x, filter_, strict=True):
            map_ = map_ + conv2d(channel, kernel, stride=stride, padding=padding)
        maps.append(map_)
    return np.stack(maps)


def conv2d_volume_vectorized(
    x: ArrayLike, w: ArrayLike, b: ArrayLike | None, stride: Pair = 1, padding: Pair = 0
) -> Array:
    """Return what `conv2d_volume` returns by one matrix product: how libraries make it fast.

    Every patch becomes a row of a matrix, every filter a column.

    Examples
    --------
    >>> conv2d_volume_vectorized([[[1, 2], [3, 4]]], [[[[1, 0], [0, 1]]]], [0])
    array([[[5]]])
    """
    x, w, b = _layer(x, w, b)
    x, (filters, channels, m, n) = pad2d(x, padding), w.shape
    must_fit("x", x.shape[1:], "w", (m, n))
    down, right = pair("stride", stride, 1)
    patches = sliding_window_view(x, (m, n), axis=(1, 2))[:, ::down, ::right]
    rows, columns = patches.shape[1:3]
    table = patches.transpose(1, 2, 0, 3, 4).reshape(rows * columns, channels * m * n)
    products = table @ w.reshape(filters, -1).T + b
    return np.asarray(products.T.reshape(filters, rows, columns))


def _layer(x: ArrayLike, w: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
    """Return input, filters and biases as numbers whose shapes go together."""
    x, w = numbers("x", x, "C", "H", "W"), numbers("w", w, "K", "C", "F", "F")
    if x.shape[0] != w.shape[1]:
        raise ValueError(
            f"x has shape {x.shape}, so {x.shape[0]} channels, but w has shape {w.shape}, with "
            f"filters for {w.shape[1]}. Give each filter one kernel for every channel."
        )
    b = numbers("b", np.zeros(len(w), dtype=np.int64) if b is None else b, "K")
    if len(b) != len(w):
        raise ValueError(
            f"b has shape {b.shape}, but w has {len(w)} filters. Give one bias for each filter."
        )
    return x, w, b
