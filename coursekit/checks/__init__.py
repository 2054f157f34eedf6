"""Checks, hints and points of the exercises.

>>> from coursekit.checks import exercise_sets, misconceptions
>>> misconceptions("conv2d")["kernel_flipped"]
'turns the kernel by half a turn before sliding it'
>>> [e.name for e in exercise_sets()["02_convolution_1d"].exercises]
['convolve1d', 'correlate1d']
"""

from coursekit.checks.engine.name import known_ideas
from coursekit.checks.engine.report import CheckOutcome, Counterexample, Result
from coursekit.checks.hints import Hint, hint
from coursekit.checks.run import check
from coursekit.checks.sets import exercise, exercise_sets

__all__ = [
    "CheckOutcome",
    "Counterexample",
    "Hint",
    "Result",
    "check",
    "exercise",
    "exercise_sets",
    "hint",
    "misconceptions",
]


def misconceptions(name: str) -> dict[str, str]:
    """Return every wrong idea that the check of `name` can recognise, with what it does.

    Raises
    ------
    ValueError
        When there is no check of that name.

    Examples
    --------
    >>> "no_flip" in misconceptions("convolve1d")
    True
    """
    return {key: idea.does for key, idea in known_ideas(exercise(name)).items()}
