"""Wrong ideas about images as arrays, each with an implementation that holds it."""

import math
from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

WRONG_QUANTIZE = {
    "cut_off": Misconception(
        "cuts off every grey above the highest level",
        "256 greys, four levels: into which level do the greys from 64 to 127 go?",
        lambda image, levels: np.minimum(image.astype(int), levels - 1),
    ),
    "two_levels_always": Misconception(
        "tells only dark from bright, whatever `levels` says",
        "How many different numbers should come out for eight levels?",
        (
            lambda image, levels: image > 127,
            lambda image, levels: image > 128,
            lambda image, levels: image.astype(int) // 128 * (levels - 1),
        ),
    ),
    "divided_by_255_and_cut": Misconception(
        "divides by 255 in place of 256 and pulls white back, so that the levels differ in width",
        "How many different values can a byte have? Count the greys of each level, for 3 levels.",
        lambda image, levels: np.minimum(np.floor(image * (levels / 255.0) + 1e-9), levels - 1),
    ),
    "multiplied_by_width": Misconception(
        "multiplies by the width of a level in place of dividing by it",
        "256 greys, four levels: each is 64 greys wide. Which level is the grey 130 in?",
        (
            lambda image, levels: image.astype(int) * 256 // levels,
            lambda image, levels: image.astype(int) * (256 // levels),
            lambda image, levels: image * (256 / levels),
        ),
    ),
    "inverted": Misconception(
        "numbers the levels from white to black",
        "Which number should black get?",
        (
            lambda image, levels: levels - 1 - image.astype(int) * levels // 256,
            lambda image, levels: (255 - image.astype(int)) * levels // 256,
        ),
    ),
    "rounded": Misconception(
        "rounds to the nearest level in place of rounding down",
        "Four levels share 256 greys: which greys should become level 0?",
        (
            lambda image, levels: np.floor(image * (levels / 256) + 0.5),
            lambda image, levels: np.rint(image * (levels / 256)),
        ),
    ),
    "rounded_up": Misconception(
        "rounds up in place of down",
        "To which level does the darkest grey but black belong?",
        lambda image, levels: np.ceil(image * (levels / 256)),
    ),
    "one_level_less": Misconception(
        "multiplies by levels - 1, so that the highest level is hardly ever reached",
        "How many greys should end up in each level? Count them for two levels.",
        (
            lambda image, levels: np.floor(image * ((levels - 1) / 255)),
            lambda image, levels: np.floor(image * ((levels - 1) / 256)),
            lambda image, levels: np.floor(image / 255 * (levels - 1)),
        ),
    ),
    "one_level_less_rounded": Misconception(
        "multiplies by levels - 1 and rounds, so that the first and last level are half as wide",
        "How many greys should end up in each level? Count them for three levels.",
        (
            lambda image, levels: np.floor(image * ((levels - 1) / 255) + 0.5),
            lambda image, levels: np.floor(image * ((levels - 1) / 256) + 0.5),
            lambda image, levels: np.rint(image * ((levels - 1) / 255)),
        ),
    ),
    "not_rounded": Misconception(
        "does not round down, so that its levels are fractions",
        "Is there a level between 0 and 1? Which operator divides and rounds down in one step?",
        lambda image, levels: image * (levels / 256),
    ),
    "divided_by_255": Misconception(
        "divides by 255 in place of 256, so that white becomes a level too many",
        "How many different values can a byte have?",
        lambda image, levels: np.floor(image * (levels / 255.0) + 1e-9),
    ),
    "grey_values": Misconception(
        "gives grey values in place of level numbers",
        "The result should be 0, 1, 2 up to levels - 1: which level, not how bright it is.",
        tuple(
            (lambda image, levels, f=f, level=level: f(level(image, levels), 256 / levels))
            for level in (
                lambda image, levels: np.floor(image * (levels / 256.0)),
                lambda image, levels: image // (256 / levels),
                lambda image, levels: image // np.float64(256 // levels),
            )
            for f in (
                lambda level, width: np.floor(level * width),
                lambda level, width: level * width,
                lambda level, width: np.floor((level + 0.5) * width),
                lambda level, width: level * int(width),
            )
        ),
    ),
    "divided_by_levels": Misconception(
        "divides by the number of levels in place of the width of one",
        "256 greys, four levels: how wide is one level?",
        lambda image, levels: image // np.int64(levels),
    ),
    "remainder": Misconception(
        "takes the remainder, so that neighbouring greys fall into different levels",
        "Should 100 and 101 look alike afterwards? Division, whole part and remainder differ.",
        (
            lambda image, levels: image.astype(int) % levels,
            lambda image, levels: image.astype(int) * levels % 256,
            lambda image, levels: image.astype(int) % max(256 // levels, 1),
        ),
    ),
    "counts_from_one": Misconception(
        "numbers the levels from 1",
        "Which number should black get?",
        lambda image, levels: np.floor(image * (levels / 256)) + 1,
    ),
    "width_not_exact": Misconception(
        "divides by the width of a level as a fraction, which is not exact: 128 // 25.6 is 4.0",
        "A fraction such as 25.6 is stored a little too large or too small. Can you multiply "
        "first, and divide by 256 at the end?",
        lambda image, levels: image // (256 / levels),
    ),
    "whole_width": Misconception(
        "cuts the width of a level to a whole number, so that some greys get a level too many",
        "256 / 3 is no whole number. What does your highest level become for three levels?",
        lambda image, levels: image // np.int64(256 // levels),
    ),
    "whole_width_clipped": Misconception(
        "cuts the width of a level to a whole number, so that the last level is too wide",
        "256 / 3 is no whole number. Are the levels equally wide?",
        lambda image, levels: np.minimum(image // np.int64(256 // levels), levels - 1),
    ),
    "bytes_overflow": Misconception(
        "gives level 0 everywhere: it multiplies in bytes, where 200 * 2 is 144, or divides by 256 "
        "before it multiplies",
        "Which is the largest number that the type of the image holds? And what is 200 // 256?",
        lambda image, levels: np.zeros(image.shape),
    ),
    "stretched": Misconception(
        "takes the brightest pixel of the image for white",
        "The same grey should get the same level in every image.",
        (
            lambda image, levels: np.floor(image * (levels / (image.max() + 1.0))),
            lambda image, levels: np.minimum(
                np.floor(image / max(image.max(), 1) * levels), levels - 1
            ),
        ),
    ),
}


def _blocks(image: Array, step: int) -> Array:
    """Return the mean of every block, cut off at the edges."""
    rows, columns = range(0, image.shape[0], step), range(0, image.shape[1], step)
    return np.array([[image[i : i + step, j : j + step].mean() for j in columns] for i in rows])


def _holes(image: Array, step: int) -> Array:
    kept = np.zeros_like(image)
    kept[::step, ::step] = image[::step, ::step]
    return kept


def _with_room(image: Array, step: int, more: int) -> Array:
    room = np.zeros([n // step + more for n in image.shape], dtype=image.dtype)
    kept = image[::step, ::step]
    room[: kept.shape[0], : kept.shape[1]] = kept
    return room


WRONG_SAMPLE = {
    "one_long_row": Misconception(
        "takes every step-th pixel of the image read as one long row",
        "The result is an image again. Which rows are left of it, and which columns?",
        (
            lambda image, step: image.ravel()[::step].copy(),
            lambda image, step: image.ravel()[:: step * step].copy(),
        ),
    ),
    "values_divided": Misconception(
        "divides the grey values by the step",
        "Should the pixels that are left become darker?",
        (
            lambda image, step: image[::step, ::step] / step,
            lambda image, step: image[::step, ::step] // step,
            lambda image, step: image / step,
            lambda image, step: image // step,
        ),
    ),
    "starts_late": Misconception(
        "begins at the last pixel of each block in place of the first",
        "With step 3, is the first row that is kept number 0 or number 2?",
        lambda image, step: image[step - 1 :: step, step - 1 :: step].copy(),
    ),
    "starts_at_one": Misconception(
        "begins with the second row and column",
        "Rows are counted from 0. Which is the first to be kept?",
        lambda image, step: image[1::step, 1::step].copy(),
    ),
    "rows_only": Misconception(
        "leaves out rows but keeps every column",
        "An image has two directions. What about the other one?",
        lambda image, step: image[::step].copy(),
    ),
    "columns_only": Misconception(
        "leaves out columns but keeps every row",
        "An image has two directions. What about the other one?",
        lambda image, step: image[:, ::step].copy(),
    ),
    "block_means": Misconception(
        "takes the mean of each block in place of one pixel of it",
        "Sampling looks at some pixels and never at the others.",
        (
            _blocks,
            lambda image, step: np.floor(_blocks(image, step)),
            lambda image, step: np.trunc(_blocks(image, step)),
        ),
    ),
    "step_ignored": Misconception(
        "takes the same rows and columns whatever `step` says",
        "Try it with step 3. Where does your function use its argument?",
        lambda image, step: image[::2, ::2].copy(),
    ),
    "rows_twice": Misconception(
        "leaves out rows twice and keeps every column",
        "A second pair of brackets slices the rows again. How is the other axis reached?",
        lambda image, step: image[::step][::step].copy(),
    ),
    "edge_left_out": Misconception(
        "leaves out the last row or column where the step does not divide the size",
        "Seven rows with step 3: rows 0, 3 and ...?",
        lambda image, step: image[
            : image.shape[0] // step * step : step, : image.shape[1] // step * step : step
        ].copy(),
    ),
    "one_too_many": Misconception(
        "makes room for a row and a column more than are left, and leaves 0 there",
        "Six rows with step 2: which ones are kept? What is 6 // 2 + 1?",
        lambda image, step: _with_room(image, step, 1),
        hint="With n rows and step s there are (n + s - 1) // s left: n / s, rounded up.",
    ),
    "corner_cut_out": Misconception(
        "cuts a piece out of the image in place of picking pixels from everywhere",
        "Should the result show a part of the picture, or all of it more coarsely?",
        (
            lambda image, step: image[: image.shape[0] // step, : image.shape[1] // step].copy(),
            lambda image, step: image[
                : -(-image.shape[0] // step), : -(-image.shape[1] // step)
            ].copy(),
            lambda image, step: image[:step, :step].copy(),
            lambda image, step: image[step:, step:].copy(),
            lambda image, step: image[:-step, :-step].copy(),
        ),
    ),
    "size_kept": Misconception(
        "keeps the size and puts 0 in place of the pixels left out",
        "How many rows should be left of 6 with step 2?",
        _holes,
    ),
    "pixels_repeated": Misconception(
        "makes every pixel larger in place of leaving some out",
        "Should the result be larger or smaller than the image?",
        lambda image, step: np.repeat(np.repeat(image, step, axis=0), step, axis=1),
    ),
    "not_a_copy": Misconception(
        "gives a view of the image, which changes when the image does",
        "A slice of an array looks into the same memory. How do you get numbers of your own?",
        lambda image, step: image[::step, ::step],
    ),
    "step_plus_one": Misconception(
        "leaves out `step` rows between two that are kept",
        "With step 1 every row is kept. What does yours do?",
        lambda image, step: image[:: step + 1, :: step + 1].copy(),
    ),
}


def _all_given(wrong: Callable[[int, int, int, int], float]) -> Callable[..., float]:
    """Return a wrong implementation that has the same defaults as the right one."""
    return lambda height, width, channels=1, bits=8: wrong(height, width, channels, bits)


WRONG_STORAGE_BYTES = {
    "channels_and_bits_forgotten": Misconception(
        "counts the pixels and nothing else",
        "How many numbers does a pixel have, and how many bits does each of them take?",
        _all_given(lambda h, w, c, b: h * w),
    ),
    "divided_by_bits": Misconception(
        "divides by the bits of a value in place of multiplying by them",
        "Eight values of 2 bits each: how many bits are that in all?",
        (
            _all_given(lambda h, w, c, b: -(-h * w * c // b)),
            _all_given(lambda h, w, c, b: h * w * c // b),
            _all_given(lambda h, w, c, b: h * w * c / b),
        ),
    ),
    "levels_for_bits": Misconception(
        "counts how many values so many bits can tell apart, 2 ** bits, and not the bits",
        "A value of 8 bits can be one of 256. How many bits does it take up?",
        (
            _all_given(lambda h, w, c, b: -(-h * w * c * 2**b // 8)),
            _all_given(lambda h, w, c, b: h * w * c * 2**b),
        ),
    ),
    "rounded_too_early": Misconception(
        "rounds up before everything is multiplied",
        "Nine pixels of one bit: how many bytes? And three channels of them? When do you round?",
        (
            _all_given(lambda h, w, c, b: c * -(-h * w * b // 8)),
            _all_given(lambda h, w, c, b: b * c * -(-h * w // 8)),
            _all_given(lambda h, w, c, b: b * -(-h * w * c // 8)),
        ),
    ),
    "rounded_down": Misconception(
        "rounds down, so that the last few bits have no place",
        "Nine bits: how many bytes do you need to keep them all?",
        _all_given(lambda h, w, c, b: h * w * c * b // 8),
    ),
    "not_rounded": Misconception(
        "gives a fraction of a byte",
        "Can a file be 1.125 bytes long?",
        _all_given(lambda h, w, c, b: h * w * c * b / 8),
    ),
    "rounded_to_nearest": Misconception(
        "rounds to the nearest whole number of bytes",
        "Nine bits: how many bytes do you need to keep them all?",
        (
            _all_given(lambda h, w, c, b: round(h * w * c * b / 8)),
            _all_given(lambda h, w, c, b: math.floor(h * w * c * b / 8 + 0.5)),
        ),
    ),
    "bits_not_bytes": Misconception(
        "gives bits in place of bytes",
        "How many bits make a byte?",
        (
            _all_given(lambda h, w, c, b: h * w * c * b),
            _all_given(lambda h, w, c, b: h * w * c * (b if b != 8 else 1)),
        ),
    ),
    "channels_forgotten": Misconception(
        "forgets the channels",
        "How many numbers does one pixel of a colour picture have?",
        (
            _all_given(lambda h, w, c, b: -(-h * w * b // 8)),
            _all_given(lambda h, w, c, b: h * w * b // 8),
            _all_given(lambda h, w, c, b: h * w * b / 8),
        ),
    ),
    "bits_forgotten": Misconception(
        "takes one byte for every value, whatever `bits` says",
        "A picture of pure black and white needs one bit a pixel.",
        _all_given(lambda h, w, c, b: h * w * c),
    ),
    "each_value_rounded": Misconception(
        "rounds up for every value on its own",
        "Eight values of one bit each can share a byte. When should you round?",
        _all_given(lambda h, w, c, b: h * w * c * -(-b // 8)),
    ),
    "each_value_rounded_down": Misconception(
        "rounds down for every value on its own, so that values of less than 8 bits take nothing",
        "How many bytes do eight values of one bit take? When should you round, and which way?",
        _all_given(lambda h, w, c, b: h * w * c * (b // 8)),
    ),
    "each_pixel_rounded": Misconception(
        "rounds up for every pixel on its own",
        "Pixels can share a byte. When should you round?",
        _all_given(lambda h, w, c, b: h * w * -(-c * b // 8)),
    ),
    "each_row_rounded": Misconception(
        "rounds up for every row on its own",
        "The end of one row and the start of the next can share a byte. When should you round?",
        _all_given(lambda h, w, c, b: h * -(-w * c * b // 8)),
    ),
    "always_one_more": Misconception(
        "adds a byte even where nothing is left over",
        "Sixteen bits fill two bytes exactly. What does yours give?",
        _all_given(lambda h, w, c, b: h * w * c * b // 8 + 1),
    ),
    "channels_and_bits_added": Misconception(
        "adds channels and bits in place of multiplying them",
        "A colour pixel has three numbers of 8 bits each: how many bits are that?",
        (
            _all_given(lambda h, w, c, b: -(-h * w * (c + b) // 8)),
            _all_given(lambda h, w, c, b: -(-(h * w * c + b) // 8)),
        ),
    ),
    "sides_added": Misconception(
        "adds height and width in place of multiplying them",
        "How many pixels has a picture of 2 rows and 10 columns?",
        (
            _all_given(lambda h, w, c, b: -(-(h + w) * c * b // 8)),
            _all_given(lambda h, w, c, b: -(-2 * (h + w) * c * b // 8)),
            _all_given(lambda h, w, c, b: (h + w) * c * b / 8),
            _all_given(lambda h, w, c, b: -(-(8 * (h + w + c) + b) // 8)),
        ),
    ),
}
