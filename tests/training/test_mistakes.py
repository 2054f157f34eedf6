"""Mistakes that beginners make: each is named, with a fix; where the fix is code, it works."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training import TrainingError, TrainingWarning, diagnose, fit


def images(count=96, channels=1):
    return torch.rand(count, channels, 28, 28, generator=torch.Generator().manual_seed(0))


def labels(count=96, classes=10):
    return torch.randint(classes, (count,), generator=torch.Generator().manual_seed(1))


class Net(nn.Module):
    """A small network such as students write; its parts can be made wrong one at a time."""

    def __init__(self, channels=1, classes=10, features=8 * 7 * 7, last=None, change=None):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(features, 32)
        self.fc2 = nn.Linear(32, classes)
        self.last = last or nn.Identity()
        self.change = change or (lambda x: x)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = self.change(x.flatten(1))
        return self.last(self.fc2(torch.relu(self.fc1(x))))


class Step(nn.Module):
    def __init__(self, step):
        super().__init__()
        self.forward = step


def chain(*end, channels=1, classes=10):
    return nn.Sequential(
        nn.Conv2d(channels, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(),
        nn.Linear(4 * 7 * 7, classes), *end,
    )  # fmt: skip


class Nothing(Net):
    def forward(self, x):
        super().forward(x)


class Misspelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def foward(self, x):
        return self.fc(x.flatten(1))


class InAList(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = [nn.Linear(784, 32), nn.Linear(32, 32)]
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


class NoFlatten(Net):
    def forward(self, x):
        return self.fc2(self.fc1(self.pool(torch.relu(self.conv1(x)))))


class Pictures(Dataset):
    """Gives what no batch can be made of."""

    def __len__(self):
        return 96

    def __getitem__(self, row):
        from PIL import Image

        return Image.new("L", (28, 28)), 0


def filled(value):
    model = Net()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(value)
    return model


def scaled(factor):
    model = Net()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(factor)
    return model


def sorted_loader():
    order = labels().argsort()
    return DataLoader(TensorDataset(images()[order], labels()[order]), batch_size=16)


def with_nan():
    found = images()
    found[70, 0, 3, 3] = float("nan")
    return found


def other_optimizer():
    return torch.optim.SGD(Net().parameters(), lr=0.01)


@dataclass(frozen=True)
class Mistake:
    name: str
    code: str
    words: tuple[str, ...]  # what the sentence or its fix must name
    make: Callable[[], dict[str, Any]]
    fixed: bool = True  # the fix, executed as it stands, makes the finding go away


def mistake(name, code, *words, fixed=True, **made):
    return Mistake(name, code, words, lambda: {k: v() for k, v in made.items()}, fixed)


ERRORS = [
    mistake("labels 1 to 10", "labels_range", "1 to 10", labels=lambda: labels() + 1),
    mistake(
        "labels -1", "labels_range", "-1",
        labels=lambda: labels().where(torch.arange(96) % 5 > 0, -1),
    ),
    mistake(
        "classes 3 and 7", "labels_range", "3 to 7", model=lambda: Net(classes=2),
        labels=lambda: torch.where(labels() < 5, 3, 7),
    ),
    mistake("too few scores", "labels_range", "5 scores", "10", model=lambda: Net(classes=5),
            fixed=False),
    mistake("one-hot", "argument", "10 numbers", "argmax(1)",
            labels=lambda: nn.functional.one_hot(labels(), 10)),
    mistake("one-hot floats", "argument", "10 numbers",
            labels=lambda: nn.functional.one_hot(labels(), 10).float()),
    mistake("no whole numbers", "argument", ".5", labels=lambda: labels() + 0.5, fixed=False),
    mistake("a NaN", "nan_pixels", "1 of 96", images=with_nan),
    mistake("all zeros", "same_images", "96|64", images=lambda: images() * 0, fixed=False),
    mistake("whole numbers", "argument", "int64", "uint8",
            images=lambda: (images() * 255).long().numpy()),
    mistake("channels last", "channels_last", "(64, 28, 28, 1)",
            images=lambda: images().permute(0, 2, 3, 1)),
    mistake("no channel axis", "no_channel_axis", "(64, 28, 28)", images=lambda: images()[:, 0]),
    mistake("flat images", "flat_images", "784", images=lambda: images().flatten(1)),
    mistake("three channels for one", "channel_count", "3", "Conv2d(3,",
            images=lambda: images(channels=3)),
    mistake("one channel for three", "channel_count", "1", "Conv2d(1,",
            model=lambda: chain(channels=3)),
    mistake("features", "features", "256", "392", model=lambda: Net(features=256)),
    mistake("no Flatten", "not_flattened", "insert(2",
            model=lambda: nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Linear(1352, 10))),
    mistake("no flatten", "not_flattened", "model.fc1", model=NoFlatten, fixed=False),
    mistake("norm", "norm_shape", "BatchNorm1d",
            model=lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.BatchNorm2d(16),
                                        nn.Linear(16, 10))),
    mistake("too small", "too_small", "(64, 1, 3, 3)",
            model=lambda: nn.Sequential(nn.MaxPool2d(8), nn.Conv2d(1, 4, 5)), fixed=False),
    mistake("no return", "no_scores", "None", model=Nothing, fixed=False),
    mistake("a tuple", "no_scores", "tuple", model=lambda: Net(last=Step(lambda x: (x, x))),
            fixed=False),
    mistake("one row", "scores_shape", "(640,)", model=lambda: Net(last=Step(torch.flatten)),
            fixed=False),
    mistake("no forward", "no_forward", "foward", model=Misspelled, fixed=False),
    mistake("detached", "cut_off", "gradient", model=lambda: Net(last=Step(torch.detach)),
            fixed=False),
    mistake("layers in a list", "unregistered", "hidden", "ModuleList", model=InAList,
            fixed=False),
    mistake("all weights 0", "zero_gradients", "conv1", model=lambda: filled(0.0)),
    mistake("everything frozen", "all_frozen", "requires_grad",
            model=lambda: Net().requires_grad_(False)),
    mistake("another's optimizer", "argument", "conv1.weight", "SGD", optimizer=other_optimizer),
    mistake("pictures that are no tensors", "argument", "train", train=Pictures, fixed=False),
    mistake("test labels", "labels_range", "test", "10",
            test=lambda: (images(40), labels(40) + 1), fixed=False),
    mistake("another size", "other_size", "(1, 14, 14)",
            test=lambda: (images(40)[..., :14, :14], labels(40)), fixed=False),
    mistake("a division by 0", "loss_not_finite", "nan",
            model=lambda: Net(last=Step(lambda x: x / (x - x))), fixed=False),
]  # fmt: skip

WARNINGS = [
    mistake("0 to 255", "range_255", "255", images=lambda: (images() * 255).round()),
    mistake("divided twice", "divided_twice", "0.0039", images=lambda: images() / 255),
    mistake("softmax", "softmax", "softmax", model=lambda: chain(nn.Softmax(dim=1))),
    mistake("softmax in forward", "softmax", "forward",
            model=lambda: Net(last=Step(lambda x: torch.softmax(x, 1))), fixed=False),
    mistake("softmax written out", "softmax", "softmax", fixed=False,
            model=lambda: Net(last=Step(lambda x: x.exp() / x.exp().sum(1, keepdim=True)))),
    mistake("sigmoid", "sigmoid", "0 to 1", model=lambda: chain(nn.Sigmoid())),
    mistake("relu", "relu", "below 0", model=lambda: chain(nn.ReLU())),
    mistake("half detached", "unused_layers", "model.conv1", "model.conv2",
            model=lambda: Net(change=lambda x: x.detach()), fixed=False),
    mistake("evaluation mode", "eval_mode", "Dropout",
            model=lambda: chain(nn.Dropout(0.5), nn.Linear(10, 10)).eval()),
    mistake("one class", "one_class", "3", labels=lambda: torch.full((96,), 3), fixed=False),
    mistake("large weights", "loss_at_start", "ln 10", model=lambda: scaled(30.0)),
    mistake("a rate of 10", "lr_too_high", "10", lr=lambda: 10.0),
    mistake("a rate of 1e-7", "lr_too_low", "1e-07", lr=lambda: 1e-7),
    mistake("a test set that was not scaled", "other_scale", "test",
            test=lambda: (images(40) * 255 + torch.rand(1, 1, 28, 28), labels(40)), fixed=False),
    mistake("tested on the training set", "test_in_train", "40 of 40",
            test=lambda: (images()[:40], labels()[:40]), fixed=False),
]  # fmt: skip


def script(made):
    """Return the variables of a student's script with one mistake in it."""
    given = {"model": None, "images": images(), "labels": labels(), "torch": torch} | made
    if given["model"] is None:
        torch.manual_seed(0)
        given["model"] = Net()
    return given


def look(given):
    optional = {k: given[k] for k in ("lr", "optimizer", "test") if k in given}
    data = given.get("train", (given["images"], given["labels"]))
    return diagnose(given["model"], data, **optional)


@pytest.mark.parametrize("case", [*ERRORS, *WARNINGS], ids=lambda case: case.name)
def test_each_mistake_is_named_with_a_fix_that_works(case):
    torch.manual_seed(0)
    given = script(case.make())
    found = look(given)
    (finding,) = [each for each in found if each.code == case.code]
    assert finding.level == ("error" if case in ERRORS else "warning")
    for word in case.words:
        assert any(each in str(finding) for each in word.split("|")), (word, str(finding))
    assert "expected" in finding.sentence and finding.fix
    if case.fixed:
        exec(finding.fix, given)
        assert case.code not in [each.code for each in look(given)]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
def test_fit_stops_for_an_error_before_anything_is_trained(case):
    torch.manual_seed(0)
    given = script(case.make())
    before = {name: value.clone() for name, value in given["model"].state_dict().items()}
    data = given.get("train", (given["images"], given["labels"]))
    optional = {"optimizer": given["optimizer"]} if "optimizer" in given else {}
    with pytest.raises(TrainingError) as raised:
        fit(given["model"], data, given.get("test"), progress=False, **optional)
    assert "Fix:" in str(raised.value) and "\n" not in str(raised.value)
    for name, value in given["model"].state_dict().items():
        assert torch.equal(value.nan_to_num(), before[name].nan_to_num())


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.name)
def test_fit_warns_and_goes_on(case):
    torch.manual_seed(0)
    given = script(case.make())
    shared = {"lr": given["lr"]} if "lr" in given else {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fit(given["model"], (given["images"], given["labels"]), given.get("test"),
                progress=False, **shared)  # fmt: skip
        except TrainingError as error:  # a rate of 10 may end in NaN
            assert case.code == "lr_too_high" and error.finding.code == "loss_nan"
    said = [str(w.message) for w in caught if issubclass(w.category, TrainingWarning)]
    assert any(all(word in each for word in case.words) for each in said), said
    assert all(each.filename == __file__ for each in caught)


HEALTHY = {
    "a network": lambda: (Net(), (images(), labels())),
    "a chain": lambda: (chain(), (images(), labels())),
    "normalised": lambda: (chain(), ((images() - 0.5) / 0.3, labels())),
    "bytes": lambda: (chain(), ((images()[:, 0].numpy() * 255).astype(np.uint8), labels().numpy())),
    "a DataLoader": lambda: (
        chain(),
        DataLoader(TensorDataset(images(), labels()), 16, shuffle=True),
    ),
    "a frozen body": lambda: (_frozen(), (images(), labels())),
    "few features": lambda: (nn.Linear(4, 3), (torch.randn(50, 4) * 2, torch.arange(50) % 3)),
}


def _frozen():
    model = Net()
    model.conv1.requires_grad_(False)
    return model


@pytest.mark.parametrize("make", HEALTHY.values(), ids=HEALTHY)
def test_of_what_is_right_nothing_is_said_and_nothing_is_changed(make):
    torch.manual_seed(0)
    model, data = make()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    found = diagnose(model, data)
    assert found == [], found
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    with warnings.catch_warnings():
        warnings.simplefilter("error", TrainingWarning)
        fit(model, data, progress=False, seed=0)


def test_batches_in_stored_order_are_noticed():
    torch.manual_seed(0)
    found = diagnose(Net(), sorted_loader())
    assert [each.code for each in found] == ["not_shuffled"]


def test_gradients_that_are_switched_off():
    with torch.no_grad(), pytest.raises(TrainingError, match="no_grad"):
        fit(Net(), (images(), labels()), progress=False)


def test_an_image_left_over_for_batch_norm_is_explained():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.BatchNorm1d(16), nn.Linear(16, 10))
    loader = DataLoader(TensorDataset(images(33), labels(33)), 32, shuffle=True)
    with pytest.raises(TrainingError, match=r"BatchNorm1d.*drop_last"):
        fit(model, loader, progress=False)
    fit(model, (images(33), labels(33)), progress=False)  # fit's own batches leave none over


def test_memory_that_is_used_up_is_a_sentence_with_a_smaller_batch():
    class Full:
        def after_step(self, run):
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")

    with pytest.raises(TrainingError, match=r"batch of 64.*batch_size = 16"):
        fit(Net(), (images(), labels()), batch_size=64, hooks=[Full()], progress=False)


def test_a_loss_that_becomes_nan_stops_the_run_and_keeps_the_history():
    class Break:
        def after_epoch(self, run):
            if run.epoch == 2:
                with torch.no_grad():
                    run.model.fc1.weight.fill_(float("nan"))

    with pytest.raises(TrainingError) as raised:
        fit(Net(), (images(), labels()), epochs=3, hooks=[Break()], progress=False)
    assert len(raised.value.history) == 2
    assert "model." in str(raised.value) and "nan" in str(raised.value)


def test_a_run_that_learns_nothing_is_told_so():
    noise = torch.randint(10, (96,), generator=torch.Generator().manual_seed(5))
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    with pytest.warns(TrainingWarning, match="find_lr"):
        fit(model, (images() * 0.02, noise), epochs=34, batch_size=16, lr=1e-4,
            optimizer="sgd", progress=False)  # fmt: skip


def test_an_error_in_the_students_own_model_keeps_its_place():
    class Broken(Net):
        def forward(self, x):
            if self.training:
                return self.no_such_layer(x)
            return super().forward(x)

    with pytest.raises(AttributeError, match="no_such_layer"):
        fit(Broken(), (images(), labels()), progress=False)
