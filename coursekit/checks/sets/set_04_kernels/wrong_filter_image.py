"""Wrong ideas about filtering an image, each with an implementation that holds it."""

from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
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


WRONG_FILTER_IMAGE = {
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
        lambda image, kernel: _stretched(filtered(image, kernel)),
    ),
}


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
