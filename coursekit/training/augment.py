"""Augmentation of whole batches, on the device: each image by a choice of its own.

What happens to an image depends on the seed, the epoch and the image's number alone: a row of
random numbers for each image of the set is drawn at the start of an epoch. The batch size changes
nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor

from coursekit.training.chance import derived_generator
from coursekit.training.errors import ArgumentError

Sources = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class RandomCrop:
    """Shift each image by up to `padding` pixels each way; zeros move in from the border.

    The same as padding with zeros on all sides and cutting out a piece of the old size at random.

    Examples
    --------
    >>> RandomCrop(padding=1).sources(torch.tensor([[0, 1]]), 2, 2)[0]  # cut out one row higher
    tensor([[-1,  0]])
    """

    padding: int = 4

    def __post_init__(self) -> None:
        if isinstance(self.padding, bool) or not isinstance(self.padding, int) or self.padding < 0:
            raise ArgumentError(
                f"padding: found {self.padding!r}; expected a whole number of pixels, 0 or more. "
                "Fix: RandomCrop(padding=4)"
            )

    def draw(self, count: int, generator: Generator, epoch: int) -> Tensor:
        """Draw (count, 2): top and left edge of each image's piece, in the padded image."""
        return torch.randint(0, 2 * self.padding + 1, (count, 2), generator=generator)

    def sources(self, drawn: Tensor, height: int, width: int) -> Sources:
        """Say from which row and column each pixel of the result comes: (B, H) and (B, W)."""
        down = torch.arange(height, device=drawn.device) - self.padding
        across = torch.arange(width, device=drawn.device) - self.padding
        return drawn[:, :1] + down, drawn[:, 1:] + across


@dataclass(frozen=True)
class RandomHorizontalFlip:
    """Mirror each image, left for right, with probability `p`.

    Examples
    --------
    >>> RandomHorizontalFlip().sources(torch.tensor([True]), 1, 3)[1]
    tensor([[2, 1, 0]])
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.p <= 1:
            raise ArgumentError(
                f"p: found {self.p!r}; expected a probability from 0 to 1. "
                "Fix: RandomHorizontalFlip(p=0.5)"
            )

    def draw(self, count: int, generator: Generator, epoch: int) -> Tensor:
        """Draw (count,): whether each image is mirrored in this epoch."""
        return torch.rand(count, generator=generator) < self.p

    def sources(self, drawn: Tensor, height: int, width: int) -> Sources:
        """Say from which row and column each pixel of the result comes: (B, H) and (B, W)."""
        across = torch.arange(width, device=drawn.device)
        down = torch.arange(height, device=drawn.device).expand(len(drawn), height)
        return down, torch.where(drawn[:, None], width - 1 - across, across)


def gather(images: Tensor, down: Tensor, across: Tensor) -> Tensor:
    """Build a batch whose pixels come from other places of the same images; outside is zero.

    `images` are (B, C, H, W), in either memory layout, which the result keeps. `down` and `across`,
    (B, H) and (B, W), say which row and column each row and column of the result is taken from.
    """
    count, channels, height, width = images.shape
    last = images.is_contiguous(memory_format=torch.channels_last) and images.stride(1) == 1
    # One border of zeros is enough: whatever lies outside is read from there.
    tall, wide = height + 2, width + 2
    padded = torch.nn.functional.pad(images.permute(0, 2, 3, 1), (0, 0, 1, 1, 1, 1))
    first = torch.arange(count, device=images.device)[:, None] * tall
    starts = (first + (down + 1).clamp(0, tall - 1)) * wide
    pixels = starts[:, :, None] + (across + 1).clamp(0, wide - 1)[:, None, :]
    found = padded.reshape(-1, channels).index_select(0, pixels.reshape(-1))
    result = found.view(count, height, width, channels).permute(0, 3, 1, 2)
    return result if last else result.contiguous()


class Augmentation:
    """The augmentations of a run, one after the other.

    `steps` are objects with `draw` and `sources`, as `RandomCrop` has them, or functions from a
    batch of images to a batch of images, which draw from PyTorch's own generator.
    """

    def __init__(self, steps: Any, seed: int) -> None:
        self.steps = tuple(steps) if isinstance(steps, Sequence) else (steps,)
        self.seed = seed
        self.drawn: list[Tensor | None] = []
        for step in self.steps:
            if isinstance(step, type) or not (hasattr(step, "sources") or callable(step)):
                raise ArgumentError(
                    f"augment: found {step!r}; expected RandomCrop(), RandomHorizontalFlip(), or a "
                    "function from a batch of images (B, C, H, W) to such a batch. "
                    "Fix: augment=[RandomCrop(padding=4)]"
                )

    def begin_epoch(self, epoch: int, count: int) -> None:
        """Draw for each of `count` images what happens to it in this epoch."""
        self.drawn = [
            step.draw(count, derived_generator(self.seed, "augment", place, 0, epoch), epoch)
            if hasattr(step, "draw")
            else None
            for place, step in enumerate(self.steps)
        ]

    def __call__(self, images: Tensor, rows: Tensor) -> Tensor:
        """Return a batch (B, C, H, W) augmented; `rows` are the images' numbers in the set."""
        if self.steps and images.ndim != 4:
            raise ArgumentError(
                f"augment: found images of shape {tuple(images.shape)}; expected (B, C, H, W), "
                "with an axis for channels. Fix: images = images[:, None]"
            )
        for step, drawn in zip(self.steps, self.drawn, strict=True):
            if drawn is None:
                images = _checked(step, images)
            else:
                own = drawn[rows.to(drawn.device)].to(images.device)
                images = gather(images, *step.sources(own, *images.shape[-2:]))
        return images


def _checked(step: Any, images: Tensor) -> Tensor:
    """Call a function of the student's own; refuse what is no batch of as many images."""
    made = step(images)
    if not isinstance(made, Tensor) or len(made) != len(images):
        found = f"shape {tuple(made.shape)}" if isinstance(made, Tensor) else type(made).__name__
        raise ArgumentError(
            f"augment: {getattr(step, '__name__', type(step).__name__)} gave {found} for a batch "
            f"of {len(images)} images; expected a batch of as many. "
            "Fix: return the images that it was given, changed"
        )
    return made
