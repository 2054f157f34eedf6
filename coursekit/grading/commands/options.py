"""The commands for teachers, from `release` to `export`: arguments in, library calls out."""

import os
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coursekit.errors import CallError

if TYPE_CHECKING:
    from coursekit.grading.gradebook.lateness import Rule
    from coursekit.grading.submissions.roster import Person
    from coursekit.grading.submissions.tables import Table

_UNDONE = "points, comment, extension, excuse, in-time, handed-in"
NAMES = frozenset({"release", "grade", "mark", "review", "export"})


def option(*names: str, **more: Any) -> Any:
    """Return an option whose help says itself what it is without."""
    return typer.Option(*names, show_default=False, **more)


Zone = Annotated[
    str | None,
    option("--zone", metavar="ZONE", help="Of times that say none, such as Europe/Vienna."),
]


class DateOrder(Enum):
    """Which of day, month and year stands first in numbers with slashes."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


DateFormat = Annotated[
    DateOrder | None,
    option("--date-format", help="Of dates such as 03/11/2026: dmy, mdy or ymd."),
]


def zone_of(name: str | None) -> tzinfo | None:
    """Return a time zone by its name.

    Raises
    ------
    CallError
        When there is none of that name.
    """
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise CallError(
            f"--zone {name!r} is not known; expected one such as Europe/Vienna"
        ) from None


def me() -> str:
    """Return who calls, as the system knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (release, grade, mark, review, export):
        app.command()(command)


def release(
    out: Annotated[Path, option("--out", metavar="DIR", help="A new folder for it.")],
    sets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET...]", help="Such as 03_convolution_2d; all without."),
    ] = None,
) -> None:
    """Write what students get: lessons, exercises without solutions, what runs them."""
    from coursekit.checks.sets import FUNCTIONS
    from coursekit.course.release import release as write
    from coursekit.grading.reading.grading_set import full_name

    done = write([full_name(name, FUNCTIONS) for name in sets or ()], out)
    count = len(done.exercises)
    exercises = f"{count} exercise{'' if count == 1 else 's'}"
    print(f"{done.folder}: {len(done.lessons)} lessons, {exercises}.")
    print("Give students this folder, zipped; its README.md says how to start.")


def grade(
    set_name: Annotated[
        str, typer.Argument(metavar="SET", help="Such as 03_convolution_2d.", show_default=False)
    ],
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A folder or zip of submissions, as Canvas, Moodle or nbgrader give it, or plain.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, option("--out", metavar="DIR", help="The folder for the results.")],
    workers: Annotated[
        int | None, option(min=1, max=256, help="How many submissions at once; one a processor.")
    ] = None,
    seed: Annotated[
        int | None,
        option(
            min=0,
            max=2**63 - 1,
            help="What questions are drawn from; that of the last run, or a secret one.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        option(metavar="STUDENT", help="Grade this student alone and show every check."),
    ] = None,
    roster: Annotated[
        Path | None,
        option(metavar="CSV", help="Who takes the course: names, numbers, addresses."),
    ] = None,
    times: Annotated[
        Path | None,
        option(metavar="CSV", help="When submissions came, such as Moodle's grading worksheet."),
    ] = None,
    times_column: Annotated[
        str | None, option(metavar="NAME", help="The column with these times.")
    ] = None,
    key_column: Annotated[
        str | None,
        option(metavar="NAME", help="The column of roster and times that names students."),
    ] = None,
    zone: Zone = None,
    due: Annotated[
        str | None, option(metavar="TIME", help='When it is due, such as "2026-11-21 23:59".')
    ] = None,
    penalty: Annotated[
        float | None,
        option(metavar="SHARE", help="The share lost a day, 0.1 for ten percent."),
    ] = None,
    grace: Annotated[
        float | None, option(min=0, metavar="MINUTES", help="Still counts as in time.")
    ] = None,
    most_days: Annotated[
        int | None, option(min=0, metavar="DAYS", help="Later than that earns nothing.")
    ] = None,
    marked_late: Annotated[
        int | None,
        option(
            min=0,
            metavar="DAYS",
            help="How many days late those are that Canvas marks LATE and gives no time for.",
        ),
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe", help="Where there is no sandbox, run without one, and mark it."),
    ] = False,
    no_preflight: Annotated[
        bool,
        typer.Option("--no-preflight", help="Do not grade the solution and the release first."),
    ] = False,
    strict: Annotated[
        bool | None,
        typer.Option(
            "--strict/--no-strict",
            help="No points where a library's function did the work; else a remark.",
            show_default=False,
        ),
    ] = None,
    cell_seconds: Annotated[
        float | None, option(min=0.1, help="The most that one cell may take; 20.")
    ] = None,
    all_seconds: Annotated[
        float | None, option(min=0.1, help="The most that all cells may take; 60.")
    ] = None,
    function_seconds: Annotated[
        float | None, option(min=0.1, help="The most that one function may take; 6.")
    ] = None,
    memory: Annotated[
        int | None, option(min=64, metavar="MB", help="The most memory; 1024.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say how every file is understood, and grade nothing."),
    ] = False,
    level: Annotated[
        int | None,
        option(min=1, max=9, help="How deep the folders that are students lie; 1, at the top."),
    ] = None,
    file: Annotated[
        list[str] | None,
        option(metavar="PATH", help="The file that counts, where several of a student could."),
    ] = None,
    date_format: DateFormat = None,
    encoding: Annotated[
        str | None, option(metavar="NAME", help="Of roster and times, such as cp1252.")
    ] = None,
    delimiter: Annotated[
        str | None, option(metavar="SIGN", help="Of roster and times: comma, semicolon or tab.")
    ] = None,
    gradebook: Annotated[
        Path | None, option(metavar="FILE", help="The gradebook of all sets; in --out otherwise.")
    ] = None,
) -> None:
    """Grade every submission of a set: marks, a gradebook, and a page for each student."""
    from coursekit.grading.commands.before import Before
    from coursekit.grading.commands.rules import Rules
    from coursekit.grading.pages.out_folder import gradebook_of
    from coursekit.grading.reading.grading_set import grading_set
    from coursekit.grading.sandbox.sandbox import started_early

    set_name = grading_set(set_name).name
    limits: dict[str, float | None] = {
        "cell": cell_seconds,
        "all_cells": all_seconds,
        "function": function_seconds,
        "memory": None if memory is None else memory << 20,
    }
    before = Before.of(gradebook_of(out, gradebook), set_name)
    order = date_format.value if date_format is not None else None
    rules = Rules.settled(before, strict=strict, limits=limits, zone=zone, date_format=order)
    where = zone_of(rules.zone)
    if times_column is not None and times is None and roster is None:
        raise CallError("--times-column names a column of --times; give that file, too")
    columns = _Columns(key_column, times_column, encoding, delimiter, rules.date_format, where)
    costs = _Costs(penalty, grace, most_days, marked_late)
    rule = _rule(due, costs, before.rule, where, rules.date_format)
    rules = rules.with_rule(rule, where, given=rule != before.rule)
    for name, text in (
        ("--roster", None if roster is None else str(roster.absolute())),
        ("--times", None if times is None else str(times.absolute())),
        ("--key-column", key_column),
        ("--times-column", times_column),
        ("--encoding", encoding),
        ("--delimiter", delimiter),
        ("--level", None if level is None else str(level)),
        *(("--file", path) for path in file or ()),
        ("--gradebook", None if gradebook is None else str(gradebook.absolute())),
    ):
        rules = rules.with_words(name, text)
    if unsafe:
        rules = rules.with_words("--unsafe", "")
    starting = nullcontext() if dry_run else started_early(rules.grading_limits())
    with starting as sandbox:
        from coursekit.grading.commands.grade import (
            GradeRequest,  # it imports more, and takes its time
            run,
        )

        people, moments, tables = _lists(roster, times, columns)
        request = GradeRequest(
            set_name,
            submissions,
            out,
            workers=workers or _processors(),
            seed=seed,
            only=tuple(only or ()),
            roster=people,
            times=moments,
            tables=tables,
            rule=rule,
            who=me(),
            unsafe=unsafe,
            rules=rules,
            with_preflight=not no_preflight,
            dry_run=dry_run,
            level=level or 1,
            picked=tuple(file or ()),
            gradebook=gradebook,
            zone=where,
            before=before,
        )
        run(request, sandbox)


@dataclass(frozen=True)
class _Costs:
    """What late days cost, as far as it was said."""

    penalty: float | None
    grace: float | None
    most_days: int | None
    marked_late: int | None

    def changes(self) -> dict[str, Any]:
        """Return what they change in a rule."""
        if self.penalty is not None and not 0 <= self.penalty <= 1:
            share = f"; for {self.penalty:g} percent give {self.penalty / 100:g}"
            raise CallError(
                f"--penalty {self.penalty:g} is not a share from 0 to 1 of the points"
                f"{share if 1 < self.penalty <= 100 else ', such as 0.1 for ten percent a day'}"
            )
        found = {
            "penalty_per_day": self.penalty,
            "grace": None if self.grace is None else timedelta(minutes=self.grace),
            "most_days": self.most_days,
            "marked_late": self.marked_late,
        }
        return {name: value for name, value in found.items() if value is not None}


def _rule(
    due: str | None,
    costs: _Costs,
    before: "Rule | None",
    zone: tzinfo | None,
    date_format: str | None,
) -> "Rule | None":
    """Return when the set is due; what is not given is as it was kept."""
    from coursekit.grading.gradebook.lateness import Rule
    from coursekit.grading.submissions.times import read_time

    changes = costs.changes()
    if due is None:
        if changes and before is None:
            name = "marked_late" if "marked_late" in changes else next(iter(changes))
            shown = "--" + name.removesuffix("_per_day").replace("_", "-")
            raise CallError(f"{shown} says what late days cost; say with --due what is late")
        return None if before is None else replace(before, **changes)
    moment = read_time(due, zone, "--due", date_format)
    if moment is None:
        raise CallError(f"--due: {due!r} is not a time; expected one such as 2026-11-21 23:59")
    return Rule(moment, **changes)


@dataclass(frozen=True)
class _Columns:
    """How rosters and lists of times are read."""

    key: str | None
    time: str | None
    encoding: str | None
    delimiter: str | None
    date_format: str | None
    zone: tzinfo | None


def _lists(
    roster: Path | None, times: Path | None, how: _Columns
) -> "tuple[tuple[Person, ...], tuple[Person, ...], dict[str, Table]]":
    """Read the roster and the submission times; the key column may be in one file or in both."""
    from coursekit.grading.submissions.roster import people_of
    from coursekit.grading.submissions.tables import read_table

    files = {"roster": roster, "times": times}
    tables = {
        kind: read_table(path, how.encoding, how.delimiter)
        for kind, path in files.items()
        if path is not None
    }
    keys = dict.fromkeys(tables, how.key)
    if how.key is not None:
        wanted = how.key.strip().lower()
        having = [kind for kind, table in tables.items() if wanted in table.columns]
        if not tables:
            raise CallError("--key-column names a column of --roster or --times; give one of them")
        keys = {kind: how.key if kind in having or not having else None for kind in tables}
    people, moments = [], []
    if "roster" in tables:
        people = people_of(tables["roster"], key_column=keys["roster"], with_times=False)
    source = "times" if "times" in tables else "roster" if how.time is not None else None
    if source is not None:
        moments = people_of(
            tables[source],
            key_column=keys[source],
            time_column=how.time,
            zone=how.zone,
            date_format=how.date_format,
        )
        if all(person.handed_in is None for person in moments):
            raise CallError(
                f"{files[source]} holds no time of any submission; name the column with "
                "--times-column"
            )
    return tuple(people), tuple(moments), tables


def _processors() -> int:
    """Return how many submissions are graded at once unless the instructor says."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        count = os.cpu_count() or 1
    return min(count, 8)


class Format(Enum):
    """What marks can be exported for."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    NBGRADER = "nbgrader"


def mark(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The --out of `coursekit grade`.")],
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="A name, number or address.")],
    points: Annotated[
        float | None, option(min=0, help="Points in place of those by machine.")
    ] = None,
    function: Annotated[
        str | None, option(metavar="NAME", help="The function they are for; else the whole set.")
    ] = None,
    comment: Annotated[str | None, option(metavar="TEXT", help="For the student's page.")] = None,
    extension: Annotated[
        float | None, option(min=0, metavar="DAYS", help="So much later it is due.")
    ] = None,
    excuse: Annotated[
        bool, typer.Option("--excuse", help="The set does not count for this student.")
    ] = False,
    in_time: Annotated[bool, typer.Option("--in-time", help="Late days do not count.")] = False,
    handed_in: Annotated[
        str | None, option("--handed-in", metavar="TIME", help="When it really came.")
    ] = None,
    zone: Zone = None,
    date_format: DateFormat = None,
    undo: Annotated[
        list[str] | None,
        option(
            metavar="WHAT",
            help=f"Take back: {_UNDONE}.",
        ),
    ] = None,
    set_name: Annotated[
        str | None, option("--set", metavar="SET", help="Where several sets were graded.")
    ] = None,
    who: Annotated[str | None, option(metavar="NAME", help="Who decides; you.")] = None,
    reason: Annotated[str, option(metavar="TEXT", help="Why; kept with the decision.")] = "",
    bonus: Annotated[
        bool, typer.Option("--bonus", help="Points may be more than it is worth.")
    ] = False,
) -> None:
    """Set marks by hand, comment, grant days; without options, show all that is known."""
    from coursekit.grading.commands import by_hand
    from coursekit.grading.submissions.times import read_time

    if function is not None and points is None and "points" not in (undo or ()):
        raise CallError("--function says what --points are for; give both")
    moment = None
    if handed_in is not None:
        form = None if date_format is None else date_format.value
        moment = read_time(handed_in, zone_of(zone), "--handed-in", form)
        if moment is None:
            raise CallError(f"--handed-in: {handed_in!r} is not a time")
    values = {
        "points": points,
        "comment": comment,
        "extension": extension,
        "excused": 1 if excuse else None,
        "in_time": 1 if in_time else None,
        "handed_in": None if moment is None else moment.isoformat(),
    }
    decisions = []
    for what in undo or ():
        kind = {"excuse": "excused"}.get(what, what.replace("-", "_"))
        if kind not in values:
            raise CallError(f"--undo {what!r} is none of: {_UNDONE}")
        if values[kind] is not None:
            raise CallError(f"--undo {what} takes back what another option gives; give one of them")
        decisions.append(by_hand.Decision(kind, None, function if kind == "points" else None))
    decisions += [
        by_hand.Decision(kind, f"{value}", function if kind == "points" else None)
        for kind, value in values.items()
        if value is not None
    ]
    by_hand.mark(
        folder, student, decisions, set_name=set_name, who=who or me(), reason=reason, bonus=bonus
    )


def review(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The --out of `coursekit grade`.")],
    set_name: Annotated[
        str | None, option("--set", metavar="SET", help="Where several sets were graded.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; print where the page is.")
    ] = False,
) -> None:
    """Open the class's page: everybody's marks, with links to each student's code and checks."""
    from coursekit.grading.commands import by_hand

    by_hand.review(folder, set_name=set_name, browser=not no_browser)


def export(
    form: Annotated[
        Format, option("--format", help="For whom the columns are; csv has everything.")
    ],
    folder: Annotated[
        Path, option("--from", metavar="DIR", help="The --out of `coursekit grade`.")
    ],
    set_name: Annotated[
        str | None, option("--set", metavar="SET", help="Where several sets were graded.")
    ] = None,
    assignment: Annotated[
        str | None, option(metavar="NAME", help="What the other system calls it.")
    ] = None,
    roster: Annotated[
        Path | None,
        option(
            "--roster",
            metavar="FILE",
            help="Moodle's grading worksheet or Canvas's gradebook export, to be filled in; that "
            "which `grade` had, unless given.",
        ),
    ] = None,
    grade_column: Annotated[
        str | None,
        option(metavar="NAME", help="The worksheet's column of grades, in a rarer language."),
    ] = None,
    out: Annotated[
        Path | None, option("--out", metavar="FILE", help="Otherwise it is printed.")
    ] = None,
    new_assignment: Annotated[
        bool, typer.Option("--new-assignment", help="Let Canvas make one where it has none.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over an earlier export.")
    ] = False,
) -> None:
    """Write marks, with manual ones and late days, for another system."""
    from coursekit.grading.commands import by_hand

    by_hand.write_export(
        form.value, folder, set_name=set_name, assignment=assignment, roster=roster,
        grade_column=grade_column, out=out, new_assignment=new_assignment, overwrite=overwrite,
    )  # fmt: skip
