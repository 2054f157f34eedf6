"""The tables of the gradebook. Rows are added and never changed: an earlier mark is never lost."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A time with its zone, kept in UTC; SQLite itself forgets the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be kept: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say UTC on the way out."""
        return None if value is None else value.replace(tzinfo=UTC)


def new_alias() -> str:
    """Return a name under which somebody is marked without being known."""
    return secrets.token_hex(5)


# Names in the same order everywhere: a server would sort them as its country does.
_Key = String().with_variant(String(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """What all tables have in common."""


class Student(Base):
    """Somebody who hands in: the name that submissions have, and what the roster says of it.

    `alias` is what stands in the name's place where marking is anonymous.
    """

    __tablename__ = "student"
    __table_args__ = (Index("student_alias", "alias", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(_Key, unique=True)
    alias: Mapped[str] = mapped_column(default=new_alias)
    number: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str | None] = mapped_column(default=None)
    email: Mapped[str | None] = mapped_column(default=None)
    cells: Mapped[dict[str, str] | None] = mapped_column(JSON, default=None)  # the roster's line


class Run(Base):
    """One call of the grader. Without `finished` it was stopped half-way and can go on.

    `fingerprint` says what marks depend on beside the submission: seed, checks and settings.
    `rules` are what an instructor asked for: ``words`` of the command line that lead to the same
    marks, the class's ``zone``, ``strict`` and the ``limits`` that were given.
    """

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_name: Mapped[str] = mapped_column(_Key, index=True)
    max_points: Mapped[float]
    fingerprint: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    unsafe: Mapped[bool] = mapped_column(default=False)
    whole_class: Mapped[bool] = mapped_column(default=True)
    place: Mapped[str] = mapped_column(default="")  # where the submissions were
    rules: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    started: Mapped[datetime] = mapped_column(Moment, default=now)
    finished: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Attempt(Base):
    """One student's submission, graded once. A regrade adds another row.

    Nothing is taken out of `result` on the server: PostgreSQL refuses to look into JSON in which
    a student printed a half character. `to_mark` names the parts that a person has to mark.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("run_id", "student_id"),
        Index("attempt_of_student", "student_id", "run_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    digest: Mapped[str]  # SHA-256 of the file, "" where it could not be read
    handed_in: Mapped[datetime | None] = mapped_column(Moment, default=None)
    marked_late: Mapped[bool] = mapped_column(default=False)  # by Canvas, which gives no time
    graded: Mapped[datetime] = mapped_column(Moment, default=now)
    points: Mapped[float]
    status: Mapped[str]
    seconds: Mapped[float]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)  # the whole entry of results.json
    to_mark: Mapped[list[str] | None] = mapped_column(JSON, default=None)  # from it
    run: Mapped[Run] = relationship()
    student: Mapped[Student] = relationship()


class Change(Base):
    """Something a person decided: who, when and why. The newest of a kind holds.

    `kind` is ``"points"`` (a mark in place of the automatic one, for `function` or for the whole
    set), ``"comment"`` (on `function` or on the whole set), ``"extension"`` (days), ``"in_time"``
    (1 for late days that do not count), ``"excused"`` (1 for a set that does not count, 0 for one
    that does), ``"handed_in"`` (a time in ISO form), ``"request"`` (a student's wish to have it
    looked at again), ``"answer"`` (to all requests before it) or ``"reviewed"`` (the digest of the
    file that a person has looked through).

    A row with `takes_back` makes another row as if it had never been, be that a decision or the
    taking back of one.
    """

    __tablename__ = "change"
    __table_args__ = (Index("change_of_student", "student_id", "set_name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    set_name: Mapped[str]
    kind: Mapped[str]
    function: Mapped[str | None] = mapped_column(default=None)
    value: Mapped[str | None] = mapped_column(default=None)  # None: all of the kind are void
    takes_back: Mapped[int | None] = mapped_column(ForeignKey("change.id"), default=None)
    reason: Mapped[str] = mapped_column(default="")
    who: Mapped[str]
    when: Mapped[datetime] = mapped_column(Moment, default=now)
    student: Mapped[Student] = relationship()


class Deadline(Base):
    """When a set is due and what a late day costs. The newest row of a set holds."""

    __tablename__ = "deadline"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_name: Mapped[str] = mapped_column(index=True)
    due: Mapped[datetime] = mapped_column(Moment)
    penalty_per_day: Mapped[float]  # a share of the marks reached, 0.1 for ten percent a day
    grace_minutes: Mapped[float]
    most_days: Mapped[int | None]  # later than that earns nothing
    marked_late: Mapped[int | None] = mapped_column(default=None)  # days of what has no time
    own: Mapped[dict[str, str] | None] = mapped_column(JSON, default=None)  # other times, by key
    who: Mapped[str]
    when: Mapped[datetime] = mapped_column(Moment, default=now)


class Document(Base):
    """A roster or a list of times, byte by byte: marks go back into the same file.

    `kind` is ``"roster"`` or ``"times"``; the newest of a set and kind holds.
    """

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    encoding: Mapped[str]
    delimiter: Mapped[str]
    added: Mapped[datetime] = mapped_column(Moment, default=now)


class SubmittedFile(Base):
    """A notebook as it was handed in, packed by zlib; `Attempt.digest` says whose it is."""

    __tablename__ = "submitted_file"
    digest: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class CourseRules(Base):
    """What the course's total is made of, as `coursekit totals` had it. The newest row holds."""

    __tablename__ = "course_rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    who: Mapped[str]
    when: Mapped[datetime] = mapped_column(Moment, default=now)
