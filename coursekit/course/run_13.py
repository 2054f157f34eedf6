"""The runs of lesson 13: ReLU against tanh in a small AlexNet, and its ideas switched off in turn.

Made small enough for a processor: CIFAR-10 pictures of 8 by 8 pixels, few of them, and a network of
AlexNet's plan (convolutions with pooling, dense layers with dropout) with about a thousandth of its
weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.course.run_tables import Row
from coursekit.datasets import Dataset
from coursekit.training import RandomCrop, RandomHorizontalFlip, evaluate, fit

if TYPE_CHECKING:
    from torch import nn

    from coursekit.training.start import Run

DEVICE = "cpu"
TRAIN_IMAGES, TEST_IMAGES = 1000, 2000
BATCH_SIZE, MOMENTUM, WEIGHT_DECAY = 32, 0.9, 5e-4
RATES = (0.003, 0.01, 0.03, 0.1)
SPEED_EPOCHS = 8

Pictures = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Ideas:
    """The ideas of 2012 that can be switched off, and how a network with them is trained."""

    activation: str = "relu"
    dropout: float = 0.5
    augmentation: bool = True
    lr: float = 0.01
    falling_rate: bool = True


ALL = Ideas()
TANH_LR = 0.03  # each activation has the rate that suits it


def runs() -> Iterator[tuple[str, str, Ideas]]:
    """Yield every run of one seed, as (experiment, what is special about it, ideas).

    Examples
    --------
    >>> [name for experiment, name, _ in runs() if experiment == "speed"][:2]
    ['ReLU, rate 0.003', 'ReLU, rate 0.01']
    """
    for activation, written in (("relu", "ReLU"), ("tanh", "tanh")):
        for lr in RATES:
            ideas = Ideas(activation, 0.0, False, lr, falling_rate=False)
            yield "speed", f"{written}, rate {lr}", ideas
    yield "ideas", "all ideas", ALL
    yield "ideas", "tanh in place of ReLU", replace(ALL, activation="tanh", lr=TANH_LR)
    yield "ideas", "no dropout", replace(ALL, dropout=0.0)
    yield "ideas", "no augmentation", replace(ALL, augmentation=False)
    yield "ideas", "ReLU alone", Ideas("relu", 0.0, False)
    yield "ideas", "none of them", Ideas("tanh", 0.0, False, TANH_LR)


def small_pictures(images: NDArray[np.uint8], labels: NDArray[np.int64], count: int) -> Pictures:
    """Return the first `count` pictures as the networks see them, and their classes.

    Each square of 4 x 4 pixels becomes its mean: (N, 32, 32, 3) bytes are (count, 3, 8, 8) numbers,
    most of them between -2 and 2.
    """
    means = images[:count].reshape(-1, 8, 4, 8, 4, 3).mean(axis=(2, 4), dtype=np.float32)
    return ((means / 255 - 0.47) / 0.25).transpose(0, 3, 1, 2).copy(), labels[:count]


def build(ideas: Ideas, seed: int) -> nn.Module:
    """Make the small AlexNet, (N, 3, 8, 8) -> (N, 10): 120,778 parameters, whatever the ideas.

    Each activation begins as suits it: random weights whose squares are 2/n on average with ReLU,
    1/n with tanh, where n is how many numbers a sum has.
    """
    import torch
    from torch import nn

    torch.manual_seed(seed)
    bend = {"relu": nn.ReLU, "tanh": nn.Tanh}[ideas.activation]
    model = nn.Sequential(
        *[nn.Conv2d(3, 32, 3, padding=1), bend(), nn.MaxPool2d(2)],  # (N, 32, 4, 4)
        *[nn.Conv2d(32, 32, 3, padding=1), bend()],  # (N, 32, 4, 4)
        *[nn.Conv2d(32, 32, 3, padding=1), bend(), nn.MaxPool2d(2)],  # (N, 32, 2, 2)
        *[nn.Flatten(), nn.Linear(128, 256), bend(), nn.Dropout(ideas.dropout)],
        *[nn.Linear(256, 256), bend(), nn.Dropout(ideas.dropout), nn.Linear(256, 10)],
    )
    for layer in model:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            if ideas.activation == "relu":
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            else:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="linear")
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
    return model


def train_one(
    ideas: Ideas, train: Pictures, test: Pictures, *, seed: int, epochs: int
) -> tuple[nn.Module, list[dict[str, Any]]]:
    """Train the network with these ideas; return it, and its record of each epoch.

    Augmentation is AlexNet's: mirrored half of the time, and cut out at another place each time.
    A falling learning rate is divided by 10 after three quarters of the epochs. The error on the
    training pictures is the mean over an epoch, while the network learns; "final" ones are
    measured at the end, on training and test pictures in the same way.
    """
    import torch

    model = build(ideas, seed)
    last = max(1, round(0.75 * epochs))

    def fall(run: Run) -> None:
        if ideas.falling_rate and run.epoch == last:
            for group in run.optimizer.param_groups:
                group["lr"] /= 10

    sgd: Callable[..., Any] = partial(
        torch.optim.SGD, lr=ideas.lr, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY
    )
    history = fit(
        model,
        train,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        optimizer=sgd,
        augment=[RandomCrop(1), RandomHorizontalFlip()] if ideas.augmentation else [],
        precision="float32",
        device=DEVICE,
        seed=seed,
        hooks=(fall,),
        progress=False,
    )
    rows = [
        {"epoch": record["epoch"], "train_error": f"{1 - record['accuracy']:.4f}"}
        for record in history.records
    ]
    for row in rows:
        row |= {"final_train_error": "", "test_error": "", "test_accuracy": ""}
    errors = [1 - evaluate(model, part, device=DEVICE).accuracy for part in (train, test)]
    rows[-1] |= {
        "final_train_error": f"{errors[0]:.4f}",
        "test_error": f"{errors[1]:.4f}",
        "test_accuracy": f"{1 - errors[1]:.4f}",
    }
    return model, rows


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train every network of `runs` from one seed; return a row for each epoch of each.

    The runs that compare speed stop after `SPEED_EPOCHS`.
    """
    train_part = small_pictures(*data.train, TRAIN_IMAGES)
    test_part = small_pictures(*data.test, TEST_IMAGES)
    rows: list[Row] = []
    for experiment, name, ideas in runs():
        span = min(epochs, SPEED_EPOCHS) if experiment == "speed" else epochs
        model, records = train_one(ideas, train_part, test_part, seed=seed, epochs=span)
        about = {
            "experiment": experiment,
            "network": name,
            "activation": ideas.activation,
            "lr": ideas.lr,
            "parameters": sum(p.numel() for p in model.parameters()),
            "seed": seed,
            "train_images": len(train_part[0]),
            "test_images": len(test_part[0]),
        }
        rows += [{**about, **record} for record in records]
    return rows
