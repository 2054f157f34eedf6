"""Learning rates over a run, built from PyTorch's own schedulers and stepped once an update."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiStepLR,
    OneCycleLR,
    SequentialLR,
)

if TYPE_CHECKING:
    from coursekit.training.settings import Settings

WARM_START = 0.01  # a warm-up begins at this share of the learning rate


def make_schedule(
    optimizer: Optimizer, settings: Settings, steps_per_epoch: int
) -> LRScheduler | None:
    """Make the scheduler that the settings describe; None for a constant learning rate.

    - ``"onecycle"``: up to the learning rate in the first 30 % of the steps (or in `warmup`
      epochs), then down to nearly 0 along a cosine (Smith, 2018, arXiv:1803.09820).
    - ``"cosine"``: down to 0 along half a cosine (Loshchilov and Hutter, 2017, arXiv:1608.03983).
    - ``"step"``: a tenth of it after half of the steps, a hundredth after three quarters
      (He et al., 2016, arXiv:1512.03385).
    - a function: the learning rate times what it returns for the number of updates done, which
      has to be a finite number.

    `warmup` epochs go before "constant", "cosine", "step" and a function, in which the learning
    rate rises along a line (Goyal et al., 2017, arXiv:1706.02677).

    Parameters
    ----------
    optimizer
        Its groups' learning rates are the peaks.
    settings
        `schedule`, `warmup` and `epochs` are read.
    steps_per_epoch
        Updates in an epoch.

    Examples
    --------
    >>> import torch
    >>> from coursekit.training.settings import Settings
    >>> sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> schedule = make_schedule(sgd, Settings(epochs=2, schedule="step"), 2)
    >>> rates = []
    >>> for _ in range(4):
    ...     rates.append(round(sgd.param_groups[0]["lr"], 3))
    ...     sgd.step()
    ...     schedule.step()
    >>> rates
    [1.0, 1.0, 0.1, 0.01]
    """
    total = max(1, settings.epochs * steps_per_epoch)
    warm = min(total, round(settings.warmup * steps_per_epoch))
    if settings.schedule == "onecycle":
        return OneCycleLR(
            optimizer,
            max_lr=[group["lr"] for group in optimizer.param_groups],
            **onecycle_arguments(optimizer, total, warm),
        )
    main = _main(optimizer, settings.schedule, total - warm)
    if not warm:
        return main
    rise = LinearLR(optimizer, start_factor=WARM_START, total_iters=warm)
    if main is None:
        return rise
    return SequentialLR(optimizer, [rise, main], milestones=[warm])


def onecycle_arguments(optimizer: Optimizer, total: int, warm: int) -> dict[str, Any]:
    """Return the arguments of OneCycleLR that are not its defaults."""
    arguments: dict[str, Any] = {"total_steps": total}
    rise = min(warm, total - 1)
    if rise > 1:  # with a shorter one OneCycleLR would divide by zero
        arguments["pct_start"] = rise / total
    group = optimizer.param_groups[0]
    if not ("betas" in group or group.get("momentum")):
        # The cycle would bring a momentum to an optimizer that was made without.
        arguments["cycle_momentum"] = False
    return arguments


def _main(optimizer: Optimizer, schedule: Any, steps: int) -> LRScheduler | None:
    if callable(schedule):
        return OwnFactor(optimizer, schedule)
    if schedule == "cosine":
        return CosineAnnealingLR(optimizer, T_max=max(1, steps))
    if schedule == "step":
        return MultiStepLR(optimizer, milestones=[steps // 2, steps * 3 // 4])
    return None


class OwnFactor(LambdaLR):
    """A learning rate times what a function gives for the number of updates done.

    Raises
    ------
    ValueError
        At the update for which the function gives no finite number.

    Examples
    --------
    >>> import torch
    >>> sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> OwnFactor(sgd, lambda step: None)
    Traceback (most recent call last):
    ...
    ValueError: schedule: your function gave None for 0 updates done; expected a finite number, ...
    """

    def __init__(self, optimizer: Optimizer, function: Callable[[int], Any]) -> None:
        # What an object keeps is written down with a run; a function of C has nothing to keep.
        kept = hasattr(function, "__dict__")
        super().__init__(optimizer, function if kept else lambda step: function(step))

    def get_lr(self) -> list[Any]:
        """Return the learning rate of each group."""
        pairs = zip(self.lr_lambdas, self.base_lrs, strict=True)
        return [
            rate * _factor(function(self.last_epoch), self.last_epoch) for function, rate in pairs
        ]


def _factor(found: Any, step: int) -> float:
    try:
        factor = float(found)
    except (TypeError, ValueError, OverflowError):
        factor = math.nan
    if isinstance(found, str) or not math.isfinite(factor):
        mend = "Write return before it." if found is None else f"Look at print(schedule({step}))."
        raise ValueError(
            f"schedule: your function gave {repr(found)[:60]} for {step} updates done; expected a "
            f"finite number, the factor of the learning rate, such as 0.5. {mend}"
        )
    return factor
