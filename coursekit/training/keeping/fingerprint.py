"""What a training set is recognised by, so that a run does not go on with other data unnoticed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Subset, TensorDataset

from coursekit.training.data.inputs import Arrays, as_arrays, is_set
from coursekit.training.data.labels import labels_of
from coursekit.training.keeping.formats import sum_of

_FEW = 16  # images: of a set on a disk as many places have to be found
_NUMBERS = 200_000  # of the labels

Fingerprint = dict[str, dict[str, Any]]


def fingerprint(train: Any) -> Fingerprint:
    """Return type, shape and a checksum of images and labels, and of which rows are used.

    Sixteen images are looked at, evenly spaced, and of the labels that are at hand as many as make
    200,000 numbers. What a data set computes when it is asked for an example is left out: it may be
    drawn by chance.

    Parameters
    ----------
    train
        As `fit` was given it, and can read it.

    Examples
    --------
    >>> images, labels = np.zeros((50, 8, 8), np.uint8), np.arange(50) % 10
    >>> one, other = fingerprint((images, labels)), fingerprint((images + 1, labels))
    >>> one["images"]["shape"], one["images"] == other["images"], one["labels"] == other["labels"]
    ([50, 8, 8], False, True)
    """
    data = train.dataset if isinstance(train, DataLoader) else train
    rows: Tensor | None = None
    while isinstance(data, Subset):
        places = torch.as_tensor(list(data.indices), dtype=torch.int64)
        rows = places if rows is None else places[rows]
        data = data.dataset
    if isinstance(data, TensorDataset):
        parts: list[tuple[str, Any, int | None]] = [("images", data.tensors[0], _FEW)]
        parts += [("labels", labels, None) for labels in data.tensors[1:2]]
    elif isinstance(train, DataLoader) or is_set(data):
        parts = [("labels", labels_of(data), None)]
    else:
        arrays: Arrays = as_arrays(data, "train")
        parts = [("images", arrays.inputs, _FEW), ("labels", arrays.targets, None)]
    found = {name: _part(values, rows, most) for name, values, most in parts if values is not None}
    return found if rows is None else found | {"rows": _part(rows, None, None)}


def _part(
    values: Tensor | np.memmap[Any, Any], rows: Tensor | None, most: int | None
) -> dict[str, Any]:
    count = len(values) if rows is None else len(rows)
    seen = min(count, most or max(_FEW, _NUMBERS // math.prod([1, *values.shape[1:]])))
    places = torch.arange(seen) * count // max(seen, 1)
    places = places if rows is None else rows[places]
    taken = (
        values[places.to(values.device)].detach().cpu()
        if isinstance(values, Tensor)
        else torch.from_numpy(np.ascontiguousarray(values[places.numpy()]))
    )
    return {
        "type": str(taken.dtype).removeprefix("torch."),
        "shape": [count, *taken.shape[1:]],
        "seen": seen,
        "sum": sum_of(taken.contiguous()),
    }


def differences(now: Fingerprint, saved: Fingerprint) -> list[str]:
    """Say what is not the same of two training sets; what one of them does not show is passed over.

    Examples
    --------
    >>> labels = {"labels": {"type": "int64", "shape": [50], "seen": 50, "sum": 17}}
    >>> other = {"labels": {"type": "int64", "shape": [50], "seen": 50, "sum": 18}}
    >>> differences(labels, other)
    ['train labels are other ones (checksum of 50 of 50 was 00000012, is 00000011)']
    """
    found = []
    for name in (name for name in now if name in saved and now[name] != saved[name]):
        here, then = now[name], saved[name]
        if (here["type"], here["shape"]) != (then["type"], then["shape"]):
            found.append(f"train {name} were {_shape(then)}, are {_shape(here)}")
        else:
            found.append(
                f"train {name} are other ones (checksum of {here['seen']:,} of "
                f"{here['shape'][0]:,} was {then['sum']:08x}, is {here['sum']:08x})"
            )
    return found


def _shape(part: dict[str, Any]) -> str:
    return f"{part['type']} ({', '.join(map(str, part['shape']))})"
