"""Wrong ideas about softmax, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.set_09_softmax_and_cross_entropy.shares import powers, shares

_LARGE = "What is e to the power of 1000? What may be taken off every score of a row?"


_ROWS = "Each row is a picture of its own. Over which axis do its shares add up to 1?"


def _hard(z: Array) -> Array:
    return np.asarray(np.eye(z.shape[-1])[z.argmax(axis=-1)])


WRONG_SOFTMAX = {
    "divided_by_something_else": Misconception(
        "divides the powers by something other than their sum",
        "What should the numbers of a row add up to?",
        tuple(
            lambda z, by=by, top=top: powers(z, top=top) / by(powers(z, top=top))
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
            lambda z, tiny=tiny, top=top: shares(powers(z, top=top) + tiny)
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
            lambda z: shares(powers(z, top=False)),
            lambda z: shares(np.exp(np.asarray(z, dtype=np.float32))),
        ),
    ),
    "one_number_off_for_all_rows": Misconception(
        "takes the largest score of the whole table off every row, so that other rows lose all "
        "their powers",
        "Take off each row's own largest score. keepdims=True lets it line up.",
        lambda z: shares(np.exp(np.asarray(z, dtype=np.float64) - np.max(z))),
    ),
    "mean_taken_off": Misconception(
        "takes the mean of the scores off, which does not keep the powers from overflowing",
        _LARGE,
        lambda z: shares(np.exp(z - np.mean(z, axis=-1, keepdims=True))),
    ),
    "smallest_taken_off": Misconception(
        "takes the smallest score off, so that the powers grow instead of shrinking",
        "Which score must become 0, so that no power is above 1?",
        lambda z: shares(np.exp(z - np.min(z, axis=-1, keepdims=True))),
    ),
    "fixed_number_taken_off": Misconception(
        "takes one and the same number off, whatever the scores are",
        "Take 1000 off: what becomes of a row with scores near 0? Which number suits every row?",
        tuple(
            lambda z, number=number: shares(np.exp(np.asarray(z, dtype=np.float64) - number))
            for number in (100, 500, 700, 1_000, 5_000, 9_000, 10_000)
        ),
    ),
    "scores_cut": Misconception(
        "cuts the scores off at some limit, so that all larger ones become alike",
        "Scores of 1000 and 997 should not get equal shares. What may be done to all scores of a "
        "row without changing the shares?",
        tuple(
            lambda z, limit=limit, low=low: shares(
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
            lambda z, largest=largest: shares(np.exp(z / largest(z)))
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
            lambda z: powers(z) / powers(z).sum(),
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
        (lambda z: powers(z), lambda z: powers(z, top=False)),
    ),
    "sign_turned": Misconception(
        "gives the largest share to the smallest score",
        "The larger the score, the larger the share.",
        (
            lambda z: shares(powers(-np.asarray(z))),
            lambda z: shares(np.exp(-np.asarray(z, dtype=np.float64))),
            lambda z: shares(np.exp(np.max(z, axis=-1, keepdims=True) - z)),
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
        (lambda z: shares(powers(z, 2.0)), lambda z: shares(powers(z, 10.0))),
    ),
    "all_to_the_largest": Misconception(
        "gives everything to the largest score",
        "Softmax is soft: the second best gets a share as well.",
        (_hard, lambda z: (z == z.max(axis=-1, keepdims=True)).astype(float)),
    ),
    "logarithm_of_shares": Misconception(
        "gives the logarithms of the shares",
        "Probabilities lie between 0 and 1.",
        lambda z: np.log(shares(powers(z))),
    ),
    "each_by_itself": Misconception(
        "turns each score into a number by itself, as a sigmoid does",
        "What should the numbers of a row add up to?",
        lambda z: 1 / (1 + np.exp(-np.asarray(z, dtype=np.float64))),
    ),
    "taken_off_above_only": Misconception(
        "takes the largest score off above the line and not below",
        "The powers above and below the line must be the same ones.",
        lambda z: powers(z) / powers(z, top=False).sum(axis=-1, keepdims=True),
    ),
}
