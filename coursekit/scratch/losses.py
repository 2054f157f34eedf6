"""The price of a wrong answer: cross-entropy and classification error."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, numbers, same_shape


def cross_entropy(p: ArrayLike, q: ArrayLike) -> float:
    """Return the mean over rows of -sum p ln q, with 0 ln 0 = 0.

    Parameters
    ----------
    p
        (n, k), the true probabilities, one row an example.
    q
        (n, k), the predicted ones.

    Returns
    -------
    float
        Infinite where a class that is true was given the probability 0.

    Raises
    ------
    ValueError
        When the shapes differ, are not (n, k), or a value is no probability.

    Examples
    --------
    >>> round(cross_entropy([[1, 0], [0, 1]], [[0.9, 0.1], [0.1, 0.9]]), 4)
    0.1054
    """
    return float(cross_entropy_rows(p, q).mean())


def cross_entropy_rows(p: ArrayLike, q: ArrayLike) -> Array:
    """Return -sum p ln q of each row: the price of each example.

    Arguments and errors are those of `cross_entropy`.

    Returns
    -------
    ndarray
        (n,), float64.

    Examples
    --------
    >>> cross_entropy_rows([[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]).round(3)
    array([0.693, 0.693])
    """
    p, q = _probabilities("p", p), _probabilities("q", q)
    same_shape("p", p, "q", q)
    with np.errstate(divide="ignore"):  # ln 0 is minus infinity: the price of a sure mistake
        logarithms = np.log(np.where(p == 0, 1.0, q))
    return np.asarray(-(p * logarithms).sum(axis=1) + 0.0)  # + 0.0 turns -0.0 into 0.0


def _probabilities(name: str, value: ArrayLike) -> Array:
    values = numbers(name, value, "n", "k").astype(np.float64)
    if not (np.all(values >= -1e-6) and np.all(values <= 1 + 1e-6)):
        raise ValueError(
            f"{name} holds values from {values.min():g} to {values.max():g}; probabilities from "
            f"0 to 1 were expected. Turn scores into probabilities with softmax first."
        )
    return np.clip(values, 0, None)


def classification_error(p: ArrayLike, q: ArrayLike) -> float:
    """Return the share of rows whose largest entries stand at different places.

    Of several largest entries in a row the first counts.

    Parameters
    ----------
    p, q
        (n, k), true and predicted; scores will do as well as probabilities.

    Raises
    ------
    ValueError
        When the shapes differ or are not (n, k).

    Examples
    --------
    >>> classification_error([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]])
    0.5
    """
    p, q = numbers("p", p, "n", "k"), numbers("q", q, "n", "k")
    same_shape("p", p, "q", q)
    return float(np.mean(p.argmax(axis=1) != q.argmax(axis=1)))
