"""Set 11: the training loop, checked by where the weights are after one pass.

The right numbers come from NumPy: a linear model, whose gradients are written out by hand.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Words, only
from coursekit.checks.runner.torch_probes import GENERATOR, LIST, LOADER
from coursekit.checks.sets.networks import TORCH_ERRORS
from coursekit.checks.sets.set_11_training_loop.epoch_loops import right_epoch
from coursekit.checks.sets.set_11_training_loop.sentences import (
    TOLERANCE,
    accuracy_blocks,
    accuracy_explained,
    epoch_blocks,
    epoch_explained,
    epoch_remark,
)
from coursekit.checks.sets.set_11_training_loop.wrong_accuracy import (
    WRONG_ACCURACIES,
    right_accuracy,
)
from coursekit.checks.sets.set_11_training_loop.wrong_losses import WRONG_LOSSES
from coursekit.checks.sets.set_11_training_loop.wrong_twice import WRONG_TWICE
from coursekit.checks.sets.set_11_training_loop.wrong_updates import WRONG_UPDATES

_NONE: Array = np.zeros(0)


def _model_and_batches(
    pick: Pick, supplies: tuple[int, ...], norm: bool, evaluating: int
) -> tuple[Args, np.random.Generator]:
    """Draw pictures in batches of several sizes, and the weights of a linear model."""
    rng = pick.generator()
    classes, side = int(rng.integers(2, 5)), int(rng.integers(2 if norm else 1, 4))
    sizes = rng.integers(1, 6, size=int(rng.integers(2, 6)))
    sizes[-1] = 1 + sizes[0] % 5  # never the size of the first
    count = int(sizes.sum())
    images = rng.standard_normal((count, 1, side, side)).astype(np.float32)
    labels = rng.integers(0, classes, size=count)
    weights = (0.8 * rng.standard_normal((classes, side * side))).astype(np.float32)
    biases = (0.8 * rng.standard_normal(classes)).astype(np.float32)
    running = np.array([rng.uniform(1, 3), rng.uniform(2, 9)]) if norm else _NONE
    supply = supplies[int(rng.integers(len(supplies)))]
    return (images, labels, sizes, weights, biases, running, evaluating, supply), rng


def _epochs(
    *supplies: int, norm: bool = False, evaluating: int = 0, moving: bool = True,
    momentum: float = 0.0, smoothings: tuple[float, ...] = (0.0,),
) -> Callable[[Pick], Args]:  # fmt: skip
    """Return a draw of questions for `train_one_epoch`."""

    def draw(pick: Pick) -> Args:
        args, rng = _model_and_batches(pick, supplies, norm, evaluating)
        lr = float(rng.choice([0.1, 0.25, 0.5, 1.0])) if moving else 0.0
        return *args, lr, momentum, float(rng.choice(smoothings))

    return draw


def _judgements(*supplies: int, norm: bool = False, evaluating: int = 0) -> Callable[[Pick], Args]:
    """Return a draw of questions for `accuracy`."""
    return lambda pick: _model_and_batches(pick, supplies, norm, evaluating)[0]


def _tiny(
    pixels: Any, labels: Any, sizes: Any, weights: Any = (1, 0), running: Any = (),
    evaluating: int = 0, supply: int = LOADER,
) -> Args:  # fmt: skip
    """Return a question with two classes and pictures of one row."""
    images = np.array(pixels, dtype=np.float32)
    images = images.reshape(len(labels), 1, 1, -1)
    wide = np.zeros((2, images.shape[-1]), dtype=np.float32)
    wide[:, 0] = weights
    return (
        images, np.array(labels), np.array(sizes), wide, np.zeros(2, dtype=np.float32),
        np.array(running, dtype=np.float64), evaluating, supply,
    )  # fmt: skip


# Scores whose softmax is (0.9, 0.1), (0.1, 0.9) and (0.4, 0.6): losses 0.1054, 0.1054, 0.9163.
_LESSON = ([np.log(9), -np.log(9), np.log(2 / 3)], [0, 1, 0], [2, 1])
# Small ones in which most slips give numbers that no other slip gives.
_THREE = ([3, 1, 1], [0, 0, 0], [2, 1])
_FIVE = ([2, 1, 1, 3, 2], [0, 1, 0, 1, 0], [2, 1, 2])
_FEW = (
    ([2, 1, 1], [0, 1, 0], [1, 2]),
    ([-2, -3, -1, 2, -2], [1, 0, 1, 0, 1], [2, 3]),
    ([-2, 2, -1, -2], [0, 1, 0, 0], [1, 3]),
    ([-1, 3, 3, -3, -1, 2], [0, 0, 1, 0, 0, 0], [2, 3, 1]),
    ([-2, 3, 2, 1], [1, 0, 0, 0], [1, 3]),
    ([2, 3, -1, 2, -3], [0, 0, 0, 0, 1], [2, 3]),
    ([-1, -2, 3, 1], [1, 1, 1, 1], [1, 2, 1]),
    ([1, 1, -3, -2], [0, 0, 1, 1], [2, 1, 1]),
)
_WHOLE = ([1, -1, 2, 3], [1, 1, 0, 1], [1, 2, 1])
_NORMED = ([[5, 1], [9, 3], [8, 2]], [1, 0, 0], [2, 1])

_EPOCH_PARTS = (
    "mean loss", "weights", "biases", "gradients computed, steps taken", "memory kept",
    "weights moved", "brackets missing",
)  # fmt: skip
_ACCURACY_PARTS = (
    "share right", "remembered for gradients", "weights changed", "weights frozen",
    "brackets missing",
)  # fmt: skip
_PARAMETERS = (
    "images", "labels", "batch sizes", "weights", "biases", "running mean and variance",
    "in evaluation mode", "kind of batches", "lr", "momentum", "label smoothing",
)  # fmt: skip


def _epoch_check(name: str, points: float, draw: Any, examples: Any, *look: int) -> Check:
    return Check(name, points, draw, 6, tuple(examples), "torch_epoch", look=only(*look))


def _accuracy_check(name: str, points: float, draw: Any, examples: Any, *look: int) -> Check:
    return Check(name, points, draw, 8, tuple(examples), "torch_accuracy", look=only(*look))


EXERCISES = (
    Exercise(
        name="train_one_epoch",
        parameters=_PARAMETERS,
        oracle=right_epoch,
        checks=(
            _epoch_check(
                "the mean loss per example, batches of several sizes", 1.0,
                _epochs(LOADER, moving=False),
                [(*_tiny(*tiny), 0.0, 0.0, 0.0) for tiny in (_LESSON, _FIVE)], 0,
            ),
            _epoch_check(
                "the weights after one pass", 1.5,
                _epochs(LOADER),
                [(*_tiny(*tiny), 1.0, 0.0, 0.0) for tiny in (_LESSON, _THREE, _FIVE)], 1, 2,
            ),
            _epoch_check(
                "any batches, any loss, an optimizer with momentum", 0.5,
                _epochs(LIST, GENERATOR, momentum=0.9, smoothings=(0.1, 0.2, 0.4)),
                [
                    (*_tiny(*_WHOLE, supply=GENERATOR), 0.5, 0.0, 0.0),
                    (*_tiny(*_WHOLE, supply=LIST), 0.5, 0.5, 0.0),
                    (*_tiny(*_LESSON, supply=LIST), 0.0, 0.0, 0.5),
                ], 0, 1, 2,
            ),
            _epoch_check(
                "a model that comes from an evaluation", 1.0,
                _epochs(LOADER, norm=True, evaluating=1),
                [(*_tiny(*_NORMED, running=(1.0, 4.0), evaluating=1), 1.0, 0.0, 0.0)], 1, 2,
            ),
        ),
        misconceptions={**WRONG_LOSSES, **WRONG_UPDATES, **WRONG_TWICE},
        hints=(
            "For each batch: scores from the model, a loss from the scores, gradients from the "
            "loss, a step of the optimizer. Beside it a sum of losses and a count of examples.",
            "model.train() comes before the loop. In it: optimizer.zero_grad(), loss.backward(), "
            "optimizer.step(). loss.item() is the mean of one batch; len(labels) is its size.",
            "Before the loop set total and count to 0. In it, after the step, add the batch's "
            "mean loss times its size to total, and its size to count. Divide after the loop.",
        ),
        parts=_EPOCH_PARTS,
        compared=4,
        tolerance=TOLERANCE,
        direct=True,
        prepare=("torch",),
        words=Words(
            "One number",
            asked="passes over drawn batches",
            errors=TORCH_ERRORS,
            explain=epoch_explained,
            remark=epoch_remark,
            blocks=epoch_blocks,
        ),
    ),
    Exercise(
        name="accuracy",
        parameters=_PARAMETERS[:8],
        oracle=right_accuracy,
        checks=(
            _accuracy_check(
                "the share of right answers, batches of several sizes", 0.5,
                _judgements(LOADER),
                [
                    _tiny(*_LESSON),
                    _tiny(*_THREE),
                    *(_tiny(*few) for few in _FEW),
                    _tiny([1, -1, 2, -2], [0, 1, 0, 1], [2, 2]),
                    _tiny([1, -1, 2, 3], [0, 0, 1, 0], [2, 2]),
                ], 0,
            ),
            _accuracy_check(
                "batches from a list or a generator", 0.5,
                _judgements(LIST, GENERATOR),
                [_tiny(*_WHOLE, supply=LIST), _tiny(*_LESSON, supply=GENERATOR)], 0,
            ),
            _accuracy_check(
                "a model that comes from training", 0.5,
                _judgements(LOADER, norm=True), [_tiny(*_NORMED, running=(6.0, 4.0))], 0,
            ),
            _accuracy_check(
                "without gradients, and the model as it was", 0.5,
                _judgements(LOADER), [_tiny(*_LESSON)], 0, 1, 2, 3,
            ),
        ),
        misconceptions=WRONG_ACCURACIES,
        hints=(
            "For each picture the class with the highest score is the prediction. Count how many "
            "predictions are the label, and how many pictures there are.",
            "model.eval() and torch.no_grad() come first. scores.argmax(dim=1) gives one class a "
            "picture; == compares it with the labels; .sum().item() counts.",
            "Before the loop set right and count to 0. In it add the hits of the batch to right "
            "and len(labels) to count. After the loop return their quotient.",
        ),
        parts=_ACCURACY_PARTS,
        compared=1,
        tolerance=TOLERANCE,
        direct=True,
        prepare=("torch",),
        words=Words(
            "One number",
            asked="sets of drawn batches",
            errors=TORCH_ERRORS,
            explain=accuracy_explained,
            blocks=accuracy_blocks,
        ),
    ),
)  # fmt: skip
