"""Draw a digit: a trained network answers while it is drawn, and shows what its answer rests on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from coursekit.widgets.network_widget import NetworkWidget, draw_bars
from coursekit.widgets.picture import Picture
from coursekit.widgets.traits import Choice, Whole

_BRIGHTNESS = {"black": 0.0, "grey": 0.5, "white": 1.0}


class DrawDigit(NetworkWidget, folder="draw_digit"):
    """Draw a digit with mouse, finger or keys; the network answers with every stroke.

    Beside the answer the page shows the maps of every layer and two maps of what the answer rests
    on. **Saliency**: how much a small change of each pixel changes the score. **Occlusion**: how
    far the probability falls where a patch is covered. What is drawn is `image` here, and `image`,
    `target`, `patch` and `cover` can be set.

    To try:

    1. Draw a 1 in a corner, then press *Centre*. What do you see? (In a corner the network is often
       wrong: all digits that it was trained on stood in the middle. Centred it is right.)
    2. Take the picture of the 4 and find the patch that costs most, covered with black. Then cover
       with white. Is it the same patch? (No: black takes strokes away, white adds some. Occlusion
       depends on what it covers with.)

    Parameters
    ----------
    model, images, classes
        As for the network explorer; unless given, the digit network that comes with the course.
    target
        The class that is explained, counted from 0; -1 for the answer.
    patch
        Side of the patch that is covered, in pixels, 1 to 15.
    cover
        What it is covered with: ``"black"``, ``"grey"`` or ``"white"``, the numbers 0, 0.5 and 1.

    Raises
    ------
    ValueError
        If the network cannot be run on the page, or another argument is not what is described.

    Examples
    --------
    >>> widget = DrawDigit()
    >>> widget.image = widget.images[4]
    >>> widget.prediction, widget.saliency.shape, widget.occlusion.shape
    ('4', (28, 28), (14, 14))
    """

    target = Whole(-1, -1, 999)
    patch = Whole(5, 1, 15)
    cover = Choice("black", "grey", "white")

    def __init__(
        self,
        model: nn.Module | None = None,
        images: Any = None,
        classes: Sequence[str] | None = None,
        target: int = -1,
        patch: int = 5,
        cover: str = "black",
    ) -> None:
        super().__init__(model, images, classes, target=target, patch=patch, cover=cover)
        if self.target >= len(self.classes):
            raise ValueError(
                f"target is {self.target}; give a class from 0 to {len(self.classes) - 1}, or -1 "
                "for the answer"
            )

    @property
    def explained(self) -> int:
        """The class that is explained: the target, or the answer."""
        if self.target < 0:
            return int(self.scores.argmax())
        return int(min(self.target, len(self.classes) - 1))

    @property
    def saliency(self) -> NDArray[np.float32]:
        """The largest absolute gradient of the score over the channels, (H, W)."""
        image = torch.tensor(self.image, dtype=torch.float32, requires_grad=True)
        self.network.run(image[None])[0, self.explained].backward()
        assert image.grad is not None
        return np.asarray(image.grad.abs().amax(dim=0))

    @property
    def occlusion(self) -> NDArray[np.float32]:
        """How far the probability falls where a patch is covered, at every second pixel."""
        image = torch.tensor(self.image, dtype=torch.float32)
        _, height, width = image.shape
        stride = max(1, round(max(height, width) / 14))
        rows, columns = range(0, height, stride), range(0, width, stride)
        batch = image.repeat(len(rows) * len(columns), 1, 1, 1)
        for k, (y, x) in enumerate((y, x) for y in rows for x in columns):
            top, left = y - self.patch // 2, x - self.patch // 2
            window = slice(max(0, top), top + self.patch), slice(max(0, left), left + self.patch)
            batch[k, :, *window] = _BRIGHTNESS[self.cover]
        shares = torch.softmax(self.network.run(batch), dim=1)[:, self.explained]
        before = float(self.probabilities[self.explained])
        return np.asarray(before - shares).reshape(len(rows), len(columns))

    def describe(self) -> str:
        """Say in words what the picture shows: the answer, and where covering costs most."""
        row, column = np.unravel_index(int(self.occlusion.argmax()), self.occlusion.shape)
        side = self.image.shape[1] // self.occlusion.shape[0]
        return (
            f"Draw a digit: {self.answer()} Covering a patch of {self.patch} by {self.patch} with "
            f"{self.cover} costs class {self.classes[self.explained]} most around row "
            f"{row * side}, column {column * side}."
        )

    def picture(self) -> str:
        """Draw the picture, its saliency and occlusion, and the probabilities."""
        drawing = Picture()
        maps = (("Picture", self.image.mean(0)), ("Saliency", self.saliency))
        x = 0
        for name, values in (*maps, ("Occlusion", self.occlusion)):
            drawing.text(x, 12, name)
            cell = max(2, round(168 / len(values)))
            width, _ = drawing.grid(x, 20, values, cell)
            x += width + 24
        draw_bars(drawing, 204, self.classes, self.probabilities)
        return drawing.img(self.describe())
