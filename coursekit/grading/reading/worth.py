"""What a set is worth where an instructor says so: other points, and checks that do not count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coursekit.grading.reading.grading_set import GradingSet, grading_set

Worth = Mapping[str, Any]  # `total`, `points` by function and `dropped` checks by function


def with_worth(asked: GradingSet, worth: Worth) -> GradingSet:
    """Return a set without the dropped checks, its points scaled to what is wanted.

    Parameters
    ----------
    asked
        The set as the course has it.
    worth
        ``points`` of functions and open questions, or the ``total`` of all functions, and
        ``dropped`` names of checks by function. Within a function the checks keep their shares.

    Examples
    --------
    >>> ten = with_worth(grading_set("03_convolution_2d"), {"total": 10})
    >>> [(exercise.name, round(exercise.points, 9)) for exercise in ten.exercises]
    [('conv2d', 6.666666667), ('match_score', 3.333333333)]
    """
    dropped: Mapping[str, Sequence[str]] = worth.get("dropped") or {}
    exercises = []
    for one in asked.exercises:
        left = tuple(check for check in one.checks if check.name not in dropped.get(one.name, ()))
        if left:
            exercises.append(replace(one, checks=left))
    points: Mapping[str, float] = worth.get("points") or {}
    total, now = worth.get("total"), sum(one.points for one in exercises)
    scaled = []
    for one in exercises:
        share = total / now if total is not None else points.get(one.name, one.points) / one.points
        checks = tuple(replace(check, points=check.points * share) for check in one.checks)
        scaled.append(replace(one, checks=checks))
    questions = tuple(replace(q, points=points.get(q.name, 0.0)) for q in asked.open_questions)
    return replace(asked, exercises=tuple(scaled), open_questions=questions)


def graded_set(set_name: str, rules: Mapping[str, Any] | None) -> GradingSet:
    """Return a set as a run graded it, by the rules that the gradebook kept of the run."""
    return with_worth(grading_set(set_name), (rules or {}).get("worth") or {})
