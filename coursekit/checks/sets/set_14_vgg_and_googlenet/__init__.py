"""Set 14: the blocks of VGG and GoogLeNet in PyTorch, checked by what they compute.

The right outputs come from NumPy. Weights are put in by their shapes, so that it does not matter in
which order an answer makes its layers: all numbers of maps of a question differ.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Misconception, Parts, Words
from coursekit.checks.sets.networks import TOO_LARGE, TORCH_ERRORS, kernels_that_differ
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    drawn_weights,
    inception,
    inception_shapes,
    layer,
    right_vgg,
)
from coursekit.checks.sets.set_14_vgg_and_googlenet.wrong_inception import WRONG_INCEPTION
from coursekit.checks.sets.set_14_vgg_and_googlenet.wrong_vgg_block import WRONG_VGG_BLOCK

_ERRORS = (
    (
        r"Sizes of tensors must match except in dimension ([023])",
        "The branches are joined along axis {0}; the channels are axis 1.",
    ),
    (
        r"Sizes of tensors must match except in dimension 1\. Expected size (\d+) but got size "
        r"(\d+)",
        "The maps of the branches differ in size, {0} and {1}. Which branch pads too little, or "
        "moves by more than one?",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "{0} maps are added to {1}. The branches are joined, one beside the other, not added up.",
    ),
    *TORCH_ERRORS,
)


def _vgg_questions(*convs: int) -> Callable[[Pick], Args]:
    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        count = int(rng.choice(convs))
        in_channels, out_channels = map(int, rng.choice(np.arange(2, 7), 2, replace=False))
        height, width = map(int, rng.integers(8, 12, size=2))
        images = rng.standard_normal((2, in_channels, height, width)).astype(np.float32)
        shapes = list(layer(out_channels, in_channels, 3))
        for _ in range(count - 1):
            shapes += layer(out_channels, out_channels, 3)
        return images, in_channels, out_channels, count, *drawn_weights(rng, shapes)

    return draw


def _inception_question(pick: Pick) -> Args:
    rng = pick.generator()
    numbers = [int(n) for n in rng.choice(np.arange(2, 11), 7, replace=False)]
    height, width = map(int, rng.integers(4, 8, size=2))
    images = rng.random((2, numbers[0], height, width)).astype(np.float32)  # as after a ReLU
    return images, *numbers, *drawn_weights(rng, inception_shapes(*numbers))


def _shape(parts: Parts) -> Parts:
    return np.array(parts[0].shape), parts[-1]


def _whatever_the_order(parts: Parts) -> Parts:
    """Return the maps in order of the sums of the first picture's."""
    outputs = parts[0]
    if outputs.ndim != 4:
        return (outputs,)
    return (outputs[:, np.argsort(outputs[0].sum(axis=(1, 2)), kind="stable")],)


def _explained(call: str, numbers: int) -> Callable[..., list[str]]:
    """Return the `explain` of a block that is built with so many whole numbers."""

    def explain(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
        if not got or got[-1] or not len(got[1]):
            return []
        built = f"{call}({', '.join(map(str, args[1 : 1 + numbers]))})"
        said = [f"Built as {built}, for maps of {_by(args[0].shape)}."]
        if not np.array_equal(got[1], expected[1]):
            said.append(kernels_that_differ(got[1], expected[1]))
        elif got[0].shape != expected[0].shape:
            said.append(f"Maps of {_by(got[0].shape)} come out; expected {_by(expected[0].shape)}.")
        elif np.allclose(got[0], expected[0], atol=1e-3):
            said.append(
                "The maps are right, but some parameters get no gradient to learn from."
                if got[2][0]
                else "The maps are right after eval(); in training others come out."
            )
        else:
            wrong = ~np.isclose(got[0], expected[0], atol=1e-3)
            maps = np.flatnonzero(wrong.any(axis=(0, 2, 3))).tolist()
            said.append(f"With weights put in, map {', '.join(map(str, maps[:12]))} is wrong.")
        if idea is None:
            said.append("That fits none of the mistakes known here: go through the text again.")
        return said

    return explain


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[1:]))


def _check(name: str, points: float, count: int, draw: Any, look: Any, **more: Any) -> Check:
    return Check(name, points, draw, count, probe="torch_layers", look=look, **more)


def _all(parts: Parts) -> tuple[Array, ...]:
    return parts[0], parts[2], parts[-1]


_PARTS = ("outputs", "shapes of the parameters", "in training", "fault")

EXERCISES = (
    Exercise(
        name="vgg_block",
        parameters=("images", "in_channels", "out_channels", "convs"),
        oracle=right_vgg,
        checks=(
            _check("maps of half the size", 0.5, 4, _vgg_questions(1, 2), _shape),
            _check("one convolution", 0.5, 3, _vgg_questions(1), _all),
            _check("two and three convolutions", 1.0, 6, _vgg_questions(2, 3), _all),
        ),
        misconceptions=WRONG_VGG_BLOCK,
        hints=(
            "The first convolution takes in_channels maps and gives out_channels; each one after "
            "it takes and gives out_channels.",
            "Collect the layers in a list, in a loop over range(convs); nn.Sequential(*layers) "
            "makes one module of a list. padding=1 keeps the size.",
            "In the loop append nn.Conv2d(in_channels, out_channels, 3, padding=1) and nn.ReLU(), "
            "then set in_channels to out_channels. After the loop comes nn.MaxPool2d(2).",
        ),
        parts=_PARTS,
        compared=2,
        tolerance=1e-4,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A torch.nn.Module",
            asked="blocks with weights put in",
            slow=TOO_LARGE,
            errors=_ERRORS,
            explain=_explained("vgg_block", 3),
        ),
    ),
    Exercise(
        name="Inception",
        parameters=(
            "images", "in_channels", "c1", "c3_reduce", "c3", "c5_reduce", "c5", "pool_proj",
        ),
        oracle=inception(),
        checks=(
            _check("as many maps as all branches give", 1.0, 3, _inception_question, _shape),
            _check("the branches, in whatever order", 2.0, 4, _inception_question,
                   _whatever_the_order),
            _check("the branches, joined in order", 1.0, 4, _inception_question, _all),
        ),
        misconceptions=WRONG_INCEPTION,
        hints=(
            "Six convolutions and one pooling, made in __init__. Every branch starts from the same "
            "x; the results stand side by side.",
            "nn.Conv2d(n, m, 3, padding=1) and nn.Conv2d(n, m, 5, padding=2) keep the size, and "
            "so does nn.MaxPool2d(3, stride=1, padding=1). torch.cat joins tensors.",
            "In forward compute the four branches from x, with torch.relu around each convolution, "
            "and return torch.cat([one, three, five, pooled], dim=1).",
        ),
        parts=_PARTS,
        compared=2,
        tolerance=1e-4,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A torch.nn.Module",
            answer="class",
            asked="modules with weights put in",
            slow=TOO_LARGE,
            errors=_ERRORS,
            explain=_explained("Inception", 7),
        ),
    ),
)  # fmt: skip
