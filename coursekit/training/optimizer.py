"""The optimizer of a run and how its learning rate changes: PyTorch's own, with fit's choices."""

from __future__ import annotations

import math
from typing import Any

from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.optim.lr_scheduler import OneCycleLR

from coursekit.training.errors import ArgumentError

OPTIMIZERS: dict[str, Any] = {"adamw": AdamW, "adam": Adam, "sgd": SGD}
SCHEDULES = ("auto", "constant", "onecycle")
SHORT = 10  # a one-cycle of fewer updates than this would learn nothing


def choose_lr(optimizer: str, batch_size: int) -> float:
    """Return the peak of the one-cycle schedule where no learning rate was given.

    Adam's steps grow with the square root of the batch (Malladi et al., 2022, arXiv:2205.10287),
    those of SGD with the batch (Goyal et al., 2017, arXiv:1706.02677).
    """
    if optimizer == "sgd":
        return float(f"{min(0.4, 0.05 * batch_size / 128):.3g}")
    return float(f"{min(0.01, 0.007 * math.sqrt(batch_size / 128)):.3g}")


def make_optimizer(
    optimizer: Any, model: nn.Module, lr: float | None, *, chosen: bool = False, fused: bool = False
) -> Optimizer:
    """Make the optimizer of a run; refuse one that steps none of the model's parameters.

    Where fit chose the learning rate (`chosen`), it also chooses momentum 0.9 with Nesterov's
    correction for SGD, and a short memory for Adam, betas (0.9, 0.95), which suits one cycle.
    `fused` updates in one kernel: the same formula, other roundings, faster.
    """
    parameters = list(model.parameters())
    if not parameters:
        raise ArgumentError(
            "model: found one without parameters; expected something to train, with its layers as "
            "attributes of the module. Fix: self.fc = nn.Linear(784, 10)  # in __init__"
        )
    if isinstance(optimizer, str):
        options: dict[str, Any] = {"lr": lr, "weight_decay": 0.0}
        if chosen and optimizer == "sgd":
            options |= {"momentum": 0.9, "nesterov": True}
        elif chosen:
            options["betas"] = (0.9, 0.95)
        named: Optimizer = OPTIMIZERS[optimizer](parameters, fused=fused or None, **options)
        return named
    made = optimizer if isinstance(optimizer, Optimizer) else optimizer(parameters)
    if not isinstance(made, Optimizer):
        raise ArgumentError(
            f"optimizer: found a {type(made).__name__}; expected a name, a torch.optim.Optimizer, "
            'or a function from a list of parameters to one. Fix: optimizer="adamw"'
        )
    held = {id(p) for group in made.param_groups for p in group["params"]}
    lost = [name for name, p in model.named_parameters() if p.requires_grad and id(p) not in held]
    strange = held - set(map(id, parameters))
    if lost and (strange or len(lost) == len(parameters)):
        raise ArgumentError(
            f"optimizer: found one that does not hold {lost[0]} of this model; expected one that "
            "was made from the model, after the last change to its layers. "
            f"Fix: optimizer = torch.optim.{type(made).__name__}(model.parameters(), lr=0.01)"
        )
    return made


def make_schedule(optimizer: Optimizer, schedule: str, steps: int) -> OneCycleLR | None:
    """Make the scheduler of a run of so many updates; None for a constant learning rate.

    ``"onecycle"`` goes up to the learning rate in the first 30 % of the steps, then down to nearly
    0 along a cosine (Smith, 2018, arXiv:1803.09820).
    """
    if schedule != "onecycle":
        return None
    first = optimizer.param_groups[0]
    peaks = []
    for group in optimizer.param_groups:
        peaks.append(group["lr"])
    return OneCycleLR(
        optimizer,
        max_lr=peaks,
        total_steps=steps,
        # It would bring a momentum to an optimizer that was made without.
        cycle_momentum="betas" in first or bool(first.get("momentum")),
    )
