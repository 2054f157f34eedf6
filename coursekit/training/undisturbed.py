"""Looking at a model without leaving a trace: a copy to try things on, generators put back."""

from __future__ import annotations

import contextlib
import copy
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn


@contextlib.contextmanager
def generators_kept(*holders: object) -> Iterator[None]:
    """Put every random state back as it was: Python's, NumPy's, torch's on all devices in use.

    Parameters
    ----------
    holders
        Objects such as a DataLoader: generators that they, their sampler or their data set keep
        as attributes are put back, too.

    Examples
    --------
    >>> before = torch.get_rng_state()
    >>> with generators_kept():
    ...     _ = torch.rand(3)
    >>> torch.equal(before, torch.get_rng_state())
    True
    """
    python, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    own = [(g, _state(g)) for g in _generators(holders)]
    used = torch.cuda.is_available() and torch.cuda.is_initialized()
    devices = list(range(torch.cuda.device_count())) if used else []
    mps = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy_state)  # noqa: NPY002
        for generator, state in own:
            _put_back(generator, state)
        if mps is not None:
            torch.mps.set_rng_state(mps)


def _generators(holders: tuple[object, ...]) -> list[Any]:
    found: dict[int, Any] = {}
    seen: set[int] = set()
    left = list(holders)
    while left and len(seen) < 50:
        thing = left.pop()
        if id(thing) in seen or isinstance(thing, (torch.Tensor, np.ndarray, type)):
            continue
        seen.add(id(thing))
        if isinstance(thing, (torch.Generator, np.random.Generator, random.Random)):
            found[id(thing)] = thing
        elif isinstance(thing, (list, tuple)):
            left += thing[:10]
        else:
            left += [v for v in getattr(thing, "__dict__", {}).values() if hasattr(v, "__class__")]
    return list(found.values())


def _state(generator: Any) -> Any:
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, np.random.Generator):
        return copy.deepcopy(generator.bit_generator.state)
    return generator.getstate()


def _put_back(generator: Any, state: Any) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, np.random.Generator):
        generator.bit_generator.state = state
    else:
        generator.setstate(state)


@contextlib.contextmanager
def stand_in(model: nn.Module) -> Iterator[nn.Module]:
    """Give a copy of a model to try things on; gradients are not copied.

    A model that cannot be copied is lent itself, and its parameters, buffers, modes and gradients
    are put back afterwards.

    Examples
    --------
    >>> model = nn.Linear(2, 1)
    >>> with stand_in(model) as other, torch.no_grad():
    ...     _ = other.weight.zero_()
    >>> bool(model.weight.any())
    True
    """
    gradients = [(p, p.grad) for p in model.parameters()]
    for parameter, _ in gradients:
        parameter.grad = None  # so that the copy does not carry them
    try:
        other = copy.deepcopy(model)
    except Exception:  # locks, open files, tensors that are no leaves: whatever a student keeps
        with _put_back_afterwards(model):
            yield model
        return
    finally:
        for parameter, gradient in gradients:
            parameter.grad = gradient
    yield other


@contextlib.contextmanager
def _put_back_afterwards(model: nn.Module) -> Iterator[None]:
    tensors = [*model.parameters(), *model.buffers()]
    values = [(t, t.detach().clone()) for t in tensors if not _unmade(t)]
    gradients = [(p, p.grad) for p in model.parameters()]
    modes = [(m, m.training) for m in model.modules()]
    wanted = [(p, p.requires_grad) for p in model.parameters()]
    for parameter, _ in gradients:
        parameter.grad = None
    try:
        yield
    finally:
        with torch.no_grad():
            for tensor, value in values:
                tensor.copy_(value)
        for parameter, gradient in gradients:
            parameter.grad = gradient
        for module, training in modes:
            module.training = training
        for parameter, flag in wanted:
            parameter.requires_grad_(flag)


def _unmade(tensor: torch.Tensor) -> bool:
    return isinstance(tensor, nn.parameter.UninitializedTensorMixin)
