"""The process that holds what a notebook's cells left behind, and is asked about it.

It runs the cells, then makes a fresh process of itself for each function that is asked: one that
exits, crashes, hangs or eats memory leaves the next one untouched.
"""

import contextlib
import os
import signal
import socket
import sys
from typing import Any

from . import answers, shell, wire

MOST_BYTES = 64 << 20  # of arrays in one message of questions
MOST_CELLS_BYTES = 32 << 20  # of source text

# Kept under names of our own: a cell may give `os.kill` another meaning by mistake.
_exit, _fork, _kill, _wait, _recv = os._exit, os.fork, os.kill, os.waitpid, socket.recv_fds


def hold(channel: socket.socket, screen: shell.Shell) -> None:
    """Serve one submission over `channel` until the other side goes away."""
    try:
        while True:
            header, arrays = wire.receive(channel, MOST_CELLS_BYTES)
            if header["kind"] == "cell":
                source = arrays[0].tobytes().decode("utf-8", "replace")
                report = shell.run_cell(screen, source, header["seconds"])
                wire.send(channel, {"kind": "ran", **report})
            elif header["kind"] == "names":
                known = {name: _kind(screen, name) for name in header["names"]}
                wire.send(channel, {"kind": "known", "names": known})
            elif header["kind"] == "function":
                _function(channel, screen, header["name"])
    except wire.WireClosed:
        return


def _kind(screen: shell.Shell, name: str) -> str:
    """Say what a name stands for: ``"missing"``, ``"function"``, or what it is instead."""
    if name not in screen.user_ns:
        return "missing"
    value = screen.user_ns[name]
    return "function" if callable(value) else answers.described(value)


def _function(channel: socket.socket, screen: shell.Shell, name: str) -> None:
    """Hand a channel of its own to a fresh process that answers for one function."""
    _end_others()
    wire.send(channel, {"kind": "send"})
    _, descriptors, _, _ = _recv(channel, 1, 1)
    pid = _fork()
    if pid == 0:
        code = 1
        try:
            channel.close()
            _answer(socket.socket(fileno=descriptors[0]), screen.user_ns[name])
            code = 0
        finally:
            _exit(code)
    os.close(descriptors[0])
    wire.send(channel, {"kind": "asked"})


def _end_others() -> None:
    """End every other process of this submission."""
    with contextlib.suppress(OSError):
        _kill(-1, signal.SIGKILL)
    with contextlib.suppress(OSError):
        while _wait(-1, os.WNOHANG)[0]:
            pass


def _answer(channel: socket.socket, function: Any) -> None:
    """Answer message after message until the other side goes away."""
    sys.stdout = sys.stderr = shell.Sink()
    sys.stdin = None  # type: ignore[assignment]
    while True:
        try:
            header, arrays = wire.receive(channel, MOST_BYTES)
        except wire.WireClosed:
            return
        wire.send(channel, *answers.answer(function, header, arrays))
