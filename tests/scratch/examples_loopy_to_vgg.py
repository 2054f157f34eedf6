"""Worked examples of decks 000 and 001: the loopy nine, index conventions, sizes, networks."""

from itertools import pairwise

import numpy as np
from example_grids import (
    CENTRE_MAP_PRINTED,
    FILTER_1,
    FILTER_1_MAP,
    FILTER_2,
    FILTER_2_MAP,
    FIVE,
    GOOGLE,
    GREY_DIGIT,
    LOOPY,
    MOVED_MAP_PRINTED,
    NINE,
    NINE_MOVED,
    SIX,
    TABLE_9X9,
    grid,
)
from example_kinds import cells, excluded, right, wrong

from coursekit import scratch as s


def loopy_pipeline(image):
    return s.max_pool2d(s.relu(s.conv2d(image, LOOPY, mean=True)), size=2, stride=1)


def inception(into, c1, c3_reduce, c3, c5_reduce, c5, pool):
    """Layers of one Inception module: 1x1; 1x1 and 3x3; 1x1 and 5x5; pooling and 1x1."""
    return [
        ("conv", into, c1, 1),
        ("conv", into, c3_reduce, 1),
        ("conv", c3_reduce, c3, 3),
        ("conv", into, c5_reduce, 1),
        ("conv", c5_reduce, c5, 5),
        ("conv", into, pool, 1),
    ]


ALEXNET = [
    ("conv", 3, 96, 11),
    ("conv", 96, 256, 5, 2),
    ("conv", 256, 384, 3),
    ("conv", 384, 384, 3, 2),
    ("conv", 384, 256, 3, 2),
    ("dense", 9216, 4096),
    ("dense", 4096, 4096),
    ("dense", 4096, 1000),
]
GOOGLENET = [
    ("conv", 3, 64, 7),
    ("conv", 64, 64, 1),
    ("conv", 64, 192, 3),
    *inception(192, 64, 96, 128, 16, 32, 32),
    *inception(256, 128, 128, 192, 32, 96, 64),
    *inception(480, 192, 96, 208, 16, 48, 64),
    *inception(512, 160, 112, 224, 24, 64, 64),
    *inception(512, 128, 128, 256, 24, 64, 64),
    *inception(512, 112, 144, 288, 32, 64, 64),
    *inception(528, 256, 160, 320, 32, 128, 128),
    *inception(832, 256, 160, 320, 32, 128, 128),
    *inception(832, 384, 192, 384, 48, 128, 128),
    ("dense", 1024, 1000),
]
VGG_CHANNELS = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
VGG16 = [
    *(("conv", a, b, 3) for a, b in pairwise(VGG_CHANNELS)),
    ("dense", 25088, 4096),
    ("dense", 4096, 4096),
    ("dense", 4096, 1000),
]


def alexnet_neurons():
    """Cells of all layers of a picture of 227 x 227; pooling takes 3 x 3 windows, stride 2."""
    first = s.conv_output_shape(227, 227, 11, stride=4, filters=96)
    side = s.output_size(first[0], 3, 2)
    second = s.conv_output_shape(side, side, 5, padding=2, filters=256)
    side = s.output_size(second[0], 3, 2)
    rest = [s.conv_output_shape(side, side, 3, padding=1, filters=k) for k in (384, 384, 256)]
    return sum(a * b * c for a, b, c in (first, second, *rest)) + 4096 + 4096 + 1000


DECK_000 = {
    "d000-input-neurons": right(lambda: s.flatten_shape(1080, 1920, 3)[1], 6_220_800),
    "d000-ann-weights": wrong(
        lambda: s.dense_parameters(6_000_000, 4_000_000, bias=False), 24 * 10**12, 24 * 10**6
    ),
    "d000-ann-weights-exact": right(
        lambda: s.dense_parameters(1920 * 1080 * 3, 4_000_000, bias=False), 24_883_200_000_000
    ),
    "d000-grid-shape": wrong(lambda: s.image_facts(GREY_DIGIT)["shape"], (7, 8), (7, 7)),
    "d000-grid-stats": right(
        lambda: s.image_facts(GREY_DIGIT), {"shape": (7, 8), "min": 0, "max": 240, "sum": 2725}
    ),
    "d000-grid-flatten": right(
        lambda: s.flatten(GREY_DIGIT),
        [0] * 9
        + [87, 240, 210, 24, 0, 0, 0, 0, 13, 0, 101, 195, 0, 0, 0, 0, 35, 167, 99, 210]
        + [0, 0, 0, 0, 145, 230, 240, 201, 189, 140, 0, 0, 0, 102, 67, 17, 13]
        + [0] * 10,
    ),
    "d000-nine-location-diff": right(
        lambda: s.differing_cells(NINE, NINE_MOVED),
        cells("0 0 / 0 3 / 1 0 / 1 1 / 1 2 / 1 3 / 2 0 / 2 3 / 3 2 / 3 3 / 4 2 / 4 3")
        + cells("5 1 / 5 2 / 6 0 / 6 1"),
    ),
    "d000-loopy-first-patch": wrong(
        lambda: s.patch_terms(NINE[:3, :3], LOOPY),
        {"terms": [-1, 1, 1, -1, -1, -1, -1, 1, 1], "sum": -1, "mean": -1 / 9},
        {"terms": [-1, 1, 1, -1, -1, -1, 1, 1], "sum": -1, "mean": -0.11},
    ),
    "d000-loopy-centre-conv": wrong(
        lambda: s.conv2d(NINE, LOOPY, mean=True),
        grid("-1 9 -1 / -5 1 -3 / -3 3 -3 / -5 -1 -5 / -3 -5 -3") / 9,
        CENTRE_MAP_PRINTED,
    ),
    "d000-loopy-centre-relu": right(
        lambda: s.relu(CENTRE_MAP_PRINTED),
        grid("0 1 0 / 0 0.11 0 / 0 0.33 0 / 0 0 0 / 0 0 0"),
    ),
    "d000-loopy-centre-maxpool": right(
        lambda: s.max_pool2d(s.relu(CENTRE_MAP_PRINTED), 2, 1),
        grid("1 1 / 0.33 0.33 / 0.33 0.33 / 0 0"),
    ),
    "d000-loopy-centre-pipeline": right(
        lambda: loopy_pipeline(NINE), grid("3 3 / 1 1 / 1 1 / 0 0") / 3
    ),
    "d000-loopy-shifted-conv": wrong(
        lambda: s.conv2d(NINE_MOVED, LOOPY, mean=True),
        grid("9 -1 -1 / 1 -3 -1 / 3 -3 -1 / -1 -5 -3 / -5 -3 -5") / 9,
        MOVED_MAP_PRINTED,
    ),
    "d000-loopy-shifted-relu": right(
        lambda: s.relu(MOVED_MAP_PRINTED),
        grid("1 0 0 / 0.11 0 0.33 / 0.33 0 0 / 0 0 0 / 0 0 0"),
    ),
    "d000-loopy-shifted-maxpool": right(
        lambda: s.max_pool2d(s.relu(MOVED_MAP_PRINTED), 2, 1),
        grid("1 0.33 / 0.33 0.33 / 0.33 0 / 0 0"),
    ),
    "d000-loopy-shifted-pipeline": wrong(
        lambda: loopy_pipeline(NINE_MOVED),
        grid("3 0 / 1 0 / 1 0 / 0 0") / 3,
        grid("1 0.33 / 0.33 0.33 / 0.33 0 / 0 0"),
    ),
    "d000-avgpool-4x4": right(
        lambda: s.avg_pool2d(grid("5 1 3 4 / 8 2 9 2 / 1 3 0 1 / 2 2 2 0")), grid("4 4.5 / 2 0.75")
    ),
}

DECK_001 = {
    "d001-google-conv": right(
        lambda: s.conv2d(FIVE, GOOGLE), grid("25 18 17 / 18 22 14 / 20 15 23")
    ),
    "d001-google-flip": right(
        lambda: s.conv2d(FIVE, GOOGLE, flip=True), grid("21 15 15 / 22 23 14 / 21 21 18")
    ),
    "d001-form-previous": right(lambda: s.convolve2d_at(FIVE, GOOGLE, 2, 2, "previous"), 21),
    "d001-form-succeeding": right(lambda: s.convolve2d_at(FIVE, GOOGLE, 0, 0, "succeeding"), 25),
    "d001-form-centred": right(lambda: s.convolve2d_at(FIVE, GOOGLE, 1, 1, "centred"), 21),
    "d001-filter1-stride1": right(lambda: s.conv2d(SIX, FILTER_1), FILTER_1_MAP),
    "d001-filter1-stride2": right(
        lambda: s.conv2d_strided(SIX, FILTER_1, stride=2), grid("3 -3 / -3 0")
    ),
    "d001-filter2-stride1": right(lambda: s.conv2d(SIX, FILTER_2), FILTER_2_MAP),
    "d001-two-filters": right(
        lambda: s.conv2d_volume([SIX], [[FILTER_1], [FILTER_2]], [0, 0]),
        np.stack([FILTER_1_MAP, FILTER_2_MAP]),
    ),
    "d001-two-filters-shape": right(lambda: s.conv_output_shape(6, 6, 3, filters=2), (4, 4, 2)),
    "d001-filter1-relu": right(
        lambda: s.relu(FILTER_1_MAP), grid("3 0 0 0 / 0 1 0 0 / 0 0 0 1 / 3 0 0 0")
    ),
    "d001-filter1-maxpool": right(lambda: s.max_pool2d(FILTER_1_MAP), grid("3 0 / 3 1")),
    "d001-filter1-avgpool": right(lambda: s.avg_pool2d(FILTER_1_MAP), grid("0 -1.75 / -1.25 -0.5")),
    "d001-maxpool-5374": excluded("the input is a picture; only the result 5 3 / 7 4 survives"),
    "d001-size-4-valid": right(lambda: s.output_size(4, 3), 2),
    "d001-size-4-same": right(lambda: s.output_size(4, 3, padding=1), 4),
    "d001-size-6-s1": right(lambda: s.output_size(6, 3), 4),
    "d001-size-6-s2": right(lambda: s.output_size(6, 3, stride=2), 2),
    "d001-size-6-s2-as-printed": right(lambda: s.output_size_unrounded(6, 3, stride=2), 2.5),
    "d001-vgg-receptive-field": right(lambda: s.receptive_field([(3, 1)] * 3), 7),
    "d001-vgg-weight-ratio": right(
        lambda: 3 * s.conv_parameters(1, 1, 3, bias=False) / s.conv_parameters(1, 1, 7, bias=False),
        27 / 49,
    ),
    "d001-googlenet-flatten": right(lambda: s.flatten_shape(7, 7, 1024), (1, 50176)),
    "d001-googlenet-gap": right(
        lambda: s.global_avg_pool2d(np.ones((1024, 7, 7)))[None, :].shape, (1, 1024)
    ),
    "d001-fc-params-flatten": right(lambda: s.dense_parameters(50176, 1000), 50_177_000),
    "d001-alexnet-params": right(lambda: s.network_parameters(ALEXNET), 60_965_224),
    "d001-alexnet-neurons": right(alexnet_neurons, 659_272),
    "d001-googlenet-params": right(lambda: s.network_parameters(GOOGLENET), 6_998_552),
    "d001-googlenet-vs-alexnet": wrong(
        lambda: s.network_parameters(ALEXNET) / s.network_parameters(GOOGLENET),
        8.711119671612071,
        12,
    ),
    "d001-googlenet-12x-quote": excluded("needs no array operation: a quoted figure divided by 12"),
    "d001-vgg16-params": right(lambda: s.network_parameters(VGG16), 138_357_544),
    "d001-resnet-lr": right(lambda: s.step_decay(0.1, 10, 2), [0.1, 0.01, 0.001]),
    "d001-keras-conv-rgb": right(lambda: s.conv_parameters(3, 32, 3), 896),
    "d001-connections-6x6": right(
        lambda: s.connection_counts(6, 3),
        {"dense_weights": 576, "sparse_connections": 144, "shared_weights": 9},
    ),
    "d001-image-9x9": right(
        lambda: s.image_facts(TABLE_9X9), {"shape": (9, 9), "min": 0, "max": 9, "sum": 280}
    ),
    "d001-bytes-grey": right(lambda: s.storage_bytes(9, 9), 81),
    "d001-window-1d": right(
        lambda: s.window_sum_1d([2, 4, 4, 6, 8, 8, 10, 12], [8, 6, 4, 2, 2, 1, 1], 6), 186
    ),
}
