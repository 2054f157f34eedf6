"""Images are arrays: fewer grey levels, fewer pixels, and how many bytes that takes."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, array_of, pixels, same_shape, whole


def quantize(image: ArrayLike, levels: int) -> Array:
    """Return the level number of each pixel: floor(pixel * levels / 256).

    Parameters
    ----------
    image
        (H, W) or (H, W, C), whole numbers from 0 to 255.
    levels
        How many levels there are; the numbers run from 0 to levels - 1.

    Returns
    -------
    ndarray
        int64, of the shape of `image`.

    Raises
    ------
    TypeError
        When the pixels or `levels` are not whole numbers.
    ValueError
        When a pixel is outside 0 to 255 or `levels` is below 1.

    Examples
    --------
    >>> quantize([[0, 63, 64, 255]], 4)
    array([[0, 0, 1, 3]])
    """
    grey = pixels("image", image, "H", "W", also=("H", "W", "C"))
    return grey * whole("levels", levels, 1) // 256


def sample(image: ArrayLike, step: int) -> Array:
    """Return every step-th row and column, from the first, as a copy.

    Parameters
    ----------
    image
        (H, W) or (H, W, C), any numbers.
    step
        1 keeps every pixel, 2 every second one.

    Raises
    ------
    TypeError
        When `step` is not a whole number.
    ValueError
        When `step` is below 1 or the image has neither two nor three axes.

    Examples
    --------
    >>> sample([[1, 2, 3], [4, 5, 6], [7, 8, 9]], 2)
    array([[1, 3],
           [7, 9]])
    """
    step = whole("step", step, 1)
    return array_of("image", image, "H", "W", also=("H", "W", "C"))[::step, ::step].copy()


def storage_bytes(height: int, width: int, channels: int = 1, bits: int = 8) -> int:
    """Return the whole bytes that an uncompressed image takes, rounded up.

    Parameters
    ----------
    height, width, channels
        Size of the image in pixels, and how many numbers a pixel has.
    bits
        Bits for each number; a byte has eight.

    Examples
    --------
    >>> storage_bytes(9, 9)
    81
    >>> storage_bytes(9, 9, channels=3)
    243
    >>> storage_bytes(3, 3, bits=1)  # nine bits need two bytes
    2
    """
    numbers = whole("height", height, 1) * whole("width", width, 1) * whole("channels", channels, 1)
    return (numbers * whole("bits", bits, 1) + 7) // 8


def image_facts(image: ArrayLike) -> dict[str, object]:
    """Return shape, smallest value, largest value and sum of an array.

    Examples
    --------
    >>> image_facts([[0, 87], [240, 24]])
    {'shape': (2, 2), 'min': 0, 'max': 240, 'sum': 351}
    """
    values = array_of("image", image)
    return {
        "shape": values.shape,
        "min": values.min().item(),
        "max": values.max().item(),
        "sum": values.sum().item(),
    }


def differing_cells(a: ArrayLike, b: ArrayLike) -> list[tuple[int, ...]]:
    """Return the places (row, column) where two arrays of one shape differ, in row order.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> differing_cells([[1, 2], [3, 4]], [[1, 0], [3, 5]])
    [(0, 1), (1, 1)]
    """
    first, second = array_of("a", a), array_of("b", b)
    same_shape("a", first, "b", second)
    return [tuple(int(i) for i in cell) for cell in np.argwhere(first != second)]
