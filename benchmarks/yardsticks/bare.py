"""Loops written by hand in PyTorch: the yardstick, and what the tutorials show."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image, ImageOps
from setups import BATCH, LR, Setup
from side_by_side import now
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset, TensorDataset


def bare(setup: Setup) -> Callable[[], float]:
    """Forward, backward, step in float32 on slices of a permutation, and nothing else.

    No loader, no measuring, no augmentation: the yardstick of all ratios.
    """
    images, labels = setup.tensors()
    model = setup.new_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)

    def run() -> float:
        start = now()
        order = torch.randperm(len(images))
        for low in range(0, len(images), BATCH):
            rows = order[low : low + BATCH]
            loss = cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return now() - start

    return run


def loop_over(setup: Setup, loader: DataLoader) -> Callable[[], float]:
    """Train as the tutorial does: over a DataLoader, printing now and then."""
    model = setup.new_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)

    def run() -> float:
        start = now()
        model.train()
        for number, (images, labels) in enumerate(loader):
            loss = cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            if number % 100 == 0:
                loss.item()  # the tutorial prints it
        return now() - start

    return run


def tensor_loader(setup: Setup) -> Callable[[], float]:
    """Use a DataLoader over a TensorDataset, and the training loop of "Quickstart".

    https://docs.pytorch.org/tutorials/beginner/basics/quickstart_tutorial.html
    """
    data = TensorDataset(*setup.tensors())
    return loop_over(setup, DataLoader(data, batch_size=BATCH, shuffle=True))


def tutorial_loader(setup: Setup) -> Callable[[], float]:
    """Read as PyTorch's tutorials do: Pillow images, ToTensor, Normalize, one by one.

    The data set and the loop of "Quickstart" (address above), the transforms of "Training a
    classifier"; what torchvision does for them is written out, so that it need not be installed.

    https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html
    """
    return loop_over(setup, DataLoader(Pictures(setup), batch_size=BATCH, shuffle=True))


class Pictures(Dataset[tuple[Tensor, int]]):
    """What torchvision's `FashionMNIST` and `CIFAR10` give, with their usual transforms."""

    def __init__(self, setup: Setup) -> None:
        self.images, self.labels = setup.images, setup.labels
        self.crop_and_flip = setup.crop_and_flip

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[row])
        if self.crop_and_flip:
            image = random_flip(random_crop(image, padding=4))
        return normalize(to_tensor(image)), int(self.labels[row])


def random_crop(image: Image.Image, padding: int) -> Image.Image:
    """Do what torchvision.transforms.RandomCrop(size, padding) does to a Pillow image."""
    padded = ImageOps.expand(image, border=padding, fill=0)
    top, left = torch.randint(0, 2 * padding + 1, (2,)).tolist()
    return padded.crop((left, top, left + image.width, top + image.height))


def random_flip(image: Image.Image) -> Image.Image:
    """Do what torchvision.transforms.RandomHorizontalFlip() does to a Pillow image."""
    return ImageOps.mirror(image) if random.random() < 0.5 else image


def to_tensor(image: Image.Image) -> Tensor:
    """Do what torchvision.transforms.ToTensor() does to a Pillow image."""
    pixels = torch.from_numpy(np.array(image))
    pixels = pixels.view(image.height, image.width, len(image.getbands()))
    return pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255)


def normalize(image: Tensor, mean: float = 0.5, deviation: float = 0.5) -> Tensor:
    """Do what torchvision.transforms.Normalize does."""
    means, deviations = (torch.full((len(image),), x).view(-1, 1, 1) for x in (mean, deviation))
    return image.clone().sub_(means).div_(deviations)
