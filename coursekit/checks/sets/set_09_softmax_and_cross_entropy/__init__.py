"""Set 09: flattening, softmax, and the price of an answer."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Property, Terms
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.wrong_classification_error import (
    WRONG_CLASSIFICATION_ERROR,
)
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.wrong_cross_entropy import (
    WRONG_CROSS_ENTROPY,
    prices,
)
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.wrong_flatten import WRONG_FLATTEN
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.wrong_softmax import WRONG_SOFTMAX


def _maps(pick: Pick) -> Array:
    shape = pick.integer(1, 3), pick.integer(1, 3), pick.integer(1, 4)
    return pick.array(shape, pick.choice(["whole", "real"]))


def _with_other(pick: Pick) -> Args:
    maps = _maps(pick)
    return maps, maps + 1


_TWO_MAPS = np.arange(1, 13).reshape(2, 2, 3)


def _row(pick: Pick) -> Args:
    return (pick.array((pick.integer(1, 5),), pick.choice(["whole", "real"])),)


def _table(pick: Pick) -> Args:
    shape = pick.integer(1, 4), pick.integer(2, 4)
    return (pick.array(shape, pick.choice(["whole", "real"])),)


def _large(pick: Pick) -> Args:
    """Draw scores up to 10,000 in size: some rows near each other, some not, one score far off."""
    (table,) = _table(pick)
    away = np.array([pick.choice([-9_000, -800, 0, 800, 9_900]) for _ in table])
    table = table + away[:, None]
    if pick.choice([True, False]):
        table[:, pick.integer(0, table.shape[1] - 1)] = pick.choice([-9_000, 0, 9_000])
    return (table,)


def _is_scores(z: Array) -> bool:
    return z.ndim in (1, 2) and z.size > 0 and bool(np.abs(z).max() <= 10_000)


def _shares(pick: Pick, rows: int, classes: int) -> Array:
    """Draw rows of probabilities, none of them 0."""
    parts = 1 + pick.array((rows, classes), "bytes") % 9
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


def _one_hot(pick: Pick, rows: int, classes: int) -> Array:
    return np.eye(classes)[[pick.integer(0, classes - 1) for _ in range(rows)]]


def _sizes(pick: Pick) -> tuple[int, int]:
    return pick.integer(1, 4), pick.integer(2, 4)


def _priced(pick: Pick) -> Args:
    sizes = _sizes(pick)
    return _one_hot(pick, *sizes), _shares(pick, *sizes)


def _priced_with_zeros(pick: Pick) -> Args:
    """Draw answers in which some classes were given 0; at times a true one, at infinite cost."""
    p, q = _priced(pick)
    free = int(pick.choice([True, False, False]))
    q = np.where((p == free) & (pick.array(p.shape, "bytes") % 2 == 0), 0.0, q)
    return p, q / q.sum(axis=1, keepdims=True)


def _half_dog(pick: Pick) -> Args:
    sizes = _sizes(pick)
    return _shares(pick, *sizes), _shares(pick, *sizes)


def _are_probabilities(p: Array, q: Array) -> bool:
    return (
        p.shape == q.shape
        and p.ndim == 2
        and all(bool((a >= 0).all()) and bool(np.allclose(a.sum(axis=1), 1)) for a in (p, q))
    )


def _no_ties(p: Array, q: Array) -> bool:
    """Say whether each row of p has a single 1, and each row of q one largest entry up to 1."""
    if p.shape != q.shape or p.shape[1] < 2 or q.min() < 0 or q.max() > 1:
        return False
    if not set(np.ravel(p).tolist()) <= {0, 1}:
        return False
    return all(bool((np.sort(a, axis=1)[:, -1] > np.sort(a, axis=1)[:, -2]).all()) for a in (p, q))


def _judged(pick: Pick) -> Args:
    """Draw answers without ties; some right, some wrong."""
    rows, classes = pick.integer(1, 6), pick.integer(2, 4)
    p, q = _one_hot(pick, rows, classes), _shares(pick, rows, classes)
    for k in range(rows):
        if pick.choice([True, False]):  # make this one right
            right, best = p[k].argmax(), q[k].argmax()
            q[k, [right, best]] = q[k, [best, right]]
    q = q + 0.001 * np.arange(classes)  # no two are equal
    return p, q / q.sum(axis=1, keepdims=True)


_DOGS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
_NN1 = np.array([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])
_NN2 = np.array([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]])
_SURE = np.array([[1.0, 0.0], [0.25, 0.75], [0.5, 0.5]])
_HALF = np.array([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]])
_HALF_ANSWER = np.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])
_THREE = np.eye(3)
_THREE_ANSWERS = np.array([[0.4, 0.35, 0.25], [0.45, 0.3, 0.25], [0.2, 0.3, 0.5]])

EXERCISES = (
    Exercise(
        name="flatten",
        parameters=("maps",),
        oracle=scratch.flatten,
        valid=lambda maps, other=None: other is None or other.shape == maps.shape,
        checks=(
            Check(
                "map by map, row by row",
                0.5,
                lambda pick: (_maps(pick),),
                40,
                ((_TWO_MAPS,),),
                keeps_arguments=True,
            ),
            Check(
                "the result is a copy",
                0.5,
                _with_other,
                16,
                ((_TWO_MAPS, _TWO_MAPS + 50),),
                probe="overwrite",
            ),
        ),
        misconceptions=WRONG_FLATTEN,
        hints=(
            "An array of shape (2, 2, 3) has 12 numbers. In memory they already stand in the "
            "order that is asked for.",
            "reshape(-1) gives one axis and lets NumPy count; order='C', row by row, is what it "
            "does unless told otherwise.",
            "reshape gives a view where it can: ask it for a copy, or take the array method that "
            "flattens into a copy.",
        ),
    ),
    Exercise(
        name="softmax",
        parameters=("z",),
        oracle=scratch.softmax,
        valid=_is_scores,
        checks=(
            Check("one row of scores", 1.0, _row, 24, ((np.array([3, 0]),),)),
            Check(
                "a table: every row by itself",
                1.0,
                _table,
                30,
                ((np.array([[3, 0], [1, 1]]),),),
                keeps_arguments=True,
            ),
            Check(
                "large scores, up to 10,000",
                1.0,
                _large,
                30,
                ((np.array([[1000, 997]]),), (np.array([[-1000, -997], [1000, 1000]]),)),
            ),
        ),
        misconceptions=WRONG_SOFTMAX,
        hints=(
            "Powers first, then shares: each power over the sum of its row's powers. Try it with "
            "the scores 3 and 0.",
            "For a table, sum over the last axis with keepdims=True: (n, 1) lines up with (n, k). "
            "And before the powers, take a number off every score of a row.",
            "Take off the row's own largest score, z.max(axis=-1, keepdims=True): then the "
            "largest power is 1, and no power can overflow.",
        ),
    ),
    Exercise(
        name="cross_entropy",
        parameters=("p", "q"),
        oracle=scratch.cross_entropy,
        valid=_are_probabilities,
        checks=(
            Check(
                "one true class for each picture",
                1.0,
                _priced,
                30,
                ((_DOGS, _NN1), (_DOGS, _NN2)),
            ),
            Check(
                "classes that were given 0",
                1.0,
                _priced_with_zeros,
                30,
                ((_DOGS, _SURE), (_DOGS[:2], np.array([[0.0, 1.0], [0.5, 0.5]]))),
                keeps_arguments=True,
            ),
            Check(
                "pictures that are half dog, half cat",
                1.0,
                _half_dog,
                30,
                ((_HALF, _HALF_ANSWER),),
            ),
        ),
        misconceptions=WRONG_CROSS_ENTROPY,
        terms=Terms(prices, mean=True, called="price"),
        hints=(
            "Price one row first: only the classes with p above 0 have a term, -p ln q.",
            "For all rows at once: -(p * logarithms).sum(axis=1) has a price for each row. Take "
            "its mean. What is left is to keep log away from 0.",
            "Make logarithms = np.zeros(q.shape) and fill in np.log(q) only in the cells where "
            "p > 0; a condition in square brackets chooses cells.",
        ),
    ),
    Exercise(
        name="classification_error",
        parameters=("p", "q"),
        oracle=scratch.classification_error,
        valid=_no_ties,
        checks=(
            Check(
                "the share of mistakes",
                1.0,
                _judged,
                75,
                ((_DOGS, _NN1), (_THREE, _THREE_ANSWERS), (_DOGS[:2], _DOGS[:2])),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_CLASSIFICATION_ERROR,
        terms=Terms(
            lambda p, q: np.not_equal(p.argmax(axis=1), q.argmax(axis=1)).astype(float),
            mean=True,
            called="picture",
        ),
        hints=(
            "Where is the largest entry of each row of p, and of each row of q? Where the places "
            "differ, that is a mistake.",
            "argmax finds places; with axis=1 it gives one for each row. != compares two arrays "
            "cell by cell.",
            "The comparison gives True and False, which count as 1 and 0. Their mean is the share.",
        ),
        properties=(
            Property("with more than one picture", lambda p, q: len(p) > 1),
            Property("with more than two classes", lambda p, q: p.shape[1] > 2),
            Property(
                "with a mistake among the answers",
                lambda p, q: bool((p.argmax(axis=1) != q.argmax(axis=1)).any()),
            ),
            Property(
                "in which the likeliest class has less than one half",
                lambda p, q: bool((q.max(axis=1) < 0.5).any()),
            ),
        ),
    ),
)
