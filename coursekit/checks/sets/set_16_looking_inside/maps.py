"""Saliency maps in float64 NumPy, with a switch for each thing that an answer may do otherwise.

Each function returns what `torch_saliency` reports: the map, the map when asked again, that all is
left as it was, and that a tensor came.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.sets.networks import convolved
from coursekit.scratch import relu, softmax

EPSILON = 1e-5  # the default of torch.nn.BatchNorm2d
Weigh = Callable[[Array, int], Array]  # scores, target -> how much each score counts
Join = Callable[[Array], Array]  # gradient, (C, H, W) -> map
Made = Callable[[Array, Array], Array]  # map, picture -> what is returned


def one_score(scores: Array, target: int) -> Array:
    """Count the target's score alone."""
    weights: Array = np.eye(len(scores))[target]
    return weights


def largest(gradient: Array) -> Array:
    """Return the largest absolute value over the channels."""
    found: Array = np.abs(gradient).max(axis=0)
    return found


def as_it_is(found: Array, image: Array) -> Array:
    """Return the map."""
    return found


def log_probability(scores: Array, target: int) -> Array:
    """Count the logarithm of the target's share of the softmax."""
    return one_score(scores, target) - softmax(scores)


def probability(scores: Array, target: int) -> Array:
    """Count the target's share of the softmax."""
    weights: Array = softmax(scores)[target] * log_probability(scores, target)
    return weights


def saliency_of(
    weigh: Weigh = one_score,
    join: Join = largest,
    made: Made = as_it_is,
    times: float = 1.0,
    batch_statistics: bool = False,
    bent: bool = True,
) -> Callable[..., Parts]:
    """Return a computation of the map.

    Parameters
    ----------
    weigh
        Which scores the gradient is taken of.
    join
        What is made of the gradient of each pixel in each channel.
    made
        What is made of the map at the end.
    times
        By how much the second map is larger.
    batch_statistics
        Whether the batch norm uses those of the picture, as in training mode.
    bent
        Whether the ReLU stops a gradient.
    """

    def parts(
        image: Array, target: int, kernels: Array, biases: Array, dense: Array, offsets: Array,
        running: Array, training: int, used: int,
    ) -> Parts:  # fmt: skip
        pixels = image.astype(np.float64)
        x, spread = pixels, np.ones((len(image), 1, 1))
        if len(running):
            mean, variance = running[:, :, None, None].astype(np.float64)
            if batch_statistics:
                mean = pixels.mean(axis=(1, 2), keepdims=True)
                variance = pixels.var(axis=(1, 2), keepdims=True)
            spread = np.sqrt(variance + EPSILON)
            x = (pixels - mean) / spread
        sums = convolved(x[None], kernels, biases)[0] if len(kernels) else x
        maps = relu(sums) if len(kernels) else sums
        scores = dense.astype(np.float64) @ maps.ravel() + offsets
        back = (weigh(scores, target) @ dense).reshape(maps.shape)
        if len(kernels):
            back = back * (sums > 0) if bent else back
            back = _through(kernels, back, x.shape)
        if len(running) and batch_statistics:
            slope = np.mean(back * x, axis=(1, 2), keepdims=True)
            back = back - np.mean(back, axis=(1, 2), keepdims=True) - x * slope
        found = made(join(back / spread), pixels)
        return found, times * found, np.zeros(6, dtype=int), np.zeros(2, dtype=int)

    return parts


def _through(kernels: Array, back: Array, shape: tuple[int, ...]) -> Array:
    """Send a gradient of maps through the kernels to the pixels."""
    gradient, side = np.zeros(shape), kernels.shape[2]
    for i in range(side):
        for j in range(side):
            part = np.einsum("kc,khw->chw", kernels[:, :, i, j].astype(np.float64), back)
            gradient[:, i : i + back.shape[1], j : j + back.shape[2]] += part
    return gradient


def joined(*joins: Any) -> tuple[Callable[..., Parts], ...]:
    """Return a computation for each way to make a map of the gradient."""
    return tuple(saliency_of(join=join) for join in joins)


right_saliency = saliency_of()
