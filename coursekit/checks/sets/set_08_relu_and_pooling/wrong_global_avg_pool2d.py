"""Wrong ideas about global average pooling, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Misconception

WRONG_GLOBAL_AVG_POOL2D = {
    "maps_and_one_side": Misconception(
        "takes the mean over the maps and over one side of them",
        "The shape is (C, H, W). Which axis is to be left?",
        (lambda x: x.mean(axis=(0, 2)),),
    ),
    "reshaped_the_wrong_way": Misconception(
        "mixes the maps when it changes the shape",
        "reshape deals the numbers out row by row. In (C, H, W), how many belong to the first map?",
        (
            lambda x: x.reshape(-1, len(x)).mean(axis=0),
            lambda x: x.T.reshape(len(x), -1).mean(axis=1),
        ),
    ),
    "smallest": Misconception(
        "keeps the smallest number of each map",
        "A mean counts every number of the map.",
        lambda x: x.min(axis=(1, 2)),
    ),
    "spread": Misconception(
        "gives how far the numbers of a map are spread: their variance, or its root",
        "What is asked for: the middle of the numbers, or how much they differ?",
        (lambda x: x.var(axis=(1, 2)), lambda x: x.std(axis=(1, 2))),
    ),
    "one_mean_for_all": Misconception(
        "takes one mean over all maps together",
        "Each map is to get a number of its own. Over which axes do you take the mean?",
        lambda x: x.mean(),
    ),
    "mean_over_channels": Misconception(
        "takes the mean over the maps, place by place",
        "Which axis should be left at the end, and which two should be gone?",
        (lambda x: x.mean(axis=0), lambda x: x.reshape(len(x), -1).mean(axis=0)),
    ),
    "one_axis_left": Misconception(
        "takes the mean over rows or over columns only",
        "How many numbers should be left of a map of 3 rows and 4 columns?",
        (lambda x: x.mean(axis=2), lambda x: x.mean(axis=1)),
    ),
    "channels_last": Misconception(
        "takes the first two axes for rows and columns",
        "The shape is (C, H, W). On which axis do the maps lie?",
        lambda x: x.mean(axis=(0, 1)),
    ),
    "max_in_place_of_mean": Misconception(
        "keeps the largest number of each map",
        "That is global max pooling. What is asked for?",
        lambda x: x.max(axis=(1, 2)),
    ),
    "sum_in_place_of_mean": Misconception(
        "adds up each map and does not divide",
        "Should a map that is twice as large get a number twice as large?",
        lambda x: x.sum(axis=(1, 2)),
    ),
    "divided_by_another_number": Misconception(
        "divides by another number than that of the cells of one map",
        "How many numbers has a map of 3 rows and 4 columns?",
        (
            lambda x: x.sum(axis=(1, 2)) / x.shape[1],
            lambda x: x.sum(axis=(1, 2)) / x.shape[2],
            lambda x: x.sum(axis=(1, 2)) / x.shape[0],
            lambda x: x.sum(axis=(1, 2)) / (x.shape[1] + x.shape[2]),
            lambda x: x.sum(axis=(1, 2)) / x.size,
            lambda x: x.sum(axis=(1, 2)) / 49,
        ),
    ),
    "axes_kept": Misconception(
        "keeps two axes of length one: (C, 1, 1)",
        "The result should have one axis, (C,).",
        lambda x: x.mean(axis=(1, 2), keepdims=True),
    ),
    "decimals_lost": Misconception(
        "gives whole numbers where the mean is none",
        "What is the mean of 1 and 2?",
        (
            lambda x: x.mean(axis=(1, 2)).astype(int),
            lambda x: np.floor(x.mean(axis=(1, 2))),
            lambda x: np.round(x.mean(axis=(1, 2))),
        ),
    ),
    "median_in_place_of_mean": Misconception(
        "takes the median of each map",
        "The median is the middle one of the sorted numbers. What is asked for?",
        lambda x: np.median(x, axis=(1, 2)),
    ),
}
