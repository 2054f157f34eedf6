"""A residual network for small images.

K. He, X. Zhang, S. Ren and J. Sun, *Deep residual learning for image recognition*, CVPR 2016: the
networks of section 4.2 for 32 x 32 images, with projections (the paper's option B) where a block
changes the shape.
"""

from torch import Tensor, nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with batch norm, and a shortcut past both of them.

    (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride), rounded up. The shortcut
    is the input itself, or a 1x1 convolution of it where the shape changes.

    Parameters
    ----------
    in_channels, out_channels
        Maps that come in, maps that go out.
    stride
        Of the first convolution and of the shortcut.

    Examples
    --------
    >>> import torch
    >>> BasicBlock(16, 32, stride=2)(torch.zeros(1, 16, 8, 8)).shape
    torch.Size([1, 32, 4, 4])
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Compute relu(shortcut + residual)."""
        residual = F.relu(self.bn1(self.conv1(x)))
        residual = self.bn2(self.conv2(residual))
        return F.relu(self.shortcut(x) + residual)


class ResNet(nn.Module):
    """A residual network of 6n + 2 layers: (N, in_channels, H, W) -> (N, num_classes) logits.

    A 3x3 convolution, three stages of n blocks with 16, 32 and 64 maps, global average pooling, a
    dense layer. Stages two and three begin with stride 2.

    Parameters
    ----------
    depth
        Layers with weights, shortcuts not counted: 8, 14, 20, 26, ...
    num_classes
        Length of the output.
    in_channels
        3 for colour, 1 for grey.
    width
        Maps of the first stage; doubled twice.

    Raises
    ------
    ValueError
        When the depth is not 6n + 2.

    Examples
    --------
    >>> sum(parameter.numel() for parameter in ResNet(depth=20).parameters())  # the paper: 0.27M
    272474
    """

    def __init__(
        self, depth: int = 8, num_classes: int = 10, *, in_channels: int = 3, width: int = 16
    ) -> None:
        super().__init__()
        if depth < 8 or depth % 6 != 2:
            raise ValueError(
                f"depth: found {depth!r}; expected 6n + 2 layers, since each of n blocks in three "
                "stages has two. Write depth=8, 14, 20, 26 or so on."
            )
        blocks = (depth - 2) // 6
        self.conv = nn.Conv2d(in_channels, width, kernel_size=3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.stage1 = stage(width, width, blocks, stride=1)
        self.stage2 = stage(width, 2 * width, blocks, stride=2)
        self.stage3 = stage(2 * width, 4 * width, blocks, stride=2)
        self.fc = nn.Linear(4 * width, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):  # He et al., ICCV 2015
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 32, 32)
        """Compute the logits."""
        x = F.relu(self.bn(self.conv(x)))  # (N, 16, 32, 32)
        x = self.stage1(x)  # (N, 16, 32, 32)
        x = self.stage2(x)  # (N, 32, 16, 16)
        x = self.stage3(x)  # (N, 64, 8, 8)
        x = x.mean(dim=(2, 3))  # (N, 64): global average pooling
        logits: Tensor = self.fc(x)  # (N, num_classes)
        return logits


def stage(in_channels: int, out_channels: int, blocks: int, stride: int) -> nn.Sequential:
    """Line up blocks of one width; the first changes the shape.

    Examples
    --------
    >>> len(stage(16, 32, blocks=3, stride=2))
    3
    """
    first = BasicBlock(in_channels, out_channels, stride)
    return nn.Sequential(
        first, *(BasicBlock(out_channels, out_channels) for _ in range(blocks - 1))
    )


def resnet8(num_classes: int = 10, *, in_channels: int = 3) -> ResNet:
    """Build the smallest of them: eight layers, 78,042 parameters for 10 classes.

    Examples
    --------
    >>> sum(parameter.numel() for parameter in resnet8().parameters())
    78042
    """
    return ResNet(8, num_classes, in_channels=in_channels)
