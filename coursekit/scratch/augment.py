"""Chance in training: dropped units, mirrored and shifted pictures.

Each function takes its chance from `rng`, a `numpy.random.Generator`, so a seed repeats it.
"""

# Annotations are left unread: reading them would load numpy.random with the package.
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, array_of, numbers, whole
from coursekit.scratch.padding import pad2d


def dropout(x: ArrayLike, p: float, rng: np.random.Generator) -> Array:
    """Set each value to 0 with probability `p`; divide those kept by 1 - p.

    So the expected value of each stays what it was ("inverted" dropout), and nothing need be
    changed when the network is used.

    Parameters
    ----------
    x
        Numbers of any shape.
    p
        Probability of dropping, from 0 to 1.
    rng
        Source of chance.

    Returns
    -------
    ndarray
        Of the shape of `x`, float64.

    Raises
    ------
    ValueError
        When `p` is no probability.

    Examples
    --------
    >>> dropout(np.ones(4), 0.5, np.random.default_rng(0))
    array([2., 0., 0., 0.])
    """
    x = numbers("x", x).astype(np.float64)
    _probability(p)
    kept = rng.random(x.shape) >= p
    return np.where(kept, x / (1 - p), 0.0) if p < 1 else np.zeros_like(x)


def random_horizontal_flip(images: ArrayLike, rng: np.random.Generator, p: float = 0.5) -> Array:
    """Mirror each image, left for right, with probability `p`.

    Parameters
    ----------
    images
        (N, C, H, W); the type of the numbers is kept.
    rng
        Source of chance; every image has a choice of its own.
    p
        Probability of mirroring.

    Returns
    -------
    ndarray
        (N, C, H, W), a copy.

    Raises
    ------
    ValueError
        When `images` has not four axes or `p` is no probability.

    Examples
    --------
    >>> random_horizontal_flip([[[[1, 2, 3]]]], np.random.default_rng(0), p=1)
    array([[[[3, 2, 1]]]])
    """
    out = array_of("images", images, "N", "C", "H", "W").copy()
    _probability(p)
    for image in out:
        if rng.random() < p:
            image[...] = image[..., ::-1].copy()
    return out


def random_crop(images: ArrayLike, rng: np.random.Generator, padding: int = 4) -> Array:
    """Pad each image with zeros and cut out a piece of the old size at a random place.

    Parameters
    ----------
    images
        (N, C, H, W); the type of the numbers is kept.
    rng
        Source of chance; every image has a place of its own.
    padding
        Zeros on every side, so an image moves by at most this much.

    Returns
    -------
    ndarray
        (N, C, H, W).

    Raises
    ------
    ValueError
        When `images` has not four axes or `padding` is negative.

    Examples
    --------
    >>> random_crop([[[[1, 2, 3]]]], np.random.default_rng(0), padding=0)
    array([[[[1, 2, 3]]]])
    """
    images, padding = array_of("images", images, "N", "C", "H", "W"), whole("padding", padding, 0)
    height, width = images.shape[-2:]
    out = np.empty_like(images)
    for k, image in enumerate(images):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        out[k] = pad2d(image, padding)[:, top : top + height, left : left + width]
    return out


def _probability(p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"p is {p}; a probability from 0 to 1 was expected. For 30 % write 0.3.")
