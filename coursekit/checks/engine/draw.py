"""Drawing questions: the same ones for the same seed, whatever else has been drawn."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Check, Exercise, Question, key_of

__all__ = ["Pick", "distinct", "drawn", "questions"]


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


def distinct(several: Sequence[Args]) -> list[Args]:
    """Return the arguments without repetitions, in order."""
    seen: dict[Any, Args] = {}
    for args in several:
        seen.setdefault(key_of(args), args)
    return list(seen.values())
