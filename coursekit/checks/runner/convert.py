"""Turning whatever an answer returned into a plain array, or saying what it was.

This runs beside the answer: it imports NumPy alone and trusts nothing that it is given.
"""

from collections.abc import Sequence
from decimal import Decimal
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_CELLS = 2_000_000
DEEPEST = 8


class NotNumbersError(Exception):
    """What was returned is not an array of numbers; the message says what it is."""


class TooLargeError(Exception):
    """What was returned holds more numbers than any right answer does."""


def to_array(value: Any) -> tuple[NDArray[Any], bool]:
    """Return (array, whether the value chose its own type of numbers).

    Arrays and tensors have a type of their own; lists and plain Python numbers have not.

    Raises
    ------
    NotNumbersError
        When `value` is not made of numbers, or its rows differ in length.
    TooLargeError
        When there are more than two million of them.

    Examples
    --------
    >>> to_array([(1, 2), (3, 4)])
    (array([[1, 2],
           [3, 4]]), False)
    """
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "__array__"):
        return _checked(_from_arraylike(value)), True
    return _checked(_from_nested(value, 0)), False


def _from_arraylike(value: Any) -> NDArray[Any]:
    """Return an array, tensor, series or image as an array."""
    if callable(getattr(value, "detach", None)):  # a tensor, perhaps with a gradient or on a GPU
        value = value.detach().cpu()
        if "bfloat16" in str(getattr(value, "dtype", "")):
            value = value.float()
    _bounded(getattr(value, "size", 0))
    array = np.asarray(value)
    return _from_nested(array.tolist(), 0) if array.dtype.kind == "O" else array


def _from_nested(value: Any, depth: int) -> NDArray[Any]:
    """Return nested lists or tuples, a range or a number as an array."""
    if depth > DEEPEST:
        raise NotNumbersError(f"a list nested more than {DEEPEST} deep")
    if isinstance(value, str | bytes | bytearray):
        raise NotNumbersError(described(value))
    if hasattr(value, "__array__"):
        return _checked(_from_arraylike(value))
    if isinstance(value, complex):
        return np.asarray(value)
    if isinstance(value, Number | Decimal):
        return _from_number(value)
    if isinstance(value, Sequence) or type(value).__name__ in ("deque", "array", "memoryview"):
        _bounded(len(value))
        items = list(value)
        if depth < DEEPEST and _plain(items):  # a million single numbers would take many seconds
            return np.array(items)
        rows = [_from_nested(item, depth + 1) for item in items]
        _bounded(sum(row.size for row in rows))
        if len({row.shape for row in rows}) > 1:
            raise NotNumbersError(f"{described(value)} whose rows differ in length")
        return np.stack(rows) if rows else np.zeros(0)
    raise NotNumbersError(described(value))


def _plain(items: list[Any]) -> bool:
    """Say whether all items are numbers of one class, which NumPy turns into that class alone."""
    kinds = set(map(type, items))
    if kinds == {int}:
        return bool(min(items) > -(2**63) and max(items) < 2**63)
    return kinds in ({float}, {bool}, {np.float64})


def _from_number(value: Any) -> NDArray[Any]:
    """Return a single Python number, of whatever class, as an array without axes."""
    if isinstance(value, bool | int) and abs(value) < 2**63:
        return np.asarray(value)
    try:
        return np.asarray(float(value))
    except (OverflowError, ValueError):
        raise TooLargeError from None


def _checked(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array if it holds a moderate number of real numbers."""
    _bounded(array.size)
    if array.dtype.kind == "c" and np.all(np.abs(array.imag) <= 1e-6 * (1 + np.abs(array.real))):
        array = array.real  # what is left of a Fourier transform
    if array.dtype.kind not in "biuf":
        names = {"c": "complex numbers", "U": "texts", "S": "texts", "M": "dates"}
        raise NotNumbersError(f"an array of {names.get(array.dtype.kind, 'objects')}")
    return np.array(array, order="C")


def _bounded(cells: Any) -> None:
    if isinstance(cells, int) and cells > MOST_CELLS:
        raise TooLargeError


def described(value: Any) -> str:
    """Return "a generator", "an int" and the like."""
    name = str(type(value).__name__)[:40]
    name = {"str": "text", "NoneType": "None"}.get(name, name)
    if callable(value) and not isinstance(value, type):
        name = "function"
    if name in ("text", "None"):
        return name
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
