"""Wrong ideas about flattening, softmax and the price of an answer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

_LARGE = "What is e to the power of 1000? What may be taken off every score of a row?"
_ROWS = "Each row is a picture of its own. Over which axis do its shares add up to 1?"

WRONG_FLATTEN = {
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
        "mixes the maps into one before it writes them down",
        "Every number of every map has a place of its own in the row.",
        (lambda maps: maps.sum(axis=0).flatten(), lambda maps: maps.mean(axis=0).flatten()),
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
    "overflows": Misconception(
        "overflows for large scores: the powers become inf, and their shares nan",
        _LARGE,
        lambda z: _shares(_powers(z, top=False)),
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
        (lambda z: _shares(_powers(-np.asarray(z))),),
    ),
    "shares_of_scores": Misconception(
        "takes shares of the scores themselves, without powers",
        "What becomes of a negative score?",
        (
            lambda z: z / np.sum(z, axis=-1, keepdims=True),
            lambda z: np.abs(z) / np.abs(z).sum(axis=-1, keepdims=True),
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
        _hard,
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


def _rows(p: Array, q: Array) -> Array:
    return np.asarray(_prices(p, q).sum(axis=1))


def _true_only(value: Callable[[Array], Array]) -> Callable[[Array, Array], Any]:
    """Return the mean over rows of something of the probability given to the true class."""
    return lambda p, q: value(q[np.arange(len(p)), p.argmax(axis=1)]).mean()


_MEAN = "How many pictures are there? Divide by that, once."

WRONG_CROSS_ENTROPY = {
    "nan_for_zero": Misconception(
        "gives nan where a class that is not true was given the probability 0",
        "0 times ln 0 is to count as 0; NumPy makes nan of it.",
        (
            lambda p, q: -(p * np.log(q)).sum(axis=1).mean(),
            lambda p, q: -np.sum(p * np.log(q)) / len(p),
        ),
    ),
    "sum_not_mean": Misconception(
        "adds up the prices of all pictures and does not divide",
        _MEAN,
        lambda p, q: _rows(p, q).sum(),
    ),
    "mean_over_cells": Misconception(
        "takes the mean over all cells, so it divides by the classes as well",
        _MEAN,
        lambda p, q: _prices(p, q).mean(),
    ),
    "divided_by_classes": Misconception(
        "divides by the number of classes in place of the number of pictures",
        _MEAN,
        lambda p, q: _rows(p, q).sum() / p.shape[1],
    ),
    "one_price_each": Misconception(
        "gives the price of each picture and not their mean",
        "How many numbers should come out?",
        _rows,
    ),
    "another_logarithm": Misconception(
        "takes a logarithm with another base",
        "np.log is the natural logarithm; np.log2 and np.log10 are others.",
        (
            lambda p, q: _rows(p, q).mean() / np.log(2),
            lambda p, q: _rows(p, q).mean() / np.log(10),
        ),
    ),
    "minus_forgotten": Misconception(
        "forgets the minus: its prices are below 0",
        "A logarithm of a number below 1 is negative. What should a price be?",
        lambda p, q: -_rows(p, q).mean(),
    ),
    "truth_and_answer_swapped": Misconception(
        "takes the logarithm of the truth and not of the answer",
        "In -sum p ln q, which of the two stands under the logarithm?",
        (
            lambda p, q: -(q * np.log(p)).sum(axis=1).mean(),
            lambda p, q: _rows(q, p).mean(),
            lambda p, q: -(q * np.log(p + 1e-12)).sum(axis=1).mean(),
        ),
    ),
    "other_classes_priced_too": Misconception(
        "prices what the other classes were given as well: it adds (1 - p) ln(1 - q)",
        "That is for classes that do not exclude each other. The sum is over p ln q alone.",
        (
            lambda p, q: (_rows(p, q) + _rows(1 - p, 1 - q)).mean(),
            lambda p, q: (_prices(p, q) + _prices(1 - p, 1 - q)).mean(),
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
        ),
    ),
    "something_added": Misconception(
        "adds a number to the answer before taking the logarithm, so every price is a little off",
        "Instead of adding something, leave the terms with p = 0 out.",
        tuple(
            lambda p, q, tiny=tiny: -(p * np.log(q + tiny)).sum(axis=1).mean()
            for tiny in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1.0)
        ),
    ),
    "difference_of_entropies": Misconception(
        "takes the truth's own entropy off: that is the Kullback-Leibler divergence",
        "Cross-entropy is -sum p ln q, and nothing is taken off.",
        lambda p, q: (_rows(p, q) - _rows(p, p)).mean(),
    ),
    "mean_before_logarithm": Misconception(
        "takes the mean over the pictures before the logarithm",
        "First the price of each picture, then the mean of the prices.",
        lambda p, q: -np.log((p * q).sum(axis=1).mean()),
    ),
    "softmax_again": Misconception(
        "does softmax on the answers before pricing them",
        "q holds probabilities already.",
        lambda p, q: _rows(p, _shares(_powers(q))).mean(),
    ),
}

WRONG_ERROR = {
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
        "compares the places of the smallest entries",
        "Which class does the network like best?",
        lambda p, q: np.mean(p.argmin(axis=1) != q.argmin(axis=1)),
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
        ),
    ),
    "above_one_half": Misconception(
        "asks whether the true class was given more than one half",
        "With three classes 0.4 may be the largest.",
        (
            lambda p, q: np.mean(q[np.arange(len(p)), p.argmax(axis=1)] <= 0.5),
            lambda p, q: np.mean(((q > 0.5) != (p > 0.5)).any(axis=1)),
            lambda p, q: np.mean((q > 0.5) != (p > 0.5)),
        ),
    ),
    "distance_of_places": Misconception(
        "takes how far apart the places are",
        "Class 3 for class 0 is one mistake, not three.",
        lambda p, q: np.abs(p.argmax(axis=1) - q.argmax(axis=1)).mean(),
    ),
    "any_mistake": Misconception(
        "tells only whether there is a mistake at all",
        "One mistake in a hundred pictures: how large is the share?",
        lambda p, q: float((p.argmax(axis=1) != q.argmax(axis=1)).any()),
    ),
    "one_for_each": Misconception(
        "says of each picture whether it is a mistake, and gives no share",
        "How many numbers should come out?",
        lambda p, q: p.argmax(axis=1) != q.argmax(axis=1),
    ),
    "divided_by_classes": Misconception(
        "divides by the number of classes",
        "The share of the pictures: how many pictures are there?",
        lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.shape[1],
    ),
}
