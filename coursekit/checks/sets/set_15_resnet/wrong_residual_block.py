"""Wrong ideas about the residual block."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.sets.modules import NOT_REGISTERED, WRONG_MODULE, wrong_in_training
from coursekit.checks.sets.networks import convolved, linear, sigmoid
from coursekit.checks.sets.set_15_resnet.blocks import (
    other_kernels,
    reported,
    residual,
    right_block,
)
from coursekit.scratch import relu


def _nothing_past(x: Array, *rest: Any) -> Parts:
    """Return what two convolutions give, without a shortcut and without a projection."""
    if len(rest) == 5:  # the shape stays
        return residual(joined=lambda past, new: new, gradient=False)(x, *rest)
    return other_kernels(lambda i, o, s, right: right[:2])(x, *rest)


def _of_the_new(added: str) -> Callable[..., Parts]:
    """Return a block whose x is overwritten: what is added has been through a convolution.

    "first": what the first convolution made is added to the second's, whatever the shape.
    "last": what both made is added to itself; a projection does not fit that.
    "twice": the same without a projection, even where there should be one.
    """

    def parts(x: Array, i: int, o: int, stride: int, *kernels: Array) -> Parts:
        middle = relu(convolved(x.astype(np.float64), kernels[0], stride=stride or 1, padding=1))
        new = convolved(middle, kernels[1], padding=1)
        if added == "last" and len(kernels) == 3:
            raise ValueError
        total = relu(new + (middle if added == "first" else new))
        return reported(total, np.zeros(x.shape), [kernel.shape for kernel in kernels])

    return parts


def _first_alone(bend: Callable[[Array], Array]) -> Callable[..., Parts]:
    """Return a block that makes two convolutions and uses the first, with an activation."""

    def parts(x: Array, i: int, o: int, stride: int, *kernels: Array) -> Parts:
        passing = np.zeros((o, o, 3, 3))
        passing[range(o), range(o), 1, 1] = 1
        return residual(between=bend)(x, i, o, stride, kernels[0], passing, *kernels[2:])

    return parts


def _one_stride(step: int) -> Callable[..., Parts]:
    """Return a block that moves by the same stride, and projects where that changes the shape."""
    made = residual(strides=lambda stride: (step, 1), past_stride=lambda stride: step)

    def parts(x: Array, i: int, o: int, stride: int, *kernels: Array) -> Parts:
        if (len(kernels) == 3) != (step != 1 or i != o):
            shapes = [kernel.shape for kernel in kernels[:2]]
            wanted = [*shapes, (o, i, 1, 1)] if step != 1 else shapes
            return reported(np.zeros(0), np.zeros(0), wanted)
        return made(x, i, o, stride, *kernels)

    return parts


def _leaky(x: Array) -> Array:
    return np.where(x > 0, x, 0.01 * x)


def _concatenates(parts: Parts) -> bool:
    """Say whether twice as many maps come out as its kernels make; or nothing fits together."""
    outputs, _, kernels, *_, fault = parts
    if fault or not len(kernels):
        return False
    if outputs.ndim == 4:
        return bool(outputs.shape[1] == 2 * kernels[0][0])
    return len(kernels) == 2


WRONG_RESIDUAL_BLOCK: dict[str, Misconception] = {
    "shortcut_missing": Misconception(
        "has no way past its convolutions: what they compute is all that comes out",
        "With all kernels at 0, what should come out of the block? What comes out of yours?",
        (
            residual(joined=lambda past, new: new, gradient=False),
            residual(joined=lambda past, new: new, final=linear, gradient=False),
            _nothing_past,
        ),
        hint="The last line adds the way past, computed from the x that came in, to what the "
        "convolutions made.",
    ),
    "shortcut_detached": Misconception(
        "lets no gradient through its way past",
        "The numbers are right. Does backward find its way from the output to x? What cuts it off?",
        (
            residual(gradient=False),
            residual(final=linear, gradient=False),
            residual(through_projection=False),
        ),
        fits=lambda parts: not parts[-2][0],
        hint="detach(), .data and torch.no_grad() cut a tensor off from what it was made of.",
    ),
    "x_overwritten": Misconception(
        "adds what has been through a convolution, in place of the x that came in",
        "Which x does the last line add: the one that came in, or what the lines before made of "
        "it?",
        (_of_the_new("first"), _of_the_new("last"), _of_the_new("twice")),
        hint="forward may not give the name x to anything else before the shortcut has used it.",
    ),
    "shortcut_concatenated": Misconception(
        "lays its input beside what the convolutions made, in place of adding",
        "How many maps should come out: out_channels, or more?",
        fits=_concatenates,
    ),
    "identity_twice": Misconception(
        "weighs its way past, or adds it more than once",
        "With all kernels at 0 the block should give back exactly what came in.",
        tuple(residual(share=share) for share in (2.0, 0.5)),
    ),
    "mean_of_both": Misconception(
        "takes the mean of both ways, not the sum",
        "With all kernels at 0 the block should give back exactly what came in.",
        residual(share=0.5, joined=lambda past, new: past + new / 2),
    ),
    "subtracted": Misconception(
        "subtracts one way from the other",
        "What is done with both ways at the end?",
        (residual(joined=lambda past, new: past - new), residual(share=-1.0)),
    ),
    "multiplied": Misconception(
        "multiplies both ways",
        "What is done with both ways at the end? What if one of them is 0?",
        residual(joined=lambda past, new: past * new, gradient=False),
    ),
    "relu_before_adding": Misconception(
        "applies the last ReLU before the addition",
        "May the residual be negative? Where must the last ReLU stand for that?",
        (residual(last=relu, final=linear), residual(last=relu)),
    ),
    "relu_on_the_shortcut": Misconception(
        "applies a ReLU to its way past",
        "What goes past the block is x itself, or its projection: what may happen to it on the "
        "way?",
        (
            residual(past_bend=relu),
            residual(past_bend=relu, last=relu),
            residual(past_bend=relu, last=relu, final=linear),
        ),
    ),
    "other_activation": Misconception(
        "has another activation than ReLU",
        "Which activation is asked for, twice?",
        tuple(
            residual(between=between, final=final)
            for bend in (np.tanh, sigmoid, _leaky)
            for between, final in ((bend, bend), (relu, bend), (bend, relu))
        ),
    ),
    "no_relu": Misconception(
        "has no ReLU at all",
        "Two ReLUs are asked for: where does each of them stand?",
        residual(between=linear, final=linear),
        made_of=("middle_relu_missing", "last_relu_missing"),
    ),
    "last_relu_missing": Misconception(
        "has no ReLU after the addition",
        "Two ReLUs are asked for. Where is the second one?",
        residual(final=linear),
    ),
    "middle_relu_missing": Misconception(
        "has no ReLU between its convolutions",
        "Two convolutions without anything between them are one (lesson 08).",
        residual(between=linear),
    ),
    "stride_in_second": Misconception(
        "moves by the stride in its second convolution, not in its first",
        "Which of the two convolutions has the stride?",
        residual(strides=lambda stride: (1, stride)),
    ),
    "stride_ignored": Misconception(
        "moves by the same stride, whatever stride says",
        "Where does stride go in? It has a place in two convolutions.",
        (
            _one_stride(1),
            _one_stride(2),
            residual(strides=lambda stride: (1, 1), past_stride=lambda stride: 1),
            residual(strides=lambda stride: (2, 1), past_stride=lambda stride: 2),
        ),
    ),
    "always_projects": Misconception(
        "has a 1x1 convolution on its way past even where the shape stays",
        "Where nothing changes, x itself should pass, untouched and without weights.",
        other_kernels(lambda i, o, s, right: right if len(right) == 3 else [*right, (o, i, 1, 1)]),
    ),
    "projects_for_channels_alone": Misconception(
        "has no projection where only the stride changes the shape",
        "With stride 2 the maps become smaller. What has x to do then?",
        other_kernels(lambda i, o, s, right: right if i != o else right[:2]),
    ),
    "projects_for_stride_alone": Misconception(
        "has no projection where only the number of maps changes",
        "With other out_channels than in_channels there are more maps. What has x to do then?",
        other_kernels(lambda i, o, s, right: right if s != 1 else right[:2]),
    ),
    "projects_for_both_alone": Misconception(
        "has no projection unless the stride and the number of maps both change",
        "One of the two is enough to change the shape. Which word joins them in your condition?",
        other_kernels(lambda i, o, s, right: right if s != 1 and i != o else right[:2]),
    ),
    "never_projects": Misconception(
        "has no 1x1 projection on its way past",
        "Where the shape changes, x does not fit what it is added to. What makes it fit?",
        other_kernels(lambda i, o, s, right: right[:2]),
    ),
    "projects_by_three": Misconception(
        "has another kernel than 1x1 in its projection",
        "How wide is the kernel that only changes the number of maps?",
        other_kernels(lambda i, o, s, right: [*right[:2], *[(o, i, 3, 3)] * (len(right) == 3)]),
    ),
    "other_kernel": Misconception(
        "has another kernel than 3x3 on its way through",
        "How wide are the two kernels that the way past goes around?",
        tuple(
            other_kernels(lambda i, o, s, right, a=a, b=b: [
                (o, i, a, a), (o, o, b, b), *right[2:],
            ])
            for a, b in ((5, 5), (5, 3), (3, 5), (1, 1), (1, 3), (3, 1))
        ),
    ),
    "widens_in_second": Misconception(
        "changes the number of maps in its second convolution, not in its first",
        "How many maps come out of the first convolution, and how many go into the second?",
        other_kernels(lambda i, o, s, right: [(i, i, 3, 3), (o, i, 3, 3), *right[2:]]),
    ),
    "one_convolution": Misconception(
        "has one 3x3 convolution in place of two",
        "How many convolutions does the way past go around?",
        (
            other_kernels(lambda i, o, s, right: [right[0], *right[2:]]),
            _first_alone(linear),
            _first_alone(relu),
        ),
    ),
    "three_convolutions": Misconception(
        "has three 3x3 convolutions in place of two",
        "How many convolutions does the way past go around?",
        (
            other_kernels(lambda i, o, s, right: [right[0], right[1], right[1], *right[2:]]),
            residual(twice=True),
        ),
    ),
    "norm_misplaced": Misconception(
        "has a batch norm somewhere else than right behind a convolution, or one for two places",
        "Each convolution may have a batch norm of its own, which takes what it puts out. What "
        "does each of yours take?",
        right_block,
        fits=lambda parts: bool(parts[-2][2]),
        hint="relu(bn1(conv1(x))), then bn2(conv2(...)), then the addition.",
    ),
    **WRONG_MODULE,
    **wrong_in_training(right_block, residual(gradient=False)),
    "not_registered": NOT_REGISTERED,
}  # fmt: skip
