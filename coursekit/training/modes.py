"""A model's mode: training or evaluation; and a copy of it, to try things on."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


def training_mode(model: nn.Module) -> None:
    """Call ``model.train()``, but leave frozen parts that were put in evaluation mode as they are.

    So a frozen body keeps the statistics of its batch norms.
    """
    resting = []
    for part in model.modules():
        if not part.training:
            trained = [each.requires_grad for each in part.parameters()]
            if trained and not any(trained):
                resting.append(part)
    model.train()
    for part in resting:
        part.eval()


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put a model in evaluation mode, and each of its layers back in the mode it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def stand_in(model: nn.Module) -> nn.Module:
    """Return a copy of a model without gradients, so that trying things on it leaves no trace."""
    other = copy.deepcopy(model)
    other.zero_grad(set_to_none=True)
    return other
