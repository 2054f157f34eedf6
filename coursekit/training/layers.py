"""What a model is made of: shapes, parameters, multiply-adds, receptive fields, layer by layer."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from coursekit.training.errors import ArgumentError
from coursekit.training.modes import stand_in

_HEAD = ("layer", "kind", "output", "parameters", "multiply-adds", "receptive field")


@dataclass
class Layer:
    """One layer as it is called, for one image.

    `output` is a shape without the batch; `parameters` are its own, shared ones where they are
    first used; `multiply_adds` the products that convolutions and matrix products add up (biases,
    activations and pooling are not counted, as usual); `receptive_field` the side of the square of
    pixels that one of its numbers depends on, None where that cannot be told.
    """

    name: str
    kind: str
    output: tuple[int, ...] = ()
    parameters: int = 0
    multiply_adds: int = 0
    receptive_field: int | None = None


@dataclass(frozen=True)
class Summary:
    """What `summary` found, for one image; shown as a table."""

    layers: tuple[Layer, ...]
    parameters: int
    trainable: int
    multiply_adds: int
    training_bytes: int

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table's cells: the head, one row a layer, the totals."""
        rows = [_HEAD]
        for each in self.layers:
            counts = (
                f"{each.parameters:,}",
                f"{each.multiply_adds:,}",
                str(each.receptive_field or "–"),
            )
            rows.append((each.name, each.kind, " x ".join(map(str, each.output)) or "1", *counts))
        return [*rows, ("total", "", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", "")]

    def __str__(self) -> str:
        rows = self.rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = []
        for row in rows:
            cells = zip(row[:3], widths[:3], strict=True), zip(row[3:], widths[3:], strict=True)
            left, right = [c.ljust(w) for c, w in cells[0]], [c.rjust(w) for c, w in cells[1]]
            lines.append("  ".join(left + right).rstrip())
        rule, frozen = "-" * max(map(len, lines)), self.parameters - self.trainable
        notes = [f"{frozen:,} of the parameters are frozen."] if frozen else []
        notes.append(
            f"Training keeps {self.training_bytes:,} bytes of each image for the way back."
        )
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], *notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


def summary(model: nn.Module, input_shape: Sequence[int]) -> Summary:
    """Count parameters, multiply-adds and receptive fields of a model for one image.

    `input_shape` is that of one image, without the batch: ``(1, 28, 28)``. A copy of the model is
    sent images of zeros: the model itself stays as it is.

    Examples
    --------
    >>> summary(nn.Sequential(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2)), (1, 28, 28))
    layer  kind       output       parameters  multiply-adds  receptive field
    -------------------------------------------------------------------------
    0      Conv2d     6 x 24 x 24         156         86,400                5
    1      AvgPool2d  6 x 12 x 12           0              0                6
    -------------------------------------------------------------------------
    total                                 156         86,400
    Training keeps 13,824 bytes of each image for the way back.
    """
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    with torch.random.fork_rng():
        copy = stand_in(model)
        images = torch.zeros(4, *input_shape, device=device)
        try:
            layers = _Walk(images[:1]).run(copy.eval())
            copy.train()
            kept = (_kept(copy, images) - _kept(copy, images[:2])) // 2
        except (RuntimeError, ValueError, IndexError) as error:
            text = " ".join(str(error).split())[:150]
            raise ArgumentError(
                f"input_shape: found {tuple(input_shape)}, which the model does not take ({text}); "
                "expected the shape of one image, without the batch. "
                "Fix: summary(model, (1, 28, 28))"
            ) from None
    return Summary(
        tuple(layers),
        parameters=sum(p.numel() for p in model.parameters()),
        trainable=sum(p.numel() for p in model.parameters() if p.requires_grad),
        multiply_adds=sum(each.multiply_adds for each in layers),
        training_bytes=kept,
    )


class _Walk:
    """Follows an image through a model and writes down its layers as they are called."""

    def __init__(self, image: Tensor) -> None:
        self.layers: list[Layer] = []
        self.counter = FlopCounterMode(display=False)
        self.counted, self.seen = 0, set[int]()
        self.side = max(image.shape[-2:])
        # (receptive field, pixels between neighbours) by tensor, and by its height and width: of
        # several the largest, which is right where branches are added or joined.
        self.fields = {id(image): (1, 1)}
        self.by_size = {image.shape[2:]: (1, 1)}
        self.alive: list[Any] = [image]  # an id may be used again once its tensor is gone

    @torch.no_grad()
    def run(self, model: nn.Module) -> list[Layer]:
        """Send the image through the model."""
        handles = [
            layer.register_forward_hook(partial(self._leave, name))
            for name, layer in model.named_modules()
            if next(layer.children(), None) is None or layer._parameters
        ]
        try:
            with self.counter:
                model(self.alive[0])
        finally:
            for handle in handles:
                handle.remove()
        return self.layers

    def _leave(self, name: str, layer: Any, given: Any, output: Any) -> None:
        new = [p for p in layer.parameters(recurse=False) if id(p) not in self.seen]
        self.seen.update(map(id, new))
        out = output[0] if isinstance(output, tuple) else output
        self.alive += [given, out]
        total = int(self.counter.get_total_flops()) // 2  # a product and a sum are one here
        field = self._field(layer, given[0])
        if field is not None:
            self.fields[id(out)] = field
            self.by_size[out.shape[2:]] = max(field, self.by_size.get(out.shape[2:], field))
        self.layers.append(
            Layer(
                name,
                type(layer).__name__,
                tuple(out.shape[1:]),
                sum(p.numel() for p in new),
                total - self.counted,
                None if field is None else field[0],
            )
        )
        self.counted = total

    def _field(self, layer: Any, given: Tensor) -> tuple[int, int] | None:
        if isinstance(layer, nn.Linear | nn.Flatten | nn.AdaptiveAvgPool2d):
            return self.side, self.side
        field = self.fields.get(id(given), self.by_size.get(given.shape[2:]))
        if field is None or not isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            return field
        size, stride, dilation = (
            value if isinstance(value, int) else max(value)
            for value in (layer.kernel_size, layer.stride, getattr(layer, "dilation", 1))
        )
        return field[0] + dilation * (size - 1) * field[1], field[1] * stride


def _kept(model: nn.Module, images: Tensor) -> int:
    """Return the bytes that the forward pass keeps for gradients, each piece of memory once."""
    kept: dict[int, int] = {}  # by the piece of memory; on the meta device all have address 0

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage()._cdata] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.enable_grad(), saved_tensors_hooks(keep, lambda tensor: tensor):
        outputs = model(images)  # held to the end: memory that is freed would be used again
    for tensor in (images, *model.parameters(), *model.buffers()):
        kept.pop(tensor.untyped_storage()._cdata, None)
    del outputs
    return sum(kept.values())
