"""`fit` beside the loop written by hand: the same weights, bit for bit; and few functions."""

import contextlib
import inspect
import io
import sys

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from coursekit.training import epoch_order, fit, show_loop

COUNT, BATCH, EPOCHS = 150, 32, 2
BYTES = np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8), dtype=np.uint8)
LABELS = np.arange(COUNT) * 7 % 10
IMAGES = torch.from_numpy(BYTES).float().unsqueeze(1) / 255
TARGETS = torch.from_numpy(LABELS)
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.0),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
}


class Items(Dataset):
    def __len__(self):
        return COUNT

    def __getitem__(self, row):
        return IMAGES[row], int(TARGETS[row])


DATA = {
    "arrays of bytes": (BYTES, LABELS),
    "tensors": (IMAGES, TARGETS),
    "doubles": (IMAGES.double().numpy(), list(LABELS)),
    "a TensorDataset": TensorDataset(IMAGES, TARGETS),
    "a Subset of all": Subset(TensorDataset(IMAGES, TARGETS), range(COUNT)),
    "a Dataset": Items(),
}


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(144, 10),
    )


def assert_same(one, other):
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def bare(optimizer, cycle=False, epochs=EPOCHS, batches=None, smoothing=0.0, seed=3):
    """The loop of lesson 11."""
    model = network()
    stepper = OPTIMIZERS[optimizer](model.parameters())
    schedule = None
    if cycle:
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            stepper, max_lr=0.05, total_steps=epochs * 5, cycle_momentum=optimizer != "sgd"
        )
    torch.manual_seed(seed)
    model.train()
    for epoch in range(1, epochs + 1):
        rows = epoch_order(COUNT, seed, epoch).split(BATCH)
        for images, labels in batches or ((IMAGES[r], TARGETS[r]) for r in rows):
            scores = model(images)
            loss = nn.functional.cross_entropy(scores, labels, label_smoothing=smoothing)
            stepper.zero_grad()
            loss.backward()
            stepper.step()
            if schedule is not None:
                schedule.step()
    return model


def plain(data, optimizer="sgd", **settings):
    model = network()
    given = {"batch_size": BATCH, "lr": 0.05, "epochs": EPOCHS, "seed": 3} | settings
    return model, fit(
        model,
        data,
        (BYTES[:40], LABELS[:40]),
        optimizer=optimizer,
        precision="float32",
        device="cpu",
        progress=False,
        **given,
    )


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.filterwarnings("ignore:.*stand in the training set")
def test_weights_are_those_of_the_bare_loop_from_any_kind_of_data(data):
    assert_same(bare("sgd"), plain(data)[0])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cycle", [False, True])
@pytest.mark.filterwarnings("ignore:.*")
def test_weights_are_those_of_the_bare_loop_with_each_optimizer(optimizer, cycle):
    own, _ = plain((BYTES, LABELS), optimizer, schedule="onecycle" if cycle else "constant")
    assert_same(bare(optimizer, cycle), own)


@pytest.mark.filterwarnings("ignore:.*")
def test_a_dataloader_gives_what_it_gives_to_a_loop():
    loader = DataLoader(TensorDataset(IMAGES, TARGETS), BATCH, shuffle=True)
    own, _ = plain(loader, batch_size=None)
    assert_same(bare("sgd", batches=loader), own)


@pytest.mark.filterwarnings("ignore:.*")
def test_a_ready_optimizer_a_function_and_label_smoothing():
    expected = bare("adamw", smoothing=0.1)
    made = network()
    ready = OPTIMIZERS["adamw"](made.parameters())
    shared = {"batch_size": BATCH, "epochs": EPOCHS, "seed": 3, "label_smoothing": 0.1}
    shared |= {"precision": "float32", "device": "cpu", "progress": False}
    fit(made, (BYTES, LABELS), optimizer=ready, **shared)
    assert_same(expected, made)
    other = network()
    fit(other, (BYTES, LABELS), optimizer=OPTIMIZERS["adamw"], **shared)
    assert_same(expected, other)


@pytest.mark.filterwarnings("ignore:.*")
def test_records_are_the_means_over_the_epoch_and_the_evaluation_after_it():
    model, history = plain((BYTES, LABELS), epochs=1)
    # The same epoch by hand, its losses written down.
    other, losses, right = network(), 0.0, 0
    stepper = OPTIMIZERS["sgd"](other.parameters())
    torch.manual_seed(3)
    for rows in epoch_order(COUNT, 3, 1).split(BATCH):
        scores = other(IMAGES[rows])
        loss = nn.functional.cross_entropy(scores, TARGETS[rows])
        losses += loss.item() * len(rows)
        right += int((scores.argmax(1) == TARGETS[rows]).sum())
        stepper.zero_grad()
        loss.backward()
        stepper.step()
    other.eval()
    with torch.no_grad():
        scores = other(IMAGES[:40])
    (record,) = history.records
    assert record["loss"] == pytest.approx(losses / COUNT, rel=1e-6)
    assert record["accuracy"] == pytest.approx(right / COUNT)
    expected = nn.functional.cross_entropy(scores, TARGETS[:40]).item()
    assert record["test_loss"] == pytest.approx(expected, rel=1e-6)
    assert record["test_accuracy"] == int((scores.argmax(1) == TARGETS[:40]).sum()) / 40
    assert list(record) == [
        "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "lr", "seconds",
        "images_per_second",
    ]  # fmt: skip
    assert model.training


@pytest.mark.filterwarnings("ignore:.*stand in the training set")
def test_the_loop_that_is_shown_is_the_loop_that_runs():
    ran, source = [], []
    from coursekit.training import fitting

    def trace(frame, event, argument):
        if event == "call" and frame.f_code.co_name == "train_epoch":
            ran.append(frame.f_code)

    sys.setprofile(trace)
    try:
        plain((BYTES, LABELS), epochs=1)
    finally:
        sys.setprofile(None)
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        show_loop()
    text = shown.getvalue()
    source = inspect.getsource(ran[0])
    assert source.strip() in text
    assert ran[0] is fitting.train_epoch.__code__
    for fact in ("SGD", "lr=0.05", "of 32", "150 images", "seed=3", "float32"):
        assert fact in text.removesuffix(source), fact
    # What is shown runs as it stands, and gives the same weights.
    names = {"training_mode": lambda model: model.train()}
    exec("from __future__ import annotations\nFLOAT32 = __import__('contextlib').nullcontext()\n"
         + text, names)  # fmt: skip
    model = network()
    stepper = OPTIMIZERS["sgd"](model.parameters())
    torch.manual_seed(3)
    for epoch in (1, 2):
        rows = epoch_order(COUNT, 3, epoch).split(BATCH)
        batches = [(IMAGES[r], TARGETS[r]) for r in rows]
        names["train_epoch"](model, batches, nn.CrossEntropyLoss(), stepper)
    assert_same(bare("sgd"), model)


@pytest.mark.filterwarnings("ignore:.*stand in the training set")
@pytest.mark.parametrize(
    "settings",
    [{}, {"optimizer": "sgd", "lr": 0.1, "batch_size": 32, "precision": "float32", "seed": 0}],
)
def test_fewer_than_forty_functions_stand_before_the_first_step(monkeypatch, settings):
    seen = set()

    class FirstStep(Exception):
        pass

    def stop(*_, **__):
        sys.setprofile(None)
        raise FirstStep

    def trace(frame, event, argument):
        code = frame.f_code
        if event == "call" and "coursekit/training/" in code.co_filename.replace("\\", "/"):
            seen.add((code.co_filename, code.co_firstlineno, code.co_name))

    for kind in (torch.optim.AdamW, torch.optim.SGD):
        monkeypatch.setattr(kind, "step", stop)
    model = network()
    sys.setprofile(trace)
    try:
        with pytest.raises(FirstStep):
            fit(model, (BYTES, LABELS), (BYTES[::-1].copy(), LABELS), progress=False, **settings)
    finally:
        sys.setprofile(None)
    assert 10 < len(seen) < 40


def test_frozen_parts_stay_as_they_are_and_keep_their_mode():
    model = network()
    model[0].requires_grad_(False)
    model[1].requires_grad_(False).eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    fit(model, (BYTES, LABELS), seed=0, progress=False)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]) == name.startswith(("0", "1"))
    assert model.training and not model[1].training


def test_the_seed_decides_and_a_drawn_one_is_recorded():
    def run(seed):
        torch.manual_seed(8)
        model = network()
        return model, fit(model, (BYTES, LABELS), seed=seed, progress=False).config["seed"]

    first, drawn = run(None)
    again, _ = run(drawn)
    assert_same(first, again)
    other, _ = run(drawn + 1)
    assert not torch.equal(first[-1].weight, other[-1].weight)


def test_layers_that_find_their_sizes_themselves():
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(10))
    history = fit(model, (BYTES, LABELS), epochs=2, progress=False)
    assert model[2].in_features == 144
    assert history.config["parameters"] == sum(p.numel() for p in model.parameters())


def test_hooks_are_called_at_their_moments_and_can_stop_a_run():
    calls = []

    class Hook:
        def before_epoch(self, run):
            calls.append(("before", run.epoch, run.step))

        def after_step(self, run):
            calls.append(("step", run.epoch, run.step))
            if run.step == 7:
                run.stop = "enough"

        def after_epoch(self, run):
            calls.append(("after", run.epoch, len(run.history.records)))

    seen = []
    shared = {"epochs": 3, "batch_size": 50, "progress": False}
    model = network()
    history = fit(
        model, (BYTES, LABELS), hooks=[Hook(), lambda run: seen.append(run.epoch)], **shared
    )
    steps = [("step", (n - 1) // 3 + 1, n) for n in range(1, 8)]
    expected = [("before", 1, 0), *steps[:3], ("after", 1, 1)]
    expected += [("before", 2, 3), *steps[3:6], ("after", 2, 2)]
    expected += [("before", 3, 6), steps[6], ("after", 3, 3)]
    assert calls == expected
    assert seen == [1, 2, 3]
    assert history.stopped == "enough"
