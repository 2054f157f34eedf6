"""A trait that holds a matrix of numbers and travels to the page as nested lists."""

from typing import Any

import numpy as np
import traitlets


class Matrix(traitlets.TraitType[Any, Any]):
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
        super().__init__(_frozen(default))
        self.largest = largest
        self.tag(sync=True, to_json=_to_json, from_json=_from_json)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only float64 copy, or say what is wrong with the value."""
        try:
            matrix = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(
                f"{self.name} is not a matrix of numbers; give rows of equal length, "
                "such as [[1, 2], [3, 4]]"
            ) from None
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
        if not np.isfinite(matrix).all():
            raise ValueError(f"{self.name} holds a number that is infinite or missing (nan)")
        return _frozen(matrix)

    def set(self, obj: Any, value: Any) -> None:
        """Set it; the same numbers again are no change, so that page and kernel do not echo."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is None or not np.array_equal(np.asarray(old), new):
            super().set(obj, new)


def _frozen(value: Any) -> Any:
    matrix = np.array(value, dtype=np.float64)
    matrix.flags.writeable = False
    return matrix


def _to_json(value: Any, widget: Any) -> list[list[float]]:
    # Ten significant digits: no noise in the last ones, which differ between machines.
    return [[_plain(cell) for cell in row] for row in value]


def _plain(cell: Any) -> float:
    value = float(f"{cell:.10g}")
    return int(value) if value.is_integer() else value


def _from_json(value: Any, widget: Any) -> Any:
    return value
