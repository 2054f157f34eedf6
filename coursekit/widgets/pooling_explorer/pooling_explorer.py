"""The pooling explorer: what a window keeps, and what is left of a shift after it."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import avg_pool2d, global_avg_pool2d, max_pool2d
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Choice, Flag, Matrix, Place, Whole, number_within

_IMAGE = ((5, 1, 3, 4), (8, 2, 9, 2), (1, 3, 0, 1), (2, 2, 2, 0))
_CHANGES = ("image", "mode", "size", "stride", "ceil_mode", "shift")


class Shift(traitlets.TraitType[Any, Any]):
    """How far something is moved: (down, right), each -9 to 9."""

    def __init__(self) -> None:
        super().__init__([0, 0])
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a fresh list of two ints, or say what is wrong with it."""
        wanted = "give two whole numbers from -9 to 9, down and right, such as (0, 1)"
        try:
            down, right = value
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} is {value!r}; {wanted}") from None
        pair = [number_within(str(self.name), part, -9, 9, wanted) for part in (down, right)]
        if not all(part.is_integer() for part in pair):
            raise ValueError(f"{self.name} is {value!r}; {wanted}")
        return [int(part) for part in pair]


class PoolingExplorer(CourseWidget, folder="pooling_explorer"):
    """Pool a map, shift it, and count what changes and what does not.

    What is changed on the screen is changed here, and the other way round: `image`, `mode`, `size`,
    `stride`, `ceil_mode`, `shift` and `selected` can be read, set and observed; `output` and
    `shifted_output` follow.

    To try:

    1. Take the example "A nine: its map after ReLU" and shift it one cell to the left. How many
       cells of the map change, and how many after pooling? (6 of 15, and 3 of 8: pooling is
       tolerant of a small shift, but the answer is not the same.)
    2. With a window of 2 and a stride of 2, shift the example "One bright pixel" to the right, one
       cell at a time. When does the output change? (At every second shift, when the pixel enters
       another window: then the output moves by one whole cell. In between nothing changes.)
    3. Take the 5 by 5 example and let the sizes be rounded up, then down. Which cells does nobody
       look at when they are rounded down, and what is the size then? (The last row and the last
       column; 2 by 2 instead of 3 by 3.)

    Parameters
    ----------
    image
        (H, W), up to 64 by 64 numbers; unless given, the decks' 4 by 4 example.
    mode
        ``"max"``, ``"average"``, or ``"global_average"`` for one mean of the whole map.
    size
        Side of the window, 1 to 9.
    stride
        How many cells the window moves at a time, 1 to 9; the size unless given.
    ceil_mode
        Keep the windows that are cut off at the lower and right border.
    shift
        (down, right), how far the shifted copy is moved, each -9 to 9. Zeros come in.

    Raises
    ------
    ValueError
        If the image has not two axes, is too large or holds something that is not a finite number,
        if no window fits, or if another argument is something else than described.

    Examples
    --------
    >>> explorer = PoolingExplorer(mode="average")
    >>> explorer.output
    array([[4.  , 4.5 ],
           [2.  , 0.75]])
    >>> explorer.shift = (0, 1)
    >>> explorer.changed  # cells of the input, and of the output
    (14, 4)
    """

    image = Matrix(64, _IMAGE)
    mode = Choice("max", "average", "global_average")
    size = Whole(2, 1, 9)
    stride = Whole(2, 1, 9)
    ceil_mode = Flag(False)
    shift = Shift()
    selected = Place(2)
    output = traitlets.Any(read_only=True)
    shifted_output = traitlets.Any(read_only=True)

    def __init__(
        self,
        image: ArrayLike | None = None,
        mode: str = "max",
        size: int = 2,
        stride: int | None = None,
        ceil_mode: bool = False,
        shift: tuple[int, int] = (0, 0),
    ) -> None:
        given: dict[str, Any] = {} if image is None else {"image": image}
        given["stride"] = size if stride is None else stride
        super().__init__(mode=mode, size=size, ceil_mode=ceil_mode, shift=shift, **given)
        self.observe(self._follow, _CHANGES)
        self._follow()
        if not self.output.size:
            raise ValueError(
                f"size is {self.size}: the window does not fit into the image of the shape "
                f"{self.image.shape}; give a smaller size, or ceil_mode=True"
            )

    @property
    def shifted(self) -> NDArray[np.float64]:
        """The shifted copy of the image; what leaves is gone, what comes in is 0."""
        (down, right), (height, width) = self.shift, self.image.shape
        moved: NDArray[np.float64] = np.zeros(self.image.shape)
        rows = slice(max(0, down), max(0, min(height, height + down)))
        columns = slice(max(0, right), max(0, min(width, width + right)))
        part = self.image[max(0, -down) :, max(0, -right) :]
        target = moved[rows, columns]
        target[...] = part[: target.shape[0], : target.shape[1]]
        return moved

    @property
    def changed(self) -> tuple[int, int]:
        """How many cells of the input and of the output differ after the shift."""
        return (
            _differing(self.image, self.shifted),
            _differing(self.output, self.shifted_output),
        )

    def _follow(self, change: Any = None) -> None:
        self.set_trait("output", self._pool(self.image))
        self.set_trait("shifted_output", self._pool(self.shifted))

    def _pool(self, image: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.mode == "global_average":
            return np.asarray(global_avg_pool2d(image[None]).reshape(1, 1))
        if not self.ceil_mode and self.size > min(image.shape):
            return np.zeros((0, 0))
        function = max_pool2d if self.mode == "max" else avg_pool2d
        return np.asarray(function(image, self.size, self.stride, ceil_mode=self.ceil_mode))

    def describe(self) -> str:
        """Say in words what the picture shows: sizes, the window, the first value, the shift."""
        height, width = self.image.shape
        if self.mode == "global_average":
            how = "its global average"
        else:
            rounding = "up" if self.ceil_mode else "down"
            how = (
                f"{self.mode} pooling with a window of {self.size} by {self.size}, stride "
                f"{self.stride}, the size rounded {rounding}"
            )
        text = f"Pooling explorer: an image of {height} by {width}, and {how}."
        if not self.output.size:
            return f"{text} The window does not fit, so the output has no cells."
        rows, columns = self.output.shape
        first = number(float(self.output[0, 0]))
        text = f"{text} The output is {rows} by {columns}; its top left value is {first}."
        if self.shift == [0, 0]:
            return text
        places = [
            f"{abs(cells)} {word[cells < 0]}"
            for cells, word in zip(self.shift, (("down", "up"), ("right", "left")), strict=True)
            if cells
        ]
        inside, outside = self.changed
        return (
            f"{text} Shifted by {' and '.join(places)}, {inside} of {self.image.size} cells of the "
            f"image and {outside} of {self.output.size} of the output change."
        )

    def picture(self) -> str:
        """Draw the image and the output, and below them the shifted image and its output."""
        drawing = Picture()
        rows = [("Image", self.image, "Output", self.output)]
        if self.shift != [0, 0]:
            rows.append(("Shifted", self.shifted, "Output", self.shifted_output))
        cell = max(3, min(34, 280 // max(self.image.shape)))
        y = 0
        for name, image, title, output in rows:
            drawing.text(0, y + 14, f"{name} {image.shape[0]} × {image.shape[1]}")
            width, height = drawing.grid(0, y + 22, image, cell, scale=self.image)
            if output.size:
                rows_in, columns_in = image.shape
                if self.mode != "global_average":
                    rows_in, columns_in = min(self.size, rows_in), min(self.size, columns_in)
                drawing.box(0, y + 22, columns_in * cell, rows_in * cell)
                x = max(width, 110) + 44
                drawing.text(x - 32, y + 60, "→", 20)
                drawing.text(x, y + 14, f"{title} {output.shape[0]} × {output.shape[1]}")
                drawing.grid(x, y + 22, output, cell, scale=self.image)
                drawing.box(x, y + 22, cell, cell)
            y += height + 40
        return drawing.img(self.describe())


def _differing(before: NDArray[np.float64], after: NDArray[np.float64]) -> int:
    return int((np.abs(before - after) > 1e-9).sum())
