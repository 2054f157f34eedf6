"""Marks and feedback for Moodle: its own grading worksheet filled in, and a zip of feedback files.

Moodle finds the columns of the worksheet by their names in the language of whoever uploads it, and
needs those of the identifier, the grade and the last change. It finds whose a feedback file is by
the folder, ``Name_1001_assignsubmission_file_``, divided at the underscores.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coursekit.errors import CallError
from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.names import printable
from coursekit.grading.pages.exports import Cell, as_csv, plain_cell, refuse_blank_numbers
from coursekit.grading.submissions.classroom import People
from coursekit.grading.submissions.roster import Person, people_of
from coursekit.grading.submissions.tables import Table

HOW = (
    "in Moodle open the assignment, choose 'Download grading worksheet' (it needs the feedback "
    "type 'Offline grading worksheet'), and give the file with --roster"
)
# What the columns are called in English, German, French, Spanish, Italian, Portuguese and Dutch.
_GRADE = ("grade", "bewertung", "note", "calificación", "valutazione", "nota", "avaliação",
          "cijfer", "beoordeling")  # fmt: skip
_HIGHEST = ("maximum grade", "bestwertung", "beste bewertung", "note maximale",
            "calificación máxima", "valutazione massima", "nota máxima", "maximumcijfer",
            "maximale beoordeling")  # fmt: skip
_COMMENTS = ("feedback comments", "feedback als kommentar", "feedback par commentaires",
             "commentaires", "comentarios de retroalimentación", "commenti",
             "comentários de feedback", "feedback opmerkingen")  # fmt: skip
_IDENTIFIER = re.compile(r"\D*?\s*(\d+)")  # Participant 1001, Teilnehmer/in1001
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_worksheet(table: Table) -> bool:
    """Say whether a table has what Moodle wants back: identifiers, and a column of grades."""
    first = table.columns[0]
    return any(name in _GRADE for name in table.columns) and all(
        _IDENTIFIER.fullmatch(row[first]) for row in table.rows
    )


def fill_in(
    table: Table, set_name: str, marks: Sequence[Mark], grade_column: str | None = None
) -> tuple[bytes, list[str]]:
    """Return a grading worksheet with marks and comments in it, and what is to be said about it.

    Every other cell, the order, the encoding, the delimiter and the ends of lines stay. Who has no
    mark keeps the cell as it is.

    Parameters
    ----------
    table
        The worksheet as it was read.
    set_name
        Of the exercise set.
    marks
        Everybody's.
    grade_column
        The column of the grades, where its name is in a language that is not known here.

    Raises
    ------
    CallError
        When it is no worksheet, or two students would get into one line.
    """
    columns = table.columns
    grade = _one(table, (grade_column.strip().lower(),) if grade_column else _GRADE)
    highest = next((columns.index(name) for name in _HIGHEST if name in columns), None)
    comment = next((columns.index(name) for name in _COMMENTS if name in columns), None)
    lines, written = _lines(table)
    notes, comma = [], False
    if highest is not None:
        most = {line[highest].strip() for line in lines[1:] if len(line) > highest} - {""}
        comma = any("," in text for text in most)
        if wrong := sorted(t for t in most if _number(t) not in (None, marks[0].max_points)):
            notes.append(
                f"the worksheet's highest grade is {printable(wrong[0])}, the set's "
                f"{marks[0].max_points:g}: points are written as they are, so set the assignment's "
                f"maximum in Moodle to {marks[0].max_points:g}"
            )
    where, left_out = _lines_of(table, set_name, marks)
    for mark, number in where:
        line = lines[number]
        line += [""] * (len(columns) - len(line))
        if mark.final is not None:
            text = plain_cell(mark.final)
            line[grade] = text.replace(".", ",") if comma else text
        if mark.comments and comment is not None:
            line[comment] = plain_cell(" / ".join(mark.comments))
    if comment is None and any(mark.comments for mark in marks):
        notes.append(
            "the worksheet has no column for comments, which are left out; they are on the pages "
            "of feedback (in Moodle switch on the feedback type 'Feedback comments')"
        )
    if left_out:
        who = ", ".join(printable(mark.student) for mark in left_out[:5])
        more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
        notes.append(f"not in the worksheet, so their marks are left out: {who}{more}")
    return written(lines), notes


def bare_worksheet(marks: Sequence[Mark]) -> tuple[bytes, list[str]]:
    """Return a worksheet in English from the numbers in the names of the submissions.

    Also what is to be said about it.

    Raises
    ------
    CallError
        When a student has no number of Moodle's, which finds nobody by a name.
    """
    refuse_blank_numbers("Moodle", marks, HOW)
    notes = [f"this is not Moodle's own worksheet; {HOW}"]
    rows: list[list[Cell]] = [
        ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade",
         "Last modified (grade)", "Feedback comments"]
    ]  # fmt: skip
    for mark in marks:
        who = [f"Participant {mark.number}" if mark.number else "", mark.name or mark.student]
        comments = " / ".join(mark.comments)
        rows.append([*who, mark.email, mark.final, mark.max_points, "-", comments])
    return as_csv(rows), notes


def feedback_file(
    set_name: str, entry: dict[str, Any], mark: Mark, person: Person | None
) -> str | None:
    """Return where a student's page is in the zip that Moodle takes; None without a number.

    Examples
    --------
    >>> entry = {"submission": {"layout": "Moodle", "label": "Ada Berg_1001"}}
    >>> feedback_file("03_convolution_2d", entry, None, None)
    'Ada Berg_1001_assignsubmission_file_/03_convolution_2d_feedback.html'
    """
    found = entry.get("submission") or {}
    if found.get("layout") == "Moodle" and found["label"]:  # none: another's file, of a group
        name, _, number = found["label"].rpartition("_")
    else:
        text = person.number if person is not None else None
        match = _IDENTIFIER.fullmatch(text or "")
        if match is None:
            return None
        name, number = (person.name if person else None) or mark.student, match[1]
    name = re.sub(r"[_/\\:\x00-\x1f]+", " ", name).strip(" .~") or "Student"
    return f"{name}_{number}_assignsubmission_file_/{set_name}_feedback.html"


def finder(table: Table, set_name: str) -> Callable[[Mark], Person | None]:
    """Return what finds a student's line in a worksheet."""
    people = people_of(table, with_times=False)
    known = People(people, set_name)
    by_email = {person.email.casefold(): person for person in people if person.email}

    def find(mark: Mark) -> Person | None:
        if mark.email and (person := by_email.get(mark.email.casefold())):
            return person
        person = known.find(mark.student, mark.number)
        if person is None and mark.name:
            person = known.find(mark.name, mark.number) or known.find(mark.name, None)
        return person

    return find


def _lines_of(
    table: Table, set_name: str, marks: Sequence[Mark]
) -> tuple[list[tuple[Mark, int]], list[Mark]]:
    """Return each mark with the number of its line in the file's rows, and those without one."""
    find = finder(table, set_name)
    at = {table.at(row): number for number, row in enumerate(table.rows, 1)}
    taken: dict[int, Mark] = {}
    left_out = []
    for mark in marks:
        person = find(mark)
        if person is None:
            left_out += [mark] if mark.final is not None else []
            continue
        number = at[person.where]
        if (other := taken.get(number)) is not None:
            if other.final is not None and mark.final is not None:
                raise CallError(
                    f"{person.where} fits both {printable(other.student)} and "
                    f"{printable(mark.student)}; grade with --roster, so that each is one student"
                )
            if mark.final is None:
                continue
        taken[number] = mark
    return [(mark, number) for number, mark in taken.items()], left_out


def _lines(table: Table) -> tuple[list[list[str]], Callable[[list[list[str]]], bytes]]:
    """Return the rows of a file with every space in them, and what writes them back as they were.

    The heading is row 0, and row n that of the n-th student.
    """
    mark = next((sign for sign in _MARKS if table.content.startswith(sign)), b"")
    encoding = {
        codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"
    }.get(mark, table.encoding)  # fmt: skip
    text = table.content[len(mark) :].decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    first, rest = "", text
    if text.lower().startswith("sep="):
        first, _, rest = text.partition("\n")
        first += "\n"
    rows = list(csv.reader(io.StringIO(rest, newline=""), delimiter=table.delimiter))
    filled = [row for row in rows if any(cell.strip() for cell in row)]

    def written(lines: list[list[str]]) -> bytes:
        changed: Iterator[list[str]] = iter(lines)
        file = io.StringIO()
        writer = csv.writer(file, delimiter=table.delimiter, lineterminator=end)
        writer.writerows(
            next(changed) if any(cell.strip() for cell in row) else row for row in rows
        )
        return mark + (first + file.getvalue()).encode(encoding)

    return [list(row) for row in filled], written


def _one(table: Table, names: Sequence[str]) -> int:
    """Return the place of the one column that has one of these names."""
    found = [number for number, column in enumerate(table.columns) if column in names]
    if len(found) != 1:
        what = "no column" if not found else "several columns"
        raise CallError(
            f"{printable(str(table.path))} has {what} for the grade among "
            f"{printable(', '.join(table.heading))}; name it with --grade-column, or {HOW}"
        )
    return found[0]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
