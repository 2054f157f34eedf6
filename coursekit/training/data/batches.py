"""Batches for a loop: from arrays that live on the device, or streamed from where they lie.

A set that fits is put on the device once, as it is stored (bytes stay bytes); a batch is then a
gather of some of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from coursekit.training.data.augment import Augmentation
from coursekit.training.data.inputs import Arrays, as_arrays, is_set, require_classes, unwrapped
from coursekit.training.data.loaders import LoaderStream
from coursekit.training.data.order import Plan, epoch_order
from coursekit.training.data.readers import SetStream, length_of
from coursekit.training.data.ready import channels_first, moved, ready
from coursekit.training.data.split import split_validation
from coursekit.training.data.streaming import DiskStream
from coursekit.training.machine.precision import Precision, laid_out

__all__ = ["Batches", "choose_batch_size", "epoch_order", "make_batches", "split_validation"]

Pair = tuple[Tensor, Tensor]
_SMALLEST, _STEPS_AT_LEAST = 16, 50


class Batches(Protocol):
    """What a loop reads: pairs (inputs, targets) on the device, ready for the model.

    `examples` are in the whole set, `batch_size` is that of all processes together, `notes` say in
    words what is done to what was given.
    """

    examples: int
    batch_size: int
    resident: bool
    notes: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        ...

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Pair]:
        """Yield the batches of an epoch, counted from 1, from batch `start` on.

        Each is this process's part of a batch; where the last batch has fewer examples than there
        are processes, some parts of it are empty.
        """
        ...

    def head(self, count: int) -> Pair:
        """Return the first examples as stored, not augmented; no source of chance is touched."""
        ...


def choose_batch_size(examples: int, device: torch.device, precision: Precision) -> int:
    """Return the batch size that `fit` takes when none is given: a fixed rule.

    256 on a processor with bfloat16, where it was faster than 128 at the same accuracy after the
    same number of epochs (512 was not); 128 in float32; 512 on a GPU. Small sets get smaller
    ones, a power of two with at least 50 steps an epoch, but no less than 16. Where a single image
    would be left over, which batch norm cannot take, it is one less.

    Examples
    --------
    >>> plain = Precision("float32", False, False, "")
    >>> [choose_batch_size(n, torch.device("cpu"), plain) for n in (60_000, 1_437, 10, 33)]
    [128, 16, 16, 15]
    """
    usual = {"cuda": 512}.get(device.type, 256 if precision.name == "bfloat16" else 128)
    fitting = 1 << max(examples // _STEPS_AT_LEAST, 1).bit_length() - 1
    size = max(_SMALLEST, min(usual, fitting))
    while size < examples and examples % size == 1 and size > 2:
        size -= 1
    return size


def count_of(data: Any) -> int:
    """Return how many examples there are in what a student gives; 0 where that cannot be told.

    Examples
    --------
    >>> count_of((torch.zeros(6, 1), torch.arange(6))), count_of(None)
    (6, 0)
    """
    try:
        return len(data[1]) if isinstance(data, tuple | list) else len(data)
    except TypeError:
        return 0


def make_batches(
    data: Any,
    *,
    name: str,
    batch_size: int,
    shuffle: bool,
    seed: int,
    device: torch.device,
    precision: Precision,
    augment: Sequence[Any] = (),
    workers: int | str = "auto",
    share: tuple[int, int] = (0, 1),
    classes: bool = False,
) -> Batches:
    """Make batches of whatever a student gives.

    Parameters
    ----------
    data
        (images, labels) as arrays or tensors; a `Dataset`; a `DataLoader`, which is used in its
        own order and with its own batches; or a part that `split_validation` made.
    name
        What messages call it: ``"train"``, ``"validation"`` or ``"test"``.
    batch_size
        Of all processes together; a `DataLoader` has its own.
    shuffle
        Take the examples of each epoch in `epoch_order`; otherwise as stored.
    seed
        From which order and augmentation are derived.
    device, precision
        Where batches go, and how they lie in memory there.
    augment
        Augmentations of whole batches, in this order.
    workers
        Processes that read a `Dataset`; ``"auto"`` takes a few where there are processors for them.
    share
        (process, processes): which part of each batch to yield.
    classes
        Refuse labels that are no class numbers.

    Raises
    ------
    TypeError, ValueError
        For what cannot be read as images with labels; the sentence says what was found.

    Examples
    --------
    >>> data = (torch.arange(6.0).reshape(6, 1), torch.arange(6))
    >>> plain = Precision("float32", False, False, "")
    >>> batches = make_batches(data, name="train", batch_size=4, shuffle=True, seed=0,
    ...                        device=torch.device("cpu"), precision=plain)
    >>> [len(targets) for _, targets in batches.epoch(1)]
    [4, 2]
    """
    data = unwrapped(data, name)
    augmentation = Augmentation(augment, seed)
    if isinstance(data, DataLoader):
        made: Batches = LoaderStream(
            data, name, device, precision, augmentation, share, training=shuffle
        )
    elif is_set(data):
        plan = Plan(length_of(data, name), batch_size, shuffle, seed, share)
        made = SetStream(data, name, plan, device, precision, augmentation, workers)
    else:
        arrays = as_arrays(data, name)
        plan = Plan(len(arrays), batch_size, shuffle, seed, share)
        kind = ResidentBatches if fits(arrays, device) else DiskStream
        made = kind(arrays, plan, device, precision, augmentation)
    if classes:
        require_classes(made.head(1)[1], name)
    return made


class ResidentBatches:
    """Batches of a set that is on the device as a whole."""

    resident = True

    def __init__(
        self,
        arrays: Arrays,
        plan: Plan,
        device: torch.device,
        precision: Precision,
        augmentation: Augmentation,
    ) -> None:
        self.examples, self.batch_size, self.notes = len(arrays), plan.batch_size, arrays.notes
        self._plan, self._device, self._precision = plan, device, precision
        self._augment = augmentation
        inputs, targets, self._rows = arrays.inputs, arrays.targets, arrays.rows
        if not isinstance(inputs, Tensor):
            inputs = torch.from_numpy(inputs.copy())
        if device.type != "cpu" and self._rows is not None:
            inputs, targets, self._rows = inputs[self._rows], targets[self._rows], None
        # On the processor the student's own memory is used as it is.
        self._inputs = inputs if inputs.device == device else moved(inputs, device)
        self._targets = targets.to(device)

    def __len__(self) -> int:
        return len(self._plan)

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Pair]:
        """Yield the batches of an epoch, from batch `start` on."""
        order = self._plan.order(number)
        rows = self._augment.draw(self.examples, number, self._device)
        stored = (order if self._rows is None else self._rows[order]).to(self._device)
        order = order.to(self._device)
        for step in range(start, len(self)):
            part = self._plan.part(step)
            images = channels_first(self._inputs.index_select(0, stored[part]))
            images = self._augment(images, [each[order[part]] for each in rows])
            yield laid_out(images, self._precision), self._targets.index_select(0, stored[part])

    def head(self, count: int) -> Pair:
        """Return the first examples as stored, not augmented."""
        stored = torch.arange(min(count, self.examples))
        if self._rows is not None:
            stored = self._rows[stored]
        stored = stored.to(self._device)
        images = ready(self._inputs.index_select(0, stored))
        return laid_out(images, self._precision), self._targets.index_select(0, stored)


def fits(arrays: Arrays, device: torch.device) -> bool:
    """Tell whether a set may live on a device: half of the memory that is free there is enough.

    What is in the processor's memory already is there at no cost.

    Examples
    --------
    >>> fits(Arrays(torch.zeros(3, 2), torch.zeros(3)), torch.device("cpu"))
    True
    """
    if device.type == "cpu" and isinstance(arrays.inputs, Tensor):
        return True
    share = len(arrays) / max(len(arrays.targets), 1) if device.type != "cpu" else 1.0
    if device.type == "cuda":
        free = torch.cuda.mem_get_info(device)[0]
    else:
        import psutil

        free = psutil.virtual_memory().available
    return arrays.inputs.nbytes * share <= free / 2
