"""What the functions of this package ask of their arguments, in one place.

Students' mistakes are met here, so every message says which argument it is, what was found,
what was expected and what to do about it.
"""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Pair = int | Sequence[int]


def array_of(name: str, value: ArrayLike, *axes: str, also: Sequence[str] = ()) -> Array:
    """Return `value` as an array of numbers with one axis for each name in `axes`.

    The type of the numbers is kept. No `axes` means any shape; `also` is a second shape that
    will do.

    Raises
    ------
    TypeError
        When the values are not real numbers.
    ValueError
        When the rows are of different lengths, the number of axes is wrong or there is no value.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} is not a full grid: its rows differ in length. Give every row as many values."
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} holds {array.dtype} values; numbers were expected. "
            f"Give a list of numbers or a NumPy array of them."
        )
    if axes and array.ndim not in {len(axes), len(also) or len(axes)}:
        shapes = " or ".join(f"({', '.join(a)}{',' * (len(a) == 1)})" for a in (axes, also) if a)
        raise ValueError(
            f"{name} has shape {array.shape}, with {array.ndim} axes; {shapes} was expected. "
            f"Look at {name}.shape, then index or reshape it."
        )
    if axes and array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}, so it is empty. Give at least one value."
        )
    return array


def numbers(name: str, value: ArrayLike, *axes: str) -> Array:
    """Return `value` as int64 where it holds whole numbers or truth values, else as float64.

    So 200 + 100 in an array of bytes is 300 and not 44, and integers stay exact.
    """
    array = array_of(name, value, *axes)
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def whole(name: str, value: Any, least: int | None = None) -> int:
    """Return `value` as an int that is at least `least`, where that is given.

    Raises
    ------
    TypeError
        When it is no whole number.
    ValueError
        When it is too small.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} is {value!r}; a whole number was expected. Write it without a decimal point."
        ) from None
    if least is not None and number < least:
        raise ValueError(f"{name} is {number}; it must be {least} or more. Choose a larger number.")
    return number


def pair(name: str, value: Any, least: int) -> tuple[int, int]:
    """Return (for rows, for columns): a single number stands for both."""
    if isinstance(value, Sequence | np.ndarray) and np.ndim(value) == 1:
        if len(value) != 2:
            raise ValueError(
                f"{name} is {value!r}; one number or two (rows, columns) were expected. "
                f"Give one number to use it for both."
            )
        return whole(f"{name}[0]", value[0], least), whole(f"{name}[1]", value[1], least)
    number = whole(name, value, least)
    return number, number


def same_shape(first: str, a: Array, second: str, b: Array) -> None:
    """Raise ValueError when `a` and `b` differ in shape."""
    if a.shape != b.shape:
        raise ValueError(
            f"{first} has shape {a.shape} and {second} has shape {b.shape}; the same shape was "
            f"expected, since each value meets the one in the same place. Cut or reshape one."
        )


def must_fit(name: str, space: tuple[int, ...], kernel: str, size: tuple[int, ...]) -> None:
    """Raise ValueError when a kernel of shape `size` has no place in an array of shape `space`."""
    if any(k > n for k, n in zip(size, space, strict=True)):
        raise ValueError(
            f"{kernel} has shape {size}, which does not fit in {name} of shape {space} (padding "
            f"counted). Take a smaller {kernel}, a larger {name} or more padding."
        )


def pixels(name: str, value: ArrayLike, *axes: str, also: Sequence[str] = ()) -> Array:
    """Return an image of whole numbers from 0 to 255 as int64.

    Raises
    ------
    TypeError
        When the values are not whole numbers.
    ValueError
        When a value is below 0 or above 255, or the shape is wrong.
    """
    image = array_of(name, value, *axes, also=also)
    if image.dtype.kind == "f":
        raise TypeError(
            f"{name} holds {image.dtype} values; whole numbers from 0 to 255 were expected. "
            f"Turn it into bytes first, for instance with ({name} * 255).astype('uint8')."
        )
    if image.min() < 0 or image.max() > 255:
        raise ValueError(
            f"{name} holds values from {image.min()} to {image.max()}; 0 to 255 were expected. "
            f"Use np.clip({name}, 0, 255) or scale it."
        )
    return image.astype(np.int64)
