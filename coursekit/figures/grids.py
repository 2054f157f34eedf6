"""Matrices as grids of cells with their numbers written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coursekit.figures import arguments, palette, words
from coursekit.figures.canvas import WIDEST, course_style, new_figure, place, write
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FONT, _SMALLEST_FONT = 12.0, 7.0
_CELL, _SMALLEST_CELL = 0.44, 0.2
_DIGIT = 0.64  # the width of a digit of DejaVu Sans, as a share of the font size
_EDGE, _TITLE, _SIGN = 0.12, 0.34, 0.5
_SIGNS = {"*": "∗", "x": "×", "-": "−", "->": "→", "!=": "≠"}


@dataclass(frozen=True)
class _Grid:
    title: str
    matrix: npt.NDArray[Any]
    marked: list[tuple[int, int]]
    signed: bool

    @property
    def texts(self) -> list[list[str]]:
        return words.formatted(self.matrix)


def grid(
    matrix: npt.ArrayLike,
    *,
    title: str = "",
    highlight: Sequence[tuple[int, int]] = (),
    alt: str | None = None,
    signed: bool | None = None,
    size: float | None = None,
) -> None:
    """Show a matrix as cells with their numbers.

    Parameters
    ----------
    matrix
        (H, W) or (n,) numbers; whole ones are written as they are, others with two decimals.
    title
        Written above the grid.
    highlight
        Cells (row, column), counted from 0, that get a thick outline.
    alt
        Made from the numbers unless given.
    signed
        True: blue below zero, white at zero, orange above. False: grey, as an image.
        Unless given, it is True when a number is negative.
    size
        Side of a cell in inches; chosen to fit the numbers and the page unless given.

    Raises
    ------
    ValueError
        When the matrix is no rectangle of finite numbers, a highlighted cell lies outside it, or
        it has too many cells for numbers to be read.

    Examples
    --------
    >>> grid([[3, 5], [2, 8]], title="Patch", highlight=[(0, 1)])
    Patch. Grid of 2 rows and 2 columns. Row 0: 3 5. Row 1: 2 8. Outlined: row 0, column 1.
    """
    m = arguments.matrix("matrix", matrix)
    one = _Grid(title, m, arguments.cells("highlight", highlight, m.shape), _sign(m, signed))
    text = arguments.clean_alt(words.described(title, m, one.marked) if alt is None else alt)
    _show([one], [], text, size)


def grids(
    items: Sequence[tuple[str, npt.ArrayLike]],
    *,
    operators: Sequence[str] = ("*", "="),
    highlight: Mapping[int, Any] | Sequence[Any] | None = None,
    alt: str | None = None,
    signed: bool | None = None,
) -> None:
    """Show several matrices in a row with signs between them, as ``input * kernel = output``.

    Parameters
    ----------
    items
        Pairs (title, matrix); all cells have the same size.
    operators
        One sign for each gap between two grids: ``"*"``, ``"="``, ``"+"``, ``"->"``, or any text.
    highlight
        For each grid its list of outlined cells (None for none), or a dict from the place of
        a grid to its cells.
    alt
        Made from the numbers unless given.
    signed
        As in `grid`, for all of them; each decides for itself unless given.

    Raises
    ------
    ValueError
        As `grid`, and when the signs or the highlights do not fit the number of grids.

    Examples
    --------
    >>> grids([("Input", [1, 2, 3]), ("Kernel", [1, 1]), ("Output", [3, 5])])
    Input. Row of 3 values: 1 2 3. * Kernel. Row of 2 values: 1 1. = Output. Row of 2 values: 3 5.
    """
    pairs = arguments.pairs("items", items, "(title, matrix)")
    if isinstance(operators, str) or len(operators) != len(pairs) - 1:
        raise ValueError(
            f"operators: found {operators!r} for {words.count(len(pairs), 'grid')}; expected "
            f"{words.count(len(pairs) - 1, 'sign')}, one for each gap. "
            f"Write operators={('*', '=', *['='] * len(pairs))[: len(pairs) - 1]!r}."
        )
    marks = _marks(highlight, len(pairs))
    drawn = []
    for i, (title, value, *_) in enumerate(pairs):
        m = arguments.matrix(f"items[{i}]", value)
        marked = arguments.cells(f"highlight[{i}]", marks[i], m.shape)
        drawn.append(_Grid(title, m, marked, _sign(m, signed)))
    if alt is None:
        said = [words.described(g.title, g.matrix, g.marked) for g in drawn]
        alt = said[0] + "".join(f" {o} {s}" for o, s in zip(operators, said[1:], strict=True))
    _show(drawn, list(operators), arguments.clean_alt(alt), None)


def _sign(matrix: npt.NDArray[Any], signed: bool | None) -> bool:
    return bool((matrix < 0).any()) if signed is None else bool(signed)


def _marks(highlight: Mapping[int, Any] | Sequence[Any] | None, count: int) -> list[Any]:
    if highlight is None:
        return [()] * count
    given = dict(highlight if isinstance(highlight, Mapping) else enumerate(highlight))
    if any(place not in range(count) for place in given) or (
        not isinstance(highlight, Mapping) and len(given) != count
    ):
        raise ValueError(
            f"highlight: found entries for the grids {sorted(given)}; expected one list of cells "
            f"for each of the {count} grids, or a dict with keys 0 to {count - 1}. "
            "Write {0: [(0, 0)]} to outline the first cell of the first grid."
        )
    return [given.get(i) or () for i in range(count)]


def _show(drawn: list[_Grid], operators: list[str], alt: str, size: float | None) -> None:
    cell, font = _cell_size(drawn, sum(map(_gap, operators)), size)
    with course_style():
        flat = all(g.matrix.size > palette.MANY and not (g.signed or g.marked) for g in drawn)
        present(draw(drawn, operators, cell, font), alt, flat=flat)


def _gap(operator: str) -> float:
    """Choose the room between two grids (inches): a sign has a fixed one, a word what it needs."""
    sign = _SIGNS.get(operator, operator)
    return _SIGN if len(sign) == 1 else 0.3 + len(sign) * _DIGIT * _FONT / 72


def _cell_size(drawn: list[_Grid], gaps: float, size: float | None) -> tuple[float, float]:
    """Choose the side of a cell (inches) and the font size (points), so that all fits the page."""
    longest = max(len(text) for g in drawn for row in g.texts for text in row)
    columns = sum(g.matrix.shape[1] for g in drawn)
    per_point = (longest + 0.6) * _DIGIT / 72
    if size is None:
        room = (WIDEST - 2 * _EDGE - gaps) / columns
        cell = min(max(_CELL, _FONT * per_point), room)
    elif isinstance(size, int | float) and 0.1 <= size <= 2:
        cell = float(size)
    else:
        raise ValueError(
            f"size: found {size!r}; expected the side of a cell in inches, 0.1 to 2. "
            "Leave it out to have it chosen."
        )
    font = min(_FONT * max(1.0, cell / 0.6), cell / per_point, cell * 72 * 0.62)
    if cell < _SMALLEST_CELL or font < _SMALLEST_FONT:
        raise ValueError(
            f"matrix: found {words.count(columns, 'column')} of numbers up to {longest} characters "
            "long; expected few enough to be read side by side on a page. Show a part of it, "
            "round the numbers, or draw it without numbers with images()."
        )
    return cell, font


def draw(drawn: list[_Grid], operators: list[str], cell: float, font: float) -> Figure:
    """Draw the figure; grids stand in one row, centred on its middle line."""
    titled = any(g.title for g in drawn)
    title_widths = [len(g.title) * _DIGIT * _FONT / 72 for g in drawn]
    widths = [g.matrix.shape[1] * cell for g in drawn]
    slots = [max(pair) for pair in zip(widths, title_widths, strict=True)]
    tallest = max(g.matrix.shape[0] for g in drawn) * cell
    top = _EDGE + (_TITLE if titled else 0.0)
    gaps = [_gap(operator) for operator in operators]
    fig = new_figure(sum(slots) + sum(gaps) + 2 * _EDGE, top + tallest + _EDGE)
    left = _EDGE
    for i, one in enumerate(drawn):
        height = one.matrix.shape[0] * cell
        upper = top + (tallest - height) / 2
        _draw_cells(fig, one, left + (slots[i] - widths[i]) / 2, upper, cell, font)
        write(fig, left + slots[i] / 2, upper - _TITLE / 2 - 0.02, one.title, fontsize=_FONT)
        left += slots[i]
        if i < len(operators):
            sign = _SIGNS.get(operators[i], operators[i])
            fontsize = 18 if len(sign) == 1 else _FONT
            write(fig, left + gaps[i] / 2, top + tallest / 2, sign, fontsize=fontsize)
            left += gaps[i]
    return fig


def _draw_cells(fig: Figure, one: _Grid, left: float, top: float, cell: float, font: float) -> None:
    from matplotlib.patches import Rectangle

    rows, columns = one.matrix.shape
    axes = place(fig, left, top, columns * cell, rows * cell)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    colors = palette.cell_colors(one.matrix, signed=one.signed)
    texts = one.texts
    for (r, c), _ in np.ndenumerate(one.matrix):
        axes.add_patch(
            Rectangle((c, r), 1, 1, facecolor=colors[r, c], edgecolor="#8C8C8C", linewidth=0.7)
        ).set_clip_on(False)
        text = texts[r][c].replace("-", "−")
        ink = palette.ink_on(colors[r, c])
        axes.text(
            c + 0.5, r + 0.52, text, ha="center", va="center_baseline", fontsize=font, color=ink
        )
    _outline(axes, set(one.marked))


def _outline(axes: Axes, marked: set[tuple[int, int]]) -> None:
    """Draw a thick line around the marked cells; neighbours share one outline."""
    across = _runs(
        {(r + d, c) for r, c in marked for d in (0, 1) if (r + 2 * d - 1, c) not in marked}
    )
    down = _runs(
        {(c + d, r) for r, c in marked for d in (0, 1) if (r, c + 2 * d - 1) not in marked}
    )
    lines = [((first, last), (at, at)) for at, first, last in across]
    lines += [((at, at), (first, last)) for at, first, last in down]
    for width, color in palette.OUTLINE:
        for x, y in lines:
            axes.plot(
                x, y, color=color, linewidth=width, solid_capstyle="projecting", clip_on=False
            )


def _runs(edges: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join unit edges (line, place) of one direction to runs (line, first, last)."""
    runs: list[tuple[int, int, int]] = []
    for at, start in sorted(edges):
        if runs and runs[-1][0] == at and runs[-1][2] == start:
            runs[-1] = (at, runs[-1][1], start + 1)
        else:
            runs.append((at, start, start + 1))
    return runs
