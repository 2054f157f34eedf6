"""Quizzes in a lesson: one call, one question, answers kept."""

import hashlib
from collections.abc import Iterable
from typing import Any

from coursekit.learn import answers
from coursekit.learn.display import display
from coursekit.learn.names import checked_id
from coursekit.widgets.quiz.quiz import Option, Quiz


def quiz(id: str, question: str, options: Iterable[Option]) -> None:
    """Show a question with feedback for every option, and keep what the student answers.

    The options are shown in a shuffled order, the same each time and for everyone: where the right
    one stands in the source says nothing.

    Parameters
    ----------
    id
        A name of its own, such as ``"02-average"``; the answer is kept under it.
    question
        The question; `` `code` `` in backticks.
    options
        A list of ``(text, correct, feedback)``. One correct option gives radio buttons, several
        give tick boxes.

    Raises
    ------
    ValueError
        If the id is not of that form, an option lacks feedback, or none is right.

    Examples
    --------
    >>> quiz("01-sum", "1 + 1?", [("2", True, "Yes."), ("3", False, "Count again.")])
    Quiz: 1 + 1?
      ( ) 2
      ( ) 3
    Run this cell to answer: click the cell, then press Shift and Enter.
    """
    widget = Quiz(checked_id(id), question, shuffled(id, options))
    keep(widget)
    display(widget)


def shuffled(id: str, options: Iterable[Option]) -> list[Option]:
    """Return the options in the order in which everybody sees them.

    Examples
    --------
    >>> [text for text, *_ in shuffled("01-sum", [("2", True, "Yes."), ("3", False, "No.")])]
    ['2', '3']
    """

    def place(option: Option) -> bytes:
        text = option[0] if isinstance(option, tuple | list) and option else option
        return hashlib.sha256(f"{id} {text}".encode()).digest()

    return sorted(options, key=place)


def keep(widget: Any) -> None:
    """Give a widget the stored answer, and store every new one."""
    widget.record = answers.read_answer(widget.answer_id)
    widget.where = answers.where()

    def store(change: Any) -> None:
        widget.where = answers.write_answer(widget.answer_id, change["new"])

    widget.observe(store, "record")
