"""Grading a class whose submissions are found and whose sandboxes are started: the rest of it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursekit.errors import CallError
from coursekit.grading.class_run import ClassRun, Entry, run_seed
from coursekit.grading.commands.grade_request import GradeRequest, Stopped
from coursekit.grading.commands.messages import (
    MOST_NAMED,
    how_it_went,
    listed,
    shown_again,
    unmarked,
)
from coursekit.grading.commands.progress_line import Progress
from coursekit.grading.engine import ClassGrader
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import keep_course_rules
from coursekit.grading.gradebook.marks import Mark, set_deadline
from coursekit.grading.gradebook.people import enrol, rename, tell_apart
from coursekit.grading.names import printable
from coursekit.grading.pages.out_folder import OutFolder
from coursekit.grading.pages.results import write_results
from coursekit.grading.preflight import fingerprint, preflight
from coursekit.grading.submissions.classroom import Assigned, People, names_of
from coursekit.grading.submissions.finding import Submission


@dataclass
class _Graded:
    """What came of the run itself."""

    run: ClassRun
    entries: int = 0
    before: int = 0
    failing: list[Entry] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


def grade_found(
    request: GradeRequest, grader: ClassGrader, assigned: Assigned, begin: float
) -> None:
    """Grade submissions with sandboxes that have been started, and print what came of it."""
    with OutFolder(request.out, request.set_name, request.gradebook) as out:
        _named(out.book, assigned, request)
        chosen = _chosen(assigned.submissions, request)
        for kind, table in request.tables.items():
            out.book.keep_document(
                request.set_name, kind, table.path.name, table.content, table.encoding,
                table.delimiter,
            )  # fmt: skip
        if request.rule is not None:
            set_deadline(out.book, request.set_name, request.rule, who=request.who)
        _keep_rules_of_course(out.book, request)
        before = {entry["student"] for entry in out.book.each_entry(request.set_name)}
        graded = _graded(request, grader, out, chosen)
        counted = write_results(out.book, grader.set, out.path)
        graded.run.finish()
        if before and not request.only:
            _who_came_and_went(before, {one.student for one in chosen})
        for sentence in _late_by_two(chosen, counted, request):
            print(sentence)
        _tell(request, graded, counted, time.monotonic() - begin)


def _keep_rules_of_course(book: GradeBook, request: GradeRequest) -> None:
    """Keep what the run's rules say of more than this run: who is excused, and who may be named."""
    changed: dict[str, Any] = {}
    if request.excused is not None:
        changed["excused"] = {request.set_name: list(request.excused)}
    if request.anonymous is not None:
        changed["anonymous"] = request.anonymous
    keep_course_rules(book, changed, who=request.who)


def _late_by_two(
    submissions: Sequence[Submission], counted: Sequence[Mark], request: GradeRequest
) -> Iterator[str]:
    """Say where Canvas and the due date disagree about who is late."""
    by_student = {mark.student: mark for mark in counted}
    marked, in_time, late = [], [], []
    for one in submissions:
        mark = by_student[one.student]
        if one.layout != "Canvas" or one.student in request.before.decided:
            continue
        if one.marked_late:
            marked.append(one.student)
            in_time += [one.student] if mark.handed_in is not None and not mark.late_days else []
        else:
            late += [one.student] if mark.late_days else []
    rule = request.rule
    if rule is None and marked:
        yield f"Marked LATE by Canvas: {_names(marked)}; without --due it costs nothing."
    if rule is not None and in_time:
        yield f"Marked LATE by Canvas, in time by --due and the time given: {_names(in_time)}."
    if rule is not None and late:
        yield f"Not marked LATE by Canvas, late by --due and the time given: {_names(late)}."


def _names(students: Sequence[str]) -> str:
    return ", ".join(listed([printable(name) for name in students], MOST_NAMED, "others"))


def _who_came_and_went(before: set[str], now: set[str]) -> None:
    for words, names in (("New", now - before), ("Not handed in any more", before - now)):
        for name in listed(sorted(names), MOST_NAMED, "others"):
            kept = "" if words == "New" else ", whose last mark stays"
            print(f"{words}: {printable(name)}{kept}")


def _graded(
    request: GradeRequest, grader: ClassGrader, out: OutFolder, submissions: Sequence[Submission]
) -> _Graded:
    """Grade the submissions; an interruption becomes a sentence on how to go on."""
    seed = run_seed(out.book, request.set_name, request.seed)
    if seed is not None:
        grader.draw_from(seed)
    if not grader.isolated:
        print("WITHOUT A SANDBOX: students' code can read and change anything of yours.")
    if request.with_preflight and not grader.set.by_hand:
        checked = preflight(grader, out.path)
        if not checked.cached:
            print(checked.said, flush=True)
    place = str(request.place.absolute())
    rules = request.rules
    conditions = fingerprint(grader.set, rules.grading_limits(), rules.strict)
    run = ClassRun(
        out.book, grader, conditions, place, rules.as_json(), whole_class=not request.only
    )
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
            if request.only:
                graded.failing.append(entry)

        run.told = told
        try:
            run.complete(submissions)
        except KeyboardInterrupt:
            done = f"{progress.done:,} of {progress.total:,}"
            raise Stopped(
                f"stopped; {done} submissions are graded and kept, and the same command goes on"
            ) from None
    if grader.cold_because:
        print(f"A sandbox for each submission, which is slower: {printable(grader.cold_because)}.")
    return graded


def _named(book: GradeBook, assigned: Assigned, request: GradeRequest) -> None:
    """Let everybody in the book have the names of today."""
    numbers = {one.student: one.number for one in assigned.submissions if one.number is not None}
    if request.roster:
        people = People(request.roster, request.set_name)
        on_roster = {person.key for person in request.roster}
        found = {
            key: person.key
            for key, number in book.students().items()
            if key not in on_roster and (person := people.find(key, number)) is not None
        }
        for old, new in rename(book, found | assigned.renamed).items():
            print(f"Renamed: {printable(old)} is now {printable(new)}")
        enrol(book, request.roster)
        numbers = {key: number for key, number in numbers.items() if key not in on_roster}
    for old, new in tell_apart(book, numbers).items():
        print(f"Renamed: {printable(old)} is now {printable(new)}")


def _chosen(submissions: Sequence[Submission], request: GradeRequest) -> list[Submission]:
    """Return the submissions of the students asked for, by name, number or address."""
    if not request.only:
        return list(submissions)
    persons = {person.key: person for person in request.roster}

    def texts(one: Submission) -> set[str]:
        person = persons.get(one.student)
        more = [text for text, _ in names_of(person)] if person is not None else []
        alias = request.before.aliases.get(one.student)
        return {text for text in (one.student, one.number, alias, *more) if text}

    chosen = []
    for name in request.only:
        fitting = [one for one in submissions if name == one.student]
        fitting = fitting or [one for one in submissions if name in texts(one)]
        folded = name.casefold()
        fitting = fitting or [
            one for one in submissions if folded in {text.casefold() for text in texts(one)}
        ]
        if len(fitting) > 1:
            who = " or ".join(printable(one.student) for one in fitting[:5])
            raise CallError(f"--only {printable(name)!r} may be {who}")
        if not fitting:
            from difflib import get_close_matches

            close = get_close_matches(name, [one.student for one in submissions], 3, 0.5)
            mean = f"; did you mean {printable(' or '.join(map(repr, close)))}?" if close else ""
            raise CallError(f"--only {printable(name)!r} is no student who handed in{mean}")
        chosen += fitting
    return chosen


def _tell(request: GradeRequest, graded: _Graded, counted: Sequence[Mark], seconds: float) -> None:
    for entry in graded.failing:
        print(shown_again(entry))
    lines = [
        f"{printable(change.student)}: {_points(change.before)} -> {_points(change.after)} points"
        f" ({'the same file' if change.same_file else 'another file'})"
        for change in graded.run.changes()
    ]
    for line in listed(lines, 5 * MOST_NAMED, "others"):
        print(f"Changed: {line}")
    if request.rule is not None or request.times:
        timeless = sum(
            mark.final is not None and mark.handed_in is None and not mark.late_days
            for mark in counted
        )
        if timeless:
            print(f"Of {timeless:,} nobody knows when it was handed in: counted as in time.")
    if waiting := unmarked(counted):
        print(f"{waiting[0].upper()}{waiting[1:]}.")
    print(how_it_went(graded.entries, graded.before, graded.statuses, counted, seconds))
    there = "results.json, results.csv, feedback/, review/, class.html"
    print(f"In {printable(str(request.out))}: {there}.")


def _points(value: float | None) -> str:
    return "none" if value is None else f"{round(value, 2):g}"
