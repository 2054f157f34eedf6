"""What the runs of lessons 13 and 15 share: tiny pictures, and training that ends in errors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursekit.training import evaluate, fit

if TYPE_CHECKING:
    from torch import nn

    from coursekit.training.start import Run

DEVICE = "cpu"
BATCH_SIZE = 32

Pictures = tuple[NDArray[np.float32], NDArray[np.int64]]


def small_pictures(images: NDArray[np.uint8], labels: NDArray[np.int64], count: int) -> Pictures:
    """Return the first `count` pictures as the networks see them, and their classes.

    Each square of 4 x 4 pixels becomes its mean: (N, 32, 32, 3) bytes are (count, 3, 8, 8) numbers,
    most of them between -2 and 2.
    """
    means = images[:count].reshape(-1, 8, 4, 8, 4, 3).mean(axis=(2, 4), dtype=np.float32)
    return ((means / 255 - 0.47) / 0.25).transpose(0, 3, 1, 2).copy(), labels[:count]


def errors_of_training(
    model: nn.Module,
    train: Pictures,
    test: Pictures,
    *,
    lr: float,
    momentum: float,
    weight_decay: float,
    falls_after: float | None,
    epochs: int,
    seed: int,
    batch_size: int = BATCH_SIZE,
    augment: Any = (),
) -> list[dict[str, Any]]:
    """Train with SGD; return the errors of each epoch, as columns of a table.

    The learning rate falls to a tenth after the share `falls_after` of the epochs, or never. The
    error on the training pictures is the mean over an epoch, while the network learns; "final" ones
    are measured at the end, on training and test pictures in the same way.
    """
    import torch

    last = None if falls_after is None else max(1, round(falls_after * epochs))

    def fall(run: Run) -> None:
        if run.epoch == last:
            for group in run.optimizer.param_groups:
                group["lr"] /= 10

    history = fit(
        model,
        train,
        epochs=epochs,
        batch_size=batch_size,
        optimizer=partial(torch.optim.SGD, lr=lr, momentum=momentum, weight_decay=weight_decay),
        augment=augment,
        precision="float32",
        device=DEVICE,
        seed=seed,
        hooks=(fall,),
        progress=False,
    )
    rows = [
        {"epoch": record["epoch"], "train_error": f"{1 - record['accuracy']:.4f}"}
        for record in history.records
    ]
    for row in rows:
        row |= {"final_train_error": "", "test_error": "", "test_accuracy": ""}
    errors = [1 - evaluate(model, part, device=DEVICE).accuracy for part in (train, test)]
    rows[-1] |= {
        "final_train_error": f"{errors[0]:.4f}",
        "test_error": f"{errors[1]:.4f}",
        "test_accuracy": f"{1 - errors[1]:.4f}",
    }
    return rows
