"""The size calculator: layers in a row, their sizes, counts and receptive fields."""

from collections.abc import Sequence
from typing import Any

import traitlets

from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import ACCENT, EDGE, Picture
from coursekit.widgets.size_calculator.layers import LARGEST, MOST_LAYERS, Layers, table
from coursekit.widgets.traits import Place, Whole

_SIDE = 130


class SizeCalculator(CourseWidget, folder="size_calculator"):
    """Put layers in a row: sizes, parameters, multiply-adds, and what one cell depends on.

    What is changed on the screen is changed here, and the other way round: `size`, `channels`,
    `layers`, `layer` (the number of the layer that is looked back from; 0 is the last) and `cell`
    can be read, set and observed; `table` follows.

    Parameters
    ----------
    size
        Rows, and columns, of the input, 1 to 512.
    layers
        Up to 12 layers, from input to output: ``(kernel, stride)`` as `receptive_field` takes
        them, ``(kernel, stride, padding, dilation)``, or dicts with any of ``kind`` (``"conv"`` or
        ``"pool"``), ``kernel``, ``stride``, ``padding``, ``dilation`` and ``filters``. Left out:
        stride 1 (of pooling: the kernel), no padding, dilation 1, one filter.
    channels
        Channels of the input.

    Raises
    ------
    ValueError
        If an argument is not what is described. A layer that does not fit is no error: the
        calculator says so, and its ``size`` in `table` is None.

    Notes
    -----
    Parameters count one bias a filter, multiply-adds count no biases. Three things to try.

    1. Choose *6 x 6, kernel 3, stride 2*. How many pixels of the input does no output cell see?
       Change one setting so that every pixel is seen. (11 of 36. Padding 1, with which the window
       still reaches the last row; or stride 1, or 3; or a kernel of 4.)
    2. Compare *Three 3 x 3 layers* with *One 7 x 7 layer*, both from 8 maps to 8. What is the same,
       what is not? (Receptive field 7 x 7 and output 10 x 10 are the same; the three small layers
       have 1,752 parameters, the large one 3,144.)
    3. Take a 7 x 7 input and layers of 3 x 3 with stride 2. How many fit? What happens to the
       receptive field of the second layer? (Two: 7, 3, 1, and a third does not fit into 1 cell. It
       is 7 x 7: after a stride of 2 each step counts double.)

    Examples
    --------
    >>> calculator = SizeCalculator(6, [(3, 2)])
    >>> calculator.table[0]["size"], calculator.table[0]["receptive_field"]
    (2, 3)
    >>> calculator.layers = [{"kernel": 3, "filters": 32}, {"kind": "pool", "kernel": 2}]
    >>> [row["size"] for row in calculator.table]
    [4, 2]
    """

    size = Whole(28, 1, LARGEST)
    channels = Whole(1, 1, 2048)
    layers = Layers()
    layer = Whole(0, 0, MOST_LAYERS)
    cell = Place(2)
    table = traitlets.Any(read_only=True)

    def __init__(
        self,
        size: int = 28,
        layers: Sequence[Any] = ((3, 1), (3, 1)),
        channels: int = 1,
    ) -> None:
        super().__init__(size=size, layers=layers, channels=channels)
        self.observe(self._follow, ("size", "channels", "layers"))
        self._follow()

    def _follow(self, change: Any = None) -> None:
        self.set_trait("table", table(self.size, self.channels, self.layers))

    def describe(self) -> str:
        """Say in words what the picture shows: the sizes on the way and the counts."""
        text = f"Size calculator: an input of {self.size} by {self.size}"
        text += f" with {self.channels} channels" if self.channels > 1 else ""
        good = [row for row in self.table if row["size"] is not None]
        if good:
            steps = ", then ".join(f"{row['size']} by {row['size']}" for row in good)
            numbers = sum(row["parameters"] for row in good)
            field = good[-1]["receptive_field"]
            text += (
                f" becomes {steps}. Parameters: {numbers:,}. The receptive field of the last is "
                f"{field} by {field}"
            )
        text += "."
        if len(good) < len(self.table):
            text += f" Layer {len(good) + 1} does not fit."
        return text

    def picture(self) -> str:
        """Draw the maps as squares in a row, the receptive field of the last on the input."""
        drawing, x = Picture(), 0
        sizes = [self.size, *(row["size"] for row in self.table if row["size"] is not None)]
        scale = _SIDE / max(sizes)
        for index, n in enumerate(sizes):
            side = max(4, round(n * scale))
            name = "Input" if not index else f"Layer {index}"
            drawing.text(x, 10, name)
            drawing.text(x, 28, f"{n} × {n}")
            drawing.box(x, 38, side, side, EDGE)
            if not index and len(sizes) > 1:
                field = min(n, self.table[len(sizes) - 2]["receptive_field"])
                drawing.box(x, 38, round(field * scale), round(field * scale), ACCENT)
            x += max(side, 76) + 20
        return drawing.img(self.describe())
