"""AlexNet, the network that won the ImageNet challenge of 2012.

A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural
networks*, Advances in Neural Information Processing Systems 25, 2012, section 3. The network was
split over two GPUs, and three of its convolutions see only the maps on their own GPU. The AlexNet
of torchvision is another one: one stream with other widths (A. Krizhevsky, *One weird trick for
parallelizing convolutional neural networks*, 2014), 61,100,840 parameters.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class AlexNet(nn.Module):
    """AlexNet for colour images: (N, 3, 224, 224) -> (N, num_classes) logits.

    ======  =========================================  ==============  ============
    layer   what it does                               what comes out  parameters
    ======  =========================================  ==============  ============
    conv1   96 filters 11x11, stride 4, padded by 2    96 x 55 x 55          34,944
    pool1   3x3 max pooling, stride 2                  96 x 27 x 27               0
    conv2   256 filters 5x5, padded by 2, two groups   256 x 27 x 27        307,456
    pool2   3x3 max pooling, stride 2                  256 x 13 x 13              0
    conv3   384 filters 3x3, padded by 1               384 x 13 x 13        885,120
    conv4   384 filters 3x3, padded by 1, two groups   384 x 13 x 13        663,936
    conv5   256 filters 3x3, padded by 1, two groups   256 x 13 x 13        442,624
    pool5   3x3 max pooling, stride 2                  256 x 6 x 6                0
    fc6     dense, 9,216 to 4,096                      4,096             37,752,832
    fc7     dense, 4,096 to 4,096                      4,096             16,781,312
    fc8     dense, 4,096 to num_classes                num_classes        4,097,000
    ======  =========================================  ==============  ============

    ReLU follows each layer with weights but the last; local response normalization follows conv1
    and conv2, dropout with p = 0.5 fc6 and fc7. The paper says 224 x 224 and no padding, which
    does not give its 55 x 55 maps; padding by 2 does.

    Parameters
    ----------
    num_classes
        Length of the output; 4,097,000 parameters of fc8 belong to 1,000.
    groups
        2 for the two GPUs of the paper; 1 for one stream of the same widths, 62,378,344 parameters.

    Examples
    --------
    >>> with torch.device("meta"):  # shapes and counts without 244 MB of weights
    ...     model = AlexNet()
    ...     model(torch.zeros(2, 3, 224, 224)).shape
    torch.Size([2, 1000])
    >>> sum(parameter.numel() for parameter in model.parameters())
    60965224
    """

    def __init__(self, num_classes: int = 1000, *, groups: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, kernel_size=11, stride=4, padding=2)
        self.conv2 = nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups)
        self.conv3 = nn.Conv2d(256, 384, kernel_size=3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups)
        self.conv5 = nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups)
        self.pool = nn.MaxPool2d(3, stride=2)
        self.norm = response_norm()
        self.dropout = nn.Dropout(0.5)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # (N, 3, 224, 224)
        """Compute the logits."""
        x = self.norm(F.relu(self.conv1(x)))  # (N, 96, 55, 55)
        x = self.pool(x)  # (N, 96, 27, 27)
        x = self.norm(F.relu(self.conv2(x)))  # (N, 256, 27, 27)
        x = self.pool(x)  # (N, 256, 13, 13)
        x = F.relu(self.conv3(x))  # (N, 384, 13, 13)
        x = F.relu(self.conv4(x))  # (N, 384, 13, 13)
        x = F.relu(self.conv5(x))  # (N, 256, 13, 13)
        x = self.pool(x)  # (N, 256, 6, 6)
        x = torch.flatten(x, start_dim=1)  # (N, 9216)
        x = self.dropout(F.relu(self.fc6(x)))  # (N, 4096)
        x = self.dropout(F.relu(self.fc7(x)))  # (N, 4096)
        logits: Tensor = self.fc8(x)  # (N, num_classes)
        return logits


def response_norm() -> nn.LocalResponseNorm:
    """Make the paper's local response normalization: x / (2 + 0.0001 sum of squares)^0.75.

    The sum goes over five neighbouring maps at one place. PyTorch divides alpha by the five.

    Examples
    --------
    >>> round(float(response_norm()(torch.full((1, 1, 1, 1), 100.0))), 3)  # 100 / (2 + 1)^0.75
    43.869
    """
    return nn.LocalResponseNorm(size=5, alpha=5 * 0.0001, beta=0.75, k=2.0)
