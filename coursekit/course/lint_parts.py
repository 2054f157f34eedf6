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
CHECK = re.compile(r"\b(?:check|claim)\(")  # a project claims, in place of functions to check
APPENDIX = "90"  # from this number on a notebook is an appendix: no parts, no quiz, no exercise
DECK = re.compile(r"\bdecks?\b", re.IGNORECASE)
HEADING = re.compile(r"^(#{2,6}) (.*)", re.MULTILINE)
SLIP = "Find the slip"


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
    if course["kind"] == "lesson" and course["lesson"] < APPENDIX:
        yield from _lesson_problems(notebook)
    elif course["kind"] == "lesson":
        return
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


def optional_cells(cells: list[Any]) -> list[bool]:
    """Tell of each cell whether it stands under a heading "### Optional: ...".

    Such a part ends with the next heading of its level or above. The build folds it.

    Parameters
    ----------
    cells : list of dict
        A notebook's cells.

    Returns
    -------
    list of bool

    Examples
    --------
    >>> texts = ["## A", "### Optional: b", "c", "#### d", "### E"]
    >>> optional_cells([{"cell_type": "markdown", "source": text} for text in texts])
    [False, True, True, True, False]
    """
    found = []
    inside = False
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for marks, words in HEADING.findall(joined(cell["source"])):
                if len(marks) <= 3:
                    inside = len(marks) == 3 and words.startswith("Optional:")
        found.append(inside)
    return found


def deck_problems(notebook: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield where the decks are named: at most once under "Find the slip", and in the closing note.

    Students do not have the decks; what is needed of them is quoted.

    Parameters
    ----------
    notebook : dict
        A built notebook.

    Yields
    ------
    tuple of str
        The cell, the rule, what is wrong, how to fix it.
    """
    course = notebook["metadata"]["coursekit"]
    if course["lesson"] >= APPENDIX:
        return
    part, at = "", (0, 0)  # the last heading so far, and its place
    slips = set()  # places of headings under which a deck is named
    for number, cell in enumerate(notebook["cells"]):
        text = joined(cell["source"])
        markdown = cell["cell_type"] == "markdown"
        places = [(m.start(), m[2]) for m in HEADING.finditer(text)] if markdown else []
        for found in DECK.finditer(text):
            before = [(at, words) for at, words in places if at < found.start()]
            if before:
                part, at = before[-1][1], (number, before[-1][0])
            if part.startswith("Further reading"):
                continue
            if part.startswith(SLIP):
                slips.add(at)
            if not part.startswith(SLIP) or len(slips) > 1:
                around = " ".join(text[max(0, found.start() - 20) : found.end() + 20].split())
                yield (
                    cell["id"],
                    "deck",
                    f"{around!r} names a deck",
                    f"quote what is needed; name a deck under one '### {SLIP}' and in the "
                    "closing note alone",
                )
                break
        if places:
            part, at = places[-1][1], (number, places[-1][0])
