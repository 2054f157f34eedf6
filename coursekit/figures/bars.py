"""Quantities as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from coursekit.figures import arguments, palette
from coursekit.figures.canvas import course_style, new_figure
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def bars(
    items: Sequence[tuple[str, float]],
    *,
    alt: str,
    xlabel: str = "",
    ylabel: str = "",
    log: bool = False,
) -> None:
    """Show quantities as lying bars, from top to bottom, each with its value at its end.

    Parameters
    ----------
    items
        Pairs (label, value).
    alt
        A sentence that says what is to be seen.
    xlabel
        Under the values; say the unit here.
    ylabel
        Beside the labels.
    log
        A scale on which each step is ten times the last; every value must be above 0.

    Raises
    ------
    ValueError
        When `alt` is too short, a value is no number, or `log` meets a value of 0 or less.

    Examples
    --------
    >>> bars([("dense", 7850), ("CNN", 320)], alt="7,850 parameters for dense, 320 for the CNN.")
    7,850 parameters for dense, 320 for the CNN.
    """
    text = arguments.clean_alt(alt)
    pairs = arguments.pairs("items", items, "(label, value)")
    labels = [str(pair[0]) for pair in pairs]
    values = [arguments.numbers(f"items[{i}]", pair[1]) for i, pair in enumerate(pairs)]
    for i, value in enumerate(values):
        if value.size != 1:
            raise ValueError(
                f"items[{i}]: found shape {value.shape}; expected one number for a bar. "
                "Sum it, count it, or draw it with signal()."
            )
    numbers = [value.reshape(()).item() for value in values]
    if log and min(numbers) <= 0:
        raise ValueError(
            f"log: found a value of {min(numbers)}; expected only values above 0, since a "
            "logarithmic scale has no 0. Leave log out."
        )
    with course_style():
        present(draw(labels, numbers, xlabel, ylabel, log), text)


def _value(number: float) -> str:
    text = f"{number:,}" if float(number).is_integer() else f"{number:,.3g}"
    return text.removesuffix(".0").replace("-", "−")


def _power(number: float) -> str:
    """Write a power of ten as it is spoken."""
    for size, noun in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:,.0f} {noun}"
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"


def draw(labels: list[str], numbers: list[float], xlabel: str, ylabel: str, log: bool) -> Figure:
    """Draw the figure; the values at the bars' ends make grid lines needless."""
    fig = new_figure(7.6, 0.75 + 0.42 * len(labels) + (0.3 if xlabel else 0), layout="constrained")
    axes = fig.subplots()
    drawn = axes.barh(
        labels_at := np.arange(len(labels)), numbers, height=0.66, color=palette.LINES[0]
    )
    axes.set_yticks(labels_at, labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(min(numbers) < 0)
    if log:
        axes.set_xscale("log")
        axes.set_xlim(left=10.0 ** (math.floor(math.log10(min(numbers))) - 1))
        axes.xaxis.set_major_formatter(lambda tick, _: _power(tick))
        axes.xaxis.set_minor_formatter(lambda _tick, _: "")
    axes.bar_label(drawn, [_value(n) for n in numbers], padding=5, fontsize=11)
    axes.margins(x=0.14)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    return fig
