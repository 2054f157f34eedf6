"""LeNet-5 in many styles, all right; each has to pass."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from wrong_answers_12 import (
    BENT1,
    C1,
    C2,
    DEF,
    F1,
    F3,
    FLAT,
    LAST,
    LENET,
    STAGE1,
    STAGE2,
    SUPER,
    edited,
)  # fmt: skip


def layers(num_classes=10):
    return [
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, num_classes),
    ]  # fmt: skip


def from_a_function(num_classes=10):
    return nn.Sequential(*layers(num_classes))


class Subclassed(nn.Sequential):
    def __init__(self, num_classes=10):
        super().__init__(*layers(num_classes))


class InTwoParts(nn.Module):
    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(*layers()[:6])
        self.classifier = nn.Sequential(*layers(num_classes)[6:])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x))


class Listed(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.steps = nn.ModuleList(layers(num_classes))

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


class Lazy(nn.Module):
    """Learns the sizes of its inputs from the first pictures."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, 5, padding="same"), nn.Tanh(), nn.AvgPool2d(2),
            nn.LazyConv2d(16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
            nn.LazyLinear(120), nn.Tanh(), nn.LazyLinear(84), nn.Tanh(), nn.LazyLinear(num_classes),
        )  # fmt: skip

    def forward(self, x):
        return self.net(x)


class OwnWeights(nn.Module):
    """Makes its parameters by hand."""

    def __init__(self, num_classes=10):
        super().__init__()
        sizes = [(6, 1, 5, 5), (16, 6, 5, 5), (120, 400), (84, 120), (num_classes, 84)]
        self.all = nn.ParameterList()
        for size in sizes:
            self.all.append(torch.randn(size) / 10)
            self.all.append(torch.zeros(size[0]))

    def forward(self, x):
        w = list(self.all)
        x = functional.conv2d(x, w[0], w[1], padding=2).tanh()
        x = functional.conv2d(functional.avg_pool2d(x, 2), w[2], w[3]).tanh()
        x = functional.avg_pool2d(x, 2).flatten(1)
        x = functional.linear(x, w[4], w[5]).tanh()
        return functional.linear(functional.linear(x, w[6], w[7]).tanh(), w[8], w[9])


class ThirdConvolution(nn.Module):
    """The paper's C5 is a convolution over its whole input: the same as a dense layer."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.c1, self.c3 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6, self.out = nn.Linear(120, 84), nn.Linear(84, num_classes)
        self.pool, self.bend = nn.AvgPool2d(2, 2), nn.Tanh()

    def forward(self, x):
        x = self.pool(self.bend(self.c1(x)))
        x = self.pool(self.bend(self.c3(x)))
        x = self.bend(self.c5(x)).view(-1, 120)
        return self.out(self.bend(self.f6(x)))


class Factory:
    def __call__(self, num_classes=10):
        return InTwoParts(num_classes)


EDITS: list[list[tuple[str, str]]] = [
    [],
    [(DEF, "def __init__(self, classes=10, **options):\n        num_classes = classes")],
    [(SUPER, "super(LeNet5, self).__init__()"), ("class LeNet5", "global LeNet5\nclass LeNet5")],
    [(SUPER, "nn.Module.__init__(self)")],
    [(C1, "nn.Conv2d(in_channels=1, out_channels=6, kernel_size=(5, 5), padding='same')")],
    [(C1, "nn.Conv2d(1, 6, 5)"), (STAGE1, STAGE1.replace("x", "F.pad(x, (2, 2, 2, 2))"))],
    [(STAGE1, "F.avg_pool2d(F.tanh(self.conv1(x)), kernel_size=2, stride=2)")],
    [(STAGE1, "F.adaptive_avg_pool2d(self.conv1(x).tanh(), 14)")],
    [(STAGE2, "F.interpolate(torch.tanh(self.conv2(x)), scale_factor=0.5, mode='area')")],
    [(BENT1, "self.fc1(x).tanh()")],
    [(STAGE2, "F.avg_pool2d(torch.tanh(self.conv2(x)), 2, ceil_mode=True)")],
    [(FLAT, "x.view(x.size(0), -1)")],
    [(FLAT, "x.reshape(-1, 16 * 5 * 5)")],
    [(FLAT, "x.flatten(start_dim=1)")],
    [(F1, "nn.LazyLinear(120)")],
    [(LAST, "logits = self.fc3(x)\n        return logits")],
    [(LAST, "print(x.shape)\n        return self.fc3(x)")],
    [(C2, "nn.Conv2d(6, 16, 5)\n        for p in self.parameters():\n"
          "            nn.init.normal_(p, std=0.01)")],
    [(F3, F3 + "\n        self.loss = nn.CrossEntropyLoss()")],
]  # fmt: skip

RIGHT: list[Callable[..., Any]] = [
    *(edited(LENET, "LeNet5", *edits) for edits in EDITS),
    from_a_function,
    Subclassed,
    InTwoParts,
    Listed,
    Lazy,
    OwnWeights,
    ThirdConvolution,
    Factory(),
    partial(InTwoParts),
]
