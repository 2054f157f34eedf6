"""The learning-rate range test: one short run in which the rate grows from tiny to far too large.

Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017
(arXiv:1506.01186), section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from coursekit.training.data.batches import Batches, choose_batch_size, count_of, make_batches
from coursekit.training.diagnosis.findings import TrainingError, need_module
from coursekit.training.diagnosis.look import Case, examine
from coursekit.training.diagnosis.samples import COUNT, Sample
from coursekit.training.diagnosis.undisturbed import stand_in
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.losses import make_loss
from coursekit.training.machine.devices import choose_device
from coursekit.training.machine.precision import Precision
from coursekit.training.optimizers import make_optimizer
from coursekit.training.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MEMORY = 0.8  # of the running mean of the losses
_LEAP = 4  # times the lowest mean: the test is over


@dataclass(frozen=True)
class LearningRates:
    """What the range test saw.

    Attributes
    ----------
    rates
        The rates tried, one an update, growing by the same factor.
    losses
        The loss of the batch before each update, smoothed: a running mean in which the newest
        loss has one part in five.
    raw
        The losses as they were.
    suggestion
        One tenth of the rate at which the smoothed loss was lowest; with SGD one fifth. None where
        the loss never fell.
    limit
        The rate at which the smoothed loss was lowest: above it the loss rises.

    Examples
    --------
    >>> LearningRates([0.001, 0.01, 0.1], [2.0, 1.0, 3.0], [2.0, 1.0, 3.0], 0.001, 0.01)
    3 learning rates, from a start far too small to one that is too large; .suggestion has one ...
    """

    rates: list[float]
    losses: list[float]
    raw: list[float] = field(repr=False)
    suggestion: float | None
    limit: float | None

    def __repr__(self) -> str:
        if self.suggestion is None:
            return (
                f"{len(self.rates)} learning rates, and with none of them the loss fell; "
                "diagnose(model, train) says why."
            )
        return (
            f"{len(self.rates)} learning rates, from a start far too small to one that is too "
            "large; .suggestion has one to begin with, .plot() the picture."
        )

    def plot(self, *, alt: str | None = None) -> None:
        """Draw the smoothed loss over the rates, on a logarithmic axis, with the suggestion.

        Parameters
        ----------
        alt
            What is to be seen, in a sentence; written from the outcome unless given.

        Examples
        --------
        >>> seen = LearningRates([0.001, 0.01, 0.1], [2.0, 1.0, 3.0], [2.0, 1.0, 3.0], 0.001, 0.01)
        >>> seen.plot()
        The loss over the learning rate: it falls to its lowest point, and rises steeply ...
        """
        from coursekit.figures.arguments import clean_alt
        from coursekit.figures.canvas import course_style
        from coursekit.figures.show import present

        with course_style():
            figure = _draw(self)
            present(figure, clean_alt(self._said() if alt is None else alt))

    def _said(self) -> str:
        if self.suggestion is None:
            return "The loss over the learning rate: it does not fall at any rate."
        rises = self.losses[-1] > 1.5 * min(self.losses)
        after = "rises steeply behind it" if rises else "stays low behind it"
        return (
            "The loss over the learning rate: it falls to its lowest point, and "
            f"{after}. The suggested rate is marked to the left of the lowest point."
        )


def find_lr(
    model: nn.Module,
    train: Any,
    *,
    loss: Callable[..., Tensor] | None = None,
    optimizer: Any = "adamw",
    batch_size: int | None = None,
    start: float = 1e-6,
    end: float = 10.0,
    steps: int = 100,
    seed: int = 0,
    device: str | torch.device = "auto",
    momentum: float | None = None,
    weight_decay: float = 0.0,
) -> LearningRates:
    """Try learning rates from tiny to far too large in one short run of a copy of the model.

    The model, and the random numbers that come next, stay as they are.

    Parameters
    ----------
    model, train, loss, optimizer, batch_size, device, momentum, weight_decay
        As for `fit`; an optimizer by name, or a function from a list of parameters to one.
    start, end
        The first and the last rate.
    steps
        Updates at most: it ends where the loss has leapt to four times its lowest mean.
    seed
        For the order of the images and whatever is random in the model.

    Returns
    -------
    LearningRates
        With `.rates`, `.losses`, `.suggestion` and `.plot()`.

    Raises
    ------
    ValueError
        When the rates do not grow, or there are fewer than 10 steps.
    TrainingError
        When no rate can help: labels out of range, frozen weights, shapes that do not fit.

    Examples
    --------
    >>> from coursekit.datasets import load
    >>> train, test = load("digits")
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> found = find_lr(model, train, batch_size=64)
    >>> 1e-4 < found.suggestion < 1
    True
    """
    need_module(model)
    _refuse(start, end, steps)
    where = choose_device(device)
    plain = Precision("float32", False, False, "to find a learning rate")
    settings = Settings(
        lr=start, optimizer=optimizer, loss=loss, weight_decay=weight_decay, momentum=momentum
    )
    with generators_kept(train, model), stand_in(model) as other:
        torch.manual_seed(seed)
        other.to(where).train()
        batches = make_batches(
            train,
            name="train",
            batch_size=batch_size or choose_batch_size(count_of(train), where, plain),
            shuffle=True,
            seed=seed,
            device=where,
            precision=plain,
        )
        head = Sample(*batches.head(COUNT), drawn=False)
        found = examine(Case(model, head, loss, sets_mode=True))
        if found.errors:
            raise TrainingError("\n".join(map(str, found.errors)), finding=found.errors[0])
        loss_fn = make_loss(replace(settings, loss=loss), where)
        updater = make_optimizer(other, settings, where)
        rates, raw, smooth = [], [], []
        mean = 0.0
        for step, (inputs, targets) in enumerate(_without_end(batches, steps)):
            rate = start * (end / start) ** (step / (steps - 1))
            for group in updater.param_groups:
                group["lr"] = rate
            with torch.enable_grad():
                value = loss_fn(other(inputs), targets)
                updater.zero_grad()
                value.backward()  # type: ignore[no-untyped-call]
            raw.append(float(value.detach()))
            mean = _MEMORY * mean + (1 - _MEMORY) * raw[-1]
            smooth.append(mean / (1 - _MEMORY ** (step + 1)))  # as if it had always been there
            rates.append(rate)
            if not math.isfinite(raw[-1]) or smooth[-1] > _LEAP * min(smooth):
                break
            updater.step()
    sgd = isinstance(updater, torch.optim.SGD)
    return _judged(rates, smooth, raw, 1 / 5 if sgd else 1 / 10)


def _judged(
    rates: list[float], smooth: list[float], raw: list[float], share: float
) -> LearningRates:
    finite = [i for i, value in enumerate(smooth) if math.isfinite(value)]
    lowest = min(finite, key=lambda i: smooth[i], default=0)
    fell = bool(finite) and smooth[lowest] < 0.99 * smooth[0]
    limit = rates[lowest] if fell else None
    suggestion = float(f"{rates[lowest] * share:.2g}") if fell else None
    return LearningRates(rates, smooth, raw, suggestion, limit)


def _without_end(batches: Batches, steps: int) -> Iterator[tuple[Any, Any]]:
    given, epoch = 0, 0
    while given < steps:
        epoch += 1
        for batch in batches.epoch(epoch):
            if given == steps:
                return
            given += 1
            yield batch


def _refuse(start: float, end: float, steps: int) -> None:
    if not 0 < start < end < math.inf:
        raise ValueError(
            f"start, end: found {start!r} and {end!r}; expected 0 < start < end, such as 1e-6 and "
            "10: the rate grows by the same factor at each step."
        )
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 10:
        raise ValueError(f"steps: found {steps!r}; expected a whole number, 10 or more.")


def _draw(seen: LearningRates) -> Figure:
    from matplotlib.ticker import FuncFormatter, LogLocator

    from coursekit.figures import palette
    from coursekit.figures.canvas import new_figure

    figure = new_figure(7.6, 3.6, layout="constrained")
    axes = figure.subplots()
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.plot(seen.rates, seen.losses, color=palette.LINES[0], linewidth=2.2)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(10, numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}"))
    axes.minorticks_off()
    # Where the loss leaps, the rest would be a flat line at the bottom.
    top = max(seen.losses[0], min(seen.losses))
    axes.set_ylim(top=top + 0.25 * (top - min(seen.losses)) + 1e-9)
    marked = seen.suggestion
    if marked is not None:
        nearest = min(range(len(seen.rates)), key=lambda i: abs(seen.rates[i] - marked))
        axes.plot(
            seen.rates[nearest],
            seen.losses[nearest],
            linestyle="none",
            marker=palette.MARKERS[0],
            markersize=9,
            color=palette.LINES[1],
            label="suggestion",
        )
        axes.legend(loc="lower left", frameon=False)
    axes.set_xlabel("learning rate")
    axes.set_ylabel("loss, smoothed")
    return figure
