"""What a check draws its arguments with."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

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

    def array(self, shape: tuple[int, ...], kind: str = "whole") -> NDArray[Any]:
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
