"""Set 19: the gradients of a convolution, by its image and by its kernel."""

from collections.abc import Iterator

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Property,
    Words,
    only,
)
from coursekit.checks.sets.set_19_backpropagation.wrong_conv2d_backward import WRONG_CONV2D_BACKWARD

_KINDS = (("whole", "whole"), ("real", "real"), ("whole", "real"), ("real", "whole"))


def _drawn(pick: Pick, kernel: Array, kind: str, image_kind: str) -> Args:
    """Draw an image and a gradient around a kernel."""
    m, n = kernel.shape
    rows, columns = pick.integer(1, 4), pick.integer(1, 4)
    image = pick.array((rows + m - 1, columns + n - 1), image_kind)
    return image, kernel, pick.array((rows, columns), kind)


def _any(pick: Pick) -> Args:
    kind, image_kind = pick.choice(_KINDS)
    kernel = pick.array((pick.integer(1, 3), pick.integer(1, 3)), kind)
    return _drawn(pick, kernel, kind, image_kind)


def _alike(pick: Pick) -> Args:
    """Draw a kernel that half a turn does not change."""
    kind, image_kind = pick.choice(_KINDS)
    kernel = pick.array((pick.integer(1, 3), pick.integer(1, 3)), kind)
    return _drawn(pick, kernel + kernel[::-1, ::-1], kind, image_kind)


def _fit(x: Array, w: Array, grad_out: Array) -> bool:
    (height, width), (m, n) = x.shape, w.shape
    return grad_out.size > 0 and grad_out.shape == (height - m + 1, width - n + 1)


def _cut(x: Array, w: Array, grad_out: Array) -> Iterator[Args]:
    """Yield the question with a row or a column less: of image and gradient, or of both inputs."""
    for axis in (0, 1):
        for part in (slice(1, None), slice(None, -1)):
            cut = tuple(part if a == axis else slice(None) for a in (0, 1))
            if grad_out.shape[axis] > 1:
                yield x[cut].copy(), w, grad_out[cut].copy()
            if w.shape[axis] > 1:
                yield x[cut].copy(), w[cut].copy(), grad_out


_IMAGE = np.array(
    [[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2], [1, 4, 9, 5, 1]]
)
_KERNEL = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])
_EXAMPLES: tuple[Args, ...] = (
    (_IMAGE, _KERNEL, np.ones((3, 3))),
    (np.array([[1, 2, 3], [4, 5, 7]]), np.array([[1, 2]]), np.array([[1, -1], [0, 2]])),
    (np.array([[2, 7, 1], [8, 2, 8], [1, 9, 3]]), np.array([[1, -2], [4, 7]]), np.eye(2)),
)

EXERCISES = (
    Exercise(
        name="conv2d_backward",
        parameters=("x", "w", "grad_out"),
        oracle=scratch.conv2d_backward,
        valid=_fit,
        parts=("grad_x", "grad_w"),
        checks=(
            Check("grad_w", 2.0, _any, 30, _EXAMPLES, probe="pair", look=only(1)),
            Check(
                "grad_x, kernels that a half turn does not change", 1.0, _alike, 20,
                probe="pair", look=only(0),
            ),
            Check(
                "grad_x, any kernel", 3.0, _any, 30, _EXAMPLES,
                probe="pair", look=only(0), keeps_arguments=True,
            ),
        ),
        misconceptions=WRONG_CONV2D_BACKWARD,
        words=Words("A pair of arrays, as in `return grad_x, grad_w`,"),
        properties=(
            Property("with a square w", lambda x, w, g: w.shape[0] == w.shape[1]),
            Property("with a single cell in grad_out", lambda x, w, g: g.size == 1),
        ),
        smaller=_cut,
        hints=(
            "One output cell first. The cell (i, j) is the sum of w times the patch of x that "
            "begins there. So how much does each pixel of that patch count for it, and how much "
            "each weight?",
            "Make two arrays of zeros, as large as x and as w. Each output cell adds to both: the "
            "patch of grad_x that begins at (i, j) gets something times grad_out[i, j], and all of "
            "grad_w does.",
            "Two loops over the cells of grad_out. In them: grad_x[i:i + m, j:j + n] += w * ..., "
            "and grad_w += the patch of x times the same. Both factors are grad_out[i, j].",
        ),
    ),
)  # fmt: skip
