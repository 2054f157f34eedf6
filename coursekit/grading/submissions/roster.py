"""Rosters and lists of submission times: who takes the course, and when they handed in."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from coursekit.errors import CallError
from coursekit.grading.names import printable
from coursekit.grading.submissions.tables import Row, Table, read_table
from coursekit.grading.submissions.times import read_time


@dataclass(frozen=True)
class Person:
    """A line of a roster.

    Parameters
    ----------
    key
        What the student is called here.
    number
        The system's own number, as files have it.
    numbers
        Every number on the line, that one too.
    cells
        The whole line, by the names of its columns as written.
    where
        The file and the line.
    """

    key: str
    number: str | None
    name: str | None
    email: str | None
    handed_in: datetime | None
    numbers: frozenset[str] = field(default=frozenset(), compare=False)
    cells: dict[str, str] = field(default_factory=dict, compare=False)
    where: str = field(default="", compare=False)


# What the columns are called in exports of Canvas, Moodle and nbgrader, and in plain lists.
_KEY = (
    "sis login id", "username", "user name", "anmeldename", "login", "student", "full name",
    "vollständiger name", "nom complet", "nombre completo", "nome completo", "id", "name",
    "email address", "e-mail-adresse", "email",
)  # fmt: skip
_NUMBER = ("number", "identifier", "identifiant", "identificador", "identificativo", "id number",
           "id-nummer", "student id", "matriculation number", "matrikelnummer", "id",
           "sis user id")  # fmt: skip
_NAME = ("name", "full name", "vollständiger name", "nom complet", "nombre completo",
         "nome completo", "student name", "student")  # fmt: skip
_FIRST = ("first name", "first_name", "vorname")
_LAST = ("last name", "last_name", "surname", "nachname")
_EMAIL = ("email", "email address", "e-mail", "e-mail-adresse", "mail")
_TIME = (
    "handed_in", "handed in", "submitted", "submitted at", "last modified (submission)",
    "zuletzt geändert (abgabe)",
)  # fmt: skip
# What Moodle writes before its own number of a student, in the languages whose columns are known.
_PARTICIPANT = re.compile(r"(?:participante?|teilnehmer\S*?|partecipante)\s*(\d+)", re.IGNORECASE)


def read_people(
    path: Path,
    *,
    key_column: str | None = None,
    time_column: str | None = None,
    zone: tzinfo | None = None,
    with_times: bool = True,
    date_format: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> list[Person]:
    """Read a roster, or a list of submission times, or both in one file; see `people_of`."""
    table = read_table(path, encoding, delimiter)
    return people_of(
        table,
        key_column=key_column,
        time_column=time_column,
        zone=zone,
        with_times=with_times,
        date_format=date_format,
    )


def people_of(
    table: Table,
    *,
    key_column: str | None = None,
    time_column: str | None = None,
    zone: tzinfo | None = None,
    with_times: bool = True,
    date_format: str | None = None,
) -> list[Person]:
    """Return the people of a roster, or of a list of submission times.

    Parameters
    ----------
    table
        The file as it was read.
    key_column
        The column that holds the names which submissions have; one of the usual names otherwise.
    time_column
        The column with the submission times; one of the usual names, and not needed.
    zone
        For times that do not say their zone themselves.
    with_times
        False: the file is read as a roster only.
    date_format
        See `read_time`.

    Returns
    -------
    list of Person
        Of two with the same key each gets the number behind it, as submissions of two students of
        one name do.

    Raises
    ------
    CallError
        When a named column or a time cannot be read, or two lines have the same number, address or
        name; the message says which lines.
    """
    columns = table.columns
    named = any(name in columns for name in (*_FIRST, *_LAST))
    key = _column(table, key_column, _KEY, needed=key_column is not None or not named)
    time = None
    if with_times:
        time = _column(table, time_column, _TIME, needed=time_column is not None)
    # The students that Canvas exports all have its own number; lines without one are not students.
    canvas = {"student", "id", "section"} <= set(columns)
    numbers = [name for name in _NUMBER if name in columns and name != key]
    if canvas:
        numbers.sort(key=lambda name: name != "id")
    email = _column(table, None, _EMAIL)
    people = []
    for row in table.rows:
        if canvas and not row["id"]:
            continue
        name = _name(row)
        if canvas:
            student = row[key_column.strip().lower()] if key_column else row["sis login id"]
            student = student or row["student"]
        else:
            student = row[key] if key is not None else name or ""
        if not student:
            raise CallError(
                f"{table.at(row)} has nothing in the column that names students; fill it in, or "
                "name another column with --key-column"
            )
        for cell in (student, name or "", row[email]):
            if "\n" in cell:
                raise CallError(
                    f"{table.at(row)}: a quotation mark opens a cell that goes on in the next "
                    "line; write it twice inside quotation marks"
                )
        own = [number for column in numbers if (number := _number(row[column]))]
        people.append(
            Person(
                student,
                own[0] if own else None,
                name,
                row[email] or None,
                read_time(row[time], zone, table.at(row), date_format),
                frozenset(own),
                {
                    written: row[lower]
                    for written, lower in zip(table.heading, columns, strict=True)
                },
                table.at(row),
            )
        )
    _all_different(people, table, numbers)
    return _told_apart(people)


def _name(row: Row) -> str | None:
    parts = [next((row[c] for c in usual if row[c]), "") for usual in (_FIRST, _LAST)]
    written = next((row[column] for column in _NAME if row[column]), "")
    return " ".join(part for part in parts if part) or written or None


def _all_different(people: Iterable[Person], table: Table, numbers: list[str]) -> None:
    """Refuse two lines that have the same number or address: they would become one student."""
    for column in (*numbers, next((name for name in _EMAIL if name in table.columns), None)):
        seen: dict[str, str] = {}
        for person in people:
            cells = {name.strip().lower(): cell for name, cell in person.cells.items()}
            cell = cells.get(column or "", "").strip().casefold()
            if cell and cell in seen:
                raise CallError(
                    f"{person.where} has the same {column} as {seen[cell]}: {printable(cell)!r}; "
                    "give each student one line and one number"
                )
            if cell:
                seen[cell] = person.where.rpartition(", ")[2]


def _told_apart(people: list[Person]) -> list[Person]:
    count = Counter(person.key for person in people)
    told = [
        person if count[person.key] == 1 else replace(person, key=f"{person.key} ({person.number})")
        for person in people
    ]
    seen: dict[str, Person] = {}
    for person in told:
        if person.key in seen:
            raise CallError(
                f"{person.where} names {printable(person.key)!r} more than once; give each student "
                "one line, or say with --key-column which column tells them apart"
            )
        seen[person.key] = person
    return told


def _column(
    table: Table, named: str | None, usual: tuple[str, ...], needed: bool = False
) -> str | None:
    columns = table.columns
    wanted = (named.strip().lower(),) if named is not None else usual
    found = next((name for name in wanted if name in columns), None)
    if found is None and needed:
        option = "--key-column" if usual is _KEY else "--times-column"
        what = f"no column {named!r}" if named is not None else "no column that names the students"
        raise CallError(
            f"{printable(str(table.path))} has {printable(what)}, but "
            f"{printable(', '.join(columns))}; name the right one with {option}"
        )
    if found is not None and columns.count(found) > 1:
        raise CallError(
            f"{printable(str(table.path))}, line 1 names two columns {printable(found)!r}; give "
            "them different names"
        )
    return found


def _number(text: str) -> str | None:
    """Return a number as written, without what Moodle writes before its own: ``Participant 1``."""
    found = _PARTICIPANT.fullmatch(text)
    return found[1] if found else text or None
