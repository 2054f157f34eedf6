"""One warm sandbox for all workers of a run: what a set needs is imported once.

Each worker has a server in it: a copy of the warm process with a control group and a channel of
its own. No student's code runs in the warm process or in a server; submissions run in children of
a server, each in namespaces of its own.
"""

import contextlib
import os
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Sequence

import numpy as np
import psutil

from coursekit.grading.sandbox import callfilter, cgroups
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.process import one_line
from coursekit.grading.sandbox.sandbox import Sandbox, SandboxError
from coursekit.grading.untrusted import wire

CONTROL = 10.0  # seconds for what our own code does inside: starting and ending a child
NO_ARRAYS = 0
_SENDER = struct.Struct("3i")  # process, user, group: `struct ucred`


class Server:
    """A copy of the warm process that serves one worker.

    Attributes
    ----------
    channel : socket.socket
        Leads to it.
    pid : int
        Its number on this machine.
    group : Group or None
        What bounds it and all its children, where there are control groups.
    """

    def __init__(self, channel: socket.socket, pid: int, group: cgroups.Group | None) -> None:
        self.channel, self.pid, self.group = channel, pid, group
        self._handle = os.pidfd_open(pid)  # never another process, whatever becomes of the number
        self._closing = threading.Lock()
        self._closed = False

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        with self._closing:
            return not self._closed and not select.select([self._handle], [], [], 0)[0]

    def close(self) -> None:
        """End it and all that it has started."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._end()

    def _end(self) -> None:
        self.channel.close()
        children = [] if self.group is not None else _children(self.pid)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        select.select([self._handle], [], [], CONTROL)
        os.close(self._handle)
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        if self.group is not None:
            self.group.end_all()
            self.group.remove()


class WarmSandbox:
    """A sandbox whose process has imported what a set needs, and copies itself for workers.

    Parameters
    ----------
    imports
        Modules to be imported.
    limits
        What a submission may use.
    isolated
        False: without any sandbox.
    started
        A sandbox that was started beforehand, so that it has come further.

    Attributes
    ----------
    refused : str
        Why submissions get no namespaces of their own here, so that each needs a sandbox of its
        own; empty where they do. Known once a server was asked for.
    """

    def __init__(
        self,
        imports: Sequence[str],
        limits: Limits,
        isolated: bool = True,
        started: Sandbox | None = None,
    ) -> None:
        self._imports, self._limits, self._isolated = list(imports), limits, isolated
        self._lock = threading.Lock()
        self._ready = self._stopped = False
        self.refused = ""
        if started is None:
            self.sandbox = self._launched()
        else:
            self.sandbox = started
            tell(started, self._imports, cold=False)

    def server(self, name: str) -> Server:
        """Return a fresh server, in a control group of its own that is called by `name`.

        Raises
        ------
        SandboxError
            When the sandbox does not start, or refuses namespaces: `refused` says why.
        """
        with self._lock:
            if not self.refused and not self.sandbox.alive:
                self._renew()
            self._wait_until_ready()
            if self.refused:
                raise SandboxError(self.refused)
            try:
                return self._copied(name)
            except (wire.WireError, OSError) as error:
                reason = self.sandbox.said() or str(error)
                self._renew()
                raise SandboxError(f"the sandbox has gone: {reason}") from None

    def stop(self) -> None:
        """End it for good."""
        self._stopped = True
        self.sandbox.close()  # whoever waits for it, with the lock, goes on
        with self._lock:
            self.sandbox.close()

    def _renew(self) -> None:
        self.sandbox.close()
        self.sandbox = self._launched()

    def _launched(self) -> Sandbox:
        """Start it; its imports go on while other things are done."""
        if self._stopped:
            raise SandboxError("the grading was stopped")
        self._ready = False
        return launched(self._imports, self._limits, self._isolated, cold=False)

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            nested, reason = wait_until_ready(self.sandbox, self._limits)
        except SandboxError:
            self._renew()
            raise
        self._ready = True
        if self._isolated and not nested:
            self.refused = reason
            self.sandbox.close()

    def _copied(self, name: str) -> Server:
        """Let the warm process copy itself; learn from the kernel which process the copy is."""
        outer, inner = socket.socketpair()
        with inner:
            try:
                outer.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                end = time.monotonic() + CONTROL
                wire.send(self.sandbox.channel, {"kind": "serve"}, deadline=end)
                socket.send_fds(self.sandbox.channel, [b"+"], [inner.fileno()])
                inner.close()
                outer.settimeout(CONTROL)
                _, told, _, _ = outer.recvmsg(1, socket.CMSG_SPACE(_SENDER.size))
                outer.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
                pid = _SENDER.unpack(told[0][2])[0] if told else 0
                if pid <= 0:
                    raise wire.WireClosed("it ended while it was copied")
                group = cgroups.make_group(name) if self._isolated else None
                if group is not None and not group.take(pid):
                    group.remove()
                    group = None
                return Server(outer, pid, group)
            except BaseException:
                outer.close()
                raise


def _children(pid: int) -> list[psutil.Process]:
    """Return a process's children and theirs; nothing where it has ended."""
    found: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        found += psutil.Process(pid).children(recursive=True)
    return found


def launched(imports: Sequence[str], limits: Limits, isolated: bool, cold: bool) -> Sandbox:
    """Start a sandbox that imports modules; a cold one serves a single submission."""
    sandbox = Sandbox(limits, "cold" if cold else "warm", isolated)
    tell(sandbox, imports, cold)
    return sandbox


def tell(sandbox: Sandbox, imports: Sequence[str], cold: bool) -> None:
    """Tell a sandbox that has been started what it is for."""
    isolated = sandbox.isolated
    program = callfilter.filter_program() if isolated else b""
    hello = {
        "kind": "hello",
        "imports": list(imports),
        "cold": cold and isolated,
        "own_namespaces": isolated and not cold,
        "limits": sandbox.limits.inside(),
    }
    with contextlib.suppress(wire.WireError):  # `wait_until_ready` says why it has gone
        end = time.monotonic() + CONTROL
        wire.send(sandbox.channel, hello, [np.frombuffer(program, np.uint8)], end)


def wait_until_ready(sandbox: Sandbox, limits: Limits) -> tuple[bool, str]:
    """Wait until everything is imported; say whether it can make namespaces, and why not.

    Raises
    ------
    SandboxError
        When the sandbox does not start.
    """
    try:
        said, _ = wire.receive(sandbox.channel, NO_ARRAYS, time.monotonic() + limits.start)
        if said.get("kind") != "ready":
            raise wire.WireError("it does not say that it is ready")
    except wire.WireError as error:
        raise SandboxError(f"the sandbox does not start: {sandbox.said() or error}") from None
    return bool(said.get("nested")), one_line(said.get("reason")) or "namespaces are refused"
