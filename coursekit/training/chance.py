"""Where chance comes from, and how it is put back to where it stood."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Generator


def derived_generator(seed: int, *path: int | str) -> Generator:
    """Return a generator for one purpose of a run, such as ``("order", 3)``."""
    words = [seed]
    for part in path:  # a name becomes a number by its bytes, which are the same in every process
        words.append(int.from_bytes(part.encode(), "big") if isinstance(part, str) else part)
    (word,) = np.random.SeedSequence(words).generate_state(1, np.uint64)
    return Generator().manual_seed(int(word) >> 1)


def random_state(*data: Any) -> dict[str, Any]:
    """Return where all sources of chance stand: PyTorch's, NumPy's, Python's, and a loader's own.

    It holds plain values and tensors alone, so that a checkpoint of it can be read safely.
    """
    numpy_state: Any = np.random.get_state()  # noqa: NPY002
    kind, keys, *rest = numpy_state
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": [kind, keys.tolist(), *rest],
        "python": random.getstate(),
        "loaders": [each.get_state() for each in _generators(data)],
    }


def set_random_state(state: dict[str, Any], *data: Any) -> None:
    """Put all sources of chance back to where `random_state` found them."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
    kind, keys, *rest = state["numpy"]
    np.random.set_state((kind, np.array(keys, np.uint32), *rest))  # noqa: NPY002
    random.setstate(state["python"])
    for generator, own in zip(_generators(data), state["loaders"], strict=True):
        generator.set_state(own)


@contextmanager
def kept_random_state(*data: Any) -> Iterator[None]:
    """Put all sources of chance back at the end: what is drawn inside was never drawn."""
    state = random_state(*data)
    try:
        yield
    finally:
        set_random_state(state, *data)


def _generators(data: tuple[Any, ...]) -> list[torch.Generator]:
    """Return the generators that DataLoaders have of their own."""
    holders = [h for d in data for h in (d, getattr(d, "sampler", None)) if h is not None]
    found = (getattr(holder, "generator", None) for holder in holders)
    return list({id(each): each for each in found if isinstance(each, torch.Generator)}.values())
