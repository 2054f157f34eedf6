"""The updates of SGD, SGD with momentum and Adam on a bowl, as PyTorch makes them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_UPDATES = 400
"""A run ends here."""

LOSS_LIMIT = 10_000.0
"""A run whose loss is above this has exploded, and ends."""

Weights = tuple[float, float]


def bowl(weights: Weights, curvature: Weights) -> float:
    """Give the loss: half of curvature times weight squared, added up over both weights.

    Examples
    --------
    >>> bowl((2.0, 1.0), (1.0, 10.0))
    7.0
    """
    return 0.5 * (curvature[0] * weights[0] ** 2 + curvature[1] * weights[1] ** 2)


def normal_pair(seed: int, update: int) -> Weights:
    """Draw two normal numbers for an update: always the same two for a seed and an update.

    The generator is mulberry32, which JavaScript can do as well, so page and kernel agree.

    Examples
    --------
    >>> normal_pair(0, 1) == normal_pair(0, 1), normal_pair(0, 1) == normal_pair(0, 2)
    (True, False)
    """
    state = (seed + 1) * 0x9E3779B1 + update * 0x85EBCA6B & 0xFFFFFFFF
    uniform = []
    for _ in range(2):
        state = state + 0x6D2B79F5 & 0xFFFFFFFF
        mixed = (state ^ state >> 15) * (1 | state) & 0xFFFFFFFF
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (61 | mixed) & 0xFFFFFFFF) & 0xFFFFFFFF
        uniform.append((mixed ^ mixed >> 14) / 2**32)
    radius = math.sqrt(-2 * math.log(1 - uniform[0]))
    return radius * math.cos(2 * math.pi * uniform[1]), radius * math.sin(2 * math.pi * uniform[1])


@dataclass
class Descent:
    """A ball on a bowl: where it is, where it was, and what its optimizer remembers.

    Examples
    --------
    >>> ball = Descent((1.0, 10.0), (-1.6, 0.9))
    >>> ball.update(0.1)
    >>> ball.path
    [(-1.6, 0.9), (-1.44, 0.0)]
    """

    curvature: Weights
    start: Weights
    optimizer: str = "sgd"
    momentum: float = 0.0
    noise: float = 0.0
    seed: int = 0
    path: list[Weights] = field(default_factory=list)
    velocity: list[float] = field(default_factory=lambda: [0.0, 0.0])
    mean: list[float] = field(default_factory=lambda: [0.0, 0.0])
    square: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def __post_init__(self) -> None:
        self.path.append(self.start)

    @property
    def loss(self) -> float:
        """The loss where the ball is."""
        return bowl(self.path[-1], self.curvature)

    @property
    def ended(self) -> bool:
        """Whether it has exploded or made as many updates as a run has."""
        return self.loss > LOSS_LIMIT or len(self.path) > MOST_UPDATES

    def run(self, segments: Sequence[tuple[int, float]]) -> "Descent":
        """Make updates, given as pairs of count and learning rate, until the run has ended."""
        for count, rate in segments:
            for _ in range(count):
                if self.ended:
                    return self
                self.update(rate)
        return self

    def update(self, rate: float) -> None:
        """Make one update with this learning rate."""
        count = len(self.path)
        chance = normal_pair(self.seed, count) if self.noise else (0.0, 0.0)
        directions = [
            self._direction(i, self.curvature[i] * weight + self.noise * chance[i], count)
            for i, weight in enumerate(self.path[-1])
        ]
        before = self.path[-1]
        self.path.append((before[0] - rate * directions[0], before[1] - rate * directions[1]))

    def _direction(self, i: int, gradient: float, count: int) -> float:
        if self.optimizer == "sgd":
            self.velocity[i] = self.momentum * self.velocity[i] + gradient
            return self.velocity[i]
        self.mean[i] = 0.9 * self.mean[i] + 0.1 * gradient
        self.square[i] = 0.999 * self.square[i] + 0.001 * gradient**2
        size = math.sqrt(self.square[i] / (1 - 0.999**count))
        return self.mean[i] / (1 - 0.9**count) / (size + 1e-8)
