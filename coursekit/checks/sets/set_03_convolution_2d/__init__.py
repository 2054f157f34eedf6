"""Set 03: convolution in two dimensions, as deep-learning libraries compute it."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Misconception, Terms
from coursekit.checks.sets.set_03_convolution_2d.wrong_conv2d import WRONG_CONV2D
from coursekit.checks.sets.sliding import windows


def _square(pick: Pick) -> Args:
    side = pick.integer(1, 3)
    image = pick.array((pick.integer(side, 7), pick.integer(side, 7)))
    return image, _unbalanced(pick.array((side, side)))


def _any(pick: Pick) -> Args:
    """Draw bytes, whole numbers or fractions and a kernel of any sides that fit."""
    kinds = [
        ("whole", "whole"),
        ("real", "real"),
        ("bytes", "whole"),
        ("bytes", "real"),
        ("whole", "real"),
    ]
    first, second = pick.choice(kinds)
    m, n = pick.integer(1, 4), pick.integer(1, 4)
    image = pick.array((pick.integer(m, 8), pick.integer(n, 8)), first)
    return image, _unbalanced(pick.array((m, n), second))


def _alike(pick: Pick) -> Args:
    """Draw a kernel that no turn and no mirror changes."""
    size = pick.choice([1, 2, 3])
    corner, edge, middle = (pick.integer(-4, 4) for _ in range(3))
    corner, middle = corner or 1, middle or 1  # never a kernel of zeros
    cells = {
        1: [[middle]],
        2: [[corner, corner], [corner, corner]],
        3: [[corner, edge, corner], [edge, middle, edge], [corner, edge, corner]],
    }[size]
    image = pick.array((pick.integer(size, 8), pick.integer(size, 8)))
    return image, _unbalanced(np.array(cells))


def _unbalanced(kernel: Array) -> Array:
    """Return a kernel that does not add up to 0, so that a mean with its weights exists."""
    if kernel.sum() == 0:
        kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] += 1
    return kernel


def _fits(image: Array, kernel: Array) -> bool:
    (height, width), (m, n) = image.shape, kernel.shape
    return m <= height and n <= width and bool(kernel.sum() != 0)


_EXAMPLES: tuple[Args, ...] = (
    (
        np.array([[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2]]),
        np.array([[1, 0, 2], [1, 3, 0]]),
    ),
    (np.array([[1, 2, 4, 3], [0, 5, 1, 7], [6, 2, 8, 1]]), np.array([[1, 2], [5, -1], [0, 3]])),
    (np.array([[2, 7, 1], [8, 2, 8], [1, 8, 3]]), np.array([[1, -2], [4, 7]])),
)


def _signs(pick: Pick) -> Args:
    shape = (pick.integer(1, 5), pick.integer(1, 5))
    kind = pick.choice([np.int64, np.float64])
    return pick.array(shape, "signs").astype(kind), pick.array(shape, "signs").astype(kind)


def _nearly(pick: Pick) -> Args:
    """Draw a patch that is the pattern itself but for a few cells."""
    patch, pattern = _signs(pick)
    patch = pattern.copy()
    for _ in range(pick.integer(0, 2)):
        patch[pick.integer(0, patch.shape[0] - 1), pick.integer(0, patch.shape[1] - 1)] *= -1
    return patch, pattern


def _are_signs(patch: Array, pattern: Array) -> bool:
    return patch.shape == pattern.shape and all(
        bool(np.all(np.abs(a) == 1)) for a in (patch, pattern)
    )


_LOOP = np.array([[1, 1, 1], [1, -1, 1], [1, 1, 1]])
_PAIRS: tuple[Args, ...] = (
    (_LOOP, _LOOP),
    (-_LOOP, _LOOP),
    (np.array([[-1, 1, 1, 1], [1, -1, -1, 1]]), np.array([[1, 1, -1, 1], [1, 1, 1, 1]])),
)
_SHARE = "What should two opposite arrays score, and two that agree in half their cells?"


def _three_by_three(patch: Array, pattern: Array) -> float:
    """Return the score of the first 3 x 3 cells; loops over 3 fail where there are fewer."""
    if min(patch.shape) < 3:
        raise IndexError
    return float((patch * pattern)[:3, :3].sum() / 9)


def _divided_on_the_way(patch: Array, pattern: Array) -> float:
    """Return the sum of the products, divided by their number after each of them."""
    total = 0.0
    for product in (patch * pattern).flat:
        total = (total + product) / patch.size
    return total


_MATCH = {
    "added_not_multiplied": Misconception(
        "adds or subtracts the two arrays in place of multiplying them",
        "Where both cells are -1 they match. Which operation makes 1 of two -1?",
        (
            lambda a, b: (a + b).mean(),
            lambda a, b: (a - b).mean(),
            lambda a, b: (b - a).mean(),
        ),
    ),
    "turned_or_mirrored": Misconception(
        "turns or mirrors one of the arrays before they are compared",
        "Which cell of the pattern meets the top left cell of the patch?",
        (
            lambda a, b: (a * b[::-1, ::-1]).mean(),
            lambda a, b: (a * b[::-1]).mean(),
            lambda a, b: (a * b[:, ::-1]).mean(),
            lambda a, b: (a * b.T).mean(),
        ),
    ),
    "matrix_product": Misconception(
        "multiplies the arrays as matrices, rows by columns",
        "Cell times cell, or row times column? * and @ are not the same.",
        (
            lambda a, b: (a @ b.T).mean(),
            lambda a, b: (a.T @ b).mean(),
            lambda a, b: (a @ b).mean(),
            lambda a, b: (a @ b.T).sum() / a.size,
        ),
    ),
    "fixed_three": Misconception(
        "takes every array to be 3 x 3",
        "Where does your function ask the arrays for their size?",
        (_three_by_three, lambda a, b: _three_by_three(a, b) * 9 / a.size),
    ),
    "divided_by_nine": Misconception(
        "divides the sum of the products by 9, whatever the size",
        "Is it always nine products?",
        lambda a, b: (a * b).sum() / 9,
    ),
    "sum_not_mean": Misconception(
        "adds up the products and does not divide by their number",
        "A perfect match scores 1.0, whatever the size.",
        lambda a, b: (a * b).sum(),
    ),
    "share_of_equal_cells": Misconception(
        "gives the share of cells that are equal",
        _SHARE,
        (lambda a, b: (a == b).mean(), lambda a, b: (a == b).sum() / 9),
    ),
    "count_of_equal_cells": Misconception(
        "counts the cells that are equal",
        "A product of two signs can be 1 or -1. What do the unequal cells do to the score?",
        lambda a, b: (a == b).sum(),
    ),
    "divided_by_rows": Misconception(
        "divides the sum by the number of rows or of columns only",
        "How many products are there? len of a grid counts its rows.",
        (lambda a, b: (a * b).sum() / a.shape[0], lambda a, b: (a * b).sum() / a.shape[1]),
    ),
    "divided_wrongly": Misconception(
        "divides by something else than the number of cells, or more than once",
        "How many products are there, and how often is their sum divided by that number?",
        (
            lambda a, b: (a * b).sum() / sum(a.shape),
            lambda a, b: (a * b).mean() / a.size,
            lambda a, b: (a * b).sum() / (2 * a.size),
            lambda a, b: (a * b).sum() / a.shape[0] ** 2,
            lambda a, b: (a * b).sum() / a.shape[1] ** 2,
            _divided_on_the_way,
        ),
    ),
    "sign_lost": Misconception(
        "takes away the sign of the score",
        "What should the opposite of the pattern score?",
        lambda a, b: abs((a * b).mean()),
    ),
    "below_zero_cut": Misconception(
        "gives 0 in place of a negative score",
        "What should the opposite of the pattern score?",
        lambda a, b: max((a * b).mean(), 0),
    ),
    "share_of_unequal_cells": Misconception(
        "measures how much the arrays differ, not how well they match",
        _SHARE,
        (
            lambda a, b: (a != b).mean(),
            lambda a, b: np.abs(a - b).mean(),
            lambda a, b: ((a - b) ** 2).mean(),
            lambda a, b: ((a - b) ** 2).sum(),
            lambda a, b: np.abs(a - b).sum(),
        ),
    ),
    "divided_by_ones": Misconception(
        "divides the sum by the number of ones in one of the arrays",
        "A mean divides by how many products there are.",
        (
            lambda a, b: (a * b).sum() / max((b == 1).sum(), 1),
            lambda a, b: (a * b).sum() / max((a == 1).sum(), 1),
        ),
    ),
    "ink_only": Misconception(
        "looks only at the cells where one of the arrays has a 1",
        "Ink where the pattern has paper is a mismatch, too. Which cells count?",
        (
            lambda a, b: (a * b)[b == 1].mean() if np.any(b == 1) else np.nan,
            lambda a, b: (a * b)[a == 1].mean() if np.any(a == 1) else np.nan,
            lambda a, b: np.float64(((a == 1) & (b == 1)).sum()) / (b == 1).sum(),
            lambda a, b: np.float64(((a == 1) & (b == 1)).sum()) / (a == 1).sum(),
            lambda a, b: ((a == 1) & (b == 1)).sum() / a.size,
            lambda a, b: ((a == 1) & (b == 1)).sum(),
        ),
    ),
    "one_array_only": Misconception(
        "takes the mean of one of the two arrays",
        "The score compares two arrays. Where do they meet?",
        (lambda a, b: a.mean(), lambda a, b: b.mean()),
    ),
    "product_of_means": Misconception(
        "multiplies the means of both arrays",
        "First multiply or first take the mean? Try a small example both ways.",
        lambda a, b: a.mean() * b.mean(),
    ),
    "means_subtracted": Misconception(
        "subtracts the means first, as a correlation coefficient does",
        "The signs are to be multiplied as they stand.",
        lambda a, b: ((a - a.mean()) * (b - b.mean())).mean() / (a.std() * b.std()),
    ),
    "all_or_nothing": Misconception(
        "tells only whether both arrays are equal",
        "One cell of nine differs: should the score be the same as for no match at all?",
        (
            lambda a, b: float((a == b).all()),
            lambda a, b: 1.0 if (a == b).all() else -1.0,
        ),
    ),
    "decimals_lost": Misconception(
        "cuts the score to a whole number",
        "What is 5 // 9? And int(0.56)?",
        (
            lambda a, b: (a * b).sum() // a.size,
            lambda a, b: int((a * b).mean()),
            lambda a, b: round((a * b).mean()),
        ),
    ),
    "one_score_per_line": Misconception(
        "gives one score for each row or column",
        "How many numbers describe the match of two whole arrays?",
        (lambda a, b: (a * b).mean(axis=0), lambda a, b: (a * b).mean(axis=1)),
    ),
}


EXERCISES = (
    Exercise(
        name="conv2d",
        parameters=("image", "kernel"),
        oracle=scratch.conv2d,
        valid=_fits,
        checks=(
            Check("kernels that look the same from every side", 2.0, _alike, 24),
            Check("any square kernel", 1.0, _square, 30, _EXAMPLES[2:]),
            Check(
                "kernels of any sides, and every kind of number",
                1.0,
                _any,
                40,
                _EXAMPLES[:2],
                keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_CONV2D,
        terms=Terms(lambda image, kernel: windows(image, kernel.shape) * kernel),
        hints=(
            "Lay the kernel on the top left corner of the image. Multiply each kernel cell by the "
            "image cell below it and add up: that is one value of the result.",
            "With a kernel of m rows and n columns there are H - m + 1 places downwards and "
            "W - n + 1 to the right. The patch at (i, j) is image[i:i + m, j:j + n].",
            "Make np.zeros of that size; in two nested loops over i and j put in the sum of "
            "patch * kernel. Nothing is turned, and the image itself is never written to.",
        ),
    ),
    Exercise(
        name="match_score",
        parameters=("patch", "pattern"),
        oracle=scratch.match_score,
        valid=_are_signs,
        checks=(
            Check("patches close to the pattern", 1.0, _nearly, 25, _PAIRS),
            Check("any two arrays of -1 and 1", 1.0, _signs, 30, keeps_arguments=True),
        ),
        misconceptions=_MATCH,
        terms=Terms(lambda patch, pattern: patch * pattern, mean=True),
        hints=(
            "Where both arrays hold the same sign the product is 1, elsewhere it is -1. "
            "What is the mean of nothing but ones?",
            "patch * pattern multiplies cell by cell. The result should be one number, not an "
            "array.",
            "Add up all products and divide by how many there are: rows times columns. NumPy has "
            "one method for both steps.",
        ),
    ),
)
