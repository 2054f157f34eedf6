"""The keeper of a run: writes its checkpoint at the right moments, and takes a run up again."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from coursekit.errors import CourseError
from coursekit.training.data.loaders import LoaderStream
from coursekit.training.keeping.capture import capture, put_back
from coursekit.training.keeping.checkpoint import (
    FILE,
    PREVIOUS,
    keep_previous,
    load_checkpoint,
    prepare_folder,
    save_checkpoint,
)
from coursekit.training.keeping.formats import pack, unpack
from coursekit.training.keeping.matching import identity, require_same
from coursekit.training.keeping.randomness import find_generators, random_states, set_random_states
from coursekit.training.say import warn
from coursekit.training.team.processes import World, world

if TYPE_CHECKING:
    from coursekit.training.data.batches import Batches
    from coursekit.training.run import Run

_SHARE = 50  # after an epoch, a checkpoint may cost one part in so many of the time since the last


class Keeper:
    """Keeps a run in the one checkpoint file of a folder; a hook like any other.

    Parameters
    ----------
    folder
        Made when it is missing.
    every_seconds
        How much work may be lost in the middle of an epoch; 0 writes after every update. After an
        epoch it is written in any case, unless writing would take more than 2 % of the time.
    holders
        What may carry generators of its own, which are kept, too: the data as it was given, the
        model, augmentations.

    Raises
    ------
    ValueError
        When `folder` is a file.
    CourseError
        When it cannot be written to.

    Attributes
    ----------
    finished
        Whether the run that was restored had come to its end.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        every_seconds: float = 60.0,
        holders: Iterable[object] = (),
    ) -> None:
        self.folder = prepare_folder(folder) if world().main else Path(folder).expanduser()
        self.every_seconds = every_seconds
        self.finished = False
        self._sources = find_generators(holders)
        self._own_file = False  # whether the file that is there is this run's
        self._written_at = time.monotonic()
        self._cost = 0.0
        self._epoch_start: dict[str, Any] | None = None
        self._middle: dict[str, Any] | None = None
        self._otherwise = ""

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def before_epoch(self, run: Run) -> None:
        """Remember where chance stood, for those who shuffle at the start of an epoch."""
        self._epoch_start = random_states(self._sources)

    def after_step(self, run: Run) -> None:
        """Write in the middle of an epoch, every so many seconds."""
        if self.due():
            self.save(run)

    def due(self) -> bool:
        """Tell whether it is time to write in the middle of an epoch."""
        return time.monotonic() - self._written_at >= self.every_seconds

    def after_epoch(self, run: Run) -> None:
        """Write after an epoch."""
        if self.due_after_epoch():
            self.save(run)

    def due_after_epoch(self) -> bool:
        """Tell whether to write after an epoch: in any case, unless that takes too much time."""
        waited = time.monotonic() - self._written_at
        return not self._own_file or waited >= min(self.every_seconds, _SHARE * self._cost)

    def finish(self, run: Run) -> None:
        """Write at the end of a run, and mark it as done: there is nothing to go on with."""
        self.save(run, finished=True)

    def save(self, run: Run, *, finished: bool = False) -> bool:
        """Write now; where that is not possible, warn once, and let training go on."""
        begin = time.monotonic()
        each = {
            "chance": random_states(self._sources),
            "epoch_start": self._epoch_start if run.step_in_epoch else None,
            "totals": {name: total.cpu() for name, total in run.totals.tensors().items()},
        }
        processes = [each] if run.team is None else run.team.gather(each)
        if not world().main:
            return True
        try:
            tensors, state = pack(
                {
                    "run": capture(run),
                    "identity": identity(run),
                    "processes": processes,
                    "finished": finished,
                    "torch": torch.__version__,
                }
            )
            if not self._own_file:
                keep_previous(self.folder)
            save_checkpoint(self.folder, tensors, state)
            self._own_file = True
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            self._warn("the disk is full" if full else (error.strerror or str(error)).lower())
        except (TypeError, ValueError, RuntimeError) as error:
            self._warn(str(error))
        else:
            return True
        finally:
            self._written_at = time.monotonic()
            self._cost = self._written_at - begin
        return False

    def _warn(self, reason: str) -> None:
        kept = "; the checkpoint written before is still there" if self.path.exists() else ""
        warn(
            f"{self.path} could not be written: {reason}{kept}. Training goes on, and it is tried "
            "again later."
        )

    def restore(self, run: Run) -> bool:
        """Make a run that was just built what the checkpoint says; False where there is none.

        Raises
        ------
        CourseError
            When the file is damaged or belongs to another model or other settings.
        """
        found = load_checkpoint(self.folder)
        if found is None:
            return False
        tree = _unpacked(*found, self.path)
        done = len(tree["run"]["history"]["records"])
        require_same(run, tree["identity"], done, self.path)
        put_back(run, tree["run"])
        mine = _of_process(tree["processes"], world())
        run.totals.load(mine["totals"])
        self._own_file = True
        self._otherwise = _otherwise(run, tree)
        self.finished = tree["finished"] and not self._goes_on(run, tree["run"]["history"])
        self._epoch_start, self._middle = mine["epoch_start"], mine["chance"]
        if self._middle is not None:
            set_random_states(self._epoch_start or self._middle, self._sources)
        return True

    def _goes_on(self, run: Run, history: dict[str, Any]) -> bool:
        """Tell whether a run that had ended is to be made longer."""
        if history["stopped"]:
            run.history.stopped = run.stop = history["stopped"]
            return False
        return run.settings.epochs > len(history["records"])

    def batches(self, train: Batches, run: Run) -> Iterator[Any]:
        """Yield what is left of the run's epoch, exactly as it would have come.

        Batches that are derived from seed and epoch begin where they are wanted. A DataLoader's
        are drawn again from the epoch's start, with chance as it stood there, and passed over.
        """
        epoch, start = run.epoch, run.step_in_epoch
        middle, self._middle = self._middle, None
        if not start or middle is None:
            yield from train.epoch(epoch, start=start)
            return
        # Where data sets carry generators along, they have to be drawn from again, too.
        drawn = isinstance(train, LoaderStream) or bool(self._sources)
        again = drawn and not train.resident
        batches = train.epoch(epoch, start=0 if again else start)
        for _ in range(start if again else 0):
            next(batches, None)
        set_random_states(middle, self._sources)
        yield from batches

    def said(self, restored: bool, run: Run) -> str:
        """Say in one line where the run begins."""
        if not restored:
            other = f" ({PREVIOUS} is of an earlier run)" if self._has_previous() else ""
            return f"no checkpoint in {self.folder}{other}: starting from the beginning"
        done = len(run.history.records)
        if self.finished:
            return f"the run in {self.folder} had come to its end, after {_epochs(done)}"
        inside = f" and {run.step_in_epoch} batches" if run.step_in_epoch else ""
        return f"going on from {self.path}, after {_epochs(done)}{inside}{self._otherwise}"

    def _has_previous(self) -> bool:
        return (self.folder / PREVIOUS).exists()


def _of_process(processes: list[dict[str, Any]], place: World) -> dict[str, Any]:
    """Return what this process had; for another number of them, what comes closest."""
    if len(processes) == place.size:
        return processes[place.rank]
    every = [each["totals"] for each in processes]
    kept = 1 if place.main else 0
    totals = {name: kept * sum(each[name] for each in every) for name in every[0]}
    # Another number of processes draws other numbers: those that are new keep their own start.
    return {"chance": None, "epoch_start": None, "totals": totals}


def _otherwise(run: Run, tree: dict[str, Any]) -> str:
    """Say what is no longer as it was, for which the numbers will not be the same to the bit."""
    device = tree["identity"]["settings"]["device"]
    pairs = (
        (f"on {device}", f"on {run.settings.as_dict()['device']}"),
        (f"with torch {tree['torch']}", f"with torch {torch.__version__}"),
        (_processes(len(tree["processes"])), _processes(world().size)),
    )
    changes = [f"{then} before, {now} now" for then, now in pairs if now != then]
    return f" ({'; '.join(changes)}: close, but not to the bit)" if changes else ""


def _processes(count: int) -> str:
    return f"in {count} process{'' if count == 1 else 'es'}"


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"


def _unpacked(tensors: dict[str, Any], state: dict[str, Any], path: Path) -> dict[str, Any]:
    try:
        tree: dict[str, Any] = unpack(tensors, state)
        return tree
    except KeyError as error:
        raise CourseError(
            f"{path} is damaged (the tensor {error} is missing); "
            "copy it back from a backup, or start anew with resume=False"
        ) from None
