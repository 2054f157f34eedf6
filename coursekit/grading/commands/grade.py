"""The beginning of the command `coursekit grade`: which submissions there are, and whose.

What takes time here, such as opening the gradebook, is done while the sandbox warms up.
"""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from coursekit.errors import CallError, CourseError
from coursekit.grading.commands.before import system
from coursekit.grading.commands.grade_request import GradeRequest, Stopped
from coursekit.grading.commands.messages import MOST_NAMED, listed
from coursekit.grading.commands.personal import Named, in_groups, own_dues
from coursekit.grading.commands.rules_file import RulesFile
from coursekit.grading.engine import Grader
from coursekit.grading.names import printable
from coursekit.grading.pages.out_folder import refuse_foreign_files
from coursekit.grading.project import ProjectGrader
from coursekit.grading.reading.grading_set import GradingSet, grading_set
from coursekit.grading.reading.worth import with_worth
from coursekit.grading.sandbox.sandbox import Sandbox
from coursekit.grading.submissions.classroom import (
    Assigned,
    People,
    assign,
    names_of,
    with_times,
)
from coursekit.grading.submissions.finding import Submission, Submissions, described, find
from coursekit.grading.submissions.places import refuse_a_file


def run(request: GradeRequest, started: Sandbox | None = None) -> None:
    """Grade a class, and print what a person wants to know of it.

    Parameters
    ----------
    request
        What was asked for.
    started
        A sandbox that was started beforehand.

    Raises
    ------
    CallError
        When the set, the place or a student is not there, or a file can be understood in two ways.
    CourseError
        When the work cannot be done; what was graded is kept.
    """
    begin = time.monotonic()
    if request.out.resolve() == request.place.resolve():
        raise CallError("--out is the folder of the submissions itself; name another folder")
    refuse_a_file(request.out)
    refuse_foreign_files(request.out, request.set_name)
    with _stop_at_once():
        people = People(request.roster, request.set_name)
        found = find(
            request.place,
            request.set_name,
            leave_out=request.out,
            zone=request.zone,
            level=request.level,
            picked=request.picked,
            is_student=people.knows,
        )
        assigned = _assigned(found, request)
        if request.file is not None:
            assigned, request = _by_file(request.file, assigned, request)
        if request.dry_run:
            _understood(found, assigned, request)
        unsettled = [*_two_of_one(assigned, request), *_days_unknown(assigned, request)]
        _stop_at_doubts((*found.doubts, *assigned.doubts, *unsettled))
        if request.dry_run:
            return
        _pass_over(found, assigned, request)
        asked = with_worth(grading_set(request.set_name), request.rules.worth)
        with _grader(request, asked, len(assigned.submissions), started) as grader:
            from coursekit.grading.commands.grade_class import grade_found  # while sandboxes start

            grade_found(request, grader, assigned, begin)


def _grader(
    request: GradeRequest, asked: GradingSet, submissions: int, started: Sandbox | None
) -> Grader | ProjectGrader:
    """Return what grades a set: projects are read, exercises are run."""
    if asked.by_hand:
        return ProjectGrader(asked)
    return Grader(
        request.set_name,
        min(request.workers, submissions),
        limits=request.rules.grading_limits(),
        unsafe=request.unsafe,
        strict=request.rules.strict,
        started=started,
        asked=asked,
    )


def _assigned(found: Submissions, request: GradeRequest) -> Assigned:
    """Give the submissions the roster's names, and their times."""
    if not request.roster:
        timed = with_times(found.submissions, request.times)
        return Assigned(timed, {})
    given = assign(found, request.roster, request.set_name, request.picked)
    if found.submissions and len(given.strangers) == len(found.submissions) and not request.only:
        raise CallError(
            "no submission has a name or number of --roster; say with --key-column which of its "
            "columns has the names that submissions have"
        )
    called = {new: old for old, new in given.renamed.items()}
    persons = {person.key: person for person in request.roster}

    def known_as(one: Submission) -> list[tuple[str, str | None]]:
        names: list[tuple[str, str | None]] = [(called.get(one.student, one.student), one.number)]
        person = persons.get(one.student)
        return names + ([] if person is None else names_of(person))

    return replace(given, submissions=with_times(given.submissions, request.times, known_as))


def _by_file(
    file: RulesFile, assigned: Assigned, request: GradeRequest
) -> tuple[Assigned, GradeRequest]:
    """Let a file's groups hand in together, and its sections and extensions have their times."""
    named = Named(request.roster, assigned.submissions)
    assigned = in_groups(assigned, file, named, request.picked)
    own = own_dues(request.rule, file, request.roster, named, request.zone)
    excused = [
        named.key(name, file.of_set("excused", number)) for number, name in enumerate(file.excused)
    ]
    request = replace(request, excused=tuple(dict.fromkeys(excused)))
    if request.rule is not None:
        request = replace(request, rule=replace(request.rule, own=own))
    return assigned, request


def _two_of_one(assigned: Assigned, request: GradeRequest) -> list[str]:
    """Say which submissions would make a second student of one whom the gradebook has.

    Another system calls the same people by other names, and so does a run without its roster.
    """
    before = request.before
    known = set(before.systems.values())
    doubts = []
    for one in assigned.submissions:
        if not known or one.student in before.students:
            continue
        path, student = printable(str(one.path)), printable(one.student)
        if system(one.layout) not in known:
            there = " and ".join(sorted(known))
            doubts.append(
                f"{path} would be a new student {student}: {_book(request)} holds submissions from "
                f"{there}, and this one is from {system(one.layout)}, where the same people may "
                "have other names; name a new folder with --out, or give by --roster the list "
                "that the others were graded with"
            )
        elif before.roster is not None and not request.roster:
            doubts.append(
                f"{path} would be a new student {student}: {_book(request)} was graded with the "
                f"list {printable(before.roster)}; give it again with --roster"
            )
    return doubts


def _book(request: GradeRequest) -> str:
    return printable(str(request.gradebook or request.out))


def _days_unknown(assigned: Assigned, request: GradeRequest) -> list[str]:
    """Say which submissions Canvas marks as late of which nobody knows how late they are."""
    return [
        f"{printable(str(one.path))} is marked LATE by Canvas, which gives no time in a file's "
        f"name, so that nobody knows how many days {printable(one.student)} is late; say it for "
        "all of them with --marked-late DAYS, give their times with --times, or decide one by one "
        "with `coursekit mark ... --handed-in TIME` after --marked-late 0"
        for one in assigned.submissions
        if _how_late_is_unknown(one, request)
    ]


def _how_late_is_unknown(one: Submission, request: GradeRequest) -> bool:
    rule, before = request.rule, request.before
    if rule is None or rule.marked_late is not None:
        return False
    if not one.marked_late or one.handed_in is not None or one.student in before.decided:
        return False
    return one.student not in before.timed or before.timed[one.student] != one.digest()


def _stop_at_doubts(doubts: Sequence[str]) -> None:
    """Stop where something can be understood in two ways: an instructor decides, nobody else."""
    for sentence in doubts[1:]:
        print(f"In doubt: {sentence}")
    if doubts:
        more = f" ({len(doubts) - 1} more above)" if len(doubts) > 1 else ""
        raise CallError(f"in doubt, nothing was graded{more}: {doubts[0]}")


def _pass_over(found: Submissions, assigned: Assigned, request: GradeRequest) -> None:
    for sentence in listed(found.passed_over, MOST_NAMED, "other files"):
        print(f"Passed over: {sentence}")
    if not assigned.submissions:
        raise CourseError(
            f"{printable(str(request.place))} holds no submission of {request.set_name}; name "
            "the folder or zip with the students' notebooks"
        )
    for student in listed(assigned.strangers, MOST_NAMED, "others"):
        print(f"Not on the roster: {printable(student)}")
    count = len(assigned.submissions)
    layouts = sorted({one.layout for one in assigned.submissions} - {"plain", "folder"})
    way = f", laid out as {' and '.join(layouts)} does it" if layouts else ""
    plural = "" if count == 1 else "s"
    print(f"{count:,} submission{plural} of {request.set_name}{way}.", flush=True)
    if request.rules.file is not None:
        over = ", ".join(request.rules.over)
        but = f", but {over} by the command line" if over else ""
        print(f"Rules of {printable(request.rules.file)}{but}.")
    if request.rules.kept:
        print(f"Rules of the last run: {printable(', '.join(request.rules.kept))}.")


def _understood(found: Submissions, assigned: Assigned, request: GradeRequest) -> None:
    """Print how every file is understood, and everybody who handed in nothing."""
    asked = grading_set(request.set_name)
    persons = {person.key: person for person in request.roster}
    for one in assigned.submissions:
        parts = [f"{printable(one.student)}: {described(one, asked)}"]
        if one.layout not in ("plain", "folder"):
            number = f", number {one.number}" if one.number else ""
            parts.append(f"as {one.layout} names it{number}")
        if one.marked_late:
            parts.append("marked LATE by Canvas")
        person = persons.get(one.student)
        if person is not None:
            parts.append(f"on the roster as {printable(person.name or person.key)}")
        elif request.roster:
            parts.append("not on the roster")
        if one.handed_in is not None:
            parts.append(f"handed in {_shown(one.handed_in, request)}")
        rule = request.rule
        known = one.handed_in is not None or one.marked_late
        if rule is not None and known and not _how_late_is_unknown(one, request):
            own = rule.of(one.student)
            if own.due != rule.due:
                parts.append(f"due {_shown(own.due, request)}")
            days = own.late_days(one.handed_in, marked_late=one.marked_late)
            parts.append(f"{days} day{'' if days == 1 else 's'} late" if days else "in time")
        elif one.handed_in is None and (request.times or rule is not None):
            parts.append("nobody knows when it was handed in")
        if one.student in (request.excused or ()):
            parts.append("excused")
        print("; ".join(parts))
        for code, text in one.events:
            if code != "not_on_roster":
                print(f"  {text}")
    for person in assigned.absent:
        excused = "; excused" if person.key in (request.excused or ()) else ""
        print(f"{printable(person.key)}: nothing handed in{excused}")
    for sentence in found.passed_over:
        print(f"Passed over: {sentence}")
    if request.rule is not None:
        print(f"Due {_shown(request.rule.due, request)}.")
    count = len(assigned.submissions)
    print(f"{count:,} submission{'' if count == 1 else 's'} of {asked.name}; nothing was graded.")


def _shown(moment: datetime, request: GradeRequest) -> str:
    return f"{moment.astimezone(request.zone or moment.tzinfo):%Y-%m-%d %H:%M %Z}"


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
