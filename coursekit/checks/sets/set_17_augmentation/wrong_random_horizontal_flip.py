"""Wrong ideas about `random_horizontal_flip`, each in the forms that students write."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.augment_probes import flipped

Rng = np.random.Generator
Flip = Callable[..., Any]
Coins = Callable[[Array, Rng, float], Any]  # which of a batch are mirrored


def _flips(*answers: Flip) -> tuple[Callable[..., Parts], ...]:
    return tuple(partial(flipped, answer) for answer in answers)


def _own(images: Array, rng: Rng, p: float) -> Array:
    return rng.random(len(images)) < p


def _flip(coins: Coins = _own, axes: tuple[int, ...] = (-1,)) -> Flip:
    """Return a flip by how its coins fall, and by which axes it turns round."""

    def answer(images: Array, rng: Rng, p: float = 0.5) -> Array:
        heads = np.asarray(coins(images, rng, p))
        heads = heads.reshape(heads.shape + (1,) * (4 - heads.ndim))
        return np.where(heads, np.flip(images, axes), images)

    return answer


def _per(axes: int) -> Coins:
    """Return coins for each place of the first axes."""
    return lambda images, rng, p: rng.random(images.shape[:axes]) < p


def _exactly(images: Array, rng: Rng, p: float) -> Array:
    heads = np.zeros(len(images), dtype=bool)
    heads[rng.permutation(len(images))[: round(p * len(images))]] = True
    return heads


def _once(images: Array, rng: Rng, p: float) -> Array:
    return np.full(len(images), rng.random() < p)


def _each_one(change: Callable[[Array], Array], coins: Coins = _own) -> Flip:
    """Return a flip that changes the columns of single images in its own way."""

    def answer(images: Array, rng: Rng, p: float = 0.5) -> Array:
        heads = coins(images, rng, p)[:, None, None, None]
        return np.where(heads, change(images), images)

    return answer


def _flip_in_place(coins: Coins = _own) -> Flip:
    def answer(images: Array, rng: Rng, p: float = 0.5) -> Array:
        images[...] = _flip(coins)(images, rng, p)
        return images

    return answer


def _sorted_by_coin(images: Array, rng: Rng, p: float = 0.5) -> Array:
    heads = _own(images, rng, p)
    return np.concatenate([images[~heads], images[heads][..., ::-1]])


def _sorted_flipped_first(images: Array, rng: Rng, p: float = 0.5) -> Array:
    heads = _own(images, rng, p)
    return np.concatenate([images[heads][..., ::-1], images[~heads]])


def _shuffled(images: Array, rng: Rng, p: float = 0.5) -> Any:
    return _flip()(rng.permutation(images), rng, p)


def _into(
    others: float,
    first: int = 0,
    last: int = 0,
    returns_inside: bool = False,
    drawn_at_once: bool = True,
) -> Flip:
    """Return a flip that begins with the images times `others`, and leaves out some of them."""

    def answer(images: Array, rng: Rng, p: float = 0.5) -> Array:
        out = (images * others).astype(images.dtype)
        end = 1 if returns_inside else len(images) - last
        heads = _own(images if drawn_at_once else images[:end], rng, p)
        for n in range(first, end):
            out[n] = images[n][..., ::-1] if heads[n] else images[n]
        return out

    return answer


def _heads_alone(images: Array, rng: Rng, p: float = 0.5) -> Array:
    """Give an array without axes where no picture is mirrored, as an empty list does."""
    heads = _own(images, rng, p)
    return np.array([i[..., ::-1] for i, h in zip(images, heads, strict=True) if h])


def _others_blank(images: Array, rng: Rng, p: float = 0.5) -> Array:
    return np.where(_own(images, rng, p)[:, None, None, None], images[..., ::-1], 0)


def _with_repeats(images: Array, rng: Rng, p: float) -> Array:
    heads = np.zeros(len(images), dtype=bool)
    heads[rng.integers(0, len(images), round(p * len(images)))] = True
    return heads


def _half_overwritten(images: Array) -> Array:
    """Swap columns from both sides without keeping the one that is written over first."""
    out, width = images.copy(), images.shape[-1]
    for column in range(width // 2):
        out[..., column] = out[..., width - 1 - column]
    return out


def _first_few(images: Array, rng: Rng, p: float = 0.5) -> Array:
    few = round(p * len(images))
    return np.concatenate([images[:few][..., ::-1], images[few:]])


WRONG_FLIPS: dict[str, Misconception] = {
    "one_choice_for_all": Misconception(
        "throws one coin for the whole batch: all pictures are mirrored, or none",
        "How many coins does a batch of 64 pictures need?",
        _flips(_flip(_once), _flip(lambda images, rng, p: np.full(len(images), rng.random() > p))),
        hint="rng.random(len(images)) throws a coin for each picture; a loop over the pictures "
        "with rng.random() inside it does the same.",
    ),
    "upside_down": Misconception(
        "turns the rows round, top for bottom, not the columns",
        "The axes are N, C, H and W. Which of them goes from left to right?",
        _flips(_flip(axes=(-2,)), _flip(_once, axes=(-2,))),
        hint="The columns are the last axis: [..., ::-1] turns it round, whatever comes before.",
    ),
    "channels_turned_round": Misconception(
        "turns the channels round: red becomes blue",
        "A single picture is (C, H, W). What does image[::-1] turn round?",
        _flips(_flip(axes=(1,)), _flip(_once, axes=(1,))),
        hint="image[::-1] turns the first axis round. The columns are the last one: [..., ::-1].",
    ),
    "half_turn": Misconception(
        "turns two axes round, not the columns alone",
        "A mirrored picture still stands on its feet. Does yours?",
        _flips(_flip(axes=(-1, -2)), _flip(axes=(1, -2)), _flip(axes=(1, -1)),
               _flip(axes=(1, -1, -2)), _flip(_once, axes=(-1, -2))),
        hint="np.flip(image) and image[::-1, ::-1] turn more than one axis round.",
    ),
    "a_coin_for_each_channel": Misconception(
        "throws a coin for each channel of a picture, so that its colours come apart",
        "Red, green and blue of one picture: may they be mirrored each by itself?",
        _flips(_flip(_per(2)),
               _flip(lambda images, rng, p: rng.random((1, images.shape[1])) < p)),
        hint="The coins need the shape (N,), and for broadcasting (N, 1, 1, 1).",
    ),
    "a_coin_for_each_row": Misconception(
        "throws a coin for each row, so that pictures are torn",
        "Which rows of one picture have to go together?",
        _flips(_flip(_per(3)), _flip(lambda images, rng, p: rng.random(
            (len(images), 1, images.shape[2])) < p)),
        hint="The coins need the shape (N,), and for broadcasting (N, 1, 1, 1).",
    ),
    "probability_swapped": Misconception(
        "mirrors with probability 1 - p",
        "With p = 0.1, how many of 100 pictures should be mirrored? How many are in yours?",
        _flips(_flip(lambda images, rng, p: rng.random(len(images)) >= p)),
        hint="rng.random() is below p with probability p.",
    ),
    "p_ignored": Misconception(
        "mirrors half of the pictures, whatever p says",
        "Where does p go into the choice?",
        _flips(_flip(lambda images, rng, p: rng.random(len(images)) < 0.5),
               _flip(lambda images, rng, p: (rng.random(len(images)) < 0.5) & (p > 0)),
               _flip(lambda images, rng, p: (rng.random(len(images)) < 0.5) | (p == 1)),
               _flip(lambda images, rng, p:
                     ((rng.random(len(images)) < 0.5) & (p > 0)) | (p == 1))),
    ),
    "exact_share": Misconception(
        "mirrors exactly the share p, so that the choices depend on each other",
        "Each picture has a coin of its own. With p = 0.5, can 8 pictures all be mirrored?",
        _flips(_flip(_exactly), _flip(lambda images, rng, p: rng.permutation(
            np.arange(len(images)) < int(p * len(images))))),
    ),
    "chance_from_elsewhere": Misconception(
        "takes its chance from somewhere else than rng",
        "With rng made from the same seed the same pictures should be mirrored. Which object of "
        "yours draws?",
        _flips(_flip(lambda images, rng, p: np.random.default_rng().random(len(images)) < p),
               _flip(lambda images, rng, p: [random.random() < p for _ in images])),
        hint="np.random.rand and random.random have generators of their own. Draw with rng.",
    ),
    "the_same_each_time": Misconception(
        "mirrors the same pictures each time",
        "Two generators with different seeds should mirror different pictures. What fixes yours?",
        _flips(_flip(lambda images, rng, p: np.random.default_rng(0).random(len(images)) < p),
               _first_few,
               _flip(lambda images, rng, p: np.arange(len(images)) % 2 == 0)),
        hint="A generator that is made in the function starts anew with every call. Use rng.",
    ),
    "argument_overwritten": Misconception(
        "writes into images itself",
        "The next epoch begins with pictures that are mirrored already. Which line changes them?",
        _flips(_flip_in_place(), _flip_in_place(_once)),
        hint="images[n] = ... writes into the array that was given. Begin with images.copy().",
    ),
    "always_mirrored": Misconception(
        "mirrors every picture",
        "Where does the coin decide?",
        _flips(lambda images, rng, p=0.5: images[..., ::-1],
               lambda images, rng, p=0.5: images[..., ::-1] if p > 0 else images),
    ),
    "never_mirrored": Misconception(
        "gives the pictures back as they were",
        "Which pictures should be mirrored, and where does your result get them?",
        _flips(lambda images, rng, p=0.5: images.copy(),
               lambda images, rng, p=0.5: images[..., ::-1] if p == 1 else images),
        hint="A name given to a mirrored picture changes nothing in the batch: write it into the "
        "result, out[n] = ...",
    ),
    "pictures_change_places": Misconception(
        "puts the pictures in another order",
        "The labels stay in their order. Which label meets the first picture of yours?",
        _flips(_sorted_by_coin, _sorted_flipped_first, _shuffled,
               _flip(_once, axes=(0,)), _flip(_once, axes=(0, -1)),
               _flip(axes=(0,)), _flip(axes=(0, -1))),
    ),
    "only_the_mirrored": Misconception(
        "gives back the mirrored pictures alone",
        "As many pictures should come out as went in. Where are those that are not mirrored?",
        _flips(lambda images, rng, p=0.5: images[_own(images, rng, p)][..., ::-1], _heads_alone),
        hint="Where does a picture that is not mirrored get into the result? An append in the if "
        "alone leaves it out.",
    ),
    "others_blank": Misconception(
        "leaves zeros where a picture is not mirrored",
        "What should stand at the place of a picture whose coin says no?",
        _flips(_others_blank),
        hint="Begin with images.copy(), or give the if an else.",
    ),
    "stops_after_first": Misconception(
        "gives its result back after the first picture",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        _flips(*(_into(others, returns_inside=True, drawn_at_once=at_once)
                 for others in (0.0, 1.0) for at_once in (True, False)),
               lambda images, rng, p=0.5: images[0]),
        hint="return belongs below the loop, at the level of for.",
    ),
    "first_or_last_left_out": Misconception(
        "passes over the first or the last picture of the batch",
        "With p = 1 every picture is mirrored. Which one is not in yours?",
        _flips(_into(1.0, first=1), _into(1.0, last=1), _into(0.0, first=1), _into(0.0, last=1)),
        hint="range(len(images)) goes from 0 to the last one.",
    ),
    "drawn_with_repeats": Misconception(
        "draws which pictures to mirror, some of them twice, so that too few are mirrored",
        "Draw 10 of 10 numbers in this way: do all ten come?",
        _flips(_flip(_with_repeats)),
        hint="rng.random(len(images)) < p asks each picture by itself.",
    ),
    "two_coins": Misconception(
        "throws two coins for a picture",
        "With p = 0.5, how often do two coins both say yes? How often does one of them?",
        _flips(_flip(lambda images, rng, p: rng.random(len(images)) < p * p),
               _flip(lambda images, rng, p: _own(images, rng, p) & _own(images, rng, p)),
               _flip(lambda images, rng, p: _own(images, rng, p) | _own(images, rng, p)),
               _flip(lambda images, rng, p: [rng.random() < p and rng.random() < p
                                             for _ in images]),
               _flip(lambda images, rng, p: [rng.random() < p or rng.random() < p
                                             for _ in images])),
        hint="One rng.random() for each picture, compared with p.",
    ),
    "another_chance": Misconception(
        "draws from another distribution than rng.random()",
        "How often does yours fall below p? Draw 1,000 of them and count.",
        _flips(_flip(lambda images, rng, p: rng.normal(size=len(images)) < p),
               _flip(lambda images, rng, p: rng.normal(size=len(images)) > p)),
        hint="rng.random() is below p with probability p.",
    ),
    "columns_misplaced": Misconception(
        "moves columns to other places, without mirroring",
        "Write one row of numbers down, and below it the row from right to left. What came out?",
        _flips(*(_each_one(change) for change in (
            lambda images: np.roll(images, 1, axis=-1), lambda images: np.roll(images, -1, axis=-1),
            lambda images: np.roll(images[..., ::-1], 1, axis=-1), _half_overwritten))),
        hint="[..., ::-1] gives the columns from right to left: all at once, nothing to swap.",
    ),
    "adds_pictures": Misconception(
        "adds the mirrored pictures to the others",
        "As many pictures should come out as went in: how many labels are there?",
        _flips(lambda images, rng, p=0.5: np.concatenate([images, images[..., ::-1]]),
               lambda images, rng, p=0.5: np.concatenate(
                   [images, images[_own(images, rng, p)][..., ::-1]])),
    ),
}  # fmt: skip
