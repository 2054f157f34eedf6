"""A copy of a model to try things on, so that looking at it leaves no trace."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn


@contextlib.contextmanager
def stand_in(model: nn.Module) -> Iterator[nn.Module]:
    """Give a copy of a model to try things on; gradients are not copied.

    A model that cannot be copied is lent itself, and its parameters, buffers, modes and gradients
    are put back afterwards. Under ``torch.inference_mode()`` it is left as long: what is made there
    can never learn.

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
    with outside_of_inference():
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


def outside_of_inference() -> contextlib.AbstractContextManager[Any]:
    """Leave ``torch.inference_mode()``: tensors that are made or set under it can never learn.

    Examples
    --------
    >>> with torch.inference_mode(), outside_of_inference():
    ...     nn.Linear(2, 1).weight.is_inference()
    False
    """
    # Elsewhere inference_mode(False) would switch gradients on that somebody has switched off.
    inside = torch.is_inference_mode_enabled()
    return torch.inference_mode(False) if inside else contextlib.nullcontext()


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
    return isinstance(
        tensor, nn.parameter.UninitializedParameter | nn.parameter.UninitializedBuffer
    )
