"""Questions of a lesson or an exercise: answered, and not before the student has committed.

Every rule yields (cell, rule, what is wrong, how to fix it).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from coursekit.course.lint_outputs import joined
from coursekit.course.lint_parts import sections_of

Place = tuple[str, str, str, str]

WITHHELD = {"paper", "reveal"}
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
UNFOLDED = re.compile(r"^\s*(?:```.*?^\s*```|[>|#].*?$)", re.DOTALL | re.MULTILINE)
PENCIL = re.compile(
    r"\bpencil\b|\bon paper\b|\bin your head\b|\bwrite (?:it|them|your \w+) down\b|\bfill in\b"
    r"|\bbefore you (?:run|look)\b",
    re.IGNORECASE,
)
TASK = re.compile(r"^\d+\. ", re.MULTILINE)
OPEN = re.compile(r"\?[*_)\"'\s]*$")
ASIDE = ("Quiz", "Recap", "Words", "Further reading")


def calls_of(cell: Any, name: str) -> list[ast.Call]:
    """Return the calls of a function by its bare name that stand at the top of a code cell.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "quiz('01-a', 'q', [])"}
    >>> len(calls_of(cell, "quiz")), len(calls_of(cell, "predict"))
    (1, 0)
    """
    if cell["cell_type"] != "code":
        return []
    try:
        body = ast.parse(joined(cell["source"])).body
    except SyntaxError:  # a magic
        return []
    return [
        node.value
        for node in body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == name
    ]


def name_in(call: ast.Call) -> str:
    """Return the first argument of a call, where it is a text; "" otherwise."""
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def tags_of(cell: Any) -> set[str]:
    """Return a cell's tags."""
    return set(cell["metadata"].get("tags", ()))


def question_problems(notebook: Any) -> Iterator[Place]:
    """Yield what is wrong with the questions of a lesson or an exercise.

    Parameters
    ----------
    notebook : dict
        A built notebook.

    Yields
    ------
    tuple of str
        The cell, the rule, what is wrong, how to fix it.
    """
    cells = notebook["cells"]
    course = notebook["metadata"]["coursekit"]
    yield from _predictions(cells, course["lesson"])
    aside = {id(cell) for name, part in sections_of(cells) if name in ASIDE for cell in part}
    for number, cell in enumerate(cells):
        if number and cell["cell_type"] == "markdown" and id(cell) not in aside:
            yield from _asked(cell, cells[number + 1 :], pencil=course["kind"] == "lesson")
        yield from _answer_in_sight(cell)
    for name, part in sections_of(cells):
        if name == "Play":
            yield from _tasks(part)


def _predictions(cells: list[Any], lesson: str) -> Iterator[Place]:
    asked: dict[str, str] = {}
    for cell in cells:
        for call in calls_of(cell, "predict") + calls_of(cell, "quiz"):
            if not name_in(call).startswith(f"{lesson}-"):
                yield (
                    cell["id"],
                    "predict",
                    f"the question is called {name_in(call)!r}",
                    f"begin with '{lesson}-'",
                )
        answered = {name_in(call) for call in calls_of(cell, "reveal")}
        for name in answered - asked.keys():
            yield cell["id"], "predict", f"reveal({name!r}) has no predict before it", "ask first"
        if answered and "reveal" not in tags_of(cell):
            yield cell["id"], "reveal", "an answer stands in the open", 'tag the cell "reveal"'
        for name in answered:
            asked.pop(name, None)
        asked |= {name_in(call): cell["id"] for call in calls_of(cell, "predict")}
        asks = calls_of(cell, "predict") or calls_of(cell, "quiz")
        if asked and cell.get("outputs") and not asks and not tags_of(cell) & WITHHELD:
            yield (
                cell["id"],
                "reveal",
                f"its output is seen before {', '.join(map(repr, asked))} is answered",
                'tag it "paper" or "reveal", or move it before the prediction',
            )
    for name, cell_id in asked.items():
        yield cell_id, "predict", f"no reveal({name!r}) follows", "answer the prediction"


def _asked(cell: Any, after: list[Any], *, pencil: bool) -> Iterator[Place]:
    """Yield what a text asks that is neither withheld nor answered, folded, below it."""
    text = joined(cell["source"])
    said = UNFOLDED.sub("", FOLDED.sub("", text))
    code = list(takewhile(lambda other: other["cell_type"] == "code", after))
    withheld = any(tags_of(other) & WITHHELD or calls_of(other, "predict") for other in code)
    follows = after[len(code)] if len(after) > len(code) else None
    folded_below = bool(follows and joined(follows["source"]).lstrip().startswith("<details>"))
    answered = "<details>" in text or folded_below or withheld
    if pencil and (found := PENCIL.search(said)):
        if not answered:
            yield (
                cell["id"],
                "paper",
                f"{found[0]!r}: the student is to work something out, and the answer is in sight",
                'tag the cell that shows it "paper", or fold the answer into <details>',
            )
        return
    blocks = [block.strip() for block in re.split(r"\n\s*\n|\n(?=\d+\. |- )", said)]
    blocks = [block for block in blocks if block]
    open_blocks = [block for block in blocks[-1:] if OPEN.search(block)]
    open_blocks += [block for block in blocks if re.match(r"\d+\. ", block) and OPEN.search(block)]
    if open_blocks and not answered:
        words = " ".join(open_blocks[0].split())[-60:]
        yield (
            cell["id"],
            "question",
            f"the question {words!r} has no answer",
            'fold one below it into <details>, or tag the cell that answers it "paper"',
        )


def _tasks(part: list[Any]) -> Iterator[Place]:
    """Yield where Play has other answers than tasks."""
    text = "\n\n".join(joined(c["source"]) for c in part if c["cell_type"] == "markdown")
    tasks = len(TASK.findall(FOLDED.sub("", text)))
    answers = sum(len(TASK.findall(folded)) for folded in FOLDED.findall(text))
    if not tasks or tasks != answers:
        yield (
            part[0]["id"],
            "play",
            f"{tasks} numbered tasks and {answers} numbered answers in <details>",
            "give each task an answer with its number",
        )


def _answer_in_sight(cell: Any) -> Iterator[Place]:
    """Yield a cell that a student is to fill in and that holds what is right."""
    if cell["cell_type"] != "code" or cell["metadata"].get("jupyter", {}).get("source_hidden"):
        return
    text = joined(cell["source"])
    if re.search(r"^\w+ = None\b", text, re.MULTILINE) and re.search(r"[^=!<>]==[^=]", text):
        yield (
            cell["id"],
            "by-hand",
            "the cell that is to be filled in holds what is right",
            'compare in a cell of its own, tagged "fold"',
        )
