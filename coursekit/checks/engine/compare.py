"""Comparing what came out with what should have: shape, type and values, to a tolerance."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.draw import key_of
from coursekit.checks.engine.spec import Args, Array, Exercise, Parts, Question, as_parts
from coursekit.checks.engine.types import allowed
from coursekit.checks.runner import probes
from coursekit.checks.runner.reply import Reply

_RIGHT: dict[Any, tuple[Exercise, Parts]] = {}
_KEPT = 512
RELATIVE = 4e-6  # of the largest expected value: room for float32, none for a value cut to whole


def outcome(exercise: Exercise, question: Question, implementation: Callable[..., Any]) -> Parts:
    """Return what one of our own implementations gives for a question, asked in the same way.

    Raises
    ------
    Exception
        Whatever the implementation raises: a wrong one may fail on some questions.
    """
    args = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in question.args)
    with np.errstate(all="ignore"):
        if exercise.direct:
            return as_parts(implementation(*args))
        value = getattr(probes, question.probe)(implementation, *args)
        return as_parts(value if question.probe in probes.SEVERAL_PARTS else np.array(value))


def right_answer(exercise: Exercise, question: Question) -> Parts:
    """Return what a right reply is compared with; the last few hundred are kept, read-only."""
    key = id(exercise), question.probe, tuple(map(key_of, question.args))
    kept = _RIGHT.get(key)
    if kept is None or kept[0] is not exercise:
        parts = outcome(exercise, question, exercise.exact or exercise.oracle)
        for part in parts:
            part.flags.writeable = False
        if len(_RIGHT) >= _KEPT:
            _RIGHT.clear()
        kept = _RIGHT[key] = exercise, parts
    return kept[1]


def fits(exercise: Exercise, reply: Reply, expected: Parts, question: Question) -> bool:
    """Say whether a reply is right in shape and values, and of whole numbers where those belong."""
    return agrees(exercise, reply, expected, question) and all(
        allowed(exercise, part) for part in reply.parts[: 1 if not exercise.direct else 0]
    )


def agrees(exercise: Exercise, reply: Reply, expected: Parts, question: Question) -> bool:
    """Say whether a reply is right in shape and values, as far as its check looks."""
    look = question.check.look
    if look is None:
        return same(exercise, reply.parts, expected)
    return _alike(exercise, look(reply.parts), look(expected))


def agrees_in_all(exercise: Exercise, reply: Reply, expected: Parts) -> bool:
    """Say whether a model's reply is right in all that any of its checks looks at."""
    looks = [check.look for check in exercise.checks if check.look is not None]
    return all(_alike(exercise, look(reply.parts), look(expected)) for look in looks)


def same(exercise: Exercise, got: Parts, expected: Parts) -> bool:
    """Say whether two outcomes agree in shape and values, in every part that is compared."""
    return _alike(exercise, got[: exercise.compared], expected[: exercise.compared])


def _alike(exercise: Exercise, got: Parts, expected: Parts) -> bool:
    return len(got) == len(expected) and all(
        same_array(g, e, exercise.tolerance) for g, e in zip(got, expected, strict=True)
    )


def same_array(got: Array, expected: Array, tolerance: float) -> bool:
    """Say whether two arrays agree in shape and values.

    Axes of length one that got lost on the way (by `squeeze`) are forgiven.

    Examples
    --------
    >>> same_array(np.float32([0.1, 0.2]), np.array([0.1, 0.2]), 1e-6)
    True
    >>> same_array(np.zeros((1, 3)), np.zeros((3, 1)), 1e-6)
    False
    """
    if not same_shape(got.shape, expected.shape):
        return False
    return np.array_equal(got, expected) or not differs(got, expected, tolerance).any()


def same_shape(got: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Say whether a shape is the expected one, or is so but for lost axes of length one.

    A single number may also come in an array of one cell.
    """
    if got == expected or (expected == () and math.prod(got) == 1):
        return True
    return len(got) < len(expected) and _squeezed(got) == _squeezed(expected)


def differs(got: Array, expected: Array, tolerance: float) -> Array:
    """Return True for each cell whose value is wrong; the sizes must agree."""
    a = got.reshape(expected.shape).astype(np.float64)
    b = expected.astype(np.float64)
    finite = np.abs(b[np.isfinite(b)])
    room = tolerance + RELATIVE * (finite.max() if finite.size else 0.0)
    with np.errstate(invalid="ignore"):
        close = np.abs(a - b) <= room
    alike: Array = close | (a == b) | (np.isnan(a) & np.isnan(b))
    return ~alike


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


_FEW = 64  # so many numbers a loop adds up sooner than NumPy


def smaller_first(args: Args) -> tuple[float, float]:
    """Return how large a question is: its cells first, then how complicated its numbers are."""
    cells = sum(a.size for a in args if isinstance(a, np.ndarray))
    return float(cells), sum(_cost(a) for a in args)


def _cost(value: Any) -> float:
    """Return a small number for small whole numbers, a larger one for zeros, signs and fractions.

    A 0 hides what happens to it, and so do equal numbers: both cost more than 1, 2, 3.
    """
    array = np.ravel(value)
    if array.dtype.kind == "U":
        return float(sum(map(len, array.tolist())))  # words
    floats = getattr(getattr(value, "dtype", None), "kind", "i") == "f"
    if array.size > _FEW:
        return _cost_of_many(array.astype(np.float64)) + 0.1 * floats
    numbers = array.tolist()
    cost = len(numbers) + 0.3 * (len(numbers) - len(set(numbers))) + 0.1 * floats
    for number in numbers:
        size = abs(number)
        cost += 0.1 * min(size, 1e6) + 4 * (size == 0) + 0.5 * (number < 0)
        cost += 5 * (math.isfinite(size) and size != round(size))
    return cost


def _cost_of_many(numbers: Array) -> float:
    """Return what the loop of `_cost` adds up, by NumPy."""
    sizes = np.abs(numbers)
    distinct = np.unique(numbers, equal_nan=False).size
    broken = np.isfinite(sizes) & (sizes != np.round(sizes))
    each = 0.1 * np.minimum(sizes, 1e6) + 4 * (sizes == 0) + 0.5 * (numbers < 0) + 5 * broken
    return float(numbers.size + 0.3 * (numbers.size - distinct) + each.sum())
