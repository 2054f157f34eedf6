"""Marks and feedback for Canvas: columns of its gradebook, and a zip of submission comments.

Canvas's importer wants Student, ID and Section; it takes an assignment by its number in the
column's name, ``EX`` for excused, and one line of points possible. The zip of comments is read by
the names of the downloaded files: the user's and the attachment's numbers between underscores.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from coursekit.errors import CallError
from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.names import printable
from coursekit.grading.pages.exports import Cell, as_csv, refuse_blank_numbers
from coursekit.grading.submissions.classroom import People
from coursekit.grading.submissions.roster import people_of
from coursekit.grading.submissions.tables import Table

HOW = "export the gradebook in Canvas (Grades > Export), and give the file with --roster"
_OWN = ("student", "id", "sis user id", "sis login id", "integration id", "root account", "section")
_NEEDED = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def is_gradebook(table: Table) -> bool:
    """Say whether a table is what Canvas exports: it has the columns that its import needs."""
    return {"student", "id", "section"} <= set(table.columns)


def gradebook(
    table: Table | None,
    set_name: str,
    marks: Sequence[Mark],
    assignment: str | None = None,
    new_assignment: bool = False,
) -> tuple[bytes, list[str]]:
    """Return the marks as a file for Canvas's gradebook import, and what is to be said about it.

    Parameters
    ----------
    table
        Canvas's own export: its columns that say who a student is, and its delimiter, are kept.
        Without it the numbers in the names of the submissions are all that Canvas can go by.
    set_name
        Of the exercise set.
    marks
        Everybody's.
    assignment
        The column's name, such as ``"Homework 3 (1234)"``, else the one that is called as the set.
    new_assignment
        True: where there is no such column, Canvas makes an assignment for it.

    Raises
    ------
    CallError
        When two students would get into one line, a student has no number by which Canvas would
        know them, or there is no such column.
    """
    most = marks[0].max_points if marks else 0.0
    title = _title(table, assignment or set_name, new_assignment)
    if table is None:
        return _from_numbers(marks, title, most)
    notes = _other_maximum(table, title, most)
    kept = [name for name in table.heading if name.strip().lower() in _OWN]
    rows: list[list[Cell]] = [[*kept, title]]
    rows.append([*("    Points Possible" if n == kept[0] else "" for n in kept), most])
    people = people_of(table, with_times=False)
    known = People(people, set_name)
    by_person: dict[str, Mark] = {}
    left_out = []
    for mark in marks:
        person = known.find(mark.student, mark.number)
        if person is None and mark.name:
            person = known.find(mark.name, mark.number) or known.find(mark.name, None)
        if person is None:
            left_out += [mark] if mark.final is not None else []
            continue
        other = by_person.get(person.where)
        if other is not None and other.final is not None and mark.final is not None:
            raise CallError(
                f"{person.where} fits both {printable(other.student)} and "
                f"{printable(mark.student)}; grade with --roster, so that each is one student"
            )
        if other is None or mark.final is not None or mark.excused:
            by_person[person.where] = mark
    for person in people:
        found = by_person.get(person.where)
        rows.append([*(person.cells.get(name, "") for name in kept), _grade(found)])
    if left_out:
        who = ", ".join(printable(mark.student) for mark in left_out[:5])
        more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
        notes.append(f"not in Canvas's gradebook, so their marks are left out: {who}{more}")
    return as_csv(rows, table.delimiter), notes


def comment_file(entry: dict[str, Any]) -> str | None:
    """Return what a student's page is called in the zip of comments: as the submission, and HTML.

    None for a submission whose name is not of Canvas's making.

    Examples
    --------
    >>> found = {"layout": "Canvas", "label": "bergada_7", "file": "x/bergada_7_91_03-1.ipynb"}
    >>> comment_file({"submission": found})
    'bergada_7_91_03-1.ipynb.html'
    """
    found = entry.get("submission") or {}
    if found.get("layout") != "Canvas" or not found["label"]:  # of a group: another's file
        return None
    parts = PurePosixPath(found["file"]).parts
    own = next((part for part in parts if part.startswith(found["label"])), None)
    return None if own is None else re.sub(r"[\\:\x00-\x1f]", " ", own) + ".html"


def _from_numbers(marks: Sequence[Mark], title: str, most: float) -> tuple[bytes, list[str]]:
    """Return the file from the numbers in the names of the submissions."""
    refuse_blank_numbers("Canvas", marks, HOW)
    notes = [f"sections and SIS numbers are blank without Canvas's own export; {HOW}"]
    rows: list[list[Cell]] = [[*_NEEDED, title], ["    Points Possible", "", "", "", "", most]]
    for mark in marks:
        login = None if mark.number else mark.student
        rows.append([mark.name or mark.student, mark.number, None, login, None, _grade(mark)])
    return as_csv(rows), notes


def _grade(mark: Mark | None) -> Cell:
    if mark is None:
        return ""
    return "EX" if mark.excused else mark.final


def _title(table: Table | None, wanted: str, new: bool) -> str:
    """Return the name of the column, with Canvas's number behind it where the export has it."""
    there = [] if table is None else list(table.heading)
    fitting = [
        name
        for name in there
        if name.strip().lower() not in _OWN
        and re.fullmatch(re.escape(wanted) + r"( \(\d+\))?", name)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1:
        raise CallError(
            f"{printable(wanted)!r} may be {printable(' or '.join(fitting[:8]))}; give the whole "
            "name with --assignment"
        )
    if new or (table is None and re.search(r" \(\d+\)$", wanted)):
        return wanted
    numbered = [name for name in there if re.search(r" \(\d+\)$", name)]
    which = f", one of: {printable(', '.join(numbered[:8]))}" if numbered else ""
    where = "Canvas's gradebook export" if table is None else printable(str(table.path))
    raise CallError(
        f"Canvas has no assignment {printable(wanted)!r} that is known here, and would make a new "
        f"one; name its column as {where} has it with --assignment{which}, or say --new-assignment"
    )


def _other_maximum(table: Table, title: str, most: float) -> list[str]:
    """Say where Canvas has other points possible than the set."""
    column, first = title.strip().lower(), table.columns[0]
    for row in table.rows:
        if row[first].strip().lower() == "points possible":
            with suppress(ValueError):
                if (theirs := float(row[column].replace(",", "."))) != most:
                    return [
                        f"Canvas has {theirs:g} points possible for {printable(title)}, the set "
                        f"{most:g}: points are written as they are, so set the assignment's points "
                        f"in Canvas to {most:g}"
                    ]
    return []
