"""Reading tables that instructors have: rosters and lists of hand-in times, as CSV."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from coursekit.errors import CallError
from coursekit.grading.handin_times import read_time
from coursekit.grading.names import printable

_LARGEST = 20 * 2**20
Row = dict[str, str]


@dataclass(frozen=True)
class Person:
    """A line of the roster: what hand-ins may call a student, and what they are called."""

    key: str
    number: str | None
    name: str | None
    email: str | None
    handed_in: datetime | None


# What the columns are called in exports of Canvas, Moodle and nbgrader, and in plain lists.
_KEY = ("student", "id", "sis login id", "login", "username", "user name", "email address", "email")
_NUMBER = ("number", "identifier", "id number", "student id", "id", "sis user id")
_NAME = ("name", "full name", "student name", "student")
_EMAIL = ("email", "email address", "e-mail")
_TIME = ("handed_in", "handed in", "submitted", "submitted at", "last modified (submission)")


def read_rows(path: Path) -> list[Row]:
    """Return the lines of a CSV file, with the columns' names in small letters.

    Comma, semicolon or tab is found out; a byte order mark and Windows' encodings are read.

    Raises
    ------
    CallError
        When it cannot be read, or has no heading.
    """
    try:
        content = path.read_bytes()[: _LARGEST + 1]
    except OSError as error:
        raise CallError(
            f"{printable(str(path))} cannot be read ({(error.strerror or str(error)).lower()})"
        ) from error
    if len(content) > _LARGEST:
        raise CallError(f"{printable(str(path))} is larger than 20 MB; expected a list of students")
    text = _decoded(content)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        lines = list(csv.reader(io.StringIO(text), dialect))
    except csv.Error as error:
        raise CallError(f"{printable(str(path))} is not a CSV file: {error}") from error
    if len(lines) < 2:
        raise CallError(
            f"{printable(str(path))} has no lines below its heading; expected a CSV file "
            "with a heading and one line a student"
        )
    heading = [cell.strip().lower() for cell in lines[0]]
    return [
        {name: cell.strip() for name, cell in zip(heading, line, strict=False)}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def read_people(
    path: Path,
    *,
    key_column: str | None = None,
    time_column: str | None = None,
    zone: tzinfo | None = None,
) -> list[Person]:
    """Read a roster, or a list of hand-in times, or both in one file.

    Parameters
    ----------
    path
        A CSV file with a heading.
    key_column
        The column that holds the names which hand-ins have; guessed from usual names otherwise.
    time_column
        The column with the hand-in times; guessed, and not needed.
    zone
        For times that do not say their zone themselves.

    Raises
    ------
    CallError
        When the file, a named column or a time cannot be read; the message says which line.
    """
    rows = read_rows(path)
    columns = tuple(rows[0]) if rows else ()
    key = _column(columns, key_column, _KEY, path, needed=True)
    time = _column(columns, time_column, _TIME, path, needed=time_column is not None)
    number = _column(columns, None, _NUMBER, path)
    name, email = (_column(columns, None, usual, path) for usual in (_NAME, _EMAIL))
    people = []
    for line, row in enumerate(rows, start=2):
        if not row.get(key or "", ""):
            continue
        people.append(
            Person(
                row[key or ""],
                _digits(row.get(number or "", "")),
                row.get(name or "") or None,
                row.get(email or "") or None,
                read_time(row.get(time or "", ""), zone, f"{printable(str(path))}, line {line}"),
            )
        )
    return people


def _column(
    columns: tuple[str, ...],
    named: str | None,
    usual: tuple[str, ...],
    path: Path,
    needed: bool = False,
) -> str | None:
    wanted = (named.strip().lower(),) if named is not None else usual
    found = next((name for name in wanted if name in columns), None)
    if found is None and needed:
        what = f"no column {named!r}" if named is not None else "no column that names the students"
        raise CallError(
            f"{printable(str(path))} has {what}; found {printable(', '.join(columns))}. "
            "Name the right one"
        )
    return found


def _digits(text: str) -> str | None:
    """Return a number without what Moodle writes around it: ``Participant 123``."""
    digits = "".join(char for char in text if char.isdigit())
    return digits or (text or None)
