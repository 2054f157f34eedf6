"""What a classifier takes for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coursekit.figures import arguments, palette
from coursekit.figures.canvas import course_style, new_figure, place, write
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FONT, _LETTER = 11, 0.6 * 11 / 72
_EDGE, _AXIS = 0.12, 0.34


def confusion(matrix: npt.ArrayLike, classes: Sequence[str], *, alt: str) -> None:
    """Show a confusion matrix: true classes down, predicted classes across.

    The right answers, on the diagonal, are blue and outlined; mistakes are orange. The colour is
    the deeper the larger the share of the row (the square root of it, so that rare mistakes show).

    Parameters
    ----------
    matrix
        (K, K) counts: row i, column j holds how many images of class i were taken for class j.
    classes
        The K names.
    alt
        A sentence that says what is to be seen, in facts that hold for every run.

    Raises
    ------
    ValueError
        When the matrix is not square, holds a negative number, or has another size than `classes`.

    Examples
    --------
    >>> confusion([[9, 1], [2, 8]], ["cat", "dog"], alt="Most cats and dogs are told rightly.")
    Most cats and dogs are told rightly.
    """
    text = arguments.clean_alt(alt)
    m = arguments.matrix("matrix", matrix)
    if isinstance(classes, str) or m.shape != (len(classes), len(classes)):
        raise ValueError(
            f"matrix: found shape {m.shape} for {len(classes)} classes; expected one row and one "
            f"column for each class, {(len(classes), len(classes))}. Count with "
            "np.add.at(matrix, (true, predicted), 1)."
        )
    if (m < 0).any():
        raise ValueError(
            f"matrix: found the count {m.min()}; expected no negative numbers. "
            "Give counts of images."
        )
    with course_style():
        present(draw(m, [str(name) for name in classes]), text)


def cell_colors(matrix: npt.NDArray[Any]) -> palette.Colors:
    """Choose backgrounds: blue on the diagonal, orange elsewhere, by the share of the row.

    Examples
    --------
    >>> cell_colors(np.array([[0, 4], [0, 4]]))[1, 0].tolist()
    [1.0, 1.0, 1.0]
    """
    totals = np.maximum(matrix.sum(axis=1, keepdims=True), 1e-12)
    right = np.eye(len(matrix), dtype=bool)[..., None]
    hue = np.where(right, palette.rgb(palette.RIGHT), palette.rgb(palette.POSITIVE))
    return palette.tint(np.sqrt(matrix / totals), hue)


def draw(matrix: npt.NDArray[Any], classes: list[str]) -> Figure:
    """Draw the figure; names of columns lean, so that long ones stay readable."""
    from matplotlib.patches import Rectangle

    count = len(classes)
    longest = max(len(name) for name in classes) * _LETTER
    cell = min(0.6, max(0.34, 6.4 / count))
    left = _EDGE + _AXIS + longest + 0.12
    top = _EDGE + _AXIS + longest * 0.72 + 0.16
    # The last leaning name reaches to the right of the last column.
    side = count * cell
    fig = new_figure(left + side + longest * 0.72 + _EDGE, top + side + _EDGE)
    axes = place(fig, left, top, side, side)
    axes.set_xlim(0, count)
    axes.set_ylim(count, 0)
    colors = cell_colors(matrix)
    for (r, c), value in np.ndenumerate(matrix):
        axes.add_patch(
            Rectangle((c, r), 1, 1, facecolor=colors[r, c], edgecolor="#BFBFBF", linewidth=0.6)
        ).set_clip_on(False)
        number = f"{value:g}"
        font = min(_FONT, cell * 72 / (0.66 * (len(number) + 0.4)))
        # A zero says nothing: it is quieter than the rest, and still legible on white.
        ink = palette.QUIET if value == 0 else palette.ink_on(colors[r, c])
        axes.text(
            c + 0.5, r + 0.52, number, ha="center", va="center_baseline", color=ink, fontsize=font
        )
    for i, name in enumerate(classes):
        axes.add_patch(
            Rectangle((i, i), 1, 1, fill=False, edgecolor=palette.INK, linewidth=2)
        ).set_clip_on(False)
        middle = (i + 0.5) * cell
        write(fig, left - 0.1, top + middle, name, ha="right", fontsize=_FONT)
        write(
            fig,
            left + middle - 0.06,
            top - 0.08,
            name,
            ha="left",
            va="bottom",
            rotation=45,
            rotation_mode="anchor",
            fontsize=_FONT,
        )
    bold = {"fontsize": _FONT, "fontweight": "bold"}
    write(fig, left + side / 2, _EDGE + _AXIS / 2, "predicted class", **bold)
    write(fig, _EDGE + _AXIS / 2, top + side / 2, "true class", rotation=90, **bold)
    return fig
