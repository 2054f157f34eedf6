"""Sentences for the one who called: warnings that point at their line, once a run."""

from __future__ import annotations

import sys
import warnings
from types import FrameType

_PACKAGE = __name__.rpartition(".")[0]
_said: set[str] = set()


class TrainingWarning(UserWarning):
    """Something about a training run that its author will want to know."""


def start_run() -> None:
    """Forget what was said: a new run may say it again."""
    _said.clear()


def warn(sentence: str, *, again: bool = False) -> None:
    """Warn with one sentence, at the line that called `coursekit.training`, once in a run.

    Python shows a warning once for each line of a program; this one is shown in every run, also
    when a cell is run again. With `again` it is shown at every call: outside of `fit` there are no
    runs to count.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     start_run()
    ...     warn("The learning rate is 0.")
    ...     warn("The learning rate is 0.")
    >>> [str(each.message) for each in caught]
    ['The learning rate is 0.']
    """
    if sentence in _said and not again:
        return
    _said.add(sentence)
    frame = _caller()
    warnings.warn_explicit(
        sentence,
        TrainingWarning,
        filename=frame.f_code.co_filename,
        lineno=frame.f_lineno,
        module=frame.f_globals.get("__name__", "__main__"),
        registry={},
    )


def _caller() -> FrameType:
    """Find the innermost frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _inside(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return frame


def _inside(module: str) -> bool:
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
