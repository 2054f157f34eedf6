"""Wrong ideas about ReLU, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Misconception

WRONG_RELU = {
    "another_number_for_negatives": Misconception(
        "puts another number than 0 in the place of negative ones",
        "What should a pattern that is not there count?",
        (
            lambda x: np.maximum(x, 1),
            lambda x: np.where(x > 0, x, 1),
            lambda x: np.where(x > 0, x, -1),
            lambda x: np.where(x < 0, np.nan, x),
            lambda x: np.maximum(x, x.mean()),
        ),
    ),
    "unchanged": Misconception(
        "gives its numbers back as they are",
        "What should become of -3? Which line of yours changes it?",
        lambda x: x,
    ),
    "opposite_sign": Misconception(
        "gives every number the opposite sign",
        "A 5 should stay a 5.",
        lambda x: -x,
    ),
    "power_of_positive": Misconception(
        "squares what is above 0, or takes its root",
        "A 5 should stay a 5.",
        (lambda x: np.maximum(x, 0) ** 2, lambda x: np.sqrt(np.maximum(x, 0))),
    ),
    "absolute_value": Misconception(
        "takes away the signs, so that -3 becomes 3",
        "What does ReLU make of a -3: a strong answer, or none?",
        np.abs,
    ),
    "keeps_the_negative": Misconception(
        "keeps what is below 0 and sets the rest to 0",
        "Which half of the numbers says that the pattern is there?",
        (lambda x: np.minimum(x, 0), lambda x: -np.minimum(x, 0)),
    ),
    "leaves_numbers_out": Misconception(
        "leaves the negative numbers out instead of setting them to 0",
        "Where would the places of the map be, if numbers were missing?",
        (lambda x: x[x > 0], lambda x: x[x >= 0]),
    ),
    "yes_or_no": Misconception(
        "tells only whether a number is above 0",
        "A strong answer and a weak one: should both become the same?",
        lambda x: (x > 0).astype(int),
    ),
    "cut_above": Misconception(
        "cuts off large numbers, too",
        "ReLU has no upper end. What becomes of 100?",
        (
            lambda x: np.clip(x, 0, 1),
            lambda x: np.clip(x, 0, 6),
            lambda x: np.clip(x, 0, 255),
        ),
    ),
    "leaky": Misconception(
        "lets a small part of the negative numbers through",
        "That is a leaky ReLU, a relative. What does plain ReLU make of -3?",
        tuple(
            lambda x, slope=slope: np.where(x > 0, x, slope * x)
            for slope in (0.01, 0.1, 0.2, 0.3, 0.5)
        ),
    ),
    "another_activation": Misconception(
        "squeezes all numbers into a small range, as a sigmoid or tanh does",
        "What does ReLU make of 2 and of 200?",
        (
            lambda x: 1 / (1 + np.exp(-x)),
            np.tanh,
            lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
            lambda x: np.tanh(np.maximum(x, 0)),
        ),
    ),
    "lifted": Misconception(
        "moves all numbers up until none is below 0",
        "A 5 should stay a 5, whatever stands beside it.",
        (lambda x: x - x.min(), lambda x: x - min(x.min(), 0)),
    ),
    "starts_at_one": Misconception(
        "keeps only what is above 1",
        "Which is the smallest number that says *here*? What about 0.5, or 1?",
        (
            lambda x: np.where(x > 1, x, 0),
            lambda x: np.where(x >= 1, x, 0),
            lambda x: np.where(x >= 2, x, 0),
        ),
    ),
    "one_number": Misconception(
        "keeps the largest of several numbers, in place of one number for each place",
        "ReLU looks at each number by itself. np.max looks for one in an array; which function "
        "compares two arrays cell by cell?",
        (
            lambda x: max(x.max(), 0),
            lambda x: np.maximum(x, 0).sum(),
            lambda x: x.max(),
            lambda x: x.max(axis=0),
        ),
    ),
}
