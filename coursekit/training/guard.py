"""A run under guard: taken up where it was left, kept on the way, ended in good order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coursekit.training.epochs import rest_of_epoch, run_epochs
from coursekit.training.resume import Keeper
from coursekit.training.run import Interrupted

if TYPE_CHECKING:
    from coursekit.training.hooks import Hooks
    from coursekit.training.run import Run
    from coursekit.training.settings import Settings
    from coursekit.training.start import Data


def make_keeper(settings: Settings, holders: Iterable[object]) -> Keeper | None:
    """Return the keeper that the settings ask for, None for none; its folder is looked at now.

    Raises
    ------
    ValueError, CourseError
        When the folder is a file or cannot be written to.
    """
    if settings.checkpoint is None:
        return None
    return Keeper(settings.checkpoint, settings.checkpoint_every, holders)


def run_guarded(run: Run, data: Data, hooks: Hooks, keeper: Keeper | None) -> None:
    """Train to the end, or to where somebody interrupts it.

    Ctrl-C ends the run after the step that is being done: the history so far is whole, and so is
    the checkpoint, which is written then. A second one stops at once.

    Raises
    ------
    CourseError
        When the checkpoint is damaged, or belongs to another run.
    """
    left = rest_of_epoch
    if keeper is not None:
        if run.settings.resume:
            run.progress.start(keeper.said(keeper.restore(run), run))
            if keeper.finished:
                return
        left = keeper.batches
        hooks.add(keeper)
    with run.interrupt:
        try:
            run_epochs(run, data, hooks, left)
        except Interrupted:
            run.stop = _where(run)
            if keeper is not None:
                keeper.save(run)
        except BaseException as error:
            # In the middle of a step: what the folder holds stays as it is.
            if not run.interrupt.caused(error):
                raise
            run.stop = _where(run)
        else:
            if keeper is not None:
                keeper.finish(run)


def _where(run: Run) -> str:
    done = run.step_in_epoch
    inside = f", after {done} batch{'' if done == 1 else 'es'} of it" if done else ""
    again = "; resume=True goes on from there" if run.settings.checkpoint is not None else ""
    return f"{run.interrupt.reason} in epoch {run.epoch} of {run.settings.epochs}{inside}{again}"
