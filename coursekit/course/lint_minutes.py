"""How long a lesson takes, estimated, against what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursekit.course.lint_outputs import joined
from coursekit.course.lint_parts import optional_cells, sections_of
from coursekit.course.lint_questions import FOLDED, TASK, Place, calls_of, tags_of

WORDS_A_MINUTE = 150
LONGEST = 60
# Minutes, found by timing people who worked through three lessons.
A_CELL, A_LINE, A_QUESTION, A_PENCIL, A_TASK = 0.5, 1 / 12, 1.5, 4.0, 3.0
LOOKED_UP = ("Words", "Further reading")


def estimated_minutes(notebook: Any) -> float:
    """Estimate how long a student works on a lesson, without its optional and folded parts.

    150 words a minute, folded answers and the lists at the end left out; half a minute and five
    seconds a line for a cell whose code is seen; 1.5 minutes a question besides reading it, 4 for
    each cell that a pencil comes before, 3 for a task under Play.

    Parameters
    ----------
    notebook : dict
        A built lesson.

    Returns
    -------
    float
    """
    optional = optional_cells(notebook["cells"])
    skippable = {id(c) for c, skip in zip(notebook["cells"], optional, strict=True) if skip}
    left_out = {
        id(c) for name, part in sections_of(notebook["cells"]) if name in LOOKED_UP for c in part
    }
    minutes = 0.0
    for cell, skipped in zip(notebook["cells"], optional, strict=True):
        if skipped or id(cell) in left_out:
            continue
        text = FOLDED.sub("", joined(cell["source"]))
        questions = len(calls_of(cell, "quiz") + calls_of(cell, "predict"))
        if cell["cell_type"] == "markdown" or questions:
            minutes += len(text.split()) / WORDS_A_MINUTE
        if cell["cell_type"] == "markdown":
            continue
        if questions:
            minutes += A_QUESTION * questions
        elif not cell["metadata"].get("jupyter", {}).get("source_hidden"):
            minutes += A_CELL + A_LINE * len([line for line in text.splitlines() if line.strip()])
        if "paper" in tags_of(cell):
            minutes += A_PENCIL
    for name, part in sections_of(notebook["cells"]):
        if name == "Play":
            texts = [c for c in part if c["cell_type"] == "markdown" and id(c) not in skippable]
            said = "\n".join(joined(c["source"]) for c in texts)
            minutes += A_TASK * len(TASK.findall(FOLDED.sub("", said)))
    return minutes


def minute_problems(notebook: Any) -> Iterator[Place]:
    """Yield what is wrong with the time a lesson says it takes.

    Parameters
    ----------
    notebook : dict
        A built lesson.

    Yields
    ------
    tuple of str
        The cell (none), the rule, what is wrong, how to fix it.
    """
    stated = notebook["metadata"]["coursekit"]["minutes"]
    found = estimated_minutes(notebook)
    first = joined(notebook["cells"][0]["source"])
    if f"about {stated} minutes" not in first:
        yield "", "minutes", f"the head does not say 'about {stated} minutes'", "say it"
    if stated > LONGEST or found > LONGEST + 2:
        what = f"{stated} minutes stated, {found:.0f} estimated; at most {LONGEST}"
        yield "", "minutes", what, "move a part under '### Optional: ...', or leave it out"
    elif abs(found - stated) > max(5, 0.12 * stated):
        yield (
            "",
            "minutes",
            f"{stated} minutes stated, {found:.0f} estimated",
            "state what it takes",
        )
