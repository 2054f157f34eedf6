"""Right and known wrong answers, computed once for a whole class.

A class makes the same mistakes: most of what judging computes has been computed for a neighbour.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.checks.engine.draw import key_of
from coursekit.checks.engine.spec import Exercise

MOST_BYTES = 64 << 20  # of results that are kept


class AnswerCache:
    """Results of functions of our own, the latest first out of a bounded store."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def caching(self, exercise: Exercise) -> Exercise:
        """Return the exercise with implementations whose answers are cached."""
        return replace(
            exercise,
            oracle=self._wrap(exercise.oracle),
            exact=None if exercise.exact is None else self._wrap(exercise.exact),
            misconceptions={
                name: replace(
                    idea,
                    wrong=tuple(self._wrap(wrong) for wrong in idea.variants()),
                )
                for name, idea in exercise.misconceptions.items()
            },
        )

    def _wrap(self, implementation: Callable[..., Any]) -> Callable[..., Any]:
        def cached(*args: Any) -> Any:
            key = (id(implementation), *map(key_of, args))
            with self._lock:
                found = self._kept.get(key)
                if found is not None:
                    self._kept.move_to_end(key)
            if found is None:
                found = self._computed(implementation, key, args)
            return _given_back(found[0])

        return cached  # and with it `implementation`, so that its id stays its own

    def _computed(
        self, implementation: Callable[..., Any], key: Any, args: tuple[Any, ...]
    ) -> tuple[Any, int]:
        try:
            value = implementation(*args)
        except Exception as error:
            value = _Raised(error.with_traceback(None))
        if _is_of(value, args):  # a part of an argument changes with it
            return value, 0
        size = _size(value) + _size(args) + 200
        with self._lock:
            self._kept[key] = value, size
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1][1]
        return value, size


class _Raised:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _given_back(value: Any) -> Any:
    if isinstance(value, _Raised):
        raise value.error
    return value


def _is_of(value: Any, args: tuple[Any, ...]) -> bool:
    """Say whether a result is, or lies in, one of the arguments."""
    parts = value if isinstance(value, tuple | list) else (value,)
    return any(
        isinstance(part, np.ndarray)
        and isinstance(arg, np.ndarray)
        and np.may_share_memory(part, arg)
        for part in parts
        for arg in args
    )


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    if isinstance(value, list | tuple):
        return sum(map(_size, value)) + 60
    return 60
