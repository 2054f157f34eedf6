"""Set 12: LeNet-5 in PyTorch, checked by what it computes.

The right scores come from NumPy: the weights and images are drawn here and put into the module.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Parts, Words, only
from coursekit.checks.sets.networks import TOO_LARGE, TORCH_ERRORS, sizes
from coursekit.checks.sets.set_12_lenet.lenet import parameter_rows
from coursekit.checks.sets.set_12_lenet.sentences import module_explained
from coursekit.checks.sets.set_12_lenet.wrong_scores import WRONG_SCORES, right_lenet
from coursekit.checks.sets.set_12_lenet.wrong_shapes import WRONG_SHAPES

_SCALES = (0.4, 0.3, 0.15, 0.3, 0.08, 0.3, 0.15, 0.3, 0.25, 0.5)  # tanh bends, but not all is 1


def _images_and_weights(arguments: tuple[int, ...]) -> Callable[[Pick], Args]:
    """Return a draw of three pictures, one of the arguments (0: none) and weights to match."""

    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        return _question(rng, int(rng.choice(arguments)))

    return draw


def _question(rng: np.random.Generator, argument: int) -> Args:
    shapes = sizes(parameter_rows(argument or 10))
    weights: list[Array] = [
        (rng.standard_normal(shape) * scale).astype(np.float32)
        for shape, scale in zip(shapes, _SCALES, strict=True)
    ]
    images = rng.random((3, 1, 28, 28)).astype(np.float32)
    return images, argument, *weights


def _ranking(parts: Parts) -> Parts:
    """Return the classes of each picture in order of their scores."""
    return (np.argsort(parts[0], axis=-1),)


def _check(name: str, points: float, count: int, arguments: tuple[int, ...], look: Any) -> Check:
    draw = _images_and_weights(arguments)
    always = (_question(np.random.default_rng(12), 0),) if 0 in arguments else ()
    return Check(name, points, draw, count, always, probe="torch_module", look=look)


EXERCISES = (
    Exercise(
        name="LeNet5",
        parameters=("images", "num_classes", *(f"parameter {i}" for i in range(1, 11))),
        oracle=right_lenet,
        checks=(
            _check("the order of ten scores, for weights put in", 1.5, 2, (10,), _ranking),
            _check("ten scores, for weights put in", 1.5, 2, (10, 0), only(0)),
            _check("another number of classes", 1.0, 3, (2, 3, 7, 26), only(0)),
            _check("the same scores while it trains", 0.5, 1, (10,), only(0, 1)),
            _check("parameters that training can change", 1.5, 1, (10,), only(0, 5)),
        ),
        misconceptions={**WRONG_SCORES, **WRONG_SHAPES},
        hints=(
            "Five layers have weights: two convolutions and three dense layers. Make them in "
            "__init__, in this order; forward says what happens to x between them.",
            "Write the shape beside each line of forward. C1 keeps 28 x 28, since it is padded by "
            "2; pooling halves a side; C3 is not padded, so its maps are 4 narrower and 4 lower. "
            "What is left after S4, times its 16 maps, is what the first dense layer takes.",
            "28, 28, 14, 10, 5: so 16 maps of 5 x 5, which are 400 numbers in a row, "
            "x.flatten(start_dim=1), and nn.Linear(400, 120). torch.tanh comes after every layer "
            "with weights but the last, which has num_classes units.",
        ),
        parts=(
            "scores", "scores while it trains", "shapes of the parameters",
            "matrices that do not fit", "fault", "parameters without a gradient",
            "paddings of the convolutions", "layers in a plain list",
        ),
        compared=1,
        tolerance=1e-4,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A torch.nn.Module",
            answer="class",
            asked="batches of 3 pictures",
            slow=TOO_LARGE,
            errors=TORCH_ERRORS,
            explain=module_explained,
        ),
    ),
)  # fmt: skip
