"""The second rung of the debugging ladder: a model that is right learns one batch by heart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.modules.dropout import _DropoutNd

from coursekit.training.data import Batches
from coursekit.training.diagnosis import Case, look
from coursekit.training.errors import Finding, suspect
from coursekit.training.modes import stand_in, training_mode

RATES = (3e-3, 1e-3, 1e-2, 1e-4, 3e-2)
_EXAMPLES, _STEPS = 32, 100
_SHARE = 0.1  # of its start, to which the loss has to fall
_ENOUGH = 0.01  # of its start, below which there is nothing left to see


@dataclass(frozen=True)
class Overfit:
    """What came of the attempt to learn one batch by heart.

    `losses` are those before the first step and after each; `learned` says whether they fell below
    a tenth of their start; `finding` what was found where they did not.
    """

    losses: list[float] = field(repr=False)
    learned: bool
    lr: float
    finding: Finding | None = None

    def __repr__(self) -> str:
        if self.learned:
            steps = [loss < _SHARE * self.losses[0] for loss in self.losses].index(True)
            return (
                "The model learns this batch by heart: the loss falls below a tenth of its start "
                f"in {steps} steps."
            )
        return f"The model does not learn this batch by heart. {self.finding}"


def overfit_one_batch(model: nn.Module, batch: Any, *, lr: float | None = None) -> Overfit:
    """Train a copy of the model on one batch alone; a model that is right learns it by heart.

    `batch` is (images, labels), or a set of which 32 images are taken. Dropout is off in the copy,
    since it would hide what has been learned. Adam takes 100 steps at most; a few learning rates
    are tried unless `lr` is given.

    Examples
    --------
    >>> images, labels = torch.rand(16, 1, 8, 8), torch.arange(16) % 10
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    >>> overfit_one_batch(model, (images, labels)).learned
    True
    """
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    batches = Batches(batch, "batch", _EXAMPLES, device)
    case = Case(model, *batches.head(_EXAMPLES), batches)
    with torch.random.fork_rng():
        findings = look(case)
        if any(each.level == "error" for each in findings):
            return Overfit([], False, RATES[0], findings[0])
        best: tuple[list[float], float] = ([], RATES[0])
        for rate in RATES if lr is None else (lr,):
            losses = _learn(case, rate)
            if not best[0] or losses[-1] < best[0][-1]:
                best = losses, rate
            if losses[-1] < _SHARE * losses[0]:
                return Overfit(losses, True, rate)
    losses, rate = best
    reason = suspect(
        "cannot_learn",
        f"After {_STEPS} steps the loss is still at {losses[-1] / losses[0]:.0%} of its start; "
        "expected less than a tenth: look for a step in forward that throws information away, or "
        "labels that contradict each other. Fix: print(x.shape, x.std())  # after each layer",
    )
    return Overfit(losses, False, rate, findings[0] if findings else reason)


def _learn(case: Case, rate: float) -> list[float]:
    """Train a copy on the batch with one learning rate; return the losses."""
    other = stand_in(case.model)
    training_mode(other)
    for layer in other.modules():
        if isinstance(layer, _DropoutNd):
            layer.eval()
    stepper = torch.optim.Adam(other.parameters(), lr=rate)
    losses: list[float] = []
    for _ in range(_STEPS + 1):
        loss = cross_entropy(other(case.images).float(), case.labels)
        losses.append(float(loss.detach()))
        if not losses[-1] > _ENOUGH * losses[0]:  # learned, or no number any more
            break
        stepper.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        stepper.step()
    return losses
