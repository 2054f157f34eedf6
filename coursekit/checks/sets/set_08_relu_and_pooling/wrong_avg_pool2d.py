"""Wrong ideas about average pooling, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.sets.set_08_relu_and_pooling.pooled import pooled, sliding_mistakes

WRONG_AVG_POOL2D = sliding_mistakes(np.mean, np.mean) | {
    "max_in_place_of_average": Misconception(
        "keeps the largest number of each window",
        "Average pooling asks how much of the pattern lies under the window.",
        pooled(np.max),
    ),
    "divided_by_four": Misconception(
        "always divides by 4",
        "How many numbers lie under a window of 3 by 3?",
        pooled(lambda window: window.sum() / 4),
    ),
    "divided_by_stride": Misconception(
        "divides by the square of the stride and not by how many numbers a window holds",
        "A window of 3 by 3 that moves by 1: how many numbers lie under it?",
        lambda x, size=2, stride=None: (
            pooled(np.sum)(x, size, stride) / (size if stride is None else stride) ** 2
        ),
    ),
    "divided_by_side": Misconception(
        "divides by the side of the window and not by how many numbers it holds",
        "How many numbers lie under a window of 3 by 3?",
        pooled(lambda window: window.sum() / len(window)),
    ),
    "decimals_lost": Misconception(
        "gives whole numbers where the mean is none",
        "What is the mean of 1 and 2? An array made for whole numbers cuts what is put into it.",
        (
            pooled(lambda window: int(window.mean())),
            pooled(lambda window: np.floor(window.mean())),
            pooled(lambda window: np.round(window.mean())),
        ),
    ),
    "means_of_rows": Misconception(
        "keeps several numbers of each window",
        "One number for each window: the mean over its rows and its columns.",
        (pooled(lambda window: window.mean(axis=0)), pooled(lambda window: window.mean(axis=1))),
    ),
    "middle_of_extremes": Misconception(
        "takes the middle between the smallest and the largest number",
        "A mean counts every number under the window.",
        pooled(lambda window: (window.min() + window.max()) / 2),
    ),
}
