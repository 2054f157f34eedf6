"""Traits with limits: what a widget accepts, and an error that says what was expected.

All of them travel to the page, live and stored (``sync=True, page=True``).
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets


class Number(traitlets.TraitType[Any, Any]):
    """A number between two limits, both allowed.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     rate = Number(0.1, 0.0001, 10, "try 0.1")
    >>> Holder(rate=-1)
    Traceback (most recent call last):
        ...
    ValueError: rate is -1; give a number from 0.0001 to 10: try 0.1
    """

    def __init__(self, default: float, low: float, high: float, advice: str = "") -> None:
        super().__init__(default)
        self.limits = (low, high)
        self.advice = f": {advice}" if advice else ""
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a float, or say what is wrong with it."""
        low, high = self.limits
        wanted = f"give a number from {low:g} to {high:g}{self.advice}"
        return number_within(str(self.name), value, low, high, wanted)


class Whole(traitlets.TraitType[Any, Any]):
    """A whole number between two limits, both allowed.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     stride = Whole(1, 1, 9)
    >>> Holder(stride=1.5)
    Traceback (most recent call last):
        ...
    ValueError: stride is 1.5; give a whole number from 1 to 9
    """

    def __init__(self, default: int, low: int, high: int) -> None:
        super().__init__(default)
        self.limits = (low, high)
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as an int, or say what is wrong with it."""
        low, high = self.limits
        wanted = f"give a whole number from {low} to {high}"
        number = number_within(str(self.name), value, low, high, wanted)
        if not number.is_integer():
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        return int(number)


class Choice(traitlets.TraitType[Any, Any]):
    """One of a few words; the first is the default.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     mode = Choice("max", "average")
    >>> Holder(mode="mean")
    Traceback (most recent call last):
        ...
    ValueError: mode is 'mean'; give one of 'max', 'average'
    """

    def __init__(self, *words: str) -> None:
        super().__init__(words[0])
        self.words = words
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it, or say which words there are."""
        if not isinstance(value, str) or value not in self.words:
            choices = ", ".join(map(repr, self.words))
            raise ValueError(f"{self.name} is {value!r}; give one of {choices}")
        return value


class Flag(traitlets.TraitType[Any, Any]):
    """True or False.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     flip = Flag(False)
    >>> Holder(flip="no")
    Traceback (most recent call last):
        ...
    ValueError: flip is 'no'; give True or False
    """

    def __init__(self, default: bool) -> None:
        super().__init__(default)
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a bool, or say what is wrong with it."""
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{self.name} is {value!r}; give True or False")
        return bool(value)


class Place(traitlets.TraitType[Any, Any]):
    """Indices that say which cell is chosen, such as [row, column].

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     selected = Place(2)
    >>> Holder(selected=[1, -1])
    Traceback (most recent call last):
        ...
    ValueError: selected is -1; give 2 whole numbers from 0 on, such as [0, 0]
    """

    def __init__(self, axes: int) -> None:
        super().__init__([0] * axes)
        self.axes = axes
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a fresh list of ints, or say what is wrong with it."""
        wanted = f"give {self.axes} whole numbers from 0 on, such as {[0] * self.axes}"
        items = list(value) if isinstance(value, Sequence | np.ndarray) else []
        if len(items) != self.axes:
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        numbers = [number_within(str(self.name), item, 0, 1e9, wanted) for item in items]
        if not all(n.is_integer() for n in numbers):
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        return [int(n) for n in numbers]


class _Numbers(traitlets.TraitType[Any, Any]):
    """A read-only float64 array that travels to the page as nested lists."""

    def __init__(self, default: Any) -> None:
        super().__init__(_frozen(default))
        self.tag(sync=True, page=True, to_json=lambda value, _: as_lists(value))

    def set(self, obj: Any, value: Any) -> None:
        """Set it; the same numbers again are no change, so that page and kernel do not echo."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is None or not np.array_equal(np.asarray(old), new):
            super().set(obj, new)

    def _array(self, value: Any, wanted: str) -> Any:
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{self.name} {wanted}") from None
        if not np.isfinite(array).all():
            raise ValueError(f"{self.name} holds a number that is infinite or missing (nan)")
        return array


class Matrix(_Numbers):
    """A small float64 matrix, read-only: set a new one to change it.

    Parameters
    ----------
    largest
        The most rows, and the most columns.
    default
        The matrix it starts with.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     picture = Matrix(8, np.zeros((1, 1)))
    >>> holder = Holder(picture=[[1, 2], [3, 4]])
    >>> holder.picture.shape
    (2, 2)
    >>> holder.picture = [1, 2, 3]
    Traceback (most recent call last):
        ...
    ValueError: picture has the shape (3,); give two axes, rows and columns, ...
    """

    def __init__(self, largest: int, default: Any) -> None:
        super().__init__(default)
        self.largest = largest

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only float64 copy, or say what is wrong with the value."""
        matrix = self._array(
            value,
            "is not a matrix of numbers; give rows of equal length, such as [[1, 2], [3, 4]]",
        )
        if matrix.ndim != 2:
            more = "; choose one channel, such as image[:, :, 0]" if matrix.ndim == 3 else ""
            raise ValueError(
                f"{self.name} has the shape {matrix.shape}; give two axes, rows and columns, "
                f"such as [[1, 2], [3, 4]]{more}"
            )
        if not matrix.size or max(matrix.shape) > self.largest:
            raise ValueError(
                f"{self.name} has the shape {matrix.shape}; give 1 to {self.largest} rows and "
                f"columns: take a part of it, such as {self.name}[:28, :28]"
            )
        return _frozen(matrix)


class Series(_Numbers):
    """A list of numbers, read-only: set a new one to change it.

    Parameters
    ----------
    longest
        How many numbers at most.
    default
        The numbers it starts with.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     signal = Series(200, [0.0])
    >>> Holder(signal=[[1, 2]])
    Traceback (most recent call last):
        ...
    ValueError: signal has the shape (1, 2); give 1 to 200 numbers in a row, such as [1, 2, 3]
    """

    def __init__(self, longest: int, default: Any) -> None:
        super().__init__(default)
        self.longest = longest

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only float64 copy, or say what is wrong with the value."""
        wanted = f"give 1 to {self.longest} numbers in a row, such as [1, 2, 3]"
        series = self._array(value, f"is not a list of numbers; {wanted}")
        if series.ndim != 1 or not 1 <= len(series) <= self.longest:
            raise ValueError(f"{self.name} has the shape {series.shape}; {wanted}")
        return _frozen(series)


class Volume(_Numbers):
    """A float64 array of a fixed number of axes, each up to its own largest size.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     image = Volume((4, 16, 16), np.zeros((1, 1, 1)), "channels, rows, columns")
    >>> Holder(image=np.zeros((9, 16, 16)))
    Traceback (most recent call last):
        ...
    ValueError: image has the shape (9, 16, 16); give channels, rows, columns, at most (4, 16, 16)
    """

    def __init__(self, largest: Sequence[int], default: Any, axes: str) -> None:
        super().__init__(default)
        self.largest = tuple(largest)
        self.axes = axes

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only float64 copy, or say what is wrong with the value."""
        wanted = f"give {self.axes}, at most {self.largest}"
        array = self._array(value, f"is not an array of numbers; {wanted}")
        fits = array.ndim == len(self.largest) and array.size
        if not fits or any(n > top for n, top in zip(array.shape, self.largest, strict=True)):
            raise ValueError(f"{self.name} has the shape {array.shape}; {wanted}")
        return _frozen(array)


def number_within(name: str, value: Any, low: float, high: float, wanted: str) -> float:
    """Give a value as a float; ValueError, ending in `wanted`, where it is not in the limits.

    Examples
    --------
    >>> number_within("rate", 1, 0, 2, "give 0 to 2")
    1.0
    """
    try:
        number = math.nan if isinstance(value, str | bool) else float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        number = math.nan
    if not low <= number <= high:  # not a number is never between them
        raise ValueError(f"{name} is {value!r}; {wanted}")
    return number


def as_lists(value: Any) -> Any:
    """Give numbers as nested lists with ten significant digits, whole ones without a point.

    No noise in the last digits, which differ between machines.

    Examples
    --------
    >>> as_lists([[1.0, 0.1 + 0.2]])
    [[1, 0.3]]
    """
    if np.ndim(value):
        return [as_lists(part) for part in value]
    rounded = float(f"{value:.10g}")
    return int(rounded) if rounded.is_integer() else rounded


def _frozen(value: Any) -> Any:
    array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array
