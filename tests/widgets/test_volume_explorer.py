"""The volume explorer in Python: its output against PyTorch, what it refuses, what it stores."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.widgets import VolumeExplorer


@settings(max_examples=40, deadline=None)
@given(
    channels=st.integers(1, 5),
    filters=st.integers(1, 4),
    size=st.tuples(st.integers(3, 9), st.integers(3, 9)),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    seed=st.integers(0, 9999),
)
def test_output_equals_torch(channels, filters, size, kernel, stride, padding, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(channels, *size)), rng.normal(size=(filters, channels, *kernel))
    b = rng.normal(size=filters)
    explorer = VolumeExplorer(x, w, b, stride, padding)
    layer = torch.nn.Conv2d(channels, filters, kernel, stride, padding, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(w))
        layer.bias.copy_(torch.tensor(b))
        want = layer(torch.tensor(x)).numpy()
    np.testing.assert_allclose(explorer.output, want, atol=1e-10)
    assert explorer.parameters == sum(p.numel() for p in layer.parameters())


def test_unless_given_it_is_the_volume_of_the_decks():
    explorer = VolumeExplorer()
    assert explorer.output[0].tolist() == [[2, 3, 3], [3, 7, 3], [8, 10, -3]]
    assert explorer.output.transpose(1, 2, 0).shape == (3, 3, 2)
    assert explorer.parameters == 56


def test_output_follows_and_one_filter_more_is_one_map_more():
    explorer = VolumeExplorer()
    shapes = []
    explorer.observe(lambda change: shapes.append(change["new"].shape), "output")
    explorer.stride = 1
    explorer.padding = 0
    with explorer.hold_trait_notifications():
        explorer.w = np.ones((3, 3, 1, 1))
        explorer.b = [0, 10, 20]
    assert shapes[:2] == [(2, 5, 5), (2, 3, 3)] and shapes[-1] == (3, 5, 5)
    assert (explorer.output[2] == explorer.x.sum(axis=0) + 20).all()


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"x": np.zeros((5, 5))}, r"x has the shape \(5, 5\); give channels, rows, columns"),
        ({"x": np.zeros((3, 65, 5))}, r"at most \(8, 64, 64\)"),
        ({"x": np.zeros((4, 5, 5))}, r"4 channels, but w has .* kernels for 3"),
        ({"w": np.ones((2, 3, 3))}, r"w has the shape \(2, 3, 3\); give filters, channels"),
        ({"b": [1, 2, 3]}, r"b has the shape \(3,\), but w has 2 filters"),
        ({"x": np.zeros((3, 2, 2)), "padding": 0}, "do not fit into the padded input of 2 by 2"),
        ({"x": np.zeros((1, 5, 5)), "w": np.ones((1, 1, 3, 3)), "rgb": True}, "three channels"),
        ({"stride": 0}, "stride is 0; give a whole number from 1 to 9"),
        ({"step": 2.5}, "step is 2.5; give a whole number"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        VolumeExplorer(**arguments)


def test_a_change_that_does_not_go_together_leaves_all_as_it_was():
    explorer = VolumeExplorer()
    with pytest.raises(ValueError, match="4 channels"):
        explorer.x = np.zeros((4, 5, 5))
    assert explorer.x.shape == (3, 5, 5) and explorer.output.shape == (2, 3, 3)


def test_its_fixed_text_tells_the_first_sum_channel_by_channel():
    text = repr(VolumeExplorer())
    for fact in ("5 by 5 with 3 channels", "2 filters", "56 parameters", "(−1) + 1 + 1", "= 2"):
        assert fact in text
    picture = VolumeExplorer(np.ones((1, 2, 2)), np.ones((1, 1, 1, 1))).fallback()
    assert "1 channel," in picture and "1 map of 2 by 2" in picture
