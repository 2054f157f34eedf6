"""Questions that a person reads: answered in words, or by a figure.

A cell of an exercise whose metadata has ``answer`` is the place for such an answer; the text above
it, under a heading of its own, is the question.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursekit.notebooks.reading import last_heading, raw_cells

KEY = "answer"  # in the metadata of a cell: the name of the question
MOST_TEXT = 20_000  # characters of one answer that are kept


@dataclass(frozen=True)
class OpenQuestion:
    """A question as it was handed out.

    Attributes
    ----------
    name, title
        As in ``coursekit mark ... --part NAME``, and as the heading above it.
    figure
        True where the answer is a code cell's figure, False where it is text.
    points
        What it is worth; nothing unless an instructor says so.
    id, source, lines, pictures
        The cell's id and source, the lines of text under the heading, and the pictures there.
    """

    name: str
    title: str
    figure: bool
    points: float = 0.0
    id: str = field(default="", repr=False)
    source: str = field(default="", repr=False)
    lines: frozenset[str] = field(default=frozenset(), repr=False)
    pictures: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class OpenAnswer:
    """What one student has given: text, with how much of it is left out, or figures."""

    name: str
    title: str
    text: str
    left_out: int = 0
    figures: int = 0

    def as_entry(self) -> dict[str, Any]:
        """Return what ``results.json`` has of it."""
        return {
            "name": self.name,
            "title": self.title,
            "text": self.text,
            "left_out": self.left_out,
            "figures": self.figures,
        }


def open_questions(content: bytes) -> tuple[OpenQuestion, ...]:
    """Return the questions of a notebook that a person reads.

    Raises
    ------
    Unreadable
        As `read_notebook`.

    Examples
    --------
    >>> whole = b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "## Why?"},'
    >>> whole += b'{"cell_type": "markdown", "metadata": {"answer": "why"}, "source": "Here."}]}'
    >>> open_questions(whole)
    (OpenQuestion(name='why', title='Why?', figure=False, points=0.0),)
    """
    cells = list(_placed(content))
    found: dict[str, OpenQuestion] = {}
    for heading, cell in cells:
        name = answer_name(cell)
        if name:
            text = (c for under, c in cells if under == heading and c.get("cell_type") != "code")
            found[name] = OpenQuestion(
                name,
                heading,
                cell.get("cell_type") == "code",
                id=_id(cell),
                source=_source(cell).strip(),
                lines=frozenset(line.strip() for c in text for line in _source(c).splitlines()),
                pictures=frozenset(_pictures(cell)),
            )
    return tuple(found.values())


def open_answers(content: bytes, questions: Sequence[OpenQuestion]) -> tuple[OpenAnswer, ...]:
    """Return what a notebook has in answer to questions; those left as handed out have none.

    Raises
    ------
    Unreadable
        As `read_notebook`.

    Examples
    --------
    >>> released = b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "## Why?"},'
    >>> released += b'{"cell_type": "markdown", "metadata": {"answer": "why"}, "source": "Here."}]}'
    >>> questions = open_questions(released)
    >>> open_answers(released, questions)
    ()
    >>> open_answers(released.replace(b"Here.", b"Because."), questions)[0].text
    'Because.'
    """
    if not questions:
        return ()
    cells = list(_placed(content))
    found = (_figure(cells, one) if one.figure else _text(cells, one) for one in questions)
    return tuple(answer for answer in found if answer is not None)


def _text(cells: Iterable[tuple[str, dict[str, Any]]], asked: OpenQuestion) -> OpenAnswer | None:
    """Return the text in the cell for it, else what was written elsewhere under its heading."""
    mine = _cells_for(cells, asked)
    near = [c for heading, c in cells if heading == asked.title and c.get("cell_type") != "code"]
    for several in (mine, near):
        texts = (_own(_source(cell), asked.lines) for cell in several)
        text = "\n\n".join(text for text in texts if text)
        if text:
            left_out = max(0, len(text) - MOST_TEXT)
            return OpenAnswer(asked.name, asked.title, text[:MOST_TEXT], left_out)
    return None


def _figure(cells: Iterable[tuple[str, dict[str, Any]]], asked: OpenQuestion) -> OpenAnswer | None:
    """Return how many figures the cell for it shows; None where it is as handed out."""
    mine = _cells_for(cells, asked)
    pictures = [picture for cell in mine for picture in _pictures(cell)]
    written = any(_source(cell).strip() not in ("", asked.source) for cell in mine)
    if not written and set(pictures) <= asked.pictures:
        return None
    return OpenAnswer(asked.name, asked.title, "", figures=len(pictures))


def _cells_for(
    cells: Iterable[tuple[str, dict[str, Any]]], asked: OpenQuestion
) -> list[dict[str, Any]]:
    named = [cell for _, cell in cells if answer_name(cell) == asked.name]
    return named or [cell for _, cell in cells if asked.id and _id(cell) == asked.id]


def _placed(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each cell with the heading that it stands under; an answer's own headings are text."""
    heading = ""
    for cell in raw_cells(content):
        if cell.get("cell_type") != "code" and not answer_name(cell):
            heading = last_heading(_source(cell)) or heading
        yield heading, cell


def _own(source: str, handed_out: frozenset[str]) -> str:
    """Return the lines of a text that were not handed out."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in handed_out).strip()


def answer_name(cell: dict[str, Any]) -> str:
    """Return to which question a cell is the answer, "" for any other cell."""
    metadata = cell.get("metadata")
    name = metadata.get(KEY) if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


def _id(cell: dict[str, Any]) -> str:
    found = cell.get("id")
    return found if isinstance(found, str) else ""


def _source(cell: dict[str, Any]) -> str:
    return _joined(cell.get("source", cell.get("input", "")))


def _joined(text: Any) -> str:
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    return text.replace("\r\n", "\n") if isinstance(text, str) else ""


def _pictures(cell: dict[str, Any]) -> Iterator[str]:
    """Give what a code cell shows as pictures: PNG or WebP, also within the course's own HTML."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        for kind, value in data.items() if isinstance(data, dict) else ():
            text = _joined(value)
            if kind in ("image/png", "image/webp") or (
                kind == "text/html" and "data:image/" in text
            ):
                yield text
                break
