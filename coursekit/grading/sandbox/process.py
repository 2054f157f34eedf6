"""One student's process in a sandbox, as it is seen from outside.

All that comes back is looked at before it is believed to have a form; none of it is believed to
be true.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coursekit.checks.runner.clock import Times
from coursekit.grading.sandbox import protocol
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.patience import wait as patient
from coursekit.grading.untrusted import wire


class Gone(Exception):
    """The process of a submission has ended, or had to be ended.

    `kind` is ``"crashed"``, ``"timeout"`` or ``"out_of_memory"``.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True)
class Ending:
    """How the process of a submission ended, as the kernel tells it."""

    signal: int = 0
    code: int = 0
    cpu: float = 0.0
    out_of_memory: bool = False


class StudentProcess:
    """The process that holds one student's work.

    Attributes
    ----------
    tasks
        Tells what it has used.
    ending : Ending
        How it ended; known after the ``with`` block.
    """

    def __init__(
        self, channel: socket.socket, limits: Limits, tasks: Callable[[], Times] = dict
    ) -> None:
        self._channel, self._limits, self.tasks = channel, limits, tasks
        self._asked: socket.socket | None = None
        self.ending = Ending()

    def cut(self) -> None:
        """Cut all channels: whoever waits at one goes on at once."""
        for channel in (self._channel, self._asked):
            if channel is not None:
                with contextlib.suppress(OSError):
                    channel.shutdown(socket.SHUT_RDWR)

    def run_cell(self, source: str, seconds: float) -> dict[str, Any]:
        """Run one cell; return what it is said to have come to.

        Raises
        ------
        Gone
            When the process has ended, or does not come back in time.
        """
        limits = replace(self._limits, cell=seconds, all_cells=seconds)
        return next(iter(self.run_cells([source], limits)))

    def run_cells(
        self, sources: Sequence[str], limits: Limits | None = None
    ) -> Iterator[dict[str, Any]]:
        """Run cells and give what each is said to have come to, as it comes.

        One that is not run any more, since the time for all of them is over, has ``late``.

        Raises
        ------
        Gone
            When the process has ended, or a cell does not come back in time.
        """
        limits = limits or self._limits
        end = time.monotonic() + limits.all_cells
        asked = {
            "kind": "cells", "seconds": limits.cell, "all_seconds": limits.all_cells,
            "imports": limits.imports,
        }  # fmt: skip
        codes = [np.frombuffer(s.encode("utf-8", "replace"), np.uint8) for s in sources]
        try:
            ticket = protocol.send(self._channel, asked, codes, deadline=end)
            for _ in sources:
                patience = limits.cell + limits.grace
                patient(self._channel, patience, self.tasks)
                deadline = time.monotonic() + patience
                said, _ = protocol.answer(self._channel, ticket, deadline=deadline, kind="ran")
                yield said
        except wire.WireTimeout:
            raise Gone("timeout", f"still running after {limits.cell:g} seconds") from None
        except wire.WireClosed:
            raise Gone("crashed", "the process has ended") from None
        except wire.WireError as error:
            raise Gone("crashed", f"it sent {error}") from None

    def kinds(self, names: Sequence[str]) -> dict[str, str]:
        """Return what each name is said to stand for: ``"missing"``, ``"function"`` or else.

        Raises
        ------
        Gone
            When the process has ended or does not answer.
        """
        try:
            asked = {"kind": "names", "names": list(names)}
            ticket = protocol.send(self._channel, asked, deadline=self._grace())
            patient(self._channel, self._limits.grace, self.tasks)
            said, _ = protocol.answer(self._channel, ticket, deadline=self._grace(), kind="known")
        except wire.WireTimeout:
            raise Gone("timeout", "it does not answer") from None
        except wire.WireError as error:
            raise Gone("crashed", str(error)) from None
        found = said.get("names")
        found = found if isinstance(found, dict) else {}
        return {name: one_line(found.get(name)) or "missing" for name in names}

    @contextmanager
    def function(self, name: str, last: bool = False) -> Iterator[socket.socket]:
        """Give a channel to a fresh process that answers for one function.

        Parameters
        ----------
        name
            The function.
        last
            True: nothing is asked of this submission afterwards, so that the process that holds
            the work may answer itself.

        Raises
        ------
        Gone
            When the process that holds the work has ended.
        """
        channel, inner = socket.socketpair()
        try:
            try:
                asked = {"kind": "function", "name": name, "last": last}
                ticket = protocol.send(self._channel, asked, deadline=self._grace())
                socket.send_fds(self._channel, [b"+"], [inner.fileno()])
                inner.close()
            except wire.WireTimeout:
                raise Gone("timeout", "it does not answer") from None
            except (wire.WireError, OSError) as error:
                raise Gone("crashed", str(error)) from None
            self._asked = channel
            yield channel
            try:  # it has answered, or it was there and did not; else nobody was asked
                patient(self._channel, self._limits.grace, self.tasks)
                protocol.answer(self._channel, ticket, deadline=self._grace(), kind="asked")
            except wire.WireTimeout:
                raise Gone("timeout", "it does not answer") from None
            except wire.WireError as error:
                raise Gone("crashed", str(error)) from None
        finally:
            self._asked = None
            channel.close()
            inner.close()

    def _grace(self) -> float:
        """Until when an answer may be on its way, a time of `time.monotonic()`."""
        return time.monotonic() + self._limits.grace


def one_line(value: Any) -> str:
    """Return a text from inside as one line of plain characters, at most 300."""
    text = value[:300] if isinstance(value, str) else ""
    return "".join(c if c.isprintable() else " " for c in text)
