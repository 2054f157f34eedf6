"""Sentences about results for a terminal. Nothing of a student's steers it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coursekit.grading.names import printable
from coursekit.grading.pages.classfacts import final_points

if TYPE_CHECKING:
    from coursekit.grading.gradebook.marks import Mark

MOST_NAMED = 20  # things of one kind that are told one by one
_MOST_LINES = 40


def listed(items: Sequence[str], most: int, rest: str) -> Iterator[str]:
    """Give the first items, then how many more there are.

    Examples
    --------
    >>> list(listed(["a", "b", "c", "d"], 2, "others"))
    ['a', 'b', 'and 2 others']
    """
    yield from items[:most]
    if len(items) > most:
        yield f"and {len(items) - most:,} {rest}"


def how_it_went(
    graded: int,
    before: int,
    statuses: Mapping[str, int],
    counted: "Sequence[Mark]",
    seconds: float,
) -> str:
    """Return the line at the end of a run.

    Examples
    --------
    >>> how_it_went(3, 0, {"graded": 2, "timeout": 1}, [], 1.25)
    '3 graded in 1.2 s (1 timeout).'
    """
    odd = ", ".join(f"{n:,} {name}" for name, n in sorted(statuses.items()) if name != "graded")
    text = f"{graded:,} graded in {seconds:.1f} s" + (f" ({odd})" if odd else "")
    if before:
        text += f", {before:,} were graded before"
    _, said = final_points(counted, counted[0].max_points if counted else 0.0)
    text += f". {said}" if said else ""
    nothing = sum(mark.status is None for mark in counted)
    excused = sum(mark.excused for mark in counted)
    text += f"; {nothing:,} handed in nothing (of {len(counted):,})" if nothing else ""
    return text + (f"; {excused:,} excused." if excused else ".")


def unmarked(counted: "Sequence[Mark]") -> str:
    """Say what a person has still to mark, "" where nothing is.

    Examples
    --------
    >>> unmarked([])
    ''
    """
    waiting = Counter(name for mark in counted for name in mark.unmarked)
    if not waiting:
        return ""
    each = (f"{name} of {n:,} student{'' if n == 1 else 's'}" for name, n in waiting.items())
    return f"not marked by a person yet, and 0 points until then: {', '.join(each)}"


def shown_again(entry: Mapping[str, Any]) -> str:
    """Return one student's result, check by check, with the message about each mistake."""
    most = sum(function["max_points"] for function in entry["functions"])
    head = f"{printable(entry['student'])}: {entry['points']:g} of {most:g} points"
    lines = [f"{head}, {entry['status']}"]
    for function in entry["functions"]:
        points = f"{function['points']:g} of {function['max_points']:g}"
        lines.append(f"  {function['name']}: {points}")
        if function["passed"]:
            continue
        if function.get("by_person"):
            there = function["attempted"]
            lines.append(f"    {'a person gives the points' if there else 'nothing written'}")
        for check in function["checks"]:
            sign = "✓" if check["passed"] else "✗"
            lines.append(f"    {sign} {check['name']}: {printable(check['message'])}")
        said = str(function.get("message", "")).splitlines()
        lines += [f"    | {printable(line)}" for line in said[:_MOST_LINES]]
        lines += [f"    ({printable(remark)})" for remark in function.get("remarks", ())]
    lines += [f"  {event['code']}: {printable(event['detail'])}" for event in entry["events"]]
    return "\n".join(lines)
