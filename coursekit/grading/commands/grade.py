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
from coursekit.grading.commands.messages import MOST_NAMED, listed
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import grading_set
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.sandbox import Sandbox
from coursekit.grading.submissions.finding import Submissions, find
from coursekit.grading.submissions.places import refuse_a_file
from coursekit.grading.submissions.roster import Person


class Stopped(CourseError):
    """The instructor stopped the grader; the message says how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class GradeRequest:
    """What `coursekit grade` was asked to do.

    Parameters
    ----------
    set_name, place, out
        The set, the folder or zip of submissions, and the folder for the results.
    workers
        How many submissions are graded at once.
    seed
        What questions are drawn from; None for that of the run before, or a fresh one.
    only
        Students who alone are graded.
    roster, times
        Who may hand in, and when submissions came; empty where nobody said.
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


def run(request: GradeRequest, started: Sandbox | None = None) -> None:
    """Grade a class, and print what a person wants to know of it.

    Parameters
    ----------
    request
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
    grading_set(request.set_name)
    if request.out.resolve() == request.place.resolve():
        raise CallError("--out is the folder of the submissions itself; name another folder")
    refuse_a_file(request.out)
    with _stop_at_once():
        found = find(request.place, request.set_name, leave_out=request.out)
        _pass_over(found, request)
        with Grader(
            request.set_name,
            min(request.workers, len(found.submissions)),
            limits=request.limits,
            unsafe=request.unsafe,
            strict=request.strict,
            started=started,
        ) as grader:
            from coursekit.grading.commands.grade_class import grade_found  # while sandboxes start

            grade_found(request, grader, found.submissions, begin)


def _pass_over(found: Submissions, request: GradeRequest) -> None:
    for sentence in listed(found.passed_over, MOST_NAMED, "other files"):
        print(f"Passed over: {sentence}")
    if not found.submissions:
        raise CourseError(
            f"{printable(str(request.place))} holds no submission of {request.set_name}; name "
            "the folder or zip with the students' notebooks"
        )
    count = len(found.submissions)
    layouts = sorted({one.layout for one in found.submissions} - {"plain", "folder"})
    way = f", laid out as {' and '.join(layouts)} does it" if layouts else ""
    plural = "" if count == 1 else "s"
    print(f"{count:,} submission{plural} of {request.set_name}{way}.", flush=True)


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
