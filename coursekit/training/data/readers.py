"""Batches of a `Dataset`, whose examples Python reads one by one, in workers if need be."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset

from coursekit.training.data.augment import Augmentation
from coursekit.training.data.items import put_together
from coursekit.training.data.order import Plan, derived_seed
from coursekit.training.data.raw_numbers import described
from coursekit.training.data.ready import channels_first, input_notes, moved, ready, ready_targets
from coursekit.training.keeping.randomness import generators_kept, generators_seeded
from coursekit.training.machine.precision import Precision, laid_out

Pair = tuple[Tensor, Tensor]


class SetStream:
    """Batches of a `Dataset`, whose examples Python reads one by one, in worker processes.

    Whatever a data set draws at random (transforms) comes from (seed, epoch, number of the batch):
    the global generators of this process are put back, and the number of workers changes nothing.
    """

    resident = False

    def __init__(
        self,
        dataset: Dataset[Any],
        name: str,
        plan: Plan,
        device: torch.device,
        precision: Precision,
        augmentation: Augmentation,
        workers: int | str = "auto",
    ) -> None:
        self.examples, self.batch_size = plan.examples, plan.batch_size
        self._set, self._name, self._plan = dataset, name, plan
        self._device, self._precision = device, precision
        self._augment = augmentation
        self._rows = _Rows(plan)
        count = how_many_workers(workers, device)
        self._loader: DataLoader[Any] = DataLoader(
            _Items(dataset),
            batch_sampler=self._rows,  # type: ignore[arg-type]
            num_workers=count,
            persistent_workers=count > 0 and plan.shuffle,
            pin_memory=device.type == "cuda",
            generator=torch.Generator().manual_seed(derived_seed(plan.seed, "workers")),
            collate_fn=partial(put_together, name=name),
        )
        first = self._first(1)[0]
        self.notes = (
            *input_notes(first),
            f"read by {count} worker{'s' * (count > 1)}" if count else "read as they are needed",
        )

    def __len__(self) -> int:
        return len(self._plan)

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Pair]:
        """Yield the batches of an epoch, from batch `start` on."""
        self._rows.epoch, self._rows.start = number, start
        order = self._plan.order(number)
        drawn = self._augment.draw(self.examples, number, torch.device("cpu"))
        for step, (inputs, targets) in enumerate(self._loader, start):
            rows = [each[order[self._plan.part(step)]].to(self._device) for each in drawn]
            images = channels_first(moved(inputs, self._device))
            yield (
                laid_out(self._augment(images, rows), self._precision),
                ready_targets(moved(targets, self._device)),
            )

    def head(self, count: int) -> Pair:
        """Return the first examples as stored; what the data set itself draws is put back."""
        inputs, targets = self._first(count)
        images = ready(moved(inputs, self._device))
        return laid_out(images, self._precision), ready_targets(moved(targets, self._device))

    def _first(self, count: int) -> Pair:
        rows = list(range(min(count, self.examples)))
        with generators_kept(self._set):
            batch = _Items(self._set).__getitems__((derived_seed(self._plan.seed, "head"), rows))
        return put_together(batch, self._name)


class _Rows:
    """The rows of each batch of the current epoch, with a seed for what reading them draws."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.epoch, self.start = 1, 0

    def __len__(self) -> int:
        return len(self._plan)

    def __iter__(self) -> Iterator[tuple[int, list[int]]]:
        plan, order = self._plan, self._plan.order(self.epoch)
        for step in range(self.start, len(plan)):
            seed = derived_seed(plan.seed, "items", self.epoch, step, plan.share[0])
            yield seed, order[plan.part(step)].tolist()


class _Items(Dataset[Any]):
    """A data set that reads a whole batch, its chance seeded."""

    def __init__(self, dataset: Any) -> None:
        self._set = dataset

    def __getitem__(self, row: int) -> Any:
        return self._set[row]

    def __getitems__(self, batch: tuple[int, list[int]]) -> list[Any]:
        seed, rows = batch
        with generators_seeded(seed):
            many = getattr(self._set, "__getitems__", None)
            return many(rows) if callable(many) else [self._set[row] for row in rows]


def how_many_workers(workers: int | str, device: torch.device) -> int:
    """Return how many processes read a data set.

    Under ``"auto"``: one for every two processors beside a GPU, for every four where the processors
    compute as well (on two of them, workers made training slower), at most eight; none where new
    processes start from nothing (macOS, Windows) and cannot find a class that a notebook defines.

    Raises
    ------
    ValueError
        For anything but ``"auto"`` or a whole number, 0 or more.

    Examples
    --------
    >>> how_many_workers(2, torch.device("cpu"))
    2
    """
    if workers == "auto":
        # Asked this way the choice of a method stays open to whoever comes after.
        usual = multiprocessing.get_all_start_methods()[0]
        if (multiprocessing.get_start_method(allow_none=True) or usual) != "fork":
            return 0
        free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return min(8, (free or 1) // (4 if device.type == "cpu" else 2))
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 0:
        raise ValueError(
            f'workers: found {workers!r}; expected "auto", or a whole number of processes, 0 or '
            "more."
        )
    return workers


def length_of(dataset: Any, name: str) -> int:
    """Return how many examples a data set has.

    Raises
    ------
    TypeError
        When it cannot tell.
    ValueError
        When there are none.

    Examples
    --------
    >>> length_of([], "train")
    Traceback (most recent call last):
    ...
    ValueError: train: found an empty set; expected at least one image with its label.
    """
    if isinstance(dataset, IterableDataset) or not hasattr(dataset, "__len__"):
        raise TypeError(
            f"{name}: found {described(dataset)}, which gives its examples one after the "
            "other and has no length; expected a Dataset with __len__ and __getitem__. Give it a "
            "__len__ and put it into a DataLoader."
        )
    if len(dataset) == 0:
        raise ValueError(f"{name}: found an empty set; expected at least one image with its label.")
    return len(dataset)
