"""Right and wrong answers to sets 08 and 09, as students write them.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import math

import numpy as np
import scipy.ndimage
import scipy.special
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch.nn import functional


def relu_loops(x):
    out = np.array(x, dtype=float)
    for place in np.ndindex(out.shape):
        if out[place] < 0:
            out[place] = 0
    return out


def max_loops(x, size=2, stride=None):
    if stride is None:
        stride = size
    out = []
    for i in range(0, len(x) - size + 1, stride):
        row = []
        for j in range(0, len(x[0]) - size + 1, stride):
            best = x[i][j]
            for a in range(size):
                for b in range(size):
                    if x[i + a][j + b] > best:
                        best = x[i + a][j + b]
            row.append(best)
        out.append(row)
    return out


def max_windows(x, size=2, stride=None):
    stride = stride or size
    return sliding_window_view(x, (size, size))[::stride, ::stride].max(axis=(-2, -1))


def max_torch(x, size=2, stride=None):
    return functional.max_pool2d(torch.tensor(x, dtype=torch.float64)[None, None], size, stride)[
        0, 0
    ]


def max_in_two_passes(x, size=2, stride=None):
    stride = size if stride is None else stride
    down = [x[i : i + size].max(axis=0) for i in range(0, x.shape[0] - size + 1, stride)]
    down = np.array(down)
    across = [down[:, j : j + size].max(axis=1) for j in range(0, x.shape[1] - size + 1, stride)]
    return np.array(across).T


def max_from_zero(x, size=2, stride=None):
    if stride is None:
        stride = size
    h, w = (x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(size):
                for b in range(size):
                    out[i, j] = max(out[i, j], x[i * stride + a, j * stride + b])
    return out


def max_returned_inside(x, size=2, stride=None):
    stride = size if stride is None else stride
    out = np.zeros(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
        return out


def max_every_start(x, size=2, stride=None):
    return scipy.ndimage.maximum_filter(x, size)[::size, ::size]


def avg_loops(x, size=2, stride=None):
    stride = stride if stride else size
    out = np.zeros(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1))
    for i in range(len(out)):
        for j in range(len(out[0])):
            total = 0
            for a in range(size):
                for b in range(size):
                    total += x[i * stride + a, j * stride + b]
            out[i, j] = total / size**2
    return out


def avg_torch(x, size=2, stride=None):
    return functional.avg_pool2d(torch.tensor(x, dtype=torch.float32)[None, None], size, stride)[
        0, 0
    ]


def avg_of_its_own_type(x, size=2, stride=None):
    stride = size if stride is None else stride
    h, w = (x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1
    out = np.zeros((h, w), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            out[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].mean()
    return out


def avg_never_reset(x, size=2, stride=None):
    stride = size if stride is None else stride
    out, total = [], 0
    for i in range(0, x.shape[0] - size + 1, stride):
        row = []
        for j in range(0, x.shape[1] - size + 1, stride):
            total += x[i : i + size, j : j + size].sum()
            row.append(total / size**2)
        out.append(row)
    return out


def softmax_rows(z):
    if np.ndim(z) == 1:
        powers = [math.exp(s - max(z)) for s in z]
        return [p / sum(powers) for p in powers]
    return [softmax_rows(row) for row in z]


def softmax_naive(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def softmax_no_axis(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def softmax_clipped(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)


def price_loops(p, q):
    total = 0.0
    for truth, answer in zip(p, q, strict=True):
        for a, b in zip(truth, answer, strict=True):
            if a > 0:
                total -= a * np.log(b)
    return total / len(p)


def price_by_math(p, q):
    return -sum(a * math.log(b) for a, b in zip(p.ravel(), q.ravel(), strict=True) if a) / len(p)


def price_torch(p, q):
    return -torch.xlogy(torch.tensor(p), torch.tensor(q)).sum(dim=1).mean()


def error_loops(p, q):
    wrong = 0
    for truth, answer in zip(p, q, strict=True):
        if list(truth).index(max(truth)) != list(answer).index(max(answer)):
            wrong += 1
    return wrong / len(p)


RIGHT = {
    "relu": (
        lambda x: np.maximum(x, 0),
        relu_loops,
        lambda x: x * (x > 0),
        lambda x: np.where(x > 0, x, 0),
        lambda x: (x + abs(x)) / 2,
        lambda x: torch.relu(torch.tensor(x)),
        lambda x: x.clip(min=0),
        lambda x: np.maximum(0, x).tolist(),
    ),
    "max_pool2d": (
        max_windows,
        max_loops,
        max_torch,
        max_in_two_passes,
        lambda x, size=2, stride=None: max_windows(x, size, stride).astype(np.float32),
    ),
    "avg_pool2d": (
        lambda x, size=2, stride=None: sliding_window_view(x, (size, size))[
            :: stride or size, :: stride or size
        ].mean((2, 3)),
        avg_loops,
        avg_torch,
        lambda x, size=2, stride=None: avg_loops(x, size, stride).tolist(),
    ),
    "global_avg_pool2d": (
        lambda x: x.mean(axis=(1, 2)),
        lambda x: [m.mean() for m in x],
        lambda x: x.reshape(x.shape[0], -1).mean(axis=1),
        lambda x: x.mean(axis=2).mean(axis=1),
        lambda x: np.einsum("chw->c", x) / (x.shape[1] * x.shape[2]),
        lambda x: torch.tensor(x, dtype=torch.float32).mean(dim=(1, 2)),
    ),
    "flatten": (
        lambda maps: maps.flatten(),
        lambda maps: maps.reshape(-1).copy(),
        lambda maps: np.array([v for m in maps for row in m for v in row]),
        lambda maps: np.concatenate([m.ravel() for m in maps]),
        lambda maps: maps.ravel().tolist(),
        lambda maps: torch.tensor(maps).flatten(),
    ),
    "softmax": (
        lambda z: scipy.special.softmax(z, axis=-1),
        softmax_rows,
        lambda z: torch.softmax(torch.tensor(z, dtype=torch.float64), dim=-1),
        lambda z: np.exp(z - scipy.special.logsumexp(z, axis=-1, keepdims=True)),
        lambda z: (
            np.exp(z - np.max(z, -1)[..., None])
            / np.exp(z - np.max(z, -1)[..., None]).sum(-1)[..., None]
        ),
    ),
    "cross_entropy": (
        lambda p, q: -np.mean(np.sum(p * np.log(np.where(p > 0, q, 1)), axis=1)),
        price_loops,
        price_torch,
        lambda p, q: (
            scipy.special.rel_entr(p, q).sum(1).mean() + scipy.special.entr(p).sum(1).mean()
        ),
        lambda p, q: -np.sum(p[p > 0] * np.log(q[p > 0])) / len(p),
        lambda p, q: np.nansum(-p * np.log(q)) / p.shape[0],
        lambda p, q: -np.sum(p * np.log(q + (p == 0))) / len(p),
    ),
    "classification_error": (
        lambda p, q: np.mean(p.argmax(axis=1) != q.argmax(axis=1)),
        error_loops,
        lambda p, q: 1 - np.mean(p.argmax(1) == q.argmax(1)),
        lambda p, q: (torch.tensor(p).argmax(1) != torch.tensor(q).argmax(1)).float().mean().item(),
        lambda p, q: np.count_nonzero(np.argmax(p, 1) - np.argmax(q, 1)) / len(p),
    ),
}

WRONG = {
    "relu": (
        (lambda x: abs(x), "absolute_value"),
        (lambda x: np.maximum(x, 1), "another_number_for_negatives"),
        (lambda x: max(0, x.sum()), None),
        (lambda x: np.where(x < 0, x, 0), "keeps_the_negative"),
        (lambda x: [v for v in x.ravel() if v > 0], "leaves_numbers_out"),
        (lambda x: torch.nn.functional.gelu(torch.tensor(x, dtype=torch.float32)), None),
    ),
    "max_pool2d": (
        (max_from_zero, "starts_at_zero"),
        (lambda x, size=2, stride=None: max_windows(x, size, size), "stride_ignored"),
        (lambda x, size=2, stride=None: max_windows(x, 2, stride), "window_always_two"),
        (lambda x, size=2, stride=None: avg_loops(x, size, stride), "average_in_place_of_max"),
        (
            lambda x, size=2, stride=None: functional.max_pool2d(
                torch.tensor(x, dtype=torch.float64)[None, None], size, stride, ceil_mode=True
            )[0, 0],
            "more_than_result",  # PyTorch drops a window that begins beyond the border
        ),
        (max_every_start, None),
        (max_returned_inside, "stops_after_first"),
    ),
    "avg_pool2d": (
        (avg_of_its_own_type, "decimals_lost"),
        (lambda x, size=2, stride=None: 4 * avg_loops(x, size, stride), "constant_factor"),
        (max_windows, "max_in_place_of_average"),
        (avg_never_reset, "running_total"),
    ),
    "global_avg_pool2d": (
        (lambda x: [m.max() for m in x], "max_in_place_of_mean"),
        (lambda x: x.mean(axis=-1), "one_axis_left"),
        (lambda x: np.mean(x), "one_mean_for_all"),
        (lambda x: x.mean(axis=(0, 1)), "channels_last"),
    ),
    "flatten": (
        (lambda maps: maps.ravel(), "not_a_copy"),
        (lambda maps: np.moveaxis(maps, 0, -1).flatten(), "place_by_place"),
        (lambda maps: maps[0].flatten(), "maps_first_only"),
        (lambda maps: [m.flatten() for m in maps], "maps_kept_apart"),
        (lambda maps: maps.T.flatten(), "first_axis_first"),
    ),
    "softmax": (
        (softmax_naive, "overflows"),
        (softmax_no_axis, "whole_table"),
        (softmax_clipped, "scores_cut"),
        (lambda z: np.exp(-z) / np.exp(-z).sum(axis=-1, keepdims=True), "sign_turned"),
        (lambda z: z / z.sum(), "shares_of_scores"),
    ),
    "cross_entropy": (
        (lambda p, q: -np.sum(p * np.log(q), axis=1).mean(), "nan_for_zero"),
        (lambda p, q: -np.mean(p * np.log(q + 1e-15)), "mean_over_cells"),
        (lambda p, q: -np.sum(p * np.log2(q + 1e-15)) / len(p), "another_logarithm"),
        (lambda p, q: np.mean((p - q) ** 2), "squared_error"),
        (lambda p, q: -(p * np.log(q + 1e-7)).sum() / len(p), "something_added"),
        (lambda p, q: -(p * np.log(np.clip(q, 1e-12, 1))).sum() / len(p), "something_added"),
        (lambda p, q: -(p * np.log(np.where(q > 0, q, 1))).sum() / len(p), "true_class_free"),
        (price_by_math, None),  # Python's log of 0 is an error
        (lambda p, q: -np.log(q[p > 0]).mean(), None),
        (lambda p, q: -np.log(q[p == 1]).mean(), None),
    ),
    "classification_error": (
        (lambda p, q: np.mean(p.argmax(1) == q.argmax(1)), "accuracy"),
        (lambda p, q: (p.argmax(1) != q.argmax(1)).sum(), "count"),
        (lambda p, q: np.mean(np.round(q) != p), "above_one_half"),
        (lambda p, q: float((p.argmax(1) != q.argmax(1)).any()), "any_mistake"),
    ),
}
