"""Residual networks for small images, and the same networks without their shortcuts.

K. He, X. Zhang, S. Ren and J. Sun, *Deep residual learning for image recognition*, CVPR 2016: the
networks of section 4.2 for 32 x 32 images, with projections (the paper's option B) where a block
changes the shape.
"""

from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.models.resnet import BasicBlock, start_as_he


class PlainBlock(BasicBlock):
    """The same two convolutions without a way past them: what a residual block is measured by.

    Examples
    --------
    >>> import torch
    >>> block, x = PlainBlock(4, 4), torch.rand(1, 4, 8, 8)
    >>> torch.equal(block(x), F.relu(block.residual(x)))
    True
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__(in_channels, out_channels, stride)
        del self.shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Compute relu(residual)."""
        return F.relu(self.residual(x))


class SmallResNet(nn.Module):
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
    residual
        False: a plain network, the same layers without shortcuts.

    Raises
    ------
    ValueError
        When the depth is not 6n + 2.

    Examples
    --------
    >>> sum(parameter.numel() for parameter in SmallResNet(depth=20).parameters())  # paper: 0.27M
    272474
    """

    def __init__(
        self,
        depth: int = 8,
        num_classes: int = 10,
        *,
        in_channels: int = 3,
        width: int = 16,
        residual: bool = True,
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
        block = BasicBlock if residual else PlainBlock
        self.stage1 = stage(block, width, width, blocks, stride=1)
        self.stage2 = stage(block, width, 2 * width, blocks, stride=2)
        self.stage3 = stage(block, 2 * width, 4 * width, blocks, stride=2)
        self.fc = nn.Linear(4 * width, num_classes)
        start_as_he(self)

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 32, 32)
        """Compute the logits."""
        x = F.relu(self.bn(self.conv(x)))  # (N, 16, 32, 32)
        x = self.stage1(x)  # (N, 16, 32, 32)
        x = self.stage2(x)  # (N, 32, 16, 16)
        x = self.stage3(x)  # (N, 64, 8, 8)
        x = x.mean(dim=(2, 3))  # (N, 64): global average pooling
        logits: Tensor = self.fc(x)  # (N, num_classes)
        return logits


def stage(
    block: type[BasicBlock], in_channels: int, out_channels: int, blocks: int, stride: int
) -> nn.Sequential:
    """Line up blocks of one width; the first changes the shape.

    Examples
    --------
    >>> len(stage(BasicBlock, 16, 32, blocks=3, stride=2))
    3
    """
    first = block(in_channels, out_channels, stride)
    return nn.Sequential(first, *(block(out_channels, out_channels) for _ in range(blocks - 1)))


def resnet8(num_classes: int = 10, *, in_channels: int = 3) -> SmallResNet:
    """Build the smallest of them: eight layers, 78,042 parameters for 10 classes.

    Examples
    --------
    >>> sum(parameter.numel() for parameter in resnet8().parameters())
    78042
    """
    return SmallResNet(8, num_classes, in_channels=in_channels)
