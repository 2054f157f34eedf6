"""Backpropagation through a convolution: which weights and pixels had a share in each cell."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, must_fit, numbers


def conv2d_backward(x: ArrayLike, w: ArrayLike, grad_out: ArrayLike) -> tuple[Array, Array]:
    """Return the gradients of a loss by the image and by the kernel of `conv2d`.

    Parameters
    ----------
    x
        (H, W), the image that went in.
    w
        (m, n), the kernel.
    grad_out
        (H - m + 1, W - n + 1), the gradient of the loss by each cell of conv2d(x, w).

    Returns
    -------
    tuple
        (grad_x, grad_w), of the shapes of `x` and `w`.

    Raises
    ------
    ValueError
        When a shape is wrong.

    Examples
    --------
    >>> grad_x, grad_w = conv2d_backward([[1, 2, 3]], [[10, 20]], [[1, 1]])
    >>> grad_x
    array([[10, 30, 20]])
    >>> grad_w
    array([[3, 5]])
    """
    x, w, grad_out = (
        numbers("x", x, "H", "W"),
        numbers("w", w, "m", "n"),
        numbers("grad_out", grad_out, "H - m + 1", "W - n + 1"),
    )
    must_fit("x", x.shape, "w", w.shape)
    m, n = w.shape
    rows, columns = x.shape[0] - m + 1, x.shape[1] - n + 1
    if grad_out.shape != (rows, columns):
        raise ValueError(
            f"grad_out has shape {grad_out.shape}; conv2d gives ({rows}, {columns}) for x of shape "
            f"{x.shape} and w of shape {w.shape}. Give one gradient for each output cell."
        )
    grad_x = np.zeros(x.shape, dtype=np.result_type(w, grad_out))
    grad_w = np.zeros(w.shape, dtype=np.result_type(x, grad_out))
    for i in range(rows):
        for j in range(columns):
            grad_x[i : i + m, j : j + n] += w * grad_out[i, j]
            grad_w += x[i : i + m, j : j + n] * grad_out[i, j]
    return grad_x, grad_w
