"""What grading leaves in its folder, all of it made anew from the gradebook."""

import contextlib
import json
import os
import secrets
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from coursekit.checks import misconceptions
from coursekit.errors import cannot_write
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import course_rules
from coursekit.grading.gradebook.marks import Mark, deadline, marks
from coursekit.grading.judging.outcome import plain
from coursekit.grading.pages.classfacts import Entry, class_facts
from coursekit.grading.pages.exports import results_table, write_csv
from coursekit.grading.pages.feedback import class_page, class_zone, student_page, write_pages
from coursekit.grading.reading.grading_set import GradingSet

JSON, CSV, CLASS = "results.json", "results.csv", "class.html"
_ABOUT_NAMES = ("group", "not_on_roster", "second_file", "other_file", "script", "unusual_name")
PAGES, REVIEW = "feedback", "review"  # the students' pages, and the same for their teacher


def write_results(book: GradeBook, asked: GradingSet, folder: Path) -> list[Mark]:
    """Write ``results.json``, ``results.csv``, the students' pages and the instructor's.

    Each file is there whole or not at all. A class of any size takes the same memory, but for some
    lines a student.

    Parameters
    ----------
    book
        Holds everybody's newest attempt and what people decided.
    asked
        The set.
    folder
        Where they are written.

    Returns
    -------
    list of Mark
        Everybody's mark, in the order of names.

    Raises
    ------
    CourseError
        When the folder cannot be written to. The marks are in the gradebook all the same.
    """
    counted = marks(book, asked.name)
    by_student = {mark.student: mark for mark in counted}
    names = list(asked.worth)
    with whole_file(folder / JSON) as file:
        for part in results_json(book, asked):
            file.write(part)
    run = book.last_run(asked.name)
    rule, zone = deadline(book, asked.name), class_zone(run)
    with whole_file(folder / CSV) as file:
        file.write("\ufeff")  # Excel takes a file without this mark for another encoding
        write_csv(
            file,
            results_table(
                names, book.each_entry(asked.name), counted, zone, by_person=asked.by_person
            ),
        )
    attempts = book.attempts_by_student(asked.name)
    hidden = bool(course_rules(book).get("anonymous"))

    def pages(for_teacher: bool) -> Iterator[tuple[str, str]]:
        for found in book.each_entry(asked.name):
            entry, mark = found, by_student[found["student"]]
            own = None if rule is None else rule.of(mark.student)
            own_attempts = attempts[mark.student] if for_teacher else []
            if for_teacher and hidden:
                entry, mark = _nameless_entry(entry, mark.alias), _nameless(mark)
            yield (
                mark.student,
                student_page(
                    asked.name,
                    entry,
                    mark,
                    rule=own,
                    zone=zone,
                    for_teacher=for_teacher,
                    attempts=own_attempts,
                ),
            )

    write_pages(folder / PAGES, pages(False))
    write_pages(folder / REVIEW, pages(True), packed=False)
    asking = [name for name in names if name not in asked.by_person]
    meanings = {(name, key): does for name in asking for key, does in misconceptions(name).items()}
    everybody: Iterator[Entry] = book.each_entry(asked.name)
    on_page = counted
    if hidden:
        everybody = (_nameless_entry(one, by_student[one["student"]].alias) for one in everybody)
        on_page = sorted(map(_nameless, counted), key=lambda mark: mark.student)
    facts = class_facts(everybody, asked.max_points, meanings)
    place = "SUBMISSIONS" if run is None else run.place
    rules = (run.rules or {}).get("command", []) if run is not None else []

    def again(student: str) -> str:
        words = ["coursekit", "grade", asked.name, place, "--out", str(folder.absolute())]
        return shlex.join([*words, *rules, f"--only={student}"])

    with whole_file(folder / CLASS) as file:
        file.write(
            class_page(
                asked.name, facts, on_page, again, rule=rule, zone=zone, run=run, hidden=hidden
            )
        )
    return counted


def _nameless(mark: Mark) -> Mark:
    """Return a mark with an alias in the place of all that says whose it is."""
    return replace(mark, student=mark.alias, name=None, number=None, email=None, cells={})


def _nameless_entry(entry: Entry, alias: str) -> Entry:
    """Return an entry without the name, the file's name, and what was noticed about that."""
    events = [event for event in entry["events"] if event["code"] not in _ABOUT_NAMES]
    return entry | {"student": alias, "submission": None, "events": events}


def results_json(book: GradeBook, asked: GradingSet) -> Iterator[str]:
    """Give the text of ``results.json``, one line a student, piece by piece."""
    yield f'{{"set": {json.dumps(asked.name)}, "max_points": {json.dumps(asked.max_points)},\n'
    yield ' "submissions": ['
    for number, entry in enumerate(book.each_entry(asked.name)):
        yield ("," if number else "") + "\n  " + _strict(entry)
    yield "\n ]}\n"


def _strict(entry: dict[str, Any]) -> str:
    try:
        return json.dumps(entry, allow_nan=False)
    except ValueError:
        return json.dumps(plain(entry), allow_nan=False)


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a text file that takes the place of an older one at the end, or never.

    Raises
    ------
    CourseError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.txt") as file:
    ...         _ = file.write("hello")
    ...     (Path(folder) / "a.txt").read_text()
    'hello'
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise cannot_write(error, path, "name another folder with --out") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
