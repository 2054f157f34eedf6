"""Networks that the course trained itself: weights and model card of each lie here.

``benchmarks/train_shipped.py`` holds the recipes and makes them again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from coursekit.models.digit import digit_cnn
from coursekit.models.resnet_small import resnet8

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Shipped:
    """A network that comes with the course.

    `classes` are its outputs in order, named as in the data set `dataset` that it was trained on.
    """

    name: str
    dataset: str
    classes: tuple[str, ...]
    build: Callable[[int], nn.Module]

    @property
    def weights(self) -> Path:
        """The safetensors file."""
        return _FOLDER / f"{self.name}.safetensors"

    @property
    def card(self) -> str:
        """The model card: data, recipe, accuracy, limits, and how to make the weights again."""
        return (_FOLDER / f"{self.name}.md").read_text(encoding="utf-8")


SHIPPED = {
    "digit_cnn": Shipped("digit_cnn", "mnist", tuple("0123456789"), digit_cnn),
    # The other four classes of the set are left for networks that go on from this one.
    "backbone": Shipped(
        "backbone",
        "cifar10_jpeg_subset",
        ("airplane", "automobile", "bird", "cat", "deer", "frog"),
        resnet8,
    ),
}


def load_shipped(name: str) -> nn.Module:
    """Build a shipped network with its weights, in evaluation mode.

    Examples
    --------
    >>> import torch
    >>> load_shipped("digit_cnn")(torch.zeros(1, 1, 28, 28)).shape
    torch.Size([1, 10])
    """
    from safetensors.torch import load_file

    known = SHIPPED[name]
    model = known.build(len(known.classes))
    model.load_state_dict(load_file(known.weights))
    return model.eval()
