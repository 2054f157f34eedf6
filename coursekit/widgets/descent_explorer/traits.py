"""Traits of the descent explorer: numbers and pairs with limits, and the updates made so far."""

import math
from typing import Any

import traitlets

from coursekit.widgets.descent_explorer.arithmetic import MOST_UPDATES


class Number(traitlets.TraitType[Any, Any]):
    """A number between two limits, both allowed.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     rate = Number(0.1, 0.0001, 10, "try 0.1")
    >>> Holder(rate=-1)
    Traceback (most recent call last):
        ...
    ValueError: rate is -1; give a number from 0.0001 to 10: try 0.1
    """

    def __init__(self, default: float, low: float, high: float, advice: str) -> None:
        super().__init__(default)
        self.limits = (low, high)
        self.advice = advice
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a float, or say what is wrong with it."""
        low, high = self.limits
        wanted = f"give a number from {low:g} to {high:g}: {self.advice}"
        return _number(str(self.name), value, low, high, wanted)


class Pair(traitlets.TraitType[Any, Any]):
    """Two numbers, one for each weight, each between its own limits.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     start = Pair((0.0, 0.0), (-2, -1), (2, 1), "such as (1, -1)")
    >>> Holder(start=[1, 2])
    Traceback (most recent call last):
        ...
    ValueError: start[1] is 2; give two numbers, weight 1 from -2 to 2 and ...
    """

    def __init__(
        self,
        default: tuple[float, float],
        low: tuple[float, float],
        high: tuple[float, float],
        advice: str,
    ) -> None:
        super().__init__(default)
        self.low, self.high, self.advice = low, high, advice
        self.tag(sync=True, page=True, to_json=_as_list)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a tuple of two floats, or say what is wrong with it."""
        ends = list(zip(self.low, self.high, strict=True))
        each = " and ".join(f"weight {i} from {a:g} to {b:g}" for i, (a, b) in enumerate(ends, 1))
        wanted = f"give two numbers, {each}, {self.advice}"
        try:
            items = [] if isinstance(value, str) else list(value)
        except TypeError:
            items = []
        if len(items) != 2:
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        return tuple(
            _number(f"{self.name}[{i}]", items[i], low, high, wanted)
            for i, (low, high) in enumerate(ends)
        )


class Segments(traitlets.TraitType[Any, Any]):
    """The updates made so far: pairs of how many, and with which learning rate."""

    def __init__(self) -> None:
        super().__init__(())
        self.tag(sync=True, page=True, to_json=lambda value, _: [_as_list(s, None) for s in value])

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a tuple of pairs, or say what is wrong with it."""
        wanted = f"give pairs of count and learning rate such as (20, 0.1), {MOST_UPDATES} at most"
        try:
            segments = tuple((int(count), float(rate)) for count, rate in value)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} is {value!r}; {wanted}") from None
        counts = [count for count, _ in segments]
        good = all(count > 0 and 0 < rate <= 10 for count, rate in segments)
        if not good or sum(counts) > MOST_UPDATES:
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        return segments


def _number(name: str, value: Any, low: float, high: float, wanted: str) -> float:
    try:
        number = math.nan if isinstance(value, str | bool) else float(value)
    except (TypeError, ValueError, RuntimeError):
        number = math.nan
    if not low <= number <= high:  # not a number is never between them
        raise ValueError(f"{name} is {value!r}; {wanted}")
    return number


def _as_list(value: Any, widget: Any) -> list[float]:
    # Ten significant digits: no noise in the last ones. Whole numbers without a point.
    rounded = [float(f"{number:.10g}") for number in value]
    return [int(number) if number.is_integer() else number for number in rounded]
