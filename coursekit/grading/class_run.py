"""Grading a whole class into the gradebook: what is done is kept, and nothing is done twice."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coursekit.errors import CourseError
from coursekit.grading.engine import LOST, ClassGrader
from coursekit.grading.gradebook.book import GradeBook, Graded, MarkChange
from coursekit.grading.gradebook.tables import Run
from coursekit.grading.judging.function_outcomes import for_a_person
from coursekit.grading.judging.outcome import UNREADABLE, CheckMark, FunctionOutcome, Outcome
from coursekit.grading.names import printable
from coursekit.grading.submissions.finding import Submission
from coursekit.grading.submissions.places import UnreadableError
from coursekit.notebooks.reading import Event

Entry = dict[str, Any]  # one of `results.json`

KEPT_EVERY = 0.2  # seconds: what is graded waits no longer before it is kept
_MOST_LOST = 3  # sandboxes lost one after the other, until it is tried whether any still starts


@dataclass
class ClassRun:
    """One call of the grader over some submissions.

    Parameters
    ----------
    book
        Where results are kept as they come.
    grader
        Of the set.
    conditions
        A fingerprint of what marks depend on beside submissions and seed.
    place
        Where the submissions are, for the instructor's page.
    rules
        What was asked of the run, to be shown and kept: see `Run`.
    whole_class
        False where only some students are graded.
    told
        Called with each entry once it is kept, and with None for a submission that was graded
        before the run was stopped.
    """

    book: GradeBook
    grader: ClassGrader
    conditions: str
    place: str = ""
    rules: dict[str, Any] = field(default_factory=dict)
    whole_class: bool = True
    told: Callable[[Entry | None], None] = lambda entry: None
    _runs: list[Run] = field(default_factory=list, init=False)
    _times: dict[str, tuple[str, datetime]] = field(default_factory=dict, init=False)

    def complete(self, submissions: Sequence[Submission]) -> None:
        """Grade all that are not graded yet.

        A submission that changed since this run, stopped half-way, graded it is graded in a run of
        its own: the earlier attempt is kept.
        """
        run = self._begin(self.whole_class)
        done = self.book.graded_in(run)
        self._times = self.book.submission_times(self.grader.set.name)
        changed: list[Submission] = []
        told_later: dict[str, datetime] = {}

        def to_do() -> Iterator[tuple[Submission, bytes | UnreadableError]]:
            for submission in submissions:
                content = _read(submission)
                if submission.student not in done:
                    yield submission, content
                elif done[submission.student] == _digest(content):
                    self.told(None)
                    if submission.handed_in is not None:
                        told_later[submission.student] = submission.handed_in
                else:
                    changed.append(submission)

        self._all(run, to_do())
        self.book.note_times(run, told_later)
        if changed:
            again = self._begin(False)
            self._all(again, ((one, _read(one)) for one in changed))

    def finish(self) -> None:
        """Say that all is done; until then the same call goes on with this run."""
        for run in reversed(self._runs):  # the first is the one that is gone on with
            self.book.finish(run)

    def changes(self) -> list[MarkChange]:
        """Return who has other points than before, in the order of names."""
        found = [change for run in self._runs for change in self.book.changed_by(run)]
        return sorted(found, key=lambda change: change.student)

    def _begin(self, whole_class: bool) -> Run:
        asked = self.grader.set
        run = self.book.begin(
            asked.name,
            asked.max_points,
            self.conditions,
            seed=self.grader.seed,
            unsafe=not self.grader.isolated,
            whole_class=whole_class,
            place=self.place,
            rules=self.rules,
        )
        self._runs.append(run)
        return run

    def _all(self, run: Run, items: Iterator[tuple[Submission, bytes | UnreadableError]]) -> None:
        """Grade and keep, in small batches; an end on the way keeps what is graded."""
        waiting: list[Graded] = []
        unread: list[Graded] = []
        known: dict[str, tuple[Submission, str, bytes]] = {}
        lost: list[Graded] = []

        def readable() -> Iterator[tuple[str, bytes]]:
            for submission, content in items:
                if isinstance(content, UnreadableError):
                    outcome = _unread(self.grader, submission.student, content)
                    unread.append(self._kept(submission, "", outcome))
                else:
                    known[submission.student] = submission, _digest(content), content
                    yield submission.student, content

        def keep() -> None:
            self.book.record(run, waiting)
            for graded in waiting:
                self.told(graded.entry)
            waiting.clear()

        def take(outcome: Outcome) -> None:
            submission, digest, content = known.pop(outcome.student)
            graded = self._kept(submission, digest, outcome, content)
            if any(event.code == LOST for event in outcome.events):
                lost.append(graded)
                if len(lost) == _MOST_LOST:
                    self._whose_fault()
                return
            waiting.extend([*unread, *lost, graded])
            unread.clear()
            lost.clear()

        kept = time.monotonic()
        try:
            for outcome in self.grader.outcomes(readable()):
                take(outcome)
                if time.monotonic() - kept > KEPT_EVERY:
                    keep()
                    kept = time.monotonic()
            if lost:
                self._whose_fault()
            waiting += [*unread, *lost]
        except KeyboardInterrupt:
            for outcome in self.grader.finished():
                take(outcome)
            raise
        finally:
            keep()

    def _kept(
        self, submission: Submission, digest: str, outcome: Outcome, content: bytes = b""
    ) -> Graded:
        """Return what is kept of an outcome; the time of an earlier run holds for the same file."""
        entry = outcome.as_entry()
        entry["submission"] = {
            "file": str(submission.path),
            "layout": submission.layout,
            "label": submission.label,
            "number": submission.number,
            "order": submission.order,
        }
        found = [{"code": code, "detail": detail} for code, detail in submission.events]
        entry["events"] = [*found, *entry["events"]]
        known, moment = self._times.get(submission.student, ("", None))
        handed_in = submission.handed_in or (moment if known == digest else None)
        return Graded(entry, digest, submission.number, handed_in, submission.marked_late, content)

    def _whose_fault(self) -> None:
        """Stop where no sandbox starts any more: nobody is marked down for that."""
        if why := self.grader.trouble():
            raise CourseError(
                f"no sandbox can be started any more ({printable(why)}); see what "
                "`coursekit doctor` says, and run the same command again: it goes on where it "
                "stopped"
            )


def _read(submission: Submission) -> bytes | UnreadableError:
    try:
        return submission.read()
    except UnreadableError as error:
        return error


def _digest(content: bytes | UnreadableError) -> str:
    return "" if isinstance(content, UnreadableError) else hashlib.sha256(content).hexdigest()


def _unread(grader: ClassGrader, student: str, error: UnreadableError) -> Outcome:
    """Return the outcome of a file that could not even be read."""
    why = "not asked"
    functions = tuple(
        FunctionOutcome(
            name=exercise.name,
            points=0.0,
            max_points=exercise.points,
            passed=False,
            attempted=False,
            checks=tuple(CheckMark(c.name, c.points, False, why) for c in exercise.checks),
            message=f"○ {exercise.name}: {why}.",
            html="",
            by_person=grader.set.by_hand,
        )
        for exercise in grader.set.exercises
    )
    parts = tuple(for_a_person(one, ()) for one in grader.set.marked_questions)
    events = (Event(error.code, str(error)),)
    return Outcome(student, UNREADABLE, (*functions, *parts), events, isolated=grader.isolated)


def run_seed(book: GradeBook, set_name: str, given: int | None) -> int | None:
    """Return the seed of a run: the given one, else that of the class's last run, else None.

    With the same questions marks compare: what a regrade changes has been changed by people.
    """
    if given is not None:
        return given
    last = book.last_run(set_name)
    return None if last is None else last.seed
