"""The labels that a data set keeps at hand, found without reading a single example."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.utils.data import ConcatDataset, Subset, TensorDataset


def labels_of(data: Any) -> Any:
    """Return all labels of a data set that keeps them at hand as numbers, else None.

    Examples
    --------
    >>> labels_of(Subset(TensorDataset(torch.zeros(3, 2), torch.tensor([4, 5, 6])), [0, 2]))
    tensor([4, 6])
    """
    if isinstance(data, TensorDataset):
        return data.tensors[1] if len(data.tensors) > 1 else None
    if isinstance(data, Subset):
        labels = labels_of(data.dataset)
        return None if labels is None else labels[torch.as_tensor(list(data.indices))]
    if isinstance(data, ConcatDataset):
        parts = [labels_of(part) for part in data.datasets]
        return None if any(part is None for part in parts) else torch.cat(parts)
    # One that translates labels on their way out may hold others.
    if getattr(data, "target_transform", None) is None:
        for attribute in ("targets", "labels"):
            labels = _numbers(getattr(data, attribute, None))
            if labels is not None and labels.ndim == 1 and len(labels) == len(data):
                return labels
    return None


def _numbers(kept: Any) -> Tensor | None:
    try:
        return torch.as_tensor(kept)
    except (TypeError, ValueError, RuntimeError):  # names of classes, a method, several lengths
        return None
