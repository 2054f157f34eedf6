"""Wrong answers as students write them, apart from those that the checks name by.

Each stands with the name that is right for it; None where no name would be.
"""

import math
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal

Sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def conv1d(x, w, *, start=0, stop=0, turn=True, each=lambda total, w: total, step=1):
    """Loop as a beginner does; the options are the slips."""
    out = []
    for i in range(start, len(x) - len(w) + 1 + stop, step):
        total = 0
        for a in range(len(w)):
            total = total + x[i + a] * (w[len(w) - 1 - a] if turn else w[a])
        out.append(each(total, w))
    return out


def conv1d_never_reset(x, w):
    out, total = [], 0
    for i in range(len(x) - len(w) + 1):
        for a in range(len(w)):
            total += x[i + a] * w[-1 - a]
        out.append(total)
    return out


def conv1d_assigned(x, w):
    out = np.zeros(len(x) - len(w) + 1)
    for i in range(len(out)):
        for a in range(len(w)):
            out[i] = x[i + a] * w[-1 - a]
    return out


def conv1d_causal(x, w):
    return [sum(x[t - a] * w[a] for a in range(len(w)) if t - a >= 0) for t in range(len(x))]


def conv1d_circular(x, w):
    return [sum(x[(t - a) % len(x)] * w[a] for a in range(len(w))) for t in range(len(x))]


def conv1d_read_backwards(x, w):
    out = np.zeros(len(x) - len(w) + 1)
    for p in range(len(out)):
        for a in range(len(w)):
            out[p] += x[p - a] * w[a]
    return out


def conv1d_returns_early(x, w):
    out = np.zeros(len(x) - len(w) + 1)
    for place in range(len(out)):
        for a in range(len(w)):
            out[place] += x[place + a] * w[a]
        return out


def conv1d_in_int_array(x, w):
    out = np.zeros(len(x) - len(w) + 1, dtype=int)
    for i in range(len(out)):
        out[i] = np.sum(x[i : i + len(w)] * w[::-1])
    return out


def loops(image, kernel, *, rows=0, columns=0, down=1, right=1, finish=lambda s, k: s,
          dtype=float, m=None, n=None):  # fmt: skip
    """Two loops over places, with slips as options."""
    m, n = m or kernel.shape[0], n or kernel.shape[1]
    height, width = image.shape[0] - m + 1 + rows, image.shape[1] - n + 1 + columns
    out = np.zeros((len(range(0, height, down)), len(range(0, width, right))), dtype=dtype)
    for i, r in enumerate(range(0, height, down)):
        for j, c in enumerate(range(0, width, right)):
            patch = image[r : r + m, c : c + n]
            out[i, j] = finish((patch * kernel).sum(), kernel)
    return out


def conv2d_no_plus(image, kernel):
    (m, n), (h, w) = kernel.shape, image.shape
    out = np.zeros((h - m + 1, w - n + 1))
    for i in range(h - m + 1):
        for j in range(w - n + 1):
            for a in range(m):
                for b in range(n):
                    out[i, j] = image[i + a, j + b] * kernel[a, b]
    return out


def conv2d_total_outside(image, kernel):
    (m, n), (h, w) = kernel.shape, image.shape
    out, total = [], 0
    for i in range(h - m + 1):
        row = []
        for j in range(w - n + 1):
            for a in range(m):
                for b in range(n):
                    total += image[i + a, j + b] * kernel[a, b]
            row.append(total)
        out.append(row)
    return out


def conv2d_total_in_row_loop(image, kernel):
    (m, n), (h, w) = kernel.shape, image.shape
    out = np.zeros((h - m + 1, w - n + 1))
    for i in range(h - m + 1):
        for j in range(w - n + 1):
            for a in range(m):
                total = 0
                for b in range(n):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out


def conv2d_swapped_store(image, kernel):
    (m, n), (h, w) = kernel.shape, image.shape
    out = np.zeros((w - n + 1, h - m + 1))
    for i in range(h - m + 1):
        for j in range(w - n + 1):
            out[j, i] = np.sum(image[i : i + m, j : j + n] * kernel)
    return out


def same_padding(image, kernel):
    return scipy.ndimage.correlate(image * 1.0, kernel * 1.0, mode="constant")


def score_by_loop(patch, pattern):
    equal = 0
    for p, q in zip(patch.ravel().tolist(), pattern.ravel().tolist(), strict=True):
        if p == q:
            equal += 1
    return equal / patch.size


def plain_filter(image, kernel, mode="nearest", **options):
    return scipy.ndimage.correlate(image * 1.0, kernel * 1.0, mode=mode, **options)


def to_bytes(values):
    return np.clip(np.floor(values + 0.5), 0, 255).astype("uint8")


def border_copied(image, kernel):
    (m, n), (h, w) = kernel.shape, image.shape
    out = image.copy()
    for i in range(m // 2, h - m // 2):
        for j in range(n // 2, w - n // 2):
            patch = image[i - m // 2 : i + m // 2 + 1, j - n // 2 : j + n // 2 + 1]
            out[i, j] = to_bytes(np.sum(patch * 1.0 * kernel))
    return out


def sobel_pair(image, kernel_x=Sobel):
    image = image.astype(float)
    return (scipy.signal.correlate2d(image, k, mode="valid") for k in (kernel_x, kernel_x.T))


def gradient(combine):
    return lambda image: combine(*sobel_pair(image))


def gradient_in_bytes(image):
    # every product and every sum is a byte here
    gx, gy = (
        sum(
            image[a : a + len(image) - 2, b : b + image.shape[1] - 2] * k[a, b].astype(np.uint8)
            for a in range(3)
            for b in range(3)
        )
        for k in (Sobel, Sobel.T)
    )  # fmt: skip
    return np.sqrt(gx.astype(float) ** 2 + gy.astype(float) ** 2)


def gradient_of_pictures(image):
    gx, gy = (
        np.clip(np.round(plain_filter(image, k)), 0, 255).astype("uint8").astype(float)
        for k in (Sobel, -Sobel.T)
    )
    return np.sqrt(gx**2 + gy**2)


def conv_reading_back(image, kernel):
    (height, width), (m, n) = image.shape, kernel.shape
    out = np.zeros((height - m + 1, width - n + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = sum(image[i - a, j - b] * kernel[a, b] for a in range(m) for b in range(n))
    return out


def conv_returning_early(image, kernel):
    (height, width), (m, n) = image.shape, kernel.shape
    out = np.zeros((height - m + 1, width - n + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (image[i : i + m, j : j + n] * kernel).sum()
        return out


WRONG: dict[str, list[tuple[Callable[..., Any], str | None]]] = {
    "convolve1d": [
        (lambda x, w: np.correlate(x, w, "valid"), "no_flip"),
        (lambda x, w: conv1d(x, w, turn=False), "no_flip"),
        (lambda x, w: np.convolve(x[::-1], w[::-1], "valid"), "signal_flipped"),
        (lambda x, w: np.correlate(x[::-1], w, "valid"), "signal_flipped"),
        (lambda x, w: np.convolve(x, w), "full_length"),
        (lambda x, w: scipy.ndimage.convolve1d(x * 1.0, w, mode="constant"), "same_length"),
        (conv1d_causal, "starts_too_early"),
        (conv1d_circular, "wraps_around"),
        (lambda x, w: conv1d(x, w, stop=-1), "last_window_missing"),
        (lambda x, w: conv1d(x, w, start=1), "first_window_missing"),
        (lambda x, w: conv1d(x, w, each=lambda t, w: t / len(w)), "mean_of_products"),
        (lambda x, w: conv1d(x, w, each=lambda t, w: t / sum(w)), "divided_by_weights"),
        (lambda x, w: [sum(x[i : i + len(w)]) for i in range(len(x) - len(w) + 1)],
         "weights_ignored"),
        (conv1d_never_reset, "running_total"),
        (conv1d_assigned, "last_product_only"),
        (lambda x, w: [x[i : i + len(w)] * w[::-1] for i in range(len(x) - len(w) + 1)],
         "not_summed"),
        (lambda x, w: [max(x[i : i + len(w)] * w[::-1]) for i in range(len(x) - len(w) + 1)],
         "largest_product"),
        (lambda x, w: conv1d(x, w, step=len(w)), "jumps_windows"),
        (conv1d_in_int_array, "decimals_lost"),
        (conv1d_read_backwards, "negative_index"),
        (lambda x, w: conv1d_returns_early(x, w[::-1]), "stops_after_first"),
        # two mistakes at once, or one that nobody has foreseen
        (lambda x, w: conv1d(x, w, turn=False, stop=-1), None),
        (lambda x, w: conv1d(x, w, turn=False, each=lambda t, w: t / len(w)), None),
        (lambda x, w: np.convolve(x, w, "valid") + 1, "constant_offset"),
        (lambda x, w: np.convolve(np.abs(x), w, "valid"), "x_without_sign"),
        (lambda x, w: np.zeros(len(x) - len(w) + 1), "only_zeros"),
        (lambda x, w: np.convolve(x, w, "valid") * 1.001, "constant_factor"),
        (lambda x, w: np.convolve(x, w), "full_length"),
    ],
    "correlate1d": [
        (lambda x, w: np.convolve(x, w, "valid"), "kernel_flipped"),
        (lambda x, w: np.correlate(x, w, "full"), "full_length"),
        (lambda x, w: conv1d(x, w, turn=False, stop=-1), "last_window_missing"),
        (lambda x, w: conv1d(x, w, turn=False, each=lambda t, w: t / sum(w)),
         "divided_by_weights"),
        (lambda x, w: np.correlate(x, w, "valid")[::-1], "signal_flipped"),
        (lambda x, w: [int(v) for v in np.correlate(x, w, "valid")], "decimals_lost"),
        (conv1d_returns_early, "stops_after_first"),
        (lambda x, w: conv1d(x, w, turn=True, stop=-1), None),
        (lambda x, w: np.correlate(x, w, "full")[::-1], None),
    ],
    "conv2d": [
        (lambda image, kernel: loops(image, (kernel - kernel.mean()).T), None),
        (conv_reading_back, "negative_index"),
        (conv_returning_early, "stops_after_first"),
        (lambda image, kernel: scipy.signal.convolve2d(image, kernel, "valid"), "kernel_flipped"),
        (lambda image, kernel: loops(image, np.flipud(kernel)), "rows_flipped"),
        (lambda image, kernel: loops(image, np.fliplr(kernel)), "columns_flipped"),
        (lambda image, kernel: loops(image, kernel.T), "kernel_transposed"),
        (lambda image, kernel: loops(image.T, kernel), "image_transposed"),
        (conv2d_swapped_store, "output_transposed"),
        (lambda image, kernel: scipy.signal.correlate2d(image, kernel), "full_size"),
        (same_padding, "same_size"),
        (lambda image, kernel: loops(image, kernel, rows=-1, columns=-1), "last_place_missing"),
        (lambda image, kernel: loops(image, kernel)[1:, 1:], "first_place_missing"),
        (lambda image, kernel: loops(image, kernel, finish=lambda s, k: s / k.size),
         "mean_of_products"),
        (lambda image, kernel: loops(image, kernel, finish=lambda s, k: s / k.sum()),
         "kernel_normalized"),
        (lambda image, kernel: loops(image, np.ones(kernel.shape)), "kernel_ignored"),
        (conv2d_no_plus, "one_product"),
        (conv2d_total_outside, "running_total"),
        (conv2d_total_in_row_loop, "one_row_summed"),
        (lambda image, kernel: loops(image, kernel, down=kernel.shape[0], right=kernel.shape[1]),
         "jumps_kernel"),
        (lambda image, kernel: loops(image, kernel, finish=lambda s, k: max(s, 0)),
         "negatives_to_zero"),
        (lambda image, kernel: loops(image, kernel, dtype=int), "decimals_lost"),
        (lambda image, kernel: loops(image, kernel, dtype=image.dtype), "decimals_lost"),
        (lambda image, kernel: loops(image, kernel, m=kernel.shape[0], n=kernel.shape[0]),
         "taken_as_square"),
        # combinations and strange ones
        (lambda image, kernel: loops(image, kernel[::-1, ::-1], finish=lambda s, k: s / k.size),
         "other_weights"),
        (lambda image, kernel: loops(image, kernel[::-1, ::-1], rows=-1, columns=-1), None),
        (lambda image, kernel: loops(image, kernel, rows=-1), "last_places_missing"),
        (lambda image, kernel: loops(image, np.rot90(kernel)), "kernel_quarter_turn"),
        (lambda image, kernel: loops(image, kernel) + 0.01, "constant_offset"),
        (lambda image, kernel: np.sum(image), None),
        (lambda image, kernel: loops(image, kernel).ravel(), "result_flattened"),
        (lambda image, kernel: loops(image, kernel)[None, None], "axis_too_many"),
        (lambda image, kernel: loops(image, np.abs(kernel)), "kernel_without_sign"),
    ],
    "match_score": [
        (lambda a, b: np.sum(a * b) / (a.size + 1), "factor_of_sizes"),
        (lambda a, b: float(sum(p * q for p, q in zip(a.flat, b.flat, strict=True))) / 9.0,
         "divided_by_nine"),
        (lambda a, b: np.sum(a * b), "sum_not_mean"),
        (score_by_loop, "share_of_equal_cells"),
        (lambda a, b: np.count_nonzero(a == b), "count_of_equal_cells"),
        (lambda a, b: sum(sum(a * b)) / len(a), "divided_by_rows"),
        (lambda a, b: np.abs(np.mean(a * b)), "sign_lost"),
        (lambda a, b: np.maximum(0, np.mean(a * b)), "below_zero_cut"),
        (lambda a, b: 1 - np.mean(a == b), "share_of_unequal_cells"),
        (lambda a, b: np.sum(a * b) // a.size, "decimals_lost"),
        (lambda a, b: np.mean(a * b, axis=0), "one_score_per_line"),
        (lambda a, b: np.mean(b), "one_array_only"),
        (lambda a, b: 1.0 if np.array_equal(a, b) else 0.0, "all_or_nothing"),
        (lambda a, b: -np.mean(a * b), "result_negated"),
        (lambda a, b: np.mean(a + b), "added_not_multiplied"),
        (lambda a, b: np.mean(a * b) ** 2, None),
        (lambda a, b: 1.0, "same_answer_always"),
    ],
    "quantize": [
        (lambda im, n: np.searchsorted(np.quantile(im, np.linspace(0, 1, n + 1)[1:-1]), im),
         "levels_by_image"),
        (lambda im, n: np.round(im.astype(float) * n / 256).astype(int), "rounded"),
        (lambda im, n: (im.astype(float) * n / 256 + 0.5).astype(int), "rounded"),
        (lambda im, n: (im.astype(int) * (n - 1)) // 255, "one_level_less"),
        (lambda im, n: (im.astype(int) * n) // 255, "divided_by_255"),
        (lambda im, n: (im.astype(int) * n // 256 + 1), "counts_from_one"),
        (lambda im, n: im.astype(int) // n, "divided_by_levels"),
        (lambda im, n: im.astype(int) // (256 // n), "whole_width"),
        (lambda im, n: np.floor(im * np.uint8(n % 256) / 256.0).astype(int), "bytes_overflow"),
        (lambda im, n: (im.astype(int) * n // 256) * (256 // n), "grey_values"),
        (lambda im, n: np.minimum(im.astype(int) * n // 255, n - 1),
         "divided_by_255_and_cut"),
        (lambda im, n: im.astype(int) * n / 256, "not_rounded"),
        (lambda im, n: im.astype(int) // 256 * n, "bytes_overflow"),
        (lambda im, n: im, "outside_the_levels"),
    ],
    "sample": [
        (lambda im, s: np.roll(im, -1, axis=(0, 1))[::s, ::s],
         "other_rows_or_columns"),
        (lambda im, s: im[s - 1 :: s, s - 1 :: s] + 0, "starts_late"),
        (lambda im, s: np.array(im[::s]), "rows_only"),
        (lambda im, s: np.array(im[:, ::s]), "columns_only"),
        (lambda im, s: np.kron(im, np.ones((s, s), int)), "pixels_repeated"),
        (lambda im, s: im[::s][:, ::s], "not_a_copy"),
        (lambda im, s: np.where(np.add.outer(np.arange(len(im)) % s, np.arange(im.shape[1]) % s)
                                == 0, im, 0), "size_kept"),
        (lambda im, s: im[::s, ::s].T.copy(), "result_transposed"),
        (lambda im, s: im[::2, ::2].copy(), "step_ignored"),
        (lambda im, s: np.array(im[::s][::s]), "rows_twice"),
        (lambda im, s: im[0:s, 0:s] + 0, "corner_cut_out"),
        (lambda im, s: im.copy(), "step_ignored"),
    ],
    "storage_bytes": [
        (lambda h, w, channels=1, bits=8: math.floor(h * w * channels * bits / 8), "rounded_down"),
        (lambda h, w, channels=1, bits=8: h * w * channels * bits / 8.0, "not_rounded"),
        (lambda h, w, channels=1, bits=8: h * w * channels * bits, "bits_not_bytes"),
        (lambda h, w, channels=1, bits=8: math.ceil(h * w * bits / 8), "channels_forgotten"),
        (lambda h, w, channels=1, bits=8: h * w * channels, "bits_forgotten"),
        (lambda h, w, channels=1, bits=8: h * w * channels * math.ceil(bits / 8),
         "each_value_rounded"),
        (lambda h, w, channels=1, bits=8: int(h * w * channels * bits / 8) + 1,
         "always_one_more"),
        (
            lambda h, w, channels=1, bits=8: h * w * channels * (bits // 8),
            "each_value_rounded_down",
        ),
        (lambda h, w, channels=3, bits=8: math.ceil(h * w * channels * bits / 8), None),
    ],
    "normalize": [
        (lambda k: k / 2 if abs(k.sum()) < 1 else k / k.sum(), None),
        (lambda k: k / np.max(k) if np.max(k) != 0 else k + 0, "divided_by_max"),
        (lambda k: k / np.sum(np.abs(k)) if np.any(k) else k + 0, "divided_by_absolute_sum"),
        (lambda k: np.array([[v / k.size for v in row] for row in k]), "divided_by_count"),
        (lambda k: np.divide(k, k.max()), "divided_by_max"),
        (lambda k: np.true_divide(k, k.sum()), "zero_sum_divided"),
        (lambda k: np.zeros(k.shape) if k.sum() == 0 else k / k.sum(), "zero_sum_to_zeros"),
        (lambda k: [[v / k.sum() if k.sum() > 0 else v for v in row] for row in k],
         "negative_sum_unchanged"),
        (lambda k: k.copy(), "nothing_divided"),
        (lambda k: k / (k.sum() or 1) / 2, "constant_factor"),
        (lambda k: k / (k.sum() + 0.01), "another_divisor"),
        (lambda k: np.round(k / (k.sum() or 1), 2), "rounded_to_few_digits"),
    ],
    "filter_image": [
        (lambda im, k: to_bytes(plain_filter(im, k, "constant") + 3), None),
        (lambda im, k: to_bytes(scipy.ndimage.convolve(im * 1.0, k * 1.0, mode="nearest")),
         "kernel_flipped"),
        (lambda im, k: to_bytes(plain_filter(im, k, "constant")), "zero_border"),
        (lambda im, k: to_bytes(plain_filter(im, k, "reflect")), "mirrored_border"),
        (lambda im, k: to_bytes(plain_filter(im, k, "wrap")), "wrapped_border"),
        (border_copied, "border_untouched"),
        (lambda im, k: np.rint(plain_filter(im, k)).astype(int).astype(np.uint8), "bytes_wrap"),
        (lambda im, k: np.clip(plain_filter(im, k), 0, 255).astype(np.uint8), "decimals_cut"),
        (lambda im, k: to_bytes(np.abs(plain_filter(im, k))), "sign_lost"),
        (lambda im, k: to_bytes(plain_filter(im, k) / (np.sum(k) or 1)), "kernel_normalized"),
        (lambda im, k: to_bytes(scipy.ndimage.convolve(im * 1.0, k * 1.0, mode="constant")), None),
        (lambda im, k: np.rint(plain_filter(im, k)), "not_clipped"),
        (lambda im, k: im, "other_weights"),
        (lambda im, k: 255 - to_bytes(plain_filter(im, k)), "inverted"),
    ],
    "gradient_magnitude": [
        # no pair of kernels: with a third length, and the spread of the patch
        (gradient(lambda x, y: np.sqrt(x * x + y * y + x[::-1, ::-1] ** 2)), None),
        (lambda im: scipy.ndimage.generic_filter(im * 1.0, np.std, 3)[1:-1, 1:-1], None),
        (gradient(lambda x, y: abs(x) + abs(y)), "absolute_sum"),
        (gradient(lambda x, y: x * x + y * y), "root_forgotten"),
        (gradient(lambda x, y: np.sqrt(x * x)), "one_direction"),
        (gradient(lambda x, y: abs(x + y)), "squares_forgotten"),
        (gradient(lambda x, y: np.hypot(x, y).astype(int)), "decimals_lost"),
        (gradient(lambda x, y: np.clip(np.hypot(x, y), 0, 255)), "clipped"),
        (gradient(lambda x, y: np.hypot(x, y) / max(np.hypot(x, y).max(), 1e-300)), "scaled"),
        (lambda im: np.hypot(*(scipy.ndimage.sobel(im * 1.0, a, mode="constant")
                               for a in (0, 1))), "same_size"),
        (lambda im: np.hypot(*sobel_pair(im, np.array([[-1, 0, 1]] * 3))), "other_weights"),
        (gradient(lambda x, y: np.sqrt((x - y) ** 2)), "squares_forgotten"),
        (gradient(lambda x, y: to_bytes(np.hypot(x, y))), "bytes_returned"),
        (lambda im: gradient_of_pictures(im), "made_of_pictures"),
        (lambda im: gradient_of_pictures(im)[1:-1, 1:-1], "made_of_pictures"),
        (gradient_in_bytes, None),
        (gradient(lambda x, y: np.arctan2(y, x)), "direction_not_size"),
        (gradient(lambda x, y: np.hypot(x, y) * 2), "constant_factor"),
    ],
}  # fmt: skip

# Sets of NumPy functions that have a file of their own.
for file in sorted(Path(__file__).parent.glob("numpy_answers_*.py")):
    WRONG |= import_module(file.stem).WRONG
