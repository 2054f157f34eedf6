"""From a batch as it is stored to what a network takes, and where it takes it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_FLOATS = (torch.float16, torch.bfloat16, torch.float64)
_CHANNELS = (1, 3)


def ready(inputs: Tensor) -> Tensor:
    """Make a batch as stored into what a network takes: float32, channels before rows.

    Bytes are divided by 255. (N, H, W) bytes become (N, 1, H, W), and (N, H, W, 1 or 3) bytes get
    their channels first, as torchvision's `ToTensor` has it. Floats keep shape and values.

    Examples
    --------
    >>> ready(torch.full((2, 4, 4, 3), 51, dtype=torch.uint8))[0, :, 0, 0]
    tensor([0.2000, 0.2000, 0.2000])
    >>> ready(torch.zeros(2, 4, 4)).shape
    torch.Size([2, 4, 4])
    """
    if inputs.dtype == torch.uint8:
        return channels_first(inputs).float().div_(255)
    if inputs.dtype in _FLOATS or inputs.dtype == torch.bool:
        return inputs.float()
    return inputs


def channels_first(inputs: Tensor) -> Tensor:
    """Return bytes as (N, C, H, W), a view; anything but pictures of bytes as it is."""
    if inputs.dtype == torch.uint8:
        if inputs.ndim == 3:
            return inputs.unsqueeze(1)
        if _channels_at_the_end(inputs):
            return inputs.permute(0, 3, 1, 2)
    return inputs


def moved(values: Tensor, device: torch.device) -> Tensor:
    """Bring a batch to a device, without waiting where it is pinned; doubles go as floats.

    Examples
    --------
    >>> moved(torch.zeros(2, dtype=torch.float64), torch.device("cpu")).dtype
    torch.float32
    """
    if values.dtype == torch.float64:  # twice the bytes, and MPS has none
        values = values.float()
    return values.to(device, non_blocking=True)


def ready_targets(targets: Tensor) -> Tensor:
    """Return labels as int64 class numbers (N,), or as float32 where they are no whole numbers.

    Examples
    --------
    >>> ready_targets(torch.tensor([[3], [1]], dtype=torch.uint8))
    tensor([3, 1])
    """
    if targets.dtype.is_floating_point:
        return targets.float()
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    targets = targets.long()
    return targets.float() if _one_hot(targets) else targets


def input_notes(inputs: Any) -> tuple[str, ...]:
    """Say what `ready` will do to inputs like these."""
    kind = str(inputs.dtype).removeprefix("torch.")
    if kind == "uint8":
        what = "bytes 0 to 255 become 0 to 1"
        if inputs.ndim == 3:
            what += ", a channel axis added"
        elif _channels_at_the_end(inputs):
            what += ", channels put first"
        return (what,)
    if kind in ("float64", "float16", "bfloat16", "bool"):
        return (f"{kind} becomes float32",)
    return ()


def _channels_at_the_end(inputs: Any) -> bool:
    return inputs.ndim == 4 and inputs.shape[-1] in _CHANNELS and inputs.shape[1] not in _CHANNELS


def _one_hot(targets: Tensor) -> bool:
    if targets.ndim != 2 or targets.numel() == 0:
        return False
    return bool(((targets == 0) | (targets == 1)).all() and (targets.sum(1) == 1).all())
