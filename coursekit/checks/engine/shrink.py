"""Making a failing question smaller, as long as it still fails in the same way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import numpy as np

from coursekit.checks.engine.compare import cells, cost
from coursekit.checks.engine.spec import Args, Array, Ask, Exercise, Question
from coursekit.checks.runner.reply import Reply

BUDGET = 240  # questions that may be asked on the way; a count, so that the text is always the same
AT_ONCE = 16

Found = tuple[Question, Reply]
StillFails = Callable[[Question, Reply], bool]


def smallest(exercise: Exercise, ask: Ask, start: Found, still_fails: StillFails) -> Found:
    """Return the smallest failing question that can be reached from `start`, and its reply.

    Candidates are asked in batches, the smallest first, until none of them fails any more, the
    budget is used up or the answer takes too long.
    """
    best, left = start, BUDGET
    while left > 0:
        candidates = _candidates(exercise, best[0])
        better: Found | None = None
        while batch := list(islice(candidates, min(AT_ONCE, left))):
            replies = ask(batch)
            left -= len(batch)
            found = (pair for pair in zip(batch, replies, strict=True) if still_fails(*pair))
            better = next(found, None)
            if better or any(r.kind in ("stopped", "stuck", "skipped") for r in replies):
                break
        if better is None:
            return best
        best = better
    return best


def _candidates(exercise: Exercise, question: Question) -> Iterator[Question]:
    """Yield simpler questions, each one step away, the simplest first (see `smaller_first`)."""
    size = cells(question.args)
    by_cells: dict[int, list[Args]] = {}
    several = exercise.smaller(*question.args) if exercise.smaller else ()
    for args in chain(_simpler(question.args), several):
        by_cells.setdefault(cells(args), []).append(args)
    costs = {id(arg): cost(arg) for arg in question.args}  # most candidates change one argument
    limit = sum(costs[id(arg)] for arg in question.args)
    for count in sorted(count for count in by_cells if count <= size):
        seen: dict[Any, tuple[float, Args]] = {}
        for args in by_cells[count]:
            taken = sum(costs[id(arg)] if id(arg) in costs else cost(arg) for arg in args)
            if (count < size or taken < limit) and exercise.valid(*args):
                key = tuple(
                    a.tobytes() + bytes(str(a.shape), "ascii") if _is(a) else a for a in args
                )
                seen.setdefault(key, (taken, args))
        for _, args in sorted(seen.values(), key=lambda pair: pair[0]):
            yield replace(question, args=args)


def _simpler(args: Args) -> Iterator[Args]:
    """Yield arguments with one thing made simpler: a row less, a value nearer to zero."""
    for i, arg in enumerate(args):
        options = _less(arg) if _is(arg) else _nearer(arg)
        for option in options:
            yield (*args[:i], option, *args[i + 1 :])
    shapes = {arg.shape for arg in args if _is(arg)}
    if len(shapes) == 1 and sum(map(_is, args)) > 1:  # arrays that must stay alike in shape
        for cut in _cuts(next(arg for arg in args if _is(arg)).shape):
            yield tuple(arg[cut].copy() if _is(arg) else arg for arg in args)


def _less(array: Array) -> Iterator[Array]:
    """Yield arrays with fewer cells, then such with simpler values."""
    for cut in _cuts(array.shape):
        yield array[cut].copy()
    counted = np.arange(1, array.size + 1).reshape(array.shape)
    yield counted.astype(array.dtype)
    if array.dtype.kind != "u":
        yield np.where(counted % 2, counted, -counted).astype(array.dtype)
    for value in (1, 2, 0):
        yield np.full_like(array, value)
    if array.dtype.kind == "f":
        yield np.rint(array) + 0.0  # not -0.0
        yield np.sign(array) * np.ceil(np.abs(array)) + 0.0
    for index in np.ndindex(array.shape):
        for value in _nearer(array[index].item()):
            if array.dtype.kind != "u" or value >= 0:
                changed = array.copy()
                changed[index] = value
                yield changed


def _cuts(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Yield ways to leave out rows or columns at one end: half of them, two, one."""
    for axis, length in enumerate(shape):
        for drop in sorted({length // 2, 2, 1}, reverse=True):
            if 0 < drop < length:
                for part in (slice(drop, None), slice(None, length - drop)):
                    yield tuple(part if a == axis else slice(None) for a in range(len(shape)))


def _nearer(value: Any) -> Iterator[Any]:
    """Yield plainer numbers than `value`: small whole ones, 0 last; of a bool or a word none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    for option in (1, 2, 3, 4, 5, 10, 100, -1, -2, round(value), int(value / 2), value - 1, 0):
        if option != value and (abs(option) <= abs(value) or value == 0):
            yield option


def _is(value: Any) -> bool:
    return isinstance(value, np.ndarray)
