"""Convolution in one dimension: a window of weights slides along a series of numbers."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, must_fit, numbers, whole


def convolve1d(x: ArrayLike, w: ArrayLike) -> Array:
    """Return the convolution of mathematics, with the kernel flipped, where `w` fits inside `x`.

    Parameters
    ----------
    x
        (n,), the series, oldest first.
    w
        (f,), the weights; w[0] meets the newest value of each window. f is at most n.

    Returns
    -------
    ndarray
        (n - f + 1,); int64 where both hold whole numbers, else float64.

    Raises
    ------
    ValueError
        When one is not a plain list of numbers, or `w` is longer than `x`.

    Notes
    -----
    s_t = sum over a of x[t - a] * w[a], for the t at which no x[t - a] is missing.

    Examples
    --------
    >>> convolve1d([0, 0, 1, 0, 0], [1, 2, 3])  # a single 1 brings out the weights as they are
    array([1, 2, 3])
    """
    x, w = numbers("x", x, "n"), numbers("w", w, "f")
    must_fit("x", x.shape, "w", w.shape)
    n, f = len(x), len(w)
    out = np.zeros(n - f + 1, dtype=np.result_type(x, w))
    for t in range(f - 1, n):
        for a in range(f):
            out[t - (f - 1)] += x[t - a] * w[a]
    return out


def correlate1d(x: ArrayLike, w: ArrayLike) -> Array:
    """Return the same sliding sum without the flip: w[0] meets the oldest value of each window.

    Shapes and errors are those of `convolve1d`. This is what deep-learning libraries compute.

    Examples
    --------
    >>> correlate1d([0, 0, 1, 0, 0], [1, 2, 3])  # a single 1 brings out the weights turned round
    array([3, 2, 1])
    >>> correlate1d([1, 2, 3, 4], [-1, 1])  # differences of neighbours
    array([1, 1, 1])
    """
    x, w = numbers("x", x, "n"), numbers("w", w, "f")
    must_fit("x", x.shape, "w", w.shape)
    n, f = len(x), len(w)
    out = np.zeros(n - f + 1, dtype=np.result_type(x, w))
    for i in range(n - f + 1):
        for a in range(f):
            out[i] += x[i + a] * w[a]
    return out


def window_sum_1d(x: ArrayLike, w: ArrayLike, t: int, *, average: bool = False) -> float:
    """Return one value of the convolution: s_t = sum over a of x[t - a] * w[a].

    Values before the first reading count as 0.

    Parameters
    ----------
    x
        (n,), the readings, oldest first.
    w
        (f,), the weights; w[0] belongs to the reading at t, w[1] to the one before.
    t
        The moment, from 0 to n - 1.
    average
        Divide by the sum of the weights: a weighted average in place of a weighted sum.

    Raises
    ------
    ValueError
        When `t` is no index of `x`, or an average is asked of weights that add up to 0.

    Examples
    --------
    >>> window_sum_1d([2, 4, 4, 6, 8, 8, 10, 12], [8, 6, 4, 2, 2, 1, 1], 6)
    186
    >>> window_sum_1d([2, 4, 4, 6, 8, 8, 10, 12], [8, 6, 4, 2, 2, 1, 1], 6, average=True)
    7.75
    """
    x, w, t = numbers("x", x, "n"), numbers("w", w, "f"), whole("t", t, 0)
    if t >= len(x):
        raise ValueError(f"t is {t}, but x has {len(x)} values. Take t from 0 to {len(x) - 1}.")
    total: float = sum(x[t - a] * w[a] for a in range(len(w)) if t - a >= 0).item()
    if not average:
        return total
    if w.sum() == 0:
        raise ValueError("w adds up to 0, so there is no average. Ask for the sum instead.")
    return total / float(w.sum())
