"""Wrong ideas about ReLU and pooling, each with the implementations that hold it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

Reduce = Callable[[Array], Any]
Pool = Callable[..., Any]

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


def pooled(
    reduce: Reduce,
    *,
    size: Callable[[int, int], int] = lambda size, stride: size,
    stride: Callable[[int, int], int] = lambda size, stride: stride,
    places: Callable[[int, int, int], int] = lambda n, f, s: (n - f) // s + 1,
    reach: int = 0,
    pad: float | None = None,
) -> Pool:
    """Return a pooling with some slip in it.

    `size` and `stride` say which are really used; `places` how many windows there are along a
    side; `reach` by how much a window is longer than it should be; `pad` what fills up windows that
    hang over the border.
    """

    def pool(x: Array, size_given: int = 2, stride_given: int | None = None) -> Array:
        given = size_given if stride_given is None else stride_given
        f, s = size(size_given, given), stride(size_given, given)
        rows, columns = (places(n, f, s) for n in x.shape)
        if pad is not None:
            x = np.pad(x, ((0, f), (0, f)), constant_values=pad)
        values = [
            [
                reduce(x[i * s : i * s + f + reach, j * s : j * s + f + reach])
                for j in range(columns)
            ]
            for i in range(rows)
        ]
        return np.array(values).reshape(rows, columns, *np.shape(values)[2:])

    return pool


def _up(n: int, f: int, s: int) -> int:
    return -(-(n - f) // s) + 1


def _windows_of(reduce: Reduce, length: Callable[[int], int]) -> Pool:
    """Return a pooling with as many windows as is right, each as large as the stride makes it."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)
        f = length(s)
        cuts = [[x[i * s : i * s + f, j * s : j * s + f] for j in range(columns)]
                for i in range(rows)]  # fmt: skip
        return np.array([[reduce(cut) for cut in row] for row in cuts])

    return pool


def _by_default(reduce: Reduce, stride: Callable[[int], int]) -> Pool:
    """Return a pooling with another stride where none is given."""
    right = pooled(reduce)
    return lambda x, size=2, given=None: right(x, size, stride(size) if given is None else given)


def _begins_unstrided(reduce: Reduce) -> Pool:
    """Return a pooling whose windows begin at i, j in place of i * stride, j * stride."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)
        return np.array(
            [[reduce(x[i : i + size, j : j + size]) for j in range(columns)] for i in range(rows)]
        )

    return pool


def _one_axis(reduce: Callable[..., Any], axis: int) -> Pool:
    """Return a pooling along one axis only."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        moved = np.moveaxis(x, axis, 0)
        starts = range(0, moved.shape[0] - size + 1, s)
        parts = [reduce(moved[i : i + size], axis=0) for i in starts]
        return np.moveaxis(np.array(parts).reshape(len(parts), moved.shape[1]), 0, axis)

    return pool


def _band(reduce: Reduce, part: Callable[..., Array]) -> Pool:
    """Return a pooling whose windows reach over all rows or columns, or over one column."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)

        def value(i: int, j: int) -> Any:
            return reduce(part(x, slice(i * s, i * s + size), slice(j * s, j * s + size), j))

        return np.array([[value(i, j) for j in range(columns)] for i in range(rows)])

    return pool


def _never_reset(x: Array, size: int = 2, stride: int | None = None) -> Array:
    """Return the largest number of each window and all windows before it."""
    right = pooled(np.max)(x, size, stride)
    return np.asarray(np.maximum.accumulate(right.ravel()).reshape(right.shape))


def _taken_as_square(reduce: Reduce, side: int) -> Pool:
    """Return a pooling that takes one side of the map for both."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        count = (x.shape[side] - size) // s + 1
        return np.array(
            [
                [reduce(x[i * s : i * s + size, j * s : j * s + size]) for j in range(count)]
                for i in range(count)
            ]
        )

    return pool


def _sliding_mistakes(reduce: Reduce, along: Callable[..., Any]) -> dict[str, Misconception]:
    """Return the wrong ideas about windows and strides, for either kind of pooling."""
    return {
        "stride_ignored": Misconception(
            "moves the window by its own size, or by a fixed number, whatever `stride` says",
            "`stride` is the size only where none is given. Where does your function use it?",
            pooled(reduce, stride=lambda size, stride: size),
        ),
        "always_stride_two": Misconception(
            "always moves the window by 2",
            "What should a stride of 1 do, or of 3?",
            pooled(reduce, stride=lambda size, stride: 2),
        ),
        "always_stride_one": Misconception(
            "always moves the window by 1",
            "Where does the second window begin with a stride of 2?",
            pooled(reduce, stride=lambda size, stride: 1),
        ),
        "stride_one_by_default": Misconception(
            "moves the window by 1 where no stride is given",
            "Where does the second window begin if nobody says how far it moves?",
            _by_default(reduce, lambda size: 1),
            hint="Give stride the default None, and begin with: if stride is None: stride = size.",
        ),
        "stride_two_by_default": Misconception(
            "moves the window by 2 where no stride is given, whatever its size",
            "Windows of 3 by 3, side by side: where does the second one begin?",
            _by_default(reduce, lambda size: 2),
            hint="Give stride the default None, and begin with: if stride is None: stride = size.",
        ),
        "window_always_two": Misconception(
            "always takes windows of 2 by 2, whatever `size` says",
            "How many numbers lie under a window of 3 by 3?",
            (
                pooled(reduce, size=lambda size, stride: 2),
                pooled(reduce, size=lambda size, stride: 2, stride=lambda size, stride: 2),
                lambda x, size=2, stride=None: pooled(reduce)(x, 2, stride),
                _windows_of(reduce, lambda stride: 2),
            ),
        ),
        "window_as_large_as_stride": Misconception(
            "takes the stride for the size of the window",
            "A window of 3 by 3 that moves by 1: how many numbers lie under it?",
            (
                pooled(reduce, size=lambda size, stride: stride),
                pooled(
                    lambda window: reduce(window),
                    size=lambda size, stride: stride,
                    places=lambda n, f, s: n // s,
                ),
                _windows_of(reduce, lambda stride: stride),
            ),
        ),
        "places_from_stride_alone": Misconception(
            "counts n // stride windows, whatever their size",
            "A window of 3 that moves by 1, in 5 cells: how many fit? How large is n // stride?",
            pooled(reduce, places=lambda n, f, s: n // s),
            hint="The first window takes size cells; each further one stride cells more: "
            "(n - size) // stride + 1.",
        ),
        "size_and_stride_swapped": Misconception(
            "swaps size and stride",
            "Which of the two says how large the window is?",
            pooled(reduce, size=lambda size, stride: stride, stride=lambda size, stride: size),
        ),
        "keeps_incomplete_windows": Misconception(
            "keeps windows that hang over the border, with the numbers that they have",
            "Incomplete windows are to be left out. How many complete ones fit into 5 cells?",
            (
                pooled(reduce, places=_up),
                pooled(reduce, places=lambda n, f, s: -(-n // s)),
            ),
        ),
        "fills_up_with_zeros": Misconception(
            "fills windows that hang over the border up with zeros",
            "Incomplete windows are to be left out. How many complete ones fit into 5 cells?",
            (
                pooled(reduce, places=_up, pad=0),
                pooled(reduce, places=lambda n, f, s: -(-n // s), pad=0),
            ),
        ),
        "last_window_missing": Misconception(
            "leaves out the last window of each row and column",
            "A window of 2 in 4 cells, moved by 2: where does the last one begin?",
            (
                pooled(reduce, places=lambda n, f, s: (n - f) // s),
                pooled(reduce, places=lambda n, f, s: -(-(n - f) // s)),
            ),
        ),
        "windows_begin_side_by_side": Misconception(
            "begins the windows at 0, 1, 2 ... and not at multiples of the stride",
            "Place i of the result belongs to the window that begins where?",
            _begins_unstrided(reduce),
        ),
        "window_too_short": Misconception(
            "leaves out the last row and column of each window",
            "How many numbers has x[0:2]?",
            pooled(reduce, reach=-1),
        ),
        "window_too_long": Misconception(
            "takes one row and one column too many into each window",
            "How many numbers has x[0:3]?",
            pooled(reduce, reach=1),
        ),
        "one_axis_only": Misconception(
            "pools along one axis only",
            "A window has rows and columns. Which of them does yours miss?",
            (
                _one_axis(along, 0),
                _one_axis(along, 1),
                _band(reduce, lambda x, rows, columns, j: x[rows]),
                _band(reduce, lambda x, rows, columns, j: x[:, columns]),
                _band(reduce, lambda x, rows, columns, j: x[rows, j]),
            ),
        ),
        "taken_as_square": Misconception(
            "takes one side of the map for both",
            "A map of 2 rows and 6 columns: how many windows down, how many across?",
            (_taken_as_square(reduce, 0), _taken_as_square(reduce, 1)),
        ),
        "whole_map": Misconception(
            "gives one number for the whole map",
            "Each window gives a number of its own. How many windows are there?",
            (
                lambda x, size=2, stride=None: reduce(x),
                lambda x, size=2, stride=None: np.full(
                    pooled(reduce)(x, size, stride).shape, reduce(x)
                ),
            ),
        ),
        "first_of_window": Misconception(
            "keeps the top left number of each window",
            "Which of the numbers under a window should come out?",
            (
                pooled(lambda window: window[0, 0]),
                lambda x, size=2, stride=None: x[:: stride or size, :: stride or size],
                lambda x, size=2, stride=None: x[::size, ::size],
            ),
        ),
        "sum_of_window": Misconception(
            "adds up the numbers under each window",
            "Is it their sum that is asked for?",
            pooled(np.sum),
        ),
        "median_of_window": Misconception(
            "takes the median of each window",
            "The median is the middle one of the sorted numbers. What is asked for?",
            pooled(np.median),
        ),
        "smallest_of_window": Misconception(
            "keeps the smallest number of each window",
            "Which end of the numbers is asked for?",
            pooled(np.min),
        ),
    }


WRONG_MAX_POOL = _sliding_mistakes(np.max, np.max) | {
    "never_reset": Misconception(
        "goes on with the largest number of the windows before",
        "With what should the search begin in each window? Where is it set back?",
        _never_reset,
    ),
    "starts_at_zero": Misconception(
        "starts its search at a fixed number, so a window in which all are smaller gives that",
        "With what should the search for the largest number start, if all may be negative?",
        (
            pooled(lambda window: max(window.max(), 0)),
            pooled(lambda window: max(window.max(), -1)),
            pooled(lambda window: max(window.max(), 1)),
            pooled(lambda window: np.maximum(window, 0).max()),
        ),
    ),
    "average_in_place_of_max": Misconception(
        "takes the mean of each window",
        "Max pooling asks whether the pattern is anywhere under the window.",
        pooled(np.mean),
    ),
    "largest_without_sign": Misconception(
        "keeps the number that is farthest from 0, or the largest without its sign",
        "Which is larger, -9 or 1?",
        (
            pooled(lambda window: window.flat[np.abs(window).argmax()]),
            pooled(lambda window: np.abs(window).max()),
        ),
    ),
    "place_of_largest": Misconception(
        "gives the place of the largest number and not the number",
        "argmax says where the largest is. What says how large it is?",
        pooled(np.argmax),
    ),
    "largest_of_rows": Misconception(
        "keeps several numbers of each window",
        "One number for each window. How do you get the largest of all its rows?",
        (pooled(lambda window: window.max(axis=0)), pooled(lambda window: window.max(axis=1))),
    ),
}

WRONG_AVG_POOL = _sliding_mistakes(np.mean, np.mean) | {
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

WRONG_GLOBAL = {
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
