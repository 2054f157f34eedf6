"""What a notebook keeps of what really happened in it: records in the outputs of its cells.

A record is shown as a line of text, and stored beside that line in a form that `coursekit check`
reads from the saved notebook. It holds a digest of every cell that has run so far, so that a cell
which was changed afterwards can be told.
"""

import ast
import hashlib
import sys
from typing import Any

MIME = "application/vnd.coursekit.record+json"


def record(kind: str, text: str, **facts: Any) -> None:
    """Show a line in a notebook, and store facts in the output of the cell; nothing elsewhere.

    Parameters
    ----------
    kind
        What is recorded: ``"split"``, ``"opened"`` or ``"claim"``.
    text
        The line that is shown.
    facts
        Anything that JSON holds.

    Examples
    --------
    >>> record("claim", "outside a notebook nothing is shown")
    """
    shell = running_shell()
    if shell is None:
        return
    from IPython.display import display

    _notice(shell)
    data = {"text/plain": text, MIME: {"kind": kind, **facts, "ran": ran(shell)}}
    display(data, raw=True)  # type: ignore[no-untyped-call]


def running_shell() -> Any | None:
    """Return the IPython shell of this process, without loading IPython to find out."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def ran(shell: Any) -> list[str]:
    """Return a digest of each cell that has run, the one that runs now at the end."""
    return [cell_digest(source) for source in shell.history_manager.input_hist_raw[1:]]


def code_before(shell: Any) -> list[str]:
    """Return digests of the code in force before the cell that runs now: no claims, no comments.

    Of a cell that was run several times only the last source is in force, where the front end says
    which cell it runs and a record was made before; else each source counts.
    """
    noticed = getattr(shell, _NOTICED, {})
    sources = shell.history_manager.input_hist_raw[1:-1]
    last: dict[str, str] = {}
    for number, source in enumerate(sources, start=1):
        last[noticed.get(number, str(number))] = source
    last.pop(noticed.get(len(sources) + 1, ""), None)  # earlier sources of the cell that runs now
    return sorted({digest for source in last.values() if (digest := _code_digest(shell, source))})


_NOTICED = "_coursekit_cells"


def _notice(shell: Any) -> None:
    """From now on keep which cell each number of the history is."""
    if hasattr(shell, _NOTICED):
        return
    noticed: dict[int, str] = {}

    def before_a_cell(info: Any) -> None:
        if info.store_history and getattr(info, "cell_id", None):
            noticed[len(shell.history_manager.input_hist_raw)] = f"cell {info.cell_id}"

    setattr(shell, _NOTICED, noticed)
    shell.events.register("pre_run_cell", before_a_cell)


def _code_digest(shell: Any, source: str) -> str:
    """Return a digest of what a cell does apart from its claims; "" when that is nothing."""
    try:
        code = _WithoutClaims().visit(ast.parse(shell.transform_cell(source)))
    except (SyntaxError, ValueError, RecursionError):  # it cannot have run
        return ""
    return cell_digest(ast.dump(code)) if code.body else ""


class _WithoutClaims(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        call = node.value
        named = call.func if isinstance(call, ast.Call) else None
        name = getattr(named, "id", getattr(named, "attr", ""))
        return None if name == "claim" else node


def cell_digest(source: str) -> str:
    r"""Return a short digest of a cell's source; white space at its ends does not count.

    Examples
    --------
    >>> cell_digest("x = 1\n") == cell_digest("x = 1"), cell_digest("x = 1") == cell_digest("x = 2")
    (True, False)
    """
    return hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()[:12]
