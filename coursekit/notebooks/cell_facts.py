"""What the source of a cell says, read without running it: names, imports, definitions.

A class hands in mostly the same cells: what was found is kept for the next student.
"""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from coursekit.notebooks.ipython import python_source
from coursekit.notebooks.syntax import parsed

MOST_SOURCE = 60_000  # characters; a longer cell is run unread
_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)


@dataclass(frozen=True)
class Definition:
    """What a function, class or variable is made of: the names it reads, and its own imports."""

    reads: tuple[str, ...]
    imports: dict[str, str]


@dataclass(frozen=True)
class CellFacts:
    """What a cell does with names.

    Attributes
    ----------
    gives
        Names that it gives a meaning to, by importing, too.
    imports
        Names that it imports, with what they stand for.
    may_change
        Names of what it may change: by a call, or by setting a part of it.
    reads
        Names that it reads, its functions included.
    calls
        Names of the functions and methods that it calls.
    defines
        What it defines at its top.
    """

    gives: frozenset[str] = frozenset()
    imports: dict[str, str] = field(default_factory=dict)
    may_change: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    defines: dict[str, Definition] = field(default_factory=dict)


def cell_facts(source: str) -> CellFacts:
    r"""Return what a cell does with names; one that cannot be read may do anything with them.

    Examples
    --------
    >>> facts = cell_facts("%matplotlib inline\nimport numpy as np\nx = np.ones(n)")
    >>> sorted(facts.gives), sorted(facts.reads), facts.imports
    (['np', 'x'], ['n', 'np'], {'np': 'numpy'})
    """
    if len(source) > MOST_SOURCE:
        return _unread(source[: 10 * MOST_SOURCE])
    return _read(source)


@lru_cache(maxsize=2048)
def imported_modules(source: str) -> list[str]:
    r"""Return the modules that a cell imports, wherever in it.

    >>> imported_modules("import os.path\nfrom PIL import Image")
    ['os.path', 'PIL']
    """
    if len(source) > MOST_SOURCE:
        return []
    try:
        tree = parsed(python_source(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return found


@lru_cache(maxsize=2048)
def _read(source: str) -> CellFacts:
    try:
        text = python_source(source)
        return _found(parsed(text), symtable.symtable(text, "cell", "exec"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _unread(source)


def _unread(source: str) -> CellFacts:
    words = "".join(c if c.isalnum() or c == "_" else " " for c in source).split()
    every = frozenset(words)
    return CellFacts(gives=every, reads=every, calls=every)


def _found(tree: ast.Module, table: symtable.SymbolTable) -> CellFacts:
    symbols = table.get_symbols()
    gives = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    reads = {s.get_name() for s in symbols if s.is_referenced()}
    inside = set(_global_names(table))
    calls: set[str] = set()
    changed: set[str] = set()
    imports: dict[str, str] = {}
    for statement in tree.body:
        for node, outside in _nodes(statement):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports |= _imported(node) if outside else {}
                if node.names[0].name == "*":
                    gives.add("*")
            elif isinstance(node, ast.Call):
                calls |= _called(node.func)
                changed |= _changed_by(node) if outside else _changed_by(node) & inside
            elif isinstance(node, ast.Attribute | ast.Subscript):
                stored = set() if isinstance(node.ctx, ast.Load) else _base(node.value)
                changed |= stored if outside else stored & inside
    several = (gives, changed, (reads | inside) - {"get_ipython"}, calls)
    given, may_change, read, called = map(frozenset, several)
    return CellFacts(given, imports, may_change, read, called, _definitions(tree))


def _definitions(tree: ast.Module) -> dict[str, Definition]:
    """Return what is defined at the top of a cell, also under an `if`, a `for` or a `try`."""
    found: dict[str, Definition] = {}
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = _definition(node)
        elif isinstance(node, ast.Assign):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
            found |= dict.fromkeys(names, _definition(node.value))
        elif isinstance(
            node, ast.If | ast.Try | ast.With | ast.For | ast.While | ast.ExceptHandler
        ):
            waiting += ast.iter_child_nodes(node)
    return found


def _definition(node: ast.AST) -> Definition:
    imports: dict[str, str] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            imports |= _imported(inner)
    return Definition(tuple(dict.fromkeys(_dotted(node))), imports)


def _global_names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield what the functions and classes of a cell read or set outside themselves."""
    for inner in table.get_children():
        yield from (s.get_name() for s in inner.get_symbols() if s.is_global())
        yield from _global_names(inner)


def _nodes(top: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node, and whether it lies outside all functions."""
    waiting = [(top, True)]
    while waiting:
        node, outside = waiting.pop()
        yield node, outside
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside = False
        waiting += [(child, outside) for child in ast.iter_child_nodes(node)]


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """Return the names that an import gives, with what they stand for."""
    if isinstance(node, ast.ImportFrom):
        return {a.asname or a.name: f"{node.module or ''}.{a.name}" for a in node.names}
    return {
        a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0]
        for a in node.names
    }


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


def _dotted(tree: ast.AST) -> Iterator[str]:
    """Yield every name and dotted name that is read: `np.fft.fft2`."""
    for whole in ast.walk(tree):
        node, words = whole, list[str]()
        while isinstance(node, ast.Attribute) and len(words) < 10:
            words.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            yield ".".join([node.id, *reversed(words)])
