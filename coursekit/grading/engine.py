"""Grading a class: several workers, results in the order of the submissions.

with Grader("03_convolution_2d", workers=2, seed=7) as grader:
    for outcome in grader.outcomes([("ada", content), ...]):
        print(outcome.student, outcome.points)
"""

import json
import secrets
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol

from coursekit._extras import require
from coursekit.errors import CallError
from coursekit.grading.judging.judge import Judge
from coursekit.grading.judging.outcome import CRASHED, Outcome
from coursekit.grading.judging.question_set import QuestionSet
from coursekit.grading.reading.grading_set import GradingSet, grading_set
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.report import SandboxReport, sandbox_report
from coursekit.grading.sandbox.sandbox import Sandbox, SandboxError
from coursekit.grading.sandbox.warm_sandbox import WarmSandbox
from coursekit.grading.sandbox.worker import Worker
from coursekit.grading.submission import SubmissionGrader
from coursekit.notebooks.reading import Event

AHEAD = 2  # submissions a worker that are read before they are needed
LOST = "sandbox_lost"  # the event of a submission that took its sandbox along, every time
_STARTS = 3  # times that a sandbox is started anew for one submission


class ClassGrader(Protocol):
    """What grades a class: `Grader`, and for projects `ProjectGrader`."""

    set: GradingSet
    seed: int
    isolated: bool

    @property
    def cold_because(self) -> str:
        """Why submissions get a sandbox each; empty where they do not."""

    def draw_from(self, seed: int) -> None:
        """Take another seed, before anything is graded."""

    def outcomes(self, submissions: Iterable[tuple[str, bytes]]) -> Iterator[Outcome]:
        """Grade each submission, in the order in which they came."""

    def finished(self) -> list[Outcome]:
        """Return what is graded and was not given yet."""

    def trouble(self) -> str:
        """Return why no submission can be graded any more; empty where one can."""


class Grader:
    """Grades submissions of one set.

    Parameters
    ----------
    set_name
        As in ``03_convolution_2d``.
    workers
        How many submissions are graded at once.
    seed
        Decides what is asked. Left out, a secret one is drawn; it is kept in `.seed`.
    limits
        What one submission may use.
    unsafe
        True: where the machine can give no sandbox, run students' code without one, and mark
        every result so.
    warm
        False: a sandbox of its own for each submission, as on machines that refuse namespaces
        within namespaces; slower.
    strict
        True: a function that leaves its work to a library's own convolution earns nothing;
        otherwise that is only remarked.
    started
        A sandbox of the same limits that was started beforehand; it ends with the grader.
    asked
        The set with other points than the course gives it.

    Raises
    ------
    CallError
        When there is no such set.
    SandboxError
        When this machine can give no sandbox and `unsafe` is not given; the message says which
        part is missing.
    """

    def __init__(
        self,
        set_name: str,
        workers: int = 1,
        seed: int | None = None,
        limits: Limits | None = None,
        unsafe: bool = False,
        warm: bool = True,
        strict: bool = False,
        started: Sandbox | None = None,
        asked: GradingSet | None = None,
    ) -> None:
        if workers < 1:
            raise CallError(f"workers is {workers}; give at least 1")
        self.set = asked or grading_set(set_name)
        require(*(name.partition(".")[0] for name in self.set.imports))
        self.seed = secrets.randbits(63) if seed is None else seed
        self.limits = limits or Limits()
        self.report: SandboxReport = sandbox_report()
        self.isolated = self.report.usable
        if not self.isolated and not unsafe:
            raise SandboxError(f"{self.report.missing}; or give --unsafe to run without a sandbox")
        self._strict = strict
        self._judge = Judge(QuestionSet(self.seed))
        imports = self.set.imports
        started = started if self.isolated else None
        self._shared = WarmSandbox(imports, self.limits, self.isolated, started) if warm else None
        self._workers = [
            Worker(imports, self.limits, str(n), self.isolated, warm, self._shared)
            for n in range(workers)
        ]
        self._idle = deque(self._workers)
        self._waiting: deque[Future[Outcome]] = deque()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="grading")
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(0.0005)  # a worker that hears from its sandbox goes on at once

    def __enter__(self) -> "Grader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all sandboxes; what is being graded is given up."""
        if self._shared is not None:
            self._shared.stop()
        for worker in self._workers:
            worker.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        if self._shared is not None:
            self._shared.stop()
        sys.setswitchinterval(self._switch)

    def draw_from(self, seed: int) -> None:
        """Take another seed, before anything is graded."""
        self.seed = seed
        self._judge = Judge(QuestionSet(seed))

    @property
    def cold_because(self) -> str:
        """Why submissions get a sandbox each, in place of a warm one; empty where they do not."""
        return next((w.cold_because for w in self._workers if w.cold_because), "")

    def outcomes(self, submissions: Iterable[tuple[str, bytes]]) -> Iterator[Outcome]:
        """Grade each submission and give its outcome, in the order in which they came.

        Parameters
        ----------
        submissions
            Pairs of a student's name and the bytes of the notebook; only a few are read ahead.
        """
        waiting = self._waiting = deque()
        try:
            for student, content in submissions:
                waiting.append(self._pool.submit(self._one, student, content))
                if len(waiting) > AHEAD * len(self._workers):
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        finally:
            for future in waiting:
                future.cancel()

    def finished(self) -> list[Outcome]:
        """Return what is graded and was not given yet, when `outcomes` was stopped half-way."""
        done = [f for f in self._waiting if f.done() and not f.cancelled() and not f.exception()]
        return [future.result() for future in done]

    def trouble(self) -> str:
        """Return why no sandbox serves any more; empty where a plain notebook is graded."""
        cell = {"cell_type": "code", "source": f"{self.set.exercises[0].name} = None"}
        content = json.dumps({"nbformat": 4, "cells": [cell]}).encode()
        outcome = self._pool.submit(self._one, "", content).result()
        return next((e.detail for e in outcome.events if e.code == LOST), "")

    def _one(self, student: str, content: bytes) -> Outcome:
        """Grade one submission with a worker that is idle."""
        with self._lock:
            worker = self._idle.popleft()
        grader = SubmissionGrader(
            self.set, worker, self._judge, self.limits, self.isolated, self._strict
        )
        try:
            for attempt in range(_STARTS):
                try:
                    return grader.outcome(student, content)
                except SandboxError as error:
                    if attempt == _STARTS - 1:
                        return self._lost(student, str(error))
                except Exception as error:  # one notebook never ends the run of a class
                    return self._not_judged(student, error)
            raise AssertionError
        finally:
            with self._lock:
                self._idle.append(worker)

    def _not_judged(self, student: str, error: Exception) -> Outcome:
        """Return the outcome of a submission over which our own code fell."""
        event = Event("not_judged", f"grading it failed: {type(error).__name__}")
        return Outcome(student, CRASHED, (), (event,), isolated=self.isolated)

    def _lost(self, student: str, why: str) -> Outcome:
        """Return the outcome of a submission that took its sandbox along, every time."""
        return Outcome(student, CRASHED, (), (Event(LOST, why),), isolated=self.isolated)


def _first(waiting: deque[Future[Outcome]]) -> Outcome:
    """Wait for the first one; it stays in line when the waiting is interrupted."""
    outcome = waiting[0].result()
    waiting.popleft()
    return outcome
