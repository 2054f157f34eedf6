"""What people decide about marks (`coursekit mark`), and marks for others (`export`)."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit._files import write_whole
from coursekit.errors import CallError, cannot_write
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.decisions import decide, decided
from coursekit.grading.gradebook.marks import Mark, marks
from coursekit.grading.gradebook.people import look_up
from coursekit.grading.gradebook.tables import Change
from coursekit.grading.names import printable
from coursekit.grading.pages.exports import export
from coursekit.grading.pages.out_folder import OutFolder, book_in, set_of
from coursekit.grading.pages.results import write_results
from coursekit.grading.reading.grading_set import full_name, grading_set

_WORDS = {
    "points": "points",
    "comment": "comment",
    "extension": "days of extension",
    "in_time": "late days do not count",
    "excused": "excused",
    "handed_in": "handed in",
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
) -> None:
    """Keep decisions about one student, write the results anew, and print the student's account.

    Raises
    ------
    CallError
        When the folder, the set, the student or a function is not there.
    CourseError
        When another grader is at work in the folder, or it cannot be written to.
    """
    with OutFolder(folder) as out:
        asked = grading_set(_one_set(out.book, folder, set_name))
        there = set_of(folder)
        if there is not None and there != asked.name:
            raise CallError(
                f"{printable(str(folder))} holds the results of {there}; name the --out that "
                f"{asked.name} was graded into"
            )
        key = look_up(out.book, student)
        worth = {exercise.name: exercise.points for exercise in asked.exercises}
        for one in decisions:
            if one.function is not None and one.function not in worth:
                raise CallError(
                    f"--function {printable(one.function)!r} is none of {asked.name}; "
                    f"give one of: {', '.join(worth)}"
                )
        decisions = [each for one in decisions for each in _settled(out.book, key, asked.name, one)]
        for one in decisions:
            decide(
                out.book, key, asked.name, one.kind, one.value,
                who=who, reason=reason, function=one.function,
            )  # fmt: skip
        if decisions:
            counted = write_results(out.book, asked, out.path)
        else:
            counted = marks(out.book, asked.name)
        print(_account(out.book, asked.name, key, counted))
        for one in decisions:
            most = worth.get(one.function or "", asked.max_points)
            if one.kind == "points" and one.value is not None and float(one.value) > most:
                print(f"Note that {float(one.value):g} is more than the {most:g} it is worth.")


def write_export(
    form: str,
    folder: Path,
    *,
    set_name: str | None = None,
    assignment: str | None = None,
    out: Path | None = None,
) -> None:
    """Write a set's marks in the columns that another system reads, to a file or to be piped on.

    Raises
    ------
    CallError
        When the folder or the set is not there.
    CourseError
        When the file cannot be written.
    """
    book = book_in(folder)
    try:
        name = _one_set(book, folder, set_name)
        counted = marks(book, name)
    finally:
        book.close()
    content = export(form, assignment or name, counted)
    if unsafe := sum(mark.unsafe for mark in counted):
        sys.stderr.write(f"{unsafe:,} of these were graded without a sandbox.\n")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        write_whole(out, content)
    except OSError as error:
        raise cannot_write(error, out, "name another file with --out") from error
    print(f"{printable(str(out))}: {len(counted):,} students.")


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


def _one_set(book: GradeBook, folder: Path, wanted: str | None) -> str:
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


def _account(book: GradeBook, set_name: str, key: str, counted: Sequence[Mark]) -> str:
    """Return all that is known of a student in a set: every attempt, every decision, the end."""
    lines = [f"{printable(key)}, {set_name}"]
    for attempt in book.attempts(key, set_name):
        when = attempt.graded.isoformat(" ", "minutes")
        lines.append(f"  {when}  graded: {attempt.points:g} points, {attempt.status}")
    lines += [f"  {_decision(change)}" for change in decided(book, key, set_name)]
    found = next((mark for mark in counted if mark.student == key), None)
    if found is not None and found.excused:
        return "\n".join([*lines, "  excused: this set does not count"])
    if found is None or found.final is None:
        return "\n".join([*lines, "  no points: nothing was handed in"])
    late = ""
    if found.late_days:
        days = f"{found.late_days} day{'' if found.late_days == 1 else 's'} late"
        late = f", {days}, {found.penalty:g} less"
    end = f"  in the end: {found.final:g} of {found.max_points:g} points{late}"
    return "\n".join([*lines, end])


def _decision(change: Change) -> str:
    what = _WORDS[change.kind] + (f" of {change.function}" if change.function else "")
    value = "taken back" if change.value is None else printable(change.value)
    if change.kind in ("excused", "in_time") and change.value is not None:
        value = "yes"
    why = f" ({printable(change.reason)})" if change.reason else ""
    when = change.when.isoformat(" ", "minutes")
    return f"{when}  {printable(change.who)}: {what}: {value}{why}"
