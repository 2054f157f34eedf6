"""Methods that look inside a network, against gradients, closed forms and ZFNet's own steps."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit.attribution import (
    deconvnet,
    grad_cam,
    layer_outputs,
    occlusion,
    saliency,
    shuffle_weights,
    top_activations,
)
from coursekit.models import load_pretrained, resnet8


def linear_network():
    torch.manual_seed(1)
    layers = [nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.Conv2d(3, 4, 2), nn.Flatten()]
    return nn.Sequential(*layers, nn.LazyLinear(5))


def mixed_network():
    """Batch norm that has seen pictures, dropout, ReLU in place; in training mode."""
    torch.manual_seed(2)
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(3, stride=2),
        nn.Dropout(0.5), nn.Flatten(), nn.LazyLinear(5),
    )  # fmt: skip
    model(torch.randn(8, 3, 9, 10))
    return model


METHODS = {
    "saliency": lambda model, image: saliency(model, image, 2),
    "deconvnet": lambda model, image: deconvnet(model, image, "0", 1),
    "grad_cam": lambda model, image: grad_cam(model, image, 2, "0"),
    "occlusion": lambda model, image: occlusion(model, image, 2, size=3),
    "layer_outputs": lambda model, image: layer_outputs(model, image[None])["0"],
    "top_activations": lambda model, image: top_activations(model, image[None], "0", 1).values,
    "shuffle_weights": lambda model, image: shuffle_weights(model)(image[None]),
}


@pytest.mark.parametrize("name", METHODS)
def test_the_model_and_the_picture_are_left_as_they_were(name):
    model, image = mixed_network(), torch.randn(3, 9, 10)
    model(image[None].repeat(2, 1, 1, 1)).sum().backward()
    model[1].eval()  # a mode of its own
    before = {key: value.clone() for key, value in model.state_dict().items()}
    grads = [parameter.grad.clone() for parameter in model.parameters()]
    kept = image.clone()
    METHODS[name](model, image)
    assert model.training and model[4].training and not model[1].training
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    for parameter, grad in zip(model.parameters(), grads, strict=True):
        assert torch.equal(parameter.grad, grad) and parameter.requires_grad
    assert torch.equal(image, kept) and not image.requires_grad and image.grad is None
    assert not any(module._forward_hooks for module in model.modules())


def test_saliency_is_the_slope_of_the_score():
    """Against finite differences, in float64, in evaluation mode."""
    model, image = mixed_network().double(), torch.randn(3, 9, 10, dtype=torch.float64)
    found = saliency(model, image, 3)
    model.eval()
    slopes = torch.zeros(3, 9, 10, dtype=torch.float64)
    with torch.no_grad():
        for place in np.ndindex(3, 9, 10):
            step = torch.zeros_like(image)
            step[place] = 1e-6
            slopes[place] = (model((image + step)[None]) - model((image - step)[None]))[0, 3] / 2e-6
    torch.testing.assert_close(found, slopes.abs().amax(dim=0), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("layer", "channel", "place"), [("1", 2, (1, 2)), ("3", 4, None)])
def test_the_deconvnet_of_a_linear_network_is_its_gradient(layer, channel, place):
    model, image = linear_network(), torch.randn(2, 9, 8)
    found = deconvnet(model, image, layer, channel, place)
    x = image[None].requires_grad_()
    output = model(x) if layer == "3" else model[:2](x)
    cell = output[0, channel] if place is None else output[0, channel, place[0], place[1]]
    (gradient,) = torch.autograd.grad(cell, x)
    torch.testing.assert_close(found, gradient[0])


@pytest.mark.parametrize("pool", [nn.MaxPool2d(2), nn.MaxPool2d(3, stride=3)])
def test_the_deconvnet_takes_the_three_steps_of_the_paper(pool):
    """Unpool with the switches, rectify, filter with the transposed kernels."""
    torch.manual_seed(3)
    first, second = nn.Conv2d(2, 6, 3, padding=1), nn.Conv2d(6, 5, 3, padding=1)
    image = torch.randn(2, 12, 12)
    found = deconvnet(nn.Sequential(first, nn.ReLU(), pool, second), image, "3", 4)
    with torch.no_grad():
        maps = F.relu(first(image[None]))
        pooled, switches = F.max_pool2d(maps, pool.kernel_size, pool.stride, return_indices=True)
        answer = second(pooled)[0, 4]
        signal = torch.zeros(1, 5, *answer.shape)
        signal[0, 4].view(-1)[answer.argmax()] = 1.0
        signal = F.conv_transpose2d(signal, second.weight, padding=1)
        signal = F.max_unpool2d(signal, switches, pool.kernel_size, pool.stride)
        signal = F.conv_transpose2d(F.relu(signal), first.weight, padding=1)
    torch.testing.assert_close(found, signal[0])
    x = image[None].requires_grad_()
    cells = second(pool(F.relu(first(x))))[0, 4]
    assert not torch.allclose(torch.autograd.grad(cells.max(), x)[0][0], found)


def test_every_way_to_write_a_relu_is_rectified_on_the_way_back():
    class Net(nn.Module):
        def __init__(self, bend):
            super().__init__()
            torch.manual_seed(4)
            self.a, self.b, self.bend = nn.Conv2d(1, 5, 3), nn.Conv2d(5, 2, 3), bend

        def forward(self, x):
            return self.b(self.bend(self.a(x)))

    image = torch.randn(1, 8, 8)
    bends = (nn.ReLU(), nn.ReLU(inplace=True), F.relu, torch.relu, lambda x: x.relu(), torch.relu_)
    maps = [deconvnet(Net(bend), image, "b", 1) for bend in bends]
    assert all(torch.equal(found, maps[0]) for found in maps)
    assert not torch.equal(maps[0], deconvnet(Net(nn.Identity()), image, "b", 1))


def test_a_deconvnet_goes_through_batch_norm_and_shortcuts():
    torch.manual_seed(5)
    found = deconvnet(resnet8(), torch.randn(3, 16, 16), "stage3", 7)
    assert found.shape == (3, 16, 16) and torch.isfinite(found).all() and found.any()


def test_grad_cam_before_global_averages_adds_up_maps_with_the_weights_of_the_last_layer():
    """The closed form of its paper: class activation mapping."""
    torch.manual_seed(6)
    maps = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))
    image = torch.randn(3, 6, 7)
    found = grad_cam(nn.Sequential(maps, head), image, 1, "0")
    with torch.no_grad():
        weighted = torch.einsum("k,khw->hw", head[2].weight[1], maps(image[None])[0]) / (6 * 7)
    torch.testing.assert_close(found, weighted.relu())
    smaller = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), head)
    assert grad_cam(smaller, image, 1, "0").shape == (6, 7)


def test_occlusion_covers_one_square_at_a_time():
    model, image = mixed_network(), torch.randn(3, 9, 10)
    other = torch.randn(3, 9, 10)
    for fill in (0.25, other):
        found = occlusion(model, image, 1, size=4, stride=3, fill=fill)
        assert found.shape == (2, 3)
        covered = image.clone()
        covered[:, 3:7, 6:10] = fill if isinstance(fill, float) else other[:, 3:7, 6:10]
        with torch.no_grad():
            drop = model.eval()(image[None])[0, 1] - model(covered[None])[0, 1]
        torch.testing.assert_close(found[1, 2], drop)


def test_layers_are_listed_in_order_and_hold_what_they_gave():
    model, images = mixed_network().eval(), torch.randn(2, 3, 9, 10)
    outputs = layer_outputs(model, images)
    assert list(outputs) == ["0", "1", "2", "3", "4", "5", "6"]
    with torch.no_grad():
        torch.testing.assert_close(outputs["1"], model[:2](images))  # not what ReLU made of it
        torch.testing.assert_close(outputs["6"], model(images))
    inner = list(layer_outputs(resnet8(), torch.zeros(1, 3, 8, 8)))
    assert inner.index("stage1") < inner.index("stage1.0.conv1") < inner.index("stage2")


def test_the_strongest_cells_are_those_found_by_sorting(monkeypatch):
    torch.manual_seed(7)
    model, images = nn.Sequential(nn.Conv2d(1, 4, 3)), torch.randn(300, 1, 6, 8)
    top = top_activations(model, images, "0", count=5)
    with torch.no_grad():
        maps = model(images).numpy()
    for k in range(4):
        per_picture = maps[:, k].reshape(300, -1).max(axis=1)
        order = np.argsort(-per_picture)[:5]
        assert top.images[k].tolist() == order.tolist()
        for n, i, j, value in zip(*(part[k].tolist() for part in top), strict=True):
            assert maps[n, k, i, j] == pytest.approx(value) and value == per_picture[n]


def test_shuffling_moves_the_numbers_of_the_named_layers_alone():
    model = load_pretrained("digit_cnn")
    other = shuffle_weights(model, ["conv2"], seed=1)
    for name, weights in model.state_dict().items():
        same = torch.equal(weights, other.state_dict()[name])
        assert same != name.startswith("conv2")
        assert torch.equal(weights.flatten().sort().values,
                           other.state_dict()[name].flatten().sort().values)  # fmt: skip
    again = shuffle_weights(model, ["conv2"], seed=1)
    assert torch.equal(again.conv2.weight, other.conv2.weight)
    assert not torch.equal(shuffle_weights(model, ["conv2"]).conv2.weight, other.conv2.weight)


@pytest.mark.parametrize(("call", "message"), [
    (lambda m, x: saliency(m, x[None], 0), r"image: found shape \(1, 1, 28, 28\).*\(C, H, W\)"),
    (lambda m, x: occlusion(m, x, 0, size=40), r"size, stride: found 40.*1 to 28"),
    (lambda m, x: grad_cam(m, x, 0, "conv3"), r"layer: found 'conv3'; expected one of conv1"),
    (lambda m, x: grad_cam(m, x, 0, "flatten"), r"'flatten' gives shape \(1, 784\).*maps"),
    (lambda m, x: top_activations(m, x[None], "fc", 1), r"'fc' gives shape \(1, 10\)"),
    (lambda m, x: top_activations(m, x[None], "conv1", 2), r"count: found 2; expected 1 to 1"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_the_fix(call, message):
    with pytest.raises(ValueError, match=message):
        call(load_pretrained("digit_cnn"), torch.zeros(1, 28, 28))
