"""Messages over a socket that cannot execute: JSON for plain data, raw bytes for arrays.

A message is 16 bytes (a mark, the length of its header, the length of its body), a JSON header
and the body: the bytes of its arrays, one after the other. Both lengths are looked at before
anything more is read, and each array's type and shape before it is made. Either side may lie, send
half of something, send it late or send nothing: `receive` then raises `WireError`.
"""

import json
import math
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

_START = struct.Struct("!4sIQ")
_MARK = b"KbK1"
MOST_HEADER = 1 << 20  # bytes
MOST_ARRAYS = 4096
MOST_AXES = 8
_MOST_CELLS = 1 << 40
_MOST_ROWS = 100_000
DTYPES = frozenset(
    {"|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"}
)

Header = dict[str, Any]
Arrays = list[np.ndarray[Any, Any]]


class WireError(Exception):
    """The other side sent something that is no message, or nothing in time."""


class WireTimeout(WireError):
    """The time for a message is over."""


class WireClosed(WireError):
    """The other side has gone."""


def send(
    channel: socket.socket,
    header: Header,
    arrays: Sequence[np.ndarray[Any, Any]] = (),
    deadline: float | None = None,
) -> None:
    """Send a message; `deadline` is a time of `time.monotonic()`.

    Raises
    ------
    WireError
        When the other side has gone or does not read in time.
    """
    plain = [np.ascontiguousarray(array) for array in arrays]
    described = [[a.dtype.str, list(b.shape)] for a, b in zip(plain, arrays, strict=True)]
    text = json.dumps(header | {"arrays": described}, allow_nan=False).encode()
    body = b"".join([array.tobytes() for array in plain])
    try:
        _patience(channel, deadline)
        channel.sendall(_START.pack(_MARK, len(text), len(body)) + text + body)
    except TimeoutError:
        raise WireTimeout("the other side does not read") from None
    except OSError as error:
        raise WireClosed(str(error)) from None


def receive(
    channel: socket.socket, most_bytes: int, deadline: float | None = None
) -> tuple[Header, Arrays]:
    """Wait for a message of at most `most_bytes` bytes of arrays; return header and arrays.

    Raises
    ------
    WireTimeout
        When it has not come, whole, by the deadline.
    WireClosed
        When the other side has gone.
    WireError
        When what has come is no message, or a larger one.
    """
    mark, header_size, body_size = _START.unpack(_exactly(channel, _START.size, deadline))
    if mark != _MARK:
        raise WireError("not a message")
    if header_size > MOST_HEADER or body_size > most_bytes:
        raise WireError(f"a message of {header_size} and {body_size} bytes is too large")
    header = _parsed(bytes(_exactly(channel, header_size, deadline)))
    described = _described(header.pop("arrays", None), body_size)
    body = _exactly(channel, body_size, deadline)
    arrays, start = [], 0
    for dtype, shape, size in described:
        array = np.frombuffer(body, dtype, math.prod(shape), start).reshape(shape)
        if dtype.kind == "b":  # any byte may have come, and only 0 and 1 are truth values
            array = array.view(np.uint8) != 0
        arrays.append(array)
        start += size
    return header, arrays


def _parsed(text: bytes) -> Header:
    """Return the JSON object that a header is."""
    try:
        header = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise WireError("the header is not JSON") from None
    if not isinstance(header, dict):
        raise WireError("the header is not an object")
    return header


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _described(described: Any, body_size: int) -> list[tuple[np.dtype[Any], tuple[int, ...], int]]:
    """Return type, shape and bytes of each array that the header announces."""
    if not isinstance(described, list) or len(described) > MOST_ARRAYS:
        raise WireError("the header does not describe its arrays")
    found, total = [], 0
    for entry in described:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], list)):
            raise WireError("an array is not described by a type and a shape")
        name, shape = entry
        if not isinstance(name, str) or name not in DTYPES:
            raise WireError("an array of a type that is not sent")
        if len(shape) > MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
            raise WireError("an array of a shape that is not sent")
        if 0 in shape and math.prod(n or 1 for n in shape) > _MOST_ROWS:  # of nothing, but rows
            raise WireError("an array of a shape that is not sent")
        if math.prod(shape) > _MOST_CELLS:
            raise WireError("an array of a shape that is not sent")
        dtype = np.dtype(name)
        size = math.prod(shape) * dtype.itemsize  # whole numbers of any size: no overflow
        total += size
        if total > body_size:
            raise WireError("more arrays than bytes")
        found.append((dtype, tuple(shape), size))
    if total != body_size:
        raise WireError("more bytes than arrays")
    return found


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytearray:
    """Read `size` bytes."""
    buffer = bytearray(size)
    view, have = memoryview(buffer), 0
    while have < size:
        try:
            _patience(channel, deadline)
            got = channel.recv_into(view[have:])
        except TimeoutError:
            raise WireTimeout("nothing came in time") from None
        except OSError as error:
            raise WireClosed(str(error)) from None
        if not got:
            raise WireClosed("the other side has gone")
        have += got
    return buffer


def _patience(channel: socket.socket, deadline: float | None) -> None:
    """Let the socket wait until the deadline and no longer."""
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)


def encode(value: Any, arrays: Arrays) -> Any:
    """Turn a value into what JSON can hold; arrays go into `arrays` and leave their number.

    Raises
    ------
    TypeError
        When it is made of anything but numbers, texts, arrays, None, lists, tuples and dicts.

    Examples
    --------
    >>> arrays = []
    >>> encode((np.zeros(3), 2, [1.5, None]), arrays)
    {'tuple': [{'array': 0}, 2, {'list': [1.5, None]}]}
    >>> decode(_, arrays)
    (array([0., 0., 0.]), 2, [1.5, None])
    """
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [encode(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[encode(k, arrays), encode(v, arrays)] for k, v in value.items()]}
    raise TypeError(f"a {type(value).__name__} cannot be sent")


def decode(plain: Any, arrays: Arrays) -> Any:
    """Turn what `encode` gave back into the value. Every array is a copy that may be changed.

    Only the side that asks is decoded, by the side that answers: it raises whatever nonsense
    leads to.
    """
    if not isinstance(plain, dict):
        return plain
    ((kind, content),) = plain.items()
    if kind == "array":
        return arrays[content].copy()
    if kind == "scalar":
        return arrays[content][()]
    if kind == "float":
        return float(content)
    if kind == "dict":
        return {decode(k, arrays): decode(v, arrays) for k, v in content}
    items = [decode(item, arrays) for item in content]
    return tuple(items) if kind == "tuple" else items
