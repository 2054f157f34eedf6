"""The network of lesson 19 in NumPy alone, beside PyTorch, on scikit-learn's digits.

    OMP_NUM_THREADS=1 python benchmarks/numpy_network.py
    OMP_NUM_THREADS=1 python benchmarks/numpy_network.py --csv benchmarks/recorded/numpy_network.csv

Two convolutions, one pooling, one dense layer, 3,818 weights and biases, the same ones on both
sides; 1,437 pictures of 8 by 8 in batches of 32, plain SGD. Each side trains twelve epochs a round
and is told in images a second of processor time; the share of the other 360 digits that it gets
right stands beside it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import side_by_side as sbs
import torch
from sklearn.datasets import load_digits
from torch import nn

from coursekit.scratch import layers

BATCH = 32


def rate(epoch: int) -> float:
    """Return the lesson's learning rate."""
    return 0.2 if epoch < 9 else 0.02


def in_numpy() -> layers.Sequential:
    """Build the lesson's network."""
    rng = np.random.default_rng(0)
    return layers.Sequential(
        layers.Conv2d(1, 8, 3, rng, padding=1), layers.ReLU(), layers.MaxPool2d(),
        layers.Conv2d(8, 16, 3, rng, padding=1), layers.ReLU(),
        layers.Flatten(), layers.Linear(256, 10, rng),
    )  # fmt: skip


def in_torch() -> nn.Sequential:
    """Build its twin, with the same weights."""
    twin = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10),
    )  # fmt: skip
    with torch.no_grad():
        for parameter, weight in zip(twin.parameters(), in_numpy().weights, strict=True):
            parameter.copy_(torch.tensor(weight))
    return twin


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, record."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args(argv)
    epochs: int = options.epochs
    sbs.count_processor_time()
    digits = load_digits()
    images, labels = digits.images[:, None] / 16, digits.target
    held_out = np.arange(len(images)) % 5 == 0
    train, train_labels = images[~held_out], labels[~held_out]
    test, test_labels = images[held_out], labels[held_out]
    shares: dict[str, float] = {}

    def numpy_alone() -> float:
        network, rng = in_numpy(), np.random.default_rng(0)
        start = sbs.now()
        for epoch in range(epochs):
            layers.train_epoch(network, train, train_labels, rng, rate(epoch), BATCH)
        took = sbs.now() - start
        shares["NumPy, float64"] = float((network.forward(test).argmax(1) == test_labels).mean())
        return took

    def pytorch(name: str, dtype: torch.dtype) -> Callable[[], float]:
        x, y = torch.tensor(train, dtype=dtype), torch.tensor(train_labels)
        x_test = torch.tensor(test, dtype=dtype)

        def run() -> float:
            network, rng = in_torch().to(dtype), np.random.default_rng(0)
            optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
            start = sbs.now()
            for epoch in range(epochs):
                optimizer.param_groups[0]["lr"] = rate(epoch)
                for rows in torch.tensor(rng.permutation(len(x))).split(BATCH):
                    loss = nn.functional.cross_entropy(network(x[rows]), y[rows])
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            took = sbs.now() - start
            with torch.no_grad():
                right = network(x_test).argmax(1).numpy() == test_labels
            shares[name] = float(right.mean())
            return took

        return run

    contenders = {
        name: pytorch(name, dtype)
        for name, dtype in (
            ("PyTorch, float32", torch.float32),
            ("PyTorch, float64", torch.float64),
        )
    }
    rows = sbs.measure(
        {**contenders, "NumPy, float64": numpy_alone}, epochs * len(train), options.rounds
    )
    machine = f"{sbs.describe_machine()}, numpy {np.__version__}"
    sbs.say(machine, sbs.HEAD)
    for row in rows:
        sbs.say(f"{row.line()}   {shares[row.name]:.1%} of unseen digits right")
        if row.name.startswith("NumPy"):
            seconds = epochs * len(train) / row.speed
            sbs.say(f"NumPy: {seconds:.1f} s of processor time for the whole training")
    if options.csv:
        sbs.record(options.csv, "lesson 19's network, digits, processor time", machine, rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
