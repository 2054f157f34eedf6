"""What a curve does, in words that leave room for noise: for alt texts, which are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

LEVEL, WIGGLE, TURN = 0.02, 0.1, 0.25


def trend(values: Sequence[float | None]) -> str:
    """Say whether a curve rises or falls, without a number.

    A curve is level when it moves by less than 2 percent of its size. Moves against its direction
    are passed over when they are less than a tenth of its whole range. It turns when it gives
    back a quarter of its range or more.

    Parameters
    ----------
    values
        One an epoch; None and what is no number are gaps.

    Examples
    --------
    >>> trend([0.9, 0.6, 0.5]), trend([0.9, 0.4, 0.41, 0.7]), trend([0.5, 0.9, 0.4, 0.8, 0.5])
    ('falls', 'falls, then rises again', 'goes up and down')
    >>> trend([0.5, 0.501]), trend([0.9]), trend([0.9, 0.6, float("nan")])
    ('stays level', 'is a single point', 'falls, then is no number any more')
    """
    known = [float(v) for v in values if v is not None and math.isfinite(v)]
    if not known:
        return "has no values" if all(v is None for v in values) else "is no number"
    lost = values[-1] is not None and not math.isfinite(values[-1])
    words = _moves(known)
    return f"{words}, then is no number any more" if lost else words


def _moves(values: Sequence[float]) -> str:
    if len(values) == 1:
        return "is a single point"
    low, high = min(values), max(values)
    span = high - low
    if span < LEVEL * max(abs(low), abs(high), 1e-12):
        return "stays level"
    for one, other, sign in (("falls", "rises", 1.0), ("rises", "falls", -1.0)):
        v = [sign * each for each in values]
        if against(v) <= WIGGLE * span:
            return one
        turn = v.index(min(v))
        gives_back = v[-1] - v[turn] >= TURN * span and v[0] - v[turn] >= TURN * span
        down, up = v[: turn + 1], [-each for each in v[turn:]]
        if gives_back and against(down) <= WIGGLE * span and against(up) <= WIGGLE * span:
            return f"{one}, then {other} again"
    if abs(values[-1] - values[0]) < 2 * TURN * span:
        return "goes up and down"
    return f"{'falls' if values[-1] < values[0] else 'rises'}, with ups and downs on the way"


def against(values: Sequence[float]) -> float:
    """Return the largest rise from any value to a later one, 0.0 where there is none.

    Examples
    --------
    >>> against([5.0, 3.0, 4.0, 1.0, 1.5])
    1.0
    """
    lowest, rise = values[0], 0.0
    for value in values:
        lowest = min(lowest, value)
        rise = max(rise, value - lowest)
    return rise
