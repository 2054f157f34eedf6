"""How often a network is right where it says that it is so and so sure: the reliability diagram."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.figures import palette
from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import course_style, new_figure
from coursekit.figures.show import present


def show_calibration(edges: Any, counts: Any, confidence: Any, accuracy: Any, *, alt: str) -> None:
    """Show bars of the share right beside the diagonal, and below them how many answers each has.

    Parameters
    ----------
    edges
        (bins + 1,) of the ranges of confidence.
    counts, confidence, accuracy
        (bins,) answers in each range, their mean confidence, and the share of them that is right.
    alt
        What is to be seen; a general sentence where it is empty.
    """
    alt = clean_alt(
        alt
        or "Share of right answers for each range of confidence, as bars, beside the diagonal "
        "on which both are equal; below it, how many answers each range has."
    )
    some = counts > 0
    left, width = edges[:-1][some], np.diff(edges)[some]
    bars: dict[str, Any] = {"width": width, "align": "edge", "linewidth": 1.2}
    blue, pale = palette.LINES[0], palette.tint(0.35, palette.rgb(palette.LINES[0]))
    points: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 7}
    points |= {"color": palette.LINES[1], "markeredgecolor": "white", "zorder": 3}
    with course_style():
        fig = new_figure(6.2, 5.4, layout="constrained")
        upper, lower = fig.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        upper.bar(
            left, accuracy[some], color=pale, edgecolor=blue, label="share right", zorder=1, **bars
        )
        dashed: Any = (0, (5, 3))
        label = "as sure as right"
        upper.plot([0, 1], [0, 1], color=palette.INK, linestyle=dashed, lw=1.6, label=label)
        label = "at the mean confidence"
        upper.plot(confidence[some], accuracy[some], label=label, **points)
        upper.set(xlim=(0, 1), ylim=(0, 1.03), ylabel="share right")
        upper.legend(loc="upper left")
        lower.bar(left, counts[some], color=palette.QUIET, edgecolor="white", **bars)
        lower.set(xlabel="confidence", ylabel="answers")
        present(fig, alt)
