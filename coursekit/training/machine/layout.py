"""The order of a tensor's numbers in memory, kept beside a format that knows only one order.

safetensors stores every tensor row after row. A network in channels-last order has weights whose
numbers stand in another order, and the fused optimizers walk through weights and moments side by
side as they lie in memory: moments that come back in the plain order give wrong updates, silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor


def strides_to_keep(tensor: Tensor) -> list[int] | None:
    """Return the strides of a tensor where they say more than its shape does, else None.

    A tensor with gaps, or that shows one number in several places (a slice, an expanded one), is
    stored plainly: nothing depends on the order of such a thing.

    Examples
    --------
    >>> weight = torch.zeros(8, 3, 5, 5)
    >>> strides_to_keep(weight) is None
    True
    >>> strides_to_keep(weight.to(memory_format=torch.channels_last))
    [75, 1, 15, 3]
    """
    strides = list(tensor.stride())
    if strides == _plain(tensor.shape) or not _dense(tensor.shape, strides):
        return None
    return strides


def _plain(shape: Sequence[int]) -> list[int]:
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return strides[::-1]


def _dense(shape: Sequence[int], strides: Sequence[int]) -> bool:
    step = 1
    for stride, size in sorted(zip(strides, shape, strict=True)):
        if size == 1:
            continue
        if stride != step:
            return False
        step *= size
    return True


def with_strides(tensor: Tensor, strides: Sequence[int]) -> Tensor:
    """Return the same numbers in the order in memory that the strides say.

    Raises
    ------
    ValueError
        For strides that do not fit the shape: they would leave gaps or overlap.

    Examples
    --------
    >>> with_strides(torch.arange(4).reshape(2, 2), (1, 2)).stride()
    (1, 2)
    """
    if list(tensor.stride()) == list(strides):
        return tensor.clone()  # in memory of its own, laid out as torch does it
    if len(strides) != tensor.ndim or not _dense(tensor.shape, strides):
        raise ValueError(f"strides {tuple(strides)} do not fit the shape {tuple(tensor.shape)}")
    with torch.no_grad():
        return torch.empty_strided(
            tensor.shape, strides, dtype=tensor.dtype, device=tensor.device
        ).copy_(tensor)


def to_plain(tensors: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Make tensors storable: in plain order, in main memory, shared ones once.

    Returns
    -------
    stored
        What to write.
    layout
        What `from_plain` needs besides: ``strides`` by name, and ``same`` (name -> the name under
        which a tensor that appears twice, such as tied weights, is stored).

    Examples
    --------
    >>> weight = torch.ones(2, 3)
    >>> stored, layout = to_plain({"a": weight, "tied": weight, "turned": weight.T})
    >>> sorted(stored), layout
    (['a', 'turned'], {'strides': {'turned': [1, 3]}, 'same': {'tied': 'a'}})
    """
    stored: dict[str, Tensor] = {}
    strides: dict[str, list[int]] = {}
    same: dict[str, str] = {}
    seen: dict[tuple[Any, ...], str] = {}
    storages: set[int] = set()
    for name, tensor in tensors.items():
        place = (tensor.device, tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride())
        if tensor.numel() and place in seen:
            same[name] = seen[place]
            continue
        seen[place] = name
        kept = strides_to_keep(tensor)
        if kept is not None:
            strides[name] = kept
        plain = tensor.detach().cpu().contiguous()
        storage = plain.untyped_storage()
        if storage.nbytes() != plain.nbytes or storage.data_ptr() in storages:
            plain = plain.clone()  # a part of something larger, or a second view of the same
        storages.add(plain.untyped_storage().data_ptr())
        stored[name] = plain
    return stored, {"strides": strides, "same": same}


def from_plain(stored: Mapping[str, Tensor], layout: Mapping[str, Any]) -> dict[str, Tensor]:
    """Turn what was read into the tensors that were there.

    Examples
    --------
    >>> turned = torch.arange(6).reshape(2, 3).T
    >>> from_plain(*to_plain({"turned": turned}))["turned"].stride() == turned.stride()
    True
    """
    tensors = {
        name: with_strides(tensor, layout["strides"].get(name, tensor.stride()))
        for name, tensor in stored.items()
    }
    for name, first in layout["same"].items():
        tensors[name] = tensors[first]
    return tensors
