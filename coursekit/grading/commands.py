"""The command `coursekit grade`, from hand-ins to marks, and what it says on the way."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.errors import CallError, CourseError
from coursekit.grading.class_run import ClassRun, Entry, run_seed
from coursekit.grading.classroom import assign, with_times
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.marks import Mark, set_deadline
from coursekit.grading.gradebook.people import enrol, rename
from coursekit.grading.gradebook.roster import Person
from coursekit.grading.grading_set import grading_set
from coursekit.grading.limits import Limits
from coursekit.grading.names import printable
from coursekit.grading.out_folder import OutFolder, refuse_a_file
from coursekit.grading.preflight import fingerprint, preflight
from coursekit.grading.progress_line import Progress
from coursekit.grading.results import write_results
from coursekit.grading.spoken import how_it_went, listed, shown_again
from coursekit.grading.submissions import HandIns, Submission, find

_MOST_NAMED = 20  # things of one kind that are told one by one


class Stopped(CourseError):
    """The instructor stopped the grader; the message says how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class Order:
    """What `coursekit grade` was asked to do.

    Parameters
    ----------
    set_name, place, out
        The set, the folder or zip of hand-ins, and the folder for the results.
    workers
        How many hand-ins are graded at once.
    seed
        What questions are drawn from; None for that of the run before, or a fresh one.
    only
        Students who alone are graded.
    roster, times
        Who may hand in, and when hand-ins came; empty where nobody said.
    rule
        When the set is due; None for that which was given earlier.
    """

    set_name: str
    place: Path
    out: Path
    workers: int = 1
    seed: int | None = None
    only: tuple[str, ...] = ()
    roster: tuple[Person, ...] = ()
    times: tuple[Person, ...] = ()
    rule: Rule | None = None
    who: str = ""
    unsafe: bool = False
    strict: bool = False
    with_preflight: bool = True
    limits: Limits = field(default_factory=Limits)


def grade(order: Order) -> None:
    """Grade a class, and print what a person wants to know of it.

    Raises
    ------
    CallError
        When the set, the place or a student is not there.
    CourseError
        When the work cannot be done; what was graded is kept.
    """
    asked = grading_set(order.set_name)
    if order.out.resolve() == order.place.resolve():
        raise CallError("--out is the folder of the hand-ins itself; name another folder")
    refuse_a_file(order.out)
    found = find(order.place, asked.name, leave_out=order.out)
    _pass_over(found, order)
    begin = time.monotonic()
    with OutFolder(order.out) as out, _stop_at_once():
        submissions = _assigned(out.book, found.submissions, order)
        chosen = _chosen(submissions, order.only)
        if order.rule is not None:
            set_deadline(out.book, asked.name, order.rule, who=order.who)
        graded = _graded(order, out, chosen)
        counted = write_results(out.book, asked, out.path)
        graded.run.finish()
        _tell(order, graded, counted, time.monotonic() - begin)


@dataclass
class _Graded:
    """What came of the run itself."""

    run: ClassRun
    entries: int = 0
    before: int = 0
    failing: list[Entry] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


def _graded(order: Order, out: OutFolder, submissions: Sequence[Submission]) -> _Graded:
    """Grade the hand-ins; an interruption becomes a sentence on how to go on."""
    seed = run_seed(out.book, order.set_name, order.seed)
    with Grader(
        order.set_name,
        order.workers,
        seed,
        order.limits,
        unsafe=order.unsafe,
        strict=order.strict,
    ) as grader:
        if not grader.isolated:
            print("WITHOUT A SANDBOX: students' code can read and change anything of yours.")
        if order.with_preflight:
            checked = preflight(grader, out.path)
            if not checked.remembered:
                print(checked.said, flush=True)
        place = str(order.place.absolute())
        conditions = fingerprint(order.set_name, order.limits, order.strict)
        run = ClassRun(out.book, grader, conditions, place, whole_class=not order.only)
        graded = _Graded(run)
        with Progress(len(submissions)) as progress:

            def told(entry: Entry | None) -> None:
                progress.one()
                if entry is None:
                    graded.before += 1
                    return
                graded.entries += 1
                status = entry["status"]
                graded.statuses[status] = graded.statuses.get(status, 0) + 1
                if order.only:
                    graded.failing.append(entry)

            run.told = told
            try:
                run.grade(submissions)
            except KeyboardInterrupt:
                done = f"{progress.done:,} of {progress.total:,}"
                raise Stopped(
                    f"stopped; {done} hand-ins are graded and kept, and the same command goes on"
                ) from None
        if grader.cold_because:
            print(f"A sandbox for each hand-in, which is slower: {printable(grader.cold_because)}.")
    return graded


def _pass_over(found: HandIns, order: Order) -> None:
    for sentence in listed(found.passed_over, _MOST_NAMED, "other files"):
        print(f"Passed over: {sentence}")
    if not found.submissions:
        raise CourseError(
            f"{printable(str(order.place))} holds no hand-in of {order.set_name}; name the folder "
            "or zip with the students' notebooks"
        )
    count = len(found.submissions)
    layouts = sorted({one.layout for one in found.submissions} - {"plain", "folder"})
    way = f", laid out as {' and '.join(layouts)} does it" if layouts else ""
    print(f"{count:,} hand-in{'' if count == 1 else 's'} of {order.set_name}{way}.", flush=True)


def _assigned(
    book: GradeBook, submissions: Sequence[Submission], order: Order
) -> tuple[Submission, ...]:
    """Give the hand-ins the roster's names, and their times."""
    timed = with_times(submissions, order.times or order.roster)
    if not order.roster:
        return timed
    assigned = assign(timed, order.roster)
    rename(book, assigned.renamed)
    enrol(book, order.roster)
    for student in listed(assigned.strangers, _MOST_NAMED, "others"):
        print(f"Not on the roster: {printable(student)}")
    return assigned.submissions


def _chosen(submissions: Sequence[Submission], only: Sequence[str]) -> list[Submission]:
    """Return the hand-ins of the students asked for, by name or number."""
    if not only:
        return list(submissions)
    chosen = []
    for name in only:
        fitting = [one for one in submissions if name in (one.student, one.number)]
        if len(fitting) != 1:
            from difflib import get_close_matches

            close = get_close_matches(name, [one.student for one in submissions], 3, 0.5)
            mean = f"; did you mean {printable(' or '.join(map(repr, close)))}?" if close else ""
            raise CallError(f"--only {printable(name)!r} is no student who handed in{mean}")
        chosen += fitting
    return chosen


def _tell(order: Order, graded: _Graded, counted: Sequence[Mark], seconds: float) -> None:
    for entry in graded.failing:
        print(shown_again(entry))
    lines = [
        f"{printable(change.student)}: {_points(change.before)} -> {_points(change.after)} points"
        f" ({'the same file' if change.same_file else 'another file'})"
        for change in graded.run.changes()
    ]
    for line in listed(lines, 5 * _MOST_NAMED, "others"):
        print(f"Changed: {line}")
    print(how_it_went(graded.entries, graded.before, graded.statuses, counted, seconds))
    print(f"In {printable(str(order.out))}: results.json, results.csv, feedback/, class.html.")


def _points(value: float | None) -> str:
    return "none" if value is None else f"{round(value, 2):g}"


@contextmanager
def _stop_at_once() -> Iterator[None]:
    """Let the system's request to end (SIGTERM) do what Ctrl-C does."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(
            "stopped; everything graded so far is kept, and the same command goes on"
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)
