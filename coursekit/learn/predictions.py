"""Predictions in a lesson: written down first, compared with the answer afterwards."""

import math
import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from coursekit._headless import headless
from coursekit.learn import answers
from coursekit.learn.display import display, display_html, hold_back_rest_of_cell
from coursekit.learn.names import checked_id
from coursekit.learn.quizzes import keep
from coursekit.widgets.base import page_element
from coursekit.widgets.predict.predict import Kind, Predict
from coursekit.widgets.text import rich

FIRST = (
    "Write your prediction in the box above first (or press Skip there), then run this cell again."
)
_BOX = "border-left:4px double #0a6b4e;padding:6px 12px;margin:6px 2px"

# The box that is on screen, so that revealing its answer can close it.
_boxes: WeakValueDictionary[str, Predict] = WeakValueDictionary()


def predict(
    id: str,
    question: str,
    *,
    options: Sequence[str] | None = None,
    kind: Kind | None = None,
    unit: str = "",
) -> None:
    """Show a box in which the student writes down an answer before it is revealed.

    Parameters
    ----------
    id
        A name of its own, such as ``"02-average"``; `reveal` uses the same.
    question
        The question; `` `code` `` in backticks.
    options
        For a choice: two or more texts.
    kind
        ``"choice"``, ``"number"`` or ``"text"``; unless given, a choice where there are options,
        else a text.
    unit
        Written after the box, such as ``"pixels"``.

    Raises
    ------
    ValueError
        If the id is not of that form, or kind and options do not go together.

    Examples
    --------
    >>> predict("01-size", "How many bytes?", kind="number", unit="bytes")
    Predict: How many bytes?
    Run this cell to write down your answer: click the cell, then press Shift and Enter. After that,
    run the folded cell below: it shows the right one.
    """
    chosen_kind: Kind = kind or ("choice" if options else "text")
    widget = Predict(checked_id(id), question, options, chosen_kind, unit)
    keep(widget)
    _boxes[id] = widget
    display(widget)


def reveal(id: str, answer: object, because: str = "") -> None:
    """Show the answer to a prediction, once one is written (or skipped).

    Until then neither the answer nor what the cell shows after it is to be seen.

    Parameters
    ----------
    id
        The id that was given to `predict`.
    answer
        A number or a text.
    because
        One or two sentences on why it is so; `` `code` `` in backticks.

    Raises
    ------
    ValueError
        If the id is not of that form.

    Examples
    --------
    >>> import os
    >>> os.environ["COURSEKIT_HEADLESS"] = "1"
    >>> reveal("02-average", 7.75, "31 divided by 4.")
    The answer: 7.75. 31 divided by 4.
    >>> del os.environ["COURSEKIT_HEADLESS"]
    """
    checked_id(id)
    record = answers.read_answer(id)
    right = answer_text(answer)
    if not headless() and "answer" not in record and not record.get("skipped"):
        display_html(f'<div style="{_BOX}"><p>{FIRST}</p></div>', FIRST)
        hold_back_rest_of_cell()
        return
    first = _sentence(record, right)
    reason = f"<p>{rich(because)}</p>" if because else ""
    markup = f"<p><strong>{rich(first)}</strong></p>{reason}"
    state = {"prediction_id": id, "answer": right, "because": because}
    element = page_element("reveal", state, f'<div style="{_BOX}">{markup}</div>')
    display_html(element, f"{first} {because}".strip())
    _close(id, record, right)


def answer_text(answer: object) -> str:
    """Give an answer as it is read: six significant digits at most, no brackets round a scalar.

    Examples
    --------
    >>> answer_text(7.75), answer_text(2 / 3), answer_text(6220800), answer_text("yes")
    ('7.75', '0.666667', '6220800', 'yes')
    """
    item = getattr(answer, "item", None)
    value = item() if callable(item) and getattr(answer, "size", 1) == 1 else answer
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _sentence(record: dict[str, Any], right: str) -> str:
    end = "" if right.endswith((".", "!", "?")) else "."
    if "answer" not in record:
        return f"The answer: {right}{end}"
    wrote = str(record["answer"])
    verdict = " You were right." if _same(wrote, right) else ""
    return f"You wrote {wrote}. The answer is {right}{end}{verdict}"


def _same(wrote: str, right: str) -> bool:
    """Compare numbers to the decimals that the answer shows, texts without case and spaces."""
    mine, theirs = _as_number(wrote), _as_number(right)
    if mine is None or theirs is None:
        return " ".join(wrote.lower().split()) == " ".join(right.lower().split())
    decimals = len(right.partition(".")[2]) if "e" not in right else 0
    half_a_digit = 0.5000001 * 10.0**-decimals if decimals else 0.0
    return math.isclose(mine, theirs, rel_tol=1e-12, abs_tol=half_a_digit)


def _as_number(text: str) -> float | None:
    clean = "".join(text.replace("−", "-").split())
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", clean):
        clean = clean.replace(",", "")
    clean = re.sub(r"^([-+]?\d*),(\d+)$", r"\1.\2", clean)
    top, slash, bottom = clean.partition("/")
    try:
        return float(top) / float(bottom) if slash else float(top)
    except (ValueError, ZeroDivisionError):
        return None


def _close(id: str, record: dict[str, Any], right: str) -> None:
    """Store that the answer has been shown, and whether the prediction was right."""
    if headless() or record.get("revealed"):
        return
    closed = {**record, "revealed": True}
    if "answer" in record:
        closed |= {"right": _same(str(record["answer"]), right), "correct": right}
    box = _boxes.get(id)
    if box is not None:
        box.record = closed  # its observer stores it
    else:
        answers.write_answer(id, closed)
