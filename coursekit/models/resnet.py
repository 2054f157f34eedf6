"""ResNet-18, -34 and -50, the residual networks that won the ImageNet challenge of 2015.

K. He, X. Zhang, S. Ren and J. Sun, *Deep residual learning for image recognition*, CVPR 2016,
table 1. The networks of torchvision are the same, but for one thing that the paper's table leaves
open and that is taken from there: a bottleneck block makes its maps smaller in the 3x3
convolution, not in the first 1x1. The paper's networks for small images stand in
`resnet_small.py`.
"""

from torch import Tensor, nn
from torch.nn import functional as F

# Table 1: the blocks in conv2_x to conv5_x.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with batch norm, and a shortcut past both of them.

    (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride), rounded up. The shortcut
    is the input itself, or a 1x1 convolution of it where the shape changes (the paper's option B).

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
        self.shortcut = make_shortcut(in_channels, out_channels, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Compute relu(shortcut + residual)."""
        return F.relu(self.shortcut(x) + self.residual(x))

    def residual(self, x: Tensor) -> Tensor:
        """Compute what the block adds to its shortcut."""
        x = F.relu(self.bn1(self.conv1(x)))
        maps: Tensor = self.bn2(self.conv2(x))
        return maps


class Bottleneck(nn.Module):
    """A 3x3 convolution between two 1x1, all with batch norm, and a shortcut past all three.

    (N, in_channels, H, W) -> (N, 4 width, H / stride, W / stride), rounded up. The first 1x1 goes
    down to `width` maps, so that the 3x3 is cheap, the last one up to four times as many.

    Examples
    --------
    >>> import torch
    >>> Bottleneck(64, 16, stride=2)(torch.zeros(1, 64, 8, 8)).shape
    torch.Size([1, 64, 4, 4])
    """

    def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.shortcut = make_shortcut(in_channels, 4 * width, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Compute relu(shortcut + residual)."""
        residual = F.relu(self.bn1(self.conv1(x)))
        residual = F.relu(self.bn2(self.conv2(residual)))
        residual = self.bn3(self.conv3(residual))
        return F.relu(self.shortcut(x) + residual)


def make_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """Make the way past a block: the identity, or a 1x1 projection where the shape changes.

    Examples
    --------
    >>> make_shortcut(16, 16, stride=1)
    Identity()
    """
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
        nn.BatchNorm2d(out_channels),
    )


class ResNet(nn.Module):
    """A residual network for colour images: (N, 3, 224, 224) -> (N, num_classes) logits.

    =======  =================================  ===================================  ==========
    layer    ResNet-18, ResNet-34               ResNet-50                            size
    =======  =================================  ===================================  ==========
    conv1    64 filters 7x7, stride 2           the same                             112 x 112
    pool     3x3 max pooling, stride 2          the same                             56 x 56
    conv2_x  2, 3 basic blocks, 64 maps         3 bottlenecks, 64 wide, 256 maps     56 x 56
    conv3_x  2, 4 basic blocks, 128 maps        4 bottlenecks, 128 wide, 512 maps    28 x 28
    conv4_x  2, 6 basic blocks, 256 maps        6 bottlenecks, 256 wide, 1024 maps   14 x 14
    conv5_x  2, 3 basic blocks, 512 maps        3 bottlenecks, 512 wide, 2048 maps   7 x 7
    mean     global average pooling             the same                             1 x 1
    fc       dense, 512 to num_classes          dense, 2048 to num_classes
    =======  =================================  ===================================  ==========

    11,689,512, 21,797,672 and 25,557,032 parameters for 1,000 classes. Batch norm follows each
    convolution; conv3_x to conv5_x begin with stride 2.

    Parameters
    ----------
    depth
        18, 34 or 50: layers with weights on the way through, shortcuts not counted.
    num_classes
        Length of the output.

    Raises
    ------
    ValueError
        For another depth.

    Examples
    --------
    >>> import torch
    >>> with torch.device("meta"):
    ...     model = ResNet(50)
    ...     model(torch.zeros(2, 3, 224, 224)).shape
    torch.Size([2, 1000])
    >>> sum(parameter.numel() for parameter in model.parameters())
    25557032
    """

    def __init__(self, depth: int, num_classes: int = 1000) -> None:
        super().__init__()
        if depth not in BLOCKS:
            raise ValueError(
                f"depth: found {depth!r}; expected one of {', '.join(map(str, BLOCKS))}. "
                "For small images there is SmallResNet, of depth 8, 14, 20, and so on."
            )
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.stages, channels = nn.Sequential(), 64
        for number, blocks in enumerate(BLOCKS[depth]):
            width, stage = 64 * 2**number, nn.Sequential()
            for place in range(blocks):
                stride = 2 if number and not place else 1
                if depth == 50:
                    stage.append(Bottleneck(channels, width, stride))
                else:
                    stage.append(BasicBlock(channels, width, stride))
                channels = 4 * width if depth == 50 else width
            self.stages.add_module(f"conv{number + 2}_x", stage)
        self.fc = nn.Linear(channels, num_classes)
        start_as_he(self)

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 224, 224)
        """Compute the logits."""
        x = F.relu(self.bn1(self.conv1(x)))  # (N, 64, 112, 112)
        x = self.pool(x)  # (N, 64, 56, 56)
        x = self.stages(x)  # (N, 512 or 2048, 7, 7)
        x = x.mean(dim=(2, 3))  # global average pooling
        logits: Tensor = self.fc(x)  # (N, num_classes)
        return logits


def start_as_he(model: nn.Module) -> None:
    """Draw the weights of all convolutions anew, with the variance 2 / (kernel area * maps out).

    He et al., *Delving deep into rectifiers*, ICCV 2015.

    Examples
    --------
    >>> layer = nn.Conv2d(64, 64, 3)
    >>> start_as_he(layer)
    >>> round(float(layer.weight.detach().std() ** 2 * 288), 1)
    1.0
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
