"""Asking an answer: in a watched thread, with a limit, on copies of the arguments.

Whatever the answer does, a list of replies comes back, one a question.
"""

import builtins
import ctypes
import io
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Question
from coursekit.checks.runner.reply import OURS, Reply, reply_to, source_line

LIMIT = 3.0  # seconds for everything that is asked in one check
LIMIT_WHILE_IMPORTING = 60.0  # the first `import torch` on a slow disk is no endless loop
LOOKS = 0.02  # seconds between two looks at an answer: a long wait cannot be interrupted on Windows
LEAST = 0.05  # seconds that an answer has when it is asked again and its time is used up
PATIENCE = 1.0  # seconds in which we try to stop an answer before we call it stuck
MOST_PRINTED = 4_000
_TURN = threading.Lock()  # standard output is shared, so one answer is asked at a time


class _Stop(BaseException):
    """Thrown into the answer's thread when its time is up."""


@dataclass
class Allowance:
    """The seconds that an answer has left for all that it is asked: to work, and with imports."""

    work: float = LIMIT
    whole: float = LIMIT_WHILE_IMPORTING


def ask(
    answer: Any, questions: Sequence[Question], allowance: Allowance | None = None
) -> list[Reply]:
    """Ask `answer` every question and return one reply for each.

    An answer that is still running when its allowance is used up is stopped; what was not asked by
    then is marked as skipped. Ctrl-C (or Jupyter's stop button) stops the answer and is passed on.
    """
    allowance = allowance or Allowance()
    replies: list[Reply] = []
    done = threading.Event()
    printed = _Printed()

    def work() -> None:
        try:
            for question in questions:
                printed.forget()
                replies.append(_one(answer, question, printed))
        except _Stop:
            pass
        finally:
            done.set()

    while not _TURN.acquire(timeout=0.05):  # in short waits, so that Ctrl-C is heard on Windows too
        pass
    try:
        thread = threading.Thread(target=work, name="coursekit answer", daemon=True)
        with _quiet(printed, thread):
            try:
                thread.start()
                stuck = not _finished(thread, done, allowance)
            except KeyboardInterrupt:
                _stop(thread, done)
                raise KeyboardInterrupt("the check was stopped") from None
    finally:
        _TURN.release()
    rest = len(questions) - len(replies)
    if rest:
        replies.append(Reply("stuck" if stuck else "stopped", line=_where(thread) if stuck else ""))
        replies.extend(Reply("skipped") for _ in range(rest - 1))
    return replies


def _one(answer: Any, question: Question, printed: "_Printed") -> Reply:
    """Ask one question, on copies of its arguments."""
    given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in question.args)
    reply = reply_to(answer, question.probe, given, question.args, _Stop)
    return replace(reply, printed=printed.getvalue())


def _finished(thread: threading.Thread, done: threading.Event, allowance: Allowance) -> bool:
    """Wait for the answer, stop it at its limit, and say whether its thread has ended.

    What passes between two looks is work unless it was importing at one of them: an import may end
    in between.
    """
    before, imported = time.monotonic(), False
    allowance.work = max(allowance.work, LEAST)
    while True:
        ended = done.wait(LOOKS)
        now, importing = time.monotonic(), _importing(thread)
        allowance.whole -= now - before
        if not (importing or imported):
            allowance.work -= now - before
        if ended:
            return True
        if min(allowance.work, allowance.whole) < 0:
            return _stop(thread, done)
        before, imported = now, importing


def _stop(thread: threading.Thread, done: threading.Event) -> bool:
    """Throw `_Stop` into the thread until it ends; say whether it has.

    One throw is often enough; an answer that catches it with a bare `except` is hit again and
    again, and mostly once between two turns of its loop.
    """
    end = time.monotonic() + PATIENCE
    while not done.is_set() and time.monotonic() < end:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stop)
        )
        done.wait(0.005)
    return done.is_set()


def _importing(thread: threading.Thread) -> bool:
    """Say whether the thread is busy importing a module."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


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


@contextmanager
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
    """Return the line at which a thread stands."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None and frame.f_code.co_filename == threading.__file__:
        frame = frame.f_back
    if frame is None or frame.f_code.co_filename.startswith(OURS):
        return ""
    return source_line(frame.f_code.co_filename, frame.f_lineno)
