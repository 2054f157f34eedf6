"""A history as a table, as CSV, as JSON and as an event file of TensorBoard."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit._files import write_whole
from coursekit.errors import CourseError, cannot_write

if TYPE_CHECKING:
    import pandas

FORMAT, VERSION = "coursekit history", 1
_NO_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_MEND = "choose another folder"


class Exports:
    """The ways in which a `History` leaves the program."""

    records: list[dict[str, Any]]
    config: dict[str, Any]
    best_epoch: int | None
    stopped: str

    @property
    def keys(self) -> list[str]:
        """The names of the columns, in order: of all records together."""
        return list(dict.fromkeys(key for record in self.records for key in record))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values that strict JSON can hold."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "best_epoch": self.best_epoch,
            "stopped": self.stopped,
            "config": plain(self.config),
            "records": plain(self.records),
        }

    def to_dataframe(self) -> pandas.DataFrame:
        """Make a pandas DataFrame: one row an epoch, one column a key; None becomes NaN."""
        import pandas

        rows = [from_plain(plain(record)) for record in self.records]
        table = pandas.DataFrame(rows, columns=self.keys)
        return table.apply(pandas.to_numeric, errors="coerce")

    def to_csv(self, path: str | Path) -> None:
        """Write the records as a CSV file, whole or not at all.

        Numbers are written so that they read back exactly; None is an empty field.

        Raises
        ------
        CourseError
            When the file cannot be written; the message names it.
        """
        text = io.StringIO()
        writer = csv.DictWriter(text, self.keys or ["epoch"], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(plain(record) for record in self.records)
        _write(Path(path), text.getvalue())

    def to_json(self, path: str | Path) -> None:
        """Write everything as strict JSON, whole or not at all; `from_json` reads it back.

        A value that is no number is written as the text "NaN", "Infinity" or "-Infinity", since
        JSON itself has no word for it.

        Raises
        ------
        CourseError
            When the file cannot be written; the message names it.
        """
        text = json.dumps(self.as_dict(), indent=1, ensure_ascii=False, allow_nan=False)
        _write(Path(path), text + "\n")

    def to_tensorboard(self, folder: str | Path) -> None:
        """Write an event file for TensorBoard: one curve a key, the settings as text.

        The curves of one quantity stand in one group: ``loss/training``, ``loss/test``.

        Raises
        ------
        CourseError
            When tensorboard is not installed or the folder cannot be written.
        """
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise CourseError(
                "tensorboard is not installed, so no event file can be written; run "
                "`pip install tensorboard` and restart the kernel"
            ) from None
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            writer = SummaryWriter(str(folder))
        except OSError as error:
            raise cannot_write(error, Path(folder), _MEND) from None
        with writer:
            settings = json.dumps(plain(self.config), indent=1, ensure_ascii=False)
            indented = "".join(f"    {line}\n" for line in settings.splitlines())
            writer.add_text("settings", indented)
            for record in self.records:
                for key, value in from_plain(plain(record)).items():
                    if key != "epoch" and isinstance(value, int | float):
                        writer.add_scalar(_tag(key, self.keys), value, record["epoch"])


def plain(value: Any) -> Any:
    """Turn a value into what strict JSON can hold.

    Numbers of NumPy and PyTorch become Python's, tuples lists, what is no number a text; of
    anything else the name is kept.

    Examples
    --------
    >>> plain({"lr": float("inf"), "betas": (0.9, 0.999), "loss": print})
    {'lr': 'Infinity', 'betas': [0.9, 0.999], 'loss': 'print'}
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, Path) or type(value).__name__ in ("device", "dtype"):
        return str(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    # No repr, which could hold an address.
    return getattr(value, "__name__", type(value).__name__)


def from_plain(value: Any) -> Any:
    """Turn the texts for what is no number back.

    Examples
    --------
    >>> from_plain({"loss": ["NaN", 0.5]})
    {'loss': [nan, 0.5]}
    """
    if isinstance(value, Mapping):
        return {key: from_plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [from_plain(each) for each in value]
    return _NO_NUMBERS.get(value, value) if isinstance(value, str) else value


def read_json(path: Path) -> dict[str, Any]:
    """Read the file that `to_json` wrote, as plain values.

    Raises
    ------
    CourseError
        When it is missing, damaged, no history or of another version.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CourseError(f"{path} could not be read ({reason}); check the name") from None
    except (ValueError, RecursionError):  # of JSON or of UTF-8
        raise CourseError(
            f"{path} is damaged: it is no JSON; write it again with history.to_json"
        ) from None
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        raise CourseError(
            f"{path} holds no history; expected a file that history.to_json has written"
        )
    if content.get("version") != VERSION:
        raise CourseError(
            f"{path} is of version {content.get('version')}, this coursekit reads version "
            f"{VERSION}; install the coursekit that wrote it"
        )
    records = content.get("records")
    whole = (
        isinstance(content.get("config"), dict)
        and isinstance(records, list)
        and all(isinstance(r, dict) and isinstance(r.get("epoch"), int) for r in records)
        and isinstance(content.get("stopped"), str)
        and isinstance(content.get("best_epoch", ""), int | None)
    )
    if not whole:
        raise CourseError(
            f"{path} is damaged: a part of the history is missing; write it again with "
            "history.to_json"
        )
    return dict(content)


def _tag(key: str, keys: list[str]) -> str:
    for part in ("validation", "test"):
        name = key.removeprefix(f"{part}_")
        if name != key:
            return f"{name}/{part}"
    several = any(f"{part}_{key}" in keys for part in ("validation", "test"))
    return f"{key}/training" if several else key


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise cannot_write(error, path, _MEND) from None
