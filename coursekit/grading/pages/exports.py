"""Marks for other systems, as CSV that a spreadsheet cannot be tricked with."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, TextIO

from coursekit.errors import CallError
from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.names import printable

_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@|%＝＋－＠]|^[\t\r\n]")  # also in full width
Cell = str | float | int | None
Table = list[list[Cell]]


def plain_cell(value: Cell) -> str:
    """Return a cell that a spreadsheet shows and never calculates.

    Control characters go; a text that could be taken for a formula gets a quote mark in front, as
    OWASP's advice on CSV injection has it.

    Examples
    --------
    >>> plain_cell("=HYPERLINK(1)"), plain_cell(-2.5), plain_cell("ada"), plain_cell(None)
    ("'=HYPERLINK(1)", '-2.5', 'ada', '')
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{round(value, 4):g}"
    shown = "".join(char if char.isprintable() else " " for char in value)
    return f"'{shown}" if _FORMULA.match(shown) or _FORMULA.match(value) else shown


def write_csv(file: TextIO, rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> None:
    """Write rows as CSV, one after the other, into a file opened with ``newline=""``."""
    table = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    table.writerows([plain_cell(cell) for cell in row] for row in rows)


def as_csv(rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> bytes:
    r"""Return rows as CSV in UTF-8.

    Examples
    --------
    >>> as_csv([["student", "points"], ["@ada", 4.0]])
    b"student,points\n'@ada,4\n"
    """
    text = io.StringIO()
    write_csv(text, rows, delimiter)
    return text.getvalue().encode()


def results_table(
    names: Sequence[str],
    entries: Iterable[dict[str, Any]],
    marks: Sequence[Mark],
    zone: tzinfo = UTC,
    by_person: Collection[str] = (),
) -> Iterator[list[Cell]]:
    """Give the rows of ``results.csv``: one student a line, with columns for each function.

    Parameters
    ----------
    names
        Of the set's functions.
    entries
        Those of ``results.json``, in the order of names.
    marks
        Everybody's mark in the same order, also of those who handed in nothing.
    zone
        In which times are written, each with its offset.
    by_person
        Which of `names` have the points that a person gave: "open" where nobody did yet.
    """
    head: list[Cell] = ["student", "points", "final", "max_points", "status", "seconds"]
    for name in names:
        head += [name] if name in by_person else [name, f"{name} misconception"]
    head += ["name", "number", "email", "late_days", "penalty", "handed_in", "comments", "file"]
    yield [*head, "events"]
    graded = iter(entries)
    entry = next(graded, None)
    for mark in marks:
        found: dict[str, Any] = {}
        if entry is not None and entry["student"] == mark.student:
            found, entry = entry, next(graded, None)
        by_name = {function["name"]: function for function in found.get("functions", ())}
        given = {one.function: one.points for one in mark.by_hand}
        final = "excused" if mark.excused else mark.final
        row: list[Cell] = [mark.student, found.get("points"), final, mark.max_points]
        row += [found.get("status", "nothing handed in"), found.get("seconds")]
        for name in names:
            function = by_name.get(name, {})
            if name in given and name in by_person:
                row.append(given[name])
            elif name in by_person:
                row.append("open" if name in mark.unmarked else function.get("points"))
            else:
                row += [function.get("points"), function.get("misconception")]
        row += [mark.name, mark.number, mark.email, mark.late_days, mark.penalty]
        row += [_time(mark.handed_in, zone), " / ".join(mark.comments)]
        row.append(found.get("submission", {}).get("file"))
        yield [*row, " ".join(sorted({event["code"] for event in found.get("events", ())}))]


def _marks_table(set_name: str, marks: Sequence[Mark], zone: tzinfo) -> Table:
    head = (
        "set", "student", "name", "number", "email", "status", "automatic", "points", "late_days",
        "penalty", "final", "max_points", "handed_in", "comments", "unsafe", "open",
    )  # fmt: skip
    rows: Table = [list(head)]
    for mark in marks:
        rows.append(
            [
                set_name,
                mark.student,
                mark.name,
                mark.number,
                mark.email,
                mark.status or "nothing handed in",
                mark.automatic,
                mark.points,
                mark.late_days,
                mark.penalty,
                mark.final,
                mark.max_points,
                _time(mark.handed_in, zone),
                " / ".join(mark.comments),
                "unsafe" if mark.unsafe else "",
                " ".join(mark.unmarked),
            ]
        )
    return rows


def _nbgrader_table(set_name: str, marks: Sequence[Mark], zone: tzinfo) -> Table:
    """Columns of nbgrader's own CSV export, whose times are in UTC."""
    del zone
    head = (
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score",
    )  # fmt: skip
    rows: Table = [list(head)]
    for mark in marks:
        first, _, last = (mark.name or "").rpartition(" ")
        rows.append(
            [
                set_name,
                None,
                _time(mark.handed_in, UTC),
                mark.student,
                last,
                first,
                mark.email,
                mark.points or 0.0,
                mark.penalty,
                mark.final or 0.0,
                mark.max_points,
            ]
        )
    return rows


def _time(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else moment.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def refuse_blank_numbers(system: str, marks: Sequence[Mark], how: str) -> None:
    """Refuse marks of students whom a system would not find: it knows them by its own number.

    Raises
    ------
    CallError
        When there is one; the message says who, and how the numbers are had.
    """
    unknown = [printable(m.student) for m in marks if m.final is not None and not m.number]
    if unknown:
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        raise CallError(
            f"{system} knows students by its own number, and there is none for "
            f"{', '.join(unknown[:3])}{more}; {how}"
        )


_TABLES: dict[str, Callable[[str, Sequence[Mark], tzinfo], Table]] = {
    "csv": _marks_table,
    "nbgrader": _nbgrader_table,
}


def export(form: str, set_name: str, marks: Sequence[Mark], zone: tzinfo = UTC) -> bytes:
    """Return a set's marks in the columns of a plain table or of nbgrader.

    Parameters
    ----------
    form
        ``"csv"`` (everything) or ``"nbgrader"``.
    set_name
        The name of the assignment there.
    marks
        From `coursekit.grading.gradebook.marks.marks`.
    zone
        In which a plain table has its times, each with its offset.

    Raises
    ------
    ValueError
        When `form` is neither.

    Examples
    --------
    >>> export("csv", "03_convolution_2d", []).decode().split(",")[:3]
    ['set', 'student', 'name']
    """
    if form not in _TABLES:
        raise ValueError(f"form: found {form!r}; expected one of {', '.join(_TABLES)}")
    return as_csv(_TABLES[form](set_name, marks, zone))
