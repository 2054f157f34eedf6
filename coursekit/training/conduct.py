"""One call of `fit` from its beginning to its end."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from coursekit.training import say
from coursekit.training.diagnosis.findings import TrainingError
from coursekit.training.diagnosis.undisturbed import outside_of_inference
from coursekit.training.epochs import rest_of_epoch, run_epochs
from coursekit.training.hooks import Hooks, as_list
from coursekit.training.judging import hand_over
from coursekit.training.keeping.matching import left_open
from coursekit.training.keeping.resume import Keeper
from coursekit.training.record.history import History
from coursekit.training.record.progress import Progress
from coursekit.training.run import Interrupted, Run
from coursekit.training.safeguards import explaining_memory, look_before
from coursekit.training.settings import Settings
from coursekit.training.shown.facts import find_facts
from coursekit.training.shown.show import remember
from coursekit.training.start import Data, prepare
from coursekit.training.team.processes import peers_explained, world
from coursekit.training.team.together import own_seed, together


def conduct(model: nn.Module, train: Any, test: Any, settings: Settings) -> History:
    """Build the run, train, put the chosen weights into the model, return the history."""
    say.start_run()
    keeper = _keeper(settings, (train, test, settings.validation, settings.augment, model))
    with outside_of_inference():  # what is found there is refused below, the model as it was
        before = left_open(settings.checkpoint) if settings.resume else {}
        run, data = prepare(model, train, test, settings, before)
    remember(run.settings, find_facts(run, data, train, test))
    watch = look_before(run, data, train, test, speak=world().main)
    hooks = Hooks([watch, *as_list(run.settings.hooks), *together(run.team, keeper), _Steps()])
    run.progress = Progress(
        run.settings.epochs,
        run.steps_per_epoch,
        data.train.batch_size * run.settings.accumulate,
        bool(run.settings.progress) and world().main,
        examples=data.train.examples,
    )
    run.progress.start(first_line(run, data), *data.train.notes)
    # Dropout and the like draw from here on; nothing else does.
    torch.manual_seed(own_seed(run.settings.seed or 0, world()))
    try:
        if keeper is not None and run.settings.resume:
            run.progress.start(keeper.said(keeper.restore(run), run))
        if keeper is None or not keeper.finished:
            with peers_explained(world()):
                explaining_memory(run, lambda: _train(run, data, hooks, keeper))
        hand_over(run)
        hooks.call("after_training", run)
    except TrainingError:
        hand_over(run)  # better the best weights so far than those that are no numbers
        raise
    finally:
        if run.team is not None:
            run.team.leave(run)
        run.history.stopped = run.stop
        run.progress.close(run.stop)
    return run.history


def _train(run: Run, data: Data, hooks: Hooks, keeper: Keeper | None) -> None:
    """Train to the end, or to where somebody interrupts it."""
    left = rest_of_epoch if keeper is None else keeper.batches
    with run.interrupt as interrupt, run.precision.in_force():
        try:
            run_epochs(run, data, hooks, left)
        except Interrupted:
            run.stop = _where(run)
            if keeper is not None:
                keeper.save(run)
        except BaseException as error:
            # After a KeyboardInterrupt, which may come in the middle of a step, what the folder
            # holds stays as it is.
            if not interrupt.caused(error):
                raise
            run.stop = _where(run)
            if keeper is not None and not isinstance(error, KeyboardInterrupt):
                keeper.save(run)  # a batch that did not come: the last step is done
        else:
            if keeper is not None:
                keeper.finish(run)


def _where(run: Run) -> str:
    inside = f", after {run.step_in_epoch} batches of it" if run.step_in_epoch else ""
    again = "; resume=True goes on from there" if run.settings.checkpoint is not None else ""
    return f"{run.interrupt.reason} in epoch {run.epoch}{inside}{again}"


def _keeper(settings: Settings, holders: tuple[object, ...]) -> Keeper | None:
    if settings.checkpoint is None:
        return None
    return Keeper(settings.checkpoint, settings.checkpoint_every, holders)


class _Steps:
    """Counts the steps of a run for its progress."""

    def after_step(self, run: Run) -> None:
        run.progress.step(run.totals.mean_loss)


def first_line(run: Run, data: Data) -> str:
    """Say on what a run trains: device, precision, batch, images.

    Examples
    --------
    >>> data = torch.zeros(20, 1, 8, 8), torch.arange(20) % 2
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    >>> settings = Settings(batch_size=5, precision="float32", device="cpu")
    >>> first_line(*prepare(model, data, None, settings))
    'device: cpu (... thread...), float32; batch 5; 20 images, 4 steps an epoch'
    """
    device = str(run.device)
    if run.device.type == "cpu":
        threads = torch.get_num_threads()
        device += f" ({threads} thread{'s' * (threads > 1)})"
    layout = ", channels_last" if run.precision.channels_last else ""
    return (
        f"device: {device}, {run.precision.name}{layout}; batch {data.train.batch_size}; "
        f"{data.train.examples:,} images, {len(data.train):,} steps an epoch"
    )
