"""Set 15: the residual block in PyTorch, checked by what it computes and by its gradient.

Kernels are put in by their shapes. Batch norm may be there or not: before any training it passes
on what it gets, so it is asked whether each comes right behind a convolution. Whether gradients
flow past the block is asked while its 3x3 kernels are 0, and whether they reach these kernels while
they are not.
"""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Check, Exercise, Misconception, Parts, Words, only
from coursekit.checks.sets.networks import TOO_LARGE, TORCH_ERRORS, kernels_that_differ
from coursekit.checks.sets.set_15_resnet.blocks import right_block
from coursekit.checks.sets.set_15_resnet.wrong_residual_block import WRONG_RESIDUAL_BLOCK

_ERRORS = (
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "{0} is added to {1}: what goes past the block does not have the shape of what goes "
        "through it. Where the shape changes, a 1x1 convolution with the same stride has to "
        "change it as well.",
    ),
    (
        r"Kernel size can't be greater than actual input size",
        "The maps have become smaller than the kernel. Are the 3x3 convolutions padded by 1?",
    ),
    *TORCH_ERRORS,
)


def _draw(same: bool | None, strides: tuple[int, ...]) -> Callable[[Pick], Args]:
    """Return a draw of blocks that keep the number of maps, do not, or may (None).

    A stride of 0 is left out, so that the default counts.
    """

    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        in_channels, other = map(int, rng.choice(np.arange(2, 7), 2, replace=False))
        kept = bool(rng.integers(2)) if same is None else same
        out_channels = in_channels if kept else other
        stride = int(rng.choice(strides))
        height, width = map(int, rng.integers(5, 9, size=2))
        images = rng.standard_normal((2, in_channels, height, width)).astype(np.float32)
        shapes = [(out_channels, in_channels, 3, 3), (out_channels, out_channels, 3, 3)]
        if not kept or stride > 1:
            shapes.append((out_channels, in_channels, 1, 1))
        kernels = [
            (rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]) / 2)).astype(np.float32)
            for shape in shapes
        ]
        return images, in_channels, out_channels, stride, *kernels

    return draw


def _explained(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
    """Say which kernels differ, which shape comes out, or what of the two is wrong."""
    if not got or got[-1] or not len(got[2]):
        return []
    built = ", ".join(str(n) for n in args[1:4] if n)
    said = [f"Built as ResidualBlock({built}), for maps of {_by(args[0].shape)}."]
    if not np.array_equal(got[2], expected[2]):
        said.append(kernels_that_differ(got[2], expected[2]))
    elif got[0].shape != expected[0].shape:
        said.append(f"Maps of {_by(got[0].shape)} come out; expected {_by(expected[0].shape)}.")
    elif not np.allclose(got[0], expected[0], atol=1e-3):
        said.append("With kernels put in, other numbers come out than expected.")
    elif not np.allclose(got[1], expected[1], atol=1e-3):
        said.append("The numbers are right; the gradient that reaches x past the block is not.")
    elif got[3][0]:
        said.append("The numbers are right; its 3x3 kernels get no gradient to learn from.")
    elif got[3][2]:
        said.append(
            "With norms that change nothing the numbers are right. But a norm is used twice, or "
            "takes something else than what a convolution has just put out."
        )
    else:
        said.append("After eval() it is right; in training other numbers come out.")
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[1:]))


EXERCISES = (
    Exercise(
        name="ResidualBlock",
        parameters=("images", "in_channels", "out_channels", "stride"),
        oracle=right_block,
        checks=(
            Check("a block that keeps the shape", 2.0, _draw(True, (0, 1)), 4,
                  probe="torch_block", look=only(0, 2)),
            Check("a block that changes the shape", 2.0, _draw(False, (0, 1, 2)), 6,
                  probe="torch_block", look=only(0, 2)),
            Check("a stride alone", 1.0, _draw(True, (2,)), 2,
                  probe="torch_block", look=only(0, 2)),
            Check("gradients past the block and through it", 1.0, _draw(None, (0, 1, 2)), 6,
                  probe="torch_block", look=only(1, 3)),
        ),
        misconceptions=WRONG_RESIDUAL_BLOCK,
        hints=(
            "Two ways lead from x to the output. What goes through the convolutions is the "
            "residual; what goes past them must have the same shape, so that both can be added.",
            "nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1) is the first "
            "convolution. nn.Identity() passes x on; a 1x1 convolution with the same stride "
            "changes its shape.",
            "In __init__ set self.shortcut to nn.Identity(), or to the 1x1 convolution if "
            "stride != 1 or in_channels != out_channels. forward ends with "
            "torch.relu(new + self.shortcut(x)).",
        ),
        parts=(
            "outputs", "gradient past the block", "shapes of the kernels", "in training", "fault",
        ),
        compared=3,
        tolerance=1e-3,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A torch.nn.Module",
            answer="class",
            asked="blocks with kernels put in",
            slow=TOO_LARGE,
            errors=_ERRORS,
            explain=_explained,
        ),
    ),
)  # fmt: skip
