"""Why a forward pass stopped, by the layer it stopped in and the shape that came to it."""

from __future__ import annotations

import difflib
import math
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from coursekit.training.diagnosis.findings import Finding, code_of, count, named, rebuilt
from coursekit.training.diagnosis.inspect_images import pixel_type
from coursekit.training.diagnosis.memory import out_of_memory
from coursekit.training.diagnosis.probe import Probe, Visit

_CONV = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
_POOL = (nn.MaxPool2d, nn.AvgPool2d, nn.MaxPool1d, nn.AvgPool1d)


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
    if visit is not None and visit.leaf and visit.shape is not None:
        known = _by_layer(visit, visit.shape, error, probe, model, inputs)
        if known:
            return known
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
    if isinstance(visit.layer, _CONV):
        return _convolution(visit, shape, first)
    if isinstance(visit.layer, nn.Linear):
        return _linear(visit, shape, first, model, len(inputs) if isinstance(inputs, Tensor) else 0)
    if isinstance(visit.layer, _BatchNorm):
        return _batch_norm(visit, shape, error)
    if isinstance(visit.layer, _POOL) and len(shape) >= 3:
        return _too_small(visit, shape)
    return None


def _convolution(visit: Visit, shape: tuple[int, ...], first: bool) -> Finding | None:
    layer: Any = visit.layer
    wants, name, kernel = layer.in_channels, named(visit.name, layer), layer.kernel_size
    flat = len(kernel) == 2
    if flat and len(shape) == 3:
        more = "" if wants == 1 else f".repeat(1, {wants}, 1, 1)"
        return Finding(
            "no_channel_axis",
            "error",
            f"{name} got shape {shape}, without an axis for channels; expected (N, {wants}, H, W).",
            f"images = images[:, None]{more}" if first else "x = x.unsqueeze(1)  # in forward",
        )
    if flat and len(shape) == 2:
        side = math.isqrt(shape[1] // wants)
        square = first and side * side * wants == shape[1]
        return Finding(
            "flat_images",
            "error",
            f"{name} got shape {shape}, rows of numbers; expected (N, {wants}, H, W)"
            + ("." if first else ", so the flattening comes too early."),
            f"images = images.reshape(-1, {wants}, {side}, {side})"
            if square
            else f"x = x.unflatten(1, ({wants}, height, width))  # in forward, before {name}",
        )
    if len(shape) != len(kernel) + 2:
        return None
    if shape[1] == wants:
        return _too_small(visit, shape)
    found = f"{name} got shape {shape}, and takes {count(wants, 'channel')}, on the second axis"
    if first and flat and (shape[3] == wants or (shape[3] in (1, 3) and shape[1] not in (1, 3))):
        return Finding(
            "channels_last",
            "error",
            f"{found}; expected (N, C, H, W), and these images are (N, H, W, C).",
            "images = images.permute(0, 3, 1, 2)",
        )
    if first and flat and shape[1] == 1 and wants == 3:
        return Finding(
            "channel_count",
            "error",
            f"{found}; expected as many as the images have, which are grey: 1.",
            "images = images.repeat(1, 3, 1, 1)",
        )
    return Finding(
        "channel_count",
        "error",
        f"{found}; expected {shape[1]}, as many as "
        + ("the images have." if first else "the layer before gives."),
        rebuilt(visit.name, layer, f"({wants},", f"({shape[1]},"),
    )


def _too_small(visit: Visit, shape: tuple[int, ...]) -> Finding:
    layer: Any = visit.layer
    size = layer.kernel_size
    rows = max(size) if isinstance(size, tuple) else size
    high = " x ".join(str(side) for side in shape[2:])
    if isinstance(layer, _CONV):
        old = f", padding={layer.padding}" if any(layer.padding) else ""
        new = f", padding={tuple(k // 2 for k in layer.kernel_size)}"
        mend = rebuilt(visit.name, layer, old or ")", new if old else f"{new})")
        if not old:  # the last bracket is the one to write before
            mend = f"{code_of(visit.name)} = torch.nn.{repr(layer)[:-1]}{new})"
    else:
        mend = f"{code_of(visit.name)} = torch.nn.Identity()"
    return Finding(
        "too_small",
        "error",
        f"{named(visit.name, layer)} slides a window of {rows} over maps of only {high}; expected "
        "maps at least as large as the window: use larger images, padding or fewer poolings.",
        mend,
    )


def _linear(
    visit: Visit, shape: tuple[int, ...], first: bool, model: nn.Module, examples: int
) -> Finding | None:
    layer: Any = visit.layer
    wants, name = layer.in_features, named(visit.name, layer)
    if shape[-1] == wants:
        return None
    each = math.prod(shape[1:])
    if len(shape) > 2:
        return Finding(
            "not_flattened",
            "error",
            f"{name} got shape {shape}; expected (N, {wants}), so the maps have to be flattened "
            f"into {each} numbers for each image first.",
            _flatten(visit.name, model, first)
            + (
                ""
                if each == wants
                else "\n"
                + rebuilt(visit.name, layer, f"in_features={wants}", f"in_features={each}")
            ),
        )
    if examples and len(shape) == 2 and shape[0] != examples:
        return _batch_lost(name, shape, examples)
    return Finding(
        "features",
        "error",
        f"{name} takes {count(wants, 'number')} for each image and got {shape[-1]}; "
        "expected the same number on both sides.",
        rebuilt(visit.name, layer, f"in_features={wants}", f"in_features={shape[-1]}"),
    )


def _batch_lost(name: str, shape: tuple[int, ...], examples: int) -> Finding:
    return Finding(
        "batch_mixed",
        "error",
        f"{name} got {count(shape[0], 'row')} for {count(examples, 'image')}; "
        "expected one row an image, so a view or reshape before it mixes images.",
        f"x = x.flatten(1)  # in forward, in place of the view or reshape before {name}",
    )


def _flatten(name: str, model: nn.Module, first: bool) -> str:
    parent, _, place = name.rpartition(".")
    # In a chain of layers the missing one can be put in its place.
    holder = model.get_submodule(parent)
    if isinstance(holder, nn.Sequential) and place.isdigit():
        return f"{code_of(parent)}.insert({place}, torch.nn.Flatten())"
    if first:
        return "images = images.reshape(len(images), -1)"
    return f"x = x.flatten(1)  # in forward, before {code_of(name, 'self')}"


def _batch_norm(visit: Visit, shape: tuple[int, ...], error: Exception) -> Finding | None:
    layer: Any = visit.layer
    name, wants = named(visit.name, layer), layer.num_features
    if "more than 1 value per channel" in str(error):
        return batch_of_one(1, name)
    right = {2: "BatchNorm1d", 3: "BatchNorm1d", 4: "BatchNorm2d", 5: "BatchNorm3d"}.get(len(shape))
    if right and type(layer).__name__ != right:
        return Finding(
            "norm_kind",
            "error",
            f"{name} got shape {shape}; expected {right} for {len(shape)} axes.",
            f"{code_of(visit.name)} = torch.nn.{right}({shape[1]})",
        )
    if len(shape) > 1 and shape[1] != wants:
        return Finding(
            "channel_count",
            "error",
            f"{name} is made for {count(wants, 'channel')} and got {shape[1]} "
            f"(shape {shape}); expected as many as the layer before gives.",
            f"{code_of(visit.name)} = torch.nn.{type(layer).__name__}({shape[1]})",
        )
    return None


def batch_of_one(examples: int, name: str, batch_size: int | None = None) -> Finding:
    """Say that batch norm cannot work on one example.

    Examples
    --------
    >>> batch_of_one(33, "model.bn (BatchNorm1d)", 32).mend
    'loader = torch.utils.data.DataLoader(loader.dataset, 32, shuffle=True, drop_last=True)'
    """
    if batch_size is None or batch_size == 1 or examples == 1:
        return Finding(
            "batch_of_one",
            "error",
            f"{name} got a batch of one example, whose variance is 0; expected at least two, and "
            "better sixteen or more.",
            "batch_size = 32",
        )
    return Finding(
        "batch_of_one",
        "error",
        f"The last batch of an epoch has one example ({examples:,} = "
        f"{examples // batch_size:,} x {batch_size} + 1), and {name} needs at least two; expected "
        "that batch to be left out, or another batch size.",
        f"loader = torch.utils.data.DataLoader(loader.dataset, {batch_size}, shuffle=True, "
        "drop_last=True)",
    )


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
