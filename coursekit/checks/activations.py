"""Activations that are no exercise of the course, for right and wrong networks."""

import numpy as np

from coursekit.checks.spec import Array


def linear(z: Array) -> Array:
    """Return `z` as it is."""
    return z


def sigmoid(z: Array) -> Array:
    """Return values between 0 and 1."""
    return 1 / (1 + np.exp(-z))
