"""One forward and one backward pass over a few examples, and what could be seen on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn

WEIGHTED = (
    nn.Linear,
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose2d,
    nn.Embedding,
    nn.Bilinear,
    nn.LSTM,
    nn.GRU,
    nn.RNN,
)


@dataclass
class Visit:
    """A layer that was called: what it got, and whether what it gave has a way back for gradients.

    `leaf` says that it holds no other layers, `done` that the call came to its end.
    """

    name: str
    layer: nn.Module
    shape: tuple[int, ...] | None
    kind: torch.dtype | None
    place: torch.device | None
    leaf: bool
    done: bool = False
    gives_link: bool = False


@dataclass
class Probe:
    """What was seen.

    Attributes
    ----------
    outputs
        What the model returned.
    loss
        Of these outputs, one number in a tensor.
    error, stage
        What stopped it, if anything did, and in which part of the work.
    visits
        The layers in the order in which they were called.
    entrance
        What the first layer with weights got.
    gradients
        Of each trained parameter; None for one that the loss does not depend on.
    """

    outputs: Any = None
    loss: Any = None
    error: Exception | None = None
    stage: Literal["", "forward", "loss", "backward"] = ""
    visits: list[Visit] = field(default_factory=list)
    entrance: Tensor | None = None
    gradients: dict[str, Tensor | None] = field(default_factory=dict)

    @property
    def stopped_in(self) -> Visit | None:
        """The innermost layer whose call did not end, if the forward pass stopped."""
        unfinished = [visit for visit in self.visits if not visit.done]
        return unfinished[-1] if self.stage == "forward" and unfinished else None

    @property
    def leaves(self) -> list[Visit]:
        """The calls of layers that hold no others, in order."""
        return [visit for visit in self.visits if visit.leaf]

    @property
    def last(self) -> str | None:
        """The name of the last layer with weights that was called."""
        called = [v.name for v in self.leaves if isinstance(v.layer, WEIGHTED)]
        return called[-1] if called else None


def forward(model: nn.Module, inputs: Any) -> Probe:
    """Call the model once, watching its layers.

    Examples
    --------
    >>> probe = forward(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), torch.zeros(3, 1, 2, 2))
    >>> [visit.name for visit in probe.leaves], probe.outputs.shape, probe.last
    (['0', '1'], torch.Size([3, 2]), '1')
    """
    probe = Probe()
    with _watched(model, probe):
        try:
            probe.outputs = model(inputs)
        except Exception as error:  # whatever a student's model raises is to be explained
            probe.error, probe.stage = error, "forward"
    return probe


def backward(probe: Probe, model: nn.Module, targets: Any, loss: Callable[..., Tensor]) -> None:
    """Compute the loss of a probe and its gradients, which are kept aside.

    Examples
    --------
    >>> model = nn.Linear(4, 2)
    >>> probe = forward(model, torch.ones(3, 4))
    >>> backward(probe, model, torch.tensor([0, 1, 1]), nn.functional.cross_entropy)
    >>> sorted(probe.gradients)
    ['bias', 'weight']
    """
    try:
        probe.loss = loss(probe.outputs, targets)
    except Exception as error:
        probe.error, probe.stage = error, "loss"
        return
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if not isinstance(probe.loss, Tensor) or not probe.loss.requires_grad or not trained:
        return
    if probe.loss.numel() != 1:
        return
    try:
        found = torch.autograd.grad(probe.loss, list(trained.values()), allow_unused=True)
    except Exception as error:
        probe.error, probe.stage = error, "backward"
        return
    probe.gradients = dict(zip(trained, found, strict=True))


@contextmanager
def _watched(model: nn.Module, probe: Probe) -> Iterator[None]:
    handles = []

    def entering(name: str) -> Callable[..., None]:
        def hook(layer: nn.Module, given: tuple[Any, ...]) -> None:
            got = given[0] if given and isinstance(given[0], Tensor) else None
            leaf = next(layer.children(), None) is None
            probe.visits.append(
                Visit(
                    name,
                    layer,
                    None if got is None else tuple(got.shape),
                    None if got is None else got.dtype,
                    None if got is None else got.device,
                    leaf,
                )
            )
            if probe.entrance is None and isinstance(layer, WEIGHTED) and got is not None:
                probe.entrance = got.detach()

        return hook

    def leaving(layer: nn.Module, given: Any, result: Any) -> None:
        for visit in reversed(probe.visits):
            if visit.layer is layer and not visit.done:
                visit.done = True
                visit.gives_link = isinstance(result, Tensor) and result.requires_grad
                return

    for name, layer in model.named_modules():
        handles += [
            layer.register_forward_pre_hook(entering(name)),
            layer.register_forward_hook(leaving),
        ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
