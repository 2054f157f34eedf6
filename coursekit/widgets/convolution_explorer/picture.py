"""A still picture of the convolution explorer, for when there is no kernel to run it."""

import base64
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coursekit.widgets.text import number

if TYPE_CHECKING:
    from coursekit.widgets.convolution_explorer.convolution_explorer import ConvolutionExplorer

Values = NDArray[np.float64]
_CELL = 34
_TOP = 30
_NUMBERS_UP_TO = 14
_SMALLEST = 6


def describe(explorer: "ConvolutionExplorer") -> str:
    """Say in words what the picture shows: sizes, stride, padding and the first sum."""
    rows, columns = explorer.input.shape
    m, n = explorer.kernel.shape
    text = (
        f"Convolution explorer: an input of {rows} by {columns}, a kernel of {m} by {n}"
        f"{', flipped' if explorer.flip else ''}, stride {explorer.stride}, "
        f"padding {explorer.padding}."
    )
    if not explorer.output.size:
        return f"{text} The kernel does not fit, so the output has no cells."
    height, width = explorer.output.shape
    first = number(float(explorer.output[0, 0]))
    return f"{text} The output is {height} by {width}; its top left value is {first}."


def picture(explorer: "ConvolutionExplorer") -> str:
    """Draw input, kernel and output side by side, the first patch outlined, as an img element.

    An image is used, not inline SVG, because JupyterLab takes SVG out of a notebook that it does
    not trust yet, and this is exactly when the picture is needed.
    """
    padded = np.pad(explorer.input, explorer.padding)
    first = explorer.kernel.shape
    panels = [("Input", padded, first), ("Kernel", explorer.kernel, None)]
    if explorer.output.size:
        panels.append(("Output", explorer.output, (1, 1)))
    parts: list[str] = []
    x, height = 14, 0
    for index, (title, values, marked) in enumerate(panels):
        if index:
            parts.append(_label(x + 4, _TOP + 40, "∗" if index == 1 else "=", 20))
            x += 30
        cell = max(_SMALLEST, min(_CELL, 280 // max(values.shape)))
        parts.append(_label(x, 20, f"{title} {values.shape[0]} × {values.shape[1]}", 13))
        parts.append(_grid(values, x, cell, marked))
        x += max(values.shape[1] * cell, 96) + 14
        height = max(height, values.shape[0] * cell)
    bottom = height + _TOP + 14
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {bottom}" width="{x}" '
        f'height="{bottom}" font-family="DejaVu Sans, Verdana, sans-serif">'
        f'<rect width="{x}" height="{bottom}" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>'
    )
    packed = base64.b64encode(svg.encode()).decode()
    return (
        f'<img alt="{describe(explorer)}" style="max-width:100%" '
        f'src="data:image/svg+xml;base64,{packed}">'
    )


def _label(x: int, y: int, text: str, size: int) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="#1f2328">{text}</text>'


def _grid(values: Values, x: int, cell: int, marked: tuple[int, int] | None) -> str:
    numbers = values.shape[1] <= _NUMBERS_UP_TO and cell >= 18
    edge = ' stroke="#7d8590"' if numbers else ""
    parts = []
    for (i, j), value in np.ndenumerate(values):
        left, top = x + j * cell, _TOP + i * cell
        fill, ink = _paint(float(value), values)
        parts.append(
            f'<rect x="{left}" y="{top}" width="{cell}" height="{cell}" fill="{fill}"{edge}/>'
        )
        if numbers:
            text = number(float(value))
            size = min(13, (cell - 4) * 5 // (3 * len(text)))
            parts.append(
                f'<text x="{left + cell // 2}" y="{top + cell // 2 + 4}" font-size="{size}" '
                f'text-anchor="middle" fill="{ink}">{text}</text>'
            )
    if marked is not None:
        rows, columns = marked
        parts.append(
            f'<rect x="{x}" y="{_TOP}" width="{columns * cell}" height="{rows * cell}" '
            'fill="none" stroke="#0b62a8" stroke-width="4"/>'
        )
    return "".join(parts)


def _paint(value: float, values: Values) -> tuple[str, str]:
    """Choose a cell's colour and its ink: grey, or purple to orange where there are negatives."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    if low < 0:
        start, end = (247, 247, 247), (94, 60, 153) if value < 0 else (230, 97, 1)
        share = abs(value) / max(-low, high)
    else:
        start, end = (58, 63, 70), (255, 255, 255)
        share = value / high if high else 0.0
    # Whole steps of a hundredth: the picture's bytes must not hang on a last digit.
    step = round(share * 100)
    rgb = [a + (b - a) * step // 100 for a, b in zip(start, end, strict=True)]
    light = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    return "#" + "".join(
        f"{channel:02x}" for channel in rgb
    ), "#111111" if light > 118 else "#ffffff"
