"""What is asked: the questions of a run, from a seed that never leaves the trusted side.

Most questions are the same for a whole class, so that marks compare. One in ten, and at least one
of each check, is drawn for one student alone, after that student's cells have run: a table of
right answers, however it was come by, earns nothing.
"""

import hashlib
import math
import threading
from typing import Any

from coursekit.checks.engine.draw import drawn
from coursekit.checks.engine.spec import Args, Check, Exercise, Question, key_of

OWN_SHARE = 10  # one question in so many is drawn for the student alone


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
        return drawn(check, count, derived(self.seed, *what))


def derived(seed: int, *what: str) -> int:
    """Return a seed for one purpose; knowing it tells nothing of the others."""
    text = "\0".join((str(seed), *what)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _own_count(check: Check) -> int:
    """Return how many questions of a check are drawn for one student alone."""
    return math.ceil(check.count / OWN_SHARE)


def _distinct(several: list[Args]) -> dict[Any, Args]:
    """Return the arguments without repetitions, in order, by what they are."""
    found: dict[Any, Args] = {}
    for args in several:
        found.setdefault(key_of(args), args)
    return found
