"""What counts in the end: the machine's points, what people decided, and late days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from coursekit.errors import CallError
from coursekit.grading.gradebook.book import GradeBook, latest_runs
from coursekit.grading.gradebook.decisions import standing, version
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.tables import Attempt, Change, CourseRules, Deadline, Run, Student
from coursekit.grading.names import printable
from coursekit.grading.submissions.times import read_time


@dataclass(frozen=True)
class ByHand:
    """Points that a person gave, for a function or (None) for the whole set, and why."""

    function: str | None
    points: float
    reason: str
    who: str


@dataclass(frozen=True)
class Mark:
    """One student's mark for a set, with everything that led to it.

    `automatic` are the machine's points, `points` what they are with manual marks, `final` what
    is left after late days. All are None for a student of the roster who handed nothing in;
    `final` is None for one who is `excused` from the set, too. `cells` is the roster's own line;
    `requests` are the student's wishes to have it looked at again, each with its answer, "" where
    there is none yet; `unmarked` names the parts that only a person can give points for and nobody
    has: they count nothing so far.
    """

    student: str
    name: str | None
    number: str | None
    email: str | None
    status: str | None
    automatic: float | None
    points: float | None
    late_days: int
    penalty: float
    final: float | None
    max_points: float
    handed_in: datetime | None
    comments: tuple[str, ...]
    unsafe: bool
    excused: bool = False
    by_hand: tuple[ByHand, ...] = ()
    requests: tuple[tuple[str, str], ...] = ()
    alias: str = ""
    unmarked: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Record:
    """All that is known of one student in one set.

    `entry` is the newest one of ``results.json``, None where nothing was handed in; `changes` are
    all decisions, the oldest first, `standing` those that hold; `digest` is that of the file;
    `version` changes whenever one of these may have changed (see `decide`).
    """

    mark: Mark
    entry: dict[str, Any] | None
    changes: tuple[Change, ...]
    standing: tuple[Change, ...]
    digest: str
    version: str


def set_deadline(book: GradeBook, set_name: str, rule: Rule, *, who: str) -> None:
    """Keep when a set is due and what a late day costs; the newest such rule holds."""
    with book.store.writing() as session:
        if rule_of(session, set_name) == rule:
            return
        session.add(
            Deadline(
                set_name=set_name,
                due=rule.due,
                penalty_per_day=rule.penalty_per_day,
                grace_minutes=rule.grace / timedelta(minutes=1),
                most_days=rule.most_days,
                marked_late=rule.marked_late,
                own={key: due.isoformat() for key, due in rule.own.items()},
                who=who,
            )
        )


def deadline(book: GradeBook, set_name: str) -> Rule | None:
    """Return when a set is due and what a late day costs; None where nobody said."""
    with book.store.reading() as session:
        return rule_of(session, set_name)


def rule_of(session: Session, set_name: str) -> Rule | None:
    """Return the rule that holds for a set."""
    row = session.scalars(
        select(Deadline).where(Deadline.set_name == set_name).order_by(Deadline.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    grace = timedelta(minutes=row.grace_minutes)
    own = {key: datetime.fromisoformat(due) for key, due in (row.own or {}).items()}
    return Rule(row.due, row.penalty_per_day, grace, row.most_days, row.marked_late, own)


def newest_rules(session: Session) -> dict[str, Any]:
    """Return what was kept last of the course's rules; nothing where nothing was."""
    wanted = select(CourseRules.rules).order_by(CourseRules.id.desc()).limit(1)
    return dict(session.scalars(wanted).first() or {})


def settled_by_hand(book: GradeBook, set_name: str) -> frozenset[str]:
    """Return whose hand-in time or late days a person decided, or who is excused."""
    with book.store.reading() as session:
        keys = {student.id: student.key for student in session.scalars(select(Student))}
        return frozenset(
            keys[student]
            for student, rows in _decisions(session, set_name).items()
            if any(row.kind in ("handed_in", "in_time", "excused") for row in rows)
        )


def marks(book: GradeBook, set_name: str) -> list[Mark]:
    """Return everybody's mark for a set, in the order of their keys; people without one, too."""
    with book.store.reading() as session:
        return _marks(session, set_name)


def record_of(book: GradeBook, set_name: str, student: str) -> Record:
    """Return all that is known of a student in a set, as it was at one moment.

    Raises
    ------
    CallError
        When the student is not in the gradebook.
    """
    with book.store.reading() as session:
        found = session.scalars(select(Student).where(Student.key == student)).first()
        if found is None:
            raise CallError(f"{printable(student)!r} is not in the gradebook")
        (mark,) = _marks(session, set_name, found)
        rows = tuple(
            session.scalars(
                select(Change)
                .where(Change.student_id == found.id, Change.set_name == set_name)
                .order_by(Change.id)
            )
        )
        attempt = session.scalars(
            select(Attempt)
            .join(Attempt.run)
            .where(Attempt.student_id == found.id, Run.set_name == set_name)
            .order_by(Attempt.run_id.desc())
            .limit(1)
        ).first()
        return Record(
            mark,
            None if attempt is None else attempt.result | {"student": found.key},
            rows,
            tuple(standing(rows)),
            "" if attempt is None else attempt.digest,
            version(session, found.id, set_name),
        )


def _marks(session: Session, set_name: str, only: Student | None = None) -> list[Mark]:
    rule = rule_of(session, set_name)
    decided = _decisions(session, set_name, only)
    last = session.scalars(
        select(Run).where(Run.set_name == set_name).order_by(Run.id.desc()).limit(1)
    ).first()
    most = last.max_points if last is not None else 0.0
    excused = frozenset(newest_rules(session).get("excused", {}).get(set_name, ()))
    latest = latest_runs(set_name).subquery()
    wanted = (
        select(Student, Attempt, Run.unsafe)
        .outerjoin(latest, latest.c.student_id == Student.id)
        .outerjoin(
            Attempt,
            (Attempt.student_id == Student.id) & (Attempt.run_id == latest.c.run_id),
        )
        .outerjoin(Run, Run.id == Attempt.run_id)
        .options(defer(Attempt.result))
        .order_by(Student.key)
        .execution_options(yield_per=100)  # a large class need not be in memory at once
    )
    if only is not None:
        wanted = wanted.where(Student.id == only.id)
    counted = []
    for student, newest, unsafe in session.execute(wanted):
        attempt: Attempt | None = newest  # None where nothing was handed in
        named = student.name or student.id in decided or student.key in excused
        if attempt is not None or named or only is not None:
            known = decided.get(student.id, [])
            one = _mark(student, attempt, bool(unsafe), known, rule, most, student.key in excused)
            to_mark = (attempt.to_mark if attempt is not None else None) or ()
            counted.append(replace(one, unmarked=_unmarked(one, to_mark)))
    return counted


def _decisions(
    session: Session, set_name: str, only: Student | None = None
) -> dict[int, list[Change]]:
    """Return the decisions that hold for each student who has any."""
    found: dict[int, list[Change]] = {}
    wanted = select(Change).where(Change.set_name == set_name)
    if only is not None:
        wanted = wanted.where(Change.student_id == only.id)
    for row in session.scalars(wanted.order_by(Change.id)):
        found.setdefault(row.student_id, []).append(row)
    return {student: standing(changes) for student, changes in found.items()}


def _mark(
    student: Student,
    attempt: Attempt | None,
    unsafe: bool,
    decided: Sequence[Change],
    rule: Rule | None,
    most: float,
    by_rule: bool,
) -> Mark:
    given = {row.kind: row.value for row in decided if row.function is None}

    automatic = None if attempt is None else attempt.points
    points = _with_manual(attempt, decided)
    handed_in = attempt.handed_in if attempt is not None else None
    if (told := given.get("handed_in")) is not None:
        handed_in = read_time(told, None, "handed_in")
    late = 0
    rule = None if rule is None else rule.of(student.key)
    if rule is not None and not float(given.get("in_time") or 0):
        marked = attempt is not None and attempt.marked_late
        late = rule.late_days(handed_in, float(given.get("extension") or 0), marked_late=marked)
    excused = bool(float(given.get("excused") or by_rule))
    penalty = rule.penalty(points, late) if rule is not None and points is not None else 0.0
    return Mark(
        student=student.key,
        name=student.name,
        number=student.number,
        email=student.email,
        status=None if attempt is None else attempt.status,
        automatic=automatic,
        points=points,
        late_days=late,
        penalty=penalty,
        final=None if points is None or excused else points - penalty,
        max_points=most,
        handed_in=handed_in,
        comments=tuple(
            f"{row.function}: {row.value}" if row.function else row.value
            for row in decided
            if row.kind == "comment" and row.value
        ),
        unsafe=unsafe,
        excused=excused,
        cells=student.cells or {},
        by_hand=tuple(
            ByHand(row.function, float(row.value), row.reason, row.who)
            for row in decided
            if row.kind == "points" and row.value is not None
        ),
        requests=_requests(decided),
        alias=student.alias,
    )


def _unmarked(mark: Mark, to_mark: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that wait for a person; none where the whole set has its points."""
    given = {one.function for one in mark.by_hand}
    if mark.excused or None in given:
        return ()
    return tuple(name for name in to_mark if name not in given)


def _requests(decided: Sequence[Change]) -> tuple[tuple[str, str], ...]:
    """Return the requests with their answers; an answer is to all before it that have none."""
    found: list[tuple[str, str]] = []
    for row in decided:
        if row.kind == "request":
            found.append((row.value or "", ""))
        elif row.kind == "answer":
            found = [(asked, said or row.value or "") for asked, said in found]
    return tuple(found)


def _with_manual(attempt: Attempt | None, decided: Sequence[Change]) -> float | None:
    """Return the points after manual marks: for the whole set, else function by function."""
    given = {row.function: float(row.value or 0) for row in decided if row.kind == "points"}
    if None in given:
        return given[None]
    if attempt is None:
        return None
    points = attempt.points
    for function in attempt.result.get("functions", ()) if given else ():
        if function["name"] in given:
            points += given[function["name"]] - function["points"]
    return points
