"""Why a forward pass stopped: the layer it stopped in, the shape that came to it, and a fix."""

from __future__ import annotations

import difflib
import math
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from coursekit.training.errors import Finding, fatal


def explain(error: Exception, model: nn.Module, images: Tensor) -> Finding:
    """Explain the error that a model raised for these images, by calling it again layer by layer.

    Examples
    --------
    >>> import torch
    >>> model, images = nn.Sequential(nn.Conv2d(1, 6, 5)), torch.zeros(8, 28, 28, 1)
    >>> print(explain(RuntimeError(), model, images))
    model[0] (Conv2d) got shape (8, 28, 28, 1); expected (N, 1, H, W), ... Fix: images = ...
    """
    if out_of_memory(error):
        return memory_used_up(len(images))
    if isinstance(error, NotImplementedError) and "forward" in str(error):
        own = [name for name in vars(type(model)) if not name.startswith("_")]
        close = difflib.get_close_matches("forward", own, 1)
        like = f", but one called {close[0]}" if close else ""
        return fatal(
            "no_forward",
            f"{type(model).__name__} has no method forward{like}; expected one of this name, "
            "indented into the class. Fix: def forward(self, x):  # beside __init__",
        )
    stopped = _stopped_in(model, images)
    place = ""
    if stopped is not None:
        name, layer, shape = stopped
        code, text = _wrong_shape(name, layer, shape, error, shape == tuple(images.shape))
        if text:
            where = f"{code_of(name)} ({type(layer).__name__})"
            return Finding(code, "error", f"{where} got shape {shape}; expected {text}")
        place = f" in {code_of(name)} ({type(layer).__name__}), which got shape {shape},"
    text = " ".join(str(error).split())[:200]
    return fatal(
        "forward_error",
        f"The model stops{place} with {type(error).__name__}: {text}; expected scores of shape "
        "(N, classes). Fix: print(x.shape)  # in forward, before the line that stops",
    )


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that the memory is used up."""
    text = str(error).lower()
    signs = ("out of memory", "can't allocate memory", "cannot allocate memory")
    return isinstance(error, MemoryError) or any(sign in text for sign in signs)


def memory_used_up(batch_size: int) -> Finding:
    """Say that the memory is used up, with a batch that needs less."""
    return fatal(
        "out_of_memory",
        f"The memory is used up by a batch of {batch_size:,}; expected a batch that fits. "
        f"Fix: batch_size = {max(1, batch_size // 4)}",
    )


def code_of(name: str) -> str:
    """Write the path of a layer as Python: ``model.features[0].conv``."""
    parts = name.split(".") if name else []
    return "model" + "".join([f"[{part}]" if part.isdigit() else f".{part}" for part in parts])


def _stopped_in(model: nn.Module, images: Tensor) -> tuple[str, nn.Module, tuple[int, ...]] | None:
    """Return the innermost layer whose call does not end, with the shape that it got."""
    running: list[tuple[str, nn.Module, tuple[int, ...]]] = []
    handles = []
    for name, layer in model.named_modules():

        def enter(layer: nn.Module, given: Any, name: str = name) -> None:
            shape = tuple(given[0].shape) if given and isinstance(given[0], Tensor) else ()
            running.append((name, layer, shape))

        handles.append(layer.register_forward_pre_hook(enter))
        handles.append(layer.register_forward_hook(lambda *_: running.pop() and None))
    try:
        model(images)
    except Exception:  # whatever a student's model raises
        inner = [each for each in running if next(each[1].children(), None) is None]
        return inner[-1] if inner and inner[-1][2] else None
    finally:
        for handle in handles:
            handle.remove()
    return None


def _wrong_shape(
    name: str, layer: Any, shape: tuple[int, ...], error: Exception, first: bool
) -> tuple[str, str]:
    """Return a code, and what the layer expected with a fix; "" where it is not the shape."""
    if isinstance(layer, nn.Conv2d) and not (len(shape) == 4 and shape[1] == layer.in_channels):
        return _channels(name, layer, shape, first)
    if isinstance(layer, nn.Linear) and shape[-1] != layer.in_features:
        wants, each = layer.in_features, math.prod(shape[1:])
        if len(shape) == 2:
            fix = f"in_features={shape[-1]}"
            made = repr(layer).replace(f"in_features={wants}", fix)
            return "features", f"(N, {wants}). Fix: {code_of(name)} = torch.nn.{made}"
        parent, _, place = name.rpartition(".")
        fix = "x = x.flatten(1)  # in forward, before this layer"
        if place.isdigit():  # in a chain of layers the missing one can be put in its place
            fix = f"{code_of(parent)}.insert({place}, torch.nn.Flatten())"
        flat = f"(N, {wants}), so the maps have to be flattened first, into {each} numbers each"
        return "not_flattened", f"{flat}. Fix: {fix}"
    if isinstance(layer, _BatchNorm):
        if "more than 1 value" in str(error):
            fix = "loader = DataLoader(dataset, batch_size=32, shuffle=True, drop_last=True)"
            return "batch_of_one", f"at least two images, since one has no variance. Fix: {fix}"
        right = "BatchNorm1d" if len(shape) in (2, 3) else "BatchNorm2d"
        made = f"{code_of(name)} = torch.nn.{right}({shape[1]})"
        return "norm_shape", f"{layer.num_features} channels in the right layer. Fix: {made}"
    if isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d) and len(shape) == 4:
        return "too_small", (
            f"maps at least as large as its window, {layer.kernel_size}: larger images, padding, "
            f"or fewer poolings. Fix: {code_of(name)} = torch.nn.Identity()"
        )
    return "", ""


def _channels(name: str, layer: nn.Conv2d, shape: tuple[int, ...], first: bool) -> tuple[str, str]:
    """Say what a convolution expected that got another number of channels or axes."""
    wants = layer.in_channels
    wanted = f"(N, {wants}, H, W)"
    if len(shape) == 3:
        fix = "images = images[:, None]" if first else "x = x.unsqueeze(1)  # in forward"
        return "no_channel_axis", f"{wanted}, so the axis for channels is missing. Fix: {fix}"
    if len(shape) == 2:
        side = math.isqrt(shape[1] // wants)
        fix = f"images = images.reshape(-1, {wants}, {side}, {side})"
        fix = fix if first else "x = x.flatten(1)  # in forward, after the convolutions"
        return "flat_images", f"{wanted}, and these are rows of numbers. Fix: {fix}"
    if len(shape) != 4:
        return "too_many_axes", f"{wanted}, four axes. Fix: images = images.squeeze()"
    if first and shape[3] in (1, 3) and shape[1] not in (1, 3):
        fix = "images = images.permute(0, 3, 1, 2)"
        return "channels_last", f"{wanted}, and these are (N, H, W, C). Fix: {fix}"
    giver = "the images have" if first else "the layer before gives"
    made = repr(layer).replace(f"({wants},", f"({shape[1]},", 1)
    return "channel_count", (
        f"{wanted}, since the layer takes {wants} channel{'s' * (wants > 1)} and {giver} "
        f"{shape[1]}. Fix: {code_of(name)} = torch.nn.{made}"
    )
