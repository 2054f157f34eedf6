"""Kernels on photographs: bytes in, bytes out, and the strength of edges."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, numbers, pixels
from coursekit.scratch.convolution2d import conv2d_vectorized
from coursekit.scratch.kernels import KERNELS
from coursekit.scratch.padding import repeat_border


def filter_image(image: ArrayLike, kernel: ArrayLike) -> Array:
    """Filter a grey photograph and return one of the same size.

    The kernel is not turned. Border pixels are repeated outwards, sums are rounded to the nearest
    whole number (one that ends in .5 to the even neighbour, as `np.rint` does) and clipped.

    Parameters
    ----------
    image
        (H, W), whole numbers from 0 to 255.
    kernel
        (m, n), both odd, so that there is a middle cell.

    Returns
    -------
    ndarray
        (H, W), uint8.

    Raises
    ------
    TypeError
        When the pixels are not whole numbers.
    ValueError
        When a pixel is outside 0 to 255, a shape is wrong or a side of the kernel is even.

    Examples
    --------
    >>> filter_image([[0, 100, 255]], [[0, 0, 1]])  # each pixel takes its right neighbour's value
    array([[100, 255, 255]], dtype=uint8)
    """
    grey, weights = pixels("image", image, "H", "W"), numbers("kernel", kernel, "m", "n")
    m, n = weights.shape
    if m % 2 == 0 or n % 2 == 0:
        raise ValueError(
            f"kernel has shape {weights.shape}; both sides must be odd, so that there is a middle "
            f"cell. Add a row or a column of zeros."
        )
    sums = conv2d_vectorized(repeat_border(grey, (m // 2, n // 2)), weights)
    return np.clip(np.rint(sums), 0, 255).astype(np.uint8)


def gradient_magnitude(image: ArrayLike) -> Array:
    """Return the strength of the edge at each pixel: sqrt(gx^2 + gy^2) with the Sobel pair.

    Parameters
    ----------
    image
        (H, W), at least 3 x 3.

    Returns
    -------
    ndarray
        (H - 2, W - 2), float64: only where the kernels fit inside.

    Raises
    ------
    ValueError
        When the image is smaller than 3 x 3 or has not two axes.

    Examples
    --------
    >>> gradient_magnitude([[0, 0, 10], [0, 0, 10], [0, 0, 10]])
    array([[40.]])
    """
    gx = conv2d_vectorized(image, KERNELS["sobel_x"])
    gy = conv2d_vectorized(image, KERNELS["sobel_y"])
    magnitude: Array = np.sqrt(gx**2 + gy**2)
    return magnitude
