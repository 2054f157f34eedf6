"""Wrong ideas about how many bytes an image takes, each with an implementation that holds it."""

import math
from collections.abc import Callable, Sequence

from coursekit.checks.engine.spec import Case, Misconception


def _all_given(wrong: Callable[[int, int, int, int], float]) -> Callable[..., float]:
    """Return a wrong implementation that has the same defaults as the right one."""
    return lambda height, width, channels=1, bits=8: wrong(height, width, channels, bits)


def _in_units(unit: int, rounded: Callable[[float], float]) -> Callable[..., float]:
    return _all_given(lambda h, w, c, b: rounded(h * w * c * b / 8 / unit))


def _used_otherwise(place: int | None) -> Callable[[Sequence[Case]], bool]:
    """Return whether an answer is off by a factor that one argument decides, but for rounding.

    None stands for one factor for all.
    """

    def shows(cases: Sequence[Case]) -> bool:
        lowest: dict[int, float] = {}
        highest: dict[int, float] = {}
        for given, _, got in cases:
            if got is None or got.size != 1 or not math.isfinite(float(got)):
                return False
            args = (*given, 1, 8)[:4] if len(given) == 2 else (*given, 8)[:4]
            exact, key = math.prod(args) / 8, 0 if place is None else args[place]
            lowest[key] = max(lowest.get(key, -math.inf), (float(got) - 1) / exact)
            highest[key] = min(highest.get(key, math.inf), (float(got) + 1) / exact)
        # Only images of many bytes bound the factor closely.
        sure = [key for key in lowest if highest[key] - lowest[key] < 0.1]
        several = len(sure) >= (1 if place is None else 3)
        return several and all(lowest[key] <= highest[key] for key in lowest)

    return shows


def _other_use(place: int, name: str) -> Misconception:
    return Misconception(
        f"uses `{name}` in another way than it should; the other numbers are right",
        f"What becomes of the bytes when `{name}` is twice as large?",
        pattern=_used_otherwise(place),
    )


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
    "larger_unit": Misconception(
        "gives kilobytes or megabytes in place of bytes",
        "One pixel of 8 bits is one byte. What does yours give for it?",
        tuple(
            _in_units(unit, up)
            for unit in (1000, 1024, 1000**2, 1024**2)
            for up in (math.ceil, float, math.floor, round)
        ),
    ),
    "divided_by_eight_twice": Misconception(
        "divides by 8 twice",
        "How many bits make a byte, and in which step do you count that?",
        (
            _all_given(lambda h, w, c, b: -(-h * w * c * b // 64)),
            _all_given(lambda h, w, c, b: h * w * c * b // 64),
            _all_given(lambda h, w, c, b: h * w * c * b / 64),
        ),
    ),
    "remainder_misread": Misconception(
        "adds the wrong number of bytes for the bits that are left over",
        "Nine bits: how many whole bytes, and how many bits are left? How many bytes hold those?",
        (
            _all_given(lambda h, w, c, b: h * w * c * b // 8 + h * w * c * b % 8),
            _all_given(lambda h, w, c, b: h * w * c * b // 8 + (h * w * c * b % 8 == 0)),
        ),
    ),
    "each_column_rounded": Misconception(
        "rounds up for every column on its own",
        "The end of one column and the start of the next can share a byte. When do you round?",
        _all_given(lambda h, w, c, b: w * -(-h * c * b // 8)),
    ),
    "rounded_otherwise_or_scaled": Misconception(
        "rounds in another way, or divides by another number than 8",
        "How many bits make a byte? And nine bits: how many bytes do they need?",
        pattern=_used_otherwise(None),
    ),
    **{
        f"{name}_used_otherwise": _other_use(place, name)
        for place, name in enumerate(("height", "width", "channels", "bits"))
        if place >= 2
    },
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
        "rounds for every pixel on its own",
        "Pixels can share a byte. When should you round, and which way?",
        (
            _all_given(lambda h, w, c, b: h * w * -(-c * b // 8)),
            _all_given(lambda h, w, c, b: h * w * (c * b // 8)),
        ),
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
