"""LeNet-5: against the paper's numbers, NumPy's own loops, and its Keras twin."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from coursekit.models import LeNet5, LeNet5_1998, Subsampling, lenet5_keras, lenet5_to_keras
from coursekit.models.lenet1998 import CONNECTIONS, PartialConv2d, squash
from coursekit.scratch import avg_pool2d, conv2d_volume


def parameters(module):
    return sum(p.numel() for p in module.parameters())


def test_lenet5_has_the_layers_of_the_table_in_this_order():
    model = LeNet5()
    shapes = [tuple(p.shape) for p in model.parameters()]
    assert shapes == [
        *((6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,)),
        *((120, 400), (120,), (84, 120), (84,), (10, 84), (10,)),
    ]
    assert [parameters(layer) for layer in model.children()] == [156, 0, 2416, 0, 48120, 10164, 850]
    assert parameters(model) == 61_706
    assert parameters(LeNet5(num_classes=3)) == 61_706 - 7 * 85


def test_lenet5_computes_what_numpy_computes_layer_by_layer():
    torch.manual_seed(3)
    model = LeNet5(num_classes=4).double()
    image = np.random.default_rng(3).random((1, 28, 28))
    w = {name: p.detach().numpy() for name, p in model.named_parameters()}

    def pooled(maps):
        return np.stack([avg_pool2d(m) for m in maps])

    maps = np.tanh(conv2d_volume(image, w["c1.weight"], w["c1.bias"], padding=2))
    maps = pooled(maps)
    maps = np.tanh(conv2d_volume(maps, w["c3.weight"], w["c3.bias"]))
    maps = pooled(maps)
    assert maps.shape == (16, 5, 5)
    units = np.tanh(w["c5.weight"] @ maps.reshape(-1) + w["c5.bias"])
    units = np.tanh(w["f6.weight"] @ units + w["f6.bias"])
    expected = w["output.weight"] @ units + w["output.bias"]
    got = model(torch.from_numpy(image)[None]).detach().numpy()[0]
    assert np.abs(got - expected).max() < 1e-12


def test_the_keras_twin_has_the_same_sizes():
    twin = lenet5_keras()
    assert twin.count_params() == 61_706
    sizes = [twin.get_layer(name).output.shape[1:] for name in ("c1", "s2", "c3", "s4")]
    assert sizes == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16)]
    assert lenet5_keras(3).count_params() == 61_706 - 7 * 85


def test_weights_carried_over_to_keras_give_the_same_outputs():
    torch.manual_seed(0)
    model = LeNet5(num_classes=7)
    with torch.no_grad():  # larger weights than usual, so that no layer is close to linear
        for p in model.parameters():
            p.mul_(2)
    images = torch.rand(5, 1, 28, 28)
    ours = model(images).detach().numpy()
    twin = lenet5_to_keras(model)
    theirs = twin.predict(images.permute(0, 2, 3, 1).numpy(), verbose=0)
    assert theirs.shape == (5, 7)
    assert np.abs(ours - theirs).max() < 1e-5 * np.abs(ours).max() + 1e-5
    # A copy: training the one leaves the other alone.
    before = twin.get_layer("c1").get_weights()[0].copy()
    with torch.no_grad():
        model.c1.weight.add_(1)
    assert np.array_equal(twin.get_layer("c1").get_weights()[0], before)


def test_the_network_of_1998_has_60000_parameters():
    model = LeNet5_1998()
    assert [parameters(layer) for layer in model.children()] == [156, 12, 1516, 32, 48120, 10164]
    assert parameters(model) == 60_000
    assert model(torch.rand(3, 1, 32, 32)).shape == (3, 84)


def test_the_table_of_connections_has_the_papers_pattern():
    sizes = [len(seen) for seen in CONNECTIONS]
    assert sizes == [3] * 6 + [4] * 9 + [6]
    assert len(set(CONNECTIONS)) == 16  # no two maps see the same
    seen_by = np.zeros((6, 16), dtype=int)
    for column, seen in enumerate(CONNECTIONS):
        seen_by[list(seen), column] = 1
    assert (seen_by.sum(axis=1) == 10).all()  # each map of S2 is read by ten

    def turned(seen):  # the next map of S2, round and round
        return {(one + 1) % 6 for one in seen}

    # Six neighbours of three, six neighbours of four, three pairs of pairs, each family whole.
    for family in (CONNECTIONS[:6], CONNECTIONS[6:12], CONNECTIONS[12:15]):
        kinds = [set(seen) for seen in family]
        assert all(turned(kind) in kinds for kind in kinds)
    assert [set(seen) for seen in CONNECTIONS[12:15]] == [{0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5}]


def test_a_partial_convolution_is_a_whole_one_with_zeros():
    torch.manual_seed(1)
    layer = PartialConv2d(CONNECTIONS, kernel_size=5).double()
    whole = torch.zeros(16, 6, 5, 5, dtype=torch.float64)
    for k, (seen, conv) in enumerate(zip(CONNECTIONS, layer.maps, strict=True)):
        whole[k, list(seen)] = conv.weight[0].detach()
    biases = torch.stack([conv.bias[0] for conv in layer.maps])
    x = torch.rand(2, 6, 14, 14, dtype=torch.float64)
    assert torch.allclose(layer(x), F.conv2d(x, whole, biases), atol=1e-12)
    assert int((whole == 0).sum()) == 36 * 25


@torch.no_grad()
def test_subsampling_adds_scales_and_shifts_each_map():
    layer = Subsampling(2)
    x = torch.arange(32.0).reshape(1, 2, 4, 4)
    assert torch.equal(layer(x), F.avg_pool2d(x, 2))  # where it starts
    layer.coefficient.copy_(torch.tensor([1.0, 2.0]))
    layer.bias.copy_(torch.tensor([0.5, -1.0]))
    got = layer(x)[0]
    assert float(got[0, 0, 0]) == 0 + 1 + 4 + 5 + 0.5
    assert float(got[1, 1, 1]) == 2 * (26 + 27 + 30 + 31) - 1
    assert parameters(Subsampling(6)) == 12
    assert parameters(Subsampling(16)) == 32


def test_the_papers_squashing_function_is_one_at_one():
    x = torch.tensor([-1.0, 0.0, 1.0, 100.0])
    assert squash(x).tolist() == pytest.approx([-1, 0, 1, 1.7159], abs=1e-4)
