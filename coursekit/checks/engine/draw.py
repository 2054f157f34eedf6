"""Drawing questions with hypothesis: the same ones for the same seed, and nothing left on disk."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Question

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn


class Pick:
    """What a check's `draw` uses to choose arguments.

    Values are whole numbers or quarters of moderate size, so that sums are exact in float32 and
    an answer is never called wrong for the order in which it adds up.
    """

    def __init__(self, draw: "DrawFn") -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        from hypothesis import strategies as st

        return self._draw(st.integers(low, high))

    def choice(self, options: Sequence[Any]) -> Any:
        """Return one of `options`."""
        return options[self.integer(0, len(options) - 1)]

    def array(self, shape: tuple[int, ...], kind: str = "whole") -> Array:
        """Return an array of `shape`.

        `kind` is ``"whole"`` (int64, -9 to 9), ``"real"`` (float64, quarters from -8 to 8),
        ``"bytes"`` (uint8) or ``"signs"`` (int64, -1 and 1).
        """
        from hypothesis import strategies as st

        size = int(np.prod(shape))
        raw = np.frombuffer(self._draw(st.binary(min_size=size, max_size=size)), np.uint8)
        raw = raw.reshape(shape)
        if kind == "bytes":
            return raw.copy()
        whole = raw.astype(np.int64)
        if kind == "signs":
            return whole % 2 * 2 - 1
        return whole % 19 - 9 if kind == "whole" else (whole % 65 - 32) / 4

    def generator(self) -> np.random.Generator:
        """Return a seeded generator, for arrays too large to be drawn cell by cell."""
        return np.random.default_rng(self.integer(0, 2**32 - 1))


def questions(exercise: Exercise, seed: int = 0) -> list[Question]:
    """Return everything that an answer is asked, check by check, without repetitions."""
    return [
        Question(check, args)
        for number, check in enumerate(exercise.checks)
        for args in _distinct([*check.examples, *drawn(check, 1000 * seed + number)])
    ]


def drawn(check: Check, seed: int) -> list[Args]:
    """Return `check.count` tuples of arguments, the same ones for the same seed."""
    return list(_drawn(check.draw, check.count, seed))


@lru_cache(maxsize=64)
def _drawn(draw_args: Callable[[Pick], Args], count: int, seed: int) -> tuple[Args, ...]:
    """Draw, or return what the same call has drawn before; whoever asks makes copies."""
    import hypothesis
    from hypothesis import strategies as st

    found: list[Args] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,  # the seed above decides; CI profiles would overrule it
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    @hypothesis.given(st.composite(lambda draw: draw_args(Pick(draw)))())
    def collect(args: Args) -> None:
        found.append(args)

    with _leaves_nothing():
        collect()
    return tuple(found)


@contextmanager
def _leaves_nothing() -> Iterator[None]:
    """Keep hypothesis from writing into the student's folder and from reading their modules.

    It mixes constants that it finds in local source files into what it draws; the questions
    would then depend on what else lies in the folder.
    """
    from hypothesis import configuration
    from hypothesis.internal.conjecture import providers

    inner: Any = providers
    known = all(hasattr(inner, n) for n in ("CONSTANTS_CACHE", "_get_local_constants", "Constants"))
    mined = getattr(inner, "_get_local_constants", None)
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        configuration.set_hypothesis_home_dir(folder)
        if known:
            inner.CONSTANTS_CACHE.cache.clear()
            inner._get_local_constants = inner.Constants
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(None)
            if known:
                inner._get_local_constants = mined
                inner.CONSTANTS_CACHE.cache.clear()


def _distinct(args_list: Sequence[Args]) -> list[Args]:
    """Return `args_list` without repetitions, in order."""
    seen: dict[Any, Args] = {}
    for args in args_list:
        key = tuple(
            (a.shape, a.dtype.str, a.tobytes()) if isinstance(a, np.ndarray) else a for a in args
        )
        seen.setdefault(key, args)
    return list(seen.values())
