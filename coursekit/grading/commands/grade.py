"""The command `coursekit grade`: what is asked for, and its beginning.

What takes time here, such as opening the gradebook, is done while the sandbox warms up.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.errors import CallError, CourseError
from coursekit.grading.box.limits import Limits
from coursekit.grading.box.sandbox import Sandbox
from coursekit.grading.commands.spoken import MOST_NAMED, listed
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.handins.finding import HandIns, find
from coursekit.grading.handins.places import refuse_a_file
from coursekit.grading.handins.roster import Person
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import grading_set


class Stopped(CourseError):
    """The instructor stopped the grader; the message says how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class Order:
    """What `coursekit grade` was asked to do.

    Parameters
    ----------
    set_name, place, out
        The set, the folder or zip of hand-ins, and the folder for the results.
    workers
        How many hand-ins are graded at once.
    seed
        What questions are drawn from; None for that of the run before, or a fresh one.
    only
        Students who alone are graded.
    roster, times
        Who may hand in, and when hand-ins came; empty where nobody said.
    rule
        When the set is due; None for that which was given earlier.
    """

    set_name: str
    place: Path
    out: Path
    workers: int = 1
    seed: int | None = None
    only: tuple[str, ...] = ()
    roster: tuple[Person, ...] = ()
    times: tuple[Person, ...] = ()
    rule: Rule | None = None
    who: str = ""
    unsafe: bool = False
    strict: bool = False
    with_preflight: bool = True
    limits: Limits = field(default_factory=Limits)


def grade(order: Order, started: Sandbox | None = None) -> None:
    """Grade a class, and print what a person wants to know of it.

    Parameters
    ----------
    order
        What was asked for.
    started
        A sandbox that was started beforehand.

    Raises
    ------
    CallError
        When the set, the place or a student is not there.
    CourseError
        When the work cannot be done; what was graded is kept.
    """
    begin = time.monotonic()
    grading_set(order.set_name)
    if order.out.resolve() == order.place.resolve():
        raise CallError("--out is the folder of the hand-ins itself; name another folder")
    refuse_a_file(order.out)
    with _stop_at_once():
        found = find(order.place, order.set_name, leave_out=order.out)
        _pass_over(found, order)
        with Grader(
            order.set_name,
            min(order.workers, len(found.submissions)),
            limits=order.limits,
            unsafe=order.unsafe,
            strict=order.strict,
            started=started,
        ) as grader:
            from coursekit.grading.commands.grade_class import grade_class  # while sandboxes start

            grade_class(order, grader, found.submissions, begin)


def _pass_over(found: HandIns, order: Order) -> None:
    for sentence in listed(found.passed_over, MOST_NAMED, "other files"):
        print(f"Passed over: {sentence}")
    if not found.submissions:
        raise CourseError(
            f"{printable(str(order.place))} holds no hand-in of {order.set_name}; name the folder "
            "or zip with the students' notebooks"
        )
    count = len(found.submissions)
    layouts = sorted({one.layout for one in found.submissions} - {"plain", "folder"})
    way = f", laid out as {' and '.join(layouts)} does it" if layouts else ""
    print(f"{count:,} hand-in{'' if count == 1 else 's'} of {order.set_name}{way}.", flush=True)


@contextmanager
def _stop_at_once() -> Iterator[None]:
    """Let the system's request to end (SIGTERM) do what Ctrl-C does."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(
            "stopped; everything graded so far is kept, and the same command goes on"
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)
