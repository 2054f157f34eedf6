"""Reading the projects of a class: nothing is run, and a person gives all points."""

import time
from collections.abc import Iterable, Iterator
from types import TracebackType

from coursekit.grading.judging.outcome import (
    CRASHED,
    GRADED,
    UNREADABLE,
    CheckMark,
    FunctionOutcome,
    Outcome,
)
from coursekit.grading.reading.grading_set import GradingSet
from coursekit.notebooks.reading import Event, Unreadable, read_notebook
from coursekit.project.findings import Finding, findings
from coursekit.project.rubric import parts


class ProjectGrader:
    """Says of each project what its rubric looks for; stands where `Grader` does for exercises.

    Parameters
    ----------
    asked
        The project, with the points that its parts are worth.
    """

    isolated = True  # nothing of a student's is run
    cold_because = ""

    def __init__(self, asked: GradingSet) -> None:
        self.set = asked
        self.seed = 0

    def __enter__(self) -> "ProjectGrader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def draw_from(self, seed: int) -> None:
        """Take another seed, which changes nothing here."""
        self.seed = seed

    def outcomes(self, submissions: Iterable[tuple[str, bytes]]) -> Iterator[Outcome]:
        """Read each submission and give its outcome, in the order in which they came."""
        for student, content in submissions:
            begin = time.monotonic()
            try:
                events = read_notebook(content).events
                found = findings(content)
                status = GRADED
            except Unreadable as problem:
                events, found, status = (problem.event,), [], UNREADABLE
            except Exception as error:  # one notebook never ends the run of a class
                said = f"reading it failed: {type(error).__name__}"
                events, found, status = (Event("not_judged", said),), [], CRASHED
            there = status == GRADED
            looked = tuple(self._part(one.name, found, there) for one in self.set.exercises)
            yield Outcome(student, status, looked, events, time.monotonic() - begin)

    def finished(self) -> list[Outcome]:
        """Return what is read and was not given yet: nothing."""
        return []

    def trouble(self) -> str:
        """Return why nothing can be read any more: there is no such thing here."""
        return ""

    def _part(self, name: str, found: list[Finding], there: bool) -> FunctionOutcome:
        """Return a part of the rubric: no points yet, and all that was looked for in it."""
        part = next(part for part in parts() if part.name == name)
        worth = next(one.points for one in self.set.exercises if one.name == name)
        own = [one for one in found if one.part == name]
        return FunctionOutcome(
            name=name,
            points=0.0,
            max_points=worth,
            passed=False,
            attempted=there,
            by_person=True,
            checks=tuple(CheckMark(one.name, 0.0, one.passed, one.message) for one in own),
            message="",
            html="",
            remarks=(f"For all points: {part.full}", f"For half of them: {part.half}"),
        )
