"""A learning rate that is far off, seen before the first step."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer

from coursekit.training.diagnosis import trial
from coursekit.training.diagnosis.findings import Finding
from coursekit.training.diagnosis.probe import Probe
from coursekit.training.diagnosis.undisturbed import stand_in

if TYPE_CHECKING:
    from coursekit.training.diagnosis.look import Case

_STEPS = 6
_LONGER = 60  # updates of one batch by which a rate that does not leap away has to have helped
_SECONDS = 2.0  # that such a try may take; nothing is said where it takes longer
_HARMLESS = {"SGD": 0.2, "other": 0.02}  # rates up to these are not tried
_SMALL = 1e-4  # rates from this one on are never called far too low


def rate(
    case: Case,
    probe: Probe,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
    start: float | None,
) -> Finding | None:
    """Find a rate with which the loss leaves all bounds, or cannot move.

    Parameters
    ----------
    case
        With the rate or the optimizer.
    probe
        With the gradients.
    inputs, targets, loss
        One batch.
    start
        The plain cross-entropy at the start, where there is one.

    Examples
    --------
    >>> from coursekit.training.diagnosis.diagnose import diagnose
    >>> import torch
    >>> data = torch.rand(64, 8), torch.arange(64) % 2
    >>> diagnose(nn.Linear(8, 2), data, lr=1000.0).codes
    ['lr_too_high']
    """
    optimizer = case.optimizer
    lr = case.lr if case.lr is not None else _rate_of(optimizer)
    if lr is None or lr <= 0:
        return None
    name = "Adam" if optimizer is None else type(optimizer).__name__
    usual = 0.01 if name == "SGD" else 0.001
    if case.constant and lr > _HARMLESS.get(name, _HARMLESS["other"]):
        losses = _try(case.model, optimizer, lr, inputs, targets, loss)
        if trial.far_too_high(losses):
            return trial.rate_too_high(lr, losses, name, usual)
        works = None if start is None else _lower(case.model, optimizer, lr, inputs, targets, loss)
        if works:
            return trial.rate_does_nothing(lr, _LONGER, name, works)
    steps = case.steps or _steps_of_an_epoch(case)
    if lr < _SMALL and start is not None and steps:
        untrained = start > 0.7 * math.log(probe.outputs.shape[1])
        if untrained and _fall(probe, optimizer, lr) * steps < 0.01 * start:
            return trial.rate_too_low(lr, steps, usual)
    return None


def _rate_of(optimizer: Optimizer | None) -> float | None:
    return None if optimizer is None else float(optimizer.param_groups[0]["lr"])


def _steps_of_an_epoch(case: Case) -> int | None:
    total = case.sample.examples
    return None if total is None else math.ceil(total / (case.sample.batch_size or 32))


def _try(
    model: nn.Module,
    optimizer: Optimizer | None,
    lr: float,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
    steps: int = _STEPS,
    enough: float = -math.inf,
) -> list[float]:
    with stand_in(getattr(model, "_orig_mod", model)) as other:
        try:
            updater = trial.like(optimizer, other, lr)
            return trial.updates(other, updater, inputs, targets, loss, steps, enough, _SECONDS)
        except Exception:  # what does not run here has been said elsewhere
            return [0.0, 0.0]


def _lower(
    model: nn.Module,
    optimizer: Optimizer | None,
    lr: float,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
) -> float | None:
    """Return a lower rate that teaches the model this batch, where `lr` teaches it nothing."""
    shares = torch.unique(targets, return_counts=True)[1] / targets.numel()
    guess = float(-(shares * shares.log()).sum())  # of a model that knows only these shares
    enough = 0.6 * guess

    def losses(rate: float) -> list[float]:
        return _try(model, optimizer, rate, inputs, targets, loss, _LONGER, enough)

    found = losses(lr)
    if len(found) <= _LONGER or not min(found[-3:]) > 0.95 * guess:
        return None
    for factor in (10, 30):
        rate = float(f"{lr / factor:.1g}")
        if losses(rate)[-1] < enough:
            return rate
    return None


def _fall(probe: Probe, optimizer: Optimizer | None, lr: float) -> float:
    """Return how far one step can lower the loss, to first order."""
    gradients = [g for g in probe.gradients.values() if g is not None]
    if isinstance(optimizer, SGD):
        momentum = float(optimizer.param_groups[0].get("momentum", 0.0))
        squares = float(sum(g.double().square().sum() for g in gradients))
        return lr * squares / max(1e-3, 1 - momentum)
    # Adam and its kin move every weight by about the learning rate.
    return lr * float(sum(g.double().abs().sum() for g in gradients))
