"""A run as it stands: what hooks are given and what a checkpoint writes down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel

from coursekit.training.keeping.interrupt import Interrupt
from coursekit.training.metrics import Totals
from coursekit.training.record.progress import Progress
from coursekit.training.settings import Settings

if TYPE_CHECKING:
    from coursekit.training.keeping.fingerprint import Fingerprint
    from coursekit.training.machine.precision import Precision
    from coursekit.training.record.history import History
    from coursekit.training.team.processes import Team


class Interrupted(BaseException):
    """Leaves the loop between two steps, after Ctrl-C or a signal to end."""


@dataclass
class Best:
    """The best weights so far: the epoch, its validation loss, a copy of the weights."""

    epoch: int
    value: float
    weights: dict[str, Tensor]


@dataclass
class Run:
    """Everything about a run that goes on.

    Attributes
    ----------
    epoch
        The epoch that is trained, from 1; 0 before the first.
    step
        Updates done since the start.
    step_in_epoch
        Batches of this epoch done.
    steps_per_epoch
        Updates in an epoch.
    loss
        Of the last batch, still on the device: reading it waits for the device.
    stop
        A sentence; where a hook sets one, training ends after the step.
    best
        The best weights so far, where there is a validation set.
    waited
        Epochs since the best.
    team
        The processes that train together, where there are several.
    interrupt
        Its `reason` is set when a signal to stop has come.
    progress
        What is shown of the run while it goes on.
    totals
        Running sums of this epoch.
    lr
        The learning rate of the last update, that of the first group of parameters.
    fingerprint
        What the training set is recognised by, where the run is kept.
    """

    model: nn.Module
    optimizer: Optimizer
    loss_fn: Callable[[Any, Any], Tensor]
    settings: Settings
    history: History
    device: torch.device
    precision: Precision
    steps_per_epoch: int
    scheduler: LRScheduler | None = None
    average: AveragedModel | None = None
    forward: Any = None  # the model, compiled or wrapped
    metrics: dict[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    epoch: int = 0
    step: int = 0
    lr: Any = 0.0
    step_in_epoch: int = 0
    loss: Tensor | None = None
    stop: str = ""
    best: Best | None = None
    waited: int = 0
    team: Team | None = None
    fingerprint: Fingerprint = field(default_factory=dict)
    interrupt: Interrupt = field(default_factory=Interrupt)
    progress: Progress = field(default_factory=lambda: Progress(1, 1, 1, "silent"))
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        if self.forward is None:
            self.forward = self.model
        self.totals = Totals(self.device, self.metrics)
