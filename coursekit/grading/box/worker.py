"""A sandbox in use: it makes a process for each submission and is asked through it.

All that comes back is looked at before it is believed to have a form; none of it is believed to
be true.
"""

import contextlib
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from coursekit.grading.box import callfilter, protocol
from coursekit.grading.box.limits import Limits
from coursekit.grading.box.memory_watch import MemoryWatch
from coursekit.grading.box.process import Ending, StudentProcess, one_line
from coursekit.grading.box.sandbox import Sandbox, SandboxError
from coursekit.grading.box.wanted_modules import WantedModules
from coursekit.grading.untrusted import wire

_CHECKS = "coursekit.checks."
NO_ARRAYS = 0
CONTROL = 10.0  # seconds for what our own code does inside: starting and ending a child


class Worker:
    """Grades one submission after another in a warm sandbox, or each in a cold one of its own.

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
    """

    def __init__(
        self,
        imports: Sequence[str],
        limits: Limits,
        name: str = "0",
        isolated: bool = True,
        warm: bool = True,
    ) -> None:
        self._imports, self.limits, self.name = list(imports), limits, name
        self._isolated, self._warm = isolated, warm
        self._sandbox: Sandbox | None = None
        self._ready = self._stopped = False
        self._watch: MemoryWatch | None = None
        self._wanted = WantedModules(imports)
        self.cold_because = "" if warm else "asked for"
        self._launch()

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def stop(self) -> None:
        """End the sandbox for good: none is started in its place."""
        self._stopped = True
        self.close()

    def ready(self) -> None:
        """Wait until everything is imported.

        Raises
        ------
        SandboxError
            When the sandbox does not start.
        """
        if self._ready:
            return
        sandbox = self._sandbox or self._launch()
        try:
            said, _ = wire.receive(sandbox.channel, NO_ARRAYS, time.monotonic() + self.limits.start)
            if said.get("kind") != "ready":
                raise wire.WireError("it does not say that it is ready")
        except wire.WireError as error:
            reason = sandbox.said() or str(error)
            self.close()
            raise SandboxError(f"the sandbox does not start: {reason}") from None
        self._ready = True
        if self._warm and self._isolated and not said.get("nested"):
            self.cold_because = one_line(said.get("reason")) or "namespaces are refused"
            self._warm = False
            self.close()
            self._ready = False
            self._launch()
            self.ready()
        else:
            self._bound(sandbox)

    def _bound(self, sandbox: Sandbox) -> None:
        """Give a submission its memory, beside what is in use before it."""
        room = self.limits.memory + (32 << 20)
        if sandbox.group is not None:
            sandbox.group.bound(sandbox.group.used() + room, self.limits.processes + 8)
        else:
            self._watch = MemoryWatch(sandbox.pid, room)

    @contextmanager
    def submission(self, modules: Sequence[str] = ()) -> Iterator["StudentProcess"]:
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
        assert self._sandbox is not None
        sandbox = self._sandbox
        killed = sandbox.group.ended_for_memory() if sandbox.group else 0
        channel, inner = (sandbox.channel, None) if not self._warm else socket.socketpair()
        if inner is not None:
            self._start(sandbox, inner, self._wanted.again(modules))
        one = StudentProcess(channel, self.limits)
        watch = self._watch
        try:
            with watch.over(one.cut) if watch else contextlib.nullcontext():
                yield one
        finally:
            after = sandbox.group.ended_for_memory() if sandbox.group else 0
            gone = self._warm and not sandbox.alive
            try:
                one.ending = self._end(sandbox)
            finally:
                if inner is not None:
                    channel.close()
            if after > killed or (watch and watch.exceeded):
                one.ending = Ending(9, 0, one.ending.cpu, out_of_memory=True)
            elif gone:  # what was inside may answer a while longer, and is not trusted to last
                if self._sandbox is sandbox:
                    self.close()
                    self._launch()
                raise SandboxError("the sandbox was ended from outside")

    def _launch(self) -> Sandbox:
        """Start a sandbox; its imports go on while other things are done."""
        self._ready = False
        if self._stopped:
            raise SandboxError("the grading was stopped")
        own = [name for name in self._imports if name.startswith(_CHECKS)]
        prepare = tuple(name.removeprefix(_CHECKS) for name in own)
        sandbox = self._sandbox = Sandbox(self.limits, self.name, self._isolated, prepare)
        program = callfilter.filter_program() if self._isolated else b""
        hello = {
            "kind": "hello",
            "imports": self._imports,
            "cold": self._isolated and not self._warm,
            "own_namespaces": self._isolated and self._warm,
            "limits": self.limits.inside(),
        }
        with contextlib.suppress(wire.WireError):  # `ready` says why it has gone
            wire.send(
                sandbox.channel,
                hello,
                [np.frombuffer(program, np.uint8)],
                time.monotonic() + CONTROL,
            )
        return sandbox

    def _start(self, sandbox: Sandbox, inner: socket.socket, imports: list[str]) -> None:
        """Let the warm process make a child that holds one end of a new channel."""
        try:
            end = time.monotonic() + CONTROL + (self.limits.start if imports else 0.0)
            asked = {"kind": "start", "imports": imports}
            ticket = protocol.send(sandbox.channel, asked, deadline=end)
            socket.send_fds(sandbox.channel, [b"+"], [inner.fileno()])
            protocol.answer(sandbox.channel, ticket, deadline=end, kind="started")
            if imports:
                self._imports += imports  # not before: what ends a sandbox is not tried again
                self._bound(sandbox)
        except (wire.WireError, OSError) as error:
            reason = sandbox.said() or str(error)
            self.close()
            self._launch()
            raise SandboxError(f"the sandbox has gone: {reason}") from None
        finally:
            inner.close()

    def _end(self, sandbox: Sandbox) -> Ending:
        """End a submission's process, and the sandbox with it where it serves only one."""
        if self._warm:
            try:
                end = time.monotonic() + CONTROL
                said, _ = protocol.exchange(
                    sandbox.channel, {"kind": "end"}, deadline=end, kind="ended"
                )
                signal, code = _whole(said.get("signal")), _whole(said.get("code"))
                return Ending(signal, code, _real(said.get("cpu")))
            except wire.WireError:
                pass  # the sandbox itself has gone
        self.close()
        self._launch()
        return Ending()


def _whole(value: Any) -> int:
    return value if type(value) is int else 0


def _real(value: Any) -> float:
    return float(value) if type(value) in (int, float) else 0.0
