"""A project as it was saved: its cells under their headings, and the records in their outputs.

Nothing of it is run.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coursekit._record import MIME
from coursekit.notebooks.reading import raw_cells

_LONGEST = 200  # characters of a heading


@dataclass(frozen=True)
class Record:
    """What one call wrote into an output: `kind` and the facts; `ran` are digests of cells."""

    kind: str
    facts: dict[str, Any]
    ran: tuple[str, ...]

    def number(self, name: str) -> float | None:
        """Return a fact that is a finite number, else None."""
        value = self.facts.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if math.isfinite(value) else None


@dataclass(frozen=True)
class CodeCell:
    """A code cell: its place among those that hold something, its heading, and what came of it."""

    number: int
    heading: str
    source: str
    count: int | None
    error: str
    picture: bool
    records: tuple[Record, ...]

    def __str__(self) -> str:
        under = f" under “{self.heading}”" if self.heading else ""
        return f"code cell {self.number}{under}"


@dataclass(frozen=True)
class Project:
    """A saved project: headings of level 2 in their order, text by heading, and code cells."""

    headings: tuple[str, ...]
    texts: dict[str, str]
    cells: tuple[CodeCell, ...]

    def under(self, heading: str) -> list[CodeCell]:
        """Return the code cells under a heading."""
        return [cell for cell in self.cells if cell.heading == heading]


def read_project(content: bytes) -> Project:
    """Read a notebook's file.

    Raises
    ------
    Unreadable
        When it is no notebook, or too large.
    """
    headings: list[str] = []
    texts: dict[str, list[str]] = {}
    cells: list[CodeCell] = []
    heading = ""
    for raw in raw_cells(content):
        source = _joined(raw.get("source", raw.get("input", "")))
        if raw.get("cell_type") == "markdown":
            for found, text in _sections(source):
                if found is not None:
                    heading = found
                    headings.append(found)
                texts.setdefault(heading, []).append(text)
        elif raw.get("cell_type") == "code" and source.strip():
            cells.append(_code_cell(raw, source, len(cells) + 1, heading))
    joined = {name: "\n".join(found) for name, found in texts.items()}
    return Project(tuple(headings), joined, tuple(cells))


def _sections(source: str) -> Iterator[tuple[str | None, str]]:
    """Yield the text before the first heading of level 2, then each heading with its text.

    Line by line: a pattern that looks for headings can be made to take hours.
    """
    heading: str | None = None
    lines: list[str] = []
    fenced = False
    for line in source.split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if line.startswith("## ") and not fenced:
            yield heading, "\n".join(lines)
            heading, lines = _title(line[3:_LONGEST]), []
        else:
            lines.append(line)
    yield heading, "\n".join(lines)


def _title(words: str) -> str:
    """Return a heading without a number before it: "2. Data" is "Data"."""
    plain = words.strip(" #")
    rest = plain.lstrip("0123456789").lstrip(" .)·:-")
    return rest or plain


def _code_cell(raw: dict[str, Any], source: str, number: int, heading: str) -> CodeCell:
    count = raw.get("execution_count", raw.get("prompt_number"))
    found = raw.get("outputs")
    outputs = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    errors = [one for one in outputs if one.get("output_type") == "error"]
    bundles = [one["data"] for one in outputs if isinstance(one.get("data"), dict)]
    return CodeCell(
        number,
        heading,
        source,
        count if type(count) is int and count > 0 else None,
        str(errors[0].get("ename", "an error"))[:80] if errors else "",
        any(_has_picture(bundle) for bundle in bundles),
        tuple(record for bundle in bundles if (record := _record(bundle.get(MIME))) is not None),
    )


def _has_picture(bundle: dict[str, Any]) -> bool:
    if any(isinstance(mime, str) and mime.startswith("image/") for mime in bundle):
        return True
    return "<img" in _joined(bundle.get("text/html", ""))


def _record(said: Any) -> Record | None:
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        return None
    ran = said.get("ran")
    digests = [one for one in ran if isinstance(one, str)] if isinstance(ran, list) else []
    return Record(said["kind"], said, tuple(digests))


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
