"""Where chance comes from: generators derived from a run's seed, and the order of an epoch.

Nothing here touches PyTorch's global generator, so that dropout and the like draw the same numbers
whatever order the images come in.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_SEEDS = 2**64


def derived_seed(seed: int, *path: int | str) -> int:
    """Return a seed of its own for one purpose of a run, such as ``("order", 3)``.

    Parameters
    ----------
    seed
        The seed of the run.
    path
        What it is for: whole numbers and names. Another path gives an unrelated seed.

    Returns
    -------
    int
        From 0 to 2**63 - 1; the same on every machine.

    Examples
    --------
    >>> derived_seed(0, "order", 1) == derived_seed(0, "order", 1)
    True
    >>> derived_seed(0, "order", 1) == derived_seed(0, "order", 2)
    False
    """
    words = [seed % _SEEDS]
    for part in path:
        # A name becomes a number by its bytes, which are the same in every process.
        words.append(int.from_bytes(part.encode(), "big") if isinstance(part, str) else part)
    (word,) = np.random.SeedSequence(words).generate_state(1, np.uint64)
    return int(word) >> 1


def derived_generator(seed: int, *path: int | str) -> torch.Generator:
    """Return a generator on the CPU, seeded by `derived_seed`.

    Examples
    --------
    >>> first = torch.rand(3, generator=derived_generator(0, "augment", 1))
    >>> bool((first == torch.rand(3, generator=derived_generator(0, "augment", 1))).all())
    True
    """
    return torch.Generator().manual_seed(derived_seed(seed, *path))


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """Return the order in which `fit` takes the images in one epoch.

    It depends on these three numbers alone: not on the batch size, the number of processes, the
    device, or on what was drawn before. A loop written by hand that uses it meets the same batches.

    Parameters
    ----------
    count
        How many images there are.
    seed
        The seed of the run, as in ``fit(..., seed=0)``.
    epoch
        The number of the epoch, from 1.

    Returns
    -------
    Tensor
        (count,), int64, on the CPU: every number from 0 to count - 1 once.

    Raises
    ------
    ValueError
        When `count` is negative or `epoch` less than 1.

    Examples
    --------
    >>> sorted(epoch_order(5, seed=0, epoch=1).tolist())
    [0, 1, 2, 3, 4]
    >>> bool((epoch_order(100, 0, 1) == epoch_order(100, 0, 2)).all())
    False
    """
    if count < 0:
        raise ValueError(f"count is {count}; expected the number of images, 0 or more.")
    if epoch < 1:
        raise ValueError(f"epoch is {epoch}; epochs are counted from 1. Write epoch=1 first.")
    return torch.randperm(count, generator=derived_generator(seed, "order", epoch))


def part_of(size: int, share: tuple[int, int], low: int = 0) -> slice:
    """Return the part of a batch that one of several processes takes; parts differ by one at most.

    Examples
    --------
    >>> part_of(5, (0, 2)), part_of(5, (1, 2))
    (slice(0, 2, None), slice(2, 5, None))
    """
    process, processes = share
    return slice(low + size * process // processes, low + size * (process + 1) // processes)


@dataclass(frozen=True)
class Plan:
    """Which examples of a set each batch of an epoch has.

    `batch_size` is that of all processes together; `share` is (process, processes).

    Examples
    --------
    >>> plan = Plan(examples=5, batch_size=3, shuffle=False, seed=0)
    >>> [plan.order(1)[plan.part(step)].tolist() for step in range(len(plan))]
    [[0, 1, 2], [3, 4]]
    """

    examples: int
    batch_size: int
    shuffle: bool
    seed: int
    share: tuple[int, int] = (0, 1)

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def order(self, epoch: int) -> Tensor:
        """Return the order of an epoch; without shuffling that in which they are stored."""
        if self.shuffle:
            return epoch_order(self.examples, self.seed, epoch)
        return torch.arange(self.examples)

    def part(self, step: int) -> slice:
        """Return where in this order this process's part of a batch stands."""
        low = step * self.batch_size
        return part_of(min(self.batch_size, self.examples - low), self.share, low)
