"""What a file is: an exercise of the set, a lesson, another set's; decided by what it says."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import GradingSet
from coursekit.notebooks.cell_facts import cell_facts
from coursekit.notebooks.reading import Unreadable, read_notebook

UNREAD, OTHER, STRANGE, UNTOUCHED, WORKED = range(5)  # the larger the likelier to be meant
_PERCENT = re.compile(r"^# (?:%%|In ?\[)[^\n]*$", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """What a file is: its rank among the files of a student, and words for a person."""

    rank: int
    words: str


def kind_of(content: bytes, asked: GradingSet) -> Kind:
    """Return what a file is to a set: its metadata decide, then its cells.

    Parameters
    ----------
    content
        The file.
    asked
        The set.

    Examples
    --------
    >>> from coursekit.grading.reading.grading_set import grading_set
    >>> kind_of(b"no notebook", grading_set("03_convolution_2d"))
    Kind(rank=0, words='no notebook: it is not JSON')
    """
    try:
        notebook = read_notebook(content)
    except Unreadable as problem:
        return Kind(UNREAD, _unread(problem))
    if notebook.kind == "lesson":
        return Kind(OTHER, f"the lesson {printable(notebook.source)}, not an exercise")
    if notebook.source and notebook.source != asked.name:
        return Kind(OTHER, f"the exercise {printable(notebook.source)}")
    released = {cell.id: cell.source.strip() for cell in asked.released if cell.id}
    shared = [cell for cell in notebook.cells if cell.id in released]
    names = {exercise.name for exercise in asked.exercises}
    if notebook.source or shared:
        if all(released.get(cell.id) == cell.source.strip() for cell in notebook.cells):
            return Kind(UNTOUCHED, f"{asked.name} as it was released")
        return Kind(WORKED, asked.name)
    if asked.by_hand:
        return Kind(WORKED, f"a notebook of the student's own for {asked.name}")
    if any(cell_facts(cell.source).gives & names for cell in notebook.cells):
        return Kind(WORKED, f"a notebook of the student's own with functions of {asked.name}")
    return Kind(STRANGE, f"a notebook without any function of {asked.name}")


def _unread(problem: Unreadable) -> str:
    return (
        "no notebook: it is not JSON"
        if problem.event.code == "not_json"
        else (f"cannot be read: {problem.event.detail}")
    )


@lru_cache(maxsize=64)
def as_notebook(script: bytes) -> bytes:
    r"""Return a Python script as a notebook, a cell for each ``# %%`` or ``# In[1]:``.

    Examples
    --------
    >>> whole = json.loads(as_notebook(b"import numpy\n# %%\nx = 1\n"))
    >>> [cell["source"] for cell in whole["cells"]]
    ['import numpy\n', '\nx = 1\n']
    """
    text = script.decode("utf-8-sig", "replace")
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        for source in _PERCENT.split(text)
        if source.strip()
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()
