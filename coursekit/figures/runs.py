"""Pictures of runs: curves over the epochs, with words for who cannot see them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursekit.figures import palette
from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import course_style, new_figure
from coursekit.figures.show import present

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEVEL, _WIGGLE, _TURN = 0.02, 0.1, 0.25
_FEW = 30  # epochs up to which every single one is marked
_PLURAL = {
    "falls": "fall",
    "rises": "rise",
    "stays": "stay",
    "goes": "go",
    "has no": "have no",
    "is a single point": "are single points",
    "is no number": "are no numbers",
}


@dataclass(frozen=True)
class Curve:
    """One line of a picture: its label, a value an epoch (None where there is none), its look."""

    label: str
    values: Sequence[float | None]
    look: int
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def show_curves(
    panels: Sequence[tuple[str, Sequence[Curve]]],
    alt: str,
    *,
    best: int | None = None,
    below: str = "",
) -> None:
    """Show one panel a quantity, side by side.

    Parameters
    ----------
    panels
        Titles, each with its curves.
    alt
        What is to be seen, in a sentence or two.
    best
        The epoch whose weights were kept, marked in panels with a validation curve.
    below
        Said beside the name of the axis.
    """
    alt = clean_alt(alt)
    with course_style():
        fig = new_figure(8.6 if len(panels) > 1 else 6.45, 3.4, layout="constrained")
        places = fig.subplots(1, len(panels), squeeze=False, sharex=True)[0]
        for axes, (title, curves) in zip(places, panels, strict=True):
            _draw(axes, curves)
            axes.set_title(title, loc="left")
            axes.set_xlabel(f"epoch  ({below})" if below else "epoch")
            if best is not None and any(curve.label == "validation" for curve in curves):
                axes.axvline(best, color=palette.QUIET, lw=1, linestyle=(0, (2, 2)), zorder=1)
                where = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
                axes.annotate(
                    "best", (best, 1.0), (0, 3), ha="center", color=palette.QUIET, **where
                )
        present(fig, alt)


def _draw(axes: Axes, curves: Sequence[Curve]) -> None:
    """Draw lines that differ in colour, dash and marker, each with its label at its end."""
    from matplotlib.ticker import MaxNLocator

    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(x=0.03)
    longest = max(len(curve.values) for curve in curves)
    ends: list[tuple[int, float, Curve]] = []
    for curve in curves:
        y = [math.nan if v is None else float(v) for v in curve.values]
        end = max((i for i, v in enumerate(y) if math.isfinite(v)), default=0)
        epochs, color = range(1, len(y) + 1), palette.LINES[curve.look]
        if curve.low:
            axes.fill_between(epochs, curve.low, curve.high, color=color, alpha=0.18, lw=0)
        axes.plot(
            epochs,
            y,
            color=color,
            linestyle=palette.DASHES[curve.look],
            linewidth=2.0,
            marker=palette.MARKERS[curve.look],
            # Of a long run the last epoch alone is marked, where the label stands.
            markevery=1 if longest <= _FEW else [end],
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.8,
            clip_on=False,
        )
        if math.isfinite(y[end]):
            ends.append((end + 1, y[end], curve))
    axes.xaxis.set_major_locator(
        MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
    )
    _write_labels(axes, ends, longest)


def _write_labels(axes: Axes, ends: list[tuple[int, float, Curve]], last: int) -> None:
    """Write each label to the right of its line's end, moved up where it would cover another."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    step = 0.085 * (high - low)
    ends = sorted(ends, key=lambda end: end[1])
    lowest = low
    for place, (x, y, curve) in enumerate(ends):
        room = high - step * (len(ends) - 1 - place)  # the labels above this one need theirs
        height = min(max(y, lowest), room)
        lowest = height + step
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


def show_rates(
    rates: Sequence[float], losses: Sequence[float], marked: float | None, alt: str
) -> None:
    """Show the loss over growing learning rates, on a logarithmic axis, one rate marked."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    with course_style():
        fig = new_figure(7.6, 3.6, layout="constrained")
        axes = fig.subplots()
        axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.plot(rates, losses, color=palette.LINES[0], linewidth=2.2)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(10, numticks=12))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}"))
        axes.minorticks_off()
        # Where the loss leaps, the rest would be a flat line at the bottom.
        axes.set_ylim(top=losses[0] + 0.25 * (losses[0] - min(losses)) + 1e-9)
        if marked is not None:
            near = min(range(len(rates)), key=lambda i: abs(rates[i] - marked))
            look: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": palette.LINES[1]}
            axes.plot(rates[near], losses[near], markersize=9, label="suggestion", **look)
            axes.legend(loc="lower left", frameon=False)
        axes.set_xlabel("learning rate")
        axes.set_ylabel("loss, smoothed")
        present(fig, clean_alt(alt))


def trend(values: Sequence[float | None]) -> str:
    """Say whether a curve rises or falls, in words that leave room for noise.

    A curve is level when it moves by less than 2 percent of its size. Moves against its direction
    are passed over when they are less than a tenth of its whole range. It turns when it gives
    back a quarter of its range or more.

    Examples
    --------
    >>> trend([0.9, 0.6, 0.5]), trend([0.9, 0.4, 0.41, 0.7]), trend([0.5, 0.9, 0.4, 0.8, 0.5])
    ('falls', 'falls, then rises again', 'goes up and down')
    >>> trend([0.5, 0.501]), trend([0.9]), trend([0.9, 0.6, float("nan")])
    ('stays level', 'is a single point', 'falls, then is no number any more')
    """
    known = [float(v) for v in values if v is not None and math.isfinite(v)]
    if not known:
        return "has no values" if all(v is None for v in values) else "is no number"
    lost = values[-1] is not None and not math.isfinite(values[-1])
    return f"{_moves(known)}, then is no number any more" if lost else _moves(known)


def _moves(values: list[float]) -> str:
    """Say how finite values move."""
    if len(values) == 1:
        return "is a single point"
    low, high = min(values), max(values)
    span = high - low
    if span < _LEVEL * max(abs(low), abs(high), 1e-12):
        return "stays level"
    for one, other, sign in (("falls", "rises", 1.0), ("rises", "falls", -1.0)):
        v = [sign * each for each in values]
        if _against(v) <= _WIGGLE * span:
            return one
        turn = v.index(min(v))
        gives_back = v[-1] - v[turn] >= _TURN * span and v[0] - v[turn] >= _TURN * span
        down, up = v[: turn + 1], [-each for each in v[turn:]]
        if gives_back and _against(down) <= _WIGGLE * span and _against(up) <= _WIGGLE * span:
            return f"{one}, then {other} again"
    if abs(values[-1] - values[0]) < 2 * _TURN * span:
        return "goes up and down"
    return f"{'falls' if values[-1] < values[0] else 'rises'}, with ups and downs on the way"


def _against(values: Sequence[float]) -> float:
    """Return the largest rise from any value to a later one, 0.0 where there is none."""
    lowest, rise = values[0], 0.0
    for value in values:
        lowest = min(lowest, value)
        rise = max(rise, value - lowest)
    return rise


def of_several(words: str, count: int) -> str:
    """Put a trend's verbs into the plural, where it is said of more than one curve.

    Examples
    --------
    >>> of_several("falls, then rises again", 2)
    'fall, then rise again'
    """
    for one, many in _PLURAL.items() if count > 1 else ():
        words = words.replace(one, many)
    return words


def compared_in_words(curves: Sequence[Curve], quantity: str) -> str:
    """Say what a picture of several runs shows, without a measured number.

    Which run ends ahead is said only where it is ahead by a tenth of the picture's range.

    Examples
    --------
    >>> compared_in_words([Curve("a", [1.0, 0.9], 0), Curve("b", [1.0, 0.2], 1)], "loss")
    'The loss of 2 runs over the epochs: a; b. Both fall. At the end b is lowest.'
    """
    labels = [curve.label for curve in curves]
    runs = "one run" if len(curves) == 1 else f"{len(curves)} runs"
    sentences = [f"The {quantity} of {runs} over the epochs: {'; '.join(labels)}."]
    trends = [trend(curve.values) for curve in curves]
    if len(set(trends)) == 1 and len(curves) > 1:
        both = "Both" if len(curves) == 2 else "All"
        sentences.append(f"{both} {of_several(trends[0], 2)}.")
    else:
        each = [f"{label} {words}" for label, words in zip(labels, trends, strict=True)]
        sentences.append("; ".join(each) + ".")
    known = [[v for v in c.values if v is not None and math.isfinite(v)] for c in curves]
    finished = [c.values[-1] is not None and math.isfinite(c.values[-1]) for c in curves]
    if len(curves) > 1 and all(finished):
        margin = 0.1 * (max(map(max, known)) - min(map(min, known)))
        ends = sorted((values[-1], label) for values, label in zip(known, labels, strict=True))
        if quantity.endswith("loss") and ends[1][0] - ends[0][0] > margin:
            sentences.append(f"At the end {ends[0][1]} is lowest.")
        elif not quantity.endswith("loss") and ends[-1][0] - ends[-2][0] > margin:
            sentences.append(f"At the end {ends[-1][1]} is highest.")
    return " ".join(sentences)
