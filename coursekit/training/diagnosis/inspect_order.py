"""The order of the examples, and images that stand in the training and in the test set."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Subset, TensorDataset

from coursekit.training.diagnosis.findings import Finding, number
from coursekit.training.diagnosis.samples import Sample

_SHARED = 0.1  # real sets hold a few pictures twice; a slip shares far more
_WORDS = 4_000_000  # of eight bytes each that are read of a set to tell its images apart
_AT_ONCE = 512  # images: as many as stay in the processor's cache


def used_up(sample: Sample) -> Finding | None:
    """Find a generator, which one epoch uses up.

    Examples
    --------
    >>> used_up(Sample(once=True)).code
    'used_up'
    """
    if not sample.once:
        return None
    return Finding(
        "used_up",
        "error",
        "The batches come from a generator, which can be walked through only once; expected "
        "a list or a DataLoader, since the second epoch would find nothing.",
        "loader = list(loader)",
    )


def sorted_labels(sample: Sample) -> Finding | None:
    """Find batches in stored order of a set that is sorted by class.

    Examples
    --------
    >>> labels = torch.arange(10).repeat_interleave(20)
    >>> sorted_labels(Sample(labels=labels, all_labels=True, in_order=True)).code
    'not_shuffled'
    """
    if not (sample.in_order and sample.all_labels):
        return None
    labels = np.asarray(sample.labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or len(labels) < 64:
        return None
    counts = np.unique(labels, return_counts=True)[1]
    by_chance = float(((counts / len(labels)) ** 2).sum())
    alike = float((labels[1:] == labels[:-1]).mean())
    if len(counts) < 2 or alike <= (1 + by_chance) / 2:
        return None
    run = len(labels) / (1 + int((labels[1:] != labels[:-1]).sum()))
    size = sample.batch_size or 32
    mend = (
        f"loader = torch.utils.data.DataLoader(loader.dataset, batch_size={size}, shuffle=True)"
        if sample.drawn
        else "order = torch.randperm(len(images))  # before the batches are cut\n"
        "images, labels = images[order], labels[order]"
    )
    return Finding(
        "not_shuffled",
        "warning",
        f"The batches come in stored order, and about {number(round(run))} images of one class "
        f"follow each other; expected a mixture of the {len(counts)} classes in each batch.",
        mend,
    )


def shared_images(
    train: Any, test: Any, train_sample: Sample, test_sample: Sample
) -> Finding | None:
    """Find a test set that the model is trained on: the same object, or the same images.

    Examples
    --------
    >>> images = torch.rand(40, 1, 8, 8)
    >>> both = Sample(images=images), Sample(images=images[30:])
    >>> shared_images(0, 1, *both).sentence
    'All 10 test images stand in the training set, too; expected none, since a test on images ...
    """
    share, total = _shared(train, test, train_sample, test_sample)
    if total == 0 or share < max(2, _SHARED * total):
        return None
    which = "All" if share == total else f"{number(share)} of"
    return Finding(
        "test_in_train",
        "warning",
        f"{which} {number(total)} test images stand in the training set, too; expected none, since "
        "a test on images the model was trained on says nothing about new ones.",
        "order = torch.randperm(len(images))  # one cut, so that no image is on both sides\n"
        "cut = len(images) * 8 // 10\n"
        "train = images[order[:cut]], labels[order[:cut]]\n"
        "test = images[order[cut:]], labels[order[cut:]]",
    )


def _shared(train: Any, test: Any, first: Sample, second: Sample) -> tuple[int, int]:
    mine, theirs = _source(train), _source(test)
    if mine is theirs and mine is not None:
        total = second.examples or first.examples or 1
        return total, total
    if isinstance(mine, Subset) and isinstance(theirs, Subset) and mine.dataset is theirs.dataset:
        wanted = set(theirs.indices)
        return len(wanted & set(mine.indices)), len(wanted)
    if isinstance(mine, Subset) and mine.dataset is theirs and second.examples:
        return len(set(mine.indices)), second.examples
    if isinstance(theirs, Subset) and theirs.dataset is mine:
        return len(theirs.indices), len(theirs.indices)
    a, b = _pictures(first.images), _pictures(second.images)
    if a is None or b is None or a.shape[1:] != b.shape[1:] or a.dtype != b.dtype:
        return 0, 0
    if a.ctypes.data == b.ctypes.data and a.shape == b.shape:
        return len(b), len(b)
    return int(np.isin(fingerprints(b, len(a)), fingerprints(a, len(a))).sum()), len(b)


def _source(data: Any) -> Any:
    source = data.dataset if isinstance(data, DataLoader) else data
    if isinstance(source, TensorDataset):
        return source.tensors[0]
    return source[0] if isinstance(source, tuple) and len(source) == 2 else source


def _pictures(images: Any) -> npt.NDArray[Any] | None:
    if isinstance(images, Tensor):
        if images.device.type != "cpu" or images.dtype == torch.bfloat16:
            return None
        images = images.detach().numpy()
    if not isinstance(images, np.ndarray) or images.ndim < 2 or images.dtype.kind not in "uif":
        return None
    return images


def fingerprints(images: npt.NDArray[Any], beside: int = 0) -> npt.NDArray[np.uint64]:
    """Return one number for each image; equal images have equal numbers.

    Of large sets the middle of each image is read: different images with equal numbers are then
    possible, but not many of them.

    Parameters
    ----------
    images
        (N, ...), numbers of any type.
    beside
        The size of the larger set, so that both are read alike.

    Examples
    --------
    >>> a, b, c = fingerprints(np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]]))
    >>> bool(a == b), bool(a == c)
    (True, False)
    """
    rows = np.ascontiguousarray(images).reshape(len(images), -1).view(np.uint8)
    whole = max(1, rows.shape[1] // 8)
    taken = min(whole, max(16, _WORDS // max(beside, len(rows), 1)))
    start = (whole - taken) // 2 * 8  # the middle of a picture says more than its border
    odd = np.random.default_rng(0).integers(1, 2**63, taken, dtype=np.uint64) * np.uint64(2)
    odd += np.uint64(1)
    total = np.empty(len(rows), np.uint64)
    for first in range(0, len(rows), _AT_ONCE):
        words = _words(rows[first : first + _AT_ONCE], start, taken)
        words = words ^ (words >> np.uint64(29))  # so that high bits count, too
        total[first : first + _AT_ONCE] = (words * odd).sum(1, dtype=np.uint64)
    return total


def _words(rows: npt.NDArray[np.uint8], start: int, taken: int) -> npt.NDArray[np.uint64]:
    part = rows[:, start : start + taken * 8]
    if part.shape[1] < 8:  # tiny images: filled up with zeros
        part = np.pad(part, ((0, 0), (0, 8 - part.shape[1])))
    return np.ascontiguousarray(part).view(np.uint64)
