"""Wrong ideas about max pooling, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.set_08_relu_and_pooling.pooled import pooled, sliding_mistakes


def _never_reset(x: Array, size: int = 2, stride: int | None = None) -> Array:
    """Return the largest number of each window and all windows before it."""
    right = pooled(np.max)(x, size, stride)
    return np.asarray(np.maximum.accumulate(right.ravel()).reshape(right.shape))


WRONG_MAX_POOL2D = sliding_mistakes(np.max, np.max) | {
    "never_reset": Misconception(
        "goes on with the largest number of the windows before",
        "With what should the search begin in each window? Where is it set back?",
        _never_reset,
    ),
    "starts_at_zero": Misconception(
        "starts its search at a fixed number, so a window in which all are smaller gives that",
        "With what should the search for the largest number start, if all may be negative?",
        (
            pooled(lambda window: max(window.max(), 0)),
            pooled(lambda window: max(window.max(), -1)),
            pooled(lambda window: max(window.max(), 1)),
            pooled(lambda window: np.maximum(window, 0).max()),
        ),
    ),
    "average_in_place_of_max": Misconception(
        "takes the mean of each window",
        "Max pooling asks whether the pattern is anywhere under the window.",
        pooled(np.mean),
    ),
    "largest_without_sign": Misconception(
        "keeps the number that is farthest from 0, or the largest without its sign",
        "Which is larger, -9 or 1?",
        (
            pooled(lambda window: window.flat[np.abs(window).argmax()]),
            pooled(lambda window: np.abs(window).max()),
        ),
    ),
    "place_of_largest": Misconception(
        "gives the place of the largest number and not the number",
        "argmax says where the largest is. What says how large it is?",
        pooled(np.argmax),
    ),
    "largest_of_rows": Misconception(
        "keeps several numbers of each window",
        "One number for each window. How do you get the largest of all its rows?",
        (pooled(lambda window: window.max(axis=0)), pooled(lambda window: window.max(axis=1))),
    ),
}
