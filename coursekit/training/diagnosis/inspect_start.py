"""The loss before the first step, beside that of a guess."""

from __future__ import annotations

import math
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from coursekit.training.diagnosis.findings import RESET, Finding, number
from coursekit.training.diagnosis.loss_kinds import Kind

_LARGE = 8.0  # the size of numbers that makes scores large whatever the weights are


def starting_loss(
    outputs: Any, targets: Any, kind: Kind, inputs: Tensor | None = None
) -> Finding | None:
    """Find scores so large that the loss starts far above ln C, where guessing would put it.

    `inputs` is what the first layer with weights gets, where that is known.

    Examples
    --------
    >>> import torch
    >>> scores = 100 * torch.eye(10)
    >>> starting_loss(scores, (torch.arange(10) + 1) % 10, "cross_entropy").code
    'loss_at_start'
    """
    value = guess(outputs, targets, kind)
    if value is None:
        return None
    classes = outputs.shape[1]
    if not math.isfinite(value):
        return Finding(
            "loss_not_finite",
            "error",
            "The loss is NaN or infinite before the first step; expected about "
            f"ln {classes}: look for a division by 0, a logarithm or an exponential in forward.",
            "assert torch.isfinite(x).all()  # in forward, after each line",
        )
    times = value / math.log(classes)
    if times < 8:
        return None
    size = 0.0 if inputs is None else float(inputs.detach().abs().mean())
    if size > _LARGE:
        return Finding(
            "loss_at_start",
            "warning",
            f"The loss at the start is {number(round(times))} times ln {classes}, the loss of a "
            f"guess, and the numbers of the images are about {number(round(size))} in size; "
            "expected about 1, with a mean near 0.",
            "images = (images - images.mean()) / images.std()",
        )
    return Finding(
        "loss_at_start",
        "warning",
        f"The loss at the start is {number(round(times))} times ln {classes}, the loss of a guess; "
        "expected about ln "
        f"{classes}: the first weights are too large, or the images are not scaled.",
        RESET,
    )


def guess(outputs: Any, targets: Any, kind: Kind) -> float | None:
    """Return the plain cross-entropy of class scores, None where there are none.

    Examples
    --------
    >>> import torch
    >>> round(guess(torch.zeros(4, 10), torch.arange(4), "cross_entropy"), 4)   # ln 10
    2.3026
    """
    if kind != "cross_entropy" or not isinstance(outputs, Tensor) or outputs.ndim != 2:
        return None
    if not isinstance(targets, Tensor) or targets.ndim != 1 or targets.is_floating_point():
        return None
    if outputs.shape[1] < 2:
        return None
    return float(F.cross_entropy(outputs.detach().float(), targets.long()))
