"""Why a forward pass stopped, by the layer it stopped in and the shape that came to it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import Any

from torch import Tensor, nn

from coursekit.training.diagnosis.findings import Finding, named
from coursekit.training.diagnosis.inspect_images import pixel_type
from coursekit.training.diagnosis.layer_shapes import wrong_shape
from coursekit.training.diagnosis.memory import out_of_memory
from coursekit.training.diagnosis.probe import Probe, Visit


def why_it_stopped(probe: Probe, model: nn.Module, inputs: Any) -> Finding:
    """Explain the error of a forward pass.

    Parameters
    ----------
    probe
        A probe whose stage is `"forward"`.
    model, inputs
        What was called, with what.

    Examples
    --------
    >>> import torch
    >>> from coursekit.training.diagnosis.probe import forward
    >>> model, images = nn.Sequential(nn.Conv2d(1, 6, 5)), torch.zeros(8, 28, 28, 1)
    >>> why_it_stopped(forward(model, images), model, images).mend
    'images = images.permute(0, 3, 1, 2)'
    """
    error = probe.error or RuntimeError("it stopped")
    visit = probe.stopped_in
    memory = out_of_memory(error, len(inputs) if isinstance(inputs, Tensor) else None)
    if memory:
        return memory
    if isinstance(error, NotImplementedError) and "forward" in str(error):
        return _no_forward(model)
    if "numpy" in str(error) and isinstance(error, TypeError) and visit is not None:
        return Finding(
            "numpy_in_forward",
            "error",
            f"{named(visit.name, visit.layer)} got a NumPy array; expected a tensor, since arrays "
            "keep no gradients: leave out .numpy() and np. functions in forward.",
            "x = torch.as_tensor(x)  # in forward; better: no NumPy there at all",
        )
    if "Inference tensors" in str(error):
        return Finding(
            "cut_off",
            "error",
            "A part of forward runs under torch.inference_mode(), and gradients cannot pass what "
            "it makes; expected it around evaluations only.",
            "# in forward: torch.no_grad() or .detach(), in place of torch.inference_mode()",
        )
    if visit is not None and visit.leaf and visit.shape is not None:
        known = _by_layer(visit, visit.shape, error, probe, model, inputs)
        if known:  # a model that is one layer has no name: "the model (Conv2d)"
            sentence = known.sentence
            return replace(known, sentence=re.sub("^the", "The", sentence))
    return _any_error(error, visit, probe, model)


def _no_forward(model: nn.Module) -> Finding:
    name = type(model).__name__
    own = [each for each in vars(type(model)) if not each.startswith("_")]
    close = difflib.get_close_matches("forward", own, 1)
    like = f", but one called {close[0]}" if close else ""
    return Finding(
        "no_forward",
        "error",
        f"{name} has no method forward{like}; expected one, written with this name and indented "
        "into the class.",
        f"{name}.forward = {name}.{close[0]}  # or rename it in the class"
        if close
        else "# in the class, beside __init__:  def forward(self, x): ...",
    )


def _by_layer(
    visit: Visit,
    shape: tuple[int, ...],
    error: Exception,
    probe: Probe,
    model: nn.Module,
    inputs: Any,
) -> Finding | None:
    weight = getattr(visit.layer, "weight", None)
    if isinstance(weight, Tensor) and visit.kind is not None and visit.kind != weight.dtype:
        found = pixel_type(inputs)
        if found and not isinstance(visit.layer, nn.Embedding):
            return found
    if isinstance(weight, Tensor) and visit.place is not None and visit.place != weight.device:
        return Finding(
            "device",
            "error",
            f"{named(visit.name, visit.layer)} has its weights on {weight.device} and got numbers "
            f"on {visit.place}; expected both in one place.",
            f"model = model.to('{visit.place}')",
        )
    first = probe.entrance is not None and isinstance(inputs, Tensor) and shape == inputs.shape
    examples = len(inputs) if isinstance(inputs, Tensor) else 0
    return wrong_shape(visit, shape, error, model, first=first, examples=examples)


def _any_error(error: Exception, visit: Visit | None, probe: Probe, model: nn.Module) -> Finding:
    text = " ".join(str(error).split()) or "no reason given"
    said = f"{type(error).__name__}: {text if len(text) <= 200 else text[:197] + '...'}"
    before = [v for v in probe.leaves if v.done]
    if visit is not None and visit.leaf:
        place = f"in {named(visit.name, visit.layer)}, which got shape {visit.shape},"
    elif before:
        place = f"in forward after {named(before[-1].name, before[-1].layer)},"
    else:
        place = "in forward"
    return Finding(
        "forward_error",
        "error",
        f"The model stops {place} with {said.rstrip('.')}; expected scores of shape (N, classes).",
        "print(x.shape)  # in forward, before the line that stops",
    )
