"""The ten digits, drawn with a pen as wide as MNIST's: pictures where no data set is at hand."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Lines from point to point, (x, y) in pixels of 28 by 28; a digit may need several.
_LINES: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (((14, 5), (9, 8), (8, 14), (10, 20), (14, 22), (18, 20), (20, 14), (18, 7), (14, 5)),),
    (((11, 8), (15, 5), (14, 22)),),
    (((8, 9), (11, 5), (16, 5), (18, 9), (15, 14), (9, 21), (20, 21)),),
    (((8, 6), (15, 5), (18, 8), (13, 13), (18, 15), (18, 20), (13, 22), (8, 20)),),
    (((10, 5), (8, 14), (19, 14)), ((18, 6), (16, 23))),
    (((19, 5), (10, 6), (9, 12), (15, 12), (18, 16), (16, 21), (9, 22)),),
    (((16, 5), (10, 11), (8, 18), (12, 22), (17, 20), (17, 15), (12, 14), (9, 17)),),
    (((8, 6), (19, 6), (14, 14), (12, 23)),),
    (
        ((18, 7), (13, 5), (10, 8), (18, 18), (14, 22), (10, 19), (18, 9), (18, 7)),
    ),
    (((18, 8), (14, 5), (10, 8), (11, 13), (16, 13), (18, 8), (17, 16), (15, 22)),),
)  # fmt: skip


def drawn_digits() -> NDArray[np.float32]:
    """Draw the digits 0 to 9: (10, 28, 28), bright on black, from 0 to 1.

    Examples
    --------
    >>> drawn_digits().shape
    (10, 28, 28)
    """
    return np.stack([_drawn(lines) for lines in _LINES])


def _drawn(lines: tuple[tuple[tuple[float, float], ...], ...]) -> NDArray[np.float32]:
    """Draw lines with a round pen: full within one pixel, fading out over the next."""
    y, x = np.mgrid[:28, :28]
    far = np.full((28, 28), np.inf)
    for line in lines:
        for (x0, y0), (x1, y1) in pairwise(line):
            along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (
                (x1 - x0) ** 2 + (y1 - y0) ** 2
            )
            share = np.clip(along, 0, 1)
            far = np.minimum(far, np.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0)))
    drawn: NDArray[np.float32] = np.clip(2 - far, 0, 1).astype(np.float32)
    return drawn
