"""The pooling explorer in Python: its outputs against PyTorch, the shift, what it refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.scratch import conv2d, relu
from coursekit.widgets import PoolingExplorer


def by_torch(image, mode, size, stride, ceil_mode):
    x = torch.tensor(np.array(image))[None, None]
    if mode == "global_average":
        return x.mean(dim=(2, 3))[0].numpy().reshape(1, 1)
    f = torch.nn.functional.max_pool2d if mode == "max" else torch.nn.functional.avg_pool2d
    return f(x, size, stride, ceil_mode=ceil_mode)[0, 0].numpy()


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(4, 9),
    width=st.integers(4, 9),
    mode=st.sampled_from(["max", "average", "global_average"]),
    size=st.integers(1, 4),
    stride=st.integers(1, 5),
    ceil_mode=st.booleans(),
    shift=st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    seed=st.integers(0, 9999),
)
def test_both_outputs_equal_torch(height, width, mode, size, stride, ceil_mode, shift, seed):
    image = np.random.default_rng(seed).normal(size=(height, width))
    moved = np.zeros_like(image)
    for i, j in np.ndindex(image.shape):
        y, x = i - shift[0], j - shift[1]
        if 0 <= y < height and 0 <= x < width:
            moved[i, j] = image[y, x]
    explorer = PoolingExplorer(image, mode, size, stride, ceil_mode, shift)
    assert (explorer.shifted == moved).all()
    outputs = [by_torch(part, mode, size, stride, ceil_mode) for part in (image, moved)]
    np.testing.assert_allclose(explorer.output, outputs[0], atol=1e-12)
    np.testing.assert_allclose(explorer.shifted_output, outputs[1], atol=1e-12)
    assert explorer.changed[0] == (image != moved).sum()
    assert explorer.changed[1] == (np.abs(outputs[0] - outputs[1]) > 1e-9).sum()


def test_the_nine_changes_in_6_of_15_cells_and_after_pooling_in_3_of_8():
    rows = ("01110", "01010", "01110", "00010", "00010", "00100", "01000")
    nine = np.array([[int(cell) for cell in row] for row in rows])
    loopy = [[1, 1, 1], [1, -1, 1], [1, 1, 1]]
    after_relu = relu(conv2d(2 * nine - 1, loopy) / 9)
    explorer = PoolingExplorer(after_relu, size=2, stride=1, shift=(0, -1))
    assert explorer.changed == (6, 3)
    assert (explorer.image.size, explorer.output.size) == (15, 8)
    moved = 2 * np.roll(nine, -1, axis=1) - 1
    np.testing.assert_allclose(explorer.shifted, relu(conv2d(moved, loopy) / 9))


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"image": [1, 2]}, r"image has the shape \(2,\); give two axes"),
        ({"mode": "mean"}, "mode is 'mean'; give one of 'max', 'average', 'global_average'"),
        ({"size": 5}, "does not fit into the image .* smaller size, or ceil_mode=True"),
        ({"size": 0}, "size is 0; give a whole number from 1 to 9"),
        ({"shift": 1}, r"shift is 1; give two whole numbers .* such as \(0, 1\)"),
        ({"shift": (0, 10)}, "from -9 to 9"),
        ({"shift": (0, 0.5)}, r"shift is \(0, 0.5\)"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        PoolingExplorer(**arguments)


def test_the_stride_is_the_size_unless_given():
    assert PoolingExplorer(size=3, ceil_mode=True).stride == 3
    assert PoolingExplorer(size=3, stride=1).stride == 1
    explorer = PoolingExplorer()
    explorer.size = 5
    assert explorer.output.shape == (0, 0) and "does not fit" in explorer.describe()
    explorer.mode = "global_average"
    assert explorer.output.tolist() == [[45 / 16]]


def test_its_fixed_text_counts_what_changes():
    text = repr(PoolingExplorer(shift=(0, 1)))
    for fact in ("2 by 2", "top left value is 8", "1 right", "14 of 16", "2 of 4"):
        assert fact in text
