"""Set 02: convolution in one dimension."""

from collections.abc import Callable

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Misconception, Terms
from coursekit.checks.sets.sliding import framed, other_weights, slide, windows

_WHOLE = ("whole", "whole")
_FRACTIONS = (("real", "real"), ("real", "real"), ("whole", "real"), ("real", "whole"))


def _series(*kinds: tuple[str, str], longest: int = 5) -> Callable[[Pick], Args]:
    """Return a `draw` for a series and weights that fit and do not add up to 0."""

    def draw(pick: Pick) -> Args:
        size = pick.integer(1, longest)
        of_x, of_w = pick.choice(kinds)
        x, w = pick.array((pick.integer(size, 12),), of_x), pick.array((size,), of_w)
        if w.sum() == 0:
            w[0] += 1
        return x, w

    return draw


def _alike(pick: Pick) -> Args:
    """Draw weights that read the same from both ends, so that a flip makes no difference."""
    x, w = _series(_WHOLE, longest=3)(pick)
    w = np.concatenate([w, w[-2::-1]]) if 2 * len(w) - 1 <= len(x) else w[:1]
    w[len(w) // 2] += w.sum() == 0
    return x, w


def _fits(x: Array, w: Array) -> bool:
    return 1 <= len(w) <= len(x) and w.sum() != 0


def _one_weight_a_place(x: Array, w: Array, round_the_end: bool) -> Array:
    """Return the sums of windows times one weight; fails where there is none for a place."""
    sums = slide(x, np.ones_like(w))
    return sums * w[np.arange(len(sums)) % len(w) if round_the_end else np.arange(len(sums))]


_EXAMPLES: tuple[Args, ...] = (
    (np.array([2, 4, 4, 6, 8, 8, 10, 12]), np.array([8, 6, 4, 2])),
    (np.array([1, 0, 0, 5]), np.array([1, 2, 3])),
    (np.array([3, 1, 4]), np.array([2, 7, 1])),
)


def _checks(points: tuple[float, float, float]) -> tuple[Check, ...]:
    return (
        Check("weights that read the same from both ends", points[0], _alike, 20),
        Check("any weights", points[1], _series(_WHOLE), 30, _EXAMPLES),
        Check("fractions", points[2], _series(*_FRACTIONS), 30, keeps_arguments=True),
    )


def _mistakes(flip: bool) -> dict[str, Misconception]:
    """Return the wrong ideas that both functions share; `flip` tells which is the right one."""

    def turned(w: Array) -> Array:
        return w[::-1] if flip else w

    def right(x: Array, w: Array) -> Array:
        return slide(x, turned(w))

    def padded(x: Array, w: Array, before: int, after: int) -> Array:
        return right(framed(x, (before, after)), w)

    def products(x: Array, w: Array) -> Array:
        return windows(x, w.shape) * turned(w)

    return {
        "signal_flipped": Misconception(
            "gives the result backwards, as when the series is turned round and not the weights",
            "Put in a series with a single 1 near its start. At which end must the answer show it?",
            lambda x, w: right(x, w)[::-1],
        ),
        "full_length": Misconception(
            "also counts windows that hang over either end (n + f - 1 values)",
            "At how many places does the whole window lie inside the series?",
            (
                lambda x, w: padded(x, w, len(w) - 1, len(w) - 1),
                lambda x, w: padded(x, w[::-1], len(w) - 1, len(w) - 1),
            ),
        ),
        "same_length": Misconception(
            "fills up with zeros, so that the result is as long as the series",
            "No value is made up here: which windows lie wholly inside the series?",
            (
                lambda x, w: padded(x, w, len(w) // 2, len(w) - 1 - len(w) // 2),
                lambda x, w: padded(x, w, len(w) - 1 - len(w) // 2, len(w) // 2),
            ),
        ),
        "starts_too_early": Misconception(
            "also counts the first windows, which begin before the series does (n values)",
            "Where must the first window begin, so that every weight meets a value?",
            lambda x, w: padded(x, w, len(w) - 1, 0),
        ),
        "runs_past_the_end": Misconception(
            "also counts the last windows, which reach past the end of the series (n values)",
            "Where does the last window begin, if every weight is to meet a value?",
            lambda x, w: padded(x, w, 0, len(w) - 1),
        ),
        "wraps_around": Misconception(
            "goes on at the start of the series when the window reaches its end",
            "The series has two ends: the window stops where its last cell meets the last value.",
            (
                lambda x, w: right(np.pad(x, (0, len(w) - 1), mode="wrap"), w),
                lambda x, w: right(np.pad(x, (len(w) - 1, 0), mode="wrap"), w),
            ),
        ),
        "last_window_missing": Misconception(
            "leaves out the last window",
            "Count the places of a window of 2 in a series of 3, then look at your range.",
            lambda x, w: right(x, w)[:-1],
        ),
        "first_window_missing": Misconception(
            "leaves out the first window",
            "Which index does the first value of the result have? Where does your loop start?",
            lambda x, w: right(x, w)[1:],
        ),
        "mean_of_products": Misconception(
            "divides each sum by the number of weights",
            "A convolution adds up the products. Nothing is said of a mean.",
            lambda x, w: right(x, w) / len(w),
        ),
        "divided_by_weights": Misconception(
            "divides each sum by the sum of the weights",
            "A weighted sum and a weighted average are not the same. Which one is asked for?",
            lambda x, w: right(x, w) / w.sum(),
        ),
        "weights_ignored": Misconception(
            "adds up the window without the weights",
            "Where does each value of the window meet its weight?",
            (
                lambda x, w: slide(x, np.ones_like(w)),
                lambda x, w: slide(x, np.ones(len(w))) / len(w),
            ),
        ),
        "window_does_not_move": Misconception(
            "multiplies every weight by the first value of the window",
            "For weight a, which value of the window is meant? Does a appear where you read x?",
            (
                lambda x, w: x[: len(x) - len(w) + 1] * w.sum(),
                lambda x, w: x[len(w) - 1 :] * w.sum(),
            ),
        ),
        "squared_differences": Misconception(
            "adds up differences between the values and the weights, squared or as they are",
            "A weight of 0 should leave its value out. Which operation joins a value and a weight?",
            (
                lambda x, w: ((windows(x, w.shape) - turned(w)) ** 2).sum(axis=1),
                lambda x, w: np.abs(windows(x, w.shape) - turned(w)).sum(axis=1),
                lambda x, w: (windows(x, w.shape) - turned(w)).sum(axis=1),
            ),
        ),
        "weight_of_the_place": Misconception(
            "takes the weight whose index is that of the place in the result",
            "Which weights does the first window meet, and which ones the second? In which loop "
            "does the index of w grow?",
            (
                lambda x, w: _one_weight_a_place(x, w, False),
                lambda x, w: _one_weight_a_place(x, w[::-1], False),
                lambda x, w: _one_weight_a_place(x, w, True),
                lambda x, w: _one_weight_a_place(x, w[::-1], True),
            ),
        ),
        "first_weight_for_all": Misconception(
            "multiplies every value of the window by the same weight",
            "For value a of the window, which weight is meant? Does a appear where you read w?",
            (
                lambda x, w: slide(x, np.full_like(w, w[0])),
                lambda x, w: slide(x, np.full_like(w, w[-1])),
            ),
        ),
        "summed_apart": Misconception(
            "adds up window and weights on their own and multiplies the two sums",
            "Each value of the window meets its own weight. Which comes first, * or the sum?",
            lambda x, w: slide(x, np.ones_like(w)) * w.sum(),
        ),
        "added_not_multiplied": Misconception(
            "adds each weight to its value in place of multiplying the two",
            "A weight of 0 should leave its value out. Does it, in yours?",
            lambda x, w: slide(x, np.ones_like(w)) + w.sum(),
        ),
        "weights_sorted": Misconception(
            "puts the weights in order of their size",
            "Turning round and sorting are not the same: sorted() looks at how large they are.",
            (
                lambda x, w: slide(x, np.sort(w)),
                lambda x, w: slide(x, np.sort(w)[::-1]),
            ),
            hint="w[::-1] holds the weights from the last to the first, whatever their size.",
        ),
        "last_product_only": Misconception(
            "keeps one product of each window in place of the sum of all",
            "What happens to the earlier products when the next one is computed?",
            (
                lambda x, w: products(x, w)[:, -1],
                lambda x, w: products(x, w)[:, 0],
            ),
        ),
        "not_summed": Misconception(
            "gives all products of each window and does not add them up",
            "How many numbers should one window give?",
            products,
        ),
        "largest_product": Misconception(
            "takes the largest product of each window in place of their sum",
            "The products of a window become one number: by which operation?",
            lambda x, w: products(x, w).max(axis=1),
        ),
        "jumps_windows": Misconception(
            "moves on by the whole length of the window in place of one step",
            "Neighbouring windows share values. By how much does the window move?",
            lambda x, w: right(x, w)[:: len(w)],
        ),
        "negative_index": Misconception(
            "reads before the start of the series, where an index below 0 counts from the end",
            "For place 0 and weight 1, which index do you read? What does Python make of x[-1]?",
            lambda x, w: slide(np.pad(x, (len(w) - 1, 0), mode="wrap"), w[::-1])[
                : len(x) - len(w) + 1
            ],
        ),
        "other_weights": Misconception(
            "slides other weights over the series than those of w, turned or not",
            "Which weight meets which value of the window? Write it down for three weights.",
            pattern=other_weights,
        ),
        "first_window_repeated": Misconception(
            "gives the value of the first window at every place",
            "Does the index of the place appear where you read the series?",
            lambda x, w: np.full(len(x) - len(w) + 1, right(x, w)[0]),
        ),
    }


EXERCISES = (
    Exercise(
        name="convolve1d",
        parameters=("x", "w"),
        oracle=scratch.convolve1d,
        valid=_fits,
        checks=_checks((1.0, 1.0, 1.0)),
        terms=Terms(lambda x, w: windows(x, w.shape) * w[::-1]),
        misconceptions={
            "w_negative_index": Misconception(
                "reads w[-a], which counts from the end of w",
                "Write down the indices for a = 0, 1, 2: which weight is w[-0], which is w[-1]?",
                lambda x, w: slide(x, np.roll(w[::-1], 1)),
                hint="-a is 0, -1, -2 ...: w[0], then the last weight, then the last but one. The "
                "weights from the last to the first have the indices f - 1 - a.",
            ),
            "no_flip": Misconception(
                "slides the weights as they are, without turning them round",
                "In the formula the index of x falls while that of w grows. Which value of the "
                "window meets w[0]?",
                slide,
            ),
            **_mistakes(flip=True),
        },
        hints=(
            "As in correlate1d, each value is a sum of products over one window. But now the "
            "newest reading of the window, the last one, meets w[0], and the oldest meets the last "
            "weight.",
            "Either write the loops again: the reading that meets w[a] moves to the left as a "
            "grows. Or turn the weights round once; the rest is work that you have done already.",
            "w[::-1] holds the weights from the last to the first. What does correlate1d make of "
            "x and of those?",
        ),
    ),
    Exercise(
        name="correlate1d",
        parameters=("x", "w"),
        oracle=scratch.correlate1d,
        valid=_fits,
        checks=_checks((0.5, 1.0, 0.5)),
        terms=Terms(lambda x, w: windows(x, w.shape) * w),
        misconceptions={
            "kernel_flipped": Misconception(
                "turns the weights round before sliding them",
                "That is the convolution of mathematics. Which value of the window meets w[0] "
                "here?",
                lambda x, w: slide(x, w[::-1]),
            ),
            **_mistakes(flip=False),
        },
        hints=(
            "Each place gives one number: lay the weights on the readings that begin there, "
            "multiply each reading by the weight on it, and add up the products.",
            "Inside the loop over the places make a second loop, for a in range(f). The weight "
            "w[a] lies on the reading x[place + a].",
            "In the inner loop result[place] grows by x[place + a] * w[a] each time. The return "
            "stands after both loops, as far to the left as the outer for.",
        ),
    ),
)
