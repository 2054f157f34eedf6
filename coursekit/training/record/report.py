"""What may be said of a run: exact facts, and claims that hold or not; and its table."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.training.record.history import History

SETS = ("test", "validation", "training")
ROWS = 12


def report(
    history: History, min_accuracy: float | None, max_loss: float | None, which: str | None
) -> None:
    """Print claims about the weights that the model holds, or the exact facts of the run."""
    if min_accuracy is None and max_loss is None:
        if which is not None:
            _column(history, "loss", which)
        print("\n".join(facts(history)))
        return
    lines = []
    if min_accuracy is not None:
        part, value = _column(history, "accuracy", which)
        lines.append(claim(f"{part} accuracy", value, share("min_accuracy", min_accuracy), True))
    if max_loss is not None:
        part, value = _column(history, "loss", which)
        lines.append(claim(f"{part} loss", value, finite("max_loss", max_loss), False))
    print("\n".join(lines))


def facts(history: History) -> list[str]:
    """Say what is exact about a run, one fact a line; no result is among them.

    Examples
    --------
    >>> from coursekit.training.record.history import History
    >>> run = History({"parameters": 61706, "examples": 54000, "batch_size": 256})
    >>> facts(run)
    ['epochs: 0', 'parameters: 61,706', 'training images: 54,000', 'batch: 256']
    """
    planned = history.config.get("epochs")
    done = len(history.records)
    early = isinstance(planned, int) and done < planned and bool(history.stopped)
    lines = [f"epochs: {done} of {planned}" if early else f"epochs: {done}"]
    for label, key in (
        ("parameters", "parameters"),
        ("training images", "examples"),
        ("validation images", "validation_examples"),
        ("test images", "test_examples"),
        ("batch", "batch_size"),
        ("processes", "processes"),
    ):
        count = history.config.get(key)
        if isinstance(count, int) and count > (1 if key == "processes" else 0):
            lines.append(f"{label}: {count:,}")
    return lines


def claim(what: str, value: float, bound: float, at_least: bool) -> str:
    """Write a claim and whether it holds. What is no number holds nowhere.

    Examples
    --------
    >>> claim("test accuracy", 0.9, 0.8, True), claim("test loss", float("nan"), 0.5, False)
    ('test accuracy at least 0.80: yes', 'test loss at most 0.50: no')
    """
    holds = value >= bound if at_least else value <= bound
    # Two decimals at least, and as many as were given.
    short = f"{bound:.2f}"
    written = short if float(short) == bound else f"{bound}"
    return f"{what} at {'least' if at_least else 'most'} {written}: {'yes' if holds else 'no'}"


def share(name: str, value: object) -> float:
    """Return an accuracy as it was given.

    Raises
    ------
    ValueError
        When it is not between 0 and 1.
    """
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise ValueError(
            f"{name}: found {value!r}; expected a share between 0 and 1. "
            f"Write {name}=0.88 for 88 percent."
        )
    return number


def finite(name: str, value: object) -> float:
    """Return a finite number.

    Raises
    ------
    ValueError
        When it is none.
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool | str) or not math.isfinite(number):
        raise ValueError(
            f"{name}: found {value!r}; expected a finite number. Write {name}=0.5, for instance."
        )
    return number


def _column(history: History, quantity: str, which: str | None) -> tuple[str, float]:
    """Return the set's name and the kept epoch's value."""
    if not history.records:
        raise ValueError(
            "history: found no epoch; expected at least one to speak of. The run ended before its "
            "first epoch did."
        )
    there = [part for part in SETS if history.has(key_of(part, quantity))]
    if not there:
        raise ValueError(
            f"history: found a run without any {quantity}; expected one to speak of. "
            f"Write {'max_loss=0.3' if quantity == 'accuracy' else 'min_accuracy=0.8'} instead."
        )
    part = which or next(iter(there), "training")
    if part not in there:
        raise ValueError(
            f"which: found {part!r}; expected a set that this run has the {quantity} of: "
            f"{', '.join(there)}. "
            + (f"Call fit(..., {part}=...)." if part in SETS[:2] else f"Write which={SETS[0]!r}.")
        )
    value = history.kept.get(key_of(part, quantity))
    return part, math.nan if value is None else float(value)


def key_of(part: str, quantity: str) -> str:
    """Return the key of a set's quantity.

    Examples
    --------
    >>> key_of("training", "loss"), key_of("test", "loss")
    ('loss', 'test_loss')
    """
    return quantity if part == "training" else f"{part}_{quantity}"


def table_html(
    records: Sequence[Mapping[str, Any]],
    best: int | None = None,
    *,
    without: Sequence[str] = (),
) -> str:
    """Write the last epochs as an HTML table; the best one is marked by a star.

    Columns that hold nothing, and those named in `without`, are left out.

    Examples
    --------
    >>> "<td>0.9000</td>" in table_html([{"epoch": 1, "loss": 0.9}])
    True
    """
    shown = records[-ROWS:]
    keys = [
        key
        for key in dict.fromkeys(key for record in shown for key in record)
        if key not in without and any(record.get(key) is not None for record in shown)
    ]
    head = "".join(f'<th scope="col">{html.escape(_title(key))}</th>' for key in keys)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(key, record.get(key), best)}</td>" for key in keys) + "</tr>"
        for record in shown
    )
    left_out = len(records) - len(shown)
    above = f"<p>{left_out} earlier epochs are in history.records</p>" if left_out else ""
    table = (
        f"<table><thead><tr>{head}</tr></thead>"
        f'<tbody style="white-space:nowrap">{body}</tbody></table>'
    )
    return f'{above}<div style="overflow-x:auto">{table}</div>'


def _title(key: str) -> str:
    return "images/s" if key == "images_per_second" else key.replace("_", " ")


def _cell(key: str, value: Any, best: int | None) -> str:
    if value is None:
        return "–"
    if key == "epoch":
        return f"{value} ★" if value == best else f"{value}"
    if not isinstance(value, int | float):
        return html.escape(str(value))
    if key == "images_per_second":
        return f"{value:,.0f}"
    if key == "seconds":
        return f"{value:.1f}"
    return f"{value:.3g}" if key == "lr" else f"{value:.4f}"
