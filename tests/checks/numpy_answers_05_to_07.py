"""Right and wrong answers to sets 05 to 07; a wrong one stands with its name, None for none."""

import math

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d
from torch.nn import functional


def places_one_by_one(n, kernel_size, stride=1, padding=0):
    start, places = -padding, 0
    while start + kernel_size <= n + padding:
        places += 1
        start += stride
    return places


def size_from_torch(n, kernel_size, stride=1, padding=0):
    ones = torch.ones(1, 1, n), torch.ones(1, 1, kernel_size)
    return functional.conv1d(*ones, stride=stride, padding=padding).shape[-1]


def pad_by_joining(image, padding):
    height, width = image.shape
    side = np.zeros((height, padding))
    middle = np.hstack([side, image, side])
    edge = np.zeros((padding, width + 2 * padding))
    return np.vstack([edge, middle, edge])


def pad_on_lists(image, padding):
    width = image.shape[1] + 2 * padding
    rows = [[0] * padding + list(row) + [0] * padding for row in image]
    edge = [[0] * width for _ in range(padding)]
    return [*edge, *rows, *edge]


def strided_loops(image, kernel, stride=1, padding=0):
    framed = np.pad(image, padding)
    m, n = kernel.shape
    rows = (framed.shape[0] - m) // stride + 1
    columns = (framed.shape[1] - n) // stride + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            r, c = i * stride, j * stride
            out[i, j] = (framed[r : r + m, c : c + n] * kernel).sum()
    return out


def strided_torch(image, kernel, stride=1, padding=0):
    return functional.conv2d(
        torch.tensor(image * 1.0)[None, None],
        torch.tensor(kernel * 1.0)[None, None],
        stride=stride,
        padding=padding,
    )[0, 0]


def every_place(image, kernel):
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel)


def strided_windows(image, kernel, stride=1, padding=0):
    windows = sliding_window_view(np.pad(image, padding), kernel.shape)[::stride, ::stride]
    return np.einsum("ijab,ab->ij", windows, kernel)


def frame_by_negative_slice(image, padding):
    out = np.zeros((image.shape[0] + 2 * padding, image.shape[1] + 2 * padding))
    out[padding:-padding, padding:-padding] = image
    return out


def frame_to_the_old_sides(image, padding):
    out = np.zeros((image.shape[0] + 2 * padding, image.shape[1] + 2 * padding))
    out[padding : image.shape[0], padding : image.shape[1]] = image[padding:, padding:]
    return out


def strided_from_pixels(image, kernel, stride=1, padding=0):
    return every_place(np.pad(image, padding)[::stride, ::stride], kernel)


def strided_short(image, kernel, stride=1, padding=0):
    framed = np.pad(image, padding)
    m, n = kernel.shape
    out = np.zeros(((framed.shape[0] - m) // stride + 1, (framed.shape[1] - n) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (framed[i : i + m, j : j + n] * kernel).sum()
    return out


def volume_boxes(x, w, b, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    f = w.shape[-1]
    rows, columns = ((side - f) // stride + 1 for side in x.shape[1:])
    out = np.zeros((len(w), rows, columns))
    for k, i, j in np.ndindex(*out.shape):
        r, c = i * stride, j * stride
        out[k, i, j] = (x[:, r : r + f, c : c + f] * w[k]).sum() + b[k]
    return out


def volume_torch(x, w, b, stride=1, padding=0):
    x, w, b = (torch.tensor(a, dtype=torch.float32) for a in (x, w, b))
    return functional.conv2d(x[None], w, b, stride=stride, padding=padding)[0]


def volume_planes(x, w, b, stride=1, padding=0, *, add=1, begin=0):
    """Add the planes of each filter; the options are slips."""
    maps = []
    for kernels, bias in zip(w, b, strict=True):
        total = begin
        for channel, kernel in zip(x, kernels, strict=True):
            total = add * total + strided_loops(channel, kernel, stride, padding)
        maps.append(total + bias)
    return maps


def volume_einsum(x, w, b, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(x, w.shape[-2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijab,kcab->kij", windows, w) + b[:, None, None]


def volume_bias_inside(x, w, b, stride=1, padding=0):
    return [
        sum(strided_loops(x[c], w[k][c], stride, padding) + b[k] for c in range(len(x)))
        for k in range(len(w))
    ]


def volume_pads_all_axes(x, w, b, stride=1, padding=0):
    framed = np.pad(x, padding)
    return [
        sum(strided_loops(framed[c], w[k][c], stride) for c in range(len(x))) + b[k]
        for k in range(len(w))
    ]


def field_backwards(layers):
    field = 1
    for kernel, stride in layers[::-1]:
        field = (field - 1) * stride + kernel
    return field


def field_by_first_and_last(layers):
    """Follow the first and the last cell that a unit sees back to the input."""
    first = last = 0
    for kernel, stride in reversed(layers):
        first, last = first * stride, last * stride + kernel - 1
    return last - first + 1


def field_recursive(layers):
    if not layers:
        return 1
    *before, (kernel, _) = layers
    return field_recursive(before) + (kernel - 1) * math.prod(stride for _, stride in before)


def field_loop(layers, *, own=False, add=False, begin=1):
    """Walk through the layers as a beginner does; the options are the slips."""
    field, step = begin, 1
    for i in range(len(layers)):
        if own:
            step = step * layers[i][1]
        field = field + (layers[i][0] - 1) * step
        if not own:
            step = step + layers[i][1] if add else step * layers[i][1]
    return field


def field_walk(layers, add):
    field, step = 1, 1
    for kernel, stride in layers:
        field += add(kernel, stride, step)
        step *= stride
    return field


RIGHT = {
    "output_size": [
        places_one_by_one,
        lambda n, kernel_size, stride=1, padding=0: (n + 2 * padding - kernel_size) // stride + 1,
        lambda n, f, s=1, p=0: math.floor((n + 2 * p - f) / s + 1),
        lambda n, f, s=1, p=0: int((n + 2 * p - f) / s) + 1,
        lambda n, f, s=1, p=0: len(range(-p, n + p - f + 1, s)),
        size_from_torch,
    ],
    "pad2d": [
        lambda image, padding: np.pad(image, padding),
        pad_by_joining,
        pad_on_lists,
        lambda image, padding: functional.pad(torch.tensor(image), (padding,) * 4),
    ],
    "conv2d_strided": [
        strided_loops,
        strided_torch,
        strided_windows,
        lambda image, kernel, stride=1, padding=0: correlate2d(
            np.pad(image, padding), kernel, mode="valid"
        )[::stride, ::stride],
    ],
    "conv2d_volume": [volume_boxes, volume_torch, volume_planes, volume_einsum],
    "conv_parameters": [
        lambda c, k, f, bias=True: k * (f * f * c + int(bias)),
        lambda c, k, f, bias=True: k * f**2 * c + (k if bias else 0),
        lambda c, k, f, bias=True: sum(
            p.numel() for p in torch.nn.Conv2d(c, k, f, bias=bias).parameters()
        ),
    ],
    "dense_parameters": [
        lambda into, out, bias=True: into * out + (out if bias else 0),
        lambda into, out, bias=True: np.zeros((into, out)).size + bias * out,
        lambda into, out, bias=True: sum(
            p.numel() for p in torch.nn.Linear(into, out, bias=bias).parameters()
        ),
    ],
    "receptive_field": [field_backwards, field_by_first_and_last, field_recursive, field_loop],
}  # fmt: skip

WRONG = {
    "output_size": [
        (lambda n, f, s=1, p=0: (n - f + 2 * p) / s + 1, "not_rounded"),
        (lambda n, f, s=1, p=0: -(-(n - f + 2 * p) // s) + 1, "rounded_up"),
        (lambda n, f, s=1, p=0: int((n - f + 2 * p) / s), "first_place_forgotten"),
        (lambda n, f, s=1, p=0: (n - f + 2 * p + 1) // s, "one_added_before_dividing"),
        (lambda n, f, s=1, p=0: int(n - f / s + 2 * p + 1), "divided_too_late"),
        (lambda n, f, s=1, p=0: n - f + 2 * p + 1, "stride_ignored"),
        (lambda n, f, s=1, p=0: int((n - f) / s) + 1, "padding_ignored"),
        (lambda n, f, s=1, p=0: n // s, "side_divided_only"),
        (lambda n, f, s=1, p=0: (n + f // 2 * 2 - f) // s + 1, "padding_of_its_own"),
        (lambda n, f, s=1, p=0: divmod(n + 2 * p - f, s)[1] + 1, "remainder"),
        (lambda n, f, s=1, p=0: (n + f + 2 * p) // s + 1, "kernel_added"),
        (lambda n, f, s=1, p=0: len(range(0, n + 2 * p - f, s)), "last_place_missed"),
        (lambda n, f, s=1, p=0: int((n - f + p) / s + 1), "padding_once"),
        (lambda n, f, s=1, p=0: len(range(0, n + 2 * p, s)), "places_at_the_end_counted"),
        (lambda n, f, s=1, p=0: (n + s - 1) // s, "same_rule"),
    ],
    "pad2d": [
        (frame_by_negative_slice, "minus_zero"),
        (lambda im, p: np.pad(im, 1), "one_ring_always"),
        (lambda im, p: np.vstack([np.zeros((p, im.shape[1])), im, np.zeros((p, im.shape[1]))]),
         "one_direction_only"),
        (lambda im, p: np.pad(im, p, mode="edge"), "border_repeated"),
        (lambda im, p: np.pad(im, ((0, p), (0, p))), "one_side_only"),
        (lambda im, p: np.pad(im, p) * 0, "picture_left_out"),
        (frame_to_the_old_sides, "slice_ends_early"),
        (lambda im, p: np.pad(im * 1.0, p, constant_values=255), "frame_of_another_number"),
        (lambda im, p: np.pad(im, p).astype(np.uint8), "bytes_overflow"),
    ],
    "conv2d_strided": [
        (strided_from_pixels, "pixels_left_out"),
        (strided_short, "map_cut_short"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k)[s - 1 :: s, s - 1 :: s],
         "starts_late"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k)[:s, :s], "slice_without_a_step"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k)[s:, s:], "slice_without_a_step"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k)[:-1, :-1][::s, ::s],
         "last_place_missed"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k).flatten()[::s], "one_long_row"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k[::s, ::s]),
         "kernel_left_out_in_parts"),
        (lambda im, k, s=1, p=0: strided_loops(im, k / k.size, s, p), "mean_for_sum"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k)[::s],
         "hops_in_one_direction"),
        (lambda im, k, s=1, p=0: np.pad(every_place(im, k)[::s, ::s], p), "map_framed"),
        (lambda im, k, s=1, p=0: every_place(np.pad(im, p), k[::-1, ::-1])[::s, ::s],
         "kernel_flipped"),
    ],
    "conv2d_volume": [
        (lambda x, w, b, s=1, p=0: volume_planes(x, w, b, s, p, add=0), "last_channel_only"),
        (volume_bias_inside, "bias_for_each_channel"),
        (volume_pads_all_axes, "channels_framed_too"),
        (lambda x, w, b, s=1, p=0: volume_einsum(x, w, -b, s, p), "bias_subtracted"),
        (lambda x, w, b, s=1, p=0: volume_einsum(x.sum(0)[None], w.sum(1)[:, None], b, s, p),
         "channels_mixed_first"),
        (lambda x, w, b, s=1, p=0: volume_einsum(np.stack([x[0], x[1], x[2]]), w[:, :3], b, s, p),
         "three_channels_always"),
        (lambda x, w, b, s=1, p=0: volume_boxes(x, w, b[:1].repeat(len(b)), s, p),
         "first_bias_for_all"),
        (lambda x, w, b, s=1, p=0: np.moveaxis(volume_einsum(x, w, b, s, p), 0, -1),
         "channels_last"),
        (lambda x, w, b, s=1, p=0: volume_einsum(x, w, 0 * b, s, p), "bias_forgotten"),
        (lambda x, w, b, s=1, p=0: volume_einsum(x, w / len(x), b, s, p), "channels_averaged"),
        (lambda x, w, b, s=1, p=0: volume_einsum(x, w[:, :, ::-1, ::-1], b, s, p),
         "kernels_flipped"),
    ],
    "conv_parameters": [
        (lambda c, k, f, bias=True: k * (f**2 + 1) if bias else k * f**2, "depth_forgotten"),
        (lambda c, k, f, bias=True: c * k * f**2, "bias_left_out"),
        (lambda c, k, f, bias=True: c * k * f**2 + k, "bias_always"),
        (lambda c, k, f, bias=True: c * k * f**2 + bias, "one_bias_in_all"),
        (lambda c, k, f, bias=True: c * f**2 + bias, "filters_forgotten"),
        (lambda c, k, f, bias=True: c * k * f + k * bias, "side_once"),
        (lambda c, k, f, bias=True: c * k * (f + f) + k * bias, "side_doubled"),
        (lambda c, k, f, bias=True: k * ((f ^ 2) * c + bias), "no_power"),
        (lambda c, k, f, bias=True: f ^ 2 * c * k + k, "no_power"),
        (lambda c, k, f, bias=True: k * ((f * c) ** 2 + bias), "square_too_wide"),
        (lambda c, k, f, bias=True: (c + k) * f * f + k * bias, "channels_added"),
        (lambda c, k, f, bias=True: c * k * f * f + k if bias else 0, "nothing_without_bias"),
        (lambda c, k, f, bias=True: c * k * f * f + c * bias,
         "in_channels_and_out_channels_swapped"),
    ],
    "dense_parameters": [
        (lambda into, out, bias=True: into * out, "bias_left_out"),
        (lambda into, out, bias=True: into * out + out, "bias_always"),
        (lambda into, out, bias=True: into * out + 1 if bias else into * out, "one_bias_in_all"),
        (lambda into, out, bias=True: into * out + into * bias, "bias_for_each_input"),
        (lambda into, out, bias=True: sum([into, out]), "wires_added"),
        (lambda into, out, bias=True: into * out + out if bias else 0, "nothing_without_bias"),
        (lambda into, out, bias=True: out if bias else into * out, "one_kind_only"),
        (lambda into, out, bias=True: into * out - out, "bias_subtracted"),
    ],
    "receptive_field": [
        (lambda layers: field_loop(layers, own=True), "stride_too_early"),
        (lambda layers: field_loop(layers, add=True), "strides_added"),
        (lambda layers: field_loop(layers, begin=0), "one_forgotten"),
        (lambda layers: sum(k for k, _ in layers), "kernels_added"),
        (lambda layers: field_loop([(k, 1) for k, _ in layers]), "strides_left_out"),
        (lambda layers: field_loop(layers[::-1]), "from_the_wrong_end"),
        (lambda layers: 1 + sum((k - 1) * s for k, s in layers), "own_stride_only"),
        (lambda layers: field_loop(layers) ** 2, "squared"),
        (lambda layers: field_loop(layers[:1]), "first_layer_only"),
        (lambda layers: field_walk(layers, lambda k, s, d: k * d - 1), "brackets_missing"),
        (lambda layers: field_walk(layers, lambda k, s, d: k - 1 * d), "brackets_missing"),
        (lambda layers: field_walk(layers, lambda k, s, d: (k - s) * d), "kernel_minus_stride"),
        (lambda layers: field_walk(layers, lambda k, s, d: 2 * d), "kernel_of_three_always"),
        (lambda layers: field_walk(layers, lambda k, s, d: k // 2 * d), "half_kernel_added"),
        (lambda layers: field_loop([(s, k) for k, s in layers]), "kernel_and_stride_swapped"),
        (lambda layers: int(np.prod([s for _, s in layers])), "distance_given_back"),
    ],
}  # fmt: skip
