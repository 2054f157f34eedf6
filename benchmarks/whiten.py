"""A first layer that starts with what can be known beforehand: the directions images vary in."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MOST_IMAGES = 500


@torch.no_grad()
def whiten(conv: nn.Conv2d, images: object, *, eps: float = 5e-4) -> None:
    """Start a first convolution with the principal directions of the images' own patches.

    The patches that the convolution reads are D numbers each (channels x height x width). Filter k
    becomes the k-th eigenvector of their covariance, divided by the square root of its eigenvalue:
    the outputs then vary by 1 each and are not correlated. Where there are more than D filters,
    the rest are the negatives of the first. A bias is set so that the outputs' means are 0.

    Nothing is drawn by chance: at most 500 images are read, evenly spaced.

    Parameters
    ----------
    conv
        The layer that reads the images. Its weights are changed in place; they can be trained on.
    images
        (N, H, W) or (N, H, W, 3) uint8, or (N, C, H, W) floats as the layer gets them; an array
        or a tensor.
    eps
        Added to the eigenvalues, so that directions in which hardly anything varies are not blown
        up to pure noise.

    Raises
    ------
    ValueError
        When the images do not fit the layer, do not vary, or the layer has groups or more than
        2 D filters.

    References
    ----------
    D. Page, *How to train your ResNet 8: bag of tricks*, 2018; K. Jordan, *94% on CIFAR-10 in 3.29
    seconds on a single GPU*, arXiv:2404.00498, 2024.

    Examples
    --------
    >>> images = torch.rand(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    >>> conv = nn.Conv2d(1, 4, kernel_size=3)
    >>> whiten(conv, images)
    >>> outputs = conv(images).transpose(0, 1).flatten(1)
    >>> bool((outputs.cov() - torch.eye(4)).abs().max() < 0.02)
    True
    """
    patches = _patches(conv, _floats(images))
    filters, size = conv.out_channels, patches.shape[1]
    if filters > 2 * size:
        raise ValueError(
            f"conv: found {filters} filters for patches of {size} numbers; expected at most "
            f"{2 * size}, the directions there are and their negatives. Take fewer filters or a "
            "larger kernel."
        )
    mean = patches.mean(dim=0)
    patches -= mean
    covariance = patches.T @ patches / (len(patches) - 1)
    values, vectors = torch.linalg.eigh(covariance)  # ascending; eigenvectors in columns
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1).T
    if not float(values[0]) > 0:
        raise ValueError(
            "images: found patches that are all the same; expected images that vary. "
            "Look at the images that you pass."
        )
    # An eigenvector's sign is open: the largest entry positive is the same on every machine.
    largest = vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True))
    rows = vectors * largest.sign() / torch.sqrt(values + eps)[:, None]
    rows = torch.cat([rows, -rows])[:filters]
    conv.weight.copy_(rows.reshape(conv.weight.shape))
    if conv.bias is not None:
        conv.bias.copy_(-rows @ mean)


def _floats(images: object) -> Tensor:
    """Make (N, C, H, W) floats of at most 500 images, uint8 scaled to 0 to 1."""
    tensor = torch.as_tensor(images)
    tensor = tensor[:: max(1, -(-len(tensor) // MOST_IMAGES))] if tensor.ndim else tensor
    if tensor.dtype == torch.uint8:
        channels_last = tensor.ndim == 4 and tensor.shape[1] not in (1, 3)
        tensor = tensor.permute(0, 3, 1, 2) if channels_last else tensor
        tensor = tensor / 255
    if tensor.ndim == 3:
        tensor = tensor[:, None]
    if tensor.ndim != 4 or not tensor.is_floating_point():
        raise ValueError(
            f"images: found shape {tuple(tensor.shape)} of {tensor.dtype}; expected (N, H, W) "
            "or (N, H, W, 3) uint8, or (N, C, H, W) floats. Pass the training images."
        )
    return tensor.cpu().double()


def _patches(conv: nn.Conv2d, images: Tensor) -> Tensor:
    """Cut out every patch that the convolution reads: (N, C, H, W) -> (count, D)."""
    if conv.groups != 1 or images.shape[1] != conv.in_channels:
        raise ValueError(
            f"conv: found {conv.in_channels} input channels in {conv.groups} group(s) for images "
            f"of {images.shape[1]}; expected as many, in one group. Whiten the first layer only."
        )
    sides: list[int] = []  # left, right, top, bottom, as F.pad wants them
    for axis in (1, 0):
        spread = conv.dilation[axis] * (conv.kernel_size[axis] - 1)
        if conv.padding == "same":
            sides += [spread // 2, spread - spread // 2]
        else:
            sides += [0, 0] if conv.padding == "valid" else [int(conv.padding[axis])] * 2
    mode = "constant" if conv.padding_mode == "zeros" else conv.padding_mode
    padded = F.pad(images, sides, mode=mode)
    columns = F.unfold(padded, conv.kernel_size, dilation=conv.dilation, stride=conv.stride)
    return columns.transpose(1, 2).flatten(0, 1)
