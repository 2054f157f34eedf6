"""The runs of lesson 15: plain and residual networks side by side, and a recipe piece by piece.

Made small enough for a processor: CIFAR-10 pictures of 8 x 8 pixels, few of them, few epochs. What
it shows is which networks *learn slowly or not at all in a given time*; how far they would come in
the end takes a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursekit.datasets import Dataset
from coursekit.models import SmallResNet
from coursekit.runs.run_tables import Row
from coursekit.runs.small_runs import BATCH_SIZE, Pictures, errors_of_training
from coursekit.runs.small_runs import small_pictures as small_pictures

if TYPE_CHECKING:
    from torch import nn

TRAIN_IMAGES, TEST_IMAGES = 3000, 2000
DEPTHS = (8, 14, 26)
LR, MOMENTUM, WEIGHT_DECAY = 0.03, 0.9, 1e-4


@dataclass(frozen=True)
class Recipe:
    """How a network is made and trained; by default as the paper does it, on a small scale."""

    depth: int = 8
    residual: bool = True
    batch_norm: bool = True
    he_start: bool = True
    momentum: float = MOMENTUM
    weight_decay: float = WEIGHT_DECAY
    lr: float = LR
    falling_rate: bool = True
    dropout: float = 0.0
    batch_size: int = BATCH_SIZE


# Each as (experiment, what is special about it, recipe).
def runs() -> Iterator[tuple[str, str, Recipe]]:
    """Yield every run of one seed; the whole recipe is that of "residual, 8 layers".

    Examples
    --------
    >>> [name for experiment, name, _ in runs() if experiment == "depth"][:2]
    ['plain, 8 layers', 'residual, 8 layers']
    """
    for depth in DEPTHS:
        for residual in (False, True):
            kind = "residual" if residual else "plain"
            yield "depth", f"{kind}, {depth} layers", Recipe(depth, residual)
    yield "recipe", "no batch norm", Recipe(batch_norm=False)
    yield "recipe", "small random start", Recipe(he_start=False)
    yield "recipe", "no momentum", Recipe(momentum=0.0)
    # Momentum of 0.9 makes steps up to ten times as long; here the rate makes up for that.
    yield "recipe", "no momentum, rate 0.3", Recipe(momentum=0.0, lr=0.3)
    yield "recipe", "no weight decay", Recipe(weight_decay=0.0)
    yield "recipe", "rate never falls", Recipe(falling_rate=False)
    yield "recipe", "with dropout", Recipe(dropout=0.5)
    # Batches eight times as large are an eighth of the steps; here the rate makes up for that.
    yield "recipe", "batches of 256", Recipe(batch_size=256)
    yield "recipe", "batches of 256, rate 0.24", Recipe(batch_size=256, lr=8 * LR)


def build(recipe: Recipe, seed: int) -> nn.Module:
    """Make the network of a recipe."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    model = SmallResNet(recipe.depth, residual=recipe.residual)
    if not recipe.he_start:  # as AlexNet and VGG began
        for module in model.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.01)
    if not recipe.batch_norm:
        for module in list(model.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.BatchNorm2d):
                    setattr(module, name, nn.Identity())
    if recipe.dropout:
        model.add_module("fc", nn.Sequential(nn.Dropout(recipe.dropout), model.fc))
    return model


def train_one(
    recipe: Recipe, train: Pictures, test: Pictures, *, seed: int, epochs: int
) -> tuple[nn.Module, list[dict[str, Any]]]:
    """Train the network of a recipe; return it, and its record of each epoch.

    The learning rate falls to a tenth after three fifths of the epochs.
    """
    model = build(recipe, seed)
    rows = errors_of_training(
        model,
        train,
        test,
        lr=recipe.lr,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        falls_after=0.6 if recipe.falling_rate else None,
        epochs=epochs,
        seed=seed,
        batch_size=recipe.batch_size,
    )
    return model, rows


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train every network of `runs` from one seed; return a row for each epoch of each."""
    train_part = small_pictures(*data.train, TRAIN_IMAGES)
    test_part = small_pictures(*data.test, TEST_IMAGES)
    rows: list[Row] = []
    for experiment, name, recipe in runs():
        model, records = train_one(recipe, train_part, test_part, seed=seed, epochs=epochs)
        about = {
            "experiment": experiment,
            "network": name,
            "depth": recipe.depth,
            "residual": int(recipe.residual),
            "parameters": sum(p.numel() for p in model.parameters()),
            "seed": seed,
            "train_images": len(train_part[0]),
            "test_images": len(test_part[0]),
        }
        rows += [{**about, **record} for record in records]
    return rows
