"""Where progress is shown: a bar in a terminal, one output in a notebook, lines, or nothing."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, get_args

from coursekit.training.record.report import ROWS, table_html

Mode = Literal["terminal", "notebook", "lines", "silent"]


class View(Protocol):
    """What a place can show."""

    def say(self, line: str) -> None:
        """Say something once."""

    def draw(self, done: int, title: str, parts: Sequence[str]) -> None:
        """Show how many steps are done, replacing what was shown."""

    def result(self, record: Mapping[str, Any], line: str) -> None:
        """Keep an epoch's result in sight."""

    def close(self, why: str) -> None:
        """Take away what moves."""


def choose_mode(mode: object) -> Mode:
    """Choose how to show progress here.

    Silent where `mode` is False or COURSEKIT_HEADLESS is set; lines where the variable CI is set
    or nobody sits at a terminal.

    Raises
    ------
    ValueError
        When `mode` is neither a bool nor the name of a mode.

    Examples
    --------
    >>> choose_mode(False), choose_mode("lines")
    ('silent', 'lines')
    """
    if mode is False or _set("COURSEKIT_HEADLESS"):
        return "silent"
    if mode is True:
        if _set("CI"):
            return "lines"
        if _in_notebook():
            return "notebook"
        return "terminal" if _is_terminal() else "lines"
    for name in get_args(Mode):
        if mode == name:
            return name  # type: ignore[no-any-return]
    raise ValueError(
        f"progress: found {mode!r}; expected True, False or one of {', '.join(get_args(Mode))}. "
        "Write progress=False for a silent run."
    )


def make_view(mode: Mode, steps: int) -> View:
    """Make the view of a mode, for a run of so many steps."""
    if mode == "terminal":
        return Terminal(steps)
    if mode == "notebook":
        return Notebook(steps)
    return Lines() if mode == "lines" else Silent()


class Silent:
    """Shows nothing."""

    def say(self, line: str) -> None:
        """Say nothing."""

    def draw(self, done: int, title: str, parts: Sequence[str]) -> None:
        """Draw nothing."""

    def result(self, record: Mapping[str, Any], line: str) -> None:
        """Keep nothing."""

    def close(self, why: str) -> None:
        """Have nothing to take away."""


class Lines(Silent):
    """One plain line an epoch, for logs."""

    def say(self, line: str) -> None:
        """Print the line."""
        print(line, flush=True)

    def result(self, record: Mapping[str, Any], line: str) -> None:
        """Print the line."""
        print(line, flush=True)

    def close(self, why: str) -> None:
        """Print why the run ended early."""
        if why:
            print(why, flush=True)


class Terminal:
    """One bar for the whole run, with a line above it for each epoch that is done."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._bar: Any = None

    def say(self, line: str) -> None:
        """Print the line above the bar."""
        if self._bar is None:
            print(line, flush=True)
        else:
            self._bar.write(line, file=sys.stdout)
            sys.stdout.flush()

    def draw(self, done: int, title: str, parts: Sequence[str]) -> None:
        """Redraw the bar."""
        if self._bar is None:
            self._bar = _bar(self._steps)
        self._bar.n = min(done, self._steps)
        self._bar.set_description_str(title, refresh=False)
        self._bar.set_postfix_str(", ".join(parts), refresh=False)
        self._bar.refresh()

    def result(self, record: Mapping[str, Any], line: str) -> None:
        """Print the line above the bar."""
        self.say(line)

    def close(self, why: str) -> None:
        """Wipe the bar away; the lines stay."""
        if self._bar is not None:
            self._bar.clear()
            self._bar.close()
            self._bar = None
        if why:
            print(why, flush=True)


class Notebook:
    """One output for the whole run, replaced in place: a bar, and a table of the last epochs.

    It is HTML and no widget: the table is still there when the notebook is opened again.
    """

    _OUTER = "font-variant-numeric:tabular-nums"

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._records: list[Mapping[str, Any]] = []
        self._lines: list[str] = []
        self._above = ""
        self._handle: Any = None

    def say(self, line: str) -> None:
        """Keep the line above the bar."""
        self._lines.append(line)
        self._above += f"<div>{html.escape(line)}</div>"
        self._show("")

    def draw(self, done: int, title: str, parts: Sequence[str]) -> None:
        """Replace the bar."""
        words = html.escape(", ".join([title, *parts]))
        self._show(
            f'<div><progress value="{min(done, self._steps)}" max="{self._steps}" '
            f'aria-label="training" style="width:16em;accent-color:#0072B2"></progress> '
            f"{100 * done // self._steps} %, {words}</div>"
        )

    def result(self, record: Mapping[str, Any], line: str) -> None:
        """Add a row to the table; the bar is drawn again with the next step."""
        self._records.append(dict(record))
        self._lines.append(line)

    def close(self, why: str) -> None:
        """Leave the table, without the bar."""
        if why:
            self._lines.append(why)
        if self._handle is not None or self._lines:
            self._show("", f"<div>{html.escape(why)}</div>" if why else "")

    def _show(self, bar: str, below: str = "") -> None:
        from IPython.display import display

        table = table_html(self._records, without=("lr", "seconds")) if self._records else ""
        text = "\n".join(self._lines[-ROWS - 2 :])
        content = {
            "text/html": f'<div style="{self._OUTER}">{self._above}{bar}{table}{below}</div>',
            "text/plain": text or "training",
        }
        if self._handle is None:
            self._handle = display(  # type: ignore[no-untyped-call]
                content, raw=True, display_id=True
            )
        else:
            self._handle.update(content, raw=True)


def _bar(steps: int) -> Any:
    from shutil import get_terminal_size

    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        """tqdm without the thread that watches over bars nobody moves."""

        monitor_interval = 0

    return Bar(
        total=steps,
        file=sys.stdout,
        leave=False,
        delay=1e-6,  # not before there is something to say
        # Some terminals do not know how wide they are, and would get no bar at all.
        **({"dynamic_ncols": True} if _width_known() else {"ncols": get_terminal_size().columns}),
        bar_format="{desc} |{bar}| {percentage:3.0f}%{postfix}",
    )


def _width_known() -> bool:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns > 0
    except (OSError, ValueError):
        return False


def _set(variable: str) -> bool:
    return os.environ.get(variable, "").lower() not in ("", "0", "false")


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    except (AttributeError, ValueError):  # no stdout, or a closed one
        return False
