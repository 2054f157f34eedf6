"""The gradebook: every attempt is kept, a stopped run goes on, a regrade says what changed."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, defer, joinedload

from coursekit.grading.gradebook.place import Place
from coursekit.grading.gradebook.store import Store
from coursekit.grading.gradebook.tables import (
    Attempt,
    Document,
    Run,
    Student,
    SubmittedFile,
    now,
)


@dataclass(frozen=True)
class Graded:
    """One graded submission on its way into the book.

    `entry` is what stands in ``results.json`` for it; `digest` the SHA-256 of the file, empty
    where it could not be read; `content` the file itself.
    """

    entry: dict[str, Any]
    digest: str
    number: str | None = None
    handed_in: datetime | None = None
    marked_late: bool = False
    content: bytes = b""


@dataclass(frozen=True)
class MarkChange:
    """A student whose points are others than before this run; None stands for no mark."""

    student: str
    before: float | None
    after: float | None
    same_file: bool


class GradeBook:
    """A gradebook in a file of SQLite or a database of PostgreSQL.

    Parameters
    ----------
    place
        The file, or an address as `place_of` gives it; it is made when it is not there.
    read_only
        True: it is only looked at, and may lie where nothing can be written.

    Raises
    ------
    CourseError
        When it is no gradebook, or cannot be read or written. What was written before is kept.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book = GradeBook(Path(folder) / "gradebook.db")
    ...     run = book.begin("03_convolution_2d", 6.0, "checks of today", seed=1)
    ...     entry = {"student": "ada", "points": 4.0, "status": "graded", "seconds": 0.2}
    ...     book.record(run, [Graded(entry, "digest")])
    ...     book.finish(run)
    ...     kept = book.entries("03_convolution_2d")
    ...     book.close()
    >>> kept
    [{'student': 'ada', 'points': 4.0, 'status': 'graded', 'seconds': 0.2}]
    """

    def __init__(self, place: Place, read_only: bool = False) -> None:
        self.store = Store(place, read_only)

    def close(self) -> None:
        """Let go of the file or the server."""
        self.store.close()

    def begin(
        self,
        set_name: str,
        max_points: float,
        fingerprint: str,
        *,
        seed: int,
        unsafe: bool = False,
        whole_class: bool = True,
        place: str = "",
        rules: dict[str, Any] | None = None,
    ) -> Run:
        """Go on with the last run if it was stopped half-way and nothing changed; else a new one.

        Parameters
        ----------
        set_name, max_points
            Of the exercise set.
        fingerprint
            What marks depend on beside the submission. A run with another one is not gone on with.
        seed
            What the questions are drawn from.
        unsafe
            Whether submissions run without isolation.
        whole_class
            False when only some students are graded.
        place
            Where the submissions are, for the instructor's page.
        rules
            What was asked of the run; see `Run`.
        """
        with self.store.writing() as session:
            last = _last_of_class(session, set_name)
            settings = (fingerprint, seed, unsafe)
            if (
                whole_class
                and last is not None
                and last.finished is None
                and (last.fingerprint, last.seed, last.unsafe) == settings
            ):
                return last
            run = Run(
                set_name=set_name,
                max_points=max_points,
                fingerprint=fingerprint,
                seed=seed,
                unsafe=unsafe,
                whole_class=whole_class,
                place=place,
                rules=rules,
            )
            session.add(run)
            session.flush()
            return run

    def unfinished_seed(self, set_name: str) -> int | None:
        """Return the seed of a run that was stopped half-way, to go on with it, or None."""
        last = self.last_run(set_name)
        return last.seed if last is not None and last.finished is None else None

    def last_run(self, set_name: str) -> Run | None:
        """Return the last run over a whole class, or None."""
        with self.store.reading() as session:
            return _last_of_class(session, set_name)

    def keep_document(
        self, set_name: str, kind: str, name: str, content: bytes, encoding: str, delimiter: str
    ) -> None:
        """Keep a roster or a list of times as it is, unless the newest of its kind is the same."""
        with self.store.writing() as session:
            last = _last_document(session, set_name, kind)
            if last is None or (last.content, last.name) != (content, name):
                session.add(
                    Document(
                        set_name=set_name,
                        kind=kind,
                        name=name,
                        content=content,
                        encoding=encoding,
                        delimiter=delimiter,
                    )
                )

    def document(self, set_name: str, kind: str) -> Document | None:
        """Return the newest roster (``"roster"``) or list of times (``"times"``) of a set."""
        with self.store.reading() as session:
            return _last_document(session, set_name, kind)

    def has_document(self, content: bytes) -> bool:
        """Say whether a file is one of the rosters or lists of times that were ever read."""
        with self.store.reading() as session:
            found = select(Document.id).where(Document.content == content).limit(1)
            return session.scalars(found).first() is not None

    def students(self) -> dict[str, str | None]:
        """Return everybody in the book, each with the number that submissions have."""
        with self.store.reading() as session:
            rows = session.execute(select(Student.key, Student.number))
            return {row.key: row.number for row in rows}

    def aliases(self) -> dict[str, str]:
        """Return the name under which each student is marked without being known."""
        with self.store.reading() as session:
            return {
                row.key: row.alias for row in session.execute(select(Student.key, Student.alias))
            }

    def layouts(self) -> dict[str, str | None]:
        """Return in which layout each student's newest submission of any set was found."""
        wanted = select(Student.key, Attempt.result).join(Attempt.student).order_by(Attempt.run_id)
        with self.store.reading() as session:
            rows = session.execute(wanted.execution_options(yield_per=100))
            return {key: (found.get("submission") or {}).get("layout") for key, found in rows}

    def sets(self) -> list[str]:
        """Return the names of the sets that were graded."""
        with self.store.reading() as session:
            return list(session.scalars(select(Run.set_name).distinct().order_by(Run.set_name)))

    def graded_in(self, run: Run) -> dict[str, str]:
        """Return the students who are done, each with the digest of the file.

        Done are those of the run, and those who were graded alone since, under the same
        conditions.
        """
        with self.store.reading() as session:
            rows = session.execute(
                select(Student.key, Attempt.digest)
                .join(Attempt.student)
                .join(Attempt.run)
                .where(
                    Run.id >= run.id,
                    Run.set_name == run.set_name,
                    Run.fingerprint == run.fingerprint,
                    Run.seed == run.seed,
                    Run.unsafe == run.unsafe,
                )
                .order_by(Attempt.run_id)
            )
            return {row.key: row.digest for row in rows}

    def record(self, run: Run, graded: Iterable[Graded]) -> None:
        """Keep attempts, all of them or none. A student twice in a run: the later file counts."""
        with self.store.writing() as session:
            for each in graded:
                student = _student(session, each.entry["student"], each.number)
                attempt = session.scalars(
                    select(Attempt).where(
                        Attempt.run_id == run.id, Attempt.student_id == student.id
                    )
                ).first()
                if attempt is None:
                    attempt = Attempt(run_id=run.id, student_id=student.id)
                    session.add(attempt)
                attempt.digest, attempt.handed_in = each.digest, each.handed_in
                attempt.marked_late = each.marked_late
                attempt.points, attempt.status = each.entry["points"], each.entry["status"]
                attempt.seconds, attempt.result = each.entry["seconds"], each.entry
                attempt.to_mark = each.entry.get("to_mark")
                attempt.graded = now()
                if each.content and session.get(SubmittedFile, each.digest) is None:
                    session.add(
                        SubmittedFile(digest=each.digest, packed=zlib.compress(each.content))
                    )

    def submitted_file(self, digest: str) -> bytes | None:
        """Return a notebook as it was handed in; None for one that was not kept."""
        with self.store.reading() as session:
            found = session.get(SubmittedFile, digest)
            return None if found is None else zlib.decompress(found.packed)

    def submission_times(self, set_name: str) -> dict[str, tuple[str, datetime]]:
        """Return the digest and the time of each student's newest submission, where known."""
        with self.store.reading() as session:
            return {
                key: (attempt.digest, attempt.handed_in)
                for key, attempt in newest_attempts(session, set_name).items()
                if attempt.handed_in is not None
            }

    def note_times(self, run: Run, times: Mapping[str, datetime]) -> None:
        """Keep when submissions came that were graded before anybody said."""
        with self.store.writing() as session:
            for key, moment in times.items():
                session.execute(
                    update(Attempt)
                    .where(
                        Attempt.run_id >= run.id,
                        Attempt.run_id.in_(select(Run.id).where(Run.set_name == run.set_name)),
                        Attempt.student_id
                        == select(Student.id).where(Student.key == key).scalar_subquery(),
                    )
                    .values(handed_in=moment)
                )

    def finish(self, run: Run) -> None:
        """Say that everybody in this run is graded."""
        with self.store.writing() as session:
            session.get_one(Run, run.id).finished = now()

    def entries(self, set_name: str) -> list[dict[str, Any]]:
        """Return everybody's newest entry of ``results.json``, in the order of their names."""
        return list(self.each_entry(set_name))

    def each_entry(self, set_name: str) -> Iterator[dict[str, Any]]:
        """Give the same one by one: a large class need not be in memory at once."""
        latest = latest_runs(set_name).subquery()
        wanted = (
            select(Student.key, Attempt.result)
            .join(Attempt.student)
            .join(
                latest,
                (Attempt.student_id == latest.c.student_id) & (Attempt.run_id == latest.c.run_id),
            )
            .order_by(Student.key)
            .execution_options(yield_per=100)
        )
        with self.store.reading() as session:
            for key, result in session.execute(wanted):
                yield result | {"student": key}

    def attempts(self, student: str, set_name: str) -> list[Attempt]:
        """Return all of a student's attempts at a set, the oldest first."""
        with self.store.reading() as session:
            return list(
                session.scalars(
                    select(Attempt)
                    .join(Attempt.student)
                    .join(Attempt.run)
                    .where(Student.key == student, Run.set_name == set_name)
                    .order_by(Attempt.run_id)
                )
            )

    def attempts_by_student(self, set_name: str) -> dict[str, list[Attempt]]:
        """Return everybody's attempts at a set without their results, the oldest first."""
        found: dict[str, list[Attempt]] = {}
        with self.store.reading() as session:
            for attempt in session.scalars(
                select(Attempt)
                .join(Attempt.run)
                .where(Run.set_name == set_name)
                .order_by(Attempt.run_id)
                .options(defer(Attempt.result), joinedload(Attempt.student))
            ):
                found.setdefault(attempt.student.key, []).append(attempt)
        return found

    def changed_by(self, run: Run) -> list[MarkChange]:
        """Return who has other points after this run than before, in the order of names."""
        with self.store.reading() as session:
            before = newest_attempts(session, run.set_name, before=run.id)
            after = {
                attempt.student.key: attempt
                for attempt in session.scalars(
                    select(Attempt)
                    .where(Attempt.run_id == run.id)
                    .options(defer(Attempt.result), joinedload(Attempt.student))
                )
            }
            return [
                MarkChange(
                    key,
                    before[key].points,
                    after[key].points,
                    before[key].digest == after[key].digest,
                )
                for key in sorted(before.keys() & after.keys())
                if before[key].points != after[key].points
            ]


def _last_document(session: Session, set_name: str, kind: str) -> Document | None:
    return session.scalars(
        select(Document)
        .where(Document.set_name == set_name, Document.kind == kind)
        .order_by(Document.id.desc())
        .limit(1)
    ).first()


def _last_of_class(session: Session, set_name: str) -> Run | None:
    """Return the last run over a whole class."""
    return session.scalars(
        select(Run)
        .where(Run.set_name == set_name, Run.whole_class)
        .order_by(Run.id.desc())
        .limit(1)
    ).first()


def _student(session: Session, key: str, number: str | None) -> Student:
    student = session.scalars(select(Student).where(Student.key == key)).first()
    if student is None:
        student = Student(key=key, number=number)
        session.add(student)
        session.flush()
    elif number is not None:
        student.number = number  # that of the system which marks go back to
    return student


def newest_attempts(
    session: Session, set_name: str, before: int | None = None
) -> dict[str, Attempt]:
    """Return everybody's newest attempt at a set, those of a run and later ones left out.

    Its `result` is read from the file only when it is asked for.
    """
    latest = latest_runs(set_name, before).subquery()
    rows = session.scalars(
        select(Attempt)
        .join(
            latest,
            (Attempt.student_id == latest.c.student_id) & (Attempt.run_id == latest.c.run_id),
        )
        .options(defer(Attempt.result), joinedload(Attempt.student))
    )
    return {attempt.student.key: attempt for attempt in rows}


def latest_runs(set_name: str, before: int | None = None) -> Select[int, int]:
    """Select which run graded each student last."""
    wanted = (
        select(Attempt.student_id, func.max(Attempt.run_id).label("run_id"))
        .join(Attempt.run)
        .where(Run.set_name == set_name)
        .group_by(Attempt.student_id)
    )
    return wanted if before is None else wanted.where(Attempt.run_id < before)
