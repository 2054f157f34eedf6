"""The networks of the ImageNet years: counts and shapes of the papers, and torch's own layers."""

import pytest
import torch
import torchinfo
from torch.nn import functional as F

from coursekit.models import (
    VGG16,
    AlexNet,
    BasicBlock,
    Bottleneck,
    GoogLeNet,
    Inception,
    PlainBlock,
    ResNet,
    SmallResNet,
    ZFNet,
    vgg_block,
)
from coursekit.training import summary

PICTURE = (3, 224, 224)
# Parameters for 1,000 classes, and what comes out of layers by the paper's own figure or table.
NETWORKS = {
    "AlexNet": (AlexNet, 60_965_224, {
        "conv1": (96, 55, 55), "conv2": (256, 27, 27), "conv3": (384, 13, 13),
        "conv4": (384, 13, 13), "conv5": (256, 13, 13), "fc6": (4096,), "fc8": (1000,),
    }),
    "AlexNet, one stream": (lambda: AlexNet(groups=1), 62_378_344, {"conv5": (256, 13, 13)}),
    "ZFNet": (ZFNet, 62_357_608, {
        "conv1": (96, 110, 110), "conv2": (256, 26, 26), "conv3": (384, 13, 13),
        "conv4": (384, 13, 13), "conv5": (256, 13, 13), "fc7": (4096,),
    }),
    "VGG-16": (VGG16, 138_357_544, {
        "blocks.block1": (64, 112, 112), "blocks.block2": (128, 56, 56),
        "blocks.block3": (256, 28, 28), "blocks.block4": (512, 14, 14),
        "blocks.block5": (512, 7, 7), "fc6": (4096,),
    }),
    "GoogLeNet": (GoogLeNet, 6_998_552, {
        "conv1": (64, 112, 112), "conv2": (192, 56, 56), "inception.3a": (256, 28, 28),
        "inception.3b": (480, 28, 28), "inception.4a": (512, 14, 14),
        "inception.4d": (528, 14, 14), "inception.4e": (832, 14, 14),
        "inception.5a": (832, 7, 7), "inception.5b": (1024, 7, 7), "fc": (1000,),
    }),
    "GoogLeNet with heads": (lambda: GoogLeNet(auxiliary=True), 13_378_280, {"fc": (1000,)}),
    "ResNet-18": (lambda: ResNet(18), 11_689_512, {
        "conv1": (64, 112, 112), "stages.conv2_x": (64, 56, 56), "stages.conv3_x": (128, 28, 28),
        "stages.conv4_x": (256, 14, 14), "stages.conv5_x": (512, 7, 7),
    }),
    "ResNet-34": (lambda: ResNet(34), 21_797_672, {"stages.conv5_x": (512, 7, 7)}),
    "ResNet-50": (lambda: ResNet(50), 25_557_032, {
        "stages.conv2_x": (256, 56, 56), "stages.conv3_x": (512, 28, 28),
        "stages.conv4_x": (1024, 14, 14), "stages.conv5_x": (2048, 7, 7),
    }),
}  # fmt: skip


def on_paper(build):
    with torch.device("meta"):
        return build().eval()


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_and_shapes_are_those_of_the_paper(name):
    build, count, shapes = NETWORKS[name]
    model, seen = on_paper(build), {}
    for layer in shapes:
        model.get_submodule(layer).register_forward_hook(
            lambda module, given, out, layer=layer: seen.__setitem__(layer, tuple(out.shape[1:]))
        )
    assert model(torch.zeros(2, *PICTURE, device="meta")).shape == (2, 1000)
    assert seen == shapes
    assert sum(p.numel() for p in model.parameters()) == count
    assert torchinfo.summary(model, (1, *PICTURE), device="meta", verbose=0).total_params == count


@pytest.mark.parametrize("build", [AlexNet, ZFNet, VGG16, GoogLeNet, lambda n: ResNet(50, n)])
def test_another_number_of_classes(build):
    model = on_paper(lambda: build(7))
    assert model(torch.zeros(1, *PICTURE, device="meta")).shape == (1, 7)


def test_the_work_is_that_of_the_layer_tables():
    alexnet, googlenet = (summary(on_paper(build), PICTURE) for build in (AlexNet, GoogLeNet))
    assert alexnet.multiply_adds == 724_406_816
    assert googlenet.multiply_adds == 1_582_671_872
    layers = {layer.name: layer for layer in alexnet.layers}
    neurons = [layers[name].output for name in ("conv1", "conv2", "conv3", "conv4", "conv5")]
    assert sum(torch.Size(shape).numel() for shape in neurons) == 650_080
    assert alexnet.training_bytes > 4 * 650_080  # each activation in float32, on no memory at all


def test_heads_answer_while_training_alone():
    with torch.device("meta"):
        model = GoogLeNet(10, auxiliary=True)
        x = torch.zeros(2, *PICTURE)
        assert [tuple(out.shape) for out in model(x)] == [(2, 10)] * 3
        assert model.eval()(x).shape == (2, 10)


@torch.no_grad()
def test_alexnet_computes_what_the_functions_compute():
    torch.manual_seed(0)
    model = AlexNet(5).eval()
    w = dict(model.named_parameters())
    x = torch.rand(1, *PICTURE)

    def normalized(maps):  # section 3.3 of the paper, with its own constants
        squares = F.pad(maps**2, (0, 0, 0, 0, 2, 2))
        sums = sum(squares[:, i : i + maps.shape[1]] for i in range(5))
        return maps / (2 + 1e-4 * sums) ** 0.75

    def conv(x, name, **options):
        return F.relu(F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], **options))

    out = F.max_pool2d(normalized(conv(x, "conv1", stride=4, padding=2)), 3, 2)
    halves = [  # each GPU sees half of the maps
        F.relu(F.conv2d(out[:, s], w["conv2.weight"][t], w["conv2.bias"][t], padding=2))
        for s, t in ((slice(0, 48), slice(0, 128)), (slice(48, 96), slice(128, 256)))
    ]
    out = F.max_pool2d(normalized(torch.cat(halves, dim=1)), 3, 2)
    out = conv(out, "conv3", padding=1)
    out = conv(conv(out, "conv4", padding=1, groups=2), "conv5", padding=1, groups=2)
    out = F.max_pool2d(out, 3, 2).flatten(1)
    for name in ("fc6", "fc7"):
        out = F.relu(out @ w[f"{name}.weight"].T + w[f"{name}.bias"])
    out = out @ w["fc8.weight"].T + w["fc8.bias"]
    torch.testing.assert_close(model(x), out, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_blocks_compute_what_the_functions_compute():
    torch.manual_seed(1)
    x = torch.randn(2, 6, 9, 11)
    module = Inception(6, 3, 4, 5, 2, 3, 4)
    w = dict(module.named_parameters())

    def conv(x, name, padding=0):
        return F.relu(F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], padding=padding))

    pooled = F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=-torch.inf), 3, 1)
    joined = [conv(x, "branch1"), conv(conv(x, "reduce3"), "branch3", 1)]
    joined += [conv(conv(x, "reduce5"), "branch5", 2), conv(pooled, "project")]
    torch.testing.assert_close(module(x), torch.cat(joined, dim=1))

    block = vgg_block(6, 4, convs=3)
    out = x
    for layer in (0, 2, 4):
        out = F.relu(F.conv2d(out, block[layer].weight, block[layer].bias, padding=1))
    torch.testing.assert_close(block(x), F.max_pool2d(out, 2))


@torch.no_grad()
@pytest.mark.parametrize("block", [BasicBlock(4, 4), Bottleneck(8, 2)])
def test_with_the_last_norm_at_zero_a_block_is_the_identity_for_what_is_not_negative(block):
    last = [m for m in block.modules() if isinstance(m, torch.nn.BatchNorm2d)][-1]
    last.weight.zero_()
    x = torch.rand(2, next(block.parameters()).shape[1], 5, 5)
    assert torch.equal(block.eval()(x), x)
    assert not PlainBlock(4, 4).eval()(torch.zeros(1, 4, 5, 5)).any()


def test_a_plain_network_has_the_same_layers_but_no_way_past():
    plain, residual = SmallResNet(14, residual=False), SmallResNet(14)
    names = {name for name, _ in residual.named_parameters()}
    assert names - {name for name, _ in plain.named_parameters()} == {
        f"stage{stage}.0.shortcut.{layer}"
        for stage in (2, 3)
        for layer in ("0.weight", "1.weight", "1.bias")
    }


def test_a_depth_that_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="depth: found 20; expected one of 18, 34, 50"):
        ResNet(20)
