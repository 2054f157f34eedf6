"""The runs of lesson 13: ReLU against tanh in a small AlexNet, and its ideas switched off in turn.

Made small enough for a processor: CIFAR-10 pictures of 8 by 8 pixels, few of them, and a network of
AlexNet's plan (convolutions with pooling, dense layers with dropout) with about a thousandth of its
weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursekit.datasets import Dataset
from coursekit.runs.run_tables import Row
from coursekit.runs.small_runs import Pictures, errors_of_training
from coursekit.runs.small_runs import small_pictures as small_pictures
from coursekit.training import RandomCrop, RandomHorizontalFlip

if TYPE_CHECKING:
    from torch import nn

TRAIN_IMAGES, TEST_IMAGES = 1000, 2000
MOMENTUM, WEIGHT_DECAY = 0.9, 5e-4
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
SPEED_EPOCHS = 8


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
    ['ReLU, rate 0.001', 'ReLU, rate 0.003']
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
    A falling learning rate is divided by 10 after three quarters of the epochs.
    """
    model = build(ideas, seed)
    augment = (RandomCrop(1), RandomHorizontalFlip()) if ideas.augmentation else ()
    rows = errors_of_training(
        model,
        train,
        test,
        lr=ideas.lr,
        momentum=MOMENTUM,
        weight_decay=WEIGHT_DECAY,
        falls_after=0.75 if ideas.falling_rate else None,
        epochs=epochs,
        seed=seed,
        augment=augment,
    )
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
