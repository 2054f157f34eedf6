"""The runs of lesson 13: a small AlexNet, and each of its ideas switched off in turn.

Made small enough for a processor: CIFAR-10 pictures of 16 x 16 pixels, few of them, and a network
with AlexNet's plan (convolutions with pooling, two dense layers with dropout) and a thousandth of
its weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.course.run_tables import Row
from coursekit.datasets import Dataset
from coursekit.training import RandomCrop, RandomHorizontalFlip, evaluate, fit

if TYPE_CHECKING:
    from torch import nn

DEVICE = "cpu"
TRAIN_IMAGES, TEST_IMAGES = 1500, 2000
BATCH_SIZE = 32
LR = 0.002

Pictures = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Ideas:
    """The ideas of 2012 that can be switched off."""

    activation: str = "relu"
    dropout: float = 0.5
    augmentation: bool = True


ALL = Ideas()
RUNS = {
    "all ideas": ALL,
    "tanh in place of ReLU": replace(ALL, activation="tanh"),
    "no dropout": replace(ALL, dropout=0.0),
    "no augmentation": replace(ALL, augmentation=False),
    "ReLU alone": Ideas("relu", 0.0, False),
    "none of them": Ideas("tanh", 0.0, False),
}


def small_pictures(images: NDArray[np.uint8], labels: NDArray[np.int64], count: int) -> Pictures:
    """Return the first `count` pictures as the networks see them, and their classes.

    Each square of 2 x 2 pixels becomes its mean: (N, 32, 32, 3) bytes are (count, 3, 16, 16)
    numbers, most of them between -2 and 2.
    """
    means = images[:count].reshape(-1, 16, 2, 16, 2, 3).mean(axis=(2, 4), dtype=np.float32)
    return ((means / 255 - 0.47) / 0.25).transpose(0, 3, 1, 2).copy(), labels[:count]


def build(ideas: Ideas, seed: int) -> nn.Module:
    """Make the small AlexNet, (N, 3, 16, 16) -> (N, 10): 75,530 parameters, whatever the ideas."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    bend = {"relu": nn.ReLU, "tanh": nn.Tanh}[ideas.activation]
    return nn.Sequential(
        *[nn.Conv2d(3, 24, 5, padding=2), bend(), nn.MaxPool2d(2)],  # (N, 24, 8, 8)
        *[nn.Conv2d(24, 48, 3, padding=1), bend(), nn.MaxPool2d(2)],  # (N, 48, 4, 4)
        *[nn.Conv2d(48, 48, 3, padding=1), bend(), nn.MaxPool2d(2)],  # (N, 48, 2, 2)
        *[nn.Flatten(), nn.Linear(192, 128), bend(), nn.Dropout(ideas.dropout)],
        *[nn.Linear(128, 128), bend(), nn.Dropout(ideas.dropout), nn.Linear(128, 10)],
    )


def train_one(
    ideas: Ideas, train: Pictures, test: Pictures, *, seed: int, epochs: int
) -> tuple[nn.Module, list[dict[str, Any]]]:
    """Train the network with these ideas; return it, and its record of each epoch.

    Augmentation is AlexNet's: mirrored half of the time, and cut out at another place each time.
    "final" errors are measured at the end, on training and test pictures in the same way.
    """
    model = build(ideas, seed)
    history = fit(
        model,
        train,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        lr=LR,
        optimizer="adam",
        augment=[RandomCrop(2), RandomHorizontalFlip()] if ideas.augmentation else [],
        precision="float32",
        device=DEVICE,
        seed=seed,
        progress=False,
    )
    rows = [
        {
            "epoch": record["epoch"],
            "train_loss": f"{record['loss']:.4f}",
            "train_error": f"{1 - record['accuracy']:.4f}",
            "final_train_error": "",
            "test_error": "",
            "test_accuracy": "",
        }
        for record in history.records
    ]
    errors = [1 - evaluate(model, part, device=DEVICE).accuracy for part in (train, test)]
    rows[-1] |= {
        "final_train_error": f"{errors[0]:.4f}",
        "test_error": f"{errors[1]:.4f}",
        "test_accuracy": f"{1 - errors[1]:.4f}",
    }
    return model, rows


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train every network of `RUNS` from one seed; return a row for each epoch of each."""
    train_part = small_pictures(*data.train, TRAIN_IMAGES)
    test_part = small_pictures(*data.test, TEST_IMAGES)
    rows: list[Row] = []
    for name, ideas in RUNS.items():
        model, records = train_one(ideas, train_part, test_part, seed=seed, epochs=epochs)
        about = {
            "network": name,
            "parameters": sum(p.numel() for p in model.parameters()),
            "seed": seed,
            "train_images": len(train_part[0]),
            "test_images": len(test_part[0]),
        }
        rows += [{**about, **record} for record in records]
    return rows
