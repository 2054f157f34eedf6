"""One forward pass, followed layer by layer: what each gives, holds and adds up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode


@dataclass
class Layer:
    """One layer as it is called, for one image.

    Attributes
    ----------
    name, kind
        Where it stands in the model (``"stage1.0.conv1"``), and its class.
    output
        Shape of what comes out, without the batch; None for a layer that was not called.
    parameters
        Its own numbers to be learned; those counted further up are not counted again.
    multiply_adds
        Products that are added up in its convolutions and matrix products. Biases, activations,
        pooling and batch norm are not counted, as usual: they are few beside these.
    output_bytes
        Memory of what comes out; 0 where that is the input's memory in another shape.
    """

    name: str
    kind: str
    output: tuple[int, ...] | None = None
    parameters: int = 0
    multiply_adds: int = 0
    output_bytes: int = 0


@dataclass
class _Call:
    """A module while it runs: its row, what had been counted before, what its parts counted."""

    layer: Layer
    leaf: bool
    before: int
    parts: int = 0
    holds: bool = False  # a part of it has been called
    inputs: set[int] = field(default_factory=set)


class Walk:
    """Follows one forward pass through all modules of a model."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.calls: list[_Call] = []
        self.open: list[_Call] = []
        self.counter = FlopCounterMode(display=False)
        self.seen: set[int] = set()  # parameters counted already

    def run(self, image: Tensor) -> None:
        """Send an image through the model, watched."""
        hooks = []
        for name, module in self.model.named_modules():
            hooks.append(module.register_forward_pre_hook(self._entering(name)))
            hooks.append(module.register_forward_hook(self._leaving))
        try:
            with _in_single_products(), self.counter:
                self.model(image)
        finally:
            for hook in hooks:
                hook.remove()

    def _counted(self) -> int:
        return int(self.counter.get_total_flops()) // 2  # a product and a sum are one here

    def _entering(self, name: str) -> Any:
        def enter(module: nn.Module, inputs: Any) -> None:
            layer = Layer(name, type(module).__name__, parameters=self._own(module))
            leaf = next(module.children(), None) is None
            call = _Call(layer, leaf, self._counted(), inputs=set(_storages(inputs)))
            self.calls.append(call)
            self.open.append(call)

        return enter

    def _leaving(self, module: nn.Module, inputs: Any, outputs: Any) -> None:
        call = self.open.pop()
        counted = self._counted() - call.before
        call.layer.multiply_adds = counted - call.parts
        if self.open:
            self.open[-1].parts += counted
            self.open[-1].holds = True
        found = list(_tensors(outputs))
        call.layer.output = tuple(found[0].shape[1:]) if found else ()
        call.layer.output_bytes = sum(
            t.numel() * t.element_size() for t in found if storage(t) not in call.inputs
        )

    def _own(self, module: nn.Module) -> int:
        new = [p for p in module.parameters(recurse=False) if id(p) not in self.seen]
        self.seen |= {id(p) for p in new}
        return sum(p.numel() for p in new)

    def layers(self) -> Iterator[Layer]:
        """Yield a row for each layer, and for each group that does something of its own."""
        for call in self.calls:
            if call.leaf:
                yield call.layer
            elif call.layer.parameters or call.layer.multiply_adds:
                if call.holds:
                    call.layer.output_bytes = 0  # its last part has been counted
                yield call.layer
        for name, module in self.model.named_modules():
            left = self._own(module)
            if left:
                yield Layer(name, type(module).__name__, parameters=left)


@contextmanager
def _in_single_products() -> Iterator[None]:
    """Keep PyTorch from fused recurrent and attention layers, whose products nobody can count."""
    backends: tuple[Any, ...] = (torch.backends.mkldnn, torch.backends.cudnn)
    before = [each.enabled for each in backends]
    fast = torch.backends.mha.get_fastpath_enabled()
    try:
        for each in backends:
            each.enabled = False
        torch.backends.mha.set_fastpath_enabled(False)
        with sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        for each, enabled in zip(backends, before, strict=True):
            each.enabled = enabled
        torch.backends.mha.set_fastpath_enabled(fast)


def storage(tensor: Tensor) -> int:
    """Return where a tensor's numbers lie: views of one tensor share it."""
    return tensor.untyped_storage().data_ptr()


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _tensors(part)


def _storages(value: Any) -> Iterator[int]:
    return (storage(tensor) for tensor in _tensors(value))
