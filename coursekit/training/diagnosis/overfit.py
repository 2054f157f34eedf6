"""The second rung of the debugging ladder: a model that is right learns one batch by heart."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from coursekit.training.diagnosis import trial
from coursekit.training.diagnosis.findings import Finding
from coursekit.training.diagnosis.look import Case, examine
from coursekit.training.diagnosis.loss_kinds import plain_loss
from coursekit.training.diagnosis.samples import take
from coursekit.training.diagnosis.undisturbed import stand_in
from coursekit.training.keeping.randomness import generators_kept

RATES = (3e-3, 1e-3, 1e-2, 1e-4, 3e-2)
_SHARE = 0.1  # of its start, to which the loss has to fall
_ENOUGH = 0.01  # of its start, below which there is nothing left to see


@dataclass(frozen=True)
class Overfit:
    """What came of the attempt to learn one batch by heart.

    Attributes
    ----------
    losses
        Before the first step, and after each.
    learned
        Whether the loss fell below a tenth of its start.
    lr
        The learning rate used.
    finding
        What was found where it did not learn, else None.

    Examples
    --------
    >>> Overfit([2.3, 1.0, 0.1], True, 0.003)
    The model learns this batch by heart: the loss falls below a tenth of its start in 2 steps.
    """

    losses: list[float] = field(repr=False)
    learned: bool
    lr: float
    finding: Finding | None = None

    @property
    def sentence(self) -> str:
        """What happened, and what it means."""
        if self.learned:
            low = _SHARE * self.losses[0]
            steps = next(i for i, loss in enumerate(self.losses) if loss < low)
            return (
                "The model learns this batch by heart: the loss falls below a tenth of its start "
                f"in {steps} steps."
            )
        return str(self.finding)

    def __repr__(self) -> str:
        return self.sentence

    def plot(self, *, alt: str | None = None) -> None:
        """Draw the loss over the steps.

        Parameters
        ----------
        alt
            What is to be seen, in a sentence; written from the outcome unless given.

        Examples
        --------
        >>> Overfit([2.3, 1.0, 0.1], True, 0.003).plot()
        The loss on one batch, step by step: it falls below a tenth of its start.
        """
        from coursekit import figures

        fate = (
            "it falls below a tenth of its start."
            if self.learned
            else "it does not fall below a tenth of its start."
        )
        figures.signal(
            [("loss", self.losses)],
            alt=alt or f"The loss on one batch, step by step: {fate}",
            xlabel="step",
            ylabel="loss on this batch",
        )


def overfit_one_batch(
    model: nn.Module,
    batch: Any,
    *,
    lr: float | None = None,
    steps: int = 100,
    loss: Callable[..., Tensor] | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    seed: int = 0,
) -> Overfit:
    """Train a copy of the model on one batch alone; a model that is right learns it by heart.

    The model itself is left as it is. Dropout is off in the copy, since it would hide what has
    been learned.

    Parameters
    ----------
    model
        Any `nn.Module`.
    batch
        A pair (inputs, targets); of a larger set the first 32 examples looked at are taken.
    lr
        The learning rate; a few are tried unless one is given.
    steps
        Updates at most; it ends sooner where nothing is left to learn.
    loss
        A function of (scores, labels); cross-entropy unless given.
    optimizer
        One whose kind and options are taken; Adam unless given.
    seed
        For whatever is random in the model.

    Returns
    -------
    Overfit
        With `.losses`, `.learned` and a sentence.

    Raises
    ------
    ValueError
        When `steps` is no whole number above 0.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> images, labels = torch.rand(16, 1, 8, 8), torch.arange(16) % 10
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    >>> overfit_one_batch(model, (images, labels)).learned
    True
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps: found {steps!r}; expected a whole number, 1 or more.")
    with generators_kept(model, batch):
        torch.manual_seed(seed)
        sample = take(batch, "batch")
        inputs, targets = _beside(model, sample.inputs), _beside(model, sample.targets)
        # Where no training can succeed, one attempt shows it.
        sample.inputs, sample.targets, sample.in_order = inputs, targets, False
        found = examine(Case(model, sample, loss, lr, optimizer))
        several = RATES[:1] if found.errors else RATES
        losses, used = memorise(
            model,
            inputs,
            targets,
            plain_loss(loss),
            steps=steps,
            rates=several if lr is None else (lr,),
            optimizer=optimizer,
        )
        if losses and losses[-1] < _SHARE * losses[0]:
            return Overfit(losses, True, used)
    why = found.errors or found.warnings
    return Overfit(losses, False, used, why[0] if why else _no_reason(losses, steps))


def memorise(
    model: nn.Module,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
    *,
    steps: int,
    rates: tuple[float, ...],
    optimizer: torch.optim.Optimizer | None = None,
    prepare: Callable[[nn.Module], object] | None = None,
    seconds: float = math.inf,
) -> tuple[list[float], float]:
    """Try to learn a batch with each rate in turn, on copies; return the best losses and its rate.

    Parameters
    ----------
    model, inputs, targets, loss
        What is learned, with what.
    steps, rates, optimizer
        How long and how it is tried.
    prepare
        What is done to each copy first.
    seconds
        No new rate is tried after so long.

    Examples
    --------
    >>> losses, rate = memorise(nn.Linear(1, 1), torch.ones(1, 1), torch.zeros(1, 1),
    ...                         nn.functional.mse_loss, steps=50, rates=(0.1,))
    >>> losses[-1] < losses[0], rate
    (True, 0.1)
    """
    best: tuple[list[float], float] = ([], rates[0])
    until = time.monotonic() + seconds
    for rate in rates:
        if best[0] and time.monotonic() > until:
            break
        with stand_in(model) as other:
            if prepare is not None:
                prepare(other)
            _ready_to_learn(other)
            losses = _attempt(other, inputs, targets, loss, steps, rate, optimizer)
        if losses and (not best[0] or _end(losses) < _end(best[0])):
            best = losses, rate
        if losses and losses[-1] < _SHARE * losses[0]:
            break
    return best


def _attempt(
    model: nn.Module,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
    steps: int,
    rate: float,
    optimizer: torch.optim.Optimizer | None,
) -> list[float]:
    losses: list[float] = []
    try:
        updater = trial.like(optimizer, model, rate)
        while len(losses) <= steps:
            few = min(10, steps - max(0, len(losses) - 1))
            losses[-1:] = trial.updates(model, updater, inputs, targets, loss, few)
            if len(losses) > steps or not _ENOUGH * losses[0] < losses[-1] < math.inf:
                break
    except Exception:  # said by a look at the model
        pass
    return losses


def _end(losses: list[float]) -> float:
    return losses[-1] / max(losses[0], 1e-12) if math.isfinite(losses[-1]) else math.inf


def _ready_to_learn(model: nn.Module) -> None:
    """Put a model in training mode, but for frozen parts and dropout."""
    for module in model.modules():
        trained = any(p.requires_grad for p in module.parameters())
        module.training = (module.training or trained) and not isinstance(module, _DropoutNd)


def _beside(model: nn.Module, value: Any) -> Any:
    first = next(iter(model.parameters()), None)
    return value.to(first.device) if isinstance(value, Tensor) and first is not None else value


def _no_reason(losses: list[float], steps: int) -> Finding:
    if not losses or not math.isfinite(losses[-1]):
        share = "is no number any more"
    else:
        share = f"is still at {round(100 * _end(losses))} % of its start"
    return Finding(
        "cannot_learn",
        "warning",
        f"The model does not learn this batch by heart: after {steps} steps the loss {share}; "
        "expected less than a tenth: look for a step in forward that throws information away, or "
        "labels that contradict each other.",
        "print(x.shape, x.std())  # in forward, after each layer",
    )
