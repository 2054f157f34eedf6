"""A few examples out of a student's data, whatever form it has, without using any of it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import (
    DataLoader,
    IterableDataset,
    SequentialSampler,
    TensorDataset,
    default_collate,
)

from coursekit.training.data.labels import labels_of
from coursekit.training.data.raw_numbers import shared_tensor
from coursekit.training.data.ready import ready, ready_targets

COUNT = 32


@dataclass
class Sample:
    """A few examples, and what is known of the rest.

    Attributes
    ----------
    inputs, targets
        A batch as the model would get it.
    labels
        The labels of all examples, where they are at hand; else those of the batch.
    all_labels
        Whether `labels` are all there are.
    images
        All inputs as one tensor or array, where they are at hand.
    examples, batch_size
        How many there are, and how many a batch has, where that is known.
    in_order
        Whether the batches come in stored order, not shuffled.
    drop_last
        Whether a last, smaller batch is left out.
    drawn
        Whether the batch is spread over the whole set; else it is the beginning.
    once
        Whether the data can be walked through only once; then nothing else is known.
    from_loader
        Whether the batches are those of a `DataLoader`.
    arrays
        Whether images and labels are NumPy arrays, which lack the methods of tensors.
    """

    inputs: Any = None
    targets: Any = None
    labels: Any = None
    all_labels: bool = False
    images: Any = None
    examples: int | None = None
    batch_size: int | None = None
    in_order: bool = False
    drop_last: bool = False
    drawn: bool = True
    once: bool = False
    from_loader: bool = False
    arrays: bool = False


def take(data: Any, name: str = "data", count: int = COUNT) -> Sample:
    """Take a few examples, spread over the whole set where that can be done.

    Raises
    ------
    TypeError
        For what is no pair (images, labels), no `Dataset`, no `DataLoader` and no batches.

    Examples
    --------
    >>> sample = take((np.zeros((50, 28, 28), np.uint8), np.arange(50) % 10))
    >>> sample.inputs.shape, sample.inputs.dtype, sample.examples
    (torch.Size([32, 1, 28, 28]), torch.float32, 50)
    """
    if isinstance(data, tuple | list) and len(data) == 2 and all(map(_is_array, data)):
        return _from_pair(data[0], data[1], name, count)
    if isinstance(data, DataLoader):
        return _from_loader(data, count)
    if isinstance(data, IterableDataset):
        return _from_iterable(data, count)
    if isinstance(data, tuple | list) and data and all(map(_is_pair, data)):
        return _from_batches(data, count)
    listing = hasattr(data, "__getitem__") and hasattr(data, "__len__")
    if listing and not isinstance(data, str | dict):
        if len(data) == 0:
            raise ValueError(f"{name}: found nothing in it; expected at least one example.")
        return _from_dataset(data, count)
    if isinstance(data, Iterator):
        return Sample(once=True)
    if isinstance(data, Iterable) and not isinstance(data, str | bytes | dict | Tensor):
        batch = next(iter(data), None)
        if batch is not None and _is_pair(batch):
            return Sample(*_first(batch, count), labels=_numbers(batch[1]))
    raise TypeError(
        f"{name}: found {type(data).__name__}; expected (images, labels), a Dataset, a DataLoader "
        "or a list of batches (images, labels)."
    )


def _from_pair(images: Any, labels: Any, name: str, count: int) -> Sample:
    if len(images) != len(labels) or len(images) == 0:
        raise ValueError(
            f"{name}: found {len(images)} images and {len(labels)} labels; expected as many of the "
            "one as of the other, and at least one."
        )
    for part, values in (("images", images), ("labels", labels)):
        if isinstance(values, np.ndarray) and values.dtype.kind not in "biuf":
            raise ValueError(
                f"{name} {part}: found values of type {values.dtype}, such as {values.flat[0]!r}; "
                "expected numbers. For names of classes write "
                "classes, labels = np.unique(names, return_inverse=True)."
            )
    if images.ndim == 1 and labels.ndim >= 3:
        raise ValueError(
            f"{name}: found shape {tuple(images.shape)} first and {tuple(labels.shape)} second; "
            "expected images first, labels second. Write (images, labels)."
        )
    rows = spread(len(images), count)
    inputs, targets = _numbers(images[rows]), _numbers(labels[rows])
    if isinstance(images, np.ndarray):  # nobody feeds an array to a layer: taken as fit takes it
        inputs, targets = ready(inputs), ready_targets(targets)
    return Sample(
        inputs,
        targets,
        labels,
        all_labels=True,
        images=images,
        examples=len(images),
        arrays=isinstance(images, np.ndarray),
    )


def _from_dataset(data: Any, count: int, collate: Any = default_collate) -> Sample:
    rows = spread(len(data), count).tolist()
    examples = [data[i] for i in rows]
    if collate is default_collate and isinstance(examples[0], Mapping):
        raise TypeError(
            f"data: found a {type(examples[0]).__name__} with {', '.join(map(str, examples[0]))} "
            "as an example of the data set; expected a pair (image, label). Let __getitem__ "
            "return image, label."
        )
    batch = collate(examples)
    labels = labels_of(data)
    return Sample(
        *_first(batch, count),
        labels=_numbers(batch[1]) if labels is None else labels,
        all_labels=labels is not None,
        images=data.tensors[0] if type(data) is TensorDataset else None,
        examples=len(data),
    )


def _from_loader(loader: DataLoader[Any], count: int) -> Sample:
    if loader.batch_size is None and loader.batch_sampler is None:  # the set itself gives batches
        data: Any = loader.dataset
        batch = next(iter(data)) if isinstance(data, IterableDataset) else data[0]
        return Sample(*_first(batch, count), labels=_numbers(batch[1]))
    if isinstance(loader.dataset, IterableDataset):
        sample = _from_iterable(loader.dataset, count, loader.collate_fn)
        sample.batch_size = loader.batch_size
        return sample
    sized: Any = loader.dataset
    sample = _from_dataset(sized, count, loader.collate_fn)
    sample.batch_size, sample.from_loader = loader.batch_size, True
    sample.drop_last = bool(loader.drop_last)
    sample.in_order = isinstance(loader.sampler, SequentialSampler)
    return sample


def _from_iterable(
    data: IterableDataset[Any], count: int, collate: Any = default_collate
) -> Sample:
    stream: Any = iter(data)
    if stream is data:
        return Sample(once=True)
    items = list(islice(stream, count))
    if not items:
        raise ValueError("data: found nothing in it; expected at least one example.")
    batch = collate(items)
    return Sample(*_first(batch, count), labels=_numbers(batch[1]))


def _from_batches(batches: Sequence[Any], count: int) -> Sample:
    labels = [_numbers(batch[1]) for batch in batches]
    alike = all(part.ndim == labels[0].ndim for part in labels)
    sizes = [len(part) for part in labels]
    return Sample(
        *_first(batches[0], count),
        labels=torch.cat(labels) if alike and labels[0].ndim else labels[0],
        all_labels=alike,
        examples=sum(sizes),
        batch_size=max(sizes),
        in_order=True,
        drawn=False,
    )


def spread(total: int, count: int) -> Tensor:
    """Return the places of `count` examples out of `total`, the same ones each time, in order.

    They are drawn, since labels may repeat at any regular distance.

    Examples
    --------
    >>> spread(2, 4)
    tensor([0, 1])
    >>> len(spread(60_000, 32).unique())
    32
    """
    if total <= count:
        return torch.arange(total)
    places = np.random.default_rng(0).choice(total, count, replace=False, shuffle=False)
    return torch.from_numpy(np.sort(places))


def _is_array(value: object) -> bool:
    return isinstance(value, Tensor | np.ndarray) and value.ndim > 0


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and _is_array(value[1])


def _first(batch: Any, count: int) -> tuple[Any, Any]:
    inputs, targets = batch[0], batch[1]
    cut = [_numbers(v)[:count] if _is_array(v) else v for v in (inputs, targets)]
    return cut[0], cut[1]


def _numbers(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value.detach()
    array = np.asarray(value)
    return shared_tensor(array) if array.dtype.kind in "biuf" else torch.zeros(0)
