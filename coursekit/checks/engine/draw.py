"""Drawing questions: the same ones for the same seed, whatever else has been drawn."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Question

T = TypeVar("T")


class Pick:
    """What a check's `draw` uses to choose arguments.

    Values are whole numbers or quarters of moderate size, so that sums are exact in float32 and
    an answer is never called wrong for the order in which it adds up.

    Examples
    --------
    >>> pick = Pick(np.random.default_rng(0))
    >>> pick.array((2, pick.integer(3, 3)), "signs").shape
    (2, 3)
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included; the ends come often."""
        if self._random.random() < 0.2:  # mistakes live there
            return int(low if self._random.random() < 0.5 else high)
        return int(self._random.integers(low, high, endpoint=True))

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[int(self._random.integers(len(options)))]

    def array(self, shape: tuple[int, ...], kind: str = "whole") -> Array:
        """Return an array of `shape`.

        `kind` is ``"whole"`` (int64, -9 to 9), ``"real"`` (float64, quarters from -8 to 8),
        ``"bytes"`` (uint8) or ``"signs"`` (int64, -1 and 1).
        """
        raw = self._random.integers(0, 256, shape, dtype=np.uint8)
        if self._random.random() < 0.1:  # mostly alike, with a few that stand out
            alike = self._random.random(shape) >= 0.2
            raw[alike] = raw.flat[0] if raw.size else 0
        if kind == "bytes":
            return raw
        whole = raw.astype(np.int64)
        if kind == "signs":
            return whole % 2 * 2 - 1
        return whole % 19 - 9 if kind == "whole" else (whole % 65 - 32) / 4

    def generator(self) -> np.random.Generator:
        """Return a generator, for arrays too large to be drawn cell by cell."""
        return np.random.default_rng(int(self._random.integers(0, 2**32)))


def questions(exercise: Exercise, seed: int = 0) -> list[Question]:
    """Return everything that an answer is asked, check by check, without repetitions."""
    return [
        Question(check, args)
        for number, check in enumerate(exercise.checks)
        for args in distinct(
            [*check.examples, *_drawn(check.draw, check.count, _seed(exercise, seed, number))]
        )
    ]


def drawn(check: Check, count: int, seed: int) -> list[Args]:
    """Return `count` tuples of arguments for one check, the same ones for the same seed."""
    pick = Pick(np.random.default_rng(seed))
    return [check.draw(pick) for _ in range(count)]


@lru_cache(maxsize=64)
def _drawn(draw: Callable[[Pick], Args], count: int, seed: int) -> tuple[Args, ...]:
    """Draw, or return what the same call has drawn before; whoever asks makes copies."""
    pick = Pick(np.random.default_rng(seed))
    return tuple(draw(pick) for _ in range(count))


def _seed(exercise: Exercise, seed: int, number: int) -> int:
    return crc32(exercise.name.encode()) + 1000 * seed + number


def key_of(value: Any) -> Any:
    """Return something hashable that two arguments share if they are the same."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(key_of(item) for item in value)
    return type(value).__name__, repr(value)


def distinct(several: Sequence[Args]) -> list[Args]:
    """Return the arguments without repetitions, in order."""
    seen: dict[Any, Args] = {}
    for args in several:
        seen.setdefault(key_of(args), args)
    return list(seen.values())
