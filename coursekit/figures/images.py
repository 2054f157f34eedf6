"""Pictures side by side: grey, in colour, or with a sign."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coursekit.figures import arguments, palette
from coursekit.figures.canvas import WIDEST, course_style, new_figure, place, write
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDEST_PANEL, _GAP, _EDGE = 2.9, 0.16, 0.1
_FONT, _LINE = 11, 0.21
_KEY = 0.55


def images(
    items: Sequence[tuple[str, npt.ArrayLike]],
    *,
    alt: str,
    columns: int | None = None,
    signed: bool = False,
) -> None:
    """Show images side by side, each with its title.

    Parameters
    ----------
    items
        Pairs (title, array), the array (H, W) for grey or (H, W, 3) for colour. uint8 runs from
        0 (black) to 255; floats within 0 to 1 run from 0 to 1; any other array runs from its
        smallest number (or 0, if that is smaller) to its largest.
    alt
        A sentence that says what is to be seen.
    columns
        Images in a row; chosen by their number unless given.
    signed
        Draw (H, W) arrays that are not uint8 blue below zero, white at zero and orange above, on
        one scale for all of them, with a key. Photographs in the same row stay grey.

    Raises
    ------
    ValueError
        When `alt` is too short, a shape is neither (H, W) nor (H, W, 3), or `columns` is no
        positive whole number.

    Examples
    --------
    >>> images([("A ramp", [[0.0, 0.5, 1.0]])], alt="Three pixels: black, grey and white.")
    Three pixels: black, grey and white.
    """
    text = arguments.clean_alt(alt)
    pairs = arguments.pairs("items", items, "(title, array)")
    arrays = [_picture(f"items[{i}]", pair[1]) for i, pair in enumerate(pairs)]
    if columns is None:
        columns = len(pairs) if len(pairs) <= 4 else {5: 5, 6: 3, 7: 4, 8: 4}.get(len(pairs), 6)
    if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
        raise ValueError(
            f"columns: found {columns!r}; expected a whole number of at least 1. "
            "Leave it out to have it chosen."
        )
    with course_style():
        fig = draw([str(pair[0]) for pair in pairs], arrays, min(columns, len(pairs)), signed)
        present(fig, text)


def _picture(name: str, value: object) -> npt.NDArray[Any]:
    array = arguments.numbers(name, value)
    if array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3):
        return array
    raise ValueError(
        f"{name}: found shape {array.shape}; expected (H, W) for grey or (H, W, 3) for colour. "
        "Take one image, such as x[0], or move the channels last with np.moveaxis(x, 0, -1)."
    )


def colors_of(array: npt.NDArray[Any], limit: float | None = None) -> palette.Colors:
    """Compute the colours that an image is shown in: (H, W) or (H, W, 3) -> (H, W, 3).

    Examples
    --------
    >>> colors_of(np.array([[0, 255]], dtype=np.uint8))[0, :, 0].tolist()
    [0.0, 1.0]
    """
    if array.ndim == 2 and limit is not None and array.dtype != np.uint8:
        return palette.signed_colors(array, limit)
    low, high = 0.0, 255.0
    if array.dtype != np.uint8:
        low, high = min(0.0, float(array.min())), float(array.max())
        if array.dtype.kind in "bf" and low == 0.0 and high <= 1.0:
            high = 1.0
    if array.ndim == 2:
        # An image of one value only is that value on a scale from 0.
        return palette.grey_colors(array, low, high if high > low else low + 1.0)
    span = high - low if high > low else 1.0
    return np.asarray(np.clip((array.astype(np.float64) - low) / span, 0.0, 1.0))


def draw(titles: list[str], arrays: list[npt.NDArray[Any]], columns: int, signed: bool) -> Figure:
    """Draw the figure: rows of panels of one width, titles above, a key below if signed."""
    maps = [a for a in arrays if a.ndim == 2 and a.dtype != np.uint8]
    limit = _limit(maps) if signed else None
    panel = min(_WIDEST_PANEL, (WIDEST - 2 * _EDGE - (columns - 1) * _GAP) / columns)
    # Letters of DejaVu Sans are 0.58 of the font size wide on the average.
    fits = max(6, int((panel + _GAP / 2) / (0.58 * _FONT / 72)))
    wrapped = [textwrap.wrap(title, fits) for title in titles]
    rows = [range(i, min(i + columns, len(arrays))) for i in range(0, len(arrays), columns)]
    heads = [_LINE * max(len(wrapped[i]) for i in row) + 0.04 for row in rows]
    bodies = [max(_height(arrays[i], panel) for i in row) for row in rows]
    tall = sum(heads) + sum(bodies) + _GAP * (len(rows) - 1) + 2 * _EDGE
    wide = columns * panel + (columns - 1) * _GAP + 2 * _EDGE
    fig = new_figure(max(wide, 2.6) if signed else wide, tall + (_KEY if signed else 0.0))
    top = _EDGE
    for row, head, body in zip(rows, heads, bodies, strict=True):
        for place_in_row, i in enumerate(row):
            left = _EDGE + place_in_row * (panel + _GAP)
            height = _height(arrays[i], panel)
            width = height * arrays[i].shape[1] / arrays[i].shape[0]
            axes = place(fig, left + (panel - width) / 2, top + head, width, height)
            axes.imshow(colors_of(arrays[i], limit), aspect="auto")
            _frame(axes)
            write(
                fig,
                left + panel / 2,
                top + head - 0.05,
                "\n".join(wrapped[i]),
                fontsize=_FONT,
                va="bottom",
                linespacing=1.15,
            )
        top += head + body + _GAP
    if limit is not None:
        _key(fig, limit, tall, any(float(np.abs(a).max()) > limit for a in maps))
    return fig


def _limit(maps: list[npt.NDArray[Any]]) -> float:
    """Choose the size of number that gets the full colour.

    In large maps a few edges are far stronger than the rest, which would leave all else white:
    there the strongest hundredth gets the full colour too.
    """
    if not maps:
        return 0.0
    sizes = np.concatenate([np.abs(a.astype(np.float64)).ravel() for a in maps])
    common = float(np.percentile(sizes, 99))
    return common if sizes.size >= 2000 and common > 0 else float(sizes.max())


def _height(array: npt.NDArray[Any], panel: float) -> float:
    """Compute a panel's height in inches; a tall image is made narrower rather than endless."""
    return float(min(panel * array.shape[0] / array.shape[1], 1.6 * panel))


def _frame(axes: Any) -> None:
    """Draw a thin line around an image, so that a white one has an edge on the white card."""
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (0, 0), 1, 1, transform=axes.transAxes, fill=False, edgecolor="#8C8C8C", linewidth=0.8
        )
    ).set_clip_on(False)


def _key(fig: Figure, limit: float, top: float, cut: bool) -> None:
    """Say below what the colours of a signed map mean."""
    wide = float(fig.get_size_inches()[0])
    left, width = (wide - 1.6) / 2, 1.6
    axes = place(fig, left, top + 0.02, width, 0.15)
    scale = np.linspace(-1.0, 1.0, 129)[None, :]
    axes.imshow(palette.signed_colors(scale, 1.0), aspect="auto")
    _frame(axes)
    end = f"{limit:.3g}"
    low, high = (f"≤ −{end}", f"≥ {end}") if cut else (f"−{end}", end)
    for share, text in ((0.0, low), (0.5, "0"), (1.0, high)):
        write(fig, left + share * width, top + 0.32, text, fontsize=_FONT)
