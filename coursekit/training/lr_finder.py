"""The learning-rate range test: one short run in which the rate grows from tiny to far too large.

Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017
(arXiv:1506.01186), section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from coursekit.training.data import Batches
from coursekit.training.device import choose_device
from coursekit.training.diagnosis import LOOKED_AT, Case, look
from coursekit.training.errors import TrainingError
from coursekit.training.modes import stand_in
from coursekit.training.optimizer import make_optimizer

_START, _END, _STEPS = 1e-6, 10.0, 100
_MEMORY = 0.8  # of the running mean of the losses
_LEAP = 4  # times the lowest mean: the test is over


@dataclass(frozen=True)
class LearningRates:
    """What the range test saw.

    `rates` were tried, one an update, growing by the same factor; `losses` are the losses before
    each update, smoothed: a running mean in which the newest has one part in five. `suggestion` is
    a tenth of the rate at which the smoothed loss was lowest, with SGD a fifth; None where the loss
    never fell.
    """

    rates: list[float]
    losses: list[float]
    suggestion: float | None

    def __repr__(self) -> str:
        if self.suggestion is None:
            return f"{len(self.rates)} learning rates, and with none of them the loss fell."
        return f"{len(self.rates)} learning rates; .suggestion has one to begin with."

    def plot(self, *, alt: str | None = None) -> None:
        """Draw the smoothed loss over the rates, on a logarithmic axis, with the suggestion."""
        from coursekit.figures.runs import show_rates

        said = "The loss over the learning rate: it does not fall at any rate."
        if self.suggestion is not None:
            rises = self.losses[-1] > 1.5 * min(self.losses)
            after = "rises steeply behind it" if rises else "stays low behind it"
            said = (
                f"The loss over the learning rate: it falls to its lowest point, and {after}. "
                "The suggested rate is marked to the left of the lowest point."
            )
        show_rates(self.rates, self.losses, self.suggestion, alt or said)


def find_lr(
    model: nn.Module,
    train: Any,
    *,
    optimizer: Any = "adamw",
    batch_size: int = 128,
    seed: int = 0,
    device: str | torch.device = "auto",
) -> LearningRates:
    """Try learning rates from 1e-6 to 10 in one short run of a copy of the model.

    The model, and the random numbers that come next, stay as they are. It ends where the loss has
    leapt to four times its lowest mean. All arguments are as for `fit`.

    Examples
    --------
    >>> from coursekit.datasets import load
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> 1e-4 < find_lr(model, load("digits").train).suggestion < 1
    True
    """
    where = choose_device(device)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        other = stand_in(model).to(where).train()
        batches = Batches(train, "train", batch_size, where, seed=seed)
        for finding in look(Case(other, *batches.head(LOOKED_AT), batches)):
            if finding.level == "error":
                raise TrainingError(finding)
        stepper = make_optimizer(optimizer, other, _START)
        rates: list[float] = []
        losses: list[float] = []
        mean = 0.0
        for step, (images, labels) in zip(range(_STEPS), _without_end(batches), strict=False):
            rate = _START * (_END / _START) ** (step / (_STEPS - 1))
            for group in stepper.param_groups:
                group["lr"] = rate
            loss = cross_entropy(other(images), labels)
            stepper.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            mean = _MEMORY * mean + (1 - _MEMORY) * float(loss.detach())
            smooth = mean / (1 - _MEMORY ** (step + 1))  # as if it had always been there
            if not math.isfinite(smooth):
                break
            rates.append(rate)
            losses.append(smooth)
            if smooth > _LEAP * min(losses):
                break
            stepper.step()
    lowest = min(range(len(losses)), key=lambda i: losses[i], default=0)
    if not losses or losses[lowest] > 0.99 * losses[0]:
        return LearningRates(rates, losses, None)
    share = 1 / 5 if isinstance(stepper, torch.optim.SGD) else 1 / 10
    return LearningRates(rates, losses, float(f"{rates[lowest] * share:.2g}"))


def _without_end(batches: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches, epoch after epoch."""
    for epoch in count(1):
        yield from batches.epoch(epoch)
