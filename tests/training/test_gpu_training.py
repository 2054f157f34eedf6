"""What needs a GPU with CUDA: data on it, bfloat16, compiling, and no waiting in each step."""

import copy
import importlib

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.datasets import load
from coursekit.models import LeNet5, resnet8
from coursekit.training import (
    RandomCrop,
    RandomHorizontalFlip,
    describe_device,
    epoch_order,
    fit,
)
from coursekit.training.data import Batches
from coursekit.training.device import choose_device, choose_precision

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU with CUDA")
STEPS = [RandomCrop(4), RandomHorizontalFlip()]


def colours(count=600):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8), rng.integers(0, 10, count)


def batches(device, *, last=True, **more):
    return Batches(colours(), "train", 128, device, seed=0, channels_last=last, **more)


def with_units():
    if torch.cuda.get_device_capability()[0] < 8:
        pytest.skip("needs a GPU with CUDA and units for bfloat16")


@pytest.mark.parametrize("last", [False, True])
def test_batches_on_the_gpu_are_those_on_the_processor(last):
    gpu = batches(choose_device("cuda"), last=last, augment=STEPS)
    cpu = batches(torch.device("cpu"), last=last, augment=STEPS)
    for (a, b), (c, d) in zip(gpu.epoch(2), cpu.epoch(2), strict=True):
        assert a.device.type == b.device.type == "cuda"
        assert a.stride() == c.stride()
        # The GPU multiplies by 1 / 255 where the processor divides.
        torch.testing.assert_close(a.cpu(), c, rtol=0, atol=1e-7)
        assert torch.equal(b.cpu(), d)


def test_the_set_is_on_the_gpu_once_as_bytes():
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    made = batches(choose_device("cuda"))
    held = torch.cuda.memory_allocated() - before
    assert held < 1.1 * colours()[0].nbytes + 16 * len(colours()[1])
    assert len(made) == 5


def test_no_batch_waits_for_the_gpu():
    epoch = batches(choose_device("cuda"), augment=STEPS).epoch(1)
    next(epoch)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in epoch:
            pass
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_no_step_of_fit_waits_for_the_gpu():
    class Watch:
        def after_step(self, run):
            # From the second step on: the first makes what the optimizer remembers.
            # Every twentieth step looks at the loss; the last one of an epoch is read.
            looked_at = run.step % 20 == 19 or run.step == len(run.batches)
            torch.cuda.set_sync_debug_mode("default" if looked_at else "error")

    try:
        fit(resnet8(), colours(2000), batch_size=128, seed=0, progress=False, hooks=[Watch()])
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_plain_float32_is_the_loop_written_by_hand():
    torch.manual_seed(0)
    model = LeNet5().cuda()
    twin = copy.deepcopy(model)
    (images, labels), _ = load("strokes")
    images, labels = images[:1000], labels[:1000]
    fit(twin, (images, labels), batch_size=100, lr=1e-3, seed=5, precision="float32",
        device="cuda", progress=False)  # fmt: skip
    inputs = torch.from_numpy(images).cuda().float().div(255).unsqueeze(1)
    targets = torch.from_numpy(labels).cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
    order = epoch_order(1000, 5, 1).cuda()
    for low in range(0, 1000, 100):
        rows = order[low : low + 100]
        loss = nn.functional.cross_entropy(model(inputs[rows]), targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-5)


def test_bfloat16_learns_and_is_recorded():
    with_units()
    train, test = load("strokes")
    torch.manual_seed(0)
    history = fit(LeNet5(), train, test, epochs=5, seed=0, progress=False)
    assert history.config["precision"] == "bfloat16"
    assert history.config["device"].startswith("cuda")
    assert history.records[-1]["test_accuracy"] > 0.8


def test_a_run_is_repeatable_on_one_gpu():
    def weights():
        torch.manual_seed(0)
        model = resnet8()
        torch.backends.cudnn.deterministic = True
        try:
            fit(model, colours(), epochs=2, seed=0, augment=STEPS, progress=False)
        finally:
            torch.backends.cudnn.deterministic = False
        return [p.detach().cpu() for p in model.parameters()]

    assert all(torch.equal(a, b) for a, b in zip(weights(), weights(), strict=True))


def test_a_compiled_model_trains_and_keeps_its_names():
    pytest.importorskip("triton", reason="needs a GPU with CUDA and Triton")
    model = LeNet5()
    names = list(model.state_dict())
    before = copy.deepcopy(model.state_dict())
    train, _ = load("digits")
    images = np.pad(train[0], ((0, 0), (10, 10), (10, 10)))
    history = fit(model, (images, train[1]), seed=0, compile=True, progress=False)
    assert history.config["compile"] is True
    assert list(model.state_dict()) == names
    assert any(not torch.equal(before[k], v.cpu()) for k, v in model.state_dict().items())


def test_the_report_names_the_gpu():
    text = str(describe_device())
    assert torch.cuda.get_device_name() in text
    assert choose_precision("auto", choose_device("auto"), resnet8()).name in text


def test_fit_is_as_fast_as_a_bare_loop_on_the_network_of_airbench(project, monkeypatch):
    with_units()
    monkeypatch.syspath_prepend(str(project / "benchmarks"))
    module = importlib.import_module("airbench_network")
    images, labels = colours(20_480)
    device = choose_device("auto")
    runs = {
        "bare": module.bare(images, labels, device, bfloat16=True),
        "fit": module.fitted(images, labels, compile=False),
    }
    seconds = {name: [] for name in runs}
    for _ in range(7):  # in turn; the first round warms up
        for name, run in runs.items():
            seconds[name].append(run())
    # The least of each: what was in the way of a round made it longer, never shorter.
    assert min(seconds["bare"][1:]) > 0.8 * min(seconds["fit"][1:])
