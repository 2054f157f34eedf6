"""Wrong ideas about quantization, each with an implementation that holds it."""

from collections.abc import Sequence

import numpy as np

from coursekit.checks.engine.spec import Case, Misconception


def _levels_of_greys(cases: Sequence[Case]) -> list[tuple[int, dict[int, float]]] | None:
    """Return what each grey became, image by image, with the levels; None where it varies."""
    found = []
    for (image, levels), expected, got in cases:
        if got is None or got.shape != expected.shape or not np.isfinite(got).all():
            return None
        became: dict[int, float] = {}
        for grey, level in zip(image.flat, got.flat, strict=True):
            if became.setdefault(int(grey), float(level)) != level:
                return None
        found.append((levels, became))
    return found


def _outside(cases: Sequence[Case]) -> bool:
    return any(
        min(became.values()) < 0 or max(became.values()) > levels - 1
        for levels, became in _levels_of_greys(cases) or []
    )


def _darker_above(cases: Sequence[Case]) -> bool:
    return any(
        np.any(np.diff([became[grey] for grey in sorted(became)]) < 0)
        for _, became in _levels_of_greys(cases) or []
    )


def _by_image(cases: Sequence[Case]) -> bool:
    """Say whether a grey gets different levels in different images."""
    known: dict[tuple[int, int], float] = {}
    return any(
        known.setdefault((levels, grey), level) != level
        for levels, became in _levels_of_greys(cases) or []
        for grey, level in became.items()
    )


def _other_widths(cases: Sequence[Case]) -> bool:
    return bool(_levels_of_greys(cases))


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
            lambda image, levels: image > image.mean(),
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
            lambda image, levels: np.rint(image / (256 / levels)),
            lambda image, levels: np.minimum(np.rint(image * (levels / 256)), levels - 1),
            lambda image, levels: np.minimum(np.rint(image / 255 * levels), levels - 1),
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
    "width_for_one_level_less": Misconception(
        "divides by the width that each of levels - 1 levels would have",
        "256 greys, four levels: how many greys wide is each of the four?",
        (
            lambda image, levels: image // np.int64(max(255 // (levels - 1), 1)),
            lambda image, levels: image // np.int64(256 // (levels - 1)),
            lambda image, levels: image // (256 / (levels - 1)),
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
        (
            *(
                lambda image, levels, f=f: f(
                    np.linspace(0, 255, levels)[image.astype(int) * levels // 256]
                )
                for f in (np.array, np.trunc, np.rint)
            ),
            lambda image, levels: (
                image // np.int64(256 // levels) * (256 // levels) + 256 // levels // 2
            ),
            *(
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
    ),
    "divided_by_levels": Misconception(
        "divides by the number of levels in place of the width of one",
        "256 greys, four levels: how wide is one level?",
        (
            lambda image, levels: image // np.int64(levels),
            lambda image, levels: np.minimum(image // np.int64(levels), levels - 1),
            lambda image, levels: image / levels,
        ),
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
        (
            lambda image, levels: np.floor(image * (levels / 256)) + 1,
            lambda image, levels: np.ceil((image + 1.0) * (levels / 256) - 1e-9),
            lambda image, levels: np.searchsorted(
                np.arange(levels) * 256 // levels, image, side="right"
            ),
        ),
    ),
    "boundary_below": Misconception(
        "puts a grey with which a level begins into the level below",
        "With four levels, is grey 64 the last one of level 0, or the first of level 1?",
        (
            lambda image, levels: np.maximum(np.ceil(image * (levels / 256)) - 1, 0),
            lambda image, levels: np.maximum(
                np.searchsorted(np.arange(levels) * 256 // levels, image) - 1, 0
            ),
        ),
    ),
    "powers_of_two_only": Misconception(
        "is right for 2, 4, 8 ... levels alone: it shifts bits, or counts them",
        "How many bits tell 3 levels apart, or 10? Does a formula with 256 and levels do without?",
        tuple(
            lambda image, levels, up=up: image >> max(8 - int(up(np.log2(levels))), 0)
            for up in (np.floor, np.ceil, np.rint)
        ),
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
        (
            lambda image, levels: image // np.int64(256 // levels),
            lambda image, levels: image // np.int64(255 // levels),
        ),
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
    "outside_the_levels": Misconception(
        "gives numbers below 0 or above levels - 1",
        "The darkest level is number 0. Which number should white get, of four levels?",
        pattern=_outside,
    ),
    "darker_above": Misconception(
        "gives a brighter pixel a lower level than a darker one",
        "Put the greys 0, 100 and 200 in, with four levels: do the levels grow with the greys?",
        pattern=_darker_above,
    ),
    "levels_by_image": Misconception(
        "gives the same grey different levels in different images",
        "The number of levels alone decides where one ends. What else of the image do you look at?",
        pattern=_by_image,
    ),
    "other_widths": Misconception(
        "lets its levels begin at other greys than it should",
        "Each of the levels is 256 / levels greys wide. With which grey does your level 1 begin?",
        pattern=_other_widths,
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
