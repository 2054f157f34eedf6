"""`grading.toml`: the rules of a class in a file beside its submissions."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coursekit.errors import CallError, cannot_write
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import full_name, grading_set, set_names

NAME = "grading.toml"
Time = datetime | str  # as TOML has it, or as --due takes it
Place = tuple[str | int, ...]  # of a value in the file, by the names on the way to it


class _Part(BaseModel):
    """A table of the file; a key that is not here is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class _Late(_Part):
    penalty: float | None = Field(default=None, ge=0, le=1)
    grace_minutes: float | None = Field(default=None, ge=0, le=100_000)
    most_days: int | None = Field(default=None, ge=0, le=1000)
    marked_late: int | None = Field(default=None, ge=0, le=1000)


class _Limits(_Part):
    cell_seconds: float | None = Field(default=None, ge=0.1)
    all_seconds: float | None = Field(default=None, ge=0.1)
    function_seconds: float | None = Field(default=None, ge=0.1)
    memory_mb: int | None = Field(default=None, ge=64)


class _Course(_Part):
    drop_lowest: int | None = Field(default=None, ge=0, le=1000)
    points: float | None = Field(default=None, gt=0, lt=100_000)


class _Set(_Part):
    due: Time | None = None
    weight: float | None = Field(default=None, ge=0, lt=100_000)
    excused: list[str] = []
    total: float | None = Field(default=None, gt=0, lt=10_000)
    points: dict[str, float] = {}
    dropped: dict[str, list[str]] = {}
    sections: dict[str, Time] = {}
    extensions: dict[str, float | Time] = {}
    extensions_table: str | None = None
    groups: dict[str, list[str]] = {}
    late: _Late = _Late()


class _File(_Part):
    zone: str | None = None
    date_format: str | None = Field(default=None, pattern="^(dmy|mdy|ymd)$")
    strict: bool | None = None
    anonymous: bool | None = None
    roster: str | None = None
    times: str | None = None
    key_column: str | None = None
    times_column: str | None = None
    section_column: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    extensions_table: str | None = None
    course: _Course = _Course()
    late: _Late = _Late()
    limits: _Limits = _Limits()
    groups: dict[str, list[str]] = {}
    sets: dict[str, _Set] = {}


@dataclass(frozen=True)
class RulesFile:
    """What a file says of one set.

    Parameters
    ----------
    path, text
        The file, and what it holds.
    said
        Options of `coursekit grade` by their names, without those that the file leaves open.
    total, points, dropped
        What the set and its functions are worth, and checks that do not count.
    due, sections, extensions
        When it is due, as written: for everybody, for sections, for some people (a number is
        days more).
    extensions_table, extensions_of_all
        A table of people with days or times, for the set, and one for all sets.
    excused
        For whom the set does not count.
    section_column
        The roster's column of sections.
    groups
        Who hands in together.
    """

    path: Path
    text: str
    said: dict[str, Any] = field(default_factory=dict)
    total: float | None = None
    points: dict[str, float] = field(default_factory=dict)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    due: Time | None = None
    sections: dict[str, Time] = field(default_factory=dict)
    extensions: dict[str, float | Time] = field(default_factory=dict)
    extensions_table: Path | None = None
    extensions_of_all: Path | None = None
    excused: tuple[str, ...] = ()
    section_column: str | None = None
    groups: dict[str, list[str]] = field(default_factory=dict)
    set_key: str = ""
    own_groups: frozenset[str] = frozenset()
    set_name: str = ""

    def at(self, *place: str | int) -> str:
        """Name a value: the file, its line, and the way to it."""
        return _at(self.path, self.text, place)

    def of_set(self, *place: str | int) -> str:
        """Name a value of the set."""
        return self.at("sets", self.set_key, *place)

    def group_at(self, name: str) -> str:
        """Name a group, which may be of every set or of this one."""
        of = self.of_set if name in self.own_groups else self.at
        return of("groups", name)

    def worth(self) -> dict[str, Any]:
        """Return what the set is worth, for `with_worth`; nothing where it is as it was."""
        found = {"total": self.total, "points": self.points, "dropped": self.dropped}
        return {name: value for name, value in found.items() if value}


def beside(submissions: Path) -> Path | None:
    """Return the file of rules that lies beside a folder or zip of submissions, if one does."""
    path = submissions.absolute().parent / NAME
    return path if path.is_file() else None


def read_rules(path: Path, set_name: str) -> RulesFile:
    """Read what a file says of a set.

    Raises
    ------
    CallError
        When it cannot be read or says something that is not understood; the message names the
        line and what is expected there.
    """
    text, file, keys = _checked_file(path)
    key = keys.get(set_name, set_name)
    one = file.sets.get(key, _Set())
    late = file.late.model_dump(exclude_none=True) | one.late.model_dump(exclude_none=True)
    said: dict[str, Any] = {
        name: value
        for name in ("zone", "date_format", "strict", "anonymous", "key_column", "times_column",
                     "encoding", "delimiter")
        if (value := getattr(file, name)) is not None
    }  # fmt: skip
    said |= {
        name: path.parent / value
        for name in ("roster", "times")
        if (value := getattr(file, name)) is not None
    }
    said |= late | {"limits": file.limits.model_dump(exclude_none=True)}
    table = one.extensions_table
    found = RulesFile(
        path,
        text,
        said,
        one.total,
        one.points,
        one.dropped,
        one.due,
        one.sections,
        one.extensions,
        None if table is None else path.parent / table,
        None if file.extensions_table is None else path.parent / file.extensions_table,
        tuple(one.excused),
        file.section_column,
        file.groups | one.groups,
        key,
        frozenset(one.groups),
        set_name,
    )
    _known_functions(found, set_name)
    return found


def _checked_file(path: Path) -> tuple[str, _File, dict[str, str]]:
    """Return a file's text, what it says, and its keys of sets by the sets' names."""
    shown = printable(str(path))
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise CallError(f"{shown} cannot be read ({(error.strerror or '').lower()})") from None
    except UnicodeDecodeError:
        raise CallError(f"{shown} is not UTF-8; save it as that") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CallError(f"{shown} is not TOML: {error}; see https://toml.io") from None
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise CallError(_sentence(path, text, error)) from None
    keys = {full_name(key, set_names(), f"{_at(path, text, ('sets', key))}:"): key
            for key in file.sets}  # fmt: skip
    if len(keys) < len(file.sets):
        raise CallError(f"{shown} has a set twice, by its name and its number; join them")
    return text, file, keys


@dataclass(frozen=True)
class CourseFile:
    """What a file says of the whole course.

    `weights` and `excused` are by set; `drop_lowest` and `points` None where it leaves them open.
    """

    path: Path
    text: str
    weights: dict[str, float]
    excused: dict[str, list[str]]
    drop_lowest: int | None
    points: float | None
    keys: dict[str, str]

    def at(self, *place: str | int) -> str:
        """Name a value: the file, its line, and the way to it."""
        return _at(self.path, self.text, place)


def read_course(path: Path) -> CourseFile:
    """Read what a file says of the course's total.

    Raises
    ------
    CallError
        As `read_rules`.
    """
    text, file, keys = _checked_file(path)
    sets = {name: file.sets[key] for name, key in keys.items()}
    return CourseFile(
        path,
        text,
        {name: one.weight for name, one in sets.items() if one.weight is not None},
        {name: one.excused for name, one in sets.items()},
        file.course.drop_lowest,
        file.course.points,
        keys,
    )


def _known_functions(file: RulesFile, set_name: str) -> None:
    """Refuse points for a function, and dropped checks, that the set does not have."""
    asked = grading_set(set_name)
    checks = {e.name: [c.name for c in e.checks] for e in asked.exercises}
    known = {"points": [*checks, *(one.name for one in asked.open_questions)], "dropped": [*checks]}
    if file.total is not None and file.points:
        raise CallError(f"{file.of_set('total')}: give total or points, not both")
    for part, names in (("points", file.points), ("dropped", file.dropped)):
        for name in names:
            if name not in known[part]:
                what = "function or open question" if known[part] != [*checks] else "function"
                raise CallError(
                    f"{file.of_set(part, name)} is no {what} of {set_name}; give one of: "
                    f"{', '.join(known[part])}"
                )
    for name, worth in file.points.items():
        if not 0 <= worth < 10_000:
            raise CallError(f"{file.of_set('points', name)}: found {worth:g}; expected 0 or more")
    for name, dropped in file.dropped.items():
        for number, check in enumerate(dropped):
            if check not in checks[name]:
                there = "; ".join(repr(one) for one in checks[name])
                raise CallError(
                    f"{file.of_set('dropped', name, number)}: {printable(check)!r} is no check of "
                    f"{name}; there are {there}"
                )
        if set(dropped) >= set(checks[name]) and len(file.dropped) == len(checks):
            raise CallError(f"{file.of_set('dropped')} leaves nothing of {set_name}")


def _sentence(path: Path, text: str, error: ValidationError) -> str:
    """Say in one sentence what is wrong in a file, and where."""
    first = error.errors(include_url=False)[0]
    place = _there(text, tuple(first["loc"]))
    where = _at(path, text, place)
    if first["type"] == "extra_forbidden":
        known = sorted(_fields(place[:-1]))
        close = get_close_matches(str(place[-1]), known, 1, 0.6)
        mean = f"did you mean {close[0]}? " if close else ""
        return f"{where} is not known; {mean}give one of: {', '.join(known)}"
    more = [one["msg"] for one in error.errors() if one["loc"][:1] == first["loc"][:1]]
    words = " or ".join(dict.fromkeys(said.replace("Input", "it") for said in more[:3]))
    if "datetime" in words:
        words = "expected a time such as 2026-11-21 23:59" + (", or days" * ("number" in words))
    found = first["input"]
    shown = f"{found}" if isinstance(found, date) else repr(found)
    return f"{where}: found {printable(shown, 60)}; {words}"


def _there(text: str, place: Place) -> Place:
    """Return the way to a value as far as it is in the file: types that were tried are not."""
    found: Any = tomllib.loads(text)
    for depth, name in enumerate(place):
        try:
            found = found[name]
        except (LookupError, TypeError):
            return place[:depth]
    return place


def _fields(place: Sequence[str | int]) -> Iterable[str]:
    """Return which keys a table of the file may have."""
    parts: dict[str | int, type[_Part]] = {
        "sets": _Set, "late": _Late, "limits": _Limits, "course": _Course,
    }  # fmt: skip
    found = [parts[name] for name in place if name in parts]
    return (found[-1] if found else _File).model_fields


def _at(path: Path, text: str, place: Place) -> str:
    """Name a value: the file, its line, and the way to it."""
    line = _line_of(text, place)
    way = ".".join(str(name) for name in place if not isinstance(name, int))
    return f"{printable(str(path))}, line {line}: {printable(way)}"


def _line_of(text: str, place: Place) -> int:
    r"""Return the line of a value: the first by which the file, cut there, holds it.

    Examples
    --------
    >>> _line_of('zone = "UTC"\n[late]\n\npenalty = 2', ("late", "penalty"))
    4
    """
    lines = text.splitlines()
    for depth in range(len(place), 0, -1):
        for number in range(1, len(lines) + 1):
            try:
                found: Any = tomllib.loads("\n".join(lines[:number]))
                for name in place[:depth]:
                    found = found[name]
            except (tomllib.TOMLDecodeError, LookupError, TypeError):
                continue
            return number
    return 1


TEMPLATE = """\
# Rules of a class for `coursekit grade`. Lay this file beside the submissions (beside the zip, or
# beside the folder with all of them); `--rules FILE` names another one. Take away the `#` before
# what you need. Options on the command line win over what stands here.

# Of times that say no zone, and of the pages.
# zone = "Europe/Vienna"

# Lists, relative to this file, and how they are read.
# roster = "students.csv"
# times = "worksheet.csv"
# key_column = "student"
# times_column = "submitted"
# section_column = "section"
# date_format = "dmy"
# encoding = "utf-8"
# delimiter = "comma"

# No points where a library's function did the work; else it is only remarked.
# strict = true

# The instructor's pages show an alias in place of each name.
# anonymous = true

# A table of people with more time: columns `student`, `set`, and `days` or `until`.
# extensions_table = "extensions.csv"

# The total of the course: how many sets of a student do not count, and what it is worth.
# [course]
# drop_lowest = 1
# points = 100

# What late days cost, in every set.
# [late]
# penalty = 0.1
# grace_minutes = 15
# most_days = 5
# marked_late = 1

# What one submission may use.
# [limits]
# cell_seconds = 20
# all_seconds = 60
# function_seconds = 6
# memory_mb = 1024

# Who hands in together: the file of one counts for all.
# [groups]
# "Team 1" = ["ada", "ben"]

# One such part for each set, by its number or its name.
# [sets.03]
# due = "2026-11-21 23:59"

# What it counts in the total; where one set has a weight, all must. Without, sets count as much as
# they are worth.
# weight = 2

# For whom it does not count.
# excused = ["ada"]

# What the whole set is worth in place of its own points; or say it of functions, see below.
# total = 10

# A table of people with more time in this set: columns `student`, and `days` or `until`.
# extensions_table = "extensions_03.csv"

# What functions are worth in place of their own points. A question that a person reads is worth
# something only where such a line says so: half_noise of set 03, for one.
# [sets.04.points]
# filter_image = 8

# Checks that do not count.
# [sets.03.dropped]
# conv2d = ["kernels of any sides, and every kind of number"]

# Other times for sections of the list.
# [sets.03.sections]
# "Group B" = "2026-11-23 23:59"

# More time for some people: days, or until when.
# [sets.03.extensions]
# ada = 2
# "Ben Tal" = "2026-11-25 12:00"

# This set alone.
# [sets.03.late]
# penalty = 0.2
"""


def write_template(path: Path) -> None:
    """Write a file of rules with comments.

    Raises
    ------
    CallError
        When there is such a file already.
    CourseError
        When it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        shown = printable(str(path))
        raise CallError(f"{shown} is there already; edit it, or move it away") from None
    except OSError as error:
        raise cannot_write(error, path, "go to a folder that you may write to") from error
