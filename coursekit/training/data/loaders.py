"""The batches of a `DataLoader` that a student made, in its own order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from coursekit.training.data.augment import Augmentation
from coursekit.training.data.items import pair_of
from coursekit.training.data.order import part_of
from coursekit.training.data.ready import channels_first, input_notes, moved, ready, ready_targets
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.machine.precision import Precision, laid_out

Pair = tuple[Tensor, Tensor]


class LoaderStream:
    """The batches of a `DataLoader`, in its own order, moved and made ready."""

    resident = False

    def __init__(
        self,
        loader: DataLoader[Any],
        name: str,
        device: torch.device,
        precision: Precision,
        augmentation: Augmentation,
        share: tuple[int, int] = (0, 1),
        *,
        training: bool,
    ) -> None:
        self._loader, self._name, self._share, self._training = loader, name, share, training
        self._device, self._precision = device, precision
        self._augment = augmentation
        self._steps = _steps(loader, name)
        sampler = loader.batch_sampler
        size = loader.batch_size or getattr(sampler, "batch_size", None)
        self.examples = _examples(loader, size, self._steps)
        self.batch_size = int(size or -(-self.examples // max(self._steps, 1)))
        first = self._first(1)[0]
        own = f"the DataLoader's own batches of {self.batch_size}"
        self.notes = (*input_notes(first), own)

    def __len__(self) -> int:
        return self._steps

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Pair]:
        """Yield the batches of an epoch, from batch `start` on; those before are read, too."""
        drawn = self._augment.draw(self.examples, number, self._device)
        # A loop written by hand draws its order from the global generators, and so does this one;
        # an evaluation shall leave no trace in them.
        with nullcontext() if self._training else generators_kept():
            low = 0
            for step, batch in enumerate(self._loader):
                inputs, targets = pair_of(batch, self._name)
                part = part_of(len(inputs), self._share)
                if step >= start:
                    at = torch.arange(part.start, part.stop, device=self._device) + low
                    rows = [each[at % max(len(each), 1)] for each in drawn]
                    yield self._moved(inputs[part], targets[part], rows)
                low += len(inputs)

    def head(self, count: int) -> Pair:
        """Return the first examples of the data set as stored; no source of chance is touched."""
        return self._moved(*self._first(count), None)

    def _moved(self, inputs: Tensor, targets: Tensor, rows: list[Tensor] | None) -> Pair:
        given = channels_first(moved(inputs, self._device))
        images = ready(given) if rows is None else self._augment(given, rows)
        if images is not inputs or self._precision.channels_last:
            images = laid_out(images, self._precision)
        return images, ready_targets(moved(targets, self._device))

    def _first(self, count: int) -> Pair:
        data, collate = self._loader.dataset, self._loader.collate_fn
        with generators_kept(self._loader):
            if self._loader.batch_size is None and self._loader.batch_sampler is None:
                inputs, targets = pair_of(next(iter(self._loader)), self._name)
                return inputs[:count], targets[:count]
            if isinstance(data, IterableDataset):
                items = list(islice(iter(data), count))
            else:
                items = [data[i] for i in range(min(count, len(data)))]  # type: ignore[arg-type]
            return pair_of(collate(items), self._name)


def _steps(loader: DataLoader[Any], name: str) -> int:
    try:
        steps = len(loader)
    except TypeError:
        raise TypeError(
            f"{name}: found a DataLoader without a length; expected to know how many batches an "
            "epoch has. Give its IterableDataset a __len__."
        ) from None
    if steps == 0:
        raise ValueError(f"{name}: found a DataLoader without batches; expected at least one.")
    return steps


def _examples(loader: DataLoader[Any], size: int | None, steps: int) -> int:
    """Count the examples of an epoch: what the sampler gives, less a batch that is dropped."""
    source: Any = loader.dataset if isinstance(loader.dataset, IterableDataset) else loader.sampler
    batches = loader.batch_sampler
    if batches is not None and not hasattr(batches, "sampler"):  # one of the student's own
        source = loader.dataset
    count = len(source) if hasattr(source, "__len__") else steps * (size or 1)
    dropped = getattr(loader, "drop_last", False) or getattr(batches, "drop_last", False)
    return steps * size if dropped and size else count
