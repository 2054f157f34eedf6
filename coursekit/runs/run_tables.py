"""The tables that full training runs leave: a row an epoch, and how the run was made."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import Dataset

PACKAGES = ("keras", "torch", "numpy")
Row = dict[str, Any]


def measured(
    data: Dataset,
    counts: NDArray[np.int64],
    *,
    seed: int,
    epoch: int,
    batch_size: int,
    parameters: int,
    loss: float,
    accuracy: float,
) -> Row:
    """Return the row of an epoch.

    Parameters
    ----------
    data
        What the model was trained on, and tested.
    counts
        How many test images of each class (row) were taken for each class (column).
    seed, epoch, batch_size, parameters
        Of the run, and of the model.
    loss, accuracy
        On the training images, while it trained.
    """
    return {
        "seed": seed,
        "epoch": epoch,
        "batch_size": batch_size,
        "train_images": len(data.train[0]),
        "test_images": len(data.test[0]),
        "parameters": parameters,
        "train_loss": f"{loss:.4f}",
        "train_accuracy": f"{accuracy:.4f}",
        "test_accuracy": f"{counts.trace() / counts.sum():.4f}",
        **recalls(counts, data.classes),
        "mixed_up_most": mixed_up_most(counts, data.classes),
    }


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


def as_csv(rows: Sequence[Row], command: str, device: str, threads: int) -> bytes:
    """Write rows as a table that says in every line how it was made."""
    made = {"command": command, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    made.update({name: _version(name) for name in PACKAGES})
    made.update({"device": device, "threads": str(threads)})
    text = io.StringIO()
    table = csv.DictWriter(text, [*rows[0], *made], lineterminator="\n")
    table.writeheader()
    table.writerows({**row, **made} for row in rows)
    return text.getvalue().encode()


def _version(package: str) -> str:
    """Return the version of a package; empty where it is not installed, as Keras need not be."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
