"""VGG-16: nothing but 3x3 convolutions and 2x2 max pooling, sixteen layers with weights.

K. Simonyan and A. Zisserman, *Very deep convolutional networks for large-scale image recognition*,
ICLR 2015, table 1, column D. The VGG-16 of torchvision is the same network.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Column D: the blocks as (maps, how many convolutions make them); each ends in max pooling.
BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))


def vgg_block(in_channels: int, out_channels: int, convs: int) -> nn.Sequential:
    """Make a block: `convs` 3x3 convolutions with ReLU, then 2x2 max pooling.

    (N, in_channels, H, W) -> (N, out_channels, H/2, W/2), rounded down.

    Examples
    --------
    >>> vgg_block(3, 64, convs=2)(torch.zeros(1, 3, 32, 32)).shape
    torch.Size([1, 64, 16, 16])
    """
    layers: list[nn.Module] = []
    for _ in range(convs):
        layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, nn.MaxPool2d(2))


class VGG16(nn.Module):
    """VGG-16 for colour images: (N, 3, 224, 224) -> (N, num_classes) logits.

    ======  ===================================  ==============  ============
    layer   what it does                         what comes out  parameters
    ======  ===================================  ==============  ============
    block1  2 convolutions, 64 maps, pooling     64 x 112 x 112        38,720
    block2  2 convolutions, 128 maps, pooling    128 x 56 x 56        221,440
    block3  3 convolutions, 256 maps, pooling    256 x 28 x 28      1,475,328
    block4  3 convolutions, 512 maps, pooling    512 x 14 x 14      5,899,776
    block5  3 convolutions, 512 maps, pooling    512 x 7 x 7        7,079,424
    fc6     dense, 25,088 to 4,096               4,096            102,764,544
    fc7     dense, 4,096 to 4,096                4,096             16,781,312
    fc8     dense, 4,096 to num_classes          num_classes        4,097,000
    ======  ===================================  ==============  ============

    ReLU follows each layer with weights but the last, dropout with p = 0.5 fc6 and fc7.

    Parameters
    ----------
    num_classes
        Length of the output; 4,097,000 parameters of fc8 belong to 1,000.

    Examples
    --------
    >>> with torch.device("meta"):
    ...     model = VGG16()
    ...     model(torch.zeros(2, 3, 224, 224)).shape
    torch.Size([2, 1000])
    >>> sum(parameter.numel() for parameter in model.parameters())
    138357544
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        blocks, in_channels = nn.Sequential(), 3
        for number, (out_channels, convs) in enumerate(BLOCKS, start=1):
            blocks.add_module(f"block{number}", vgg_block(in_channels, out_channels, convs))
            in_channels = out_channels
        self.blocks = blocks
        self.dropout = nn.Dropout(0.5)
        self.fc6 = nn.Linear(512 * 7 * 7, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 224, 224)
        """Compute the logits."""
        x = self.blocks(x)  # (N, 512, 7, 7)
        x = torch.flatten(x, start_dim=1)  # (N, 25088)
        x = self.dropout(F.relu(self.fc6(x)))  # (N, 4096)
        x = self.dropout(F.relu(self.fc7(x)))  # (N, 4096)
        logits: Tensor = self.fc8(x)  # (N, num_classes)
        return logits
