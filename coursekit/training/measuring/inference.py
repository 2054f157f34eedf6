"""How long a model takes to answer, one image at a time and in batches."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from coursekit.training.diagnosis.findings import need_module
from coursekit.training.loop import evaluating
from coursekit.training.machine.devices import choose_device
from coursekit.training.machine.precision import choose_precision

_SHORTEST = 0.005  # seconds: shorter than this a single call says more about the clock


@dataclass(frozen=True)
class BatchTime:
    """Seconds that one call with a batch took.

    `median` is that of all rounds; `low` and `high` are the quartiles.
    """

    batch_size: int
    median: float
    low: float
    high: float

    @property
    def per_image(self) -> float:
        """Seconds for one image of the batch."""
        return self.median / self.batch_size


@dataclass(frozen=True)
class InferenceTimes:
    """What `inference_time` measured; shown as a table."""

    times: tuple[BatchTime, ...]
    device: str
    rounds: int

    @property
    def ratio(self) -> float:
        """How many times as long an image takes in the smallest batch as in the largest."""
        by_size = sorted(self.times, key=lambda each: each.batch_size)
        return by_size[0].per_image / by_size[-1].per_image

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{each.batch_size:,}",
                _seconds(each.median),
                f"{_seconds(each.low)} to {_seconds(each.high)}",
                _seconds(each.per_image),
                f"{1 / each.per_image:,.0f}",
            )
            for each in self.times
        ]

    def _below(self) -> str:
        sizes = sorted(each.batch_size for each in self.times)
        text = f"Medians and quartiles of {self.rounds} rounds on {self.device}."
        if len(sizes) > 1:
            text += (
                f" An image takes {self.ratio:.1f} times as long in a batch of {sizes[0]:,} as in "
                f"one of {sizes[-1]:,}."
            )
        return text

    def __str__(self) -> str:
        rows = [_HEAD, *self._rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        return "\n".join([*lines, self._below()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{cell}</th>' for cell in _HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in self._rows()
        )
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{html.escape(self._below())}</p>"
        )


_HEAD = ("batch", "a call", "half of them", "an image", "images a second")


def inference_time(
    model: nn.Module,
    input_shape: Sequence[int],
    batch_sizes: Sequence[int] = (1, 128),
    *,
    device: str | torch.device = "auto",
    precision: str = "float32",
    rounds: int = 15,
) -> InferenceTimes:
    """Measure how long a model takes to answer, in evaluation mode and without gradients.

    Each batch size is warmed up first. Then the sizes take turns, so that whatever else the machine
    does meets all of them alike. A GPU is waited for before the clock is read.

    Parameters
    ----------
    model
        Any module that takes a batch of floats; put back in the mode it was in.
    input_shape
        Of one image, without the batch: ``(1, 28, 28)``.
    batch_sizes
        Images in a call.
    device
        ``"auto"`` is where the model is. For another the model is moved there, and back.
    precision
        ``"float32"``, ``"bfloat16"`` or ``"auto"``.
    rounds
        Measurements for each batch size.

    Returns
    -------
    InferenceTimes
        Shown as a table; `times` holds the medians and quartiles in seconds, `ratio` how many
        times as long an image takes alone as in the largest batch.

    Raises
    ------
    TypeError
        When `model` is no module.
    ValueError
        When a size or the number of rounds is less than 1, or the model does not take the shape.

    Examples
    --------
    >>> found = inference_time(nn.Linear(4, 2), (4,), batch_sizes=(1, 8), rounds=3)
    >>> [each.batch_size for each in found.times]
    [1, 8]
    """
    shape = image_shape(model, input_shape)
    sizes = [whole("batch_sizes", size) for size in batch_sizes]
    whole("rounds", rounds)
    if not sizes:
        raise ValueError("batch_sizes: found none; expected at least one. Write (1, 128).")
    home = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    there = home if device == "auto" else choose_device(device)
    chosen = choose_precision(precision, there, model)
    batches = {size: torch.zeros(size, *shape, device=there) for size in sizes}
    model.to(there)
    try:
        with torch.inference_mode(), evaluating(model), chosen.in_force(), chosen.autocast(there):
            calls = {size: _clock(model, batch, there, shape) for size, batch in batches.items()}
            seconds: dict[int, list[float]] = {size: [] for size in batches}
            for _ in range(rounds):
                for size, call in calls.items():
                    seconds[size].append(call())
    finally:
        model.to(home)
    times = []
    for size in sizes:
        low, median, high = np.quantile(seconds[size], [0.25, 0.5, 0.75]).tolist()
        times.append(BatchTime(size, median, low, high))
    return InferenceTimes(tuple(times), str(there), rounds)


def _clock(
    model: nn.Module, batch: torch.Tensor, device: torch.device, shape: tuple[int, ...]
) -> Callable[[], float]:
    """Warm up, choose how many calls one measurement needs, and return what measures one call."""
    try:
        model(batch)
    except (RuntimeError, ValueError, IndexError) as error:
        raise not_taken(shape, error) from error

    def measure(calls: int) -> float:
        _wait_for(device)
        begin = time.perf_counter()
        for _ in range(calls):
            model(batch)
        _wait_for(device)
        return (time.perf_counter() - begin) / calls

    measure(2)
    calls = max(1, round(_SHORTEST / max(measure(2), 1e-7)))
    return lambda: measure(calls)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def not_taken(shape: tuple[int, ...], error: Exception) -> ValueError:
    """Return the error that says that a model does not take images of this shape.

    Examples
    --------
    >>> print(not_taken((3, 8, 8), RuntimeError("it has 1 channel.")))
    input_shape: found (3, 8, 8), which the model does not take (it has 1 channel); expected ...
    """
    said = str(error).strip().split("\n")[0].rstrip(".")
    return ValueError(
        f"input_shape: found {shape}, which the model does not take ({said}); expected the shape "
        "of one image as the model gets it, such as (1, 28, 28)."
    )


def whole(name: str, value: Any) -> int:
    """Return a whole number of at least 1.

    Raises
    ------
    ValueError
        When it is none; the message names the argument.

    Examples
    --------
    >>> whole("rounds", 3)
    3
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(
            f"{name}: found {value!r}; expected whole numbers of at least 1, such as 128."
        )
    return int(value)


def image_shape(model: Any, shape: Any) -> tuple[int, ...]:
    """Return the shape of one image for a model.

    Raises
    ------
    TypeError
        When the model is none.
    ValueError
        When the shape is none.

    Examples
    --------
    >>> image_shape(nn.Flatten(), [1, 28, 28])
    (1, 28, 28)
    """
    need_module(model)
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise ValueError(
            f"input_shape: found {shape!r}; expected the shape of one image, such as (1, 28, 28)."
        )
    return tuple(whole("input_shape", side) for side in shape)


def _seconds(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-6:.3g} µs"
