"""What the widgets that run a network share: the network, its picture, and its answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import traitlets
from numpy.typing import NDArray
from torch import Tensor, nn

from coursekit.widgets.base import CourseWidget
from coursekit.widgets.drawn_digits import drawn_digits
from coursekit.widgets.networks import Network, packed
from coursekit.widgets.picture import Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Volume

MOST_PICTURES, LARGEST = 20, 64


class NetworkTrait(traitlets.TraitType[Any, Any]):
    """A `Network` that travels to the page, and from there never."""

    def __init__(self) -> None:
        super().__init__(None, allow_none=True)
        self.tag(sync=True, page=True, to_json=lambda value, _: value.packed(), from_json=_refused)

    def validate(self, obj: Any, value: Any) -> Any:
        """Take what was read here alone."""
        if not isinstance(value, Network):
            raise ValueError(
                f"network is read from a model; make a new {type(obj).__name__}(model)"
            )
        return value


class Pictures(traitlets.TraitType[Any, Any]):
    """Pictures to choose from, (N, C, H, W) float32, read-only; they travel as packed bytes."""

    def __init__(self) -> None:
        super().__init__(np.zeros((0, 1, 1, 1), np.float32))
        self.tag(sync=True, page=True, to_json=_packed_pictures, from_json=_refused)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give them as a read-only copy, or say what is wrong with the value."""
        return as_pictures(value)


def draw_bars(drawing: Picture, y: int, classes: Sequence[str], shares: Any) -> None:
    """Draw a bar for the probability of each class, from a height on downwards."""
    for top, name, share in zip(range(y, 10**6, 16), classes, shares, strict=False):
        drawing.text(0, top + 12, name[:20])
        long = round(240 * float(share))
        bar = f'<rect x="160" y="{top + 3}" width="{long}" height="10" fill="#0b62a8"/>'
        drawing.shape(bar, 160 + long, top + 14)
        drawing.text(164 + long, top + 12, number(float(share)))


def _packed_pictures(value: Any, widget: Any) -> dict[str, Any]:
    return {"count": len(value), "values": packed(value)}


def _refused(value: Any, widget: Any) -> Any:
    raise ValueError("it comes from Python alone")


def as_pictures(images: Any) -> NDArray[np.float32]:
    """Give pictures as (N, C, H, W) float32; bytes are divided by 255, as `fit` does.

    Raises
    ------
    ValueError
        If they are not (N, H, W), (N, H, W, 3) bytes or (N, C, H, W), of 1 or 3 channels and at
        most 64 by 64, or hold something that is no finite number.

    Examples
    --------
    >>> as_pictures(np.full((2, 28, 28), 255, np.uint8)).shape
    (2, 1, 28, 28)
    """
    wanted = "give up to 20 of (N, H, W) or (N, C, H, W), 1 or 3 channels, at most 64 by 64"
    try:
        array = np.asarray(images.detach().cpu() if isinstance(images, Tensor) else images)
        values: NDArray[np.float32] = array.astype(np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"images is not an array of pictures; {wanted}") from None
    if array.dtype == np.uint8:
        values = values / np.float32(255)
        if values.ndim == 4 and values.shape[3] == 3 and values.shape[1] not in (1, 3):
            values = values.transpose(0, 3, 1, 2)
    if values.ndim == 3:
        values = values[:, None]
    fits = values.ndim == 4 and values.shape[1] in (1, 3) and 1 <= len(values) <= 20
    if not fits or not values.size or max(values.shape[2:]) > 64:
        one = "; one picture is images[:1]" if array.ndim == 2 else ""
        raise ValueError(f"images has the shape {array.shape}; {wanted}{one}")
    if not np.isfinite(values).all():
        raise ValueError("images holds a number that is infinite or missing (nan)")
    values = np.array(values, np.float32)
    values.flags.writeable = False
    return values


class Names(traitlets.TraitType[Any, Any]):
    """What the outputs of a network are called."""

    def __init__(self) -> None:
        super().__init__([])
        self.tag(sync=True, page=True, from_json=_refused)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give them as a list of text, or say what is wrong with the value."""
        if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
            raise ValueError(f"{self.name} is {value!r}; give the classes' names in a list")
        return [str(each) for each in value]


class NetworkWidget(CourseWidget):
    """A trained network and the picture that goes through it; the base of two widgets.

    `image` is what the network sees now, (C, H, W): set it here, or draw it on the page.
    """

    network = NetworkTrait()
    images = Pictures()
    classes = Names()
    image = Volume((3, LARGEST, LARGEST), np.zeros((1, 1, 1)), "channels, rows, columns")

    def __init__(
        self, model: nn.Module | None, images: Any, classes: Sequence[str] | None, **more: Any
    ) -> None:
        if model is None:
            from coursekit.models import load_pretrained

            model = load_pretrained("digit_cnn")
        pictures = as_pictures(drawn_digits() if images is None else images)
        network = Network(model, pictures.shape[1:])
        outputs = len(network(pictures[0]))
        names = [str(k) for k in range(outputs)] if classes is None else classes
        super().__init__(network=network, images=pictures, classes=names, image=pictures[0], **more)
        if len(self.classes) != outputs:
            raise ValueError(
                f"classes has {len(self.classes)} names, and the network {outputs} outputs; give "
                "a name for each output"
            )

    @traitlets.validate("image")
    def _fits(self, proposal: Any) -> Any:
        """Refuse a picture of another shape than the network takes."""
        image = proposal["value"]
        if image.shape != tuple(self.network.shape):
            raise ValueError(
                f"image has the shape {image.shape}; the network takes {self.network.shape}"
            )
        return image

    @property
    def scores(self) -> NDArray[np.float32]:
        """The logits for the picture, one a class, computed by PyTorch."""
        return np.asarray(self.network(self.image))

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """The softmax of the scores."""
        return np.asarray(torch.softmax(self.network(self.image), dim=0))

    @property
    def prediction(self) -> str:
        """The class with the largest score."""
        return str(self.classes[int(self.scores.argmax())])

    def answer(self) -> str:
        """Say what the network answers, and how sure it is."""
        best = float(self.probabilities.max())
        return f"The network's answer is {self.prediction}, with a probability of {number(best)}."
