"""Slips in what is added up for each value of the result: one term kept, the last left out."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.checks.engine.slips.changes import (
    RANGE,
    RETURN,
    TYPE,
    Slip,
    SlipDoesNotApplyError,
    of_arguments,
)
from coursekit.checks.engine.spec import Args, Array, Exercise, Terms


def of_terms(exercise: Exercise, axes: int) -> Iterator[Slip]:
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
        (
            made(lambda flat: flat[..., -1]),
            made(lambda flat: flat[..., 0]),
            _middle(terms, axes),
            *((made(lambda flat: flat[..., -1] / flat.shape[-1]),) if terms.mean else ()),
        ),
    )
    yield (
        "partial_sums",
        f"gives the {wanted} after every {t}, not only when it is complete",
        "Which line belongs in the inner loop, and which one below it?",
        (
            made(lambda flat: np.ravel(np.cumsum(flat, axis=-1) / _divisor(terms, flat))),
            made(lambda flat: np.cumsum(flat) / _divisor(terms, flat)),
        ),
    )
    if terms.mean:  # of a sum it is a constant too much
        yield (
            "sum_begins_at_one",
            f"begins its sum of {t}s with 1 in place of 0",
            f"What is the sum before the first {t} is added?",
            (made(lambda flat: (flat.sum(axis=-1) + 1) / flat.shape[-1]),),
        )
    yield (
        "median_of_terms",
        f"takes the median of the {t}s",
        f"The median is the middle one of the sorted {t}s. Is that what is asked for?",
        (made(lambda flat: np.median(flat, axis=-1)),),
    )
    yield (
        "stops_after_first_term",
        f"gives its result back after the first {t}",
        RETURN,
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
        RANGE,
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
        tuple(
            _line(terms, axes, axis, place, divided)
            for axis in (-1, -2)
            for place in (0, -1)
            for divided in ((False, True) if terms.mean else (False,))
        ),
    )
    yield (
        "not_added_up",
        f"does not add all the {t}s up to one number",
        f"How many numbers should come of one group of {t}s?",
        tuple(
            of_arguments(change)
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
        TYPE,
        (made(lambda flat: total(np.trunc(flat))), made(lambda flat: total(np.rint(flat)))),
    )
    yield (
        "accumulated_in_whole_numbers",
        "adds up in whole numbers, so that decimals are lost at every step",
        TYPE,
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

    return of_arguments(implementation)


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

    return of_arguments(implementation)


def _middle(terms: Terms, axes: int) -> Callable[..., Any]:
    """Return an implementation that keeps the term in the middle."""

    def implementation(args: Args) -> Any:
        several = np.asarray(terms.of(*args))
        sides = several.shape[_result_axes(several, axes) :]
        return terms.finish(several[(..., *(side // 2 for side in sides))], *args)

    return of_arguments(implementation)


def _line(terms: Terms, axes: int, axis: int, place: int, divided: bool) -> Callable[..., Any]:
    """Return an implementation that adds up one row or one column of the terms.

    Where a mean is wanted it divides by the terms of this line, or (`divided`) by all of them.
    """

    def implementation(args: Args) -> Any:
        several = np.asarray(terms.of(*args))
        depth = _result_axes(several, axes)
        if several.ndim - depth < 2:
            raise SlipDoesNotApplyError
        line = np.take(several, place, axis=axis)
        over = tuple(range(depth, line.ndim))
        if divided:
            return terms.finish(line.sum(axis=over) / np.prod(several.shape[depth:]), *args)
        return terms.finish(line.mean(axis=over) if terms.mean else line.sum(axis=over), *args)

    return of_arguments(implementation)
