"""The course's total: what each set is worth in it, what is dropped, who is excused."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.marks import Mark, marks, newest_rules
from coursekit.grading.gradebook.tables import CourseRules


@dataclass(frozen=True)
class TotalRules:
    """What a course's total is made of.

    Parameters
    ----------
    weights
        What each set counts, in any unit; empty: as much as it is worth.
    drop_lowest
        How many sets of a student do not count: those with the lowest share of their points. One
        always counts.
    points
        What the whole course is worth.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: int = 0
    points: float = 100.0


@dataclass(frozen=True)
class Part:
    """One set in a student's total.

    `mark` is None for somebody who is not in the set at all; `share` is that of the set's points,
    None where excused; `left_out` says why the set does not count: ``"excused"``, ``"dropped"``,
    ``"no weight"``, or "" where it does.
    """

    set_name: str
    mark: Mark | None
    share: float | None
    weight: float
    left_out: str = ""


@dataclass(frozen=True)
class Total:
    """One student's total; `points` is None where no set counts."""

    student: str
    name: str | None
    number: str | None
    email: str | None
    parts: tuple[Part, ...]
    points: float | None
    max_points: float

    @property
    def unmarked(self) -> tuple[str, ...]:
        """The sets that a person has still something to mark of, and that may come to count."""
        return tuple(
            part.set_name
            for part in self.parts
            if part.mark is not None and part.mark.unmarked and part.left_out in ("", "dropped")
        )

    def as_mark(self) -> Mark:
        """Return it as a mark of a set that is the whole course, for what writes marks."""
        return Mark(
            self.student, self.name, self.number, self.email, "graded", self.points, self.points,
            late_days=0, penalty=0.0, final=self.points, max_points=self.max_points,
            handed_in=None, comments=(), unsafe=any(p.mark and p.mark.unsafe for p in self.parts),
            excused=self.points is None, unmarked=self.unmarked,
        )  # fmt: skip


def total_of(parts: Sequence[Part], rules: TotalRules) -> tuple[tuple[Part, ...], float | None]:
    """Return the parts with what is left out of them, and the points.

    Examples
    --------
    >>> parts = [Part("a", None, 1.0, 1.0), Part("b", None, 0.5, 3.0), Part("c", None, None, 9.0)]
    >>> done, points = total_of(parts, TotalRules())
    >>> points, [part.left_out for part in done]
    (62.5, ['', '', 'excused'])
    >>> total_of(parts, TotalRules(drop_lowest=1))[1]
    100.0
    """
    counting = [p for p in parts if p.share is not None and p.weight > 0]
    # Of two with the same share that goes which weighs more: never to a student's disadvantage.
    lowest = sorted(counting, key=lambda p: (p.share or 0.0, -p.weight, p.set_name))
    dropped = {p.set_name for p in lowest[: min(rules.drop_lowest, len(counting) - 1)]}
    done = []
    for part in parts:
        why = "dropped" if part.set_name in dropped else ""
        why = "no weight" if part.weight == 0 else why
        why = "excused" if part.share is None else why
        done.append(Part(part.set_name, part.mark, part.share, part.weight, why))
    kept = [part for part in done if not part.left_out]
    if not kept:
        return tuple(done), None
    weight = math.fsum(part.weight for part in kept)
    reached = math.fsum(part.weight * (part.share or 0.0) for part in kept)
    return tuple(done), rules.points * reached / weight


def totals(book: GradeBook, rules: TotalRules) -> list[Total]:
    """Return everybody's total over the sets that were graded, in the order of names.

    Who handed nothing in has none of a set's points, and who is excused from it is not asked for
    them.
    """
    counted = {name: {mark.student: mark for mark in marks(book, name)} for name in book.sets()}
    worth = {
        name: max((mark.max_points for mark in everybody.values()), default=0.0)
        for name, everybody in counted.items()
    }
    found = []
    for student in sorted({key for everybody in counted.values() for key in everybody}):
        parts = []
        for name, everybody in counted.items():
            mark = everybody.get(student)
            share: float | None = 0.0
            if mark is not None and mark.excused:
                share = None
            elif mark is not None and mark.final is not None and mark.max_points:
                share = mark.final / mark.max_points
            weight = rules.weights.get(name, 0.0) if rules.weights else worth[name]
            parts.append(Part(name, mark, share, weight))
        known = [mark for mark in (part.mark for part in parts) if mark is not None]
        done, points = total_of(parts, rules)
        one = known[0]
        found.append(Total(student, one.name, one.number, one.email, done, points, rules.points))
    return found


def course_rules(book: GradeBook) -> dict[str, Any]:
    """Return what was kept of the course's rules, by names; nothing where nothing was."""
    with book.store.reading() as session:
        return newest_rules(session)


def keep_course_rules(book: GradeBook, changed: Mapping[str, Any], *, who: str) -> None:
    """Keep some of the course's rules beside the others; earlier ones stay on record."""
    with book.store.writing() as session:
        now = newest_rules(session)
        excused = now.get("excused", {}) | changed.get("excused", {})
        if not changed:
            return
        after = now | dict(changed) | ({"excused": excused} if excused else {})
        if after != now:
            session.add(CourseRules(rules=after, who=who))
