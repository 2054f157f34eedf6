"""A still picture of the descent explorer, for when there is no kernel to run it."""

import base64
import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coursekit.widgets.descent_explorer.arithmetic import LOSS_LIMIT, bowl

REACH = (2.2, 1.5)
_BLUES = ("#3f7cae", "#5f98c6", "#82b1d6", "#a3c7e3", "#c1d9ed", "#d9e8f4", "#ebf3fa", "#fafcfe")
_LEFT, _TOP, _UNIT = 46, 30, 100


class Shown(Protocol):
    """What of a descent explorer is drawn and described."""

    curvature: Any
    start: Any
    learning_rate: Any
    momentum: Any
    noise: Any
    optimizer: Any

    @property
    def path(self) -> NDArray[np.float64]:
        """The weights before the first update and after each."""

    @property
    def losses(self) -> NDArray[np.float64]:
        """The loss at each of them."""


def significant(value: float) -> str:
    """Give a number with three significant digits and a true minus.

    Examples
    --------
    >>> significant(5.33), significant(-0.000123), significant(12345.0)
    ('5.33', '−0.000123', '12345')
    """
    if abs(value) < 1e-12:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def describe(explorer: Shown) -> str:
    """Say in words what the picture shows: the bowl, the start, the settings, the updates."""
    a, b = (significant(c) for c in explorer.curvature)
    one, two = (significant(w) for w in explorer.start)
    method = "Adam" if explorer.optimizer == "adam" else "SGD"
    if explorer.momentum:
        method += f" with momentum {significant(explorer.momentum)}"
    noise = f", noise {significant(explorer.noise)}" if explorer.noise else ""
    losses = explorer.losses
    text = (
        f"Descent explorer: two weights whose loss is half of ({a} · weight 1 squared + "
        f"{b} · weight 2 squared). {method}, learning rate {significant(explorer.learning_rate)}"
        f"{noise}. The ball starts at weight 1 = {one}, weight 2 = {two}, where the loss is "
        f"{significant(float(losses[0]))}."
    )
    made = len(losses) - 1
    if not made:
        return f"{text} No update yet."
    updates = "1 update" if made == 1 else f"{made} updates"
    if losses[-1] > LOSS_LIMIT:
        return f"{text} After {updates} it is off the chart."
    return f"{text} After {updates} the loss is {significant(float(losses[-1]))}."


def contour_levels(curvature: tuple[float, float]) -> list[float]:
    """List the seven losses at which a contour is drawn, from large to small.

    Examples
    --------
    >>> contour_levels((1.0, 10.0))
    [10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1]
    """
    top = bowl(REACH, curvature)
    power = math.floor(math.log10(top))
    steps = [float(f"{digit}e{power - i}") for i in range(4) for digit in (5, 2, 1)]
    return [level for level in steps if level <= top][:7]


def picture(explorer: Shown) -> str:
    """Draw the valley with its contours, the path and the ball, as an img element.

    An image is used, not inline SVG, because JupyterLab takes SVG out of a notebook that it does
    not trust yet, and this is exactly when the picture is needed.
    """
    width, height = 2 * REACH[0] * _UNIT, 2 * REACH[1] * _UNIT
    total = (_LEFT + width + 14, _TOP + height + 44)
    frame = f'x="{_LEFT}" y="{_TOP}" width="{width:.0f}" height="{height:.0f}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]:.0f} {total[1]:.0f}" '
        f'width="{total[0]:.0f}" height="{total[1]:.0f}" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="13" fill="#1f2328">'
        f'<rect width="{total[0]:.0f}" height="{total[1]:.0f}" rx="8" fill="#ffffff"/>'
        f'<text x="{_LEFT}" y="20" font-size="14">Loss for every pair of weights</text>'
        f'<clipPath id="frame"><rect {frame}/></clipPath><g clip-path="url(#frame)">'
        f'<rect {frame} fill="{_BLUES[0]}"/>{_contours(explorer.curvature)}{_path(explorer)}</g>'
        f'<rect {frame} fill="none" stroke="#7d8590"/>{_axes()}</svg>'
    )
    packed = base64.b64encode(svg.encode()).decode()
    return (
        f'<img alt="{describe(explorer)}" style="max-width:100%" '
        f'src="data:image/svg+xml;base64,{packed}">'
    )


def _place(weights: tuple[float, float]) -> tuple[float, float]:
    return _LEFT + (weights[0] + REACH[0]) * _UNIT, _TOP + (REACH[1] - weights[1]) * _UNIT


def _contours(curvature: tuple[float, float]) -> str:
    x, y = _place((0, 0))
    parts, last = [], -math.inf
    for level, colour in zip(contour_levels(curvature), _BLUES[1:], strict=True):
        a, b = (math.sqrt(2 * level / c) * _UNIT for c in curvature)
        parts.append(
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{a:.1f}" ry="{b:.1f}" fill="{colour}" '
            'stroke="#ffffff" stroke-opacity="0.8"/>'
        )
        steep = curvature[1] >= curvature[0]
        right, up = (0.26 * a, -0.966 * b) if steep else (0.966 * a, -0.26 * b)
        reach = abs(up) if steep else right
        if abs(up) <= 140 and right <= 206 and abs(last - reach) >= 17:
            last = reach
            parts.append(
                f'<text x="{x + right:.0f}" y="{y - up + 4:.0f}" text-anchor="middle" '
                'font-size="12" stroke="#ffffff" stroke-width="3" paint-order="stroke">'
                f"{significant(level)}</text>"
            )
    return "".join(parts) + f'<path d="M{x - 6:.0f},{y:.0f}h12m-6,-6v12" stroke="#1f2328"/>'


def _path(explorer: Shown) -> str:
    # Far outside nothing is seen, and a short number is as good as a long one.
    points = [_place((float(a), float(b))) for a, b in explorer.path.clip(-9, 9)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<polyline points="{line}" fill="none" stroke="#ffffff" stroke-width="5"/>'
        f'<polyline points="{line}" fill="none" stroke="#b93c00" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#b93c00" stroke="#ffffff" '
        'stroke-width="2"/>'
    )


def _axes() -> str:
    parts = []
    for value in (-2, -1, 0, 1, 2):
        x, y = _place((value, value))
        text = significant(value)
        parts.append(f'<text x="{x:.0f}" y="{_TOP + 316}" text-anchor="middle">{text}</text>')
        if abs(value) < 2:
            parts.append(f'<text x="{_LEFT - 7}" y="{y + 4:.0f}" text-anchor="end">{text}</text>')
    middle = _LEFT + REACH[0] * _UNIT
    parts.append(f'<text x="{middle:.0f}" y="{_TOP + 335}" text-anchor="middle">weight 1</text>')
    side = _TOP + REACH[1] * _UNIT
    parts.append(
        f'<text transform="translate(15 {side:.0f}) rotate(-90)" text-anchor="middle">weight 2'
        "</text>"
    )
    return "".join(parts)
