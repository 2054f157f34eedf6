"""The commands `mark` and `export`: arguments in, library calls out."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from coursekit.errors import CallError
from coursekit.grading.commands.arguments import Zone, me, option, zone_of


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
    from coursekit.grading.handins.handin_times import read_time

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
