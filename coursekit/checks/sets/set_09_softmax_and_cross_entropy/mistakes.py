"""Wrong ideas about flattening, softmax and the price of an answer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

_LARGE = "What is e to the power of 1000? What may be taken off every score of a row?"
_ROWS = "Each row is a picture of its own. Over which axis do its shares add up to 1?"

WRONG_FLATTEN = {
    "unchanged": Misconception(
        "gives the maps as they are, with three axes",
        "How many axes should the result have?",
        lambda maps: maps.copy(),
    ),
    "column_by_column": Misconception(
        "reads the maps column by column",
        "After the first number of the first row comes its right neighbour.",
        lambda maps: maps.transpose(0, 2, 1).flatten(),
    ),
    "place_by_place": Misconception(
        "takes the same place of all maps before it moves on, as for an array with channels last",
        "The whole first map comes before the second one begins.",
        lambda maps: maps.transpose(1, 2, 0).flatten(),
    ),
    "first_axis_first": Misconception(
        "goes down the first axis first, as order='F' does",
        "After the first number of the first row comes its right neighbour.",
        lambda maps: maps.flatten(order="F"),
    ),
    "maps_kept_apart": Misconception(
        "gives a row for each map, or for each row",
        "How many axes should the result have?",
        (
            lambda maps: maps.reshape(maps.shape[0], -1),
            lambda maps: maps.reshape(maps.shape[0], -1).copy(),
            lambda maps: maps.reshape(-1, maps.shape[-1]),
            lambda maps: maps.reshape(-1, maps.shape[-1]).copy(),
        ),
    ),
    "axis_left": Misconception(
        "puts the row into a second axis of length one",
        "The shape should be (C * H * W,), with one axis.",
        (lambda maps: maps.reshape(1, -1).copy(), lambda maps: maps.reshape(-1, 1).copy()),
    ),
    "not_a_copy": Misconception(
        "gives a view of the maps, which changes when they do",
        "reshape and ravel look into the same memory. How do you get numbers of your own?",
        lambda maps: maps.reshape(-1),
    ),
    "maps_added": Misconception(
        "adds up or averages the maps, so that numbers are missing",
        "Every number of every map has a place of its own in the row.",
        (
            lambda maps: maps.sum(axis=0).flatten(),
            lambda maps: maps.mean(axis=0).flatten(),
            lambda maps: maps.mean(axis=(1, 2)),
            lambda maps: maps.sum(axis=(1, 2)),
        ),
    ),
}


def _rowwise(one_row: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return a function for tables that treats every row by itself."""
    return lambda z: np.apply_along_axis(one_row, -1, np.asarray(z, dtype=np.float64))


def _powers(z: Array, base: float = np.e, top: bool = True) -> Array:
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(base ** (z - z.max(axis=-1, keepdims=True) if top else z))


def _shares(powers: Array) -> Array:
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _hard(z: Array) -> Array:
    return np.asarray(np.eye(z.shape[-1])[z.argmax(axis=-1)])


WRONG_SOFTMAX = {
    "divided_by_something_else": Misconception(
        "divides the powers by something other than their sum",
        "What should the numbers of a row add up to?",
        tuple(
            lambda z, by=by, top=top: _powers(z, top=top) / by(_powers(z, top=top))
            for top in (True, False)
            for by in (
                lambda powers: powers.mean(axis=-1, keepdims=True),
                lambda powers: np.sqrt((powers**2).sum(axis=-1, keepdims=True)),
                lambda powers: powers.shape[-1],
            )
        ),
    ),
    "class_given_back": Misconception(
        "gives the place of the largest share in place of the shares",
        "Softmax gives a number for every class. Which line of yours throws them away?",
        lambda z: np.argmax(z, axis=-1),
    ),
    "number_added_to_powers": Misconception(
        "adds a small number to the powers",
        "The powers are shared out as they are. What is the number that you add good for?",
        tuple(
            lambda z, tiny=tiny, top=top: _shares(_powers(z, top=top) + tiny)
            for top in (True, False)
            for tiny in (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5)
        ),
    ),
    "stretched": Misconception(
        "stretches the scores to the range from 0 to 1",
        "What should the numbers of a row add up to?",
        (
            lambda z: (
                (z - z.min(axis=-1, keepdims=True))
                / np.asarray(z.max(axis=-1, keepdims=True) - z.min(axis=-1, keepdims=True), float)
            ),
            lambda z: (z - z.min()) / np.float64(z.max() - z.min()),
        ),
    ),
    "overflows": Misconception(
        "overflows for large scores: the powers become inf, and their shares nan",
        _LARGE,
        (
            lambda z: _shares(_powers(z, top=False)),
            lambda z: _shares(np.exp(np.asarray(z, dtype=np.float32))),
        ),
    ),
    "one_number_off_for_all_rows": Misconception(
        "takes the largest score of the whole table off every row, so that other rows lose all "
        "their powers",
        "Take off each row's own largest score. keepdims=True lets it line up.",
        lambda z: _shares(np.exp(np.asarray(z, dtype=np.float64) - np.max(z))),
    ),
    "mean_taken_off": Misconception(
        "takes the mean of the scores off, which does not keep the powers from overflowing",
        _LARGE,
        lambda z: _shares(np.exp(z - np.mean(z, axis=-1, keepdims=True))),
    ),
    "smallest_taken_off": Misconception(
        "takes the smallest score off, so that the powers grow instead of shrinking",
        "Which score must become 0, so that no power is above 1?",
        lambda z: _shares(np.exp(z - np.min(z, axis=-1, keepdims=True))),
    ),
    "fixed_number_taken_off": Misconception(
        "takes one and the same number off, whatever the scores are",
        "Take 1000 off: what becomes of a row with scores near 0? Which number suits every row?",
        tuple(
            lambda z, number=number: _shares(np.exp(np.asarray(z, dtype=np.float64) - number))
            for number in (100, 500, 700, 1_000, 5_000, 9_000, 10_000)
        ),
    ),
    "scores_cut": Misconception(
        "cuts the scores off at some limit, so that all larger ones become alike",
        "Scores of 1000 and 997 should not get equal shares. What may be done to all scores of a "
        "row without changing the shares?",
        tuple(
            lambda z, limit=limit, low=low: _shares(
                np.exp(np.clip(np.asarray(z, dtype=np.float64), -limit if low else None, limit))
            )
            for limit in (10, 20, 30, 50, 80, 88, 100, 200, 500, 600, 700, 709)
            for low in (True, False)
        ),
    ),
    "divided_by_largest": Misconception(
        "divides the scores by the largest one",
        "Scores 2 apart and scores 0.2 apart: should both give the same shares?",
        tuple(
            lambda z, largest=largest: _shares(np.exp(z / largest(z)))
            for largest in (
                lambda z: np.max(z, axis=-1, keepdims=True),
                lambda z: np.abs(z).max(axis=-1, keepdims=True),
                np.max,
                lambda z: np.abs(z).max(),
            )
        ),
        hint="Subtract instead: e^(a - c) is e^a over e^c, and e^c cancels in the share.",
    ),
    "whole_table": Misconception(
        "shares out 1 over the whole table",
        _ROWS,
        (
            lambda z: np.exp(z - np.max(z)) / np.exp(z - np.max(z)).sum(),
            lambda z: np.exp(z) / np.exp(z).sum(),
            lambda z: _powers(z) / _powers(z).sum(),
        ),
    ),
    "first_axis": Misconception(
        "adds up over the first axis: columns get shares of 1",
        _ROWS,
        (
            lambda z: np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0),
            lambda z: np.exp(z) / np.exp(z).sum(axis=0),
        ),
    ),
    "not_divided": Misconception(
        "gives the powers and not their shares",
        "What should the numbers of a row add up to?",
        (lambda z: _powers(z), lambda z: _powers(z, top=False)),
    ),
    "sign_turned": Misconception(
        "gives the largest share to the smallest score",
        "The larger the score, the larger the share.",
        (
            lambda z: _shares(_powers(-np.asarray(z))),
            lambda z: _shares(np.exp(-np.asarray(z, dtype=np.float64))),
            lambda z: _shares(np.exp(np.max(z, axis=-1, keepdims=True) - z)),
        ),
    ),
    "shares_of_scores": Misconception(
        "takes shares of the scores themselves, without powers",
        "What becomes of a negative score?",
        (
            lambda z: z / np.sum(z, axis=-1, keepdims=True),
            lambda z: np.abs(z) / np.abs(z).sum(axis=-1, keepdims=True),
            lambda z: np.maximum(z, 0) / np.maximum(z, 0).sum(axis=-1, keepdims=True),
            lambda z: np.maximum(z, 0) / (np.maximum(z, 0).sum(axis=-1, keepdims=True) + 1e-9),
            lambda z: z / np.sum(z),
            lambda z: np.square(z) / np.square(z).sum(axis=-1, keepdims=True),
        ),
    ),
    "another_base": Misconception(
        "takes powers of another number than e",
        "np.exp takes powers of e.",
        (lambda z: _shares(_powers(z, 2.0)), lambda z: _shares(_powers(z, 10.0))),
    ),
    "all_to_the_largest": Misconception(
        "gives everything to the largest score",
        "Softmax is soft: the second best gets a share as well.",
        (_hard, lambda z: (z == z.max(axis=-1, keepdims=True)).astype(float)),
    ),
    "logarithm_of_shares": Misconception(
        "gives the logarithms of the shares",
        "Probabilities lie between 0 and 1.",
        lambda z: np.log(_shares(_powers(z))),
    ),
    "each_by_itself": Misconception(
        "turns each score into a number by itself, as a sigmoid does",
        "What should the numbers of a row add up to?",
        lambda z: 1 / (1 + np.exp(-np.asarray(z, dtype=np.float64))),
    ),
    "taken_off_above_only": Misconception(
        "takes the largest score off above the line and not below",
        "The powers above and below the line must be the same ones.",
        lambda z: _powers(z) / _powers(z, top=False).sum(axis=-1, keepdims=True),
    ),
}


def _prices(p: Array, q: Array) -> Array:
    """Return the price of each cell, with 0 ln 0 = 0."""
    return np.asarray(-p * np.log(np.where(p > 0, q, 1.0)))


def prices(p: Array, q: Array) -> Array:
    """Return the price of each row, of which cross-entropy is the mean."""
    return np.asarray(_prices(p, q).sum(axis=1))


def _true_only(value: Callable[[Array], Array]) -> Callable[[Array, Array], Any]:
    """Return the mean over rows of something of the probability given to the true class."""
    return lambda p, q: value(q[np.arange(len(p)), p.argmax(axis=1)]).mean()


def _priced(value: Callable[[Array, Array], Any]) -> tuple[Callable[[Array, Array], Any], ...]:
    """Return some value of the prices and p, with and without a number added to the answer."""
    tiny = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
    return (
        lambda p, q: value(_prices(p, q), p),
        lambda p, q: value(-p * np.log(q), p),
        *(lambda p, q, tiny=t: value(-p * np.log(q + tiny), p) for t in tiny),
    )


def _softened(tiny: float) -> tuple[Callable[[Array, Array], Any], ...]:
    """Return cross-entropies that keep the logarithm away from 0 by a small number."""
    return (
        lambda p, q: -(p * np.log(q + tiny)).sum(axis=1).mean(),
        lambda p, q: -(p * np.log(np.maximum(q, tiny))).sum(axis=1).mean(),
        lambda p, q: -(p * np.log(np.clip(q, tiny, 1 - tiny))).sum(axis=1).mean(),
    )


_MEAN = "How many pictures are there? Divide by that, once."

WRONG_CROSS_ENTROPY = {
    "not_weighed": Misconception(
        "adds up the logarithms without weighing each of them with p",
        "If a picture is a quarter dog, how much does the price for dog count?",
        tuple(
            lambda p, q, sign=sign, by=by: sign * by(np.log(np.where(p > 0, q, 1.0)))
            for sign in (-1, 1)
            for by in (lambda logs: logs.sum(axis=1).mean(), np.mean)
        ),
    ),
    "weighed_with_the_answer": Misconception(
        "weighs the logarithms of the answer with the answer itself",
        "In -sum p ln q, which of the two stands before the logarithm?",
        (
            lambda p, q: -(q * np.log(np.where(p > 0, q, 1.0))).sum(axis=1).mean(),
            lambda p, q: prices(q, q).mean(),
            lambda p, q: -(q * np.log(q)).sum(axis=1).mean(),
        ),
    ),
    "infinity_cut": Misconception(
        "puts a huge number in the place of a price without end",
        "A true class that was given 0 costs infinitely much, and np.inf may come out.",
        (
            lambda p, q: -np.nan_to_num(p * np.log(q)).sum(axis=1).mean(),
            lambda p, q: -(p * np.nan_to_num(np.log(q))).sum(axis=1).mean(),
        ),
    ),
    "exponential": Misconception(
        "takes the exponential of the mean price: that is the perplexity",
        "What is the price of an answer that was sure and right: 0 or 1?",
        lambda p, q: np.exp(prices(p, q).mean()),
    ),
    "class_left_out": Misconception(
        "leaves the last class out, or the first one",
        "range(n) is 0 to n - 1 already. With which class does your loop end?",
        (
            lambda p, q: prices(p[:, :-1], q[:, :-1]).mean(),
            lambda p, q: prices(p[:, 1:], q[:, 1:]).mean(),
        ),
    ),
    "divided_by_one_less": Misconception(
        "divides by one less than the number of pictures",
        "A mean divides by how many there are. How many are there?",
        lambda p, q: prices(p, q).sum() / max(len(p) - 1, 1),
    ),
    "nan_for_zero": Misconception(
        "gives nan where a class that is not true was given the probability 0",
        "0 times ln 0 is to count as 0; NumPy makes nan of it.",
        (
            lambda p, q: -(p * np.log(q)).sum(axis=1).mean(),
            lambda p, q: -np.sum(p * np.log(q)) / len(p),
        ),
    ),
    "true_class_free": Misconception(
        "lets a true class that was given 0 go free, where it costs infinitely much",
        "0 ln 0 is 0 where p is 0. What if q is 0 and p is 1?",
        (
            lambda p, q: -(p * np.log(np.where(q > 0, q, 1.0))).sum(axis=1).mean(),
            lambda p, q: -(p * np.nan_to_num(np.log(q), neginf=0.0)).sum(axis=1).mean(),
        ),
        hint="The condition that chooses the cells to be priced asks about p, not about q.",
    ),
    "sum_not_mean": Misconception(
        "adds up the prices of all pictures and does not divide",
        _MEAN,
        _priced(lambda cells, p: cells.sum()),
    ),
    "mean_over_cells": Misconception(
        "takes the mean over cells, so it divides by more than the number of pictures",
        _MEAN,
        (
            *_priced(lambda cells, p: cells.mean()),
            *_priced(lambda cells, p: cells[p > 0].mean()),
        ),
    ),
    "divided_by_classes": Misconception(
        "divides by the number of classes in place of the number of pictures",
        _MEAN,
        lambda p, q: prices(p, q).sum() / p.shape[1],
    ),
    "one_price_each": Misconception(
        "gives the price of each picture and not their mean",
        "How many numbers should come out?",
        prices,
    ),
    "another_logarithm": Misconception(
        "takes a logarithm with another base",
        "np.log is the natural logarithm; np.log2 and np.log10 are others.",
        (
            *_priced(lambda cells, p: cells.sum() / len(p) / np.log(2)),
            *_priced(lambda cells, p: cells.sum() / len(p) / np.log(10)),
        ),
    ),
    "minus_forgotten": Misconception(
        "forgets the minus: its prices are below 0",
        "A logarithm of a number below 1 is negative. What should a price be?",
        _priced(lambda prices, p: -prices.sum() / len(p)),
    ),
    "truth_and_answer_swapped": Misconception(
        "takes the logarithm of the truth and not of the answer",
        "In -sum p ln q, which of the two stands under the logarithm?",
        (
            lambda p, q: -(q * np.log(p)).sum(axis=1).mean(),
            lambda p, q: prices(q, p).mean(),
            lambda p, q: -(q * np.log(p + 1e-12)).sum(axis=1).mean(),
        ),
    ),
    "other_classes_priced_too": Misconception(
        "prices what the other classes were given as well: it adds (1 - p) ln(1 - q)",
        "That is for classes that do not exclude each other. The sum is over p ln q alone.",
        (
            lambda p, q: (prices(p, q) + prices(1 - p, 1 - q)).mean(),
            lambda p, q: (_prices(p, q) + _prices(1 - p, 1 - q)).mean(),
            lambda p, q: -(p * np.log(q) + (1 - p) * np.log(1 - q)).sum(axis=1).mean(),
            lambda p, q: -(p * np.log(q) + (1 - p) * np.log(1 - q)).mean(),
        ),
    ),
    "largest_class_only": Misconception(
        "looks only at the class with the largest p, so it is wrong where a picture is half dog, "
        "half cat",
        "Every class with p above 0 has a term of its own.",
        (
            _true_only(lambda q: -np.log(q)),
            lambda p, q: -np.log((p * q).sum(axis=1)).mean(),
        ),
    ),
    "certain_classes_only": Misconception(
        "prices only classes with p = 1, so it is wrong where a picture is half dog, half cat",
        "Every class with p above 0 has a term of its own.",
        lambda p, q: np.where(p == 1, _prices(p, q), 0).sum(axis=1).mean(),
    ),
    "price_of_the_answer": Misconception(
        "prices the class that the network likes best, whether it is the true one or not",
        "Whose probability is priced: that of the answer, or that of the truth?",
        lambda p, q: -np.log(q.max(axis=1)).mean(),
    ),
    "squared_error": Misconception(
        "takes squared differences",
        "There is a logarithm in cross-entropy.",
        (
            lambda p, q: ((p - q) ** 2).sum(axis=1).mean(),
            lambda p, q: ((p - q) ** 2).mean(),
            lambda p, q: ((p - q) ** 2).sum(),
        ),
    ),
    "absolute_error": Misconception(
        "takes absolute differences",
        "There is a logarithm in cross-entropy.",
        (
            lambda p, q: np.abs(p - q).sum(axis=1).mean(),
            lambda p, q: np.abs(p - q).mean(),
        ),
    ),
    "logarithm_forgotten": Misconception(
        "adds up p times q, without a logarithm",
        "There is a logarithm in cross-entropy.",
        (
            lambda p, q: -(p * q).sum(axis=1).mean(),
            lambda p, q: (p * q).sum(axis=1).mean(),
            lambda p, q: 1 - (p * q).sum(axis=1).mean(),
            lambda p, q: 1 - q[np.arange(len(p)), p.argmax(axis=1)].mean(),
        ),
    ),
    "something_added": Misconception(
        "adds a small number to the answer before taking the logarithm, or cuts it off there, so "
        "that every price is a little off, and a sure mistake has a price that ends",
        "Which terms must be kept away from the logarithm? Only those with p = 0.",
        tuple(
            form
            for tiny in (1.0, *(10.0**-k for k in range(1, 17)), 1e-20, 1e-30, 1e-100, 2.0**-52)
            for form in _softened(tiny)
        ),
        hint="Leave the cells with p = 0 out instead: np.log(q[p > 0]) needs no small number.",
    ),
    "difference_of_entropies": Misconception(
        "takes the truth's own entropy off: that is the Kullback-Leibler divergence",
        "Cross-entropy is -sum p ln q, and nothing is taken off.",
        lambda p, q: (prices(p, q) - prices(p, p)).mean(),
    ),
    "mean_before_logarithm": Misconception(
        "takes the mean over the pictures before the logarithm",
        "First the price of each picture, then the mean of the prices.",
        lambda p, q: -np.log((p * q).sum(axis=1).mean()),
    ),
    "softmax_again": Misconception(
        "does softmax on the answers before pricing them",
        "q holds probabilities already.",
        lambda p, q: prices(p, _shares(_powers(q))).mean(),
    ),
}

WRONG_ERROR = {
    "probabilities_averaged": Misconception(
        "averages the probabilities, or their logarithms, in place of counting mistakes",
        "A mistake counts 1, whether it was a near miss or not.",
        (
            lambda p, q: 1 - np.mean(np.sum(p * q, axis=1)),
            lambda p, q: np.mean(1 - q.max(axis=1)),
            lambda p, q: -np.mean(np.log(np.sum(p * q, axis=1))),
        ),
    ),
    "divided_by_one_less": Misconception(
        "divides by one less than the number of pictures",
        "A share divides by how many there are. How many are there?",
        lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / max(len(p) - 1, 1),
    ),
    "accuracy": Misconception(
        "gives the share of right answers",
        "Is it the right ones that are counted, or the mistakes?",
        lambda p, q: np.mean(p.argmax(axis=1) == q.argmax(axis=1)),
    ),
    "count": Misconception(
        "counts the mistakes and does not divide",
        "A share lies between 0 and 1.",
        lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)),
    ),
    "percent": Misconception(
        "gives percent",
        "A share lies between 0 and 1.",
        lambda p, q: 100 * np.mean(p.argmax(axis=1) != q.argmax(axis=1)),
    ),
    "columns": Misconception(
        "looks for the largest entry of each column",
        "A row is a picture. Along which axis do you search?",
        lambda p, q: np.mean(p.argmax(axis=0) != q.argmax(axis=0)),
    ),
    "one_place_for_all": Misconception(
        "looks for one largest entry in the whole table",
        "Each row has a largest entry of its own: argmax wants an axis.",
        lambda p, q: float(p.argmax() != q.argmax()),
    ),
    "smallest": Misconception(
        "looks for the place of the smallest entry",
        "Which class does the network like best?",
        (
            lambda p, q: np.mean(p.argmin(axis=1) != q.argmin(axis=1)),
            lambda p, q: np.mean(p.argmax(axis=1) != q.argmin(axis=1)),
        ),
    ),
    "values_compared": Misconception(
        "compares the numbers and not the places of the largest",
        "0.6 for dog is right where dog is 1. What has to agree?",
        (
            lambda p, q: np.mean(p != q),
            lambda p, q: np.mean((p != q).any(axis=1)),
            lambda p, q: np.mean(p.max(axis=1) != q.max(axis=1)),
        ),
    ),
    "differences": Misconception(
        "takes the mean of the differences",
        "A mistake counts 1, whether it was a near miss or not.",
        (
            lambda p, q: np.abs(p - q).mean(),
            lambda p, q: np.abs(p - q).sum(axis=1).mean(),
            lambda p, q: np.abs(p - q).sum(axis=1).mean() / 2,
            lambda p, q: ((p - q) ** 2).mean(),
            lambda p, q: ((p - q) ** 2).sum(axis=1).mean(),
        ),
    ),
    "above_one_half": Misconception(
        "asks whether the true class was given more than one half",
        "With three classes 0.4 may be the largest.",
        (
            lambda p, q: np.mean(q[np.arange(len(p)), p.argmax(axis=1)] <= 0.5),
            lambda p, q: np.mean(((q > 0.5) != (p > 0.5)).any(axis=1)),
            lambda p, q: np.mean((q > 0.5) != (p > 0.5)),
            lambda p, q: np.sum((q > 0.5) != (p > 0.5)) / len(p),
            lambda p, q: np.mean(q[np.arange(len(p)), p.argmax(axis=1)] < 0.5),
        ),
    ),
    "distance_of_places": Misconception(
        "takes how far apart the places are",
        "Class 3 for class 0 is one mistake, not three.",
        lambda p, q: np.abs(p.argmax(axis=1) - q.argmax(axis=1)).mean(),
    ),
    "first_picture_only": Misconception(
        "looks at the first picture and gives its result back",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        (
            lambda p, q: float(p[0].argmax() != q[0].argmax()),
            lambda p, q: (p[0].argmax() != q[0].argmax()) / len(p),
        ),
    ),
    "any_mistake": Misconception(
        "tells only whether there is a mistake at all",
        "One mistake in a hundred pictures: how large is the share?",
        (
            lambda p, q: float((p.argmax(axis=1) != q.argmax(axis=1)).any()),
            lambda p, q: (p.argmax(axis=1) != q.argmax(axis=1)).any() / len(p),
        ),
    ),
    "one_for_each": Misconception(
        "says of each picture whether it is a mistake, and gives no share",
        "How many numbers should come out?",
        lambda p, q: p.argmax(axis=1) != q.argmax(axis=1),
    ),
    "divided_by_classes": Misconception(
        "divides by the number of classes, or of all entries",
        "The share of the pictures: how many pictures are there?",
        (
            lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.shape[1],
            lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.size,
        ),
    ),
}
