"""What an answer came to: asked by a probe, in a notebook's process or in a grader's sandbox.

This runs beside the answer and trusts nothing that it is given.
"""

import re
import sysconfig
import traceback
from dataclasses import dataclass, replace
from linecache import getline
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.runner import probes
from coursekit.checks.runner.convert import (
    MOST_CELLS,
    NotNumbersError,
    TooLargeError,
    described,
    to_array,
)
from coursekit.checks.runner.stub import is_stub

MOST_TEXT = 300
MOST_SOURCE = 120
_PYTHON = sysconfig.get_paths()["stdlib"]
OURS = str(Path(probes.__file__).parents[1])


@dataclass(frozen=True)
class Reply:
    """What came back: arrays and short plain texts only, so that it can cross a socket.

    `kind` is one of

    - ``"value"``: `parts` hold the numbers; `typed` says whether their type was chosen by the
      answer (an array) or not (a list); `detail` says what held them, where it was no array.
    - ``"unwritten"``: NotImplementedError, a stub's body or an Ellipsis.
    - ``"none"``: nothing was returned.
    - ``"type"``: something that is not numbers; `detail` says what.
    - ``"large"``: more numbers than any right answer has.
    - ``"error"``: an exception: `error` is its type, `detail` its message, `line` its place.
    - ``"stopped"``: still running at the limit, stopped.
    - ``"stuck"``: still running and could not be stopped.
    - ``"skipped"``: not asked, since an earlier question used up the time.
    """

    kind: str
    parts: tuple[NDArray[Any], ...] = ()
    typed: bool = True
    detail: str = ""
    error: str = ""
    line: str = ""
    printed: str = ""
    changed: tuple[int, ...] = ()


def reply_to(
    answer: Any,
    probe: str,
    given: tuple[Any, ...],
    original: tuple[Any, ...],
    stop: type[BaseException],
    most_cells: int = MOST_CELLS,
) -> Reply:
    """Ask one question; only `stop`, thrown in when time is up, comes out as an exception.

    Parameters
    ----------
    answer
        What the student wrote.
    probe
        The name of a function of `coursekit.checks.runner.probes`.
    given, original
        The arguments twice: the answer may change the first.
    most_cells
        How many numbers may come back.
    """
    try:
        reply = _reply(answer, probe, given, most_cells)
    except stop:
        raise
    except NotNumbersError as error:
        reply = Reply("type", detail=message_of(error))
    except BaseException as error:  # SystemExit and the like are the answer's doing, too
        unwritten = type(error) is NotImplementedError and "not implemented for" not in str(error)
        reply = Reply(
            "unwritten" if unwritten else "error",  # torch says so of types that it cannot take
            error=type(error).__name__,
            detail=message_of(error),
            line=line_of(answer, error.__traceback__),
        )
    if probe not in probes.PLAIN:
        return reply
    pairs = enumerate(zip(given, original, strict=True))
    return replace(reply, changed=tuple(i for i, (now, then) in pairs if not _same(now, then)))


def _reply(answer: Any, probe: str, given: tuple[Any, ...], most_cells: int) -> Reply:
    """Put what the answer returned into a reply."""
    value = getattr(probes, probe)(answer, *given)
    if value is Ellipsis or (value is None and is_stub(answer)):
        return Reply("unwritten")
    if value is None:
        return Reply("none")
    try:
        if probe in probes.SEVERAL_PARTS:
            parts, typed = tuple(to_array(part)[0] for part in value), True
        else:
            array, typed = to_array(value)
            parts = (array,)
        if sum(part.size for part in parts) > most_cells:
            raise TooLargeError
    except TooLargeError:
        return Reply("large", detail=described(value)[:MOST_TEXT])
    held = value[0] if probe in probes.RETURNED_FIRST else value
    plain = isinstance(held, np.ndarray | np.generic)
    plain = plain or (probe in probes.SEVERAL_PARTS and held is value)
    return Reply("value", parts, bool(typed), detail="" if plain else described(held))


def _same(now: Any, before: Any) -> bool:
    """Say whether an argument is what it was before the call."""
    if not isinstance(before, np.ndarray):
        return True
    return bool(
        now.shape == before.shape
        and now.dtype == before.dtype
        and np.array_equal(now, before, equal_nan=before.dtype.kind == "f")
    )


def message_of(error: BaseException) -> str:
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


def line_of(answer: Any, trace: TracebackType | None, ours: tuple[str, ...] = (OURS,)) -> str:
    """Return the student's own line in which an exception rose: "line 4: total += x[i]".

    `ours` are folders with code of this project.
    """
    try:
        steps = list(traceback.walk_tb(trace))
        own = getattr(getattr(answer, "__code__", None), "co_filename", None)
        theirs = [s for s in steps if not _of_a_library(s[0].f_code.co_filename, ours)]
        theirs = [s for s in theirs if s[0].f_code.co_filename == own] or theirs
        return source_line(theirs[-1][0].f_code.co_filename, theirs[-1][1]) if theirs else ""
    except Exception:
        return ""


def source_line(file: str, number: int) -> str:
    """Return a line of a file as it is quoted to a student."""
    source = getline(file, number).strip()[:MOST_SOURCE]
    return f"line {number}: {source}" if source else f"line {number}"


def _of_a_library(file: str, ours: tuple[str, ...]) -> bool:
    """Say whether code is ours, Python's or a package's: nothing that a student has written."""
    return file.startswith((*ours, _PYTHON, "<frozen", "<__array")) or "-packages" in file
