"""What a class's results say together: for the instructor's page."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.grading.gradebook.marks import Mark

Entry = dict[str, Any]  # one of `results.json`

_BINS = 10
_WIDEST = 18.0  # rem, of the longest bar
_MOST_ROWS = 10
_LONGEST = 1000  # characters about one odd submission
_ORDINARY = frozenset({"cells_skipped", "line_ends"})  # events that say nothing odd of a submission


def final_points(marks: Iterable[Mark], max_points: float) -> tuple[list[float], str]:
    """Return everybody's final points, and a sentence with their median and mean.

    Final are points after decisions by hand and late days. Who is excused has none, nor has who
    handed in nothing.

    Examples
    --------
    >>> final_points([], 6.0)
    ([], '')
    """
    finals = [mark.final for mark in marks if mark.final is not None]
    if not finals:
        return finals, ""
    middle, mean = statistics.median(finals), statistics.fmean(finals)
    several = f"{len(finals):,} student{'' if len(finals) == 1 else 's'}"
    return finals, (
        f"Final points of {several}: median {round(middle, 2):g}, mean {mean:.2f} of {max_points:g}"
    )


@dataclass(frozen=True)
class ClassFacts:
    """The numbers of a class; each row is a dict for the page's tables.

    `functions` is what each function is worth, `by_student` what each student earned for it;
    `other_set` are the students whose notebook is another set's, `copied` those whose functions are
    the course's own code; `by_person` the functions, or parts, that a person gives points for.
    """

    count: int
    max_points: float
    unsafe: int
    hardest: list[dict[str, Any]]
    misconceptions: list[dict[str, Any]]
    slowest: list[dict[str, Any]]
    odd: list[dict[str, Any]]
    functions: dict[str, float]
    by_student: dict[str, dict[str, float]]
    other_set: list[str]
    copied: list[str]
    by_person: set[str]

    @property
    def by_machine(self) -> float:
        """What the functions are worth that are checked by machine."""
        return sum(most for name, most in self.functions.items() if name not in self.by_person)


def class_facts(
    entries: Iterable[Entry], max_points: float, meanings: dict[tuple[str, str], str]
) -> ClassFacts:
    """Summarise a class.

    Parameters
    ----------
    entries
        Those of ``results.json``.
    max_points
        Of the set.
    meanings
        What an answer with a misconception does, by function and name of the misconception.

    Examples
    --------
    >>> entry = {"student": "ada", "points": 3.0, "status": "graded", "seconds": 0.1,
    ...          "functions": [], "events": []}
    >>> facts = class_facts([entry], 6.0, {})
    >>> facts.count, facts.by_student
    (1, {'ada': {}})
    """
    passed: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    slowest: list[Entry] = []
    odd: list[Entry] = []
    functions: dict[str, float] = {}
    by_student: dict[str, dict[str, float]] = {}
    with_event: dict[str, list[str]] = {"wrong_set": [], "same_as_solution": []}
    by_person: set[str] = set()
    unsafe = 0
    for entry in entries:  # once, and one at a time: a class may be large
        unsafe += entry.get("isolated") is False
        by_student[entry["student"]] = {one["name"]: one["points"] for one in entry["functions"]}
        for code, students in with_event.items():
            if any(event["code"] == code for event in entry["events"]):
                students.append(entry["student"])
        for function in entry["functions"]:
            name = function["name"]
            functions[name] = function["max_points"]
            by_person |= {name} if function.get("by_person") else set()
            if function["misconception"] is not None:
                found[name, function["misconception"]] += 1
            for check in function["checks"]:
                asked[name, check["name"]] += 1
                passed[name, check["name"]] += check["passed"]
        slowest.append({key: entry[key] for key in ("student", "seconds", "status")})
        if len(slowest) > 10 * _MOST_ROWS:
            slowest = _slowest(slowest)
        odd += _odd(entry)
    return ClassFacts(
        count=len(by_student),
        max_points=max_points,
        unsafe=unsafe,
        hardest=[
            {"function": key[0], "check": key[1], "passed": passed[key], "count": asked[key]}
            for key in sorted(asked, key=lambda key: passed[key] / asked[key])[:_MOST_ROWS]
        ],
        misconceptions=[
            {"function": name, "does": meanings.get((name, wrong), wrong), "count": count}
            for (name, wrong), count in found.most_common()
        ],
        slowest=_slowest(slowest),
        odd=odd,
        functions=functions,
        by_student=by_student,
        other_set=with_event["wrong_set"],
        copied=with_event["same_as_solution"],
        by_person=by_person,
    )


def distribution(points: Sequence[float], max_points: float) -> list[dict[str, Any]]:
    """Count marks in ten equal steps, the full mark by itself at the top.

    Examples
    --------
    >>> [row["label"] for row in distribution([3.0, 6.0], 6.0) if row["count"]]
    ['50% to under 60%', 'all 6']
    """
    step = max_points / _BINS
    counts = [0] * (_BINS + 1)
    for mark in points:
        counts[min(_BINS, int(mark / step + 1e-9)) if step else 0] += 1
    highest = max(*counts, 1)
    labels = [f"{10 * i}% to under {10 * (i + 1)}%" for i in range(_BINS)]
    return [
        {"label": label, "count": count, "width": round(_WIDEST * count / highest, 2)}
        for label, count in zip([*labels, f"all {max_points:g}"], counts, strict=True)
    ]


def _slowest(rows: list[Entry]) -> list[Entry]:
    return sorted(rows, key=lambda row: -row["seconds"])[:_MOST_ROWS]


def _odd(entry: Entry) -> list[dict[str, Any]]:
    """Return the row of a submission with something out of the ordinary, or nothing."""
    noticed = [event for event in entry["events"] if event["code"] not in _ORDINARY]
    if not noticed and entry["status"] == "graded":
        return []
    text = "\n".join(event["detail"] or event["code"] for event in noticed)
    return [{"student": entry["student"], "status": entry["status"], "noticed": text[:_LONGEST]}]
