"""The convolution explorer: every output cell, with the patch, the products and the sum."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import conv2d_vectorized
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import ACCENT, Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Flag, Matrix, Place, Whole

_INPUT = ((3, 5, 2, 8, 1), (9, 7, 5, 4, 3), (2, 0, 6, 1, 6), (6, 3, 7, 9, 2), (1, 4, 9, 5, 1))
_KERNEL = ((1, 0, 0), (1, 1, 0), (0, 0, 1))
_CHANGES = ("input", "kernel", "stride", "padding", "dilation", "flip")


class ConvolutionExplorer(CourseWidget, folder="convolution_explorer"):
    """Slide a kernel over an input and look at every number.

    What is changed on the screen is changed here, and the other way round: `input`, `kernel`,
    `stride`, `padding`, `dilation`, `flip` and `selected` can be read, set and observed; `output`
    follows.

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
    dilation
        How far apart the cells are that the kernel's weights meet, 1 to 5; 1 is side by side.

    Raises
    ------
    ValueError
        If an argument is not what is described, or the kernel does not fit into the padded input.

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

    input = Matrix(64, np.array(_INPUT))
    kernel = Matrix(11, np.array(_KERNEL))
    stride = Whole(1, 1, 9)
    padding = Whole(0, 0, 9)
    dilation = Whole(1, 1, 5)
    flip = Flag(False)
    selected = Place(2)
    output = traitlets.Any(read_only=True)

    def __init__(
        self,
        input: ArrayLike | None = None,
        kernel: ArrayLike | None = None,
        stride: int = 1,
        padding: int = 0,
        flip: bool = False,
        dilation: int = 1,
    ) -> None:
        given: dict[str, Any] = {"stride": stride, "padding": padding, "flip": flip}
        if input is not None:
            given["input"] = input
        if kernel is not None:
            given["kernel"] = kernel
        super().__init__(**given, dilation=dilation)
        self.observe(self._follow, _CHANGES)
        self._follow()
        if not self.output.size:
            padded = [n + 2 * self.padding for n in self.input.shape]
            far = "" if self.dilation == 1 else f" and a dilation of {self.dilation}"
            raise ValueError(
                f"kernel has the shape {self.kernel.shape}{far}: it does not fit into the padded "
                f"input of {padded[0]} by {padded[1]}; give a smaller kernel or more padding"
            )

    def _follow(self, change: Any = None) -> None:
        self.set_trait("output", self._compute())

    def _compute(self) -> NDArray[np.float64]:
        # A dilated kernel is a larger one with zeros between its weights.
        far = self.dilation
        spread = np.zeros([far * (n - 1) + 1 for n in self.kernel.shape])
        spread[::far, ::far] = self.kernel
        padded = [n + 2 * self.padding for n in self.input.shape]
        if any(size > n for size, n in zip(spread.shape, padded, strict=True)):
            return np.zeros((0, 0))
        values = conv2d_vectorized(
            self.input, spread, flip=self.flip, stride=self.stride, padding=self.padding
        )
        return np.asarray(values, dtype=np.float64)

    def describe(self) -> str:
        """Say in words what the picture shows: sizes, stride, padding and the first sum."""
        rows, columns = self.input.shape
        m, n = self.kernel.shape
        text = (
            f"Convolution explorer: an input of {rows} by {columns}, a kernel of {m} by {n}"
            f"{', flipped' if self.flip else ''}, stride {self.stride}, padding {self.padding}"
            f"{f', dilation {self.dilation}' if self.dilation > 1 else ''}."
        )
        if not self.output.size:
            return f"{text} The kernel does not fit, so the output has no cells."
        height, width = self.output.shape
        first = number(float(self.output[0, 0]))
        return f"{text} The output is {height} by {width}; its top left value is {first}."

    def picture(self) -> str:
        """Draw input, kernel and output side by side, the first patch outlined."""
        reach = tuple(self.dilation * (n - 1) + 1 for n in self.kernel.shape)
        panels = [("Input", np.pad(self.input, self.padding), reach), ("Kernel", self.kernel, None)]
        if self.output.size:
            panels.append(("Output", self.output, (1, 1)))
        drawing, x = Picture(), 0
        for sign, (title, values, marked) in zip(("", "∗", "="), panels, strict=False):
            if sign:
                drawing.text(x + 4, 60, sign, 20)
                x += 30
            cell = max(6, min(34, 280 // max(values.shape)))
            drawing.text(x, 10, f"{title} {values.shape[0]} × {values.shape[1]}")
            width, _ = drawing.grid(x, 20, values, cell)
            if marked:
                drawing.box(x, 20, marked[1] * cell, marked[0] * cell, ACCENT)
            x += max(width, 96) + 14
        return drawing.img(self.describe())
