"""The augmentation explorer: a picture is changed by sliders, and a trained network answers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from coursekit.widgets.network_widget import NetworkWidget, draw_bars
from coursekit.widgets.picture import Picture
from coursekit.widgets.traits import Flag, Number, Whole


class AugmentationExplorer(NetworkWidget, folder="augmentation_explorer"):
    """Turn, resize, move, mirror, crop and brighten a picture; see what a network takes it for.

    One picture shows the whole change, a wall of twelve shows samples of it as a training would
    draw them: turned and moved by as much at most, either way, mirrored one time in two. The page
    itself computes. `image` and every change can be read, set and observed; `changed` is the
    picture with the whole change, computed by PyTorch.

    To try:

    1. Take the picture of the 9 and turn it slowly. Up to which angle is it a 9? (To about 60
       degrees. Then other digits follow, and from about 140 on a 6.)
    2. Flip the picture of the 2. Is there a digit that it should be taken for? (No. A mirrored 2 is
       no digit; the network names one all the same, 5.)

    Parameters
    ----------
    model, images, classes
        As for the network explorer; unless given, the digit network that comes with the course.
    rotation
        Degrees, anticlockwise, -180 to 180.
    scale
        Factor of the size, 0.4 to 1.6.
    right, down
        Pixels, -10 to 10.
    flip
        Whether left and right change places.
    crop
        Rows and columns that are cut off, 0 to 14; what is left is enlarged again.
    brightness
        Factor, 0.1 to 2; what goes beyond 1 becomes 1.

    Raises
    ------
    ValueError
        If the network cannot be run on the page, or another argument is not what is described.

    Examples
    --------
    >>> explorer = AugmentationExplorer(rotation=180)
    >>> explorer.image = explorer.images[9]
    >>> explorer.changed.shape, explorer.answer_to_changed
    ((1, 28, 28), '6')
    """

    rotation = Number(0, -180, 180)
    scale = Number(1, 0.4, 1.6)
    right = Whole(0, -10, 10)
    down = Whole(0, -10, 10)
    flip = Flag(False)
    crop = Whole(0, 0, 14)
    brightness = Number(1, 0.1, 2)
    seed = Whole(0, 0, 9999)

    def __init__(
        self,
        model: nn.Module | None = None,
        images: Any = None,
        classes: Sequence[str] | None = None,
        **changes: Any,
    ) -> None:
        super().__init__(model, images, classes, **changes)

    @property
    def changed(self) -> NDArray[np.float32]:
        """The picture with the whole change, (C, H, W)."""
        image = torch.tensor(self.image, dtype=torch.float32)
        _, height, width = image.shape
        angle = np.deg2rad(self.rotation)
        cos, sin = np.cos(angle) / self.scale, np.sin(angle) / self.scale
        side = -1.0 if self.flip else 1.0
        # From a place of the result, in shares of half a side, to where it comes from.
        cut = np.diag([side * (width - self.crop) / width, (height - self.crop) / height, 1.0])
        cut[:2, 2] = -2 * self.right / width, -2 * self.down / height
        turn = np.array([[cos, -sin * height / width, 0], [sin * width / height, cos, 0]])
        theta = torch.tensor(turn @ cut, dtype=torch.float32)[None]
        grid = F.affine_grid(theta, [1, *image.shape], align_corners=False)
        moved = F.grid_sample(image[None], grid, align_corners=False)[0]
        return np.asarray((moved * self.brightness).clamp(0, 1))

    @property
    def answer_to_changed(self) -> str:
        """The class that the network gives the changed picture."""
        return str(self.classes[int(self.network(self.changed).argmax())])

    def describe(self) -> str:
        """Say in words what the picture shows: the change, and both answers."""
        changes = [f"turned by {self.rotation:g} degrees", f"resized by {self.scale:g}"]
        changes.append(f"moved by {self.right} to the right and {self.down} down")
        changes += ["mirrored"] * self.flip + [f"cropped by {self.crop}"] * (self.crop > 0)
        changes.append(f"with {self.brightness:g} times the brightness")
        return (
            f"Augmentation explorer: a picture that the network takes for {self.prediction} is "
            f"{', '.join(changes)}, and then taken for {self.answer_to_changed}."
        )

    def picture(self) -> str:
        """Draw the picture, the changed one, and the probabilities of the changed one."""
        drawing = Picture()
        x = 0
        for name, values in (("Picture", self.image), ("Changed", self.changed)):
            drawing.text(x, 12, name)
            grey = np.asarray(values).mean(axis=0)
            cell = max(2, round(168 / len(grey)))
            width, _ = drawing.grid(x, 20, grey, cell)
            x += width + 24
        draw_bars(drawing, 204, self.classes, torch.softmax(self.network(self.changed), dim=0))
        return drawing.img(self.describe())
