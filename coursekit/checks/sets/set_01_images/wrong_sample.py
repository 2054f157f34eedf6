"""Wrong ideas about sampling, each with an implementation that holds it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Case, Misconception


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


def _one_of_block(choose: Callable[[Array], Any]) -> Callable[[Array, int], Array]:
    """Return what keeps one number of every block, those cut off at the edges among them."""

    def sample(image: Array, step: int) -> Array:
        rows, columns = range(0, image.shape[0], step), range(0, image.shape[1], step)
        return np.array(
            [[choose(image[i : i + step, j : j + step]) for j in columns] for i in rows]
        )

    return sample


def _picked(cases: Sequence[Case]) -> bool:
    """Say whether whole rows and columns of the image come out, in whatever choice."""
    told = 0
    for (image, *_), _, got in cases:
        if got is None:
            return False
        if len(np.unique(image)) < image.size or not got.size:  # which pixel it was is not known
            continue
        if got.ndim != 2 or not np.isin(got, image).all():
            return False
        rows, columns = np.vectorize(
            lambda grey, image=image: tuple(np.argwhere(image == grey)[0]), otypes=[int, int]
        )(got)
        if np.any(rows != rows[:, :1]) or np.any(columns != columns[:1]):
            return False
        told += got.size > 1
    return told >= 5


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
        "makes one number of each block, such as its mean, in place of picking a pixel of it",
        "Sampling looks at some pixels and never at the others.",
        (
            _blocks,
            lambda image, step: np.floor(_blocks(image, step)),
            lambda image, step: np.trunc(_blocks(image, step)),
            _one_of_block(np.sum),
            _one_of_block(np.median),
            lambda image, step: _blocks(
                image[: image.shape[0] // step * step, : image.shape[1] // step * step], step
            ),
        ),
    ),
    "middle_of_block": Misconception(
        "takes the pixel in the middle of each block in place of the first",
        "With step 3, is the first row that is kept number 0 or number 1?",
        lambda image, step: image[step // 2 :: step, step // 2 :: step].copy(),
    ),
    "brightest_of_block": Misconception(
        "takes the brightest or the darkest pixel of each block",
        "Sampling keeps pixels for where they are, whatever their grey. Which one of each block?",
        (_one_of_block(np.max), _one_of_block(np.min)),
    ),
    "others_kept": Misconception(
        "leaves out every step-th row and column, and keeps the others",
        "With step 2, which of the rows 0, 1, 2, 3 should be left?",
        (
            lambda image, step: np.delete(
                np.delete(image, np.s_[::step], axis=0), np.s_[::step], axis=1
            ),
            lambda image, step: np.delete(
                np.delete(image, np.s_[step - 1 :: step], axis=0), np.s_[step - 1 :: step], axis=1
            ),
        ),
    ),
    "filled_in_a_row": Misconception(
        "fills a smaller image with the first pixels, read as one long row",
        "The result is an image again. Which rows are left of it, and which columns?",
        (
            lambda image, step: np.resize(image, [n // step for n in image.shape]),
            lambda image, step: np.resize(image, [-(-n // step) for n in image.shape]),
        ),
    ),
    "other_rows_or_columns": Misconception(
        "picks other rows or columns than every step-th from the first",
        "Of 7 rows, with step 3, these are 0, 3 and 6. Which ones does yours pick? And columns?",
        pattern=_picked,
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
            lambda image, step: image[:step, ::step].copy(),
            lambda image, step: image[::step, :step].copy(),
            lambda image, step: image[::step][:step].copy(),
            lambda image, step: image[::step, step:].copy(),
            lambda image, step: image[step:, ::step].copy(),
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
