"""From the first epoch to the last: train, evaluate, record, and stop when it is time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from torch import nn

from coursekit.training.hooks import Hooks
from coursekit.training.judging import judge
from coursekit.training.loop import train_epoch
from coursekit.training.metrics import Totals
from coursekit.training.run import Run

if TYPE_CHECKING:
    from coursekit.training.data.batches import Batches
    from coursekit.training.start import Data

Left = Callable[["Batches", Run], Iterator[Any]]


def run_epochs(run: Run, data: Data, hooks: Hooks, left: Left) -> None:
    """Train the epochs that are left; a run that was taken up again begins inside one.

    Raises
    ------
    Interrupted
        Between two steps, when a signal to stop has come.
    """
    progress = run.progress
    hooks.call("before_training", run)
    for epoch in range(len(run.history.records) + 1, run.settings.epochs + 1):
        run.epoch = epoch
        progress.begin_epoch(epoch, run.step_in_epoch // run.settings.accumulate)
        record = _train(run, data, hooks, left)
        progress.pause()
        judged = judge(run, data)
        metrics = run.totals.extra() | judged.pop("extra")
        speed = {key: record.pop(key) for key in ("lr", "seconds", "images_per_second")}
        run.history.add(record | judged | speed | metrics)
        run.step_in_epoch = 0
        hooks.call("after_epoch", run)
        progress.end_epoch(run.history.final)
        if run.stop:
            break


def _train(run: Run, data: Data, hooks: Hooks, left: Left) -> dict[str, Any]:
    to_training_mode(run.model)
    if run.step_in_epoch == 0:
        run.totals = Totals(run.device, run.metrics)
        hooks.call("before_epoch", run)
    before = run.totals.count
    begin = time.perf_counter()
    train_epoch(run, left(data.train, run), hooks)
    if run.team is not None:
        run.team.add_up(run.totals)
    loss = run.totals.mean_loss()  # reading it waits for the device, so the clock is right
    seconds = time.perf_counter() - begin
    return {
        "epoch": run.epoch,
        "loss": loss,
        "accuracy": run.totals.accuracy(),
        "lr": float(run.lr),
        "seconds": seconds,
        "images_per_second": (run.totals.count - before) / seconds,
    }


def to_training_mode(model: nn.Module) -> None:
    """Put a model in training mode, but for frozen parts that were put in evaluation mode.

    So a frozen body keeps the statistics of its batch norms.

    Examples
    --------
    >>> body = nn.BatchNorm1d(2).requires_grad_(False).eval()
    >>> model = nn.Sequential(body, nn.Linear(2, 2))
    >>> to_training_mode(model)
    >>> model.training, body.training
    (True, False)
    """
    resting = [part for part in model.modules() if not part.training and _frozen(part)]
    model.train()
    for part in resting:
        part.eval()


def _frozen(part: nn.Module) -> bool:
    parameters = list(part.parameters())
    return bool(parameters) and not any(each.requires_grad for each in parameters)


def rest_of_epoch(train: Batches, run: Run) -> Iterator[Any]:
    """Yield the batches of the run's epoch that it has not had yet."""
    return train.epoch(run.epoch, start=run.step_in_epoch)
