"""Slips that any function can have: its own result or arguments, changed in one simple way.

Each is the right implementation with one transformation before or after it, so it is found by
elimination as a set's own wrong ideas are. It is named only where none of those fits.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from coursekit.checks.engine.compare import same
from coursekit.checks.engine.outcomes import outcome, right_answer
from coursekit.checks.engine.slips.arguments import of_argument, of_pairs
from coursekit.checks.engine.slips.patterns import LAST_PATTERNS, PATTERNS, measured
from coursekit.checks.engine.slips.results import of_result
from coursekit.checks.engine.slips.terms import of_terms
from coursekit.checks.engine.spec import Args, Array, Exercise, Misconception, Question, key_of

__all__ = ["PATTERNS", "measured", "slips"]

_KEPT = 256  # right answers that are kept, since many slips start from the same one

_HINTS = {
    "stops_after_first": "Look at how far to the right your return stands. Inside a loop it ends "
    "the function in the first turn; it belongs below the loop, as far left as the for.",
    "running_total": "Set the sum to 0 inside the loop over the places, just before the inner loop "
    "begins.",
    "last_places_missing": "range(n) gives n numbers, 0 to n - 1. With n values and a window of f "
    "there are n - f + 1 places.",
    "last_places_zero": "range(n) gives n numbers, 0 to n - 1. With n values and a window of f "
    "there are n - f + 1 places.",
    "decimals_lost": "np.zeros(...) holds floats; np.zeros_like(x) and dtype=int take whole "
    "numbers only, and cut off what you write into them.",
    "one_term_only": "total = a * b forgets what was there before; total += a * b adds to it.",
    "result_transposed": "The first index of an array counts rows, the second one columns: "
    "out[row, column], in the loops and in the shape that you make room for.",
    "result_flattened": "Make room with np.zeros((rows, columns)) and write to out[i, j]; or begin "
    "a new list for each row.",
    "last_terms_missing": "range(n) gives n numbers, 0 to n - 1, and x[a:b] ends before b. Neither "
    "needs another - 1.",
    "first_terms_missing": "range(1, n) leaves 0 out. The first index is 0.",
    "partial_sums": "append, or out[i] = ..., belongs below the inner loop, in line with its for.",
    "one_line_repeated": "With i for the row and j for the column, both appear where you read the "
    "input, and both in out[i, j].",
    "places_skipped": "range(n) moves on by 1 from turn to turn; range(0, n, 2) and x[::2] by 2.",
    "first_places_missing": "range(1, n) and x[1:] leave the first one out. The first index is 0.",
    "first_places_zero": "range(1, n) leaves 0 out. The first index is 0.",
    "last_value_only": "Before the loop: out = [] or np.zeros(...). In it: out.append(value), or "
    "out[i] = value. After it, as far left as the for: return out.",
    "first_value_repeated": "In the loop over the places, each slice of the input should have the "
    "index of the place in it.",
    "stops_after_first_term": "Look at how far to the right your return stands: it belongs below "
    "the loop that adds up.",
    "one_number_in_all": "sum() and mean() without an axis take all numbers together.",
    "axis_too_many": "Print the shape of the result. A list of lists of lists, or an index with "
    "None or a slice too many, makes the axis that is left over.",
    "digits_lost": "astype(np.float64), before the first sum, gives numbers of 16 digits.",
    "bytes_overflow": "uint8 holds 0 to 255. Turn the array into int64 or float64 with astype "
    "before the first sum or product.",
}

_HINTS_OF_ARGUMENTS = {
    "ignored": "Look for {0} in the body of your function. If it is there, is it given another "
    "value before it is used?",
    "cut_to_whole": "int(), // and arrays of whole numbers cut decimals off. Print {0} just before "
    "it is used.",
    "negative_index": "{0}[-1] is the last value, {0}[-2] the one before. Print the smallest index "
    "that you read {0} with: it should be 0.",
    "last_cells_unused": "range(n) gives n numbers, 0 to n - 1; {0}[a:b] ends before b. Neither "
    "needs another - 1.",
    "first_cells_unused": "range(1, n) leaves 0 out. The first index of {0} is 0.",
    "transposed": "{0}.shape is (rows, columns), and {0}[i, j] is row i, column j.",
    "first_repeated": "{0}[0] is the first part of {0} in every turn of a loop; {0}[c] is another "
    "one in each.",
    "one_more": "Print {0} where it is used. range(n) and a slice end before their last number by "
    "themselves.",
    "one_less": "Print {0} where it is used. range(n) and a slice end before their last number by "
    "themselves.",
}


def slips(exercise: Exercise, asked: Sequence[Question]) -> dict[str, Misconception]:
    """Return the slips that this function can have, by name.

    Those are left out that change nothing in any of the questions.
    """
    if exercise.direct or not asked:
        return {}
    oracle, found = exercise.oracle, dict[str, Misconception]()
    if len(exercise.parts) == 1:
        oracle = _kept(exercise.oracle)
        found = _of_results(exercise, oracle, asked)
    for place, parameter in enumerate(exercise.parameters):
        values = [q.args[place] for q in asked if place < len(q.args)]
        for name, does, rethink, before in of_argument(exercise, parameter, place, values):
            possible = [change for change in before if _possible(exercise, change, asked)]
            wrong = tuple(_before(oracle, change) for change in possible)
            hint = _HINTS_OF_ARGUMENTS.get(name.removeprefix(f"{parameter}_"), "")
            found[name] = Misconception(does, rethink, wrong, hint=hint.format(parameter))
    for name, does, rethink, before in of_pairs(exercise, max((q.args for q in asked), key=len)):
        found[name] = Misconception(does, rethink, tuple(_before(oracle, c) for c in before))
    several = {
        name: idea for name, idea in found.items() if any(_tells(exercise, idea, q) for q in asked)
    }
    return {**several, **PATTERNS, **LAST_PATTERNS}


def _of_results(
    exercise: Exercise, oracle: Callable[..., Array], asked: Sequence[Question]
) -> dict[str, Misconception]:
    """Return the slips in what a function gives back, and in what it adds up."""
    found: dict[str, Misconception] = {}
    axes = max(np.ndim(oracle(*q.args[: _own(exercise, q)])) for q in asked)
    for name, does, rethink, changes in [*of_result(axes), *of_terms(exercise, axes)]:
        wrong = tuple(_after(oracle, change) for change in changes)
        found[name] = Misconception(does, rethink, wrong, hint=_HINTS.get(name, ""))
    stored = Misconception("", "", _in_the_type_of_the_first(oracle))
    if any(_tells(exercise, stored, q) for q in asked):  # it changes nothing where all are floats
        wrong = (*found["decimals_lost"].variants(), *stored.variants())
        found["decimals_lost"] = replace(found["decimals_lost"], wrong=wrong)
    found["room_left_over"] = Misconception(
        "makes its result as large as the input, so that zeros are left at the end",
        "How many values should the result have? Work it out before you make room for them.",
        (_in_the_size_of_the_first(oracle),),
        hint="With n values and a window of f there are n - f + 1 places.",
    )
    return found


def _own(exercise: Exercise, question: Question) -> int:
    """Return how many of a question's arguments are the function's own."""
    return min(len(question.args), len(exercise.parameters))


def _possible(
    exercise: Exercise, change: Callable[[Args], Args], asked: Sequence[Question]
) -> bool:
    """Say whether a change leaves arguments that may be asked, for some question at least."""
    for question in asked:
        try:
            with np.errstate(all="ignore"):
                if exercise.valid(*change(question.args)):
                    return True
        except Exception:  # a quarter turn of a single number
            continue
    return False


def _tells(exercise: Exercise, idea: Misconception, question: Question) -> bool:
    """Say whether a slip gives something else than the right answer to a question."""
    right = right_answer(exercise, question)
    for wrong in idea.variants():
        try:
            if not same(exercise, outcome(exercise, question, wrong), right):
                return True
        except Exception:
            return True
    return False


def _kept(function: Callable[..., Any]) -> Callable[..., Array]:
    """Return the function with its last results kept."""
    known: dict[Any, Array] = {}

    @wraps(function)  # with its signature
    def remembering(*args: Any) -> Array:
        key = tuple(map(key_of, args))
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = np.array(function(*args))
        return known[key].copy()

    return remembering


def _after(oracle: Callable[..., Array], change: Callable[..., Any]) -> Callable[..., Any]:
    if getattr(change, "takes_arguments", False):
        return lambda *args: change(args)
    return lambda *args: change(oracle(*args))


def _in_the_type_of_the_first(oracle: Callable[..., Array]) -> Callable[..., Any]:
    """Return the right answer, stored in the type of the first array, as zeros_like does."""

    def stored(*args: Any) -> Array:
        first = next(arg for arg in args if isinstance(arg, np.ndarray))
        return oracle(*args).astype(first.dtype)

    return stored


def _in_the_size_of_the_first(oracle: Callable[..., Array]) -> Callable[..., Any]:
    """Return the right values at the beginning of an array as large as the first argument."""

    def stored(*args: Any) -> Array:
        out = np.asarray(oracle(*args))
        room = np.zeros(next(arg for arg in args if isinstance(arg, np.ndarray)).shape)
        room[tuple(slice(n) for n in out.shape)] = out
        return room

    return stored


def _before(oracle: Callable[..., Array], change: Callable[[Args], Args]) -> Callable[..., Any]:
    parameters = inspect.signature(oracle).parameters.values()
    defaults = [p.default for p in parameters if p.kind is not p.KEYWORD_ONLY]
    return lambda *args: oracle(*change((*args, *defaults[len(args) :])))
