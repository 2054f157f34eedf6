"""What rules say of single people: who hands in together, and who has more time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from coursekit.errors import CallError
from coursekit.grading.commands.rules_file import RulesFile, Time
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import full_name, set_names
from coursekit.grading.submissions.classroom import Assigned, People
from coursekit.grading.submissions.finding import Submission
from coursekit.grading.submissions.roster import Person, people_of
from coursekit.grading.submissions.tables import Table, read_table
from coursekit.grading.submissions.times import read_time

_SECTIONS = ("section", "sections", "group", "groups", "gruppe", "gruppen", "groupe", "grupo",
             "gruppo")  # fmt: skip


class Named:
    """Everybody whom a file of rules may name: the roster, and who handed in without being on it.

    Parameters
    ----------
    roster
        Empty where there is none.
    submissions
        Of the class.
    """

    def __init__(self, roster: Sequence[Person], submissions: Iterable[Submission]) -> None:
        known = {person.key for person in roster}
        others = [
            Person(one.student, one.number, None, None, None)
            for one in submissions
            if one.student not in known
        ]
        self._people, self._roster = People([*roster, *others]), bool(roster)

    def key(self, name: str, where: str) -> str:
        """Return whom a name, number or address stands for.

        Raises
        ------
        CallError
            When it stands for nobody or for several; `where` says which line is meant.
        """
        found = self._people.fitting(name, None)
        if len(found) == 1:
            return found[0].key
        if found:
            who = printable(" or ".join(person.key for person in found[:5]))
            raise CallError(f"{where}: {printable(name)!r} may be {who}; give a number or address")
        there = "on the roster or among the submissions" if self._roster else "who handed in"
        fix = "correct it" if self._roster else "correct it, or give a list of all with --roster"
        raise CallError(f"{where}: {printable(name)!r} is nobody {there}; {fix}")


def in_groups(assigned: Assigned, file: RulesFile, named: Named, picked: Sequence[str]) -> Assigned:
    """Let the one file that a group handed in count for each of its members.

    Two different files of one group are a doubt, unless one is picked.
    """
    by_student = {one.student: one for one in assigned.submissions}
    doubts, seen = list(assigned.doubts), dict[str, str]()
    for group, names in file.groups.items():
        where = file.group_at(group)
        members = [named.key(name, where) for name in names]
        for member in members:
            if member in seen:
                raise CallError(
                    f"{where}: {printable(member)} is in {printable(seen[member])!r}, too; leave "
                    "each student in one group"
                )
            seen[member] = group
        files = [by_student[member] for member in members if member in by_student]
        chosen = [one for one in files if str(one.path) in picked]
        if len({one.digest() for one in files}) > 1 and len(chosen) != 1:
            paths = " and ".join(printable(str(one.path)) for one in files)
            doubts.append(
                f"{printable(group)} handed in {paths}, which differ; say which counts with --file "
                "PATH"
            )
        for one in (chosen or files)[:1]:
            for member in members:
                event = ("group", f"handed in for {printable(group)} by {printable(one.student)}")
                if member != one.student:  # whose own number and files' names are not these
                    by_student[member] = replace(
                        one, student=member, number=None, label="", events=(*one.events, event)
                    )
                else:
                    by_student[member] = one
    return replace(
        assigned,
        submissions=tuple(by_student[student] for student in sorted(by_student)),
        doubts=tuple(doubts),
        absent=tuple(person for person in assigned.absent if person.key not in by_student),
    )


def own_dues(
    rule: Rule | None, file: RulesFile, roster: Sequence[Person], named: Named, zone: tzinfo | None
) -> dict[str, datetime]:
    """Return for whom the set is due at another time, and when.

    A section's time goes before that of the set, and an extension's before both; days are added
    to what would hold without them.

    Raises
    ------
    CallError
        When nothing says when the set is due, or a section or a person is not there.
    """
    tables = [table for table in (file.extensions_table, file.extensions_of_all) if table]
    if not (file.sections or file.extensions or tables):
        return {}
    if rule is None:
        if not (file.sections or file.extensions or file.extensions_table):
            return {}  # the table of all sets is for others
        raise CallError(
            f"{file.of_set()} gives some people other times; say with due when the set is due"
        )
    found: dict[str, datetime] = {}
    if file.sections:
        found |= _of_sections(file, roster, zone)
    wanted: list[tuple[str, float | Time, str]] = [
        (named.key(name, file.of_set("extensions", name)), value,
         file.of_set("extensions", name))
        for name, value in file.extensions.items()
    ]  # fmt: skip
    extended: dict[str, str] = {}
    for table in tables:
        wanted += _of_table(
            read_table(table), named, file.set_name, table == file.extensions_of_all
        )
    for key, value, where in wanted:
        if key in extended:
            raise CallError(f"{where}: {printable(key)} has more time by {extended[key]}, too")
        extended[key] = where
        if isinstance(value, datetime | str):
            found[key] = moment(value, zone, where)
        elif not 0 <= value < 1000:
            raise CallError(f"{where}: found {value:g}; expected days, 0 or more")
        else:
            found[key] = found.get(key, rule.due) + timedelta(days=value)
    return found


def moment(
    value: Time, zone: tzinfo | None, where: str, date_format: str | None = None
) -> datetime:
    """Return a time of the file; `where` is what an error names."""
    text = value.isoformat(" ") if isinstance(value, datetime) else value
    found = read_time(text, zone, where, date_format)
    if found is None:
        raise CallError(f"{where}: {text!r} is not a time; expected one such as 2026-11-21 23:59")
    return found


def _of_sections(
    file: RulesFile, roster: Sequence[Person], zone: tzinfo | None
) -> dict[str, datetime]:
    if not roster:
        raise CallError(f"{file.of_set('sections')} needs a list with sections; give it as roster")
    wanted = (file.section_column.strip().lower(),) if file.section_column else _SECTIONS
    heading = {name.strip().lower(): name for name in roster[0].cells}
    column = next((heading[name] for name in wanted if name in heading), None)
    if column is None:
        raise CallError(
            f"{file.of_set('sections')}: the roster has no column of sections, but "
            f"{printable(', '.join(heading.values()))}; name it with section_column"
        )
    there = {person.key: person.cells.get(column, "").strip() for person in roster}
    found: dict[str, datetime] = {}
    for section, value in file.sections.items():
        where = file.of_set("sections", section)
        members = [key for key, own in there.items() if own.casefold() == section.casefold()]
        if not members:
            known = printable(", ".join(sorted(set(there.values()) - {""})[:8]), 400)
            raise CallError(f"{where} is no section of the roster; there are: {known or 'none'}")
        found |= dict.fromkeys(members, moment(value, zone, where))
    return found


def _of_table(
    table: Table, named: Named, set_name: str, of_all: bool
) -> Iterable[tuple[str, float | Time, str]]:
    """Give who has more time by a table, how much, and the line that says so."""
    columns = [name for name in ("days", "until") if name in table.columns]
    lacking = "neither a column days nor one until" if not columns else ""
    if of_all and "set" not in table.columns:
        lacking = "no column set"
    if lacking:
        raise CallError(
            f"{printable(str(table.path))}, line 1 has {lacking}, but "
            f"{printable(', '.join(table.columns))}"
        )
    if of_all:
        meant = tuple(
            row
            for row in table.rows
            if full_name(row["set"].strip(), set_names(), f"{table.at(row)}:") == set_name
        )
        table = replace(table, rows=meant)
    for person in people_of(table, with_times=False) if table.rows else ():
        cells = {name.strip().lower(): cell for name, cell in person.cells.items()}
        said = {name: cells[name] for name in columns if cells[name]}
        if len(said) != 1:
            raise CallError(f"{person.where} gives {len(said)} times; give days or until")
        key = named.key(person.key, person.where)
        if "until" in said:
            yield key, said["until"], person.where
            continue
        try:
            yield key, float(said["days"]), person.where
        except ValueError:
            raise CallError(
                f"{person.where}: {printable(said['days'])!r} is no number of days"
            ) from None
