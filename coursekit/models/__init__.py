"""The networks of the course, one file each: small enough to read, in PyTorch.

Nothing heavy is loaded before a network is asked for.

>>> from coursekit.models import LeNet5
>>> sum(parameter.numel() for parameter in LeNet5().parameters())
61706
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.models.alexnet import AlexNet
    from coursekit.models.digit import digit_cnn
    from coursekit.models.googlenet import AuxiliaryHead, GoogLeNet, Inception
    from coursekit.models.keras_base import mobilenet_base
    from coursekit.models.lenet import LeNet5, lenet5_keras, lenet5_to_keras
    from coursekit.models.lenet1998 import LeNet5_1998, PartialConv2d, Subsampling
    from coursekit.models.pretrained import load_pretrained
    from coursekit.models.quick import QuickCNN
    from coursekit.models.resnet import BasicBlock, Bottleneck, ResNet
    from coursekit.models.resnet_small import PlainBlock, SmallResNet, resnet8
    from coursekit.models.vgg import VGG16, vgg_block
    from coursekit.models.zfnet import ZFNet

_HOME = {
    "AlexNet": "alexnet",
    "AuxiliaryHead": "googlenet",
    "BasicBlock": "resnet",
    "Bottleneck": "resnet",
    "GoogLeNet": "googlenet",
    "Inception": "googlenet",
    "LeNet5": "lenet",
    "LeNet5_1998": "lenet1998",
    "PartialConv2d": "lenet1998",
    "PlainBlock": "resnet_small",
    "QuickCNN": "quick",
    "ResNet": "resnet",
    "SmallResNet": "resnet_small",
    "Subsampling": "lenet1998",
    "VGG16": "vgg",
    "ZFNet": "zfnet",
    "digit_cnn": "digit",
    "lenet5_keras": "lenet",
    "lenet5_to_keras": "lenet",
    "load_pretrained": "pretrained",
    "mobilenet_base": "keras_base",
    "resnet8": "resnet_small",
    "vgg_block": "vgg",
}

__all__ = [
    "VGG16",
    "AlexNet",
    "AuxiliaryHead",
    "BasicBlock",
    "Bottleneck",
    "GoogLeNet",
    "Inception",
    "LeNet5",
    "LeNet5_1998",
    "PartialConv2d",
    "PlainBlock",
    "QuickCNN",
    "ResNet",
    "SmallResNet",
    "Subsampling",
    "ZFNet",
    "digit_cnn",
    "lenet5_keras",
    "lenet5_to_keras",
    "load_pretrained",
    "mobilenet_base",
    "resnet8",
    "vgg_block",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # the next time it is found at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
