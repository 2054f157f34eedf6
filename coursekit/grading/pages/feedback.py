"""The pages that students and instructors read. Nothing that a student wrote is markup in them."""

import contextlib
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from coursekit.checks import exercise_sets
from coursekit.errors import cannot_write
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.gradebook.tables import Attempt, Run
from coursekit.grading.names import file_name
from coursekit.grading.pages.classfacts import ClassFacts, Entry, distribution, final_points
from coursekit.project.rubric import SET as PROJECT
from coursekit.project.rubric import parts

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STATUSES = {
    "timeout": "The cells of the notebook ran longer than allowed and were stopped.",
    "out_of_memory": "The cells of the notebook needed more memory than allowed.",
    "crashed": "The notebook ended the Python process that it ran in.",
    "unreadable": "The file could not be read as a notebook; hand it in again.",
}
_FAILED_CELL = (
    "cell_failed", "syntax_error", "cell_timeout", "cell_out_of_memory", "cell_ended_process",
)  # fmt: skip
_TOLD_ELSEWHERE = (*_FAILED_CELL, "wrong_set", "same_as_solution")  # or told to the teacher alone
_TITLES = {part.name: part.title for part in parts()}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WIDEST, _LONGEST = 12, 400
# Control characters but for tabs and new lines, and those that turn the order of letters round.
_STEERING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")


def student_page(
    set_name: str,
    entry: Entry,
    mark: Mark,
    *,
    rule: Rule | None = None,
    zone: tzinfo = UTC,
    for_teacher: bool = False,
    attempts: Sequence[Attempt] = (),
) -> str:
    """Return the feedback page of one student as HTML without scripts.

    Parameters
    ----------
    set_name
        The exercise set.
    entry
        The student's entry of ``results.json``.
    mark
        What counts in the end.
    rule
        When the set was due, and what a late day costs.
    zone
        In which times are shown.
    for_teacher
        True: with the student's own code, and all that was noticed.
    attempts
        All that were graded, the oldest first; shown where there are several.
    """
    events = entry["events"]
    failed = next((e["detail"] for e in events if e["code"] in _FAILED_CELL), None)
    other = next((e["detail"] for e in events if e["code"] == "wrong_set"), None)
    page = page_environment().get_template("student.html")
    return page.render(
        set_name=set_name,
        entry=entry,
        mark=mark,
        max_points=mark.max_points,
        statuses=STATUSES,
        first_failed=failed,
        other_set=other,
        events=[e for e in events if for_teacher or e["code"] not in _TOLD_ELSEWHERE],
        answers={one["name"]: one for one in entry.get("answers", ())},
        by_hand={one.function: one for one in mark.by_hand},
        rule=rule,
        for_teacher=for_teacher,
        attempts=attempts,
        when=lambda moment: local_time(moment, zone),
        parameters=parameters(set_name),
        titles=_TITLES if set_name == PROJECT else {},
    )


def class_zone(run: Run | None) -> tzinfo:
    """Return the class's zone; UTC where a run had none."""
    name = ((run.rules or {}).get("zone") if run is not None else None) or "UTC"
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # `--zone` takes offsets, too
        return datetime.strptime(name, "%z").tzinfo or UTC


def local_time(moment: datetime, zone: tzinfo) -> str:
    """Return a time as pages show it."""
    shown = moment.astimezone(zone)
    return f"{shown:%Y-%m-%d %H:%M} {shown.tzname()}"


def parameters(set_name: str) -> dict[str, tuple[str, ...]]:
    """Return the names of each function's parameters; nothing for a set that is not there."""
    asked = exercise_sets().get(set_name)
    return {} if asked is None else {one.name: one.parameters for one in asked.exercises}


def class_page(
    set_name: str,
    facts: ClassFacts,
    marks: Sequence[Mark],
    again: Callable[[str], str],
    *,
    rule: Rule | None = None,
    zone: tzinfo = UTC,
    run: Run | None = None,
    hidden: bool = False,
) -> str:
    """Return the instructor's page as HTML without scripts: the marks in each order.

    Parameters
    ----------
    set_name
        The exercise set.
    facts
        Of the class.
    marks
        Everybody's, in the order of names.
    again
        Gives the command that shows one student's failing checks once more.
    rule, zone
        As in `student_page`.
    run
        The last run over the class; its rules are shown.
    hidden
        True: the students have aliases here, and their pages, which have names, are not linked.
    """
    page = page_environment().get_template("class.html")
    finals, said = final_points(marks, facts.max_points)
    return page.render(
        set_name=set_name,
        facts=facts,
        said=said,
        distribution=distribution(finals, facts.max_points),
        marks=marks,
        named=any(not mark.student.startswith(mark.name or "") for mark in marks),
        again=again,
        hidden=hidden,
        rule=rule,
        run=run,
        when=lambda moment: local_time(moment, zone),
        hand=lambda mark: {one.function: one.points for one in mark.by_hand},
        orders={
            "name": marks,
            "final points": sorted(marks, key=lambda m: -1.0 if m.final is None else m.final),
            "time": sorted(marks, key=lambda m: m.handed_in or _LONG_AGO, reverse=True),
        },
    )


def write_pages(folder: Path, pages: Iterable[tuple[str, str]], packed: bool = True) -> None:
    """Write one page for each (student, HTML), and a zip of them all beside the folder.

    Pages of students who are no longer among them are taken away.

    Raises
    ------
    CourseError
        When the folder cannot be written to. The marks are not in these pages but in the
        gradebook, from which they can be made again.
    """
    whole = folder.with_suffix(".zip")
    part = whole.with_name(f".{whole.name}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stale = {path.name for path in folder.iterdir()}
        with contextlib.ExitStack() as stack:
            archive = None
            if packed:
                archive = stack.enter_context(zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED))
            for student, html in pages:
                name = f"{file_name(student)}.html"
                fresh = folder / f".{name}.part"
                content = html.encode("utf-8", "backslashreplace")  # half characters are no UTF-8
                fresh.write_bytes(content)
                fresh.replace(folder / name)
                stale.discard(name)
                if archive is not None:
                    archive.writestr(zipfile.ZipInfo(name), content)
        if packed:
            part.replace(whole)
        for name in stale:
            if name.endswith((".html", ".part")):
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(error, folder, "choose another folder with --out") from error


@cache
def page_environment(package: str = "coursekit.grading.pages") -> "Environment":
    """Return what makes pages of a package's templates: all that goes in is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(default=True),
        finalize=harmless,
        undefined=StrictUndefined,  # a name missing in a template is our own mistake
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        points=_points, grid=_grid, brief=_brief, sentences=_sentences, ticks=_ticks,
        file_name=lambda student: quote(f"{file_name(student)}.html"),
    )  # fmt: skip
    made.tests["has"] = lambda several, one: one in several
    return made


def harmless(value: Any) -> Any:
    r"""Return a text without what steers a terminal or turns the order of letters round.

    Examples
    --------
    >>> harmless("a\x1b[31mb\n"), harmless(3)
    ('a\ufffd[31mb\n', 3)
    """
    if not isinstance(value, str) or value.isprintable():
        return value
    return type(value)(_STEERING.sub("\ufffd", value))


def _sentences(function: dict[str, Any]) -> str:
    """Return the message without what the page shows in its own way: the hint and the example."""
    lines = str(function["message"]).splitlines()
    if function["counterexample"] is not None and "" in lines:
        lines = lines[: lines.index("")]
    return "\n".join(line for line in lines if not line.startswith("Stuck?"))


def _ticks(text: str) -> "Markup":
    r"""Return a text with what stands between backticks as code.

    Examples
    --------
    >>> str(_ticks("use `x[i]`, not <b>"))
    'use <code>x[i]</code>, not &lt;b&gt;'
    """
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`\n]+)`", str(harmless(str(text))))
    return Markup("").join(  # every part is escaped by itself
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _points(value: float | None) -> str:
    return "none" if value is None else f"{round(value, 2):g}"


def _grid(value: Any) -> list[list[str]] | None:
    """Return a small array of one or two axes as rows of texts, None for anything else."""
    rows = value if isinstance(value, list) else None
    if rows and not any(isinstance(cell, list) for cell in rows):
        rows = [rows]
    if not rows or not all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows):
        return None
    if len(rows) > _WIDEST or not 0 < len(rows[0]) <= _WIDEST:
        return None
    if any(isinstance(cell, list | dict) for row in rows for cell in row):
        return None
    return [[_number(cell) for cell in row] for row in rows]


def _number(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)[:24]


def _brief(value: Any) -> str:
    text = _number(value) if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
