"""`fit`, which students call once they have written the loop by hand, and the loop that it runs."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.errors import CourseError
from coursekit.training.chance import kept_random_state, random_state, set_random_state
from coursekit.training.checkpoint import Checkpoint
from coursekit.training.data import Batches
from coursekit.training.diagnosis import LOOKED_AT, Case, look
from coursekit.training.errors import ArgumentError, Finding, TrainingError, warn
from coursekit.training.forward_errors import explain, memory_used_up, out_of_memory
from coursekit.training.history import History
from coursekit.training.modes import evaluating, training_mode
from coursekit.training.start import Run, check_arguments, prepare
from coursekit.training.watch import Progress, Watch

FLOAT32 = nullcontext()  # no autocast: PyTorch's plain arithmetic
_SAME = (  # settings that a run keeps when it is gone on with
    *("model", "parameters", "examples", "validation_examples", "test_examples", "batch_size"),
    *("lr", "optimizer", "schedule", "label_smoothing", "patience", "augment", "seed"),
    *("precision", "processes"),
)
_last: dict[str, Any] = {}  # the settings of the last call of fit, for show_loop


def train_epoch(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    loss_fn: Callable[..., Any],
    optimizer: Optimizer,
    schedule: Any = None,
    autocast: AbstractContextManager[Any] = FLOAT32,
    after_step: Callable[[Tensor], bool] = lambda loss: False,
) -> tuple[float, float]:
    """One pass over `batches` with an update for each; returns mean loss and share right."""
    training_mode(model)  # model.train(), but frozen parts stay as they are
    total, right, count = 0.0, 0.0, 0  # sums that stay on the device until the end
    for images, labels in batches:
        with autocast:  # float32, or convolutions in bfloat16
            scores = model(images)  # forward
        loss = loss_fn(scores.float(), labels)  # how wrong?
        optimizer.zero_grad()  # forget the last gradients
        loss.backward()  # the new ones
        optimizer.step()  # change the weights
        if schedule is not None:
            schedule.step()  # the next learning rate
        total += loss.detach() * len(labels)
        right += (scores.argmax(dim=1) == labels).sum()
        count += len(labels)
        if after_step(loss.detach()):  # progress, hooks; true to stop
            break
    return float(total) / count, float(right) / count


@torch.no_grad()
def evaluate_epoch(
    model: nn.Module, batches: Batches, loss_fn: Any, autocast: AbstractContextManager[Any]
) -> tuple[float, float]:
    """One pass in evaluation mode, without gradients; returns mean loss and share right."""
    total, right, count = 0.0, 0.0, 0
    with evaluating(model), kept_random_state(getattr(batches, "loader", None)):
        for images, labels in batches.epoch(1):
            with autocast:
                scores = model(images)
            total += loss_fn(scores.float(), labels) * len(labels)
            right += (scores.argmax(dim=1) == labels).sum()
            count += len(labels)
    return float(total) / count, float(right) / count


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
    optimizer: Any = "adamw",
    schedule: str = "auto",
    label_smoothing: float = 0.0,
    patience: int | None = None,
    augment: Any = (),
    hooks: Any = (),
    compile: bool | str = "auto",
    **unknown: Any,
) -> History:
    """Train a classifier, in place, and return the history of it.

    With ``precision="float32"`` and `batch_size`, `lr` and `seed` given this is the plain loop of
    lesson 11 and nothing else: cross-entropy, ``torch.optim.AdamW(model.parameters(), lr=lr,
    weight_decay=0.0)``, a constant learning rate, the images in the order of `epoch_order`; the
    weights come out the same, bit for bit. What is left open is chosen for the device and
    recorded in ``history.config``. `show_loop` shows the loop that ran.

    Parameters
    ----------
    model
        Any ``nn.Module`` that gives logits, (N, classes). At the end it holds the best weights
        where there is a validation set, otherwise the last ones.
    train, test
        (images, labels) as arrays or tensors, a ``Dataset`` or a ``DataLoader``. uint8 images are
        divided by 255 and get their channels first; float images are taken as they are. The test
        set is evaluated after each epoch and never decides anything.
    validation
        A share of `train`, such as 0.1, or a set like it: decides about best weights and early
        stopping.
    epochs
        Passes over the training set.
    batch_size
        Images in an update; chosen by device, precision and size of the set unless given. A
        ``DataLoader`` has its own.
    lr
        Learning rate, the highest one where it changes. Left out, fit chooses it, with one cycle
        (and betas 0.9 and 0.95 for Adam, momentum 0.9 with Nesterov's correction for SGD).
    device
        ``"auto"``, or a device as PyTorch names it.
    precision
        ``"float32"``: PyTorch's plain arithmetic; ``"bfloat16"``; ``"auto"``: what suits.
    seed
        For the order of the images, augmentation, and PyTorch's generator, which is seeded once,
        at the start; without one, one is drawn and recorded.
    checkpoint, resume
        A folder that keeps the end of the last epoch; whether to go on from what it holds, with
        the same arguments. What fit chose for the run stays chosen.
    progress
        Whether to show how far the run has come.
    optimizer
        ``"adamw"``, ``"adam"``, ``"sgd"``; a ready ``torch.optim.Optimizer`` of this model; or a
        function from a list of parameters to one.
    schedule
        ``"constant"``, ``"onecycle"``; ``"auto"`` is one cycle where fit chooses the learning rate.
    label_smoothing
        Of the cross-entropy: a share spread over all classes.
    patience
        Stop after so many epochs without a lower validation loss.
    augment
        Augmentations of whole batches, ``[RandomCrop(4), RandomHorizontalFlip()]``, or functions.
    hooks
        Objects with ``before_epoch``, ``after_step``, ``after_epoch`` or ``after_fit`` (any end),
        called with the `Run`; a function is called after each epoch.
    compile
        Whether to use ``torch.compile``; ``"auto"`` where its cost is earned back.

    Raises
    ------
    TrainingError
        When an argument cannot be meant, no training can succeed, or the run had to stop.
    CourseError
        When a checkpoint is damaged, or belongs to a run with other arguments.

    Examples
    --------
    >>> from coursekit.datasets import load
    >>> train, test = load("strokes")
    >>> model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    >>> history = fit(model, train, test, epochs=2, seed=0, progress=False)
    >>> [record["epoch"] for record in history.records]
    [1, 2]
    """
    given = dict(locals())
    check_arguments(given)
    keeper = None if checkpoint is None else Checkpoint(checkpoint)
    saved = keeper.load() if keeper is not None and resume else None
    run = prepare(given, saved["config"] if saved else {})
    history, team, batches = run.history, run.team, run.batches
    config = history.config
    case = Case(model, *batches.head(LOOKED_AT), batches, run.test, run.optimizer, config["lr"])
    case.steps, case.constant = epochs * len(batches), config["schedule"] == "constant"
    for finding in look(case):
        if finding.level == "error":
            raise TrainingError(finding, history)
        warn(str(finding))
    torch.manual_seed(config["seed"] + (team.rank if team else 0))
    if saved:
        _restore(run, saved, checkpoint)
    _last.update(config=config, options=dict(run.optimizer.param_groups[0]))

    main = team is None or team.rank == 0
    bar = Progress(run, progress and main)
    watch = Watch(math.log(case.scores.shape[1]))
    calls = _by_moment(hooks)

    def after_step(loss: Tensor) -> bool:
        run.step, run.loss = run.step + 1, loss
        watch.step(run)
        bar.step()
        for hook in calls["after_step"]:
            hook(run)
        return bool(run.stop)

    autocast: Any = FLOAT32
    if run.precision.name == "bfloat16":
        autocast = torch.autocast(run.device.type, dtype=torch.bfloat16)
    try:
        for run.epoch in range(len(history.records) + 1, epochs + 1):
            if run.stop:
                break
            for hook in calls["before_epoch"]:
                hook(run)
            begin, before = time.perf_counter(), run.step
            parts = batches.epoch(run.epoch)
            result = train_epoch(
                run.net,
                team.part(parts) if team else parts,
                run.loss_fn,
                run.optimizer,
                run.schedule,
                autocast,
                after_step,
            )
            seconds = time.perf_counter() - begin
            loss, accuracy = team.mean(*result) if team else result
            watch.epoch(run, loss, accuracy)
            record = {"epoch": run.epoch, "loss": loss, "accuracy": accuracy}
            for name, other in (("validation", run.validation), ("test", run.test)):
                if other is not None:
                    value, share = evaluate_epoch(run.model, other, run.loss_fn, autocast)
                    record |= {f"{name}_loss": value, f"{name}_accuracy": share}
                elif name == "test":
                    record |= {"test_loss": None, "test_accuracy": None}
            done = batches.examples * (run.step - before) / len(batches)
            record["lr"] = float(run.optimizer.param_groups[0]["lr"])
            record |= {"seconds": seconds, "images_per_second": done / seconds}
            history.records.append(record)
            if run.validation is not None:
                _decide(run, record["validation_loss"], patience)
            for hook in calls["after_epoch"]:
                hook(run)
            if keeper is not None and main:
                keeper.save(_state(run))
            bar.epoch(record)
    except KeyboardInterrupt:
        again = "; resume=True goes on from the end of the epoch before" if checkpoint else ""
        run.stop = f"interrupted in epoch {run.epoch}{again}"
    except (RuntimeError, ValueError, MemoryError) as error:
        known = _explained(error, run)
        if known is None:
            raise
        run.stop = known.sentence
        raise TrainingError(known, history) from None
    finally:
        history.stopped = run.stop
        bar.close(run.stop)
        if run.best[1]:  # better the best weights so far than those that are no numbers
            model.load_state_dict(run.best[1])
        for hook in calls["after_fit"]:
            hook(run)
    return history


def show_loop() -> None:
    """Print the loop that `fit` runs, with the settings of the last call beside it."""
    lines = ["# `fit` calls this function once an epoch."]
    if _last:
        config, options = _last["config"], _last["options"]
        shown = [f"lr={config['lr'] or options['lr']}"]
        for key in ("momentum", "nesterov", "betas", "weight_decay", "fused"):
            if options.get(key) or (key == "weight_decay" and "betas" in options):
                shown.append(f"{key}={options[key]}")
        smoothing = config["label_smoothing"]
        name = {"adamw": "AdamW", "adam": "Adam", "sgd": "SGD"}.get(config["optimizer"])
        cycle = config["schedule"] == "onecycle"
        lines = [
            "# The last call of `fit` called this function once an epoch, with",
            f"#   model      {config['model']}, {config['parameters']:,} parameters",
            f"#   batches    of {config['batch_size']} of {config['examples']:,} images"
            + (f", augmented by {config['augment']}" if config["augment"] else ""),
            "#   loss_fn    CrossEntropyLoss("
            + (f"label_smoothing={smoothing})" if smoothing else ")"),
            f"#   optimizer  {name or config['optimizer']}({', '.join(shown)})",
            f"#   schedule   {'OneCycleLR: up, then down to nearly 0' if cycle else None}",
            f"#   autocast   {config['precision']}",
            "#   after_step looks at the loss, moves the progress bar, calls hooks",
            f"# for {config['epochs']} epochs, seed={config['seed']}.",
        ]
    print("\n".join(lines) + "\n\n" + inspect.getsource(train_epoch).rstrip())


def _by_moment(hooks: Any) -> dict[str, list[Callable[[Run], object]]]:
    """Sort hooks by the moment at which they are called."""
    calls: dict[str, list[Callable[[Run], object]]]
    calls = {"before_epoch": [], "after_step": [], "after_epoch": [], "after_fit": []}
    for hook in hooks if isinstance(hooks, list | tuple) else [hooks]:
        own = [moment for moment in calls if hasattr(hook, moment)]
        if isinstance(hook, type) or not (own or callable(hook)):
            raise ArgumentError(
                f"hooks: found {hook!r}; expected a function of the run, called after each epoch, "
                f"or an object with a method {', '.join(calls)}. Fix: hooks=[my_function]"
            )
        for moment in own:
            calls[moment].append(getattr(hook, moment))
        if not own:
            calls["after_epoch"].append(hook)
    return calls


def _decide(run: Run, value: float, patience: int | None) -> None:
    """Keep the best weights, and stop where the validation loss has not fallen for long."""
    history = run.history
    if value < run.best[0]:
        weights = {name: each.detach().clone() for name, each in run.model.state_dict().items()}
        run.best, history.best_epoch = (value, weights), run.epoch
    elif patience is not None and run.epoch - (history.best_epoch or 0) >= patience:
        run.stop = (
            f"the validation loss has not fallen since epoch {history.best_epoch} "
            f"(patience={patience})"
        )


def _state(run: Run) -> dict[str, Any]:
    """Return all that a run needs to go on from the end of an epoch."""
    return {
        "config": run.history.config,
        "records": run.history.records,
        "best_epoch": run.history.best_epoch,
        "best": list(run.best),
        "step": run.step,
        "stop": run.stop,
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "schedule": run.schedule.state_dict() if run.schedule is not None else {},
        "random": random_state(getattr(run.batches, "loader", None)),
    }


def _restore(run: Run, saved: dict[str, Any], folder: Any) -> None:
    """Put a run back to the end of the epoch that was saved; refuse other arguments."""
    now, then = run.history.config, saved["config"]
    for key in (*_SAME, "epochs"):
        longer = key == "epochs" and now["schedule"] == "constant" and now[key] > then[key]
        if now[key] != then[key] and not longer:
            raise CourseError(
                f"{folder} holds a run with {key}={then[key]!r}, and this call has {now[key]!r}; "
                f"go on with {key}={then[key]!r}, or choose another folder"
            )
    run.model.load_state_dict(saved["model"])
    run.optimizer.load_state_dict(saved["optimizer"])
    if run.schedule is not None:
        run.schedule.load_state_dict(saved["schedule"])
    value, weights = saved["best"]
    run.best = value, {name: each.to(run.device) for name, each in weights.items()}
    run.history.records, run.history.best_epoch = saved["records"], saved["best_epoch"]
    run.step, run.stop = saved["step"], saved["stop"]
    set_random_state(saved["random"], getattr(run.batches, "loader", None))


def _explained(error: Exception, run: Run) -> Finding | None:
    """Turn the errors that a batch can bring during training into a sentence."""
    if isinstance(error, CourseError):
        return None
    if out_of_memory(error):
        return memory_used_up(run.batches.batch_size)
    if "more than 1 value per channel" in str(error):  # batch norm, for the last batch
        return explain(error, run.model, run.batches.head(1)[0])
    return None
