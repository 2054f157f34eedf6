"""Wrong ideas about two-dimensional convolution, each with an implementation that holds it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.sliding import framed, other_weights, slide, windows


def _padded(mode: str, late: bool = False) -> Callable[[Array, Array], Array]:
    """Return a convolution whose result is as large as the image."""

    def same(image: Array, kernel: Array) -> Array:
        before = [(s - 1) // 2 if not late else s // 2 for s in kernel.shape]
        width = [(b, s - 1 - b) for b, s in zip(before, kernel.shape, strict=True)]
        options: dict[str, Any] = {"mode": mode}
        return slide(np.pad(image, width, **options), kernel)

    return same


def _full(image: Array, kernel: Array) -> Array:
    m, n = kernel.shape
    return slide(framed(image, ((m - 1, m - 1), (n - 1, n - 1))), kernel)


def _wrapped(image: Array, kernel: Array) -> Array:
    m, n = kernel.shape
    return slide(np.pad(image, ((0, m - 1), (0, n - 1)), mode="wrap"), kernel)


def _taken_as_square(side: int, patch_too: bool) -> Callable[[Array, Array], Array]:
    """Return a convolution that takes one side of the kernel for both, for places or for all."""

    def square(image: Array, kernel: Array) -> Array:
        s = kernel.shape[side]
        m, n = (s, s) if patch_too else kernel.shape
        out = np.zeros((image.shape[0] - s + 1, image.shape[1] - s + 1))
        for i, j in np.ndindex(out.shape):
            out[i, j] = np.sum(image[i : i + m, j : j + n] * kernel)
        return out

    return square


def _cells_of_a_square(kernel: Array, side: int) -> Array:
    """Return the kernel with 0 in all cells that loops over one side for both do not reach."""
    s = kernel.shape[side]
    if s > min(kernel.shape):
        raise IndexError
    kept = np.zeros_like(kernel)
    kept[:s, :s] = kernel[:s, :s]
    return kept


def _products(image: Array, kernel: Array) -> Array:
    return windows(image, kernel.shape) * kernel


def _one_weight_a_place(image: Array, kernel: Array, round_the_end: bool) -> Array:
    """Return the sums of patches times one weight; fails where there is none for a place."""
    sums = slide(image, np.ones_like(kernel))
    rows, columns = np.indices(sums.shape)
    if round_the_end:
        rows, columns = rows % kernel.shape[0], columns % kernel.shape[1]
    products: Array = sums * kernel[rows, columns]
    return products


_FROM_EDGE = "How many places has a kernel 2 cells wide in an image 3 cells wide?"
_TOGETHER = "Each cell of the kernel meets the image cell below it. Which operation comes after?"


def _looks_back(image: Array, kernel: Array) -> Array:
    m, n = kernel.shape
    right = slide(image, kernel)
    before = np.pad(image, ((m - 1, 0), (n - 1, 0)), mode="wrap")
    return slide(before, kernel[::-1, ::-1])[: right.shape[0], : right.shape[1]]


def _three_by_three(image: Array, kernel: Array, whole: bool) -> Array:
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    weights = kernel if whole else kernel[:3, :3]
    for i, j in np.ndindex(out.shape):
        patch = image[i : i + 3, j : j + 3]
        if patch.shape != weights.shape:  # np.sum would spread a single row or cell
            raise IndexError
        out[i, j] = np.sum(patch * weights)
    return out


WRONG_CONV2D = {
    "summed_apart": Misconception(
        "adds up patch and kernel on their own and multiplies the two sums",
        "Each cell of the patch meets its own weight. Which comes first, * or the sum?",
        lambda image, kernel: slide(image, np.ones_like(kernel)) * kernel.sum(),
    ),
    "added_not_multiplied": Misconception(
        "adds each weight to its pixel in place of multiplying the two",
        "A weight of 0 should leave its pixel out. Does it, in yours?",
        lambda image, kernel: slide(image, np.ones_like(kernel)) + kernel.sum(),
    ),
    "other_weights": Misconception(
        "slides other weights over the image than those of the kernel",
        "Which weight meets which pixel of the patch? Write it down for a kernel of 2 x 2.",
        pattern=other_weights,
    ),
    "squared_differences": Misconception(
        "adds up differences between pixels and weights, squared or as they are",
        "A weight of 0 should leave its pixel out. Which operation joins a pixel and a weight?",
        (
            lambda image, kernel: ((windows(image, kernel.shape) - kernel) ** 2).sum(axis=(2, 3)),
            lambda image, kernel: np.abs(windows(image, kernel.shape) - kernel).sum(axis=(2, 3)),
            lambda image, kernel: (windows(image, kernel.shape) - kernel).sum(axis=(2, 3)),
        ),
    ),
    "weight_of_the_place": Misconception(
        "takes the weight whose indices are those of the place in the result",
        "Which weights does the first patch meet, and which ones the second? In which loops do "
        "the indices of the kernel grow?",
        (
            lambda image, kernel: _one_weight_a_place(image, kernel, False),
            lambda image, kernel: _one_weight_a_place(image, kernel, True),
        ),
    ),
    "patch_does_not_move": Misconception(
        "multiplies every weight by the first pixel of the patch",
        "For the weight in row a and column b, which pixel is meant? Do a and b appear there?",
        lambda image, kernel: (
            image[: image.shape[0] - kernel.shape[0] + 1, : image.shape[1] - kernel.shape[1] + 1]
            * kernel.sum()
        ),
    ),
    "first_weight_for_all": Misconception(
        "multiplies every pixel of the patch by the same weight",
        "For the pixel in row a and column b, which weight is meant? Do a and b appear there?",
        (
            lambda image, kernel: slide(image, np.full_like(kernel, kernel[0, 0])),
            lambda image, kernel: slide(image, np.full_like(kernel, kernel[-1, -1])),
        ),
    ),
    "fixed_three": Misconception(
        "takes every kernel to be 3 x 3",
        "Where does your function ask the kernel for its size?",
        (
            lambda image, kernel: _three_by_three(image, kernel, False),
            lambda image, kernel: _three_by_three(image, kernel, True),
        ),
        hint="m, n = kernel.shape gives the size; every 3 becomes m or n, every 2 becomes m - 1 or "
        "n - 1.",
    ),
    "negative_index": Misconception(
        "reads above and left of the image, where an index below 0 counts from the end",
        "For place (0, 0) and weight (1, 0), which row do you read? What does Python make of it?",
        _looks_back,
    ),
    "kernel_flipped": Misconception(
        "turns the kernel by half a turn before sliding it",
        "PyTorch and Keras lay the kernel on the image as it is. What does this exercise ask for?",
        lambda image, kernel: slide(image, kernel[::-1, ::-1]),
    ),
    "rows_flipped": Misconception(
        "turns the kernel upside down before sliding it",
        "Which row of the kernel meets the top row of the patch?",
        lambda image, kernel: slide(image, kernel[::-1]),
    ),
    "columns_flipped": Misconception(
        "mirrors the kernel left to right before sliding it",
        "Which column of the kernel meets the left column of the patch?",
        lambda image, kernel: slide(image, kernel[:, ::-1]),
    ),
    "kernel_transposed": Misconception(
        "swaps the rows and columns of the kernel",
        "Which index of the kernel belongs to rows, and which index of the patch?",
        (
            lambda image, kernel: slide(image, kernel.T),
            lambda image, kernel: (windows(image, kernel.shape) * kernel.T).sum(axis=(2, 3)),
        ),
    ),
    "image_transposed": Misconception(
        "swaps the rows and columns of the image",
        "Is the first index of the image its row or its column?",
        lambda image, kernel: slide(image.T, kernel),
    ),
    "output_transposed": Misconception(
        "swaps the rows and columns of the result",
        "Where does the value of the patch at row i and column j belong?",
        lambda image, kernel: slide(image, kernel).T,
    ),
    "full_size": Misconception(
        "also counts places where the kernel hangs over the edge, with zeros outside",
        _FROM_EDGE,
        (_full, lambda image, kernel: _full(image, kernel[::-1, ::-1])),
    ),
    "same_size": Misconception(
        "pads the image, so that the result is as large as the image",
        "No pixel is made up here: at how many places does the whole kernel lie on the image?",
        tuple(_padded(mode, late) for mode in ("constant", "edge") for late in (False, True)),
    ),
    "wraps_around": Misconception(
        "goes on at the opposite side when the kernel reaches the edge",
        "What is to the right of the last column? The kernel stops before it gets there.",
        (_wrapped, _padded("wrap"), _padded("wrap", late=True)),
    ),
    "last_place_missing": Misconception(
        "leaves out the last row and the last column of places",
        _FROM_EDGE,
        lambda image, kernel: slide(image, kernel)[:-1, :-1],
    ),
    "first_place_missing": Misconception(
        "leaves out the first row and the first column of places",
        "With which index does the first place begin?",
        lambda image, kernel: slide(image, kernel)[1:, 1:],
    ),
    "taken_as_square": Misconception(
        "takes the kernel to be as wide as it is tall",
        "Kernels may be 1 x 3. Which of its two sizes tells how far right it can go?",
        (
            *(_taken_as_square(side, patch) for side in (0, 1) for patch in (False, True)),
            lambda image, kernel: slide(image, _cells_of_a_square(kernel, 0)),
            lambda image, kernel: slide(image, _cells_of_a_square(kernel, 1)),
        ),
    ),
    "mean_of_products": Misconception(
        "divides each sum by the number of kernel cells",
        "Is the result the sum of the products or their mean?",
        lambda image, kernel: slide(image, kernel) / kernel.size,
    ),
    "kernel_normalized": Misconception(
        "divides by the sum of the kernel",
        "The kernel is to be used as it is, whatever it adds up to.",
        lambda image, kernel: slide(image, kernel) / kernel.sum(),
    ),
    "kernel_ignored": Misconception(
        "adds up each patch without the kernel",
        "Where does each cell of the patch meet its weight?",
        lambda image, kernel: slide(image, np.ones_like(kernel)),
    ),
    "largest_product": Misconception(
        "takes the largest product of each patch in place of the sum",
        _TOGETHER,
        lambda image, kernel: _products(image, kernel).max(axis=(2, 3)),
    ),
    "one_product": Misconception(
        "keeps one product of each patch in place of the sum of all",
        "What happens to the earlier products when the next one is computed?",
        (
            lambda image, kernel: _products(image, kernel)[:, :, -1, -1],
            lambda image, kernel: _products(image, kernel)[:, :, 0, 0],
        ),
    ),
    "one_row_summed": Misconception(
        "adds up only one row of each patch",
        "The sum runs over rows and columns of the patch. When is it set back to 0?",
        (
            lambda image, kernel: _products(image, kernel)[:, :, -1].sum(axis=2),
            lambda image, kernel: _products(image, kernel)[:, :, 0].sum(axis=2),
        ),
    ),
    "matrix_product": Misconception(
        "multiplies patch and kernel as matrices, rows by columns",
        "Cell times cell, or row times column? * and @ are not the same.",
        (
            lambda image, kernel: (windows(image, kernel.shape) @ kernel).sum(axis=(2, 3)),
            lambda image, kernel: (kernel @ windows(image, kernel.shape)).sum(axis=(2, 3)),
            lambda image, kernel: (windows(image, kernel.shape) @ kernel.T).sum(axis=(2, 3)),
            lambda image, kernel: (kernel.T @ windows(image, kernel.shape)).sum(axis=(2, 3)),
        ),
    ),
    "jumps_kernel": Misconception(
        "moves on by the size of the kernel in place of one cell",
        "Neighbouring patches overlap. By how much does the kernel move?",
        lambda image, kernel: slide(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]],
    ),
}
