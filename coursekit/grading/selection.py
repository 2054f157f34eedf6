"""Which cells of a submission are run: all, but for handed-out ones that nothing needs.

A cell that the student left as it was handed out is the course's own work. Where it gives no
name a meaning that another cell reads, running it tells nothing and costs time: it trains a
network, or draws. A cell of the student's own is always run.
"""

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
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
    """Return what a cell does with names; one that cannot be read may do anything with them."""
    text = "".join(
        "\n" if line.startswith(("%", "!")) and not line.startswith("%%") else line
        for line in source.splitlines(keepends=True)
    )
    try:
        tree = ast.parse(text)
        table = symtable.symtable(text, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        words = frozenset("".join(c if c.isalnum() or c == "_" else " " for c in source).split())
        return _Names(words, frozenset(), frozenset(), words, words)
    symbols = table.get_symbols()
    gives = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    imports = {s.get_name() for s in symbols if s.is_imported()}
    reads = {s.get_name() for s in symbols if s.is_referenced()}
    inside = set(_global_names(table))
    calls: set[str] = set()
    changed: set[str] = set()
    for statement in tree.body:
        for node, outside in _nodes(statement):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                gives.add("*")
            elif isinstance(node, ast.Call):
                calls |= _called(node.func)
                changed |= _changed_by(node) if outside else _changed_by(node) & inside
            elif isinstance(node, ast.Attribute | ast.Subscript):
                stored = set() if isinstance(node.ctx, ast.Load) else _base(node.value)
                changed |= stored if outside else stored & inside
    several = (gives, imports, changed, reads | inside, calls)
    return _Names(*map(frozenset, several))


def _global_names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield what the functions and classes of a cell read or set outside themselves."""
    for inner in table.get_children():
        yield from (s.get_name() for s in inner.get_symbols() if s.is_global())
        yield from _global_names(inner)


def _nodes(statement: ast.AST, outside: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node, and whether it lies outside all functions."""
    yield statement, outside
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        outside = False
    for child in ast.iter_child_nodes(statement):
        yield from _nodes(child, outside)


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
