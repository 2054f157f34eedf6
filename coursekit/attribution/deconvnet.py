"""Deconvnet: what in the picture made a cell of a map answer.

M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV 2014, section
2.1. A signal of 1 starts at the cell and goes back to the pixels: pooling puts it where the maximum
came from (the switches), a ReLU sets it to 0 where it is negative, a convolution sends it through
its transposed filters. That is the way of a gradient, but for the ReLU: a gradient is stopped where
the *picture* made the ReLU's input negative, this signal where it is negative *itself*.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from coursekit.attribution._forward import batch_of_one, watched
from coursekit.training.modes import evaluating

_RELUS = {F.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_}


class _RectifiedBothWays(torch.autograd.Function):
    """ReLU on the way there, and ReLU again on what comes back."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, signal: Tensor) -> Tensor:
        return signal.clamp(min=0)


class _ReplaceReLU(TorchFunctionMode):
    """While it is on, each ReLU that any module calls is the one above."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _RELUS:
            return _RectifiedBothWays.apply(args[0])  # type: ignore[no-untyped-call]
        return func(*args, **(kwargs or {}))


def deconvnet(
    model: nn.Module,
    image: Tensor,
    layer: str,
    channel: int,
    place: tuple[int, int] | None = None,
) -> Tensor:
    """Project one cell of a layer back to the pixels: (C, H, W) -> (C, H, W).

    Without a ReLU in the network this is the gradient of the cell by the pixels. Batch norm counts
    as a part of its convolution, and where a shortcut branches off, both signals are added; the
    paper's networks had neither.

    Parameters
    ----------
    model
        Any network; runs in evaluation mode and is left as it was.
    image
        One picture.
    layer
        Name of a layer that gives maps, (N, K, h, w), or scores, (N, K).
    channel
        Which map, or which score.
    place
        Row and column of the cell in the map; the strongest one unless given.

    Raises
    ------
    ValueError
        When there is no such layer, it gives something else, or the picture is not (C, H, W).

    Examples
    --------
    >>> from coursekit.models import load_pretrained
    >>> model = load_pretrained("digit_cnn")
    >>> deconvnet(model, torch.rand(1, 28, 28), layer="conv2", channel=3).shape
    torch.Size([1, 28, 28])
    """
    x = batch_of_one(image)
    with evaluating(model), watched(model, layer) as outputs, _ReplaceReLU():
        model(x)
    output = outputs[-1]
    if output.ndim == 2:
        cell = output[0, channel]
    elif output.ndim == 4:
        cells = output[0, channel]
        cell = cells.max() if place is None else cells[place]
    else:
        raise ValueError(
            f"layer: {layer!r} gives shape {tuple(output.shape)}; expected maps, (N, K, h, w), or "
            "scores, (N, K)."
        )
    (signal,) = torch.autograd.grad(cell, x)
    return signal[0]
