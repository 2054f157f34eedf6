"""Reading a network: counts, shapes and receptive fields against torchinfo, PyTorch, the papers."""

import re

import pytest
import torch
import torchinfo
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from coursekit.models import GoogLeNet, Inception, SmallResNet
from coursekit.widgets import ArchitectureExplorer
from coursekit.widgets.architecture_explorer import library
from coursekit.widgets.architecture_explorer.reading import read_network

PUBLISHED = {
    "LeNet-5": 61_706,
    "AlexNet": 60_965_224,
    "ZFNet": 62_357_608,
    "VGG-16": 138_357_544,
    "GoogLeNet": 6_998_552,
    "ResNet-18": 11_689_512,
    "ResNet-34": 21_797_672,
    "ResNet-50": 25_557_032,
}


def sums(rows):
    return sum(row["parameters"] for row in rows), sum(row["multiply_adds"] for row in rows)


def test_the_stored_networks_are_those_of_the_course():
    wanted = f"run python -m {library.__name__}"
    assert library._FILE.read_text("utf-8") == library.as_script(), wanted


@pytest.mark.parametrize("name", PUBLISHED)
def test_counts_and_shapes_are_published_ones_and_those_of_torchinfo(name):
    rows = library.unpacked(library.stored()[name])
    network, shape = library.build(name)
    picture = torch.empty(1, *shape, device="meta")
    found = torchinfo.summary(network, input_data=picture, device="meta", verbose=0, depth=9)
    layers = [
        (list(each.output_size[1:]), each.num_params)
        for each in found.summary_list
        if each.is_leaf_layer and each.num_params > 0
    ]
    told = [(row["shape"], row["parameters"]) for row in rows if row["parameters"]]
    assert told == layers
    with FlopCounterMode(display=False) as counter:
        network.eval()(picture)
    assert sums(rows) == (PUBLISHED[name], counter.get_total_flops() // 2)


class Branches(nn.Module):
    """A strided start, two ways of different width, and a shortcut around the second part."""

    def __init__(self, join):
        super().__init__()
        self.start = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.narrow = nn.Conv2d(4, 4, 1)
        self.wide = nn.Sequential(nn.Conv2d(4, 4, 5, padding=4, dilation=2), nn.AvgPool2d(3, 1, 1))
        self.join = join

    def forward(self, x):
        x = F.relu(self.start(x))
        narrow, wide = self.narrow(x), self.wide(x)
        return torch.cat([narrow, wide], dim=1) if self.join == "cat" else narrow + wide


def reach_of_gradient(network, shape):
    """Rows and columns of the input that reach the middle of the output."""
    network = network.double().eval()
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.1)
    picture = torch.ones(1, *shape, dtype=torch.float64, requires_grad=True)
    out = network(picture)
    middle = [size // 2 for size in out.shape[2:]]
    out[(0, slice(None), *middle)].sum().backward()
    reached = picture.grad[0].abs().sum(dim=0) > 0
    return [int(reached.any(dim=1).sum()), int(reached.any(dim=0).sum())]


@pytest.mark.parametrize(
    "network, shape",
    [
        (Branches("cat"), (1, 64, 64)),
        (Branches("add"), (1, 64, 64)),
        (Inception(2, 2, 2, 2, 2, 2, 2), (2, 32, 32)),
        (
            nn.Sequential(nn.Conv2d(1, 2, (3, 5)), nn.AvgPool2d((2, 1)), nn.Conv2d(2, 2, 3)),
            (1, 32, 32),
        ),
        (
            nn.Sequential(nn.Conv2d(1, 2, 3, stride=3, groups=1), nn.AvgPool2d(2), nn.ReLU()),
            (1, 48, 48),
        ),
    ],
    ids=["joined", "added", "inception", "rectangles", "strides"],
)
def test_a_receptive_field_is_what_the_gradient_reaches(network, shape):
    assert read_network(network, shape)[-1]["field"] == reach_of_gradient(network, shape)


def test_what_a_network_of_ones_own_does_is_read_without_changing_it():
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 5),
    )
    network[3].eval()
    before = {name: each.clone() for name, each in network.state_dict().items()}
    modes = [module.training for module in network.modules()]
    rows = read_network(network, (3, 12, 10))
    assert [row["kind"] for row in rows] == ["conv", "norm", "pool", "dense"]
    assert sums(rows) == (216 + 16 + 45, 216 * 120 + 40)
    assert rows[-1]["field"] == rows[2]["field"] == [12 + 2, 10 + 2]
    assert [module.training for module in network.modules()] == modes
    assert all(torch.equal(each, before[name]) for name, each in network.state_dict().items())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network)


def test_what_is_not_used_or_used_twice_is_counted_once():
    with torch.device("meta"):
        rows = read_network(GoogLeNet(auxiliary=True), (3, 224, 224))
    assert (rows[-1]["name"], rows[-1]["parameters"]) == ("unused", 6_379_728)
    same = nn.Linear(6, 6)
    rows = read_network(nn.Sequential(same, nn.Tanh(), same), (6,))
    assert [(row["parameters"], row["multiply_adds"]) for row in rows] == [(42, 36), (0, 36)]
    small = SmallResNet(8)
    assert sums(read_network(small, (3, 32, 32)))[0] == sum(p.numel() for p in small.parameters())


def test_blocks_are_named_by_where_their_layers_stand():
    groups = {row["name"]: row["group"] for row in library.unpacked(library.stored()["ResNet-18"])}
    assert groups["stages.conv3_x.0.shortcut.0"] == groups["stages.conv3_x.0"] == "stages.conv3_x.0"
    assert groups["conv1"] == "conv1"


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["AlexNet 2"], "left is 'AlexNet 2'; give one of 'LeNet-5', 'AlexNet'"),
        (["AlexNet", "x"], "right is 'x'; give one of '', 'LeNet-5'"),
        ([nn.Linear(2, 2)], "shape is left out"),
        ([nn.Linear(2, 2), None, (3,)], "network does not run on one input of shape (3,)"),
        ([nn.Conv2d(3, 4, 9), None, (3, 4, 4)], "does not run on one input of shape (3, 4, 4)"),
        ([nn.Linear(2, 2), None, (0,)], "shape is (0,); give (channels, rows, columns)"),
        ([nn.Linear(2, 2), None, "big"], "shape is 'big'; give (channels, rows, columns)"),
        ([nn.Linear(2, 2), None, (1.5,)], "shape is (1.5,); give (channels, rows, columns)"),
        ([3, None, (3, 4, 4)], "network is of type int; give a PyTorch network"),
        ([nn.LazyLinear(3), None, (3,)], "network has lazy layers without weights"),
        (["AlexNet", None, None, "cost"], "measure is 'cost'; give one of 'parameters'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_fix(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ArchitectureExplorer(*arguments)


def test_what_the_page_sends_is_taken_only_where_it_makes_sense():
    explorer = ArchitectureExplorer(nn.Linear(4, 2), nn.Linear(4, 3), shape=(4,))
    assert list(explorer.tables) == ["Linear", "Linear 2"]
    for message in ({"left": "x"}, {"right": 3}, {"own": {}}, {"measure": "x"}, {"selected": [-1]}):
        explorer.set_state(message)
    assert (explorer.left, explorer.right, sorted(explorer.own)) == (
        "Linear",
        "Linear 2",
        ["Linear", "Linear 2"],
    )
    explorer.set_state({"left": "ResNet-50", "right": "", "detail": True})
    assert sums(explorer.tables["ResNet-50"])[0] == 25_557_032 and len(explorer.tables) == 1
    assert "25,557,032 parameters" in repr(explorer) and "Linear" not in repr(explorer)
