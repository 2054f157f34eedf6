"""How far a student is: what is read, predicted, answered and solved, and with which mistakes.

All of it is read from the file of answers in the workspace; nothing leaves this computer.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

from coursekit._files import course_root
from coursekit._headless import headless
from coursekit.checks import misconceptions
from coursekit.checks.sets import FUNCTIONS
from coursekit.errors import CourseError
from coursekit.learn import answers
from coursekit.learn.checking import attempts_in, mistakes_in, record_name
from coursekit.learn.display import display_html
from coursekit.widgets.text import rich

_ASKED = re.compile(r'data-widget="(quiz|predict)" data-state="([^"]*)"')
_COLUMNS = ("lesson", "read", "predicted", "quiz", "solved")
_LATER = "Run this cell to see how far you are: click the cell, then press Shift and Enter."
_RULE = (
    "A lesson counts as read when the answer to each of its predictions has been shown. "
    "A prediction may be wrong; a quiz question counts when it is right."
)


@dataclass
class LessonProgress:
    """One lesson: how many of what there is are done, and the mistakes on the way."""

    name: str
    predictions: int = 0
    revealed: int = 0
    predicted: int = 0
    predicted_right: int = 0
    questions: int = 0
    answered: int = 0
    functions: int = 0
    solved: int = 0
    begun: bool = False
    mistakes: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the lesson's row of the table."""
        whole = self.predictions and self.revealed == self.predictions
        read = "yes" if whole else "begun" if self.begun else "no"
        predicted = f"{self.predicted} of {self.predictions}"
        if self.predicted:
            predicted += f", {self.predicted_right} right"
        quiz = f"{self.answered} of {self.questions}"
        solved = f"{self.solved} of {self.functions}" if self.functions else ""
        return self.name, read, predicted, quiz, solved


def progress() -> None:
    """Show how far you are in the course; it is read from your answers on this computer."""
    if headless():
        display_html(f"<p>{_LATER}</p>", _LATER)
        return
    try:
        lessons = course_progress(answers.read_all())
    except CourseError as error:
        display_html(f"<p>{escape(str(error))}</p>", str(error))
        return
    display_html(as_html(lessons), as_text(lessons))


def course_progress(
    records: dict[str, dict[str, Any]], root: Path | None = None
) -> list[LessonProgress]:
    """Return how far a student is in each lesson.

    Parameters
    ----------
    records
        The student's answers, by name.
    root
        The folder that holds `lessons/`; the course on this machine unless given.

    Raises
    ------
    CourseError
        When a lesson cannot be read.

    Examples
    --------
    >>> lesson = course_progress({"03-check-conv2d": {"passed": True}})[3]
    >>> lesson.name, lesson.solved, lesson.functions
    ('03 Convolution in two dimensions', 1, 2)
    """
    found = []
    for path in sorted(((root or course_root()) / "lessons").glob("[0-9][0-9]_*.ipynb")):
        try:
            notebook = json.loads(path.read_bytes())
            course = notebook["metadata"]["coursekit"]
            lesson = LessonProgress(f"{course['lesson']} {course['title']}")
            for kind, state in _asked(notebook):
                record = records.get(state["answer_id"], {})
                (_count_quiz if kind == "quiz" else _count_prediction)(lesson, state, record)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CourseError(f"{path} is not a lesson; fetch the course again") from error
        for function in FUNCTIONS.get(path.stem, ()):
            _count_function(lesson, function, records.get(record_name(function), {}))
        if lesson.predictions or lesson.questions or lesson.functions:
            found.append(lesson)
    return found


def _asked(notebook: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kind and the state of each question, as the lesson's stored outputs have it."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            markup = "".join(output.get("data", {}).get("text/html", ""))
            for kind, state in _ASKED.findall(markup):
                yield kind, json.loads(unescape(state))


def _count_prediction(
    lesson: LessonProgress, state: dict[str, Any], record: dict[str, Any]
) -> None:
    lesson.predictions += 1
    lesson.begun = lesson.begun or bool(record)
    lesson.revealed += bool(record.get("revealed"))
    lesson.predicted += "answer" in record
    lesson.predicted_right += record.get("right") is True
    if record.get("right") is False:
        lesson.mistakes.append(
            f"{state['question']} You predicted {record.get('answer')}; "
            f"it is {record.get('correct')}."
        )


def _count_quiz(lesson: LessonProgress, state: dict[str, Any], record: dict[str, Any]) -> None:
    lesson.questions += 1
    lesson.begun = lesson.begun or bool(record)
    lesson.answered += record.get("right") is True
    wrong = attempts_in(record) - (record.get("right") is True)
    if wrong > 0:
        end = "" if record.get("right") else ", and not right yet"
        lesson.mistakes.append(f"{state['question']} Wrong {_times(wrong)}{end}.")


def _count_function(lesson: LessonProgress, function: str, record: dict[str, Any]) -> None:
    lesson.functions += 1
    lesson.solved += record.get("passed") is True
    lesson.begun = lesson.begun or bool(record)
    for name, count in sorted(mistakes_in(record).items()):
        does = misconceptions(function).get(name, "was not right, by a mistake without a name")
        lesson.mistakes.append(f"`{function}` {does}: {_times(count)}.")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def as_text(lessons: list[LessonProgress]) -> str:
    """Return the table and the mistakes as plain text.

    Examples
    --------
    >>> print(as_text([LessonProgress("05 Padding", 4, 1, 1, 1, 4, begun=True)]))
    lesson      read   predicted        quiz    solved
    05 Padding  begun  1 of 4, 1 right  0 of 4
    <BLANKLINE>
    A lesson counts as read ...
    """
    rows = [_COLUMNS, *(lesson.cells() for lesson in lessons)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_COLUMNS))]
    lines = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += ["", _RULE]
    for lesson in lessons:
        if lesson.mistakes:
            lines += ["", f"{lesson.name}: mistakes on the way"]
            lines += [f"  - {mistake}" for mistake in lesson.mistakes]
    return "\n".join(lines)


def as_html(lessons: list[LessonProgress]) -> str:
    """Return the same as HTML, the mistakes of each lesson folded."""
    head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in _COLUMNS)
    body = ""
    for lesson in lessons:
        name, *rest = lesson.cells()
        cells = "".join(f'<td style="text-align:left">{text}</td>' for text in rest)
        first = f'<th scope="row" style="text-align:left">{escape(name)}</th>'
        body += f"<tr>{first}{cells}</tr>"
    folded = ""
    for lesson in lessons:
        if lesson.mistakes:
            items = "".join(f"<li>{rich(mistake)}</li>" for mistake in lesson.mistakes)
            summary = f"{escape(lesson.name)}: mistakes on the way ({len(lesson.mistakes)})"
            folded += f"<details><summary>{summary}</summary><ul>{items}</ul></details>"
    return (
        f"<table><caption>How far you are</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table><p>{_RULE}</p>{folded}"
    )
