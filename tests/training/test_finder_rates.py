"""The range test against a rate that is known, and against what its suggestion is for."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from coursekit.datasets import load
from coursekit.models import LeNet5, resnet8
from coursekit.training import TrainingError, epoch_order, find_lr

TRAIN, TEST = load("strokes")
SOME = TRAIN[0][:1000], TRAIN[1][:1000]


def least_squares(scale):
    """Return a linear model, its data, and 2 / L, beyond which gradient descent diverges.

    The loss is the mean of (x w - y)^2: its curvature is 2 x'x / n, and L the largest eigenvalue.
    The weights start away from their solution in the direction that belongs to L.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(256, 4)) * scale
    values, directions = np.linalg.eigh(2 * x.T @ x / len(x))
    solution = rng.normal(size=(4, 1))
    model = nn.Linear(4, 1, bias=False)
    with torch.no_grad():
        model.weight.copy_(torch.tensor((solution + directions[:, -1:]).T))
    data = torch.tensor(x, dtype=torch.float32), torch.tensor(x @ solution, dtype=torch.float32)
    return model, data, 2 / values[-1]


@pytest.mark.parametrize("scale", [1.0, 10.0, 0.3])
def test_the_loss_turns_at_the_largest_stable_rate(scale):
    model, data, bound = least_squares(np.array([scale, 1.0, 0.5, 0.2]))
    found = find_lr(
        model, data, loss=F.mse_loss, optimizer="sgd", batch_size=256,
        start=bound * 0.85, end=bound * 2, steps=120, device="cpu",
    )  # fmt: skip
    turn = found.rates[int(np.argmin(found.raw))]
    assert turn == pytest.approx(bound, rel=0.02)
    assert found.limit == pytest.approx(bound, rel=0.1)  # the smoothed loss turns a little later
    assert found.suggestion < bound
    assert len(found.rates) < 120  # it ended when the loss had leapt


def train(model, lr, kind, epochs=5):
    x = torch.tensor(SOME[0])[:, None] / 255
    y = torch.tensor(SOME[1])
    optimizer = kind(model.parameters(), lr=lr)
    losses = []
    for epoch in range(1, epochs + 1):
        for rows in epoch_order(len(x), 0, epoch).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return np.mean(losses[-15:])


def lenet():
    torch.manual_seed(0)
    return LeNet5()


def linear():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


@pytest.mark.parametrize("make", [lenet, linear])
@pytest.mark.parametrize(("name", "kind"), [("adamw", torch.optim.AdamW), ("sgd", torch.optim.SGD)])
def test_the_suggestion_trains_well(make, name, kind):
    found = find_lr(make(), SOME, optimizer=name, batch_size=50, device="cpu")
    assert found.suggestion is not None
    reached = train(make(), found.suggestion, kind)
    assert reached < 0.7 * math.log(10)
    # A far smaller rate learns less, a far larger one less or nothing.
    assert reached < train(make(), found.suggestion / 10, kind)
    assert not reached > train(make(), found.suggestion * 30, kind)


def test_the_rates_grow_by_one_factor_and_the_losses_are_smoothed():
    found = find_lr(linear(), SOME, batch_size=50, start=1e-5, end=1e-2, steps=50, device="cpu")
    assert found.rates[0] == pytest.approx(1e-5) and found.rates[-1] == pytest.approx(1e-2)
    ratios = np.array(found.rates[1:]) / found.rates[:-1]
    assert ratios == pytest.approx(np.full(49, 1e3 ** (1 / 49)))
    # The running mean, written as a sum of weights.
    for i in (0, 7, 30):
        weights = 0.8 ** np.arange(i, -1, -1)
        assert found.losses[i] == pytest.approx(
            (weights * found.raw[: i + 1]).sum() / weights.sum()
        )


def test_the_model_and_chance_stay_as_they_are():
    torch.manual_seed(3)
    model = resnet8(10).eval()
    F.cross_entropy(model(torch.rand(4, 3, 32, 32)), torch.arange(4)).backward()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    gradients = [p.grad for p in model.parameters()]
    state = torch.get_rng_state()
    data = torch.rand(64, 3, 32, 32), torch.arange(64) % 10
    state = torch.get_rng_state()
    find_lr(model, data, batch_size=16, steps=12, device="cpu")
    assert torch.equal(state, torch.get_rng_state())
    assert not model.training
    for name, value in model.state_dict().items():
        assert torch.equal(before[name], value), name
    assert all(a is p.grad for a, p in zip(gradients, model.parameters(), strict=True))


def test_the_same_seed_gives_the_same_rates():
    a, b, c = (
        find_lr(linear(), SOME, batch_size=50, seed=seed, steps=40, device="cpu")
        for seed in (1, 1, 2)
    )
    assert a.raw == b.raw and a.raw != c.raw


def test_where_nothing_falls_nothing_is_suggested(capsys):
    model = linear().requires_grad_(True)
    x = torch.zeros(200, 1, 28, 28)
    found = find_lr(model, (x, torch.arange(200) % 10), batch_size=50, end=1e-4, device="cpu")
    assert found.suggestion is None and found.limit is None
    assert "with none of them the loss fell" in repr(found)
    found.plot()
    assert "does not fall at any rate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"start": 0.1, "end": 0.01}, "start, end: found 0.1 and 0.01; expected 0 < start < end"),
        ({"start": 0.0}, "start, end"),
        ({"steps": 3}, "steps: found 3; expected a whole number, 10 or more"),
        ({"optimizer": "adamax"}, "optimizer"),
    ],
)
def test_what_cannot_be_meant(options, says):
    with pytest.raises(ValueError, match=says):
        find_lr(linear(), SOME, **options)


def test_what_is_shown_has_no_measured_number(capsys):
    found = find_lr(linear(), SOME, batch_size=50, device="cpu")
    found.plot()
    text = capsys.readouterr().out + repr(found)
    assert "lowest point" in text
    assert "." not in text.replace(". ", " ").replace(".\n", " ").replace(
        ".suggestion", ""
    ).replace(".plot()", "").rstrip(".")


def test_what_no_rate_can_help_is_said():
    images, labels = torch.rand(64, 1, 8, 8), torch.arange(64) % 4
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 4))
    with pytest.raises(TrainingError, match="labels run from 1 to 4"):
        find_lr(model, (images, labels + 1))
    with pytest.raises(TrainingError, match="frozen"):
        find_lr(model.requires_grad_(False), (images, labels))
