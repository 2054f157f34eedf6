"""Softmax in its two steps."""

import numpy as np

from coursekit.checks.engine.spec import Array


def powers(z: Array, base: float = np.e, top: bool = True) -> Array:
    """Return e, or another base, to the power of each score, less its row's largest."""
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(base ** (z - z.max(axis=-1, keepdims=True) if top else z))


def shares(powers: Array) -> Array:
    """Return each power over the sum of its row."""
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares
