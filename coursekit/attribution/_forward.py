"""What all methods share: a picture as a batch of one, and the outputs of inner layers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


def batch_of_one(image: Tensor) -> Tensor:
    """Return a copy of a picture with the axis of a batch, from which gradients can be asked.

    Raises
    ------
    ValueError
        When the shape is not (C, H, W).
    """
    if image.ndim != 3:
        raise ValueError(
            f"image: found shape {tuple(image.shape)}; expected one picture, (C, H, W). "
            "Take images[0] from a batch; write image[None] for a grey picture without channels."
        )
    return image.detach().clone()[None].requires_grad_()


def module_of(model: nn.Module, layer: str) -> nn.Module:
    """Return the part of a model that has this name.

    Raises
    ------
    ValueError
        When there is none; the message lists the names.
    """
    parts: dict[str, nn.Module] = {name: part for name, part in model.named_modules() if name}
    if layer not in parts:
        raise ValueError(f"layer: found {layer!r}; expected one of {', '.join(parts)}.")
    return parts[layer]


@contextmanager
def watched(model: nn.Module, layer: str) -> Iterator[list[Tensor]]:
    """Fill a list with what a layer gives, each time that the model runs inside."""
    outputs: list[Tensor] = []
    handle = module_of(model, layer).register_forward_hook(
        lambda module, inputs, output: outputs.append(output)
    )
    try:
        yield outputs
    finally:
        handle.remove()
