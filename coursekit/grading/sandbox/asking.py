"""Questions to a process in the sandbox, and replies of a known form from it."""

import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Exercise, Parts, Question
from coursekit.checks.runner.clock import Times
from coursekit.checks.runner.probes import PLAIN
from coursekit.checks.runner.reply import Reply
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.patience import MOST, wait
from coursekit.grading.sandbox.protocol import answer, send
from coursekit.grading.untrusted import wire

# What a reply may say of itself; "stuck" is found out here.
_KINDS = frozenset({"value", "unwritten", "none", "type", "large", "error", "stopped", "skipped"})
_MOST_TEXT = 300
_FEWEST_CELLS = 4096
_MOST_CELLS = 2_000_000


class Asker:
    """Asks one function, over a channel of its own, with one limit for all questions together.

    Parameters
    ----------
    channel
        Leads to the process that answers.
    exercise
        What is asked; its right answers say how large a reply may be.
    limits
        How long everything may take.
    tasks
        Tells what the process has used.

    Attributes
    ----------
    ended : str
        Why nothing more can be asked: ``"timeout"``, ``"crashed"`` or ``"odd"``; empty before.
    seconds : float
        How long the answers took.
    """

    def __init__(
        self,
        channel: socket.socket,
        exercise: Exercise,
        limits: Limits,
        tasks: Callable[[], Times] = dict,
    ) -> None:
        self._channel, self._exercise, self._limits = channel, exercise, limits
        self._left, self._tasks = limits.function, tasks
        self._wall = MOST * limits.function
        self._cells = _FEWEST_CELLS
        self.ended = ""
        self.seconds = 0.0

    def __call__(self, questions: Sequence[Question]) -> list[Reply]:
        """Return one reply for each question, whatever the other side does."""
        if not questions:
            return []
        if self.ended or min(self._left, self._wall) <= 0:
            return [Reply("skipped")] * len(questions)
        begin = time.monotonic()
        try:
            return self._asked(questions)
        except wire.WireTimeout:
            self.ended = "timeout"
            first = Reply("stuck")
        except wire.WireClosed:
            self.ended = "crashed"
            first = Reply(
                "error",
                error="ProcessEnded",
                detail="Python itself ended while this was computed (os._exit, a crash, no memory)",
            )
        except wire.WireError as error:
            self.ended = "odd"
            first = Reply("type", detail=f"something that is not a result ({error})")
        finally:
            took = time.monotonic() - begin
            self.seconds += took
            self._wall -= took
        return [first, *[Reply("skipped")] * (len(questions) - 1)]

    def _asked(self, questions: Sequence[Question]) -> list[Reply]:
        arrays: list[Array] = []
        plain = [{"probe": q.probe, "args": wire.encode(tuple(q.args), arrays)} for q in questions]
        self._cells = max(self._cells, *(self._largest(q) for q in questions))
        asked = {
            "kind": "questions",
            "questions": plain,
            "seconds": max(0.05, self._left),
            "one": self._limits.question,
            "imports": self._limits.imports,
            "most_cells": self._cells,
        }
        most = 8 * min(self._cells * len(questions), _MOST_CELLS)
        patience, begin = self._left + self._limits.grace, time.monotonic()
        ticket = send(self._channel, asked, arrays, deadline=begin + patience)
        wait(self._channel, patience, self._tasks)
        said, numbers = answer(
            self._channel, ticket, most_bytes=most,
            deadline=time.monotonic() + patience, kind="replies",
        )  # fmt: skip
        self._left -= _used(said.get("used"), time.monotonic() - begin)
        return _replies(said.get("replies"), numbers, questions, len(self._exercise.parts))

    def _largest(self, question: Question) -> int:
        """Return how many numbers a reply may hold: far more than a right one does."""
        given = sum(a.size for a in question.args if isinstance(a, np.ndarray))
        return min(_MOST_CELLS, _FEWEST_CELLS + 16 * given)


def _used(said: Any, most: float) -> float:
    """Return the seconds that a process says it has used, as far as they can be."""
    return min(max(float(said), 0.0), most) if type(said) in (int, float) else most


def _replies(
    said: Any, numbers: list[Array], questions: Sequence[Question], parts_wanted: int
) -> list[Reply]:
    """Turn a message into replies.

    Raises
    ------
    wire.WireError
        When it does not answer these questions.
    """
    if not isinstance(said, list) or len(said) != len(questions):
        raise wire.WireError("another number of replies than of questions")
    found, start = [], 0
    for entry, question in zip(said, questions, strict=True):
        if not isinstance(entry, dict) or entry.get("kind") not in _KINDS:
            raise wire.WireError("a reply of a kind that there is not")
        count = entry.get("parts")
        if type(count) is not int or not 0 <= count <= len(numbers) - start:
            raise wire.WireError("a reply with other arrays than were sent")
        parts: Parts = tuple(numbers[start : start + count])
        start += count
        found.append(_reply(entry, parts, question, parts_wanted))
    return found


def _reply(entry: dict[str, Any], parts: Parts, question: Question, parts_wanted: int) -> Reply:
    kind = entry["kind"]
    if kind == "value" and len(parts) != parts_wanted:
        return Reply("type", detail=f"{len(parts)} results")
    changed = entry.get("changed")
    places = range(len(question.args))
    return Reply(
        kind,
        parts if kind == "value" else (),
        typed=entry.get("typed") is not False,
        detail=plain_text(entry.get("detail")),
        error=plain_text(entry.get("error"))[:80] or ("Error" if kind == "error" else ""),
        line=plain_text(entry.get("line")),
        printed=plain_text(entry.get("printed")),
        changed=tuple(i for i in places if i in changed)
        if isinstance(changed, list) and question.probe in PLAIN
        else (),
    )


def plain_text(value: Any, most: int = _MOST_TEXT) -> str:
    """Return a text from the other side as one line of printable characters.

    Examples
    --------
    >>> plain_text("red: " + chr(27) + "[31m" + chr(0x202E)), plain_text(3)
    ('red:  [31m ', '')
    """
    if not isinstance(value, str) or not value:
        return ""
    text = value[:most]
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " for c in text)
