"""Colours that read on white, in grey print and with a colour-blind eye.

Colours are rows of red, green and blue between 0 and 1. Nothing here needs matplotlib.
"""

import numpy as np
import numpy.typing as npt

Colors = npt.NDArray[np.float64]

BLACK = (0.0, 0.0, 0.0)
WHITE = (1.0, 1.0, 1.0)

# The colours of Okabe and Ito (2008) that have a contrast of at least 3 on white, best first.
# The paler ones of the eight (orange, sky blue, yellow) would vanish as thin lines.
LINES = ("#0072B2", "#D55E00", "#000000", "#009E73", "#CC79A7")
# Lines differ in dashes and markers too, so that no series is told by its colour alone.
DASHES = ("-", (0, (6, 2)), (0, (1, 1.2)), (0, (8, 2, 1.5, 2)), (0, (3, 1.5)))
MARKERS = ("o", "s", "^", "D", "v")

NEGATIVE, POSITIVE = "#0072B2", "#D55E00"
RIGHT = "#00507D"
INK = "#1A1A1A"
QUIET = "#595959"
# Yellow between black: one of the two stands out on every background.
OUTLINE = ((5.2, "#000000"), (2.4, "#F0E442"))

_DARKEST_GREY = 0.16
MANY, GREYS = 256, 15


def rgb(color: str) -> Colors:
    """Return red, green and blue of a ``#RRGGBB`` colour, each between 0 and 1.

    Examples
    --------
    >>> rgb("#FF0000").tolist()
    [1.0, 0.0, 0.0]
    """
    return np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def luminance(colors: npt.ArrayLike) -> Colors:
    """Compute the relative luminance of colours, (..., 3) -> (...), as WCAG 2.2 defines it.

    Examples
    --------
    >>> float(luminance([1.0, 1.0, 1.0]))
    1.0
    """
    c = np.asarray(colors, dtype=np.float64)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return np.asarray((linear * np.array([0.2126, 0.7152, 0.0722])).sum(axis=-1))


def contrast(first: npt.ArrayLike, second: npt.ArrayLike) -> Colors:
    """Compute the contrast ratio of two colours (WCAG 2.2): 1 if equal, 21 for black on white.

    Examples
    --------
    >>> round(float(contrast([0, 0, 0], [1, 1, 1])), 2)
    21.0
    """
    a, b = luminance(first), luminance(second)
    return np.asarray((np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05))


def ink_on(background: npt.ArrayLike) -> tuple[float, float, float]:
    """Choose black or white, whichever reads better on the background (always at least 4.5 to 1).

    Examples
    --------
    >>> ink_on([0.1, 0.1, 0.1])
    (1.0, 1.0, 1.0)
    """
    return BLACK if contrast(background, BLACK) >= contrast(background, WHITE) else WHITE


def grey_colors(values: npt.ArrayLike, low: float, high: float, *, darkest: float = 0.0) -> Colors:
    """Make grey from `darkest` (at `low`) to white (at `high`): (...) -> (..., 3).

    Examples
    --------
    >>> grey_colors([0, 5, 10], 0, 10)[:, 0].tolist()
    [0.0, 0.5, 1.0]
    """
    v = np.asarray(values, dtype=np.float64)
    share = np.clip((v - low) / (high - low), 0.0, 1.0) if high > low else np.ones_like(v)
    grey = darkest + (1.0 - darkest) * share
    return np.repeat(grey[..., None], 3, axis=-1)


def signed_colors(values: npt.ArrayLike, limit: float) -> Colors:
    """Make blue below zero, white at zero, orange-red above, full at -limit and limit.

    Examples
    --------
    >>> signed_colors([0.0], 1.0)[0].tolist()
    [1.0, 1.0, 1.0]
    """
    v = np.asarray(values, dtype=np.float64)
    share = np.clip(v / limit, -1.0, 1.0) if limit > 0 else np.zeros_like(v)
    return tint(np.abs(share), np.where(share[..., None] < 0, rgb(NEGATIVE), rgb(POSITIVE)))


def tint(share: npt.ArrayLike, color: npt.ArrayLike) -> Colors:
    """Mix white with a colour: share 0 is white, 1 is the colour.

    Examples
    --------
    >>> tint(1.0, [0.0, 0.5, 1.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    s = np.asarray(share, dtype=np.float64)[..., None]
    return np.asarray(1.0 - s + s * np.asarray(color, dtype=np.float64))


def cell_colors(matrix: npt.ArrayLike, *, signed: bool) -> Colors:
    """Choose backgrounds of the cells of a grid: (H, W) -> (H, W, 3).

    The grey ones start at a dark grey, not at black, so that grid lines stay visible.

    Examples
    --------
    >>> cell_colors([[0, 4]], signed=False)[0, 1].tolist()
    [1.0, 1.0, 1.0]
    """
    m = np.asarray(matrix, dtype=np.float64)
    if signed:
        return signed_colors(m, float(np.abs(m).max()))
    colors = grey_colors(m, min(0.0, float(m.min())), float(m.max()), darkest=_DARKEST_GREY)
    # Hundreds of numbers on hundreds of greys make a heavy picture; the number says it exactly.
    return colors if m.size <= MANY else np.round(colors * GREYS) / GREYS
