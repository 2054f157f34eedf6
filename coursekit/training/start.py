"""The start of a run: what was asked is looked at, what was left open is chosen, all is built."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import torch
from torch import nn

from coursekit.training.averaging import make_average
from coursekit.training.data.batches import Batches, choose_batch_size, count_of, make_batches
from coursekit.training.data.readers import how_many_workers
from coursekit.training.data.split import split_validation
from coursekit.training.diagnosis.findings import need_module
from coursekit.training.keeping.fingerprint import fingerprint
from coursekit.training.loop import evaluating
from coursekit.training.losses import make_loss
from coursekit.training.machine.compiling import should_compile
from coursekit.training.machine.devices import choose_device
from coursekit.training.machine.precision import Precision, apply_precision, choose_precision
from coursekit.training.metrics import make_metrics
from coursekit.training.optimizers import make_optimizer
from coursekit.training.record.history import History
from coursekit.training.run import Run
from coursekit.training.schedules import make_schedule
from coursekit.training.settings import Settings
from coursekit.training.team.processes import World, make_team, own_device, world
from coursekit.training.team.together import alike

Choices = Mapping[str, Any]
_NONE: Choices = MappingProxyType({})
_SHORT = 10  # a one-cycle of fewer updates than this would learn nothing


@dataclass
class Data:
    """The batches of a run."""

    train: Batches
    validation: Batches | None = None
    test: Batches | None = None


def prepare(
    model: nn.Module, train: Any, test: Any, settings: Settings, before: Choices = _NONE
) -> tuple[Run, Data]:
    """Choose what was left open and build all that a run needs; nothing is trained yet.

    `before` holds what fit had chosen for a run that is gone on with: that stays, whatever would
    be chosen today.
    """
    need_module(model)
    metrics = make_metrics(settings.metrics)
    place = world()
    device = own_device(choose_device(settings.device), place)
    team = make_team(place, device)
    seed = before.get("seed") if settings.seed is None else int(settings.seed)
    seed = draw_seed() if seed is None else seed
    if team is not None:
        seed = team.from_main(seed)
    _finish_lazy_layers(model, train, device)
    precision = choose_precision(settings.precision, device, model, before.get("precision"))
    data = _batches(train, test, replace(settings, seed=seed), device, precision, place, before)
    settings = _choose(settings, data.train, seed, str(device), precision.name, before)
    apply_precision(model, precision, device)
    steps = math.ceil(len(data.train) / settings.accumulate)
    forward: Any = model if team is None else team.wrap(model, device)
    # The plain loop is compiled only where that is asked for.
    wanted = False if settings.plain and settings.compile == "auto" else settings.compile
    compiled = should_compile(wanted, device, steps * settings.epochs, model)
    settings = replace(settings, compile=compiled)
    if compiled:
        forward = torch.compile(forward)
    optimizer = make_optimizer(model, settings, device)
    run = Run(
        model=model,
        optimizer=optimizer,
        loss_fn=make_loss(settings, device),
        settings=settings,
        history=History(_config(model, settings, data) | {"processes": place.size}),
        device=device,
        precision=precision,
        steps_per_epoch=steps,
        scheduler=make_schedule(optimizer, settings, steps),
        average=make_average(model, settings.average, steps * settings.epochs),
        forward=forward,
        metrics=metrics,
        team=team,
        fingerprint={} if settings.checkpoint is None else fingerprint(train),
    )
    run.interrupt.together = team is not None
    return run, data


def draw_seed() -> int:
    """Draw a seed from PyTorch's global generator, so that ``torch.manual_seed`` before repeats it.

    Examples
    --------
    >>> _ = torch.manual_seed(3)
    >>> first = draw_seed()
    >>> _ = torch.manual_seed(3)
    >>> first == draw_seed()
    True
    """
    return int(torch.randint(2**31, ()).item())


def choose_lr(optimizer: str, batch_size: int) -> float:
    """Return the peak of the one-cycle schedule where no learning rate was given.

    Adam's steps grow with the square root of the batch (Malladi et al., 2022, arXiv:2205.10287),
    those of SGD with the batch (Goyal et al., 2017, arXiv:1706.02677).

    Examples
    --------
    >>> choose_lr("adamw", 128), choose_lr("adamw", 512), choose_lr("sgd", 256)
    (0.007, 0.01, 0.1)
    """
    if optimizer == "sgd":
        return float(f"{min(0.4, 0.05 * batch_size / 128):.3g}")
    return float(f"{min(0.01, 0.007 * math.sqrt(batch_size / 128)):.3g}")


def _batches(
    train: Any,
    test: Any,
    settings: Settings,
    device: Any,
    precision: Any,
    place: World,
    before: Choices,
) -> Data:
    seed = settings.seed or 0
    train, validation = split_validation(train, settings.validation, seed)
    size = settings.batch_size or before.get("batch_size")
    size = size or choose_batch_size(count_of(train), device, precision)
    common = {
        "seed": seed,
        "device": device,
        "precision": precision,
        "workers": how_many_workers(settings.workers, device),
        "share": (place.rank, place.size),
    }
    batches = make_batches(
        train, name="train", batch_size=size, shuffle=True, augment=settings.augment, **common
    )
    if settings.batch_size not in (None, batches.batch_size):
        raise ValueError(
            f"batch_size: found {settings.batch_size} beside a DataLoader with batches of "
            f"{batches.batch_size}; expected it to be left out. Set it where you make the loader."
        )
    # Without gradients there is room for more at once.
    evaluated = max(batches.batch_size, min(512, 4 * batches.batch_size))
    rest = [
        None
        if each is None
        else make_batches(
            each,
            name=name,
            batch_size=evaluated,
            shuffle=False,
            classes=settings.loss is None,
            **common,
        )
        for name, each in (("validation", validation), ("test", test))
    ]
    return Data(alike(batches, seed, place), *rest)


def _choose(
    settings: Settings, train: Batches, seed: int, device: str, precision: str, before: Choices
) -> Settings:
    """Fill in what was left open; from here on the settings say what is done."""
    own = not isinstance(settings.optimizer, str)
    chosen = settings.lr is None and not own
    lr, schedule = settings.lr, settings.schedule
    if chosen:
        lr = before.get("lr")
        lr = choose_lr(settings.optimizer, train.batch_size) if lr is None else lr
    if schedule == "auto":
        updates = settings.epochs * math.ceil(len(train) / settings.accumulate)
        schedule = "onecycle" if chosen and updates >= _SHORT else "constant"
        schedule = before.get("schedule", schedule) if chosen else schedule
    keep = settings.keep
    if keep == "auto":
        keep = "last" if settings.validation is None else "best"
    return replace(
        settings,
        seed=seed,
        device=device,
        precision=precision,
        batch_size=train.batch_size,
        lr=lr,
        schedule=schedule,
        keep=keep,
        plain=settings.precision == "float32" and not chosen,
        chosen=chosen,
    )


def _finish_lazy_layers(model: nn.Module, train: Any, device: torch.device) -> None:
    """Let layers such as ``nn.LazyLinear`` find their sizes, before others ask for them."""
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in model.parameters()):
        plain = Precision("float32", False, False, "to find sizes")
        batches = make_batches(
            train, name="train", batch_size=2, shuffle=False, seed=0, device=device, precision=plain
        )
        model.to(device)
        with evaluating(model), torch.no_grad():
            model(batches.head(2)[0])


def _config(model: nn.Module, settings: Settings, data: Data) -> dict[str, Any]:
    return {
        "model": type(model).__name__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "examples": data.train.examples,
        "validation_examples": data.validation.examples if data.validation else None,
        "test_examples": data.test.examples if data.test else None,
        "notes": list(data.train.notes),
        **settings.as_dict(),
        "processes": 1,
        "threads": torch.get_num_threads(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
    }
