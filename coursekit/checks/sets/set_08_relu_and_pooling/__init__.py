"""Set 08: ReLU and pooling."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Terms
from coursekit.checks.sets.set_08_relu_and_pooling.wrong_avg_pool2d import WRONG_AVG_POOL2D
from coursekit.checks.sets.set_08_relu_and_pooling.wrong_global_avg_pool2d import (
    WRONG_GLOBAL_AVG_POOL2D,
)
from coursekit.checks.sets.set_08_relu_and_pooling.wrong_max_pool2d import WRONG_MAX_POOL2D
from coursekit.checks.sets.set_08_relu_and_pooling.wrong_relu import WRONG_RELU


def _map(pick: Pick) -> Args:
    kind = pick.choice(["whole", "real"])
    return (40 * pick.array((pick.integer(1, 4), pick.integer(1, 5)), kind),)


def _any_axes(pick: Pick) -> Args:
    shape = tuple(pick.integer(1, 3) for _ in range(pick.integer(1, 4)))
    return (pick.array(shape, pick.choice(["whole", "real"])),)


def _side_by_side(pick: Pick) -> Args:
    """Draw windows that lie side by side and fill the map; 2 by 2 goes without saying."""
    size = pick.choice([2, 2, 3])
    x = _numbers(pick, size * pick.integer(1, 3), size * pick.integer(1, 3))
    return (x,) if size == 2 and pick.choice([True, False]) else (x, size)


def _left_over(pick: Pick) -> Args:
    """Draw a map in which something is left over at the border."""
    size = pick.integer(2, 4)
    rows = size * pick.integer(1, 2) + pick.integer(0, size - 1)
    columns = size * pick.integer(1, 2) + pick.integer(1, size - 1)
    return _numbers(pick, rows, columns), size


def _any_stride(pick: Pick) -> Args:
    size, stride = pick.integer(1, 4), pick.integer(1, 4)
    x = _numbers(pick, pick.integer(size, 8), pick.integer(size, 8))
    return x, size, stride


def _numbers(pick: Pick, rows: int, columns: int) -> Array:
    """Draw whole numbers or fractions; sometimes all of them are below 0."""
    x = pick.array((rows, columns), pick.choice(["whole", "whole", "real"]))
    return x - 10 if pick.choice([True, False, False]) else x


def _fits(x: Array, size: int = 2, stride: int | None = None) -> bool:
    """Say whether some window fits; one of a single cell would show nothing."""
    return 2 <= size <= min(x.shape) and (stride is None or stride >= 1)


_SQUARE = np.array([[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]])
_ODD = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9]])
_BELOW = np.array([[-3, -1, -4, -2], [-5, -9, -2, -6]])


def _pooling_checks() -> tuple[Check, ...]:
    return (
        Check(
            "windows that lie side by side",
            1.0,
            _side_by_side,
            24,
            ((_SQUARE,), (_BELOW, 2)),
        ),
        Check("maps in which something is left over", 1.0, _left_over, 20, ((_ODD, 2),)),
        Check(
            "any stride: windows that overlap or leave gaps",
            1.0,
            _any_stride,
            36,
            ((_ODD, 2, 1), (_SQUARE, 3, 1), (_ODD, 1, 2)),
            keeps_arguments=True,
        ),
    )


def _maps(pick: Pick) -> Args:
    shape = (pick.integer(1, 4), pick.integer(1, 4), pick.integer(1, 5))
    return (pick.array(shape, pick.choice(["whole", "real"])),)


EXERCISES = (
    Exercise(
        name="relu",
        parameters=("x",),
        oracle=scratch.relu,
        checks=(
            Check(
                "maps with numbers below and above 0",
                0.5,
                _map,
                24,
                ((np.array([[3, -1], [-2, 5]]),), (np.array([[0.5, -0.5, 100.0]]),)),
            ),
            Check(
                "any number of axes, and the map itself unchanged",
                0.5,
                _any_axes,
                24,
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_RELU,
        hints=(
            "For a single number: if it is below 0 the answer is 0, otherwise the number itself. "
            "Every number of the map is treated by itself.",
            "That is the larger of two numbers: the value and 0. NumPy has a function for the "
            "larger of two arrays, cell by cell; one of the two may be a plain number.",
            "np.maximum takes two arguments and gives a new array. (x.max() is something else: "
            "the largest number of the whole array. And x[x < 0] = 0 would change the map itself.)",
        ),
    ),
    Exercise(
        name="max_pool2d",
        parameters=("x", "size", "stride"),
        oracle=scratch.max_pool2d,
        valid=_fits,
        checks=_pooling_checks(),
        misconceptions=WRONG_MAX_POOL2D,
        hints=(
            "Count the windows first: along a side of n cells (n - size) // stride + 1 of them "
            "fit. Where does the window of place (i, j) begin?",
            "It begins in row i * stride and column j * stride, and a slice takes it out of the "
            "map. An array has a method for the largest of its numbers.",
            "Make np.zeros with as many places as there are windows; in two loops over i and j put "
            "in the .max() of x[i * stride : i * stride + size, ...]. Where stride is None, it is "
            "the size.",
        ),
    ),
    Exercise(
        name="avg_pool2d",
        parameters=("x", "size", "stride"),
        oracle=scratch.avg_pool2d,
        valid=_fits,
        checks=_pooling_checks(),
        misconceptions=WRONG_AVG_POOL2D,
        hints=(
            "Take your max_pool2d: the windows are the same. Only what is kept of each differs.",
            "The mean of a window is the sum of its numbers over how many there are. An array has "
            "a method for it.",
            "If you copy max_pool2d, mind the array that you put the means into: one that was made "
            "for whole numbers cuts them. np.zeros without a dtype holds floats.",
        ),
    ),
    Exercise(
        name="global_avg_pool2d",
        parameters=("x",),
        oracle=scratch.global_avg_pool2d,
        checks=(
            Check(
                "one mean for each map",
                1.0,
                _maps,
                54,
                ((np.array([[[1, 2], [3, 4]], [[0, 0], [0, 7]]]),),),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_GLOBAL_AVG_POOL2D,
        terms=Terms(lambda x: x, mean=True, called="number"),
        hints=(
            "The result has C numbers. So of the three axes (C, H, W) the first stays, and the "
            "other two go.",
            "The mean method takes an axis, or a tuple of several.",
            "In (C, H, W) the axes are counted from 0: C is axis 0, H is 1, W is 2. Take the mean "
            "over both of those that should go.",
        ),
    ),
)
