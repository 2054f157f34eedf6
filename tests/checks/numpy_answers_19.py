"""Right and wrong answers to set 19, as students write them.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import numpy as np
import scipy.signal
import torch
from numpy.lib.stride_tricks import sliding_window_view

correlate, convolve = scipy.signal.correlate2d, scipy.signal.convolve2d


def backward_cells(x, w, grad_out):
    """Share out every output cell, number by number, on lists."""
    (m, n), (rows, columns) = w.shape, grad_out.shape
    grad_x = [[0.0] * x.shape[1] for _ in range(x.shape[0])]
    grad_w = [[0.0] * n for _ in range(m)]
    for i in range(rows):
        for j in range(columns):
            for a in range(m):
                for b in range(n):
                    grad_x[i + a][j + b] += w[a, b] * grad_out[i, j]
                    grad_w[a][b] += x[i + a, j + b] * grad_out[i, j]
    return grad_x, grad_w


def backward_windows(x, w, grad_out):
    m, n = w.shape
    padded = np.pad(grad_out, ((m - 1, m - 1), (n - 1, n - 1)))
    grad_x = np.einsum("ijab,ab->ij", sliding_window_view(padded, w.shape), np.rot90(w, 2))
    return grad_x, np.einsum("ijab,ij->ab", sliding_window_view(x, w.shape), grad_out)


def backward_weights(x, w, grad_out):
    """One weight at a time: it moves the map."""
    rows, columns = grad_out.shape
    grad_x, grad_w = np.zeros(x.shape), np.zeros(w.shape)
    for a, b in np.ndindex(w.shape):
        grad_x[a : a + rows, b : b + columns] += w[a, b] * grad_out
        grad_w[a, b] = (x[a : a + rows, b : b + columns] * grad_out).sum()
    return grad_x, grad_w


def backward_autograd(x, w, grad_out):
    x, w = (torch.tensor(array, requires_grad=True) for array in (x, w))
    out = torch.nn.functional.conv2d(x[None, None], w[None, None])[0, 0]
    out.backward(torch.tensor(grad_out, dtype=out.dtype))
    return x.grad, w.grad


def backward_nudging(x, w, grad_out):
    """Linear in each: a step of one is exact."""

    def slopes(array, loss):
        found = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            one = np.zeros(array.shape)
            one[place] = 1
            found[place] = loss(array + one) - loss(array)
        return found

    return (
        slopes(x, lambda a: (correlate(a, w, "valid") * grad_out).sum()),
        slopes(w, lambda a: (correlate(x, a, "valid") * grad_out).sum()),
    )  # fmt: skip


def backward_matrix(x, w, grad_out):
    """The convolution as one large matrix, by the picture and by the kernel."""
    by_x = np.zeros((grad_out.size, x.size))
    by_w = np.zeros((grad_out.size, w.size))
    for place, (i, j) in enumerate(np.ndindex(grad_out.shape)):
        for a, b in np.ndindex(w.shape):
            by_x[place, (i + a) * x.shape[1] + j + b] += w[a, b]
            by_w[place, a * w.shape[1] + b] += x[i + a, j + b]
    g = grad_out.ravel()
    return [(g @ by_x).reshape(x.shape), (g @ by_w).reshape(w.shape)]


def backward_in_their_type(x, w, grad_out):
    """Refuses out loud to add fractions to whole numbers."""
    m, n = w.shape
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(grad_out.shape):
        grad_x[i : i + m, j : j + n] += w * grad_out[i, j]
        grad_w += x[i : i + m, j : j + n] * grad_out[i, j]
    return grad_x, grad_w


RIGHT = {
    "conv2d_backward": [
        backward_cells,
        backward_windows,
        backward_weights,
        backward_autograd,
        backward_nudging,
        backward_matrix,
        backward_in_their_type,
        lambda x, w, g: (convolve(g, w, "full"), correlate(x, g, "valid")),
        lambda x, w, g: (np.float32(convolve(g, w)), torch.tensor(correlate(x, g, "valid"))),
    ]
}


def looping(x, w, g, *, grad_x=None, grad_w=None, last=0, assign=False, cut=False):
    """Share out output cells, with slips as options."""
    m, n = w.shape
    grad_x = np.zeros(x.shape) if grad_x is None else grad_x
    grad_w = np.zeros(w.shape) if grad_w is None else grad_w
    for i in range(g.shape[0] - last):
        for j in range(g.shape[1] - last):
            if assign:
                grad_x[i : i + m, j : j + n] = w * g[i, j]
                grad_w = x[i : i + m, j : j + n] * g[i, j]
                continue
            grad_x[i : i + m, j : j + n] += w * g[i, j]
            grad_w = grad_w + x[i : i + m, j : j + n] * g[i, j]
            if cut:
                return grad_x, grad_w
    return grad_x, grad_w


def one_number_at_a_time_in_their_type(x, w, g):
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(g.shape):
        for a, b in np.ndindex(w.shape):
            grad_x[i + a, j + b] += w[a, b] * g[i, j]
            grad_w[a, b] += x[i + a, j + b] * g[i, j]
    return grad_x, grad_w


def overwriting_grad_out(x, w, g):
    result = backward_windows(x, w, g.copy())
    g[...] = 0
    return result


def in_the_picture_itself(x, w, g):
    before = x.copy()
    x[...] = 0 * x
    grad_x = backward_weights(before, w, g)[0]
    x[...] = grad_x
    return x, backward_weights(before, w, g)[1]


WRONG = {
    "conv2d_backward": [
        (lambda x, w, g: (correlate(g, w, "full"), correlate(x, g, "valid")), "kernel_not_turned"),
        (lambda x, w, g: (correlate(g, w[::-1], "full"), correlate(x, g, "valid")),
         "kernel_half_turned"),
        (lambda x, w, g: (correlate(g, w[:, ::-1], "full"), correlate(x, g, "valid")),
         "kernel_half_turned"),
        (lambda x, w, g: (correlate(g, w.T, "full"), correlate(x, g, "valid")),
         "kernel_transposed"),
        (lambda x, w, g: (convolve(g, w, "same"), correlate(x, g, "valid")), "same_size"),
        (lambda x, w, g: (correlate(g, w, "same"), correlate(x, g, "valid")), "same_size"),
        (lambda x, w, g: (convolve(g, w, "valid"), correlate(x, g, "valid")),
         ("valid_not_full", None)),
        (lambda x, w, g: (convolve(g, w), convolve(x, g, "valid")), "grad_out_turned"),
        (lambda x, w, g: (correlate(g, w), convolve(x, g, "valid")), "grad_out_turned"),
        (lambda x, w, g: (convolve(g, w), np.rot90(correlate(x, g, "valid"), 2)), "grad_w_turned"),
        (lambda x, w, g: (correlate(x, g, "valid"), convolve(g, w)), "outputs_swapped"),
        (lambda x, w, g: (convolve(g, w), convolve(g, w)), "one_for_both"),
        (lambda x, w, g: looping(x, w, g, assign=True), "assigned_not_added"),
        (lambda x, w, g: looping(x, w, g, grad_w=w), "starts_from_argument"),
        (lambda x, w, g: looping(x * 1.0, w, g, grad_x=x * 1.0), "starts_from_argument"),
        (lambda x, w, g: looping(x, w, g, last=1), "last_places_missing"),
        (lambda x, w, g: looping(x, w, g, cut=True), "stops_after_first"),
        (lambda x, w, g: looping(x, w, np.ones(g.shape)), "grad_out_ignored"),
        (lambda x, w, g: (looping(x, w, g)[0], looping(x, w, np.ones(g.shape))[1]),
         "grad_out_ignored"),
        (lambda x, w, g: (looping(x, w, g)[0], looping(x, w, g)[1] / g.size), "averaged"),
        (lambda x, w, g: tuple(-a for a in looping(x, w, g)), "sign_turned"),
        (lambda x, w, g: tuple(2 * a for a in looping(x, w, g)), "constant_factor"),
        (lambda x, w, g: tuple(a - b for a, b in zip((x, w), looping(x, w, g), strict=True)),
         "step_taken"),
        (lambda x, w, g: tuple(a - 0.1 * b for a, b in zip((x, w), looping(x, w, g), strict=True)),
         "step_taken"),
        (lambda x, w, g: (looping(x, w, g)[0], w * looping(x, w, g)[1]), "times_itself"),
        (lambda x, w, g: (convolve(np.pad(g, 2), w, "valid"), correlate(x, g, "valid")),
         ("frame_of_other_width", None)),
        (lambda x, w, g: (convolve(x, w), correlate(x, g, "valid")), "image_slid"),
        (lambda x, w, g: (convolve(g[::-1, ::-1], w), correlate(x, g, "valid")),
         "grad_out_turned"),
        (lambda x, w, g: tuple(a.T for a in looping(x, w, g)), "gradient_transposed"),
        (one_number_at_a_time_in_their_type, "decimals_lost"),
        (overwriting_grad_out, "argument_overwritten"),
        (in_the_picture_itself, ("argument_overwritten", "decimals_lost")),
        (lambda x, w, g: (convolve(g, w), correlate(x, g, "valid") + 1), None),
        (lambda x, w, g: (np.zeros(x.shape), correlate(x, g, "valid")), "left_at_zero"),
        (lambda x, w, g: convolve(g, w), None),
        (lambda x, w, g: (convolve(g, w), None), None),
        (lambda x, w, g: [convolve(g, w), correlate(x, g, "valid"), g], None),
    ],
}  # fmt: skip
