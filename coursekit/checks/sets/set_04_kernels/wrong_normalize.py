"""Wrong ideas about scaling an image to be shown, each with an implementation that holds it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Case, Misconception


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


def _divided_one_by_one(places: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """Return a normalisation that writes into what it still has to add up."""

    def divided(kernel: Array) -> Array:
        k = kernel.astype(float)
        if k.sum() != 0:
            for place in places(k):
                k[place] /= k.sum()
        return k

    return divided


_WHOLE = "Apply the result to a flat area of 100. Which grey comes out?"


_ZERO = "Division by 0 has no result. What should happen to a kernel whose sum is 0?"


def _times_a_number(cases: Sequence[Case]) -> bool:
    """Say whether each kernel comes out times one number."""
    told = 0
    for (kernel,), _, got in cases:
        if got is None or got.shape != kernel.shape or not np.isfinite(got).all():
            return False
        there = kernel != 0
        if not there.any():
            continue
        by = float(np.median(got[there] / kernel[there]))
        if np.abs(got - by * kernel).max() > 1e-6 * max(1.0, float(np.abs(got).max())):
            return False
        told += kernel.size > 2 and kernel.sum() != 0 and abs(by * kernel.sum() - 1) > 1e-4
    return told >= 5


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
    "divided_by_side": Misconception(
        "divides by the number of rows or columns, or by its square",
        "That is no sum of the values; len counts rows. " + _WHOLE,
        tuple(
            lambda k, axis=axis, power=power, keep=keep: (
                k / k.shape[axis] ** power if k.sum() != 0 or not keep else k
            )
            for keep in (True, False)
            for power in (1, 2)
            for axis in (0, 1)
        ),
    ),
    "another_divisor": Misconception(
        "divides by another number than the sum of all values",
        "What do the values of your result add up to? " + _WHOLE,
        pattern=_times_a_number,
    ),
    "divided_by_part_of_sum": Misconception(
        "divides by the sum of some of the values only",
        "Which values should add up to 1 afterwards: all of them, or the positive ones?",
        (
            _by(lambda k: k[k > 0].sum()),
            lambda k: np.maximum(k, 0) / np.float64(np.maximum(k, 0).sum()),
            lambda k: np.maximum(k, 0) / k[k > 0].sum() if np.any(k > 0) else k,
            lambda k: k / np.float64(k[k > 0].sum()),
            lambda k: k / k[k > 0].sum() if k.sum() != 0 else k,
            _by(lambda k: k[0].sum()),
            _by(lambda k: k[:, 0].sum()),
        ),
    ),
    "small_sum_unchanged": Misconception(
        "leaves kernels with a small sum as they are, not only those whose sum is 0",
        "Half of a box blur has the sum 0.5: should it stay as it is?",
        tuple(
            lambda k, small=small: k if small(k.sum()) else k / k.sum()
            for small in (
                lambda s: abs(s) <= 1,
                lambda s: abs(s) < 1,
                lambda s: s <= 1,
                lambda s: s < 1,
                lambda s: round(s) == 0,
                lambda s: s == 0 or abs(s) < 0.1,
            )
        ),
    ),
    "sum_cut_to_whole": Misconception(
        "cuts the sum to a whole number before it divides",
        "What does int() or // make of a sum of 2.5?",
        tuple(
            lambda k, cut=cut: k / cut(k.sum()) if cut(k.sum()) != 0 else k
            for cut in (np.trunc, np.rint, np.floor)
        )
        + tuple(
            lambda k, cut=cut: k / np.float64(cut(k.sum())) if k.sum() != 0 else k
            for cut in (np.trunc, np.rint, np.floor)
        ),
    ),
    "sum_changes": Misconception(
        "computes the sum anew for each value, when some have been divided already",
        "Which sum should the last value be divided by? When is it computed?",
        (
            _divided_one_by_one(lambda k: np.ndindex(k.shape)),
            _divided_one_by_one(lambda k: range(len(k))),
        ),
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
        (
            lambda k: k / np.float64(k.sum()),
            lambda k: np.where(k == 0, k, k / np.float64(k.sum())),
            lambda k: np.nan_to_num(k / np.float64(k.sum())),
        ),
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
            _where_sum(lambda k: k / np.abs(k).sum()),
            _where_sum(lambda k: k / k.max()),
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
