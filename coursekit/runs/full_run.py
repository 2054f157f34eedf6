"""Full training runs: ``python -m coursekit.runs.full_run 10``.

A lesson trains on a small part of its data, so that nobody waits. Here the same model is trained
on all of it, once for each seed, and what came out is written to a table in ``datasets/results/``
together with the command and the package versions that lead to it. Another machine adds in another
order and may differ in the last digits.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit._files import course_root, write_whole
from coursekit.datasets import DatasetError, load
from coursekit.errors import cannot_write
from coursekit.runs import run_10, run_12, run_13, run_15, run_17, run_18, small_runs
from coursekit.runs.run_tables import Row, as_csv

SEEDS, THREADS = (0, 1, 2), 2


@dataclass(frozen=True)
class FullRun:
    """What is trained for a lesson, on which set, how long, where, and where its table stands."""

    table: str
    dataset: str
    epochs: int
    train: Callable[..., list[Row]]
    device: Callable[[], str]


RUNS = {
    "10": FullRun("10_fashion_mnist_keras.csv", "fashion_mnist", 5, run_10.train, run_10.device),
    "12": FullRun("12_lenet.csv", "mnist", 10, run_12.train, lambda: run_12.DEVICE),
    "13": FullRun(
        "13_alexnet_and_zfnet.csv",
        "cifar10_jpeg_subset",
        36,
        run_13.train,
        lambda: small_runs.DEVICE,
    ),
    "15": FullRun(
        "15_resnet.csv", "cifar10_jpeg_subset", 8, run_15.train, lambda: small_runs.DEVICE
    ),
    "17": FullRun(
        "17_augmentation.csv", "cifar10_jpeg_subset", 6, run_17.train, lambda: run_17.DEVICE
    ),
    "18": FullRun(
        "18_transfer_learning.csv", "cifar10_jpeg_subset", 4, run_18.train, lambda: run_18.DEVICE
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line and return the exit code (0 done, 1 not possible)."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.runs.full_run", description=__doc__)
    parser.add_argument("lesson", choices=sorted(RUNS), help="number of the lesson")
    parser.add_argument("--epochs", type=int, help="default: as many as the stored table has")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="default 0 1 2")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"default {THREADS}")
    parser.add_argument("--out", type=Path, help="where to write the table instead")
    given = parser.parse_args(arguments)
    run = RUNS[given.lesson]
    epochs = run.epochs if given.epochs is None else given.epochs
    if epochs < 1:
        parser.error("--epochs must be at least 1")
    if given.threads < 1:
        parser.error("--threads must be at least 1")
    try:
        data = load(run.dataset)
        out = given.out or course_root() / "datasets" / "results" / run.table
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 1
    import torch

    torch.set_num_threads(given.threads)
    rows: list[Row] = []
    for seed in given.seeds:
        rows += run.train(data, seed=seed, epochs=epochs)
        print(f"seed {seed}: test accuracy {rows[-1]['test_accuracy']}", flush=True)
    seeds = " ".join(map(str, given.seeds))
    command = (
        f"python -m coursekit.runs.full_run {given.lesson} --epochs {epochs} "
        f"--seeds {seeds} --threads {given.threads}"
    )
    try:
        write_whole(out, as_csv(rows, command, run.device(), given.threads))
    except OSError as error:
        print(cannot_write(error, out, "give another place with --out"), file=sys.stderr)
        return 1
    print(f"wrote {out.name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
