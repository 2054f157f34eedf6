"""The parts of a lesson and of an exercise: which there must be, in which order, with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from coursekit.course.lint_outputs import Problem, joined

PARTS = (
    "See it",
    "Predict",
    "By hand",
    "From scratch",
    "In the framework",
    "Play",
    "A mistake people make",
    "Your turn",
    "Quiz",
    "Recap",
    "Words",
    "Further reading",
)
OPTIONAL = ("From scratch", "In the framework", "Play", "Your turn")
ALIVE = ("See it", "Predict", "By hand", "A mistake people make", "Quiz")
CHECK = re.compile(r"\bcheck\(")


def part_problems(notebook: Any) -> Iterator[Problem]:
    """Yield what is wrong with the parts of a lesson, an exercise or a solution.

    Parameters
    ----------
    notebook : dict
        A built notebook.

    Yields
    ------
    tuple of str
        Rule, what is wrong, what to do.
    """
    course = notebook["metadata"]["coursekit"]
    head = f"# {course['lesson']} · {course['title']}"
    first = notebook["cells"][0] if notebook["cells"] else {"cell_type": "none", "source": ""}
    lines = joined(first["source"]).splitlines() or [""]
    if first["cell_type"] != "markdown" or lines[0].strip() != head:
        yield "head", f"the notebook begins with {lines[0]!r}", f"begin with {head!r}"
    if course["kind"] == "lesson":
        yield from _lesson_problems(notebook)
    elif not any(
        cell["cell_type"] == "code" and CHECK.search(joined(cell["source"]))
        for cell in notebook["cells"]
    ):
        yield "check", "no cell calls check(...)", "check what the student writes"


def _lesson_problems(notebook: Any) -> Iterator[Problem]:
    sections = list(sections_of(notebook["cells"]))
    names = [name for name, _ in sections]
    for name in PARTS:
        if name not in names and name not in OPTIONAL:
            yield "part", f"the part '## {name}' is missing", "write it"
    for name in names:
        if name not in PARTS:
            yield "part", f"'## {name}' is no part of a lesson", f"parts: {', '.join(PARTS)}"
    known = [name for name in names if name in PARTS]
    if known != sorted(set(known), key=PARTS.index):
        yield "part", f"the parts come as {', '.join(known)}", f"the order is {', '.join(PARTS)}"
    for name, cells in sections:
        if name in ALIVE and not any(
            cell["cell_type"] == "code" and cell["execution_count"] and cell["outputs"]
            for cell in cells
        ):
            yield (
                "part",
                f"'## {name}' holds neither a cell with an output nor a widget",
                "show it by a cell that runs",
            )


def sections_of(cells: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each level-2 heading, without its subtitle, and the cells from there to the next.

    Parameters
    ----------
    cells : list of dict
        A notebook's cells.

    Yields
    ------
    tuple of str and list of dict

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "source": "## See it: a ship"}
    >>> [(name, len(cells)) for name, cells in sections_of([cell, cell])]
    [('See it', 1), ('See it', 1)]
    """
    name: str | None = None
    held: list[Any] = []
    for cell in cells:
        for heading in headings(joined(cell["source"])) if cell["cell_type"] == "markdown" else ():
            if name is not None:
                yield name, held
            name, held = heading.split(":")[0].strip(), []
        held.append(cell)
    if name is not None:
        yield name, held


def headings(text: str) -> Iterator[str]:
    """Yield the level-2 headings of a Markdown text, code blocks apart.

    Parameters
    ----------
    text : str
        Markdown.

    Yields
    ------
    str
    """
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif line.startswith("## ") and not fenced:
            yield line[3:]
