"""Speed must not cost accuracy: LeNet-5 at `fit`'s own choice, and in float32 with batches of 128.

    python benchmarks/same_accuracy.py
    python benchmarks/same_accuracy.py --epochs 3 --seeds 5 --csv benchmarks/recorded/accuracy.csv

Test accuracy on Fashion-MNIST after the same number of epochs, mean and spread over seeds. "Own
choice" is precision, batch size and learning rate; beside it the same with float32 and batches
of 128, and the bare loop's constant learning rate of 0.001 with Adam. The ratio of each seed's
seconds to the first contender's is printed, too.
"""

from __future__ import annotations

import argparse
import csv
import statistics
from pathlib import Path
from typing import Any

import torch
from side_by_side import count_processor_time, describe_machine, now, say

from coursekit.datasets import DatasetError, load
from coursekit.models import LeNet5
from coursekit.training import fit

CONTENDERS: dict[str, dict[str, Any]] = {
    "float32, batch 128": {"precision": "float32", "batch_size": 128},
    "own choice at batch 128": {"batch_size": 128},
    "own choice": {},
    "float32, batch 128, Adam at 0.001": {"precision": "float32", "batch_size": 128, "lr": 1e-3},
}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    parser = argparse.ArgumentParser(description="Accuracy at fit's own choice, over seeds.")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--data", default="fashion_mnist", help="the name of a data set")
    parser.add_argument("--csv", type=Path, help="write what was measured to this file")
    parser.add_argument("--processor-time", action="store_true", help="on a busy machine")
    asked = parser.parse_args(arguments)
    if asked.processor_time:
        count_processor_time()
    try:
        (images, labels), test = load(asked.data, download=False)
    except DatasetError as error:
        say(str(error))
        return 1
    train = images[: asked.images], labels[: asked.images]
    machine = describe_machine()
    say(machine, f"{asked.data}: {len(train[1]):,} images, {asked.epochs} epochs", "")
    accuracies: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for seed in range(asked.seeds):
        for name, settings in CONTENDERS.items():
            torch.manual_seed(seed)
            model = LeNet5()
            start = now()
            history = fit(
                model, train, test, epochs=asked.epochs, seed=seed, progress=False, **settings
            )
            seconds[name].append(now() - start)
            accuracies[name].append(history.records[-1]["test_accuracy"])
            say(f"seed {seed}  {name:<36} {accuracies[name][-1]:.4f}  {seconds[name][-1]:.1f} s")
    say("", f"{'':<36} {'mean':>7} {'spread':>7} {'least':>7} {'speed':>6}")
    rows = []
    for name, values in accuracies.items():
        ratios = [a / b for a, b in zip(seconds["float32, batch 128"], seconds[name], strict=True)]
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        row = (statistics.mean(values), spread, min(values), statistics.median(ratios))
        rows.append([name, *(f"{number:.4f}" for number in row)])
        say(f"{name:<36} {row[0]:>7.4f} {row[1]:>7.4f} {row[2]:>7.4f} {row[3]:>6.2f}")
    if asked.csv:
        asked.csv.parent.mkdir(parents=True, exist_ok=True)
        with asked.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["name", "mean", "deviation", "least", "speed", "machine"])
            writer.writerows([*row, machine] for row in rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
