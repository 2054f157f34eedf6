"""The first layer that starts whitened, against scikit-learn."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import nn

from coursekit.datasets import load

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from whiten import whiten


def outputs(conv, images):
    """Every output of the layer, as NumPy sees it: (filters, places)."""
    with torch.no_grad():
        return conv(images).transpose(0, 1).flatten(1).numpy()


def smooth_images(count=300, channels=1, side=12):
    """Noise whose neighbours are alike, as in images."""
    rng = np.random.default_rng(4)
    noise = rng.standard_normal((count, channels, side + 2, side + 2))
    near = [noise[:, :, i : i + side, j : j + side] for i in range(3) for j in range(3)]
    return torch.from_numpy(sum(near) / 9).float()


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 5, "stride": 2, "padding": 2},
        {"kernel_size": 4, "padding": "same"},
        {"kernel_size": (3, 2), "padding": (1, 0), "dilation": 2},
        {"kernel_size": 3, "padding": 1, "padding_mode": "reflect"},
    ],
)
def test_the_outputs_covariance_is_the_identity_and_their_mean_zero(options):
    images = smooth_images(channels=2)
    conv = nn.Conv2d(2, 9, **options)
    assert np.abs(np.cov(outputs(conv, images)) - np.eye(9)).max() > 0.3  # not so before
    whiten(conv, images, eps=0)
    got = outputs(conv, images)
    assert np.abs(np.cov(got) - np.eye(9)).max() < 1e-3
    assert np.abs(got.mean(axis=1)).max() < 1e-3


def test_filters_are_the_principal_components_that_scikit_learn_finds():
    images = smooth_images()
    conv = nn.Conv2d(1, 5, kernel_size=3, bias=False)
    whiten(conv, images, eps=1e-3)
    windows = np.lib.stride_tricks.sliding_window_view(images.numpy()[:, 0], (3, 3), axis=(1, 2))
    found = PCA(5).fit(windows.reshape(-1, 9).astype(np.float64))
    expected = found.components_ / np.sqrt(found.explained_variance_ + 1e-3)[:, None]
    got = conv.weight.detach().numpy().reshape(5, 9)
    signs = np.sign((got * expected).sum(axis=1, keepdims=True))
    assert np.abs(got - signs * expected).max() < 1e-3
    # The sign is fixed: in each filter the entry of largest size is positive.
    assert (got[np.arange(5), np.abs(got).argmax(axis=1)] > 0).all()


def test_more_filters_than_directions_are_their_negatives():
    conv = nn.Conv2d(1, 6, kernel_size=2)
    whiten(conv, smooth_images())
    weight = conv.weight.detach()
    assert torch.equal(weight[4:], -weight[:2])
    with pytest.raises(ValueError, match=r"conv: found 9 filters .* expected at most 8"):
        whiten(nn.Conv2d(1, 9, kernel_size=2), smooth_images())


def test_eps_keeps_what_hardly_varies_small():
    images = smooth_images() + 1e-4 * torch.randn(300, 1, 12, 12)
    flat = images[:, :, :, :1].expand(-1, -1, -1, 12).clone()  # columns alike: 6 of 9 directions 0
    conv = nn.Conv2d(1, 9, kernel_size=3)
    whiten(conv, flat)
    assert outputs(conv, flat).std(axis=1)[3:].max() < 1e-2
    assert float(conv.weight.detach().abs().max()) <= 1 / 5e-4**0.5


def test_arrays_of_bytes_are_scaled_as_fit_scales_them():
    x = load("strokes").train[0][:60]
    one, two, three = (nn.Conv2d(1, 8, kernel_size=5) for _ in range(3))
    whiten(one, x)
    whiten(two, torch.from_numpy(x)[:, None] / 255)
    whiten(three, torch.from_numpy(x))
    assert torch.allclose(one.weight, two.weight, rtol=1e-4, atol=1e-4)
    assert torch.equal(one.weight, three.weight)
    colours = load("shapes").train[0][:60]
    one, two = (nn.Conv2d(3, 8, kernel_size=3) for _ in range(2))
    whiten(one, colours)
    whiten(two, torch.from_numpy(colours).permute(0, 3, 1, 2) / 255)
    assert torch.allclose(one.weight, two.weight, rtol=1e-4, atol=1e-4)


def test_nothing_is_drawn_and_the_memory_format_stays():
    conv = nn.Conv2d(1, 8, kernel_size=3).to(memory_format=torch.channels_last)
    strides = conv.weight.stride()
    state = torch.get_rng_state()
    whiten(conv, smooth_images())
    assert torch.equal(state, torch.get_rng_state())
    assert conv.weight.stride() == strides
    assert conv.weight.requires_grad


def test_what_cannot_be_whitened_is_said():
    conv = nn.Conv2d(1, 4, kernel_size=3)
    with pytest.raises(ValueError, match="all the same"):
        whiten(conv, torch.ones(5, 1, 8, 8))
    with pytest.raises(ValueError, match=r"found 1 input channels .* for images of 3"):
        whiten(conv, torch.rand(5, 3, 8, 8))
    with pytest.raises(ValueError, match=r"images: found shape \(5, 64\)"):
        whiten(conv, torch.rand(5, 64))
    with pytest.raises(ValueError, match="int64"):
        whiten(conv, torch.ones(5, 1, 8, 8, dtype=torch.int64))
