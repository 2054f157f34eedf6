"""One worker: it gives a process to each submission, one after another, and ends it.

All that comes back is looked at before it is believed to have a form; none of it is believed to
be true.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from coursekit.grading.sandbox import protocol
from coursekit.grading.sandbox.cgroups import Group
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.memory_watch import MemoryWatch
from coursekit.grading.sandbox.patience import tasks_below
from coursekit.grading.sandbox.process import Ending, StudentProcess
from coursekit.grading.sandbox.sandbox import Sandbox, SandboxError
from coursekit.grading.sandbox.warm_sandbox import (
    CONTROL,
    Server,
    WarmSandbox,
    launched,
    wait_until_ready,
)
from coursekit.grading.untrusted import wire

_BESIDE_MEMORY, _BESIDE_PROCESSES = 32 << 20, 8  # what our own code may need beside a submission

# Public modules of the field's large packages; nothing else is ever imported at a student's wish:
# there are modules in them that end the process which imports them, or change what others do.
_NAMES = """
    matplotlib matplotlib.cm matplotlib.colors matplotlib.gridspec matplotlib.image
    matplotlib.patches matplotlib.pyplot matplotlib.ticker
    pandas seaborn PIL PIL.Image PIL.ImageDraw PIL.ImageFilter PIL.ImageOps
    scipy scipy.fft scipy.fftpack scipy.interpolate scipy.linalg scipy.ndimage scipy.optimize
    scipy.signal scipy.sparse scipy.spatial scipy.spatial.distance scipy.special scipy.stats
    skimage skimage.color skimage.data skimage.exposure skimage.feature skimage.filters skimage.io
    skimage.measure skimage.metrics skimage.transform skimage.util
    sklearn sklearn.datasets sklearn.linear_model sklearn.metrics sklearn.model_selection
    sklearn.preprocessing
    torch torch.nn torch.nn.functional torch.optim torch.optim.lr_scheduler torch.utils
    torch.utils.data
"""
_KNOWN = frozenset(_NAMES.split())


class Worker:
    """Grades one submission after another, each in a child of the worker's server.

    Where this machine refuses namespaces within namespaces, each gets a sandbox of its own.

    Parameters
    ----------
    imports
        Modules to be imported before the first submission.
    limits
        What a submission may use.
    name
        Tells the workers of one run apart.
    isolated
        False: without any sandbox.
    warm
        False: a new sandbox for each submission, whatever the machine allows.
    shared
        The warm sandbox of all workers of a run; one of its own where it is not given.

    Attributes
    ----------
    cold_because : str
        Why each submission gets a sandbox of its own; empty where a warm one serves.
    """

    def __init__(
        self,
        imports: Sequence[str],
        limits: Limits,
        name: str = "0",
        isolated: bool = True,
        warm: bool = True,
        shared: WarmSandbox | None = None,
    ) -> None:
        self._imports, self.limits, self.name = list(imports), limits, name
        self._isolated, self._stopped = isolated, False
        self._own = shared is None and warm
        self._warm = WarmSandbox(imports, limits, isolated) if self._own else shared
        self._server: Server | None = None
        self._cold: Sandbox | None = None
        self._cold_ready = False
        self._watch: MemoryWatch | None = None
        self._wanted = WantedModules(imports)
        self.cold_because = "" if warm else "asked for"
        if not warm:
            self._launch_cold()

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that submissions run in."""
        sandbox = self._cold if self.cold_because or self._warm is None else self._warm.sandbox
        assert sandbox is not None
        return sandbox

    def stop(self) -> None:
        """End what runs for good: nothing is started in its place."""
        self._stopped = True
        self.close()

    def close(self) -> None:
        """End what runs here."""
        self._leave_server()
        if self._cold is not None:
            self._cold.close()
            self._cold = None
        if self._own and self._warm is not None:
            self._warm.stop()

    def ready(self) -> None:
        """Wait until a submission can be given a process at once.

        Raises
        ------
        SandboxError
            When the sandbox does not start.
        """
        if self._server is None and not self.cold_because:
            assert self._warm is not None
            try:
                self._server = self._warm.server(self.name)
            except SandboxError:
                if not self._warm.refused:
                    raise
                self.cold_because = self._warm.refused
            else:
                self._bound(self._server.group, self._server.pid)
        if self.cold_because and not self._cold_ready:
            sandbox = self._cold or self._launch_cold()
            try:
                wait_until_ready(sandbox, self.limits)
            except SandboxError:
                sandbox.close()
                self._cold = None
                raise
            self._cold_ready = True
            self._bound(sandbox.group, sandbox.pid)

    @contextmanager
    def submission(self, modules: Sequence[str] = ()) -> Iterator[StudentProcess]:
        """Give a fresh process; it and all that it started are ended afterwards.

        Parameters
        ----------
        modules
            What its cells import. What several submissions import is imported beforehand.

        Raises
        ------
        SandboxError
            When the sandbox was ended from outside: no student is to blame.
        """
        self.ready()
        with self._of_server(modules) if self._server else self._of_cold_sandbox() as one:
            yield one

    @contextmanager
    def _of_server(self, modules: Sequence[str]) -> Iterator[StudentProcess]:
        """Give a child of the server."""
        server, sandbox = self._server, self.sandbox
        assert server is not None
        used_up = self._memory_from_now(server.group)
        channel, inner = socket.socketpair()
        with channel:
            self._start(server, inner, self._wanted.again(modules))
            one = StudentProcess(channel, self.limits, tasks_below(server.pid))
            try:
                with self._watched(one):
                    yield one
            finally:
                gone = not (server.alive and sandbox.alive)
                one.ending = self._end(server)
                if used_up():
                    one.ending = Ending(9, 0, one.ending.cpu, out_of_memory=True)
                elif gone:  # what is left may answer a while longer, and is not trusted to last
                    self._leave_server()
                    raise SandboxError("the sandbox was ended from outside")

    @contextmanager
    def _of_cold_sandbox(self) -> Iterator[StudentProcess]:
        """Give the process of a sandbox that is ended afterwards; the next one starts then."""
        sandbox = self.sandbox
        used_up = self._memory_from_now(sandbox.group)
        one = StudentProcess(sandbox.channel, self.limits, tasks_below(sandbox.pid))
        try:
            with self._watched(one):
                yield one
        finally:
            if used_up():
                one.ending = Ending(9, 0, out_of_memory=True)
            sandbox.close()
            self._launch_cold()

    def _watched(self, one: StudentProcess) -> contextlib.AbstractContextManager[None]:
        """Cut a process off that uses too much memory, where nothing else bounds it."""
        return contextlib.nullcontext() if self._watch is None else self._watch.over(one.cut)

    def _memory_from_now(self, group: Group | None) -> Callable[[], bool]:
        """Return what says later whether memory was used up from now on."""
        before = group.ended_for_memory() if group else 0

        def used_up() -> bool:
            if group is not None:
                return group.ended_for_memory() > before
            return self._watch is not None and self._watch.exceeded

        return used_up

    def _bound(self, group: Group | None, pid: int) -> None:
        """Give a submission its memory, beside what is in use before it."""
        room = self.limits.memory + _BESIDE_MEMORY
        if group is not None:
            group.bound(group.used() + room, self.limits.processes + _BESIDE_PROCESSES)
            self._watch = None
        else:
            self._watch = MemoryWatch(pid, room)

    def _launch_cold(self) -> Sandbox:
        """Start the sandbox of the next submission; its imports go on meanwhile."""
        if self._stopped:
            raise SandboxError("the grading was stopped")
        self._cold_ready = False
        self._cold = launched(self._imports, self.limits, self._isolated, cold=True)
        return self._cold

    def _leave_server(self) -> None:
        """Let go of the server; the next `ready` asks for another one."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _start(self, server: Server, inner: socket.socket, imports: list[str]) -> None:
        """Let the server make a child that holds one end of a new channel."""
        try:
            end = time.monotonic() + CONTROL + (self.limits.start if imports else 0.0)
            asked = {"kind": "start", "imports": imports}
            ticket = protocol.send(server.channel, asked, deadline=end)
            socket.send_fds(server.channel, [b"+"], [inner.fileno()])
            protocol.answer(server.channel, ticket, deadline=end, kind="started")
            if imports:
                self._bound(server.group, server.pid)
        except (wire.WireError, OSError) as error:
            self._leave_server()
            raise SandboxError(f"the sandbox has gone: {error}") from None
        finally:
            inner.close()

    def _end(self, server: Server) -> Ending:
        """End a submission's process; say how it ended."""
        try:
            end = time.monotonic() + CONTROL
            said, _ = protocol.exchange(server.channel, {"kind": "end"}, deadline=end, kind="ended")
        except wire.WireError:  # the server itself has gone
            self._leave_server()
            return Ending()
        return Ending(_whole(said.get("signal")), _whole(said.get("code")), _real(said.get("cpu")))


def _whole(value: Any) -> int:
    return value if type(value) is int else 0


def _real(value: Any) -> float:
    return float(value) if type(value) in (int, float) else 0.0


class WantedModules:
    """Remembers what submissions import.

    Parameters
    ----------
    loaded
        What is imported from the beginning.

    Examples
    --------
    >>> wanted = WantedModules(["numpy"])
    >>> [wanted.again(["numpy", "scipy.signal", "scipy.conftest", "os"]) for _ in range(3)]
    [[], ['scipy.signal'], []]
    """

    def __init__(self, loaded: Iterable[str]) -> None:
        self._loaded = set(loaded)
        self._seen: set[str] = set()

    def again(self, modules: Iterable[str]) -> list[str]:
        """Return those that an earlier submission has imported, too, the first time that is so."""
        found = []
        for name in dict.fromkeys(modules):
            if name in self._loaded or name not in _KNOWN:
                continue
            if name in self._seen:
                self._loaded.add(name)
                found.append(name)
            self._seen.add(name)
        return found
