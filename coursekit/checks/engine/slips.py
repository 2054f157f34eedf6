"""Slips that any function can have: its own result or arguments, changed in one simple way.

Each is the right implementation with one transformation before or after it, so it is found by
elimination as a set's own wrong ideas are. It is named only where none of those fits.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.checks.engine.compare import differs, outcome, right_answer, same, same_shape
from coursekit.checks.engine.draw import key_of
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Case,
    Exercise,
    Misconception,
    Question,
    Terms,
)

Change = Callable[[Array], Any]
_KEPT = 256  # right answers that are kept, since many slips start from the same one


class SlipDoesNotApplyError(Exception):
    """A change that makes no sense for this shape; an answer that fails there may hold it."""


def slips(exercise: Exercise, asked: Sequence[Question]) -> dict[str, Misconception]:
    """Return the slips that this function can have, by name.

    Those are left out that change nothing in any of the questions.
    """
    if exercise.direct or not asked:
        return {}
    oracle = _kept(exercise.oracle)
    found: dict[str, Misconception] = {}
    axes = max(np.ndim(oracle(*q.args[: _own(exercise, q)])) for q in asked)
    for name, does, rethink, changes in [*_of_result(axes), *_of_terms(exercise, axes)]:
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
    first = asked[0].args
    for place, parameter in enumerate(exercise.parameters):
        values = [q.args[place] for q in asked if place < len(q.args)]
        for name, does, rethink, before in _of_argument(exercise, parameter, place, values):
            possible = [change for change in before if _possible(exercise, change, asked)]
            wrong = tuple(_before(oracle, change) for change in possible)
            found[name] = Misconception(does, rethink, wrong)
    for name, does, rethink, before in _of_pairs(exercise, first):
        found[name] = Misconception(does, rethink, tuple(_before(oracle, c) for c in before))
    several = {
        name: idea for name, idea in found.items() if any(_tells(exercise, idea, q) for q in asked)
    }
    return {**several, **_PATTERNS}


def _own(exercise: Exercise, question: Question) -> int:
    """Return how many of a question's arguments are the function's own."""
    return min(len(question.args), len(exercise.parameters))


def _possible(
    exercise: Exercise, change: Callable[[Args], Args], asked: Sequence[Question]
) -> bool:
    """Say whether a change leaves arguments that may be asked, for some question at least."""
    for question in asked:
        try:
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


def _of_arguments(change: Callable[[Args], Any]) -> Callable[[Args], Any]:
    """Mark a change that needs the arguments themselves, not the right result."""
    change.takes_arguments = True  # type: ignore[attr-defined]
    return change


def _before(oracle: Callable[..., Array], change: Callable[[Args], Args]) -> Callable[..., Any]:
    return lambda *args: oracle(*change(args))


# ------------------------------------------------------------------------------- the result


def _filled(at: Any) -> Change:
    """Return a change that keeps the cells at `at` and puts 0 everywhere else."""

    def kept(out: Array) -> Array:
        found = np.zeros_like(out)
        found[at] = out[at]
        return found

    return kept


def _zeroed(*at: Any) -> Change:
    """Return a change that puts 0 into the cells at `at`."""

    def zeroed(out: Array) -> Array:
        for place in at:
            out[place] = 0
        return out

    return zeroed


def _sliced(*cut: slice) -> Change:
    return lambda out: out[cut]


def _square_only(change: Change) -> Change:
    """Return a change that fails, as an index out of range does, where the array is not square."""

    def square(array: Array) -> Any:
        if len(set(array.shape[-2:])) > 1:
            raise SlipDoesNotApplyError
        return change(array)

    return square


_ALL, _BUT_LAST, _BUT_FIRST, _TURNED = (
    slice(None),
    slice(None, -1),
    slice(1, None),
    slice(None, None, -1),
)
_RANGE = "Which is the last index that your loop or slice reaches? range(n) ends at n - 1."
_RETURN = "What does Python do with the rest of a loop when it meets a return inside it?"
_TYPE = "What type has the array into which you write, and is anything rounded on the way?"
_INDEX = "Write down by hand which index of the result belongs to the first input cell."

Slip = tuple[str, str, str, tuple[Callable[..., Any], ...]]


def _of_result(axes: int) -> Iterator[Slip]:
    """Yield the slips in a result with so many axes."""
    yield (
        "result_negated",
        "gives its result with the opposite sign",
        "Which of two numbers is subtracted from the other?",
        (np.negative,),
    )
    yield (
        "sign_lost",
        "takes away the sign of negative results",
        "What should come out where the sum is negative?",
        (np.abs,),
    )
    yield (
        "negatives_to_zero",
        "gives 0 in place of negative results",
        "What should come out where the sum is negative?",
        (lambda out: np.maximum(out, 0),),
    )
    yield (
        "decimals_lost",
        "gives whole numbers where decimals belong",
        _TYPE,
        (np.trunc, np.rint, np.floor, np.ceil, lambda out: np.floor(out + 0.5)),
    )
    yield (
        "bytes_overflow",
        "computes in bytes or stores its result in bytes, where 255 + 1 is 0",
        "What is the largest number that the type of your arrays can hold?",
        (
            lambda out: np.trunc(out) % 256,
            lambda out: np.rint(out) % 256,
            lambda out: np.floor(out) % 256,
        ),
    )
    yield (
        "clipped_to_bytes",
        "cuts its result to the range from 0 to 255",
        "Is the result a picture? Nothing was said of cutting it.",
        (
            lambda out: np.clip(out, 0, 255),
            lambda out: np.trunc(np.clip(out, 0, 255)),
            lambda out: np.rint(np.clip(out, 0, 255)),
        ),
    )
    if not axes:
        return
    yield (
        "stops_after_first",
        "gives its result back after the first value, so the other values are 0 or missing",
        _RETURN,
        (
            lambda out: out.flat[0],
            lambda out: out[:1],
            lambda out: out[(slice(1),) * out.ndim],
            _filled((0,) * axes),
            *((lambda out: out[0], _filled(0)) if axes > 1 else ()),
        ),
    )
    yield (
        "last_value_only",
        "gives only its last value; the others are overwritten, 0 or missing",
        "Does each turn of the loop write to a place of its own?",
        (
            lambda out: out.flat[-1],
            lambda out: out[-1:],
            lambda out: out[(slice(-1, None),) * out.ndim],
            _filled((-1,) * axes),
            *((lambda out: out[-1], _filled(-1)) if axes > 1 else ()),
            *(lambda out, a=a: np.moveaxis(out, a, 0)[-1] for a in range(1, axes)),
        ),
    )
    yield (
        "first_value_repeated",
        "gives one and the same value at every place",
        "Does the index of the place appear where you read your input?",
        (
            lambda out: np.full_like(out, out.flat[0]),
            lambda out: np.full_like(out, out.flat[-1]),
        ),
    )
    yield (
        "running_total",
        "never sets the sum back to 0, so each value contains those before it",
        "What should the sum be when a new value begins? Where is it set back to 0?",
        (
            lambda out: np.cumsum(out).reshape(out.shape),
            *((lambda out: np.cumsum(out, axis=-1),) if axes > 1 else ()),
            *((lambda out: np.cumsum(out, axis=-2),) if axes > 1 else ()),
        ),
    )
    yield (
        "last_places_missing",
        "leaves out the last places of its result",
        _RANGE,
        tuple(
            _sliced(*((_ALL,) * before), _BUT_LAST, *((_ALL,) * (axes - before - 1)))
            for before in range(axes)
        )
        + ((_sliced(*((_BUT_LAST,) * axes)),) if axes > 1 else ()),
    )
    yield (
        "first_places_missing",
        "leaves out the first places of its result",
        "With which index does your loop or slice begin?",
        tuple(
            _sliced(*((_ALL,) * before), _BUT_FIRST, *((_ALL,) * (axes - before - 1)))
            for before in range(axes)
        )
        + ((_sliced(*((_BUT_FIRST,) * axes)),) if axes > 1 else ()),
    )
    yield (
        "last_places_zero",
        "leaves 0 in the last places of its result",
        _RANGE,
        (
            _zeroed((-1,) * axes),
            _zeroed(-1),
            *((_zeroed((..., -1)), _zeroed(-1, (..., -1))) if axes > 1 else ()),
        ),
    )
    yield (
        "first_places_zero",
        "leaves 0 in the first places of its result",
        "With which index does your loop begin?",
        (
            _zeroed((0,) * axes),
            _zeroed(0),
            *((_zeroed((..., 0)), _zeroed(0, (..., 0))) if axes > 1 else ()),
        ),
    )
    yield (
        "shifted_by_one",
        "puts its values one place too far along",
        _INDEX,
        tuple(
            (lambda out, a=a, by=by: np.roll(out, by, axis=a))
            for a in range(axes)
            for by in (1, -1)
        ),
    )
    yield (
        "axis_too_many",
        "gives its values with an axis too many",
        "Which brackets, or which axes, are left over?",
        (
            lambda out: out[None],
            lambda out: out[..., None],
            lambda out: out[None, None],
            lambda out: out[..., None, None],
        ),
    )
    if axes == 1:
        yield (
            "result_reversed",
            "gives its result backwards",
            _INDEX,
            (lambda out: out[::-1],),
        )
        return
    yield (
        "result_transposed",
        "swaps the rows and columns of its result",
        "Which index of the result counts rows, and which one columns?",
        (lambda out: np.swapaxes(out, -1, -2), _square_only(lambda out: np.swapaxes(out, -1, -2))),
    )
    yield (
        "result_flipped",
        "turns its result round: upside down, left to right, or both",
        _INDEX,
        (
            lambda out: out[..., ::-1, :],
            lambda out: out[..., ::-1],
            lambda out: out[..., ::-1, ::-1],
        ),
    )
    if axes == 3:
        yield (
            "result_axes_swapped",
            "gives the axes of its result in another order",
            "Which axis comes first, which last? Print the shape of the result.",
            (
                lambda out: np.moveaxis(out, 0, -1),
                lambda out: np.moveaxis(out, -1, 0),
                lambda out: np.swapaxes(out, 0, 1),
                lambda out: np.swapaxes(out, 0, 2),
            ),
        )
        yield (
            "first_map_only",
            "gives the first map only",
            _RETURN,
            (lambda out: out[0], lambda out: out[:1], _filled(0)),
        )
    yield (
        "result_flattened",
        "gives its values in one long row",
        "How many axes should the result have? Which function gives it its shape?",
        (np.ravel, lambda out: out.reshape(1, -1), lambda out: out.reshape(-1, 1)),
    )


# ---------------------------------------------------------------------------- terms of a sum


def _of_terms(exercise: Exercise, axes: int) -> Iterator[Slip]:
    """Yield the slips in what is added up for each value of the result."""
    terms = exercise.terms
    if terms is None:
        return
    t = terms.called
    reduce_to, other = (np.mean, np.sum) if terms.mean else (np.sum, np.mean)
    wanted, instead = ("mean", "sum") if terms.mean else ("sum", "mean")

    def made(change: Callable[[Array], Any]) -> Callable[..., Any]:
        return _with_terms(terms, axes, change)

    def total(part: Array) -> Array:
        whole: Array = reduce_to(part, axis=-1)
        return whole

    yield (
        f"{instead}_for_{wanted}",
        f"takes the {instead} of the {t}s in place of their {wanted}",
        f"Is the result the {wanted} of the {t}s or their {instead}?",
        (made(lambda flat: other(flat, axis=-1)),),
    )
    yield (
        "one_term_only",
        f"keeps one {t} of each {wanted} in place of all of them",
        f"What happens to the earlier {t}s when the next one is computed? Is it = or +=?",
        (made(lambda flat: flat[..., -1]), made(lambda flat: flat[..., 0])),
    )
    yield (
        "stops_after_first_term",
        f"gives its result back after the first {t}",
        _RETURN,
        (
            made(lambda flat: flat[..., 0] / flat.shape[-1]),
            made(lambda flat: flat.flat[0]),
            made(lambda flat: np.full(flat.shape[:-1], flat.flat[0])),
            made(_first_term),
        ),
    )
    yield (
        "last_terms_missing",
        f"leaves the last {t}s out of each {wanted}",
        _RANGE,
        (
            made(lambda flat: np.sum(flat[..., :-1], axis=-1) / _divisor(terms, flat)),
            made(lambda flat: total(flat[..., :-1])),
            *(_cut(terms, axes, cut) for cut in ((-1, None), (None, -1), (-1, -1))),
        ),
    )
    yield (
        "first_terms_missing",
        f"leaves the first {t}s out of each {wanted}",
        "With which index does your inner loop begin?",
        (
            made(lambda flat: np.sum(flat[..., 1:], axis=-1) / _divisor(terms, flat)),
            made(lambda flat: total(flat[..., 1:])),
            *(_cut(terms, axes, cut, first=True) for cut in ((1, None), (None, 1), (1, 1))),
        ),
    )
    yield (
        "one_line_of_terms",
        f"adds up only one row or column of the {t}s",
        "The sum runs over rows and columns. When is it set back to 0?",
        tuple(_line(terms, axes, axis, place) for axis in (-1, -2) for place in (0, -1)),
    )
    yield (
        "not_added_up",
        f"does not add all the {t}s up to one number",
        f"How many numbers should come of one group of {t}s?",
        tuple(
            _of_arguments(change)
            for change in (
                lambda args: terms.of(*args),
                *(lambda args, a=a: terms.of(*args).sum(axis=a) for a in (-1, -2)),
                *(lambda args, a=a: terms.of(*args).mean(axis=a) for a in (-1, -2)),
                *(lambda args, a=a: _line_sums(terms, axes, args, a) for a in (-1, -2)),
            )
        ),
    )
    yield (
        "largest_term",
        f"takes the largest or smallest {t} in place of the {wanted}",
        f"The {t}s become one number: by which operation?",
        (made(lambda flat: flat.max(axis=-1)), made(lambda flat: flat.min(axis=-1))),
    )
    yield (
        "terms_multiplied",
        f"multiplies the {t}s with one another",
        f"The {t}s become one number: by which operation?",
        (made(lambda flat: flat.prod(axis=-1)),),
    )
    yield (
        "terms_without_sign",
        f"takes away the sign of each {t}",
        f"What does a negative {t} do to the {wanted}?",
        (made(lambda flat: total(np.abs(flat))),),
    )
    yield (
        "terms_cut_to_whole",
        f"cuts each {t} to a whole number",
        _TYPE,
        (made(lambda flat: total(np.trunc(flat))), made(lambda flat: total(np.rint(flat)))),
    )
    yield (
        "accumulated_in_whole_numbers",
        "adds up in whole numbers, so that decimals are lost at every step",
        _TYPE,
        (made(_whole_steps),),
    )


def _first_term(flat: Array) -> Array:
    out: Array = np.zeros(flat.shape[:-1])
    out.flat[0] = flat.flat[0]
    return out


def _line_sums(terms: Terms, axes: int, args: Args, axis: int) -> Array:
    """Return the sums along one axis only, divided by the number of all terms."""
    several = np.asarray(terms.of(*args))
    count = int(np.prod(several.shape[_result_axes(several, axes) :]))
    sums: Array = several.sum(axis=axis) / count
    return sums


def _whole_steps(flat: Array) -> Array:
    out: Array = np.zeros(flat.shape[:-1])
    for place in range(flat.shape[-1]):
        out = np.trunc(out + flat[..., place])
    return out


def _divisor(terms: Terms, flat: Array) -> int:
    return flat.shape[-1] if terms.mean else 1


def _with_terms(terms: Terms, axes: int, change: Callable[[Array], Any]) -> Callable[..., Any]:
    """Return an implementation that reduces the terms (in one last axis) in another way."""

    def implementation(args: Args) -> Any:
        several = np.asarray(terms.of(*args))
        depth = _result_axes(several, axes)
        flat = several.reshape(*several.shape[:depth], -1)
        return terms.finish(change(flat), *args)

    return _of_arguments(implementation)


def _result_axes(several: Array, axes: int) -> int:
    return min(axes, several.ndim)


def _cut(
    terms: Terms, axes: int, cut: tuple[int | None, int | None], first: bool = False
) -> Callable[..., Any]:
    """Return an implementation that leaves out a row or column of the terms, or both."""

    def implementation(args: Args) -> Any:
        several = np.asarray(terms.of(*args))
        depth = _result_axes(several, axes)
        if several.ndim - depth < 2:
            raise SlipDoesNotApplyError
        count = int(np.prod(several.shape[depth:]))
        part = several[(..., *(slice(c, None) if first else slice(None, c) for c in cut))]
        total = part.sum(axis=tuple(range(depth, part.ndim)))
        return terms.finish(total / count if terms.mean else total, *args)

    return _of_arguments(implementation)


def _line(terms: Terms, axes: int, axis: int, place: int) -> Callable[..., Any]:
    """Return an implementation that adds up one row or one column of the terms."""

    def implementation(args: Args) -> Any:
        several = np.asarray(terms.of(*args))
        depth = _result_axes(several, axes)
        if several.ndim - depth < 2:
            raise SlipDoesNotApplyError
        line = np.take(several, place, axis=axis)
        over = tuple(range(depth, line.ndim))
        return terms.finish(line.mean(axis=over) if terms.mean else line.sum(axis=over), *args)

    return _of_arguments(implementation)


# ----------------------------------------------------------------------------- the arguments


def _put(place: int, change: Callable[[Any], Any]) -> Callable[[Args], Args]:
    """Return a change of one argument among all."""
    return lambda args: (*args[:place], change(args[place]), *args[place + 1 :])


def _of_argument(
    exercise: Exercise, parameter: str, place: int, values: Sequence[Any]
) -> Iterator[Slip]:
    """Yield the slips in the use of one argument."""
    if not values:
        return
    p = parameter
    if isinstance(values[0], np.ndarray):
        changes = _of_array(p, values)
    elif isinstance(values[0], int) and not isinstance(values[0], bool):
        changes = _of_number(exercise, p)
    else:
        return
    for name, does, rethink, several in changes:
        yield f"{p}_{name}", does, rethink, tuple(_put(place, change) for change in several)


def _of_array(p: str, values: Sequence[Array]) -> Iterator[Slip]:
    axes = max(value.ndim for value in values)
    yield (
        "ignored",
        f"does not use the values of {p}",
        f"Where do the values of {p} enter your result?",
        (np.ones_like,),
    )
    yield (
        "cut_to_whole",
        f"cuts the values of {p} to whole numbers before it computes with them",
        f"What type does {p} have when you compute with it?",
        (np.trunc, np.rint, np.floor),
    )
    yield (
        "without_sign",
        f"takes away the sign of the values of {p}",
        f"What should a negative value in {p} do?",
        (np.abs, lambda a: np.maximum(a, 0)),
    )
    yield (
        "last_cells_unused",
        f"leaves out the last cells of {p}",
        _RANGE,
        tuple(
            _sliced(*((_ALL,) * before), _BUT_LAST, *((_ALL,) * (axes - before - 1)))
            for before in range(axes)
        )
        + ((_sliced(*((_BUT_LAST,) * axes)),) if axes > 1 else ()),
    )
    yield (
        "first_cells_unused",
        f"leaves out the first cells of {p}",
        f"With which index of {p} does your loop or slice begin?",
        tuple(
            _sliced(*((_ALL,) * before), _BUT_FIRST, *((_ALL,) * (axes - before - 1)))
            for before in range(axes)
        )
        + ((_sliced(*((_BUT_FIRST,) * axes)),) if axes > 1 else ()),
    )
    backwards = (
        *(lambda a, x=x: np.roll(np.flip(a, x), 1, axis=x) for x in range(axes)),
        lambda a: np.roll(np.flip(a), (1,) * a.ndim, axis=tuple(range(a.ndim))),
    )
    yield (
        "negative_index",
        f"reads {p} with a negative index, which counts from its end",
        f"What does Python make of {p}[-1]? Which values does your index of {p} take?",
        backwards,
    )
    if axes == 1:
        yield (
            "reversed",
            f"turns {p} round before it is used",
            f"Which value meets the first value of {p}?",
            (lambda a: a[::-1],),
        )
        return
    yield (
        "transposed",
        f"swaps the rows and columns of {p}",
        f"Which index of {p} counts rows?",
        (lambda a: np.swapaxes(a, -1, -2), _square_only(lambda a: np.swapaxes(a, -1, -2))),
    )
    yield (
        "upside_down",
        f"turns {p} upside down before it is used",
        f"Which row of {p} comes first?",
        (lambda a: a[..., ::-1, :],),
    )
    yield (
        "mirrored",
        f"mirrors {p} left to right before it is used",
        f"Which column of {p} comes first?",
        (lambda a: a[..., ::-1],),
    )
    yield (
        "half_turn",
        f"turns {p} by half a turn before it is used",
        f"Which cell of {p} comes first?",
        (lambda a: a[..., ::-1, ::-1],),
    )
    yield (
        "quarter_turn",
        f"turns {p} by a quarter turn before it is used",
        f"Which cell of {p} comes first?",
        (lambda a: np.rot90(a, 1, (-2, -1)), lambda a: np.rot90(a, -1, (-2, -1))),
    )
    if axes >= 3:
        yield (
            "first_only",
            f"uses only the first part of {p} along its first axis",
            f"How long is the first axis of {p}? Which loop runs over it?",
            (lambda a: a[:1], lambda a: np.concatenate([a[:1], 0 * a[1:]])),
        )
        yield (
            "first_repeated",
            f"takes the first part of {p} in place of all the others",
            f"Does the index of the first axis of {p} change in your loop?",
            (
                lambda a: np.broadcast_to(a[:1], a.shape).copy(),
                lambda a: np.broadcast_to(a[-1:], a.shape).copy(),
                lambda a: a[::-1],
            ),
        )


def _of_number(exercise: Exercise, p: str) -> Iterator[Slip]:
    yield (
        "ignored",
        f"does the same whatever {p} is",
        f"Where does your function use {p}? Is a number written out in its place?",
        tuple((lambda _, c=c: c) for c in dict.fromkeys((*_default(exercise, p), 1, 0, 2, 3, 8))),
    )
    yield (
        "one_more",
        f"uses {p} + 1 in place of {p}",
        f"Try it by hand with the smallest {p} that there is.",
        (lambda k: k + 1,),
    )
    yield (
        "one_less",
        f"uses {p} - 1 in place of {p}",
        f"Try it by hand with the smallest {p} that there is.",
        (lambda k: k - 1,),
    )
    yield (
        "halved",
        f"uses half of {p}",
        f"How often does {p} count?",
        (lambda k: k // 2, lambda k: -(-k // 2)),
    )
    yield (
        "doubled",
        f"uses twice {p}",
        f"How often does {p} count?",
        (lambda k: 2 * k,),
    )
    yield (
        "squared",
        f"uses the square of {p}",
        f"How often does {p} count?",
        (lambda k: k * k,),
    )


def _default(exercise: Exercise, parameter: str) -> tuple[Any, ...]:
    """Return the value that a parameter has when it is left out."""
    try:
        found = inspect.signature(exercise.oracle).parameters[parameter].default
    except (KeyError, ValueError, TypeError):
        return ()
    return (found,) if isinstance(found, int) else ()


def _of_pairs(exercise: Exercise, first: Args) -> Iterator[Slip]:
    """Yield the slips in which two arguments change places."""
    names = exercise.parameters
    for i, a in enumerate(first[: len(names)]):
        for j in range(i + 1, min(len(first), len(names))):
            both = isinstance(a, np.ndarray) == isinstance(first[j], np.ndarray)
            if both:
                yield (
                    f"{names[i]}_and_{names[j]}_swapped",
                    f"takes {names[i]} for {names[j]} and {names[j]} for {names[i]}",
                    "In which order do the arguments come?",
                    (_swap(i, j),),
                )
                yield (
                    f"{names[i]}_used_twice",
                    f"uses {names[i]} in the place of {names[j]}",
                    f"Where does your function use {names[j]}?",
                    (_replace(j, i),),
                )
                yield (
                    f"{names[j]}_used_twice",
                    f"uses {names[j]} in the place of {names[i]}",
                    f"Where does your function use {names[i]}?",
                    (_replace(i, j),),
                )


def _swap(i: int, j: int) -> Callable[[Args], Args]:
    def swapped(args: Args) -> Args:
        several = list(args)
        several[i], several[j] = several[j], several[i]
        return tuple(several)

    return swapped


def _replace(i: int, by: int) -> Callable[[Args], Args]:
    return lambda args: tuple(args[by] if place == i else arg for place, arg in enumerate(args))


# ------------------------------------------------------------- what all replies show together


def _numbers(cases: Sequence[Case]) -> bool:
    return all(case.got is not None for case in cases)


def _same_always(cases: Sequence[Case]) -> bool:
    """Say whether the same numbers come out whatever the arguments."""
    if not _numbers(cases) or len(cases) < 3:
        return False
    first = cases[0].got
    alike = all(np.array_equal(first, case.got) for case in cases[1:])  # type: ignore[arg-type]
    return alike and any(not np.array_equal(cases[0].expected, c.expected) for c in cases)


def _shaped(cases: Sequence[Case]) -> bool:
    return _numbers(cases) and all(
        case.got is not None and same_shape(case.got.shape, case.expected.shape) for case in cases
    )


def factor(cases: Sequence[Case]) -> float | None:
    """Return the one number by which every result is too large, if there is one."""
    if not _shaped(cases):
        return None
    got = np.concatenate([np.ravel(c.got).astype(float) for c in cases])  # type: ignore[arg-type]
    expected = np.concatenate([np.ravel(c.expected).astype(float) for c in cases])
    there = (expected != 0) & np.isfinite(expected)
    if there.sum() < 3 or not np.isfinite(got).all():
        return None
    by = float(np.median(got[there] / expected[there]))
    room = 1e-5 * max(1.0, float(np.abs(got).max()))
    close = np.abs(got - by * expected) <= room
    return by if close.all() and abs(by - 1) > 1e-4 and by != 0 else None


def offset(cases: Sequence[Case]) -> float | None:
    """Return the one number by which every result differs, if there is one."""
    if not _shaped(cases):
        return None
    gaps = np.concatenate(
        [np.ravel(c.got).astype(float) - np.ravel(c.expected) for c in cases]  # type: ignore[arg-type]
    )
    if len(gaps) < 3 or not np.isfinite(gaps).all():
        return None
    by = float(gaps[0])
    return by if np.allclose(gaps, by, atol=1e-6) and abs(by) > 1e-4 else None


def _few_digits(cases: Sequence[Case]) -> bool:
    """Say whether every number is close to the right one, as in float16."""
    if not _shaped(cases):
        return False
    whole = True
    for case in cases:
        got, expected = np.asarray(case.got, dtype=float), np.asarray(case.expected, dtype=float)
        got = got.reshape(expected.shape)
        if not np.isfinite(got).all() or not np.isfinite(expected).all():
            return False
        largest = float(np.abs(expected).max()) if expected.size else 0.0
        if np.any(np.abs(got - expected) > 2e-3 * max(largest, 1.0)):
            return False
        whole = whole and bool(np.all(expected == np.rint(expected)))
    return not whole


def _elsewhere(cases: Sequence[Case]) -> bool:
    """Say whether the right values come out, in another order."""
    if not _numbers(cases):
        return False
    sizes = [case.expected.size for case in cases]
    return max(sizes) > 3 and all(
        case.got is not None
        and case.got.shape == case.expected.shape
        and not differs(np.sort(np.ravel(case.got)), np.sort(np.ravel(case.expected)), 1e-6).any()
        for case in cases
    )


def measured(name: str, cases: Sequence[Case]) -> str:
    """Return by how much the results are off, for the slips in which that is one number."""
    if name == "constant_factor":
        return f"Every value is {factor(cases) or 0:.6g} times the right one."
    if name == "constant_offset":
        return f"Every value is off by {offset(cases) or 0:+.6g}."
    return ""


_PATTERNS = {
    "same_answer_always": Misconception(
        "gives the same numbers whatever its arguments are",
        "Does it read its arguments, or a variable that another cell has made?",
        hint="Restart the kernel and run the cells from the top: a name that only another cell has "
        "made is gone then. Inside the function use nothing but its arguments.",
        pattern=_same_always,
    ),
    "constant_factor": Misconception(
        "gives the right numbers times a constant",
        "Is something divided or multiplied once too often, or counted twice?",
        pattern=lambda cases: factor(cases) is not None,
    ),
    "constant_offset": Misconception(
        "gives the right numbers plus a constant",
        "Is something added once too often, or is the first value not 0?",
        pattern=lambda cases: offset(cases) is not None,
    ),
    "digits_lost": Misconception(
        "loses digits on the way: its numbers are close to the right ones, and not equal",
        "Is anything rounded? float16 keeps three digits; bytes and float16 become float64 with "
        "astype.",
        pattern=_few_digits,
    ),
    "values_in_other_places": Misconception(
        "computes the right values and puts them into other places",
        _INDEX,
        pattern=_elsewhere,
    ),
}

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
    "bytes_overflow": "uint8 holds 0 to 255. Turn the array into int64 or float64 with astype "
    "before the first sum or product.",
}
