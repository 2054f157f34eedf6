"""Set 04: what small kernels do to a picture."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Terms
from coursekit.checks.sets.set_04_kernels.wrong_filter_image import (
    WRONG_FILTER_IMAGE,
    clipped,
    products,
)
from coursekit.checks.sets.set_04_kernels.wrong_gradient_magnitude import (
    SOBEL_X,
    WRONG_GRADIENT_MAGNITUDE,
)
from coursekit.checks.sets.set_04_kernels.wrong_normalize import WRONG_NORMALIZE


def _kernel(pick: Pick) -> Args:
    """Draw a kernel with a sum to divide by."""
    shape = (pick.integer(1, 4), pick.integer(1, 4))
    kernel = pick.array(shape, pick.choice(["whole", "real"]))
    kernel[0, 0] += kernel.sum() == 0
    return (kernel,)


def _kernel_or_balanced(pick: Pick) -> Args:
    """Draw any kernel; half of them add up to 0."""
    (kernel,) = _kernel(pick)
    if pick.choice([True, False]):
        kernel[-1, -1] -= kernel.sum()
    return (kernel,)


def _picture(pick: Pick) -> Array:
    return pick.array((pick.integer(2, 8), pick.integer(2, 8)), "bytes")


def _blurring(pick: Pick) -> Args:
    """Draw a kernel of positive sixteenths that hardly leaves 0 to 255."""
    shape = (pick.choice([1, 3, 3, 5]), pick.choice([1, 3, 3, 5]))
    kernel = np.abs(pick.array(shape, "whole"))
    kernel[shape[0] // 2, shape[1] // 2] += 1
    return _picture(pick), kernel / 2 ** np.ceil(np.log2(kernel.sum()))


def _sharpening(pick: Pick) -> Args:
    """Draw a kernel whose results often lie below 0 or above 255."""
    shape = (pick.choice([1, 3, 3, 5]), pick.choice([1, 3, 3, 5]))
    kernel = pick.array(shape, "whole") // 4
    return _picture(pick), kernel + pick.integer(0, 1) * pick.choice([0.0, 0.25])


def _odd_sides(image: Array, kernel: Array) -> bool:
    return all(side % 2 == 1 for side in kernel.shape)


def _bytes(pick: Pick) -> Args:
    return (pick.array((pick.integer(3, 8), pick.integer(3, 8)), "bytes"),)


def _floats(pick: Pick) -> Args:
    return (pick.array((pick.integer(3, 8), pick.integer(3, 8)), "real"),)


_PIXELS = np.array(
    [[10, 20, 30, 200], [15, 25, 35, 220], [12, 90, 38, 240], [250, 99, 3, 7]], np.uint8
)
_CORNERS = np.array([[0.25, 0.0, 0.0], [0.0, 0.5, 0.0], [0.125, 0.0, 0.0]])
_SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
_LEFT = np.array([[1, 0, -1], [3, 0, -2], [1, 0, -1]])

EXERCISES = (
    Exercise(
        name="normalize",
        parameters=("kernel",),
        oracle=scratch.normalize,
        checks=(
            Check(
                "kernels with a sum",
                1.0,
                _kernel,
                30,
                (
                    (np.ones((3, 3), int),),
                    (np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]),),
                    (np.array([[0.5, -0.25]]),),
                    (np.array([[1, -2]]),),
                ),
            ),
            Check(
                "any kernel, also with sum 0",
                1.0,
                _kernel_or_balanced,
                30,
                ((SOBEL_X,), (np.zeros((2, 2)),), (np.array([[1, -4], [0, 1]]),)),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_NORMALIZE,
        hints=(
            "A smoothing kernel should leave a flat area as bright as it was: its values should "
            "add up to 1. What do you divide by to get there?",
            "kernel.sum() is one number for the whole kernel. For an edge kernel it is 0, and "
            "then there is nothing to divide by.",
            "Compute the sum once. Where it is 0, return a copy of the kernel; in every other "
            "case return a new array, the kernel divided by the sum.",
        ),
    ),
    Exercise(
        name="filter_image",
        parameters=("image", "kernel"),
        oracle=scratch.filter_image,
        exact=clipped,
        tolerance=0.5,
        returns="uint8",
        valid=_odd_sides,
        checks=(
            Check(
                "blurring kernels", 1.5, _blurring, 30, ((_PIXELS, _CORNERS),), keeps_arguments=True
            ),
            Check(
                "kernels that leave the range of bytes",
                1.5,
                _sharpening,
                30,
                ((_PIXELS, _SHARPEN), (_PIXELS, _LEFT)),
            ),
        ),
        misconceptions=WRONG_FILTER_IMAGE,
        terms=Terms(products, finish=lambda sums, *args: np.clip(sums, 0, 255)),
        hints=(
            "Three steps: make the image larger by repeating its border, slide the kernel over "
            "it, turn the sums back into bytes.",
            "np.pad with mode='edge' repeats the border; half the kernel's side, rounded down, is "
            "needed on each side. Compute in floats, never in bytes.",
            "Pad, take the sliding sum of exercise 03, then round, then clip to 0 and 255, and "
            "only then change the type to np.uint8.",
        ),
    ),
    Exercise(
        name="gradient_magnitude",
        parameters=("image",),
        oracle=scratch.gradient_magnitude,
        valid=lambda image: min(image.shape) >= 3,
        checks=(
            Check("pictures of bytes", 1.5, _bytes, 30, ((_PIXELS,),)),
            Check("fractions", 1.5, _floats, 30, keeps_arguments=True),
        ),
        misconceptions=WRONG_GRADIENT_MAGNITUDE,
        hints=(
            "One kernel answers to vertical edges, the other to horizontal ones. Together they "
            "tell how steep the picture is, in any direction.",
            "gx and gy are the sliding sums of exercise 03 with the two Sobel kernels, on the "
            "image as float64. Their length follows from the theorem of Pythagoras.",
            "Square gx and gy cell by cell, add the squares and take np.sqrt. The result is two "
            "rows and two columns smaller than the image.",
        ),
    ),
)
