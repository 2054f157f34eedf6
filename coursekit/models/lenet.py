"""LeNet-5, as it is taught today: the network of 1998 with plain average pooling.

Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
recognition*, Proceedings of the IEEE, 1998. The names C1 to F6 are the paper's. What differs from
the paper stands in `lenet1998.py`.
"""

from typing import Any

import torch
from torch import Tensor, nn


class LeNet5(nn.Module):
    """LeNet-5 for 28 x 28 grey images: (N, 1, 28, 28) -> (N, num_classes) logits.

    ======  ==========================  ==============  ==========
    layer   what it does                what comes out  parameters
    ======  ==========================  ==============  ==========
    C1      6 filters 5x5, padded by 2  6 x 28 x 28            156
    S2      2x2 average pooling         6 x 14 x 14              0
    C3      16 filters 5x5              16 x 10 x 10         2,416
    S4      2x2 average pooling         16 x 5 x 5               0
    C5      dense, 400 to 120           120                 48,120
    F6      dense, 120 to 84            84                  10,164
    output  dense, 84 to num_classes    num_classes            850
    ======  ==========================  ==============  ==========

    The tangens hyperbolicus follows C1, C3, C5 and F6.

    Parameters
    ----------
    num_classes
        Length of the output; 850 parameters of the last layer belong to 10.

    Examples
    --------
    >>> model = LeNet5()
    >>> model(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    >>> sum(parameter.numel() for parameter in model.parameters())
    61706
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.s2 = nn.AvgPool2d(2)
        self.c3 = nn.Conv2d(6, 16, kernel_size=5)
        self.s4 = nn.AvgPool2d(2)
        self.c5 = nn.Linear(16 * 5 * 5, 120)
        self.f6 = nn.Linear(120, 84)
        self.output = nn.Linear(84, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # (N, 1, 28, 28)
        """Compute the logits."""
        x = torch.tanh(self.c1(x))  # (N, 6, 28, 28)
        x = self.s2(x)  # (N, 6, 14, 14)
        x = torch.tanh(self.c3(x))  # (N, 16, 10, 10)
        x = self.s4(x)  # (N, 16, 5, 5)
        x = x.flatten(start_dim=1)  # (N, 400)
        x = torch.tanh(self.c5(x))  # (N, 120)
        x = torch.tanh(self.f6(x))  # (N, 84)
        logits: Tensor = self.output(x)  # (N, num_classes)
        return logits


def lenet5_keras(num_classes: int = 10) -> Any:
    """Build the same network in Keras: (N, 28, 28, 1) -> (N, num_classes) logits.

    Keras keeps the channels last, so its flattened maps come in another order: see
    `lenet5_to_keras`.

    Examples
    --------
    >>> lenet5_keras().count_params()
    61706
    """
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="tanh", name="c1"),
            layers.AveragePooling2D(2, name="s2"),
            layers.Conv2D(16, 5, activation="tanh", name="c3"),
            layers.AveragePooling2D(2, name="s4"),
            layers.Flatten(),
            layers.Dense(120, activation="tanh", name="c5"),
            layers.Dense(84, activation="tanh", name="f6"),
            layers.Dense(num_classes, name="output"),
        ],
        name="lenet5",
    )


def lenet5_to_keras(model: LeNet5) -> Any:
    """Build the Keras twin of a network, with a copy of its weights.

    A PyTorch kernel is (K, C, F, F), one of Keras (F, F, C, K); a dense matrix is (out, in) there
    and (in, out) here; and C5 reads maps that PyTorch flattens channel by channel, Keras pixel by
    pixel.

    Parameters
    ----------
    model
        A `LeNet5` with any number of classes.

    Examples
    --------
    >>> model = LeNet5(num_classes=3)
    >>> twin = lenet5_to_keras(model)
    >>> images = torch.rand(2, 1, 28, 28)
    >>> ours = model(images).detach().numpy()
    >>> theirs = twin.predict(images.numpy().transpose(0, 2, 3, 1), verbose=0)
    >>> bool(abs(ours - theirs).max() < 1e-5)
    True
    """
    twin = lenet5_keras(model.output.out_features)
    for name in ("c1", "c3", "c5", "f6", "output"):
        layer = model.get_submodule(name)
        weight, bias = (p.detach().cpu() for p in layer.parameters())
        if name == "c5":  # (120, 16 * 5 * 5) -> (120, 5 * 5 * 16)
            weight = weight.reshape(-1, 16, 5, 5).permute(0, 2, 3, 1).flatten(start_dim=1)
        order = (2, 3, 1, 0) if isinstance(layer, nn.Conv2d) else (1, 0)
        twin.get_layer(name).set_weights([weight.permute(order).numpy(), bias.numpy()])
    return twin
