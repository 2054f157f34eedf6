"""A look at the loss while a run goes on: NaN, a leap, nothing learned."""

from __future__ import annotations

import math

import torch
from torch import nn

from coursekit.training.errors import Finding, TrainingError, warn
from coursekit.training.forward_errors import code_of
from coursekit.training.start import Run

_HIGH = 3  # times its start: a loss that is out of bounds
_LONG = 20  # readings that it has to stay there
_JUDGED = 200  # steps before a run is told that it has learned nothing
_NEAR = 0.985  # of the loss of a guess: nothing learned


class Watch:
    """Stops a run whose loss is no number, and warns where it leaps or stands still.

    Parameters
    ----------
    guess
        The loss of a model that gives all classes the same probability, ln C.
    """

    def __init__(self, guess: float) -> None:
        self.guess = self.bound = guess
        self.readings = self.high = 0

    def step(self, run: Run) -> None:
        """Read the loss: each one on a processor; of every twentieth step where reading waits.

        Raises
        ------
        TrainingError
            When it is NaN or infinite; the history goes with it.
        """
        if run.loss is None or (run.device.type != "cpu" and run.step % 20):
            return
        loss = float(run.loss)
        if not math.isfinite(loss):
            finding = _no_number(run, loss)
            run.stop = finding.sentence
            raise TrainingError(str(finding), history=run.history, finding=finding)
        self.readings += 1
        if self.readings == 1:
            self.bound = _HIGH * max(loss, self.guess)
        self.high = self.high + 1 if loss > self.bound else 0
        if self.high == _LONG:
            lr = _lr(run)
            warn(
                f"The loss is {loss:.3g}, and has been far above its start for {_LONG} steps, with "
                f"a learning rate of {lr:g}; expected it to fall, so this rate is too high. "
                f"Fix: lr = {min(lr / 10, 0.1):.2g}"
            )

    def epoch(self, run: Run, loss: float, accuracy: float) -> None:
        """Warn where an epoch of many steps has taught nothing."""
        total = run.history.config["epochs"] * len(run.batches)
        early = run.schedule is not None and run.step < 0.3 * total
        if run.step < _JUDGED or early or loss < _NEAR * self.guess or accuracy > 0.5:
            return
        warn(
            f"After {run.step:,} steps the loss is {loss:.2f}, near {self.guess:.2f} for a guess: "
            "nothing was learned. Fix: overfit_one_batch(model, train) tells whether it can learn "
            "at all, find_lr(model, train) with which learning rate"
        )


def _no_number(run: Run, loss: float) -> Finding:
    """Say what became of a run whose loss is no number."""
    broken = broken_layers(run.model)
    lr = _lr(run)
    where = f", and the weights of {broken[0]} with it" if broken else ""
    fix = f"lr = {min(lr / 10, 0.1):.2g}"
    if not broken:
        fix = "assert torch.isfinite(images).all()  # for each batch"
    return Finding(
        "loss_nan",
        "error",
        f"The loss became {loss} at step {run.step:,}{where}, with a learning rate of {lr:g}; "
        "expected a finite loss.",
        fix,
    )


def _lr(run: Run) -> float:
    """Return the highest learning rate of a run."""
    lr = run.history.config["lr"]
    return float(run.optimizer.param_groups[0]["lr"] if lr is None else lr)


def broken_layers(model: nn.Module) -> list[str]:
    """Name the layers with weights that are no numbers, in the model's order.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    >>> _ = model[1].weight.data.fill_(math.nan)
    >>> broken_layers(model)
    ['model[1]']
    """
    return [
        code_of(name.rpartition(".")[0])
        for name, parameter in model.named_parameters()
        if not bool(torch.isfinite(parameter.detach()).all())
    ]
