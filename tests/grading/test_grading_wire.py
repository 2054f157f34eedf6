"""Messages between the two sides: what is no message is refused, whatever it is."""

import json
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from coursekit.grading.untrusted import wire

FEW = settings(max_examples=60, deadline=None)
KINDS = st.sampled_from(sorted(wire.DTYPES))
ARRAYS = arrays_of.arrays(KINDS, arrays_of.array_shapes(min_dims=0, min_side=0, max_side=4))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def crossed(*raw, most=10_000, seconds=0.2, close=True):
    """What `receive` makes of raw bytes."""
    here, there = socket.socketpair()
    with here, there:
        sender = threading.Thread(target=lambda: [there.sendall(part) for part in raw])
        sender.start()
        sender.join()
        if close:
            there.shutdown(socket.SHUT_WR)
        return wire.receive(here, most, time.monotonic() + seconds)


def message(header, body=b"", mark=b"KbK1", header_size=None, body_size=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    sizes = (header_size or len(text), len(body) if body_size is None else body_size)
    return struct.pack("!4sIQ", mark, *sizes) + text + body


@FEW
@given(st.lists(ARRAYS, max_size=4), PLAIN)
def test_what_is_sent_arrives(several, value):
    here, there = socket.socketpair()
    with here, there:
        numbers = []
        plain = wire.encode((value, several), numbers)
        wire.send(there, {"kind": "x", "plain": plain}, numbers)
        header, got = wire.receive(here, 1 << 20, time.monotonic() + 60)
    back, arrays = wire.decode(header["plain"], got)
    assert repr(back) == repr(value)
    for one, other in zip(arrays, several, strict=True):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        assert one.tobytes() == other.tobytes()


@FEW
@given(st.binary(max_size=200))
def test_garbage_is_refused(raw):
    with pytest.raises(wire.WireError):
        crossed(raw)


@FEW
@given(st.data())
def test_a_message_that_is_cut_or_changed_is_refused_or_still_a_message(data):
    whole = message({"kind": "x", "arrays": [["<i8", [2]], ["|b1", [3]]]}, bytes(16) + b"\7\0\1")
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(wire.WireError):
        crossed(whole[:at])
    changed = bytearray(whole)
    changed[at] = data.draw(st.integers(0, 255))
    try:
        header, arrays = crossed(bytes(changed))
    except wire.WireError:
        return
    assert isinstance(header, dict)
    assert sum(array.nbytes for array in arrays) <= 10_000


HOSTILE = {
    "another mark": message({"arrays": []}, mark=b"pick"),
    "a huge header": message({"arrays": []}, header_size=2**32 - 1),
    "a huge body": message({"arrays": []}, body_size=2**63),
    "a list for a header": message([1, 2]),
    "deep nesting": message(b"[" * 100_000),
    "an endless number": message(b'{"arrays": [], "x": ' + b"9" * 10_000 + b"}"),
    "not a number": message(b'{"arrays": [], "x": NaN}'),
    "no arrays": message({}),
    "arrays as a text": message({"arrays": "<f8"}),
    "half a description": message({"arrays": [["<f8"]]}),
    "objects": message({"arrays": [["|O", [1]]]}, bytes(8)),
    "texts": message({"arrays": [["<U4", [1]]]}, bytes(16)),
    "a type that is not a text": message({"arrays": [[["<f8"], [1]]]}, bytes(8)),
    "records": message({"arrays": [["<f8,<f8", [1]]]}, bytes(16)),
    "a negative side": message({"arrays": [["<f8", [-1]]]}),
    "a side that is a float": message({"arrays": [["<f8", [1.0]]]}, bytes(8)),
    "a side that is true": message({"arrays": [["|b1", [True]]]}, b"\0"),
    "sides whose product overflows": message({"arrays": [["<f8", [2**39, 2**39, 2**39]]]}),
    "nothing times very much": message({"arrays": [["<f8", [0, 2**39, 2**39]]]}),
    "many axes": message({"arrays": [["<f8", [1] * 40]]}, bytes(8)),
    "more arrays than bytes": message({"arrays": [["<f8", [2]]]}, bytes(8)),
    "more bytes than arrays": message({"arrays": [["<f8", [1]]]}, bytes(9)),
    "very many arrays": message({"arrays": [["<f8", [0]]] * 5000}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_refused_at_once(name):
    with pytest.raises(wire.WireError) as refused:
        crossed(HOSTILE[name], seconds=60)
    assert not isinstance(refused.value, wire.WireTimeout)


def test_a_size_is_refused_before_anything_of_it_is_read():
    with pytest.raises(wire.WireError, match="too large"):
        crossed(message({"arrays": []}, body_size=10_001), close=False)


def test_what_is_late_is_refused_at_the_deadline():
    here, there = socket.socketpair()
    with here, there:
        there.sendall(message({"arrays": []})[:10])
        with pytest.raises(wire.WireTimeout):
            wire.receive(here, 0, time.monotonic() + 0.1)


def test_bytes_that_drip_do_not_move_the_deadline():
    here, there = socket.socketpair()
    stop = threading.Event()

    def drip():
        for byte in message({"arrays": [], "text": "x" * 200}):
            if stop.wait(0.02):
                return
            there.sendall(bytes([byte]))

    with here, there:
        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(wire.WireTimeout):
            wire.receive(here, 0, time.monotonic() + 0.2)
        stop.set()
        thread.join()


def test_a_side_that_does_not_read_does_not_hold_up_the_other():
    here, there = socket.socketpair()
    with here, there, pytest.raises(wire.WireTimeout):
        wire.send(here, {}, [np.zeros(10_000_000)], time.monotonic() + 0.2)


def test_any_byte_is_a_truth_value():
    _, (array,) = crossed(message({"arrays": [["|b1", [3]]]}, b"\0\1\xff"))
    assert array.tolist() == [False, True, True]
    assert array.view(np.uint8).tolist() == [0, 1, 1]


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", lambda: 0, 1j])
def test_what_could_execute_or_has_no_form_is_not_sent(value):
    with pytest.raises(TypeError):
        wire.encode(value, [])
