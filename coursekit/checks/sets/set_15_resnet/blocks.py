"""Residual blocks in float64 NumPy, with a switch for each thing that an answer may do otherwise.

Each function returns what `torch_probes.torch_block` reports: outputs, what the way past the block
gives back while its 3x3 kernels are 0, shapes of the kernels in sorted rows, three zeros for what
may go wrong in training and with norms, and no fault. Batch norm is left out: before any training
it passes on what it gets.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.sets.networks import convolved, linear
from coursekit.scratch import relu

Bend = Callable[[Array], Array]


def reported(outputs: Array, gradient: Array, shapes: Sequence[tuple[int, ...]]) -> Parts:
    """Return the parts of a reply."""
    rows = np.array(sorted(shapes), dtype=np.int64).reshape(-1, 4)
    return outputs, gradient, rows, np.zeros(3, dtype=np.int64), np.array(0)


def added(past: Array, new: Array) -> Array:
    """Return the sum."""
    total: Array = past + new
    return total


def residual(
    between: Bend = relu,
    last: Bend = linear,
    joined: Callable[[Array, Array], Array] = added,
    final: Bend = relu,
    past_bend: Bend = linear,
    strides: Callable[[int], tuple[int, int]] = lambda stride: (stride, 1),
    past_stride: Callable[[int], int] = int,
    twice: bool = False,
    share: float = 1.0,
    gradient: bool = True,
    through_projection: bool = True,
) -> Callable[..., Parts]:
    """Return a residual block.

    Parameters
    ----------
    between, last, final
        The activations after the first convolution, after the second, and after the addition.
    joined
        What is done with the way past and the residual.
    past_bend
        What is done to the way past.
    strides
        Of both convolutions.
    past_stride
        Of the projection.
    twice
        Whether the second convolution, with its activation before it, is applied twice.
    share, gradient
        By how much the way past counts, and whether gradients flow through it.
    through_projection
        The same where it is a projection.
    """

    def parts(x: Array, in_channels: int, out_channels: int, stride: int, *kernels: Array) -> Parts:
        x, stride = x.astype(np.float64), stride or 1
        first, second, *projection = kernels
        step = past_stride(stride)
        past = convolved(x, projection[0], stride=step) if projection else x
        one, two = strides(stride)
        new = convolved(x, first, stride=one, padding=1)
        for _ in range(1 + twice):
            new = convolved(between(new), second, stride=two, padding=1)
        new = last(new)
        shapes = [kernel.shape for kernel in kernels]
        outputs = final(joined(share * past_bend(past), new))
        # With the 3x3 kernels at 0 the block gives what the way past gives.
        alone = joined(share * past_bend(past), np.zeros_like(new))
        weights = np.linspace(1, 2, alone.size).reshape(alone.shape)
        open_way = gradient and (through_projection or not projection)
        slope = share * weights * open_way * _slope(final, alone)
        if past_bend is relu:
            slope = slope * (past > 0)
        back = np.zeros_like(x)
        if projection:
            back[:, :, ::step, ::step] = np.einsum(
                "nkhw,kc->nchw", slope, projection[0][:, :, 0, 0]
            )
        else:
            back += slope
        return reported(outputs, back, shapes)

    return parts


def _slope(bend: Bend, at: Array) -> Array:
    """Return the slope of an activation, by a nudge to both sides."""
    rise: Array = (bend(at + 1e-6) - bend(at - 1e-6)) / 2e-6
    return rise


def other_kernels(change: Callable[..., list[tuple[int, ...]]]) -> Callable[..., Parts]:
    """Return a block whose kernels have other shapes, so that none can be put in."""

    def parts(x: Array, in_channels: int, out_channels: int, stride: int, *kernels: Array) -> Any:
        right = [kernel.shape for kernel in kernels]
        made = change(in_channels, out_channels, stride or 1, right)
        if sorted(made) == sorted(right):
            return right_block(x, in_channels, out_channels, stride, *kernels)
        return reported(np.zeros(0), np.zeros(0), made)

    return parts


right_block = residual()
