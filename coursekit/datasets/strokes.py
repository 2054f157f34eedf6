"""Strokes: grey images of 28 by 28 with one figure of pen strokes each, drawn from a seed.

The figures vary in place, size, slant, thickness and strength; the paper has grain, and on most
images a fainter, shorter stray stroke lies somewhere. A class is told by how strokes meet, not by
one pixel.
"""

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.drawing import Dice, Floats, plane, to_bytes, to_segment

SIZE = 28
BLOCK = 500  # images drawn at a time: keeps memory small
Segment = tuple[float, float, float, float]

# From (x, y) to (x, y), in a frame where the figure reaches from -1 to 1 and y runs downwards.
FIGURES: dict[str, tuple[Segment, ...]] = {
    "horizontal": ((-1, 0, 1, 0),),
    "vertical": ((0, -1, 0, 1),),
    "rising": ((-0.75, 0.75, 0.75, -0.75),),
    "falling": ((-0.75, -0.75, 0.75, 0.75),),
    "plus": ((-1, 0, 1, 0), (0, -1, 0, 1)),
    "cross": ((-0.75, 0.75, 0.75, -0.75), (-0.75, -0.75, 0.75, 0.75)),
    "corner": ((-0.7, -0.9, -0.7, 0.7), (-0.7, 0.7, 0.8, 0.7)),
    "vee": ((-0.8, -0.8, 0, 0.8), (0, 0.8, 0.8, -0.8)),
    "triangle": ((-0.9, 0.7, 0.9, 0.7), (0.9, 0.7, 0, -0.9), (0, -0.9, -0.9, 0.7)),
    "ring": (),
}


def draw(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw images of strokes, every class equally often (up to one image), in random order.

    Parameters
    ----------
    count
        How many images.
    seed
        The same seed gives the same images on every machine.

    Returns
    -------
    tuple of arrays
        Images (count, 28, 28) uint8, bright strokes on dark paper, and labels (count,) int64.

    Examples
    --------
    >>> images, labels = draw(20, seed=1)
    >>> images.shape, images.dtype, sorted(labels.tolist())[:4]
    ((20, 28, 28), dtype('uint8'), [0, 0, 1, 1])
    """
    dice = Dice(seed)
    labels = dice.shuffled(count) % len(FIGURES)
    images = np.empty((count, SIZE, SIZE), np.uint8)
    for start in range(0, count, BLOCK):
        images[start : start + BLOCK] = _block(dice, labels[start : start + BLOCK])
    return images, labels


def _block(dice: Dice, labels: NDArray[np.int64]) -> NDArray[np.uint8]:
    count = len(labels)
    middle = (SIZE - 1) / 2
    centre_x, centre_y = dice.between(middle - 4, middle + 4, 2, count)
    radius = dice.between(6, 10.5, count)
    x, y = plane(SIZE, centre_x, centre_y, radius, dice.between(-14, 14, count))
    thickness = dice.between(0.6, 1.6, count)
    strength = dice.between(90, 255, count)
    distance = np.empty((count, SIZE, SIZE))
    for label, segments in enumerate(FIGURES.values()):
        chosen = labels == label
        distance[chosen] = _to_figure(x[chosen], y[chosen], segments)
    ink = _ink(distance * radius[:, None, None], thickness) * strength[:, None, None]
    stray = _stray(dice, count)
    grain = dice.between(4, 26, count)[:, None, None] * dice.noise(1.0, count, SIZE, SIZE)
    paper = dice.between(0, 40, count)[:, None, None]
    return to_bytes(paper + np.maximum(ink, stray) + grain)


def _to_figure(x: Floats, y: Floats, segments: tuple[Segment, ...]) -> Floats:
    if not segments:
        return np.abs(np.sqrt(x * x + y * y) - 0.85)
    parts = [to_segment(x, y, *(np.array(value) for value in segment)) for segment in segments]
    nearest: Floats = np.minimum.reduce(parts)
    return nearest


def _ink(distance: Floats, thickness: Floats) -> Floats:
    # Full inside the stroke and fading to nothing over one pixel at its edge.
    return np.minimum(np.maximum(thickness[:, None, None] + 0.5 - distance, 0.0), 1.0)


def _stray(dice: Dice, count: int) -> Floats:
    # A short stroke anywhere: from a point to one at most five pixels off in each direction.
    ax, ay = dice.between(0, SIZE - 1, 2, count, 1, 1)
    dx, dy = dice.between(-5, 5, 2, count, 1, 1)
    across = np.arange(SIZE, dtype=np.float64)
    distance = to_segment(across[None, None, :], across[None, :, None], ax, ay, ax + dx, ay + dy)
    return _ink(distance, np.full(count, 0.5)) * dice.between(0, 110, count)[:, None, None]
