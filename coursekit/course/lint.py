"""The structural lint of built notebooks: ``python -m coursekit.course.lint [notebook ...]``.

Comparing outputs proves nothing about a notebook whose outputs have been deleted, and nothing
about one whose outputs hold on a single machine only. This lint sees both, and what a lesson must
have besides. It works on plain dictionaries and runs nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.course.environment import project_root
from coursekit.course.execute import describe
from coursekit.course.lint_introduced import Introduced, introduced_problems, read_introduced
from coursekit.course.lint_minutes import minute_problems
from coursekit.course.lint_outputs import Problem, banded_problems, joined, output_problems
from coursekit.course.lint_parts import APPENDIX, deck_problems, part_problems
from coursekit.course.lint_questions import Place, question_problems
from coursekit.course.lint_quizzes import guessing_problems, questions_of, quiz_problems
from coursekit.course.lint_words import word_problems
from coursekit.course.sources import FOLDERS
from coursekit.course.store import LANGUAGE_INFO
from coursekit.course.topics import read_topics

LARGEST = 1_000_000  # bytes
EXCUSABLE = ("date", "timing")
IGNORING = ("nbval-ignore-output", "pytest-validate-ignore-output")
UNTESTED = ("nbval-skip", "raises-exception", "nbval-raises-exception")
COMMENT = re.compile(r"^\s*#+\s*(?:NBVAL_|PYTEST_VALIDATE_)\w+", re.MULTILINE)
IMAGE = re.compile(r"!\[([^\]]*)\]\(")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, against which rule, and how to fix it."""

    file: str
    cell: str
    rule: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        place = f"{self.file}, cell {self.cell}" if self.cell else self.file
        return f"{place}: [{self.rule}] {self.what}; {self.fix}"


def lint_notebook(notebook: Any, file: str, topics: Collection[str]) -> list[Finding]:
    """Return everything that is wrong with a built notebook but its teaching.

    Parameters
    ----------
    notebook : dict
        The notebook as its file holds it.
    file : str
        The name to report.
    topics : collection of str
        The topics that exist, such as ``"T026"``.

    Returns
    -------
    list of Finding
        Empty when all is well.

    Examples
    --------
    >>> notebook = {"metadata": {}, "cells": []}
    >>> print(lint_notebook(notebook, "02.ipynb", topics=[])[0])
    02.ipynb: [metadata] the notebook has no metadata.coursekit; build it from its source
    """
    if "coursekit" not in notebook["metadata"]:
        what = "the notebook has no metadata.coursekit"
        return [Finding(file, "", "metadata", what, "build it from its source")]
    found = [Finding(file, "", *problem) for problem in _notebook_problems(notebook, topics)]
    executed = 0
    for cell in notebook["cells"]:
        problems = list(_cell_problems(cell))
        if cell["cell_type"] == "code":
            executed += 1
            problems += _code_problems(cell, executed)
        found += [Finding(file, cell.get("id", "?"), *problem) for problem in problems]
    return found


def teaching_problems(notebook: Any, introduced: Iterable[Introduced]) -> Iterator[Place]:
    """Yield what makes a lesson or an exercise teach less than it could.

    Parameters
    ----------
    notebook : dict
        A built notebook.
    introduced : iterable of Introduced
        Where Python and symbols are explained.

    Yields
    ------
    tuple of str
        The cell, the rule, what is wrong, how to fix it.
    """
    course = notebook["metadata"]["coursekit"]
    yield from deck_problems(notebook)
    yield from question_problems(notebook)
    if course["kind"] == "solution" or course["lesson"] >= APPENDIX:
        return
    yield from introduced_problems(notebook, introduced)
    if course["kind"] == "lesson":
        yield from quiz_problems(notebook)
        yield from minute_problems(notebook)
        yield from word_problems(notebook)


def _notebook_problems(notebook: Any, topics: Collection[str]) -> Iterator[Problem]:
    metadata = notebook["metadata"]
    course = metadata["coursekit"]
    for topic in course["topics"]:
        if topic not in topics:
            yield "topic", f"unknown topic {topic}", "the topics are in source/topics.toml"
    if "widgets" in metadata:
        yield "widget-state", "widgets' state is stored", "build without it"
    if metadata.get("language_info") != LANGUAGE_INFO:
        yield (
            "metadata",
            "language_info names a version or lacks a part",
            "build it from its source",
        )
    kind = "lesson" if course["kind"] == "lesson" else "exercise"
    pattern = re.compile(rf"{course['lesson']}-{kind}-\d\d+")
    ids = [cell.get("id", "") for cell in notebook["cells"]]
    if len(set(ids)) != len(ids) or not all(map(pattern.fullmatch, ids)):
        yield "id", "cell ids are random or occur twice", "build it from its source"
    yield from part_problems(notebook)


def _cell_problems(cell: Any) -> Iterator[Problem]:
    metadata = cell["metadata"]
    tags = metadata.get("tags", [])
    allowed = metadata.get("allow", [])
    for tag in tags:
        if tag in UNTESTED:
            yield "skip", f"the tag {tag!r} takes the cell out of the tests", "remove it"
    if any(tag in IGNORING for tag in tags) and not str(metadata.get("reason", "")).strip():
        yield "reason", "the output is not compared, and no reason is given", 'add reason="..."'
    for rule in allowed:
        if rule not in EXCUSABLE:
            yield "reason", f"allow={rule!r}", f"only {', '.join(EXCUSABLE)} can be allowed"
    if allowed and not str(metadata.get("reason", "")).strip():
        yield "reason", f"{allowed} allowed without a reason", 'add reason="..."'
    if cell["cell_type"] == "markdown":
        for words in IMAGE.findall(joined(cell["source"])):
            if not words.strip():
                yield "alt", "a picture in the text has no alt text", "write ![what it shows](...)"


def _code_problems(cell: Any, number: int) -> Iterator[Problem]:
    if cell["execution_count"] != number:
        what = f"execution count {cell['execution_count']}, expected {number}"
        yield "count", what, "build it from its source"
    record = cell["metadata"].get("coursekit", {}).get("outputs")
    present = [describe(output) for output in cell["outputs"]]
    if record is None:
        yield "stripped", "no record of the outputs that the build stored", "build it again"
    elif record != present:
        what = f"the build stored {record}, the file holds {present}"
        yield "stripped", what, "build it again"
    for output in cell["outputs"]:
        if output.get("execution_count", number) != number:
            yield "count", "an output has another count than its cell", "build it again"
    if "execution" in cell["metadata"]:
        yield "timing", "the clock is stored in the cell's metadata", "build it from its source"
    if marker := COMMENT.search(joined(cell["source"])):
        yield "skip", f"the comment {marker[0].strip()!r}", "use a tag with a reason"
    allowed = cell["metadata"].get("allow", [])
    for output in cell["outputs"]:
        for problem in output_problems(output):
            if problem[0] not in allowed:
                yield problem
        if "banded" in cell["metadata"].get("tags", []):
            yield from banded_problems(output)


def lint_file(
    path: Path, topics: Collection[str], introduced: Iterable[Introduced] = ()
) -> list[Finding]:
    """Return everything that is wrong with a notebook file.

    Parameters
    ----------
    path : pathlib.Path
        A built notebook.
    topics : collection of str
        The topics that exist.
    introduced : iterable of Introduced, optional
        Where Python and symbols are explained.

    Returns
    -------
    list of Finding
    """
    content = path.read_bytes()
    name = f"{path.parent.name}/{path.name}"
    notebook = json.loads(content)
    found = lint_notebook(notebook, name, topics)
    if "coursekit" in notebook["metadata"]:
        found += [Finding(name, *place) for place in teaching_problems(notebook, introduced)]
    if len(content) > LARGEST:
        what = f"{len(content)} bytes, at most {LARGEST}"
        found.append(Finding(name, "", "size", what, "make its pictures smaller or fewer"))
    return found


def lint_project(root: Path) -> list[Finding]:
    """Return everything that is wrong with the notebooks of a project, one by one and together.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.

    Returns
    -------
    list of Finding
    """
    topics, introduced = read_tables(root)
    found = []
    questions = []
    for folder in FOLDERS.values():
        for path in sorted((root / folder).glob("*.ipynb")):
            found += lint_file(path, topics, introduced)
            if folder == FOLDERS["lesson"]:
                notebook = json.loads(path.read_bytes())
                questions += [question for _, question in questions_of(notebook)]
    fix = "make some wrong options longer or shorter, or give a question another id"
    return found + [
        Finding(FOLDERS["lesson"], "", "guess", sentence, fix)
        for sentence in guessing_problems(questions)
    ]


def read_tables(root: Path) -> tuple[Collection[str], list[Introduced]]:
    """Read the topics, and where Python and symbols are explained.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project; a table that is not there is empty.

    Returns
    -------
    tuple of collection of str and list of Introduced
    """
    topics, introduced = (root / "source" / name for name in ("topics.toml", "introduced.toml"))
    return (
        read_topics(topics) if topics.is_file() else {},
        read_introduced(introduced) if introduced.is_file() else [],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; from ``sys.argv`` when not given.

    Returns
    -------
    int
        0 when nothing was found, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python -m coursekit.course.lint", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of the project")
    root = project_root()
    paths = parser.parse_args(arguments).notebooks
    if paths:
        found = [
            finding
            for path in paths
            for finding in lint_file(path, *read_tables(path.resolve().parents[1]))
        ]
    else:
        found = lint_project(root)
    print("\n".join(map(str, found)) or "nothing to fix")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
