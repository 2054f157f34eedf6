"""A few updates on one batch, on a copy of the model: what happens then."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.training.diagnosis.findings import Finding, number, times


def like(optimizer: Optimizer | None, model: nn.Module, lr: float) -> Optimizer:
    """Make an optimizer of the same kind for another model.

    Parameters
    ----------
    optimizer
        One to take the kind and its options from; Adam without one.
    model, lr
        What is updated, and how far.

    Examples
    --------
    >>> model = nn.Linear(1, 1)
    >>> like(torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9), model, 0.1).param_groups[0][
    ...     "momentum"]
    0.9
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    if optimizer is None:
        return torch.optim.Adam(trained, lr=lr)
    options = {k: v for k, v in optimizer.defaults.items() if k not in ("lr", "params")}
    if type(optimizer) is torch.optim.AdamW:
        options.pop("decoupled_weight_decay", None)
    group = optimizer.param_groups[0]
    options.update({k: group[k] for k in options if k in group})
    same_kind: Any = type(optimizer)
    try:
        again: Optimizer = same_kind(trained, lr=lr, **options)
        return again
    except Exception:  # an optimizer of the student's own, with other arguments
        return torch.optim.Adam(trained, lr=lr)


def updates(
    model: nn.Module,
    optimizer: Optimizer,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
    steps: int,
    enough: float = -math.inf,
    seconds: float = math.inf,
) -> list[float]:
    """Update a model on one batch, and return the losses: before each step, and after the last.

    It ends early with a loss that is no number or below `enough`, and after so many seconds.

    Examples
    --------
    >>> model = nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.ones_(model.weight)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=1.0)   # loss w^2, gradient 2 w: w turns around
    >>> updates(model, sgd, torch.ones(1, 1), torch.zeros(1, 1), nn.functional.mse_loss, 2)
    [1.0, 1.0, 1.0]
    """
    losses, until = [], time.perf_counter() + seconds
    with torch.enable_grad():
        for _ in range(steps):
            value = loss(model(inputs), targets)
            losses.append(float(value.detach()))
            late = time.perf_counter() > until
            if late or not enough <= losses[-1] < math.inf:
                return losses
            optimizer.zero_grad(set_to_none=True)
            value.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        with torch.no_grad():
            losses.append(float(loss(model(inputs), targets)))
    return losses


def far_too_high(losses: list[float]) -> bool:
    """Tell whether these updates led away from the start, and not back soon.

    Examples
    --------
    >>> far_too_high([2.3, 6.5, 2.2]), far_too_high([2.3, 900.0, 3e3]), far_too_high([math.nan])
    (False, True, True)
    """
    if not math.isfinite(losses[-1]):
        return True
    start = max(losses[0], 1e-9)
    late = losses[-3:]
    return max(losses) > 100 * start or (
        max(losses) > 6 * start and sum(late) > 2 * len(late) * start
    )


def rate_too_high(lr: float, losses: list[float], name: str, works: float) -> Finding:
    """Say that a learning rate is far too high.

    Examples
    --------
    >>> rate_too_high(10.0, [2.3, 460.0], "Adam", 0.001).mend
    'lr = 0.001'
    """
    top = max(losses) if math.isfinite(losses[-1]) else math.inf
    grown = (
        f"to {times(top / max(losses[0], 1e-9))} its start"
        if math.isfinite(top)
        else "beyond all numbers"
    )
    return Finding(
        "lr_too_high",
        "warning",
        f"The learning rate {number(lr)} is far too high for {name}: on a copy of the model the "
        f"loss grew {grown} within {len(losses) - 1} steps on one batch; expected it to fall.",
        f"lr = {works!r}",
    )


def rate_does_nothing(lr: float, steps: int, name: str, works: float) -> Finding:
    """Say that a learning rate is too high to learn one batch, where a lower one does.

    Examples
    --------
    >>> rate_does_nothing(0.3, 30, "Adam", 0.01).mend
    'lr = 0.01'
    """
    return Finding(
        "lr_too_high",
        "warning",
        f"The learning rate {number(lr)} is too high for {name}: on a copy of the model "
        f"{steps} steps on one batch taught it nothing, and with {number(works)} they did; "
        "expected the loss of one batch to fall.",
        f"lr = {works!r}",
    )


def rate_too_low(lr: float, steps: int, advice: float) -> Finding:
    """Say that with this learning rate nothing will be learned in the steps there are.

    Examples
    --------
    >>> rate_too_low(1e-9, 469, 0.001).code
    'lr_too_low'
    """
    return Finding(
        "lr_too_low",
        "warning",
        f"The learning rate {number(lr)} is far too low: in {number(steps)} steps the loss can "
        "fall by less than a hundredth of itself; expected it to fall by far more.",
        f"lr = {advice!r}",
    )
