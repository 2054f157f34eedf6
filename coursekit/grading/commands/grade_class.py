"""Grading a class whose hand-ins are found and whose sandboxes are started: the rest of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.errors import CallError
from coursekit.grading.class_run import ClassRun, Entry, run_seed
from coursekit.grading.commands.grade import Order, Stopped
from coursekit.grading.commands.progress_line import Progress
from coursekit.grading.commands.spoken import MOST_NAMED, how_it_went, listed, shown_again
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.marks import Mark, set_deadline
from coursekit.grading.gradebook.people import enrol, rename, tell_apart
from coursekit.grading.handins.classroom import assign, with_times
from coursekit.grading.handins.finding import Submission
from coursekit.grading.names import printable
from coursekit.grading.pages.out_folder import OutFolder
from coursekit.grading.pages.results import write_results
from coursekit.grading.preflight import fingerprint, preflight


@dataclass
class _Graded:
    """What came of the run itself."""

    run: ClassRun
    entries: int = 0
    before: int = 0
    failing: list[Entry] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


def grade_class(
    order: Order, grader: Grader, submissions: Sequence[Submission], begin: float
) -> None:
    """Grade hand-ins with sandboxes that have been started, and print what came of it."""
    with OutFolder(order.out) as out:
        assigned = _assigned(out.book, submissions, order)
        chosen = _chosen(assigned, order.only)
        if order.rule is not None:
            set_deadline(out.book, order.set_name, order.rule, who=order.who)
        graded = _graded(order, grader, out, chosen)
        counted = write_results(out.book, grader.set, out.path)
        graded.run.finish()
        _tell(order, graded, counted, time.monotonic() - begin)


def _graded(
    order: Order, grader: Grader, out: OutFolder, submissions: Sequence[Submission]
) -> _Graded:
    """Grade the hand-ins; an interruption becomes a sentence on how to go on."""
    seed = run_seed(out.book, order.set_name, order.seed)
    if seed is not None:
        grader.draw_from(seed)
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


def _assigned(
    book: GradeBook, submissions: Sequence[Submission], order: Order
) -> tuple[Submission, ...]:
    """Give the hand-ins the roster's names, and their times."""
    tell_apart(book, {one.student: one.number for one in submissions if one.number is not None})
    timed = with_times(submissions, order.times)
    if not order.roster:
        return timed
    assigned = assign(timed, order.roster)
    if len(assigned.strangers) == len(submissions) and not order.only:
        raise CallError(
            "no hand-in has a name or number of --roster; say with --key-column which of its "
            "columns has the names that hand-ins have"
        )
    rename(book, assigned.renamed)
    enrol(book, order.roster)
    for student in listed(assigned.strangers, MOST_NAMED, "others"):
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
    for line in listed(lines, 5 * MOST_NAMED, "others"):
        print(f"Changed: {line}")
    if order.rule is not None or order.times:
        timeless = sum(mark.final is not None and mark.handed_in is None for mark in counted)
        if timeless:
            print(f"Of {timeless:,} nobody knows when it was handed in: counted as in time.")
    print(how_it_went(graded.entries, graded.before, graded.statuses, counted, seconds))
    print(f"In {printable(str(order.out))}: results.json, results.csv, feedback/, class.html.")


def _points(value: float | None) -> str:
    return "none" if value is None else f"{round(value, 2):g}"
