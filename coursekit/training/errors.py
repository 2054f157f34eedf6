"""What goes wrong in training, in one sentence with its fix."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import Any, Literal

from coursekit.errors import CourseError


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or looks wrong.

    Attributes
    ----------
    code
        Its name, for programs: ``"labels_range"``.
    level
        ``"error"`` where no training can succeed, ``"warning"`` where it goes on, but worse.
    sentence
        What was found, with numbers, and what was expected.
    fix
        Python to paste; the names are those of lesson 11: `model`, `images`, `labels`, `loader`,
        `optimizer`.

    Examples
    --------
    >>> print(Finding("one_class", "warning", "All labels are 3.", "labels = y_train"))
    All labels are 3. Fix: labels = y_train
    """

    code: str
    level: Literal["error", "warning"]
    sentence: str
    fix: str

    def __str__(self) -> str:
        return f"{self.sentence} Fix: {self.fix}"


class TrainingError(CourseError):
    """A run that cannot start or had to stop; a notebook shows its sentence, without a traceback.

    Attributes
    ----------
    history
        What was recorded until then, where a run had begun.
    finding
        What was found, where it has a name.

    Examples
    --------
    >>> print(TrainingError("The loss became NaN at step 3.").history)
    None
    """

    def __init__(
        self, message: str, *, history: Any = None, finding: Finding | None = None
    ) -> None:
        super().__init__(message)
        self.history = history
        self.finding = finding

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class ArgumentError(TrainingError, ValueError, TypeError):
    """An argument that cannot be meant: `ValueError` and `TypeError` at once, caught as either."""


class TrainingWarning(UserWarning):
    """Something about a training run that its author will want to know."""


def warn(sentence: str) -> None:
    """Warn at the line of the student's program that called `coursekit.training`.

    Python shows a warning of one line once; this one is shown in every run.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn("The learning rate is 0.")
    >>> [str(each.message) for each in caught]
    ['The learning rate is 0.']
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
