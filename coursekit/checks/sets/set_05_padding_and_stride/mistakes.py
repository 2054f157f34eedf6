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
            lambda n, f, s=1, p=0: n - f + 2 * p // s + 1,
        ),
    ),
    "padding_once": Misconception(
        "adds the padding at one end only",
        _BOTH_ENDS,
        lambda n, f, s=1, p=0: (n + p - f) // s + 1,
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
    "half_kernel_taken": Misconception(
        "takes only half the kernel away from the side, as if its middle had to fit and no more",
        _BY_HAND,
        lambda n, f, s=1, p=0: (n + 2 * p - f // 2) // s + 1,
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


WRONG_PAD2D = {
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
        lambda image, padding: np.pad(
            image[padding : image.shape[0] - padding, padding : image.shape[1] - padding], padding
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


WRONG_CONV2D_STRIDED = {
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
