"""The class as one table: everybody's mark, what the machine found, what people decided."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from coursekit.grading.gradebook.book import GradeBook, latest_runs
from coursekit.grading.gradebook.decisions import standing
from coursekit.grading.gradebook.marks import Mark, marks
from coursekit.grading.gradebook.tables import Attempt, Change, Deadline, Student
from coursekit.project.rubric import SET as PROJECT
from coursekit.review.deciding import holding

ORDINARY = frozenset({"cells_skipped", "line_ends"})


@dataclass(frozen=True)
class FunctionFacts:
    """What came of one function: its points, its wrong idea, and the checks that failed."""

    name: str
    points: float
    max_points: float
    passed: bool
    misconception: str | None
    failing: tuple[str, ...]
    remarked: bool
    code: str


@dataclass(frozen=True)
class Facts:
    """What the machine found in one attempt; `digest` is "" where the file could not be read."""

    attempt: int
    digest: str
    functions: tuple[FunctionFacts, ...]
    remarked: bool

    @property
    def seen_as(self) -> str:
        """What `reviewed` keeps: the file that was looked at, or the attempt at reading it."""
        return self.digest or f"attempt {self.attempt}"


@dataclass(frozen=True)
class Row:
    """One student of the class; `facts` is None where nothing was handed in.

    `tag` stands for the student in addresses, and for the name where names are not shown;
    `standing` are the decisions that hold, the oldest first.
    """

    tag: str
    mark: Mark
    facts: Facts | None
    standing: tuple[Change, ...]

    def all(self, kind: str) -> list[Change]:
        """Return all decisions of a kind that hold."""
        return [change for change in self.standing if change.kind == kind]

    def given(self, kind: str, function: str | None = None) -> Change | None:
        """Return the newest decision about a thing that holds."""
        return holding(self.standing, kind, function)

    @property
    def reviewed(self) -> Change | None:
        """Who looked at the file that counts now, None where nobody did."""
        change = self.given("reviewed")
        if change is None or self.facts is None or change.value != self.facts.seen_as:
            return None
        return change

    @property
    def waiting(self) -> bool:
        """Whether a request of the student has no answer."""
        return any(not answer for _, answer in self.mark.requests)

    def function(self, name: str) -> FunctionFacts | None:
        """Return what came of a function, None where it was not asked."""
        functions = self.facts.functions if self.facts is not None else ()
        return next((one for one in functions if one.name == name), None)

    @property
    def by_hand(self) -> dict[str | None, float]:
        """Points that people gave, by function; None stands for the whole set."""
        return {one.function: one.points for one in self.mark.by_hand}


STATES = {
    "unreviewed": "not reviewed yet",
    "reviewed": "reviewed",
    "by_hand": "changed by hand",
    "remarked": "with a remark",
    "request": "with an open request",
    "late": "late",
    "lost": "with fewer than all points",
    "unmarked": "with a part that nobody has marked yet",
    "odd": "could not be run or read",
    "absent": "nothing handed in",
}
ORDERS = {"name": "name", "points": "points, the fewest first", "time": "time, the newest first"}


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for, and in which order."""

    person: str = ""
    code: str = ""
    state: str = ""
    check: str = ""  # a function and a check, with a tab between them
    idea: str = ""  # a function and a misconception, the same way
    order: str = "name"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """Read what a page asks for; what is not known is left out."""
        state, order = asked.get("state", ""), asked.get("order", "name")
        return cls(
            asked.get("person", "").strip()[:200],
            asked.get("code", "").strip()[:200],
            state if state in STATES else "",
            asked.get("check", "")[:400],
            asked.get("idea", "")[:400],
            order if order in ORDERS else "name",
        )

    def words(self) -> dict[str, str]:
        """Return what differs from asking for everybody, for an address."""
        given = {
            "person": self.person, "code": self.code, "state": self.state,
            "check": self.check, "idea": self.idea,
        }  # fmt: skip
        found = {name: value for name, value in given.items() if value}
        return found | ({"order": self.order} if self.order != "name" else {})

    def fits(self, row: Row, anonymous: bool) -> bool:
        """Say whether a row is asked for."""
        return (
            self._is_person(row, anonymous)
            and (not self.code or self._in_code(row))
            and (not self.state or _in_state(row, self.state))
            and (not self.check or self.check in failing_of(row))
            and (not self.idea or self.idea in ideas_of(row))
        )

    def _is_person(self, row: Row, anonymous: bool) -> bool:
        if not self.person:
            return True
        if anonymous:
            return self.person.casefold() in row.tag
        texts = (row.mark.student, row.mark.name, row.mark.number, row.mark.email)
        return any(self.person.casefold() in text.casefold() for text in texts if text)

    def _in_code(self, row: Row) -> bool:
        functions = row.facts.functions if row.facts is not None else ()
        return any(self.code.casefold() in one.code.casefold() for one in functions)


def _in_state(row: Row, state: str) -> bool:
    mark = row.mark
    return {
        "unreviewed": row.facts is not None and row.reviewed is None,
        "reviewed": row.reviewed is not None,
        "by_hand": bool(mark.by_hand),
        "remarked": row.facts is not None and row.facts.remarked,
        "request": row.waiting,
        "late": mark.late_days > 0,
        "lost": row.facts is not None and (mark.points or 0) < mark.max_points,
        "unmarked": bool(mark.unmarked),
        "odd": mark.status not in (None, "graded"),
        "absent": row.facts is None,
    }[state]


def failing_of(row: Row) -> list[str]:
    """Return the checks that failed, each as ``function<tab>check``."""
    functions = row.facts.functions if row.facts is not None else ()
    return [f"{one.name}\t{check}" for one in functions for check in one.failing]


def ideas_of(row: Row) -> list[str]:
    """Return the misconceptions, each as ``function<tab>misconception``."""
    functions = row.facts.functions if row.facts is not None else ()
    return [f"{one.name}\t{one.misconception}" for one in functions if one.misconception]


def counted(rows: Iterable[Row], of: Any) -> list[tuple[str, int]]:
    """Count what `of` gives for each row, the commonest first."""
    return Counter(key for row in rows for key in of(row)).most_common()


@dataclass
class Classroom:
    """A set's class, read again from the gradebook only when something was written there."""

    book: GradeBook
    set_name: str
    _facts: dict[tuple[int, Any], Facts] = field(default_factory=dict)
    _stamp: Any = None
    _rows: list[Row] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self) -> list[Row]:
        """Return everybody, in the order of names."""
        with self._lock:
            with self.book.store.reading() as session:
                stamp = self._written(session)
                if stamp == self._stamp:
                    return self._rows
                facts = self._all_facts(session)
                decided = self._all_changes(session)
            self._rows = [
                Row(
                    mark.alias,
                    mark,
                    facts.get(mark.student),
                    tuple(standing(decided.get(mark.student, ()))),
                )
                for mark in marks(self.book, self.set_name)
            ]
            self._stamp = stamp
            return self._rows

    def wanted(self, wanted: Wanted, anonymous: bool) -> list[Row]:
        """Return the rows that are asked for, in their order."""
        return [row for row in self.ordered(wanted, anonymous) if wanted.fits(row, anonymous)]

    def ordered(self, wanted: Wanted, anonymous: bool) -> list[Row]:
        """Return all rows in an order; without names not in that of names."""
        rows = self.rows()
        if anonymous:
            rows = sorted(rows, key=lambda row: row.tag)
        if wanted.order == "points":
            rows = sorted(rows, key=lambda row: -1.0 if row.mark.final is None else row.mark.final)
        if wanted.order == "time":
            rows = sorted(
                rows, key=lambda row: -row.mark.handed_in.timestamp() if row.mark.handed_in else 0.0
            )
        return rows

    def row(self, tag: str) -> Row | None:
        """Return one student by what stands in the address."""
        return next((row for row in self.rows() if row.tag == tag), None)

    def _written(self, session: Session) -> Any:
        """Return what changes whenever something is written."""
        return tuple(
            session.execute(select(*what)).one()
            for what in (
                (func.max(Change.id),),
                (func.max(Attempt.id), func.max(Attempt.graded), func.max(Attempt.handed_in)),
                (func.max(Deadline.id),),
                (func.max(Student.id), func.count()),
            )
        )

    def _all_facts(self, session: Session) -> dict[str, Facts]:
        latest = latest_runs(self.set_name).subquery()
        rows = session.execute(
            select(Attempt.id, Attempt.graded, Student.key)
            .join(
                latest,
                (Attempt.student_id == latest.c.student_id) & (Attempt.run_id == latest.c.run_id),
            )
            .join(Attempt.student)
        ).all()
        found = {}
        for attempt, graded, student in rows:
            if (attempt, graded) not in self._facts:
                self._facts[attempt, graded] = _facts(
                    session.get_one(Attempt, attempt), self.set_name == PROJECT
                )
            found[student] = self._facts[attempt, graded]
        return found

    def _all_changes(self, session: Session) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in session.scalars(
            select(Change)
            .where(Change.set_name == self.set_name)
            .order_by(Change.id)
            .options(joinedload(Change.student))
        ):
            found.setdefault(change.student.key, []).append(change)
        return found


def _facts(attempt: Attempt, by_hand: bool) -> Facts:
    entry = attempt.result
    functions = tuple(
        FunctionFacts(
            one["name"],
            one["points"],
            one["max_points"],
            one["passed"],
            one.get("misconception"),
            tuple(check["name"] for check in one["checks"] if not check["passed"]),
            bool(one.get("remarks")) and not by_hand,  # a project's are what its rubric says
            one.get("code") or "",
        )
        for one in entry.get("functions", ())
    )
    odd = any(event["code"] not in ORDINARY for event in entry.get("events", ()))
    return Facts(
        attempt.id,
        attempt.digest,
        functions,
        odd or any(one.remarked for one in functions),
    )
