"""Shapes that a layer does not take, and what to do about each."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from coursekit.training.diagnosis.findings import Finding, code_of, count, named, rebuilt
from coursekit.training.diagnosis.probe import Visit

_CONV = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
_POOL = (nn.MaxPool2d, nn.AvgPool2d, nn.MaxPool1d, nn.AvgPool1d)


def wrong_shape(
    visit: Visit,
    shape: tuple[int, ...],
    error: Exception,
    model: nn.Module,
    *,
    first: bool = False,
    examples: int = 0,
) -> Finding | None:
    """Say why a layer does not take what came to it; None where it is not the shape.

    Parameters
    ----------
    visit, shape, error
        The call of the layer, what it got, and what it raised.
    model
        That it belongs to.
    first
        Whether it gets the images themselves.
    examples
        How many images there are.

    Examples
    --------
    >>> layer = nn.Linear(4, 2)
    >>> visit = Visit("fc", layer, (8, 3), None, None, leaf=True)
    >>> wrong_shape(visit, (8, 3), RuntimeError(), layer).mend
    'model.fc = torch.nn.Linear(in_features=3, out_features=2, bias=True)'
    """
    if isinstance(visit.layer, _CONV):
        return _convolution(visit, shape, first)
    if isinstance(visit.layer, nn.Linear):
        return _linear(visit, shape, first, model, examples)
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
    if len(shape) > len(kernel) + 2 and 1 in shape[1:]:
        gone = _superfluous(shape, wants, len(shape) - len(kernel) - 2)
        axes = gone[0] if len(gone) == 1 else gone
        what = "images = images" if first else "x = x"
        return Finding(
            "too_many_axes",
            "error",
            f"{name} got shape {shape}, {len(shape)} axes; expected {len(kernel) + 2}: "
            f"(N, {wants}, {'H, W' if flat else '...'}).",
            f"{what}.squeeze({axes})" + ("" if first else "  # in forward"),
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


def _superfluous(shape: tuple[int, ...], channels: int, extra: int) -> tuple[int, ...]:
    """Choose axes of one to leave out, so that the channels fit and what remains is a picture."""
    ones = [axis for axis, side in enumerate(shape) if axis and side == 1]

    def fits(axes: tuple[int, ...]) -> tuple[bool, int]:
        rest = [side for axis, side in enumerate(shape) if axis not in axes]
        return rest[1] == channels, min(rest[2:], default=0)

    return max(combinations(ones, min(extra, len(ones))), key=fits)


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


def batch_of_one(
    examples: int, name: str, batch_size: int | None = None, *, loader: bool = True
) -> Finding:
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
        "drop_last=True)"
        if loader
        else f"batch_size = {_without_rest(examples, batch_size)}",
    )


def _without_rest(examples: int, batch_size: int) -> int:
    """Return the nearest batch size that leaves no single example over."""
    sizes = sorted(range(2, 2 * batch_size + 1), key=lambda size: abs(size - batch_size))
    return next((size for size in sizes if examples % size != 1), batch_size)
