"""Counts by layer: against numbers by hand, formulas, and torchinfo."""

import pytest
import torch
import torchinfo
from torch import nn
from torch.nn import functional as F

from coursekit.models import LeNet5, LeNet5_1998, QuickCNN, resnet8
from coursekit.training import inference_time, summary


def by_name(found):
    return {layer.name: layer for layer in found.layers}


def test_lenet5_layer_by_layer_by_hand():
    found = summary(LeNet5(), (1, 28, 28))
    rows = [(r.name, r.output, r.parameters, r.multiply_adds) for r in found.layers]
    assert rows == [
        ("c1", (6, 28, 28), 156, 28 * 28 * 6 * 25),
        ("s2", (6, 14, 14), 0, 0),
        ("c3", (16, 10, 10), 2_416, 10 * 10 * 16 * 6 * 25),
        ("s4", (16, 5, 5), 0, 0),
        ("c5", (120,), 48_120, 400 * 120),
        ("f6", (84,), 10_164, 120 * 84),
        ("output", (10,), 850, 84 * 10),
    ]
    assert found.parameters == 61_706 == sum(r.parameters for r in found.layers)
    assert found.multiply_adds == 416_520 == sum(r.multiply_adds for r in found.layers)
    assert found.output_bytes == 4 * (6 * 784 + 6 * 196 + 1600 + 400 + 120 + 84 + 10)
    # Kept for the way back: what comes out of each tanh and of each pooling, the scores not.
    assert found.training_bytes == 4 * (6 * 784 + 6 * 196 + 1600 + 400 + 120 + 84)


@pytest.mark.parametrize(
    ("model", "shape"),
    [(LeNet5(), (1, 28, 28)), (QuickCNN(), (1, 28, 28)), (resnet8(), (3, 32, 32))],
)
def test_parameters_shapes_and_products_are_those_of_torchinfo(model, shape):
    theirs = torchinfo.summary(model, input_size=(1, *shape), depth=9, verbose=0)
    leaves = [each for each in theirs.summary_list if each.is_leaf_layer]
    ours = summary(model, shape)
    assert [(r.kind, r.output, r.parameters) for r in ours.layers] == [
        (each.class_name, tuple(each.output_size[1:]), each.num_params) for each in leaves
    ]
    # torchinfo counts biases as multiply-adds, and one for each number of a batch norm.
    products = 0
    for each in leaves:
        bias = getattr(each.module, "bias", None)
        if isinstance(each.module, nn.Conv2d):
            positions = each.output_size[2] * each.output_size[3]
            products += each.macs - (0 if bias is None else bias.numel() * positions)
        elif isinstance(each.module, nn.Linear):
            products += each.macs - bias.numel() if bias is not None else each.macs
    assert ours.multiply_adds == products
    assert ours.parameters == theirs.total_params


def test_groups_strides_and_transposed_convolutions_by_formula():
    model = nn.Sequential(
        nn.Conv2d(4, 8, 3, stride=2, padding=1, groups=4),  # 9 x 9 -> 5 x 5
        nn.ConvTranspose2d(8, 2, 3, bias=False),  # 5 x 5 -> 7 x 7
    )
    first, second = summary(model, (4, 9, 9)).layers
    assert (first.output, first.parameters) == ((8, 5, 5), 8 * 9 + 8)
    assert first.multiply_adds == 5 * 5 * 8 * 1 * 9
    assert second.output == (2, 7, 7)
    assert second.multiply_adds == 5 * 5 * 8 * 2 * 9  # each input meets every kernel once


class Odd(nn.Module):
    """Calls one layer twice, multiplies by itself, and never calls another."""

    def __init__(self):
        super().__init__()
        self.again = nn.Linear(6, 6)
        self.scale = nn.Parameter(torch.ones(6, 6))
        self.forgotten = nn.Linear(3, 2)

    def forward(self, x):
        return F.relu(self.again(self.again(x)) @ self.scale)


def test_layers_called_twice_functions_and_forgotten_layers_have_their_rows():
    found = summary(Odd(), (6,))
    rows = [(r.name, r.output, r.parameters, r.multiply_adds) for r in found.layers]
    assert rows == [
        ("", (6,), 36, 36),
        ("again", (6,), 42, 36),
        ("again", (6,), 0, 36),
        ("forgotten", None, 8, 0),
    ]
    assert found.parameters == 86
    assert "not called" in str(found)


def test_the_totals_add_up_where_parts_have_numbers_of_their_own():
    found = summary(LeNet5_1998(), (1, 32, 32))
    assert found.parameters == 60_000 == sum(r.parameters for r in found.layers)
    # The whole table of connections: 60 small kernels on maps of 10 by 10.
    c3 = sum(r.multiply_adds for r in found.layers if r.name.startswith("c3"))
    assert c3 == 60 * 25 * 100


def test_what_only_looks_at_the_input_differently_takes_no_memory():
    model = nn.Sequential(nn.Flatten(), nn.Identity(), nn.ReLU(inplace=True), nn.Linear(12, 3))
    assert [r.output_bytes for r in summary(model, (3, 2, 2)).layers] == [0, 0, 0, 12]


def test_shared_and_frozen_parameters_are_counted_once_and_named():
    model = nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 5))
    model[1].weight = model[0].weight
    model[0].bias.requires_grad_(False)
    found = summary(model, (5,))
    assert (found.parameters, found.trainable) == (35, 30)
    assert [r.parameters for r in found.layers] == [30, 5]
    assert "5 of the parameters are frozen." in str(found)


def test_nothing_about_the_model_or_the_generators_is_changed():
    class Draws(nn.Module):
        def forward(self, x):
            return x + torch.rand_like(x)

    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), Draws(), nn.Dropout(), nn.Flatten(), nn.LazyLinear(2)
    )
    model(torch.rand(2, 1, 8, 8)).sum().backward()
    model.eval()
    model[1].train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    gradients = [p.grad.clone() for p in model.parameters()]
    modes = [module.training for module in model.modules()]
    state = torch.get_rng_state()
    summary(model, (1, 8, 8))
    assert torch.equal(state, torch.get_rng_state())
    assert modes == [module.training for module in model.modules()]
    assert all(torch.equal(before[name], t) for name, t in model.state_dict().items())
    assert all(torch.equal(g, p.grad) for g, p in zip(gradients, model.parameters(), strict=True))
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


_ATTENTION = 9 * 16 * 48 + 9 * 16 * 16 + 2 * 2 * 9 * 9 * 8  # in, out, and both products of heads


@pytest.mark.parametrize(
    ("model", "products"),
    [
        (nn.LSTM(6, 16, batch_first=True), 9 * 4 * 16 * (6 + 16)),
        (
            nn.LSTM(6, 16, num_layers=2, bidirectional=True, batch_first=True),
            9 * 2 * 4 * 16 * (6 + 16 + 32 + 16),
        ),
        (nn.GRU(6, 16, batch_first=True), 9 * 3 * 16 * (6 + 16)),
        (nn.RNN(6, 16, batch_first=True), 9 * 16 * (6 + 16)),
    ],
)
def test_recurrent_layers_are_counted_step_by_step(model, products):
    found = summary(model, (9, 6))
    assert found.multiply_adds == products
    assert found.parameters == sum(p.numel() for p in model.parameters())


def test_attention_is_counted_with_the_products_of_its_heads():
    before = torch.backends.mkldnn.enabled, torch.backends.mha.get_fastpath_enabled()
    found = summary(Attention(), (9, 16))
    assert found.multiply_adds == _ATTENTION
    assert found.output_bytes >= 4 * 9 * 16
    block = summary(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), (9, 16))
    assert block.multiply_adds == _ATTENTION + 2 * 9 * 16 * 32
    assert before == (torch.backends.mkldnn.enabled, torch.backends.mha.get_fastpath_enabled())


def test_what_is_no_model_and_no_shape_is_said():
    for measure in (summary, inference_time):
        with pytest.raises(TypeError, match=r"found a class.* Write it with brackets"):
            measure(LeNet5, (1, 28, 28))
        with pytest.raises(ValueError, match=r"input_shape: found 28; .* such as \(1, 28, 28\)"):
            measure(LeNet5(), 28)


def test_a_shape_that_does_not_fit_is_said():
    with pytest.raises(ValueError, match=r"input_shape: found \(28, 28\), which the model does"):
        summary(LeNet5(), (28, 28))
    with pytest.raises(ValueError, match="input_shape: found 0; expected whole numbers"):
        summary(LeNet5(), (0, 28, 28))


def test_the_table_reads_well_as_text_and_as_html():
    found = summary(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 3)), (1, 8, 8))
    lines = str(found).splitlines()
    assert " ".join(lines[0].split()) == "layer kind output parameters multiply-adds output bytes"
    assert lines[2].split() == ["0", "Conv2d", "2", "x", "6", "x", "6", "20", "648", "288"]
    assert lines[-2].split() == ["total", "239", "864", "300"]
    assert len({len(line) for line in lines[1:6]}) == 1  # columns in line
    page = found._repr_html_()
    for text in ("2 x 6 x 6", ">239<", '<th style="text-align:left">layer</th>'):
        assert text in page


def test_under_inference_mode_the_numbers_are_the_same():
    model = LeNet5()
    with torch.inference_mode():
        inside = summary(model, (1, 28, 28))
    assert inside == summary(model, (1, 28, 28)) and inside.training_bytes > 0
