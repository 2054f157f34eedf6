"""Showing an outcome: HTML with a plain text beside it in a notebook, print elsewhere."""

import os
import re
import sys
from html import escape
from typing import Any


def notebook() -> Any:
    """Return the running IPython shell, or None in plain Python."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()


def show(html: str, text: str) -> None:
    """Display in a notebook, print elsewhere."""
    if notebook() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/html": html, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def as_html(text: str) -> str:
    """Return plain text as HTML: nothing in it is markup but `code` between backticks."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def after_this_cell(action: Any) -> None:
    """Call `action` once when the running cell has ended; never in plain Python."""
    shell = notebook()
    if shell is None:
        return

    def once(*_: object) -> None:
        shell.events.unregister("post_run_cell", once)
        action()

    shell.events.register("post_run_cell", once)


class Announcement:
    """Says in a live notebook that a check is running, and makes room for its outcome.

    A loop inside C code can hold the whole interpreter: then nothing more can be said, by us or by
    the stop button. So the way out is on the screen before the answer is asked.
    """

    TEXT = (
        "Checking {name} ... If this line is still here after five seconds, the function is in a "
        "loop that cannot be stopped from here: restart the kernel (menu Kernel, Restart)."
    )

    def __init__(self, name: str) -> None:
        self._handle: Any = None
        shell = notebook()
        kernel = getattr(shell, "kernel", None)
        if kernel is None or os.environ.get("COURSEKIT_HEADLESS") == "1":
            return
        from IPython.display import display

        text = self.TEXT.format(name=name)
        self._handle = display(  # type: ignore[no-untyped-call]
            {"text/plain": text}, raw=True, display_id=True
        )
        # The kernel's sending thread works in order: when it has flushed, the line is on its way.
        sys.stdout.flush()

    def replace(self, html: str, text: str) -> None:
        """Put the outcome where the announcement stands."""
        if self._handle is None:
            show(html, text)
        else:
            self._handle.update({"text/html": html, "text/plain": text}, raw=True)
