"""What a run is made of, as one tree of values, and a run made to be what a tree says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.training.machine.layout import with_strides

if TYPE_CHECKING:
    from coursekit.training.run import Run

Tree = dict[str, Any]


def capture(run: Run) -> Tree:
    """Return everything about a run that its next step depends on, apart from chance.

    The tensors in it are the run's own, not copies: write them down before the next step.
    """
    history = run.history
    return {
        "model": model_state(run.model),
        "optimizer": run.optimizer.state_dict(),
        "scheduler": run.scheduler.state_dict() if run.scheduler is not None else None,
        "average": model_state(run.average) if run.average is not None else None,
        "best": vars(run.best) if run.best is not None else None,
        "epoch": run.epoch,
        "step": run.step,
        "step_in_epoch": run.step_in_epoch,
        "waited": run.waited,
        "lr": float(run.lr),
        "history": {
            "records": history.records,
            "best_epoch": history.best_epoch,
            "stopped": run.stop,
        },
    }


def put_back(run: Run, tree: Tree) -> None:
    """Make a run, built anew with the same model and settings, what it was.

    Weights are written into the model's own tensors, which stay where and as they lie in memory.
    """
    from coursekit.training.run import Best

    load_model_state(run.model, tree["model"])
    load_optimizer_state(run.optimizer, tree["optimizer"])
    if run.scheduler is not None:
        run.scheduler.load_state_dict(tree["scheduler"])
    if run.average is not None:
        load_model_state(run.average, tree["average"])
    if tree["best"] is not None:
        best = Best(**tree["best"])
        best.weights = {name: each.to(run.device) for name, each in best.weights.items()}
        run.best = best
    for name in ("epoch", "step", "step_in_epoch", "waited", "lr"):
        setattr(run, name, tree[name])
    kept = tree["history"]
    run.history.records[:] = kept["records"]
    run.history.best_epoch = kept["best_epoch"]


def model_state(model: nn.Module) -> dict[str, Any]:
    """Return all parameters and buffers by name, also the buffers that `state_dict` leaves out.

    Examples
    --------
    >>> model = nn.Linear(1, 1)
    >>> model.register_buffer("count", torch.tensor(3), persistent=False)
    >>> sorted(model_state(model))
    ['bias', 'count', 'weight']
    """
    state = dict(model.state_dict())
    return state | {name: each for name, each in model.named_buffers() if name not in state}


@torch.no_grad()
def load_model_state(model: nn.Module, state: Mapping[str, Any]) -> None:
    """Write what `model_state` returned into a model's own tensors.

    Examples
    --------
    >>> model, other = nn.Linear(1, 1), nn.Linear(1, 1)
    >>> load_model_state(other, model_state(model))
    >>> torch.equal(model.weight, other.weight)
    True
    """
    kept = set(model.state_dict())
    model.load_state_dict({name: value for name, value in state.items() if name in kept})
    for name, buffer in model.named_buffers():
        if name not in kept and name in state:
            buffer.copy_(state[name])


def load_optimizer_state(optimizer: Optimizer, state: Tree) -> None:
    """Load an optimizer's state, each moment laid out in memory as its parameter is.

    Fused updates walk through weights and moments side by side as they lie in memory.
    """
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    laid_out = {
        number: {name: _as_lies(value, parameters[number]) for name, value in moments.items()}
        if isinstance(moments, Mapping) and number < len(parameters)
        else moments
        for number, moments in state["state"].items()
    }
    optimizer.load_state_dict({**state, "state": laid_out})


def _as_lies(value: Any, parameter: Tensor) -> Any:
    if isinstance(value, Tensor) and value.shape == parameter.shape:
        return with_strides(value, parameter.stride())
    return value
