"""Still pictures of widgets, for when there is no kernel to run them."""

import base64
import html
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from coursekit.widgets.text import number

INK, EDGE, ACCENT = "#1f2328", "#7d8590", "#0b62a8"
_NUMBERS_FROM = 18  # the size of a cell from which on numbers are written in


class Picture:
    """A drawing that grows with what is put on it, on white paper.

    An image is used, not inline SVG, because JupyterLab takes SVG out of a notebook that it does
    not trust yet, and this is exactly when the picture is needed. Coordinates are whole, so that
    every machine stores the same bytes.

    Examples
    --------
    >>> drawing = Picture()
    >>> drawing.text(0, 14, "Input")
    >>> drawing.grid(0, 20, [[1, 2], [3, 4]], cell=30)
    (60, 60)
    >>> drawing.img("A grid")[:18]
    '<img alt="A grid" '
    """

    def __init__(self, margin: int = 14) -> None:
        self._margin = margin
        self._parts: list[str] = []
        self._right = self._bottom = 0

    def shape(self, markup: str, right: int = 0, bottom: int = 0) -> None:
        """Put a piece of SVG on it that reaches to a corner."""
        self._parts.append(markup)
        self._right, self._bottom = max(self._right, right), max(self._bottom, bottom)

    def text(
        self, x: int, y: int, words: str, size: int = 13, ink: str = INK, anchor: str = "start"
    ) -> None:
        """Write words; (x, y) is where their base line begins."""
        width = 0 if anchor != "start" else len(words) * size * 3 // 5
        self.shape(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{ink}">'
            f"{html.escape(words)}</text>",
            x + width,
            y,
        )

    def box(self, x: int, y: int, width: int, height: int, stroke: str = ACCENT) -> None:
        """Outline a part of it."""
        self.shape(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
            f'stroke="{stroke}" stroke-width="4"/>',
            x + width,
            y + height,
        )

    def line(
        self,
        points: list[tuple[int, int]],
        stroke: str = ACCENT,
        width: int = 2,
        dashed: bool = False,
    ) -> None:
        """Join points by a line."""
        spots = " ".join(f"{x},{y}" for x, y in points)
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        self.shape(
            f'<polyline points="{spots}" fill="none" stroke="{stroke}" '
            f'stroke-width="{width}"{dash}/>',
            max(x for x, _ in points),
            max(y for _, y in points),
        )

    def grid(
        self, x: int, y: int, values: Any, cell: int = 34, scale: Any = None
    ) -> tuple[int, int]:
        """Draw a matrix, with its numbers where there is room; give its width and height.

        `scale` holds the numbers whose range sets the colours; unless given, the matrix itself.
        """
        matrix = np.asarray(values, dtype=np.float64)
        span = matrix if scale is None else np.asarray(scale, dtype=np.float64)
        low, high = min(0.0, float(span.min())), max(0.0, float(span.max()))
        width, height = matrix.shape[1] * cell, matrix.shape[0] * cell
        if cell < _NUMBERS_FROM:  # thousands of rectangles would take a page a long time to show
            pixels = [[_paint(float(value), low, high)[0] for value in row] for row in matrix]
            self.photograph(x, y, width, height, pixels)
            return width, height
        for (i, j), value in np.ndenumerate(matrix):
            left, top = x + j * cell, y + i * cell
            rgb, ink = _paint(float(value), low, high)
            fill = "#" + "".join(f"{channel:02x}" for channel in rgb)
            self.shape(
                f'<rect x="{left}" y="{top}" width="{cell}" height="{cell}" fill="{fill}" '
                f'stroke="{EDGE}"/>'
            )
            words = number(float(value))
            size = min(13, (cell - 4) * 5 // (3 * len(words)))
            middle = (left + cell // 2, top + cell // 2 + 4)
            self.text(*middle, words, size, ink, anchor="middle")
        self.shape("", x + width, y + height)
        return width, height

    def photograph(self, x: int, y: int, width: int, height: int, pixels: Any) -> None:
        """Put a grey (H, W) or coloured (H, W, 3) uint8 picture on it, its pixels as squares."""
        file = BytesIO()
        # Uncompressed: how well a library compresses differs from machine to machine.
        Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(file, "PNG", compress_level=0)
        packed = base64.b64encode(file.getvalue()).decode()
        self.shape(
            f'<image x="{x}" y="{y}" width="{width}" height="{height}" '
            f'style="image-rendering:pixelated" href="data:image/png;base64,{packed}"/>',
            x + width,
            y + height,
        )

    def img(self, alt: str) -> str:
        """Give it as an img element."""
        margin = self._margin
        width, height = self._right + 2 * margin, self._bottom + 2 * margin
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-margin} {-margin} {width} '
            f'{height}" width="{width}" height="{height}" '
            'font-family="DejaVu Sans, Verdana, sans-serif">'
            f'<rect x="{-margin}" y="{-margin}" width="{width}" height="{height}" rx="8" '
            f'fill="#ffffff"/>{"".join(self._parts)}</svg>'
        )
        packed = base64.b64encode(svg.encode()).decode()
        return (
            f'<img alt="{html.escape(alt)}" style="max-width:100%" '
            f'src="data:image/svg+xml;base64,{packed}">'
        )


def _paint(value: float, low: float, high: float) -> tuple[list[int], str]:
    """Choose a cell's colour and its ink: grey, or purple to orange where there are negatives."""
    if low < 0:
        start, end = (247, 247, 247), (94, 60, 153) if value < 0 else (230, 97, 1)
        share = abs(value) / max(-low, high)
    else:
        start, end = (58, 63, 70), (255, 255, 255)
        share = value / high if high else 0.0
    # Whole steps of a hundredth: the picture's bytes must not hang on a last digit.
    step = round(min(share, 1.0) * 100)
    rgb = [a + (b - a) * step // 100 for a, b in zip(start, end, strict=True)]
    light = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    return rgb, "#111111" if light > 118 else "#ffffff"
