"""GoogLeNet, the network of Inception modules that won the ImageNet challenge of 2014.

C. Szegedy and others, *Going deeper with convolutions*, CVPR 2015, table 1 and section 5. The
GoogLeNet of torchvision is another one: it has batch normalization in place of biases, and 3x3
filters where the paper has 5x5, so that its weights do not fit here.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.models.alexnet import response_norm

# Table 1, columns #1x1 to pool proj; the channels that come in are those that went out before.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class Inception(nn.Module):
    """Four branches side by side, joined on the channel axis.

    (N, in_channels, H, W) -> (N, c1 + c3 + c5 + pool_proj, H, W). ReLU follows every convolution.

    Parameters
    ----------
    in_channels
        Maps that come in, to all four branches.
    c1
        Maps of the 1x1 branch.
    c3_reduce, c3
        Maps of the 1x1 convolution before the 3x3, and of the 3x3.
    c5_reduce, c5
        The same for the 5x5.
    pool_proj
        Maps of the 1x1 convolution after 3x3 max pooling with stride 1.

    Examples
    --------
    >>> Inception(192, *MODULES["3a"])(torch.zeros(1, 192, 28, 28)).shape
    torch.Size([1, 256, 28, 28])
    """

    def __init__(
        self,
        in_channels: int,
        c1: int,
        c3_reduce: int,
        c3: int,
        c5_reduce: int,
        c5: int,
        pool_proj: int,
    ) -> None:
        super().__init__()
        self.branch1 = nn.Conv2d(in_channels, c1, kernel_size=1)
        self.reduce3 = nn.Conv2d(in_channels, c3_reduce, kernel_size=1)
        self.branch3 = nn.Conv2d(c3_reduce, c3, kernel_size=3, padding=1)
        self.reduce5 = nn.Conv2d(in_channels, c5_reduce, kernel_size=1)
        self.branch5 = nn.Conv2d(c5_reduce, c5, kernel_size=5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.project = nn.Conv2d(in_channels, pool_proj, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the branches and join them."""
        one = F.relu(self.branch1(x))
        three = F.relu(self.branch3(F.relu(self.reduce3(x))))
        five = F.relu(self.branch5(F.relu(self.reduce5(x))))
        pooled = F.relu(self.project(self.pool(x)))
        return torch.cat([one, three, five, pooled], dim=1)


class AuxiliaryHead(nn.Module):
    """A second classifier in the middle, for training alone: (N, C, 14, 14) -> (N, num_classes).

    Examples
    --------
    >>> with torch.device("meta"):
    ...     AuxiliaryHead(512, 1000)(torch.zeros(1, 512, 14, 14)).shape
    torch.Size([1, 1000])
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(5, stride=3)
        self.conv = nn.Conv2d(in_channels, 128, kernel_size=1)
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits."""
        x = F.relu(self.conv(self.pool(x)))  # (N, 128, 4, 4)
        x = F.relu(self.fc1(torch.flatten(x, start_dim=1)))  # (N, 1024)
        logits: Tensor = self.fc2(self.dropout(x))  # (N, num_classes)
        return logits


class GoogLeNet(nn.Module):
    """GoogLeNet for colour images: (N, 3, 224, 224) -> (N, num_classes) logits.

    =========  =====================================  ==============  ==========
    layer      what it does                           what comes out  parameters
    =========  =====================================  ==============  ==========
    conv1      64 filters 7x7, stride 2, padded by 3  64 x 112 x 112       9,472
    pool       3x3 max pooling, stride 2              64 x 56 x 56             0
    reduce2    64 filters 1x1                         64 x 56 x 56         4,160
    conv2      192 filters 3x3, padded by 1           192 x 56 x 56      110,784
    pool       3x3 max pooling, stride 2              192 x 28 x 28            0
    3a, 3b     Inception                              480 x 28 x 28      552,432
    pool       3x3 max pooling, stride 2              480 x 14 x 14            0
    4a to 4e   Inception                              832 x 14 x 14    2,809,168
    pool       3x3 max pooling, stride 2              832 x 7 x 7              0
    5a, 5b     Inception                              1024 x 7 x 7     2,487,536
    mean       global average pooling                 1,024                    0
    fc         dense, after dropout with p = 0.4      num_classes      1,025,000
    =========  =====================================  ==============  ==========

    Poolings round up. Local response normalization follows the first and precedes the second.

    Parameters
    ----------
    num_classes
        Length of the output; 1,025,000 parameters of fc belong to 1,000.
    auxiliary
        Whether there are the two classifiers after 4a and 4d, 6,379,728 parameters more. In
        training mode the network then returns three tensors of logits, its own first; the paper
        adds the losses of the other two with a weight of 0.3.

    Examples
    --------
    >>> with torch.device("meta"):
    ...     model = GoogLeNet()
    ...     model(torch.zeros(2, 3, 224, 224)).shape
    torch.Size([2, 1000])
    >>> sum(parameter.numel() for parameter in model.parameters())
    6998552
    """

    def __init__(self, num_classes: int = 1000, *, auxiliary: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3)
        self.reduce2 = nn.Conv2d(64, 64, kernel_size=1)
        self.conv2 = nn.Conv2d(64, 192, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.norm = response_norm()
        self.inception = nn.ModuleDict()
        channels = 192
        for name, (c1, c3_reduce, c3, c5_reduce, c5, pool_proj) in MODULES.items():
            self.inception[name] = Inception(channels, c1, c3_reduce, c3, c5_reduce, c5, pool_proj)
            channels = c1 + c3 + c5 + pool_proj
        self.auxiliary = nn.ModuleDict()
        if auxiliary:
            self.auxiliary["4a"] = AuxiliaryHead(512, num_classes)
            self.auxiliary["4d"] = AuxiliaryHead(528, num_classes)
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(1024, num_classes)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:  # (N, 3, 224, 224)
        """Compute the logits; while training with auxiliary heads, theirs too."""
        x = F.relu(self.conv1(x))  # (N, 64, 112, 112)
        x = self.norm(self.pool(x))  # (N, 64, 56, 56)
        x = F.relu(self.reduce2(x))  # (N, 64, 56, 56)
        x = self.norm(F.relu(self.conv2(x)))  # (N, 192, 56, 56)
        x = self.pool(x)  # (N, 192, 28, 28)
        others = []
        for name, module in self.inception.items():
            x = module(x)  # after 5b: (N, 1024, 7, 7)
            if name in ("3b", "4e"):
                x = self.pool(x)
            if name in self.auxiliary and self.training:
                others.append(self.auxiliary[name](x))
        x = x.mean(dim=(2, 3))  # (N, 1024): global average pooling
        logits: Tensor = self.fc(self.dropout(x))  # (N, num_classes)
        return (logits, *others) if others else logits
