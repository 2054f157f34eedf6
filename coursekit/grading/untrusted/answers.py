"""Calling a student's function with the arguments that are sent, and saying what came back.

What is said in words (an error's text, what was printed) is shown to the student and earns
nothing. What is sent as numbers is compared on the other side.
"""

import builtins
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

# In the sandbox this and what it imports are all that there is of coursekit.checks.
from coursekit.checks.runner.clock import Allowance
from coursekit.checks.runner.reply import MOST_TEXT, OURS, line_of, reply_to

from .shell import Alarm
from .wire import DTYPES, Arrays, Header, decode

MOST_PRINTED = 4000
_HERE = str(Path(__file__).parent)

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
    alarm = Alarm(Allowance(header["seconds"], header["one"], header["imports"]), Stop)
    try:
        with alarm, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            builtins.input = _no_input
            for number, question in enumerate(header["questions"]):
                alarm.question = number
                reply, parts = _one(function, question, arrays, header["most_cells"])
                replies.append(reply | {"parts": len(parts)})
                numbers += parts
    except Stop as stop:
        stopped = line_of(function, stop.__traceback__, (OURS, _HERE))
    left = len(header["questions"]) - len(replies)
    if left:
        replies.append({"kind": "stopped", "line": stopped, "detail": alarm.used_up, "parts": 0})
        replies += [{"kind": "skipped", "parts": 0}] * (left - 1)
    del numbers[sum(reply["parts"] for reply in replies) :]
    return {"kind": "replies", "replies": replies, "used": alarm.used}, numbers


def _one(function: Any, question: Header, arrays: Arrays, most_cells: int) -> Reply:
    """Ask one question. Only `Stop` comes out of here as an exception."""
    printed = _Printed()
    usual, sys.stdout = sys.stdout, printed
    try:
        given, original = (decode(question["args"], arrays) for _ in range(2))
        reply = reply_to(function, str(question["probe"]), given, original, Stop, most_cells)
    finally:
        sys.stdout = usual
    said = {
        "kind": reply.kind,
        "typed": reply.typed,
        "detail": reply.detail,
        "error": str(reply.error)[:80],
        "line": reply.line,
        "printed": printed.text[:MOST_TEXT],
        "changed": list(reply.changed),
    }
    return said, [_sendable(part) for part in reply.parts]


def _sendable(array: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return an array with a type that is sent: of this machine's byte order, at most 8 bytes."""
    plain = array.astype(array.dtype.newbyteorder("="), copy=False)
    if plain.dtype.str not in DTYPES:
        plain = plain.astype(np.float64)
    return np.asarray(plain)


def _no_input(prompt: object = "", /) -> str:
    raise RuntimeError("input() cannot be used here: your function is given its arguments")
