"""Set 16: saliency of small networks, whose gradients NumPy works out by hand.

What an answer leaves behind (gradients, modes, the picture) is asked apart from its numbers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.draw import Pick
from coursekit.checks.engine.matrices import Block
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Misconception,
    Parts,
    Words,
    only,
)
from coursekit.checks.runner.torch_saliency import ADDED, CLEARED
from coursekit.checks.sets.networks import TORCH_ERRORS
from coursekit.checks.sets.set_16_looking_inside.maps import right_saliency
from coursekit.checks.sets.set_16_looking_inside.wrong_saliency import WRONG_SALIENCY

_NONE: Array = np.zeros(0, dtype=np.float32)
_MOST = 42  # pixels that are written out
_TOLERANCE = 1e-4

_LEFT = {
    (0, ADDED): ".grad of the model's weights has been changed.",
    (0, CLEARED): ".grad of the model's weights has been thrown away.",
    (1, 1): "The model is in another mode than before.",
    (2, 1): "The picture's pixels are others than before.",
    (3, 1): "The picture has requires_grad switched on, or a .grad.",
    (3, 2): "The picture had requires_grad switched on; now it is off.",
    (4, 1): "The model's weights are others than before.",
    (5, 1): "Which of the model's weights can be trained is not as before.",
}
_ERRORS = (
    (
        r"the network takes a batch, \(N, C, H, W\), and got",
        "One picture is a batch of one: image[None], or image.unsqueeze(0), gives it the axis in "
        "front.",
    ),
    (
        r"index (\d+) is out of bounds for dimension 0 with size 1",
        "The first axis of the scores counts the pictures, and there is one. Where do the classes "
        "stand?",
    ),
    (
        r"too many indices for tensor of dimension|only integer tensors of a single element",
        "Print the shapes of what you index: the scores are (1, classes).",
    ),
    (
        r"grad can be (?:implicitly )?created only for scalar outputs",
        "A gradient is asked of one number. Is one score taken out of the scores, [0, target]?",
    ),
    (
        r"NoneType",
        ".grad is None: only the tensor on which requires_grad_() was called gets one, not what "
        "was made of it (x[None], x.clone(), x.float()).",
    ),
    (
        r"'tuple' object has no attribute",
        "torch.autograd.grad returns a tuple, one gradient for each tensor asked about: take the "
        "first, [0].",
    ),
    (
        r"'float' object is not iterable",
        "A gradient is asked of a tensor; item() has made a plain number of the score.",
    ),
    (
        r"appears to not have been used in the graph",
        "The gradient is asked for by a tensor that the model has not seen. Did the model get the "
        "very tensor that requires_grad_() was called on?",
    ),
    (
        r"does not require grad",
        "PyTorch has not remembered how the score was made: is the model run under "
        "torch.no_grad(), or is requires_grad_() missing?",
    ),
    (
        r"only change requires_grad flags of leaf variables",
        "requires_grad can be switched on only for a tensor that was not computed from another one "
        "that has it: detach() before.",
    ),
    (
        r"a (?:view of a )?leaf [Vv]ariable that requires grad is being used in an in-place",
        "A tensor that gradients are asked of must not be written into. Make a new one.",
    ),
    *TORCH_ERRORS,
)


def _draw(
    channels: tuple[int, int], norm: bool = False, modes: tuple[int, ...] = (0, 1)
) -> Callable[[Pick], Args]:
    """Return a draw of networks with a convolution, and of a picture for each.

    Without batch norm the numbers are quarters, so that no sum is 0 by a hair.
    """

    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        depth = int(rng.integers(*channels, endpoint=True))
        height, width = map(int, rng.choice(np.arange(4, 8), 2, replace=False))
        filters, side, classes = map(int, rng.integers((2, 2, 4), (4, 4, 6)))
        training = int(rng.choice(modes))
        places = filters * (height - side + 1) * (width - side + 1)
        kernels = _quarters(rng, (filters, depth, side, side))
        running = _NONE
        if norm:
            running = np.stack([rng.uniform(-1, 1, depth), rng.uniform(0.25, 4, depth)])
        target = int(rng.integers(2, classes))  # neither of the two that stand for slips
        used = int(rng.integers(2)) if 1 in modes else 0
        return (
            _quarters(rng, (depth, height, width)), target, kernels, _quarters(rng, filters) / 2,
            _quarters(rng, (classes, places)) / 2, _quarters(rng, classes),
            running.astype(np.float32), training, used,
        )  # fmt: skip

    return draw


def _quarters(rng: np.random.Generator, shape: Any) -> Array:
    """Return multiples of a quarter from -2 to 2, as float32."""
    drawn: Array = (rng.integers(-8, 9, size=shape) / 4).astype(np.float32)
    return drawn


def _linear(gradient: Any, target: int = 2, training: int = 0, used: int = 0) -> Args:
    """Return a question about a linear network with this gradient, (C, H, W)."""
    slopes = np.array(gradient, dtype=np.float32)
    ramp = np.linspace(-1, 1, slopes.size, dtype=np.float32)
    dense = np.stack([ramp, -2 * ramp[::-1], slopes.ravel(), 0.5 * slopes.ravel()[::-1]])
    dense[[2, target]] = dense[[target, 2]]
    offsets = np.array([0, 5, 0, 1], dtype=np.float32)  # class 1 wins
    image = np.ones_like(slopes)
    return image, target, _NONE, _NONE, dense, offsets, _NONE, training, used


# By hand: the largest of |2|, |-5|, |1| is 5.
_GREY = _linear([[[1, -2], [0, 4], [-3, 0.5]]])
_COLOURS = _linear([[[2, -1], [0, 3]], [[-5, 0.5], [1, -3]], [[1, 4], [-2, 2]]])
_USED = _linear([[[2, -1, 3], [0, 3, 1]], [[-5, 0.5, 2], [1, -3, 4]]], training=1, used=1)


def _explained(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
    """Say for which picture and network what came out, and what was left otherwise."""
    if not got:
        return []
    image, target, kernels, *_, running, training, used = args
    made = "a batch norm, " * bool(len(running)) + "a convolution with ReLU, " * bool(len(kernels))
    network = f"{made}a dense layer" if made else "a linear one"
    wrong = _differ(got[0], expected[0])
    said = [
        f"A picture of {' x '.join(map(str, image.shape))}, target {target}; the network: {network}"
        + ", in training mode" * bool(training and not wrong)
        + ", with gradients from a training step" * bool(used and not wrong)
        + "."
    ]
    if wrong:
        if got[0].shape != expected[0].shape:
            said.append(f"Expected shape: {expected[0].shape}; yours: {got[0].shape}.")
    elif _differ(got[1], expected[1]):
        said.append("The map is right when asked for once; asked again, it is another.")
    said += [
        sentence
        for (place, what), sentence in _LEFT.items()
        if got[2][place] == what and (idea is None or not wrong)
    ]
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _blocks(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Return both maps where they are small and of one shape."""
    if not got or got[0].shape != expected[0].shape or not _differ(got[0], expected[0]):
        return ()
    if expected[0].size > _MOST:
        return ()
    wrong = np.argwhere(~np.isclose(got[0], expected[0], atol=_TOLERANCE))
    mark = tuple(int(n) for n in wrong[0]) if len(wrong) else None
    return Block("expected", expected[0], mark), Block("got", got[0].astype(np.float64), mark)


def _remark(parts: Parts) -> str:
    other, holding = parts[3].tolist()
    if other:
        return "It gives a list, not a tensor. It counts, since the numbers are right."
    if holding:
        return (
            "Its map holds on to the calculations it was made of; .detach() lets go of them. It "
            "counts, since the numbers are right."
        )
    return ""


def _differ(one: Array, other: Array) -> bool:
    return one.shape != other.shape or not np.allclose(one, other, atol=_TOLERANCE)


def _check(name: str, points: float, draw: Any, count: int, *examples: Args, look: Any) -> Check:
    return Check(name, points, draw, count, examples, "torch_saliency", look=look)


EXERCISES = (
    Exercise(
        name="saliency",
        parameters=(
            "image", "target", "kernels", "biases", "dense weights", "dense biases",
            "running mean and variance", "in training mode", "with gradients",
        ),
        oracle=right_saliency,
        checks=(
            _check("a picture with one channel", 1.0, _draw((1, 1), modes=(0,)), 5, _GREY,
                   look=only(0)),
            _check("a picture with several channels", 3.0, _draw((2, 4), modes=(0,)), 6, _COLOURS,
                   look=only(0)),
            _check("a network with batch norm, in evaluation mode", 1.0,
                   _draw((2, 3), norm=True, modes=(0,)), 4, look=only(0)),
            _check("asked twice, and all left as it was", 1.0, _draw((1, 3)), 6, _COLOURS, _USED,
                   look=only(1, 2)),
        ),
        misconceptions=WRONG_SALIENCY,
        hints=(
            "The score of one class depends on every pixel. How much it answers to each of them is "
            "one gradient, of the score by the picture. The weights stay out of it.",
            "x = image.detach().clone()[None].requires_grad_() is a batch of one that gradients "
            "can be asked of; torch.autograd.grad(score, x)[0] is the gradient, (1, C, H, W).",
            "The score is model(x)[0, target]. Of the gradient take the one picture, [0], then "
            ".abs(), then .amax(dim=0).",
        ),
        parts=("map", "map when asked again", "what was left otherwise", "kind of result"),
        compared=2,
        tolerance=_TOLERANCE,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A tensor or an array of numbers, (H, W)",
            asked="pictures, each with a network of its own",
            errors=_ERRORS,
            explain=_explained,
            blocks=_blocks,
            remark=_remark,
        ),
    ),
)  # fmt: skip
