"""Set 06: a whole convolution layer, and how many numbers it learns."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Words
from coursekit.checks.sets.set_06_volumes_and_channels.wrong_conv2d_volume import (
    WRONG_CONV2D_VOLUME,
)
from coursekit.checks.sets.set_06_volumes_and_channels.wrong_conv_parameters import (
    WRONG_CONV_PARAMETERS,
)


def _layer(pick: Pick, channels: int, filters: int, stride: int, padding: int) -> Args:
    """Draw an input, filters that fit into it, and their biases."""
    f = pick.integer(1, 3)
    height = pick.integer(max(f - 2 * padding, 1), 6)
    width = pick.integer(max(f - 2 * padding, 1), 6)
    x = pick.array((channels, height, width), pick.choice(["whole", "real"]))
    w = pick.array((filters, channels, f, f))
    return x, w, pick.array((filters,), "whole"), stride, padding


def _one_filter(pick: Pick) -> Args:
    return _layer(pick, pick.integer(1, 3), 1, 1, 0)


def _several(pick: Pick) -> Args:
    return _layer(pick, pick.integer(1, 4), pick.integer(2, 4), 1, 0)


def _all_together(pick: Pick) -> Args:
    return _layer(
        pick, pick.integer(2, 3), pick.integer(1, 3), pick.integer(1, 3), pick.integer(0, 2)
    )


def _fits_together(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> bool:
    """Say whether the filters have the depth of the input, a bias each, and a place in it."""
    return (
        stride >= 1
        and padding >= 0
        and w.shape[1] == x.shape[0]
        and len(b) == len(w)
        and w.shape[2] == w.shape[3]
        and w.shape[2] <= min(x.shape[1:])
    )


def _sizes(pick: Pick) -> Args:
    return pick.integer(1, 20), pick.integer(1, 40), pick.integer(1, 7)


def _sizes_and_bias(pick: Pick) -> Args:
    return (*_sizes(pick), pick.choice([True, False]))


_X = np.array([[[1, 0, 2], [0, 3, 1], [2, 1, 1]], [[2, 1, 0], [1, 0, 4], [3, 1, 2]]])
_W = np.array([[[[1, 0], [0, -1]], [[2, 0], [0, 1]]], [[[0, 1], [3, 0]], [[1, -2], [0, 1]]]])
_B = np.array([5, -1])
_ERRORS = (
    (
        "window shape cannot be larger than input array shape",
        "A kernel is larger than the channel on which it is laid: the frame is missing. Are stride "
        "and padding passed on to conv2d_strided?",
    ),
    (
        "einstein sum|einsum",
        "conv2d_strided takes one channel and one kernel, each with two axes. Which of them has "
        "more here? Print their shapes just before that line.",
    ),
)

EXERCISES = (
    Exercise(
        name="conv2d_volume",
        parameters=("x", "w", "b", "stride", "padding"),
        oracle=scratch.conv2d_volume_vectorized,
        valid=_fits_together,
        checks=(
            Check("one filter", 1.0, _one_filter, 25, ((_X, _W[:1], _B[:1], 1, 0),)),
            Check("several filters", 1.5, _several, 25, ((_X, _W, _B, 1, 0),)),
            Check(
                "with a stride and a frame",
                1.5,
                _all_together,
                35,
                ((_X, _W, _B, 2, 1),),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_CONV2D_VOLUME,
        words=Words("An array or a list of numbers", errors=_ERRORS),
        hints=(
            "Begin with one filter. Its kernel for channel c slides over channel c alone. What is "
            "done with the maps that come out?",
            "conv2d_strided(x[c], kernels[c], stride, padding) is one of those maps. There are "
            "len(x) of them, and one bias.",
            "For each filter: add up these maps over all channels, add the filter's bias once, "
            "and append the result to the list of maps.",
        ),
    ),
    Exercise(
        name="conv_parameters",
        parameters=("in_channels", "out_channels", "kernel_size", "bias"),
        oracle=scratch.conv_parameters,
        valid=lambda into, out, size, bias=True: min(into, out, size) >= 1,
        returns="a whole number",
        checks=(
            Check("with biases", 1.0, _sizes, 30, ((3, 32, 3), (3, 2, 3), (1, 1, 1))),
            Check(
                "with and without", 1.0, _sizes_and_bias, 40, ((3, 32, 3, False), (20, 50, 5, True))
            ),
        ),
        misconceptions=WRONG_CONV_PARAMETERS,
        hints=(
            "How many weights has one filter? It is a box: rows, columns and depth.",
            "Every filter has as many weights as the others, and one bias if there are biases.",
            "Multiply kernel_size by kernel_size by in_channels, add 1 if bias is True, and "
            "multiply all of it by out_channels.",
        ),
    ),
)
