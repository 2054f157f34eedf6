"""The trusted side of a conversation: one question, one answer, and nothing else is listened to.

Each question carries a ticket that cannot be guessed, and only the message that gives it back
is the answer: what was sent before it was asked, or comes after its time, is nobody's answer.
"""

import secrets
import socket
from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.grading.untrusted import wire

_MOST_OTHERS = 16  # messages that answer nothing, before the other side is given up


def exchange(
    channel: socket.socket,
    header: wire.Header,
    arrays: Sequence[np.ndarray[Any, Any]] = (),
    *,
    most_bytes: int = 0,
    deadline: float,
    kind: str,
) -> tuple[wire.Header, wire.Arrays]:
    """Send a message and return the answer to it.

    Parameters
    ----------
    channel
        Leads to the other side.
    header, arrays
        The message.
    most_bytes
        How many bytes of arrays an answer may have.
    deadline
        A time of `time.monotonic()`.
    kind
        What the answer has to be.

    Raises
    ------
    wire.WireError
        When there is none, in time and of this kind.
    """
    ticket = send(channel, header, arrays, deadline=deadline)
    return answer(channel, ticket, most_bytes=most_bytes, deadline=deadline, kind=kind)


def send(
    channel: socket.socket,
    header: wire.Header,
    arrays: Sequence[np.ndarray[Any, Any]] = (),
    *,
    deadline: float,
) -> str:
    """Send a message; return the ticket that its answers will give back."""
    ticket = secrets.token_hex(8)
    wire.send(channel, header | {"ticket": ticket}, arrays, deadline)
    return ticket


def answer(
    channel: socket.socket, ticket: str, *, most_bytes: int = 0, deadline: float, kind: str
) -> tuple[wire.Header, wire.Arrays]:
    """Wait for an answer to the message that had a ticket; see `exchange`."""
    for _ in range(_MOST_OTHERS):
        said, numbers = wire.receive(channel, most_bytes, deadline)
        if said.get("ticket") == ticket:
            if said.get("kind") != kind:
                raise wire.WireError("an answer of another kind")
            return said, numbers
    raise wire.WireError("messages that answer nothing")
