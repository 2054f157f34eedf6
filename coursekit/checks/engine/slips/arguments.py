"""Slips in the use of an argument: ignored, swapped, turned, cut, one more, one less."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.slips.changes import (
    BUT_FIRST,
    BUT_LAST,
    RANGE,
    Slip,
    along_each_axis,
    square_only,
)
from coursekit.checks.engine.spec import Args, Array, Exercise

_CONSTANTS = (1, 0, 2, 3, 4, 5, 8)  # what beginners write in place of an argument


def _put(place: int, change: Callable[[Any], Any]) -> Callable[[Args], Args]:
    """Return a change of one argument among all."""
    return lambda args: (*args[:place], change(args[place]), *args[place + 1 :])


def of_argument(
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
        "mean_removed",
        f"subtracts a mean, such as that of {p}, before it computes",
        f"What is subtracted from {p}, or from what it meets? Was that asked for?",
        (lambda a: a - a.mean(),),
    )
    yield (
        "scaled",
        f"divides by the sum of {p}, or by its largest value",
        "By what is everything divided? Was that asked for?",
        (
            lambda a: a / a.sum(),
            lambda a: a / np.abs(a).sum(),
            lambda a: a / a.max(),
            lambda a: a / np.abs(a).max(),
        ),
    )
    yield (
        "last_cells_unused",
        f"leaves out the last cells of {p}",
        RANGE,
        along_each_axis(BUT_LAST, axes),
    )
    yield (
        "first_cells_unused",
        f"leaves out the first cells of {p}",
        f"With which index of {p} does your loop or slice begin?",
        along_each_axis(BUT_FIRST, axes),
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
        yield (
            "shifted",
            f"moves the values of {p} by one place, round the end",
            f"Which value of {p} meets the first place? In Python an index of -1 is the last one.",
            (
                lambda a: np.roll(a, 1),
                lambda a: np.roll(a, -1),
                lambda a: np.roll(a[::-1], -1),
            ),
        )
        return
    yield (
        "transposed",
        f"swaps the rows and columns of {p}",
        f"Which index of {p} counts rows?",
        (lambda a: np.swapaxes(a, -1, -2), square_only(lambda a: np.swapaxes(a, -1, -2))),
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
            ),
        )
        yield (
            "last_part_first",
            f"takes the parts of {p} in the opposite order, the last one first",
            f"Which part of {p} comes first? Print {p}[0] and your own first one.",
            (lambda a: a[::-1],),
        )


def _of_number(exercise: Exercise, p: str) -> Iterator[Slip]:
    yield (
        "ignored",
        f"does the same whatever {p} is",
        f"Where does your function use {p}? Is a number written out in its place?",
        tuple((lambda _, c=c: c) for c in dict.fromkeys((*_default(exercise, p), *_CONSTANTS))),
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


def of_pairs(exercise: Exercise, args: Args) -> Iterator[Slip]:
    """Yield the slips in which two arguments change places."""
    names = exercise.parameters
    for i, a in enumerate(args[: len(names)]):
        for j in range(i + 1, min(len(args), len(names))):
            both = isinstance(a, np.ndarray) == isinstance(args[j], np.ndarray)
            if both:
                yield (
                    f"{names[i]}_and_{names[j]}_swapped",
                    f"takes {names[i]} for {names[j]} and {names[j]} for {names[i]}",
                    "In which order do the arguments come?",
                    (_swap(i, j),),
                )
                yield (
                    f"{names[i]}_in_place_of_{names[j]}",
                    f"uses {names[i]} in the place of {names[j]}",
                    f"Where does your function use {names[j]}?",
                    (_replace(j, i),),
                )
                yield (
                    f"{names[j]}_in_place_of_{names[i]}",
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
