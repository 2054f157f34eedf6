"""Images as arrays: levels, pixels, bytes, differences."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scratch_draws import arrays, steady

from coursekit import scratch as s


@pytest.mark.parametrize("levels", [1, 2, 3, 4, 7, 16, 255, 256])
def test_quantize_every_byte(levels):
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    out = s.quantize(image, levels)
    assert out.dtype == np.int64
    assert out.ravel().tolist() == [pixel * levels // 256 for pixel in range(256)]
    assert out.max() == levels - 1


@steady
@given(arrays((1, 9), (1, 9)), st.integers(1, 10))
def test_sample(image, step):
    out = s.sample(image, step)
    expected = [[image[i, j] for j in range(0, image.shape[1], step)] for i in range(len(image))]
    assert out.tolist() == expected[::step]
    assert out.dtype == image.dtype and not np.shares_memory(out, image)


def test_colour_images_are_taken_too():
    colour = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert s.sample(colour, 2).shape == (2, 2, 3)
    assert s.quantize(colour, 2).shape == (4, 4, 3)


@steady
@given(*(st.integers(1, 50) for _ in range(4)))
def test_storage_bytes(height, width, channels, bits):
    found = s.storage_bytes(height, width, channels, bits)
    whole_bits = height * width * channels * bits
    assert type(found) is int
    assert 8 * found >= whole_bits > 8 * (found - 1)


def test_facts_and_differences():
    assert s.image_facts([[1.5, -2.0]]) == {"shape": (1, 2), "min": -2.0, "max": 1.5, "sum": -0.5}
    assert s.image_facts(np.full((20, 20), 255, dtype=np.uint8))["sum"] == 102_000
    assert s.differing_cells([1, 2], [1, 2]) == []
    assert s.differing_cells([1, 2], [1, 3]) == [(1,)]


@steady
@given(arrays((1, 3), (1, 4), (1, 4)))
def test_flatten(maps):
    out = s.flatten(maps)
    assert np.array_equal(out, torch.flatten(torch.tensor(maps)))
    assert not np.shares_memory(out, maps)


def test_flatten_goes_row_by_row_whatever_the_memory_order():
    maps = np.asfortranarray(np.arange(6).reshape(2, 3))
    assert s.flatten(maps).tolist() == [0, 1, 2, 3, 4, 5]
