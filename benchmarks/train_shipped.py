"""Train a network that the course ships, and compare it with the one that is shipped.

    python benchmarks/train_shipped.py digit_cnn                 # trains, and compares
    python benchmarks/train_shipped.py digit_cnn --seed 1        # with another seed
    python benchmarks/train_shipped.py digit_cnn --out FOLDER    # writes the weights there
    python benchmarks/train_shipped.py digit_cnn --checkpoint F  # goes on from the last epoch in F
    python benchmarks/train_shipped.py digit_cnn --quick         # a small part, to see that it runs

One thread and a fixed seed: on the same machine with the same PyTorch the weights come out the
same, bit for bit. Elsewhere products are added up in another order, and the accuracy differs by a
little; the model cards beside the weights say by how much.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from side_by_side import describe_machine, say
from torch import nn

from coursekit.datasets import load
from coursekit.models.shipped import SHIPPED, Shipped
from coursekit.training import RandomCrop, RandomHorizontalFlip, evaluate, fit


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW with one cycle up to `lr`, augmented, to the last epoch."""

    epochs: int
    lr: float
    augment: tuple[Any, ...]
    batch_size: int = 128
    precision: str = "float32"


RECIPES = {
    "digit_cnn": Recipe(epochs=5, lr=0.01, augment=(RandomCrop(padding=2),), precision="auto"),
    "backbone": Recipe(
        epochs=8, lr=0.01, augment=(RandomCrop(padding=4), RandomHorizontalFlip()), batch_size=64
    ),
}
QUICK = 640  # training images


def sets_of(shipped: Shipped) -> tuple[Any, Any]:
    """Return the training and the test part of the network's classes, which it numbers from 0."""
    data = load(shipped.dataset)
    numbers = np.full(len(data.classes), -1)
    numbers[[data.classes.index(name) for name in shipped.classes]] = range(len(shipped.classes))
    parts = []
    for images, labels in data:
        kept = numbers[labels] >= 0
        parts.append((images[kept], numbers[labels][kept]))
    return parts[0], parts[1]


def train(
    name: str, seed: int = 0, quick: bool = False, checkpoint: Path | None = None
) -> tuple[nn.Module, float]:
    """Train a network by its recipe; return it with its accuracy on the test part."""
    shipped, recipe = SHIPPED[name], RECIPES[name]
    (images, labels), test = sets_of(shipped)
    if quick:
        images, labels, test = images[:QUICK], labels[:QUICK], (test[0][:QUICK], test[1][:QUICK])
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model = shipped.build(len(shipped.classes))
    fit(
        model,
        (images, labels),
        epochs=1 if quick else recipe.epochs,
        batch_size=recipe.batch_size,
        lr=recipe.lr,
        schedule="onecycle",
        augment=list(recipe.augment),
        seed=seed,
        device="cpu",
        precision=recipe.precision,
        checkpoint=checkpoint,
        resume=checkpoint is not None,
        hooks=[say_epoch],
        progress=False,
    )
    return model, float(evaluate(model, test).accuracy)


def say_epoch(run: Any) -> None:
    """Print how far a run has come."""
    record = run.history.records[-1]
    say(f"  epoch {record['epoch']}: loss {record['loss']:.4f}, accuracy {record['accuracy']:.4f}")


def weights_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """Return all weights as a file takes them, one after the other in memory."""
    return {name: tensor.contiguous() for name, tensor in model.state_dict().items()}


def compared(weights: dict[str, torch.Tensor], known: Shipped) -> str:
    """Say how far new weights are from the shipped ones."""
    if not known.weights.exists():
        return "there are no shipped weights"
    largest = max(
        float((weights[name].double() - tensor.double()).abs().max())
        for name, tensor in load_file(known.weights).items()
    )
    if largest == 0:
        return "the weights are those that are shipped, bit for bit"
    return f"the weights differ from the shipped ones by up to {largest:.3g}"


def main(arguments: list[str] | None = None) -> int:
    """Run the script; return the exit code."""
    parser = argparse.ArgumentParser(description="Train a network that the course ships.")
    parser.add_argument("name", choices=list(SHIPPED))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="on a small part, for one epoch")
    parser.add_argument("--checkpoint", type=Path, help="a folder to go on from after a break")
    parser.add_argument("--out", type=Path, help="write the weights to this folder")
    asked = parser.parse_args(arguments)
    start = time.process_time()
    model, share = train(asked.name, asked.seed, asked.quick, asked.checkpoint)
    say(
        describe_machine(),
        f"{asked.name}, seed {asked.seed}: test accuracy {share:.4f}, "
        f"{time.process_time() - start:.0f} s of processor time",
    )
    weights = weights_of(model)
    say(compared(weights, SHIPPED[asked.name]))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        save_file(weights, asked.out / f"{asked.name}.safetensors")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
