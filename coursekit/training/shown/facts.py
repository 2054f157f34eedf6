"""What `show_loop` needs to know about a run, taken down before its first step."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training.data.batches import Batches
from coursekit.training.optimizers import optimizer_arguments
from coursekit.training.run import Run
from coursekit.training.schedules import onecycle_arguments
from coursekit.training.shown.source import Facts, SetFacts, is_share
from coursekit.training.start import Data


def find_facts(run: Run, data: Data, train: Any, test: Any) -> Facts:
    """Take down how a run's data were given and what its device, optimizer and schedule are."""
    settings, precision = run.settings, run.precision
    split = is_share(settings.validation)
    validation = train if split else settings.validation
    total = settings.epochs * run.steps_per_epoch
    warm = min(total, round(settings.warmup * run.steps_per_epoch))
    named = isinstance(settings.optimizer, str)
    cycle = onecycle_arguments(run.optimizer, total, warm)
    layers = [layer for layer in run.model.modules() if isinstance(layer, nn.Conv2d)]
    return Facts(
        train=_set(train, data.train, split) or SetFacts(),
        validation=_set(validation, data.validation, split),
        test=_set(test, data.test),
        split=split,
        channels_last=precision.channels_last,
        one_channel=precision.channels_last and 1 in {each.weight.shape[1] for each in layers},
        classes=not data.train.head(1)[1].is_floating_point(),
        tf32=precision.tf32,
        device=str(run.device),
        steps_per_epoch=run.steps_per_epoch,
        optimizer=tuple(optimizer_arguments(settings, run.device).items()) if named else (),
        cycle=tuple(cycle.items()),
    )


def _set(given: Any, batches: Batches | None, split: bool = False) -> SetFacts | None:
    if batches is None:
        return None
    kind = "arrays"
    if isinstance(given, DataLoader):
        kind = "loader"
    elif isinstance(given, Dataset) and not isinstance(given, TensorDataset):
        kind = "dataset"
    said = "; ".join(batches.notes)
    reshaped = ""
    if "a channel axis added" in said:
        reshaped = ".unsqueeze(1)"
    elif "channels put first" in said:
        reshaped = ".permute(0, 3, 1, 2).contiguous()"
    return SetFacts(
        kind=kind,
        reshaped=reshaped,
        bytes="bytes 0 to 255" in said,
        floats=" becomes float32" in said,
        labels=_labels(given, split) if kind == "arrays" else "",
        tensors=isinstance(given, TensorDataset),
        batch_size=batches.batch_size,
        examples=batches.examples,
    )


def _labels(given: Any, split: bool) -> str:
    labels = given.tensors[1] if isinstance(given, TensorDataset) else given[1]
    if split:
        return ""  # `split_validation` has made them ready
    column = getattr(labels, "ndim", 1) == 2 and labels.shape[1] == 1
    kind = str(getattr(labels, "dtype", np.asarray(labels[:1]).dtype))
    if "float" in kind:
        return ".float()" if "32" not in kind else ""
    whole = "" if kind.endswith("int64") and "uint" not in kind else ".long()"
    return f"[:, 0]{whole}" if column else whole
