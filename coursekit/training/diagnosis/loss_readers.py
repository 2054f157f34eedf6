"""Reading a loss without making the device wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Reading = tuple[float, int]
_EVERY = 25  # steps, where nothing tells whether a copy has arrived


def reader_for(device: torch.device) -> Callable[[Tensor, int], Reading | None]:
    """Return a function of (loss, step) that gives (value, step of it), or None for the time being.

    On a processor the value is there at once. On a CUDA device it is copied aside, and given a few
    steps later. On other devices it is read, with a wait, every 25 steps.

    Examples
    --------
    >>> read = reader_for(torch.device("cpu"))
    >>> read(torch.tensor(0.5), 7)
    (0.5, 7)
    """
    if device.type == "cpu":
        return _at_once
    return _Aside() if device.type == "cuda" else _now_and_then


def _at_once(loss: Tensor, step: int) -> Reading | None:
    return loss.item(), step


def _now_and_then(loss: Tensor, step: int) -> Reading | None:
    return (loss.item(), step) if step == 1 or step % _EVERY == 0 else None


class _Aside:
    """One copy at a time is on its way; a step that finds it arrived takes it."""

    def __init__(self) -> None:
        self._buffer = torch.empty((), pin_memory=True)
        self._event: Any = torch.cuda.Event()  # type: ignore[no-untyped-call]
        self._step = 0

    def __call__(self, loss: Tensor, step: int) -> Reading | None:
        arrived = None
        if self._step:
            if not self._event.query():
                return None
            arrived = float(self._buffer), self._step
        self._buffer.copy_(loss.float(), non_blocking=True)
        self._event.record()
        self._step = step
        return arrived
