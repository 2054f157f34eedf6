"""What a run leaves behind: one plain record an epoch, and every setting that made them."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursekit.training.record.exports import Exports, from_plain, read_json

Record = dict[str, Any]

# The order in which the keys of a record stand; a run's own metrics follow.
KEYS = (
    "epoch",
    "loss",
    "accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "lr",
    "seconds",
    "images_per_second",
)
OPTIONAL = ("validation_loss", "validation_accuracy")


class History(Exports):
    """The records of a run, its settings, and how it ended.

    Attributes
    ----------
    records : list of dict
        One an epoch, with the keys `epoch` (from 1), `loss`, `accuracy`, `validation_loss` and
        `validation_accuracy` where there is a validation set, `test_loss` and `test_accuracy`
        (None without a test set), `lr`, `seconds` (of training, evaluation left out) and
        `images_per_second`; then the run's own metrics.
    config : dict
        Every setting of the run as it was used, and what it ran on: among others `model`,
        `parameters`, `examples`, `validation_examples`, `test_examples`, `batch_size`, `epochs`,
        `lr`, `seed`, `device`, `precision`, `processes`, `keep` and `versions`.
    best_epoch : int or None
        The epoch that did best on the validation set; None where there is none.
    stopped : str
        Why the run ended before its last epoch; empty when it did not.

    Examples
    --------
    >>> history = History({"parameters": 10})
    >>> history.add({"epoch": 1, "loss": 0.9, "accuracy": 0.5})
    >>> history.add({"epoch": 2, "loss": 0.7, "accuracy": 0.6})
    >>> history
    History(2 epochs, 10 parameters)
    >>> history["loss"], history.final["accuracy"]
    ([0.9, 0.7], 0.6)
    """

    def __init__(
        self,
        config: Mapping[str, Any] | None = None,
        records: Sequence[Mapping[str, Any]] = (),
        *,
        best_epoch: int | None = None,
        stopped: str = "",
    ) -> None:
        self.config: dict[str, Any] = dict(config or {})
        self.records: list[Record] = []
        self.best_epoch = best_epoch
        self.stopped = stopped
        for record in records:
            self.add(record)

    def add(self, record: Mapping[str, Any]) -> None:
        """Append the record of an epoch, its keys put into the usual order.

        Keys of `KEYS` that are missing become None; the two of a validation set stand in the
        record where it has at least one of them.

        Raises
        ------
        ValueError
            When it has no epoch.
        """
        if not isinstance(record.get("epoch"), int):
            raise ValueError(
                f"record: found epoch {record.get('epoch')!r}; expected a whole number from 1. "
                "Write history.add({'epoch': 1, 'loss': ...})."
            )
        split = any(key in record for key in OPTIONAL)
        known = {key: record.get(key) for key in KEYS if split or key not in OPTIONAL}
        self.records.append(known | {k: v for k, v in record.items() if k not in KEYS})

    @property
    def final(self) -> Record:
        """The last epoch's record.

        Raises
        ------
        ValueError
            When no epoch has ended.
        """
        if not self.records:
            raise ValueError(
                "history: found no record; expected at least one epoch. "
                "The run ended before its first epoch did."
            )
        return self.records[-1]

    @property
    def kept(self) -> Record:
        """The record of the weights that the model holds at the end.

        That is the best epoch where the run put the best weights back, else the last one.

        Raises
        ------
        ValueError
            When no epoch has ended.
        """
        if self.best_epoch is not None and self.config.get("keep") != "last":
            for record in self.records:
                if record["epoch"] == self.best_epoch:
                    return record
        return self.final

    def has(self, key: str) -> bool:
        """Tell whether any epoch has a value under this key.

        Examples
        --------
        >>> History(records=[{"epoch": 1, "loss": 0.9}]).has("test_loss")
        False
        """
        return any(record.get(key) is not None for record in self.records)

    def __getitem__(self, key: str) -> list[Any]:
        """Return one value an epoch: ``history["loss"]``."""
        if isinstance(key, str) and (key in KEYS or key in self.keys):
            return [record.get(key) for record in self.records]
        raise KeyError(
            f"history has no {key!r}; choose from {', '.join(self.keys or KEYS)}. "
            "A single epoch is history.records[0]."
        )

    def __len__(self) -> int:
        """Count the epochs."""
        return len(self.records)

    def __bool__(self) -> bool:
        """Be true even before the first epoch: a history is there."""
        return True

    def __iter__(self) -> Iterator[Record]:
        """Go through the records."""
        return iter(self.records)

    def __repr__(self) -> str:
        """Say what does not differ from run to run."""
        facts = [f"{len(self)} epoch{'' if len(self) == 1 else 's'}"]
        if isinstance(self.config.get("parameters"), int):
            facts.append(f"{self.config['parameters']:,} parameters")
        return f"History({', '.join(facts)})"

    def _repr_html_(self) -> str | None:
        """Show a small table; where outputs are stored, the plain form alone."""
        if os.environ.get("COURSEKIT_HEADLESS", "") not in ("", "0") or not self.records:
            return None
        below = f"<p>{html.escape(self.stopped)}</p>" if self.stopped else ""
        from coursekit.training.record.report import table_html

        return table_html(self.records, self.best_epoch) + below

    @classmethod
    def from_json(cls, path: str | Path) -> History:
        """Read what `to_json` wrote.

        Raises
        ------
        CourseError
            When the file is missing, damaged or no history; the message names it.
        """
        return cls.from_dict(read_json(Path(path)))

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> History:
        """Make a history of what `as_dict` returned."""
        plain = from_plain(content)
        return cls(
            plain["config"],
            plain["records"],
            best_epoch=plain["best_epoch"],
            stopped=plain["stopped"],
        )

    def plot(self, *, alt: str | None = None) -> None:
        """Draw loss and accuracy over the epochs: training, validation and test.

        Parameters
        ----------
        alt
            A sentence that says what is to be seen. Without one it is made from the curves, in
            words that leave room for another run's noise.

        Raises
        ------
        ValueError
            When no epoch has ended, or `alt` is too short.
        """
        from coursekit.training.record.plots import plot

        plot(self, alt=alt)

    def report(
        self,
        min_accuracy: float | None = None,
        max_loss: float | None = None,
        *,
        which: str | None = None,
    ) -> None:
        """Print claims about the weights that the model holds, one a line: yes or no.

        Without a claim, print what is exact about the run: epochs, parameters, images, batch.

        Parameters
        ----------
        min_accuracy
            Claim that the accuracy, between 0 and 1, is at least this.
        max_loss
            Claim that the loss is at most this.
        which
            ``"test"``, ``"validation"`` or ``"training"``; the first of them that there is.

        Raises
        ------
        ValueError
            When no epoch has ended, the set is not there or the claim is out of range.

        Examples
        --------
        >>> history = History(records=[{"epoch": 1, "loss": 0.4, "test_accuracy": 0.91}])
        >>> history.report(min_accuracy=0.88)
        test accuracy at least 0.88: yes
        """
        from coursekit.training.record.report import report

        report(self, min_accuracy, max_loss, which)
