"""Several processes that train one model: the same program, started by a launcher.

    torchrun --nproc-per-node 2 train.py
    accelerate launch --num_processes 2 train.py

Each takes its part of every batch; gradients are averaged, so that all hold the same weights. With
one process nothing here is used. What is tested are two processes on the processor (gloo); several
GPUs have not been run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

_Any = TypeVar("_Any")


class Team:
    """What the processes of one run do together; each has to do it at the same point of the run."""

    def __init__(self) -> None:
        self.rank, self.size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        self.accelerator: Any = None

    def device(self, device: torch.device) -> torch.device:
        """Join the others, and give each process on a machine with several GPUs its own."""
        from accelerate import Accelerator  # loaded here: it costs a second

        self.accelerator = Accelerator(cpu=device.type == "cpu", mixed_precision="no")
        own: torch.device = self.accelerator.device
        return own

    def wrap(self, model: nn.Module) -> nn.Module:
        """Give all processes the first one's weights, and average gradients from now on."""
        wrapped: nn.Module = self.accelerator.prepare_model(model)
        return wrapped

    def from_main(self, value: _Any) -> _Any:
        """Return the first process's value, a small plain one, to all."""
        box = [value]
        torch.distributed.broadcast_object_list(box, src=0)
        return box[0]

    def part(self, batches: Iterable[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield this process's part of each batch: equal parts, so that their mean is the batch's.

        What does not divide evenly is left out: fewer images of a batch than there are processes.
        """
        for images, labels in batches:
            whole = len(labels) - len(labels) % self.size
            if whole == 0:
                continue
            own = slice(self.rank, whole, self.size)
            yield images[own], labels[own]

    def mean(self, *numbers: float) -> list[float]:
        """Return the means of numbers over all processes."""
        total = torch.tensor(numbers, dtype=torch.float64, device=self.accelerator.device)
        torch.distributed.all_reduce(total)
        return (total / self.size).tolist()
