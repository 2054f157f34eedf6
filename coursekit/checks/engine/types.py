"""What counts as an answer: one rule for every set, and for the grader.

The numbers decide. Lists, tuples, tensors, arrays with a single cell, and results of another type
of number pass where they hold the right numbers; what is out of the ordinary is said in one
remark. Only a number that should be whole and is not is wrong.
"""

from collections.abc import Sequence

import numpy as np

from coursekit.checks.engine.spec import Array, Exercise, Parts, Question
from coursekit.checks.runner.reply import Reply

_WHOLE = ("whole numbers", "a whole number", "uint8")
_WANTED = {
    "whole numbers": "whole numbers (int64)",
    "a whole number": "an int",
    "uint8": "bytes (uint8)",
    "numbers": "float64",
}


def allowed(exercise: Exercise, values: Array) -> bool:
    """Say whether all numbers are of the kind that is asked for: whole, from 0 to 255."""
    if (
        exercise.returns in _WHOLE
        and values.dtype.kind == "f"
        and np.any(values != np.rint(values))
    ):
        return False
    if exercise.returns == "uint8" and values.size:
        return bool(values.min() >= 0 and values.max() <= 255)
    return True


def remark(
    exercise: Exercise,
    questions: Sequence[Question],
    replies: Sequence[Reply],
    expected: Sequence[Parts],
) -> str | None:
    """Return what there is to say about right results, most of all their type; None: nothing."""
    for question, reply, (right, *_) in zip(questions, replies, expected, strict=True):
        if reply.kind != "value":
            continue
        if exercise.words.remark and (own := exercise.words.remark(reply.parts)):
            return own
        said = _container(reply, right)
        if not said and not exercise.direct:
            said = _number_type(exercise, question, reply.parts[0], right)
        if said:
            return f"{said} It counts, since the numbers are right."
    return None


def _container(reply: Reply, right: Array) -> str:
    """Return a sentence where something else holds the numbers than was asked for."""
    got, found = reply.parts[0], reply.detail
    if right.ndim == 0:
        if found and not found.startswith(("an int", "a float", "a bool")):
            return f"It gives {found} where a plain number was asked for."
        if got.ndim:
            return "It gives an array with one number in it where a plain number was asked for."
        return ""
    if found and not found.startswith(("an int", "a float")):
        return f"It gives {found} where an array was asked for; np.array(...) makes one of it."
    if got.shape != right.shape:
        return "It has lost or gained an axis of length one."
    return ""


def _number_type(exercise: Exercise, question: Question, got: Array, right: Array) -> str:
    """Return a sentence where the numbers are of another type than was asked for."""
    found = got.dtype
    if exercise.same_type:
        wanted = next((a.dtype for a in question.args if isinstance(a, np.ndarray)), found)
        if found == wanted:
            return ""
        return f"Its numbers are {found}, where those of its argument ({wanted}) were asked for."
    if exercise.returns in _WHOLE:
        if exercise.returns == "a whole number" and found.kind == "f":
            return (
                f"Its result has a decimal point ({float(got.flat[0])}), where an int was asked "
                "for; // divides without one."
            )
        fits = found == np.uint8 if exercise.returns == "uint8" else found.kind in "iu"
        return (
            ""
            if fits
            else f"Its numbers are {found}, where {_WANTED[exercise.returns]} "
            + ("was asked for." if exercise.returns == "a whole number" else "were asked for.")
        )
    if found.kind == "f" and found.itemsize < 8:
        return f"Its numbers are {found}, which keeps fewer digits than float64."
    if found.kind in "iub" and right.dtype.kind == "f" and right.ndim:
        return f"Its numbers are {found}, where float64 was asked for."
    return ""
