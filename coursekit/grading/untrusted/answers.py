"""Calling a student's function with the arguments that are sent, and saying what came back.

What is said in words (an error's text, what was printed) is shown to the student and earns
nothing. What is sent as numbers is compared on the other side.
"""

import builtins
import re
import sys
import sysconfig
import traceback
import warnings
from linecache import getline
from types import TracebackType
from typing import Any

import numpy as np

# In the sandbox these are all that there is of coursekit.checks.
from coursekit.checks import probes
from coursekit.checks.convert import NotNumbersError, TooLargeError, described, to_array
from coursekit.checks.stub import is_stub

from .shell import Alarm
from .wire import DTYPES, Arrays, Header, decode

MOST_PRINTED = 4000
MOST_TEXT = 300
_PYTHON = sysconfig.get_paths()["stdlib"]
_OURS = tuple(str(m.__file__).rsplit("/", 1)[0] for m in (probes, sys.modules[Alarm.__module__]))

Reply = tuple[Header, Arrays]


class Stop(BaseException):
    """Thrown into a function whose time is up."""


class _Printed:
    """Standard output of a function: the first few thousand characters are kept."""

    encoding, errors = "utf-8", "replace"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        if len(self.text) < MOST_PRINTED:
            self.text += str(text)[: MOST_PRINTED - len(self.text)]
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def answer(function: Any, header: Header, arrays: Arrays) -> Reply:
    """Ask a function all questions of one message; return the message that answers it."""
    replies: list[Header] = []
    numbers: Arrays = []
    stopped = ""
    try:
        with Alarm(header["seconds"], Stop), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            builtins.input = _no_input
            for question in header["questions"]:
                reply, parts = _one(function, question, arrays, header["most_cells"])
                replies.append(reply | {"parts": len(parts)})
                numbers += parts
    except Stop as stop:
        stopped = _line(function, stop.__traceback__)
    left = len(header["questions"]) - len(replies)
    if left:
        replies.append({"kind": "stopped", "line": stopped, "parts": 0})
        replies += [{"kind": "skipped", "parts": 0}] * (left - 1)
    del numbers[sum(reply["parts"] for reply in replies) :]
    return {"kind": "replies", "replies": replies}, numbers


def _one(function: Any, question: Header, arrays: Arrays, most_cells: int) -> Reply:
    """Ask one question. Only `Stop` comes out of here as an exception."""
    printed = _Printed()
    usual, sys.stdout = sys.stdout, printed
    parts: Arrays = []
    changed: list[int] = []
    probe = str(question["probe"])
    try:
        given, original = (decode(question["args"], arrays) for _ in range(2))
        value = getattr(probes, probe)(function, *given)
        reply, parts = _reply(function, value, probe in probes.SEVERAL_PARTS, most_cells)
        if probe == "call":
            pairs = enumerate(zip(given, original, strict=True))
            changed = [i for i, (now, before) in pairs if not _same(now, before)]
    except Stop:
        raise
    except NotNumbersError as error:
        reply = {"kind": "type", "detail": _text(error)}
    except BaseException as error:  # SystemExit and the like are the function's doing, too
        unwritten = type(error) is NotImplementedError and "not implemented for" not in str(error)
        reply = {
            "kind": "unwritten" if unwritten else "error",
            "error": str(type(error).__name__)[:80],
            "detail": _text(error),
            "line": _line(function, error.__traceback__),
        }
    finally:
        sys.stdout = usual
    return reply | {"printed": printed.text[:MOST_TEXT], "changed": changed}, parts


def _reply(function: Any, value: Any, several: bool, most_cells: int) -> Reply:
    """Put what the function returned into a reply."""
    if value is Ellipsis or (value is None and is_stub(function)):
        return {"kind": "unwritten"}, []
    if value is None:
        return {"kind": "none"}, []
    try:
        if several:
            parts, typed = [to_array(part)[0] for part in value], True
        else:
            array, typed = to_array(value)
            parts = [array]
        if sum(part.size for part in parts) > most_cells:
            raise TooLargeError
    except NotNumbersError as error:
        return {"kind": "type", "detail": _text(error)}, []
    except TooLargeError:
        return {"kind": "large", "detail": described(value)[:MOST_TEXT]}, []
    return {"kind": "value", "typed": bool(typed)}, [_sendable(part) for part in parts]


def _sendable(array: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return an array with a type that is sent: of this machine's byte order, at most 8 bytes."""
    plain = array.astype(array.dtype.newbyteorder("="), copy=False)
    if plain.dtype.str not in DTYPES:
        plain = plain.astype(np.float64)
    return np.asarray(plain)


def _no_input(prompt: object = "", /) -> str:
    raise RuntimeError("input() cannot be used here: your function is given its arguments")


def _same(now: Any, before: Any) -> bool:
    """Say whether an argument is what it was before the call."""
    if not isinstance(before, np.ndarray):
        return True
    return bool(
        now.shape == before.shape
        and now.dtype == before.dtype
        and np.array_equal(now, before, equal_nan=before.dtype.kind == "f")
    )


def _text(error: BaseException) -> str:
    """Return the first line of an exception's message, without addresses, not too long."""
    try:
        text = str(error)[:10_000]
    except Exception:
        return ""
    text = re.sub(r"(?: at)? 0x[0-9a-fA-F]+", "", text).strip()
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = lines[1:]  # Keras says below what happened
    return lines[0][:MOST_TEXT] if lines else ""


def _line(function: Any, trace: TracebackType | None) -> str:
    """Return the student's own line in which an exception rose: "line 4: total += x[i]"."""
    try:
        steps = list(traceback.walk_tb(trace))
        own = getattr(getattr(function, "__code__", None), "co_filename", None)
        theirs = [s for s in steps if not _of_a_library(s[0].f_code.co_filename)]
        theirs = [s for s in theirs if s[0].f_code.co_filename == own] or theirs
        if not theirs:
            return ""
        frame, number = theirs[-1]
        source = getline(frame.f_code.co_filename, number).strip()[:120]
        return f"line {number}: {source}" if source else f"line {number}"
    except Exception:
        return ""


def _of_a_library(file: str) -> bool:
    """Say whether code is ours, Python's or a package's: nothing that a student has written."""
    return file.startswith((*_OURS, _PYTHON, "<frozen", "<__array")) or "-packages" in file
