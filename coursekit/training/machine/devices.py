"""The device that a model is trained on: chosen, and explained to whoever asks why."""

from __future__ import annotations

import html
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from coursekit.training.data.batches import choose_batch_size
from coursekit.training.machine.precision import Precision, choose_precision

_GIB = 1 << 30
_STORED = "Run this cell: it says what your machine has."
_EXAMPLES = 60_000  # what the report's batch size is for: as many images as Fashion-MNIST has


def choose_device(device: str | torch.device = "auto") -> torch.device:
    """Return the device to train on: an NVIDIA or AMD GPU, an Apple GPU, or the processor.

    Parameters
    ----------
    device
        ``"auto"``, or a device that PyTorch knows: ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``.

    Returns
    -------
    torch.device
        With its number where several may be there.

    Raises
    ------
    ValueError
        For a word that names no device, and for a device that this machine does not have.

    Examples
    --------
    >>> choose_device("cpu")
    device(type='cpu')
    >>> choose_device("gpu")
    Traceback (most recent call last):
    ...
    ValueError: device is 'gpu'; expected "auto", "cpu", "cuda", "cuda:0" or "mps". Leave it ...
    """
    if isinstance(device, str) and device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", torch.cuda.current_device())
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except (RuntimeError, TypeError):
        chosen = None
    if chosen is None or chosen.type not in ("cpu", "cuda", "mps"):
        raise ValueError(
            f'device is {device!r}; expected "auto", "cpu", "cuda", "cuda:0" or "mps". '
            'Leave it at "auto" to take the fastest that is there.'
        )
    if chosen.type == "cuda":
        return _cuda(chosen)
    if chosen.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(
            'device is "mps", which only a Mac with an Apple GPU has. Write device="auto".'
        )
    return torch.device(chosen.type)


def _cuda(device: torch.device) -> torch.device:
    if not torch.cuda.is_available():
        why = (
            "this PyTorch was built without CUDA; install it as pytorch.org/get-started says"
            if torch.version.cuda is None and torch.version.hip is None
            else "the driver shows no GPU; look at what nvidia-smi says"
        )
        raise ValueError(f'device is "{device}", but {why}. Write device="auto" to do without.')
    count = torch.cuda.device_count()
    index = torch.cuda.current_device() if device.index is None else device.index
    if index >= count:
        raise ValueError(
            f'device is "{device}"; this machine has {count} GPU{"s" * (count > 1)}, counted '
            f'from 0. Write device="cuda:{count - 1}" or less.'
        )
    return torch.device("cuda", index)


@dataclass(frozen=True)
class DeviceReport:
    """What `describe_device` found; shown as text, or as a list in a notebook.

    While notebooks are built, what is shown of it is one fixed sentence: a stored notebook says
    nothing about the machine that built it. ``str`` of it is always the whole text.
    """

    device: torch.device
    precision: Precision
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return _STORED if _stored() else str(self)

    def _repr_html_(self) -> str:
        if _stored():
            return f"<p>{_STORED}</p>"
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self.lines)
        return f"<ul>{items}</ul>"


def _stored() -> bool:
    return os.environ.get("COURSEKIT_HEADLESS", "") not in ("", "0")


def describe_device() -> DeviceReport:
    """Say what this machine has, what `fit` chooses for it and why, and how to choose otherwise.

    The choice is read from what the device can do and never timed, so it does not change from run
    to run. Tested: processors with and without bfloat16 units, one NVIDIA GPU. Apple's MPS and
    several GPUs are written after their documentation and were not run.

    Returns
    -------
    DeviceReport
        Printed or shown; `.device` and `.precision` hold the choice for a convolutional model.

    Examples
    --------
    >>> report = describe_device()
    >>> report.device.type in ("cpu", "cuda", "mps"), report.precision.name in str(report)
    (True, True)
    """
    device = choose_device("auto")
    convolutional = choose_precision("auto", device, nn.Conv2d(1, 1, 1))
    batch = choose_batch_size(_EXAMPLES, device, convolutional)
    layout = "channels last in memory" if convolutional.channels_last else "channels first"
    tf32 = ", TF32 for what stays in float32" if convolutional.tf32 else ""
    lines = [
        *_found(),
        f"fit chooses: device {device}, {convolutional.name}, {layout}{tf32}, "
        f"batches of {batch} for {_EXAMPLES:,} images",
        f"because {convolutional.reason}; a small model without convolutions stays in float32",
        _compiling(device),
        'to choose yourself: fit(..., device="cpu", precision="float32", batch_size=128)',
    ]
    if device.type == "mps" or torch.cuda.device_count() > 1:
        lines.append(
            "not tried by the course: MPS and several GPUs; "
            'if something is odd, compare with device="cpu" or one process'
        )
    return DeviceReport(device, convolutional, tuple(lines))


def _found() -> list[str]:
    """Return one line for each device that is there."""
    import psutil

    lines = []
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        known = torch.cuda.get_device_properties(index)
        lines.append(
            f"found: GPU cuda:{index}, {known.name}, {known.total_memory / _GIB:.0f} GiB, "
            f"compute capability {known.major}.{known.minor}"
        )
    if torch.backends.mps.is_available():
        lines.append("found: GPU mps, Apple, which shares the machine's memory")
    if not lines:
        lines.append("found: no GPU that PyTorch can use")
    memory = psutil.virtual_memory()
    lines.append(
        f"found: processor {processor_name()}, {torch.get_num_threads()} of {os.cpu_count()} "
        f"cores used, {memory.available / _GIB:.1f} of {memory.total / _GIB:.1f} GiB memory free"
    )
    return lines


def processor_name() -> str:
    """Return the processor's name as the system gives it.

    Examples
    --------
    >>> len(processor_name()) > 0
    True
    """
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _compiling(device: torch.device) -> str:
    if device.type == "cuda":
        return "torch.compile: only for runs long enough to earn back the time that it takes"
    return "torch.compile: not used; on this kind of device it was slower or was not tried"
