"""The runs of lesson 18: the backbone put to use on four classes that it never saw.

The course's backbone tells airplanes, automobiles, birds, cats, deer and frogs apart. Here it
becomes a network for dogs, horses, ships and trucks in several ways, with few and with many
pictures of each. All ways get as many updates, and no augmentation, so that what a frozen part
computes is computed once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import Dataset
from coursekit.models import resnet8
from coursekit.models.pretrained import load_pretrained
from coursekit.runs.run_tables import Row
from coursekit.training import evaluate, fit

if TYPE_CHECKING:
    from torch import nn

DEVICE = "cpu"
CLASSES = ("dog", "horse", "ship", "truck")
PER_CLASS = (10, 30, 100, 300, 1000)
BATCH_SIZE, LR = 32, 0.01
UPDATES = 30  # of an epoch, whatever the number of pictures
HEAD, STAGE_3 = 5, 3  # places in `parts` from which on a network learns

Pictures = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Way:
    """A way to a network for new classes.

    The first `frozen` of its `parts` never change; the others learn, the head with `LR` and what is
    left of the body with `body_lr`. The statistics of batch norm in the frozen part move only where
    `batch_norm_moves`. It learns `times` as long as the others.
    """

    pretrained: bool = True
    frozen: int = 0
    body_lr: float = LR
    batch_norm_moves: bool = False
    times: int = 1


WAYS = {
    "from scratch": Way(pretrained=False),
    "random body, frozen": Way(pretrained=False, frozen=HEAD),
    "feature extraction": Way(frozen=HEAD),
    "frozen, batch norm moving": Way(frozen=HEAD, batch_norm_moves=True),
    "fine-tuned, last stage": Way(frozen=STAGE_3, body_lr=LR / 10),
    "fine-tuned, one rate": Way(),
    "fine-tuned, body at a tenth": Way(body_lr=LR / 10),
}
LONGER = {"from scratch, four times as long": Way(pretrained=False, times=4)}


def of_classes(images: NDArray[np.uint8], labels: NDArray[np.int64], data: Dataset) -> Pictures:
    """Take the pictures of `CLASSES` out, as the networks see them, numbered in that order.

    (N, 32, 32, 3) bytes become (M, 3, 32, 32) numbers from 0 to 1. Of a set that lacks a class, as
    the drawn shapes do, the first classes are taken.
    """
    names = CLASSES if set(CLASSES) <= set(data.classes) else data.classes[: len(CLASSES)]
    numbers = [data.classes.index(name) for name in names]
    kept = np.isin(labels, numbers)
    place = {number: index for index, number in enumerate(numbers)}
    chosen: Any = images[kept].transpose(0, 3, 1, 2).astype(np.float32) / 255
    return chosen, np.array([place[int(label)] for label in labels[kept]], dtype=np.int64)


def some_of_each(pictures: Pictures, count: int, seed: int) -> Pictures:
    """Draw `count` pictures of each class, other ones for each seed.

    Examples
    --------
    >>> images = np.zeros((6, 3, 2, 2), np.float32)
    >>> some_of_each((images, np.array([0, 1, 0, 1, 0, 1])), 2, seed=0)[1].tolist()
    [0, 0, 1, 1]
    """
    images, labels = pictures
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(np.flatnonzero(labels == k))[:count] for k in range(len(CLASSES))]
    chosen = np.concatenate(rows)[: count * len(CLASSES)]
    return images[chosen], labels[chosen]


def parts(model: Any) -> list[nn.Module]:
    """Return a small residual network in the order in which a picture goes through it.

    First convolution, three stages, averaging; the head is the last.
    """
    from torch import nn

    first = nn.Sequential(model.conv, model.bn, nn.ReLU())
    average = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return [first, model.stage1, model.stage2, model.stage3, average, model.fc]


def build(way: Way, seed: int) -> list[nn.Module]:
    """Make the parts of a network: a body, pretrained or not, and a new head."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    model: Any = load_pretrained("backbone") if way.pretrained else resnet8()
    model.fc = nn.Linear(model.fc.in_features, len(CLASSES))
    model.to(memory_format=torch.channels_last)  # the same numbers, faster on a processor
    made = parts(model)
    for part in made[: way.frozen]:
        part.requires_grad_(False)
        part.train(way.batch_norm_moves)
    return made


def through(frozen: list[nn.Module], pictures: Pictures) -> Pictures:
    """Return what comes out of the frozen parts, once and for all, in place of the pictures."""
    import torch
    from torch import nn

    images, labels = pictures
    front = nn.Sequential(*frozen).eval()
    with torch.no_grad():
        done = [front(torch.from_numpy(images[i : i + 256])) for i in range(0, len(images), 256)]
    return torch.cat(done).numpy(), labels


def train_one(
    way: Way, train: Pictures, test: Pictures, *, updates: int, seed: int
) -> tuple[list[nn.Module], dict[str, float]]:
    """Train a network in a way; return its parts, and how many it gets right in training and test.

    It makes about so many updates (times `way.times`), whatever the number of pictures.
    """
    import torch
    from torch import nn

    made = build(way, seed)
    cut = 0 if way.batch_norm_moves else way.frozen
    if cut:
        train, test = through(made[:cut], train), through(made[:cut], test)
    model = nn.Sequential(*made[cut:])
    head = list(made[-1].parameters())
    body = [p for part in made[way.frozen : -1] for p in part.parameters()]
    groups = [{"params": head, "lr": LR}, {"params": body, "lr": way.body_lr}]
    a_pass = math.ceil(len(train[0]) / BATCH_SIZE)
    fit(
        model,
        train,
        epochs=max(1, round(updates * way.times / a_pass)),
        batch_size=BATCH_SIZE,
        optimizer=torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.0),
        schedule="onecycle",
        precision="float32",
        device=DEVICE,
        seed=seed,
        progress=False,
    )
    right = [evaluate(model, part, device=DEVICE).accuracy for part in (train, test)]
    return made, {"train_accuracy": right[0], "test_accuracy": right[1]}


def runs() -> Iterator[tuple[int, str, Way]]:
    """Yield every run of one seed, as (pictures of each class, name of the way, way).

    Examples
    --------
    >>> len(list(runs()))
    36
    """
    for count in PER_CLASS:
        for name, way in WAYS.items():
            yield count, name, way
    for name, way in LONGER.items():
        yield PER_CLASS[-1], name, way


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Make every network of `runs` from one seed; an epoch is `UPDATES` updates."""
    train_part, test_part = (of_classes(*part, data) for part in data)
    rows: list[Row] = []
    for count, name, way in runs():
        few = some_of_each(train_part, count, seed)
        made, right = train_one(way, few, test_part, updates=epochs * UPDATES, seed=seed)
        numbers = [p for part in made for p in part.parameters()]
        rows.append(
            {
                "way": name,
                "per_class": count,
                "seed": seed,
                "train_images": len(few[0]),
                "test_images": len(test_part[0]),
                "parameters": sum(p.numel() for p in numbers),
                "trained": sum(p.numel() for p in numbers if p.requires_grad),
                **{name: f"{value:.4f}" for name, value in right.items()},
            }
        )
    return rows
