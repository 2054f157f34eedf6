"""Wrong ideas about a frame of zeros, each with an implementation that holds it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception


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
