"""Groups of parameters, and the arguments with which optimizers are made."""

import pytest
import torch
from test_fit_plain import assert_same, images, network
from torch import nn

from coursekit.training import fit
from coursekit.training.optimizers import make_optimizer
from coursekit.training.settings import Settings

CPU = torch.device("cpu")


def deep():
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)),
        nn.Flatten(),
        nn.LayerNorm(144),
        nn.Linear(144, 4),
    )


def by_name(model, optimizer, key):
    names = {id(p): name for name, p in model.named_parameters()}
    return {names[id(p)]: group[key] for group in optimizer.param_groups for p in group["params"]}


def test_decay_leaves_out_biases_and_norms():
    model = deep()
    decay = by_name(
        model, make_optimizer(model, Settings(lr=0.1, weight_decay=0.3), CPU), "weight_decay"
    )
    assert {name for name, value in decay.items() if value} == {"0.0.weight", "3.weight"}
    assert set(decay.values()) == {0.0, 0.3}


def test_decay_pulls_weights_towards_zero_beside_the_update():
    before = network()
    decayed, free = network(), network()
    common = {"lr": 0.1, "batch_size": 90, "seed": 0, "precision": "float32", "progress": False}
    fit(decayed, images(), weight_decay=0.5, **common)
    fit(free, images(), **common)
    for name in ("0", "4"):
        old, one, other = (getattr(m, name) for m in (before, decayed, free))
        torch.testing.assert_close(one.weight, other.weight - 0.1 * 0.5 * old.weight)
        assert torch.equal(one.bias, other.bias)


def test_the_longest_prefix_gives_the_scale():
    model = deep()
    scale = {"0": 0.1, "0.1": 0.5}
    rates = by_name(model, make_optimizer(model, Settings(lr=1.0, lr_scale=scale), CPU), "lr")
    assert rates == {
        "0.0.weight": 0.1, "0.0.bias": 0.1, "0.1.weight": 0.5, "0.1.bias": 0.5,
        "2.weight": 1.0, "2.bias": 1.0, "3.weight": 1.0, "3.bias": 1.0,
    }  # fmt: skip


def test_a_name_is_no_prefix_of_a_longer_name():
    model = nn.ModuleDict({"body": nn.Linear(1, 1), "body2": nn.Linear(1, 1)})
    made = make_optimizer(model, Settings(lr=1.0, lr_scale={"body": 0.1}), CPU)
    assert by_name(model, made, "lr")["body2.weight"] == 1.0


def test_every_group_follows_the_schedule():
    seen = []

    class Look:
        def after_step(self, run):
            seen.append([group["lr"] for group in run.optimizer.param_groups])

    fit(
        network(), images(), lr=1.0, lr_scale={"0": 0.1}, schedule=lambda step: 0.5**step,
        hooks=[Look()], batch_size=32, optimizer="sgd", progress=False,
    )  # fmt: skip
    assert seen[0] == pytest.approx([0.05, 0.5])


def test_momentum_is_pytorchs_unless_fit_chooses_the_rate():
    def sgd(**options):
        return make_optimizer(network(), Settings(optimizer="sgd", **options), CPU).param_groups[0]

    given = sgd(lr=0.1, plain=True)
    assert (given["momentum"], given["nesterov"]) == (0, False)
    asked = sgd(lr=0.1, momentum=0.8)
    assert (asked["momentum"], asked["nesterov"]) == (0.8, False)
    chosen = sgd(lr=0.1, chosen=True)
    assert (chosen["momentum"], chosen["nesterov"]) == (0.9, True)


def test_only_the_plain_loop_is_not_fused():
    for settings, fused in ((Settings(lr=0.1, plain=True), None), (Settings(lr=0.1), True)):
        assert make_optimizer(network(), settings, CPU).defaults["fused"] is fused


def test_frozen_parameters_stay():
    model = network()
    model[0].requires_grad_(False)
    before = model[0].weight.clone()
    head = model[4].weight.clone()
    fit(model, images(), lr=0.1, weight_decay=0.1, average=0.5, epochs=2, progress=False)
    assert torch.equal(model[0].weight, before)
    assert not torch.equal(model[4].weight, head)


def test_moments_are_laid_out_as_the_weights_they_belong_to():
    # A fused update walks through both as they lie in memory.
    torch.manual_seed(0)
    models = [nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 4)) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    data = torch.rand(40, 3, 8, 8), torch.arange(40) % 4
    results = []
    for model, precision in zip(models, ("float32", "auto"), strict=True):
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, fused=True)
        nn.functional.cross_entropy(model(data[0]), data[1]).backward()
        optimizer.step()
        fit(model, data, optimizer=optimizer, seed=0, precision=precision, progress=False)
        results.append(model)
    for a, b in zip(results[0].parameters(), results[1].parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=0.01, rtol=0)


def test_layers_that_find_their_size_themselves():
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(4))
    history = fit(model, images(), lr=0.01, weight_decay=0.1, progress=False)
    assert model[3].in_features == 144
    assert history.config["parameters"] == 4 * 10 + 144 * 4 + 4


def test_two_names_for_one_optimizer_agree():
    x, y = images()
    common = {"lr": 0.01, "batch_size": 32, "seed": 0, "precision": "float32", "progress": False}
    models = [network(), network()]
    for model, name in zip(models, ("adam", "adamw"), strict=True):
        fit(model, (x, y), optimizer=name, **common)
    assert_same(*models)  # without decay they are the same
