"""Wrong ideas about dropout, each in the forms that differ at p = 0 and p = 1."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.probes import dropped

Dropout = Callable[[Array, float, np.random.Generator], Any]
Scale = Callable[[float], Any]


def _kept(x: Array, p: float, rng: np.random.Generator) -> Array:
    return rng.random(x.shape) >= p


def _inverse(p: float) -> Any:
    return 1 / np.float64(1 - p)


def _times(keep: Dropout = _kept, scale: Scale = _inverse) -> Dropout:
    """Return a dropout by what it keeps, and by the factor of that."""
    return lambda x, p, rng: x * keep(x, p, rng) * scale(p)


def _forms(answer: Dropout) -> tuple[Callable[..., Parts], ...]:
    """Return an idea as it stands, and with p = 1, or p = 0 as well, set right by a line."""

    def one_right(x: Array, p: float, rng: np.random.Generator) -> Any:
        return np.zeros_like(x) if p == 1 else answer(x, p, rng)

    def both_right(x: Array, p: float, rng: np.random.Generator) -> Any:
        return x.copy() if p == 0 else one_right(x, p, rng)

    def zero_right(x: Array, p: float, rng: np.random.Generator) -> Any:
        return x.copy() if p == 0 else answer(x, p, rng)

    return tuple(partial(dropped, form) for form in (answer, one_right, both_right, zero_right))


def _all_forms(*answers: Dropout) -> tuple[Callable[..., Parts], ...]:
    return tuple(form for answer in answers for form in _forms(answer))


def _swapped(x: Array, p: float, rng: np.random.Generator) -> Array:
    return rng.random(x.shape) < p


def _one_draw(x: Array, p: float, rng: np.random.Generator) -> Any:
    return rng.random() >= p


def _for_axes(*axes: int) -> Dropout:
    """Return a choice that is drawn along these axes alone, and serves for all others."""

    def keep(x: Array, p: float, rng: np.random.Generator) -> Array:
        own = {axis % x.ndim for axis in axes}
        return rng.random([n if k in own else 1 for k, n in enumerate(x.shape)]) >= p

    return keep


def _without_first(x: Array, p: float, rng: np.random.Generator) -> Array:
    """Return one choice for all of a batch."""
    return rng.random(x.shape[1:]) >= p if x.ndim > 1 else rng.random(x.shape) >= p


def _exactly(x: Array, p: float, rng: np.random.Generator) -> Array:
    keep = np.ones(x.size, dtype=bool)
    keep[rng.permutation(x.size)[: round(p * x.size)]] = False
    return keep.reshape(x.shape)


def _by_luck(x: Array, p: float, rng: np.random.Generator) -> Array:
    keep = rng.random(x.shape) >= p
    scaled: Array = x * keep / keep.mean()
    return scaled


def _in_place(*, scale: bool = True, swapped: bool = False, guarded: bool = False) -> Dropout:
    def answer(x: Array, p: float, rng: np.random.Generator) -> Array:
        x[(rng.random(x.shape) < p) ^ swapped] = 0
        if scale and not (guarded and p == 1):
            x /= np.float64(1 - p)
        return x

    return answer


def _some(which: Callable[[Array, int, np.random.Generator], Array], *, to: int) -> Dropout:
    """Return a choice by the places of the share p, `to` of which is what happens there."""

    def keep(x: Array, p: float, rng: np.random.Generator) -> Array:
        chosen = np.full(x.size, not to)
        chosen[which(np.arange(x.size), round(p * x.size), rng)] = to
        return chosen.reshape(x.shape)

    return keep


def _twice(x: Array, p: float, rng: np.random.Generator) -> Array:
    first: Array = rng.random(x.shape) >= p
    return first & (rng.random(x.shape) >= p)


def _half(x: Array, p: float, rng: np.random.Generator) -> Array:
    return rng.random(x.shape) >= 0.5


WRONG_DROPOUT: dict[str, Misconception] = {
    "keep_and_drop_swapped": Misconception(
        "keeps each number with probability p, in place of dropping it",
        "With p = 0.1, how many of 100 numbers should become 0? How many do in yours?",
        _all_forms(
            _times(_swapped),
            _times(_swapped, lambda p: 1 / np.float64(p)),
            _times(_swapped, lambda p: 1 / max(p, 1e-12)),
            _times(_swapped, lambda p: 1 / max(1 - p, 1e-12)),
            _times(_swapped, lambda p: 1),
        ),
        hint="rng.random() is below p with probability p. Are these the places that stay?",
    ),
    "not_scaled": Misconception(
        "leaves the kept numbers as they were",
        "With p = 0.5 half of the numbers become 0. What has to happen to the others, so that "
        "the sum stays about the same?",
        _all_forms(_times(scale=lambda p: 1)),
    ),
    "scaled_down": Misconception(
        "makes the kept numbers smaller, not larger",
        "The older dropout multiplied by 1 - p when the network was *used*. Which way must the "
        "numbers go while it is trained?",
        _all_forms(_times(scale=lambda p: 1 - p), _times(scale=lambda p: p)),
    ),
    "scaled_by_p": Misconception(
        "divides the kept numbers by p",
        "With p = 0.1 nearly all numbers stay. By how much should they grow?",
        _all_forms(
            _times(scale=lambda p: 1 / np.float64(p)),
            _times(scale=lambda p: 1 / max(p, 1e-12)),
        ),
    ),
    "scaled_by_one_plus_p": Misconception(
        "multiplies the kept numbers by 1 + p",
        "With p = 0.5 half of the numbers are kept. Does 1 + p make up for the other half?",
        _all_forms(_times(scale=lambda p: 1 + p)),
    ),
    "other_factor": Misconception(
        "multiplies the kept numbers by something else than what makes up for the dropped ones",
        "With p = 0.5 half of the numbers are kept. By how much must each of them grow, so that "
        "the sum stays about the same? And with p = 0.2?",
        _all_forms(
            _times(scale=lambda p: 1 / np.sqrt(np.float64(1 - p))),
            _times(scale=lambda p: 1 / np.float64(1 - p) ** 2),
            _times(scale=lambda p: 2),
            _times(scale=lambda p: 1 / (1 + p)),
        ),
    ),
    "scaled_by_luck": Misconception(
        "divides by the share that happened to be kept, not by the probability",
        "Should a number that is kept become the same each time, whatever befell the others?",
        _all_forms(_by_luck),
    ),
    "one_choice_for_several": Misconception(
        "throws one coin for several numbers: whole rows, columns or maps go together",
        "How many coins does an array of 3 rows and 4 columns need?",
        _all_forms(
            _times(_for_axes(0)),
            _times(_for_axes(-1)),
            _times(_for_axes(0, 1)),
            _times(_for_axes(-2, -1)),
            _times(_without_first),
        ),
        hint="rng.random(x.shape) throws as many coins as x has places.",
    ),
    "all_or_nothing": Misconception(
        "throws a single coin, and drops everything or nothing",
        "How many coins does an array of 3 rows and 4 columns need?",
        _all_forms(_times(_one_draw), _times(_one_draw, lambda p: 1)),
    ),
    "chance_from_elsewhere": Misconception(
        "takes its chance from somewhere else than rng",
        "With rng made from the same seed the same numbers should be dropped. Which object of "
        "yours draws?",
        _all_forms(
            _times(lambda x, p, rng: np.random.default_rng().random(x.shape) >= p),
            _times(lambda x, p, rng: np.array(
                [random.random() >= p for _ in range(x.size)]).reshape(x.shape)),
            _times(lambda x, p, rng: np.random.default_rng().random(x.shape) >= p, lambda p: 1),
            _times(lambda x, p, rng: np.random.default_rng().random(x.shape) < p),
        ),
        hint="np.random.rand and the like draw from a generator of their own. Draw with rng.",
    ),
    "the_same_each_time": Misconception(
        "drops the same places each time",
        "Two generators with different seeds should drop different places. What fixes yours?",
        _all_forms(
            _times(lambda x, p, rng: np.random.default_rng(0).random(x.shape) >= p),
            _times(_some(lambda places, count, rng: places[:count], to=0)),
            _times(_some(lambda places, count, rng: places[len(places) - count :], to=0)),
        ),
        hint="A generator that is made in the function starts anew with every call. Use rng.",
    ),
    "argument_overwritten": Misconception(
        "writes into x itself",
        "Whoever called it finds other values in x than before. Which line changes x?",
        _all_forms(
            *(_in_place(scale=scale, swapped=swapped, guarded=guarded)
              for scale in (True, False) for swapped in (False, True) for guarded in (False, True))
        ),
        hint="x[...] = 0, x *= and x /= write into the array that was given. Make a new one.",
    ),
    "exact_share": Misconception(
        "drops exactly the share p, so that the choices depend on each other",
        "Each number has a coin of its own. With p = 0.5, can 8 numbers all be kept?",
        _all_forms(_times(_exactly), _times(_exactly, lambda p: 1)),
    ),
    "drawn_with_repetition": Misconception(
        "draws so many places, some of them twice, in place of a coin for each number",
        "If the same place is drawn twice, how many numbers become 0? Throw a coin for each.",
        _all_forms(
            _times(_some(lambda places, count, rng: rng.integers(0, len(places), count), to=0)),
            _times(_some(lambda places, count, rng: rng.choice(places, count), to=0)),
        ),
    ),
    "two_draws": Misconception(
        "throws the coins twice, and drops what either of them drops",
        "How many times does your function call rng? One array of coins says what is dropped and "
        "what is kept.",
        _all_forms(_times(_twice), _times(_twice, lambda p: 1)),
        hint="Draw once, keep the result under a name, and use that name in both places.",
    ),
    "other_chance": Misconception(
        "draws numbers that are not spread evenly from 0 to 1",
        "How likely is it that your random number is below 0.1? And below 0.9?",
        _all_forms(
            _times(lambda x, p, rng: rng.normal(size=x.shape) >= p),
            _times(lambda x, p, rng: rng.normal(size=x.shape) < p),
        ),
        hint="rng.random(shape) is below p with probability p; rng.normal is not.",
    ),
    "negative_thrown_away": Misconception(
        "sets negative numbers to 0 as well",
        "Chance decides what becomes 0. What comes out of a kept -3?",
        _all_forms(lambda x, p, rng: _times()(np.maximum(x, 0), p, rng)),
    ),
    "whole_numbers": Misconception(
        "makes whole numbers of its numbers",
        "What should come out of 1 with p = 0.2? Which type has the array that you fill?",
        _all_forms(
            lambda x, p, rng: np.trunc(np.nan_to_num(_times()(x, p, rng))),
            lambda x, p, rng: np.round(np.nan_to_num(_times()(x, p, rng))),
            lambda x, p, rng: np.floor(np.nan_to_num(_times()(x, p, rng))),
        ),
        fits=lambda parts: bool((parts[6] == np.trunc(parts[6])).all()),
        hint="np.zeros(..., dtype=int) and astype(int) cut 1.25 to 1.",
    ),
    "divides_by_zero": Misconception(
        "divides by 0 where p is 1",
        "All is right but p = 1. What is left to be kept then?",
        partial(dropped, _times()),
    ),
    "one_changes_nothing": Misconception(
        "drops nothing where p is 1",
        "All is right but p = 1. How many numbers are dropped with probability 1?",
        partial(dropped, lambda x, p, rng: x.copy() if p in (0, 1) else _times()(x, p, rng)),
    ),
    "nothing_dropped": Misconception(
        "gives back x without dropping anything",
        "Which places should become 0?",
        (
            *_forms(lambda x, p, rng: x.copy()),
            *_forms(lambda x, p, rng: x * _inverse(p)),
        ),
    ),
    "expected_value": Misconception(
        "makes all numbers smaller in place of dropping some",
        "On average 1 - p of each number is left; but what becomes of a single number?",
        _forms(lambda x, p, rng: x * (1 - p)),
    ),
    "other_shape": Misconception(
        "gives back another number of values than came in",
        "A dropped number leaves a 0 in its place. What does yours leave?",
        (
            partial(dropped, lambda x, p, rng: np.zeros(0)),
            partial(dropped, lambda x, p, rng: x[_kept(x, p, rng)]),
        ),
    ),
    "mask_returned": Misconception(
        "gives back the choices, not the numbers of x",
        "What should come out of a kept -3?",
        _all_forms(
            lambda x, p, rng: _kept(x, p, rng),
            lambda x, p, rng: _kept(x, p, rng) * _inverse(p),
            lambda x, p, rng: _swapped(x, p, rng),
        ),
        fits=lambda parts: bool(parts[-1] <= 2),
    ),
    "dropped_by_size": Misconception(
        "decides by the numbers of x, not by chance",
        "Should a small number be dropped more often than a large one?",
        _all_forms(
            _times(lambda x, p, rng: x >= p),
            _times(lambda x, p, rng: x >= p, lambda p: 1),
            _times(lambda x, p, rng: np.abs(x) >= p),
        ),
    ),
    "p_ignored": Misconception(
        "drops half of the numbers, whatever p says",
        "Where does p go into the choice?",
        _all_forms(
            _times(_half),
            _times(_half, lambda p: 2),
            _times(_half, lambda p: 1),
        ),
    ),
}  # fmt: skip
