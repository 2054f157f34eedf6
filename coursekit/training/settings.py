"""What a run was asked to do, looked at before anything is loaded or moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from os import PathLike
from typing import Any

OPTIMIZERS = ("adamw", "adam", "sgd")
SCHEDULES = ("auto", "constant", "onecycle", "cosine", "step")
PRECISIONS = ("auto", "float32", "bfloat16")
_DEEP = 200  # letters of a thing's own description that are kept


@dataclass(frozen=True)
class Settings:
    """Every keyword argument of `fit`; after the start of a run, with what fit chose filled in.

    Raises
    ------
    ValueError, TypeError
        For a value that cannot be meant; the sentence names the argument, what was found and
        what was expected.

    Examples
    --------
    >>> Settings(epochs=3, lr=0.01).plain
    False
    >>> Settings(epochs=0)
    Traceback (most recent call last):
    ...
    ValueError: epochs: found 0; expected a whole number, 1 or more.
    """

    epochs: int = 1
    batch_size: int | None = None
    lr: float | None = None
    device: Any = "auto"
    precision: str = "auto"
    seed: int | None = None
    validation: Any = None
    checkpoint: Any = None
    resume: bool = False
    progress: bool = True
    loss: Any = None
    metrics: Any = None
    optimizer: Any = "adamw"
    weight_decay: float = 0.0
    momentum: float | None = None
    schedule: Any = "auto"
    warmup: float = 0.0
    label_smoothing: float = 0.0
    class_weights: Any = None
    lr_scale: Mapping[str, float] | None = None
    clip: float | None = None
    accumulate: int = 1
    patience: int | None = None
    keep: str = "auto"
    average: float | None = None
    augment: Any = ()
    hooks: Any = ()
    compile: Any = "auto"
    workers: Any = "auto"
    checkpoint_every: float = 60.0
    plain: bool = False  # float32 and a learning rate were given: nothing may be added to that
    chosen: bool = False  # fit chose the learning rate

    def __post_init__(self) -> None:
        _whole("epochs", self.epochs, 1)
        _whole("accumulate", self.accumulate, 1)
        for name in ("batch_size", "patience"):
            if getattr(self, name) is not None:
                _whole(name, getattr(self, name), 1)
        if self.seed is not None:
            _whole("seed", self.seed, 0, 2**63 - 1)
        for name in ("resume", "progress"):
            if getattr(self, name) not in (True, False):
                raise TypeError(f"{name}: found {getattr(self, name)!r}; expected True or False.")
        for name in ("weight_decay", "warmup", "checkpoint_every"):
            _number(name, getattr(self, name), 0)
        if self.lr is not None:
            _number("lr", self.lr, 0, "a learning rate of 0 or more, such as 0.001")
        if self.clip is not None and not _number("clip", self.clip, 0) > 0:
            raise ValueError(
                f"clip: found {self.clip!r}; expected a norm above 0, such as 1.0. "
                "For no clipping leave it out."
            )
        _share("label_smoothing", self.label_smoothing)
        if self.momentum is not None:
            _share("momentum", self.momentum)
        if self.average is not None:
            _share("average", self.average)
        _one_of("precision", self.precision, PRECISIONS)
        _one_of("keep", self.keep, ("auto", "best", "last"))
        if isinstance(self.optimizer, str):
            _one_of("optimizer", self.optimizer, OPTIMIZERS)
        if isinstance(self.schedule, str):
            _one_of("schedule", self.schedule, SCHEDULES)
        elif not callable(self.schedule):
            raise TypeError(
                f"schedule: found {self.schedule!r}; expected one of {', '.join(SCHEDULES)}, or a "
                "function from the number of the step to a factor of the learning rate."
            )
        _look_at_lr_scale(self.lr_scale)
        _look_at_checkpoint(self.checkpoint)
        self._look_at_pairs()

    def _look_at_pairs(self) -> None:
        """Refuse arguments that contradict each other."""
        needs_validation = "; expected a validation set beside it. Add validation=0.1."
        if self.validation is None and self.patience is not None:
            raise ValueError(f"patience: found {self.patience} without one{needs_validation}")
        if self.validation is None and self.keep == "best":
            raise ValueError(f'keep: found "best" without a judge{needs_validation}')
        if self.resume and self.checkpoint is None:
            raise ValueError(
                "resume: found True without a checkpoint; expected the folder that holds one. "
                'Add checkpoint="my_run".'
            )
        if self.loss is not None:
            if isinstance(self.loss, type) or not callable(self.loss):
                raise TypeError(
                    f"loss: found {self.loss!r}; expected a function of (logits, targets), such as "
                    "torch.nn.functional.cross_entropy or torch.nn.CrossEntropyLoss()."
                )
            for name, given in (
                ("label_smoothing", self.label_smoothing != 0),
                ("class_weights", self.class_weights is not None),
            ):
                if given:
                    raise ValueError(
                        f"{name}: found {getattr(self, name)!r} beside a loss of your own; it "
                        "belongs to fit's cross-entropy. Give it to your own loss."
                    )
        if not isinstance(self.optimizer, str):
            _ready_optimizer(self)
        elif self.optimizer != "sgd" and self.momentum:
            raise ValueError(
                f'momentum: found {self.momentum!r} beside optimizer="{self.optimizer}", which has '
                'none to set. Take optimizer="sgd", or leave momentum out.'
            )
        if self.warmup > self.epochs:
            raise ValueError(
                f"warmup: found {self.warmup!r} epochs of {self.epochs}; expected less than the "
                "whole run. It is counted in epochs: 0.5 is half of the first."
            )

    def as_dict(self) -> dict[str, Any]:
        """Return all settings as values that JSON can hold; what it cannot hold, described."""
        return {field.name: _describe(getattr(self, field.name)) for field in fields(self)}


def _ready_optimizer(settings: Settings) -> None:
    asked = settings.optimizer
    if isinstance(asked, type) or not (callable(asked) or hasattr(asked, "param_groups")):
        raise TypeError(
            f"optimizer: found {asked!r}; expected a name ({', '.join(OPTIMIZERS)}), an optimizer "
            "such as torch.optim.SGD(model.parameters(), lr=0.1), or a function from a list of "
            "parameters to one."
        )
    for name, plain in (
        ("lr", None),
        ("momentum", None),
        ("weight_decay", 0.0),
        ("lr_scale", None),
    ):
        found = getattr(settings, name)
        if found != plain:
            raise ValueError(
                f"{name}: found {found!r} beside an optimizer of your own, which has its own. "
                "Set it where you make the optimizer, and leave it out here."
            )


def _look_at_lr_scale(scales: Any) -> None:
    if scales is None:
        return
    if not isinstance(scales, Mapping) or not all(isinstance(name, str) for name in scales):
        raise TypeError(
            f"lr_scale: found {scales!r}; expected factors by the names of parts of the model, "
            'such as {"features": 0.1}.'
        )
    for name, factor in scales.items():
        _number(f'lr_scale["{name}"]', factor, 0, "a factor of the learning rate, 0 or more")


def _look_at_checkpoint(folder: Any) -> None:
    if folder is not None and not (isinstance(folder, str | PathLike) and str(folder).strip()):
        raise TypeError(
            f"checkpoint: found {folder!r}; expected the name of a folder, which is made when it "
            'is missing. Write checkpoint="my_run".'
        )


def _whole(name: str, value: Any, least: int, most: float = math.inf) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__") or not least <= value <= most:
        up = f"from {least} to {most}" if most < math.inf else f"{least} or more"
        raise ValueError(f"{name}: found {value!r}; expected a whole number, {up}.")


def _number(name: str, value: Any, least: float, expected: str = "") -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, str | bool) or not (math.isfinite(number) and number >= least):
        raise ValueError(
            f"{name}: found {value!r}; expected {expected or f'a number, {least} or more'}."
        )
    return number


def _share(name: str, value: Any) -> None:
    if not 0 <= _number(name, value, 0, "a number from 0 up to, but not including, 1") < 1:
        raise ValueError(
            f"{name}: found {value!r}; expected a number from 0 up to, but not including, 1."
        )


def _one_of(name: str, value: Any, known: Sequence[str]) -> None:
    if value not in known:
        raise ValueError(f"{name}: found {value!r}; expected one of {', '.join(known)}.")


def _describe(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _describe(each) for key, each in value.items()}
    if hasattr(value, "tolist") and getattr(value, "size", None) is not None:
        count = value.numel() if hasattr(value, "numel") else value.size
        if count <= _DEEP:
            return value.tolist()
        return f"{type(value).__name__} of shape {tuple(value.shape)}"
    if isinstance(value, list | tuple):
        return [_describe(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return repr(value)[:_DEEP]
    name = getattr(value, "__qualname__", None) or type(value).__qualname__
    return f"{getattr(value, '__module__', type(value).__module__)}.{name}"
