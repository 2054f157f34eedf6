"""Reading what was handed in, whatever it is: bounded before it is parsed, and never run here."""

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any

_HEADING = re.compile(r"^#{1,6} +(\S.{0,80})", re.MULTILINE)
# A key of JSON in the quotation marks of prose, as word processors write them.
_RETYPED = re.compile(r"\ufeff?\s*\{\s*[“”„«»‘’‚]")
MOST_BYTES = 32 << 20  # pictures in outputs make honest notebooks large
MOST_PARTS = 2_000_000  # values in it: reading more takes long, and the whole class waits
MOST_CELLS = 2000
MOST_SOURCE = 2 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Event:
    """Something out of the ordinary: a short code and one sentence about it."""

    code: str
    detail: str


@dataclass(frozen=True)
class Cell:
    """A code cell: its place among the code cells (from 1), its id if it has one, its source.

    `heading` is that of the part of the notebook in which the cell stands.
    """

    number: int
    id: str
    source: str
    heading: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, and what was odd about it.

    `source` is the name of the released file that it says it was built from, if it says so, and
    `kind` what that is: ``"exercise"``, ``"lesson"`` or ``"solution"``.
    """

    cells: tuple[Cell, ...]
    events: tuple[Event, ...]
    source: str = ""
    kind: str = ""


class Unreadable(Exception):
    """What was handed in is no notebook that can be graded; `event` says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.event = Event(code, detail)


def read_notebook(content: bytes) -> Notebook:
    r"""Return the code cells of a notebook of any format there has been.

    Raises
    ------
    Unreadable
        When it is not a notebook, or too large.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": ["x = 1\r\n", "x"]}
    >>> read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode()).cells
    (Cell(number=1, id='', source='x = 1\nx'),)
    """
    whole, events = _parsed(content)
    raw = _cells_of(whole)
    if raw is None:
        raise Unreadable("not_a_notebook", "the file is JSON, but it has no cells")
    version = whole.get("nbformat")
    if type(version) is int and version < 4:
        events.append(Event("older_format", f"notebook format {version}"))
    cells = _code(raw, events)
    if not cells:
        events.append(Event("no_code", "there is no code in it"))
    source, kind = _origin(whole)
    return Notebook(tuple(cells), tuple(events), source, kind)


def raw_cells(content: bytes) -> list[dict[str, Any]]:
    """Return all cells of a notebook as they stand in the file, with texts and outputs.

    Raises
    ------
    Unreadable
        As `read_notebook`.

    Examples
    --------
    >>> raw_cells(b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "a"}, 3]}')
    [{'cell_type': 'markdown', 'source': 'a'}]
    """
    read_notebook(content)
    cells = _cells_of(_parsed(content)[0]) or []
    return [cell for cell in cells if isinstance(cell, dict)]


def last_heading(source: str) -> str:
    r"""Return the last heading in a text, "" where there is none.

    Examples
    --------
    >>> last_heading("# One\n\n## Two ##\ntext")
    'Two'
    """
    found = _HEADING.findall(source[:10_000])
    return found[-1].rstrip(" #") if found else ""


def _parsed(content: bytes) -> tuple[dict[str, Any], list[Event]]:
    """Return what a file holds, and what was odd about its encoding."""
    if len(content) > MOST_BYTES:
        size = len(content) >> 20
        raise Unreadable(
            "too_large", f"the file has {size} MB; at most {MOST_BYTES >> 20} are read"
        )
    if not content.strip():
        raise Unreadable("empty_file", "the file is empty")
    text, events = _decoded(content)
    parts = sum(map(text.count, ",[{"))
    if parts > MOST_PARTS:
        raise Unreadable(
            "too_large", f"the file has about {parts:,} values; at most {MOST_PARTS:,} are read"
        )
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        cut = "Expecting" in str(error) or "Unterminated" in str(error)
        started = text.lstrip().startswith("{")
        if _RETYPED.match(text):
            raise Unreadable(
                "retyped",
                "a word processor has changed the file's quotation marks (“ in place of \"); hand "
                "in the file as Jupyter saved it",
            ) from None
        if cut and started:
            raise Unreadable(
                "truncated", "the file is cut off or damaged: it ends as no notebook does"
            ) from None
        raise Unreadable("not_json", "the file is not a notebook: it is not JSON") from None
    if not isinstance(whole, dict):
        raise Unreadable("not_a_notebook", "the file is JSON, but not a notebook")
    return whole, events


def _decoded(content: bytes) -> tuple[str, list[Event]]:
    """Return the text of a file, in whatever encoding it was saved."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                break
            return text, [
                Event("encoding", f"saved as {encoding.removesuffix('-sig')} with a mark")
            ]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    if content[1:2] == b"\0" or content[:1] == b"\0":
        text = content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", "replace")
        return text, [Event("encoding", "saved as utf-16")]
    return content.decode("cp1252", "replace"), [Event("encoding", "not saved as UTF-8")]


def _cells_of(whole: dict[str, Any]) -> list[Any] | None:
    """Return the list of cells of format 4, or of the worksheets of format 2 and 3."""
    if isinstance(whole.get("cells"), list):
        cells: list[Any] = whole["cells"]
        return cells
    sheets = whole.get("worksheets")
    if not isinstance(sheets, list):
        return None
    found = []
    for sheet in sheets:
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            found += sheet["cells"]
    return found


def _code(raw: list[Any], events: list[Event]) -> list[Cell]:
    """Return the code cells that have a source."""
    if len(raw) > MOST_CELLS:
        raise Unreadable(
            "too_many_cells", f"it has {len(raw):,} cells; at most {MOST_CELLS:,} are read"
        )
    cells: list[Cell] = []
    total = odd = number = returns = 0
    heading = ""
    for cell in raw:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if not isinstance(kind, str):
            odd += 1
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if kind != "code":
            heading = (last_heading(source) if isinstance(source, str) else "") or heading
            continue
        number += 1
        if not isinstance(source, str):
            odd += 1
            continue
        total += len(source)
        if total > MOST_SOURCE:
            raise Unreadable(
                "too_large", f"its code has more than {MOST_SOURCE:,} characters (cell {number})"
            )
        name = cell.get("id")
        if "\r" in source:
            returns += 1
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        cells.append(Cell(number, name if isinstance(name, str) else "", source, heading))
    if returns:
        events.append(Event("line_ends", f"{returns} cells have the line ends of Windows"))
    if odd:
        events.append(Event("odd_cell", f"{odd} cells have no source that can be read"))
    return [cell for cell in cells if cell.source.strip()]


def _origin(whole: dict[str, Any]) -> tuple[str, str]:
    """Return the set that the notebook says it belongs to, and what of it it is."""
    metadata = whole.get("metadata")
    own = metadata.get("coursekit") if isinstance(metadata, dict) else None
    said = own if isinstance(own, dict) else {}
    source, kind = said.get("source"), said.get("kind")
    name = source.rsplit("/", 1)[-1].removesuffix(".py")[:100] if isinstance(source, str) else ""
    name = "".join(char if char.isprintable() else " " for char in name)
    return name, kind if kind in ("exercise", "lesson", "solution") else ""
