"""Arrays side by side, as text and as HTML, with one cell marked by more than colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDEST = 12  # rows and columns that are shown; larger arrays are told by their shape
MOST_ROWS = 24  # of all maps together


@dataclass(frozen=True)
class Block:
    """An array with a title, the cell to mark in it, and how many digits a fraction is given."""

    title: str
    array: NDArray[Any]
    marked: tuple[int, ...] | None = None
    digits: int = 4


def digits_apart(expected: Any, got: Any) -> int:
    """Return how many digits it takes to see that two numbers differ, at least four.

    Examples
    --------
    >>> digits_apart(0.5, 0.25), digits_apart(27.5591, 27.5625)
    (4, 5)
    """
    for digits in range(4, 17):
        if number(float(expected), digits) != number(float(got), digits):
            return digits
    return 17


def text_blocks(blocks: Sequence[Block]) -> str:
    """Return the arrays beside one another; the marked cell stands in ``> <``.

    Examples
    --------
    >>> got = Block("got", np.array([1, 3]), marked=(1,))
    >>> print(text_blocks([Block("expected", np.array([1, 2])), got]))
    expected   got
    1 2        1 >3<
    (> < marks the first difference)
    """
    columns = [[block.title, *_text_rows(block)] for block in blocks]
    widths = [max(len(line) for line in column) for column in columns]
    lines = [
        "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip_longest(*columns, fillvalue="")
    ]
    if any(block.marked is not None for block in blocks):
        lines.append("(> < marks the first difference)")
    return "\n".join(lines)


def html_blocks(blocks: Sequence[Block]) -> str:
    """Return the arrays beside one another as small tables; the marked cell has a thick frame."""
    tables = "".join(_html_table(block) for block in blocks)
    note = (
        "<p><small>The framed cells, with ▸, are the first difference.</small></p>"
        if any(block.marked is not None for block in blocks)
        else ""
    )
    style = "display: flex; flex-wrap: wrap; gap: 1.5em; align-items: flex-start"
    return f'<div style="{style}">{tables}</div>{note}'


def _maps(block: Block) -> list[tuple[str, list[list[str]]]] | None:
    """Return the numbers as rows of texts, map by map, each with its index: "[0, 1]".

    None where there are too many of them.
    """
    array = block.array
    if array.size == 0 or max(array.shape, default=1) > WIDEST:
        return None
    flat = np.atleast_2d(array)
    flat = flat.reshape(-1, *flat.shape[-2:])
    if flat.shape[0] * flat.shape[1] > MOST_ROWS:
        return None
    names = [str([*place]) if place else "" for place in np.ndindex(array.shape[:-2])]
    texts = [[[number(v, block.digits) for v in row] for row in one] for one in flat.tolist()]
    return list(zip(names, texts, strict=True))


def number(value: Any, digits: int = 4) -> str:
    """Return a number in few characters: ``3``, ``-0.25``, ``0.3333``.

    Examples
    --------
    >>> number(3.0), number(1 / 3), number(True)
    ('3.0', '0.3333', 'True')
    """
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        return text + ".0" if np.isfinite(value) and not set(text) & set(".e") else text
    return str(value)


def _text_rows(block: Block) -> list[str]:
    maps = _maps(block)
    if maps is None:
        return [f"array of shape {block.array.shape}"]
    place = _place(block)
    marked = [
        [f">{cell}<" if (k, i, j) == place else cell for j, cell in enumerate(row)]
        for k, (_, rows) in enumerate(maps)
        for i, row in enumerate(rows)
    ]
    widths = [max(len(row[j]) for row in marked) for j in range(len(marked[0]))]
    lines = [
        " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in marked
    ]
    height = len(maps[0][1])
    return [
        line
        for k, (name, _) in enumerate(maps)
        for line in ([name] if name else []) + lines[k * height : (k + 1) * height]
    ]


def _place(block: Block) -> tuple[int, int, int] | None:
    """Return the marked cell as (map, row, column)."""
    if block.marked is None:
        return None
    row, column = (0, 0, *block.marked)[-2:]
    before = block.marked[:-2]
    which = int(np.ravel_multi_index(before, block.array.shape[:-2])) if before else 0
    return which, row, column


def _html_table(block: Block) -> str:
    title = f'<caption style="caption-side: top; text-align: left">{escape(block.title)}</caption>'
    maps = _maps(block)
    if maps is None:
        return f"<div>{escape(block.title)}<br>array of shape {block.array.shape}</div>"
    place = _place(block)
    body = ""
    for k, (name, rows) in enumerate(maps):
        width = len(rows[0])
        if name:
            body += f'<tr><th colspan="{width}" style="text-align: left">{name}</th></tr>'
        for i, row in enumerate(rows):
            cells = (_html_cell(cell, (k, i, j) == place) for j, cell in enumerate(row))
            body += f"<tr>{''.join(cells)}</tr>"
    return f'<table style="border-collapse: collapse">{title}{body}</table>'


def _html_cell(text: str, marked: bool) -> str:
    frame = "3px solid currentColor; font-weight: bold" if marked else "1px solid gray"
    sign = "▸" if marked else ""
    return f'<td style="border: {frame}; padding: 0.2em 0.5em">{sign}{escape(text)}</td>'
