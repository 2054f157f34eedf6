"""What a notebook keeps of what really happened in it: records in the outputs of its cells.

A record is shown as a line of text, and stored beside that line in a form that `coursekit check`
reads from the saved notebook. It holds a digest of every cell that has run so far, so that a cell
which was changed afterwards can be told.
"""

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

    data = {"text/plain": text, MIME: {"kind": kind, **facts, "ran": ran(shell)}}
    display(data, raw=True)  # type: ignore[no-untyped-call]


def running_shell() -> Any | None:
    """Return the IPython shell of this process, without loading IPython to find out."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def ran(shell: Any) -> list[str]:
    """Return a digest of each cell that has run, the one that runs now at the end."""
    return [cell_digest(source) for source in shell.history_manager.input_hist_raw[1:]]


def cell_digest(source: str) -> str:
    r"""Return a short digest of a cell's source; white space at its ends does not count.

    Examples
    --------
    >>> cell_digest("x = 1\n") == cell_digest("x = 1"), cell_digest("x = 1") == cell_digest("x = 2")
    (True, False)
    """
    return hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()[:12]
