"""What a frozen body and a network with a new head come to, in float64 NumPy.

Each function returns the parts that the probes of `runner.torch_transfer` return for a right
answer.
"""

from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.runner.torch_transfer import DECAY, LR, PARAMETERS, SAME
from coursekit.checks.sets.networks import convolved
from coursekit.scratch import relu

_EPS = 1e-5  # of PyTorch's batch norm


def right_frozen(
    images: Array, costs: Array, before: int, head: Array, head_bias: Array, *weights: Array
) -> Parts:
    """Return the parts of `torch_frozen`: only the head has learned."""
    scale, offset, kernel, bias, gain, shift, dense, dense_bias, mean, variance = (
        np.asarray(w, dtype=np.float64) for w in weights
    )
    spread = (gain / np.sqrt(variance + _EPS))[:, None, None]
    maps = convolved(images.astype(np.float64) * scale + offset, kernel, bias)
    normed = (maps - mean[:, None, None]) * spread + shift[:, None, None]
    features = relu(normed).mean(axis=(2, 3)) @ dense.T + dense_bias
    slopes = costs.astype(np.float64) / len(costs)  # of the loss, by the scores
    both = np.concatenate([head, head_bias[:, None]], axis=1).astype(np.float64)
    by_head = np.concatenate([slopes.T @ features, slopes.sum(axis=0)[:, None]], axis=1)
    by_maps = (slopes @ head @ dense)[:, :, None, None] / maps[0, 0].size
    by_maps = by_maps * (normed > 0) * spread
    gradient = np.zeros(images.shape)
    rows, columns = maps.shape[2:]
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            gradient[:, :, i : i + rows, j : j + columns] += np.einsum(
                "nkhw,kc->nchw", by_maps, kernel[:, :, i, j]
            )
    none = np.zeros(len(PARAMETERS), dtype=np.int64)
    return (
        both - LR * (by_head + DECAY * both),
        gradient * scale,
        np.concatenate([w.ravel() for w in weights[: len(PARAMETERS)]]),
        np.stack([mean, variance]),
        none,
        (np.arange(len(none)) >= before).astype(np.int64),
        none,
        np.array([0, 0, 0, 1, 0, 0, 0, 0]),
    )


def right_head(
    images: Array, kind: int, num_classes: int, frozen: int,
    kernels: Array, biases: Array, hidden: Array, hidden_bias: Array, old: Array, old_bias: Array,
    new: Array, new_bias: Array,
) -> Parts:  # fmt: skip
    """Return the parts of `torch_head`: the body as it was, and a new head that can learn."""
    features: Any = relu(convolved(images, kernels, biases)).mean(axis=(2, 3))
    sizes, inside = [list(new.shape)], 2
    if len(hidden):
        features = relu(features @ hidden.T.astype(np.float64) + hidden_bias)
        sizes, inside = [list(hidden.shape), *sizes], 4
    return (
        features @ new.T.astype(np.float64) + new_bias,
        np.array(SAME),
        np.array(sizes),
        np.array([int(not frozen)] * inside + [1, 1]),
        np.array([0, 0]),
        np.array([1] * (len(sizes) - 1) + [0]),
        np.array([num_classes, len(old), old.shape[1], frozen, 0, 0, 1]),
    )
