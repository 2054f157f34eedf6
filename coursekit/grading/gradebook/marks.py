"""What counts in the end: the machine's points, what people decided, and late days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from coursekit.grading.gradebook.book import GradeBook, latest_runs
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.tables import Attempt, Change, Deadline, Run, Student
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
    `final` is None for one who is `excused` from the set, too. `cells` is the roster's own line.
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
    cells: Mapping[str, str] = field(default_factory=dict, compare=False)


def set_deadline(book: GradeBook, set_name: str, rule: Rule, *, who: str) -> None:
    """Keep when a set is due and what a late day costs; the newest such rule holds."""
    with book.store.session() as session:
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
    with book.store.session() as session:
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


def settled_by_hand(book: GradeBook, set_name: str) -> frozenset[str]:
    """Return whose hand-in time or late days a person decided, or who is excused."""
    with book.store.session() as session:
        keys = {student.id: student.key for student in session.scalars(select(Student))}
        return frozenset(
            keys[student]
            for student, decided in _decisions(session, set_name).items()
            for (kind, _), row in decided.items()
            if kind in ("handed_in", "in_time", "excused") and row.value is not None
        )


def marks(book: GradeBook, set_name: str) -> list[Mark]:
    """Return everybody's mark for a set, in the order of their keys; people without one, too."""
    with book.store.session() as session:
        rule = rule_of(session, set_name)
        decided = _decisions(session, set_name)
        last = session.scalars(
            select(Run).where(Run.set_name == set_name).order_by(Run.id.desc()).limit(1)
        ).first()
        most = last.max_points if last is not None else 0.0
        latest = latest_runs(set_name).subquery()
        rows = session.execute(
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
        counted = []
        for student, newest, unsafe in rows:
            attempt: Attempt | None = newest  # None where nothing was handed in
            if attempt is not None or student.name or student.id in decided:
                known = decided.get(student.id, {})
                counted.append(_mark(student, attempt, bool(unsafe), known, rule, most))
        return counted


Decisions = dict[tuple[str, str | None], Change]


def _decisions(session: Session, set_name: str) -> dict[int, Decisions]:
    """Return the newest decision of each kind for each student; comments are all kept."""
    found: dict[int, Decisions] = {}
    rows = session.scalars(select(Change).where(Change.set_name == set_name).order_by(Change.id))
    for row in rows:
        known = found.setdefault(row.student_id, {})
        if row.kind == "comment" and row.value is None:  # all earlier ones are taken back
            for key in [key for key in known if key[0] == "comment"]:
                del known[key]
        else:
            place = str(row.id) if row.kind == "comment" else row.function  # comments pile up
            known[row.kind, place] = row
    return found


def _mark(
    student: Student,
    attempt: Attempt | None,
    unsafe: bool,
    decided: Decisions,
    rule: Rule | None,
    most: float,
) -> Mark:
    def value(kind: str, function: str | None = None) -> str | None:
        row = decided.get((kind, function))
        return None if row is None else row.value

    automatic = None if attempt is None else attempt.points
    points = _with_manual(attempt, decided)
    handed_in = attempt.handed_in if attempt is not None else None
    if (told := value("handed_in")) is not None:
        handed_in = read_time(told, None, "handed_in")
    late = 0
    rule = None if rule is None else rule.of(student.key)
    if rule is not None and not float(value("in_time") or 0):
        marked = attempt is not None and attempt.marked_late
        late = rule.late_days(handed_in, float(value("extension") or 0), marked_late=marked)
    excused = bool(float(value("excused") or 0))
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
            row.value for (kind, _), row in decided.items() if kind == "comment" and row.value
        ),
        unsafe=unsafe,
        excused=excused,
        cells=student.cells or {},
        by_hand=tuple(
            ByHand(row.function, float(row.value), row.reason, row.who)
            for (kind, _), row in decided.items()
            if kind == "points" and row.value is not None
        ),
    )


def _with_manual(attempt: Attempt | None, decided: Decisions) -> float | None:
    """Return the points after manual marks: for the whole set, else function by function."""
    whole = decided.get(("points", None))
    if whole is not None and whole.value is not None:
        return float(whole.value)
    if attempt is None:
        return None
    points = attempt.points
    for function in attempt.result.get("functions", ()):
        row = decided.get(("points", function["name"]))
        if row is not None and row.value is not None:
            points += float(row.value) - function["points"]
    return points
