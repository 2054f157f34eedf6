"""The convolution explorer: every output cell, with the patch, the products and the sum."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import conv2d_vectorized
from coursekit.widgets.base import RUN_SENTENCE, CourseWidget
from coursekit.widgets.convolution_explorer.picture import describe, picture
from coursekit.widgets.matrix import Matrix

_INPUT = ((3, 5, 2, 8, 1), (9, 7, 5, 4, 3), (2, 0, 6, 1, 6), (6, 3, 7, 9, 2), (1, 4, 9, 5, 1))
_KERNEL = ((1, 0, 0), (1, 1, 0), (0, 0, 1))
_CHANGES = ("input", "kernel", "stride", "padding", "flip")


class ConvolutionExplorer(CourseWidget, folder="convolution_explorer"):
    """Slide a kernel over an input and look at every number.

    What is changed on the screen is changed here, and the other way round: `input`, `kernel`,
    `stride`, `padding`, `flip` and `selected` can be read, set and observed; `output` follows.

    Parameters
    ----------
    input
        (H, W), up to 64 by 64 numbers; unless given, the course's 5 by 5 example.
    kernel
        (m, n), up to 11 by 11 numbers.
    stride
        How many cells the kernel moves at a time, 1 to 9.
    padding
        Zeros on every side, 0 to 9.
    flip
        Turn the kernel by half a turn first, as the convolution of mathematics does.

    Raises
    ------
    ValueError
        If an array has not two axes, is too large or holds something that is not a finite number,
        or if the kernel does not fit into the padded input.
    traitlets.TraitError
        If the stride, the padding or the flip is set to something else than described.

    Examples
    --------
    >>> explorer = ConvolutionExplorer([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]])
    >>> explorer.output
    array([[-4., -4.],
           [-4., -4.]])
    >>> explorer.stride = 2
    >>> explorer.output
    array([[-4.]])
    """

    input = Matrix(64, np.array(_INPUT)).tag(page=True)
    kernel = Matrix(11, np.array(_KERNEL)).tag(page=True)
    stride = traitlets.Int(1, min=1, max=9).tag(sync=True, page=True)
    padding = traitlets.Int(0, min=0, max=9).tag(sync=True, page=True)
    flip = traitlets.Bool(False).tag(sync=True, page=True)
    selected = traitlets.List(traitlets.Int(min=0), [0, 0], minlen=2, maxlen=2).tag(
        sync=True, page=True
    )
    output = traitlets.Any(read_only=True)

    def __init__(
        self,
        input: ArrayLike | None = None,
        kernel: ArrayLike | None = None,
        stride: int = 1,
        padding: int = 0,
        flip: bool = False,
    ) -> None:
        given: dict[str, Any] = {"stride": stride, "padding": padding, "flip": flip}
        if input is not None:
            given["input"] = input
        if kernel is not None:
            given["kernel"] = kernel
        super().__init__(**given)
        self.observe(self._follow, _CHANGES)
        self._follow()
        if not self.output.size:
            padded = [n + 2 * self.padding for n in self.input.shape]
            raise ValueError(
                f"kernel has the shape {self.kernel.shape}: it does not fit into the padded input "
                f"of {padded[0]} by {padded[1]}; give a smaller kernel or more padding"
            )

    def _follow(self, change: Any = None) -> None:
        self.set_trait("output", self._compute())

    def _compute(self) -> NDArray[np.float64]:
        padded = [n + 2 * self.padding for n in self.input.shape]
        if any(size > n for size, n in zip(self.kernel.shape, padded, strict=True)):
            return np.zeros((0, 0))
        values = conv2d_vectorized(
            self.input, self.kernel, flip=self.flip, stride=self.stride, padding=self.padding
        )
        return np.asarray(values, dtype=np.float64)

    def fallback(self) -> str:
        """Give a picture of the state and the sentence that says what to run."""
        return f"{picture(self)}<p>{describe(self)}</p><p><em>{RUN_SENTENCE}</em></p>"

    def plain(self) -> str:
        """Give the state in words."""
        return f"{describe(self)} {RUN_SENTENCE}"
