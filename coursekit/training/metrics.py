"""What is counted while training and evaluating: accuracy, and metrics of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

Metric = Callable[[Any, Any], Any]
_TAKEN = ("epoch", "loss", "accuracy", "lr", "seconds", "images_per_second")


def make_metrics(given: Any) -> dict[str, Metric]:
    """Return metrics by name: from a dict, one function, or a list of functions.

    A metric is a function of (logits, targets) that returns the mean over the batch; its mean
    over an epoch weighs each batch by its number of examples.

    Raises
    ------
    TypeError
        When something in it is no function.
    ValueError
        When two have one name, or a name is a column of the history.

    Examples
    --------
    >>> def top_3(logits, targets):
    ...     return (logits.topk(3).indices == targets[:, None]).any(1).float().mean()
    >>> list(make_metrics([top_3]))
    ['top_3']
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        pairs = list(given.items())
    else:
        several = isinstance(given, list | tuple | set)
        pairs = [(_name(metric), metric) for metric in (given if several else [given])]
    for name, metric in pairs:
        if isinstance(metric, type) or not callable(metric):
            raise TypeError(
                f"metrics: found {metric!r}; expected functions of (logits, targets) that return "
                'the mean over the batch, such as {"top_3": my_function}.'
            )
        twice = [n for n, _ in pairs].count(name) > 1
        if not isinstance(name, str):
            raise TypeError(
                f"metrics: found the name {name!r}; expected text. Give names in a dict: "
                '{"my_name": my_function}.'
            )
        if twice or name in _TAKEN or name.startswith(("validation_", "test_")):
            raise ValueError(
                f"metrics: found {'twice ' if twice else ''}the name {name!r}; expected one that "
                'is free. Give names in a dict: {"my_name": my_function}.'
            )
    return dict(pairs)


def are_classes(logits: Any, targets: Any) -> bool:
    """Say whether targets are class labels for these logits: one whole number for each row.

    Examples
    --------
    >>> are_classes(torch.zeros(4, 10), torch.zeros(4, dtype=torch.int64))
    True
    >>> are_classes(torch.zeros(4, 1), torch.zeros(4, 1))
    False
    """
    return (
        isinstance(logits, Tensor)
        and isinstance(targets, Tensor)
        and not (targets.is_floating_point() or targets.is_complex())
        and logits.ndim == targets.ndim + 1
        and logits.shape[1] > 1
    )


def _name(metric: Any) -> str:
    return getattr(metric, "__name__", None) or type(metric).__name__


class Totals:
    """Running sums of an epoch or an evaluation, kept on the device and read at its end.

    Reading a number waits for the device; adding does not.

    Examples
    --------
    >>> totals = Totals(torch.device("cpu"))
    >>> totals.add(torch.tensor(2.0), 3, torch.eye(3), torch.tensor([0, 1, 1]))
    >>> totals.add(torch.tensor(1.0), 1, torch.eye(3)[:1], torch.tensor([0]))
    >>> totals.mean_loss(), totals.accuracy(), totals.count
    (1.75, 0.75, 4)
    """

    def __init__(self, device: torch.device, metrics: Mapping[str, Metric] | None = None) -> None:
        # The sum of an epoch in float64, where the device has it: 60,000 small numbers.
        exact = torch.float32 if device.type == "mps" else torch.float64
        self.metrics = dict(metrics or {})
        self.loss = torch.zeros((), dtype=exact, device=device)
        self.weight = torch.zeros((), dtype=exact, device=device)
        self.weight_known = 0.0
        self.right = torch.zeros((), dtype=torch.int64, device=device)
        self.labels = 0
        self.count = 0
        self.sums = {name: torch.zeros((), dtype=exact, device=device) for name in self.metrics}

    @torch.no_grad()
    def add(self, loss: Tensor, weight: float | Tensor, logits: Any, targets: Any) -> None:
        """Add a batch: its mean loss, what that was divided by, and what was right."""
        if not isinstance(weight, Tensor) and weight == 0:
            return  # a batch that only keeps other processes from waiting
        count = len(targets)
        self.count += count
        if isinstance(weight, Tensor):
            self.loss += loss * weight
            self.weight += weight
        else:
            self.loss.add_(loss, alpha=weight)
            self.weight_known += weight
        if are_classes(logits, targets):
            self.right += (logits.argmax(1) == targets).sum()
            self.labels += targets.numel()
        for name, metric in self.metrics.items():
            value = torch.as_tensor(metric(logits, targets))
            if value.numel() != 1:
                raise ValueError(
                    f"metrics: {name!r} gave shape {tuple(value.shape)}; expected one number, the "
                    "mean over the batch. Write .float().mean() behind it."
                )
            self.sums[name] += value.to(self.loss).reshape(()) * count

    def mean_loss(self) -> float:
        """Return the mean loss over all examples so far; NaN where there are none."""
        weight = self.weight_known + self.weight.item()
        return self.loss.item() / weight if weight else float("nan")

    def accuracy(self) -> float | None:
        """Return the share right; None where targets are no class labels."""
        return self.right.item() / self.labels if self.labels else None

    def extra(self) -> dict[str, float]:
        """Return the mean of each metric of one's own."""
        return {name: s.item() / max(1, self.count) for name, s in self.sums.items()}

    def tensors(self) -> dict[str, Tensor]:
        """Return all sums as tensors: to write down, or to add over several processes."""
        numbers = {
            "weight_known": torch.tensor(self.weight_known, dtype=torch.float64),
            "labels": torch.tensor(self.labels),
            "count": torch.tensor(self.count),
        }
        kept = {"loss": self.loss, "weight": self.weight, "right": self.right}
        return kept | numbers | {f"metric.{name}": each for name, each in self.sums.items()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take all sums from tensors that `tensors` gave."""
        for name in ("loss", "weight", "right"):
            getattr(self, name).copy_(tensors[name])
        for name, total in self.sums.items():
            total.copy_(tensors[f"metric.{name}"])
        self.weight_known = float(tensors["weight_known"])
        self.labels, self.count = int(tensors["labels"]), int(tensors["count"])
