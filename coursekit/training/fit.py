"""`fit`: what a student calls once they have written the loop by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from coursekit.training.conduct import conduct
from coursekit.training.history import History
from coursekit.training.settings import Settings



def fit(
    model: nn.Module,
    train: Any,
    test: Any = None,
    *,
    validation: Any = None,
    epochs: int = 1,
    batch_size: int | None = None,
    lr: float | None = None,
    device: str | torch.device = "auto",
    precision: str = "auto",
    seed: int | None = None,
    checkpoint: Any = None,
    resume: bool = False,
    progress: bool = True,
    loss: Callable[[Any, Any], torch.Tensor] | None = None,
    metrics: Any = None,
    optimizer: Any = "adamw",
    weight_decay: float = 0.0,
    momentum: float | None = None,
    schedule: Any = "auto",
    warmup: float = 0.0,
    label_smoothing: float = 0.0,
    class_weights: Any = None,
    lr_scale: Mapping[str, float] | None = None,
    clip: float | None = None,
    accumulate: int = 1,
    patience: int | None = None,
    keep: str = "auto",
    average: float | None = None,
    augment: Any = (),
    hooks: Sequence[Any] = (),
    compile: bool | str = "auto",
    workers: int | str = "auto",
    checkpoint_every: float = 60.0,
) -> History:
    """TODO"""
    settings = Settings(**{k: v for k, v in locals().items() if k not in ("model", "train", "test")})
    return conduct(model, train, test, settings)
