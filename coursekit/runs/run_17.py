"""The runs of lesson 17: what augmentation buys, by the number of pictures, and when it hurts.

The pictures experiment trains one small residual network on a part of the CIFAR-10 subset, as it
is and with random crops and flips. The digits experiment trains the digit network on a thousand
digits, each time with one kind of random change, and looks at it on upright, turned and resized
digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import Dataset, load
from coursekit.models import digit_cnn, resnet8
from coursekit.runs.run_tables import Row
from coursekit.training import RandomCrop, RandomHorizontalFlip, evaluate, fit

if TYPE_CHECKING:
    from torch import Tensor, nn

DEVICE = "cpu"
SIZES, TEST_IMAGES = (250, 1000, 4000), 4000  # of the pictures experiment
DIGITS, TEST_DIGITS = 1000, 4000
BATCH_SIZE, LR = 64, 0.01

Pictures = tuple[NDArray[np.float32], NDArray[np.int64]]
Step = Callable[["Tensor"], "Tensor"]


def small_pictures(images: NDArray[np.uint8], labels: NDArray[np.int64], count: int) -> Pictures:
    """Return the first `count` pictures as the networks see them, and their classes.

    Each square of 2 x 2 pixels becomes its mean: (N, 32, 32, 3) bytes are (count, 3, 16, 16)
    numbers, most of them between -2 and 2.
    """
    means = images[:count].reshape(-1, 16, 2, 16, 2, 3).mean(axis=(2, 4), dtype=np.float32)
    return ((means / 255 - 0.47) / 0.25).transpose(0, 3, 1, 2).copy(), labels[:count]


def grey_digits(images: NDArray[np.uint8], labels: NDArray[np.int64], count: int) -> Pictures:
    """Return the first `count` digits, (count, 1, 28, 28), from 0 to 1."""
    return images[:count, None].astype(np.float32) / np.float32(255), labels[:count]


def turned(images: Tensor, degrees: Tensor | float, scale: Tensor | float = 1.0) -> Tensor:
    """Turn each image anticlockwise by so many degrees and resize what is on it by a factor.

    (N, C, H, W) -> the same shape, bilinear, zeros beyond the border. `degrees` and `scale` are one
    number for all, or one for each image.

    Examples
    --------
    >>> import torch
    >>> turned(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 90.0).round()
    tensor([[[[2., 4.],
              [1., 3.]]]])
    """
    import torch
    from torch.nn import functional as F

    count = len(images)
    angle = torch.deg2rad(torch.as_tensor(degrees, dtype=torch.float32, device=images.device))
    factor = torch.as_tensor(scale, dtype=torch.float32, device=images.device)
    cos = (angle.cos() / factor).expand(count)
    sin = (angle.sin() / factor).expand(count)
    zero = torch.zeros_like(cos)
    # Where each pixel of the result comes from: the way back, hence the angle's other sign.
    rows = torch.stack([torch.stack([cos, -sin, zero], 1), torch.stack([sin, cos, zero], 1)], 1)
    grid = F.affine_grid(rows, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def random_turn(degrees: float) -> Step:
    """Make a step of augmentation: each image turned by up to so many degrees either way."""

    def step(images: Tensor) -> Tensor:
        import torch

        return turned(images, (2 * torch.rand(len(images), device=images.device) - 1) * degrees)

    return step


def random_scale(smallest: float, largest: float) -> Step:
    """Make a step of augmentation: each image resized by a factor between the two."""

    def step(images: Tensor) -> Tensor:
        import torch

        share = torch.rand(len(images), device=images.device)
        return turned(images, 0.0, smallest + (largest - smallest) * share)

    return step


def flip_vertical(images: Tensor) -> Tensor:
    """Mirror half of the images, on average, top for bottom; a step of augmentation."""
    import torch

    chosen = torch.rand(len(images), device=images.device) < 0.5
    return torch.where(chosen[:, None, None, None], images.flip(2), images)


PICTURES: dict[str, tuple[Any, ...]] = {
    "as they are": (),
    "crops and flips": (RandomCrop(2), RandomHorizontalFlip()),
}
DIGIT_CHANGES: dict[str, tuple[Any, ...]] = {
    "as they are": (),
    "shifts": (RandomCrop(2),),
    "turns up to 15": (random_turn(15),),
    "turns up to 60": (random_turn(60),),
    "any turn": (random_turn(180),),
    "sizes 0.6 to 1.4": (random_scale(0.6, 1.4),),
    "left-right flips": (RandomHorizontalFlip(),),
    "upside-down flips": (flip_vertical,),
}
# What the trained digit network is looked at with: name, degrees, factor.
LOOKS = (
    ("upright", 0.0, 1.0),
    ("turned by 15", 15.0, 1.0),
    ("turned by 30", 30.0, 1.0),
    ("turned by 60", 60.0, 1.0),
    ("turned by 180", 180.0, 1.0),
    ("size 0.6", 0.0, 0.6),
    ("size 1.4", 0.0, 1.4),
)


def train_one(
    model: nn.Module, train: Pictures, steps: tuple[Any, ...], *, updates: int, seed: int
) -> float:
    """Train by so many updates, whatever the number of pictures; return the last training loss."""
    epochs = max(1, round(updates / math.ceil(len(train[0]) / BATCH_SIZE)))
    history = fit(
        model,
        train,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        lr=LR,
        schedule="onecycle",
        augment=steps,
        precision="float32",
        device=DEVICE,
        seed=seed,
        progress=False,
    )
    return float(history.records[-1]["loss"])


def row(experiment: str, change: str, images: int, seed: int, loss: float, look: str) -> Row:
    """Begin a row of the table."""
    about = {"experiment": experiment, "augmentation": change, "train_images": images}
    return {**about, "seed": seed, "train_loss": f"{loss:.4f}", "tested_on": look}


def pictures(data: Dataset, *, seed: int, updates: int) -> Iterator[Row]:
    """Train on growing parts of the pictures, with and without augmentation."""
    import torch

    test = small_pictures(*data.test, TEST_IMAGES)
    for count in [size for size in SIZES if size <= len(data.train[0])]:
        part = small_pictures(*data.train, count)
        for name, steps in PICTURES.items():
            torch.manual_seed(seed)
            model = resnet8(len(data.classes))
            loss = train_one(model, part, steps, updates=updates, seed=seed)
            accuracy = evaluate(model, test, device=DEVICE).accuracy
            yield row("pictures", name, count, seed, loss, "test images") | {
                "test_accuracy": f"{accuracy:.4f}"
            }


def digits(data: Dataset, *, seed: int, updates: int) -> Iterator[Row]:
    """Train on a thousand digits with each kind of change; look at upright and changed ones."""
    import torch

    images, labels = grey_digits(*data.train, DIGITS)
    test_images, test_labels = grey_digits(*data.test, TEST_DIGITS)
    for name, steps in DIGIT_CHANGES.items():
        torch.manual_seed(seed)
        model = digit_cnn()
        loss = train_one(model, (images, labels), steps, updates=updates, seed=seed)
        for look, degrees, scale in LOOKS:
            changed = turned(torch.from_numpy(test_images), degrees, scale)
            accuracy = evaluate(model, (changed, test_labels), device=DEVICE).accuracy
            yield row("digits", name, len(images), seed, loss, look) | {
                "test_accuracy": f"{accuracy:.4f}"
            }


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Run both experiments from one seed.

    An epoch is as many updates as the largest part of the pictures makes. All networks get as many:
    one that has few pictures sees each of them more often.
    """
    updates = epochs * math.ceil(SIZES[-1] / BATCH_SIZE)
    rows = list(pictures(data, seed=seed, updates=updates))
    return rows + list(digits(load("mnist"), seed=seed, updates=updates))
