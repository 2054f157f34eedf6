"""The layers of a network in NumPy: forwards and backwards as PyTorch does it."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

from coursekit.scratch import layers as ours

RNG = np.random.default_rng(0)


def filled(module, layer):
    """Put the weights of our layer into PyTorch's module."""
    with torch.no_grad():
        for parameter, weight in zip(module.parameters(), layer.weights, strict=True):
            parameter.copy_(torch.tensor(weight))
    return module


@pytest.mark.parametrize(
    ("layer", "module", "shape"),
    [
        (ours.Conv2d(3, 5, 3, RNG), nn.Conv2d(3, 5, 3), (2, 3, 6, 7)),
        (ours.Conv2d(2, 4, 5, RNG, padding=2), nn.Conv2d(2, 4, 5, padding=2), (3, 2, 5, 6)),
        (ours.Conv2d(1, 1, 1, RNG), nn.Conv2d(1, 1, 1), (1, 1, 4, 4)),
        (ours.ReLU(), nn.ReLU(), (2, 3, 4, 4)),
        (ours.MaxPool2d(), nn.MaxPool2d(2), (2, 3, 4, 6)),
        (ours.Flatten(), nn.Flatten(), (2, 3, 4, 4)),
        (ours.Linear(7, 4, RNG), nn.Linear(7, 4), (5, 7)),
    ],
)
def test_each_layer_agrees_with_pytorch(layer, module, shape):
    module = filled(module.double(), layer)
    x = RNG.normal(size=shape)
    x_torch = torch.tensor(x, requires_grad=True)
    out = module(x_torch)
    grad_out = RNG.normal(size=out.shape)
    out.backward(torch.tensor(grad_out))
    np.testing.assert_allclose(layer.forward(x), out.detach(), atol=1e-12)
    np.testing.assert_allclose(layer.backward(grad_out), x_torch.grad, atol=1e-12)
    for parameter, gradient in zip(module.parameters(), layer.gradients, strict=True):
        np.testing.assert_allclose(gradient, parameter.grad, atol=1e-12)


def test_of_equal_numbers_the_first_gets_the_gradient_as_in_pytorch():
    x = np.ones((1, 1, 2, 4))
    x_torch = torch.tensor(x, requires_grad=True)
    nn.functional.max_pool2d(x_torch, 2).sum().backward()
    pool = ours.MaxPool2d()
    pool.forward(x)
    assert np.array_equal(pool.backward(np.ones((1, 1, 1, 2))), x_torch.grad)


def test_the_loss_and_its_gradient_agree_with_pytorch():
    scores, labels = 50 * RNG.normal(size=(6, 4)), np.array([0, 1, 2, 3, 1, 1])
    scores_torch = torch.tensor(scores, requires_grad=True)
    expected = nn.functional.cross_entropy(scores_torch, torch.tensor(labels))
    expected.backward()
    loss, gradient = ours.softmax_loss(scores, labels)
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(gradient, scores_torch.grad, atol=1e-12)


def test_training_takes_the_steps_of_sgd():
    """One epoch in one batch, which no order changes, against PyTorch's own SGD."""
    network = ours.Sequential(
        ours.Conv2d(1, 2, 3, RNG), ours.ReLU(), ours.Flatten(), ours.Linear(18, 3, RNG)
    )
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(18, 3)).double()
    filled(module, network)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.3)
    digits = load_digits()
    images, labels = digits.images[:20, None, :5, :5] / 16, digits.target[:20] % 3
    for _ in range(3):
        loss = nn.functional.cross_entropy(module(torch.tensor(images)), torch.tensor(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean = ours.train_epoch(network, images, labels, np.random.default_rng(1), 0.3, 20)
        assert mean == pytest.approx(loss.item())
    for parameter, weight in zip(module.parameters(), network.weights, strict=True):
        np.testing.assert_allclose(weight, parameter.detach(), atol=1e-12)
