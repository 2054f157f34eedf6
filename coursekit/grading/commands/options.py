"""The commands for teachers, `grade`, `mark` and `export`: arguments in, library calls out."""

import os
from datetime import timedelta, tzinfo
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coursekit.errors import CallError

if TYPE_CHECKING:
    from coursekit.grading.gradebook.lateness import Rule
    from coursekit.grading.submissions.roster import Person

NAMES = frozenset({"grade", "mark", "export"})


def option(*names: str, **more: Any) -> Any:
    """Return an option whose help says itself what it is without."""
    return typer.Option(*names, show_default=False, **more)


Zone = Annotated[
    str | None,
    option("--zone", metavar="ZONE", help="Of times that say none, such as Europe/Vienna."),
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
    for command in (grade, mark, export):
        app.command()(command)


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
        option(min=0, max=1, help="The share lost a day, 0.1 for ten percent."),
    ] = None,
    grace: Annotated[
        float | None, option(min=0, metavar="MINUTES", help="Still counts as in time.")
    ] = None,
    most_days: Annotated[
        int | None, option(min=0, metavar="DAYS", help="Later than that earns nothing.")
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
        bool,
        typer.Option(
            "--strict", help="No points where a library's function did the work; else a remark."
        ),
    ] = False,
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
) -> None:
    """Grade every submission of a set: marks, a gradebook, and a page for each student."""
    from coursekit.grading.sandbox.limits import Limits
    from coursekit.grading.sandbox.sandbox import started_early

    given = {
        "cell": cell_seconds,
        "all_cells": all_seconds,
        "function": function_seconds,
        "memory": None if memory is None else memory << 20,
    }
    asked: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    limits = Limits(**asked)
    where = zone_of(zone)
    if times_column is not None and times is None and roster is None:
        raise CallError("--times-column names a column of --times; give that file, too")
    with started_early(limits) as sandbox:
        from coursekit.grading.commands.grade import (
            GradeRequest,  # it imports more, and takes its time
            run,
        )

        people, moments = _lists(roster, times, key_column, times_column, where)
        request = GradeRequest(
            set_name,
            submissions,
            out,
            workers=workers or _processors(),
            seed=seed,
            only=tuple(only or ()),
            roster=people,
            times=moments,
            rule=_rule(due, penalty, grace, most_days, where),
            who=me(),
            unsafe=unsafe,
            strict=strict,
            with_preflight=not no_preflight,
            limits=limits,
        )
        run(request, sandbox)


def _rule(
    due: str | None,
    penalty: float | None,
    grace: float | None,
    most_days: int | None,
    zone: tzinfo | None,
) -> "Rule | None":
    from coursekit.grading.gradebook.lateness import Rule
    from coursekit.grading.submissions.times import read_time

    if due is None:
        named = {"--penalty": penalty, "--grace": grace, "--most-days": most_days}
        for name, value in named.items():
            if value is not None:
                raise CallError(f"{name} says what late days cost; say with --due what is late")
        return None
    moment = read_time(due, zone, "--due")
    if moment is None:
        raise CallError(f"--due: {due!r} is not a time; expected one such as 2026-11-21 23:59")
    return Rule(moment, penalty or 0.0, timedelta(minutes=grace or 0.0), most_days)


def _lists(
    roster: Path | None,
    times: Path | None,
    key_column: str | None,
    times_column: str | None,
    zone: tzinfo | None,
) -> "tuple[tuple[Person, ...], tuple[Person, ...]]":
    """Read the roster and the submission times; `key_column` may be in one of the files or both."""
    from coursekit.grading.submissions.roster import read_people, read_rows

    files = [path for path in (roster, times) if path is not None]
    keys = dict.fromkeys(files, key_column)
    if key_column is not None:
        having = [path for path in files if key_column.strip().lower() in read_rows(path)[0]]
        if not files:
            raise CallError("--key-column names a column of --roster or --times; give one of them")
        keys = {path: key_column if path in having or not having else None for path in files}
    people, moments = [], []
    if roster is not None:
        people = read_people(roster, key_column=keys[roster], with_times=False)
    source = times or (roster if times_column is not None else None)
    if source is not None:
        moments = read_people(source, key_column=keys[source], time_column=times_column, zone=zone)
        if all(person.handed_in is None for person in moments):
            raise CallError(
                f"{source} holds no time of any submission; name the column with --times-column"
            )
    return tuple(people), tuple(moments)


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
    excuse: Annotated[bool, typer.Option("--excuse", help="Late days do not count.")] = False,
    handed_in: Annotated[
        str | None, option("--handed-in", metavar="TIME", help="When it really came.")
    ] = None,
    zone: Zone = None,
    undo: Annotated[
        list[str] | None,
        option(metavar="WHAT", help="Take back: points, comment, extension, excuse or handed-in."),
    ] = None,
    set_name: Annotated[
        str | None, option("--set", metavar="SET", help="Where several sets were graded.")
    ] = None,
    who: Annotated[str | None, option(metavar="NAME", help="Who decides; you.")] = None,
    reason: Annotated[str, option(metavar="TEXT", help="Why; kept with the decision.")] = "",
) -> None:
    """Set marks by hand, comment, grant days; without options, show all that is known."""
    from coursekit.grading.commands import by_hand
    from coursekit.grading.submissions.times import read_time

    if function is not None and points is None and "points" not in (undo or ()):
        raise CallError("--function says what --points are for; give both")
    moment = None
    if handed_in is not None:
        moment = read_time(handed_in, zone_of(zone), "--handed-in")
        if moment is None:
            raise CallError(f"--handed-in: {handed_in!r} is not a time")
    values = {
        "points": points,
        "comment": comment,
        "extension": extension,
        "excused": 1 if excuse else None,
        "handed_in": None if moment is None else moment.isoformat(),
    }
    decisions = []
    for what in undo or ():
        kind = {"excuse": "excused", "handed-in": "handed_in"}.get(what, what)
        if kind not in values:
            raise CallError(
                f"--undo {what!r} is none of: points, comment, extension, excuse, handed-in"
            )
        if values[kind] is not None:
            raise CallError(f"--undo {what} takes back what another option gives; give one of them")
        decisions.append(by_hand.Decision(kind, None, function if kind == "points" else None))
    decisions += [
        by_hand.Decision(kind, f"{value}", function if kind == "points" else None)
        for kind, value in values.items()
        if value is not None
    ]
    by_hand.mark(folder, student, decisions, set_name=set_name, who=who or me(), reason=reason)


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
    out: Annotated[
        Path | None, option("--out", metavar="FILE", help="Otherwise it is printed.")
    ] = None,
) -> None:
    """Write marks, with manual ones and late days, for another system."""
    from coursekit.grading.commands import by_hand

    by_hand.write_export(form.value, folder, set_name=set_name, assignment=assignment, out=out)
