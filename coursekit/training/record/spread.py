"""Several seeds of one run as their mean and their spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import course_style
from coursekit.figures.show import present
from coursekit.training.record.history import History
from coursekit.training.record.plots import Curve, draw_panels
from coursekit.training.record.report import claim, finite
from coursekit.training.record.trends import trend

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Band = Literal["range", "std"]


BANDS = {
    "range": "from the lowest to the highest run",
    "std": "one standard deviation to either side",
}


class Spread:
    """One quantity of several runs that differ in their seeds alone: its mean and its spread.

    Attributes
    ----------
    key : str
        The quantity, such as ``"test_accuracy"``.
    n : list of int
        How many runs reached this epoch, for each epoch.
    mean, std, low, high : list of float
        Mean, standard deviation (of a sample, divided by n - 1; nan for one run), lowest and
        highest of those runs, for each epoch.

    Examples
    --------
    >>> runs = [History(records=[{"epoch": 1, "loss": loss}]) for loss in (0.4, 0.6)]
    >>> spread(runs, key="loss")
    Spread of loss over 2 runs, 1 epoch
    >>> spread(runs, key="loss").mean
    [0.5]
    """

    def __init__(self, key: str, columns: Sequence[Sequence[float]]) -> None:
        self.key = key
        self.runs = len(columns)
        by_epoch = [
            [column[i] for column in columns if i < len(column)]
            for i in range(max(len(column) for column in columns))
        ]
        self.n = [len(values) for values in by_epoch]
        self.mean = [math.fsum(values) / len(values) for values in by_epoch]
        self.std = [_std(values) for values in by_epoch]
        self.low = [_end(values, min) for values in by_epoch]
        self.high = [_end(values, max) for values in by_epoch]

    def __repr__(self) -> str:
        epochs = len(self.n)
        return (
            f"Spread of {self.key} over {self.runs} run{'' if self.runs == 1 else 's'}, "
            f"{epochs} epoch{'' if epochs == 1 else 's'}"
        )

    def plot(self, *, band: Band = "range", alt: str | None = None) -> None:
        """Draw the mean over the epochs, and around it how far the runs lie apart.

        Parameters
        ----------
        band
            ``"range"``: from the lowest run to the highest; ``"std"``: one standard deviation
            below and above the mean.
        alt
            A sentence that says what is to be seen; without one it is made from the curve.
        """
        known_band(band)
        runs = "one run" if self.runs == 1 else f"{self.runs} runs"
        text = (
            f"The mean {in_words(self.key)} of {runs} over the epochs, and a band that reaches "
            f"{BANDS[band]}. The mean {trend(self.mean)}."
            if alt is None
            else clean_alt(alt)
        )
        label = f"mean of {self.runs}"
        with course_style():
            fig = draw_panels([(in_words(self.key), [as_curve(label, self, 0, band)])])
            write_below(fig, f"band: {BANDS[band]}")
            present(fig, text)

    def report(
        self,
        at_least: float | None = None,
        at_most: float | None = None,
        *,
        max_std: float | None = None,
    ) -> None:
        """Print claims about the last epoch, one a line: yes or no.

        Without a claim, print how many runs and epochs there are.

        Parameters
        ----------
        at_least, at_most
            Claim that the mean is at least, or at most, this.
        max_std
            Claim that the standard deviation of the runs is at most this.

        Examples
        --------
        >>> runs = [History(records=[{"epoch": 1, "loss": loss}]) for loss in (0.4, 0.5)]
        >>> spread(runs, key="loss").report(at_most=0.6, max_std=0.2)
        mean loss of 2 runs at most 0.60: yes
        standard deviation at most 0.20: yes
        """
        runs = "1 run" if self.runs == 1 else f"{self.runs} runs"
        what = f"mean {in_words(self.key)} of {runs}"
        lines = []
        if at_least is not None:
            lines.append(claim(what, self.mean[-1], finite("at_least", at_least), True))
        if at_most is not None:
            lines.append(claim(what, self.mean[-1], finite("at_most", at_most), False))
        if max_std is not None:
            lines.append(
                claim("standard deviation", self.std[-1], finite("max_std", max_std), False)
            )
        facts = [f"runs: {self.runs}", f"epochs: {len(self.n)}"]
        print("\n".join(lines or facts))


def spread(
    histories: Sequence[History] | Mapping[str, History] | History,
    key: str = "test_accuracy",
) -> Spread:
    """Put runs together that differ in their seeds alone.

    Parameters
    ----------
    histories
        At least one; a run that ended early counts in the epochs that it reached.
    key
        A quantity that all of them have.

    Raises
    ------
    TypeError
        When one of them is no history.
    ValueError
        When there are none, or one has no values under `key`.

    Examples
    --------
    >>> runs = [History(records=[{"epoch": 1, "loss": loss}]) for loss in (0.4, 0.6)]
    >>> spread(runs, key="loss").high
    [0.6]
    """
    if isinstance(histories, Mapping):
        runs = list(histories.values())
    else:
        runs = [histories] if isinstance(histories, History) else list(histories)
    if not runs:
        raise ValueError(
            "histories: found an empty list; expected at least one run. "
            "Write spread([fit(..., seed=s) for s in range(5)])."
        )
    return Spread(key, [values_of(f"histories[{i}]", run, key) for i, run in enumerate(runs)])


def known_band(band: object) -> None:
    """Refuse a band that there is not.

    Raises
    ------
    ValueError
        Naming those that there are.
    """
    if band not in BANDS:
        raise ValueError(
            f"band: found {band!r}; expected 'range' (lowest to highest) or 'std' (one standard "
            "deviation). Write band='std'."
        )


def values_of(name: str, run: object, key: str) -> list[float]:
    """Return one number an epoch, nan where there is none.

    Raises
    ------
    TypeError
        When `run` is no history.
    ValueError
        When it has no values under `key`.
    """
    if not isinstance(run, History):
        raise TypeError(
            f"{name}: found {type(run).__name__}; expected what fit returns, a History. "
            "Write history = fit(...) and pass history."
        )
    if key not in run.keys or not run.has(key):
        there = [k for k in run.keys if k != "epoch" and run.has(k)]
        raise ValueError(
            f"key: found {key!r}, which {name} has no values of; expected one of "
            f"{', '.join(there) or 'none, since no epoch has ended'}. "
            f"Write key={there[0] if there else 'loss'!r}."
        )
    return [math.nan if value is None else float(value) for value in run[key]]


def as_curve(label: str, run: Spread, look: int, band: Band) -> Curve:
    """Make the line and the band of a spread."""
    epochs = range(1, len(run.n) + 1)
    if band == "range":
        return Curve(label, epochs, run.mean, look, run.low, run.high)
    away = [0.0 if math.isnan(std) else std for std in run.std]
    below = [m - d for m, d in zip(run.mean, away, strict=True)]
    above = [m + d for m, d in zip(run.mean, away, strict=True)]
    return Curve(label, epochs, run.mean, look, below, above)


def _std(values: Sequence[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 and _finite(values) else math.nan


def _end(values: Sequence[float], end: Callable[[Sequence[float]], float]) -> float:
    return end(values) if _finite(values) else math.nan


def _finite(values: Sequence[float]) -> bool:
    return all(map(math.isfinite, values))


def in_words(key: str) -> str:
    """Write a key as words.

    Examples
    --------
    >>> in_words("test_accuracy")
    'test accuracy'
    """
    return key.replace("_", " ")


def write_below(fig: Figure, text: str) -> None:
    """Say below the picture what its bands are."""
    fig.axes[0].set_xlabel(f"epoch  ({text})")
