"""Wrong ideas about the residual block."""

from typing import Any

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.sets.modules import WRONG_IN_TRAINING, WRONG_MODULE
from coursekit.checks.sets.networks import linear
from coursekit.checks.sets.set_15_resnet.blocks import other_kernels, residual
from coursekit.scratch import relu


def _nothing_past(x: Array, *rest: Any) -> Parts:
    """Return what two convolutions give, without a shortcut and without a projection."""
    if len(rest) == 5:  # the shape stays
        return residual(joined=lambda past, new: new, gradient=False)(x, *rest)
    return other_kernels(lambda i, o, s, right: right[:2])(x, *rest)


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
        hint="detach(), .data and torch.no_grad() cut a tensor off from what it was made of.",
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
    "last_relu_missing": Misconception(
        "has no ReLU after the addition",
        "Two ReLUs are asked for. Where is the second one?",
        residual(final=linear),
    ),
    "middle_relu_missing": Misconception(
        "has no ReLU between its convolutions",
        "Two convolutions without anything between them are one (lesson 08).",
        (residual(between=linear), residual(between=linear, final=linear)),
    ),
    "stride_in_second": Misconception(
        "moves by the stride in its second convolution, not in its first",
        "Which of the two convolutions has the stride?",
        residual(strides=lambda stride: (1, stride)),
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
    "one_convolution": Misconception(
        "has one 3x3 convolution in place of two",
        "How many convolutions does the way past go around?",
        other_kernels(lambda i, o, s, right: [right[0], *right[2:]]),
    ),
    "three_convolutions": Misconception(
        "has three 3x3 convolutions in place of two",
        "How many convolutions does the way past go around?",
        other_kernels(lambda i, o, s, right: [right[0], right[1], right[1], *right[2:]]),
    ),
    **WRONG_MODULE,
    **WRONG_IN_TRAINING,
}
