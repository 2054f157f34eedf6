"""Wrong ideas about `random_crop`, each in the forms that students write."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.augment_probes import cropped

Rng = np.random.Generator
Crop = Callable[..., Any]
Draw = Callable[[Array, Rng, int], tuple[Array, Array]]  # top and left edges, (N, 1) or (N, C)


def _crops(*answers: Crop) -> tuple[Callable[..., Parts], ...]:
    return tuple(partial(cropped, answer) for answer in answers)


def _apart(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
    places = rng.integers(0, 2 * padding + 1, (2, len(images), 1))
    return places[0], places[1]


def _pad(images: Array, padding: int, **how: Any) -> Array:
    return np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)), **how)


def _cut(padded: Array, top: Array, left: Array, shape: tuple[int, ...]) -> Array:
    """Return the piece of each padded image that begins in its row and column."""
    count, channels, height, width = shape
    rows, columns = top[:, :, None] + np.arange(height), left[:, :, None] + np.arange(width)
    n, c = np.arange(count)[:, None, None, None], np.arange(channels)[None, :, None, None]
    piece: Array = padded[n, c, rows[:, :, :, None], columns[:, :, None, :]]
    return piece


def _crop(draw: Draw = _apart, **how: Any) -> Crop:
    """Return a crop by where its pieces begin, and by what stands beyond the border."""

    def answer(images: Array, rng: Rng, padding: int = 4) -> Array:
        top, left = draw(images, rng, padding)
        extra = 2 * padding  # room for pieces that begin too late
        padded = np.pad(_pad(images, padding, **how), ((0, 0), (0, 0), (0, extra), (0, extra)))
        return _cut(padded, top, left, images.shape)

    return answer


def _between(low: Callable[[int], int], high: Callable[[int], int]) -> Draw:
    """Return a draw of edges from low to high, the last left out; at least one is left."""

    def draw(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
        first = low(padding)
        places = rng.integers(first, max(high(padding), first + 1), (2, len(images), 1))
        return places[0], places[1]

    return draw


def _strictly_between(high: Callable[[int], int]) -> Draw:
    """Return a draw that fails where nothing is left to choose from."""

    def draw(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
        places = rng.integers(0, high(padding), (2, len(images), 1))
        return places[0], places[1]

    return draw


def _with(place: Callable[[Array, Rng, int, int], tuple[Array, Array]]) -> Draw:
    """Return a draw by a function that is told how many edges there are."""
    return lambda images, rng, padding: place(images, rng, padding, 2 * padding + 1)


def _for_batch(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    top, left = rng.integers(0, many, 2)
    return np.full((len(images), 1), top), np.full((len(images), 1), left)


def _row_for_batch(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    top = np.full((len(images), 1), rng.integers(0, many))
    return top, rng.integers(0, many, (len(images), 1))


def _column_for_batch(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    top, left = _row_for_batch(images, rng, padding, many)
    return left, top


def _tied(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    place = rng.integers(0, many, (len(images), 1))
    return place, place


def _rows_only(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    top = rng.integers(0, many, (len(images), 1))
    return top, np.full_like(top, padding)


def _columns_only(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    top, left = _rows_only(images, rng, padding, many)
    return left, top


def _for_channels(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    places = rng.integers(0, many, (2, *images.shape[:2]))
    return places[0], places[1]


def _elsewhere(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    return _apart(images, np.random.default_rng(), padding)


def _seeded(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    return _apart(images, np.random.default_rng(0), padding)


def _rounded(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    places = np.rint(rng.random((2, len(images), 1)) * 2 * padding).astype(int)
    return places[0], places[1]


def _two_dice(images: Array, rng: Rng, padding: int, many: int) -> tuple[Array, Array]:
    places = rng.integers(0, padding + 1, (2, 2, len(images), 1)).sum(axis=0)
    return places[0], places[1]


def _fixed(top: Callable[[int], int], left: Callable[[int], int]) -> Draw:
    def draw(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
        count = len(images)
        return np.full((count, 1), top(padding)), np.full((count, 1), left(padding))

    return draw


def _rolled(images: Array, rng: Rng, padding: int = 4) -> Array:
    moves = rng.integers(-padding, padding + 1, (len(images), 2))
    return np.stack([np.roll(i, tuple(m), (1, 2)) for i, m in zip(images, moves, strict=True)])


def _rolled_together(images: Array, rng: Rng, padding: int = 4) -> Array:
    return np.roll(images, tuple(rng.integers(-padding, padding + 1, 2)), (2, 3))


def _other_padding(padding_of: Callable[[int], int]) -> Crop:
    return lambda images, rng, padding=4: _crop()(images, rng, padding_of(padding))


def _crop_in_place(draw: Draw = _apart) -> Crop:
    def answer(images: Array, rng: Rng, padding: int = 4) -> Array:
        images[...] = _crop(draw)(images, rng, padding)
        return images

    return answer


def _all_axes_padded(images: Array, rng: Rng, padding: int = 4) -> Array:
    """Pad batch and channels as well, and take as many channels as there were."""
    wide = np.pad(images, ((padding, 0), (padding, 0), (0, 0), (0, 0)))
    found: Array = _crop()(wide[: len(images), : images.shape[1]], rng, padding)
    return found


def _into(others: float, part: slice, drawn_at_once: bool = True) -> Crop:
    """Return a crop of a part of the batch; the others come out times `others`."""

    def answer(images: Array, rng: Rng, padding: int = 4) -> Array:
        out = (images * others).astype(images.dtype)
        if drawn_at_once:
            out[part] = _crop()(images, rng, padding)[part]
        else:
            out[part] = _crop(_one_by_one)(images[part], rng, padding)
        return out

    return answer


def _one_by_one(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
    places = np.array([rng.integers(0, 2 * padding + 1, 2) for _ in images]).T[:, :, None]
    return places[0], places[1]


def _from_one(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
    """Leave out the first place, and take it where there is no other."""
    places = rng.integers(min(1, padding), 2 * padding + 1, (2, len(images), 1))
    return places[0], places[1]


def _strictly_from_one(images: Array, rng: Rng, padding: int) -> tuple[Array, Array]:
    places = rng.integers(1, 2 * padding + 1, (2, len(images), 1))
    return places[0], places[1]


WRONG_CROPS: dict[str, Misconception] = {
    "one_place_for_all": Misconception(
        "draws one place for the whole batch: all pictures move alike",
        "How many places does a batch of 64 pictures need?",
        _crops(_crop(_with(_for_batch)), _crop(_with(_row_for_batch)),
               _crop(_with(_column_for_batch))),
        hint="rng.integers(0, 2 * padding + 1, size=2) draws a row and a column for one picture; "
        "it has to be called for each.",
    ),
    "row_and_column_tied": Misconception(
        "takes the same number for the row and for the column: pictures move along a diagonal",
        "With a padding of 1 there are nine pieces of a picture. How many does yours make?",
        _crops(_crop(_with(_tied)),
               _crop(lambda images, rng, padding: (
                   (places := _apart(images, rng, padding)[0]), 2 * padding - places))),
        hint="Draw twice: one number for the row, another one for the column.",
    ),
    "one_direction": Misconception(
        "moves pictures along one axis only",
        "With a padding of 1 there are nine pieces of a picture. How many does yours make?",
        _crops(_crop(_with(_rows_only)), _crop(_with(_columns_only)),
               lambda images, rng, padding=4: _crop(_fixed(lambda p: 0, lambda p: 0))(
                   images, rng, 0) if padding == 0 else _crop(_with(_columns_only))(
                   images, rng, padding)),
    ),
    "a_place_for_each_channel": Misconception(
        "draws a place for each channel of a picture, so that its colours come apart",
        "Red, green and blue of one picture: may they move each by itself?",
        _crops(_crop(_with(_for_channels))),
    ),
    "last_place_missing": Misconception(
        "never takes the last row and column in which a piece can begin",
        "With a padding of 4, in which rows can a piece of the old height begin? Count them.",
        _crops(_crop(_between(lambda p: 0, lambda p: 2 * p)),
               _crop(_strictly_between(lambda p: 2 * p))),
        hint="rng.integers(0, n) goes from 0 to n - 1. The padded picture has 2 * padding more "
        "rows than the piece, and a piece can begin in 2 * padding + 1 of them.",
    ),
    "first_place_missing": Misconception(
        "never takes the first row and column in which a piece can begin",
        "Which is the first row of the padded picture, counted as Python counts?",
        _crops(_crop(_between(lambda p: 1, lambda p: 2 * p + 1)), _crop(_from_one),
               _crop(_strictly_from_one)),
        hint="rng.integers(0, n) begins with 0.",
    ),
    "stops_after_first": Misconception(
        "gives its result back after the first picture",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        _crops(*(_into(others, slice(0, 1), at_once)
                 for others in (0.0, 1.0) for at_once in (True, False)),
               lambda images, rng, padding=4: images[0]),
        hint="return belongs below the loop, at the level of for.",
    ),
    "first_or_last_left_out": Misconception(
        "passes over the first or the last picture of the batch",
        "Which pictures of the batch does your loop meet?",
        _crops(_into(0.0, slice(0, -1)), _into(0.0, slice(1, None))),
        hint="range(len(images)) goes from 0 to the last one.",
    ),
    "batch_padded_too": Misconception(
        "lays the border around the batch and the channels as well",
        "How many axes has images? On which of them does the border lie?",
        _crops(_all_axes_padded),
        hint="np.pad takes a pair for each axis: (0, 0) for N and C, (padding, padding) for rows "
        "and columns.",
    ),
    "one_way_only": Misconception(
        "moves pictures one way only",
        "The border lies on all four sides. Where can a piece begin?",
        _crops(_crop(_between(lambda p: 0, lambda p: p + 1)),
               _crop(_between(lambda p: 0, lambda p: p)),
               _crop(_strictly_between(lambda p: p)),
               _crop(_between(lambda p: p, lambda p: 2 * p + 1)),
               _crop(_between(lambda p: p, lambda p: 3 * p + 1)),
               _crop(_between(lambda p: p, lambda p: 2 * p))),
        hint="The padded picture is 2 * padding larger than the piece: the row in which it begins "
        "goes from 0 to 2 * padding.",
    ),
    "uneven": Misconception(
        "takes some places more often than others",
        "Draw 1,000 numbers in your way and count them: does each come equally often? (Rounding, "
        "for one, gives the ends half as much room; a sum of two draws prefers the middle.)",
        _crops(_crop(_with(_rounded)), _crop(_with(_two_dice))),
        hint="rng.integers draws whole numbers, all equally often.",
    ),
    "wrapped_around": Misconception(
        "lets what goes out on one side come in on the other",
        "What should come in from the border?",
        _crops(_rolled, _rolled_together, _crop(mode="wrap")),
        hint="np.roll moves in a circle. Pad with zeros first, then cut.",
    ),
    "border_repeated": Misconception(
        "puts copies of the picture beyond its border, not zeros",
        "What should come in from the border?",
        _crops(_crop(mode="edge"), _crop(mode="reflect"), _crop(mode="symmetric"),
               *(_crop(_with(_for_batch), mode=mode) for mode in ("edge", "reflect"))),
    ),
    "border_of_another_number": Misconception(
        "puts another number than 0 beyond the border",
        "What should come in from the border?",
        _crops(_crop(constant_values=255)),
    ),
    "padding_ignored": Misconception(
        "pads by 4, whatever padding says",
        "Where does padding go into the frame, and where into the choice?",
        _crops(_other_padding(lambda padding: 4)),
    ),
    "chance_from_elsewhere": Misconception(
        "takes its chance from somewhere else than rng",
        "With rng made from the same seed the same pieces should come out. Which object of yours "
        "draws?",
        _crops(_crop(_with(_elsewhere))),
        hint="np.random.randint and random.randint have generators of their own. Draw with rng.",
    ),
    "the_same_each_time": Misconception(
        "cuts the same pieces each time",
        "Two generators with different seeds should bring different pieces. What fixes yours?",
        _crops(_crop(_with(_seeded))),
        hint="A generator that is made in the function starts anew with every call. Use rng.",
    ),
    "argument_overwritten": Misconception(
        "writes into images itself",
        "The next epoch begins with pictures that have moved already. Which line changes them?",
        _crops(_crop_in_place(), _crop_in_place(_with(_for_batch))),
        hint="images[n] = ... writes into the array that was given. Make a new one with "
        "np.empty_like(images).",
    ),
    "nothing_moves": Misconception(
        "gives the pictures back as they were",
        "Where should a piece begin, and who decides?",
        _crops(lambda images, rng, padding=4: images.copy()),
    ),
    "always_the_same_piece": Misconception(
        "cuts all pieces from the same corner",
        "Where should a piece begin, and who decides?",
        _crops(_crop(_fixed(lambda p: 0, lambda p: 0)),
               _crop(_fixed(lambda p: 2 * p, lambda p: 2 * p)),
               _crop(_fixed(lambda p: 0, lambda p: 2 * p)),
               _crop(_fixed(lambda p: 2 * p, lambda p: 0))),
    ),
    "other_shape": Misconception(
        "gives back something of another shape than images",
        "How large is a piece, and how many of them should come back?",
        _crops(lambda images, rng, padding=4: _pad(images, padding)),
        hint="Print the shape of your result beside images.shape. Cut from the padded pictures, "
        "and return after the loop, not in it.",
    ),
    "pictures_change_places": Misconception(
        "puts the pictures in another order",
        "The labels stay in their order. Which label meets the first picture of yours?",
        _crops(lambda images, rng, padding=4: _crop()(rng.permutation(images), rng, padding)),
    ),
}  # fmt: skip
