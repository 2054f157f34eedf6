"""Batches of arrays that do not fit on the device, read ahead by a thread while it computes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from coursekit.training.data.augment import Augmentation
from coursekit.training.data.inputs import Arrays
from coursekit.training.data.order import Plan
from coursekit.training.data.ready import channels_first, moved, ready
from coursekit.training.machine.precision import Precision, laid_out

Pair = tuple[Tensor, Tensor]
T = TypeVar("T")
_AHEAD = 3  # batches that are read while one is computed


class DiskStream:
    """Batches of arrays that lie on disk, or in memory beside a device that is too small."""

    resident = False

    def __init__(
        self,
        arrays: Arrays,
        plan: Plan,
        device: torch.device,
        precision: Precision,
        augmentation: Augmentation,
    ) -> None:
        self.examples, self.batch_size = len(arrays), plan.batch_size
        self.notes = (*arrays.notes, "the images do not fit in memory: read as they are needed")
        self._arrays, self._plan = arrays, plan
        self._device, self._precision = device, precision
        self._augment = augmentation

    def __len__(self) -> int:
        return len(self._plan)

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Pair]:
        """Yield the batches of an epoch, from batch `start` on."""
        order = self._plan.order(number)
        drawn = self._augment.draw(self.examples, number, torch.device("cpu"))

        def read(step: int) -> tuple[Tensor, Tensor, Tensor]:
            positions = order[self._plan.part(step)]
            return (positions, *self._read(positions))

        for positions, inputs, targets in read_ahead(read, range(start, len(self))):
            images = channels_first(moved(inputs, self._device))
            rows = [each[positions].to(self._device) for each in drawn]
            yield (
                laid_out(self._augment(images, rows), self._precision),
                moved(targets, self._device),
            )

    def head(self, count: int) -> Pair:
        """Return the first examples as stored, not augmented."""
        inputs, targets = self._read(torch.arange(min(count, self.examples)))
        images = ready(moved(inputs, self._device))
        return laid_out(images, self._precision), moved(targets, self._device)

    def _read(self, positions: Tensor) -> Pair:
        rows = self._arrays.of(positions)
        stored = self._arrays.inputs
        targets = self._arrays.targets[rows]
        if isinstance(stored, Tensor):
            return _pinned(stored.index_select(0, rows), self._device), targets
        wanted = rows.numpy()
        # In the order of the file, which a disk reads fastest; then in the order asked for.
        by_place = np.argsort(wanted)
        inputs = np.empty((len(wanted), *stored.shape[1:]), stored.dtype)
        inputs[by_place] = stored[wanted[by_place]]
        return _pinned(torch.from_numpy(inputs), self._device), targets


def read_ahead(read: Callable[[int], T], steps: Iterable[int]) -> Iterator[T]:
    """Yield ``read(step)`` for each step, a few of them read beforehand by one thread.

    Examples
    --------
    >>> list(read_ahead(lambda step: step * step, range(5)))
    [0, 1, 4, 9, 16]
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="coursekit-reader")
    waiting: deque[Future[T]] = deque()
    try:
        for step in steps:
            waiting.append(thread.submit(read, step))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        thread.shutdown(wait=True, cancel_futures=True)


def _pinned(inputs: Tensor, device: torch.device) -> Tensor:
    return inputs.pin_memory() if device.type == "cuda" else inputs
