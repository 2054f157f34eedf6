"""Numbers in words: what is written in cells and said in alt texts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SPELLED_OUT = 81


def formatted(matrix: npt.NDArray[Any]) -> list[list[str]]:
    """Write each number as text: whole numbers as they are, otherwise all with two decimals.

    Examples
    --------
    >>> formatted(np.array([[1.0, -2.0]]))
    [['1', '-2']]
    >>> formatted(np.array([[1.0, -0.001]]))
    [['1.00', '0.00']]
    """
    if matrix.dtype.kind in "bui":
        return [[str(int(v)) for v in row] for row in matrix]
    whole = bool((matrix == np.round(matrix)).all()) and float(np.abs(matrix).max()) < 1e15
    digits = 0 if whole else 2
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return [[f"{round(float(v), digits) + 0.0:.{digits}f}" for v in row] for row in matrix]


def count(number: int, one: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1, "row"), count(5, "row")
    ('1 row', '5 rows')
    """
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def described(title: str, matrix: npt.NDArray[Any], marked: Sequence[tuple[int, int]]) -> str:
    """Describe a grid in exact words: its shape, its rows if it is small, its marked cells.

    Examples
    --------
    >>> described("Kernel", np.array([[1, 0, -1]]), [(0, 2)])
    'Kernel. Row of 3 values: 1 0 -1. Outlined: row 0, column 2.'
    >>> described("", np.arange(784).reshape(28, 28), [])
    'Grid of 28 rows and 28 columns, values from 0 to 783.'
    """
    rows, columns = matrix.shape
    texts = formatted(matrix)
    parts = [f"{title.strip().rstrip('.')}."] if title.strip() else []
    if matrix.size > SPELLED_OUT:
        ends = formatted(np.array([[matrix.min(), matrix.max()]]))[0]
        parts.append(
            f"Grid of {count(rows, 'row')} and {count(columns, 'column')}, "
            f"values from {ends[0]} to {ends[1]}."
        )
    elif rows == 1:
        parts.append(f"Row of {count(columns, 'value')}: {' '.join(texts[0])}.")
    else:
        parts.append(f"Grid of {count(rows, 'row')} and {count(columns, 'column')}.")
        parts += [f"Row {i}: {' '.join(row)}." for i, row in enumerate(texts)]
    if marked:
        parts.append(f"Outlined: {places(marked)}.")
    return " ".join(parts)


def places(marked: Sequence[tuple[int, int]]) -> str:
    """Name cells in words, counted from 0 as in the code; a full rectangle is named by its sides.

    Examples
    --------
    >>> places([(0, 0), (0, 1), (1, 0), (1, 1)])
    'rows 0 to 1, columns 0 to 1'
    """
    rows = sorted({r for r, _ in marked})
    columns = sorted({c for _, c in marked})
    full = len(set(marked)) == len(rows) * len(columns)
    dense = rows == list(range(rows[0], rows[-1] + 1))
    dense = dense and columns == list(range(columns[0], columns[-1] + 1))
    if full and dense:
        return f"{_span('row', rows)}, {_span('column', columns)}"
    return "; ".join(f"row {r}, column {c}" for r, c in sorted(set(marked)))


def _span(noun: str, indices: list[int]) -> str:
    if len(indices) == 1:
        return f"{noun} {indices[0]}"
    return f"{noun}s {indices[0]} to {indices[-1]}"
