"""LeNet-5 in float64 NumPy, with a switch for each thing that an answer may do otherwise."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.sets.networks import convolved, linear

Bend = Callable[[Array], Array]
Pool = Callable[[Array], Array]


def parameter_rows(classes: int) -> Array:
    """Return the shapes of the ten parameters in rows of four, filled up with zeros."""
    return np.array(
        [
            [6, 1, 5, 5], [6, 0, 0, 0], [16, 6, 5, 5], [16, 0, 0, 0], [120, 400, 0, 0],
            [120, 0, 0, 0], [84, 120, 0, 0], [84, 0, 0, 0], [classes, 84, 0, 0], [classes, 0, 0, 0],
        ]
    )  # fmt: skip


def average(maps: Array) -> Array:
    """Return the means of 2 x 2 windows."""
    means: Array = _squares(maps).mean(axis=(3, 5))
    return means


def largest(maps: Array) -> Array:
    """Return the largest values of 2 x 2 windows."""
    values: Array = _squares(maps).max(axis=(3, 5))
    return values


def _squares(maps: Array) -> Array:
    n, c, h, w = maps.shape
    return maps.reshape(n, c, h // 2, 2, w // 2, 2)


def zeros_around(images: Array) -> Array:
    """Return pictures with a border of two zeros."""
    return np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))


def by_rows(maps: Array) -> Array:
    """Return one row for each picture: channel by channel, row by row."""
    return maps.reshape(len(maps), -1)


def lenet(
    bends: Sequence[Bend] = (np.tanh,) * 4,
    last: Bend = linear,
    pools: Sequence[Pool] = (average, average),
    pooled_first: Sequence[bool] = (False, False),
    strides: Sequence[int] = (1, 1),
    pad: Callable[[Array], Array] = zeros_around,
    flat: Callable[[Array], Array] = by_rows,
    prepared: Bend = linear,
) -> Callable[..., Parts]:
    """Return a function that gives what `torch_probes.torch_module` reports of the network.

    Parameters
    ----------
    bends
        The activations after the two convolutions and the first two dense layers.
    last
        What is done to the scores.
    pools, pooled_first
        For each convolution: its pooling, and whether this comes before the activation.
    strides
        Of the convolutions; where it is 2 there is no pooling.
    pad, flat, prepared
        How the pictures get their border, how the maps become rows, and what is done to the
        pictures beforehand.
    """

    def parts(images: Array, argument: int, *weights: Array) -> Parts:
        x = pad(prepared(images.astype(np.float64)))
        for i in (0, 1):
            x = convolved(x, weights[2 * i], weights[2 * i + 1], strides[i])
            pool = pools[i] if strides[i] == 1 else linear
            x = bends[i](pool(x)) if pooled_first[i] else pool(bends[i](x))
        x = flat(x)
        for i in (2, 3, 4):
            x = x @ weights[2 * i].astype(np.float64).T + weights[2 * i + 1]
            x = (*bends, last)[i](x)
        facts = np.zeros(4, dtype=np.int64), np.array(0), np.zeros(10, dtype=np.int64)
        return x, x, parameter_rows(len(weights[-1])), *facts, np.array([2, 0]), np.array(0)

    return parts
