"""Wrong ideas about cross-entropy, each with an implementation that holds it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.shares import powers, shares


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
        lambda p, q: prices(p, shares(powers(q))).mean(),
    ),
}
