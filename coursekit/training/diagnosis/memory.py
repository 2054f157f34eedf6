"""Out of memory, in one sentence with a batch that fits better."""

from __future__ import annotations

import re

import torch

from coursekit.training.diagnosis.findings import Finding, number

# How libraries say it: torch on GPUs, torch on a CPU, Apple's, cuBLAS and cuDNN, C++ and Python.
_SIGNS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "cannot allocate memory",
    "failed to allocate",
    "unable to allocate",
    "could not allocate",
    "alloc_failed",
    "bad_alloc",
    "bad allocation",
    "insufficient memory",
    "could not create a memory",
)
_AMOUNT = re.compile(
    r"allocate(?:d)? (?:memory: you tried to allocate )?([\d.]+) ?(bytes|[KMGT]i?B)", re.IGNORECASE
)
_UNITS = {"B": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that memory is used up, on whatever device.

    Examples
    --------
    >>> is_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried ..."))
    True
    >>> is_out_of_memory(RuntimeError("shape mismatch"))
    False
    """
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError | OSError) and any(sign in text for sign in _SIGNS)


def out_of_memory(error: BaseException, batch_size: int | None, where: str = "") -> Finding | None:
    """Turn such an error into a sentence with a smaller batch; None for any other error.

    Parameters
    ----------
    error
        What was raised.
    batch_size
        Of the run, where it is known.
    where
        The device, as `"the GPU"`.

    Examples
    --------
    >>> text = "can't allocate memory: you tried to allocate 4000000000 bytes."
    >>> found = out_of_memory(RuntimeError(text), 512)
    >>> found.sentence
    'The memory is used up: another 4 GB were asked for with batches of 512; ...'
    >>> found.mend
    'batch_size = 128'
    """
    if not is_out_of_memory(error):
        return None
    place = f"The memory of {where}" if where else "The memory"
    asked = _asked(str(error))
    more = f": another {asked} were asked for" if asked else ""
    if batch_size == 1:
        return Finding(
            "out_of_memory",
            "error",
            f"{place} is used up{more} with one image at a time; expected a model or images that "
            "fit, so halve their side or the number of filters.",
            "images = torch.nn.functional.avg_pool2d(images, 2)",
        )
    size = f" with batches of {number(batch_size)}" if batch_size else ""
    smaller = max(1, batch_size // 4) if batch_size else 32
    return Finding(
        "out_of_memory",
        "error",
        f"{place} is used up{more}{size}; expected a batch that fits: the maps of all layers are "
        "kept for the backward pass, so memory grows with the batch.",
        f"batch_size = {smaller}",
    )


def _asked(text: str) -> str:
    found = _AMOUNT.search(text)
    if not found:
        return ""
    amount, unit = float(found[1].rstrip(".")), found[2]
    size = amount if unit.lower() == "bytes" else amount * _UNITS[unit[0].upper()]
    for name in ("TB", "GB", "MB", "kB"):
        step = _UNITS[name[0].upper()]
        if size >= step:
            return f"{round(size / step)} {name}"
    return f"{round(size)} bytes"
