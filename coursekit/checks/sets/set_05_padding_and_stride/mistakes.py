"""Wrong ideas about padding and stride, each with an implementation that holds it."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.sliding import slide

_HALF_A_HOP = "A side of 6, a kernel of 3, a stride of 2: is the last half hop made?"
_BY_HAND = "Draw a side of 5 and a kernel of 3, and count the places one by one."
_BOTH_ENDS = "At how many ends of a side does a ring of zeros lie?"

WRONG_OUTPUT_SIZE = {
    "stride_and_padding_ignored": Misconception(
        "does the same whatever stride and padding are",
        "Two of the four arguments have not been used yet. Where does each of them belong?",
        lambda n, f, s=1, p=0: n - f + 1,
    ),
    "arguments_mixed_up": Misconception(
        "takes one of its arguments for another",
        "Which of the four numbers is doubled, and which is taken away?",
        (
            lambda n, f, s=1, p=0: (n + 2 * f - p) // s + 1,
            lambda n, f, s=1, p=0: (f + 2 * p - n) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * s - f) // (p or 1) + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - s) // f + 1,
        ),
    ),
    "kernel_taken_twice": Misconception(
        "takes the kernel away twice",
        "To which number does the 2 belong? Do the brackets end before the kernel, or behind it?",
        (
            lambda n, f, s=1, p=0: (n + 2 * (p - f)) // s + 1,
            lambda n, f, s=1, p=0: (n - 2 * (p + f)) // s + 1,
        ),
    ),
    "places_of_a_whole_map": Misconception(
        "counts the places in both directions",
        "Is the size of one side asked for, or how many values a map has?",
        lambda n, f, s=1, p=0: ((n + 2 * p - f) // s + 1) ** 2,
    ),
    "stride_ignored": Misconception(
        "does the same whatever stride is",
        "Where does your function use the stride? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f) // 2 + 1,
        ),
    ),
    "padding_ignored": Misconception(
        "does the same whatever padding is",
        "Where does your function use the padding? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: (n - f) // s + 1,
            lambda n, f, s=1, p=0: int((n - f) / s) + 1,
            lambda n, f, s=1, p=0: (n + 2 - f) // s + 1,
        ),
    ),
    "kernel_size_ignored": Misconception(
        "does the same whatever kernel_size is",
        "Where does your function use kernel_size? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - 3) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 2) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 5) // s + 1,
        ),
    ),
    "last_place_missed": Misconception(
        "misses the place at the very end, where the last hop just fits",
        "A side of 5, a kernel of 3: may the kernel begin at pixel 2? range(n) ends at n - 1.",
        (
            lambda n, f, s=1, p=0: math.ceil((n + 2 * p - f) / s),
            lambda n, f, s=1, p=0: (n + 2 * p - f - 1) // s + 1,
        ),
    ),
    "not_rounded": Misconception(
        "does not round, so that there are half places",
        _HALF_A_HOP,
        lambda n, f, s=1, p=0: (n + 2 * p - f) / s + 1,
    ),
    "rounded_up": Misconception(
        "rounds up, which counts a place that hangs over the end",
        _HALF_A_HOP,
        lambda n, f, s=1, p=0: math.ceil((n + 2 * p - f) / s) + 1,
    ),
    "rounded_to_nearest": Misconception(
        "rounds to the nearest whole number",
        _HALF_A_HOP,
        (
            lambda n, f, s=1, p=0: round((n + 2 * p - f) / s) + 1,
            lambda n, f, s=1, p=0: round((n + 2 * p - f) / s + 1),
            lambda n, f, s=1, p=0: math.floor((n + 2 * p - f) / s + 0.5) + 1,
        ),
    ),
    "first_place_forgotten": Misconception(
        "counts the hops and forgets the place before the first hop",
        _BY_HAND,
        lambda n, f, s=1, p=0: (n + 2 * p - f) // s,
    ),
    "one_added_before_dividing": Misconception(
        "adds the 1 before it divides by the stride",
        "The first place needs no hop. Should it be divided by the length of one?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) // s,
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) / s,
        ),
    ),
    "divided_too_late": Misconception(
        "divides only the kernel, or only the padding, by the stride",
        "Division comes before addition and subtraction. Which brackets are missing?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f // s + 1,
            lambda n, f, s=1, p=0: n + 2 * p - f / s + 1,
            lambda n, f, s=1, p=0: math.floor(n + 2 * p - f / s + 1),
            lambda n, f, s=1, p=0: n - f + 2 * p // s + 1,
            lambda n, f, s=1, p=0: n // s + 2 * p - f + 1,
            lambda n, f, s=1, p=0: (n + 2 * p) // s - f + 1,
        ),
    ),
    "remainder": Misconception(
        "takes the remainder of the division in place of its result",
        "What is 7 % 2, and what is 7 // 2?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f) % s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f) % s,
        ),
    ),
    "stride_multiplied": Misconception(
        "multiplies by the stride in place of dividing",
        "Do longer hops lead to more places, or to fewer?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f) * s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) * s,
        ),
    ),
    "stride_subtracted": Misconception(
        "subtracts the stride in place of dividing by it",
        "How many hops of 2 fit into 6 pixels? Which calculation is that?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f - s + 1,
            lambda n, f, s=1, p=0: n + 2 * p - f - s,
        ),
    ),
    "kernel_added": Misconception(
        "adds the kernel to the side in place of taking it away",
        "Has a larger kernel more places on a side, or fewer?",
        lambda n, f, s=1, p=0: (n + 2 * p + f) // s + 1,
    ),
    "padding_once": Misconception(
        "counts the padding once, or adds 2 in place of doubling it",
        _BOTH_ENDS,
        (
            lambda n, f, s=1, p=0: (n + p - f) // s + 1,
            lambda n, f, s=1, p=0: (n + p - f) / s + 1,
            lambda n, f, s=1, p=0: (n + 2 + p - f) // s + 1,
        ),
    ),
    "padding_added_to_the_places": Misconception(
        "adds the padding to the number of places, not to the side",
        "Do two zeros more at each end of the side make two places more, if the stride is 2?",
        (
            lambda n, f, s=1, p=0: (n - f) // s + 1 + 2 * p,
            lambda n, f, s=1, p=0: (n - f) // s + 1 + p,
            lambda n, f, s=1, p=0: (n - f + 2 * p) // s + p,
        ),
    ),
    "padding_of_its_own": Misconception(
        "takes the padding that keeps the size at stride 1, whatever the padding is",
        "How many zeros are asked for? It may be none.",
        (
            lambda n, f, s=1, p=0: (n + 2 * (f // 2) - f) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * ((f - 1) // 2) - f) // s + 1,
        ),
    ),
    "padding_four_times": Misconception(
        "adds the padding four times, as if all four sides counted for one direction",
        _BOTH_ENDS,
        lambda n, f, s=1, p=0: (n + 4 * p - f) // s + 1,
    ),
    "padding_subtracted": Misconception(
        "takes the padding away from the side",
        "Does a frame leave the kernel more places, or fewer?",
        lambda n, f, s=1, p=0: (n - 2 * p - f) // s + 1,
    ),
    "places_at_the_end_counted": Misconception(
        "counts every place that begins on the framed side, even where the kernel hangs over",
        "In a side of 3, can a kernel of 3 begin at the last pixel?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - 1) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p) // s,
            lambda n, f, s=1, p=0: (n + 2 * p) // s + 1,
        ),
    ),
    "same_rule": Misconception(
        "gives the size of same padding, whatever the padding and the kernel are",
        "That is a rule of one library for one kind of padding. Here the padding is given.",
        lambda n, f, s=1, p=0: math.ceil(n / s),
    ),
    "side_divided_only": Misconception(
        "divides the side by the stride and looks at neither the kernel nor the padding",
        "A kernel of 1 and a kernel as long as the side: have they equally many places?",
        (
            lambda n, f, s=1, p=0: n // s,
            lambda n, f, s=1, p=0: n / s,
            lambda n, f, s=1, p=0: n // s + 1,
        ),
    ),
    "hops_of_the_kernel": Misconception(
        "hops by the size of the kernel in place of the stride",
        "How far apart do two neighbouring places begin?",
        lambda n, f, s=1, p=0: (n + 2 * p) // f,
    ),
    "half_kernel_taken": Misconception(
        "takes only half the kernel away from the side, as if its middle had to fit and no more",
        _BY_HAND,
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f // 2) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 2 * (f // 2)) // s,
            lambda n, f, s=1, p=0: (n + 2 * p - 2 * (f // 2)) // s + 1,
        ),
    ),
}


def _framed_by(mode: str) -> Callable[[Array, int], Array]:
    def framed(image: Array, padding: int) -> Array:
        options: dict[str, Any] = {"mode": mode}
        return np.pad(image, padding, **options)

    return framed


def _put(image: Array, padding: int, top: int, left: int) -> Array:
    height, width = image.shape
    out = np.zeros((height + 2 * padding, width + 2 * padding))
    out[top : top + height, left : left + width] = image
    return out


def _minus_zero(image: Array, padding: int) -> Array:
    out = np.zeros([side + 2 * padding for side in image.shape])
    out[padding:-padding, padding:-padding] = image
    return out


def _filled(image: Array, padding: int, value: float) -> Array:
    """Return the image with a frame of one number."""
    out = np.full([side + 2 * padding for side in image.shape], float(value))
    out[padding : padding + image.shape[0], padding : padding + image.shape[1]] = image
    return out


def _written(image: Array, padding: int, part: tuple[slice, slice], more: int = 0) -> Array:
    """Return what a slice gives that ends at the sides of the small picture."""
    height, width = image.shape
    out = np.zeros((height + 2 * padding, width + 2 * padding))
    out[padding : height + more, padding : width + more] = image[part]
    return out


def _first_only(image: Array, padding: int, cells: tuple[slice, slice]) -> Array:
    """Return a frame with a part of the picture in its place."""
    part = np.zeros_like(image)
    part[cells] = image[cells]
    return np.pad(part, padding)


def _sides_swapped(image: Array, padding: int) -> Array:
    height, width = image.shape
    out = np.zeros((width + 2 * padding, height + 2 * padding))
    out[padding : padding + height, padding : padding + width] = image
    return out


def _moved_by_one(image: Array, padding: int) -> Array:
    """Return the image one pixel from the corner; without a frame there is no room for that."""
    if padding == 0:
        raise IndexError
    return _put(image, padding, 1, 1)


def _without_last(image: Array, padding: int, part: tuple[Any, ...]) -> Array:
    """Return the framed image with 0 in place of its last row, its last column, or both."""
    kept = np.zeros_like(image)
    kept[part] = image[part]
    return np.pad(kept, padding)


def _border_to_zero(image: Array, padding: int) -> Array:
    """Return the image with zeros written over its border, as slices that end at -padding do."""
    out = image.copy()
    out[:padding], out[-padding:], out[:, :padding], out[:, -padding:] = 0, 0, 0, 0
    return out


WRONG_PAD2D = {
    "last_pixels_left_out": Misconception(
        "leaves out the last row or column of the picture",
        "range(n) is 0 to n - 1 already. How many turns does range(n - 1) make?",
        (
            lambda image, padding: _without_last(image, padding, np.s_[:-1, :-1]),
            lambda image, padding: _without_last(image, padding, np.s_[:-1, :]),
            lambda image, padding: _without_last(image, padding, np.s_[:, :-1]),
        ),
    ),
    "picture_left_out": Misconception(
        "makes the frame and leaves the picture out",
        "The large picture is all zeros. Where are the pixels of the small one written into it?",
        (
            lambda image, padding: np.zeros([side + 2 * padding for side in image.shape]),
            lambda image, padding: np.zeros(image.shape),
        ),
    ),
    "slice_ends_early": Misconception(
        "ends its slice at the height and width of the small picture, where the padding is to be "
        "added",
        "The first row of the picture is row `padding` of the large one. Which one is the last?",
        (
            lambda image, padding: _written(image, padding, np.s_[:, :]),
            lambda image, padding: _written(image, padding, np.s_[:, :], 1),
            lambda image, padding: _written(image, padding, np.s_[padding:, padding:]),
            lambda image, padding: _written(
                image,
                padding,
                np.s_[: max(image.shape[0] - padding, 0), : max(image.shape[1] - padding, 0)],
            ),
        ),
    ),
    "bytes_overflow": Misconception(
        "stores its result in bytes, where there are no negative numbers and no fractions",
        "What type has the array into which you write? np.zeros makes floats if it is left alone.",
        lambda image, padding: np.pad(image.astype(np.uint8), padding),
    ),
    "stops_after_first": Misconception(
        "gives its result back after the first pixel or the first row",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        (
            lambda image, padding: _first_only(image, padding, np.s_[:1, :1]),
            lambda image, padding: _first_only(image, padding, np.s_[:1, :]),
        ),
    ),
    "moved_by_one": Misconception(
        "moves the picture by one pixel, however wide the frame is",
        "Which row of the large picture is the first row of the small one, if the padding is 2?",
        (
            lambda image, padding: _put(image, padding, 1, 1),
            _moved_by_one,
        ),
    ),
    "sides_swapped": Misconception(
        "takes the width for the height and the height for the width",
        "In image.shape, which of the two numbers counts the rows?",
        (_sides_swapped, lambda image, padding: np.pad(image.T, padding)),
    ),
    "frame_of_another_number": Misconception(
        "fills the frame with another number than 0",
        "Which number adds nothing to a sum of products?",
        (
            lambda image, padding: _filled(image, padding, 255),
            lambda image, padding: _filled(image, padding, -1),
            lambda image, padding: _filled(image, padding, 0.5),
            lambda image, padding: _filled(image, padding, image.mean()),
            lambda image, padding: _filled(image, padding, image.max()),
            lambda image, padding: _filled(image, padding, image.min()),
            lambda image, padding: _filled(image, padding, image[0, 0]),
            lambda image, padding: _filled(image, padding, padding),
            lambda image, padding: _filled(image, padding, np.nan),
        ),
    ),
    "minus_zero": Misconception(
        "ends its slice at -padding, which is the very beginning where the padding is 0",
        "What does the slice 3:-1 leave out at the end? And what does 0:-0 leave over?",
        _minus_zero,
    ),
    "one_side_only": Misconception(
        "puts zeros at one end of the rows and columns only",
        "A ring goes all around. How many rows of zeros lie above the picture?",
        (
            lambda image, padding: np.pad(image, (0, padding)),
            lambda image, padding: np.pad(image, (padding, 0)),
        ),
    ),
    "one_direction_only": Misconception(
        "adds rows, or columns, but not both",
        "Look at the four sides of the result one after the other.",
        (
            lambda image, padding: np.pad(image, ((padding, padding), (0, 0))),
            lambda image, padding: np.pad(image, ((0, 0), (padding, padding))),
        ),
    ),
    "picture_in_a_corner": Misconception(
        "makes room for the frame and puts the picture into a corner",
        "Which row of the large picture is the first row of the small one?",
        (
            lambda image, padding: _put(image, padding, 0, 0),
            lambda image, padding: _put(image, padding, 2 * padding, 2 * padding),
        ),
    ),
    "frame_taken_for_both_ends": Misconception(
        "shares the padding out between the two ends, so that the frame is half as wide",
        "The padding says how many zeros lie at each end.",
        lambda image, padding: np.pad(image, (padding // 2, padding - padding // 2)),
    ),
    "one_ring_always": Misconception(
        "adds one ring, however many are asked for",
        "How wide is the frame for a padding of 2? And of 0?",
        lambda image, padding: np.pad(image, 1),
    ),
    "border_repeated": Misconception(
        "repeats the border of the picture in place of zeros",
        "That was lesson 04's frame. Which number does this exercise ask for?",
        _framed_by("edge"),
    ),
    "mirrored": Misconception(
        "mirrors the picture into the frame in place of zeros",
        "Which number does this exercise ask for in the frame?",
        (_framed_by("reflect"), _framed_by("symmetric")),
    ),
    "frame_of_ones": Misconception(
        "makes a frame of ones",
        "Which number adds nothing to a sum of products?",
        lambda image, padding: np.pad(image, padding, constant_values=1),
    ),
    "border_erased": Misconception(
        "writes zeros over the border of the picture in place of adding a frame",
        "No pixel should get lost. How large is the result?",
        (
            lambda image, padding: np.pad(
                image[padding : image.shape[0] - padding, padding : image.shape[1] - padding],
                padding,
            ),
            _border_to_zero,
        ),
    ),
}


def _map(image: Array, kernel: Array, padding: int = 0) -> Array:
    """Return the map of every place, by way of a frame of zeros."""
    return slide(np.pad(image, padding), kernel)


def _hops(
    image: Array, kernel: Array, stride: int, padding: int, first: tuple[int, int] = (0, 0)
) -> Array:
    return _map(image, kernel, padding)[first[0] :: stride, first[1] :: stride]


def _holes(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    every = _map(image, kernel, padding)
    out = np.zeros_like(every)
    out[::stride, ::stride] = every[::stride, ::stride]
    return out


def _hanging_over(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    ends = [
        (padding, padding + (f - n - 2 * padding) % stride)
        for n, f in zip(image.shape, kernel.shape, strict=True)
    ]
    return slide(np.pad(image, ends), kernel)[::stride, ::stride]


def _blocks(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the map cut short: the first values, as many as there should be."""
    every = _map(image, kernel, padding)
    return every[: -(-every.shape[0] // stride), : -(-every.shape[1] // stride)]


def _same_frame(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    ends = [((f - 1) // 2, f // 2) for f in kernel.shape]
    return slide(np.pad(image, ends), kernel)[::stride, ::stride]


def _hops_down(image: Array, kernel: Array, stride: int, padding: int, axis: int) -> Array:
    """Return a map of the right size, in which the kernel hops along one axis only."""
    every = _map(image, kernel, padding)
    rows, columns = (-(-n // stride) for n in every.shape)
    return every[::stride, :columns] if axis == 0 else every[:rows, ::stride]


def _last_empty(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    """Return the right map with 0 for the places at the very end."""
    every = _map(image, kernel, padding)
    every[-1], every[:, -1] = 0, 0
    return every[::stride, ::stride]


def _counted_unframed(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the map of the framed image for as many places as the image alone has."""
    rows, columns = (n - f + 1 for n, f in zip(image.shape, kernel.shape, strict=True))
    return _map(image, kernel, padding)[: max(rows, 0) : stride, : max(columns, 0) : stride]


def _steps_in_the_result(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    every = _map(image, kernel, padding)
    out = np.zeros_like(every[::stride, ::stride])
    out[::stride, ::stride] = every[: out.shape[0] : stride, : out.shape[1] : stride]
    return out


WRONG_CONV2D_STRIDED = {
    "counted_before_the_frame": Misconception(
        "counts the places in the image without its frame",
        "When does your code read image.shape: before the frame is there, or after?",
        _counted_unframed,
    ),
    "framed_twice": Misconception(
        "frames the image, and then the map as well",
        "How many times does your code use the padding? What should be framed?",
        lambda image, kernel, s=1, p=0: np.pad(_map(image, kernel, p)[::s, ::s], p),
    ),
    "stride_and_padding_ignored": Misconception(
        "does the same whatever stride and padding are",
        "Two of the four arguments have not been used yet. Where does each of them belong?",
        lambda image, kernel, s=1, p=0: slide(image, kernel),
    ),
    "frame_in_one_direction": Misconception(
        "adds rows of zeros, or columns, but not both",
        "Look at the four sides of the framed image one after the other.",
        (
            lambda image, kernel, s=1, p=0: slide(np.pad(image, ((p, p), (0, 0))), kernel)[
                ::s, ::s
            ],
            lambda image, kernel, s=1, p=0: slide(np.pad(image, ((0, 0), (p, p))), kernel)[
                ::s, ::s
            ],
        ),
    ),
    "summed_apart": Misconception(
        "adds up patch and kernel on their own and multiplies the two sums",
        "Each cell of the patch meets its own weight. Which comes first, * or the sum?",
        lambda image, kernel, s=1, p=0: (
            _map(image, np.ones_like(kernel), p)[::s, ::s] * kernel.sum()
        ),
    ),
    "pixels_left_out": Misconception(
        "leaves out pixels of the picture in place of places of the kernel",
        "Under one place of the kernel, do the pixels lie side by side, or are there gaps?",
        (
            lambda image, kernel, s=1, p=0: slide(np.pad(image, p)[::s, ::s], kernel),
            lambda image, kernel, s=1, p=0: slide(np.pad(image[::s, ::s], p), kernel),
        ),
    ),
    "hops_in_one_direction": Misconception(
        "hops in one direction and walks in the other",
        "The kernel hops to the right, and at the end of a row also down.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:, ::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[::s][::s],
            lambda image, kernel, s=1, p=0: _hops_down(image, kernel, s, p, 0),
            lambda image, kernel, s=1, p=0: _hops_down(image, kernel, s, p, 1),
        ),
    ),
    "slice_without_a_step": Misconception(
        "cuts a piece out of the map in place of taking every stride-th row and column",
        "A slice is start:stop:step. At which of the three places does your stride stand?",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:s, :s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[s:, s:],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:-s, :-s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[s - 1 :, s - 1 :],
        ),
    ),
    "last_place_missed": Misconception(
        "misses the place at the very end, where the kernel just fits",
        "A side of 5, a kernel of 3: may the kernel begin at pixel 2? range(n) ends at n - 1.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:-1:s, :-1:s],
            lambda image, kernel, s=1, p=0: _last_empty(image, kernel, s, p),
        ),
    ),
    "result_filled_in_steps": Misconception(
        "goes through its result in steps of the stride, so that places of it stay 0",
        "Index of the result, index of the picture: which of the two grows by the stride?",
        _steps_in_the_result,
    ),
    "one_long_row": Misconception(
        "takes every stride-th value of the map read as one long row",
        "Which rows are left, and which columns? The map has two axes, and each has its hops.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p).ravel()[::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p).ravel()[:: s * s],
        ),
    ),
    "kernel_left_out_in_parts": Misconception(
        "leaves out cells of the kernel in place of places",
        "At one place, does every cell of the kernel meet a pixel?",
        lambda image, kernel, s=1, p=0: _map(image, kernel[::s, ::s], p),
    ),
    "hopped_twice": Misconception(
        "hops twice: it leaves out pixels, and then places as well",
        "Where is the stride used in your code, and how often?",
        (
            lambda image, kernel, s=1, p=0: slide(np.pad(image, p)[::s, ::s], kernel)[::s, ::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:: s * s, :: s * s],
        ),
    ),
    "map_cut_short": Misconception(
        "makes a map of the right size and fills it with neighbouring places, as if the stride "
        "were 1",
        "Where does the kernel stand for the second value: at pixel 1, or at pixel stride?",
        _blocks,
    ),
    "holes": Misconception(
        "keeps the size of the map at stride 1, with zeros where the kernel does not stand",
        "Where the kernel does not stand there is no value. How large is the map?",
        _holes,
    ),
    "starts_late": Misconception(
        "makes its first hop before the first value",
        "Where does the kernel stand for the value in row 0 and column 0?",
        (
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (s - 1, s - 1)),
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (1, 1)),
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (s, s)),
        ),
    ),
    "hangs_over": Misconception(
        "adds a last place that hangs over the end",
        "What is done with a last hop for which there is no room?",
        _hanging_over,
    ),
    "map_framed": Misconception(
        "puts the frame around the map in place of the picture",
        "What does the kernel meet at the border: the frame, or nothing?",
        (
            lambda image, kernel, s=1, p=0: np.pad(slide(image, kernel)[::s, ::s], p),
            lambda image, kernel, s=1, p=0: np.pad(slide(image, kernel), p)[::s, ::s],
        ),
    ),
    "border_repeated": Misconception(
        "fills the frame with the border of the picture in place of zeros",
        "Which numbers does your pad2d write into the frame?",
        lambda image, kernel, s=1, p=0: slide(np.pad(image, p, mode="edge"), kernel)[::s, ::s],
    ),
    "frame_at_one_end": Misconception(
        "frames the picture at one end only",
        "At how many ends of a row does the frame lie?",
        (
            lambda image, kernel, s=1, p=0: slide(np.pad(image, (0, p)), kernel)[::s, ::s],
            lambda image, kernel, s=1, p=0: slide(np.pad(image, (p, 0)), kernel)[::s, ::s],
        ),
    ),
    "frame_of_its_own": Misconception(
        "takes the frame that keeps the size, whatever the padding is",
        "How many rings of zeros are asked for? It may be none.",
        _same_frame,
    ),
    "kernel_flipped": Misconception(
        "turns the kernel by half a turn",
        "Here, as in PyTorch and Keras, the kernel is laid on the image as it is.",
        lambda image, kernel, s=1, p=0: _map(image, kernel[::-1, ::-1], p)[::s, ::s],
    ),
    "stride_of_the_kernel": Misconception(
        "hops by the size of the kernel in place of the stride",
        "How far apart do two neighbouring places begin?",
        lambda image, kernel, s=1, p=0: _map(image, kernel, p)[
            :: kernel.shape[0], :: kernel.shape[1]
        ],
    ),
}
