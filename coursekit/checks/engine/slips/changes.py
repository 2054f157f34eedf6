"""What slips are made of: a change of an array, and what is said of it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Args, Array

Change = Callable[[Array], Any]


class SlipDoesNotApplyError(Exception):
    """A change that makes no sense for this shape; an answer that fails there may hold it."""


def of_arguments(change: Callable[[Args], Any]) -> Callable[[Args], Any]:
    """Mark a change that needs the arguments themselves, not the right result."""
    change.takes_arguments = True  # type: ignore[attr-defined]
    return change


def filled(at: Any) -> Change:
    """Return a change that keeps the cells at `at` and puts 0 everywhere else."""

    def kept(out: Array) -> Array:
        found = np.zeros_like(out)
        found[at] = out[at]
        return found

    return kept


def zeroed(*at: Any) -> Change:
    """Return a change that puts 0 into the cells at `at`."""

    def zeroed(out: Array) -> Array:
        for place in at:
            out[place] = 0
        return out

    return zeroed


def sliced(*cut: slice) -> Change:
    """Return a change that keeps a part."""
    return lambda out: out[cut]


def square_only(change: Change) -> Change:
    """Return a change that fails, as an index out of range does, where the array is not square."""

    def square(array: Array) -> Any:
        if len(set(array.shape[-2:])) > 1:
            raise SlipDoesNotApplyError
        return change(array)

    return square


def along_each_axis(cut: slice, axes: int) -> tuple[Change, ...]:
    """Return changes that cut one of the axes, for each of them, and one that cuts them all."""
    ones = tuple(
        sliced(*((ALL,) * before), cut, *((ALL,) * (axes - before - 1))) for before in range(axes)
    )
    return (*ones, sliced(*((cut,) * axes))) if axes > 1 else ones


ALL, BUT_LAST, BUT_FIRST, TURNED = (
    slice(None),
    slice(None, -1),
    slice(1, None),
    slice(None, None, -1),
)
RANGE = "Which is the last index that your loop or slice reaches? range(n) ends at n - 1."
RETURN = "What does Python do with the rest of a loop when it meets a return inside it?"
TYPE = "What type has the array into which you write, and is anything rounded on the way?"
INDEX = "Write down by hand which index of the result belongs to the first input cell."

Slip = tuple[str, str, str, tuple[Callable[..., Any], ...]]
