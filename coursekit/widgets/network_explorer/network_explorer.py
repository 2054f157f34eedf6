"""The network explorer: a trained network runs on the page, down to the single multiplication."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from coursekit.widgets.network_widget import NetworkWidget, draw_bars
from coursekit.widgets.picture import Picture
from coursekit.widgets.traits import Place


class NetworkExplorer(NetworkWidget, folder="network_explorer"):
    """Run a trained network on a drawn or chosen picture, and follow every number to its source.

    The page itself computes: nothing is sent anywhere, and it works without a kernel. `image` and
    `selected` can be read, set and observed; `scores`, `probabilities`, `prediction` and
    `activations` follow, computed by PyTorch. The largest number of the first map is selected at
    first.

    To try, with the digit network that comes with the course:

    1. Point at a number of ``conv2``. How many products stand behind it, and how large a part of
       the picture does it see? (200, 8 maps of 5 by 5. 14 by 14 pixels: a window of 5 by 5 in
       ``pool1``, whose every cell sees 2 by 2 numbers of ``conv1``, which see 5 by 5 pixels each.)
    2. Clear the picture. Why do the maps of ``conv1`` not become 0, and which answer does the
       network give? (Every product is 0, so each map is its bias. It names one of its ten digits
       all the same: there is no output for "none".)

    Parameters
    ----------
    model
        A trained ``nn.Module`` whose layers form one chain: Conv2d, ReLU, Tanh, MaxPool2d,
        AvgPool2d, AdaptiveAvgPool2d, Flatten, Linear, BatchNorm1d, BatchNorm2d, Dropout, or the
        functions of the same names in its forward method. It is copied. Unless given, the digit
        network that comes with the course.
    images
        Up to 20 pictures to choose from, (N, H, W) or (N, C, H, W) with 1 or 3 channels, at most 64
        by 64. Bytes are divided by 255, as `fit` does; other numbers go in as they are. Unless
        given, ten drawn digits.
    classes
        The names of the outputs; 0, 1, 2 and so on unless given.

    Raises
    ------
    ValueError
        If the network has a layer that the page does not run (it is named), is too large for a
        page, or does not take the pictures; if another argument is not what is described.

    Examples
    --------
    >>> explorer = NetworkExplorer()
    >>> explorer.prediction
    '0'
    >>> explorer.image = explorer.images[7]
    >>> explorer.prediction, explorer.activations["conv2"].shape
    ('7', (16, 14, 14))
    """

    selected = Place(4)

    def __init__(
        self,
        model: nn.Module | None = None,
        images: Any = None,
        classes: Sequence[str] | None = None,
    ) -> None:
        super().__init__(model, images, classes)
        self.selected = [1, *self._strongest(), 0, 0][:4]

    def _strongest(self) -> list[int]:
        """Find the largest number of the first layer's first map: map, row, column."""
        first = self.network.activations(self.image)[0]
        seen = first[:1] if first.ndim == 3 else first
        return [int(n) for n in np.unravel_index(int(seen.argmax()), seen.shape)]

    @property
    def activations(self) -> dict[str, NDArray[np.float32]]:
        """What each layer gives for the picture, by the layer's name."""
        names = [layer["name"] for layer in self.network.layers]
        return dict(zip(names, self.network.activations(self.image), strict=True))

    def describe(self) -> str:
        """Say in words what the picture shows: the layers, and the answer."""
        layers = ", ".join(
            f"{layer['name']} {' × '.join(map(str, layer['shape']))}"
            for layer in self.network.layers
        )
        shape = " × ".join(map(str, self.network.shape))
        return f"Network explorer: a picture of {shape} goes through {layers}. {self.answer()}"

    def picture(self) -> str:
        """Draw the picture, the maps of every layer, and the probabilities."""
        drawing = Picture()
        results = [np.asarray(self.image), *self.network.activations(self.image)]
        names = ["picture", *(layer["name"] for layer in self.network.layers)]
        x = y = 0
        for name, values in zip(names, results, strict=True):
            sheet = _sheet(values)
            height = 84
            width = round(height * sheet.shape[1] / sheet.shape[0])
            if x and x + width > 760:
                x, y = 0, y + height + 34
            drawing.text(x, y + 12, name)
            drawing.photograph(x, y + 20, width, height, sheet)
            x += max(width, 8 * len(name)) + 16
        y += 84 + 34
        draw_bars(drawing, y, self.classes, self.probabilities)
        return drawing.img(self.describe())


def _sheet(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Lay maps side by side in two rows, or numbers in lines, as grey pixels."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    grey = np.rint(255 * (values - low) / ((high - low) or 1)).astype(np.uint8)
    if grey.ndim == 1:
        columns = int(np.ceil(np.sqrt(2 * len(grey))))
        rows = -(-len(grey) // columns)
        return np.pad(grey, (0, rows * columns - len(grey))).reshape(rows, columns)
    rows = 1 if len(grey) < 4 else 2
    grey = np.pad(grey, ((0, -len(grey) % rows), (0, 1), (0, 1)), constant_values=128)
    columns = len(grey) // rows
    lined = grey.reshape(rows, columns, *grey.shape[1:]).transpose(0, 2, 1, 3)
    return lined.reshape(rows * grey.shape[1], columns * grey.shape[2])
