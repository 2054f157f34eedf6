"""What is said of one function, once it was asked or could not be."""

from collections.abc import Iterable
from html import escape

from coursekit.checks.engine.report import Result, result_of
from coursekit.checks.engine.spec import Exercise
from coursekit.grading.judging.judge import Judged
from coursekit.grading.judging.outcome import CheckMark, FailedCell, FunctionOutcome
from coursekit.notebooks.open_answers import OpenAnswer, OpenQuestion


def outcome_of(exercise: Exercise, judged: Judged, seconds: float) -> FunctionOutcome:
    """Return the outcome of a function that was asked."""
    result = result_of(exercise, judged.verdict)
    return FunctionOutcome(
        name=exercise.name,
        points=round(float(result.points), 9),  # an instructor's points may be thirds
        max_points=round(exercise.points, 9),
        passed=result.passed,
        attempted=result.attempted,
        checks=tuple(
            CheckMark(c.name, c.points, c.passed, _said(c.passed, wrong, total, result))
            for c, (wrong, total) in zip(result.checks, judged.tallies, strict=True)
        ),
        message=result.message,
        html=result.html(),
        misconception=result.misconception,
        counterexample=result.counterexample,
        hint="" if result.passed else exercise.hints[0],
        remarks=judged.verdict.remarks,
        seconds=seconds,
    )


def _said(passed: bool, wrong: int, total: int, result: Result) -> str:
    """Return one sentence about a check."""
    if passed:
        return f"right for {total} inputs" if total != 1 else "right"
    if not result.attempted:
        return "not attempted"
    if 0 < wrong < total:
        return f"wrong for {wrong} of {total} inputs"
    return result.message.splitlines()[0].lstrip("✗○ ")


def not_there(exercise: Exercise, kind: str, failed: FailedCell | None) -> FunctionOutcome:
    """Return the outcome where a name stands for nothing, or for something else."""
    if kind != "missing":
        return nothing(exercise, f"it is {kind} here, not a {exercise.words.answer}", True)
    why = f" ({failed})" if failed else ""
    return nothing(exercise, f"it is not defined in this notebook{why}")


def nothing(exercise: Exercise, why: str, attempted: bool = False) -> FunctionOutcome:
    """Return the outcome of a function that was not asked."""
    message = f"{'✗' if attempted else '○'} {exercise.name}: {why or 'not asked'}."
    return FunctionOutcome(
        name=exercise.name,
        points=0.0,
        max_points=round(exercise.points, 9),
        passed=False,
        attempted=attempted,
        checks=tuple(
            CheckMark(check.name, check.points, False, why or "not asked")
            for check in exercise.checks
        ),
        message=message,
        html=f"<p><strong>{escape(message)}</strong></p>",
        hint=exercise.hints[0],
    )


def for_a_person(asked: OpenQuestion, answers: Iterable[OpenAnswer]) -> FunctionOutcome:
    """Return the outcome of an open question: no points until a person gives some."""
    return FunctionOutcome(
        name=asked.name,
        points=0.0,
        max_points=round(asked.points, 9),
        passed=False,
        attempted=any(answer.name == asked.name for answer in answers),
        checks=(),
        message="",
        html="",
        by_person=True,
    )
