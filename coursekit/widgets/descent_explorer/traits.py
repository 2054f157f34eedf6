"""Traits of the descent explorer: pairs with limits, and the updates made so far."""

from typing import Any

import traitlets

from coursekit.widgets.descent_explorer.arithmetic import MOST_UPDATES
from coursekit.widgets.traits import as_lists, number_within


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
        self.tag(sync=True, page=True, to_json=lambda value, _: as_lists(value))

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
            number_within(f"{self.name}[{i}]", items[i], low, high, wanted)
            for i, (low, high) in enumerate(ends)
        )


class Segments(traitlets.TraitType[Any, Any]):
    """The updates made so far: pairs of how many, and with which learning rate."""

    def __init__(self) -> None:
        super().__init__(())
        self.tag(sync=True, page=True, to_json=lambda value, _: as_lists(value))

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
