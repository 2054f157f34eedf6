"""Series of numbers as lines: signals over their positions, training over its epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coursekit.figures import arguments, palette
from coursekit.figures.canvas import course_style, new_figure
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 7.6, 3.6
Series = tuple[str, npt.NDArray[Any], npt.NDArray[Any]]


def signal(
    items: Sequence[tuple[Any, ...]],
    *,
    alt: str,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    window: tuple[float, float] | None = None,
    markers: bool = False,
    dots: Sequence[str] = (),
) -> None:
    """Show one or more 1-D series as lines.

    Parameters
    ----------
    items
        Pairs (label, values) with positions 0, 1, 2, ...; or (label, positions, values), for
        instance to draw a smoothed series, which is shorter, where it belongs. At most five.
    alt
        A sentence that says what is to be seen.
    xlabel, ylabel, title
        Written along the axes and above.
    window
        (start, stop): shade the positions from start to stop, both included.
    markers
        Mark every single value, for short series.
    dots
        Labels of series to draw as dots without a line, for noisy measurements.

    Raises
    ------
    ValueError
        When `alt` is too short, a series is not 1-D, positions and values differ in length, there
        are more than five series, the window is not a pair with start < stop, or `dots` names
        no series.

    Examples
    --------
    >>> signal([("position", [1, 3, 2, 4])], alt="Four positions that wander upwards.")
    Four positions that wander upwards.
    """
    text = arguments.clean_alt(alt)
    series = [
        _series(i, item)
        for i, item in enumerate(arguments.pairs("items", items, "(label, values)"))
    ]
    _at_most_five("items", len(series))
    shaded = _window(window)
    strange = set(dots) - {label for label, _, _ in series}
    if strange:
        raise ValueError(
            f"dots: found {sorted(strange)}; expected labels of the series. "
            f"Choose from {[label for label, _, _ in series]}."
        )
    with course_style():
        fig = draw(series, xlabel, ylabel, title, shaded, markers, dots)
        present(fig, text)


def curves(
    series: Mapping[str, npt.ArrayLike], *, alt: str, xlabel: str = "epoch", ylabel: str = ""
) -> None:
    """Show training curves: one value an epoch, counted from 1.

    Parameters
    ----------
    series
        A dict from label to values, such as ``{"training loss": [...], "test loss": [...]}``.
    alt
        A sentence that says what is to be seen.
    xlabel, ylabel
        Written along the axes.

    Raises
    ------
    ValueError
        When `alt` is too short, a series is not 1-D or there are more than five.

    Examples
    --------
    >>> curves({"loss": [2.0, 1.0, 0.7]}, alt="The loss falls in each of three epochs.")
    The loss falls in each of three epochs.
    """
    text = arguments.clean_alt(alt)
    pairs = arguments.pairs("series", series, "{label: values}")
    _at_most_five("series", len(pairs))
    lines = []
    for label, values, *_ in pairs:
        y = _flat(f"series[{label!r}]", values)
        lines.append((label, np.arange(1, len(y) + 1), y))
    with course_style():
        fig = draw(lines, xlabel, ylabel, "", None, max(len(y) for _, _, y in lines) <= 60)
        _whole_ticks(fig)
        present(fig, text)


def _series(i: int, item: tuple[Any, ...]) -> Series:
    label, *given = item
    y = _flat(f"items[{i}]", given[-1])
    x = np.arange(len(y)) if len(given) == 1 else _flat(f"items[{i}] positions", given[0])
    if len(x) != len(y):
        raise ValueError(
            f"items[{i}]: found {len(x)} positions and {len(y)} values; expected as many of the "
            "one as of the other. Write (label, positions, values) with equal lengths."
        )
    return label, x, y


def _flat(name: str, value: object) -> npt.NDArray[Any]:
    array = arguments.numbers(name, value)
    if array.ndim != 1:
        raise ValueError(
            f"{name}: found shape {array.shape}; expected a 1-D series, (n,). "
            "Take one row of it, or flatten it with np.ravel."
        )
    return array


def _at_most_five(name: str, count: int) -> None:
    if count > len(palette.LINES):
        raise ValueError(
            f"{name}: found {count} series; expected at most {len(palette.LINES)}, which is what a "
            "reader can tell apart. Draw two figures."
        )


def _window(window: object) -> tuple[float, float] | None:
    if window is None:
        return None
    pair = np.asarray(window, dtype=object)
    if pair.shape != (2,) or not float(pair[0]) < float(pair[1]):
        raise ValueError(
            f"window: found {window!r}; expected (start, stop) with start < stop. "
            "Write window=(3, 5) to shade the positions 3 to 5."
        )
    return float(pair[0]), float(pair[1])


def draw(
    series: list[Series],
    xlabel: str,
    ylabel: str,
    title: str,
    window: tuple[float, float] | None,
    markers: bool,
    dots: Sequence[str] = (),
) -> Figure:
    """Draw the figure: lines of different colour, dash and marker, the legend above."""
    fig = new_figure(_WIDTH, _HEIGHT, layout="constrained")
    axes = fig.subplots()
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
    if window is not None:
        axes.axvspan(*window, color="#E69F00", alpha=0.25, linewidth=0)
        for edge in window:
            axes.axvline(edge, color=palette.QUIET, linewidth=1)
    for i, (label, x, y) in enumerate(series):
        few = markers or len(y) == 1
        axes.plot(
            x,
            y,
            label=label,
            color=palette.QUIET if label in dots else palette.LINES[i],
            zorder=1 if label in dots else 2,
            linestyle="none" if label in dots else palette.DASHES[i],
            linewidth=1.5 if i == 0 and len(series) > 1 and not markers else 2.2,
            marker="o" if label in dots else palette.MARKERS[i] if few else None,
            markersize=5 if label in dots else 7,
            markeredgecolor="white",
            markeredgewidth=0.8,
        )
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.margins(x=0.02)
    if title:
        axes.set_title(title, loc="left")
    if len(series) > 1:
        # Outside the axes, so that a long label takes nothing from their width.
        fig.legend(
            loc="outside upper left",
            ncols=min(3, len(series)),
            handlelength=3.2,
            columnspacing=1.5,
            borderaxespad=0.2,
        )
    elif not ylabel and not title:
        axes.set_title(series[0][0], loc="left")
    return fig


def _whole_ticks(fig: Figure) -> None:
    from matplotlib.ticker import MaxNLocator

    fig.axes[0].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
