"""Asking an answer: in a watched thread, with a limit, on copies of the arguments.

Whatever the answer does, a list of replies comes back, one a question.
"""

import builtins
import contextlib
import ctypes
import faulthandler
import io
import re
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Question
from coursekit.checks.runner.clock import Allowance, Clock, Limit, importing, one_thread
from coursekit.checks.runner.reply import OURS, Reply, reply_to, source_line

LOOKS = 0.02  # seconds between two looks at an answer: a long wait cannot be interrupted on Windows
PATIENCE = 1.0  # seconds in which we try to stop an answer before we call it stuck
THROWS = 40  # and how often, however long that takes on a busy machine
CLEARING = 10.0  # seconds in which a stopped answer's memory may be cleared up
MOST_PRINTED = 4_000
# As the fault handler writes a frame, and a character of a file's name that is not ASCII.
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)
_NOT_ASCII = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_TURN = threading.Lock()  # standard output is shared, so one answer is asked at a time


class _Stop(BaseException):
    """Thrown into the answer's thread when its time is up."""


@dataclass
class _Progress:
    """How far an answer has come; only its own thread writes here."""

    question: int = 0


def ask(
    answer: Any, questions: Sequence[Question], allowance: Allowance | None = None
) -> list[Reply]:
    """Ask `answer` every question and return one reply for each.

    An answer that has used up its allowance is stopped; what was not asked by then is marked as
    skipped. Ctrl-C (or Jupyter's stop button) stops the answer and is passed on.
    """
    allowance = allowance or Allowance()
    replies: list[Reply] = []
    done, progress, printed = threading.Event(), _Progress(), _Printed()

    def work() -> None:
        try:
            for question in questions:
                printed.forget()
                replies.append(_one(answer, question, printed))
                progress.question += 1
        except _Stop:
            pass
        finally:
            done.set()

    while not _TURN.acquire(timeout=0.05):  # in short waits, so that Ctrl-C is heard on Windows too
        pass
    try:
        thread = threading.Thread(target=work, name="coursekit answer", daemon=True)
        with _quiet(printed, thread), one_thread():
            try:
                used_up, stuck = _watched(thread, done, progress, allowance)
            except KeyboardInterrupt:
                _stop(thread)
                raise KeyboardInterrupt("the check was stopped") from None
    finally:
        _TURN.release()
    rest = len(questions) - len(replies)
    if rest:
        line = _where(thread) if stuck else ""
        replies.append(Reply("stuck" if stuck else "stopped", detail=used_up, line=line))
        replies.extend(Reply("skipped") for _ in range(rest - 1))
    return replies


def _one(answer: Any, question: Question, printed: "_Printed") -> Reply:
    """Ask one question, on copies of its arguments."""
    given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in question.args)
    reply = reply_to(answer, question.probe, given, question.args, _Stop)
    return replace(reply, printed=printed.getvalue())


def _watched(
    thread: threading.Thread, done: threading.Event, progress: _Progress, allowance: Allowance
) -> tuple[str, bool]:
    """Start an answer and wait for it; say what it has used up, and whether it goes on for all.

    What counts is its own thread and those that start while it runs.
    """
    limit = Limit(Clock(newcomers=True), allowance)
    thread.start()
    try:
        while not done.wait(LOOKS):
            busy = importing(thread.ident)
            used_up = limit.look(progress.question, busy)
            if used_up:
                return used_up, not _stop(thread)
        limit.look(progress.question)
        return "", False
    finally:
        limit.settle()


def _stop(thread: threading.Thread) -> bool:
    """Throw `_Stop` into the thread until it ends; say whether it has.

    One throw is often enough; an answer that catches it with a bare `except` is hit again and
    again, and mostly once between two turns of its loop.
    """
    end, throws = time.monotonic() + PATIENCE, 0
    usual, threading.excepthook = threading.excepthook, _silent
    try:
        while thread.is_alive() and (time.monotonic() < end or throws < THROWS):
            if _where(thread):  # in its own code; what comes after that is ours
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stop)
                )
            throws += 1
            thread.join(0.005)
        late = time.monotonic() + CLEARING
        while thread.is_alive() and not _where(thread) and time.monotonic() < late:
            thread.join(0.05)  # its code has ended, and what it has made is being cleared up
        return not thread.is_alive()
    finally:
        threading.excepthook = usual


def _silent(error: threading.ExceptHookArgs) -> None:
    """Say nothing of a `_Stop` that came when the answer had ended."""
    if error.exc_type is not _Stop:
        threading.__excepthook__(error)


class _Printed(io.StringIO):
    """Keeps the first few thousand characters that the answer prints."""

    def write(self, text: str) -> int:
        if self.tell() < MOST_PRINTED:
            super().write(text[:MOST_PRINTED])
        return len(text)

    def forget(self) -> None:
        self.seek(0)
        self.truncate()


class _Routed(io.TextIOBase):
    """Standard output that goes to `kept` for one thread and on to `usual` for all others."""

    def __init__(self, kept: _Printed, usual: Any, thread: threading.Thread) -> None:
        self._kept, self._usual, self._thread = kept, usual, thread

    def write(self, text: str) -> int:
        if threading.current_thread() is self._thread:
            return self._kept.write(text)
        written: int = self._usual.write(text)
        return written

    def flush(self) -> None:
        if threading.current_thread() is not self._thread:
            self._usual.flush()


@contextlib.contextmanager
def _quiet(printed: _Printed, thread: threading.Thread) -> Iterator[None]:
    """Keep the answer's prints, warnings and questions to the user away from the notebook."""
    usual, asking = sys.stdout, builtins.input
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.stdout = _Routed(printed, usual, thread)
        builtins.input = _no_input
        try:
            yield
        finally:
            sys.stdout, builtins.input = usual, asking


def _no_input(prompt: object = "", /) -> str:
    raise RuntimeError("input() cannot be used here: the check gives your function its arguments")


def _where(thread: threading.Thread) -> str:
    """Return the line at which a thread stands.

    The thread runs on, and to walk its frames meanwhile has crashed Python 3.11. The fault handler
    writes down all of them in one go, in which no other thread runs.
    """
    written = ""
    with contextlib.suppress(OSError), tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        written = _NOT_ASCII.sub(lambda told: chr(int(told[0][2:], 16)), file.read().decode())
    if not written:  # a full disk must not keep an endless loop going
        return "a line that could not be read"
    stack = re.search(rf"Thread 0x0*{thread.ident or 0:x}\b.*\n((?:  .*\n)*)", written)
    for name, number in _FRAME.findall(stack[1] if stack else ""):
        if name != threading.__file__:
            return "" if name.startswith(OURS) else source_line(name, int(number))
    return ""
