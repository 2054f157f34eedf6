"""What a run leaves behind: one plain record an epoch, and the settings that made them."""

from __future__ import annotations

import html
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit._files import write_whole
from coursekit._headless import headless
from coursekit.errors import cannot_write
from coursekit.figures import palette
from coursekit.figures.runs import Curve, compared_in_words, of_several, show_curves, trend
from coursekit.training.errors import ArgumentError

if TYPE_CHECKING:
    import pandas

_SETS = ("test", "validation", "training")
_ROWS = 12  # epochs that a notebook's table shows
_BAND = "bands: from the lowest to the highest run"


@dataclass(repr=False)
class History:
    """The records of a run, its settings, and how it ended.

    Attributes
    ----------
    config : dict
        Every setting as it was used: `model`, `parameters`, `examples`, `batch_size`, `epochs`,
        `lr`, `seed`, `device`, `precision` and others.
    records : list of dict
        One an epoch, with the keys `epoch` (from 1), `loss`, `accuracy`, `validation_loss` and
        `validation_accuracy` where there is a validation set, `test_loss` and `test_accuracy`
        (None without a test set), `lr`, `seconds` (of training, evaluation left out) and
        `images_per_second`. Loss and accuracy are means over the epoch, while the weights changed.
    best_epoch : int or None
        The epoch that did best on the validation set; None where there is none.
    stopped : str
        Why the run ended before its last epoch; empty when it did not.

    Examples
    --------
    >>> history = History({"parameters": 10}, [{"epoch": 1, "loss": 0.9}])
    >>> history, history["loss"]
    (History(1 epoch, 10 parameters), [0.9])
    """

    config: dict[str, Any] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    best_epoch: int | None = None
    stopped: str = ""

    @property
    def final(self) -> dict[str, Any]:
        """The last epoch's record."""
        if not self.records:
            raise ArgumentError(
                "history: found no epoch; expected at least one, and the run ended before. "
                "Fix: history = fit(...) once more"
            )
        return self.records[-1]

    @property
    def kept(self) -> dict[str, Any]:
        """The record of the weights that the model holds: the best epoch, else the last one."""
        best = (record for record in self.records if record["epoch"] == self.best_epoch)
        return next(best, None) or self.final

    def has(self, key: str) -> bool:
        """Tell whether any epoch has a value under this key."""
        return any(record.get(key) is not None for record in self.records)

    def __getitem__(self, key: str) -> list[Any]:
        """Return one value an epoch: ``history["loss"]``."""
        known = self.final
        if key not in known:
            raise KeyError(f"history has no {key!r}; choose from {', '.join(known)}.")
        return [record.get(key) for record in self.records]

    def __len__(self) -> int:
        """Count the epochs."""
        return len(self.records)

    def __bool__(self) -> bool:
        """Be true even before the first epoch: a history is there."""
        return True

    def __repr__(self) -> str:
        """Say what does not differ from run to run."""
        facts = f"{len(self)} epoch{'' if len(self) == 1 else 's'}"
        parameters = self.config.get("parameters")
        return f"History({facts}, {parameters:,} parameters)" if parameters else f"History({facts})"

    def _repr_html_(self) -> str | None:
        """Show the last epochs as a table; where outputs are stored, the plain form alone."""
        if headless() or not self.records:
            return None
        table = self.to_dataframe().dropna(axis=1, how="all").tail(_ROWS)
        shown: str = table.to_html(index=False, border=0, float_format="{:.4g}".format)
        return f"{shown}<p>{html.escape(self.stopped)}</p>" if self.stopped else shown

    def to_dataframe(self) -> pandas.DataFrame:
        """Make a pandas DataFrame: one row an epoch, one column a key; None becomes NaN."""
        import pandas

        return pandas.DataFrame(self.records).apply(pandas.to_numeric, errors="coerce")

    def to_csv(self, path: str | Path) -> None:
        """Write the records as a CSV file, whole or not at all; None is an empty field."""
        text = self.to_dataframe().to_csv(index=False)
        try:
            write_whole(Path(path), text.encode())
        except OSError as error:
            raise cannot_write(error, Path(path), "choose another folder") from None

    def plot(self, *, alt: str | None = None) -> None:
        """Draw loss and accuracy over the epochs; `alt` says what is to be seen."""
        epochs = "the epochs" if self.stopped else f"{len(self)} epochs"
        epochs = "one epoch" if len(self.final and self) == 1 else epochs
        panels, sentences = [], []
        for quantity in ("loss", "accuracy"):
            curves = [
                Curve(part, self[key_of(part, quantity)], look)
                for look, part in ((0, "training"), (3, "validation"), (1, "test"))
                if self.has(key_of(part, quantity))
            ]
            if curves:
                panels.append((quantity, curves))
            trends: dict[str, list[str]] = {}
            for curve in curves:
                trends.setdefault(trend(curve.values), []).append(curve.label)
            sentences += [
                f"The {_and(parts)} {quantity} {of_several(words, len(parts))}."
                for words, parts in trends.items()
            ]
        beside = ", side by side" if len(panels) > 1 else ""
        head = f"The {' and the '.join(q for q, _ in panels)} over {epochs}{beside}."
        show_curves(panels, alt or " ".join([head, *sentences]), best=self.best_epoch)

    def report(self, min_accuracy: float | None = None, max_loss: float | None = None) -> None:
        """Print claims about the weights that the model holds, one a line: yes or no.

        They are about the test set, else the validation set, else the training set: that the
        accuracy, between 0 and 1, is at least `min_accuracy`, the loss at most `max_loss`. Without
        a claim, print what is exact about the run: epochs, parameters, images, batch.

        Examples
        --------
        >>> history = History(records=[{"epoch": 1, "loss": 0.4, "test_accuracy": 0.91}])
        >>> history.report(min_accuracy=0.88)
        test accuracy at least 0.88: yes
        """
        lines = []
        for quantity, bound, at_least in (
            ("accuracy", min_accuracy, True),
            ("loss", max_loss, False),
        ):
            if bound is None:
                continue
            there = [part for part in _SETS if self.has(key_of(part, quantity))]
            part = there[0] if there else "training"
            value = self.kept.get(key_of(part, quantity))
            bound = share("min_accuracy", bound) if at_least else bound
            lines.append(
                claim(f"{part} {quantity}", math.nan if value is None else value, bound, at_least)
            )
        print("\n".join(lines or self._facts()))

    def _facts(self) -> list[str]:
        """Say what is exact about the run, one fact a line; no result is among them."""
        planned, done = self.config.get("epochs"), len(self)
        lines = [f"epochs: {done} of {planned}" if self.stopped and planned else f"epochs: {done}"]
        for label, key in (
            ("parameters", "parameters"),
            ("training images", "examples"),
            ("validation images", "validation_examples"),
            ("test images", "test_examples"),
            ("batch", "batch_size"),
        ):
            if self.config.get(key):
                lines.append(f"{label}: {self.config[key]:,}")
        return lines


def claim(what: str, value: float, bound: float, at_least: bool) -> str:
    """Write a claim and whether it holds. What is no number holds nowhere."""
    holds = value >= bound if at_least else value <= bound
    # Two decimals at least, and as many as were given.
    written = f"{bound:.2f}" if round(bound, 2) == bound else f"{bound}"
    return f"{what} at {'least' if at_least else 'most'} {written}: {'yes' if holds else 'no'}"


def share(name: str, value: float) -> float:
    """Return a share as it was given; refuse what is not between 0 and 1."""
    if not 0 <= value <= 1:
        raise ArgumentError(
            f"{name}: found {value!r}; expected a share between 0 and 1. Fix: {name}=0.88"
        )
    return value


def key_of(part: str, quantity: str) -> str:
    """Return the key of a set's quantity: ``loss``, ``test_loss``."""
    return quantity if part == "training" else f"{part}_{quantity}"


class Spread:
    """One quantity of several runs that differ in their seeds alone, epoch by epoch.

    It has the lists `mean`, `std` (of a sample, divided by n - 1; nan for one run), `low` and
    `high`, over the epochs that all runs reached.
    """

    def __init__(self, key: str, columns: Sequence[Sequence[float]]) -> None:
        self.key, self.runs = key, len(columns)
        epochs = list(zip(*columns, strict=False))
        self.mean = [math.fsum(values) / len(values) for values in epochs]
        self.std = [statistics.stdev(v) if len(v) > 1 else math.nan for v in epochs]
        self.low, self.high = list(map(min, epochs)), list(map(max, epochs))

    def __repr__(self) -> str:
        many = f"{self.runs} run{'' if self.runs == 1 else 's'}"
        epochs = f"{len(self.mean)} epoch{'' if len(self.mean) == 1 else 's'}"
        return f"Spread of {self.key} over {many}, {epochs}"


def spread(histories: Sequence[History], key: str = "test_accuracy") -> Spread:
    """Put runs together that differ in their seeds alone, to be compared by one quantity."""
    runs = list(histories)
    if not runs:
        raise ArgumentError("histories: found none; expected one. Fix: spread([first, second])")
    return Spread(key, [_values(f"histories[{i}]", run, key) for i, run in enumerate(runs)])


def compare(
    histories: Mapping[str, History | Spread],
    key: str = "test_accuracy",
    *,
    alt: str | None = None,
) -> None:
    """Draw one quantity of one to five runs in one picture.

    `histories` is a dict from label to run, or to the `spread` of several seeds, which is drawn as
    its mean with a band from the lowest run to the highest.

    Examples
    --------
    >>> slow, fast = (History(records=[{"loss": x} for x in run]) for run in ([1, 0.9], [1, 0.2]))
    >>> compare({"slow": slow, "fast": fast}, key="loss")
    The loss of 2 runs over the epochs: slow; fast. Both fall. At the end fast is lowest.
    """
    most = len(palette.LINES)
    if not isinstance(histories, Mapping) or not 1 <= len(histories) <= most:
        raise ArgumentError(
            f"histories: found {type(histories).__name__} of {len(histories)}; expected a dict "
            f'of 1 to {most} runs. Fix: compare({{"batch 32": first, "batch 256": second}})'
        )
    curves = []
    for look, (label, run) in enumerate(histories.items()):
        if isinstance(run, Spread) and run.key == key:
            curves.append(Curve(str(label), run.mean, look, run.low, run.high))
        else:
            curves.append(Curve(str(label), _values(f"histories[{label!r}]", run, key), look))
    words = key.replace("_", " ")
    below = f"lines: means; {_BAND}" if any(curve.low for curve in curves) else ""
    show_curves([(words, curves)], alt or compared_in_words(curves, words), below=below)


def _values(name: str, run: Any, key: str) -> list[float]:
    """Return one number an epoch, nan where there is none."""
    if not isinstance(run, History) or not run.has(key):
        there = [k for k in run.final if run.has(k)] if isinstance(run, History) else []
        raise ArgumentError(
            f"{name}: found {type(run).__name__} without {key!r}; expected what fit returns, with "
            f"that quantity. Fix: key={next(iter(there[1:]), 'loss')!r}"
        )
    return [math.nan if value is None else float(value) for value in run[key]]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
