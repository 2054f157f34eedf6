"""What can be said of a worked example: it comes out, the deck is wrong, or it is left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from example_grids import grid

REPRODUCED = "reproduced"
WRONG = "wrong in the deck"
EXCLUDED = "excluded"


@dataclass(frozen=True)
class Example:
    """One worked example: how it is computed, what comes out, what the deck printed if wrong."""

    status: str
    compute: Callable[[], Any] | None = None
    expected: Any = None
    printed: Any = None
    reason: str = ""


def right(compute, expected):
    return Example(REPRODUCED, compute, expected)


def wrong(compute, expected, printed):
    return Example(WRONG, compute, expected, printed)


def excluded(reason):
    return Example(EXCLUDED, reason=reason)


def cells(text):
    """Read places (row, column), parted by /."""
    return [tuple(row) for row in grid(text).tolist()]
