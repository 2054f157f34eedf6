"""From maps to probabilities: ReLU, flattening, softmax."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, array_of, numbers


def relu(x: ArrayLike) -> Array:
    """Return max(0, value) for each value; `x` itself is never changed.

    Parameters
    ----------
    x
        Numbers of any shape; their type is kept.

    Examples
    --------
    >>> relu([[-3, 2], [0, -1]])
    array([[0, 2],
           [0, 0]])
    """
    return np.asarray(np.maximum(array_of("x", x), 0))


def flatten(maps: ArrayLike) -> Array:
    """Return all values in one row, row by row and map by map, as a copy.

    Parameters
    ----------
    maps
        (C, H, W), or any other shape.

    Returns
    -------
    ndarray
        (C * H * W,), row-major.

    Examples
    --------
    >>> flatten([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    array([1, 2, 3, 4, 5, 6, 7, 8])
    """
    return array_of("maps", maps).flatten(order="C")


def softmax(z: ArrayLike) -> Array:
    """Return exp(z_j) / sum of exp(z_k) over the last axis: scores become shares of 1.

    The largest score is taken off first. That changes no share, and no power grows beyond 1, so
    scores of any size are safe.

    Parameters
    ----------
    z
        (..., k), finite scores.

    Returns
    -------
    ndarray
        Of the shape of `z`, float64; each row adds up to 1.

    Raises
    ------
    ValueError
        When `z` is a single number, has no entries on its last axis, or is not finite.

    Examples
    --------
    >>> softmax([0, 0])
    array([0.5, 0.5])
    >>> softmax([[10_000, 0], [1, 1]])
    array([[1. , 0. ],
           [0.5, 0.5]])
    """
    z = numbers("z", z).astype(np.float64)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"z has shape {z.shape}; at least one score was expected. Give a list.")
    if not np.isfinite(z).all():
        raise ValueError("z holds a value that is not finite. Look for inf and nan in the scores.")
    with np.errstate(under="ignore"):  # a share too small to be written is 0
        powers = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def log_odds(p: ArrayLike) -> float:
    """Return ln(p[0]) - ln(p[1]): softmax backwards, for two classes.

    Only the difference of the two scores can be found; the scores themselves are lost.

    Raises
    ------
    ValueError
        When `p` is not two numbers above 0.

    Examples
    --------
    >>> round(log_odds([0.95, 0.05]), 3)
    2.944
    """
    p = numbers("p", p, "2")
    if p.shape != (2,) or not (p > 0).all():
        raise ValueError(f"p is {p.tolist()}; two probabilities above 0 were expected.")
    return float(np.log(p[0]) - np.log(p[1]))
