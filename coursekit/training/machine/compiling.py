"""When `torch.compile` is worth its while: on a CUDA GPU, in runs that earn back its cost."""

from __future__ import annotations

import importlib.util

import torch
from torch import nn

# What compiling costs before the first step, for each layer with weights, and what it saves at
# least in each step for the same layer (a few launches of kernels); both in seconds, on the safe
# side for one GPU.
_SECONDS_A_LAYER = 1.5
_SECONDS_AT_LEAST = 15.0
_SAVED_A_STEP = 30e-6


def should_compile(
    compile: bool | str, device: torch.device, steps_total: int, model: nn.Module
) -> bool:
    """Decide whether a model is compiled before it is trained.

    On processors compiled training was measured at 0.64 to 0.69 times the speed of the plain one,
    so there it is never chosen. On CUDA a fixed rule holds the cost, some seconds for each layer,
    against what is saved in all steps together; nothing is timed.

    Parameters
    ----------
    compile
        ``True`` or ``False`` decide; ``"auto"`` leaves it to the rule.
    device
        Where the model is trained.
    steps_total
        Updates in the whole run.
    model
        Looked at for its layers.

    Returns
    -------
    bool
        Always False on a processor under ``"auto"``.

    Raises
    ------
    ValueError
        For another word.

    Examples
    --------
    >>> should_compile("auto", torch.device("cpu"), 10**9, nn.Linear(2, 2))
    False
    >>> should_compile(True, torch.device("cpu"), 1, nn.Linear(2, 2))
    True
    """
    if isinstance(compile, bool):
        return compile
    if compile != "auto":
        raise ValueError(f'compile is {compile!r}; expected True, False or "auto".')
    if device.type != "cuda" or importlib.util.find_spec("triton") is None:
        return False
    layers = sum(1 for m in model.modules() if next(m.parameters(recurse=False), None) is not None)
    cost = max(_SECONDS_AT_LEAST, _SECONDS_A_LAYER * layers)
    return steps_total * layers * _SAVED_A_STEP > cost
