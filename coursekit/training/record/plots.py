"""Pictures of runs: loss and accuracy over the epochs, with words for who cannot see them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursekit.figures import palette
from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import course_style, new_figure
from coursekit.figures.show import present
from coursekit.training.record.report import key_of
from coursekit.training.record.trends import trend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.training.record.history import History

SETS = ("training", "validation", "test")
_WIDTH, _HEIGHT = 8.6, 3.4
_FEW = 30  # epochs up to which every single one is marked


@dataclass(frozen=True)
class Curve:
    """One line of a picture: its label, a value an epoch (None where there is none), its look."""

    label: str
    epochs: Sequence[int]
    values: Sequence[float | None]
    look: int
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def plot(history: History, *, alt: str | None = None) -> None:
    """Draw loss and accuracy over the epochs, and mark the epoch whose weights were kept."""
    if not history.records:
        raise ValueError(
            "history: found no epoch; expected at least one to draw. "
            "The run ended before its first epoch did."
        )
    panels = [(q, curves) for q in ("loss", "accuracy") if (curves := set_curves(history, q))]
    text = describe(history, panels) if alt is None else clean_alt(alt)
    with course_style():
        fig = draw_panels(panels, history.best_epoch)
        present(fig, text)


def set_curves(history: History, quantity: str) -> list[Curve]:
    """Make one curve for each set that the run has this quantity of."""
    return [
        Curve(part, history["epoch"], history[key_of(part, quantity)], look)
        for look, part in zip((0, 3, 1), SETS, strict=True)
        if history.has(key_of(part, quantity))
    ]


def describe(history: History, panels: Sequence[tuple[str, Sequence[Curve]]]) -> str:
    """Say what is to be seen without a measured number.

    Examples
    --------
    >>> from coursekit.training.record.history import History
    >>> run = History(records=[{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}])
    >>> describe(run, [("loss", set_curves(run, "loss"))])
    'The loss over 2 epochs. The training loss falls.'
    """
    names = " and the ".join(q for q, _ in panels)
    count = len(history.records)
    over = "the epochs" if history.stopped else "one epoch" if count == 1 else f"{count} epochs"
    beside = ", side by side" if len(panels) > 1 else ""
    sentences = [f"The {names} over {over}{beside}."]
    for quantity, curves in panels:
        parts: dict[str, list[str]] = {}
        for curve in curves:
            parts.setdefault(trend(curve.values), []).append(curve.label)
        sentences += [
            f"The {_joined(labels)} {quantity} {plural(words, len(labels))}."
            for words, labels in parts.items()
        ]
    return " ".join(sentences)


def draw_panels(
    panels: Sequence[tuple[str, Sequence[Curve]]], best: int | None = None, xlabel: str = "epoch"
) -> Figure:
    """Draw one panel a quantity, side by side."""
    wide = _WIDTH if len(panels) > 1 else 0.75 * _WIDTH
    fig = new_figure(wide, _HEIGHT, layout="constrained")
    places = fig.subplots(1, max(len(panels), 1), squeeze=False, sharex=True)[0]
    for axes, (quantity, curves) in zip(places, panels, strict=False):
        draw_curves(axes, curves)
        axes.set_title(quantity, loc="left")
        axes.set_xlabel(xlabel)
        if best is not None and any(curve.label == "validation" for curve in curves):
            _mark(axes, best)
    return fig


def draw_curves(axes: Axes, curves: Sequence[Curve]) -> None:
    """Draw lines that differ in colour, dash and marker, each with its label at its end."""
    from matplotlib.ticker import MaxNLocator

    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(x=0.03)
    longest = max((len(curve.epochs) for curve in curves), default=0)
    ends: list[tuple[float, float, Curve]] = []
    for curve in curves:
        y = [math.nan if v is None else float(v) for v in curve.values]
        color = palette.LINES[curve.look]
        if curve.low:
            axes.fill_between(curve.epochs, curve.low, curve.high, color=color, alpha=0.18, lw=0)
        axes.plot(
            curve.epochs,
            y,
            color=color,
            linestyle=palette.DASHES[curve.look],
            linewidth=2.0,
            marker=palette.MARKERS[curve.look],
            # Of a long run the last epoch alone is marked, where the label stands.
            markevery=1 if longest <= _FEW else [_last(y)],
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.8,
            clip_on=False,
        )
        end = _last(y)
        if math.isfinite(y[end]):
            ends.append((curve.epochs[end], y[end], curve))
    axes.xaxis.set_major_locator(
        MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
    )
    _write_labels(axes, ends, max((e for curve in curves for e in curve.epochs), default=1))


def _write_labels(axes: Axes, ends: list[tuple[float, float, Curve]], last: float) -> None:
    """Write each label to the right of its line's end, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    step = 0.085 * (high - low)
    ends = sorted(ends, key=lambda end: end[1])
    heights = spread_out([y for _, y, _ in ends], step, low, high)
    for (x, y, curve), height in zip(ends, heights, strict=True):
        # Of a line that ends early the way to its label must not look like more of the line.
        far = x < last or last == 1
        axes.annotate(
            curve.label,
            xy=(x, y),
            xytext=(1.04, (height - low) / (high - low)),
            textcoords="axes fraction",
            va="center",
            ha="left",
            color=palette.INK,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": palette.QUIET if far else palette.LINES[curve.look],
                "linestyle": (0, (1, 4)) if far else "-",
                "linewidth": 0.9,
                "shrinkA": 1,
                "shrinkB": 4,
            },
        )


def spread_out(heights: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Move sorted heights apart to at least `step`, as little as it takes, within low and high.

    Examples
    --------
    >>> spread_out([1.0, 1.0, 9.0], 2.0, 0.0, 10.0)
    [0.0, 2.0, 9.0]
    """
    groups: list[tuple[float, int]] = []  # lowest of a group of labels, and how many
    for height in heights:
        groups.append((height, 1))
        while len(groups) > 1 and groups[-1][0] < groups[-2][0] + groups[-2][1] * step:
            (a, n), (b, m) = groups[-2:]
            middle = (n * (a + (n - 1) * step / 2) + m * (b + (m - 1) * step / 2)) / (n + m)
            start = middle - (n + m - 1) * step / 2
            start = max(low, min(start, high - (n + m - 1) * step))
            groups[-2:] = [(start, n + m)]
    return [start + i * step for start, count in groups for i in range(count)]


def _mark(axes: Axes, best: int) -> None:
    axes.axvline(best, color=palette.QUIET, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    axes.annotate(
        "best",
        xy=(best, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color=palette.QUIET,
    )


def _last(values: Sequence[float]) -> int:
    return max((i for i, v in enumerate(values) if math.isfinite(v)), default=0)


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(words: str, count: int = 2) -> str:
    """Put a trend's verbs into the plural, where it is said of more than one.

    Examples
    --------
    >>> plural("falls, then rises again")
    'fall, then rise again'
    """
    if count == 1:
        return words
    for one, many in _VERBS.items():
        words = words.replace(one, many)
    return words


_VERBS: Mapping[str, str] = {
    "falls": "fall",
    "rises": "rise",
    "stays": "stay",
    "goes": "go",
    "has no": "have no",
    "is a single point": "are single points",
    "is no number": "are no numbers",
}
