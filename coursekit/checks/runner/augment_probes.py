"""Asking a function that changes pictures by chance: what it does to many, with many generators.

Right functions draw in different ways, so no two give the same pictures. Returned is what all of
them have in common. The pictures of a question hold each of their values once a channel, so where
a value came from is known. Nothing here is imported from the side that knows the right answers.
"""

from typing import Any

import numpy as np

from coursekit.checks.runner.convert import to_array

CALLS_OF_FLIPS, CALLS_OF_CROPS = 24, 16
# What is found out about all calls, each 0 or 1. "goes on": a second call with the same generator
# brings other pictures.
FACTS = ("repeated", "varies", "goes on", "argument unchanged", "count varies")
# The size of the result beside that of the argument.
FEWER, OTHER_SHAPE, SAME_SHAPE, MORE = -1, 0, 1, 2
# What became of a picture; of several pictures the last in this row is returned. A number below 8
# says which axes are turned round: 1 for the columns, 2 for the rows, 4 for the channels.
AS_IT_WAS, MIRRORED, UPSIDE_DOWN = 0, 1, 2
BY_CHANNEL, BY_ROW, ANOTHER, BLANK, COLUMNS, ELSE = range(8, 14)
# The same for a piece of a padded picture: what was found beyond the border.
ZEROS, EDGE, REFLECTED, SYMMETRIC, WRAPPED, CONSTANT, CHANNELS_APART, NO_INK, NO_PIECE = range(9)
ONE_BLANK, FIRST_ALONE = 9, 10  # one picture of each batch holds zeros alone; all but the first do
# What holds the result.
AN_ARRAY, OTHER_NUMBERS, A_LIST, A_TENSOR = range(4)


def flipped(answer: Any, images: Any, seed: int, *p: float) -> Any:
    """Call a function that mirrors each of many images by chance; tell what it did.

    Returned are: the size (see `FEWER` and the others); what became of the pictures (`AS_IT_WAS`
    and the others); the share of mirrored rows, to one decimal (-1 where one choice serves a whole
    batch, or where chance has no part in it); `FACTS`; whether one choice serves a whole batch. To
    be shown, and different from answer to answer, are what held the result, and a picture before
    and after.
    """
    calls = _calls(answer, images, seed, CALLS_OF_FLIPS, *p)
    if calls is None:
        return None
    results, kind, facts, size = calls
    none = np.zeros(0)
    if size != SAME_SHAPE:
        return np.array(size), none, none, none, none, np.array(kind), none, none
    several = np.stack(results[1:])
    became = _became(several, images)
    mirrored = (several == images[..., ::-1]).all(axis=-1)
    alike = bool((became == became[:, :1]).all())
    at_once = alike and len(np.unique(became)) > 1
    fixed = not facts[1] and not alike  # by a seed of its own, say: the share tells nothing
    odd = int(np.argmax(became[0]))
    return (
        np.array(size),
        np.array(int(became.max())),
        np.array(-1.0 if at_once or fixed else np.round(np.mean(mirrored), 1)),
        np.array([*facts, len(set(mirrored.sum(axis=(1, 2, 3)).tolist())) > 1], dtype=np.int64),
        np.array(int(at_once)),
        np.array(kind),
        images[odd, 0].astype(np.float64),
        results[1][odd, 0],
    )


def cropped(answer: Any, images: Any, seed: int, *padding: int) -> Any:
    """Call a function that shifts each of many images by chance; tell what it did.

    Returned are: the size; what came from beyond the border (`ZEROS` and the others); by how many
    rows and columns pictures moved (sorted; empty where all of a batch move alike, where chance has
    no part in it, or where pictures come apart); `FACTS`, but the last; and whether all of a batch
    move by the same rows, by the same columns, whether rows and columns are tied to each other, and
    whether all places are about equally frequent. The last three are as in `flipped`.
    """
    calls = _calls(answer, images, seed, CALLS_OF_CROPS, *padding)
    if calls is None:
        return None
    results, kind, facts, size = calls
    none = np.zeros(0)
    if size != SAME_SHAPE:
        return np.array(size), none, none, none, none, none, np.array(kind), none, none
    codes, moves = _pieces(np.stack(results[1:]), images)
    whole = bool((codes < CHANNELS_APART).all())  # each picture has moved as a whole
    together = [whole and _together(moves[..., axis]) for axis in (0, 1)]
    each = [np.unique(moves[..., axis], return_counts=True) for axis in (0, 1)]
    pairs = len(np.unique(moves.reshape(-1, 2), axis=0))
    told = whole and (facts[1] or pairs == 1)  # else a seed of its own, say, tells nothing
    drawn = told and not any(together)
    odd = int(np.argmax(codes[0]))
    return (
        np.array(size),
        np.array(_blank(codes) or int(codes.max())),
        each[0][0] if told and not together[0] else none,
        each[1][0] if told and not together[1] else none,
        np.array(facts, dtype=np.int64),
        np.array(
            [
                *together,
                drawn and pairs < len(each[0][0]) * len(each[1][0]) / 2,
                not drawn or _even(each),
            ],
            dtype=np.int64,
        ),
        np.array(kind),
        images[odd, 0].astype(np.float64),
        results[1][odd, 0],
    )


def _calls(answer: Any, images: Any, seed: int, count: int, *more: Any) -> Any:
    """Return the results of `count` calls, what held them, `FACTS` but the last, and their size.

    The first two results are of the same seed. None stands for an answer that is not written.
    """
    before = images.copy()
    rng = np.random.default_rng(seed)
    value = answer(images, rng, *more)
    if value is None or value is Ellipsis:
        return None
    results = [_like(value, before.shape)]
    unchanged = np.array_equal(images, before) and images.shape == before.shape
    images[...] = before
    for number in (seed, *range(seed + 1, seed + count)):
        again = answer(images.copy(), np.random.default_rng(number), *more)
        results.append(_like(again, before.shape))
    next_one = _like(answer(images.copy(), rng, *more), before.shape)
    size = _size([result.shape for result in results], images.shape)
    facts = (
        np.array_equal(results[0], results[1]),
        not all(np.array_equal(results[1], result) for result in results[2:]),
        not np.array_equal(next_one, results[0]),
        unchanged,
    )
    return results, _held(value, images.dtype), facts, size


def _like(value: Any, shape: Any) -> Any:
    """Return a result as floats; axes of length one that got lost are forgiven."""
    array = to_array(value)[0].astype(np.float64)
    lost = array.ndim < len(shape) and [n for n in array.shape if n != 1] == [
        n for n in shape if n != 1
    ]
    return array.reshape(shape) if lost else array


def _size(shapes: Any, expected: Any) -> int:
    """Return what the sizes of all results are beside the expected one."""
    if all(shape == expected for shape in shapes):
        return SAME_SHAPE
    if any(len(shape) != len(expected) or shape[1:] != expected[1:] for shape in shapes):
        return OTHER_SHAPE
    return MORE if all(shape[0] >= expected[0] for shape in shapes) else FEWER


def _held(value: Any, numbers: Any) -> int:
    """Return what holds a result: an array of the argument's type of numbers, or another thing."""
    if isinstance(value, np.ndarray):
        return AN_ARRAY if value.dtype == numbers else OTHER_NUMBERS
    return A_TENSOR if hasattr(value, "__array__") else A_LIST


def _became(results: Any, images: Any) -> Any:
    """Return for each picture of each call what became of it; (calls, N)."""
    calls, count = results.shape[:2]
    result = results.reshape(-1, *images.shape[1:])
    images = images.astype(np.float64)
    found = np.full(len(result), ELSE)
    left = np.arange(len(result))  # the pictures of which nothing is known yet
    for code in range(8):
        axes = tuple(axis for axis, bit in ((3, 1), (2, 2), (1, 4)) if code & bit)
        fits = (result[left] == np.flip(images, axes)[left % count]).all(axis=(1, 2, 3))
        found[left[fits]] = code
        left = left[~fits]
        if not len(left):
            return found.reshape(calls, count)
    result, source = result[left], images[left % count]
    rows = (result == source).all(axis=3), (result == source[..., ::-1]).all(axis=3)
    own = {image.tobytes() for side in (images, images[..., ::-1]) for image in side}
    found[left] = np.select(
        [
            (rows[0].all(axis=2) | rows[1].all(axis=2)).all(axis=1),
            (rows[0] | rows[1]).all(axis=(1, 2)),
            np.array([picture.tobytes() in own for picture in result]),
            ~result.any(axis=(1, 2, 3)),
            _columns_of(result, source),
        ],
        [BY_CHANNEL, BY_ROW, ANOTHER, BLANK, COLUMNS],
        ELSE,
    )
    return found.reshape(calls, count)


def _columns_of(result: Any, source: Any) -> Any:
    """Say for each picture whether each of its columns is some column of the source, whole."""
    alike = (result[..., :, None] == source[..., None, :]).all(axis=(1, 2))
    return alike.any(axis=2).all(axis=1)


def _pieces(results: Any, images: Any) -> tuple[Any, Any]:
    """Return for each picture what came from beyond its border, and its rows and columns.

    `results` are those of several calls, (calls, N, C, H, W).
    """
    calls, count, channels, height, width = results.shape
    result = results.reshape(-1, channels, height, width)
    source = np.broadcast_to(images.astype(np.float64), results.shape).reshape(result.shape)
    moves = _moves(result, source)
    found = np.full(len(result), NO_PIECE)
    for code in (ZEROS, EDGE, REFLECTED, SYMMETRIC, WRAPPED, CONSTANT):
        left = np.flatnonzero(found == NO_PIECE)
        if len(left):
            fits = _alike(result[left], source[left], moves[left, 0], code)
            found[left[fits]] = code
    left = np.flatnonzero(found == NO_PIECE)
    if len(left):
        apart = [
            _alike(result[left, c, None], source[left, c, None], moves[left, c], ZEROS)
            for c in range(channels)
        ]
        found[left[np.all(apart, axis=0)]] = CHANNELS_APART
        found[~result.any(axis=(1, 2, 3))] = NO_INK
    return found.reshape(calls, count), moves[:, 0].reshape(calls, count, 2)


def _blank(codes: Any) -> int:
    """Return `ONE_BLANK` or `FIRST_ALONE` where every batch comes out so, else 0."""
    blank = codes == NO_INK
    if (blank.sum(axis=1) == 1).all() and blank.any(axis=0).sum() == 1:
        return ONE_BLANK
    return FIRST_ALONE if blank[:, 1:].all() and not blank[:, 0].any() else 0


def _moves(result: Any, source: Any) -> Any:
    """Return for each picture and channel the rows and columns by which it moved, if it did.

    The middle says so, and the first value that is not 0 where the middle is 0.
    """
    height, width = result.shape[2:]
    flat, from_flat = (array.reshape(*array.shape[:2], -1) for array in (result, source))
    middle = height // 2 * width + width // 2
    cell = np.where(flat[..., middle] == 0, (flat != 0).argmax(axis=2), middle)[..., None]
    met = from_flat == np.take_along_axis(flat, cell, axis=2)
    place = np.where(met.any(axis=2), met.argmax(axis=2), cell[..., 0])
    rows = place // width - cell[..., 0] // width
    return np.stack([rows, place % width - cell[..., 0] % width], axis=2)


def _alike(result: Any, source: Any, moves: Any, border: int) -> Any:
    """Say for each picture whether it is a piece of the picture with such a border."""
    height, width = result.shape[2:]
    rows, rows_in = _indices(np.arange(height) + moves[:, :1], height, border)
    cols, cols_in = _indices(np.arange(width) + moves[:, 1:], width, border)
    cells = (rows[:, :, None] * width + cols[:, None, :]).reshape(len(result), 1, -1)
    piece = np.take_along_axis(source.reshape(*result.shape[:2], -1), cells, axis=2)
    piece = piece.reshape(result.shape)
    if border in (ZEROS, CONSTANT):
        inside = (rows_in[:, :, None] & cols_in[:, None, :])[:, None]
        filled = 0.0
        if border == CONSTANT:  # what stands outside, if it is one number
            outside = np.where(inside, -np.inf, result)
            filled = outside.max(axis=(1, 2, 3), keepdims=True)
        piece = np.where(inside, piece, filled)
    return (result == piece).all(axis=(1, 2, 3))


def _indices(places: Any, size: int, border: int) -> tuple[Any, Any]:
    """Return rows or columns of the picture for those of a padded one, and which are inside."""
    inside = (places >= 0) & (places < size)
    if border == WRAPPED:
        return places % size, inside
    if border == REFLECTED:
        places = (size - 1) - np.abs(places % (2 * size - 2) - (size - 1))
    elif border == SYMMETRIC:
        places = np.minimum(places % (2 * size), 2 * size - 1 - places % (2 * size))
    return np.clip(places, 0, size - 1), inside


def _together(moves: Any) -> bool:
    """Say whether all pictures of each batch move alike, and not those of all batches."""
    return bool((moves == moves[:, :1]).all() and len(np.unique(moves)) > 1)


def _even(each: Any) -> bool:
    """Say whether all rows and columns are about equally frequent; asked where three are likely."""
    return all(
        0.75 * counts.mean() <= counts.min() and counts.max() <= 1.25 * counts.mean()
        for places, counts in each
        if len(places) == 3
    )
