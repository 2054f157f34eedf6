"""Going on from the end of the last epoch: the bits of a run that nobody interrupted."""

import errno
import os
import random
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.errors import CourseError
from coursekit.training import RandomCrop, RandomHorizontalFlip, TrainingWarning, fit

IMAGES = torch.rand(96, 1, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(96) * 5 % 6
EPOCHS = 3


class Gone(BaseException):
    pass


class CrashAt:
    """Ends a run at a step, as a crash would."""

    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            raise Gone


class Noisy(Dataset):
    """Draws from all three global generators."""

    def __len__(self):
        return 96

    def __getitem__(self, row):
        noise = torch.rand(()) + random.random() + np.random.rand()  # noqa: NPY002
        return (IMAGES[row] + noise / 10).float(), int(LABELS[row])


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 6, 3),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Conv2d(6, 4, 3),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(64, 6),
    )


def own_loader():
    generator = torch.Generator().manual_seed(9)
    return DataLoader(TensorDataset(IMAGES, LABELS), 16, shuffle=True, generator=generator)


KINDS = {
    "own choice": (lambda: (IMAGES, LABELS), {}),
    "bfloat16, one cycle, augmented": (
        lambda: ((IMAGES * 255).byte().numpy()[:, 0], LABELS.numpy()),
        {"precision": "bfloat16", "augment": [RandomCrop(1), RandomHorizontalFlip()]},
    ),
    "plain SGD": (
        lambda: (IMAGES, LABELS),
        {"precision": "float32", "optimizer": "sgd", "lr": 0.05, "batch_size": 16},
    ),
    "momentum of its own": (
        lambda: (IMAGES, LABELS),
        {"optimizer": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), "batch_size": 16},
    ),
    "a Dataset with noise": (Noisy, {"batch_size": 16}),
    "a DataLoader with a generator": (own_loader, {}),
    "validation and patience": (lambda: (IMAGES, LABELS), {"validation": 0.25, "patience": 2}),
}


def run(kind, folder=None, crash=None):
    make, settings = KINDS[kind]
    data, model = make(), network()
    for source in (random.seed, np.random.seed, torch.manual_seed):
        source(4)
    try:
        history = fit(
            model, data, (IMAGES[:30], LABELS[:30]), epochs=EPOCHS, seed=1, progress=False,
            checkpoint=folder, resume=folder is not None,
            hooks=[] if crash is None else [CrashAt(crash)], **settings,
        )  # fmt: skip
    except Gone:
        return None
    return model, history


def same(one, other):
    """Compare weights, and all of the records but the clock."""
    for name, value in one[0].state_dict().items():
        assert torch.equal(value, other[0].state_dict()[name]), name
    timed = ("seconds", "images_per_second")
    for a, b in zip(one[1].records, other[1].records, strict=True):
        assert {k: v for k, v in a.items() if k not in timed} == {
            k: v for k, v in b.items() if k not in timed
        }
    assert one[1].best_epoch == other[1].best_epoch
    assert one[1].stopped == other[1].stopped


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
def test_a_run_that_crashed_three_times_ends_as_one_that_did_not(kind, tmp_path):
    whole = run(kind)
    for crash in (2, 9, 16):
        run(kind, tmp_path, crash)
    same(whole, run(kind, tmp_path))
    same(whole, run(kind, tmp_path))  # a finished run is only read


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_kills_at_random_times_change_nothing(tmp_path):
    whole = run("own choice")
    chance = random.Random(7)
    kills = 0
    for _ in range(6):
        child = os.fork()
        if child == 0:  # the child trains, and is killed wherever it is
            run("own choice", tmp_path)
            os._exit(0)
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert kills > 0
    same(whole, run("own choice", tmp_path))


@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_damaged_file_is_noticed_and_the_one_before_is_taken(tmp_path, where):
    whole = run("plain SGD")
    run("plain SGD", tmp_path, crash=15)
    last = max(tmp_path.glob("*.pt"), key=lambda path: path.stat().st_mtime_ns)
    content = bytearray(last.read_bytes())
    content[int(where * len(content))] ^= 0x10
    last.write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        again = run("plain SGD", tmp_path)
    same(whole, again)
    assert any(last.name in str(each.message) for each in caught)

    run("plain SGD", tmp_path / "new", crash=15)
    for path in (tmp_path / "new").glob("*.pt"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CourseError, match="damaged"):
        run("plain SGD", tmp_path / "new")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"lr": 0.1}, "lr"),
        ({"batch_size": 32}, "batch_size"),
        ({"optimizer": "adam"}, "optimizer"),
        ({"schedule": "onecycle"}, "schedule"),
        ({"seed": 2}, "seed"),
        ({"label_smoothing": 0.1}, "label_smoothing"),
        ({"augment": [RandomCrop(1)]}, "augment"),
        ({"epochs": 1}, "epochs"),
    ],
)
def test_other_arguments_are_refused_by_name(tmp_path, change, named):
    first = {"optimizer": "sgd", "lr": 0.05, "batch_size": 16, "epochs": 2, "seed": 1}
    first |= {"checkpoint": tmp_path, "progress": False, "precision": "float32"}
    fit(network(), (IMAGES, LABELS), **first)
    model = network()
    with pytest.raises(CourseError, match=f"{named}="):
        fit(model, (IMAGES, LABELS), resume=True, **first | change)


def test_a_run_with_a_constant_rate_can_go_on_for_more_epochs(tmp_path):
    shared = {"optimizer": "sgd", "lr": 0.05, "batch_size": 16, "seed": 1, "progress": False}
    whole, parts = network(), network()
    fit(whole, (IMAGES, LABELS), epochs=3, **shared)
    fit(parts, (IMAGES, LABELS), epochs=1, checkpoint=tmp_path, **shared)
    other = network()
    history = fit(other, (IMAGES, LABELS), epochs=3, checkpoint=tmp_path, resume=True, **shared)
    assert torch.equal(whole[-1].weight, other[-1].weight)
    assert len(history) == 3


def test_what_fit_chose_stays_chosen(tmp_path):
    torch.manual_seed(0)
    first = fit(network(), (IMAGES, LABELS), epochs=2, checkpoint=tmp_path, progress=False)
    again = fit(
        network(), (IMAGES, LABELS), epochs=2, checkpoint=tmp_path, resume=True, progress=False
    )
    for key in ("seed", "batch_size", "lr", "precision", "schedule"):
        assert first.config[key] == again.config[key]
    assert len(again) == 2


def test_an_empty_folder_is_a_run_from_the_beginning(tmp_path):
    history = fit(
        network(), (IMAGES, LABELS), checkpoint=tmp_path / "a" / "b", resume=True, progress=False
    )
    assert len(history) == 1


def test_a_full_disk_names_the_folder_and_leaves_the_epoch_before(tmp_path, monkeypatch):
    whole = run("plain SGD")
    real, calls = os.fsync, []

    def full(number):
        calls.append(number)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CourseError, match=f"{tmp_path.name}.*full"):
        run("plain SGD", tmp_path)
    monkeypatch.setattr(os, "fsync", real)
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".pt"]
    same(whole, run("plain SGD", tmp_path))


def test_no_code_of_whoever_wrote_the_file_is_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "touched",))

    torch.save({"format": Evil()}, tmp_path / "last.pt")
    with pytest.raises(CourseError):
        run("plain SGD", tmp_path)
    assert not (tmp_path / "touched").exists()


def test_ctrl_c_gives_back_the_history_and_the_run_goes_on(tmp_path):
    class Press:
        def after_step(self, run):
            if run.step == 9:
                signal.raise_signal(signal.SIGINT)

    whole = run("plain SGD")
    settings = KINDS["plain SGD"][1] | {"epochs": EPOCHS, "seed": 1, "checkpoint": tmp_path}
    torch.manual_seed(4)
    data = (IMAGES, LABELS), (IMAGES[:30], LABELS[:30])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        history = fit(network(), *data, hooks=[Press()], progress=False, **settings)
    assert "epoch 2" in history.stopped and len(history) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        same(whole, run("plain SGD", tmp_path))
