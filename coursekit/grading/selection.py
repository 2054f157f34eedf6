"""Which cells of a submission are run: all, but for handed-out ones that nothing needs.

A cell that the student left as it was handed out is the course's own work. Where it gives no
name a meaning that another cell reads, running it tells nothing and costs time: it trains a
network, or draws. A cell of the student's own is always run.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coursekit.grading.notebooks import Cell

# Calls in a handed-out cell that take long: it is skipped by its id even if it was changed,
# where it gives no meaning to a name that is needed.
_TRAINING = frozenset({"fit", "train_one_epoch", "backward", "find_lr", "overfit_one_batch"})


@dataclass(frozen=True)
class _Names:
    """What a cell does with names.

    It gives them a meaning (by importing, too), it may change what they stand for, it reads them,
    and it calls functions and methods of these names.
    """

    gives: frozenset[str]
    imports: frozenset[str]
    may_change: frozenset[str]
    reads: frozenset[str]
    calls: frozenset[str]


class Selection:
    """Knows the cells of a set as they were handed out.

    Parameters
    ----------
    released
        The code cells of the handed-out notebook.
    asked
        The names of the functions that are asked for.
    """

    def __init__(self, released: Sequence[Cell], asked: Iterable[str]) -> None:
        self._sources = {_even(cell.source) for cell in released}
        self._long = {
            cell.id for cell in released if cell.id and _names(cell.source).calls & _TRAINING
        }
        self._asked = frozenset(asked)

    def choose(self, cells: Sequence[Cell]) -> tuple[list[Cell], list[Cell]]:
        """Return the cells to run and those that are left out, in order."""
        names = {cell.number: _names(cell.source) for cell in cells}
        left = [cell for cell in cells if self._may_be_left_out(cell)]
        kept = [cell for cell in cells if cell not in left]
        needed = {*self._asked, "*"}
        for cell in kept:
            needed |= names[cell.number].reads
        fixed = self._asked.union(*(found.imports for found in names.values()))
        while True:  # calling a function or a module changes neither
            wanted = [c for c in left if _gives(names[c.number], fixed) & needed]
            if not wanted:
                break
            kept += wanted
            left = [cell for cell in left if cell not in wanted]
            for cell in wanted:
                needed |= names[cell.number].reads
        return sorted(kept, key=lambda cell: cell.number), left

    def _may_be_left_out(self, cell: Cell) -> bool:
        return _even(cell.source) in self._sources or cell.id in self._long


def _gives(names: _Names, fixed: frozenset[str]) -> frozenset[str]:
    return names.gives | (names.may_change - fixed)


def _even(source: str) -> str:
    """Return a source without what editors change: spaces at the ends of lines and of the cell."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


@lru_cache(maxsize=4096)
def _names(source: str) -> _Names:
    """Return what a cell gives, reads and calls; a cell that cannot be read gives everything."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        words = frozenset(_words(source))
        return _Names(words, frozenset(), frozenset(), words, words)
    gives: set[str] = set()
    imports: set[str] = set()
    changed: set[str] = set()
    reads: set[str] = set()
    calls: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else gives).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            gives.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            gives |= _base(node.value)
        elif isinstance(node, ast.Call):
            calls |= _called(node.func)
            changed |= _changed_by(node)
    several = (gives | imports, imports, changed, reads, calls)
    return _Names(*map(frozenset, several))


def _changed_by(call: ast.Call) -> set[str]:
    """Return what a call may change: what it is given, and what it is a method of."""
    changed = set()
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        changed |= _base(argument)
    if isinstance(call.func, ast.Attribute):
        changed |= _base(call.func.value)
    return changed


def _base(node: ast.AST) -> set[str]:
    """Return the name at the beginning of `a.b[c].d`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _called(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return {node.id} if isinstance(node, ast.Name) else set()


def _words(source: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in source).split()
