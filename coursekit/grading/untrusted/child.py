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

from coursekit.checks.runner import convert
from coursekit.checks.runner.clock import LEAST, Allowance

from . import answers, shell, wire

MOST_BYTES = 64 << 20  # of arrays in one message of questions
MOST_CELLS_BYTES = 32 << 20  # of source text

# Kept under names of our own: a cell may give `os.kill` another meaning by mistake.
_exit, _fork, _kill, _wait, _recv = os._exit, os.fork, os.kill, os.waitpid, socket.recv_fds
_number = os.getpid


def serve(channel: socket.socket, screen: shell.Shell) -> None:
    """Serve one submission over `channel` until the other side goes away."""
    itself, asked = _number(), list[int]()
    try:
        while True:
            header, arrays = wire.receive(channel, MOST_CELLS_BYTES)
            ticket = {"ticket": header["ticket"]}
            if header["kind"] == "cells":
                has = Allowance(header["all_seconds"], header["seconds"], header["imports"])
                for code in arrays:
                    report = _run(screen, code.tobytes(), has)
                    if _number() != itself:  # a cell has forked, and this is the copy
                        _exit(0)
                    wire.send(channel, {"kind": "ran", **report, **ticket})
            elif header["kind"] == "names":
                known = {name: _kind(screen, name) for name in header["names"]}
                wire.send(channel, {"kind": "known", "names": known, **ticket})
            elif header["kind"] == "function":
                _end_others(asked)
                asked.append(_function(channel, screen, header))
    except wire.WireClosed:
        return


def _run(screen: shell.Shell, source: bytes, allowance: Allowance) -> wire.Header:
    """Run one cell, if there is time left for it."""
    if allowance.whole <= LEAST:
        return {"ok": False, "late": True, "seconds": 0.0, "written": 0}
    return shell.run_cell(screen, source.decode("utf-8", "replace"), allowance)


def _kind(screen: shell.Shell, name: str) -> str:
    """Say what a name stands for: ``"missing"``, ``"function"``, or what it is instead."""
    if name not in screen.user_ns:
        return "missing"
    value = screen.user_ns[name]
    return "function" if callable(value) else convert.described(value)


def _function(channel: socket.socket, screen: shell.Shell, header: wire.Header) -> int:
    """Hand a channel of its own to a fresh process that answers for one function.

    For the last one this process itself will do: nobody is asked after it.
    """
    _, descriptors, _, _ = _recv(channel, 1, 1)
    function = screen.user_ns[header["name"]]
    if header["last"]:
        wire.send(channel, {"kind": "asked", "ticket": header["ticket"]})
        _answer(socket.socket(fileno=descriptors[0]), function)
        _exit(0)
    pid = _fork()
    if pid == 0:
        code = 1
        try:
            channel.close()
            _answer(socket.socket(fileno=descriptors[0]), function)
            code = 0
        finally:
            _exit(code)
    os.close(descriptors[0])
    wire.send(channel, {"kind": "asked", "ticket": header["ticket"]})
    return pid


def _end_others(asked: list[int]) -> None:
    """End every other process of this submission: those that were asked, and what they started.

    In a process namespace of its own, and only there, all are this submission's. Its first or
    second process is this one; a process of the machine itself never has such a number, and
    without a namespace nothing is ended but what was forked here.
    """
    if _number() <= 2:
        with contextlib.suppress(OSError):
            _kill(-1, signal.SIGKILL)
    for pid in asked:
        with contextlib.suppress(OSError):
            _kill(pid, signal.SIGKILL)
            _wait(pid, 0)
    asked.clear()
    with contextlib.suppress(OSError):
        while _wait(-1, os.WNOHANG)[0]:
            pass


def _answer(channel: socket.socket, function: Any) -> None:
    """Answer message after message until the other side goes away."""
    sys.stdout = sys.stderr = shell.Sink()
    sys.stdin = None
    itself = _number()
    while True:
        try:
            header, arrays = wire.receive(channel, MOST_BYTES)
        except wire.WireClosed:
            return
        said, numbers = answers.answer(function, header, arrays)
        if _number() != itself:
            return
        wire.send(channel, said | {"ticket": header["ticket"]}, numbers)
