"""IPython without a screen: cells run as in a notebook, and what they show is counted, not kept."""

import ast
import builtins
import contextlib
import dis
import errno
import io
import signal
import subprocess
import sys
import threading
import time
import traceback
from types import CodeType, FrameType
from typing import Any

from IPython.core import async_helpers
from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from coursekit.checks.runner.clock import Allowance, Clock, Limit, importing

_LOOKS = 0.02  # seconds between two looks at what was used
MOST_TEXT = 300  # characters of an error message
MOST_LACKS = 10  # statements of one cell that are said to have been left out

# What a statement ends in that asks for something which is not in the sandbox: a module, a file,
# the network, a person at the keyboard, an extension of Jupyter.
_LACKS = (ImportError, OSError, EOFError, subprocess.SubprocessError, UsageError)
# Errors of the system that a limit brings about: those end a cell, as running out of memory does.
_LIMITS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EAGAIN,
    }
)


class CellTimeout(BaseException):
    """Thrown into a cell whose time is up."""


class Sink(io.TextIOBase):
    """Standard output of a cell: it counts what is written and forgets it."""

    encoding, errors = "utf-8", "replace"  # libraries ask

    def __init__(self) -> None:
        self.written = 0

    def write(self, text: str) -> int:
        """Count a text."""
        self.written += len(text)
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return a descriptor for programs that are started; it leads nowhere."""
        return 1


class Shell(InteractiveShell):
    """Runs cells; an error is kept as its type and message, not drawn."""

    last_error: "dict[str, Any] | None" = None
    lacks: "list[dict[str, Any]]" = []  # noqa: RUF012 - made anew for each cell
    _never_given: "set[str]" = set()  # noqa: RUF012 - names that left-out statements would give

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Keep what went wrong."""
        kind, error, trace = exc_tuple or sys.exc_info()
        self._keep(kind, error, trace)

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Keep what could not be read."""
        self._keep(*sys.exc_info())

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """Run one statement; one that asks for what is not here is left out, and no other."""
        running = super().run_code(code_obj, result, async_=async_)  # type: ignore[no-untyped-call]
        failed = bool(await running)
        if not failed or result is None or not self._asks_for_too_much(result.error_in_exec):
            return failed
        if isinstance(code_obj, CodeType):
            stored = (one for one in dis.get_instructions(code_obj) if "STORE_" in one.opname)
            self._never_given |= {str(one.argval) for one in stored}
        if self.last_error is not None and len(self.lacks) < MOST_LACKS:
            self.lacks.append(self.last_error)
        self.last_error = result.error_in_exec = None
        return False

    def _asks_for_too_much(self, error: Any) -> bool:
        """Say whether an error comes of what the sandbox lacks, or of a statement left out."""
        if isinstance(error, NameError):
            return error.name in self._never_given
        return isinstance(error, _LACKS) and getattr(error, "errno", None) not in _LIMITS

    def _keep(self, kind: Any, error: Any, trace: Any) -> None:
        line = error.lineno if isinstance(error, SyntaxError) else _own_line(trace)
        self.last_error = {
            "type": str(getattr(kind, "__name__", "Error"))[:80],
            "text": said(error),
            "line": line if isinstance(line, int) else 0,
        }

    def _tee(self, channel: Any) -> Any:
        """Do nothing: IPython would keep all that is printed, until the memory is used up."""
        return contextlib.nullcontext()

    def ask_exit(self) -> None:
        """Do nothing: `exit()` in a cell ends nobody."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no screen."""

    def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
        """Do nothing: pictures go nowhere."""
        return "agg", "agg"

    def enable_pylab(self, *args: Any, **kwargs: Any) -> tuple[str, str, set[str]]:
        """Do nothing."""
        return "agg", "agg", set()


class OneImportEach(ast.NodeTransformer):
    """`import a, b` becomes two statements: where `a` is not there, `b` is."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Look at the statements at the top of a cell alone."""
        node.body = [part for statement in node.body for part in self._parts(statement)]
        return node

    def _parts(self, statement: ast.stmt) -> list[ast.stmt]:
        if isinstance(statement, ast.Import):
            return [ast.copy_location(ast.Import([one]), statement) for one in statement.names]
        if isinstance(statement, ast.ImportFrom):
            where, level = statement.module, statement.level
            several = (ast.ImportFrom(where, [one], level) for one in statement.names)
            return [ast.copy_location(one, statement) for one in several]
        return [statement]


def _nobody(prompt: object = "", /) -> str:
    raise EOFError("nobody is there to answer input()")


def said(error: Any) -> str:
    """Return the first line of an error's message."""
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
        return next((t for t in map(str.strip, text.splitlines()) if t), "")[:MOST_TEXT]
    except BaseException:
        return ""


def _own_line(trace: Any) -> int:
    """Return the last line of the cell itself at which an error rose."""
    number = 0
    for frame, line in traceback.walk_tb(trace):
        if "ipython-input" in frame.f_code.co_filename or "ipykernel" in frame.f_code.co_filename:
            number = line
    return number


def make_shell() -> Shell:
    """Return a shell that has run a cell of each kind, so that the first real one is quick."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.history_load_length = 0
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Minimal"
    config.InteractiveShell.automagic = True
    shell = Shell.instance(config=config)
    shell.ast_transformers.append(OneImportEach())
    builtins.input = _nobody
    setattr(shell, "system", shell.system_raw)  # noqa: B010 - to files, not to a terminal
    for source in ("1 + 1", "1 / 0", "def :", "import asyncio\nawait asyncio.sleep(0)", "%time 1"):
        run_cell(shell, source, Allowance(30.0, 30.0))
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    if async_helpers._asyncio_event_loop is not None:  # its files would not outlive a fork
        async_helpers._asyncio_event_loop.close()
        async_helpers._asyncio_event_loop = None
    return shell


def run_cell(shell: Shell, source: str, allowance: Allowance) -> dict[str, Any]:
    """Run one cell and return what is known of it; what it uses is taken off its allowance.

    Returns
    -------
    dict
        ``ok``, ``seconds``, ``written`` (characters), and ``error`` where it failed: ``type``,
        ``text`` and ``line``; the type is ``"CellTimeout"`` where the time was up. ``lacks`` lists
        the errors of statements that were left out, since the sandbox lacks what they ask for.
    """
    sink, shell.last_error, shell.lacks = Sink(), None, []
    usual = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr, sys.stdin = sink, sink, io.StringIO()
    begin = time.monotonic()
    ok = False
    try:
        with Alarm(allowance, CellTimeout):
            result: ExecutionResult = shell.run_cell(source)  # type: ignore[no-untyped-call]
            ok = bool(result.success)
            error = result.error_before_exec or result.error_in_exec
    except BaseException as problem:
        ok, error = False, problem
    finally:
        sys.stdout, sys.stderr, sys.stdin = usual
    report: dict[str, Any] = {
        "ok": ok,
        "seconds": time.monotonic() - begin,
        "written": sink.written,
        "lacks": shell.lacks,
    }
    if not ok:
        report["error"] = shell.last_error or {
            "type": type(error).__name__[:80],
            "text": said(error),
            "line": _own_line(getattr(error, "__traceback__", None)),
        }
    return report


class Alarm:
    """Throw `kind` into the main thread when its time is used up, again and again.

    What counts is what this process computes and waits, as `Limit` does; not what else the machine
    has to do. One throw is often enough; code that catches it with a bare `except` is hit again,
    until the process is ended from outside.

    Attributes
    ----------
    question
        Which of several questions is being answered; each has its own share of the time.
    used_up : str
        What was used up, in words.
    used : float
        The seconds that were used, once it is over.
    """

    def __init__(self, allowance: Allowance, kind: type[BaseException]) -> None:
        self._limit, self._kind = Limit(Clock(), allowance), kind
        self.question, self.used_up, self.used = 0, "", 0.0

    def __enter__(self) -> "Alarm":
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, _LOOKS, _LOOKS)
        return self

    def __exit__(self, *error: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._limit.look(self.question)
        self.used = self._limit.settle()

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if not self.used_up:
            self.used_up = self._limit.look(self.question, importing(threading.get_ident()))
        if self.used_up:
            raise self._kind
