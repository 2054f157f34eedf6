"""Named kernels: what each small grid of weights looks like, and what its numbers say."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, numbers

_GRIDS: dict[str, str] = {
    # Nothing, blur, sharpen
    "identity": "0 0 0 / 0 1 0 / 0 0 0",
    "ones": "1 1 1 / 1 1 1 / 1 1 1",
    "gauss_weighted": "0 1 0 / 1 4 1 / 0 1 0",
    "blur_5x5": "0 0 0 0 0 / 0 1 1 1 0 / 0 1 1 1 0 / 0 1 1 1 0 / 0 0 0 0 0",
    "sharpen": "0 -1 0 / -1 5 -1 / 0 -1 0",
    "sharpen_strong": "-1 -1 -1 / -1 9 -1 / -1 -1 -1",
    # Edges
    "edge_8": "1 1 1 / 1 -8 1 / 1 1 1",
    "laplacian": "0 1 0 / 1 -4 1 / 0 1 0",
    "edge_enhance": "0 0 0 / -1 1 0 / 0 0 0",
    "prewitt_x": "-1 0 1 / -1 0 1 / -1 0 1",
    "prewitt_y": "1 1 1 / 0 0 0 / -1 -1 -1",
    "sobel_x": "-1 0 1 / -2 0 2 / -1 0 1",
    "sobel_y": "1 2 1 / 0 0 0 / -1 -2 -1",
    "sobel_left": "1 0 -1 / 2 0 -2 / 1 0 -1",
    "roberts_x": "0 1 / -1 0",
    "roberts_y": "1 0 / 0 -1",
    # Lines
    "line_1": "-1 -1 -1 / 1 1 1 / 0 0 0",
    "line_2": "-1 1 0 / -1 1 0 / -1 1 0",
    "line_3": "0 0 0 / 1 1 1 / -1 -1 -1",
    "line_4": "0 1 -1 / 0 1 -1 / 0 1 -1",
    "filter1": "1 -1 -1 / -1 1 -1 / -1 -1 1",
    "filter2": "-1 1 -1 / -1 1 -1 / -1 1 -1",
    # Shapes
    "loopy": "1 1 1 / 1 -1 1 / 1 1 1",
    "ring": "1 1 1 / 1 -1 1 / 1 1 1",
    "ring_0": "1 1 1 / 1 0 1 / 1 1 1",
    "detector1": "0 0 1 / 1 0 0 / 0 1 1",
    "detector2": "0 1 0 / 0 0 0 / 1 1 1",
    "plus": "0 1 0 / 1 1 1 / 0 1 0",
    "plus_10": "0 10 0 / 10 10 10 / 0 10 0",
    "lower_right_ones": "0 0 1 / 0 1 1 / 1 1 1",
    "upper_left_ones": "1 1 1 / 1 1 0 / 1 0 0",
    "anti_diagonal_15": "0 0 15 / 0 15 0 / 15 0 0",
    # Of exercises
    "google": "1 0 0 / 1 1 0 / 0 0 1",
    "strided": "3 4 4 / 1 0 2 / -1 0 3",
}


def _read(text: str) -> Array:
    return np.array([[float(cell) for cell in row.split()] for row in text.split("/")])


def _named_kernels() -> dict[str, Array]:
    kernels = {name: _read(text) for name, text in _GRIDS.items()}
    across = np.array([1.0, 2.0, 1.0])
    wide = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    kernels["box"] = np.ones((3, 3)) / 9
    kernels["box_5x5"] = np.ones((5, 5)) / 25
    kernels["gaussian"] = np.outer(across, across) / 16
    kernels["gaussian_5x5"] = np.outer(wide, wide) / 256
    for array in kernels.values():
        array.flags.writeable = False
    return kernels


KERNELS: Mapping[str, Array] = MappingProxyType(_named_kernels())
"""Kernels by name, read-only; `kernel` gives a copy to change. Those called box and gaussian
add up to 1; `ones`, `gauss_weighted` and `blur_5x5` are blurs without a divisor."""


def kernel(name: str) -> Array:
    """Return a copy of a named kernel, float64, free to change.

    Parameters
    ----------
    name
        One of `KERNELS`; a hyphen will do for an underscore.

    Raises
    ------
    ValueError
        When there is no such kernel; the message lists the names.

    Examples
    --------
    >>> kernel("sobel_x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    found = KERNELS.get(str(name).replace("-", "_"))
    if found is None:
        raise ValueError(f"no kernel is called {name!r}. Choose one of: {', '.join(KERNELS)}.")
    return found.copy()


def normalize(kernel: ArrayLike) -> Array:
    """Return the kernel divided by its sum, so that flat areas keep their brightness.

    Where the sum is 0 (as of an edge kernel, or so close to 0 that only rounding is left) the
    kernel comes back unchanged.

    Parameters
    ----------
    kernel
        Numbers of any shape; never changed.

    Returns
    -------
    ndarray
        float64, of the same shape; a copy.

    Examples
    --------
    >>> normalize([[1, 1], [1, 1]])
    array([[0.25, 0.25],
           [0.25, 0.25]])
    >>> normalize([[-1, 1]])
    array([[-1.,  1.]])
    """
    weights = numbers("kernel", kernel).astype(np.float64)
    total = weights.sum()
    rounding = 1e-12 * np.abs(weights).sum()
    return weights if abs(total) <= rounding else np.asarray(weights / total)


def kernel_properties(kernel: ArrayLike) -> dict[str, object]:
    """Return what the numbers of a kernel say about it.

    Returns
    -------
    dict
        ``shape``; ``sum`` (what a flat area is multiplied by); ``abs_sum``; ``separable`` (one
        column times one row, rank one); ``same_after_180_turn`` (flip or no flip makes no
        difference); ``negated_after_180_turn`` (a flip changes the sign).

    Examples
    --------
    >>> kernel_properties([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])["negated_after_180_turn"]
    True
    >>> kernel_properties([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])["sum"]
    1
    """
    weights = numbers("kernel", kernel, "m", "n")
    turned = weights[::-1, ::-1]
    return {
        "shape": weights.shape,
        "sum": weights.sum().item(),
        "abs_sum": np.abs(weights).sum().item(),
        "separable": bool(np.linalg.matrix_rank(weights) == 1),
        "same_after_180_turn": bool(np.array_equal(weights, turned)),
        "negated_after_180_turn": bool(np.array_equal(weights, -turned)),
    }
