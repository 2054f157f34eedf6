"""From what a student holds to batches that a network takes, on the device.

Arrays are put on the device once, as they are stored (bytes stay bytes); a batch is then some of
their rows. A `Dataset` or a `DataLoader` is read batch by batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Subset

from coursekit.training.augment import Augmentation
from coursekit.training.chance import derived_generator, kept_random_state
from coursekit.training.errors import ArgumentError
from coursekit.training.inputs import Pair, class_numbers, pair_of, take


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """Return the order in which `fit` takes `count` images in one epoch, counted from 1.

    It depends on these three numbers alone: a loop written by hand that uses it meets the same
    batches.

    Examples
    --------
    >>> sorted(epoch_order(5, seed=0, epoch=1).tolist())
    [0, 1, 2, 3, 4]
    >>> bool((epoch_order(100, 0, 1) == epoch_order(100, 0, 2)).all())
    False
    """
    return torch.randperm(count, generator=derived_generator(seed, "order", epoch))


class Batches:
    """Batches (images, labels) of a set, on the device and ready for the model.

    Parameters
    ----------
    data
        (images, labels) as arrays or tensors; a `Dataset`; a `DataLoader`, which keeps its own
        order and batches.
    name
        What messages call it: ``"train"``, ``"validation"`` or ``"test"``.
    batch_size, device
        Images in a batch, and where it goes.
    seed
        Take the images of each epoch in `epoch_order` of this seed; without one as stored.
    channels_last, augment
        Whether images lie in memory pixel by pixel; what is done to each batch at random.

    Examples
    --------
    >>> batches = Batches((torch.rand(6, 1), torch.arange(6)), "train", 4, torch.device("cpu"))
    >>> [len(labels) for images, labels in batches.epoch(1)]
    [4, 2]
    """

    def __init__(
        self,
        data: Any,
        name: str,
        batch_size: int,
        device: torch.device,
        *,
        seed: int | None = None,
        channels_last: bool = False,
        augment: Any = (),
    ) -> None:
        self.name, self.device, self.seed = name, device, seed
        self.channels_last = channels_last
        self.augment = Augmentation(augment, seed or 0) if augment else None
        self.batch_size: int = batch_size
        self.tensors: Pair | None = None
        data = take(data, name)
        if isinstance(data, tuple):
            self.tensors = data[0].to(device), data[1].to(device)
            self.examples = len(data[1])
        elif isinstance(data, DataLoader):
            self.loader = data
            self.examples = len(data.dataset)  # type: ignore[arg-type]
            self.batch_size = data.batch_size or math.ceil(self.examples / len(data))
        else:
            self.examples, self.rows = len(data), _Rows(batch_size)
            self.rows.order = torch.arange(self.examples)
            # A generator of its own: reading images takes nothing from what dropout draws.
            own = torch.Generator()
            self.loader = DataLoader(data, batch_sampler=self.rows, generator=own)

    def __len__(self) -> int:
        if self.tensors is None:
            return len(self.loader)
        return math.ceil(self.examples / self.batch_size)

    def epoch(self, number: int) -> Iterator[Pair]:
        """Yield the batches of an epoch, counted from 1."""
        if self.augment:
            self.augment.begin_epoch(number, self.examples)
        order = torch.arange(self.examples)
        if self.seed is not None:
            order = epoch_order(self.examples, self.seed, number)
        if self.tensors is None:
            yield from self._read(order)
            return
        images, labels = self.tensors
        for rows in torch.split(order.to(self.device), self.batch_size):
            yield self._ready(images.index_select(0, rows), rows), labels.index_select(0, rows)

    def _read(self, order: Tensor) -> Iterator[Pair]:
        """Read an epoch's batches from a Dataset in this order, or from a DataLoader in its own."""
        if isinstance(self.loader.batch_sampler, _Rows):
            self.rows.order = order
        done = 0
        for batch in self.loader:
            images, labels = pair_of(batch, self.name)
            # A DataLoader does not say which images it gives: they are augmented by their places.
            rows = torch.arange(done, done + len(labels)) % self.examples
            done += len(labels)
            labels = class_numbers(labels, self.name).to(self.device, non_blocking=True)
            yield self._ready(images.to(self.device, non_blocking=True), rows), labels

    def head(self, count: int) -> Pair:
        """Return about `count` examples without augmentation; no source of chance is touched."""
        if self.tensors is not None:
            step = max(1, self.examples // count)  # spread over the set, which may be sorted
            images, labels = self.tensors
            return self._ready(images[::step][:count]), labels[::step][:count]
        with kept_random_state(self.loader):
            if isinstance(self.loader.batch_sampler, _Rows):
                self.rows.order = torch.arange(self.examples)
            try:
                images, labels = pair_of(next(iter(self.loader)), self.name)
            except TypeError as error:  # from PyTorch, of images that are no tensors
                raise ArgumentError(
                    f"{self.name}: found examples that make no batch ({error}); expected tensors "
                    "or arrays. Fix: image = torch.tensor(np.array(image))  # in __getitem__"
                ) from None
        labels = class_numbers(labels, self.name).to(self.device)
        return self._ready(images.to(self.device))[:count], labels[:count]

    def _ready(self, images: Tensor, rows: Tensor | None = None) -> Tensor:
        """Turn images as stored into what the model takes; those of known rows augmented."""
        if images.dtype == torch.uint8:
            if images.ndim == 3:
                images = images.unsqueeze(1)
            elif images.ndim == 4 and images.shape[3] in (1, 3) and images.shape[1] not in (1, 3):
                images = images.permute(0, 3, 1, 2)
            images = images.float().div_(255)
        elif images.dtype in (torch.float64, torch.float16, torch.bfloat16, torch.bool):
            images = images.float()
        if self.augment and rows is not None:
            images = self.augment(images, rows)
        if images.ndim != 4:
            return images
        return as_channels_last(images) if self.channels_last else images.contiguous()


class _Rows:
    """The rows of each batch of an epoch, for a DataLoader."""

    def __init__(self, batch_size: int) -> None:
        self.batch_size, self.order = batch_size, torch.arange(0)

    def __len__(self) -> int:
        return math.ceil(len(self.order) / self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        return (rows.tolist() for rows in torch.split(self.order, self.batch_size))


def split(train: Any, share: float, seed: int) -> tuple[Any, Any]:
    """Cut a share off a training set for validation: drawn by the seed, each class in proportion.

    Returns what is left to train on and what is held out. Of a `Dataset` images are drawn without
    regard to class.

    Examples
    --------
    >>> left, held_out = split((torch.zeros(100, 2), torch.arange(100) % 10), 0.1, seed=0)
    >>> len(left[1]), sorted(held_out[1].tolist())
    (90, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    data = take(train, "train")
    if isinstance(data, DataLoader):
        raise ArgumentError(
            "validation: found a share, and a DataLoader to train on, whose batches cannot be "
            "taken apart; expected a set of its own. "
            "Fix: split the Dataset with torch.utils.data.random_split and make two DataLoaders"
        )
    count = len(data[1]) if isinstance(data, tuple) else len(data)
    wanted = round(count * share)
    if isinstance(share, bool) or not 0 < share < 1 or not 0 < wanted < count:
        raise ArgumentError(
            f"validation: found {share!r} of {count:,} images; expected a share between 0 and 1 "
            "that leaves images on both sides, or a set like train. Fix: validation=0.1"
        )
    drawn = torch.randperm(count, generator=derived_generator(seed, "validation"))
    if isinstance(data, tuple):
        # Sorted by class, every (count / wanted)-th image: each class gives its share.
        drawn = drawn[data[1].cpu()[drawn].argsort(stable=True)]
        chosen = drawn[((torch.arange(wanted) + 0.5) * count / wanted).long()]
    else:
        chosen = drawn[:wanted]
    held = torch.zeros(count, dtype=torch.bool)
    held[chosen] = True
    rows = (~held).nonzero()[:, 0], held.nonzero()[:, 0]
    if isinstance(data, tuple):
        images, labels = data
        return (images[rows[0]], labels[rows[0]]), (images[rows[1]], labels[rows[1]])
    return Subset(data, rows[0].tolist()), Subset(data, rows[1].tolist())


def as_channels_last(images: Tensor) -> Tensor:
    """Return (N, C, H, W) channels last in memory and by its strides, also where C is 1.

    Images and filters of one channel look the same in both layouts; only their strides tell a
    convolution which one is meant.
    """
    images = images.contiguous(memory_format=torch.channels_last)
    _, channels, height, width = images.shape
    if channels > 1:
        return images
    return images.as_strided(images.shape, (height * width, 1, width, 1))
