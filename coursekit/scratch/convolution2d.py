"""Convolution in two dimensions: a small grid of weights slides over a picture.

Deep-learning libraries do not turn the kernel; mathematics turns it by half a turn first. Here no
function turns it unless `flip=True` is given, except `convolve2d_at`, which names its convention.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, Pair, must_fit, numbers, pair, same_shape, whole
from coursekit.scratch.padding import pad2d


def conv2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    flip: bool = False,
    stride: Pair = 1,
    padding: Pair = 0,
    mean: bool = False,
) -> Array:
    """Slide the kernel over the image; each place gives the sum of the products.

    Parameters
    ----------
    image
        (H, W), numbers. It is never changed.
    kernel
        (m, n), any sizes that fit.
    flip
        Turn the kernel by half a turn first: the convolution of mathematics.
    stride
        How many cells the kernel moves at a time: one number, or (down, right).
    padding
        Zeros on every side first: one number, or (above and below, left and right).
    mean
        Divide each sum by the number of weights.

    Returns
    -------
    ndarray
        (H - m + 1, W - n + 1) with stride 1 and no padding; int64 where both hold whole numbers
        and no mean is asked for, else float64.

    Raises
    ------
    ValueError
        When an argument has not two axes, or the kernel does not fit in the padded image.

    Examples
    --------
    >>> image = [[3, 5, 2], [9, 7, 5], [2, 0, 6]]
    >>> conv2d(image, [[1, 0], [0, 1]])
    array([[10, 10],
           [ 9, 13]])
    >>> conv2d(image, [[0, 0], [0, 1]], flip=True)
    array([[3, 5],
           [9, 7]])
    """
    image, kernel = pad2d(numbers("image", image, "H", "W"), padding), _weights(kernel, flip)
    must_fit("image", image.shape, "kernel", kernel.shape)
    m, n = kernel.shape
    down, right = pair("stride", stride, 1)
    rows, columns = (image.shape[0] - m) // down + 1, (image.shape[1] - n) // right + 1
    out = np.zeros((rows, columns), dtype=np.result_type(image, kernel))
    for i in range(rows):
        for j in range(columns):
            patch = image[i * down : i * down + m, j * right : j * right + n]
            out[i, j] = np.sum(patch * kernel)
    return out / kernel.size if mean else out


def conv2d_strided(
    image: ArrayLike, kernel: ArrayLike, stride: Pair = 1, padding: Pair = 0
) -> Array:
    """Return `conv2d` with a stride and with zeros on all four sides.

    Each side of the result has floor((n + 2 padding - kernel size) / stride) + 1 cells.

    Examples
    --------
    >>> conv2d_strided([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1]], stride=2)
    array([[1, 3],
           [7, 9]])
    """
    return conv2d(image, kernel, stride=stride, padding=padding)


def conv2d_vectorized(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    flip: bool = False,
    stride: Pair = 1,
    padding: Pair = 0,
    mean: bool = False,
) -> Array:
    """Return what `conv2d` returns, without loops in Python: fast enough for photographs.

    All patches are seen at once as an array (rows, columns, m, n), which costs no memory;
    `einsum` then multiplies each with the kernel and adds up.

    Examples
    --------
    >>> conv2d_vectorized([[1, 2], [3, 4]], [[1, 1]])
    array([[3],
           [7]])
    """
    image, kernel = pad2d(numbers("image", image, "H", "W"), padding), _weights(kernel, flip)
    must_fit("image", image.shape, "kernel", kernel.shape)
    down, right = pair("stride", stride, 1)
    patches = sliding_window_view(image, kernel.shape)[::down, ::right]
    out: Array = np.einsum("ijab,ab->ij", patches, kernel)
    return out / kernel.size if mean else out


def _weights(kernel: ArrayLike, flip: bool) -> Array:
    """Return the kernel as numbers, turned by half a turn where asked."""
    weights = numbers("kernel", kernel, "m", "n")
    return weights[::-1, ::-1] if flip else weights


def convolve2d_at(
    image: ArrayLike, kernel: ArrayLike, i: int, j: int, form: str = "previous"
) -> float:
    """Return one output value at row `i`, column `j`, by one of three formulas for convolution.

    Pixels outside the image count as 0.

    Parameters
    ----------
    image
        (H, W).
    kernel
        (m, n).
    i, j
        The place, counted from 0.
    form
        ``"previous"``: sum of image[i - a, j - b] * kernel[a, b], the convolution of mathematics;
        ``"succeeding"``: image[i + a, j + b], no turn, as libraries do;
        ``"centred"``: like the first, with the kernel's middle cell as its place 0.

    Raises
    ------
    ValueError
        When `form` is none of the three.

    Examples
    --------
    >>> image, kernel = [[3, 5, 2], [9, 7, 5], [2, 0, 6]], [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    >>> [convolve2d_at(image, kernel, 2, 2), convolve2d_at(image, kernel, 0, 0, "succeeding")]
    [21, 25]
    >>> convolve2d_at(image, kernel, 1, 1, "centred")
    21
    """
    image, kernel = numbers("image", image, "H", "W"), numbers("kernel", kernel, "m", "n")
    (height, width), (m, n) = image.shape, kernel.shape
    i, j = whole("i", i), whole("j", j)
    if form not in {"previous", "succeeding", "centred"}:
        raise ValueError(f"form is {form!r}; give 'previous', 'succeeding' or 'centred'.")
    sign = 1 if form == "succeeding" else -1
    middle_row, middle_column = (m // 2, n // 2) if form == "centred" else (0, 0)
    total = image.dtype.type(0)
    for a in range(m):
        for b in range(n):
            row, column = i + sign * (a - middle_row), j + sign * (b - middle_column)
            if 0 <= row < height and 0 <= column < width:
                total = total + image[row, column] * kernel[a, b]
    value: float = total.item()
    return value


def patch_terms(patch: ArrayLike, kernel: ArrayLike) -> dict[str, object]:
    """Return the products of a patch and a kernel in row order, their sum and their mean.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> patch_terms([[1, 2], [3, 4]], [[1, -1], [0, 1]])
    {'terms': [1, -2, 0, 4], 'sum': 3, 'mean': 0.75}
    """
    patch, kernel = numbers("patch", patch), numbers("kernel", kernel)
    same_shape("patch", patch, "kernel", kernel)
    terms = patch * kernel
    return {
        "terms": terms.ravel().tolist(),
        "sum": terms.sum().item(),
        "mean": terms.mean().item(),
    }


def match_score(patch: ArrayLike, pattern: ArrayLike) -> float:
    """Return the mean of the products of two arrays of -1 and 1: 1.0 for a perfect match.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> match_score([[1, -1], [-1, 1]], [[1, -1], [-1, 1]])
    1.0
    >>> match_score([[1, -1], [-1, 1]], [[1, 1], [1, 1]])
    0.0
    """
    patch, pattern = numbers("patch", patch), numbers("pattern", pattern)
    same_shape("patch", patch, "pattern", pattern)
    return float(np.mean(patch * pattern))
