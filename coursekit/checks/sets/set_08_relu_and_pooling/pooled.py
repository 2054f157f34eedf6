"""Pooling with a slip in it, for the largest value and for the mean."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

Reduce = Callable[[Array], Any]


Pool = Callable[..., Any]


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


def up(n: int, f: int, s: int) -> int:
    """Return how many windows of f begin on a side of n, the last one hanging over."""
    return -(-(n - f) // s) + 1


def windows_of(reduce: Reduce, length: Callable[[int], int]) -> Pool:
    """Return a pooling with as many windows as is right, each as large as the stride makes it."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)
        f = length(s)
        cuts = [[x[i * s : i * s + f, j * s : j * s + f] for j in range(columns)]
                for i in range(rows)]  # fmt: skip
        return np.array([[reduce(cut) for cut in row] for row in cuts])

    return pool


def by_default(reduce: Reduce, stride: Callable[[int], int]) -> Pool:
    """Return a pooling with another stride where none is given."""
    right = pooled(reduce)
    return lambda x, size=2, given=None: right(x, size, stride(size) if given is None else given)


def begins_unstrided(reduce: Reduce) -> Pool:
    """Return a pooling whose windows begin at i, j in place of i * stride, j * stride."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)
        return np.array(
            [[reduce(x[i : i + size, j : j + size]) for j in range(columns)] for i in range(rows)]
        )

    return pool


def one_axis(reduce: Callable[..., Any], axis: int) -> Pool:
    """Return a pooling along one axis only."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        moved = np.moveaxis(x, axis, 0)
        starts = range(0, moved.shape[0] - size + 1, s)
        parts = [reduce(moved[i : i + size], axis=0) for i in starts]
        return np.moveaxis(np.array(parts).reshape(len(parts), moved.shape[1]), 0, axis)

    return pool


def band(reduce: Reduce, part: Callable[..., Array]) -> Pool:
    """Return a pooling whose windows reach over all rows or columns, or over one column."""

    def pool(x: Array, size: int = 2, stride: int | None = None) -> Array:
        s = size if stride is None else stride
        rows, columns = ((n - size) // s + 1 for n in x.shape)

        def value(i: int, j: int) -> Any:
            return reduce(part(x, slice(i * s, i * s + size), slice(j * s, j * s + size), j))

        return np.array([[value(i, j) for j in range(columns)] for i in range(rows)])

    return pool


def taken_as_square(reduce: Reduce, side: int) -> Pool:
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


def sliding_mistakes(reduce: Reduce, along: Callable[..., Any]) -> dict[str, Misconception]:
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
            by_default(reduce, lambda size: 1),
            hint="Give stride the default None, and begin with: if stride is None: stride = size.",
        ),
        "stride_two_by_default": Misconception(
            "moves the window by 2 where no stride is given, whatever its size",
            "Windows of 3 by 3, side by side: where does the second one begin?",
            by_default(reduce, lambda size: 2),
            hint="Give stride the default None, and begin with: if stride is None: stride = size.",
        ),
        "window_always_two": Misconception(
            "always takes windows of 2 by 2, whatever `size` says",
            "How many numbers lie under a window of 3 by 3?",
            (
                pooled(reduce, size=lambda size, stride: 2),
                pooled(reduce, size=lambda size, stride: 2, stride=lambda size, stride: 2),
                lambda x, size=2, stride=None: pooled(reduce)(x, 2, stride),
                windows_of(reduce, lambda stride: 2),
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
                windows_of(reduce, lambda stride: stride),
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
                pooled(reduce, places=up),
                pooled(reduce, places=lambda n, f, s: -(-n // s)),
            ),
        ),
        "fills_up_with_zeros": Misconception(
            "fills windows that hang over the border up with zeros",
            "Incomplete windows are to be left out. How many complete ones fit into 5 cells?",
            (
                pooled(reduce, places=up, pad=0),
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
            begins_unstrided(reduce),
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
                one_axis(along, 0),
                one_axis(along, 1),
                band(reduce, lambda x, rows, columns, j: x[rows]),
                band(reduce, lambda x, rows, columns, j: x[:, columns]),
                band(reduce, lambda x, rows, columns, j: x[rows, j]),
            ),
        ),
        "taken_as_square": Misconception(
            "takes one side of the map for both",
            "A map of 2 rows and 6 columns: how many windows down, how many across?",
            (taken_as_square(reduce, 0), taken_as_square(reduce, 1)),
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
