"""Waiting for a process in the sandbox as long as it has time left, however busy the machine is."""

import select
import socket
import time
from collections.abc import Callable

import psutil

from coursekit.checks.runner.clock import Clock, Times, tasks_of
from coursekit.grading.untrusted import wire

MOST = 20.0  # times a limit in wall time: beyond it nobody waits, whatever is counted
_LOOKS = 0.1


def tasks_below(pid: int) -> Callable[[], Times]:
    """Return what tells the times of a process and of all that it has started."""

    def tasks() -> Times:
        try:
            children = psutil.Process(pid).children(recursive=True)
        except psutil.Error:
            return {}
        return tasks_of([pid, *(child.pid for child in children)])

    return tasks


def wait(channel: socket.socket, seconds: float, tasks: Callable[[], Times]) -> None:
    """Wait until something can be read.

    The first `seconds` are wall time: most processes answer in them, and need no counting. After
    that a process has as many again, of which only what it computes or waits is counted.

    Raises
    ------
    wire.WireTimeout
        When it has used up both.
    """
    begin = time.monotonic()
    if select.select([channel], [], [], seconds)[0]:
        return
    clock = Clock(times=tasks)
    while max(clock.computed, clock.waited) < seconds and time.monotonic() < begin + MOST * seconds:
        if select.select([channel], [], [], _LOOKS)[0]:
            return
        clock.look()
    raise wire.WireTimeout("nothing came in time")
