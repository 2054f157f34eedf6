"""Images a second on the network of a published record, meant for a GPU with bfloat16.

    python benchmarks/airbench_network.py
    python benchmarks/airbench_network.py --images 51200 --rounds 5 --compile

The network is that of K. Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU" (2024,
arXiv:2404.00498), section 3, written from the paper: a frozen first layer that whitens 2x2
patches, three blocks of two convolutions, GELU, batches of 1024, SGD with Nesterov's momentum,
label smoothing 0.2, crops of 2 pixels and flips in alternation. What is measured is the speed of
training, not the record: the paper's schedule, Lookahead and test-time augmentation are left out.

Beside `fit` runs a bare loop with the same tricks (bfloat16, channels last, tensors on the device)
and one in float32. On a processor it runs, slowly.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from side_by_side import HEAD, describe_machine, measure, now, record, say
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from whiten import whiten

from coursekit.training import RandomCrop, RandomHorizontalFlip, fit

WIDTHS, BATCH, SMOOTHING = (64, 256, 256), 1024, 0.2


class AlternatingFlip(RandomHorizontalFlip):
    """Mirror a random half of the images in the first epoch, the other half in the next, in turn.

    In every two epochs each image is seen once each way, where independent draws show half of the
    images twice the same way (the paper's section 3.6).
    """

    def draw(self, count: int, generator: torch.Generator, epoch: int) -> Tensor:
        """Draw (count,): whether each image is mirrored in this epoch."""
        same = torch.Generator().manual_seed(0)  # in every epoch
        return (torch.rand(count, generator=same) < self.p) ^ (epoch % 2 == 0)


class Block(nn.Module):
    """Convolution, pooling, norm, GELU, convolution, norm, GELU: half the size, `out` maps."""

    def __init__(self, given: int, out: int) -> None:
        super().__init__()
        self.conv1 = convolution(given, out)
        self.pool = nn.MaxPool2d(2)
        self.norm1 = norm(out)
        self.conv2 = convolution(out, out)
        self.norm2 = norm(out)
        self.activation = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        """Compute the maps."""
        x = self.activation(self.norm1(self.pool(self.conv1(x))))
        made: Tensor = self.activation(self.norm2(self.conv2(x)))
        return made


def convolution(given: int, out: int) -> nn.Conv2d:
    """Make a 3x3 convolution whose first filters hand their input on."""
    conv = nn.Conv2d(given, out, kernel_size=3, padding="same", bias=False)
    nn.init.dirac_(conv.weight.data[:given])
    return conv


def norm(maps: int) -> nn.BatchNorm2d:
    """Make a batch norm that forgets fast and has no scale of its own to learn."""
    made = nn.BatchNorm2d(maps, eps=1e-12, momentum=0.4)
    made.weight.requires_grad = False
    return made


class Network(nn.Module):
    """(N, 3, 32, 32) -> (N, 10) logits; 31 x 31 after whitening, then 15, 7, 3 and 1."""

    def __init__(self) -> None:
        super().__init__()
        self.whitening = nn.Conv2d(3, 24, kernel_size=2)
        self.whitening.weight.requires_grad = False
        widths = (24, *WIDTHS)
        self.blocks = nn.Sequential(*(Block(a, b) for a, b in zip(widths, WIDTHS, strict=False)))
        self.pool = nn.MaxPool2d(3)
        self.head = nn.Linear(WIDTHS[-1], 10, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits, scaled down as the paper has it."""
        x = nn.functional.gelu(self.whitening(x))
        logits: Tensor = self.head(self.pool(self.blocks(x)).flatten(1)) / 9
        return logits


def network(images: Any) -> Network:
    """Build the network, its first layer whitened."""
    torch.manual_seed(0)
    model = Network()
    whiten(model.whitening, images)
    return model


def optimizer_for(parameters: Any) -> torch.optim.SGD:
    """Make the paper's optimizer, with one rate for all."""
    taught = [p for p in parameters if p.requires_grad]
    return torch.optim.SGD(taught, lr=0.05, momentum=0.85, nesterov=True, weight_decay=1e-4)


def bare(images: Any, labels: Any, device: torch.device, bfloat16: bool) -> Callable[[], float]:
    """Train on tensors on the device, without augmentation, measuring nothing."""
    layout = torch.channels_last if bfloat16 else torch.contiguous_format
    model = network(images).to(device, memory_format=layout)  # type: ignore[call-overload]
    optimizer = optimizer_for(model.parameters())
    inputs = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    inputs = inputs.to(device).to(memory_format=layout)
    targets = torch.from_numpy(labels).to(device)

    def run() -> float:
        start = now()
        order = torch.randperm(len(inputs), device=device)
        for low in range(0, len(inputs), BATCH):
            rows = order[low : low + BATCH]
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                logits = model(inputs[rows])
            loss = cross_entropy(logits.float(), targets[rows], label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        finish(device)
        return now() - start

    return run


def fitted(images: Any, labels: Any, compile: bool) -> Callable[[], float]:
    """Train with `fit`, augmented; where compiled, the first and uncounted run pays for it."""
    model = network(images)

    class Epoch:
        def before_epoch(self, run: Any) -> None:
            finish(run.device)
            self.start = now()

        def after_epoch(self, run: Any) -> None:
            finish(run.device)
            self.seconds = now() - self.start

    def run() -> float:
        epoch = Epoch()
        fit(
            model,
            (images, labels),
            batch_size=BATCH,
            optimizer=optimizer_for,
            label_smoothing=SMOOTHING,
            augment=[RandomCrop(padding=2), AlternatingFlip()],
            seed=0,
            compile=compile,
            progress=False,
            hooks=[epoch],
        )
        return epoch.seconds

    return run


def finish(device: torch.device) -> None:
    """Wait until a GPU has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    import numpy as np

    from coursekit.training.device import choose_device

    parser = argparse.ArgumentParser(description="Images a second on airbench's network.")
    parser.add_argument("--images", type=int, default=51_200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compile", action="store_true", help="fit compiles the network, too")
    parser.add_argument("--csv", type=Path, help="append what was measured to this file")
    asked = parser.parse_args(arguments)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (asked.images, 32, 32, 3), dtype=np.uint8)
    labels = rng.integers(0, 10, asked.images)
    device = choose_device("auto")
    contenders = {
        "bare loop, float32": bare(images, labels, device, bfloat16=False),
        "bare loop, bfloat16, channels last": bare(images, labels, device, bfloat16=True),
        "coursekit fit": fitted(images, labels, compile=False),
    }
    if asked.compile:
        contenders["coursekit fit, compiled"] = fitted(images, labels, compile=True)
    machine = describe_machine()
    title = f"airbench network on {device.type}, batches of {BATCH}, random pixels"
    say(machine, "", f"{title}: {asked.images:,} images, {asked.rounds} rounds", HEAD)
    rows = measure(contenders, asked.images, asked.rounds)
    say(*(row.line() for row in rows))
    if asked.csv:
        record(asked.csv, title, machine, rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
