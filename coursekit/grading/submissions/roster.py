"""Reading tables that instructors have: rosters and lists of submission times, as CSV."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from coursekit.errors import CallError
from coursekit.grading.names import printable
from coursekit.grading.submissions.times import read_time

_LARGEST = 20 * 2**20
Row = dict[str, str]


@dataclass(frozen=True)
class Person:
    """A line of the roster: what submissions may call a student, and what they are called."""

    key: str
    number: str | None
    name: str | None
    email: str | None
    handed_in: datetime | None


# What the columns are called in exports of Canvas, Moodle and nbgrader, and in plain lists.
_KEY = (
    "sis login id", "username", "user name", "anmeldename", "login", "student", "full name",
    "vollständiger name", "id", "name", "email address", "e-mail-adresse", "email",
)  # fmt: skip
_NUMBER = ("number", "identifier", "id number", "id-nummer", "student id", "id", "sis user id")
_NAME = ("name", "full name", "vollständiger name", "student name", "student")
_FIRST, _LAST = (
    ("first name", "first_name", "vorname"),
    ("last name", "last_name", "surname", "nachname"),
)
_EMAIL = ("email", "email address", "e-mail", "e-mail-adresse")
_TIME = (
    "handed_in", "handed in", "submitted", "submitted at", "last modified (submission)",
    "zuletzt geändert (abgabe)",
)  # fmt: skip


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
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
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
    with_times: bool = True,
) -> list[Person]:
    """Read a roster, or a list of submission times, or both in one file.

    Parameters
    ----------
    path
        A CSV file with a heading.
    key_column
        The column that holds the names which submissions have; guessed from usual names otherwise.
    time_column
        The column with the submission times; guessed, and not needed.
    zone
        For times that do not say their zone themselves.
    with_times
        False: the file is read as a roster only.

    Returns
    -------
    list of Person
        Of two with the same key each gets the number behind it, as submissions of two students of
        one name do.

    Raises
    ------
    CallError
        When the file, a named column or a time cannot be read, or one key stands there twice; the
        message says which line.
    """
    rows = read_rows(path)
    columns = tuple(rows[0]) if rows else ()
    named = bool(_column(columns, None, _FIRST, path) or _column(columns, None, _LAST, path))
    key = _column(columns, key_column, _KEY, path, needed=key_column is not None or not named)
    time = None
    if with_times:
        time = _column(columns, time_column, _TIME, path, needed=time_column is not None)
    number = _column(tuple(name for name in columns if name != key), None, _NUMBER, path)
    email = _column(columns, None, _EMAIL, path)
    people = []
    for line, row in enumerate(rows, start=2):
        name = _name(row)
        student = row.get(key, "") if key is not None else name or ""
        if not student:
            continue
        moment = row.get(time, "") if time is not None else ""
        people.append(
            Person(
                student,
                _digits(row.get(number or "", "")),
                name,
                row.get(email or "") or None,
                read_time(moment, zone, f"{printable(str(path))}, line {line}"),
            )
        )
    return _told_apart(people, path)


def _name(row: Row) -> str | None:
    parts = [next((row[c] for c in usual if row.get(c)), "") for usual in (_FIRST, _LAST)]
    written = next((row[column] for column in _NAME if row.get(column)), "")
    return " ".join(part for part in parts if part) or written or None


def _told_apart(people: list[Person], path: Path) -> list[Person]:
    count = Counter(person.key for person in people)
    told = [
        person if count[person.key] == 1 else replace(person, key=f"{person.key} ({person.number})")
        for person in people
    ]
    if again := [key for key, times in Counter(person.key for person in told).items() if times > 1]:
        raise CallError(
            f"{printable(str(path))} names {printable(again[0])!r} more than once; give each "
            "student one line"
        )
    return told


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
        option = "--key-column" if usual is _KEY else "--times-column"
        what = f"no column {named!r}" if named is not None else "no column that names the students"
        raise CallError(
            f"{printable(str(path))} has {printable(what)}, but {printable(', '.join(columns))}; "
            f"name the right one with {option}"
        )
    return found


def _digits(text: str) -> str | None:
    """Return a number without what Moodle writes around it: ``Participant 123``."""
    digits = "".join(char for char in text if char.isdigit())
    return digits or (text or None)
