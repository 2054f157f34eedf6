"""Worked examples of decks 002 to 004: detectors, volumes, losses, sentences, strides."""

import numpy as np
from example_grids import (
    DETECTOR_1,
    EULER,
    EULER_AGAIN,
    FACE,
    FACE_MAP_PRINTED,
    FOUR,
    LINE_1,
    LINE_3,
    LOOPY,
    ONES,
    RING_MAP_PRINTED,
    SEVEN,
    SEVEN_PADDED,
    SIX_DIGIT,
    SIX_DIGIT_AGAIN,
    STRIDED,
    STRIDED_KERNEL,
    VOLUME,
    VOLUME_W0,
    grid,
)
from example_kinds import cells, excluded, right, wrong

from coursekit import scratch as s

TRUE_CLASSES = [[1, 0], [0, 1], [1, 0]]
NETWORK_1 = [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]]
NETWORK_2 = [[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]
WORDS = ["Steven", "Mark", "John", "saw", "."]
SENTENCES = [text.split() for text in ("Steven saw Mark .", "Mark saw John .", "John saw Steven .")]

DECK_002 = {
    "d002-feature-map": wrong(
        lambda: s.conv2d(FACE, DETECTOR_1),
        grid("0 1 0 0 0 / 0 1 1 1 0 / 1 0 0 2 1 / 1 4 2 1 0 / 0 0 1 2 1"),
        FACE_MAP_PRINTED,
    ),
    "d002-maxpool": right(
        lambda: s.max_pool2d(FACE_MAP_PRINTED, ceil_mode=True), grid("1 1 0 / 4 2 1 / 0 2 1")
    ),
    "d002-flatten": right(
        lambda: s.flatten(grid("1 1 0 / 4 2 1 / 0 2 1")), [1, 1, 0, 4, 2, 1, 0, 2, 1]
    ),
    "d002-pipeline": right(
        lambda: s.flatten(s.max_pool2d(s.conv2d(FACE, DETECTOR_1), ceil_mode=True)),
        [1, 1, 0, 4, 2, 1, 0, 2, 1],
    ),
    "d002-volume-w0": right(
        lambda: s.conv2d_volume(VOLUME, [VOLUME_W0], [1], stride=2)[0],
        grid("2 3 3 / 3 7 3 / 8 10 -3"),
    ),
    "d002-volume-shape": right(
        lambda: s.conv_output_shape(7, 7, 3, stride=2, filters=2), (3, 3, 2)
    ),
    "d002-volume-params": right(lambda: s.conv_parameters(3, 2, 3), 56),
    "d002-softmax-logits": right(lambda: s.log_odds([0.95, 0.05]), np.log(19)),
    "d002-softmax-forward": right(lambda: s.softmax([np.log(19), 0]), [0.95, 0.05]),
    "d002-ce-nn1-rows": right(
        lambda: s.cross_entropy_rows(TRUE_CLASSES, NETWORK_1), -np.log([0.9, 0.9, 0.4])
    ),
    "d002-ce-nn1": right(lambda: s.cross_entropy(TRUE_CLASSES, NETWORK_1), 0.37567058772993583),
    "d002-error-nn1": right(lambda: s.classification_error(TRUE_CLASSES, NETWORK_1), 1 / 3),
    "d002-ce-nn2-rows": right(
        lambda: s.cross_entropy_rows(TRUE_CLASSES, NETWORK_2), -np.log([0.6, 0.7, 0.1])
    ),
    "d002-ce-nn2": right(lambda: s.cross_entropy(TRUE_CLASSES, NETWORK_2), 1.056695220232923),
    "d002-error-nn2": right(lambda: s.classification_error(TRUE_CLASSES, NETWORK_2), 1 / 3),
}

DECK_003 = {
    "d003-stacked-maps": excluded("the three detectors are not given, and two maps are hidden"),
    "d003-ones-7x7": right(
        lambda: s.conv2d(SEVEN, ONES),
        grid("6 5 4 6 6 / 3 3 3 6 6 / 3 2 2 4 5 / 3 2 2 4 5 / 6 4 3 4 5"),
    ),
    "d003-lower-right-ones-7x7": right(
        lambda: s.conv2d(SEVEN, grid("0 0 1 / 0 1 1 / 1 1 1")),
        grid("3 2 3 5 5 / 0 2 2 4 4 / 2 2 1 2 3 / 2 1 2 4 4 / 3 3 3 3 4"),
    ),
    "d003-anti-diagonal-15-7x7": right(
        lambda: s.conv2d(SEVEN, grid("0 0 15 / 0 15 0 / 15 0 0")),
        15 * grid("3 0 1 2 3 / 0 1 1 2 2 / 1 2 1 1 1 / 2 0 0 2 2 / 1 1 2 1 2"),
    ),
    "d003-zero-pad-7x7": right(lambda: s.pad2d(SEVEN, 1), SEVEN_PADDED),
    "d003-ones-9x9": right(
        lambda: s.conv2d(SEVEN_PADDED, ONES),
        grid("""
4 5 4 2 3 4 4
5 6 5 4 6 6 5
3 3 3 3 6 6 5
3 3 2 2 4 5 4
3 3 2 2 4 5 4
5 6 4 3 4 5 4
3 4 3 3 4 4 3
"""),
    ),
    "d003-ring-9x9": wrong(
        lambda: s.conv2d(SEVEN_PADDED, LOOPY),
        grid("""
2 3 2 2 3 2 2
3 4 5 2 6 4 3
1 3 3 1 4 4 5
3 3 2 2 4 3 2
1 1 2 2 4 5 2
3 6 4 1 2 3 4
1 2 1 3 4 2 1
"""),
        RING_MAP_PRINTED,
    ),
    "d003-ring0-9x9": right(
        lambda: s.conv2d(SEVEN_PADDED, grid("1 1 1 / 1 0 1 / 1 1 1")), RING_MAP_PRINTED
    ),
    "d003-depth-2": right(lambda: s.conv_output_shape(9, 9, 3, filters=2), (7, 7, 2)),
    "d003-depth-10": right(lambda: s.conv_output_shape(9, 9, 3, filters=10), (7, 7, 10)),
    "d003-pool-params": right(lambda: s.pool_parameters(2, 2), 0),
    "d003-image-20x20": right(
        lambda: s.image_facts(EULER), {"shape": (20, 20), "min": 0, "max": 99, "sum": 18933}
    ),
    "d003-image-20x20-two-printings": right(
        lambda: s.differing_cells(EULER, EULER_AGAIN),
        [(1, 7), (1, 17), (2, 11), (2, 15), (6, 11), (14, 18)],
    ),
    "d003-image-16x16": right(
        lambda: s.image_facts(SIX_DIGIT), {"shape": (16, 16), "min": -1, "max": 1, "sum": -82.7}
    ),
    "d003-image-16x16-two-printings": right(
        lambda: s.differing_cells(SIX_DIGIT, SIX_DIGIT_AGAIN),
        cells("0 8 / 0 9 / 0 10 / 1 7 / 1 8 / 1 9 / 1 10 / 2 6 / 2 7 / 2 9")
        + cells("13 11 / 13 12 / 14 10 / 14 11"),
    ),
    "d003-class-remainder": excluded("needs no array operation: 1 less 0.8 and 0.15"),
    "d003-rnn-one-hot": right(
        lambda: [s.one_hot(word, WORDS) for word in SENTENCES[0]],
        grid("1 0 0 0 0 / 0 0 0 1 0 / 0 1 0 0 0 / 0 0 0 0 1"),
    ),
    "d003-rnn-next-word": right(
        lambda: s.next_words(SENTENCES),
        {
            "Steven": {"saw": 1, ".": 1},
            "saw": {"Mark": 1, "John": 1, "Steven": 1},
            "Mark": {".": 1, "saw": 1},
            "John": {".": 1, "saw": 1},
        },
    ),
    "d003-rnn-predict-1": right(
        lambda: s.sequence_allowed(SENTENCES, SENTENCES[0]),
        {"transitions": 3, "all_transitions_allowed": True, "is_training_sentence": True},
    ),
    "d003-rnn-predict-2": right(
        lambda: s.sequence_allowed(SENTENCES, ["Steven", "saw", "Mark", "saw", "John", "saw"]),
        {"transitions": 5, "all_transitions_allowed": True, "is_training_sentence": False},
    ),
}

DECK_004 = {
    "d004-sobel-patch": right(
        lambda: s.patch_terms(grid("180 187 186 / 125 108 121 / 126 98 123"), s.KERNELS["sobel_y"])[
            "sum"
        ],
        295,
    ),
    "d004-zero-pad-4x4": right(
        lambda: s.pad2d(FOUR, 1),
        grid("""
0 0   0   0   0   0
0 0.3 0.5 0.9 1.0 0
0 1.0 1.0 1.0 1.0 0
0 0.9 0.9 0.5 0.3 0
0 0.2 0.0 0.0 0.0 0
0 0   0   0   0   0
"""),
    ),
    "d004-line-filter1-valid": right(lambda: s.conv2d(FOUR, LINE_1), grid("1.3 0.6 / -0.7 -1.3")),
    "d004-line-filter1-same": right(
        lambda: s.conv2d(FOUR, LINE_1, padding=1),
        grid("0.8 1.7 2.4 1.9 / 1.2 1.3 0.6 0.1 / -0.2 -0.7 -1.3 -1.2 / -1.6 -2.1 -1.7 -0.8"),
    ),
    "d004-line-filter3-valid": right(lambda: s.conv2d(FOUR, LINE_3), grid("0.7 1.3 / 2.1 1.7")),
    "d004-line-filter3-same": right(
        lambda: s.conv2d(FOUR, LINE_3, padding=1),
        grid("-1.2 -1.3 -0.6 -0.1 / 0.2 0.7 1.3 1.2 / 1.6 2.1 1.7 0.8 / 0.2 0.2 0 0"),
    ),
    "d004-strided": wrong(
        lambda: s.conv2d_strided(STRIDED, STRIDED_KERNEL, stride=2),
        grid("91 100 88 / 69 91 117 / 44 72 74"),
        grid("91 100 83 / 69 91 127 / 44 72 74"),
    ),
    "d004-strided-size": right(lambda: s.output_size(7, 3, stride=2), 3),
    "d004-rgb-filter-numbers": right(lambda: s.conv_parameters(3, 1, 3, bias=False), 27),
    "d004-rgb-shape": right(lambda: s.conv_output_shape(6, 6, 3, filters=1), (4, 4, 1)),
    "d004-layer-shape": right(lambda: s.conv_output_shape(6, 6, 3, filters=2), (4, 4, 2)),
}
