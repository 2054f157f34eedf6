"""Full training runs: ``python -m coursekit.course.full_run 10``.

A lesson trains on a small part of its data, so that nobody waits. Here the same model is trained
on all of it, once for each seed, and what came out is written to a table in ``datasets/results/``
together with the command and the package versions that lead to it. Another machine adds in another
order and may differ in the last digits.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit._files import write_whole
from coursekit.course.environment import project_root
from coursekit.datasets import Dataset, DatasetError, load
from coursekit.errors import cannot_write

TABLES = {"10": "10_fashion_mnist_keras.csv"}
PACKAGES = ("keras", "torch", "numpy")
EPOCHS, BATCH_SIZE, SEEDS, THREADS = 5, 32, (0, 1, 2), 2

Row = dict[str, Any]


def build_model() -> Any:
    """Make the network of lesson 10: one convolution, one pooling, one dense layer.

    Returns
    -------
    keras.Model
        Uncompiled, (28, 28, 1) -> 10 probabilities, 63,050 parameters.

    Examples
    --------
    >>> build_model().count_params()
    63050
    """
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train(data: Dataset, *, seed: int, epochs: int, batch_size: int = BATCH_SIZE) -> list[Row]:
    """Train the model from one seed and measure it on the test images after each epoch.

    Parameters
    ----------
    data
        Grey images of 28 by 28 in ten classes.
    seed
        Fixes the first weights and the order of the images.
    epochs
        Passes over the training images, at least 1.
    batch_size
        Images in a step.

    Returns
    -------
    list of dict
        For each epoch: seed, epoch, losses and accuracies, the recall of each class, and the two
        classes that are mixed up most.

    Raises
    ------
    ValueError
        When `epochs` is below 1.
    """
    if epochs < 1:
        raise ValueError(f"epochs: found {epochs}; expected at least 1. Leave it out for {EPOCHS}.")
    model = _seeded_model(seed)
    (x_train, y_train), (x_test, y_test) = data
    inputs, tests = _scaled(x_train), _scaled(x_test)
    rows = []
    for epoch in range(1, epochs + 1):
        past = model.fit(inputs, y_train, batch_size=batch_size, epochs=1, verbose=0).history
        predicted = model.predict(tests, batch_size=500, verbose=0).argmax(axis=1)
        counts = confusion_counts(y_test, predicted, len(data.classes))
        rows.append(
            {
                "seed": seed,
                "epoch": epoch,
                "batch_size": batch_size,
                "train_images": len(x_train),
                "test_images": len(x_test),
                "parameters": model.count_params(),
                "train_loss": f"{past['loss'][0]:.4f}",
                "train_accuracy": f"{past['accuracy'][0]:.4f}",
                "test_accuracy": f"{counts.trace() / counts.sum():.4f}",
                **recalls(counts, data.classes),
                "mixed_up_most": mixed_up_most(counts, data.classes),
            }
        )
    return rows


def _seeded_model(seed: int) -> Any:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.utils.set_random_seed(seed)
    model = build_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _scaled(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = images.astype(np.float32)[..., None] / np.float32(255)
    return scaled


def confusion_counts(
    true: NDArray[np.int64], predicted: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """Count how many images of each class (row) were taken for each class (column).

    Examples
    --------
    >>> confusion_counts(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (true, predicted), 1)
    return counts


def recalls(counts: NDArray[np.int64], classes: Sequence[str]) -> dict[str, str]:
    """Give the share of each class that was recognised; empty for a class without images.

    Examples
    --------
    >>> recalls(np.array([[3, 1], [0, 0]]), ["cat", "dog"])
    {'recall cat': '0.7500', 'recall dog': ''}
    """
    totals = counts.sum(axis=1)
    return {
        f"recall {name}": f"{counts[i, i] / totals[i]:.4f}" if totals[i] else ""
        for i, name in enumerate(classes)
    }


def mixed_up_most(counts: NDArray[np.int64], classes: Sequence[str]) -> str:
    """Name the two classes that are taken for each other most often, both ways together.

    Examples
    --------
    >>> mixed_up_most(np.array([[5, 2, 0], [1, 5, 0], [2, 0, 5]]), ["cat", "dog", "hen"])
    'cat and dog: 3'
    """
    both = np.triu(counts + counts.T, k=1)
    i, j = divmod(int(both.argmax()), len(classes))
    return f"{classes[i]} and {classes[j]}: {both[i, j]}"


def as_csv(rows: Sequence[Row], command: str, threads: int) -> bytes:
    """Write rows as a table that says in every line how it was made."""
    made = {"command": command, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    made.update({name: version(name) for name in PACKAGES})
    made.update({"device": _device(), "threads": str(threads)})
    text = io.StringIO()
    table = csv.DictWriter(text, [*rows[0], *made], lineterminator="\n")
    table.writeheader()
    table.writerows({**row, **made} for row in rows)
    return text.getvalue().encode()


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line and return the exit code (0 done, 1 not possible)."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.course.full_run", description=__doc__
    )
    parser.add_argument("lesson", choices=sorted(TABLES), help="number of the lesson")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"default {EPOCHS}")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="default 0 1 2")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"default {THREADS}")
    parser.add_argument("--out", type=Path, help="where to write the table instead")
    given = parser.parse_args(arguments)
    for name in ("epochs", "threads"):
        if getattr(given, name) < 1:
            parser.error(f"--{name} must be at least 1")
    try:
        data = load("fashion_mnist")
        out = given.out or project_root() / "datasets" / "results" / TABLES[given.lesson]
    except (DatasetError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    import torch

    torch.set_num_threads(given.threads)
    rows: list[Row] = []
    for seed in given.seeds:
        rows += train(data, seed=seed, epochs=given.epochs)
        print(f"seed {seed}: test accuracy {rows[-1]['test_accuracy']}", flush=True)
    seeds = " ".join(map(str, given.seeds))
    command = (
        f"python -m coursekit.course.full_run {given.lesson} --epochs {given.epochs} "
        f"--seeds {seeds} --threads {given.threads}"
    )
    try:
        write_whole(out, as_csv(rows, command, given.threads))
    except OSError as error:
        print(cannot_write(error, out, "give another place with --out"), file=sys.stderr)
        return 1
    print(f"wrote {out.name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
