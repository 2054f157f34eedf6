"""Padding: a frame round a picture, so that the kernel reaches the border."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, Pair, array_of, pair


def pad2d(image: ArrayLike, padding: Pair) -> Array:
    """Return a larger image with `padding` zeros on all four sides.

    Parameters
    ----------
    image
        (H, W), or (C, H, W) to pad every channel; the type of the numbers is kept.
    padding
        One number, or (above and below, left and right).

    Returns
    -------
    ndarray
        (H + 2 padding, W + 2 padding), always a copy.

    Raises
    ------
    TypeError
        When `padding` is not a whole number.
    ValueError
        When it is negative, or the image has neither two nor three axes.

    Examples
    --------
    >>> pad2d([[1, 2]], 1)
    array([[0, 0, 0, 0],
           [0, 1, 2, 0],
           [0, 0, 0, 0]])
    """
    image = array_of("image", image, "H", "W", also=("C", "H", "W"))
    top, left = pair("padding", padding, 0)
    height, width = image.shape[-2:]
    out = np.zeros((*image.shape[:-2], height + 2 * top, width + 2 * left), dtype=image.dtype)
    out[..., top : top + height, left : left + width] = image
    return out


def repeat_border(image: ArrayLike, padding: Pair) -> Array:
    """Return a larger image whose frame repeats the pixels of the border.

    Arguments and errors are those of `pad2d`. Zeros would darken the edge of a blurred photograph.

    Examples
    --------
    >>> repeat_border([[1, 2]], 1)
    array([[1, 1, 2, 2],
           [1, 1, 2, 2],
           [1, 1, 2, 2]])
    """
    image = array_of("image", image, "H", "W")
    top, left = pair("padding", padding, 0)
    return np.pad(image, ((top, top), (left, left)), mode="edge")
