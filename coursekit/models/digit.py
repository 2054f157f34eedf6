"""A small network for handwritten digits, every layer of which fits on one page."""

from collections import OrderedDict

from torch import nn


def digit_cnn(num_classes: int = 10) -> nn.Sequential:
    """Line up two convolutions with ReLU and pooling: (N, 1, 28, 28) -> (N, num_classes) logits.

    A layer is got by its name, ``model.conv1``, and the first three by ``model[:3]``.

    Parameters
    ----------
    num_classes
        Length of the output.

    Examples
    --------
    >>> import torch
    >>> model, images = digit_cnn(), torch.zeros(2, 1, 28, 28)
    >>> model[:3](images).shape, model(images).shape
    (torch.Size([2, 8, 14, 14]), torch.Size([2, 10]))
    """
    layers: dict[str, nn.Module] = {
        "conv1": nn.Conv2d(1, 8, kernel_size=5, padding=2),  # (N, 8, 28, 28)
        "relu1": nn.ReLU(),
        "pool1": nn.MaxPool2d(2),  # (N, 8, 14, 14)
        "conv2": nn.Conv2d(8, 16, kernel_size=5, padding=2),  # (N, 16, 14, 14)
        "relu2": nn.ReLU(),
        "pool2": nn.MaxPool2d(2),  # (N, 16, 7, 7)
        "flatten": nn.Flatten(),  # (N, 784)
        "fc": nn.Linear(16 * 7 * 7, num_classes),
    }
    return nn.Sequential(OrderedDict(layers))
