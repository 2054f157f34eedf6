"""Every source of chance in a run, as values that a checkpoint can hold, and put back again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CellType, FunctionType, ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn

_MOST = 5000  # things looked at while searching for generators: enough for any data set's parts
_ITEMS = 20  # of a list or dictionary: a list of transforms, not a list of examples
_LIBRARIES = {"builtins", "torch", "torchvision", "numpy", "PIL", "typing", "collections", "abc"}

Sources = dict[str, Any]


def find_generators(holders: Iterable[object]) -> Sources:
    """Find the generators that objects carry with them: of a DataLoader, its sampler, a data set.

    Looks through attributes, lists, tuples and dictionaries, and at what functions and the methods
    of classes outside PyTorch use from around them. Each generator is named by the path that leads
    to it, which is the same in another process that makes the same objects.

    Examples
    --------
    >>> from torch.utils.data import DataLoader
    >>> loader = DataLoader(range(4), shuffle=True, generator=torch.Generator())
    >>> list(find_generators([loader]))
    ['0.generator']
    """
    found: Sources = {}
    seen: set[int] = set()
    alive: list[object] = []  # so that no id is used twice
    left: list[tuple[str, object]] = [(str(i), each) for i, each in enumerate(holders)]
    while left and len(seen) < _MOST:
        path, thing = left.pop(0)
        if id(thing) in seen or _is_leaf(thing):
            continue
        seen.add(id(thing))
        alive.append(thing)
        if _is_generator(thing):
            found[path] = thing
        else:
            left += [(f"{path}.{name}", part) for name, part in _parts(thing)]
    return found


def _is_generator(thing: object) -> bool:
    known = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)
    return isinstance(thing, known) and not isinstance(thing, random.SystemRandom)


def _is_leaf(thing: object) -> bool:
    leaves = (
        str,
        bytes,
        int,
        float,
        complex,
        type,
        ModuleType,
        torch.Tensor,
        np.ndarray,
        np.generic,
    )
    return thing is None or isinstance(thing, leaves)


def _parts(thing: object) -> list[tuple[str, object]]:
    if isinstance(thing, list | tuple):
        return [(str(i), part) for i, part in enumerate(thing[:_ITEMS])]
    if isinstance(thing, dict):
        pairs = list(thing.items()) if len(thing) <= _ITEMS else []
        return [(str(key), part) for key, part in pairs]
    if isinstance(thing, nn.Module):
        # Its own attributes first, then its layers; parameters and buffers are tensors.
        own = {k: v for k, v in vars(thing).items() if not k.startswith("_")}
        return list(own.items()) + list(thing.named_children()) + _methods(type(thing))
    function = getattr(thing, "__func__", thing)
    if isinstance(function, FunctionType):
        return _surroundings(function)
    return list(getattr(thing, "__dict__", {}).items()) + _methods(type(thing))


def _surroundings(function: FunctionType) -> list[tuple[str, object]]:
    """List what a function uses that was made outside it."""
    names = function.__code__.co_freevars
    cells = function.__closure__ or ()
    around = [(n, _content(cell)) for n, cell in zip(names, cells, strict=True)]
    shared = [(n, function.__globals__.get(n)) for n in function.__code__.co_names]
    return around + [(name, each) for name, each in shared if _is_generator(each)]


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _methods(kind: type) -> list[tuple[str, object]]:
    return [
        (f"{each.__name__}.{name}", method)
        for each in kind.__mro__
        if each.__module__.partition(".")[0] not in _LIBRARIES
        for name, method in vars(each).items()
        if isinstance(method, FunctionType)
    ]


def random_states(sources: Sources) -> dict[str, Any]:
    """Return the states of torch, CUDA, MPS, Python's `random`, NumPy, and of further generators.

    Parameters
    ----------
    sources
        What `find_generators` found.

    Examples
    --------
    >>> states = random_states({})
    >>> first = torch.rand(1), random.random(), np.random.rand()
    >>> set_random_states(states, {})
    >>> first == (torch.rand(1), random.random(), np.random.rand())
    True
    """
    states: dict[str, Any] = {
        "torch": torch.get_rng_state(),
        "python": _python_state(random.getstate()),
        "numpy": np.random.get_state(legacy=False),  # noqa: NPY002
        "own": {path: _state(generator) for path, generator in sources.items()},
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        states["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict[str, Any], sources: Sources) -> None:
    """Put all states back; generators that are no longer there are passed over.

    Examples
    --------
    >>> own = {"0": np.random.default_rng(1)}
    >>> states = random_states(own)
    >>> first = own["0"].random()
    >>> set_random_states(states, own)
    >>> first == own["0"].random()
    True
    """
    torch.set_rng_state(states["torch"])
    random.setstate(_python_tuple(states["python"]))
    np.random.set_state(states["numpy"])  # noqa: NPY002
    for path, state in states["own"].items():
        if path in sources:
            _put_back(sources[path], state)
    if "cuda" in states and torch.cuda.is_available():
        for device, state in enumerate(states["cuda"][: torch.cuda.device_count()]):
            torch.cuda.set_rng_state(state, device)
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"])


@contextmanager
def generators_kept(*holders: object) -> Iterator[None]:
    """Put every random state back as it was: Python's, NumPy's, torch's on all devices in use.

    Parameters
    ----------
    holders
        Objects such as a DataLoader: generators that they, their sampler or their data set keep
        are put back, too.

    Examples
    --------
    >>> before = torch.get_rng_state()
    >>> with generators_kept():
    ...     _ = torch.rand(3)
    >>> torch.equal(before, torch.get_rng_state())
    True
    """
    sources = find_generators(holders)
    states = random_states(sources)
    try:
        yield
    finally:
        set_random_states(states, sources)


@contextmanager
def generators_seeded(seed: int) -> Iterator[None]:
    """Seed the global generators (on the processor) for the block, then put them back.

    Examples
    --------
    >>> with generators_seeded(1):
    ...     first = random.random(), float(torch.rand(()))
    >>> with generators_seeded(1):
    ...     first == (random.random(), float(torch.rand(())))
    True
    """
    with generators_kept():
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        torch.default_generator.manual_seed(seed)
        yield


def _state(generator: Any) -> Any:
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, np.random.Generator):
        return generator.bit_generator.state
    if isinstance(generator, np.random.RandomState):
        return generator.get_state(legacy=False)
    return _python_state(generator.getstate())


def _put_back(generator: Any, state: Any) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, np.random.Generator):
        generator.bit_generator.state = state
    elif isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.setstate(_python_tuple(state))


def _python_state(state: Any) -> Any:
    # Six hundred numbers go into one array.
    version, numbers, spare = state
    return {"version": version, "numbers": np.array(numbers, np.int64), "spare": spare}


def _python_tuple(state: Any) -> tuple[Any, ...]:
    return state["version"], tuple(int(n) for n in state["numbers"]), state["spare"]
