"""What hypothesis draws for the tests of this folder."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# The same inputs in every run: a test that passes today passes tomorrow.
settings.register_profile("scratch", max_examples=40, derandomize=True, deadline=None)
steady = settings.get_profile("scratch")


def whole(low=-9, high=9):
    return st.integers(low, high)


def arrays(*sides, low=-9, high=9):
    """Arrays of int64 or of float64 with the given sides; a side is a number or (least, most)."""
    bounds = [side if isinstance(side, tuple) else (side, side) for side in sides]
    shapes = st.tuples(*(st.integers(*bound) for bound in bounds))
    decimals = st.floats(low, high, width=32)
    return shapes.flatmap(
        lambda shape: (
            hnp.arrays(np.int64, shape, elements=whole(low, high))
            | hnp.arrays(np.float64, shape, elements=decimals)
        )
    )


def pairs(low, high):
    """One number, or two: (rows, columns)."""
    return st.integers(low, high) | st.tuples(st.integers(low, high), st.integers(low, high))


def both(value):
    """The two numbers that such a draw stands for."""
    return value if isinstance(value, tuple) else (value, value)
