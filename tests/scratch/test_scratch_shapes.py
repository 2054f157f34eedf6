"""Sizes and counts against torch layers, and against brute force."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scratch_draws import arrays, pairs, steady

from coursekit import scratch as s


@steady
@given(st.integers(1, 20), st.integers(1, 7), st.integers(1, 5), st.integers(0, 3))
def test_output_size(n, size, stride, padding):
    assume(size <= n + 2 * padding)
    out = torch.nn.functional.conv1d(
        torch.zeros(1, 1, n), torch.zeros(1, 1, size), stride=stride, padding=padding
    )
    found = s.output_size(n, size, stride, padding)
    assert type(found) is int and found == out.shape[-1]
    assert found == int(np.floor(s.output_size_unrounded(n, size, stride, padding)))


@steady
@given(st.integers(1, 20), st.integers(1, 7), st.integers(1, 5), st.integers(0, 3))
def test_output_size_in_ceil_mode(n, size, stride, padding):
    assume(size <= n and padding <= size // 2)
    out = torch.nn.functional.max_pool1d(
        torch.zeros(1, 1, n), size, stride, padding, ceil_mode=True
    )
    assert s.output_size(n, size, stride, padding, ceil_mode=True) == out.shape[-1]


@steady
@given(st.integers(4, 9), st.integers(4, 9), pairs(1, 4), pairs(1, 3), pairs(0, 2))
def test_conv_output_shape(height, width, size, stride, padding):
    layer = torch.nn.Conv2d(1, 5, size, stride, padding)
    _, maps, rows, columns = layer(torch.zeros(1, 1, height, width)).shape
    assert s.conv_output_shape(height, width, size, stride, padding, 5) == (rows, columns, maps)


def count(layer):
    return sum(p.numel() for p in layer.parameters())


@steady
@given(st.integers(1, 8), st.integers(1, 8), pairs(1, 5), st.booleans(), st.integers(1, 3))
def test_parameters(into, out, size, bias, groups):
    conv = torch.nn.Conv2d(into * groups, out * groups, size, bias=bias, groups=groups)
    counted = s.conv_parameters(into * groups, out * groups, size, bias, groups=groups)
    assert type(counted) is int and counted == count(conv)
    assert s.conv_parameters(into, out, size) == count(torch.nn.Conv2d(into, out, size))
    assert s.dense_parameters(into, out, bias) == count(torch.nn.Linear(into, out, bias))


def test_network_parameters():
    lenet = [
        ("conv", 1, 6, 5),
        ("pool", 2, 2),
        ("conv", 6, 16, 5),
        ("pool", 2),
        ("dense", 400, 120),
        ("dense", 120, 84),
        ("dense", 84, 10),
    ]
    assert s.network_parameters(lenet) == 61_706
    assert s.network_parameters([]) == 0
    assert s.pool_parameters() == 0
    for layer in [("conv", 1, 2), ("lstm", 3, 4), ("pool", 2, 2, 2)]:
        with pytest.raises(ValueError, match="not understood"):
            s.network_parameters([layer])


@steady
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), max_size=4))
def test_receptive_field_against_what_one_output_cell_sees(layers):
    field = s.receptive_field(layers)
    assert type(field) is int
    x = torch.zeros(1, 1, field + 7, requires_grad=True)
    out = x
    for size, stride in layers:
        out = torch.nn.functional.conv1d(out, torch.ones(1, 1, size), stride=stride)
    out[0, 0, 0].backward()
    reached = np.flatnonzero(x.grad.numpy())
    assert reached.max() - reached.min() + 1 == field


@steady
@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 3))
def test_connection_counts(n, size, stride):
    assume(size <= n)
    layer = torch.nn.Conv2d(1, 1, size, stride, bias=False)
    with torch.no_grad():
        layer.weight.fill_(1.0)
        basis = torch.eye(n * n).reshape(n * n, 1, n, n)
        matrix = layer(basis).reshape(n * n, -1)
    assert s.connection_counts(n, size, stride) == {
        "dense_weights": matrix.numel(),
        "sparse_connections": int((matrix != 0).sum()),
        "shared_weights": size * size,
    }


@steady
@given(arrays((1, 5), (1, 5)), pairs(0, 3))
def test_padding(image, padding):
    top, left = padding if isinstance(padding, tuple) else (padding, padding)
    tensor = torch.tensor(image)[None, None]
    zeros = torch.nn.functional.pad(tensor, (left, left, top, top))[0, 0]
    assert np.array_equal(s.pad2d(image, padding), zeros)
    assert np.array_equal(s.pad2d(image[None], padding)[0], zeros)
    edge = np.pad(image, ((top, top), (left, left)), mode="edge")
    assert np.array_equal(s.repeat_border(image, padding), edge)


def test_padding_gives_a_copy_and_keeps_the_type():
    image = np.ones((2, 2), dtype=np.uint8)
    out = s.pad2d(image, 0)
    out[0, 0] = 7
    assert image[0, 0] == 1 and out.dtype == np.uint8
