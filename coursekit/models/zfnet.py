"""ZFNet, AlexNet with finer first layers, which won the classification challenge of 2013.

M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV 2014, figure
3. Pictures of AlexNet's first layers showed filters that do little, and maps with a coarse grid in
them; smaller filters with a smaller stride put both right. One stream, no groups.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.models.alexnet import response_norm


class ZFNet(nn.Module):
    """ZFNet for colour images: (N, 3, 224, 224) -> (N, num_classes) logits.

    ======  =======================================  ==============  ============
    layer   what it does                             what comes out  parameters
    ======  =======================================  ==============  ============
    conv1   96 filters 7x7, stride 2, padded by 1    96 x 110 x 110        14,208
    pool1   3x3 max pooling, stride 2, rounded up    96 x 55 x 55               0
    conv2   256 filters 5x5, stride 2                256 x 26 x 26        614,656
    pool2   3x3 max pooling, stride 2, rounded up    256 x 13 x 13              0
    conv3   384 filters 3x3, padded by 1             384 x 13 x 13        885,120
    conv4   384 filters 3x3, padded by 1             384 x 13 x 13      1,327,488
    conv5   256 filters 3x3, padded by 1             256 x 13 x 13        884,992
    pool5   3x3 max pooling, stride 2                256 x 6 x 6                0
    fc6     dense, 9,216 to 4,096                    4,096             37,752,832
    fc7     dense, 4,096 to 4,096                    4,096             16,781,312
    fc8     dense, 4,096 to num_classes              num_classes        4,097,000
    ======  =======================================  ==============  ============

    ReLU follows each layer with weights but the last, normalization across maps the first two
    poolings, dropout with p = 0.5 fc6 and fc7. The figure gives the sizes of the maps; padding
    and rounding are what leads to them.

    Parameters
    ----------
    num_classes
        Length of the output; 4,097,000 parameters of fc8 belong to 1,000.

    Examples
    --------
    >>> with torch.device("meta"):
    ...     model = ZFNet()
    ...     model(torch.zeros(2, 3, 224, 224)).shape
    torch.Size([2, 1000])
    >>> sum(parameter.numel() for parameter in model.parameters())
    62357608
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1)
        self.conv2 = nn.Conv2d(96, 256, kernel_size=5, stride=2)
        self.conv3 = nn.Conv2d(256, 384, kernel_size=3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, kernel_size=3, padding=1)
        self.conv5 = nn.Conv2d(384, 256, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.norm = response_norm()
        self.dropout = nn.Dropout(0.5)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 224, 224)
        """Compute the logits."""
        x = F.relu(self.conv1(x))  # (N, 96, 110, 110)
        x = self.norm(self.pool(x))  # (N, 96, 55, 55)
        x = F.relu(self.conv2(x))  # (N, 256, 26, 26)
        x = self.norm(self.pool(x))  # (N, 256, 13, 13)
        x = F.relu(self.conv3(x))  # (N, 384, 13, 13)
        x = F.relu(self.conv4(x))  # (N, 384, 13, 13)
        x = F.relu(self.conv5(x))  # (N, 256, 13, 13)
        x = self.pool(x)  # (N, 256, 6, 6)
        x = torch.flatten(x, start_dim=1)  # (N, 9216)
        x = self.dropout(F.relu(self.fc6(x)))  # (N, 4096)
        x = self.dropout(F.relu(self.fc7(x)))  # (N, 4096)
        logits: Tensor = self.fc8(x)  # (N, num_classes)
        return logits
