"""A model before anything is computed: its mode, what is frozen, what its optimizer holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.optim import Optimizer

from coursekit.training.diagnosis.findings import Finding, code_of, listed, number


def mode(model: nn.Module, mended: bool = False) -> Finding | None:
    """Find a model, or a part of it, in evaluation mode, where the mode makes a difference.

    A frozen part may be kept in evaluation mode: then nothing is said.

    Parameters
    ----------
    model
        The model.
    mended
        Whether whoever trains it puts it in training mode; then only a whole model that came in
        evaluation mode is spoken of.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 2)).eval()
    >>> mode(model).mend
    'model.train()'
    """
    for name, part in _in_evaluation(model):
        changing = [layer for layer in part.modules() if _minds(layer)]
        trained = any(parameter.requires_grad for parameter in part.parameters())
        if not changing or not trained:
            continue
        kinds = sorted({_plain_name(layer) for layer in changing})
        if mended and name:
            continue
        if mended:
            return Finding(
                "eval_mode",
                "warning",
                f"The model came in evaluation mode and holds {listed(kinds)}: it is put into "
                "training mode now, as expected for training; a loop of your own has to do so.",
                "model.train()",
            )
        effects = []
        if any(isinstance(layer, _DropoutNd) for layer in changing):
            effects.append("dropout drops nothing")
        if not all(isinstance(layer, _DropoutNd) for layer in changing):
            effects.append("batch norm uses its old mean and variance and does not update them")
        which = "The model" if not name else f"The part {code_of(name)}"
        return Finding(
            "eval_mode",
            "warning",
            f"{which} is in evaluation mode and holds {listed(kinds)}: {' and '.join(effects)}; "
            "expected training mode while training (an evaluation leaves the other behind).",
            f"{code_of(name)}.train()",
        )
    return None


def _in_evaluation(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """Give the largest parts in evaluation mode, not the parts of these."""
    if not module.training:
        yield name, module
        return
    for child_name, child in module.named_children():
        yield from _in_evaluation(child, f"{name}.{child_name}" if name else child_name)


def _minds(layer: nn.Module) -> bool:
    if isinstance(layer, _DropoutNd):
        return layer.p > 0
    if isinstance(layer, nn.InstanceNorm2d):
        return layer.track_running_stats
    return isinstance(layer, _BatchNorm) and layer.track_running_stats


def _plain_name(layer: nn.Module) -> str:
    return "dropout" if isinstance(layer, _DropoutNd) else "batch norm"


def frozen(model: nn.Module, last: str | None = None) -> Finding | None:
    """Find a model with nothing to train.

    Parameters
    ----------
    model
        The model.
    last
        The name of its last layer with weights, where that is known.

    Examples
    --------
    >>> frozen(nn.Linear(4, 2).requires_grad_(False)).code
    'all_frozen'
    """
    parameters = list(model.parameters())
    if any(parameter.requires_grad for parameter in parameters):
        return None
    if not parameters:
        return Finding(
            "no_parameters",
            "error",
            "The model has no parameters, so there is nothing to train; expected layers with "
            "weights that are attributes of the model.",
            "self.layers = torch.nn.ModuleList(self.layers)  # in __init__, if they are in a list",
        )
    return Finding(
        "all_frozen",
        "error",
        f"All {number(sum(p.numel() for p in parameters))} parameters are frozen (requires_grad is "
        "False), so nothing can be learned; expected at least the last layer to be free.",
        f"{code_of(last or '')}.requires_grad_(True)",
    )


def unregistered(model: nn.Module) -> Finding | None:
    """Find layers kept in a plain list or dict, which the model's parameters leave out.

    Examples
    --------
    >>> model = nn.Linear(2, 2)
    >>> model.more = [nn.Linear(2, 2)]
    >>> unregistered(model).mend
    'model.more = torch.nn.ModuleList(model.more)'
    """
    known = {id(module) for module in model.modules()}
    for name, module in model.named_modules():
        for attribute, value in vars(module).items():
            if attribute.startswith("_") or not isinstance(value, list | tuple | dict):
                continue
            parts = list(value.values()) if isinstance(value, dict) else list(value)
            lost = [p for p in parts if isinstance(p, nn.Module) and id(p) not in known]
            lost = [part for part in lost if any(p.requires_grad for p in part.parameters())]
            if not lost:
                continue
            kind = "dict" if isinstance(value, dict) else "list"
            place = f"{code_of(name)}.{attribute}"
            count = "1 layer" if len(lost) == 1 else f"{len(lost)} layers"
            return Finding(
                "unregistered",
                "error",
                f"{place} keeps {count} in a plain {kind}, where model.parameters() does not see "
                f"{'it' if len(lost) == 1 else 'them'}; expected a Module{kind.title()}, since the "
                "optimizer never gets these weights.",
                f"{place} = torch.nn.Module{kind.title()}({place})",
            )
    return None


def held_by_optimizer(
    model: nn.Module, optimizer: Optimizer | None, last: str | None = None
) -> Finding | None:
    """Find an optimizer that updates other parameters than the model's.

    Parameters
    ----------
    model, optimizer
        What is trained, and what updates it.
    last
        The name of its last layer with weights: an optimizer without it is surely a slip.

    Examples
    --------
    >>> model = nn.Linear(4, 2)
    >>> optimizer = torch.optim.Adam(nn.Linear(4, 2).parameters(), lr=0.01)
    >>> held_by_optimizer(model, optimizer).mend
    'optimizer = torch.optim.Adam(model.parameters(), lr=0.01)'
    """
    if optimizer is None:
        return None
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    named_parameters = dict(model.named_parameters())
    mine = {id(p) for p in named_parameters.values()}
    trained = {n: p for n, p in named_parameters.items() if p.requires_grad}
    missing = [name for name, p in trained.items() if id(p) not in held]
    strangers = sum(
        p.numel() for g in optimizer.param_groups for p in g["params"] if id(p) not in mine
    )
    kind = type(optimizer).__name__
    if trained and len(missing) == len(trained):
        return _remade(
            optimizer,
            f"The {kind} optimizer holds none of the {len(trained)} trained tensors of this model; "
            "expected it to be made from this model, after the last change to it.",
        )
    headless = last is not None and any(name.startswith(f"{last}.") for name in missing)
    if missing and (strangers or headless):
        return _remade(
            optimizer,
            f"The {kind} optimizer does not hold {listed(missing)}"
            + (f", but {number(strangers)} numbers that are no part of the model" * bool(strangers))
            + "; expected it to be made after a layer was replaced or added.",
        )
    return None


def _remade(optimizer: Optimizer, sentence: str) -> Finding:
    return Finding("optimizer", "error", sentence, f"optimizer = {made(optimizer)}")


def made(optimizer: Optimizer, lr: float | None = None) -> str:
    """Write the line that makes an optimizer like this one for the model.

    Examples
    --------
    >>> model = nn.Linear(1, 1)
    >>> made(torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9))
    'torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)'
    """
    group: Mapping[str, Any] = optimizer.param_groups[0]
    kind: Any = type(optimizer)
    usual = (
        kind([torch.zeros(1, requires_grad=True)], lr=group["lr"]).param_groups[0]
        if (kind.__module__.startswith("torch."))
        else group
    )
    options = [f"lr={group['lr'] if lr is None else lr!r}"]
    for name in ("momentum", "weight_decay", "betas", "nesterov"):
        if name in group and group[name] != usual.get(name):
            options.append(f"{name}={group[name]!r}")
    return f"torch.optim.{kind.__name__}(model.parameters(), {', '.join(options)})"


def gradients_off() -> Finding | None:
    """Find gradients that were switched off for good.

    Examples
    --------
    >>> with torch.no_grad():
    ...     gradients_off().mend
    'torch.set_grad_enabled(True)'
    """
    if torch.is_inference_mode_enabled():
        return Finding(
            "gradients_off",
            "error",
            "This runs under torch.inference_mode(), which keeps no gradients, so nothing can be "
            "learned; expected it around evaluations only.",
            "# leave out torch.inference_mode() around the training",
        )
    if torch.is_grad_enabled():
        return None
    return Finding(
        "gradients_off",
        "error",
        "Gradients are switched off here (torch.set_grad_enabled(False) or torch.no_grad()), so "
        "nothing can be learned; expected them on while training.",
        "torch.set_grad_enabled(True)",
    )


def made_for_inference(model: nn.Module) -> Finding | None:
    """Find weights that were made under ``torch.inference_mode()``, which can never be trained.

    Examples
    --------
    >>> with torch.inference_mode():
    ...     model = nn.Linear(2, 2)
    >>> print(made_for_inference(model).mend)
    import copy
    model = copy.deepcopy(model)  # outside of torch.inference_mode()
    """
    if not any(tensor.is_inference() for tensor in (*model.parameters(), *model.buffers())):
        return None
    return Finding(
        "made_for_inference",
        "error",
        "The model was made under torch.inference_mode(), and PyTorch keeps no gradients for such "
        "weights; expected it to be made outside of that.",
        "import copy\nmodel = copy.deepcopy(model)  # outside of torch.inference_mode()",
    )
