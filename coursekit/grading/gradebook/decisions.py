"""What people decide about a student: kept with who, when and why, and never changed."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coursekit.errors import CallError, CourseError
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.tables import Attempt, Change, Run, Student
from coursekit.grading.names import printable
from coursekit.grading.submissions.times import read_time

KINDS = (
    "points", "comment", "extension", "in_time", "excused", "handed_in", "request", "answer",
    "reviewed",
)  # fmt: skip


class ConflictError(CourseError):
    """Somebody else decided, or the machine graded anew, since it was looked at.

    Nothing was written. `changes` are the decisions since then, the oldest first.
    """

    def __init__(self, message: str, changes: Sequence[Change]) -> None:
        super().__init__(message)
        self.changes = tuple(changes)


def decide(
    book: GradeBook,
    student: str,
    set_name: str,
    kind: str,
    value: str | None,
    *,
    who: str,
    reason: str = "",
    function: str | None = None,
    expected: str | None = None,
) -> str:
    """Write down what a person decided, and return the student's version in the set after it.

    Parameters
    ----------
    book, student, set_name
        Where, of whom, in which set.
    kind, value, function
        What; see `Change`. None for `value` makes all earlier ones of the kind void.
    who, reason
        Whose decision it is, and why.
    expected
        The version that the person looked at (`Record.version`); None decides whatever happened
        since.

    Raises
    ------
    CallError
        When the student or the kind is not known, or the value makes no sense.
    ConflictError
        When the version is another one by now.
    """
    if kind not in KINDS:
        raise CallError(f"kind: found {kind!r}; expected one of {', '.join(KINDS)}")
    if value is not None:
        _checked(kind, value)
    with book.store.writing() as session:
        found = _student(session, student)
        _refuse_older(session, found, set_name, expected)
        row = Change(
            student_id=found.id,
            set_name=set_name,
            kind=kind,
            function=function,
            value=value,
            reason=_text(reason),
            who=_text(who),
        )
        if value is not None:
            row.value = _text(value)
        session.add(row)
        session.flush()
        return version(session, found.id, set_name)


def take_back(
    book: GradeBook, change: int, *, who: str, reason: str = "", expected: str | None = None
) -> str:
    """Make one decision as if it had never been; return the student's version after it.

    What takes back is a decision itself: taken back, the first one holds again.

    Parameters
    ----------
    book
        Where it is.
    change
        Its `Change.id`.
    who, reason, expected
        As for `decide`.

    Raises
    ------
    CallError
        When there is no such decision, or it is taken back already.
    ConflictError
        When the version is another one by now.
    """
    with book.store.writing() as session:
        row = session.get(Change, change)
        if row is None:
            raise CallError(f"there is no decision of the number {change} in the gradebook")
        _refuse_older(session, row.student, row.set_name, expected)
        every = _rows(session, row.student_id, row.set_name)
        if change in _void(every):
            raise CallError(f"the decision of the number {change} is taken back already")
        session.add(
            Change(
                student_id=row.student_id,
                set_name=row.set_name,
                kind=row.kind,
                function=row.function,
                reason=_text(reason),
                who=_text(who),
                takes_back=change,
            )
        )
        session.flush()
        return version(session, row.student_id, row.set_name)


def decided(book: GradeBook, student: str, set_name: str) -> list[Change]:
    """Return all that was ever decided about a student in a set, the oldest first."""
    with book.store.reading() as session:
        return _rows(session, _student(session, student).id, set_name)


def standing(changes: Sequence[Change]) -> list[Change]:
    """Return the decisions that hold, of one student and set, the oldest first.

    Of all kinds but comments, requests and answers the newest holds for a function.
    """
    void = _void(changes)
    left: list[Change] = []
    for row in changes:
        if row.id in void or row.takes_back is not None:
            continue
        piles_up = row.kind in ("comment", "request", "answer")
        if not piles_up or row.value is None:
            of = (row.kind,) if piles_up else (row.kind, row.function)
            left = [one for one in left if (one.kind, one.function)[: len(of)] != of]
        if row.value is not None:
            left.append(row)
    return left


def version(session: Session, student_id: int, set_name: str) -> str:
    """Return what changes whenever a student's mark in a set may have changed."""
    graded = select(func.max(Attempt.id)).join(Attempt.run)
    graded = graded.where(Run.set_name == set_name, Attempt.student_id == student_id)
    changed = select(func.max(Change.id))
    changed = changed.where(Change.set_name == set_name, Change.student_id == student_id)
    return f"{session.scalar(graded) or 0}-{session.scalar(changed) or 0}"


def comments_used(book: GradeBook, set_name: str | None = None) -> list[tuple[str, int]]:
    """Return the comments that were ever given, in one set or all, each with how often.

    The most frequent come first, to be used again.
    """
    wanted = select(Change.value).where(Change.kind == "comment", Change.value.is_not(None))
    if set_name is not None:
        wanted = wanted.where(Change.set_name == set_name)
    with book.store.reading() as session:
        found = Counter(text for text in session.scalars(wanted.order_by(Change.id)) if text)
    return found.most_common()


def _student(session: Session, key: str) -> Student:
    found = session.scalars(select(Student).where(Student.key == key)).first()
    if found is None:
        raise CallError(
            f"{printable(key)!r} is not in the gradebook; grade the class first, or read a roster "
            "that names the student"
        )
    return found


def _rows(session: Session, student_id: int, set_name: str) -> list[Change]:
    wanted = select(Change).where(Change.student_id == student_id, Change.set_name == set_name)
    return list(session.scalars(wanted.order_by(Change.id)))


def _void(changes: Sequence[Change]) -> set[int]:
    """Return which decisions are taken back; a taking back may be taken back itself."""
    void: set[int] = set()
    for row in reversed(changes):  # what takes back is newer than what it takes back
        if row.takes_back is not None and row.id not in void:
            void.add(row.takes_back)
    return void


def _refuse_older(session: Session, student: Student, set_name: str, expected: str | None) -> None:
    if expected is None or (now := version(session, student.id, set_name)) == expected:
        return
    attempt, _, change = expected.partition("-")
    since = [
        row
        for row in _rows(session, student.id, set_name)
        if change.isdigit() and row.id > int(change)
    ]
    for row in since:
        session.expunge(row)  # it is told, whatever becomes of the session
    who = ", ".join(dict.fromkeys(printable(row.who) for row in since))
    words = [f"{who} changed it"] if since else []
    words += ["it was graded anew"] if now.partition("-")[0] != attempt else []
    said = " and ".join(words) or "it was changed"
    raise ConflictError(
        f"{printable(student.key)}, {set_name}: {said} since you looked at it; nothing of yours "
        "was written, look at it again",
        since,
    )


def _text(value: str) -> str:
    r"""Return a text that every database takes: PostgreSQL refuses ``\0``, all half characters."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _checked(kind: str, value: str) -> None:
    if kind in ("points", "extension", "in_time", "excused"):
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 10_000:
            raise CallError(f"{kind}: found {printable(value)!r}; expected a number, 0 or more")
    if kind == "handed_in":
        read_time(value, None, "handed_in")
