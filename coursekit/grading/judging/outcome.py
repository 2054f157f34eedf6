"""What comes of grading one submission, in the form of `results.json`."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.checks.engine.report import Counterexample
from coursekit.notebooks.open_answers import OpenAnswer
from coursekit.notebooks.reading import Event

GRADED, TIMEOUT, OUT_OF_MEMORY = "graded", "timeout", "out_of_memory"
CRASHED, UNREADABLE = "crashed", "unreadable"
MOST_SHOWN = 2000  # numbers of one array in an entry
STATUSES = (GRADED, TIMEOUT, OUT_OF_MEMORY, CRASHED, UNREADABLE)


@dataclass(frozen=True)
class CheckMark:
    """One check of a function: its name, its points, whether it passed, and what is said of it."""

    name: str
    points: float
    passed: bool
    message: str


@dataclass(frozen=True)
class FunctionOutcome:
    """One function of a submission.

    Attributes
    ----------
    message, html
        What the student's own `check` would have shown, as text and as HTML.
    attempted
        False where there is nothing but the handed-out stub, or nothing at all.
    hint
        The first hint, where the function is not right.
    remarks
        What is worth saying and costs nothing.
    code
        The cell that defines it.
    by_person
        True for what a person gives the points of.
    """

    name: str
    points: float
    max_points: float
    passed: bool
    attempted: bool
    checks: tuple[CheckMark, ...]
    message: str
    html: str
    misconception: str | None = None
    counterexample: Counterexample | None = None
    hint: str = ""
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    code: str = field(default="", compare=False)
    by_person: bool = False

    def as_entry(self) -> dict[str, Any]:
        """Return the entry of `results.json`."""
        example = self.counterexample
        return {
            "name": self.name,
            "points": self.points,
            "max_points": self.max_points,
            "passed": self.passed,
            "attempted": self.attempted,
            "checks": [
                {"name": c.name, "points": c.points, "passed": c.passed, "message": c.message}
                for c in self.checks
            ],
            "message": self.message,
            "misconception": self.misconception,
            "counterexample": None
            if example is None
            else {
                "args": [plain(arg) for arg in example.args],
                "expected": plain(example.expected),
                "got": plain(example.got),
            },
            "hint": self.hint,
            "remarks": list(self.remarks),
            "code": self.code,
        } | ({"by_person": True} if self.by_person else {})


@dataclass(frozen=True)
class FailedCell:
    """A cell that ended in an error: its place among the code cells, the error and its line."""

    number: int
    error: str
    text: str
    line: int
    heading: str = ""

    def __str__(self) -> str:
        place = f"code cell {self.number}" + (f" under “{self.heading}”" if self.heading else "")
        place += f", line {self.line}" if self.line else ""
        return f"{place}: {self.error}: {self.text}" if self.text else f"{place}: {self.error}"


@dataclass(frozen=True)
class Outcome:
    """What came of one submission.

    Attributes
    ----------
    status
        One of `STATUSES`.
    seconds
        Wall time that it took.
    first_failed
        The first cell that ended in an error, None where there is none.
    isolated
        False where it ran without a sandbox: no mark of it can be relied on.
    answers
        To the open questions.
    """

    student: str
    status: str
    functions: tuple[FunctionOutcome, ...]
    events: tuple[Event, ...] = ()
    seconds: float = 0.0
    first_failed: FailedCell | None = None
    isolated: bool = True
    cells_run: int = field(default=0, compare=False)
    answers: tuple[OpenAnswer, ...] = ()

    @property
    def points(self) -> float:
        """All points together."""
        return round(float(sum(function.points for function in self.functions)), 9)

    def as_entry(self) -> dict[str, Any]:
        """Return the entry of `results.json`: strict JSON.

        `to_mark` names what a person has to give points for.
        """
        to_mark = [one.name for one in self.functions if one.by_person and one.attempted]
        more: dict[str, Any] = {} if self.isolated else {"isolated": False}
        more |= {"to_mark": to_mark} if to_mark else {}
        more |= {"answers": [one.as_entry() for one in self.answers]} if self.answers else {}
        return {
            "student": self.student,
            "points": self.points,
            "status": self.status,
            "seconds": round(self.seconds, 3),
            "functions": [function.as_entry() for function in self.functions],
            "events": [{"code": e.code, "detail": e.detail} for e in self.events],
        } | more


def plain(value: Any) -> Any:
    """Return a value as strict JSON can hold it; what is not a finite number becomes a text.

    An array of very many numbers (all weights of a network) becomes a text, too: its shape.

    Examples
    --------
    >>> plain(np.array([[1, 2], [3, 4]])), plain((np.float64("nan"), 2.5, True, None))
    ([[1, 2], [3, 4]], ['nan', 2.5, True, None])
    >>> plain(np.zeros((400, 120)))
    'float64 array, 400 x 120'
    """
    if isinstance(value, np.ndarray) and math.prod(n or 1 for n in value.shape) > MOST_SHOWN:
        sides = " x ".join(map(str, value.shape))
        return f"{value.dtype.name} array, {sides}"
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(type(value).__name__)
