"""The networks of the course, one file each: small enough to read, in PyTorch.

Nothing heavy is loaded before a network is asked for.

>>> from coursekit.models import LeNet5
>>> sum(parameter.numel() for parameter in LeNet5().parameters())
61706
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.models.lenet import LeNet5, lenet5_keras, lenet5_to_keras
    from coursekit.models.lenet1998 import LeNet5_1998, PartialConv2d, Subsampling
    from coursekit.models.quick import QuickCNN
    from coursekit.models.resnet import BasicBlock, ResNet, resnet8

_HOME = {
    "BasicBlock": "resnet",
    "LeNet5": "lenet",
    "LeNet5_1998": "lenet1998",
    "PartialConv2d": "lenet1998",
    "QuickCNN": "quick",
    "ResNet": "resnet",
    "Subsampling": "lenet1998",
    "lenet5_keras": "lenet",
    "lenet5_to_keras": "lenet",
    "resnet8": "resnet",
}

__all__ = [
    "BasicBlock",
    "LeNet5",
    "LeNet5_1998",
    "PartialConv2d",
    "QuickCNN",
    "ResNet",
    "Subsampling",
    "lenet5_keras",
    "lenet5_to_keras",
    "resnet8",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # the next time it is found at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
