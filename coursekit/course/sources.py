"""Read a notebook's source, a percent script, and derive the notebooks from it.

One source of a lesson gives one notebook; one source of an exercise gives two: what students get,
and its solution. Nothing is executed here.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.course.folding import is_folded
from coursekit.course.store import LANGUAGE_INFO, from_dict
from coursekit.notebooks.open_answers import KEY as ANSWER
from coursekit.notebooks.reading import last_heading

FOLDERS = {"lesson": "lessons", "exercise": "exercises", "solution": "solutions"}
REQUIRED = {"lesson": ("lesson", "title", "topics", "minutes"), "exercise": ("lesson", "title")}
HEADER_KEYS = ("lesson", "title", "topics", "minutes", "datasets")
TAGS = ("reveal", "paper", "fold", "banded", "solution", "student", "nbval-ignore-output")
CELL_KEYS = ("tags", "reason", "allow", ANSWER)
UNWRITTEN = "raise NotImplementedError  # your code here"
MARKER = re.compile(r"^([ \t]*)### (solution|stub|end)[ \t]*$")


class SourceError(ValueError):
    """A source that cannot be built; the message begins with the file and the line."""


@dataclass(frozen=True)
class Cell:
    """One cell of a source: its kind, its text, its metadata and the line where it begins."""

    kind: str
    text: str
    line: int
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, ...]:
        """The cell's tags."""
        return tuple(self.metadata.get("tags", ()))


@dataclass(frozen=True)
class Source:
    """One percent script: where it is, whether lesson or exercise, its header and its cells."""

    path: Path
    kind: str
    header: dict[str, Any]
    cells: tuple[Cell, ...]

    @property
    def variants(self) -> tuple[str, ...]:
        """The notebooks that are made from this source."""
        return ("lesson",) if self.kind == "lesson" else ("exercise", "solution")

    def target(self, variant: str) -> Path:
        """Return where the notebook of this variant stands."""
        root = self.path.parents[2]
        return root / FOLDERS[variant] / f"{self.path.stem}.ipynb"


def find_sources(root: Path, numbers: Iterable[str] = ()) -> list[Source]:
    """Read every source below ``root/source``, or those of the numbers given.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.
    numbers : iterable of str, optional
        Lesson numbers such as ``"02"``; all when empty.

    Returns
    -------
    list of Source
        Lessons first, each group in order of its number.

    Raises
    ------
    SourceError
        When two sources of one kind have the same number, or a number has no source.
    """
    wanted = {number.zfill(2) for number in numbers}
    found: list[Source] = []
    for kind in ("lesson", "exercise"):
        seen: dict[str, Path] = {}
        for path in sorted((root / "source" / FOLDERS[kind]).glob("*.py")):
            number = path.stem[:2]
            if number in seen:
                raise SourceError(
                    f"{path}:1: {seen[number].name} has the number {number} too; renumber one"
                )
            seen[number] = path
            if not wanted or number in wanted:
                found.append(read_source(path))
    missing = wanted - {source.header["lesson"] for source in found}
    if missing:
        raise SourceError(f"{root / 'source'}:1: no source for {', '.join(sorted(missing))}")
    return found


def read_source(path: Path) -> Source:
    """Read one percent script and check its header and its cells.

    Parameters
    ----------
    path : pathlib.Path
        ``.../source/lessons/NN_name.py`` or ``.../source/exercises/NN_name.py``.

    Returns
    -------
    Source

    Raises
    ------
    SourceError
        With the file and the line, when a header key is missing or unknown, a cell has an
        unknown tag, a solution region is not closed, or the place of an answer is not clear.
    """
    import jupytext

    text = path.read_text(encoding="utf-8")
    kind = "lesson" if path.parent.name == "lessons" else "exercise"
    notebook = jupytext.reads(text, fmt="py:percent")
    header = _header(path, kind, notebook.metadata.get("coursekit"))
    starts = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# %%( |$)", line)]
    if len(starts) != len(notebook.cells):
        raise SourceError(
            f"{path}:{starts[0] if starts else 1}: {len(notebook.cells)} cells but {len(starts)} "
            "lines '# %%'; every cell begins with one, and nothing stands before the first"
        )
    cells = []
    for line, raw in zip(starts, notebook.cells, strict=True):
        metadata = {key: raw.metadata[key] for key in raw.metadata if key != "lines_to_next_cell"}
        cell = Cell(raw.cell_type, raw.source.strip("\n"), line, metadata)
        _check_cell(path, cell)
        cells.append(cell)
    for line, problem in _answer_problems(kind, cells):
        raise SourceError(f"{path}:{line}: {problem}")
    return Source(path.resolve(), kind, header, tuple(cells))


def _header(path: Path, kind: str, header: Any) -> dict[str, Any]:
    if not isinstance(header, dict):
        raise SourceError(f"{path}:1: the header has no 'coursekit' below 'jupyter'")
    for key in REQUIRED[kind]:
        if key not in header:
            raise SourceError(f"{path}:1: the header lacks the key {key!r}")
    for key in header:
        if key not in HEADER_KEYS:
            raise SourceError(
                f"{path}:1: unknown header key {key!r}; the keys are {', '.join(HEADER_KEYS)}"
            )
    if header["lesson"] != path.stem[:2]:
        raise SourceError(
            f"{path}:1: the header says lesson {header['lesson']!r} but the file's name begins "
            f'with {path.stem[:2]!r}; write the number in quotes, as in lesson: "02"'
        )
    return {"datasets": [], "topics": [], **header}


def _check_cell(path: Path, cell: Cell) -> None:
    at = f"{path}:{cell.line}"
    for key in cell.metadata:
        if key not in CELL_KEYS:
            raise SourceError(f"{at}: unknown cell metadata {key!r}; known: {', '.join(CELL_KEYS)}")
    for tag in cell.tags:
        if tag not in TAGS:
            raise SourceError(f"{at}: unknown tag {tag!r}; the tags are {', '.join(TAGS)}")
    if not cell.text.strip():
        raise SourceError(f"{at}: this cell is empty; remove it")
    if cell.kind == "code":
        for number, problem in _region_problems(cell.text):
            raise SourceError(f"{path}:{cell.line + number}: {problem}")


def _answer_problems(kind: str, cells: list[Cell]) -> Iterator[tuple[int, str]]:
    """Yield (line, problem) for cells that a person is to read and that cannot be told apart."""
    heading, sections = "", []
    for cell in cells:
        if cell.kind == "markdown" and ANSWER not in cell.metadata:
            heading = last_heading(cell.text) or heading
        sections.append(heading)
    seen: dict[tuple[str, str], Cell] = {}
    for cell, section in zip(cells, sections, strict=True):
        name = cell.metadata.get(ANSWER)
        if name is None:
            continue
        if kind != "exercise":
            yield cell.line, f"{ANSWER!r} marks a cell of an exercise"
        if not isinstance(name, str) or not name.isidentifier():
            yield cell.line, f'{ANSWER} is {name!r}; expected a name such as {ANSWER}="why_flip"'
        for variant in ("student", "solution"):
            if {"student", "solution"} & set(cell.tags) in (set(), {variant}):
                if (variant, section) in seen:
                    yield cell.line, f"there is an answer under {section!r} already; add a heading"
                seen[variant, section] = cell
    for other, section in zip(cells, sections, strict=True):
        written = ANSWER not in other.metadata and "### solution" in other.text
        if written and any(section == under for _, under in seen):
            yield other.line, f"{section!r} has an answer in words, too; add a heading"
    names = [
        sorted(str(cell.metadata[ANSWER]) for (variant, _), cell in seen.items() if variant == one)
        for one in ("student", "solution")
    ]
    if names[0] != names[1] or len(set(names[0])) < len(names[0]):
        line = min(cell.line for cell in seen.values())
        yield line, "each answer has one cell for students and one for the solution, of one name"


def _region_problems(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line within the cell, problem) for markers that do not pair up."""
    state, opened = "end", 0
    allowed = {"end": ("solution",), "solution": ("stub", "end"), "stub": ("end",)}
    for number, line in enumerate(text.splitlines(), 1):
        marker = MARKER.match(line)
        if not marker:
            continue
        if marker[2] not in allowed[state]:
            yield number, f"'### {marker[2]}' cannot follow '### {state}'"
        state, opened = marker[2], number
    if state != "end":
        yield opened, f"the region '### {state}' is not closed; add '### end'"


def split_regions(text: str, *, student: bool) -> str:
    r"""Return a cell's text with its solution regions resolved.

    Parameters
    ----------
    text : str
        The cell's text, with ``### solution``, perhaps ``### stub``, and ``### end``.
    student : bool
        True: what a student gets, the stub, or a raise where there is none. False: the solution.

    Returns
    -------
    str

    Examples
    --------
    >>> text = "def f(x):\n    ### solution\n    return x\n    ### end"
    >>> print(split_regions(text, student=False))
    def f(x):
        return x
    >>> print(split_regions(text, student=True))
    def f(x):
        raise NotImplementedError  # your code here
    """
    kept: list[str] = []
    state, has_stub = "end", False
    for line in text.splitlines():
        marker = MARKER.match(line)
        if not marker:
            if state == "end" or (state == "stub") == student:
                kept.append(line)
            continue
        if marker[2] == "solution":
            has_stub = False
        elif marker[2] == "stub":
            has_stub = True
        elif student and not has_stub:
            kept.append(marker[1] + UNWRITTEN)
        state = marker[2]
    return "\n".join(kept)


def make_notebook(source: Source, variant: str) -> Any:
    """Return the notebook of a variant, not yet executed.

    Parameters
    ----------
    source : Source
        What `read_source` returned.
    variant : {"lesson", "exercise", "solution"}
        One of ``source.variants``.

    Returns
    -------
    nbformat.NotebookNode
        With ids made from the place of a cell in its source, so that an exercise and its
        solution give the same id to the same cell.

    Raises
    ------
    ValueError
        When the source has no such variant.
    """
    if variant not in source.variants:
        raise ValueError(f"variant is {variant!r}; {source.path.name} has {source.variants}")
    dropped = {"exercise": "solution", "solution": "student"}.get(variant)
    cells = []
    for index, cell in enumerate(source.cells):
        if dropped in cell.tags:
            continue
        metadata = dict(cell.metadata)
        metadata["tags"] = [tag for tag in cell.tags if tag not in ("solution", "student")]
        if not metadata["tags"]:
            del metadata["tags"]
        new: dict[str, Any] = {
            "id": f"{source.header['lesson']}-{source.kind}-{index:02d}",
            "cell_type": cell.kind,
            "metadata": metadata,
            "source": cell.text,
        }
        if cell.kind == "markdown" and cell.text.startswith("### Optional:"):
            metadata["jp-MarkdownHeadingCollapsed"] = True  # JupyterLab folds what is below
        if cell.kind == "code":
            new["source"] = split_regions(cell.text, student=variant == "exercise")
            new.update(execution_count=None, outputs=[])
            if is_folded(cell.text, cell.tags):
                metadata["jupyter"] = {"source_hidden": True}
        cells.append(new)
    course = {
        **source.header,
        "kind": variant,
        "source": source.path.relative_to(source.path.parents[2]).as_posix(),
    }
    return from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": copy.deepcopy(LANGUAGE_INFO),
                "coursekit": course,
            },
            "cells": cells,
        }
    )
