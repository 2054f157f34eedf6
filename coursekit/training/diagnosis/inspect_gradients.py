"""Whether every part of a model gets a gradient, and one that it can learn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from coursekit.training.diagnosis import trial
from coursekit.training.diagnosis.findings import RESET, Finding, code_of, listed, named
from coursekit.training.diagnosis.probe import Probe, Visit

_STEPS = 4


def flow(probe: Probe) -> Finding | None:
    """Find parameters that the loss does not depend on: cut off, or never used.

    Examples
    --------
    >>> from coursekit.training.diagnosis.probe import backward, forward
    >>> class Cut(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 2)
    ...     def forward(self, x):
    ...         return self.second(self.first(x).detach())
    >>> model = Cut()
    >>> probe = forward(model, torch.ones(3, 4))
    >>> backward(probe, model, torch.tensor([0, 1, 1]), nn.functional.cross_entropy)
    >>> print(flow(probe).sentence)
    The weights of model.first get no gradient: something after model.first cuts them off ...
    """
    if probe.error is not None:
        return _backward_stopped(probe) if probe.stage == "backward" else None
    if probe.loss is None:
        return None
    if not isinstance(probe.loss, Tensor):
        return Finding(
            "loss_no_tensor",
            "error",
            f"The loss is a {type(probe.loss).__name__}, no tensor; expected one number in a "
            "tensor, so that backward can be called on it.",
            "return loss  # in the loss function, without .item() or float()",
        )
    if probe.loss.numel() != 1:
        return Finding(
            "loss_no_scalar",
            "error",
            f"The loss has shape {tuple(probe.loss.shape)}; expected one number, the mean over the "
            "batch.",
            "loss = loss.mean()",
        )
    if not probe.loss.requires_grad:
        return _cut_off(probe)
    lost = [name for name, gradient in probe.gradients.items() if gradient is None]
    if not lost:
        return None
    layers = list(dict.fromkeys(name.rpartition(".")[0] for name in lost))
    called = {visit.name for visit in probe.visits}
    unused = [name for name in layers if name not in called]
    if unused:
        return Finding(
            "unused_layers",
            "warning",
            f"{listed([code_of(name) for name in unused])} "
            f"{'has' if len(unused) == 1 else 'have'} weights that get no gradient: forward does "
            "not use them; expected every layer to be used, or left out.",
            f"{code_of(unused[0])}.requires_grad_(False)  # or use it in forward",
        )
    return Finding(
        "cut_off",
        "warning",
        f"The weights of {listed([code_of(name) for name in layers])} get no gradient: something "
        f"after {code_of(layers[-1])} cuts them off from the loss; expected every layer to learn, "
        "or to be frozen on purpose.",
        "# in forward: leave out .detach(), .data, .numpy() and torch.no_grad()",
    )


def _cut_off(probe: Probe) -> Finding:
    if isinstance(probe.outputs, Tensor) and probe.outputs.is_inference():
        return Finding(
            "cut_off",
            "error",
            "The loss does not depend on any parameter: forward runs under torch.inference_mode(), "
            "which keeps no gradients; expected it around evaluations only.",
            "# in forward: leave out torch.inference_mode()",
        )
    # Somewhere the chain of gradients was there and then was not.
    linked = [visit for visit in probe.leaves if visit.gives_link]
    after = f" after {named(linked[-1].name, linked[-1].layer)}" if linked else ""
    return Finding(
        "cut_off",
        "error",
        f"The loss does not depend on any parameter: forward cuts the chain{after}; expected no "
        ".detach(), .data, .numpy(), argmax, torch.tensor(...) or torch.no_grad() there.",
        "return x  # in forward, without .detach(), .data, .numpy(), argmax or torch.no_grad()",
    )


def _backward_stopped(probe: Probe) -> Finding:
    text = " ".join(str(probe.error).split())
    if "inplace operation" in text:
        return Finding(
            "in_place",
            "error",
            "The backward pass stops, since forward overwrites a tensor that it still needs (+=, "
            "x[...] = or a function whose name ends in _); expected a new tensor instead.",
            "x = x + y  # in forward, in place of x += y",
        )
    return Finding(
        "backward_error",
        "error",
        f"The backward pass stops with {type(probe.error).__name__}: {text[:200]}; expected a "
        "gradient for every weight.",
        "return x  # in forward, with PyTorch's own functions only",
    )


def learnable(
    probe: Probe,
    model: nn.Module,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Tensor],
) -> Finding | None:
    """Find weights that can never learn, by a few updates on a copy where they look like it.

    Gradients of zero at the start may be right (a last layer that starts at zero), so nothing is
    said before these updates have shown that they stay.

    Parameters
    ----------
    probe
        With the gradients of the first pass.
    model
        A copy, which is changed here.
    inputs, targets, loss
        The batch and the loss.

    Examples
    --------
    >>> from coursekit.training.diagnosis.probe import backward, forward
    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    >>> _ = model[0].bias.data.fill_(-1000)
    >>> probe, labels = forward(model, torch.ones(3, 4)), torch.tensor([0, 1, 1])
    >>> backward(probe, model, labels, nn.functional.cross_entropy)
    >>> learnable(probe, model, torch.ones(3, 4), labels, nn.functional.cross_entropy).code
    'dead_layer'
    """
    names = [name for name, g in probe.gradients.items() if g is not None and g.ndim >= 2]
    still = _still(probe.gradients, names)
    parameters = dict(model.named_parameters())
    alike = [name for name in names if _rows_alike(parameters[name])]
    alike = alike if len(alike) > 1 else []
    blind = _rows_alike_in(probe.outputs) and not _rows_alike_in(inputs)
    if not still and not alike and not blind:
        return None
    before = {name: parameters[name].detach().clone() for name in alike}
    optimizer = trial.like(None, model, 1e-3)
    trial.updates(model, optimizer, inputs, targets, loss, _STEPS)
    gradients = {n: p.grad for n, p in parameters.items() if p.requires_grad}
    still = [name for name in still if name in _still(gradients, names)]
    if still:
        return _dead(still, names, model, inputs)
    same = [name for name in alike if _rows_alike(parameters[name], before[name])]
    if not same and blind:
        with torch.no_grad():
            return _blind(len(inputs)) if _rows_alike_in(model(inputs)) else None
    if not same:
        return None
    layers = [code_of(name.rpartition(".")[0]) for name in same]
    return Finding(
        "same_weights",
        "error",
        f"All units of {listed(layers)} start with the same weights, so they get the same gradient "
        "and stay the same for ever; expected random weights.",
        RESET,
    )


def _still(gradients: dict[str, Tensor | None], names: list[str]) -> list[str]:
    found = [(name, gradients.get(name)) for name in names]
    return [name for name, g in found if g is not None and not bool(g.any())]


def _rows_alike(weight: Tensor, before: Tensor | None = None) -> bool:
    rows = weight.detach().flatten(1)
    if len(rows) < 2:
        return False
    spread = float((rows - rows[:1]).abs().max())
    moved = 0.0 if before is None else float((weight.detach() - before).abs().max())
    return spread <= 1e-3 * moved


def _rows_alike_in(values: Any) -> bool:
    """Tell whether what stands for each image is the same for all, but for rounding."""
    if not isinstance(values, Tensor) or values.ndim < 2 or len(values) < 4:
        return False
    rows = values.detach().flatten(1).double()
    return float((rows - rows[:1]).abs().max()) <= 3e-7 * float(rows.abs().max())


def _blind(count: int) -> Finding:
    return Finding(
        "same_scores",
        "warning",
        f"The model gives the same scores for all {count} images looked at, and after a few "
        "updates, too; expected scores that depend on the image: does forward use its x up to the "
        "end?",
        "x = self.layers(x)  # in forward: each line takes the x of the line before",
    )


def _dead(still: list[str], names: list[str], model: nn.Module, inputs: Any) -> Finding:
    layers = [code_of(name.rpartition(".")[0]) for name in still]
    parameters = dict(model.named_parameters())
    if all(not bool(parameters[name].any()) for name in still):
        return Finding(
            "zero_weights",
            "error",
            f"The weights of {listed(layers)} are all 0, and their gradients, too, so they stay 0 "
            "for ever; expected random weights at the start.",
            RESET,
        )
    silent = _silent(model, inputs)
    why = (
        f"after {named(silent.name, silent.layer)} every number is 0 for all images looked at"
        if silent
        else "no change of these weights changes the scores"
    )
    share = "all layers" if len(still) == len(names) else listed(layers)
    return Finding(
        "dead_layer",
        "error",
        f"The gradient of the weights of {share} is exactly 0 and stays 0: {why}; expected "
        "weights and biases near 0 and scaled images, so that some units answer.",
        RESET,
    )


def _silent(model: nn.Module, inputs: Any) -> Visit | None:
    """Find the first layer that turns everything into zeros."""
    found: list[Visit] = []

    def entering(name: str) -> Callable[..., None]:
        def hook(layer: nn.Module, given: Any, result: Any) -> None:
            if not found and isinstance(result, Tensor) and not bool(result.detach().any()):
                found.append(Visit(name, layer, None, None, None, leaf=True))

        return hook

    handles = [
        layer.register_forward_hook(entering(name))
        for name, layer in model.named_modules()
        if next(layer.children(), None) is None
    ]
    try:
        with torch.no_grad():
            model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return found[0] if found else None
