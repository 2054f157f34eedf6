"""What keeps several processes in step: stopping, writing and shuffling alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from coursekit.training.data.loaders import LoaderStream
from coursekit.training.data.order import derived_seed
from coursekit.training.keeping.randomness import random_states, set_random_states
from coursekit.training.team.processes import World

if TYPE_CHECKING:
    from coursekit.training.data.batches import Batches
    from coursekit.training.keeping.resume import Keeper
    from coursekit.training.run import Run
    from coursekit.training.team.processes import Team


class Together:
    """A hook that keeps processes in step, and writes the run's checkpoint when all have agreed."""

    def __init__(self, team: Team, keeper: Keeper | None) -> None:
        self._team, self._keeper = team, keeper

    def before_epoch(self, run: Run) -> None:
        """Remember where chance stood."""
        if self._keeper is not None:
            self._keeper.before_epoch(run)

    def after_step(self, run: Run) -> None:
        """Agree after a step."""
        self._agree(run, self._keeper is not None and self._keeper.due())

    def after_epoch(self, run: Run) -> None:
        """Agree after an epoch."""
        self._agree(run, self._keeper is not None and self._keeper.due_after_epoch())

    def _agree(self, run: Run, due: bool) -> None:
        if self._team.agree(run, due) and self._keeper is not None:
            self._keeper.save(run)


def together(team: Team | None, keeper: Keeper | None) -> list[Any]:
    """Return the hooks that keep a run: the keeper alone, or one that asks the others first.

    Examples
    --------
    >>> together(None, None)
    []
    """
    if team is not None:
        return [Together(team, keeper)]
    return [] if keeper is None else [keeper]


def own_seed(seed: int, place: World) -> int:
    """Return the seed of a process's own chance: what dropout leaves out differs between them.

    Examples
    --------
    >>> own_seed(3, World()), own_seed(3, World(1, 2)) != own_seed(3, World(0, 2))
    (3, True)
    """
    return seed if place.main else derived_seed(seed, "process", place.rank)


def alike(train: Batches, seed: int, place: World) -> Batches:
    """Let a DataLoader, read by every process, shuffle in the same way in all of them.

    Examples
    --------
    >>> alike("batches", 0, World())
    'batches'
    """
    if place.size > 1 and isinstance(train, LoaderStream):
        return _Alike(train, seed)
    return train


class _Alike:
    """A DataLoader's batches, drawn from a stream of chance that belongs to the epoch."""

    def __init__(self, train: LoaderStream, seed: int) -> None:
        self._train, self._seed = train, seed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._train, name)

    def __len__(self) -> int:
        return len(self._train)

    def epoch(self, number: int, *, start: int = 0) -> Iterator[Any]:
        own = random_states({})
        seed = derived_seed(self._seed, "loader", number)
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        torch.manual_seed(seed)
        batches: Any = self._train.epoch(number, start=start)
        try:
            while True:
                batch = next(batches, None)
                shared = random_states({})
                set_random_states(own, {})
                if batch is None:
                    return
                yield batch
                own = random_states({})
                set_random_states(shared, {})
        finally:
            batches.close()
