"""The full run of lesson 12: LeNet-5, trained by the course's own `fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.datasets import Dataset
from coursekit.models import LeNet5
from coursekit.runs.run_tables import Row, measured
from coursekit.training import evaluate, fit

if TYPE_CHECKING:
    from coursekit.training.start import Run

BATCH_SIZE, DEVICE = 128, "cpu"


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train LeNet-5 as `run_10.train` trains its network: the same arguments, the same rows."""
    import torch

    torch.manual_seed(seed)
    model, rows = LeNet5(num_classes=len(data.classes)), list[Row]()

    def measure(run: Run) -> None:
        last = run.history.final
        rows.append(
            measured(
                data,
                evaluate(model, data.test, device=DEVICE).confusion,
                seed=seed,
                epoch=run.epoch,
                batch_size=BATCH_SIZE,
                parameters=sum(p.numel() for p in model.parameters()),
                loss=last["loss"],
                accuracy=last["accuracy"],
            )
        )

    fit(
        model,
        data.train,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        schedule="onecycle",
        precision="float32",  # the same on processors with and without bfloat16 units
        device=DEVICE,
        seed=seed,
        hooks=(measure,),
        progress=False,
    )
    return rows
