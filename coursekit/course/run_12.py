"""The full run of lesson 12: LeNet-5, trained by the course's own `fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.course.run_tables import Row, mixed_up_most, recalls
from coursekit.datasets import Dataset
from coursekit.models import LeNet5
from coursekit.training import evaluate, fit

if TYPE_CHECKING:
    from coursekit.training.run import Run

BATCH_SIZE = 128


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train LeNet-5 from one seed and measure it on the test images after each epoch.

    Parameters
    ----------
    data
        Grey images of 28 by 28 in ten classes.
    seed
        Fixes the first weights and the order of the images.
    epochs
        Passes over the training images, at least 1.

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
    import torch

    torch.manual_seed(seed)
    model, test, rows = LeNet5(num_classes=len(data.classes)), data.test, []

    def measure(run: Run) -> None:
        counts = evaluate(model, test, device="cpu").confusion
        rows.append(
            {
                "seed": seed,
                "epoch": run.epoch,
                "batch_size": BATCH_SIZE,
                "train_images": len(data.train[0]),
                "test_images": len(test[0]),
                "parameters": sum(p.numel() for p in model.parameters()),
                "test_accuracy": f"{counts.trace() / counts.sum():.4f}",
                **recalls(counts, data.classes),
                "mixed_up_most": mixed_up_most(counts, data.classes),
            }
        )

    history = fit(
        model,
        data.train,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        schedule="onecycle",
        precision="float32",  # the same on processors with and without bfloat16 units
        device="cpu",
        seed=seed,
        hooks=(measure,),
        progress=False,
    )
    for row, record in zip(rows, history.records, strict=True):
        row["train_loss"] = f"{record['loss']:.4f}"
        row["train_accuracy"] = f"{record['accuracy']:.4f}"
    return rows
