"""What the two drawn sets share: random numbers and distances that come out alike everywhere.

Only the raw 64-bit output of PCG64 is used, whose stream is fixed for all time, and only
operations that IEEE 754 rounds exactly (+ - * / sqrt, floor, smallest, largest), one element at a
time, so that every machine draws the same pixels.
"""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Dice:
    """Random numbers from a seed, the same on every machine and in every version of NumPy.

    Examples
    --------
    >>> dice = Dice(7)
    >>> dice.between(2, 4, 3).shape
    (3,)
    >>> sorted(dice.shuffled(4).tolist())
    [0, 1, 2, 3]
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def between(self, low: float, high: float, *shape: int) -> Floats:
        """Return numbers drawn evenly from low to high, as an array of the given shape."""
        raw = self._bits.random_raw(math.prod(shape)).reshape(shape)
        return low + (high - low) * ((raw >> np.uint64(11)).astype(np.float64) / 2.0**53)

    def shuffled(self, n: int) -> NDArray[np.int64]:
        """Return the numbers 0 to n-1 in random order."""
        return np.argsort(self._bits.random_raw(n), kind="stable").astype(np.int64)

    def noise(self, spread: float, *shape: int) -> Floats:
        """Return bell-shaped noise with the given standard deviation: a sum of four even bytes."""
        count = math.prod(shape)
        words = self._bits.random_raw(-(-count // 2))
        quarters = words.astype("<u8").view(np.uint8).reshape(-1, 4)[:count].astype(np.int64)
        # A byte has mean 127.5 and variance (256^2 - 1) / 12; four of them four times that.
        one = math.sqrt((256**2 - 1) / 3)
        sums: Floats = (quarters.sum(axis=1) - 510).astype(np.float64)
        return sums.reshape(shape) * (spread / one)


def turned(degrees: Floats) -> tuple[Floats, Floats]:
    """Return cosine and sine of angles, rounded to a grid so that no machine's library shows.

    Examples
    --------
    >>> [float(part[0]) for part in turned(np.array([90.0]))]
    [0.0, 1.0]
    """
    radians = degrees * (math.pi / 180)
    return np.round(np.cos(radians) * 4096) / 4096, np.round(np.sin(radians) * 4096) / 4096


def plane(
    size: int, centre_x: Floats, centre_y: Floats, radius: Floats, degrees: Floats
) -> tuple[Floats, Floats]:
    """Return each pixel's place in the frame of its figure: centre 0, radius 1, turned back.

    Parameters
    ----------
    size
        Height and width of the images, in pixels.
    centre_x, centre_y, radius, degrees
        (N,): where each figure stands, in pixels, how large it is, and how far it is turned.

    Returns
    -------
    tuple of arrays
        x to the right and y downwards, each (N, size, size).

    Examples
    --------
    >>> zero, one = np.zeros(1), np.ones(1)
    >>> plane(2, zero, zero, one, zero)[0]
    array([[[0., 1.],
            [0., 1.]]])
    """
    across = np.arange(size, dtype=np.float64)
    dx = (across[None, None, :] - centre_x[:, None, None]) / radius[:, None, None]
    dy = (across[None, :, None] - centre_y[:, None, None]) / radius[:, None, None]
    cosine, sine = (part[:, None, None] for part in turned(degrees))
    return dx * cosine + dy * sine, dy * cosine - dx * sine


def to_segment(x: Floats, y: Floats, ax: Floats, ay: Floats, bx: Floats, by: Floats) -> Floats:
    """Return the distance from points to a segment from a to b.

    Examples
    --------
    >>> point, zero, one = np.array([2.0]), np.array([0.0]), np.array([1.0])
    >>> to_segment(point, zero, zero, zero, one, zero)
    array([1.])
    """
    along_x, along_y = bx - ax, by - ay
    share = ((x - ax) * along_x + (y - ay) * along_y) / (along_x * along_x + along_y * along_y)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    dx, dy = x - ax - share * along_x, y - ay - share * along_y
    return np.sqrt(dx * dx + dy * dy)


def to_bytes(values: Floats) -> NDArray[np.uint8]:
    """Round to whole numbers and clip to 0 to 255.

    Examples
    --------
    >>> to_bytes(np.array([-3.0, 1.5, 300.0]))
    array([  0,   2, 255], dtype=uint8)
    """
    clipped = np.minimum(np.maximum(np.floor(values + 0.5), 0.0), 255.0)
    return clipped.astype(np.uint8)
