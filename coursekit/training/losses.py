"""The loss of a run, and what its mean over a batch was divided by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from coursekit.training.settings import Settings

Loss = Callable[[Any, Any], Tensor]


def make_loss(settings: Settings, device: torch.device) -> Loss:
    """Make the loss that the settings describe: cross-entropy, or a function of the caller's own.

    A loss of one's own is any function of (logits, targets) that returns the mean over the
    batch. A module, such as ``nn.MSELoss()``, is moved to the device.

    Raises
    ------
    ValueError
        When the class weights are no list of numbers of 0 or more, not all 0.

    Examples
    --------
    >>> loss = make_loss(Settings(), torch.device("cpu"))
    >>> round(loss(torch.zeros(1, 10), torch.tensor([3])).item(), 4)   # ln 10
    2.3026
    """
    if settings.loss is not None:
        loss: Loss = settings.loss
        return loss.to(device) if isinstance(loss, nn.Module) else loss
    weight = None
    if settings.class_weights is not None:
        weight = _weights(settings.class_weights).to(device)
    return nn.CrossEntropyLoss(weight=weight, label_smoothing=settings.label_smoothing)


def weight_of(loss_fn: Loss, targets: Any) -> float | Tensor:
    """Return what the mean over this batch was divided by, to join means of several batches.

    That is the number of examples; with class weights it is the sum of the examples' weights.

    Examples
    --------
    >>> weight_of(nn.CrossEntropyLoss(), torch.tensor([0, 1, 1]))
    3
    >>> weight_of(nn.CrossEntropyLoss(torch.tensor([1.0, 0.5])), torch.tensor([0, 1, 1])).item()
    2.0
    """
    weight = getattr(loss_fn, "weight", None)
    if isinstance(loss_fn, nn.CrossEntropyLoss | nn.NLLLoss) and isinstance(weight, Tensor):
        if targets.is_floating_point():
            return len(targets)
        counted = targets != loss_fn.ignore_index
        return weight[targets.where(counted, 0)].mul(counted).sum()
    return len(targets)


def _weights(given: Any) -> Tensor:
    try:
        weight = torch.as_tensor(given, dtype=torch.float32)
    except (TypeError, ValueError, RuntimeError):
        weight = torch.tensor(-1.0)
    if (
        weight.ndim != 1
        or not torch.isfinite(weight).all()
        or (weight < 0).any()
        or not weight.any()
    ):
        raise ValueError(
            f"class_weights: found {given!r}; expected a list of one number for each class, 0 or "
            "more and not all 0, such as [1.0, 1.0, 5.0]."
        )
    return weight
