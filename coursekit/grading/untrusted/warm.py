"""The warm process: it imports what a set needs, once, and copies itself for each worker.

A copy makes a child for each submission. Both are told everything over a socket, and hold no
secret: the children are made of them. No student's code ever runs in either.
"""

import builtins
import contextlib
import importlib
import os
import resource
import signal
import socket
import time
from typing import Any

import numpy as np

from . import answers, child, namespaces, shell, wire

MOST_BYTES = 1 << 20
_KEPT: list[Any] = []  # modules, so that they stay


def main(descriptor: int) -> None:
    """Serve until the other side goes away."""
    channel = socket.socket(fileno=descriptor)
    hello, arrays = wire.receive(channel, MOST_BYTES)
    begin = time.monotonic()
    failed = [name for name in hello["imports"] if not _imported(name)]
    screen = shell.make_shell()
    _rehearse()
    _one_thread()
    _settled()
    ready = {"kind": "ready", "failed": failed, "seconds": time.monotonic() - begin}
    if hello["cold"]:  # this sandbox is for one submission
        wire.send(channel, ready | {"nested": False, "reason": ""})
        _become_the_child(channel, screen, hello["limits"], arrays[0])
        return
    if hello["own_namespaces"]:
        namespaces.refuse_tracing()
        reason = _try_namespaces(hello["limits"])
    else:
        reason = "not asked for"
    wire.send(channel, ready | {"nested": not reason, "reason": reason})
    _copy(channel, screen, hello, arrays[0])


def _imported(name: str) -> bool:
    """Import a module; say whether it could be."""
    with contextlib.suppress(Exception, SystemExit):
        _KEPT.append(importlib.import_module(name))
        return True
    return False


def _rehearse() -> None:
    """Do once what every child does, so that what is loaded for it is loaded already."""
    np.random.seed()  # noqa: NPY002
    importlib.import_module("coursekit.datasets")
    one = {"probe": "call", "args": {"tuple": [{"array": 0}]}}
    asked = {"questions": [one], "seconds": 10.0, "one": 10.0, "imports": 10.0, "most_cells": 10}
    usual = builtins.input
    for function in (np.sum, _fails):
        answers.answer(function, asked, [np.zeros(3)])
    builtins.input = usual


def _fails(value: object) -> None:
    raise ValueError(value)


def _one_thread() -> None:
    """Keep torch to one thread: one that a parent has started is missing in its children."""
    import sys

    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        torch.zeros(2, 2) @ torch.zeros(2, 2)


def _settled() -> None:
    """Move what was imported out of the garbage collector's sight, so that it stays shared."""
    import gc

    gc.collect()
    gc.freeze()


def _try_namespaces(limits: namespaces.Limits) -> str:
    """Say why children cannot have namespaces of their own; nothing where they can."""
    reading, writing = os.pipe()
    try:
        pid = namespaces.clone_child()
    except OSError as error:
        return str(error)
    if pid == 0:
        try:
            namespaces.settle(limits)
            namespaces.give_up_powers()
        except BaseException as error:
            os.write(writing, str(error).encode()[:200])
        finally:
            os._exit(0)
    os.close(writing)
    said = os.read(reading, 200).decode(errors="replace")
    os.close(reading)
    os.waitpid(pid, 0)
    return said


def _copy(
    channel: socket.socket,
    screen: shell.Shell,
    hello: wire.Header,
    program: "np.ndarray[Any, Any]",
) -> None:
    """Make a copy of this process for each worker that asks for one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a copy
    while True:
        try:
            header, _ = wire.receive(channel, MOST_BYTES)
        except wire.WireClosed:
            return
        if header["kind"] != "serve":
            continue
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if os.fork() == 0:
            try:
                channel.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                own = socket.socket(fileno=descriptors[0])
                own.sendall(b"+")  # the kernel adds which process this is
                _serve(own, screen, hello, program)
            finally:
                os._exit(0)
        os.close(descriptors[0])


def _serve(
    channel: socket.socket,
    screen: shell.Shell,
    hello: wire.Header,
    program: "np.ndarray[Any, Any]",
) -> None:
    """Make a child for each submission that is announced, and end it when that is asked."""
    while True:
        try:
            header, _ = wire.receive(channel, MOST_BYTES)
        except wire.WireClosed:
            return
        if header["kind"] != "start":
            continue
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if header["imports"]:
            for name in header["imports"]:
                _imported(name)
            _one_thread()
            _settled()
        pid = namespaces.clone_child() if hello["own_namespaces"] else os.fork()
        if pid == 0:
            try:
                own = socket.socket(fileno=descriptors[0])
                if hello["own_namespaces"]:
                    namespaces.settle(hello["limits"])
                _become_the_child(own, screen, hello["limits"], program)
            finally:
                os._exit(1)
        os.close(descriptors[0])
        wire.send(channel, {"kind": "started", "ticket": header["ticket"]})
        header, _ = wire.receive(channel, MOST_BYTES)  # "end"
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        ended = {"kind": "ended", "ticket": header["ticket"]}
        wire.send(channel, ended | _ending(status, usage))


def _become_the_child(
    channel: socket.socket,
    screen: shell.Shell,
    limits: namespaces.Limits,
    program: "np.ndarray[Any, Any]",
) -> None:
    """Give up everything that a submission does not need, then run it."""
    with contextlib.suppress(OSError):
        os.setsid()  # a signal to its group must not reach this side of its namespace
    namespaces.keep_only(channel.fileno())
    os.chdir("/tmp")
    if program.size:
        namespaces.give_up_powers()
    namespaces.set_limits(limits)
    namespaces.end_with_parent()
    namespaces.filter_calls(program)
    np.random.seed()  # noqa: NPY002 - else every child would draw the same numbers
    child.serve(channel, screen)


def _ending(status: int, usage: resource.struct_rusage) -> dict[str, Any]:
    """Return how a process ended."""
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "cpu": usage.ru_utime + usage.ru_stime,
    }
