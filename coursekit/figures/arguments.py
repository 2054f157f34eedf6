"""Looking at arguments before anything is drawn, so that a mistake is told in plain words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SHORTEST_ALT = 15


def clean_alt(alt: object) -> str:
    r"""Make the white space of an alt text single, and refuse one that says nothing.

    Raises
    ------
    ValueError
        When it is no text or shorter than 15 characters.

    Examples
    --------
    >>> clean_alt("A line that\n   rises.")
    'A line that rises.'
    """
    text = " ".join(alt.split()) if isinstance(alt, str) else ""
    if len(text) < SHORTEST_ALT:
        raise ValueError(
            f"alt: found {alt!r}; expected a sentence of at least {SHORTEST_ALT} characters that "
            "says what is to be seen, for a reader who cannot see it. Write one, such as "
            '"A noisy line and a smooth line through its middle."'
        )
    return text


def numbers(name: str, value: object) -> npt.NDArray[Any]:
    """Make an array of finite real numbers (bool, integer or float).

    Raises
    ------
    ValueError
        When it is ragged, not numeric, empty or holds nan or infinity.

    Examples
    --------
    >>> numbers("matrix", [[1, 2]]).shape
    (1, 2)
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}: found rows of different lengths; expected a rectangle of numbers. "
            "Give every row the same length."
        ) from None
    if array.dtype.kind not in "buif":
        raise ValueError(
            f"{name}: found {type(value).__name__} with entries of type {array.dtype}; expected "
            "numbers. Convert it first, for instance with np.asarray(..., dtype=float)."
        )
    if array.size == 0:
        raise ValueError(
            f"{name}: found an empty array of shape {array.shape}; expected at least one number. "
            "Check the slice that made it."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name}: found nan or infinity; expected finite numbers. Replace them first, for "
            "instance with np.nan_to_num."
        )
    return array


def matrix(name: str, value: object) -> npt.NDArray[Any]:
    """Make a matrix (H, W) of numbers; a row (n,) counts as (1, n).

    Raises
    ------
    ValueError
        As `numbers`, and when there are more than two axes.

    Examples
    --------
    >>> matrix("matrix", [1, 2, 3]).shape
    (1, 3)
    """
    array = numbers(name, value)
    if array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2:
        raise ValueError(
            f"{name}: found shape {array.shape}; expected rows and columns, (H, W). "
            "Pick one channel or one image, such as x[0]."
        )
    return array


def pairs(name: str, value: object, inner: str) -> list[tuple[Any, ...]]:
    """Make a non-empty list of tuples that begin with a text.

    Raises
    ------
    ValueError
        When it is something else; `inner` says in words what each tuple should be.

    Examples
    --------
    >>> pairs("items", [("input", [1, 2])], "(title, matrix)")
    [('input', [1, 2])]
    """
    if isinstance(value, dict):
        value = list(value.items())
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) == 0:
        raise ValueError(
            f"{name}: found {type(value).__name__}; expected a list with at least one {inner}. "
            f"Write [{inner}, ...]."
        )
    for i, item in enumerate(value):
        if not isinstance(item, tuple | list) or len(item) < 2 or not isinstance(item[0], str):
            raise ValueError(
                f"{name}: found {type(item).__name__} at place {i}; expected {inner} with a text "
                f"first. Write [{inner}, ...]."
            )
    return [tuple(item) for item in value]


def cells(name: str, value: object, shape: tuple[int, int]) -> list[tuple[int, int]]:
    """List cells (row, column) that lie inside a grid of the given shape.

    Raises
    ------
    ValueError
        When a cell is no pair of whole numbers or lies outside.

    Examples
    --------
    >>> cells("highlight", [(0, 1)], (2, 2))
    [(0, 1)]
    """
    found = []
    listed: Any = value if isinstance(value, list | tuple | np.ndarray) else [value]
    for cell in listed:
        try:
            row, column = (int(part) for part in cell)
        except (TypeError, ValueError):
            raise ValueError(
                f"{name}: found {cell!r}; expected a list of (row, column) pairs. "
                "Write [(0, 1)] for the second cell of the first row."
            ) from None
        if not (0 <= row < shape[0] and 0 <= column < shape[1]):
            raise ValueError(
                f"{name}: found cell ({row}, {column}) in a grid of {shape[0]} rows and {shape[1]} "
                f"columns; expected rows 0 to {shape[0] - 1} and columns 0 to {shape[1] - 1}. "
                "Rows and columns are counted from 0."
            )
        found.append((row, column))
    return found
