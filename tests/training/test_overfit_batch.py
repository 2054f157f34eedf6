"""A right model learns one batch by heart; of a wrong one it is said why not."""

import pytest
import torch
from mistakes import MISTAKES
from torch import nn

from coursekit.models import LeNet5, resnet8
from coursekit.training import overfit_one_batch

X = torch.rand(32, 1, 28, 28, generator=torch.Generator().manual_seed(0))
Y = torch.randint(10, (32,), generator=torch.Generator().manual_seed(1))


def dense(*layers):
    return nn.Sequential(nn.Flatten(), *layers)


@pytest.mark.parametrize(
    ("make", "batch"),
    [
        (LeNet5, (X, Y)),
        (lambda: resnet8(10), (torch.rand(16, 3, 32, 32), Y[:16])),
        (lambda: dense(nn.Linear(784, 64), nn.Dropout(0.9), nn.Linear(64, 10)), (X, Y)),
        (lambda: dense(nn.Linear(784, 10)), ((X[:, 0] * 255).byte().numpy(), Y.numpy())),
    ],
    ids=["LeNet-5", "a ResNet", "much dropout", "softmax regression on bytes"],
)  # fmt: skip
def test_a_right_model_learns(make, batch):
    torch.manual_seed(0)
    found = overfit_one_batch(make(), batch)
    assert found.learned and found.finding is None
    assert found.losses[-1] < 0.1 * found.losses[0]
    assert repr(found).startswith("The model learns this batch by heart")


def test_the_losses_are_those_of_the_loop_written_out():
    torch.manual_seed(0)
    model, other = nn.Linear(8, 3), nn.Linear(8, 3)
    other.load_state_dict(model.state_dict())
    x, y = torch.randn(12, 8), torch.arange(12) % 3
    found = overfit_one_batch(model, (x, y), lr=0.01, steps=25)
    optimizer = torch.optim.Adam(other.parameters(), lr=0.01)
    for step in range(25):
        loss = nn.functional.cross_entropy(other(x), y)
        assert found.losses[step] == pytest.approx(loss.item(), abs=1e-6)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert len(found.losses) == 26 and not found.learned


def test_a_rate_of_ones_own_and_an_optimizer_of_ones_own_are_taken():
    model = LeNet5()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    found = overfit_one_batch(model, (X, Y), lr=0.05, steps=5, optimizer=optimizer)
    assert found.lr == 0.05 and len(found.losses) == 6


def test_a_regression():
    x = torch.randn(32, 4)
    found = overfit_one_batch(
        nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 1)),
        (x, x.prod(1, keepdim=True)),
        loss=nn.MSELoss(),
        steps=300,
    )
    assert found.learned


@pytest.mark.parametrize(
    "name",
    ["dead units", "detach in forward", "labels 1 to 10", "everything frozen", "no channel axis",
     "all weights 0", "a NaN in one image"],
)  # fmt: skip
def test_a_wrong_model_is_explained(name):
    (mistake,) = [m for m in MISTAKES if m.name == name]
    torch.manual_seed(0)
    made = mistake.make()
    found = overfit_one_batch(made["model"], (made["images"], made["labels"]))
    assert not found.learned
    assert found.finding.code == mistake.code
    assert repr(found) == str(found.finding)


def test_labels_that_contradict_each_other():
    x = X[:1].repeat(32, 1, 1, 1) + 0.0
    x[0] += 0.1  # not all the same
    found = overfit_one_batch(LeNet5(), (x, Y), steps=40)
    assert not found.learned and found.finding.code == "cannot_learn"
    assert "contradict each other" in repr(found) and " % of its start" in repr(found)


def test_nothing_is_changed():
    torch.manual_seed(0)
    model = resnet8(10).eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    batch = torch.rand(8, 3, 32, 32), torch.arange(8)
    kept = batch[0].clone()
    state = torch.get_rng_state()
    overfit_one_batch(model, batch, steps=5)
    assert torch.equal(state, torch.get_rng_state())
    assert not any(module.training for module in model.modules())
    assert all(p.grad is None for p in model.parameters())
    assert torch.equal(kept, batch[0])
    for name, value in model.state_dict().items():
        assert torch.equal(before[name], value), name


@pytest.mark.parametrize("steps", [0, -1, 2.5, True])
def test_steps_that_cannot_be_meant(steps):
    with pytest.raises(ValueError, match=r"steps: found .*; expected a whole number, 1 or more"):
        overfit_one_batch(LeNet5(), (X, Y), steps=steps)


def test_the_picture_says_what_is_to_be_seen(capsys):
    torch.manual_seed(0)
    overfit_one_batch(LeNet5(), (X, Y)).plot()
    assert "it falls below a tenth of its start" in capsys.readouterr().out
    overfit_one_batch(LeNet5(), (X, Y), steps=2).plot()
    assert "it does not fall below a tenth" in capsys.readouterr().out
    overfit_one_batch(LeNet5(), (X, Y), steps=2).plot(alt="A line of my own words.")
    assert "A line of my own words." in capsys.readouterr().out
