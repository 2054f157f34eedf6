"""Several processes that train one model: the same program, started by a launcher.

    torchrun --nproc-per-node 2 train.py
    accelerate launch --num_processes 2 train.py

Each takes its part of every batch; their gradients are averaged after every backward pass, so that
all hold the same weights at all times. With one process nothing here is used. What is tested are
two processes on the processor (gloo); several GPUs, and batch norms joined over them, have not been
run.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import Tensor, nn

from coursekit.errors import CourseError
from coursekit.training.say import warn

if TYPE_CHECKING:
    from coursekit.training.metrics import Totals
    from coursekit.training.run import Run

PATIENCE = timedelta(minutes=10)  # how long one process waits for the others before it gives up
_NORMS = (nn.modules.batchnorm._BatchNorm,)
_LAUNCHERS = (  # torchrun and accelerate launch; then MPI, which the latter uses without GPUs
    ("RANK", "WORLD_SIZE", "LOCAL_RANK"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"),
    ("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"),
)
_BROKEN = ("by peer", "Timed out", "timed out", "Broken pipe", "pair closure")
_Any = TypeVar("_Any")


@dataclass(frozen=True)
class World:
    """Which of how many processes this one is; `local` counts on this machine alone."""

    rank: int = 0
    size: int = 1
    local: int = 0

    @property
    def main(self) -> bool:
        """Whether this is the one that shows, records and writes."""
        return self.rank == 0


def world() -> World:
    """Read from the environment what a launcher says about processes; one, without a launcher.

    Examples
    --------
    >>> world()
    World(rank=0, size=1, local=0)
    """
    for rank, size, local in _LAUNCHERS if "MASTER_ADDR" in os.environ else ():
        if rank in os.environ and int(os.environ.get(size, "1")) > 1:
            number = int(os.environ[rank])
            return World(number, int(os.environ[size]), int(os.environ.get(local, number)))
    return World()


def own_device(device: torch.device, place: World) -> torch.device:
    """Give each process on a machine with several GPUs one of its own.

    Examples
    --------
    >>> own_device(torch.device("cpu"), World(1, 2, 1))
    device(type='cpu')
    """
    if place.size > 1 and str(device) == "cuda":
        return torch.device("cuda", place.local % max(1, torch.cuda.device_count()))
    return device


def make_team(place: World, device: torch.device) -> Team | None:
    """Join the other processes; None where there are none.

    Raises
    ------
    CourseError
        When they cannot be reached.
    """
    return Team(place, device) if place.size > 1 else None


class Team:
    """What the processes of one run do together; each has to do it at the same point of the run."""

    def __init__(self, place: World, device: torch.device) -> None:
        # Loaded here: it costs a second, and one process has no use for it.
        from accelerate import Accelerator, InitProcessGroupKwargs

        self.world = place
        self._accelerator = Accelerator(
            cpu=device.type == "cpu",
            mixed_precision="no",  # fit brings its own
            dynamo_backend="no",
            kwargs_handlers=[InitProcessGroupKwargs(timeout=PATIENCE)],
        )
        # Words between processes go from memory to memory: a GPU need not wait for them.
        dist = torch.distributed
        cpu = dist.get_backend() == "gloo"
        self._words = None if cpu else dist.new_group(backend="gloo", timeout=PATIENCE)
        self._stand_in: tuple[Any, Any] | None = None
        self._undo: list[tuple[nn.Module, str, nn.Module]] = []
        atexit.register(_leave)

    def wrap(self, model: nn.Module, device: torch.device) -> nn.Module:
        """Give all processes the main one's weights, and average gradients from now on."""
        norms = [each for each in model.modules() if isinstance(each, _NORMS)]
        if norms and device.type == "cuda":
            self._undo = join_norms(model)
        elif norms and self.world.main:
            warn(
                "This model has batch norm, and each process normalises with its own part of the "
                "batch: results differ from those of one process. On CUDA the parts are joined; "
                "on the processor nn.GroupNorm gives the same with any number of processes."
            )
        wrapped: nn.Module = self._accelerator.prepare_model(model)
        return wrapped

    def leave(self, run: Run) -> None:
        """Leave the model as it was given: no averaging of gradients, its own batch norms."""
        run.forward = run.model
        self._accelerator.free_memory()
        for parent, name, own in self._undo:
            setattr(parent, name, own)
        self._undo = []

    def from_main(self, value: _Any) -> _Any:
        """Return the main process's value, a small plain one, to all."""
        box = [value]
        torch.distributed.broadcast_object_list(box, src=0, group=self._words)
        return box[0]

    def gather(self, value: _Any) -> list[_Any]:
        """Return the values of all processes, in their order."""
        box: list[Any] = [None] * self.world.size
        torch.distributed.all_gather_object(box, value, group=self._words)
        return box

    def sums(self, *numbers: float) -> list[float]:
        """Add each number over all processes."""
        total = torch.tensor(numbers, dtype=torch.float64)
        torch.distributed.all_reduce(total, group=self._words)
        return total.tolist()

    def add_up(self, totals: Totals) -> None:
        """Add the sums of an epoch or an evaluation over all processes, in place."""
        own = totals.tensors()
        both = self.sums(*(float(each) for each in own.values()))
        totals.load({name: torch.tensor(value) for name, value in zip(own, both, strict=True)})

    def shared(self, updates: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """Weigh each process's parts of an update so that the average is the whole batch's mean.

        Averaging over processes gives each the same say; where the last batch does not divide
        evenly, and with class weights, they have not. A part that is empty is replaced by one of
        the batch before, which counts nothing, since the averaging waits for everybody.
        """
        for parts in updates:
            parts = [self._filled(*part[:3]) for part in parts]
            own = sum(float(weight) for _, _, weight in parts)
            (total,) = self.sums(own)
            scale = self.world.size / total if total else 0.0
            yield [(inputs, targets, w, w * scale) for inputs, targets, w in parts]

    def _filled(self, inputs: Any, targets: Any, weight: float | Tensor) -> tuple[Any, Any, Any]:
        if len(targets):
            self._stand_in = inputs, targets
            return inputs, targets, weight
        if self._stand_in is None:
            raise ValueError(
                f"train: found fewer examples than the {self.world.size} processes; expected at "
                "least one for each. Start fewer processes."
            )
        return *self._stand_in, 0.0

    def agree(self, run: Run, due: bool = False) -> bool:
        """Let all processes stop, be interrupted and write at the same step.

        Parameters
        ----------
        run
            Its `stop` and its interruption become everybody's.
        due
            Whether the main process wants to write a checkpoint.

        Returns
        -------
        bool
            Whether it is time to write.
        """
        interrupt = run.interrupt
        ahead = self.world.main and due
        stops, signals, dues = self.sums(bool(run.stop), bool(interrupt.noted), ahead)
        if stops and not run.stop:
            run.stop = "another process asked for it"
        if signals:
            interrupt.reason = interrupt.noted or "interrupted"
        return bool(dues)


@contextmanager
def peers_explained(place: World) -> Iterator[None]:
    """Say in a sentence that another process is gone, instead of what its broken line says.

    Raises
    ------
    CourseError
        When another process ended, or did not answer for a long time.

    Examples
    --------
    >>> with peers_explained(World(0, 2)):
    ...     raise RuntimeError("Connection closed by peer")
    Traceback (most recent call last):
    ...
    coursekit.errors.CourseError: process 1 of 2 cannot go on: another one ended or ...
    """
    try:
        yield
    except RuntimeError as error:
        if place.size == 1 or not any(sign in str(error) for sign in _BROKEN):
            raise
        raise CourseError(
            f"process {place.rank + 1} of {place.size} cannot go on: another one ended or did not "
            f"answer for {PATIENCE.seconds // 60} minutes; its own message says why"
        ) from error


def join_norms(model: nn.Module) -> list[tuple[nn.Module, str, nn.Module]]:
    """Replace batch norms inside a model by ones that see the parts of all processes.

    Returns
    -------
    list
        (parent, name, own layer): to put back. Parameters and statistics are shared with the
        replacement, so that nothing is lost on the way.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    >>> own = join_norms(model)
    >>> type(model[1]).__name__, model[1].weight is own[0][2].weight
    ('SyncBatchNorm', True)
    """
    replaced: list[tuple[nn.Module, str, nn.Module]] = []
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, _NORMS) and not isinstance(child, nn.SyncBatchNorm):
                joined = nn.SyncBatchNorm.convert_sync_batchnorm(child)  # type: ignore[no-untyped-call]
                setattr(parent, name, joined)
                replaced.append((parent, name, child))
    return replaced


def _leave() -> None:
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
