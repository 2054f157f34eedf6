"""Set 17: flips and crops of whole batches, checked by what they do to many pictures.

Right answers draw in different ways, so no two give the same pictures. What they have in common is
asked: see `augment_probes`, which answers for them and for the wrong ideas alike.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.matrices import Block
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Misconception,
    Parts,
    Words,
    only,
)
from coursekit.checks.runner import augment_probes as found
from coursekit.checks.sets.set_17_augmentation.wrong_random_crop import WRONG_CROPS
from coursekit.checks.sets.set_17_augmentation.wrong_random_horizontal_flip import WRONG_FLIPS

Sides = tuple[int, ...]
_SIZES = {
    found.FEWER: "Fewer pictures came out than went in.",
    found.MORE: "More pictures came out than went in.",
    found.OTHER_SHAPE: "The result should have the shape of images, N x C x H x W.",
}
_FAILED = {
    "repeated": "The same rng (made with the same seed) should bring the same result; it does not.",
    "varies": "The same comes out whatever rng is given.",
    "goes on": "A second call with the same rng should draw anew; it repeats the first.",
    "argument unchanged": "The array images itself is another one after the call.",
    "count varies": "Exactly as many pictures are mirrored each time; with a coin for each picture "
    "that would vary.",
}
_BECAME = {
    found.UPSIDE_DOWN: "Pictures come out upside down.",
    found.BY_CHANNEL: "In some pictures one channel is mirrored and another one is not.",
    found.BY_ROW: "In some pictures one row is mirrored and another one is not.",
    found.ANOTHER: "In some places stands a picture from another place of the batch.",
    found.BLANK: "Some pictures come out with zeros alone.",
    found.COLUMNS: "In some pictures columns stand in other places, and it is no mirror image.",
    found.ELSE: "Some pictures come out neither as they were nor mirrored.",
}
_BEYOND = {
    found.EDGE: "Beyond the border stand copies of the border, where zeros should be.",
    found.REFLECTED: "Beyond the border the picture is reflected, where zeros should be.",
    found.SYMMETRIC: "Beyond the border the picture is reflected, where zeros should be.",
    found.WRAPPED: "What goes out on one side comes in on the other, where zeros should be.",
    found.CONSTANT: "Beyond the border stands another number than 0.",
    found.CHANNELS_APART: "The channels of a picture move each in its own way.",
    found.NO_INK: "Some pictures come out with zeros alone.",
    found.NO_PIECE: "Some pictures come out that are no pieces of the padded pictures.",
    found.ONE_BLANK: "One picture of the batch comes out with zeros alone, always the same one.",
    found.FIRST_ALONE: "All pictures but the first come out with zeros alone.",
}
_TIES = (
    "All pictures of a batch move by the same number of rows.",
    "All pictures of a batch move by the same number of columns.",
    "The column in which a piece begins depends on its row.",
    "Some places come much more often than others.",
)
_HELD = {
    found.OTHER_NUMBERS: "Its numbers are of another type than those of images.",
    found.A_LIST: "It gives a list where an array was asked for; np.array(...) makes one of it.",
    found.A_TENSOR: "It gives a tensor where an array was asked for.",
}


def _images(pick: Pick, count: int, channels: Sides, heights: Sides, widths: Sides,
            kinds: tuple[str, ...] = ("float64", "float32", "uint8")) -> Array:  # fmt: skip
    """Draw a batch of about `count` images in whose channels each value stands once."""
    count, c = count + pick.integer(0, 5), pick.choice(channels)
    h, w = pick.choice(heights), pick.choice(widths)
    rng = pick.generator()
    cells = np.tile(np.arange(1, h * w + 1), (count, c, 1))
    values = rng.permuted(cells, axis=2).reshape(count, c, h, w)
    kind = pick.choice(kinds)
    return (values * (1.0 if kind == "uint8" else 0.25)).astype(kind)


def _for_flips(channels: Sides, tenths: tuple[int, ...]) -> Callable[[Pick], Args]:
    def draw(pick: Pick) -> Args:
        images = _images(pick, 120, channels, (2, 4), (3, 4))
        return images, pick.integer(0, 10_000), pick.choice(tenths) / 10

    return draw


def _for_crops(channels: Sides, paddings: tuple[int, ...]) -> Callable[[Pick], Args]:
    def draw(pick: Pick) -> Args:
        padding = pick.choice(paddings)
        least = 2 * padding + 2  # the middle of a picture is in each of its pieces
        images = _images(pick, 40, channels, (least, least + 2), (least + 1, least + 3))
        return images, pick.integer(0, 10_000), padding

    return draw


def _batch(count: int, channels: int, height: int, width: int) -> Array:
    """Return the same batch of whole numbers each time, for questions that are always asked."""
    pick = Pick(np.random.default_rng(17))
    return _images(pick, count, (channels,), (height,), (width,), ("uint8",))


def _asked(args: Args, name: str) -> str:
    images, _, *more = args
    size = " x ".join(map(str, images.shape))
    given = f"{name} = {more[0]:g}" if more else f"{name} not given"
    return f"Asked with pictures of shape {size}, {given}, and several generators."


def _facts(got: Array, expected: Array) -> list[str]:
    return [
        _FAILED[name]
        for name, mine, right in zip(found.FACTS, got.tolist(), expected.tolist(), strict=False)
        if mine != right
    ]


def _about_flips(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
    """Say with which arguments, and what became of the pictures."""
    said = [_asked(args, "p")]
    if not got:
        return said
    if int(got[0]) != found.SAME_SHAPE:
        return [*said, _SIZES[int(got[0])]]
    became, share, right = int(got[1]), float(got[2]), float(expected[2])
    if became > found.MIRRORED:
        said.append(_BECAME.get(became, "Other axes than the columns are turned round."))
    elif got[4]:
        said.append("All pictures of a batch are mirrored, or none.")
    elif share >= 0 and share != right:
        said.append(f"About {share:.0%} of the pictures were mirrored; expected {right:.0%}.")
    elif share < 0 <= right:
        said.append("Some pictures are mirrored and others are not, the same ones each time.")
    if len(said) == 1:
        said += _facts(got[3], expected[3])
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _about_crops(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
    """Say with which arguments, what stands beyond the border, and how far pictures move."""
    said = [_asked(args, "padding")]
    if not got:
        return said
    if int(got[0]) != found.SAME_SHAPE:
        return [*said, _SIZES[int(got[0])]]
    if int(got[1]) != found.ZEROS:
        said.append(_BEYOND[int(got[1])])
    for axis, place in (("rows", 2), ("columns", 3)):
        mine, right = got[place], expected[place]
        if mine.size and not np.array_equal(mine, right):
            said.append(
                f"Counted from the picture's own edge, pieces begin {_range(mine)} {axis} on; "
                f"expected: {_range(right)}."
            )
    said += [
        text
        for text, mine, right in zip(_TIES, got[5].tolist(), expected[5].tolist(), strict=True)
        if mine != right
    ]
    if len(said) == 1:
        said += _facts(got[4], expected[4])
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _range(numbers: Array) -> str:
    """Return "-4 to 4", or the numbers themselves where some are left out."""
    whole = [int(n) for n in numbers]
    if len(whole) > 1 and whole == list(range(whole[0], whole[-1] + 1)):
        return f"{whole[0]} to {whole[-1]}"
    return ", ".join(map(str, whole[:10]))


def _blocks(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Show a picture that came out wrong, before and after."""
    if not got or got[-1].ndim != 2:
        return ()
    return Block("a picture, its first channel", _whole(got[-2])), Block("got", _whole(got[-1]))


def _whole(picture: Array) -> Array:
    """Return whole numbers as such."""
    return picture.astype(np.int64) if np.array_equal(picture, np.rint(picture)) else picture


def _remark(parts: Parts) -> str:
    said = _HELD.get(int(parts[-3]), "")
    return f"{said} It counts, since the numbers are right." if said else ""


def _apart(parts: Parts) -> Parts:
    """Look at whether each picture has a row and a column of its own."""
    return parts[0], parts[5][:3]


def _places(parts: Parts) -> Parts:
    """Look at which rows and columns there are, and how often."""
    return parts[0], parts[2], parts[3], parts[5][3:]


EXERCISES = (
    Exercise(
        name="random_horizontal_flip",
        parameters=("images", "rng", "p"),
        oracle=partial(found.flipped, scratch.random_horizontal_flip),
        checks=(
            Check("each picture as it was, or mirrored", 1.0,
                  _for_flips((2, 3), (3, 4, 6, 7)), 2, probe="flipped", look=only(0, 1)),
            Check("a coin for each picture, mirrored with probability p", 1.0,
                  _for_flips((1,), (3, 4, 6, 7)), 3, probe="flipped", look=only(0, 2, 4)),
            Check("chance comes from rng, and images stay as they were", 1.0,
                  _for_flips((1, 2), (4, 6)), 1, probe="flipped", look=only(0, 3)),
            Check("p = 0, p = 1 and p not given", 1.0,
                  _for_flips((1, 2), (0, 10)), 0,
                  ((_batch(120, 2, 2, 3), 1, 0.0), (_batch(120, 2, 2, 3), 2, 1.0),
                   (_batch(120, 1, 2, 3), 3)),
                  probe="flipped", look=only(0, 1, 2)),
        ),
        misconceptions=WRONG_FLIPS,
        hints=(
            "For each picture a coin is thrown. If it falls one way, the columns of that picture "
            "are turned round, in all its channels and rows alike; if not, it stays.",
            "rng.random(len(images)) < p is a coin for each picture, True with probability p. "
            "[..., ::-1] turns the last axis round.",
            "out = images.copy() is where the result begins. With heads = rng.random(len(images)) "
            "< p, out[heads] are the pictures to be changed: give them images[heads], mirrored.",
        ),
        parts=(
            "size", "what became of pictures", "share mirrored", "facts", "one choice for all",
            "held by", "before", "after",
        ),
        compared=5,
        tolerance=1e-3,
        direct=True,
        words=Words(
            "An array of the shape of images",
            asked="batches, each with several generators",
            explain=_about_flips,
            blocks=_blocks,
            remark=_remark,
        ),
    ),
    Exercise(
        name="random_crop",
        parameters=("images", "rng", "padding"),
        oracle=partial(found.cropped, scratch.random_crop),
        checks=(
            Check("pieces of the padded pictures, of the old size", 2.0,
                  _for_crops((2,), (1, 2, 3)), 1,
                  ((_batch(40, 2, 4, 5), 3, 1),), probe="cropped", look=only(0, 1)),
            Check("every place, all equally often", 1.0,
                  _for_crops((1,), (1,)), 2, probe="cropped", look=_places),
            Check("a place of its own for each picture", 1.0,
                  _for_crops((1, 2), (2, 3)), 1, probe="cropped", look=_apart),
            Check("chance comes from rng, and images stay as they were", 1.0,
                  _for_crops((1,), (2, 3)), 1, probe="cropped", look=only(0, 4)),
            Check("padding = 0 and padding not given", 1.0,
                  _for_crops((1,), (0,)), 0,
                  ((_batch(40, 2, 10, 11), 1, 0), (_batch(40, 1, 10, 13), 2)),
                  probe="cropped", look=only(0, 1, 2, 3)),
        ),
        misconceptions=WRONG_CROPS,
        hints=(
            "Lay a border of zeros around each picture and cut out a piece as large as the picture "
            "was. Where the piece begins is drawn for each picture anew.",
            "np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding))) pads the "
            "last two axes alone. rng.integers(0, n) draws one of 0, 1, ..., n - 1.",
            "In a loop over n: top and left are two draws of rng.integers(0, 2 * padding + 1); "
            "the piece is padded[n, :, top : top + height, left : left + width].",
        ),
        parts=(
            "size", "beyond the border", "rows", "columns", "facts", "ties", "held by", "before",
            "after",
        ),
        compared=6,
        tolerance=1e-3,
        direct=True,
        words=Words(
            "An array of the shape of images",
            asked="batches, each with several generators",
            explain=_about_crops,
            blocks=_blocks,
            remark=_remark,
        ),
    ),
)  # fmt: skip
