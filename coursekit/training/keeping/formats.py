"""A tree of tensors and plain values, taken apart into named tensors and strict JSON, and back.

And the checksum of a tensor.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor


def pack(tree: Any) -> tuple[dict[str, Tensor], Any]:
    """Take a tree apart: its tensors by name, and everything else as values that JSON knows.

    Parameters
    ----------
    tree
        Dictionaries (with any plain keys), lists and tuples of tensors, arrays, numbers, strings,
        booleans and None, to any depth.

    Returns
    -------
    tensors
        Every tensor under the path that leads to it, for instance ``model.conv1.weight``.
    plain
        The tree with a reference in the place of each tensor.

    Raises
    ------
    TypeError
        For anything else, with the path that leads to it.

    Examples
    --------
    >>> tensors, plain = pack({"step": 3, "weights": {"a": torch.ones(2)}, "lr": float("inf")})
    >>> plain
    {'step': 3, 'weights': {'a': {'$tensor': 'weights.a'}}, 'lr': {'$float': 'inf'}}
    >>> unpack(tensors, plain)
    {'step': 3, 'weights': {'a': tensor([1., 1.])}, 'lr': inf}
    """
    tensors: dict[str, Tensor] = {}
    return tensors, _pack(tree, "", tensors)


def _pack(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Tensor):
        return {"$tensor": _put(value.detach(), path, tensors)}
    if isinstance(value, np.ndarray):
        return {"$array": _put(torch.from_numpy(np.ascontiguousarray(value)), path, tensors)}
    if isinstance(value, np.generic):
        return _pack(value.item(), path, tensors)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": str(float(value))}
    if isinstance(value, torch.dtype):
        return {"$dtype": str(value).removeprefix("torch.")}
    if isinstance(value, list | tuple):
        items = [_pack(item, _join(path, i), tensors) for i, item in enumerate(value)]
        return items if isinstance(value, list) else {"$tuple": items}
    if isinstance(value, Mapping):
        return _pack_mapping(value, path, tensors)
    raise TypeError(
        f"{path or 'the state'} is {_kind(value)}; "
        "a checkpoint holds tensors, arrays, numbers, strings, lists, tuples and dictionaries"
    )


def _pack_mapping(value: Mapping[Any, Any], path: str, tensors: dict[str, Tensor]) -> Any:
    items = {key: _pack(item, _join(path, key), tensors) for key, item in value.items()}
    if all(isinstance(key, str) and not key.startswith("$") for key in items):
        return items
    return {"$pairs": [[_pack(key, path, tensors), item] for key, item in items.items()]}


def _put(tensor: Tensor, path: str, tensors: dict[str, Tensor]) -> str:
    name, number = path or "tensor", 1
    while name in tensors:
        number += 1
        name = f"{path}#{number}"
    tensors[name] = tensor
    return name


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _kind(value: object) -> str:
    return f"an object of {type(value).__module__}.{type(value).__qualname__}"


def unpack(tensors: Mapping[str, Tensor], plain: Any) -> Any:
    """Put together again what `pack` took apart.

    Raises
    ------
    KeyError
        For a tensor that is missing.

    Examples
    --------
    >>> unpack(*pack([(1, 2), {0: torch.tensor(5)}]))
    [(1, 2), {0: tensor(5)}]
    """
    if isinstance(plain, list):
        return [unpack(tensors, item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    match plain:
        case {"$tensor": name}:
            return tensors[name]
        case {"$array": name}:
            return tensors[name].numpy()
        case {"$float": text}:
            return float(text)
        case {"$dtype": name}:
            return getattr(torch, name)
        case {"$tuple": items}:
            return tuple(unpack(tensors, item) for item in items)
        case {"$pairs": pairs}:
            return {unpack(tensors, key): unpack(tensors, item) for key, item in pairs}
    return {key: unpack(tensors, item) for key, item in plain.items()}


def sum_of(tensor: Tensor) -> int:
    """Return the checksum of a tensor that lies row after row in main memory.

    Examples
    --------
    >>> sum_of(torch.ones(3)) == sum_of(torch.zeros(3))
    False
    """
    if tensor.numel() == 0:
        return 0
    return zlib.crc32(tensor.reshape(-1).view(torch.uint8).numpy().data)
