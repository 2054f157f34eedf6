"""What is chosen for a machine and why; learning rates that are found; one batch by heart."""

import math

import pytest
import torch
from torch import nn
from torch.utils.data import TensorDataset

from coursekit.datasets import load
from coursekit.models import LeNet5, resnet8
from coursekit.training import describe_device, find_lr, fit, overfit_one_batch
from coursekit.training.device import choose_device, choose_precision, place

CPU, CUDA = torch.device("cpu"), torch.device("cuda", 0)


@pytest.fixture(scope="module")
def strokes():
    return load("strokes").train


def processor(monkeypatch, amx=False, avx512=False):
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512, raising=False)


@pytest.mark.parametrize(
    ("amx", "avx512", "name"),
    [(True, True, "bfloat16"), (False, True, "bfloat16"), (False, False, "float32")],
)
def test_a_processor_is_read(monkeypatch, amx, avx512, name):
    processor(monkeypatch, amx, avx512)
    chosen = choose_precision("auto", CPU, LeNet5())
    assert (chosen.name, chosen.channels_last) == (name, True)
    small = choose_precision("auto", CPU, nn.Linear(20, 10))
    assert (small.name, small.channels_last) == ("float32", False)
    large = choose_precision("auto", CPU, nn.Linear(1000, 1000))
    assert large.name == name
    report = describe_device()
    if not torch.cuda.is_available():
        assert name in str(report) and report.precision.name == name


@pytest.mark.parametrize(("capability", "name"), [((7, 5), "float32"), ((9, 0), "bfloat16")])
def test_a_gpu_is_read(monkeypatch, capability, name):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert choose_precision("auto", CUDA, LeNet5()).name == name


def test_what_is_asked_for_is_given():
    assert choose_precision("float32", CPU, LeNet5()).channels_last is False
    assert choose_precision("bfloat16", CPU, LeNet5()).name == "bfloat16"
    assert choose_device("cpu") == CPU
    if not torch.cuda.is_available():
        assert choose_device("auto").type in ("cpu", "mps")


@pytest.mark.parametrize("make", [LeNet5, resnet8])
def test_channels_last_goes_through_from_the_first_layer_on(make):
    model, shape = make(), (1, 28, 28) if make is LeNet5 else (3, 32, 32)
    place(model, choose_precision("bfloat16", CPU, model), CPU)
    outputs = []
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(lambda layer, given, output: outputs.append(output))
    model(torch.zeros(4, *shape))
    assert outputs
    for each in outputs:
        assert each.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "auto"])
def test_a_network_learns_in_each_precision(precision):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 10))
    train, test = load("digits")
    history = fit(model, train, test, epochs=2, precision=precision, seed=0, progress=False)
    assert history.final["test_accuracy"] > 0.8
    assert precision in ("auto", history.config["precision"])
    assert all(each.dtype == torch.float32 for each in model.parameters())


def test_while_notebooks_are_built_nothing_is_said_about_the_machine(monkeypatch):
    report = describe_device()
    shown = repr(report)
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    assert repr(report) != shown and str(report) == shown
    assert "processor" not in report._repr_html_()


@pytest.mark.parametrize(
    ("count", "size"), [(60_000, 128), (1_437, 16), (33, 15), (10, 16), (6_400, 128)]
)
def test_a_batch_size_is_chosen_that_leaves_no_single_image(count, size, monkeypatch):
    processor(monkeypatch)
    images, labels = torch.zeros(count, 4), torch.arange(count) % 3
    images[:, 0] = labels

    class Stop:
        def after_step(self, run):
            run.stop = "seen"

    history = fit(nn.Linear(4, 3), (images, labels), hooks=[Stop()], progress=False)
    assert history.config["batch_size"] == size
    assert size >= count or count % size != 1


def straight(seed=0, scale=1.0):
    """Two classes by a line: the loss of a linear model is smooth, its curvature known."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(512, 8, generator=generator) * scale
    return inputs, (inputs[:, 0] > 0).long()


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_rate_that_is_suggested_trains(optimizer, strokes):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    found = find_lr(model, strokes, optimizer=optimizer)
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    ratios = [b / a for a, b in zip(found.rates, found.rates[1:], strict=False)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    assert found.losses[0] == pytest.approx(math.log(10), rel=0.1)
    history = fit(model, strokes, optimizer=optimizer, lr=found.suggestion, batch_size=128,
                  epochs=3, seed=0, progress=False)  # fmt: skip
    assert history.final["loss"] < 0.6 * history["loss"][0]


def test_images_ten_times_as_large_want_a_smaller_rate():
    torch.manual_seed(0)
    model = nn.Linear(8, 2)
    small = find_lr(model, straight(), optimizer="sgd", batch_size=64)
    large = find_lr(model, straight(scale=10.0), optimizer="sgd", batch_size=64)
    assert large.suggestion < small.suggestion / 3


def test_where_nothing_falls_nothing_is_suggested(capsys):
    inputs = torch.zeros(64, 4)
    inputs[0] = 1.0
    found = find_lr(nn.Linear(4, 2), (inputs, torch.arange(64) % 2), optimizer="sgd")
    assert found.suggestion is None or found.suggestion > 1e-6
    found.plot()
    assert "learning rate" in capsys.readouterr().out


def test_one_batch_is_learned_by_heart_even_with_random_labels(strokes):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    images = torch.from_numpy(strokes[0][:16])[:, None] / 255
    for labels in (torch.from_numpy(strokes[1][:16]), torch.randint(10, (16,))):
        found = overfit_one_batch(model, (images, labels))
        assert found.learned and found.losses[-1] < 0.1 * found.losses[0]
        assert found.losses[0] == pytest.approx(math.log(10), rel=0.1)


@pytest.mark.parametrize("kind", ["throws away", "labels that contradict", "wrong labels"])
def test_what_cannot_be_learned_is_said_with_a_reason(kind):
    torch.manual_seed(0)
    images, labels = torch.rand(16, 1, 8, 8), torch.arange(16) % 4
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 4))
    if kind == "throws away":
        model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 4))
    if kind == "labels that contradict":
        images = images[:4].repeat(4, 1, 1, 1)
        labels = torch.arange(16) // 4
    if kind == "wrong labels":
        labels = labels + 1
    found = overfit_one_batch(model, TensorDataset(images, labels))
    assert not found.learned and found.finding.fix
    assert str(found.finding) in repr(found)
