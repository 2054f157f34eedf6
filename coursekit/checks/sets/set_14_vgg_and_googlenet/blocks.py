"""Both blocks in float64 NumPy, with a switch for each thing that an answer may do otherwise.

Each function returns what `torch_probes.torch_layers` reports: outputs, shapes of the parameters in
sorted rows, two zeros for what may go wrong in training, and no fault.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Parts
from coursekit.checks.sets.networks import convolved, linear
from coursekit.checks.sets.sliding import windows
from coursekit.scratch import relu

Bend = Callable[[Array], Array]
Shapes = Sequence[tuple[int, ...]]


def reported(outputs: Array, shapes: Shapes) -> Parts:
    """Return the parts of a reply; shapes come in any order."""
    rows = np.array([[*shape, 0, 0, 0][:4] for shape in sorted(shapes)], dtype=np.int64)
    return outputs, rows.reshape(-1, 4), np.zeros(2, dtype=np.int64), np.array(0)


def other_layers(shapes: Shapes) -> Parts:
    """Return the parts of a reply whose layers are others, so that no weights can be put in."""
    return reported(np.zeros(0), shapes)


def layer(out_channels: int, in_channels: int, kernel: int, bias: bool = True) -> Shapes:
    """Return the shapes of a convolution's parameters."""
    weights = (out_channels, in_channels, kernel, kernel)
    return [weights, (out_channels,)] if bias else [weights]


def pooled(
    maps: Array, size: int = 2, stride: int = 2, padding: int = 0, by: Callable[..., Any] = np.max
) -> Array:
    """Return pooled maps: what is added around them is never the largest."""
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    maps = np.pad(maps, sides, constant_values=-np.inf if by is np.max else 0.0)
    found: Array = by(windows(maps, (1, 1, size, size))[:, :, ::stride, ::stride], axis=(-2, -1))
    return found[..., 0, 0]


def average(maps: Array, size: int = 2, stride: int = 2, padding: int = 0) -> Array:
    """Return maps pooled by the mean; what is added around them counts as zeros."""
    return pooled(maps, size, stride, padding, by=np.mean)


def vgg(
    bends: Callable[[int, int], Bend] = lambda place, convs: relu,
    pool: Bend = pooled,
    pool_each: bool = False,
    pool_first: bool = False,
    padding: int = 1,
    mode: str = "constant",
    bend_first: bool = False,
    strides: Callable[[int, int], int] = lambda place, convs: 1,
    final: Bend = linear,
) -> Callable[..., Parts]:
    """Return a VGG block.

    Parameters
    ----------
    bends
        The activation after each convolution, by its place and how many there are.
    pool, pool_each, pool_first
        The pooling; whether it follows each convolution; whether it comes before all of them.
    padding, mode
        How wide, and with what.
    bend_first
        Whether each activation comes before its convolution.
    strides
        Of each convolution, by its place and how many there are.
    final
        What is done with the maps at the end.
    """

    def parts(x: Array, in_channels: int, out_channels: int, convs: int, *weights: Array) -> Parts:
        x = pool(x.astype(np.float64)) if pool_first else x.astype(np.float64)
        for i in range(convs):
            sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
            bend = bends(i, convs)
            x = np.pad(bend(x) if bend_first else x, sides, mode=mode)  # type: ignore[call-overload]
            x = convolved(x, weights[2 * i], weights[2 * i + 1], stride=strides(i, convs))
            x = x if bend_first else bend(x)
            x = pool(x) if pool_each else x
        x = x if pool_each or pool_first else pool(x)
        return reported(final(x), [w.shape for w in weights])

    return parts


def vgg_layers(
    count: Callable[[int], int] = int,
    bias: bool = True,
    norm: bool = False,
    kernel: int = 3,
    widths: Callable[[int, int, int, int], tuple[int, int]] = lambda i, o, place, convs: (
        o if place else i, o,
    ),
) -> Any:  # fmt: skip
    """Return a VGG block that is made of other layers.

    Parameters
    ----------
    count
        Of its convolutions.
    bias, norm, kernel
        Of each convolution.
    widths
        How many maps go into each convolution and come out, by both numbers of the block, its place
        and how many there are.
    """

    def parts(x: Array, in_channels: int, out_channels: int, convs: int, *weights: Array) -> Parts:
        made = count(convs)
        shapes: list[tuple[int, ...]] = []
        for i in range(made):
            maps_in, maps_out = widths(in_channels, out_channels, i, made)
            shapes += layer(maps_out, maps_in, kernel, bias)
            shapes += [(maps_out,)] * (2 * norm)
        if sorted(shapes) == sorted(w.shape for w in weights):
            return right_vgg(x, in_channels, out_channels, convs, *weights)
        return other_layers(shapes)

    return parts


right_vgg = vgg()


def inception(
    bend: Sequence[Bend] = (relu,) * 6,
    order: Sequence[int] = (0, 1, 2, 3),
    pool: Bend = lambda x: pooled(x, 3, 1, 1),
    pool_last: bool = False,
    pad_first: Sequence[int] = (),
    projected: bool = True,
) -> Callable[..., Parts]:
    """Return an Inception module.

    Parameters
    ----------
    bend
        The activations after the 1x1 branch, the reduction and the convolution of the 3x3 branch,
        the same of the 5x5 branch, and the projection.
    order
        In which the branches are joined.
    pool, pool_last
        The pooling, and whether it comes after its projection.
    pad_first
        Where the reduction is padded in place of the convolution after it: 1 for the 3x3 branch, 3
        for the 5x5 branch.
    projected
        Whether the pooled maps are projected.
    """

    def parts(x: Array, *rest: Any) -> Parts:
        x, weights = x.astype(np.float64), rest[7:]

        def conv(maps: Array, i: int) -> Array:
            w, b = weights[2 * i], weights[2 * i + 1]
            padding = w.shape[2] // 2
            if i in pad_first:
                padding = weights[2 * i + 2].shape[2] // 2
            elif i - 1 in pad_first:
                padding = 0
            return bend[i](convolved(maps, w, b, padding=padding))

        past = pool(conv(x, 5)) if pool_last else conv(pool(x), 5) if projected else pool(x)
        branches = [conv(x, 0), conv(conv(x, 1), 2), conv(conv(x, 3), 4), past]
        joined = np.concatenate([branches[i] for i in order], axis=1)
        return reported(joined, [w.shape for w in weights])

    return parts


def inception_layers(change: Callable[..., Shapes]) -> Callable[..., Parts]:
    """Return an Inception module with the parameters that `change` makes of the seven numbers."""
    return lambda x, *rest: other_layers(change(*rest[:7]))


def inception_shapes(
    in_channels: int, c1: int, c3_reduce: int, c3: int, c5_reduce: int, c5: int, pool_proj: int,
    *, three: int = 3, five: int = 5, bias: bool = True,
) -> Shapes:  # fmt: skip
    """Return the shapes of all twelve parameters, branch by branch."""
    return [
        *layer(c1, in_channels, 1, bias),
        *layer(c3_reduce, in_channels, 1, bias),
        *layer(c3, c3_reduce, three, bias),
        *layer(c5_reduce, in_channels, 1, bias),
        *layer(c5, c5_reduce, five, bias),
        *layer(pool_proj, in_channels, 1, bias),
    ]


def some_without(bend: Bend, *places: int) -> tuple[Bend, ...]:
    """Return six activations, with another one at some places."""
    return tuple(bend if i in places else relu for i in range(6))


def drawn_weights(rng: np.random.Generator, shapes: Shapes) -> Args:
    """Return weights of these shapes, of a size that keeps the outputs near 1."""
    return tuple(
        (rng.standard_normal(shape) / np.sqrt(max(1, np.prod(shape[1:]) / 2))).astype(np.float32)
        for shape in shapes
    )
