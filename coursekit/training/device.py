"""Where a model is trained and in which numbers: chosen for the machine, and explained.

What a device can do is read from it, never timed: the same call chooses the same on the same
machine, and what was chosen is recorded with the run.
"""

from __future__ import annotations

import html
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from coursekit._headless import headless
from coursekit.training.data import as_channels_last
from coursekit.training.errors import ArgumentError

PRECISIONS = ("auto", "float32", "bfloat16")
_GIB = 1 << 30
# Dense layers earn back what turning numbers into bfloat16 costs from about this many weights on:
# 0.8 times as fast with 54,000, as fast with 117,000, 1.5 times with 660,000 (batches of 128).
_DENSE_WEIGHTS = 200_000


def choose_device(device: str | torch.device = "auto") -> torch.device:
    """Return the device to train on: a GPU where there is one, else the processor; refuse others.

    Examples
    --------
    >>> choose_device("cpu")
    device(type='cpu')
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", torch.cuda.current_device())
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except (RuntimeError, TypeError):
        chosen = torch.device("meta")
    count = {
        "cpu": 1,
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "mps": int(torch.backends.mps.is_available()),
    }.get(chosen.type)
    if count is None or (chosen.index or 0) >= count:
        raise ArgumentError(
            f"device: found {device!r}, of which PyTorch sees {count or 'none'} here; expected "
            '"auto", "cpu", "cuda", "cuda:0" or "mps". Fix: device="auto"'
        )
    return torch.device("cuda", chosen.index or 0) if chosen.type == "cuda" else chosen


@dataclass(frozen=True)
class Precision:
    """The numbers of a run and how they lie in memory.

    `name` is ``"float32"`` or ``"bfloat16"`` (weights stay float32, products are computed in
    bfloat16); `channels_last` says whether images and filters lie in memory pixel by pixel, not
    channel by channel; `reason` why, in words for a student.
    """

    name: str
    channels_last: bool
    reason: str


def bfloat16_units(device: torch.device) -> str:
    """Return the name of the units that a device has for bfloat16, or ``""``."""
    if device.type == "cuda":
        major, minor = torch.cuda.get_device_capability(device)
        return f"tensor cores of compute capability {major}.{minor}" if major >= 8 else ""
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return ""
    units = {"_is_amx_tile_supported": "AMX", "_is_avx512_bf16_supported": "AVX-512 BF16"}
    for test, name in units.items():
        supported = getattr(torch.cpu, test, None)
        if supported is not None and supported():
            return name
    return ""


def choose_precision(precision: str, device: torch.device, model: nn.Module) -> Precision:
    """Choose the numbers and the memory layout that suit a device and the layers of a model.

    Examples
    --------
    >>> choose_precision("auto", torch.device("cpu"), nn.Linear(4, 2)).name
    'float32'
    """
    if precision == "float32":
        return Precision("float32", False, "float32 was asked for: the plain loop")
    units = bfloat16_units(device)
    images, dense = False, 0
    for layer in model.modules():
        images |= isinstance(layer, nn.Conv2d)
        dense += layer.weight.numel() if isinstance(layer, nn.Linear) else 0
    if precision == "bfloat16":
        slow = "" if units else "; this device has no units for it, so it is slow"
        return Precision("bfloat16", images, f"bfloat16 was asked for{slow}")
    if device.type == "mps":
        return Precision("float32", False, "on MPS nothing else was tried")
    # Without tensor cores for bfloat16, cuDNN is at its best with channels first.
    layout = images and (device.type == "cpu" or bool(units))
    if not units:
        return Precision("float32", layout, "this device has no units for bfloat16")
    if not images and dense < _DENSE_WEIGHTS:
        return Precision("float32", layout, "the model is too small to be faster in bfloat16")
    return Precision("bfloat16", layout, f"this device has units for bfloat16 ({units})")


def place(model: nn.Module, precision: Precision, device: torch.device) -> None:
    """Move a model to its device and lay its filters out as the precision says, in place."""
    model.to(device)
    if not precision.channels_last:
        return
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):  # filters of one channel need their strides set, too
            layer.weight.data = as_channels_last(layer.weight.data)


def choose_batch_size(examples: int, device: torch.device, precision: Precision) -> int:
    """Return the batch size that `fit` takes when none is given: a fixed rule.

    256 on a processor with bfloat16, where it was faster than 128 at the same accuracy after the
    same number of epochs (512 was not); 128 in float32; 512 on a GPU. Small sets get smaller
    ones, a power of two with at least 50 steps an epoch, but no less than 16. Where a single image
    would be left over, which batch norm cannot take, it is one less.
    """
    usual = {"cuda": 512}.get(device.type, 256 if precision.name == "bfloat16" else 128)
    fitting = 1 << max(examples // 50, 1).bit_length() - 1
    size = max(16, min(usual, fitting))
    while size < examples and examples % size == 1:
        size -= 1
    return size


class DeviceReport:
    """What `describe_device` found; shown as lines.

    While notebooks are built, what is shown of it is one fixed sentence: a stored notebook says
    nothing about the machine that built it. ``str`` of it is always the whole text.
    """

    def __init__(self, device: torch.device, precision: Precision, lines: list[str]) -> None:
        self.device, self.precision, self.lines = device, precision, lines

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return "Run this cell: it says what your machine has." if headless() else str(self)

    def _repr_html_(self) -> str:
        return "<br>".join(map(html.escape, repr(self).splitlines()))


def describe_device() -> DeviceReport:
    """Say what this machine has, what `fit` chooses for it and why, and how to choose otherwise.

    Tested are processors with and without bfloat16 units and one NVIDIA GPU; Apple's MPS and
    several GPUs were not run.

    Examples
    --------
    >>> describe_device().precision.name in ("float32", "bfloat16")
    True
    """
    import psutil

    device = choose_device("auto")
    chosen = choose_precision("auto", device, nn.Conv2d(1, 1, 1))
    batch = choose_batch_size(60_000, device, chosen)
    memory = psutil.virtual_memory()
    lines = []
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        known = torch.cuda.get_device_properties(index)
        lines.append(
            f"found: GPU cuda:{index}, {known.name}, {known.total_memory / _GIB:.0f} GiB, "
            f"compute capability {known.major}.{known.minor}"
        )
    if torch.backends.mps.is_available():
        lines.append("found: GPU mps, Apple, which shares the machine's memory")
    lines += [
        *([] if lines else ["found: no GPU that PyTorch can use"]),
        f"found: processor {processor_name()}, {torch.get_num_threads()} of {os.cpu_count()} "
        f"cores used, {memory.available / _GIB:.1f} of {memory.total / _GIB:.1f} GiB memory free",
        f"fit chooses: device {device}, {chosen.name}, channels "
        f"{'last' if chosen.channels_last else 'first'} in memory, "
        f"batches of {batch} for 60,000 images",
        f"because {chosen.reason}; a small model without convolutions stays in float32",
        'to choose yourself: fit(..., device="cpu", precision="float32", batch_size=128)',
    ]
    return DeviceReport(device, chosen, lines)


def processor_name() -> str:
    """Return the processor's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
