"""A student's own check of a whole notebook, without running the whole notebook.

Only what the exercise's functions need is run: their definitions, and the imports, constants and
helpers that these name. Training, plots and experiments in other cells are left out.
"""

import __future__

import ast
import contextlib
import io
import linecache
import os
import symtable
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import CallError, CourseError
from coursekit.notebooks.ipython import NoShell, python_source
from coursekit.notebooks.open_answers import open_questions
from coursekit.notebooks.reading import Notebook, Unreadable, read_notebook

_PATIENCE = 10.0  # seconds until a cell that is still running is named


@dataclass(frozen=True)
class _Statement:
    """A statement at the top of a cell: the names it gives a meaning to and those it reads."""

    cell: int
    node: ast.stmt
    gives: frozenset[str]
    reads: frozenset[str]


def read_file(path: Path) -> Notebook:
    """Return what a notebook file holds.

    Raises
    ------
    CallError
        When there is no such file.
    CourseError
        When it is not a notebook.
    """
    try:
        return read_notebook(path.read_bytes())
    except FileNotFoundError:
        raise CallError(f"NOTEBOOK {path} does not exist; name an .ipynb file") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CallError(f"NOTEBOOK {path} could not be read ({reason})") from error
    except Unreadable as error:
        raise CourseError(
            f"{path} is not a notebook that can be read: {error}; save it again, or put it back "
            "with `coursekit lab --reset NN`"
        ) from error


def needed_names(cells: list[str], wanted: list[str]) -> tuple[dict[str, Any], list[str]]:
    r"""Run what gives the wanted names their meaning; return the names and what went wrong.

    Parameters
    ----------
    cells
        Sources of code cells, in order.
    wanted
        Names of functions or classes.

    Returns
    -------
    dict, list of str
        All names that were given a meaning, and a sentence for each cell that could not be run.

    Examples
    --------
    >>> cells = ["import math", "1 / 0", "half = 0.5", "def f(x):\n    return half * math.pi * x"]
    >>> names, problems = needed_names(cells, ["f"])
    >>> round(names["f"](2), 2), problems
    (3.14, [])
    """
    problems: list[str] = []
    statements = list(_statements(cells, problems))
    needed, before = set(wanted), -1
    while len(needed) != before:
        before = len(needed)
        for statement in statements:
            if statement.gives & needed or "*" in statement.gives:
                needed |= statement.reads
    names: dict[str, Any] = {"__name__": "__main__", "get_ipython": NoShell}
    flags = 0
    for statement in statements:
        flags |= _future(statement.node)
        if not (statement.gives & needed or "*" in statement.gives):
            continue
        try:
            code = compile(
                ast.Module([statement.node], []),
                _file_name(statement.cell),
                "exec",
                flags,
                dont_inherit=True,
            )
            with _still_running(statement.cell), contextlib.redirect_stdout(io.StringIO()):
                exec(code, names)
        except (Exception, SystemExit) as error:
            problems.append(f"code cell {statement.cell}: {type(error).__name__}: {error}")
    return names, problems


def check_notebook(path: Path) -> tuple[int, int]:
    """Check every function of the exercise that a notebook holds, and print each outcome.

    The exercise is known by what the notebook says of itself, else by the name of the file
    (`03_convolution_2d.ipynb`); in any other notebook every function is checked that some exercise
    asks for.

    Parameters
    ----------
    path
        The notebook.

    Returns
    -------
    int, int
        How many functions are right, and how many there are.

    Raises
    ------
    CallError, CourseError
        When it cannot be read, or holds nothing to check.
    """
    from coursekit.checks import exercise_sets
    from coursekit.learn.checking import check

    os.environ.setdefault("KERAS_BACKEND", "torch")
    sets = exercise_sets()
    notebook = read_file(path)
    numbers = max((cell.number for cell in notebook.cells), default=0)
    by_number = {cell.number: cell.source for cell in notebook.cells}
    cells = [by_number.get(number, "") for number in range(1, numbers + 1)]
    named = [key for key in sets if notebook.source == key]
    named = named or [key for key in sets if path.name.startswith(key)]
    asked = [e.name for key in (named or sets) for e in sets[key].exercises]
    names, problems = needed_names(cells, asked)
    if not named:
        asked = [name for name in asked if name in names]
    for problem in problems:
        print(f"! {problem}\n")
    if not asked:
        raise CourseError(
            f"{path} holds no function that an exercise asks for"
            f"{' in the cells that can be read' if problems else ''}; "
            f"the exercises are {', '.join(sets)}"
        )
    right = 0
    for name in asked:
        if name in names:
            right += check(name, names[name]).passed
        else:
            print(f"○ {name} is not defined in this notebook.")
        print()
    for question in open_questions(path.read_bytes()):
        print(f"○ {question.name} ({question.title}): a person reads this; no check can.\n")
    return right, len(asked)


@contextlib.contextmanager
def _still_running(cell: int) -> Iterator[None]:
    """Name a cell that does not end: loading data may take long, an endless loop for ever."""
    sentence = (
        f"code cell {cell} is still running; if its loop never ends, Ctrl-C stops the check\n"
    )
    timer = threading.Timer(_PATIENCE, sys.stderr.write, [sentence])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _file_name(cell: int) -> str:
    return f"<code cell {cell}>"


def _statements(cells: list[str], problems: list[str]) -> Iterator[_Statement]:
    for number, source in enumerate(cells, start=1):
        text = python_source(source)
        # Error messages and the search for endless loops quote the student's lines.
        lines = text.splitlines(keepends=True)
        linecache.cache[_file_name(number)] = (len(text), None, lines, _file_name(number))
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError) as error:
            problems.append(f"code cell {number} cannot be read: {error}")
            continue
        for node in body:
            table = symtable.symtable(ast.unparse(node), _file_name(number), "exec")
            given, read = frozenset(_given(node, table)), frozenset(_read(table))
            yield _Statement(number, node, given, read)


def _future(node: ast.stmt) -> int:
    """Return the compiler's flags for `from __future__ import ...`: they hold from there on."""
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in node.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


def _given(node: ast.stmt, table: symtable.SymbolTable) -> Iterator[str]:
    """Name what a statement defines, imports, assigns or changes a part of."""
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        yield "*"
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Subscript, ast.Attribute)) and isinstance(inner.ctx, ast.Store):
            yield from (name.id for name in ast.walk(inner.value) if isinstance(name, ast.Name))


def _read(table: symtable.SymbolTable) -> Iterator[str]:
    """Name what a statement reads of its surroundings; names of a function's own do not count."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() if top else symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _read(inner)
