"""Convolutions against SciPy and torch on drawn inputs."""

import time

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import ndimage, signal
from scratch_draws import arrays, both, pairs, steady

from coursekit import scratch as s


def same(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@steady
@given(arrays((1, 12)), arrays((1, 12)))
def test_one_dimension(x, w):
    assume(len(w) <= len(x))
    same(s.convolve1d(x, w), signal.convolve(x, w, mode="valid", method="direct"))
    same(s.correlate1d(x, w), signal.correlate(x, w, mode="valid", method="direct"))
    full = np.convolve(x, w)
    same([s.window_sum_1d(x, w, t) for t in range(len(x))], full[: len(x)])


@steady
@given(arrays((1, 8), (1, 8)), arrays((1, 4), (1, 4)), st.booleans(), pairs(1, 3), pairs(0, 2))
def test_two_dimensions(image, kernel, flip, stride, padding):
    (top, left), (down, right) = both(padding), both(stride)
    padded = np.pad(image, ((top, top), (left, left)))
    assume(all(k <= n for k, n in zip(kernel.shape, padded.shape, strict=True)))
    slide = signal.convolve2d if flip else signal.correlate2d
    expected = slide(padded, kernel, mode="valid")[::down, ::right]
    options = {"flip": flip, "stride": stride, "padding": padding}
    same(s.conv2d(image, kernel, **options), expected)
    same(s.conv2d_vectorized(image, kernel, **options), expected)
    same(s.conv2d(image, kernel, mean=True, **options), expected / kernel.size)
    same(s.conv2d_vectorized(image, kernel, mean=True, **options), expected / kernel.size)
    if not flip:
        same(s.conv2d_strided(image, kernel, stride, padding), expected)


@steady
@given(arrays(2, (3, 7), (3, 7)), arrays(3, 2, (1, 3), (1, 3)), arrays(3), pairs(1, 3), pairs(0, 2))
def test_volumes(x, w, b, stride, padding):
    expected = torch.nn.functional.conv2d(
        *(torch.tensor(a, dtype=torch.float64) for a in (x[None], w, b)),
        stride=stride,
        padding=padding,
    )[0]
    same(s.conv2d_volume(x, w, b, stride, padding), expected)
    same(s.conv2d_volume_vectorized(x, w, b, stride, padding), expected)
    same(s.conv2d_volume(x, w, None, stride, padding), expected - torch.tensor(b)[:, None, None])


@steady
@given(arrays((1, 6), (1, 6)), arrays((1, 4), (1, 4)))
def test_three_conventions_at_one_place(image, kernel):
    (height, width), (m, n) = image.shape, kernel.shape
    previous = signal.convolve2d(image, kernel)
    succeeding = signal.correlate2d(image, kernel)
    for i in range(height):
        for j in range(width):
            same(s.convolve2d_at(image, kernel, i, j), previous[i, j])
            same(
                s.convolve2d_at(image, kernel, i, j, "succeeding"), succeeding[i + m - 1, j + n - 1]
            )
            same(s.convolve2d_at(image, kernel, i, j, "centred"), previous[i + m // 2, j + n // 2])


@steady
@given(arrays((3, 6), (3, 6)), arrays((1, 3), (1, 3)), st.randoms(use_true_random=False))
def test_backward_agrees_with_autograd(x, w, random):
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, w)]
    out = torch.nn.functional.conv2d(tensors[0][None, None], tensors[1][None, None])[0, 0]
    grad_out = np.array([[random.randint(-9, 9) for _ in row] for row in out])
    out.backward(torch.tensor(grad_out, dtype=torch.float64))
    grad_x, grad_w = s.conv2d_backward(x, w, grad_out)
    same(grad_x, tensors[0].grad)
    same(grad_w, tensors[1].grad)


def test_bytes_do_not_overflow_and_whole_numbers_stay_exact():
    bright, ones = np.full((3, 3), 255, dtype=np.uint8), np.ones((3, 3), dtype=np.uint8)
    for slide in (s.conv2d, s.conv2d_vectorized):
        out = slide(bright, ones)
        assert out.dtype == np.int64 and out.tolist() == [[2295]]
    assert s.conv2d_volume(bright[None], ones[None, None], [0]).tolist() == [[[2295]]]
    assert s.convolve1d(bright[0], ones[0]).tolist() == [765]
    assert s.correlate1d(bright[0], ones[0]).tolist() == [765]
    assert s.convolve2d_at(bright, ones, 2, 2) == 2295
    assert s.window_sum_1d(bright[0], ones[0], 2) == 765
    assert s.patch_terms(bright, ones)["sum"] == 2295
    assert s.gradient_magnitude(np.array([[0, 0, 255]] * 3, dtype=np.uint8)).tolist() == [[1020]]
    assert s.conv2d(bright > 0, ones).tolist() == [[9]]


@steady
@given(arrays((1, 9), (1, 9), low=0, high=255), st.sampled_from(sorted(s.KERNELS)))
def test_filter_image(image, name):
    image, kernel = np.asarray(image).astype(np.uint8), s.kernel(name)
    if kernel.shape == (2, 2):
        with pytest.raises(ValueError, match="odd"):
            s.filter_image(image, kernel)
        return
    out = s.filter_image(image, kernel)
    exact = ndimage.correlate(image.astype(float), kernel, mode="nearest")
    assert out.dtype == np.uint8 and out.shape == image.shape
    assert np.abs(out - np.clip(exact, 0, 255)).max() <= 0.5 + 1e-9


def test_filter_image_repeats_borders_and_rounds_halves_to_even():
    flat = np.full((4, 5), 100, dtype=np.uint8)
    assert (s.filter_image(flat, s.kernel("box_5x5")) == 100).all()
    assert s.filter_image([[1, 3, 5]], [[0.5]]).tolist() == [[0, 2, 2]]
    assert s.filter_image([[0, 9, 0]], [[1, 0, 0]]).tolist() == [[0, 0, 9]]  # not turned
    assert s.filter_image([[200, 200]], [[-1]]).tolist() == [[0, 0]]
    assert s.filter_image([[200, 200]], [[2]]).tolist() == [[255, 255]]


def test_filter_image_is_fast_enough_for_a_photograph():
    photo = np.random.default_rng(0).integers(0, 256, (427, 640), dtype=np.uint8)
    start = time.process_time()
    s.filter_image(photo, s.kernel("gaussian_5x5"))
    assert time.process_time() - start < 1.0


@steady
@given(arrays((3, 7), (3, 7), low=0, high=255))
def test_gradient_magnitude(image):
    gx = ndimage.sobel(image.astype(float), axis=1)
    gy = ndimage.sobel(image.astype(float), axis=0)
    same(s.gradient_magnitude(image), np.hypot(gx, gy)[1:-1, 1:-1])
    assert s.gradient_magnitude(image).dtype == np.float64


def test_match_score():
    cross = np.array([[1, -1, 1], [-1, 1, -1], [1, -1, 1]], dtype=np.int8)
    assert s.match_score(cross, cross) == 1.0
    assert s.match_score(cross, -cross) == -1.0
    assert s.match_score([1, 1, -1], [1, -1, -1]) == pytest.approx(1 / 3)
    assert isinstance(s.match_score(cross, cross), float)


def test_kernels_are_read_only_and_copies_are_free():
    with pytest.raises(ValueError):
        s.KERNELS["box"][0, 0] = 5
    with pytest.raises(TypeError):
        s.KERNELS["box"] = np.ones((3, 3))
    mine = s.kernel("box")
    mine[0, 0] = 5
    assert s.kernel("box")[0, 0] == pytest.approx(1 / 9)
    for name in ("identity", "box", "box_5x5", "gaussian", "gaussian_5x5"):
        assert s.KERNELS[name].sum() == pytest.approx(1)
    for name in ("sobel_x", "sobel_y", "prewitt_x", "laplacian", "edge_8", "roberts_x"):
        assert s.KERNELS[name].sum() == 0


@steady
@given(arrays((1, 4), (1, 4)))
def test_normalize(kernel):
    out = s.normalize(kernel)
    assert out.dtype == np.float64
    if kernel.sum() == 0:
        assert np.array_equal(out, kernel)
    elif abs(kernel.sum()) > 1e-6:
        assert out.sum() == pytest.approx(1)
        same(out * kernel.sum(), kernel)


def test_normalize_takes_a_sum_that_only_rounding_kept_from_zero():
    kernel = np.array([[0.1, 0.2, -0.3]])
    assert kernel.sum() != 0
    assert np.array_equal(s.normalize(kernel), kernel)


def test_kernel_properties_of_odd_cases():
    assert s.kernel_properties([[0, 0]])["separable"] is False
    assert s.kernel_properties([[1, 2, 3]])["separable"] is True
    assert s.kernel_properties([[1, 2], [2, 1]])["same_after_180_turn"] is True
