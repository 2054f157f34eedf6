"""A run whose loss is lost is stopped, one that leaps or learns nothing is told so."""

import math
import time
import warnings
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from coursekit.datasets import load
from coursekit.models import LeNet5
from coursekit.training import History, TrainingError, TrainingWarning, fit
from coursekit.training.diagnosis.loss_readers import reader_for
from coursekit.training.diagnosis.watch import Watch, broken_layers

TRAIN, TEST = load("strokes")
SOME = TRAIN[0][:2000], TRAIN[1][:2000]
PLAIN = {"precision": "float32", "device": "cpu", "seed": 0, "progress": False}


def net(act=nn.ReLU):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2), act(), nn.Flatten(), nn.Linear(576, 32), act(),
        nn.Linear(32, 10),
    )  # fmt: skip


def caught(model, train=SOME, test=None, **options):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", TrainingWarning)
        history = fit(model, train, test, **({"batch_size": 20, "lr": 0.003} | PLAIN | options))
    found = [str(each.message) for each in said if each.category is TrainingWarning]
    return history, found


def test_nothing_is_said_of_a_run_that_learns():
    history, said = caught(net(), epochs=2, test=TEST)
    assert said == [] and history.records[-1]["loss"] < 1.5
    # One that is slow, but learns.
    assert caught(net(), lr=0.0003, epochs=3)[1] == []


def test_a_loss_that_becomes_nan_stops_the_run_within_a_few_steps():
    seen = []

    class Count:
        def after_step(self, run):
            seen.append(run.step)

    def loss(scores, labels):
        value = F.cross_entropy(scores, labels)
        return value * float("nan") if len(seen) >= 7 else value

    with pytest.raises(TrainingError) as stopped:
        fit(net(), SOME, loss=loss, batch_size=20, lr=0.003, hooks=[Count()], epochs=2, **PLAIN)
    error = stopped.value
    assert len(seen) <= 8
    assert error.finding.code == "loss_nan"
    assert "became NaN at step 8" in str(error) and "the weights of all 3 layers" in str(error)
    assert "Mend: lr = 0.0003" in str(error)
    assert isinstance(error.history, History) and error.history.stopped.startswith(
        "The loss became"
    )


def test_a_rate_that_leads_to_infinity():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        with pytest.raises(TrainingError, match=r"learning rate of 1e\+20; .* lr = 0.1"):
            fit(net(), SOME, batch_size=20, lr=1e20, optimizer="sgd", epochs=3, **PLAIN)


def test_finished_epochs_are_in_the_history_of_the_error():
    steps = []

    def infinite(scores, labels):
        steps.append(1)
        # The examination before the start asks, too: only steps of the second epoch are struck.
        return F.cross_entropy(scores, labels) + (math.inf if len(steps) > 150 else 0.0)

    with pytest.raises(TrainingError) as stopped:
        fit(net(), SOME, loss=infinite, batch_size=20, lr=0.003, epochs=3, **PLAIN)
    assert len(stopped.value.history.records) == 1
    assert stopped.value.finding.code == "loss_not_finite"
    assert "all weights are finite" in str(stopped.value)


def test_a_nan_among_the_images_is_found_before_the_first_step():
    x = torch.rand(64, 1, 28, 28)
    x[50, 0, 2, 2] = math.nan
    with pytest.raises(TrainingError, match="1 of 64 images holds numbers that are NaN"):
        fit(net(), (x, torch.arange(64) % 10), batch_size=8, lr=0.01, **PLAIN)


def test_a_loss_that_leaps_is_said_once():
    spoilt = []

    class Spoil:
        def after_step(self, run):
            if run.step == 30:
                spoilt.append(1)
                with torch.no_grad():
                    run.model[-1].weight.mul_(2000)

    history, said = caught(net(nn.Tanh), hooks=[Spoil()], epochs=2, lr=0.0001)
    assert len(said) == 1 and spoilt
    assert "what it was at the start" in said[0] and "Mend: lr = 1e-05" in said[0]
    assert len(history.records) == 2


def test_a_rate_too_low_is_said_before_it_starts_and_not_again():
    _, said = caught(net(), lr=1e-9, epochs=2)
    assert len(said) == 1
    assert "learning rate 1e-09 is far too low: in 200 steps" in said[0]


def test_a_rate_too_low_is_said_after_an_epoch_of_nothing():
    _, said = caught(net(), optimizer="sgd", lr=0.0002, epochs=2)
    assert len(said) == 1
    assert "still that of a guess: the learning rate 0.0002 is too low" in said[0]
    lr = float(said[0].split("lr = ")[1])
    assert caught(net(), optimizer="sgd", lr=lr, epochs=2)[0].records[-1]["loss"] < 2.0


def test_a_rate_too_high_that_kills_the_units_is_told_from_a_model_that_cannot_learn():
    class Quiet:
        """Raise the rate where the look before the start cannot see it."""

        def after_step(self, run):
            for group in run.optimizer.param_groups:
                group["lr"] = 3.0

    _, said = caught(net(), lr=0.003, hooks=[Quiet()], epochs=3)
    assert said and all("lr" in each for each in said)
    assert any("too high" in each for each in said)


def test_labels_shuffled_apart_from_their_images():
    x = torch.rand(2000, 1, 28, 28)
    y = torch.randint(10, (2000,))
    _, said = caught(net(), (x, y), lr=0.001, epochs=2)
    assert len(said) == 1
    assert "can learn one batch by heart" in said[0] and "shuffled apart" in said[0]


class Forgets(nn.Module):
    """All that reaches the last layer is the same for every image, but for noise."""

    def __init__(self, noise=0.01):
        super().__init__()
        self.noise = noise
        self.body, self.head = nn.Linear(784, 8), nn.Linear(8, 10)

    def forward(self, x):
        same = self.body(x.flatten(1)).mean(0, keepdim=True).expand(len(x), -1)
        return self.head(same + self.noise * torch.randn_like(same))


def test_a_model_that_cannot_learn_one_batch():
    _, said = caught(Forgets(), lr=0.001, epochs=2)
    assert any("cannot learn even one batch" in each for each in said)
    _, said = caught(Forgets(noise=0.0), lr=0.001, epochs=2)  # seen before the first step
    assert len(said) == 1 and "same scores for all" in said[0]


def test_errors_stop_fit_before_the_first_step():
    steps = []

    class Count:
        def after_step(self, run):
            steps.append(run.step)

    model = net()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(TrainingError, match="from 1 to 10") as stopped:
        fit(model, (SOME[0], SOME[1] + 1), hooks=[Count()], **PLAIN)
    assert steps == [] and stopped.value.finding.mend == "labels = labels - 1"
    assert stopped.value.history.records == []
    for name, value in model.state_dict().items():
        assert torch.equal(before[name], value)


def test_warnings_of_fit_come_once_and_training_goes_on():
    history, said = caught(nn.Sequential(net(), nn.Softmax(1)), epochs=2)
    assert len(said) == 1 and "ends with softmax" in said[0]
    assert len(history.records) == 2


def test_looking_changes_no_bit_of_the_training():
    """Against the loop written out, on a model with dropout and batch norm."""

    def make():
        torch.manual_seed(1)
        return nn.Sequential(
            nn.Flatten(), nn.Linear(784, 16), nn.BatchNorm1d(16), nn.Dropout(0.3), nn.Linear(16, 10)
        )

    x, y = torch.rand(200, 1, 28, 28), torch.randint(10, (200,))
    model, other = make(), make()
    fit(model, (x, y), batch_size=50, lr=0.01, epochs=2, **PLAIN)
    from coursekit.training import epoch_order

    torch.manual_seed(0)
    optimizer = torch.optim.AdamW(other.parameters(), lr=0.01, weight_decay=0.0)
    for epoch in (1, 2):
        for rows in epoch_order(200, 0, epoch).split(50):
            optimizer.zero_grad()
            F.cross_entropy(other(x[rows]), y[rows]).backward()
            optimizer.step()
    for a, b in zip(model.state_dict().values(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_broken_layers_are_named_in_order():
    model = LeNet5()
    assert broken_layers(model) == []
    names = [name for name, _ in model.named_parameters()]
    with torch.no_grad():
        dict(model.named_parameters())[names[4]].view(-1)[0] = math.inf
    assert len(broken_layers(model)) == 1


def test_watching_costs_less_than_a_hundredth_of_a_step():
    torch.manual_seed(0)
    model = LeNet5()
    x, y = torch.rand(128, 1, 28, 28), torch.arange(128) % 10
    run = SimpleNamespace(device=torch.device("cpu"), step=1, loss=torch.tensor(2.3), lr=0.01)
    watch = Watch(lambda count: (x, y), math.log(10))

    def clock(work, times):
        start = time.process_time()  # of the processor: others may use the machine
        for _ in range(times):
            work()
        return (time.process_time() - start) / times

    def step():
        F.cross_entropy(model(x), y).backward()

    rounds = [(clock(lambda: watch.after_step(run), 200), clock(step, 3)) for _ in range(7)]
    watching, training = (min(column) for column in zip(*rounds, strict=True))
    assert watching < 0.01 * training


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU with CUDA")
def test_on_a_gpu_no_step_waits():
    read = reader_for(torch.device("cuda"))
    losses = [torch.full((), float(i), device="cuda") for i in range(200)]
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        readings = [read(loss, i + 1) for i, loss in enumerate(losses)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    arrived = [reading for reading in readings if reading is not None]
    assert all(value == step - 1 for value, step in arrived)
    torch.cuda.synchronize()
    assert read(losses[0], 999) is not None


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU with CUDA")
def test_on_a_gpu_nan_is_found_within_a_few_steps():
    steps = []

    class Spoil:
        def after_step(self, run):
            steps.append(run.step)
            if run.step == 20:
                with torch.no_grad():
                    run.model[0].weight.fill_(math.nan)

    options = PLAIN | {"device": "cuda"}
    with pytest.raises(TrainingError, match="became NaN"):
        fit(net(), SOME, batch_size=20, lr=0.003, hooks=[Spoil()], epochs=2, **options)
    assert len(steps) < 60
