"""The commands for teachers, from `release` to `slides`: arguments in, library calls out."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from coursekit.errors import CallError

_UNDONE = "points, comment, extension, excuse, in-time, handed-in"
NAMES = frozenset({"release", "grade", "mark", "similar", "totals", "export", "slides"})


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


def me() -> str:
    """Return who calls, as the system knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _init(asked: bool) -> None:
    """Write the file of rules here, before anything else is asked for."""
    if asked:
        from coursekit.grading.commands.rules_file import NAME, write_template

        write_template(Path(NAME))
        print(f"{NAME}: take away the # before what you need, and lay it beside the submissions.")
        raise typer.Exit


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (release, grade, mark, similar, totals, export, slides):
        app.command()(command)


def release(
    out: Annotated[Path, option("--out", metavar="DIR", help="A new folder for it.")],
    sets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET...]", help="Such as 03_convolution_2d; all without."),
    ] = None,
) -> None:
    """Write what students get: lessons, exercises without solutions, what runs them."""
    from coursekit.course.release import release as write
    from coursekit.grading.reading.grading_set import full_name, set_names

    done = write([full_name(name, set_names()) for name in sets or ()], out)
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
        str | None,
        option(
            metavar="FILE|ADDRESS",
            help="The gradebook of all sets: a file, or postgresql://HOST/DATABASE; in --out "
            "otherwise.",
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        option(metavar="FILE", help="Rules in a file; grading.toml beside SUBMISSIONS otherwise."),
    ] = None,
    anonymous: Annotated[
        bool | None,
        typer.Option(
            "--anonymous/--named",
            help="The instructor's pages show aliases, or names.",
            show_default=False,
        ),
    ] = None,
    init: Annotated[
        bool,
        typer.Option(
            "--init",
            help="Write a grading.toml with comments here, and stop.",
            is_eager=True,
            callback=_init,
        ),
    ] = False,
) -> None:
    """Grade every submission of a set: marks, a gradebook, and a page for each student."""
    from coursekit.grading.commands.settling import GradeOptions, grade_as_asked
    from coursekit.grading.gradebook.place import place_of

    limits = {
        "cell_seconds": cell_seconds,
        "all_seconds": all_seconds,
        "function_seconds": function_seconds,
        "memory_mb": memory,
    }
    grade_as_asked(
        GradeOptions(
            set_name,
            submissions,
            out,
            me(),
            rules=rules,
            workers=workers,
            seed=seed,
            only=tuple(only or ()),
            roster=roster,
            times=times,
            times_column=times_column,
            key_column=key_column,
            zone=zone,
            due=due,
            penalty=penalty,
            grace_minutes=grace,
            most_days=most_days,
            marked_late=marked_late,
            unsafe=unsafe,
            preflight=not no_preflight,
            strict=strict,
            limits={name: value for name, value in limits.items() if value is not None},
            dry_run=dry_run,
            level=level,
            files=tuple(file or ()),
            date_format=None if date_format is None else date_format.value,
            encoding=encoding,
            delimiter=delimiter,
            gradebook=None if gradebook is None else place_of(gradebook),
            anonymous=anonymous,
        )
    )


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
        str | None,
        option(
            "--function",
            "--part",
            metavar="NAME",
            help="The function, open question or part of a project; else the whole set.",
        ),
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
    from coursekit.grading.commands.settling import zone_of
    from coursekit.grading.submissions.times import read_time

    given = points is not None or comment is not None or "points" in (undo or ())
    if function is not None and not given:
        raise CallError("--function says what --points are for, or a --comment; give one of them")
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
        by_hand.Decision(kind, f"{value}", function if kind in ("points", "comment") else None)
        for kind, value in values.items()
        if value is not None
    ]
    by_hand.mark(
        folder, student, decisions, set_name=set_name, who=who or me(), reason=reason, bonus=bonus
    )


def similar(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The --out of `coursekit grade`.")],
    against: Annotated[
        list[Path] | None,
        option(
            metavar="SUBMISSIONS",
            help="Others to compare with, such as last year's: a folder or zip, or their --out.",
        ),
    ] = None,
    set_name: Annotated[
        str | None, option("--set", metavar="SET", help="Where several sets were graded.")
    ] = None,
) -> None:
    """Write which hand-ins share what is rare in the class, side by side; never a mark."""
    from coursekit.grading.commands.similar import write_similar

    write_similar(folder, against or (), set_name)


def totals(
    out: Annotated[Path, option("--out", metavar="DIR", help="The folder for the totals.")],
    gradebook: Annotated[
        str | None,
        option(metavar="FILE|ADDRESS", help="The gradebook of all sets, as `grade` had it."),
    ] = None,
    rules: Annotated[
        Path | None,
        option(metavar="FILE", help="Rules in a file; that which the sets were graded by."),
    ] = None,
    weight: Annotated[
        list[str] | None,
        option(metavar="SET=NUMBER", help="What a set counts; as much as it is worth."),
    ] = None,
    drop_lowest: Annotated[
        int | None, option(min=0, metavar="N", help="So many of a student's sets do not count.")
    ] = None,
    points: Annotated[float | None, option(help="What the course is worth; 100.")] = None,
) -> None:
    """Write everybody's total over all graded sets: weights, dropped lowest, excuses."""
    from coursekit.grading.commands.course_totals import write_totals
    from coursekit.grading.gradebook.place import place_of

    if points is not None and not 0 < points < 100_000:
        raise CallError(f"--points {points:g} is nothing a course is worth; give more than 0")
    write_totals(
        out,
        gradebook=None if gradebook is None else place_of(gradebook),
        rules=rules,
        weights=weight or (),
        drop_lowest=drop_lowest,
        points=points,
        who=me(),
    )


def export(
    form: Annotated[
        Format, option("--format", help="For whom the columns are; csv has everything.")
    ],
    folder: Annotated[
        Path, option("--from", metavar="DIR", help="The --out of `coursekit grade` or `totals`.")
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


def slides(
    lesson: Annotated[
        str, typer.Argument(metavar="LESSON", help="Such as 03.", show_default=False)
    ],
    out: Annotated[Path, option("--out", metavar="DIR", help="The folder for them.")],
) -> None:
    """Write a lesson as slides, one file that a browser opens without a network."""
    from coursekit.course.slides import write_slides

    file, count = write_slides(lesson, out)
    print(f"{file}: {count} slides. Open it in a browser; S shows the speaker's notes.")
