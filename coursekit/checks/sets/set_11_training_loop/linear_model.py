"""A linear softmax model, its loss and its optimizer in float64 NumPy, used as those of PyTorch.

The gradients are written out by hand: for one example, q - p by the scores, times its pixels by
the weights. So a training loop, right or wrong, can be run here as a student writes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.runner.torch_probes import BRACKETS, GENERATOR
from coursekit.scratch import softmax

EPSILON, RUNNING_SHARE = 1e-5, 0.1  # the defaults of torch.nn.BatchNorm2d
Batch = tuple[Array, Array]


@dataclass
class Loss:
    """A loss, and its gradients by the weights and the biases."""

    value: float
    by_weights: Array
    by_biases: Array


class Machine:
    """Model, batches, loss function and optimizer of one question.

    Takes the arguments of `torch_probes.torch_epoch`.
    """

    def __init__(
        self,
        images: Array, labels: Array, sizes: Array, weights: Array, biases: Array, running: Array,
        evaluating: int, supply: int, lr: float = 0.0, momentum: float = 0.0,
        smoothing: float = 0.0,
    ) -> None:  # fmt: skip
        self.weights, self.biases = weights.astype(np.float64), biases.astype(np.float64)
        self._before = self.weights
        self.running = running.astype(np.float64)
        self.training = not evaluating
        self.smoothing, self.supply, self._lr, self._momentum = smoothing, supply, lr, momentum
        ends = np.cumsum(sizes)[:-1]
        pictures = np.split(images.astype(np.float64), ends)
        self.batches: list[Batch] = list(zip(pictures, np.split(labels, ends), strict=True))
        self._gradients: list[Array] | None = None
        self._velocity: list[Array] | None = None
        self.happened = [0, 0]

    def __iter__(self) -> Iterator[Batch]:
        yield from self.batches

    def __len__(self) -> int:
        """Return the number of batches.

        Raises
        ------
        TypeError
            When they come from a generator.
        """
        if self.supply == GENERATOR:
            raise TypeError
        return len(self.batches)

    def features(self, images: Array) -> Array:
        """Return what reaches the linear layer: the pixels, scaled by a batch norm if there is one.

        In training the batch norm also moves its running statistics.
        """
        if len(self.running):
            mean, variance = self.running
            if self.training:
                mean, variance = images.mean(), images.var()
                unbiased = images.var(ddof=1) if images.size > 1 else np.nan
                news = np.array([mean, unbiased])
                self.running = (1 - RUNNING_SHARE) * self.running + RUNNING_SHARE * news
            images = (images - mean) / np.sqrt(variance + EPSILON)
        return images.reshape(len(images), -1)

    def scores(self, images: Array) -> Array:
        """Return one score for each picture and class."""
        return self._scores(self.features(images))

    def _scores(self, inputs: Array) -> Array:
        return inputs @ self.weights.T + self.biases

    def loss(self, batch: Batch, smoothing: float | None = None, softened: bool = False) -> Loss:
        """Return the mean cross-entropy of a batch, with its gradients.

        `softened` puts a softmax between the model and the loss.
        """
        inputs, labels = self.features(batch[0]), batch[1]
        shares = softmax(self._scores(inputs))
        wanted = self._wanted(labels, smoothing)
        found = softmax(shares) if softened else shares
        value = -np.sum(wanted * np.log(found)) / len(labels)
        slope = (found - wanted) / len(labels)
        if softened:
            slope = shares * (slope - np.sum(slope * shares, axis=1, keepdims=True))
        return Loss(float(value), slope.T @ inputs, slope.sum(axis=0))

    def losses(self, batch: Batch) -> Array:
        """Return the loss of each example of a batch."""
        found = softmax(self.scores(batch[0]))
        each: Array = -np.sum(self._wanted(batch[1]) * np.log(found), axis=1)
        return each

    def _wanted(self, labels: Array, smoothing: float | None = None) -> Array:
        """Return the shares that the labels ask for: one for each example and class."""
        s, classes = self.smoothing if smoothing is None else smoothing, len(self.biases)
        wanted: Array = (1 - s) * np.eye(classes)[labels] + s / classes
        return wanted

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self._gradients = None

    def backward(self, loss: Loss, factor: float = 1.0) -> None:
        """Add the gradients of a loss, times a factor, to those there are."""
        news = [factor * loss.by_weights, factor * loss.by_biases]
        old = self._gradients or [0.0 * part for part in news]
        self._gradients = [a + b for a, b in zip(old, news, strict=True)]
        self.happened[0] = 1

    def step(self) -> None:
        """Move the weights against the gradients, as SGD does; without any, leave them."""
        self.happened[1] = 1
        if self._gradients is None:
            return
        old = self._velocity or [0.0 * part for part in self._gradients]
        self._velocity = [self._momentum * v + g for v, g in zip(old, self._gradients, strict=True)]
        self.weights = self.weights - self._lr * self._velocity[0]
        self.biases = self.biases - self._lr * self._velocity[1]

    def step_by_hand(self, sign: float = 1.0) -> None:
        """Move the weights by the learning rate alone, past the optimizer."""
        assert self._gradients is not None
        self.weights = self.weights - sign * self._lr * self._gradients[0]
        self.biases = self.biases - sign * self._lr * self._gradients[1]

    def parts(self, returned: object) -> Parts:
        """Return what the probe reports, with what the loop has returned."""
        value = np.asarray(returned, dtype=np.float64)
        moved = np.array(int(not np.array_equal(self.weights, self._before)))
        facts = np.array(self.happened), np.array(0), moved, np.zeros(len(BRACKETS), dtype=int)
        return value, self.weights, self.biases, *facts
