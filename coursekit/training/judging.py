"""What the end of an epoch decides, on the validation set alone: best weights, early stopping."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from coursekit.training.loop import evaluate_epoch
from coursekit.training.metrics import Totals
from coursekit.training.run import Best, Run

if TYPE_CHECKING:
    from coursekit.training.start import Data


def judge(run: Run, data: Data) -> dict[str, Any]:
    """Evaluate after an epoch and return the evaluations' part of its record.

    With an average there are two candidates, the model and its average. The validation set
    chooses between them, and it alone decides about best weights and early stopping; without one
    the average is what is evaluated. The test set is evaluated for the candidate that was chosen.
    """
    models = _candidates(run)
    record: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    if data.validation is not None:
        evaluated = [(evaluate_epoch(run, m, data.validation.epoch(1)), m) for m in models]
        totals, chosen = min(evaluated, key=lambda pair: _finite(pair[0].mean_loss()))
        models = [chosen]
        _write(record, extra, "validation", totals)
    if data.test is not None:
        _write(record, extra, "test", evaluate_epoch(run, models[0], data.test.epoch(1)))
    if data.validation is not None:
        # Last: an evaluation that is interrupted has decided nothing, and is done again.
        _compare(run, models[0], record["validation_loss"])
    return record | {"extra": extra}


def hand_over(run: Run) -> None:
    """Leave in the model what the run is to leave: best weights, the average, or the last."""
    best = run.best
    if best is not None and run.settings.keep != "last":
        run.history.best_epoch = best.epoch
        _load(run.model, best.weights)
    elif run.average is not None and run.step:
        _load(run.model, run.average.module.state_dict())


def _candidates(run: Run) -> list[nn.Module]:
    if run.average is None:
        return [run.model]
    if run.settings.validation is None:
        return [run.average.module]
    return [run.average.module, run.model]


def _compare(run: Run, model: nn.Module, value: float) -> None:
    if run.best is None or value < run.best.value:
        weights = {name: each.detach().clone() for name, each in model.state_dict().items()}
        run.best = Best(run.epoch, _finite(value), weights)
        run.waited = 0
        return
    run.waited += 1
    patience = run.settings.patience
    if patience is not None and run.waited >= patience and not run.stop:
        run.stop = (
            f"the validation loss has not fallen since epoch {run.best.epoch} (patience={patience})"
        )


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _write(record: dict[str, Any], extra: dict[str, Any], name: str, totals: Totals) -> None:
    record[f"{name}_loss"] = totals.mean_loss()
    record[f"{name}_accuracy"] = totals.accuracy()
    extra |= {f"{name}_{metric}": value for metric, value in totals.extra().items()}


@torch.no_grad()
def _load(model: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Write weights into a model's own tensors, which stay where and as they lie in memory."""
    model.load_state_dict(weights)
