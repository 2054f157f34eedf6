"""A question with feedback for every option."""

import base64
import html
import json
from collections.abc import Iterable
from typing import Any

import traitlets

from coursekit.widgets.base import CourseWidget
from coursekit.widgets.text import rich

Option = tuple[str, bool, str]
_MASK = 90


class Quiz(CourseWidget, folder="quiz"):
    """One question: radio buttons where one option is right, tick boxes where several are.

    Parameters
    ----------
    answer_id
        The name under which the student's answer is kept, such as ``"02-average"``.
    question
        The question; `` `code` `` in backticks.
    options
        A list of ``(text, correct, feedback)``.

    Raises
    ------
    ValueError
        If an option lacks feedback, two options read the same, or none is right.

    Examples
    --------
    >>> Quiz("01-sum", "1 + 1?", [("2", True, "Yes."), ("3", False, "Count again.")])
    Quiz: 1 + 1?
      ( ) 2
      ( ) 3
    Run this cell to answer: click the cell, then press Shift and Enter.
    """

    answer_id = traitlets.Unicode().tag(sync=True, page=True)
    question = traitlets.Unicode().tag(sync=True, page=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True, page=True)
    multiple = traitlets.Bool().tag(sync=True, page=True)
    sealed = traitlets.Unicode().tag(sync=True, page=True)
    record = traitlets.Dict().tag(sync=True)  # never part of the stored output
    where = traitlets.Unicode().tag(sync=True)

    def __init__(self, answer_id: str, question: str, options: Iterable[Option]) -> None:
        rows = _checked(options)
        right = sum(correct for _, correct, _ in rows)
        super().__init__(
            answer_id=answer_id,
            question=question,
            options=[text for text, _, _ in rows],
            multiple=right > 1,
            sealed=_seal([[correct, feedback] for _, correct, feedback in rows]),
        )

    def fallback(self) -> str:
        """Give the question and its options, without a word on which is right."""
        mark = "\N{BALLOT BOX}" if self.multiple else "\N{WHITE CIRCLE}"
        rows = "".join(f"<div>{mark} {rich(text)}</div>" for text in self.options)
        return (
            f"<p><strong>{rich(self.question)}</strong></p>{rows}"
            f"<p><em>{html.escape(_SENTENCE)}</em></p>"
        )

    def plain(self) -> str:
        """Give the same as text."""
        mark = "[ ]" if self.multiple else "( )"
        rows = "".join(f"  {mark} {text}\n" for text in self.options)
        return f"Quiz: {self.question}\n{rows}{_SENTENCE}"


_SENTENCE = "Run this cell to answer: click the cell, then press Shift and Enter."


def _seal(key: list[list[Any]]) -> str:
    # Not a secret, only out of sight: the right answer should not be read by accident.
    packed = json.dumps(key, ensure_ascii=False).encode()
    return base64.b64encode(bytes(byte ^ _MASK for byte in packed)).decode()


def _checked(options: Iterable[Option]) -> list[Option]:
    rows = list(options)
    for number, row in enumerate(rows, start=1):
        if not (isinstance(row, tuple | list) and len(row) == 3 and isinstance(row[1], bool)):
            raise ValueError(
                f"options: number {number} is {row!r}; write (text, True or False, feedback)"
            )
        if not str(row[0]).strip() or not str(row[2]).strip():
            raise ValueError(f"options: number {number} needs a text and feedback, found {row!r}")
    texts = [str(text) for text, _, _ in rows]
    if len(texts) < 2 or len(set(texts)) < len(texts):
        raise ValueError(f"options: expected two or more different texts, found {texts}")
    if not any(correct for _, correct, _ in rows):
        raise ValueError("options: none is right; mark at least one with True")
    return [(str(text), correct, str(feedback)) for text, correct, feedback in rows]
