"""What is trained in the benchmarks: two networks, each with its images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.datasets import DatasetError, load
from coursekit.models import LeNet5, resnet8
from coursekit.training import RandomCrop, RandomHorizontalFlip

BATCH, LR = 128, 1e-3


@dataclass(frozen=True)
class Setup:
    """A network and images of bytes, (N, H, W) or (N, H, W, 3), with labels.

    `whole` is the size of the set that the images are the first part of; `crop_and_flip` tells
    whether they are augmented.
    """

    name: str
    images: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    model: Callable[[], nn.Module]
    whole: int
    crop_and_flip: bool = False
    real: bool = True

    @property
    def augment(self) -> tuple[Any, ...]:
        """Return the augmentations that `fit` is given."""
        return (RandomCrop(padding=4), RandomHorizontalFlip()) if self.crop_and_flip else ()

    def tensors(self) -> tuple[Tensor, Tensor]:
        """Return float32 images from 0 to 1, (N, C, H, W), and labels."""
        images = torch.from_numpy(self.images).float() / 255
        images = images.permute(0, 3, 1, 2) if images.ndim == 4 else images.unsqueeze(1)
        return images.contiguous(), torch.from_numpy(self.labels)

    def new_model(self) -> nn.Module:
        """Build the network, the same weights each time."""
        torch.manual_seed(0)
        return self.model()


def lenet(count: int) -> Setup:
    """Build LeNet-5 with images of Fashion-MNIST."""
    images, labels, real = _first("fashion_mnist", count, (28, 28))
    return Setup("LeNet-5, Fashion-MNIST", images, labels, LeNet5, 60_000, real=real)


def resnet(count: int) -> Setup:
    """Build a ResNet of eight layers with colour images, cropped and flipped."""
    images, labels, real = _first("cifar10_jpeg_subset", count, (32, 32, 3))
    return Setup(
        "ResNet-8, CIFAR-10 subset, crop and flip", images, labels, resnet8, 20_000, True, real
    )


SETUPS = {"lenet": lenet, "resnet": resnet}


def _first(name: str, count: int, shape: tuple[int, ...]) -> tuple[Any, Any, bool]:
    """Take the first images of a set that is on this machine; else random pixels, as fast."""
    try:
        images, labels = load(name, download=False).train
        return np.array(images[:count]), np.array(labels[:count]), True
    except DatasetError:
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
        return images, rng.integers(0, 10, count), False
