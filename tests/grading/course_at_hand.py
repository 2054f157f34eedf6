"""A course of some sets and students made by chance, and its totals by arithmetic of its own."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

from coursekit.grading.gradebook.book import Graded
from coursekit.grading.gradebook.decisions import decide, take_back
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.marks import record_of, set_deadline

DUE = datetime(2026, 11, 1, 12, tzinfo=UTC)
WORTH = {"01_images": 6, "02_convolution_1d": 5, "03_convolution_2d": 6, "04_kernels": 8,
         "05_padding_and_stride": 7}  # fmt: skip
WEIGHTS = dict(zip(WORTH, (1, 1, 2, 3, Fraction(3, 2)), strict=True))


@dataclass
class Work:
    """What one student did in one set, and what people decided."""

    quarters: list[int]  # of a point, for each function; the second is the last one
    hours: int = 0  # after it was due
    regraded: list[int] | None = None
    extension: int = 0
    by_hand: int | None = None  # quarters for the second function
    in_time: bool = False
    excused: bool = False

    def final(self):
        """The points in the end, as a fraction."""
        first, second = self.regraded or self.quarters
        second = second if self.by_hand is None else self.by_hand
        points = Fraction(first + second, 4)
        late = self.hours - 24 * self.extension
        days = 0 if self.in_time or late <= 0 else ceil(Fraction(late, 24))
        return Fraction(0) if days > 3 else points * (1 - Fraction(days, 10))


@dataclass
class Course:
    """Everybody's work by student and set; no entry where nothing was handed in."""

    work: dict[str, dict[str, Work]] = field(default_factory=dict)

    def total(self, student, weights, drop):
        """A student's total of 100, by hand; None where no set counts."""
        shares = []
        for name, most in WORTH.items():
            one = self.work[student].get(name)
            if one is not None and one.excused:
                continue
            share = Fraction(0) if one is None else one.final() / most
            shares.append((share, -Fraction(weights[name]), name))
        shares.sort()
        shares = shares[min(drop, len(shares) - 1) :] if shares else []
        whole = sum(-weight for _, weight, _ in shares)
        return sum(share * -weight for share, weight, _ in shares) / whole * 100 if whole else None


def make_course(students=120, seed=7):
    """Return a course in which everything happens to somebody."""
    chance = random.Random(seed)
    course = Course()
    for n in range(students):
        mine = course.work[f"student{n:03}"] = {}
        for name, most in WORTH.items():
            if chance.random() < 0.08:
                continue
            half = 2 * most  # quarters of a point: what one of the two functions is worth
            one = Work([chance.randint(0, half), chance.randint(0, half)])
            one.hours = chance.choice([-5, -1, 0, 1, 20, 24, 25, 50, 90])
            if chance.random() < 0.2:
                one.regraded = [chance.randint(0, half), chance.randint(0, half)]
            if chance.random() < 0.06:
                one.extension = chance.choice([1, 2])
            if chance.random() < 0.05:
                one.by_hand = chance.randint(0, half)
            one.in_time, one.excused = chance.random() < 0.03, chance.random() < 0.04
            mine[name] = one
    for name in WORTH if students else ():  # one who is excused from everything
        course.work["student000"][name] = Work([0, 0], excused=True)
    return course


def write_course(book, course):
    """Put a course into a gradebook as a grader and a teacher would."""

    def entry(student, quarters, most):
        functions = [
            {"name": name, "points": value / 4, "max_points": most / 2}
            for name, value in zip(("first", "second"), quarters, strict=True)
        ]
        points = sum(quarters) / 4
        return {"student": student, "points": points, "status": "graded", "seconds": 0.1,
                "functions": functions, "events": []}  # fmt: skip

    for name, most in WORTH.items():
        set_deadline(book, name, Rule(DUE, 0.1, most_days=3), who="grace")
        there = {key: mine[name] for key, mine in course.work.items() if name in mine}
        for turn in range(2):
            run = book.begin(name, float(most), "f", seed=turn, whole_class=turn == 0)
            book.record(run, [
                Graded(entry(key, one.regraded if turn else one.quarters, most), f"{turn}",
                       handed_in=DUE + timedelta(hours=one.hours))
                for key, one in there.items() if not turn or one.regraded
            ])  # fmt: skip
            book.finish(run)
        for number, (key, one) in enumerate(there.items()):
            if one.extension:
                decide(book, key, name, "extension", str(one.extension), who="grace")
            if one.in_time:
                decide(book, key, name, "in_time", "1", who="grace")
            if one.excused:
                decide(book, key, name, "excused", "1", who="grace")
            if one.by_hand is not None:
                value = str(one.by_hand / 4)
                decide(book, key, name, "points", value, who="grace", function="second")
            if number % 40 == 1:  # what is taken back counts for nothing
                before = record_of(book, name, key).version
                after = decide(book, key, name, "points", "0", who="kurt", expected=before)
                change = record_of(book, name, key).changes[-1]
                take_back(book, change.id, who="grace", expected=after)
