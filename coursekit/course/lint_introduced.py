"""New Python and symbols are explained before they are used: `source/introduced.toml`.

A row names something, the pattern by which its use is found in code or in text, and stands below
the lesson that explains it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.course.lint_outputs import joined
from coursekit.course.lint_questions import Place


@dataclass(frozen=True)
class Introduced:
    """One row: what it is, how its use looks, which lesson explains it, and by which words."""

    name: str
    lesson: str
    code: re.Pattern[str] | None
    text: re.Pattern[str] | None
    says: str

    def used_in(self, cell: Any) -> bool:
        """Tell whether a cell uses it where a student sees it."""
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            return False
        pattern = self.code if cell["cell_type"] == "code" else self.text
        return bool(pattern and pattern.search(joined(cell["source"])))

    def explained_in(self, cell: Any) -> bool:
        """Tell whether a cell says what it is: in its text, or in a comment of its code."""
        text = joined(cell["source"])
        if cell["cell_type"] == "code":
            text = "\n".join(line.partition("#")[2] for line in text.splitlines())
        return self.says in " ".join(text.split())


def read_introduced(path: Path) -> list[Introduced]:
    """Read the table.

    Parameters
    ----------
    path : pathlib.Path
        A section for each lesson; in it ``name = {code = "...", text = "...", says = "..."}``:
        patterns of its use in code and in text, and the words that explain it (its name in
        backticks unless given).

    Returns
    -------
    list of Introduced

    Raises
    ------
    ValueError
        When a row has no pattern, an unknown key, or the same name as another.
    """
    rows: dict[str, Introduced] = {}
    for lesson, section in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for name, row in section.items():
            if not row.keys() <= {"code", "text", "says"} or not row.keys() & {"code", "text"}:
                raise ValueError(
                    f"{path}: {name!r} has the keys {sorted(row)}; give code or text, and says"
                )
            if name in rows:
                raise ValueError(
                    f"{path}: {name!r} stands in lessons {rows[name].lesson}, {lesson}"
                )
            code, text = (re.compile(row[k]) if k in row else None for k in ("code", "text"))
            rows[name] = Introduced(name, lesson, code, text, row.get("says", f"`{name}`"))
    return list(rows.values())


def introduced_problems(notebook: Any, table: Iterable[Introduced]) -> Iterator[Place]:
    """Yield what a lesson or an exercise uses before the course explains it.

    Parameters
    ----------
    notebook : dict
        A built notebook.
    table : iterable of Introduced
        What `read_introduced` returned.

    Yields
    ------
    tuple of str
        The cell, the rule, what is wrong, how to fix it.
    """
    course = notebook["metadata"]["coursekit"]
    for row in table:
        if row.lesson < course["lesson"] or (
            row.lesson == course["lesson"] and course["kind"] != "lesson"
        ):
            continue
        explained = False
        for cell in notebook["cells"]:
            if row.lesson == course["lesson"]:
                explained = explained or row.explained_in(cell)
            if row.used_in(cell) and not explained:
                where = f"lesson {row.lesson} explains it"
                if row.lesson == course["lesson"]:
                    where = f"{row.says!r} is not in the text before it"
                yield (
                    cell["id"],
                    "introduced",
                    f"{row.name!r} is used, and {where}",
                    "explain it in a line or two first, and keep source/introduced.toml right",
                )
                break
        else:
            if row.lesson == course["lesson"] and not explained:
                yield (
                    "",
                    "introduced",
                    f"the table says that this lesson explains {row.name!r}, and it does not",
                    "explain it, or keep source/introduced.toml right",
                )
