"""Wrong ideas about kernels and filtering, each with an implementation that holds it."""

from collections.abc import Callable
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


def _where_sum(otherwise: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return a normalisation that is right but for kernels whose sum is 0."""
    return lambda kernel: kernel / kernel.sum() if kernel.sum() != 0 else otherwise(kernel)


def _where_sum_whole(cut: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return a normalisation whose quotients are cut to whole numbers."""
    return lambda kernel: cut(kernel / kernel.sum()) if kernel.sum() != 0 else kernel


def _by(divisor: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """Return a normalisation by another divisor, unchanged where that is 0."""

    def divided(kernel: Array) -> Array:
        d = divisor(kernel)
        return kernel / np.where(d == 0, 1, d)

    return divided


_WHOLE = "Apply the result to a flat area of 100. Which grey comes out?"
_ZERO = "Division by 0 has no result. What should happen to a kernel whose sum is 0?"

WRONG_NORMALIZE = {
    "something_added_to_sum": Misconception(
        "adds a tiny number to the sum, so that a kernel whose sum is 0 gets huge values",
        _ZERO,
        tuple(
            lambda k, tiny=tiny: k / (k.sum() + tiny)
            for tiny in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
    ),
    "divided_by_fixed_number": Misconception(
        "divides by the same number whatever the kernel is",
        "That is right for one kernel only. " + _WHOLE,
        tuple(lambda k, by=by: k / by for by in (2, 3, 4, 8, 9, 10, 16, 25, 255)),
    ),
    "divided_by_mean": Misconception(
        "divides by the mean of the values",
        "What is the sum of your result, and what is its mean?",
        (_by(np.mean), lambda k: k / np.float64(k.mean())),
    ),
    "sign_of_sum_lost": Misconception(
        "divides by the sum without its sign",
        "What do the values add up to afterwards, if the sum was -4?",
        (_by(lambda k: np.abs(k.sum())), lambda k: k / np.abs(np.float64(k.sum()))),
    ),
    "wrong_way_round": Misconception(
        "multiplies by the sum, or divides the sum by the kernel",
        "Which is divided by which, so that the values add up to 1?",
        (
            lambda k: k * k.sum() if k.sum() != 0 else k,
            lambda k: k * k.sum(),
            lambda k: np.float64(k.sum()) / k if k.sum() != 0 else k,
            lambda k: np.float64(k.sum()) / k,
        ),
    ),
    "sum_returned": Misconception(
        "gives the sum in place of the kernel",
        "The result has as many values as the kernel. What is done with the sum?",
        lambda k: k.sum(),
    ),
    "looks_for_zeros": Misconception(
        "leaves a kernel unchanged if some value in it is 0, or only if all are",
        "A kernel of 1, 0, 1 holds a 0: what is its sum? Compare the sum with 0, not the kernel.",
        (
            lambda k: k if np.any(k == 0) else k / np.float64(k.sum()),
            lambda k: k if np.any(k == 0) or k.sum() == 0 else k / np.float64(k.sum()),
            lambda k: k / np.float64(k.sum()) if np.any(k) else k,
        ),
    ),
    "softmax": Misconception(
        "takes the exponentials of the values first, as softmax does",
        "Is anything but a division needed? What becomes of a 0 in the kernel?",
        lambda k: np.exp(k) / np.exp(k).sum(),
    ),
    "divided_by_max": Misconception(
        "divides by the largest value",
        _WHOLE,
        (
            _by(np.max),
            _by(lambda k: np.abs(k).max()),
            lambda k: k / np.float64(k.max()),
            lambda k: k / np.float64(np.abs(k).max()),
            lambda k: k / np.float64(k.max()) if k.sum() != 0 else k,
            lambda k: k / np.float64(np.abs(k).max()) if k.sum() != 0 else k,
        ),
    ),
    "divided_by_absolute_sum": Misconception(
        "divides by the sum without signs",
        "Which sum should be 1 afterwards: that of the values, or of their sizes?",
        (
            _by(lambda k: np.abs(k).sum()),
            lambda k: k / np.abs(k).sum() if k.sum() != 0 else k,
            lambda k: k / np.float64(np.abs(k).sum()),
        ),
    ),
    "divided_by_count": Misconception(
        "divides by the number of cells",
        "That is right only for a kernel of ones. " + _WHOLE,
        (lambda k: k / k.size, lambda k: k / k.size if k.sum() != 0 else k),
    ),
    "divided_by_length": Misconception(
        "divides by the root of the sum of squares",
        _WHOLE,
        (
            _by(lambda k: np.sqrt((k.astype(float) ** 2).sum())),
            lambda k: k / np.sqrt((k.astype(float) ** 2).sum()) if k.sum() != 0 else k,
            lambda k: k / np.sqrt((k.astype(float) ** 2).sum()),
        ),
    ),
    "each_line": Misconception(
        "divides every row or column by its own sum",
        "One sum belongs to the whole kernel. What does sum(axis=...) give?",
        (
            _by(lambda k: k.sum(axis=0, keepdims=True)),
            _by(lambda k: k.sum(axis=1, keepdims=True)),
            lambda k: k / k.astype(float).sum(axis=0, keepdims=True),
            lambda k: k / k.astype(float).sum(axis=1, keepdims=True),
        ),
    ),
    "standardized": Misconception(
        "subtracts the mean and divides by the standard deviation",
        "Nothing should be subtracted: a 0 in the kernel stays a 0.",
        (
            lambda k: (k - k.mean()) / k.std(),
            lambda k: (k - k.mean()) / (k.std() or 1),
        ),
    ),
    "stretched": Misconception(
        "stretches the values to the range from 0 to 1",
        "Nothing should be subtracted: a 0 in the kernel stays a 0.",
        (
            lambda k: (k - k.min()) / (k.max() - k.min() or 1),
            lambda k: (k - k.min()) / np.float64(k.max() - k.min()),
        ),
    ),
    "mean_removed": Misconception(
        "subtracts the mean",
        "Should the values add up to 0 or to 1?",
        lambda k: k - k.mean(),
    ),
    "zero_sum_divided": Misconception(
        "divides by the sum even where it is 0",
        _ZERO,
        lambda k: k / np.float64(k.sum()),
    ),
    "condition_inverted": Misconception(
        "divides where the sum is 0, and leaves all other kernels as they are",
        "Read your if aloud for a kernel whose sum is 9: which branch is taken?",
        lambda k: k / np.float64(k.sum()) if k.sum() == 0 else k,
    ),
    "decimals_lost": Misconception(
        "gives whole numbers where decimals belong",
        "What is 1 // 9, and what type has the array into which you write?",
        (
            _where_sum_whole(np.floor),
            _where_sum_whole(np.trunc),
            _where_sum_whole(np.rint),
        ),
    ),
    "zero_sum_to_zeros": Misconception(
        "gives zeros where the sum is 0",
        _ZERO,
        (_where_sum(np.zeros_like), _where_sum(lambda k: np.zeros(()))),
    ),
    "zero_sum_to_other": Misconception(
        "changes kernels whose sum is 0",
        _ZERO,
        (
            _where_sum(_by(lambda k: np.abs(k).sum())),
            _where_sum(lambda k: k / k.size),
            _where_sum(_by(lambda k: np.abs(k).max())),
            _where_sum(lambda k: np.ones(k.shape)),
            _where_sum(lambda k: np.full(k.shape, 1 / k.size)),
            _where_sum(lambda k: k + 1 / k.size),
        ),
    ),
    "negative_sum_unchanged": Misconception(
        "leaves kernels with a negative sum as they are",
        "For which sums is there no quotient? Only for those should nothing change.",
        lambda k: k / k.sum() if k.sum() > 0 else k,
    ),
    "nothing_divided": Misconception(
        "gives the kernel back as it is", "What do the values add up to afterwards?", lambda k: k
    ),
}

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
