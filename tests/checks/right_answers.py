"""Right answers in many styles; each has to pass."""

import math
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal
import torch
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from torch.nn import functional


def conv1d_recursive(x, w):
    if len(x) < len(w):
        return []
    first = sum(a * b for a, b in zip(x, reversed(list(w)), strict=False))
    return [first, *conv1d_recursive(x[1:], w)]


def conv1d_matrix(x, w):
    rows = len(x) - len(w) + 1
    matrix = np.zeros((rows, len(x)))
    for i in range(rows):
        matrix[i, i : i + len(w)] = w[::-1]
    return matrix @ x


def conv1d_fourier(x, w):
    n = len(x) + len(w) - 1
    full = np.fft.ifft(np.fft.fft(x, n) * np.fft.fft(w, n))
    return full[len(w) - 1 : len(x)]


def conv1d_scatter(x, w):
    full = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        full[i : i + len(w)] += value * w
    return full[len(w) - 1 : len(x)]


def conv1d_torch(x, w):
    weights = torch.tensor(w.copy(), dtype=torch.float32, requires_grad=True)
    series = torch.tensor(x, dtype=torch.float32)
    return functional.conv1d(series[None, None], weights.flip(0)[None, None])[0, 0]


def conv2d_loops(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    out = []
    for i in range(h - m + 1):
        row = []
        for j in range(w - n + 1):
            total = 0
            for a in range(m):
                for b in range(n):
                    total += image[i + a][j + b] * kernel[a][b]
            row.append(total)
        out.append(row)
    return out


def conv2d_im2col(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    columns = [
        image[a : a + h - m + 1, b : b + w - n + 1].ravel() for a in range(m) for b in range(n)
    ]
    return (np.stack(columns, axis=1) @ kernel.ravel()).reshape(h - m + 1, w - n + 1)


def conv2d_shifts(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    return sum(
        kernel[a, b] * image[a : h - m + 1 + a, b : w - n + 1 + b].astype(float)
        for a in range(m)
        for b in range(n)
    )


def conv2d_strided(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    s0, s1 = image.strides
    view = as_strided(image, (h - m + 1, w - n + 1, m, n), (s0, s1, s0, s1))
    return np.tensordot(view, kernel, axes=2)


def conv2d_torch(image, kernel):
    image, kernel = (torch.tensor(a, dtype=torch.float64) for a in (image, kernel))
    return functional.conv2d(image[None, None], kernel[None, None])[0, 0]


def conv2d_torch_gradient(image, kernel):
    image = torch.tensor(image, dtype=torch.float32)
    kernel = torch.tensor(kernel, dtype=torch.float32, requires_grad=True)
    return functional.conv2d(image[None, None], kernel[None, None])[0, 0]


def conv2d_torch_floats_only(image, kernel):
    image, kernel = torch.from_numpy(image), torch.from_numpy(kernel)
    return functional.conv2d(image[None, None], kernel[None, None]).squeeze()


def conv2d_fourier(image, kernel):
    return scipy.signal.fftconvolve(image.astype(float), kernel[::-1, ::-1], mode="valid")


def conv2d_generators(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    values = (
        (image[i : i + m, j : j + n] * kernel).sum()
        for i in range(h - m + 1)
        for j in range(w - n + 1)
    )
    return np.fromiter(values, dtype=float).reshape(h - m + 1, -1)


def conv2d_on_lists(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    m, n = len(kernel), len(kernel[0])
    return tuple(
        tuple(
            sum(
                p * q
                for r, s in zip(image[i : i + m], kernel, strict=True)
                for p, q in zip(r[j : j + n], s, strict=True)
            )
            for j in range(len(image[0]) - n + 1)
        )
        for i in range(len(image) - m + 1)
    )


class Convolution:
    """A callable object, with a default argument that the check does not give."""

    def __call__(self, image, kernel, stride=1):
        return scipy.signal.correlate2d(image, kernel, mode="valid")[::stride, ::stride]


def general_conv2d(mode, image, kernel):
    return scipy.signal.correlate2d(image, kernel, mode=mode)


def quantize_by_search(image, levels):
    borders = [math.ceil(256 * k / levels) for k in range(1, levels)]
    return np.digitize(image, borders)


def quantize_table(image, levels):
    table = [grey * levels // 256 for grey in range(256)]
    return [[table[grey] for grey in row] for row in image.tolist()]


def sample_loops(image, step):
    rows = range(0, len(image), step)
    return [[image[i, j] for j in range(0, image.shape[1], step)] for i in rows]


def normalize_careful(kernel):
    total = float(np.sum(kernel))
    return kernel.copy() if abs(total) < 1e-12 else kernel / total


def filter_by_hand(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    out = np.empty((h, w), dtype=np.uint8)
    for i in range(h):
        for j in range(w):
            total = 0.0
            for a in range(m):
                for b in range(n):
                    r = min(max(i + a - m // 2, 0), h - 1)
                    c = min(max(j + b - n // 2, 0), w - 1)
                    total += float(image[r, c]) * kernel[a, b]
            out[i, j] = int(min(max(total, 0), 255) + 0.5)
    return out


def filter_scipy(image, kernel):
    values = scipy.ndimage.correlate(image.astype(float), kernel.astype(float), mode="nearest")
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def filter_torch(image, kernel):
    m, n = kernel.shape
    x = torch.tensor(image, dtype=torch.float32)[None, None]
    x = functional.pad(x, (n // 2, n // 2, m // 2, m // 2), mode="replicate")
    y = functional.conv2d(x, torch.tensor(kernel, dtype=torch.float32)[None, None])[0, 0]
    return y.round().clamp(0, 255).to(torch.uint8)


def filter_as_list(image, kernel):
    return filter_scipy(image, kernel).tolist()


def gradient_scipy(image):
    image = image.astype(float)
    return np.hypot(scipy.ndimage.sobel(image, 0), scipy.ndimage.sobel(image, 1))[1:-1, 1:-1]


def gradient_windows(image):
    view = sliding_window_view(image.astype(np.float32), (3, 3))
    x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    gx, gy = (np.einsum("ijab,ab->ij", view, k) for k in (x, x.T))
    return np.sqrt(gx**2 + gy**2)


def gradient_separable(image):
    p = image.astype(float)
    smooth_rows = p[:-2] + 2 * p[1:-1] + p[2:]
    smooth_columns = p[:, :-2] + 2 * p[:, 1:-1] + p[:, 2:]
    gx = smooth_rows[:, 2:] - smooth_rows[:, :-2]
    gy = smooth_columns[2:] - smooth_columns[:-2]
    return [[math.sqrt(a * a + b * b) for a, b in zip(r, s, strict=True)]
            for r, s in zip(gx, gy, strict=True)]  # fmt: skip


def loud(image, kernel):
    """Right, though it prints on the way."""
    print("size", image.shape)
    return conv2d_im2col(image, kernel)


RIGHT: dict[str, list[Callable[..., Any]]] = {
    "convolve1d": [
        lambda x, w: np.convolve(x, w, "valid"),
        lambda x, w: scipy.signal.convolve(x, w, mode="valid"),
        lambda x, w: sliding_window_view(x, len(w)) @ w[::-1],
        lambda x, w: deque(np.convolve(x, w, "valid").tolist()),
        lambda x, w: np.convolve(x, w, "valid").astype(np.float32),
        lambda x, w: np.matrix(np.convolve(x, w, "valid")).A1,
        conv1d_recursive,
        conv1d_matrix,
        conv1d_fourier,
        conv1d_scatter,
        conv1d_torch,
        lambda x, w: [torch.tensor(float(v), requires_grad=True) for v in conv1d_matrix(x, w)],
    ],
    "correlate1d": [
        lambda x, w: np.correlate(x, w, "valid"),
        lambda x, w: tuple(float(np.dot(x[i : i + len(w)], w)) for i in range(len(x) - len(w) + 1)),
        lambda x, w: [x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)],
        lambda x, w: np.array(conv1d_recursive(x, w[::-1]), dtype=object),
        lambda x, w: torch.tensor(x * 1.0).unfold(0, len(w), 1) @ torch.tensor(w * 1.0),
    ],
    "conv2d": [
        conv2d_loops,
        conv2d_im2col,
        conv2d_shifts,
        conv2d_strided,
        conv2d_torch,
        conv2d_torch_gradient,
        conv2d_torch_floats_only,
        conv2d_fourier,
        conv2d_generators,
        conv2d_on_lists,
        Convolution(),
        Convolution().__call__,
        partial(general_conv2d, "valid"),
        loud,
    ],
    "match_score": [
        lambda a, b: np.mean(a * b),
        lambda a, b: np.vdot(a, b) / a.size,
        lambda a, b: float(np.sum(a * b)) / a.size,
        lambda a, b: 2 * np.mean(a == b) - 1,
        lambda a, b: 1 - np.abs(a - b).mean(),
        lambda a, b: Fraction(int((a * b).sum()), a.size),
        lambda a, b: torch.tensor(a * b).mean(dtype=torch.float32),
        lambda a, b: (torch.from_numpy(a) * torch.from_numpy(b)).mean(),
        lambda a, b: np.mean(a * b, keepdims=True),
    ],
    "quantize": [
        lambda image, levels: image.astype(int) * levels // 256,
        lambda image, levels: np.floor(image / 256 * levels).astype(np.int64),
        lambda image, levels: (image.astype(np.uint32) * levels >> 8).astype(np.uint8),
        lambda image, levels: torch.tensor(image).long() * levels // 256,
        quantize_by_search,
        quantize_table,
    ],
    "sample": [
        lambda image, step: image[::step, ::step].copy(),
        lambda image, step: np.array(image[::step, ::step], dtype=float),
        lambda image, step: image[np.ix_(*(range(0, n, step) for n in image.shape))],
        lambda image, step: torch.tensor(image[::step, ::step]),
        sample_loops,
    ],
    "storage_bytes": [
        lambda height, width, channels=1, bits=8: math.ceil(height * width * channels * bits / 8),
        lambda height, width, channels=1, bits=8: (height * width * channels * bits + 7) // 8,
        lambda height, width, channels=1, bits=8: -(-height * width * channels * bits // 8),
        lambda height, width, channels=1, bits=8: np.int64(
            np.ceil(height * width * channels * bits / 8)
        ),
    ],
    "normalize": [
        normalize_careful,
        lambda kernel: kernel / (kernel.sum() or 1),
        lambda kernel: (kernel / (kernel.sum() or 1)).tolist(),
        lambda kernel: torch.tensor(kernel / (kernel.sum() or 1)),
        lambda kernel: np.divide(kernel, kernel.sum()) if kernel.sum() else kernel,
    ],
    "filter_image": [filter_by_hand, filter_scipy, filter_torch, filter_as_list],
    "gradient_magnitude": [gradient_scipy, gradient_windows, gradient_separable],
}

# Sets of NumPy functions that have a file of their own.
for file in sorted(Path(__file__).parent.glob("numpy_answers_*.py")):
    RIGHT |= import_module(file.stem).RIGHT
