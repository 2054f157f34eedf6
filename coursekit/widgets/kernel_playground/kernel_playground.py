"""The kernel playground: a photograph, a kernel, and what it makes of it."""

import base64
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from coursekit._extras import require
from coursekit.scratch import filter_image
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Choice, Matrix

LARGEST = 256
_EDGES = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


def photograph(rows: int = 192, columns: int = 256) -> NDArray[np.uint8]:
    """Give a grey photograph: a Chinese temple, by danielbuechele (CC BY 2.0), from scikit-learn.

    Examples
    --------
    >>> photograph(64, 64).shape
    (64, 64)
    """
    require("sklearn")
    found = find_spec("sklearn")
    assert found is not None and found.origin is not None
    path = Path(found.origin).parent / "datasets" / "images" / "china.jpg"
    with Image.open(path) as opened:
        height = 330
        left = 60 if columns > rows else 110
        part = opened.convert("L").crop((left, 40, left + height * columns // rows, 40 + height))
        small = part.resize((columns, rows))
    return np.asarray(small, dtype=np.uint8)


def _packed(value: Any, widget: Any) -> dict[str, Any]:
    rows, columns = value.shape
    grey = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
    return {"rows": rows, "columns": columns, "grey": grey}


def _unpacked(value: Any, widget: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(value.get("grey"), str):
        raise ValueError("image is not a packed picture")
    grey = np.frombuffer(base64.b64decode(value["grey"]), np.uint8)
    return grey.reshape([int(value.get(name, 0)) for name in ("rows", "columns")])


class Photo(traitlets.TraitType[Any, Any]):
    """A grey picture, read-only uint8; it travels to the page as packed bytes."""

    def __init__(self) -> None:
        super().__init__(np.zeros((1, 1), np.uint8))
        self.tag(sync=True, page=True, to_json=_packed, from_json=_unpacked)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only copy, or say what is wrong with the value."""
        wanted = (
            f"give a grey picture, rows and columns of whole numbers from 0 to 255, at most "
            f"{LARGEST} by {LARGEST}"
        )
        try:
            given = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} is not a picture; {wanted}") from None
        if given.ndim != 2 or not given.size or max(given.shape) > LARGEST:
            more = ", such as image[:, :, 0]" if given.ndim == 3 else ""
            raise ValueError(f"{self.name} has the shape {given.shape}; {wanted}{more}")
        if not ((given >= 0) & (given <= 255) & (given == np.floor(given))).all():
            low, high = given.min(), given.max()
            raise ValueError(f"{self.name} holds numbers from {low:g} to {high:g}; {wanted}")
        photo = given.astype(np.uint8)
        photo.flags.writeable = False
        return photo

    def set(self, obj: Any, value: Any) -> None:
        """Set it; the same picture again is no change."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is None or not np.array_equal(old, new):
            super().set(obj, new)


class OddMatrix(Matrix):
    """A matrix whose sides are odd, so that there is a middle cell."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Give a read-only copy, or say what is wrong with the value."""
        matrix = super().validate(obj, value)
        if not all(n % 2 for n in matrix.shape):
            raise ValueError(
                f"{self.name} has the shape {matrix.shape}; give odd numbers of rows and columns, "
                "so that there is a middle cell: add a row or a column of zeros"
            )
        return matrix


class KernelPlayground(CourseWidget, folder="kernel_playground"):
    """Pick or edit a kernel and see what it makes of a photograph, the student's own too.

    `image`, `kernel` and `view` can be read, set and observed; `output` follows. A picture that
    is chosen on the page, from a file or the camera, stays in the browser: it is never sent, and
    `image` and `output` here remain those of the picture that Python gave.

    Parameters
    ----------
    image
        (H, W), whole numbers from 0 to 255, up to 256 by 256; unless given, a photograph.
    kernel
        (m, n), both odd, up to 7 by 7; unless given, Sobel's for edges from left to right.
    view
        How sums become brightness on the page: ``"clipped"`` to 0 to 255, as `filter_image` does;
        ``"absolute"``, their size without sign; ``"signed"``, grey for 0, white above, black below.

    Raises
    ------
    ValueError
        If an argument is not what is described.

    Notes
    -----
    As in `coursekit.scratch.filter_image` the kernel is not turned and border pixels are repeated.
    Three things to try.

    1. Take *Sobel, left to right* and switch *Shown* from *Clipped* to *Grey is 0*. What was
       missing before? (Edges from bright to dark have negative sums; clipped they are black, as
       if there were none. Clipping keeps only the edges from dark to bright.)
    2. Find three weights in the middle row that move the picture one pixel to the left. What
       happens at the right border? (0 0 1: every pixel takes its right neighbour's value. The
       last column appears twice, since border pixels are repeated.)
    3. Set all nine weights to 1. Why is the result almost white, and which button repairs it?
       (They add up to 9, so even areas become nine times as bright and are clipped at 255.
       *Divide by the sum* makes it a mean: a blur.)

    Examples
    --------
    >>> playground = KernelPlayground([[0, 100, 255]], [[0, 0, 1]])
    >>> playground.output
    array([[100, 255, 255]], dtype=uint8)
    """

    image = Photo()
    kernel = OddMatrix(7, np.array(_EDGES))
    view = Choice("clipped", "absolute", "signed")
    output = traitlets.Any(read_only=True)

    def __init__(
        self,
        image: ArrayLike | None = None,
        kernel: ArrayLike | None = None,
        view: str = "clipped",
    ) -> None:
        given: dict[str, Any] = {} if kernel is None else {"kernel": kernel}
        super().__init__(image=photograph() if image is None else image, view=view, **given)
        self.observe(self._follow, ("image", "kernel"))
        self._follow()

    def _follow(self, change: Any = None) -> None:
        self.set_trait("output", filter_image(self.image, self.kernel))

    def describe(self) -> str:
        """Say in words what the picture shows."""
        rows, columns = self.image.shape
        weights = ", ".join(" ".join(number(float(w)) for w in row) for row in self.kernel)
        return (
            f"Kernel playground: a grey picture of {rows} by {columns}, filtered by a kernel with "
            f"the rows {weights}."
        )

    def picture(self) -> str:
        """Draw the picture, the kernel and the result."""
        drawing, x = Picture(), 0
        for title, values in (("Picture", self.image), ("Result", self.output)):
            step = max(1, -(-max(values.shape) // 128))
            small = values[::step, ::step]
            scale = 200 / max(small.shape)
            height, width = (max(1, round(n * scale)) for n in small.shape)
            drawing.text(x, 10, title)
            drawing.photograph(x, 20, width, height, small)
            x += max(width, 60) + 14
            if title == "Picture":
                drawing.text(x, 10, "Kernel")
                width, _ = drawing.grid(x, 20, self.kernel, 34)
                x += max(width, 60) + 14
        return drawing.img(self.describe())
