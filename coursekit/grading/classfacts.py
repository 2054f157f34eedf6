"""What a class's results say together: for the instructor's page."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]  # one of `results.json`

_BINS = 10
_WIDEST = 18.0  # rem, of the longest bar
_MOST_ROWS = 10
_ORDINARY = frozenset({"cells_skipped", "line_ends"})  # events that say nothing odd of a hand-in


@dataclass(frozen=True)
class ClassFacts:
    """The numbers of a class; each row is a dict for the page's tables."""

    count: int
    max_points: float
    mean: float
    median: float
    unsafe: int
    distribution: list[dict[str, Any]]
    hardest: list[dict[str, Any]]
    misconceptions: list[dict[str, Any]]
    slowest: list[dict[str, Any]]
    odd: list[dict[str, Any]]


def class_facts(
    entries: Sequence[Entry], max_points: float, meanings: dict[tuple[str, str], str]
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
    >>> facts.count, facts.median, [row["count"] for row in facts.distribution if row["count"]]
    (1, 3.0, [1])
    """
    points = [entry["points"] for entry in entries]
    return ClassFacts(
        count=len(entries),
        max_points=max_points,
        mean=statistics.fmean(points) if points else 0.0,
        median=statistics.median(points) if points else 0.0,
        unsafe=sum(entry.get("isolated") is False for entry in entries),
        distribution=_distribution(points, max_points),
        hardest=_hardest(entries),
        misconceptions=_misconceptions(entries, meanings),
        slowest=[
            {key: entry[key] for key in ("student", "seconds", "status")}
            for entry in sorted(entries, key=lambda entry: -entry["seconds"])[:_MOST_ROWS]
        ],
        odd=_odd(entries),
    )


def slim(entry: Entry) -> Entry:
    """Return what a class's facts need of an entry: a large class fits into memory."""
    return {
        "student": entry["student"],
        "points": entry["points"],
        "status": entry["status"],
        "seconds": entry["seconds"],
        "isolated": entry.get("isolated", True),
        "events": entry["events"],
        "functions": [
            {
                "name": function["name"],
                "misconception": function["misconception"],
                "checks": [
                    {"name": check["name"], "passed": check["passed"]}
                    for check in function["checks"]
                ],
            }
            for function in entry["functions"]
        ],
    }


def _distribution(points: Sequence[float], max_points: float) -> list[dict[str, Any]]:
    """Count the marks in ten equal steps, the full mark by itself at the top."""
    step = max_points / _BINS
    counts = [0] * (_BINS + 1)
    for mark in points:
        counts[min(_BINS, int(mark / step + 1e-9)) if step else 0] += 1
    highest = max(*counts, 1)
    labels = [f"{i * step:g} to under {(i + 1) * step:g}" for i in range(_BINS)]
    return [
        {"label": label, "count": count, "width": round(_WIDEST * count / highest, 2)}
        for label, count in zip([*labels, f"{max_points:g}"], counts, strict=True)
    ]


def _hardest(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    passed: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for function in entry["functions"]:
            for check in function["checks"]:
                asked[function["name"], check["name"]] += 1
                passed[function["name"], check["name"]] += check["passed"]
    rows = sorted(asked, key=lambda key: passed[key] / asked[key])[:_MOST_ROWS]
    return [
        {"function": key[0], "check": key[1], "passed": passed[key], "count": asked[key]}
        for key in rows
    ]


def _misconceptions(
    entries: Sequence[Entry], meanings: dict[tuple[str, str], str]
) -> list[dict[str, Any]]:
    found = Counter(
        (function["name"], function["misconception"])
        for entry in entries
        for function in entry["functions"]
        if function["misconception"] is not None
    )
    return [
        {"function": name, "does": meanings.get((name, wrong), wrong), "count": count}
        for (name, wrong), count in found.most_common()
    ]


def _odd(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        noticed = [event for event in entry["events"] if event["code"] not in _ORDINARY]
        if noticed or entry["status"] != "graded":
            text = "\n".join(event["detail"] or event["code"] for event in noticed)
            rows.append({"student": entry["student"], "status": entry["status"], "noticed": text})
    return rows
