"""What goes wrong in training, in one sentence with its fix."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import Any, Literal

from coursekit.errors import CourseError


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: an ``"error"``, or a ``"warning"`` where training goes on.

    `text` says what was found, with numbers, what was expected, and after "Fix:" Python to paste.

    Examples
    --------
    >>> found = Finding("one_class", "warning", "All labels are 3. Fix: labels = y_train")
    >>> found.sentence, found.fix
    ('All labels are 3.', 'labels = y_train')
    """

    code: str
    level: Literal["error", "warning"]
    text: str

    @property
    def sentence(self) -> str:
        """What was found and what was expected."""
        return self.text.partition(" Fix: ")[0]

    @property
    def fix(self) -> str:
        """Python to paste; its names are those of lesson 11."""
        return self.text.partition(" Fix: ")[2]

    def __str__(self) -> str:
        return self.text


def fatal(code: str, text: str) -> Finding:
    """Make a finding with which no training can succeed."""
    return Finding(code, "error", text)


def suspect(code: str, text: str) -> Finding:
    """Make a finding with which training goes on, but worse."""
    return Finding(code, "warning", text)


class TrainingError(CourseError):
    """A run that cannot start or had to stop; a notebook shows its sentence, without a traceback.

    `finding` says why; `history` holds what was recorded until then, where a run had begun.
    """

    def __init__(self, finding: Finding, history: Any = None) -> None:
        super().__init__(str(finding))
        self.finding = finding
        self.history = history

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class ArgumentError(TrainingError, ValueError, TypeError):
    """An argument that cannot be meant: `ValueError` and `TypeError` at once, caught as either."""

    def __init__(self, text: str) -> None:
        super().__init__(Finding("argument", "error", text))


class TrainingWarning(UserWarning):
    """Something about a training run that its author will want to know."""


def warn(sentence: str) -> None:
    """Warn at the line of the student's program that called `coursekit.training`.

    Python shows a warning of one line once; this one is shown in every run.
    """
    package = __name__.rpartition(".")[0]
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame = frame.f_back
    warnings.warn_explicit(
        sentence,
        TrainingWarning,
        filename=frame.f_code.co_filename,
        lineno=frame.f_lineno,
        module=frame.f_globals.get("__name__", "__main__"),
        registry={},
    )
