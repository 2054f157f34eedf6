"""Wrong ideas about filtering an image, each with an implementation that holds it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Case, Misconception
from coursekit.checks.sets.sliding import slide, windows


def filtered(image: Array, kernel: Array, mode: str = "edge") -> Array:
    """Return the filtered image before rounding and clipping, with its border filled by `mode`."""
    width = [(side // 2, side // 2) for side in kernel.shape]
    options: dict[str, Any] = {"mode": mode}
    return slide(np.pad(image.astype(np.float64), width, **options), kernel)


def products(image: Array, kernel: Array) -> Array:
    """Return what is added up for each pixel."""
    width = [(side // 2, side // 2) for side in kernel.shape]
    return windows(np.pad(image.astype(np.float64), width, mode="edge"), kernel.shape) * kernel


def clipped(image: Array, kernel: Array, mode: str = "edge") -> Array:
    """Return what `filter_image` computes, before rounding."""
    return np.clip(filtered(image, kernel, mode), 0, 255)


_BORDER = "Which value should a place outside the image have: 0, or that of the nearest pixel?"


def _other_weights(cases: Sequence[Case]) -> bool:
    """Say whether other weights than the kernel's give these pictures, rounded and clipped."""
    told = 0
    for (image, kernel), expected, got in cases:
        if got is None or got.shape != expected.shape or not np.isfinite(got).all():
            return False
        frame = np.pad(image.astype(np.float64), _halves(kernel), mode="edge")
        rows = windows(frame, kernel.shape).reshape(-1, kernel.size)
        wanted = np.ravel(got).astype(float)
        inside = (wanted > 0) & (wanted < 255)
        found, *_ = np.linalg.lstsq(rows[inside], wanted[inside], rcond=None)
        if np.abs(np.clip(rows @ found, 0, 255) - wanted)[inside].max(initial=0) > 1:
            return False
        told += int(inside.sum()) > 2 * kernel.size
    return told >= 5


WRONG_FILTER_IMAGE = {
    "other_weights": Misconception(
        "computes with other weights than those of the kernel",
        "Which weight meets which pixel, and is anything else added? Try the kernel 0 1 0.",
        pattern=_other_weights,
    ),
    "rounded_up": Misconception(
        "rounds up in place of rounding to the nearest whole number",
        "What should become of 99.1?",
        lambda image, kernel: np.ceil(clipped(image, kernel)),
    ),
    "clipped_elsewhere": Misconception(
        "cuts the values off at other bounds than 0 and 255",
        "Which is the smallest number that a byte can hold, and which is the largest?",
        (
            lambda image, kernel: np.clip(np.rint(filtered(image, kernel)), 0, 1),
            lambda image, kernel: np.clip(np.rint(filtered(image, kernel)), 1, 255),
            lambda image, kernel: np.clip(np.rint(filtered(image, kernel)), 0, 254),
            lambda image, kernel: np.clip(np.rint(filtered(image, kernel)), 0, 256) % 256,
            lambda image, kernel: np.clip(np.rint(filtered(image, kernel)), 0, 128),
        ),
    ),
    "not_clipped": Misconception(
        "does not cut values below 0 and above 255 off",
        "Which numbers can a pixel have? What becomes of -40, and what of 300?",
        (
            lambda image, kernel: np.rint(filtered(image, kernel)),
            lambda image, kernel: np.trunc(filtered(image, kernel)),
            filtered,
        ),
    ),
    "kernel_flipped": Misconception(
        "turns the kernel by half a turn",
        "Here the kernel is laid on the image as it is.",
        lambda image, kernel: clipped(image, kernel[::-1, ::-1]),
    ),
    "kernel_transposed": Misconception(
        "swaps the rows and columns of the kernel",
        "Which index of the kernel belongs to rows?",
        lambda image, kernel: clipped(image, kernel.T),
    ),
    "zero_border": Misconception(
        "takes 0 for pixels outside the image, which darkens the border",
        _BORDER,
        lambda image, kernel: clipped(image, kernel, "constant"),
    ),
    "mirrored_border": Misconception(
        "mirrors the image at its border in place of repeating the border pixels",
        _BORDER,
        (
            lambda image, kernel: clipped(image, kernel, "reflect"),
            lambda image, kernel: clipped(image, kernel, "symmetric"),
        ),
    ),
    "wrapped_border": Misconception(
        "goes on at the opposite side of the image",
        _BORDER,
        lambda image, kernel: clipped(image, kernel, "wrap"),
    ),
    "other_border": Misconception(
        "takes one grey for all pixels outside the image",
        _BORDER,
        tuple(
            lambda image, kernel, grey=grey: np.clip(
                _padded(image, kernel, _halves(kernel), constant_values=grey(image)), 0, 255
            )
            for grey in (
                lambda image: 255,
                lambda image: 128,
                lambda image: 127,
                lambda image: 1,
                lambda image: image.mean(),
                lambda image: image.max(),
                lambda image: image.min(),
                lambda image: image[0, 0],
            )
        )
        + tuple(
            lambda image, kernel, mode=mode: clipped(image, kernel, mode)
            for mode in ("mean", "maximum", "minimum", "median", "linear_ramp")
        ),
    ),
    "result_padded": Misconception(
        "fills up the border of the result in place of that of the image",
        "A pixel at the border gets a value from its neighbours, too. What has to be larger before "
        "the kernel slides: the image or the result?",
        (
            *(
                lambda image, kernel, mode=mode, rounded=rounded: np.pad(
                    rounded(np.clip(_inside(image, kernel), 0, 255)), _halves(kernel), mode=mode
                )
                for mode in ("edge", "constant", "reflect", "symmetric", "wrap")
                for rounded in (np.array, np.rint)
            ),
            *(
                lambda image, kernel, lists=lists: np.pad(
                    np.clip(_inside_or_empty(image, kernel, lists), 0, 255), _halves(kernel)
                )
                for lists in (False, True)
            ),
        ),
        hint="np.pad comes first, on the image; then the kernel slides over what is larger now.",
    ),
    "padded_on_one_side": Misconception(
        "pads on one side only, so that the picture moves",
        "A 3 x 3 kernel reaches one pixel beyond the border, on which sides?",
        tuple(
            lambda image, kernel, mode=mode, late=late: np.clip(
                _padded(image, kernel, _one_side(kernel, late), mode=mode), 0, 255
            )
            for mode in ("edge", "constant")
            for late in (True, False)
        ),
    ),
    "padded_alike": Misconception(
        "pads rows and columns by the same number, or one of them by what the other needs",
        "Take a kernel of 1 x 3. How many rows are missing above the image, how many columns left "
        "of it?",
        tuple(
            lambda image, kernel, mode=mode, sides=sides: np.clip(
                _padded(image, kernel, sides(*kernel.shape), mode=mode), 0, 255
            )
            for mode in ("edge", "constant")
            for sides in (
                lambda m, n: [(n // 2, n // 2), (m // 2, m // 2)],
                lambda m, n: [(m // 2, m // 2), (m // 2, m // 2)],
                lambda m, n: [(n // 2, n // 2), (n // 2, n // 2)],
                lambda m, n: [(m // 2, m // 2), (0, 0)],
                lambda m, n: [(0, 0), (n // 2, n // 2)],
            )
        ),
    ),
    "padded_too_much": Misconception(
        "pads by the whole side of the kernel, or by one less, in place of half of it",
        "With its middle on the first pixel, by how many rows does a kernel of 3 x 3 hang over?",
        tuple(
            lambda image, kernel, mode=mode, less=less: np.clip(
                _padded(image, kernel, [(s - less, s - less) for s in kernel.shape], mode=mode),
                0,
                255,
            )
            for mode in ("edge", "constant")
            for less in (0, 1)
        ),
    ),
    "weights_outside_left_out": Misconception(
        "leaves out what lies outside the image and divides by the sum of the other weights",
        _BORDER,
        lambda image, kernel: np.clip(
            _shared(
                filtered(image, kernel, "constant"),
                filtered(np.ones(image.shape), kernel, "constant"),
            ),
            0,
            255,
        ),
    ),
    "multiplied_by_number": Misconception(
        "divides or multiplies its sums by a fixed number",
        "The kernel is to be used as it is. Which kernels would need that number?",
        tuple(
            lambda image, kernel, by=by: np.clip(filtered(image, kernel) / by, 0, 255)
            for by in (2, 3, 4, 8, 9, 10, 16, 25, 255, 256, 0.5, 1 / 255)
        ),
    ),
    "inverted": Misconception(
        "gives the negative of the picture: 255 less every value",
        "Which grey should a white area have after a blur?",
        lambda image, kernel: 255 - clipped(image, kernel),
    ),
    "valid_size": Misconception(
        "leaves out the border, so the result is smaller than the image",
        "The result should have the size of the image. What is missing at its border?",
        lambda image, kernel: np.clip(slide(image.astype(float), kernel), 0, 255),
    ),
    "border_untouched": Misconception(
        "filters the inside only and leaves the border as it was, or black",
        "Every pixel gets a new value, those at the border, too.",
        tuple(
            (lambda image, kernel, keep=keep: _inside_only(image, kernel, keep))
            for keep in (True, False)
        ),
    ),
    "bytes_wrap": Misconception(
        "lets values below 0 or above 255 wrap around, as bytes do",
        "What does a byte make of 256? And what should a pixel brighter than white become?",
        (
            lambda image, kernel: np.rint(filtered(image, kernel)) % 256,
            lambda image, kernel: np.floor(filtered(image, kernel) + 0.5) % 256,
            lambda image, kernel: np.trunc(filtered(image, kernel)) % 256,
        ),
    ),
    "one_sided_clip": Misconception(
        "cuts values off at one end only: below 0 or above 255 they still wrap around",
        "What becomes of -40, and what of 300? Try both.",
        (
            lambda image, kernel: np.rint(np.minimum(filtered(image, kernel), 255)) % 256,
            lambda image, kernel: np.rint(np.maximum(filtered(image, kernel), 0)) % 256,
        ),
        hint="np.clip(values, 0, 255) cuts at both ends, before the type becomes uint8.",
    ),
    "fixed_three": Misconception(
        "takes every kernel to be 3 x 3: it adds one row and one column at each side",
        "How many rows does a kernel of 5 need beyond the border? And one of 1?",
        (
            lambda image, kernel: np.clip(_padded_by_one(image, kernel), 0, 255),
            lambda image, kernel: np.clip(_padded_by_one(image, kernel, "constant"), 0, 255),
        ),
        hint="kernel.shape[0] // 2 rows are needed above and below, kernel.shape[1] // 2 columns "
        "left and right.",
    ),
    "decimals_cut": Misconception(
        "cuts the decimals off in place of rounding",
        "What does astype(np.uint8) make of 99.9?",
        lambda image, kernel: np.trunc(clipped(image, kernel)),
    ),
    "sign_lost": Misconception(
        "takes away the sign of negative values in place of making them black",
        "Below black there is nothing darker. What does clipping make of -40?",
        lambda image, kernel: np.minimum(np.abs(filtered(image, kernel)), 255),
    ),
    "kernel_normalized": Misconception(
        "divides by the sum of the kernel",
        "The kernel is to be used as it is.",
        lambda image, kernel: np.clip(filtered(image, kernel) / (kernel.sum() or 1), 0, 255),
    ),
    "stretched": Misconception(
        "stretches the result over the whole range from 0 to 255",
        "Only values outside 0 to 255 change; all others stay as they are.",
        (
            lambda image, kernel: _stretched(filtered(image, kernel)),
            lambda image, kernel: np.trunc(_stretched(filtered(image, kernel))),
            lambda image, kernel: np.clip(
                255 * filtered(image, kernel) / (filtered(image, kernel).max() or 1), 0, 255
            ),
        ),
    ),
}


def _inside(image: Array, kernel: Array) -> Array:
    return slide(image.astype(np.float64), kernel)


def _inside_or_empty(image: Array, kernel: Array, lists: bool) -> Array:
    """Return the sums inside; where the kernel is too large none, as of loops, or of lists."""
    sides = [max(n - s + 1, 0) for n, s in zip(image.shape, kernel.shape, strict=True)]
    if lists and not sides[0]:  # a list without rows does not know of columns
        raise ValueError
    return _inside(image, kernel) if all(sides) else np.zeros(sides)


def _halves(kernel: Array) -> list[tuple[int, int]]:
    return [(side // 2, side // 2) for side in kernel.shape]


def _one_side(kernel: Array, late: bool) -> list[tuple[int, int]]:
    return [(0, side - 1) if late else (side - 1, 0) for side in kernel.shape]


def _padded(image: Array, kernel: Array, widths: list[tuple[int, int]], **options: Any) -> Array:
    """Return the sums over an image with a border of these widths."""
    return slide(np.pad(image.astype(np.float64), widths, **options), kernel)


def _shared(sums: Array, weights: Array) -> Array:
    """Return the sums divided by the weights, where these are not 0."""
    return sums / np.where(weights == 0, 1, weights)


def _padded_by_one(image: Array, kernel: Array, mode: str = "edge") -> Array:
    options: dict[str, Any] = {"mode": mode}
    return slide(np.pad(image.astype(np.float64), 1, **options), kernel)


def _inside_only(image: Array, kernel: Array, keep: bool) -> Array:
    m, n = (side // 2 for side in kernel.shape)
    out = image.astype(float) if keep else np.zeros(image.shape)
    if image.shape[0] > 2 * m and image.shape[1] > 2 * n:
        inside = np.clip(slide(image.astype(float), kernel), 0, 255)
        out[m : image.shape[0] - m, n : image.shape[1] - n] = inside
    return out


def _stretched(values: Array) -> Array:
    scaled: Array = (values - values.min()) / (values.max() - values.min() or 1) * 255
    return scaled
