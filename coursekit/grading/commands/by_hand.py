"""What people decide about marks (`coursekit mark`), and marks for others (`export`)."""

import contextlib
import io
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from coursekit._files import write_whole
from coursekit.errors import CallError, cannot_write
from coursekit.grading.commands.messages import unmarked
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import totals
from coursekit.grading.gradebook.decisions import decide, decided
from coursekit.grading.gradebook.marks import Mark, deadline, marks
from coursekit.grading.gradebook.people import look_up
from coursekit.grading.gradebook.tables import Change
from coursekit.grading.names import printable
from coursekit.grading.pages import canvas, moodle
from coursekit.grading.pages.exports import export
from coursekit.grading.pages.feedback import class_zone, student_page
from coursekit.grading.pages.out_folder import COURSE, OutFolder, book_in, set_of
from coursekit.grading.pages.results import write_results
from coursekit.grading.reading.grading_set import GradingSet, full_name
from coursekit.grading.reading.worth import graded_set
from coursekit.grading.submissions.tables import Table, read_table, table_of

_WORDS = {
    "points": "points",
    "comment": "comment",
    "extension": "days of extension",
    "in_time": "late days do not count",
    "excused": "excused",
    "handed_in": "handed in",
    "reviewed": "looked at",
    "request": "asked to look again",
    "answer": "answered",
}


@dataclass(frozen=True)
class Decision:
    """One thing that is decided; `value` None takes an earlier one of the kind back."""

    kind: str
    value: str | None
    function: str | None = None


def mark(
    folder: Path,
    student: str,
    decisions: Sequence[Decision],
    *,
    set_name: str | None = None,
    who: str,
    reason: str = "",
    bonus: bool = False,
) -> None:
    """Keep decisions about one student, write the results anew, and print the student's account.

    Raises
    ------
    CallError
        When the folder, the set, the student or a function is not there, or points are more than
        it is worth and no `bonus`.
    CourseError
        When another grader is at work in the folder, or it cannot be written to.
    """
    with OutFolder(folder) as out:
        asked = as_graded(out.book, set_here(out.book, folder, set_name))
        key = look_up(out.book, student)
        for one in decisions:
            _refuse_beyond(asked, one, bonus)
        decisions = [each for one in decisions for each in _settled(out.book, key, asked.name, one)]
        marked = any(one.kind != "comment" for one in decisions)
        for one in decisions:
            why = "" if marked and one.kind == "comment" else reason  # it is for the mark
            decide(
                out.book, key, asked.name, one.kind, one.value,
                who=who, reason=why, function=one.function,
            )  # fmt: skip
        if decisions:
            counted = write_results(out.book, asked, out.path)
        else:
            counted = marks(out.book, asked.name)
        print(_account(out.book, asked.name, key, counted))


def _refuse_beyond(asked: GradingSet, one: Decision, bonus: bool) -> None:
    """Refuse a decision about a function that is not there, or of more points than it is worth."""
    if one.function is not None and one.function not in asked.worth:
        if any(one.function == question.name for question in asked.open_questions):
            raise CallError(
                f"--part {one.function} is worth nothing here; say what it is worth in "
                f"grading.toml, under [sets.{asked.name[:2]}.points], and grade again"
            )
        raise CallError(
            f"--part {printable(one.function)!r} is no part of {asked.name}; "
            f"give one of: {', '.join(asked.worth)}"
        )
    most = asked.worth.get(one.function or "", asked.max_points)
    if one.kind == "points" and float(one.value or 0) > most and not bonus:
        raise CallError(
            f"--points {float(one.value or 0):g} is more than the {most:g} that "
            f"{one.function or asked.name} is worth; say --bonus if that is meant"
        )


def as_graded(book: GradeBook, set_name: str) -> GradingSet:
    """Return a set with the points by which the class was graded."""
    run = book.last_run(set_name)
    return graded_set(set_name, run.rules if run is not None else None)


def write_export(
    form: str,
    folder: Path,
    *,
    set_name: str | None = None,
    assignment: str | None = None,
    grade_column: str | None = None,
    roster: Path | None = None,
    out: Path | None = None,
    new_assignment: bool = False,
    overwrite: bool = False,
) -> None:
    """Write a set's marks in the columns that another system reads, to a file or to be piped on.

    Beside a file for Moodle or Canvas stands a zip of the students' pages in the names by which
    that system gives them back.

    Raises
    ------
    CallError
        When the folder, the set or the roster is not there, the roster is another system's, or a
        file would be written over.
    CourseError
        When a file cannot be written.
    """
    book = book_in(folder)
    try:
        course = set_of(folder) == COURSE
        if course and set_name is not None:
            raise CallError(f"--set: {printable(str(folder))} holds the totals of all sets")
        name = "course" if course else one_set(book, folder, set_name)
        written = [] if out is None else [out]
        if out is not None and form in ("canvas", "moodle") and not course:
            written.append(out.with_name(f"{out.stem}_feedback.zip"))
        _refuse_to_lose(book, written, roster, overwrite)
        if course:
            from coursekit.grading.commands.course_totals import kept_rules

            counted = [total.as_mark() for total in totals(book, kept_rules(book))]
        else:
            counted = marks(book, name)
        table = _their_table(form, book, name, roster)
        if table is None and form in ("canvas", "moodle") and course:
            how = moodle.HOW if form == "moodle" else canvas.HOW
            raise CallError(f"totals go back into {form.capitalize()}'s own file; {how}")
        if table is None and form in ("canvas", "moodle"):
            counted = _with_own_numbers(form, book, name, counted)
        if form == "moodle" and table is not None:
            content, notes = moodle.fill_in(table, name, counted, grade_column)
        elif form == "moodle":
            content, notes = moodle.bare_worksheet(counted)
        elif form == "canvas":
            content, notes = canvas.gradebook(table, name, counted, assignment, new_assignment)
        else:
            content, notes = (
                export(form, assignment or name, counted, class_zone(book.last_run(name))),
                [],
            )
        if waiting := unmarked(counted):
            notes.append(waiting)
        if unsafe := sum(mark.unsafe for mark in counted):
            notes.append(f"{unsafe:,} of these were graded without a sandbox")
        for note in notes:
            sys.stderr.write(f"Note: {printable(note, 1000)}.\n")
        if out is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        try:
            write_whole(out, content)
        except OSError as error:
            raise cannot_write(error, out, "name another file with --out") from error
        excused = sum(mark.excused for mark in counted)
        print(f"{printable(str(out))}: {len(counted):,} students{_without_marks(form, excused)}.")
        for packed in written[1:]:
            print(_feedback_zip(form, book, name, counted, table, packed))
    finally:
        book.close()


def _without_marks(form: str, excused: int) -> str:
    """Say what became of those who are excused where a system has no word for it."""
    if form != "moodle" or not excused:
        return ""
    return (
        f", {excused:,} of them excused: Moodle has no mark for that, their grades stay as they are"
    )


def _refuse_to_lose(
    book: GradeBook, files: Sequence[Path], roster: Path | None, overwrite: bool
) -> None:
    """Refuse to write over what a system gave out, and over anything else unless that is meant."""
    for file in files:
        if not file.is_file():
            continue
        theirs = roster is not None and file.resolve() == roster.resolve()
        with contextlib.suppress(OSError):
            theirs = theirs or book.has_document(file.read_bytes())
        if theirs:
            raise CallError(
                f"{printable(str(file))} is the file that was downloaded; name another file with "
                "--out"
            )
        if not overwrite:
            raise CallError(
                f"{printable(str(file))} is there already; name another file with --out, or say "
                "--overwrite"
            )


def _their_table(form: str, book: GradeBook, set_name: str, given: Path | None) -> Table | None:
    """Return the system's own file that marks go back into: given, or kept by `grade`."""
    fits = {"moodle": moodle.is_worksheet, "canvas": canvas.is_gradebook}.get(form)
    if fits is None:
        return None
    if given is not None:
        table = read_table(given)
        if not fits(table):
            how = moodle.HOW if form == "moodle" else canvas.HOW
            raise CallError(
                f"{printable(str(given))} is not what {form.capitalize()} exports (its columns: "
                f"{printable(', '.join(table.heading))}); {how}"
            )
        return table
    for kind in ("roster", "times"):
        kept = book.document(set_name, kind)
        if kept is not None:
            table = table_of(Path(kept.name), kept.content, kept.encoding, kept.delimiter)
            if fits(table):
                return table
    return None


def _with_own_numbers(
    form: str, book: GradeBook, set_name: str, counted: Sequence[Mark]
) -> list[Mark]:
    """Leave out numbers that another system gave: here they may be somebody else's."""
    own = {
        entry["student"]
        for entry in book.each_entry(set_name)
        if (found := entry.get("submission") or {}).get("layout") == form.capitalize()
        and found["label"]
    }
    return [mark if mark.student in own else replace(mark, number=None) for mark in counted]


def _feedback_zip(
    form: str,
    book: GradeBook,
    set_name: str,
    counted: Sequence[Mark],
    table: Table | None,
    packed: Path,
) -> str:
    """Write the students' pages under the names by which a system knows them; say what came."""
    by_student = {mark.student: mark for mark in counted}
    find = moodle.finder(table, set_name) if form == "moodle" and table is not None else None
    zone = class_zone(book.last_run(set_name))
    rule = deadline(book, set_name)
    nameless = 0
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in book.each_entry(set_name):
            mark = by_student[entry["student"]]
            if form == "canvas":
                name = canvas.comment_file(entry)
            else:
                person = find(mark) if find is not None else None
                name = moodle.feedback_file(set_name, entry, mark, person)
            if name is None:
                nameless += 1
                continue
            own = None if rule is None else rule.of(mark.student)
            page = student_page(set_name, entry, mark, rule=own, zone=zone)
            archive.writestr(zipfile.ZipInfo(name), page.encode("utf-8", "backslashreplace"))
        count = len(archive.namelist())
    try:
        write_whole(packed, content.getvalue())
    except OSError as error:
        raise cannot_write(error, packed, "name another file with --out") from error
    left = ""
    if nameless:
        why = (
            "Canvas takes comments only for files that it gave out itself"
            if form == "canvas"
            else f"they have no number of Moodle's; {moodle.HOW}"
        )
        left = f" {nameless:,} are left out: {why}."
    return f"{printable(str(packed))}: {count:,} pages of feedback.{left}"


def _settled(book: GradeBook, student: str, set_name: str, asked: Decision) -> list[Decision]:
    """Return what is written down; taking back what was never decided is refused."""
    if asked.value is not None:
        return [asked]
    standing: dict[str | None, bool] = {}
    for change in decided(book, student, set_name):
        if change.kind == asked.kind:
            standing[change.function] = change.value is not None
    places = [place for place, stands in standing.items() if stands]
    if asked.kind == "points" and asked.function is not None:
        places = [place for place in places if place == asked.function]
    if not places:
        of = f" of {asked.function}" if asked.function else ""
        raise CallError(
            f"--undo: there is nothing to take back for {printable(student)}: no "
            f"{_WORDS[asked.kind]}{of} by hand"
        )
    if asked.kind == "comment":
        return [asked]
    return [Decision(asked.kind, None, place) for place in places]


def one_set(book: GradeBook, folder: Path, wanted: str | None) -> str:
    """Return the set that is meant; it need not be named where the folder is of one."""
    known = book.sets()
    if wanted is not None:
        return full_name(wanted, known, "--set")
    there = set_of(folder)
    if there in known:
        return there
    if len(known) == 1:
        return known[0]
    raise CallError(f"--set says which of these sets is meant: {', '.join(known) or 'none yet'}")


def set_here(book: GradeBook, folder: Path, wanted: str | None) -> str:
    """Return the set that is meant as `one_set`, and refuse a folder that is of something else."""
    there, shown = set_of(folder), printable(str(folder))
    if there == COURSE:
        raise CallError(
            f"{shown} holds the totals of the course; name the --out that a set was graded into"
        )
    name = one_set(book, folder, wanted)
    if there is not None and there != name:
        raise CallError(
            f"{shown} holds the results of {printable(there)}; name the --out that {name} was "
            "graded into"
        )
    return name


def _account(book: GradeBook, set_name: str, key: str, counted: Sequence[Mark]) -> str:
    """Return all that is known of a student in a set: every attempt, every decision, the end."""
    zone = class_zone(book.last_run(set_name))
    lines = [f"{printable(key)}, {set_name}"]
    for attempt in book.attempts(key, set_name):
        when = attempt.graded.astimezone(zone).isoformat(" ", "minutes")
        lines.append(f"  {when}  graded: {attempt.points:g} points, {attempt.status}")
    lines += [f"  {_decision(change, zone)}" for change in decided(book, key, set_name)]
    found = next((mark for mark in counted if mark.student == key), None)
    if found is not None and found.excused:
        return "\n".join([*lines, "  excused: this set does not count"])
    if found is None or found.final is None:
        return "\n".join([*lines, "  no points: nothing was handed in"])
    late = ""
    if found.late_days:
        days = f"{found.late_days} day{'' if found.late_days == 1 else 's'} late"
        late = f", {days}, {found.penalty:g} less"
    if found.unmarked:
        lines.append(f"  not marked yet, 0 points so far: {', '.join(found.unmarked)}")
    end = f"  in the end: {found.final:g} of {found.max_points:g} points{late}"
    return "\n".join([*lines, end])


def _decision(change: Change, zone: tzinfo) -> str:
    of = "on" if change.kind == "comment" else "of"
    what = _WORDS[change.kind] + (f" {of} {change.function}" if change.function else "")
    value = "taken back" if change.value is None else printable(change.value)
    if change.kind in ("excused", "in_time", "reviewed") and change.value is not None:
        value = "yes"
    why = f" ({printable(change.reason)})" if change.reason else ""
    when = change.when.astimezone(zone).isoformat(" ", "minutes")
    return f"{when}  {printable(change.who)}: {what}: {value}{why}"
