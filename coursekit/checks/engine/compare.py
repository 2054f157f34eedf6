"""Comparing what came out with what should have: shape, type and values, to a tolerance."""

import math
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Exercise, Parts, Question
from coursekit.checks.engine.types import allowed
from coursekit.checks.runner.reply import Reply

RELATIVE = 4e-6  # of the largest expected value: room for float32, none for a value cut to whole


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
    most = float(np.abs(b).max(initial=0.0))
    if math.isfinite(most):
        far: Array = ~(np.abs(a - b) <= tolerance + RELATIVE * most)
        return far
    most = float(np.abs(b[np.isfinite(b)]).max(initial=0.0))
    with np.errstate(invalid="ignore"):
        close = np.abs(a - b) <= tolerance + RELATIVE * most
    alike: Array = close | (a == b) | (np.isnan(a) & np.isnan(b))
    return ~alike


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


_FEW = 64  # so many numbers a loop adds up sooner than NumPy


def smaller_first(args: Args) -> tuple[int, float]:
    """Return how large a question is: its cells first, then how complicated its numbers are."""
    return cells(args), sum(map(cost, args))


def cells(args: Args) -> int:
    """Return how many cells the arrays among some arguments have."""
    return sum(a.size for a in args if isinstance(a, np.ndarray))


def cost(value: Any) -> float:
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
    total = len(numbers) + 0.3 * (len(numbers) - len(set(numbers))) + 0.1 * floats
    for number in numbers:
        size = abs(number)
        each = 0.1 * min(size, 1e6)
        if size == 0:
            each += 4
        elif number < 0:
            each += 0.5
        total += each
        if size % 1:  # of infinity there is no rest, of nan no finite one
            total += 5 * math.isfinite(size)
    return total


def _cost_of_many(numbers: Array) -> float:
    """Return what the loop of `cost` adds up, by NumPy."""
    sizes = np.abs(numbers)
    distinct = np.unique(numbers, equal_nan=False).size
    broken = np.isfinite(sizes) & (sizes != np.round(sizes))
    each = 0.1 * np.minimum(sizes, 1e6) + 4 * (sizes == 0) + 0.5 * (numbers < 0) + 5 * broken
    return float(numbers.size + 0.3 * (numbers.size - distinct) + each.sum())
