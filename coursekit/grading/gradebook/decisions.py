"""What people decide about a student: kept with who, when and why, and never changed."""

from sqlalchemy import select

from coursekit.errors import CallError
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.tables import Change, Student
from coursekit.grading.names import printable
from coursekit.grading.submissions.times import read_time

KINDS = ("points", "comment", "extension", "in_time", "excused", "handed_in")


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
) -> None:
    """Write down what a person decided; None takes an earlier decision of that kind back.

    Raises
    ------
    CallError
        When the student or the kind is not known, or the value makes no sense.
    """
    if kind not in KINDS:
        raise CallError(f"kind: found {kind!r}; expected one of {', '.join(KINDS)}")
    if value is not None:
        _checked(kind, value)
    with book.store.session() as session:
        found = session.scalars(select(Student).where(Student.key == student)).first()
        if found is None:
            raise CallError(
                f"{printable(student)!r} is not in the gradebook; grade the class first, or read a "
                "roster that names the student"
            )
        session.add(
            Change(
                student_id=found.id,
                set_name=set_name,
                kind=kind,
                function=function,
                value=value,
                reason=reason,
                who=who,
            )
        )


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


def decided(book: GradeBook, student: str, set_name: str) -> list[Change]:
    """Return all that was ever decided about a student in a set, the oldest first."""
    with book.store.session() as session:
        return list(
            session.scalars(
                select(Change)
                .join(Change.student)
                .where(Student.key == student, Change.set_name == set_name)
                .order_by(Change.id)
            )
        )
