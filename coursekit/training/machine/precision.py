"""In which numbers a model is trained: float32, or bfloat16 where there are units for it.

What a device can do is read from it, never timed: the same call chooses the same on the same
machine, and what was chosen is recorded with the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from coursekit.training.settings import PRECISIONS

# Dense layers earn back what turning numbers into bfloat16 costs from about this many weights on:
# 0.8 times as fast with 54,000, as fast with 117,000, 1.5 times with 660,000 (batches of 128).
_DENSE_WEIGHTS = 200_000


@dataclass(frozen=True)
class Precision:
    """The numbers and the memory layout of a run.

    `name` is ``"float32"`` or ``"bfloat16"`` (weights stay float32; convolutions and matrix
    products are computed in bfloat16). `channels_last`: images and filters lie in memory pixel by
    pixel, not channel by channel. `tf32`: a GPU may round factors of float32 products to 10 bits.
    `reason` says why, in words for a student.

    Examples
    --------
    >>> plain = Precision("float32", False, False, "as asked")
    >>> with plain.autocast(torch.device("cpu")):
    ...     (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
    torch.float32
    """

    name: str
    channels_last: bool
    tf32: bool
    reason: str

    def autocast(self, device: torch.device) -> AbstractContextManager[Any]:
        """Return what to put around the forward pass and the loss of each step."""
        if self.name == "bfloat16":
            return torch.autocast(device.type, dtype=torch.bfloat16)
        return nullcontext()

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Allow TF32 for the time of a run, where chosen; put things back as they were after it."""
        if not self.tf32:
            yield
            return
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision("high")
        try:
            yield
        finally:
            torch.set_float32_matmul_precision(before)


def bfloat16_units(device: torch.device) -> str:
    """Return the name of the units that a device has for bfloat16, or ``""``.

    Examples
    --------
    >>> bfloat16_units(torch.device("cpu")) in ("", "AVX-512 BF16", "AMX")
    True
    """
    if device.type == "cuda":
        major, minor = torch.cuda.get_device_capability(device)
        return f"tensor cores of compute capability {major}.{minor}" if major >= 8 else ""
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return ""
    for test, name in (
        ("_is_amx_tile_supported", "AMX"),
        ("_is_avx512_bf16_supported", "AVX-512 BF16"),
    ):
        supported = getattr(torch.cpu, test, None)
        if supported is not None and supported():
            return name
    return ""


def choose_precision(
    precision: str, device: torch.device, model: nn.Module, before: str | None = None
) -> Precision:
    """Choose the numbers and the memory layout that suit a device and a model.

    Parameters
    ----------
    precision
        ``"auto"``; ``"float32"``: PyTorch's own ways, untouched; ``"bfloat16"``: also where no
        units make it fast.
    device
        Where the model is trained.
    model
        Looked at for its layers, not changed.
    before
        What ``"auto"`` had chosen for a run that is gone on with, and chooses again.

    Returns
    -------
    Precision
        The same on every call on the same machine.

    Raises
    ------
    ValueError
        For another word, and for a model whose parameters are not float32.

    Examples
    --------
    >>> from torch import nn
    >>> choose_precision("float32", torch.device("cpu"), nn.Conv2d(1, 6, 5)).channels_last
    False
    >>> choose_precision("auto", torch.device("cpu"), nn.Linear(4, 2)).name
    'float32'
    """
    if precision not in PRECISIONS:
        raise ValueError(
            f"precision is {precision!r}; expected one of {', '.join(map(repr, PRECISIONS))}. "
            'Leave it at "auto" if in doubt.'
        )
    _float32_parameters(model)
    if precision == "float32":
        return Precision("float32", False, False, "float32 was asked for: the plain loop")
    images = any(isinstance(layer, nn.Conv2d) for layer in model.modules())
    units = bfloat16_units(device)
    if precision == "bfloat16":
        slow = "" if units else "; this device has no units for it, so it is slow"
        return Precision("bfloat16", images, device.type == "cuda", f"bfloat16 was asked for{slow}")
    if device.type == "mps":
        return Precision("float32", False, False, "on MPS nothing else was tried")
    # Without tensor cores for bfloat16, cuDNN is at its best with channels first.
    layout = images and (device.type == "cpu" or bool(units))
    tf32 = device.type == "cuda" and bool(units)
    if before is not None:
        return Precision(before, layout, tf32, "the run that is gone on with had it")
    if not units:
        return Precision("float32", layout, tf32, "this device has no units for bfloat16")
    if not _worth_it(model):
        return Precision("float32", layout, tf32, "the model is too small to be faster in bfloat16")
    return Precision("bfloat16", layout, tf32, f"this device has units for bfloat16 ({units})")


def apply_precision(model: nn.Module, precision: Precision, device: torch.device) -> None:
    """Move a model to its device and lay its filters out as the precision says, in place.

    Filters of one input channel look the same in both layouts, and only their strides tell a
    convolution which one is meant: they are set, or the first layer would hand on channels first.

    Examples
    --------
    >>> layer = torch.nn.Conv2d(1, 6, 5)
    >>> apply_precision(layer, Precision("float32", True, False, ""), torch.device("cpu"))
    >>> layer(torch.zeros(2, 1, 9, 9)).is_contiguous(memory_format=torch.channels_last)
    True
    """
    model.to(device)
    if not precision.channels_last:
        return
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.weight.data = as_channels_last(layer.weight.data)


def as_channels_last(images: torch.Tensor) -> torch.Tensor:
    """Return (N, C, H, W) channels last in memory and by its strides, also where C is 1.

    Examples
    --------
    >>> as_channels_last(torch.zeros(2, 1, 3, 4)).stride()
    (12, 1, 4, 1)
    """
    images = images.contiguous(memory_format=torch.channels_last)
    _, channels, height, width = images.shape
    if channels > 1:
        return images
    return images.as_strided(images.shape, (height * width, 1, width, 1))


def laid_out(images: torch.Tensor, precision: Precision) -> torch.Tensor:
    """Return a batch as the precision wants it in memory; anything but (N, C, H, W) as it is.

    Examples
    --------
    >>> wanted = Precision("float32", True, False, "")
    >>> laid_out(torch.zeros(2, 3, 4, 4), wanted).stride()
    (48, 1, 12, 3)
    """
    if images.ndim != 4:
        return images
    return as_channels_last(images) if precision.channels_last else images.contiguous()


def _worth_it(model: nn.Module) -> bool:
    layers = list(model.modules())
    if any(isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Conv3d) for layer in layers):
        return True
    dense = (layer.weight.numel() for layer in layers if isinstance(layer, nn.Linear))
    return sum(dense) >= _DENSE_WEIGHTS


def _float32_parameters(model: nn.Module) -> None:
    for name, parameter in model.named_parameters():
        if parameter.is_floating_point() and parameter.dtype != torch.float32:
            kind = str(parameter.dtype).removeprefix("torch.")
            raise ValueError(
                f"model: its parameter {name!r} is {kind}; expected float32, which fit itself "
                "combines with bfloat16 where that is fast. Write model.float()."
            )
