"""The global generators of Python, NumPy and PyTorch: seeded for a while, or kept as they are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def global_chance_kept(keep: bool = True) -> Iterator[None]:
    """Put the global generators (on the processor) back to where they were before the block.

    Examples
    --------
    >>> state = torch.get_rng_state()
    >>> with global_chance_kept():
    ...     drawn = torch.rand(3)
    >>> bool((torch.get_rng_state() == state).all())
    True
    """
    if not keep:
        yield
        return
    # NumPy's old generator is the one that data sets share.
    numpys = np.random.get_state()  # noqa: NPY002
    before = random.getstate(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(numpys)  # noqa: NPY002
        torch.set_rng_state(before[1])


@contextmanager
def seeded_chance(seed: int) -> Iterator[None]:
    """Seed the global generators (on the processor) for the block, then put them back.

    Examples
    --------
    >>> with seeded_chance(1):
    ...     first = random.random(), float(torch.rand(()))
    >>> with seeded_chance(1):
    ...     first == (random.random(), float(torch.rand(())))
    True
    """
    with global_chance_kept():
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        torch.default_generator.manual_seed(seed)
        yield
