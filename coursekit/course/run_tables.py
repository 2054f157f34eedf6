"""The tables that full training runs leave: a row an epoch, and how the run was made."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGES = ("keras", "torch", "numpy")
Row = dict[str, Any]


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
