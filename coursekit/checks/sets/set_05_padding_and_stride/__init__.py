"""Set 05: how large a map is, a frame of zeros, and a kernel that hops."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Terms
from coursekit.checks.sets.set_05_padding_and_stride.wrong_conv2d_strided import (
    WRONG_CONV2D_STRIDED,
)
from coursekit.checks.sets.set_05_padding_and_stride.wrong_output_size import WRONG_OUTPUT_SIZE
from coursekit.checks.sets.set_05_padding_and_stride.wrong_pad2d import WRONG_PAD2D
from coursekit.checks.sets.sliding import framed, windows


def _fitting(pick: Pick) -> Args:
    """Draw sizes for which the last hop ends just at the border."""
    f, s, p = pick.integer(1, 6), pick.integer(1, 4), pick.integer(0, 3)
    hops = pick.integer(0, 6)
    return max(f + hops * s - 2 * p, 1), f, s, p


def _any_size(pick: Pick) -> Args:
    f, s, p = pick.integer(1, 6), pick.integer(1, 5), pick.integer(0, 3)
    return pick.integer(max(f - 2 * p, 1), 20), f, s, p


def _plain(n: int, kernel_size: int, stride: int = 1, padding: int = 0) -> bool:
    """Say whether an example is one that can be drawn on paper."""
    return 2 <= kernel_size <= n and stride >= 1 and padding >= 0


def _picture(pick: Pick) -> Args:
    kind = pick.choice(["whole", "whole", "real", "bytes"])
    return pick.array((pick.integer(1, 5), pick.integer(1, 5)), kind), pick.integer(0, 3)


def _sides(pick: Pick, stride: int, padding: int) -> Args:
    """Draw an image and a kernel that fits into it, frame and all."""
    m, n = pick.integer(1, 4), pick.integer(1, 4)
    height = pick.integer(max(m - 2 * padding, 1), 8)
    width = pick.integer(max(n - 2 * padding, 1), 8)
    image = pick.array((height, width), pick.choice(["whole", "real"]))
    return image, pick.array((m, n)), stride, padding


def _strided(pick: Pick) -> Args:
    return _sides(pick, pick.integer(1, 3), 0)


def _framed(pick: Pick) -> Args:
    return _sides(pick, 1, pick.integer(0, 2))


def _both(pick: Pick) -> Args:
    return _sides(pick, pick.integer(2, 4), pick.integer(1, 3))


def _kernel_fits(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> bool:
    return (
        stride >= 1
        and padding >= 0
        and all(f <= n for n, f in zip(image.shape, kernel.shape, strict=True))
    )


def _products(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return what is added up at each place."""
    places = windows(framed(image, padding), kernel.shape)[::stride, ::stride]
    return np.asarray(places * kernel)


_IMAGE = np.array(
    [
        [2, 3, 7, 4, 6, 2, 9],
        [6, 6, 9, 8, 7, 4, 3],
        [3, 4, 8, 3, 8, 9, 7],
        [7, 8, 3, 6, 6, 3, 4],
        [4, 2, 1, 8, 3, 4, 6],
        [3, 2, 4, 1, 9, 8, 3],
    ]
)
_KERNEL = np.array([[3, 4, 4], [1, 0, 2]])

EXERCISES = (
    Exercise(
        name="output_size",
        parameters=("n", "kernel_size", "stride", "padding"),
        oracle=scratch.output_size,
        valid=_plain,
        returns="a whole number",
        checks=(
            Check(
                "sizes for which nothing is left over", 1.0, _fitting, 30, ((6, 3), (4, 3, 1, 1))
            ),
            Check("any sizes", 1.0, _any_size, 40, ((6, 3, 2), (10, 4, 4, 1), (9, 2, 3, 2))),
        ),
        misconceptions=WRONG_OUTPUT_SIZE,
        hints=(
            "Put the kernel at the left end of the framed side. How many cells are left over to "
            "its right, and how many hops fit into them?",
            "The framed side has n + 2 * padding cells. Python's // divides and rounds down in "
            "one go.",
            "Take the kernel from the framed side, divide by the stride with //, and add 1 for "
            "the first place at the very end.",
        ),
    ),
    Exercise(
        name="pad2d",
        parameters=("image", "padding"),
        oracle=scratch.pad2d,
        valid=lambda image, padding: padding >= 0,
        checks=(
            Check(
                "any picture, any number of rings, also none",
                1.0,
                _picture,
                55,
                ((np.array([[1, 2], [3, 4]]), 1), (np.array([[5, 6, 7]]), 0)),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_PAD2D,
        hints=(
            "Make the larger picture first, all zeros. How many rows and columns does it have?",
            "The picture goes into the middle: its first row becomes row `padding` of the large "
            "one. Where does it end?",
            "Write the image into the rows padding to padding + H and the columns padding to "
            "padding + W of np.zeros((H + 2 * padding, W + 2 * padding)).",
        ),
    ),
    Exercise(
        name="conv2d_strided",
        parameters=("image", "kernel", "stride", "padding"),
        oracle=scratch.conv2d_strided,
        valid=_kernel_fits,
        terms=Terms(_products),
        checks=(
            Check("a frame, stride 1", 1.0, _framed, 25, ((_IMAGE[:3, :4], _KERNEL, 1, 1),)),
            Check("a stride, no frame", 1.0, _strided, 30, ((_IMAGE, _KERNEL, 2, 0),)),
            Check(
                "both together",
                1.0,
                _both,
                40,
                ((_IMAGE, _KERNEL, 2, 1), (_IMAGE[:4], _KERNEL, 3, 2)),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_CONV2D_STRIDED,
        hints=(
            "First the frame, then the map of every place, then leave out the places where the "
            "kernel does not stand.",
            "conv2d(pad2d(image, padding), kernel) has every place. Which rows and columns of it "
            "are left when the kernel hops?",
            "Take every stride-th row and every stride-th column of that map, from the first one. "
            "A slice has three parts, start:stop:step.",
        ),
    ),
)
