"""An exponential average of the weights along the way."""

from __future__ import annotations

from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from coursekit.training.say import warn


def make_average(model: nn.Module, decay: float | None, total_steps: int) -> AveragedModel | None:
    """Make the average that `decay` describes; None where there is none.

    After each update every weight of the average moves by ``1 - decay`` of the way towards the
    model's (Polyak and Juditsky, 1992). The statistics of batch norm are averaged in the same
    way, so that the averaged model needs no further pass over the data.

    Examples
    --------
    >>> import torch
    >>> model = nn.Linear(1, 1, bias=False)
    >>> average = make_average(model, 0.5, 100)
    >>> for value in (0.0, 1.0, 1.0):
    ...     _ = nn.init.constant_(model.weight, value)
    ...     average.update_parameters(model)
    >>> average.module.weight.item()   # 0, then 1/2, then 3/4
    0.75
    """
    if decay is None:
        return None
    reach = 1 / (1 - decay)
    if reach > total_steps / 2:
        better = 1 - 10 / max(10, total_steps)
        mend = f"Take average={better:.2g}" if better >= 0.5 else "Leave it out"
        warn(
            f"average={decay:g} looks back over about {reach:,.0f} updates and this run has "
            f"{total_steps:,}: the average keeps much of the untrained weights. {mend}, or train "
            "for more epochs."
        )
    # No device is given: its counter stays in main memory, where reading it waits for nothing.
    moving = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=moving, use_buffers=True)
    return average.requires_grad_(False)
