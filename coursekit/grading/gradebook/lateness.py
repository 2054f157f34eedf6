"""What a late submission costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rule:
    """When a set is due, and what each day that has begun after it costs.

    Parameters
    ----------
    due
        With its zone.
    penalty_per_day
        A share of the points reached: 0.1 for ten percent a day.
    grace
        How long after `due` a submission still counts as in time.
    most_days
        Later than that earns nothing; None for no such end.
    marked_late
        How many days late those are that Canvas marks LATE and gives no time for; None where
        nobody said.
    own
        When it is due for students who have another time, with what sections and extensions give.
    """

    due: datetime
    penalty_per_day: float = 0.0
    grace: timedelta = timedelta()
    most_days: int | None = None
    marked_late: int | None = None
    own: Mapping[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.due.tzinfo is None:
            raise ValueError(f"due: found {self.due} without a zone; expected one, such as +01:00")
        if not 0 <= self.penalty_per_day <= 1:
            raise ValueError(
                f"penalty_per_day: found {self.penalty_per_day}; expected a share from 0 to 1, "
                "such as 0.1 for ten percent"
            )
        if self.grace < timedelta():
            raise ValueError(f"grace: found {self.grace}; expected 0 or more")
        for name, days in (("most_days", self.most_days), ("marked_late", self.marked_late)):
            if days is not None and days < 0:
                raise ValueError(f"{name}: found {days}; expected 0 or more")

    def of(self, student: str) -> "Rule":
        """Return the rule for one student."""
        return replace(self, due=self.own.get(student, self.due), own={})

    def late_days(
        self, handed_in: datetime | None, extension: float = 0.0, *, marked_late: bool = False
    ) -> int:
        """Return how many days late a submission is; 0 where nothing says that it is.

        `extension` is in days; `marked_late` counts where nobody knows when it came.

        Examples
        --------
        >>> from datetime import UTC
        >>> rule = Rule(datetime(2026, 11, 1, 12, tzinfo=UTC), grace=timedelta(minutes=5))
        >>> [rule.late_days(datetime(2026, 11, 1, 12, m, tzinfo=UTC)) for m in (0, 5, 6)]
        [0, 0, 1]
        >>> [Rule(rule.due, marked_late=2).late_days(None, n, marked_late=True) for n in (0, 1, 3)]
        [2, 1, 0]
        """
        if handed_in is None:
            days = (self.marked_late or 0) if marked_late else 0
            return max(0, math.ceil(days - extension))
        late = handed_in - self.due - timedelta(days=extension)
        return math.ceil(late / timedelta(days=1)) if late > self.grace else 0

    def penalty(self, points: float, late_days: int) -> float:
        """Return how many of the points are lost.

        Examples
        --------
        >>> from datetime import UTC
        >>> rule = Rule(datetime(2026, 11, 1, tzinfo=UTC), penalty_per_day=0.1, most_days=3)
        >>> [round(rule.penalty(6.0, days), 2) for days in (0, 1, 3, 4)]
        [0.0, 0.6, 1.8, 6.0]
        """
        if self.most_days is not None and late_days > self.most_days:
            return points
        return min(points, points * self.penalty_per_day * late_days)
