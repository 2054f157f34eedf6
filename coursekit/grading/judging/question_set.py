"""What is asked: the questions of a run, from a seed that never leaves the trusted side.

Most questions are the same for a whole class, so that marks compare. One in ten, and at least one
of each check, is drawn for one student alone, after that student's cells have run: a table of
right answers, however it was come by, earns nothing.
"""

import hashlib
import math
import threading
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.checks.engine.draw import Pick, drawn
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Question

OWN_SHARE = 10  # one question in so many is drawn for the student alone


class FastPick(Pick):
    """Draws as `Pick` does, from a generator: in microseconds, and with no trace on disk.

    The ends of a range come often, as mistakes live there.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        if self._random.random() < 0.2:
            return int(low if self._random.random() < 0.5 else high)
        return int(self._random.integers(low, high, endpoint=True))

    def array(self, shape: tuple[int, ...], kind: str = "whole") -> Array:
        """Return an array of `shape` and of the kind that `Pick.array` names."""
        raw = self._random.integers(0, 256, shape, dtype=np.uint8)
        if self._random.random() < 0.1:  # mostly alike, with a few that stand out
            raw = np.where(self._random.random(shape) < 0.2, raw, raw.flat[0] if raw.size else 0)
            raw = raw.astype(np.uint8)
        if kind == "bytes":
            return raw
        whole = raw.astype(np.int64)
        if kind == "signs":
            return whole % 2 * 2 - 1
        return whole % 19 - 9 if kind == "whole" else (whole % 65 - 32) / 4

    def generator(self) -> np.random.Generator:
        """Return a generator, for arrays too large to be drawn cell by cell."""
        return np.random.default_rng(int(self._random.integers(0, 2**32)))


class QuestionSet:
    """The questions of one run.

    Parameters
    ----------
    seed
        Decides everything that is drawn. Whoever knows it knows the questions.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._shared: dict[tuple[str, int], dict[Any, Question]] = {}
        self._lock = threading.RLock()

    def shared(self, exercise: Exercise) -> list[Question]:
        """Return what everybody is asked about one function."""
        return [
            question
            for number, check in enumerate(exercise.checks)
            for question in self._shared_by_all(exercise, number, check).values()
        ]

    def own(self, exercise: Exercise, student: str) -> list[Question]:
        """Return what one student is asked beside; the same for the same seed and student."""
        found = []
        for number, check in enumerate(exercise.checks):
            known = self._shared_by_all(exercise, number, check)
            several = self._drawn(check, _own_count(check), exercise.name, str(number), student)
            found += [
                Question(check, a) for key, a in _distinct(several).items() if key not in known
            ]
        return found

    def _shared_by_all(self, exercise: Exercise, number: int, check: Check) -> dict[Any, Question]:
        """Return the questions of one check by what they ask."""
        key = exercise.name, number
        with self._lock:
            if key not in self._shared:
                count = check.count - _own_count(check)
                several = self._drawn(check, count, exercise.name, str(number))
                every = _distinct([*check.examples, *several])
                self._shared[key] = {known: Question(check, args) for known, args in every.items()}
            return self._shared[key]

    def _drawn(self, check: Check, count: int, *what: str) -> list[Args]:
        """Return `count` tuples of arguments that depend on the seed and on `what`."""
        if not count:
            return []
        seed = derived(self.seed, *what)
        try:
            pick = FastPick(np.random.default_rng(seed))
            return [check.draw(pick) for _ in range(count)]
        except AttributeError:  # a draw that asks hypothesis for something of its own
            return drawn(replace(check, count=count), seed)


def derived(seed: int, *what: str) -> int:
    """Return a seed for one purpose; knowing it tells nothing of the others."""
    text = "\0".join((str(seed), *what)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def key_of(value: Any) -> Any:
    """Return something hashable that two arguments share if they are the same."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(key_of(item) for item in value)
    return type(value).__name__, repr(value)


def _own_count(check: Check) -> int:
    """Return how many questions of a check are drawn for one student alone."""
    return math.ceil(check.count / OWN_SHARE)


def _distinct(several: list[Args]) -> dict[Any, Args]:
    """Return the arguments without repetitions, in order, by what they are."""
    found: dict[Any, Args] = {}
    for args in several:
        found.setdefault(key_of(args), args)
    return found
