"""The optimizer of a run: PyTorch's own, with groups of parameters where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from coursekit.training.settings import Settings

# torch's updates in one kernel: the same formula, other roundings.
_FUSED = ("cpu", "cuda", "mps")


def make_optimizer(model: nn.Module, settings: Settings, device: torch.device) -> Optimizer:
    """Make the optimizer that the settings describe.

    A name makes ``torch.optim.AdamW``, ``Adam`` or ``SGD``. With a weight decay, biases and the
    scales of normalisation layers are left out of it: they are few, and pulling them towards 0
    does not make a network simpler. `momentum` is SGD's; where it is not given it is 0, as
    PyTorch has it, or 0.9 with Nesterov's correction where fit chooses the learning rate itself.
    Updates are fused, except in the plain loop (see `Settings.plain`).

    Parameters
    ----------
    model
        Its parameters are stepped; those that need no gradient stay as they are.
    settings
        `optimizer` is a name, a ready optimizer or a function from a list of parameters to one.
    device
        Where the model is.

    Raises
    ------
    ValueError
        When a ready optimizer steps none of the model's parameters, or `lr_scale` names no part.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4, 2))
    >>> made = make_optimizer(model, Settings(lr=0.1, weight_decay=0.01), torch.device("cpu"))
    >>> [(len(group["params"]), group["weight_decay"]) for group in made.param_groups]
    [(2, 0.01), (2, 0.0)]
    """
    if next(model.parameters(), None) is None:
        raise ValueError(
            "model: found one without parameters; expected something to train. Layers have to be "
            "attributes of the module, or in an nn.ModuleList, to be found."
        )
    asked = settings.optimizer
    if not isinstance(asked, str):
        made = asked if isinstance(asked, Optimizer) else asked(list(model.parameters()))
        _look_at(made, model)
        _move_state(made)
        return made
    groups = parameter_groups(model, settings)
    named: Optimizer = _CLASSES[asked](groups, **optimizer_arguments(settings, device))
    return named


def optimizer_arguments(settings: Settings, device: torch.device) -> dict[str, Any]:
    """Return the keyword arguments with which a named optimizer is made."""
    arguments: dict[str, Any] = {"lr": settings.lr}
    if settings.optimizer == "sgd":
        if settings.momentum is None and settings.chosen:
            arguments |= {"momentum": 0.9, "nesterov": True}
        elif settings.momentum:
            arguments["momentum"] = settings.momentum
    elif settings.chosen:
        arguments["betas"] = (0.9, 0.95)  # a short memory suits the short runs of one cycle
    arguments["weight_decay"] = settings.weight_decay
    if device.type in _FUSED and not settings.plain:
        arguments["fused"] = True
    return arguments


def parameter_groups(model: nn.Module, settings: Settings) -> list[Any]:
    """Sort a model's parameters by the weight decay and the learning rate they get.

    Returns the bare list of parameters where all get the same.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    >>> groups = parameter_groups(model, Settings(lr=0.1, lr_scale={"0": 0.1}))
    >>> [(len(group["params"]), round(group["lr"], 3)) for group in groups]
    [(2, 0.01), (2, 0.1)]
    """
    scales = dict(settings.lr_scale or {})
    if not settings.weight_decay and not scales:
        return list(model.parameters())
    free = set(_free_of_decay(model)) if settings.weight_decay else set()
    used: set[str] = set()
    groups: dict[tuple[float, float], dict[str, Any]] = {}
    for name, parameter in model.named_parameters():
        prefix = _longest(name, scales)
        used.add(prefix)
        decay = 0.0 if name in free else settings.weight_decay
        scale = scales.get(prefix, 1.0)
        group = groups.setdefault((scale, decay), {"params": [], "weight_decay": decay})
        if scales:
            group["lr"] = (settings.lr or 0.0) * scale
        group["params"].append(parameter)
    unknown = sorted(set(scales) - used)
    if unknown:
        parts = ", ".join(name for name, _ in model.named_children())
        raise ValueError(
            f"lr_scale: found {unknown[0]!r}, with which no parameter's name begins; expected "
            f"names of parts of the model. Its parts are {parts}."
        )
    return list(groups.values())


def _free_of_decay(model: nn.Module) -> Iterator[str]:
    """Yield the names of biases and of everything else that is a vector: scales of norms."""
    return (name for name, each in model.named_parameters() if each.ndim <= 1)


def _longest(name: str, prefixes: dict[str, float]) -> str:
    fitting = [p for p in prefixes if name == p or name.startswith(f"{p.rstrip('.')}.")]
    return max(fitting, key=len, default="")


def _look_at(optimizer: Any, model: nn.Module) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer: found a {type(optimizer).__name__}; expected a torch.optim.Optimizer, a "
            "function from a list of parameters to one, or a name: adamw, adam, sgd."
        )
    stepped = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in stepped for p in model.parameters()):
        raise ValueError(
            "optimizer: found one that steps none of this model's parameters; expected "
            "torch.optim.SGD(model.parameters(), ...) of the model you train. Make the optimizer "
            "after the model and after any change to its layers."
        )


def _move_state(optimizer: Optimizer) -> None:
    """Bring what an optimizer remembers to where its parameters are now, and laid out as they."""
    for parameter, state in optimizer.state.items():
        for key, value in state.items():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape and value.ndim:
                state[key] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)


_CLASSES: dict[str, Any] = {"adamw": AdamW, "adam": Adam, "sgd": SGD}
