"""Mistakes that students make, each with the code of the sentence that must come.

A mistake makes what a script has: `model`, `images`, `labels`, and perhaps `optimizer`, `lr`,
`loss`, `loader`, `test`. Where `mends` is true, the mend is executed as it stands, among these
names, and must make the finding go away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


@dataclass(frozen=True)
class Mistake:
    name: str
    make: Callable[[], dict[str, Any]]
    code: str
    words: tuple[str, ...] = ()  # what the sentence or the mend must say
    mends: bool = True
    level: str = "error"


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


def chain(*end, channels=1, classes=10, start=()):
    return nn.Sequential(
        *start,
        nn.Conv2d(channels, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(4),
        nn.Flatten(),
        nn.Linear(4 * 7 * 7, classes),
        *end,
    )


def images(count=96, channels=1):
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, channels, 28, 28, generator=generator)


def labels(count=96, classes=10):
    generator = torch.Generator().manual_seed(1)
    return torch.randint(classes, (count,), generator=generator)


def script(**changes):
    """Return a right script with some things changed."""
    right = {"model": None, "images": images(), "labels": labels()}
    made = right | changes
    if made["model"] is None:
        made["model"] = Net()
    return made


def _with_nan():
    x = images()
    x[70, 0, 3, 3] = float("nan")
    return script(images=x)


def _own_loader(**options):
    order = labels().argsort()
    data = TensorDataset(images()[order], labels()[order])
    return script(loader=DataLoader(data, batch_size=16, **options), train_set=data)


def _stale_optimizer():
    model = Net(classes=5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    model.fc2 = nn.Linear(32, 10)
    return script(model=model, optimizer=optimizer)


def _optimizer_of_another():
    return script(optimizer=torch.optim.Adam(Net().parameters(), lr=0.001))


def _new_head():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.002)
    model.append(nn.Linear(32, 10))
    return script(model=model, optimizer=optimizer)


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


def _filled(value):
    model = Net()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(value)
    return script(model=model)


def _dead():
    model = Net()
    with torch.no_grad():
        model.fc1.bias.fill_(-100.0)
    return script(model=model)


class Nothing(Net):
    def forward(self, x):
        super().forward(x)


class Misspelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def foward(self, x):
        return self.fc(x.flatten(1))


class Unused(Net):
    def __init__(self):
        super().__init__()
        self.extra = nn.Linear(32, 32)


class MixedImages(Net):
    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.fc2(torch.relu(self.fc1(x.reshape(-1, 8 * 7))))


class InPlace(Net):
    def forward(self, x):
        x = torch.sigmoid(self.conv1(x))
        x += 1
        return self.fc2(torch.relu(self.fc1(self.pool(self.pool(self.conv2(x))).flatten(1))))


class NoFlatten(Net):
    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        return self.fc2(torch.relu(self.fc1(self.pool(torch.relu(self.conv2(x))))))


def _kept_in_eval():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.BatchNorm1d(32), nn.Linear(32, 10))
    model[2].eval()
    return script(model=model)


def _evaluated():
    return script(model=chain(nn.Dropout(0.5), nn.Linear(10, 10)).eval())


def _one_left():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.BatchNorm1d(32), nn.Linear(32, 10))
    data = TensorDataset(images(97), labels(97))
    return script(model=model, loader=DataLoader(data, batch_size=32, shuffle=True))


class BytesSet(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, i):
        return (images()[i] * 255).byte(), labels()[i]


class Broken(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, i):
        return images()[i], labels()[i + 50]


def _overlap():
    x, y = images(), labels()
    train, test = torch.arange(0, 80), torch.arange(60, 96)
    return script(images=x[train], labels=y[train], test=(x[test], y[test]))


def _regression(**changes):
    x = torch.rand(64, 8, generator=torch.Generator().manual_seed(0))
    made = {"model": nn.Linear(8, 1), "images": x, "labels": x.sum(1), "loss": nn.MSELoss()}
    return made | changes


MISTAKES = [
    Mistake("labels 1 to 10", lambda: script(labels=labels() + 1), "labels_range", ("1 to 10",)),
    Mistake(
        "a label -1",
        lambda: script(labels=labels().where(torch.arange(96) % 5 > 0, -1)),
        "labels_range",
        ("20 labels are below 0",),
    ),
    Mistake(
        "two classes called 3 and 7",
        lambda: script(model=Net(classes=2), labels=torch.where(labels() < 5, 3, 7)),
        "labels_range",
        ("2 different labels",),
    ),
    Mistake(
        "num_classes too small, in a chain",
        lambda: script(model=chain(classes=5)),
        "num_classes",
        ("0 to 9", "5 scores", "out_features=10"),
    ),
    Mistake(
        "num_classes too small, in a class",
        lambda: script(model=Net(classes=2)),
        "num_classes",
        ("model.fc2 = torch.nn.Linear",),
    ),
    Mistake(
        "whole one-hot labels",
        lambda: script(labels=nn.functional.one_hot(labels(), 10)),
        "one_hot_labels",
        ("10 numbers", "int64"),
    ),
    Mistake(
        "one-hot labels for NLLLoss",
        lambda: script(
            model=Net(last=nn.LogSoftmax(1)),
            labels=nn.functional.one_hot(labels(), 10).float(),
            loss=nn.NLLLoss(),
        ),
        "one_hot_labels",
    ),
    Mistake("float labels", lambda: script(labels=labels().float()), "float_labels", ("float32",)),
    Mistake("int32 labels", lambda: script(labels=labels().int()), "labels_type", ("int32",)),
    Mistake("labels in a column", lambda: script(labels=labels()[:, None]), "labels_column"),
    Mistake(
        "images 0 to 255 as float",
        lambda: script(images=(images() * 255).round()),
        "range_255",
        ("up to 255", "images / 255"),
        level="warning",
    ),
    Mistake(
        "sixteen-bit images",
        lambda: script(images=images() * 65535),
        "range_255",
        ("images / 65535",),
        level="warning",
    ),
    Mistake(
        "divided by 255 twice",
        lambda: script(images=images() / 255),
        "divided_twice",
        ("0.0039",),
        level="warning",
    ),
    Mistake("all zeros", lambda: script(images=images() * 0), "zero_images", mends=False),
    Mistake(
        "all one grey", lambda: script(images=images() * 0 + 0.5), "constant_images", mends=False
    ),
    Mistake(
        "always the first image",
        lambda: script(images=images()[:1].repeat(96, 1, 1, 1)),
        "same_images",
        ("__getitem__",),
        mends=False,
    ),
    Mistake("a NaN in one image", _with_nan, "nan_pixels", ("1 of 96 images",)),
    Mistake(
        "an infinite pixel",
        lambda: script(images=images().masked_fill(images() > 0.9999, float("inf"))),
        "nan_pixels",
    ),
    Mistake(
        "channels last, grey",
        lambda: script(images=images().permute(0, 2, 3, 1)),
        "channels_last",
        ("(32, 28, 28, 1)",),
    ),
    Mistake(
        "channels last, colour",
        lambda: script(model=chain(channels=3), images=images(channels=3).permute(0, 2, 3, 1)),
        "channels_last",
        ("(32, 28, 28, 3)", "permute(0, 3, 1, 2)"),
    ),
    Mistake("no channel axis", lambda: script(images=images()[:, 0]), "no_channel_axis"),
    Mistake(
        "flat images for a convolution", lambda: script(images=images().flatten(1)), "flat_images"
    ),
    Mistake(
        "colour images for a grey model",
        lambda: script(images=images(channels=3)),
        "channel_count",
        ("takes 1 channel", "torch.nn.Conv2d(3,"),
    ),
    Mistake(
        "grey images for a colour model",
        lambda: script(model=chain(channels=3)),
        "channel_count",
        ("repeat(1, 3, 1, 1)",),
    ),
    Mistake(
        "layers that do not follow",
        lambda: script(
            model=nn.Sequential(
                nn.Conv2d(1, 6, 3), nn.Conv2d(8, 4, 3), nn.Flatten(), nn.Linear(2304, 10)
            )
        ),
        "channel_count",
        ("model[1]", "the layer before"),
    ),
    Mistake(
        "a wrong number of features",
        lambda: script(model=Net(features=256)),
        "features",
        ("model.fc1", "256", "392"),
    ),
    Mistake(
        "no Flatten in a chain",
        lambda: script(model=nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Linear(1352, 10))),
        "not_flattened",
        ("model.insert(2, torch.nn.Flatten())",),
    ),
    Mistake(
        "no flatten in forward",
        lambda: script(model=NoFlatten()),
        "not_flattened",
        ("self.fc1",),
        mends=False,
    ),
    Mistake(
        "batch norm for images on rows",
        lambda: script(
            model=nn.Sequential(
                nn.Flatten(), nn.Linear(784, 16), nn.BatchNorm2d(16), nn.Linear(16, 10)
            )
        ),
        "norm_kind",
        ("BatchNorm1d",),
    ),
    Mistake(
        "maps smaller than the window",
        lambda: script(
            model=nn.Sequential(
                nn.MaxPool2d(8),
                nn.Conv2d(1, 4, 5),
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Linear(4, 10),
            )
        ),
        "too_small",
        ("3 x 3", "padding"),
    ),
    Mistake(
        "softmax in a chain",
        lambda: script(model=chain(nn.Softmax(dim=1))),
        "softmax",
        ("model[:-1]",),
        level="warning",
    ),
    Mistake(
        "softmax as a layer of a class",
        lambda: script(model=Net(last=nn.Softmax(dim=1))),
        "softmax",
        ("model.last = torch.nn.Identity()",),
        level="warning",
    ),
    Mistake(
        "softmax in forward",
        lambda: script(model=Net(last=Wrap(lambda x: torch.softmax(x, 1)))),
        "softmax",
        ("return x",),
        mends=False,
        level="warning",
    ),
    Mistake(
        "softmax written out",
        lambda: script(model=Net(last=Wrap(lambda x: x.exp() / x.exp().sum(1, keepdim=True)))),
        "softmax",
        mends=False,
        level="warning",
    ),
    Mistake(
        "log-softmax", lambda: script(model=chain(nn.LogSoftmax(1))), "log_softmax", level="warning"
    ),
    Mistake("sigmoid", lambda: script(model=chain(nn.Sigmoid())), "sigmoid_last", level="warning"),
    Mistake(
        "relu at the end", lambda: script(model=chain(nn.ReLU())), "relu_last", level="warning"
    ),
    Mistake(
        "NLLLoss of scores",
        lambda: script(loss=nn.NLLLoss()),
        "nll_of_scores",
        ("CrossEntropy",),
        mends=False,
    ),
    Mistake(
        "one score for two classes",
        lambda: script(model=Net(classes=1), labels=labels(classes=2)),
        "one_score",
        mends=False,
    ),
    Mistake(
        "forward without return", lambda: script(model=Nothing()), "returns_nothing", mends=False
    ),
    Mistake(
        "forward misspelled",
        lambda: script(model=Misspelled(), Misspelled=Misspelled),
        "no_forward",
        ("called foward",),
    ),
    Mistake(
        "a view that mixes images",
        lambda: script(model=MixedImages(features=56)),
        "batch_mixed",
        mends=False,
    ),
    Mistake(
        "an image overwritten in forward",
        lambda: script(model=InPlace()),
        "in_place",
        ("x = x + y",),
        mends=False,
    ),
    Mistake(
        "detach in forward",
        lambda: script(model=Net(last=Wrap(torch.detach))),
        "cut_off",
        ("does not depend on any parameter",),
        mends=False,
    ),
    Mistake(
        "half of it detached",
        lambda: script(model=Net(change=lambda x: x.detach())),
        "cut_off",
        ("model.conv1 and model.conv2",),
        mends=False,
        level="warning",
    ),
    Mistake(
        "a layer that is never used",
        lambda: script(model=Unused()),
        "unused_layers",
        ("model.extra",),
        level="warning",
    ),
    Mistake("layers in a plain list", lambda: script(model=InAList()), "unregistered", ("hidden",)),
    Mistake("all weights 0", lambda: _filled(0.0), "zero_weights"),
    Mistake("all weights the same", lambda: _filled(0.01), "same_weights", ("same gradient",)),
    Mistake("dead units", _dead, "dead_layer", ("stays 0",)),
    Mistake("evaluation mode", _evaluated, "eval_mode", ("dropout",), level="warning"),
    Mistake(
        "a part in evaluation mode",
        _kept_in_eval,
        "eval_mode",
        ("model[2].train()",),
        level="warning",
    ),
    Mistake(
        "everything frozen",
        lambda: script(model=Net().requires_grad_(False)),
        "all_frozen",
        ("model.fc2.requires_grad_(True)",),
    ),
    Mistake("an optimizer from before", _stale_optimizer, "optimizer", ("momentum=0.9", "fc2")),
    Mistake("another model's optimizer", _optimizer_of_another, "optimizer", ("none of the",)),
    Mistake("a head that came later", _new_head, "optimizer", ("AdamW", "lr=0.002")),
    Mistake(
        "one class",
        lambda: script(labels=torch.full((96,), 3)),
        "one_class",
        ("All 96 labels are 3",),
        mends=False,
        level="warning",
    ),
    Mistake(
        "sorted and not shuffled", _own_loader, "not_shuffled", ("shuffle=True",), level="warning"
    ),
    Mistake(
        "a test set from the training set",
        _overlap,
        "test_in_train",
        ("20 of 36",),
        mends=False,
        level="warning",
    ),
    Mistake(
        "the same images as test",
        lambda: (lambda made: made | {"test": (made["images"], made["labels"])})(script()),
        "test_in_train",
        ("All 96",),
        mends=False,
        level="warning",
    ),
    Mistake("float64 images", lambda: script(images=images().double()), "float64_images"),
    Mistake(
        "bytes into a convolution",
        lambda: script(images=(images() * 255).byte()),
        "integer_images",
        ("uint8",),
    ),
    Mistake(
        "whole numbers into a linear layer",
        lambda: script(
            model=nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), images=(images() * 255).long()
        ),
        "integer_images",
        ("int64",),
    ),
    Mistake(
        "bytes from a Dataset", lambda: script(loader=BytesSet()), "integer_images", mends=False
    ),
    Mistake(
        "an index too far",
        lambda: script(loader=Broken()),
        "data_error",
        ("IndexError",),
        mends=False,
    ),
    Mistake("one image left over", _one_left, "batch_of_one", ("97 = 3 x 32 + 1",)),
    Mistake(
        "a generator of batches",
        lambda: script(loader=((images(8), labels(8)) for _ in range(4))),
        "used_up",
        ("only once",),
    ),
    Mistake(
        "a rate far too high", lambda: script(lr=10.0), "lr_too_high", ("10",), level="warning"
    ),
    Mistake(
        "a rate far too low", lambda: script(lr=1e-9), "lr_too_low", ("1e-09",), level="warning"
    ),
    Mistake(
        "SGD far too high",
        lambda: (
            lambda made: made | {"optimizer": torch.optim.SGD(made["model"].parameters(), lr=1e4)}
        )(script()),
        "lr_too_high",
        ("SGD",),
        mends=False,
        level="warning",
    ),
    Mistake("a column beside a row", _regression, "shapes_differ", ("(32, 1)", "labels[:, None]")),
    Mistake(
        "float64 targets",
        lambda: _regression(labels=torch.rand(64, 1).double()),
        "float64_labels",
        ("float64",),
    ),
    Mistake(
        "whole numbers for binary cross-entropy",
        lambda: _regression(labels=torch.arange(64)[:, None] % 2, loss=nn.BCEWithLogitsLoss()),
        "integer_targets",
        ("labels.float()",),
    ),
    Mistake(
        "sigmoid before BCEWithLogitsLoss",
        lambda: _regression(
            model=nn.Sequential(nn.Linear(8, 1), nn.Sigmoid()),
            labels=(torch.arange(64)[:, None] % 2).float(),
            loss=nn.BCEWithLogitsLoss(),
        ),
        "sigmoid_last",
        level="warning",
    ),
    Mistake(
        "weights far too large",
        lambda: (lambda made: (_scaled(made["model"], 30.0), made)[1])(script()),
        "loss_at_start",
        ("ln 10",),
        level="warning",
    ),
    Mistake(
        "a loss that is not reduced",
        lambda: script(loss=nn.CrossEntropyLoss(reduction="none")),
        "loss_no_scalar",
        ("(32,)",),
        mends=False,
    ),
    Mistake(
        "arrays with labels 1 to 10",
        lambda: script(
            images=(images()[:, 0].numpy() * 255).astype(np.uint8), labels=labels().numpy() + 1
        ),
        "labels_range",
    ),
]


class Wrap(nn.Module):
    """A step of forward that is no layer with a name of its own."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def forward(self, x):
        return self.step(x)


def _scaled(model, factor):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(factor)
