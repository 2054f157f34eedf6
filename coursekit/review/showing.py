"""What the page shows of a hand-in, put together from the gradebook and the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from coursekit.checks import misconceptions
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.marks import record_of
from coursekit.grading.gradebook.tables import Change
from coursekit.grading.pages.feedback import class_zone, parameters
from coursekit.grading.reading.grading_set import GradingSet
from coursekit.project.rubric import parts
from coursekit.review.classroom import ORDINARY, Classroom, Row
from coursekit.review.comments import suggestions
from coursekit.review.deciding import may_be_undone
from coursekit.review.files import Files, NotThere
from coursekit.review.notebook import Output, ShownCell, own_text


@dataclass
class Desk:
    """All that the page works with: one set of one gradebook, and who is grading."""

    book: GradeBook
    asked: GradingSet
    who: str
    classroom: Classroom = field(init=False)
    files: Files = field(init=False)

    def __post_init__(self) -> None:
        self.classroom = Classroom(self.book, self.asked.name)
        self.files = Files(self.book, self.asked.name)
        self.zone = class_zone(self.book.last_run(self.asked.name))

    def cells(self, row: Row) -> tuple[ShownCell, ...]:
        """Return the cells of the file that counts.

        Raises
        ------
        NotThere
            When it cannot be shown.
        """
        if row.facts is None or not row.facts.digest:
            raise NotThere("there is no file that could be read")
        return self.files.cells(row.facts.digest)

    def picture(self, row: Row, place: int, number: int) -> bytes | None:
        """Return a picture among the outputs of a cell, by their places from 1."""
        try:
            outputs = next(cell.outputs for cell in self.cells(row) if cell.place == place)
            output: Output = outputs[number - 1] if number > 0 else Output("")
        except (NotThere, StopIteration, IndexError):
            return None
        return output.picture or None


def panel(desk: Desk, row: Row) -> dict[str, Any]:
    """Return what stands beside a hand-in: marks, checks, comments, requests, history."""
    record = record_of(desk.book, desk.asked.name, row.mark.student)
    entry = record.entry
    by_hand = row.by_hand
    found = {one["name"]: one for one in entry["functions"]} if entry is not None else {}
    titles = {part.name: part for part in parts()} if desk.asked.by_hand else {}
    questions = {question.name: question for question in desk.asked.marked_questions}
    answers = {one["name"]: one for one in (entry or {}).get("answers", ())}
    functions = []
    for name, worth in desk.asked.worth.items():
        one = found.get(name)
        idea = one.get("misconception") if one else None
        functions.append(
            {
                "name": name,
                "part": titles.get(name),
                "question": questions.get(name),
                "answer": answers.get(name),
                "found": one,
                "worth": worth,
                "given": by_hand.get(name),
                "change": row.given("points", name),
                "seen": seen(row, "points", name),
                "does": _does(name, idea),
            }
        )
    return {
        "row": row,
        "entry": entry,
        "functions": functions,
        "whole": row.given("points"),
        "seen": lambda kind, function=None: seen(row, kind, function),
        "comments": row.all("comment"),
        "requests": _requests(row),
        "suggestions": suggestions(desk.book, row, desk.classroom.rows()),
        "history": [(change, may_be_undone(change, record)) for change in reversed(record.changes)],
        "parameters": parameters(desk.asked.name),
        "worth": desk.asked.worth,
        "events": [one for one in (entry or {}).get("events", ()) if one["code"] not in ORDINARY],
    }


def _does(function: str, idea: str | None) -> str:
    try:
        return misconceptions(function).get(idea, "") if idea else ""
    except ValueError:  # a part of a project
        return ""


def seen(row: Row, kind: str, function: str | None = None) -> int:
    """Return the number of the decision that a page shows, 0 where there is none."""
    change = row.given(kind, function)
    return 0 if change is None else change.id


def _requests(row: Row) -> list[tuple[Change, Change | None]]:
    """Return the requests, each with its answer; an answer is to all before it without one."""
    found: list[tuple[Change, Change | None]] = []
    for change in row.standing:
        if change.kind == "request":
            found.append((change, None))
        elif change.kind == "answer":
            found = [(asked, said or change) for asked, said in found]
    return found


def in_blocks(
    cells: Sequence[ShownCell], names: Sequence[str]
) -> list[tuple[bool, list[ShownCell]]]:
    """Return cells in blocks: the student's own, or in a row as they were handed out."""

    def open_at_once(cell: ShownCell) -> bool:
        return cell.own or cell.failed or any(name in cell.defines for name in names)

    return [(shown, list(group)) for shown, group in groupby(cells, open_at_once)]


def sections(desk: Desk) -> list[str]:
    """Return the parts of the set that can be laid side by side, by their headings."""
    if desk.asked.by_hand:
        return [part.title for part in parts()]
    return desk.files.headings()


@dataclass(frozen=True)
class Side:
    """What one student has in one part: own text, pictures with their places, code."""

    text: str
    pictures: tuple[tuple[int, int, str], ...]
    code: tuple[ShownCell, ...]
    missing: str = ""


def side(desk: Desk, row: Row, section: str) -> Side:
    """Return what a student has under a heading."""
    try:
        cells = [cell for cell in desk.cells(row) if _same(cell.heading, section)]
    except NotThere as problem:
        return Side("", (), (), str(problem))
    known = desk.files.lines
    texts = [own_text(cell.source, known) for cell in cells if cell.kind == "text" and cell.own]
    return Side(
        "\n\n".join(text for text in texts if text),
        tuple(
            (cell.place, number, output.text)
            for cell in cells
            for number, output in enumerate(cell.outputs, start=1)
            if output.kind == "picture"
        ),
        tuple(cell for cell in cells if cell.kind == "code" and cell.own),
    )


def _same(heading: str, section: str) -> bool:
    """Say whether two headings are the same, but for a number before them."""
    return _bare(heading) == _bare(section)


def _bare(heading: str) -> str:
    return heading.lstrip("0123456789 .)·:-").strip(" #").casefold() or heading.casefold()


def first_section(desk: Desk, there: Sequence[str]) -> str:
    """Return the section to begin with: the first that has points."""
    return next((one for one in there if function_of(desk, one)), there[0] if there else "")


def function_of(desk: Desk, section: str) -> str | None:
    """Return the function, or the part of a project, that a section is about."""
    if desk.asked.by_hand:
        return next((part.name for part in parts() if part.title == section), None)
    for question in desk.asked.marked_questions:
        if question.title == section:
            return question.name
    return next(
        (name for name in desk.asked.worth if name in desk.files.defined_under(section)), None
    )
