"""The residual network and the quick one: against the same written with functions alone."""

import pytest
import torch
from torch.nn import functional as F

from coursekit.models import BasicBlock, QuickCNN, SmallResNet, resnet8


def normed(x, weights, name):
    """Batch norm in evaluation mode, by its formula."""
    mean, var = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
    return x * scale[:, None, None] + shift[:, None, None]


def shaken(model):
    """Give every number of a model, batch norm's too, a value away from where it starts."""
    torch.manual_seed(5)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                new = torch.randn_like(tensor) * 0.2
                tensor.copy_(new.abs() + 0.5 if "var" in name else new)
    return model.eval().double()


def block(x, weights, name, stride):
    if f"{name}.shortcut.0.weight" in weights:
        past = F.conv2d(x, weights[f"{name}.shortcut.0.weight"], stride=stride)
        past = normed(past, weights, f"{name}.shortcut.1")
    else:
        past = x
    x = F.conv2d(x, weights[f"{name}.conv1.weight"], stride=stride, padding=1)
    x = normed(x, weights, f"{name}.bn1").clamp(min=0)
    x = normed(F.conv2d(x, weights[f"{name}.conv2.weight"], padding=1), weights, f"{name}.bn2")
    return (past + x).clamp(min=0)


@torch.no_grad()
def test_a_residual_network_computes_what_the_functions_compute():
    model = shaken(SmallResNet(depth=14, num_classes=5))
    weights = {name: t.double() for name, t in model.state_dict().items()}
    images = torch.rand(2, 3, 16, 16, dtype=torch.float64)
    x = normed(F.conv2d(images, weights["conv.weight"], padding=1), weights, "bn").clamp(min=0)
    for stage, stride in (("stage1", 1), ("stage2", 2), ("stage3", 2)):
        x = block(x, weights, f"{stage}.0", stride)
        x = block(x, weights, f"{stage}.1", 1)
    assert x.shape == (2, 64, 4, 4)
    expected = x.flatten(2).mean(2) @ weights["fc.weight"].T + weights["fc.bias"]
    got = model(images)
    assert got.shape == (2, 5)
    assert torch.allclose(got, expected, atol=1e-9, rtol=1e-9)


def test_a_block_projects_only_where_the_shape_changes():
    assert isinstance(BasicBlock(8, 8).shortcut, torch.nn.Identity)
    for block_ in (BasicBlock(8, 16), BasicBlock(8, 8, stride=2), BasicBlock(8, 16, stride=2)):
        assert block_.shortcut[0].kernel_size == (1, 1)
    assert BasicBlock(8, 16, stride=2)(torch.zeros(1, 8, 7, 7)).shape == (1, 16, 4, 4)


@torch.no_grad()
def test_with_no_residual_a_block_passes_on_what_is_not_negative():
    same = BasicBlock(4, 4).eval()
    same.bn2.weight.zero_()
    x = torch.randn(2, 4, 5, 5)
    assert torch.equal(same(x), x.clamp(min=0))


@pytest.mark.parametrize(("depth", "count"), [(8, 78_042), (20, 272_474), (56, 855_770)])
def test_residual_networks_have_the_parameters_of_the_formula(depth, count):
    def conv_and_norm(kernel, c_in, c_out):
        return kernel * kernel * c_in * c_out + 2 * c_out

    n = (depth - 2) // 6
    total = conv_and_norm(3, 3, 16) + 64 * 10 + 10
    for c_in, c in ((16, 16), (16, 32), (32, 64)):
        total += conv_and_norm(3, c_in, c) + (2 * n - 1) * conv_and_norm(3, c, c)
        total += conv_and_norm(1, c_in, c) if c_in != c else 0
    got = sum(p.numel() for p in SmallResNet(depth).parameters())
    assert got == total == count


def test_a_depth_that_does_not_fit_is_refused():
    for depth in (2, 10, 18):
        with pytest.raises(ValueError, match=r"depth: found \d+; expected 6n \+ 2"):
            SmallResNet(depth)


def test_the_smallest_takes_grey_images_too():
    model = resnet8(num_classes=4, in_channels=1).eval()
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 4)
    assert model(torch.zeros(2, 1, 32, 32)).shape == (2, 4)


@torch.no_grad()
def test_the_quick_network_computes_what_the_functions_compute():
    model = shaken(QuickCNN(num_classes=6))
    w = {name: t.double() for name, t in model.state_dict().items()}
    images = torch.rand(3, 1, 28, 28, dtype=torch.float64)
    x = normed(F.conv2d(images, w["conv1.weight"], stride=2, padding=2), w, "bn1").clamp(min=0)
    x = normed(F.conv2d(x, w["conv2.weight"], stride=2, padding=1), w, "bn2").clamp(min=0)
    x = (x.permute(0, 2, 3, 1).reshape(3, -1) @ w["fc1.weight"].T)[:, :, None, None]
    x = normed(x, w, "bn3").clamp(min=0)[:, :, 0, 0]
    expected = x @ w["fc2.weight"].T + w["fc2.bias"]
    assert torch.allclose(model(images), expected, atol=1e-9, rtol=1e-9)
