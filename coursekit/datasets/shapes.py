"""Shapes: colour images of 32 by 32 with one filled shape each, drawn from a seed.

The colours of shape and ground are drawn for each image and say nothing of the class, so a
network has to look at form. Shapes vary in place, size and slant, grounds shade from one side to
the other, and there is grain.
"""

import math

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.drawing import Dice, Floats, plane, to_bytes

SIZE = 32
BLOCK = 500  # images drawn at a time: keeps memory small


def _disc(x: Floats, y: Floats) -> Floats:
    return np.sqrt(x * x + y * y) - 0.9


def _ring(x: Floats, y: Floats) -> Floats:
    return np.abs(np.sqrt(x * x + y * y) - 0.75) - 0.2


def _square(x: Floats, y: Floats) -> Floats:
    return np.maximum(np.abs(x), np.abs(y)) - 0.8


def _frame(x: Floats, y: Floats) -> Floats:
    return np.abs(np.maximum(np.abs(x), np.abs(y)) - 0.65) - 0.19


def _diamond(x: Floats, y: Floats) -> Floats:
    return (np.abs(x) + np.abs(y)) / math.sqrt(2) - 0.75


def _triangle(x: Floats, y: Floats) -> Floats:
    # Two slanted sides and the base below; 0.894 and 0.447 make the slanted normal one long.
    return np.maximum(0.894 * np.abs(x) - 0.447 * y - 0.4, y - 0.75)


def _plus(x: Floats, y: Floats) -> Floats:
    across, down = np.abs(x), np.abs(y)
    return np.minimum(np.maximum(across - 1.0, down - 0.28), np.maximum(across - 0.28, down - 1.0))


def _cross(x: Floats, y: Floats) -> Floats:
    half = math.sqrt(0.5)
    return _plus((x + y) * half, (x - y) * half)


def _bar(x: Floats, y: Floats) -> Floats:
    return np.maximum(np.abs(x) - 1.0, np.abs(y) - 0.3)


def _half_disc(x: Floats, y: Floats) -> Floats:
    lower = y + 0.4
    return np.maximum(np.sqrt(x * x + lower * lower) - 1.0, -lower)


FIGURES = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "frame": _frame,
    "diamond": _diamond,
    "triangle": _triangle,
    "plus": _plus,
    "cross": _cross,
    "bar": _bar,
    "half disc": _half_disc,
}


def draw(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw images of coloured shapes, every class equally often (up to one image), in random order.

    Parameters
    ----------
    count
        How many images.
    seed
        The same seed gives the same images on every machine.

    Returns
    -------
    tuple of arrays
        Images (count, 32, 32, 3) uint8, red, green and blue last, and labels (count,) int64.

    Examples
    --------
    >>> images, labels = draw(20, seed=1)
    >>> images.shape, images.dtype, sorted(labels.tolist())[:4]
    ((20, 32, 32, 3), dtype('uint8'), [0, 0, 1, 1])
    """
    dice = Dice(seed)
    labels = dice.shuffled(count) % len(FIGURES)
    images = np.empty((count, SIZE, SIZE, 3), np.uint8)
    for start in range(0, count, BLOCK):
        images[start : start + BLOCK] = _block(dice, labels[start : start + BLOCK])
    return images, labels


def _block(dice: Dice, labels: NDArray[np.int64]) -> NDArray[np.uint8]:
    count = len(labels)
    middle = (SIZE - 1) / 2
    centre_x, centre_y = dice.between(middle - 4, middle + 4, 2, count)
    radius = dice.between(6.5, 11.5, count)
    x, y = plane(SIZE, centre_x, centre_y, radius, dice.between(-14, 14, count))
    distance = np.empty((count, SIZE, SIZE))
    for label, figure in enumerate(FIGURES.values()):
        chosen = labels == label
        distance[chosen] = figure(x[chosen], y[chosen])
    pixels = distance * radius[:, None, None]
    cover = np.minimum(np.maximum(0.5 - pixels, 0.0), 1.0)[..., None]
    ground, ink = _colours(dice, count)
    slope = dice.between(-1.2, 1.2, 2, count, 1, 1)
    across = np.arange(SIZE, dtype=np.float64) - middle
    shade = slope[0] * across[None, None, :] + slope[1] * across[None, :, None]
    grain = dice.between(3, 20, count)[:, None, None] * dice.noise(1.0, count, SIZE, SIZE)
    light = (shade + grain)[..., None]
    return to_bytes(ground + (ink - ground) * cover + light)


def _colours(dice: Dice, count: int) -> tuple[Floats, Floats]:
    # The shape is the brighter one in every channel, so that it can be seen, also as grey; which
    # channels differ most is chance.
    ground = dice.between(10, 140, count, 1, 1, 3)
    return ground, ground + dice.between(30, 115, count, 1, 1, 3)
