"""The loop: one epoch of training, one pass of evaluation. This is what `fit` runs.

`show_loop` shows the same loop with only those lines that a call needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from coursekit.training.hooks import Hooks
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.losses import Loss, weight_of
from coursekit.training.metrics import Totals
from coursekit.training.run import Interrupted, Run

Batch = tuple[Any, Any]
Part = tuple[Any, Any, float | Tensor, float | Tensor]


def train_epoch(run: Run, batches: Iterable[Batch], hooks: Hooks) -> None:
    """Train on the batches of one epoch; stop early where a hook sets ``run.stop``."""
    settings, optimizer = run.settings, run.optimizer
    updates = in_updates(batches, settings.accumulate, run.loss_fn)
    together = run.team is not None
    for parts in updates if run.team is None else run.team.shared(updates):
        optimizer.zero_grad()
        for inputs, targets, weight, share in parts:
            loss, logits = loss_and_logits(run, run.forward, inputs, targets)
            whole = loss * share if together or len(parts) > 1 else loss
            whole.backward()  # type: ignore[no-untyped-call]
            run.loss = loss.detach()
            run.totals.add(run.loss, weight, logits, targets)
        if settings.clip is not None:
            nn.utils.clip_grad_norm_(run.model.parameters(), settings.clip)
        optimizer.step()
        run.lr = optimizer.param_groups[0]["lr"]
        if run.scheduler is not None:
            run.scheduler.step()
        if run.average is not None:
            run.average.update_parameters(run.model)
        run.step += 1
        run.step_in_epoch += len(parts)
        for hook in hooks.after_step:
            hook(run)
        if run.interrupt.reason:
            raise Interrupted
        if run.stop:
            break


def loss_and_logits(
    run: Run, model: Callable[..., Any], inputs: Any, targets: Any
) -> tuple[Tensor, Any]:
    """Run the model in the run's precision, and the loss in float32."""
    with run.precision.autocast(run.device):
        logits = model(inputs)
    if isinstance(logits, Tensor) and logits.dtype in (torch.bfloat16, torch.float16):
        logits = logits.float()
    return run.loss_fn(logits, targets), logits


def in_updates(batches: Iterable[Batch], size: int, loss_fn: Loss) -> Iterator[list[Part]]:
    """Group batches into updates: lists of (inputs, targets, weight, share of the update).

    The shares make the sum of the parts' mean losses the mean over all their examples, also
    where the last part or the last group is short.

    Examples
    --------
    >>> batches = [(torch.zeros(n, 1), torch.zeros(n)) for n in (4, 4, 2)]
    >>> [[part[3] for part in parts] for parts in in_updates(batches, 3, nn.MSELoss())]
    [[0.4, 0.4, 0.2]]
    """
    group: list[tuple[Any, Any, float | Tensor]] = []
    for inputs, targets in batches:
        weight = weight_of(loss_fn, targets)
        if size == 1:
            yield [(inputs, targets, weight, 1.0)]
            continue
        group.append((inputs, targets, weight))
        if len(group) == size:
            yield _shares(group)
            group = []
    if group:
        yield _shares(group)


def _shares(group: list[tuple[Any, Any, float | Tensor]]) -> list[Part]:
    total = sum(weight for _, _, weight in group)
    if not isinstance(total, Tensor):
        total = total or 1.0  # of several processes one may have nothing to do in the last update
    return [(inputs, targets, weight, weight / total) for inputs, targets, weight in group]


@torch.no_grad()
def evaluate_epoch(run: Run, model: nn.Module, batches: Iterable[Batch]) -> Totals:
    """Return the totals of one pass, in evaluation mode; nothing about the run is changed."""
    totals = Totals(run.device, run.metrics)
    # What a model, a metric or a DataLoader draws here, training draws as if they had not.
    with evaluating(model), generators_kept():
        for inputs, targets in batches:
            if run.interrupt.reason:
                raise Interrupted
            if len(targets) == 0:
                continue  # of several processes one may have nothing of the last batch
            loss, logits = loss_and_logits(run, model, inputs, targets)
            totals.add(loss, weight_of(run.loss_fn, targets), logits, targets)
    if run.team is not None:
        run.team.add_up(totals)
    return totals


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put a model in evaluation mode, and each of its layers back in the mode it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
