"""ReLU and pooling against torch on drawn inputs."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scratch_draws import arrays, both, pairs, steady

from coursekit import scratch as s

F = torch.nn.functional


def as_torch(x):
    return torch.tensor(np.asarray(x, dtype=np.float64))[None, None]


@steady
@given(arrays((1, 8), (1, 8)), pairs(1, 4), st.none() | pairs(1, 4), st.booleans())
def test_pooling(x, size, stride, ceil_mode):
    assume(all(k <= n for k, n in zip(both(size), x.shape, strict=True)))
    options = {"kernel_size": size, "stride": stride, "ceil_mode": ceil_mode}
    largest = F.max_pool2d(as_torch(x), **options)[0, 0]
    mean = F.avg_pool2d(as_torch(x), count_include_pad=False, **options)[0, 0]
    found = s.max_pool2d(x, size, stride, ceil_mode=ceil_mode)
    assert found.dtype == x.dtype
    assert np.array_equal(found, largest)
    found = s.avg_pool2d(x, size, stride, ceil_mode=ceil_mode)
    assert found.dtype == np.float64 and found.shape == mean.shape
    np.testing.assert_allclose(found, mean, rtol=1e-9, atol=1e-9)


def test_incomplete_windows_are_left_out_unless_asked_for():
    x = np.arange(25).reshape(5, 5)
    assert s.max_pool2d(x).tolist() == [[6, 8], [16, 18]]
    assert s.max_pool2d(x, ceil_mode=True).tolist() == [[6, 8, 9], [16, 18, 19], [21, 23, 24]]
    assert s.avg_pool2d(x, ceil_mode=True)[2].tolist() == [20.5, 22.5, 24]
    assert s.max_pool2d([[1, 2]], size=3, ceil_mode=True).tolist() == [[2]]


def test_windows_below_zero_do_not_turn_to_zero():
    assert s.max_pool2d(-np.ones((3, 3)), ceil_mode=True).max() == -1


def test_maps_are_pooled_one_by_one():
    x = np.random.default_rng(0).integers(0, 9, (3, 5, 4))
    for pool in (s.max_pool2d, s.avg_pool2d):
        assert np.array_equal(pool(x, 2), np.stack([pool(map_, 2) for map_ in x]))


def test_averages_of_bytes_do_not_overflow():
    assert s.avg_pool2d(np.full((2, 2), 255, dtype=np.uint8)).tolist() == [[255.0]]
    assert s.global_avg_pool2d(np.full((1, 2, 2), 255, dtype=np.uint8)).tolist() == [255.0]


@steady
@given(arrays((1, 4), (1, 5), (1, 5)))
def test_global_average(x):
    expected = F.adaptive_avg_pool2d(torch.tensor(x, dtype=torch.float64), 1)[:, 0, 0]
    np.testing.assert_allclose(s.global_avg_pool2d(x), expected, rtol=1e-9, atol=1e-9)


@steady
@given(arrays((1, 5), (1, 5)))
def test_relu(x):
    before = x.copy()
    out = s.relu(x)
    assert np.array_equal(out, torch.relu(torch.tensor(x)))
    assert np.array_equal(x, before) and not np.shares_memory(out, x)
    assert out.dtype == x.dtype


@pytest.mark.parametrize("pool", [s.max_pool2d, s.avg_pool2d])
def test_a_window_that_fits_nowhere_is_refused(pool):
    with pytest.raises(ValueError, match=r"window has shape \(3, 3\).*\(2, 5\)"):
        pool(np.ones((2, 5)), size=3)
