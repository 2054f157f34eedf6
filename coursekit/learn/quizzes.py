"""Quizzes in a lesson: one call, one question, answers kept."""

from collections.abc import Iterable
from typing import Any

from coursekit.learn import answers
from coursekit.learn.display import display
from coursekit.learn.names import checked_id
from coursekit.widgets.quiz.quiz import Option, Quiz


def quiz(id: str, question: str, options: Iterable[Option]) -> None:
    """Show a question with feedback for every option, and keep what the student answers.

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
    widget = Quiz(checked_id(id), question, options)
    keep(widget)
    display(widget)


def keep(widget: Any) -> None:
    """Give a widget the stored answer, and store every new one."""
    widget.record = answers.read_answer(widget.answer_id)
    widget.where = answers.where()

    def store(change: Any) -> None:
        widget.where = answers.write_answer(widget.answer_id, change["new"])

    widget.observe(store, "record")
