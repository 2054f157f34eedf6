"""What a grader decides on the page, on its way into the gradebook; and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursekit.errors import CallError
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.decisions import ConflictError, decide, take_back
from coursekit.grading.gradebook.marks import Record, record_of
from coursekit.grading.gradebook.tables import Change
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import GradingSet

ON_THE_PAGE = ("points", "comment", "extension", "in_time", "excused", "reviewed", "request",
               "answer")  # fmt: skip
PILE_UP = ("comment", "request", "answer")
_MOST = 10_000  # characters of a comment, a request or an answer
_NUMBERS = {"points": "points", "extension": "days"}
_TIMES = 50  # that others may be faster with something else


class Overtaken(Exception):
    """Somebody else has decided the same thing since; `newest` is what holds now, if anything."""

    def __init__(self, newest: Change | None) -> None:
        super().__init__("decided by somebody else since")
        self.newest = newest


@dataclass(frozen=True)
class Wish:
    """One thing to be decided, as the page sends it; `value` None takes it back.

    `seen` is the number of the decision that held on the page, 0 where none did.
    """

    kind: str
    value: str | None
    function: str | None
    reason: str
    seen: int
    bonus: bool

    def about(self, value: str | None) -> "Wish":
        """Return the same with another value."""
        return replace(self, value=value)

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "Wish":
        """Read what the page sends.

        Raises
        ------
        CallError
            When it is nothing that the page could have sent.
        """

        def text(name: str) -> str:
            value = sent.get(name) or ""
            if not isinstance(value, str):
                raise CallError(f"{name}: expected a text")
            return value.strip()

        kind, seen = text("kind"), sent.get("seen", 0)
        if kind not in ON_THE_PAGE:
            raise CallError(f"kind: expected one of {', '.join(ON_THE_PAGE)}")
        if type(seen) is not int:
            raise CallError("seen: expected the number of a decision")
        value: str | None = text("value") or None
        for words in (value, text("reason")):
            if words is not None and len(words) > _MOST:
                raise CallError(f"more than {_MOST:,} characters; shorten it")
        if value is not None and kind in _NUMBERS:
            value = _number(value, _NUMBERS[kind])
        if value is None and kind in PILE_UP:
            raise CallError("there is nothing written yet")
        return cls(
            kind, value, text("function") or None, text("reason"), seen, sent.get("bonus") is True
        )


def _number(value: str, unit: str) -> str:
    """Return a number as the gradebook keeps it; a comma stands for a point, too."""
    try:
        return str(float(value.replace(",", ".")))
    except ValueError:
        raise CallError(f"{printable(value)!r} is no number of {unit}") from None


def carry_out(book: GradeBook, asked: GradingSet, student: str, wish: Wish, who: str) -> int:
    """Write down what a grader wants, and return the number of the decision.

    Raises
    ------
    Overtaken
        When somebody decided the same thing since; nothing is written.
    CallError
        When it makes no sense.
    """
    worth = asked.worth
    if wish.function is not None and wish.function not in worth:
        raise CallError(f"{printable(wish.function)!r} is none of {', '.join(worth)}")
    most = worth.get(wish.function or "", asked.max_points)
    if wish.kind == "points" and wish.value and float(wish.value) > most and not wish.bonus:
        raise CallError(
            f"{float(wish.value):g} is more than the {most:g} that it is worth; tick “bonus” if "
            "that is meant"
        )
    for _ in range(_TIMES):
        record = record_of(book, asked.name, student)
        newest = holding(record.standing, wish.kind, wish.function)
        if wish.kind not in PILE_UP and (0 if newest is None else newest.id) != wish.seen:
            raise Overtaken(newest)
        try:
            version = decide(
                book, student, asked.name, wish.kind, wish.value,
                who=who, reason=wish.reason, function=wish.function, expected=record.version,
            )  # fmt: skip
            return _number_in(version)
        except ConflictError:
            continue  # something else of this student was changed in between: look again
    raise CallError("others are changing this student's marks all the time; try again")


def undo(book: GradeBook, set_name: str, student: str, number: int, who: str) -> tuple[int, str]:
    """Take one decision back, as if it had never been; return the new one's number and the kind.

    Taking back can be taken back, too.

    Raises
    ------
    Overtaken
        When the same thing was decided anew since.
    CallError
        When there is no such decision, or it is taken back already.
    """
    for _ in range(_TIMES):
        record = record_of(book, set_name, student)
        change = next((row for row in record.changes if row.id == number), None)
        if change is None or change.kind not in ON_THE_PAGE:
            raise CallError("there is no such decision to take back")
        newest = holding(record.standing, change.kind, change.function)
        later = newest is not None and newest.id > change.id
        if later and change.kind not in PILE_UP and not may_be_undone(change, record):
            raise Overtaken(newest)
        try:
            version = take_back(book, number, who=who, expected=record.version)
            return _number_in(version), change.kind
        except ConflictError:
            continue
    raise CallError("others are changing this student's marks all the time; try again")


def holding(standing: Sequence[Change], kind: str, function: str | None) -> Change | None:
    """Return the newest decision about a thing that holds."""
    found = [row for row in standing if (row.kind, row.function) == (kind, function)]
    return found[-1] if found else None


def may_be_undone(change: Change, record: Record) -> bool:
    """Say whether taking a decision back changes what holds."""
    if change.kind not in ON_THE_PAGE:  # `coursekit mark` has what belongs to it
        return False
    if change.kind in PILE_UP and change.takes_back is None and change.value is not None:
        return any(row.id == change.id for row in record.standing)
    about = [r for r in record.changes if (r.kind, r.function) == (change.kind, change.function)]
    void = {row.takes_back for row in record.changes}
    if change.kind in PILE_UP:
        return change.id not in void
    return about[-1].id == change.id or (
        change.id not in void and any(row.id == change.id for row in record.standing)
    )


def _number_in(version: str) -> int:
    """Return the number of the newest decision in a student's version."""
    return int(version.rpartition("-")[2])
