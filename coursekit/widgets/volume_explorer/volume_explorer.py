"""The volume explorer: a filter has a kernel for every channel, and each filter gives one map."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import conv2d_volume_vectorized
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Flag, Place, Series, Volume, Whole

# The decks' volume, without the zeros around it, and its filter W0; W1 is the course's own.
_X = (
    ((0, 0, 1, 0, 2), (1, 0, 2, 0, 1), (1, 0, 2, 2, 0), (2, 0, 0, 2, 0), (2, 1, 2, 2, 0)),
    ((2, 1, 2, 1, 1), (2, 1, 2, 0, 1), (0, 2, 1, 0, 1), (1, 2, 2, 2, 2), (0, 1, 2, 0, 1)),
    ((2, 1, 1, 2, 0), (1, 0, 0, 1, 0), (0, 1, 0, 0, 0), (1, 0, 2, 1, 0), (2, 2, 1, 1, 1)),
)
_W = (
    (
        ((-1, 0, 1), (0, 0, 1), (1, -1, 1)),
        ((-1, 0, 1), (1, -1, 1), (0, 1, 0)),
        ((-1, 1, 1), (1, 1, 0), (0, -1, 0)),
    ),
    (
        ((0, 1, 0), (1, -1, 0), (0, 0, 1)),
        ((1, 0, -1), (0, 1, 0), (-1, 0, 1)),
        ((0, 0, 0), (0, 1, 0), (1, 0, -1)),
    ),
)
_B = (1, 0)
_CHANGES = ("x", "w", "b", "stride", "padding")


class VolumeExplorer(CourseWidget, folder="volume_explorer"):
    """Slide filters over an input with several channels and look at every sum.

    What is changed on the screen is changed here, and the other way round: `x`, `w`, `b`, `stride`,
    `padding`, `selected` and `step` can be read, set and observed; `output` follows.

    Unless given, the input, the filter with index 0 and its bias are those of the decks' volume
    example (5 by 5 with 3 channels, padding 1, stride 2, bias 1).

    To try:

    1. Press "Step by step" and then "Next step" until the first number of the output is there.
       What are the sums of the three channels, and what is added last? (-1, 1 and 1, then the
       bias 1: the output is 2. One filter adds up its channels, so it gives one map, not three.)
    2. Set the number of filters to 1, 2 and 3 and read the line of parameters. What does one more
       filter cost, and what does it bring? (28 parameters, 3 · 3 · 3 weights and 1 bias, and one
       more map. The size of the maps stays.)
    3. Choose the example "A picture in red, green and blue". Which filter tells the red roof from
       the white walls, though both are bright in the red channel? ("Red against green and blue":
       its kernels are positive for red and negative for the other two, so white gives 0.)

    Parameters
    ----------
    x
        (C, H, W), the input; up to 8 channels of 64 by 64.
    w
        (K, C, F, F), up to 8 filters, each with a kernel of up to 7 by 7 for every channel of `x`.
        A kernel may also be a rectangle.
    b
        (K,), one bias a filter; zeros unless given.
    stride
        How many cells the filters move at a time, 1 to 9; 1 unless given with another input.
    padding
        Zeros on every side of each channel, 0 to 9; 0 unless given with another input.
    rgb
        The three channels are red, green and blue, 0 to 255: the picture is shown in its colours.
    step
        How many steps of the walk through the sums are taken: 0 for before the first; -1, the
        whole output, for no walk.

    Raises
    ------
    ValueError
        If an array has the wrong number of axes, is too large or holds something that is not a
        finite number; if the channels of `x` and `w`, or the filters of `w` and `b`, differ in
        number; if the filters do not fit into the padded input; if `rgb` is asked of an input that
        has not three channels; if another argument is something else than described.

    Examples
    --------
    >>> explorer = VolumeExplorer()
    >>> explorer.output[0]
    array([[ 2.,  3.,  3.],
           [ 3.,  7.,  3.],
           [ 8., 10., -3.]])
    >>> explorer.parameters
    56
    >>> explorer.stride = 1
    >>> explorer.output.shape
    (2, 5, 5)
    """

    x = Volume((8, 64, 64), _X, "channels, rows, columns")
    w = Volume((8, 8, 7, 7), _W, "filters, channels, rows, columns")
    b = Series(8, _B)
    stride = Whole(1, 1, 9)
    padding = Whole(0, 0, 9)
    rgb = Flag(False)
    step = Whole(-1, -1, 9999)
    selected = Place(3)
    output = traitlets.Any(read_only=True)

    def __init__(
        self,
        x: ArrayLike | None = None,
        w: ArrayLike | None = None,
        b: ArrayLike | None = None,
        stride: int | None = None,
        padding: int | None = None,
        rgb: bool = False,
        step: int = -1,
    ) -> None:
        example = x is None
        given: dict[str, Any] = {
            "stride": stride if stride is not None else 2 if example else 1,
            "padding": padding if padding is not None else 1 if example else 0,
            "rgb": rgb,
            "step": step,
        }
        if x is not None:
            given["x"] = x
        if w is not None:
            given["w"] = w
            given["b"] = np.zeros(np.shape(w)[:1] or 1)
        if b is not None:
            given["b"] = b
        super().__init__(**given)
        self.observe(self._follow, _CHANGES)
        self._follow()
        if not self.output.size:
            height, width = (n + 2 * self.padding for n in self.x.shape[1:])
            raise ValueError(
                f"w has the shape {self.w.shape}: its kernels do not fit into the padded input of "
                f"{height} by {width}; give smaller kernels or more padding"
            )

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns: the weights of all filters, and one bias for each."""
        return int(self.w.size + self.b.size)

    @traitlets.validate("x", "w", "b", "rgb")
    def _fits(self, proposal: dict[str, Any]) -> Any:
        arrays = {"x": self.x, "w": self.w, "b": self.b, "rgb": self.rgb}
        arrays[proposal["trait"].name] = proposal["value"]
        x, w, b = arrays["x"], arrays["w"], arrays["b"]
        both = "to change both, make a new VolumeExplorer(x, w, b)"
        if len(x) != w.shape[1]:
            raise ValueError(
                f"x has the shape {x.shape}, so {len(x)} channels, but w has the shape {w.shape}, "
                f"with kernels for {w.shape[1]}; give each filter one kernel for every channel, "
                f"and {both}"
            )
        if len(b) != len(w):
            raise ValueError(
                f"b has the shape {b.shape}, but w has {len(w)} filters; give one bias for each "
                f"filter, and {both}"
            )
        if arrays["rgb"] and len(x) != 3:
            raise ValueError(
                f"rgb is True, but x has the shape {x.shape}, so {len(x)} channels; "
                "give three channels, red, green and blue"
            )
        return proposal["value"]

    def _follow(self, change: Any = None) -> None:
        self.set_trait("output", self._compute())

    def _compute(self) -> NDArray[np.float64]:
        padded = [n + 2 * self.padding for n in self.x.shape[1:]]
        if any(size > n for size, n in zip(self.w.shape[2:], padded, strict=True)):
            return np.zeros((len(self.w), 0, 0))
        values = conv2d_volume_vectorized(self.x, self.w, self.b, self.stride, self.padding)
        return np.asarray(values, dtype=np.float64)

    def describe(self) -> str:
        """Say in words what the picture shows: shapes, stride, padding, and the first sum."""
        channels, height, width = self.x.shape
        filters, _, m, n = self.w.shape
        text = (
            f"Volume explorer: an input of {height} by {width} with {_count(channels, 'channel')}, "
            f"{_count(filters, 'filter')} of {m} by {n} by {channels}, stride {self.stride}, "
            f"padding {self.padding}. The layer has {_count(self.parameters, 'parameter')}."
        )
        if not self.output.size:
            return f"{text} The filters do not fit, so the output has no cells."
        _, rows, columns = self.output.shape
        padded = np.pad(self.x, ((0, 0), (self.padding,) * 2, (self.padding,) * 2))
        sums = [
            number(float((part[:m, :n] * kernel).sum()))
            for part, kernel in zip(padded, self.w[0], strict=True)
        ]
        total = number(float(self.output[0, 0, 0]))
        return (
            f"{text} The output is {_count(filters, 'map')} of {rows} by {columns}. The top left "
            f"value of map 0 is {' + '.join(map(_signed, sums))} from the channels + "
            f"{_signed(number(float(self.b[0])))} from the bias = {total}."
        )

    def picture(self) -> str:
        """Draw the channels, the kernels of filter 0 and the maps, a row for each."""
        drawing = Picture()
        pad = ((0, 0), (self.padding,) * 2, (self.padding,) * 2)
        columns = [
            ("channel", np.pad(self.x, pad), self.w.shape[2:]),
            ("filter 0, channel", self.w[0], None),
            ("map", self.output, (1, 1)),
        ]
        x = 0
        for index, (name, maps, marked) in enumerate(columns):
            if not maps.size:
                continue
            cell = max(3, min(26, 190 // max(maps.shape[1:])))
            across = max(maps.shape[2] * cell, 118)
            y = 0
            for i, values in enumerate(maps):
                drawing.text(x, y + 14, f"{name} {i}")
                _, height = drawing.grid(x, y + 22, values, cell, scale=maps)
                if marked is not None and (name == "channel" or i == 0):
                    drawing.box(x, y + 22, marked[1] * cell, marked[0] * cell)
                y += height + 36
            x += across
            if index < 2:
                drawing.text(x + 10, 60, "∗" if index == 0 else "=", 20)
                x += 40
        return drawing.img(self.describe())


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _signed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
