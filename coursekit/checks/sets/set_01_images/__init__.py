"""Set 01: images as arrays of numbers."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Property
from coursekit.checks.sets.set_01_images.wrong_quantize import WRONG_QUANTIZE
from coursekit.checks.sets.set_01_images.wrong_sample import WRONG_SAMPLE
from coursekit.checks.sets.set_01_images.wrong_storage_bytes import WRONG_STORAGE_BYTES


def _bytes(pick: Pick) -> Array:
    return pick.array((pick.integer(1, 7), pick.integer(1, 7)), "bytes")


def _powers(pick: Pick) -> Args:
    return _bytes(pick), 2 ** pick.integer(1, 8)


def _any_number(pick: Pick) -> Args:
    """Draw numbers of levels that do not divide 256, even and odd ones."""
    levels = pick.integer(3, 255)
    return _bytes(pick), levels + (256 % levels == 0)


def _levels_fit(image: Array, levels: int) -> bool:
    return 2 <= levels <= 256


_GREYS = np.array([[0, 31, 32, 63], [64, 127, 128, 191], [192, 223, 254, 255]], np.uint8)


def _picture(pick: Pick) -> Args:
    return pick.array((pick.integer(1, 7), pick.integer(1, 7)), "bytes"), pick.integer(1, 4)


def _with_other(pick: Pick) -> Args:
    image, step = _picture(pick)
    other = pick.array(image.shape, "bytes")
    return image, step, np.where(other == image, image + 1, other)


_COUNTING = 10 * np.arange(1, 36).reshape(5, 7)  # some do not fit into bytes


def _sizes(pick: Pick) -> Args:
    return pick.integer(1, 40), pick.integer(1, 40), pick.choice([1, 1, 3, 4])


def _sizes_and_bits(pick: Pick) -> Args:
    bits = pick.choice([1, 2, 3, 4, 5, 7, 10, 12, 16])
    return pick.integer(1, 20), pick.integer(1, 20), pick.choice([1, 2, 3, 4]), bits


EXERCISES = (
    Exercise(
        name="quantize",
        parameters=("image", "levels"),
        oracle=scratch.quantize,
        valid=_levels_fit,
        returns="whole numbers",
        checks=(
            Check("2, 4, 8 ... 256 levels", 1.0, _powers, 30, ((_GREYS, 2), (_GREYS, 8))),
            Check(
                "numbers of levels that do not divide 256",
                1.0,
                _any_number,
                30,
                ((_GREYS, 3), (_GREYS, 5), (_GREYS, 10), (_GREYS, 20), (_GREYS, 40)),
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_QUANTIZE,
        properties=(
            Property("where levels divides 256", lambda image, levels: 256 % levels == 0),
            Property("with greys above 127", lambda image, levels: image.max() > 127),
        ),
        hints=(
            "Take 4 levels: each is 64 greys wide, so grey 200 lies in level 3. How do you get 3 "
            "out of 200 and 4? Try the same with 3 levels, where the width is no whole number.",
            "Multiply first, divide afterwards: 200 * 4 // 256 is 3. But the image holds bytes, "
            "which end at 255; astype gives it a type in which 200 * 4 has room.",
            "image.astype(np.int64) * levels holds every product; // 256 divides all of them at "
            "once, rounds down and keeps whole numbers.",
        ),
    ),
    Exercise(
        name="sample",
        parameters=("image", "step"),
        oracle=scratch.sample,
        valid=lambda image, step, other=None: (
            step >= 1 and (other is None or other.shape == image.shape)
        ),
        same_type=True,
        checks=(
            Check(
                "every step-th row and column",
                1.0,
                _picture,
                35,
                ((_COUNTING, 2), (_COUNTING, 3)),
                keeps_arguments=True,
            ),
            Check(
                "the result is a copy",
                1.0,
                _with_other,
                15,
                ((_COUNTING, 2, _COUNTING + 50),),
                probe="overwrite",
            ),
        ),
        misconceptions=WRONG_SAMPLE,
        hints=(
            "Draw a 5 x 7 grid on paper and tick what is kept with step 2, then with step 3. Which "
            "rows have a tick, and how many are there?",
            "A slice has three parts, start:stop:step, and an array takes one slice for each axis.",
            "Slice both axes from the start with the step; the result of a slice still shares its "
            "memory with the image, so ask it for a copy.",
        ),
    ),
    Exercise(
        name="storage_bytes",
        parameters=("height", "width", "channels", "bits"),
        oracle=scratch.storage_bytes,
        valid=lambda height, width, channels=1, bits=8: min(height, width, channels, bits) >= 1,
        checks=(
            Check("one byte a value", 0.5, _sizes, 20, ((9, 9), (9, 9, 3), (1080, 1920, 3))),
            Check(
                "any number of bits",
                1.5,
                _sizes_and_bits,
                40,
                ((3, 3, 1, 1), (4, 4, 1, 1), (5, 3, 3, 5), (1, 3, 1, 3)),
            ),
        ),
        misconceptions=WRONG_STORAGE_BYTES,
        properties=(
            Property("whose bits fill whole bytes", lambda h, w, c=1, b=8: h * w * c * b % 8 == 0),
        ),
        returns="a whole number",
        hints=(
            "Take 3 x 3 pixels of one bit: that is 9 bits. How many bytes hold 9 bits? And 16?",
            "Multiply all four numbers first: that counts bits. Only then come the bytes, and a "
            "byte that is begun counts whole.",
            "math.ceil(total / 8) rounds up; (total + 7) // 8 does the same without a float.",
        ),
    ),
)
