"""The start of a run: what was asked is looked at, what was left open is chosen, all is built."""

from __future__ import annotations

import difflib
import math
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.training import distributed
from coursekit.training.data import Batches, split
from coursekit.training.device import (
    PRECISIONS,
    Precision,
    choose_batch_size,
    choose_device,
    choose_precision,
    place,
)
from coursekit.training.errors import ArgumentError
from coursekit.training.history import History
from coursekit.training.inputs import take
from coursekit.training.modes import evaluating
from coursekit.training.optimizer import (
    OPTIMIZERS,
    SCHEDULES,
    SHORT,
    choose_lr,
    make_optimizer,
    make_schedule,
)

_OTHER_NAMES = {
    "learning_rate": "lr",
    "validation_split": "validation",
    "validation_data": "validation",
    "loss": "label_smoothing",
}


@dataclass
class Run:
    """A run as it stands; hooks are given it.

    `net` is what is called: the model itself, or compiled, or in several processes. `epoch` counts
    from 1, `step` the updates since the start; `loss` is of the last batch, still on the device.
    Where a hook sets `stop` to a sentence, training ends after the step or epoch. `best` holds
    validation loss and weights of the best epoch so far.
    """

    model: nn.Module
    net: Any
    batches: Batches
    validation: Batches | None
    test: Batches | None
    loss_fn: Callable[[Any, Any], Tensor]
    optimizer: Optimizer
    schedule: Any
    precision: Precision
    device: torch.device
    history: History
    team: Any = None
    epoch: int = 0
    step: int = 0
    loss: Tensor | None = None
    stop: str = ""
    best: tuple[float, dict[str, Tensor]] = (math.inf, {})


def prepare(given: dict[str, Any], before: dict[str, Any]) -> Run:
    """Choose what was left open and build what a run needs; nothing is trained yet.

    `given` are the arguments of `fit`; `before` the settings of the run that is gone on with, which
    keeps what was chosen for it.
    """
    model, optimizer, lr, seed = given["model"], given["optimizer"], given["lr"], given["seed"]
    team = distributed.Team() if int(os.environ.get("WORLD_SIZE", "1")) > 1 else None
    device = choose_device(given["device"])
    seed = before.get("seed") if seed is None else seed
    if seed is None:  # from PyTorch's generator: torch.manual_seed before fit repeats it
        seed = int(torch.randint(2**31, ()).item())
    if team is not None:
        device, seed = team.device(device), team.from_main(seed)
    train, validation = take(given["train"], "train"), given["validation"]
    if isinstance(validation, float | int):
        train, validation = split(train, validation, seed)
    for parameter in model.parameters():
        if isinstance(parameter, nn.parameter.UninitializedParameter):
            with evaluating(model), torch.no_grad():  # layers like LazyLinear find their sizes
                model(Batches(train, "train", 2, torch.device("cpu")).head(2)[0])
            break

    precision = choose_precision(given["precision"], device, model)
    if given["precision"] == "auto" and before:
        precision = replace(precision, name=before["precision"])
    place(model, precision, device)
    count = len(train[1]) if isinstance(train, tuple) else len(train)
    size = given["batch_size"] or before.get("batch_size")
    size = size or choose_batch_size(count, device, precision)
    batches = Batches(
        train, "train", size, device,
        seed=seed, channels_last=precision.channels_last, augment=given["augment"],
    )  # fmt: skip
    if given["batch_size"] not in (None, batches.batch_size):
        raise ArgumentError(
            f"batch_size: found {size} beside a DataLoader with batches of {batches.batch_size}; "
            "expected one of the two. Fix: leave batch_size out"
        )
    several = max(batches.batch_size, min(512, 4 * batches.batch_size))  # no gradients: more room
    others: list[Batches | None] = []
    for name, data in (("validation", validation), ("test", given["test"])):
        made = None
        if data is not None:
            made = Batches(data, name, several, device, channels_last=precision.channels_last)
        others.append(made)

    steps = given["epochs"] * len(batches)
    named = isinstance(optimizer, str)
    chosen = lr is None and named
    # The plain loop stays what a student would write: nothing fused, nothing compiled.
    plain = given["precision"] == "float32" and not chosen
    if chosen:
        lr = choose_lr(optimizer, batches.batch_size)
    schedule = given["schedule"]
    if schedule == "auto":
        schedule = "onecycle" if chosen and steps >= SHORT else "constant"
    fused = not plain and device.type in ("cpu", "cuda", "mps")
    made_optimizer = make_optimizer(optimizer, model, lr, chosen=chosen, fused=fused)
    compile = False if plain and given["compile"] == "auto" else given["compile"]
    if compile == "auto":  # a GPU saves 30 microseconds a step and layer, and compiling costs 15 s
        compile = device.type == "cuda" and steps * len(list(model.modules())) * 30e-6 > 15
    net = model if team is None else team.wrap(model)
    parameters = 0
    for parameter in model.parameters():
        parameters += parameter.numel()
    config = {
        "model": type(model).__name__,
        "parameters": parameters,
        "examples": batches.examples,
        "validation_examples": others[0] and others[0].examples,
        "test_examples": others[1] and others[1].examples,
        "epochs": given["epochs"],
        "batch_size": batches.batch_size,
        "lr": lr,
        "optimizer": optimizer if named else type(made_optimizer).__name__,
        "schedule": schedule,
        "label_smoothing": given["label_smoothing"],
        "patience": given["patience"],
        "augment": repr(given["augment"]) if batches.augment else "",
        "seed": seed,
        "device": str(device),
        "precision": precision.name,
        "compile": compile,
        "processes": 1 if team is None else team.size,
        "threads": torch.get_num_threads(),
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__)},
    }
    return Run(
        model=model,
        net=torch.compile(net) if compile else net,
        batches=batches,
        validation=others[0],
        test=others[1],
        loss_fn=nn.CrossEntropyLoss(label_smoothing=given["label_smoothing"]),
        optimizer=made_optimizer,
        schedule=make_schedule(made_optimizer, schedule, steps),
        precision=precision,
        device=device,
        history=History(config),
        team=team,
    )


def check_arguments(given: dict[str, Any]) -> None:
    """Refuse arguments of `fit` that cannot be meant, before anything is loaded or moved."""
    for name in given["unknown"]:
        near = difflib.get_close_matches(name, given, 1)
        right = _OTHER_NAMES.get(name) or (near[0] if near else "epochs")
        raise ArgumentError(
            f"fit has no argument {name!r}; expected one of its own names. Fix: {right}="
        )
    model = given["model"]
    if not isinstance(model, nn.Module):
        found = "a class" if isinstance(model, type) else f"a {type(model).__name__}"
        raise ArgumentError(
            f"model: found {found}; expected a torch.nn.Module. Fix: model = LeNet5()"
        )
    for name, lowest, highest, whole in (
        ("epochs", 1, 10**9, True),
        ("batch_size", 1, 10**9, True),
        ("patience", 1, 10**9, True),
        ("seed", 0, 2**63 - 1, True),
        ("lr", 0, 10**9, False),
        ("label_smoothing", 0, 1, False),
    ):
        value = given[name]
        if value is None and name not in ("epochs", "label_smoothing"):
            continue
        fits = hasattr(value, "__index__") if whole else hasattr(value, "__float__")
        if (
            isinstance(value, bool)
            or not fits
            or not lowest <= value <= highest
            or value == math.inf
        ):
            kind = "a whole number" if whole else "a number"
            limit = f"from {lowest} on" if highest > 1 else f"from {lowest} to {highest}"
            example = {"lr": 0.001, "label_smoothing": 0.1, "batch_size": 32}.get(name, 5)
            raise ArgumentError(
                f"{name}: found {value!r}; expected {kind} {limit}. Fix: {name}={example}"
            )
    for name, words in (
        ("precision", PRECISIONS),
        ("schedule", SCHEDULES),
        ("optimizer", tuple(OPTIMIZERS)),
        ("compile", (True, False, "auto")),
        ("resume", (True, False)),
        ("progress", (True, False)),
    ):
        value = given[name]
        ready = name == "optimizer" and (isinstance(value, Optimizer) or callable(value))
        if value not in words and (not ready or isinstance(value, type)):
            raise ArgumentError(
                f"{name}: found {value!r}; expected one of {', '.join(map(repr, words))}. "
                f"Fix: {name}={words[0]!r}"
            )
    if given["lr"] is not None and not isinstance(given["optimizer"], str):
        raise ArgumentError(
            f"lr: found {given['lr']} beside an optimizer of your own, which has its own; expected "
            "one of the two. Fix: leave lr out"
        )
    if given["patience"] is not None and given["validation"] is None:
        raise ArgumentError(
            f"patience: found {given['patience']} without a validation set; expected one, which "
            "decides when to stop. Fix: validation=0.1"
        )
    checkpoint = given["checkpoint"]
    if checkpoint is not None and not (
        isinstance(checkpoint, str | os.PathLike) and str(checkpoint)
    ):
        raise ArgumentError(
            f"checkpoint: found {checkpoint!r}; expected the name of a folder, which is made when "
            'it is missing. Fix: checkpoint="my_run"'
        )
    if given["resume"] and checkpoint is None:
        raise ArgumentError(
            "resume: found True without a checkpoint; expected the folder that holds one. "
            'Fix: checkpoint="my_run"'
        )
