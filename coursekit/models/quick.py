"""A network that is quick on a processor: strides instead of pooling, batch norm everywhere."""

import torch
from torch import Tensor, nn


class QuickCNN(nn.Module):
    """A strided network for 28 x 28 images: (N, 1, 28, 28) -> (N, num_classes) logits.

    Both convolutions take every second place only, so that no large maps are computed, and batch
    norm after each layer, the dense one too, lets it learn at a high rate. It learns faster still
    when its first layer starts whitened: see `benchmarks/whiten.py`.

    Parameters
    ----------
    num_classes
        Length of the output.

    Examples
    --------
    >>> QuickCNN()(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=5, stride=2, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 48, kernel_size=3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(48)
        self.fc1 = nn.Linear(48 * 7 * 7, 128, bias=False)
        self.bn3 = nn.BatchNorm1d(128)
        self.fc2 = nn.Linear(128, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # (N, 1, 28, 28)
        """Compute the logits."""
        x = torch.relu(self.bn1(self.conv1(x)))  # (N, 16, 14, 14)
        x = torch.relu(self.bn2(self.conv2(x)))  # (N, 48, 7, 7)
        # Pixel by pixel, as channels-last maps lie in memory: nothing has to be copied.
        x = x.permute(0, 2, 3, 1).flatten(start_dim=1)  # (N, 2352)
        x = torch.relu(self.bn3(self.fc1(x)))  # (N, 128)
        logits: Tensor = self.fc2(x)  # (N, num_classes)
        return logits
