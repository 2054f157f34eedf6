"""Why a forward pass stopped: the layer it stopped in, the shape that came to it, and a fix."""

from __future__ import annotations

import difflib
import math
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from coursekit.training.errors import Finding

_POOL = (nn.MaxPool2d, nn.AvgPool2d)


def explain(error: Exception, model: nn.Module, images: Tensor) -> Finding:
    """Explain the error that a model raised for these images.

    Parameters
    ----------
    error
        What was raised.
    model
        It is called once more, watched layer by layer.
    images
        What it was called with.

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
        return _no_forward(model)
    stopped = _stopped_in(model, images)
    if stopped is not None:
        name, layer, shape = stopped
        found = _wrong_shape(name, layer, shape, error, first=shape == tuple(images.shape))
        if found is not None:
            return found
    place = f" in {named(stopped[0], stopped[1])}, which got shape {stopped[2]}" if stopped else ""
    text = " ".join(str(error).split())[:200]
    return Finding(
        "forward_error",
        "error",
        f"The model stops{place} with {type(error).__name__}: {text}; expected scores of shape "
        "(N, classes).",
        "print(x.shape)  # in forward, before the line that stops",
    )


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that the memory is used up.

    Examples
    --------
    >>> out_of_memory(MemoryError()), out_of_memory(ValueError())
    (True, False)
    """
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(
        sign in text
        for sign in ("out of memory", "can't allocate memory", "cannot allocate memory")
    )


def memory_used_up(batch_size: int) -> Finding:
    """Say that the memory is used up, with a batch that needs less."""
    return Finding(
        "out_of_memory",
        "error",
        f"The memory is used up by a batch of {batch_size:,}; expected a batch that fits.",
        f"batch_size = {max(1, batch_size // 4)}",
    )


def code_of(name: str) -> str:
    """Write the path of a layer as Python.

    Examples
    --------
    >>> code_of("features.0.conv"), code_of("2"), code_of("")
    ('model.features[0].conv', 'model[2]', 'model')
    """
    parts = filter(None, name.split("."))
    return "model" + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts)


def named(name: str, layer: nn.Module) -> str:
    """Name a layer in a sentence: where it is and what it is.

    Examples
    --------
    >>> named("fc1", nn.Linear(4, 2))
    'model.fc1 (Linear)'
    """
    return f"{code_of(name)} ({type(layer).__name__})"


def rebuilt(name: str, layer: nn.Module, old: str, new: str) -> str:
    """Write the line that puts a layer like this one, with one thing changed, in its place.

    Examples
    --------
    >>> rebuilt("fc1", nn.Linear(4, 2), "in_features=4", "in_features=8")
    'model.fc1 = torch.nn.Linear(in_features=8, out_features=2, bias=True)'
    """
    return f"{code_of(name)} = torch.nn.{repr(layer).replace(old, new, 1)}"


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


def _no_forward(model: nn.Module) -> Finding:
    name = type(model).__name__
    own = [each for each in vars(type(model)) if not each.startswith("_")]
    close = difflib.get_close_matches("forward", own, 1)
    like = f", but one called {close[0]}" if close else ""
    return Finding(
        "no_forward",
        "error",
        f"{name} has no method forward{like}; expected one of this name, indented into the class.",
        "def forward(self, x):  # in the class, beside __init__",
    )


def _wrong_shape(
    name: str, layer: nn.Module, shape: tuple[int, ...], error: Exception, *, first: bool
) -> Finding | None:
    """Say why a layer does not take what came to it; None where it is not the shape."""
    if isinstance(layer, nn.Conv2d):
        return _convolution(name, layer, shape, first)
    if isinstance(layer, nn.Linear):
        return _linear(name, layer, shape, first)
    if isinstance(layer, _BatchNorm) and "more than 1 value" in str(error):
        return Finding(
            "batch_of_one",
            "error",
            f"{named(name, layer)} got a batch of one image, which has no variance; expected two "
            "or more.",
            "loader = torch.utils.data.DataLoader(dataset, batch_size=32, drop_last=True)",
        )
    if isinstance(layer, _BatchNorm) and len(shape) in (2, 4):
        right = "BatchNorm1d" if len(shape) == 2 else "BatchNorm2d"
        return Finding(
            "norm_shape",
            "error",
            f"{named(name, layer)} for {layer.num_features} channels got shape {shape}; expected "
            f"{right} for {shape[1]}.",
            f"{code_of(name)} = torch.nn.{right}({shape[1]})",
        )
    if isinstance(layer, _POOL) and len(shape) == 4:
        return _too_small(name, layer, shape)
    return None


def _convolution(name: str, layer: nn.Conv2d, shape: tuple[int, ...], first: bool) -> Finding:
    wants = layer.in_channels
    code, expected, fix = "channel_count", "", ""
    if len(shape) == 4 and shape[1] == wants:
        return _too_small(name, layer, shape)
    if len(shape) == 3:
        code, expected = "no_channel_axis", "so the axis for channels is missing"
        fix = "images = images[:, None]" if first else "x = x.unsqueeze(1)  # in forward"
    elif len(shape) == 2:
        side = math.isqrt(shape[1] // wants)
        code, expected = "flat_images", "and these are rows of numbers"
        fix = f"images = images.reshape(-1, {wants}, {side}, {side})"
        fix = fix if first else "x = x.flatten(1)  # in forward, after the convolutions"
    elif len(shape) != 4:
        code, expected = "too_many_axes", f"and these have {len(shape)} axes"
        fix = "images = images.squeeze()"
    elif first and shape[3] in (1, 3) and shape[1] not in (1, 3):
        code, expected = "channels_last", "and these are (N, H, W, C)"
        fix = "images = images.permute(0, 3, 1, 2)"
    else:
        giver = "the images have" if first else "the layer before gives"
        expected = (
            f"since the layer takes {wants} channel{'s' * (wants > 1)} and {giver} {shape[1]}"
        )
        fix = rebuilt(name, layer, f"({wants},", f"({shape[1]},")
    sentence = f"{named(name, layer)} got shape {shape}; expected (N, {wants}, H, W), {expected}."
    return Finding(code, "error", sentence, fix)


def _linear(name: str, layer: nn.Linear, shape: tuple[int, ...], first: bool) -> Finding | None:
    wants, each = layer.in_features, math.prod(shape[1:])
    if shape[-1] == wants:
        return None
    if len(shape) > 2:
        parent, _, place = name.rpartition(".")
        fix = "x = x.flatten(1)  # in forward, before this layer"
        if place.isdigit():  # in a chain of layers the missing one can be put in its place
            fix = f"{code_of(parent)}.insert({place}, torch.nn.Flatten())"
        elif first:
            fix = "images = images.reshape(len(images), -1)"
        return Finding(
            "not_flattened",
            "error",
            f"{named(name, layer)} got shape {shape}; expected (N, {wants}), so the maps have to "
            f"be flattened first, into {each} numbers for each image.",
            fix,
        )
    return Finding(
        "features",
        "error",
        f"{named(name, layer)} takes {wants} numbers for each image and got {shape[-1]}; expected "
        "the same on both sides.",
        rebuilt(name, layer, f"in_features={wants}", f"in_features={shape[-1]}"),
    )


def _too_small(name: str, layer: Any, shape: tuple[int, ...]) -> Finding:
    window = layer.kernel_size if isinstance(layer.kernel_size, int) else max(layer.kernel_size)
    return Finding(
        "too_small",
        "error",
        f"{named(name, layer)} slides a window of {window} over maps of only {shape[2]} x "
        f"{shape[3]}; expected larger maps: larger images, padding, or fewer poolings.",
        f"{code_of(name)} = torch.nn.Identity()",
    )
