"""Whether a checkpoint belongs to the call that wants to go on from it, and what that call gets.

What the call leaves open is taken from the run; what it says otherwise than the run is refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from coursekit.errors import CourseError
from coursekit.training.keeping.capture import model_state
from coursekit.training.keeping.checkpoint import load_state
from coursekit.training.keeping.fingerprint import differences
from coursekit.training.settings import SCHEDULES

if TYPE_CHECKING:
    from coursekit.training.run import Run

# What changes nothing that is computed, or is the same by another name.
FREE = {
    *("checkpoint", "checkpoint_every", "resume", "progress", "workers", "hooks"),
    *("plain", "chosen", "compile", "device"),
}
# Schedules whose course depends on how many epochs there will be.
STRETCHED = {"onecycle", "cosine", "step"}
_SHOWN = 4


def left_open(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what a checkpoint knows of the choices that a call may leave to fit.

    The seed, the batch size, the precision, and a learning rate of fit's own with its schedule are
    drawn or chosen once: a run that goes on keeps them, on whatever machine and whatever a later
    version would choose. What belongs to them (an optimizer's betas, the course of a cycle) is in
    the states of optimizer and schedule.

    Raises
    ------
    CourseError
        When the checkpoint is damaged or cannot be read.

    Examples
    --------
    >>> left_open("no such folder")
    {}
    """
    state = load_state(folder)
    if state is None:
        return {}
    settings = state["identity"]["settings"]
    names = ["seed", "batch_size"]
    if not settings.get("plain", True):  # with a precision that was asked for
        names.append("precision")
    if settings.get("chosen"):
        names.append("lr")
        if settings["schedule"] in SCHEDULES:  # and is no function
            names.append("schedule")
    return {name: settings[name] for name in names}


def identity(run: Run) -> dict[str, Any]:
    """Return what a checkpoint writes down to be recognised by.

    That is: every setting, the names and shapes of the model's tensors, the optimizer's groups,
    how many batches an epoch has, and the fingerprint of the training set.
    """
    return {
        "settings": run.settings.as_dict(),
        "model": {"class": type(run.model).__name__, "tensors": _shapes(run)},
        "optimizer": {
            "class": type(run.optimizer).__name__,
            "groups": [len(group["params"]) for group in run.optimizer.param_groups],
        },
        "examples": run.history.config.get("examples"),
        "steps_per_epoch": run.steps_per_epoch,
        "data": run.fingerprint,
    }


def _shapes(run: Run) -> dict[str, list[Any]]:
    return {
        name: [str(each.dtype).removeprefix("torch."), *each.shape]
        for name, each in model_state(run.model).items()
        if isinstance(each, Tensor)
    }


def require_same(run: Run, saved: Mapping[str, Any], epochs_done: int, path: Path) -> None:
    """Refuse a checkpoint of another run.

    Parameters
    ----------
    run
        As it was built for this call.
    saved
        The `identity` in the file.
    epochs_done
        Whole epochs in it.
    path
        The file, for the message.

    Raises
    ------
    CourseError
        With everything that differs, what was found and what was expected.
    """
    now = identity(run)
    _require_same_model(now["model"], saved["model"], path)
    found = _settings(now["settings"], saved["settings"], epochs_done)
    for name, what in (
        ("examples", "training examples"),
        ("steps_per_epoch", "updates in an epoch"),
    ):
        if now[name] != saved[name]:
            found.append(f"{saved[name]:,} {what} then, {now[name]:,} now")
    if not found and now["optimizer"] != saved["optimizer"]:
        found.append(f"optimizer was {saved['optimizer']}, is {now['optimizer']}")
    # A checkpoint of an earlier version says nothing of its data.
    other_data = differences(now["data"], saved.get("data", {}))
    if found:
        what, mend = "with other arguments", "arguments"
    else:
        what, mend = "on other data", "images and labels in the same order"
    if found or other_data:
        raise CourseError(
            f"{path} belongs to a run {what}: {'; '.join([*found, *other_data])}. Give the same "
            f"{mend} to go on from it, or take another folder for a new run."
        )


def _settings(now: dict[str, Any], saved: dict[str, Any], epochs_done: int) -> list[str]:
    differences = [
        f"{name} was {saved[name]!r}, is {now[name]!r}"
        for name in now
        if name in saved and name not in FREE | {"epochs"} and not _alike(now[name], saved[name])
    ]
    before, wanted = saved["epochs"], now["epochs"]
    if wanted == before:
        return differences
    if now["schedule"] in STRETCHED:
        differences.append(
            f"epochs was {before}, is {wanted} (the {now['schedule']!r} schedule is stretched over "
            'all epochs; only a run with schedule="constant" or a function of your own can be made '
            "longer)"
        )
    elif wanted < epochs_done:
        differences.append(f"epochs is {wanted}, and {epochs_done} are already done")
    return differences


def _alike(one: Any, other: Any) -> bool:
    return bool(one == other) or (one != one and other != other)


def _require_same_model(now: Mapping[str, Any], saved: Mapping[str, Any], path: Path) -> None:
    here, there = now["tensors"], saved["tensors"]
    if here == there:
        return
    lines = [f"{name} was {_shape(there[name])}, is missing now" for name in there.keys() - here]
    lines += [f"{name} is {_shape(here[name])}, was missing" for name in here.keys() - there]
    lines += [
        f"{name} was {_shape(there[name])}, is {_shape(here[name])}"
        for name in here
        if name in there and here[name] != there[name]
    ]
    more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    raise CourseError(
        f"{path} belongs to another model ({saved['class']}; this one is {now['class']}): "
        f"{'; '.join(sorted(lines)[:_SHOWN])}{more}. Build the model as it was to go on from it, "
        "or take another folder for a new run."
    )


def _shape(entry: list[Any]) -> str:
    kind, *sizes = entry
    return f"{kind} ({', '.join(map(str, sizes))})"
