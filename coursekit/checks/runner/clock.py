"""How much time an answer has used: what it computed, and what it waited. Nothing else counts.

On a busy machine a second of work takes many seconds of wall time. So a limit counts processor
time, and *waiting*: wall time in which no thread of the answer ran or stood in the queue for a
processor (a sleep, a lock, a file). Linux tells both for each thread in its ``schedstat``; where
there is none, psutil tells the processor time, and waiting is given ten times as long.
"""

import contextlib
import functools
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import _bootstrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

LEAST = 0.05  # seconds that an answer has when it is asked again and its time is used up
_GENEROUS = 10.0  # where nobody says how long a thread stood in the queue
_OWN_TASKS = Path("/proc/self/task")

# Of each thread: seconds on a processor, seconds in a queue, whether it runs or queues just now.
Times = dict[int, tuple[float, float, bool]]


@dataclass
class Allowance:
    """The seconds that an answer has: for everything it is asked, and for one question.

    Both are given to its computing and to its waiting, each by itself. Imports have a limit of
    their own: the first ``import torch`` on a slow disk is no endless loop.
    """

    whole: float = 8.0
    one: float = 3.0
    imports: float = 60.0


def _threads_of(folder: Path) -> Times:
    """Return the times of every thread of a process, by its number."""
    found: Times = {}
    with contextlib.suppress(OSError), os.scandir(folder) as tasks:
        for task in tasks:
            with contextlib.suppress(OSError, ValueError):
                ran, queued, *_ = _read(f"{task.path}/schedstat").split()
                state = _read(f"{task.path}/stat").rpartition(b")")[2].split()[0]
                found[int(task.name)] = int(ran) / 1e9, int(queued) / 1e9, state == b"R"
    return found


def _read(path: str) -> bytes:
    """Return a short file of the system, without what `open` costs: they are read all the time."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)


def _threads_by_psutil() -> Times:
    """Return the processor times of this process's threads, on any system."""
    import psutil

    return {t.id: (t.user_time + t.system_time, 0.0, False) for t in psutil.Process().threads()}


@functools.cache
def tells_the_queue() -> bool:
    """Say whether this machine tells how long a thread stood in the queue."""
    return any(ran > 0 for ran, *_ in _threads_of(_OWN_TASKS).values())


class Clock:
    """Adds up what some threads have used since the clock was made.

    Parameters
    ----------
    newcomers
        Whether only those threads count that were not there when the clock was made.
    times, now
        Where the times come from; this process and the system's clock when left out.
    queue_told
        Whether `times` tell how long threads stood in a queue.

    Attributes
    ----------
    computed, waited : float
        Seconds on a processor, and seconds in which no thread of the process ran or queued (one
        that waits for the interpreter's lock waits for another thread, which may be in a queue).
    """

    def __init__(
        self,
        newcomers: bool = False,
        times: Callable[[], Times] | None = None,
        now: Callable[[], float] = time.monotonic,
        queue_told: bool | None = None,
    ) -> None:
        told = tells_the_queue() if queue_told is None else queue_told
        self._times = times or ((lambda: _threads_of(_OWN_TASKS)) if told else _threads_by_psutil)
        self._now = now
        self._share = 1.0 if told else 1.0 / _GENEROUS
        self.computed = self.waited = 0.0
        self._open = 0.0  # neither computed nor queued so far, and not known to be waiting
        self._last, self._then = self._times(), now()
        self._others = frozenset(self._last) if newcomers else frozenset()

    def look(self) -> tuple[float, float]:
        """Add what was used since the last look; return it: computed, waited."""
        times, now = self._times(), self._now()
        ran = taken = 0.0
        for number, (on, off, _) in times.items():
            before = self._last.get(number, (0.0, 0.0, False))
            used = max(0.0, on - before[0])
            ran += used if number not in self._others else 0.0
            taken += used + max(0.0, off - before[1])
        self._open += now - self._then - taken
        waited = 0.0
        # Linux adds a stay in the queue when it ends: of a thread that queues now it is not known.
        if not any(ready for n, (_, _, ready) in times.items() if n not in self._others):
            waited = max(0.0, self._open) * self._share
            self._open = min(0.0, self._open)
        self._last, self._then = times, now
        self.computed += ran
        self.waited += waited
        return ran, waited


class Limit:
    """Says when an answer has used up what it has.

    Parameters
    ----------
    clock
        Counts for the answer.
    allowance
        What it has; what it uses is taken away from `whole` and `imports`.

    Examples
    --------
    >>> readings = iter([{1: (0.0, 0.0, False)}, {1: (2.0, 30.0, True)}, {1: (3.5, 50.0, True)}])
    >>> times = iter([0.0, 32.0, 53.5])
    >>> clock = Clock(times=lambda: next(readings), now=lambda: next(times), queue_told=True)
    >>> limit = Limit(clock, Allowance(whole=8, one=3))
    >>> limit.look(question=0), limit.look(question=0)
    ('', '3.5 s of computing on one input; 3 s are allowed')
    """

    def __init__(self, clock: Clock, allowance: Allowance) -> None:
        self._clock, self.allowance = clock, allowance
        self._question, self._importing = 0, False
        self._computed = self._waited = 0.0  # on the question that is being answered
        self._all_computed = self._all_waited = 0.0
        self._imports = 0.0

    def look(self, question: int = 0, importing: bool = False) -> str:
        """Return what was used up, in words, and nothing while there is something left.

        What passes between two looks is not counted if the answer was importing at one of them.
        """
        computed, waited = self._clock.look()
        if question != self._question:
            self._question, self._computed, self._waited = question, 0.0, 0.0
        if importing or self._importing:
            self._imports += computed + waited
        else:
            self._computed += computed
            self._waited += waited
            self._all_computed += computed
            self._all_waited += waited
        self._importing = importing
        return self._used_up()

    def settle(self) -> float:
        """Take what was used off the allowance, which may serve again; return it, in seconds."""
        used = max(self._all_computed, self._all_waited)
        self.allowance.whole = max(LEAST, self.allowance.whole - used)
        self.allowance.imports = max(LEAST, self.allowance.imports - self._imports)
        return used

    def _used_up(self) -> str:
        has = self.allowance
        for used, most, what in (
            (self._computed, has.one, "computing on one input"),
            (self._waited, has.one, "waiting on one input"),
            (self._all_computed, has.whole, "computing on all inputs together"),
            (self._all_waited, has.whole, "waiting on all inputs together"),
            (self._imports, has.imports, "importing"),
        ):
            if used > most:
                return f"{used:.2g} s of {what}; {most:.2g} s are allowed"
        return ""


def importing(thread: int | None) -> bool:
    """Say whether a thread is busy importing: it owns the lock of the module that it loads.

    Its frames would say so, too, but they change while they are read, which can crash Python 3.11.
    """
    locks = [reference() for reference in list(_bootstrap._module_locks.values())]  # type: ignore[attr-defined]
    return any(getattr(lock, "owner", None) == thread for lock in locks if lock is not None)


@functools.lru_cache(maxsize=1)
def _thread_pools(modules: int) -> "ThreadpoolController":
    """Look for the thread pools of what is loaded: it takes long, so only after an import."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Keep the libraries that are loaded to one thread, so that what they do counts once."""
    torch = sys.modules.get("torch")
    before = torch.get_num_threads() if torch is not None else 0
    limits: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    with contextlib.suppress(ImportError):
        limits = _thread_pools(len(sys.modules)).limit(limits=1)
    with limits:
        if torch is not None and before > 1:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if torch is not None and before > 1:
                torch.set_num_threads(before)


def tasks_of(processes: Iterable[int]) -> Times:
    """Return the times of every thread of some processes."""
    found: Times = {}
    for number in processes:
        found |= _threads_of(Path(f"/proc/{number}/task"))
    return found
