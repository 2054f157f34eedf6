"""LeNet-5 as the paper has it, up to its last hidden layer: 60,000 trainable parameters.

Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
recognition*, Proceedings of the IEEE, 1998, section II B. Three things differ from what is called
LeNet-5 today: subsampling has weights of its own, the maps of C3 see only some of the maps of S2,
and the output layer compares F6 with fixed pictures of the digits, in which there
is nothing to train (left out here).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# The paper's table I: which of the six maps of S2 each of the sixteen maps of C3 sees.
CONNECTIONS = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip


def squash(x: Tensor) -> Tensor:
    """Compute the paper's 1.7159 tanh(2/3 x), which is close to 1 at 1 and to -1 at -1.

    Examples
    --------
    >>> [round(y, 3) for y in squash(torch.tensor([-1.0, 0.0, 1.0])).tolist()]
    [-1.0, 0.0, 1.0]
    """
    return 1.7159 * torch.tanh(2 / 3 * x)


class Subsampling(nn.Module):
    """Add each 2x2 window, times a trained coefficient, plus a trained bias: two numbers a map.

    (N, C, H, W) -> (N, C, H/2, W/2). With the coefficient 1/4 and the bias 0, where it starts, it
    is average pooling.

    Examples
    --------
    >>> layer = Subsampling(6)
    >>> sum(parameter.numel() for parameter in layer.parameters())
    12
    >>> layer(torch.ones(1, 6, 4, 4)).shape
    torch.Size([1, 6, 2, 2])
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels,), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Compute the smaller maps."""
        sums = 4 * F.avg_pool2d(x, 2)
        return sums * self.coefficient[:, None, None] + self.bias[:, None, None]


class PartialConv2d(nn.Module):
    """Convolve each output map with its own choice of input maps: (N, 6, H, W) -> (N, 16, ...).

    Parameters
    ----------
    connections
        One tuple of input maps, counted from 0, for each output map.
    kernel_size
        Side of the kernels.

    Examples
    --------
    >>> layer = PartialConv2d(CONNECTIONS, kernel_size=5)
    >>> sum(parameter.numel() for parameter in layer.parameters())
    1516
    """

    def __init__(self, connections: tuple[tuple[int, ...], ...], kernel_size: int) -> None:
        super().__init__()
        self.connections = connections
        self.maps = nn.ModuleList(nn.Conv2d(len(seen), 1, kernel_size) for seen in connections)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the maps one after the other."""
        maps = [
            conv(x[:, list(seen)]) for conv, seen in zip(self.maps, self.connections, strict=True)
        ]
        return torch.cat(maps, dim=1)


class LeNet5_1998(nn.Module):
    """LeNet-5 of 1998 from C1 to F6: (N, 1, 32, 32) -> (N, 84).

    156 + 12 + 1,516 + 32 + 48,120 + 10,164 = 60,000 parameters. The 84 outputs were meant as a
    picture of 7 x 12 pixels, to be compared with a drawn one of each character.

    Examples
    --------
    >>> model = LeNet5_1998()
    >>> model(torch.zeros(2, 1, 32, 32)).shape
    torch.Size([2, 84])
    >>> [sum(p.numel() for p in layer.parameters()) for layer in model.children()]
    [156, 12, 1516, 32, 48120, 10164]
    """

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, kernel_size=5)
        self.s2 = Subsampling(6)
        self.c3 = PartialConv2d(CONNECTIONS, kernel_size=5)
        self.s4 = Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, kernel_size=5)  # on maps of 5 x 5 the same as a dense layer
        self.f6 = nn.Linear(120, 84)

    def forward(self, x: Tensor) -> Tensor:  # (N, 1, 32, 32)
        """Compute the picture of 84 pixels."""
        x = squash(self.c1(x))  # (N, 6, 28, 28)
        x = squash(self.s2(x))  # (N, 6, 14, 14)
        x = squash(self.c3(x))  # (N, 16, 10, 10)
        x = squash(self.s4(x))  # (N, 16, 5, 5)
        x = squash(self.c5(x))  # (N, 120, 1, 1)
        return squash(self.f6(x.flatten(start_dim=1)))  # (N, 84)
