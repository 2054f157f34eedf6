"""Replies that are huge, endless, late, or of the wrong kind: refused, and cheap to refuse."""

import json
import pickle
import resource
import socket
import threading
import time

import numpy as np
import pytest
from hostile_notebooks import CONV, FULL, IMPORTS, MATCH, marks, notebook, right

from coursekit.checks.sets import exercise
from coursekit.grading.judging.judge import Judge
from coursekit.grading.judging.question_set import QuestionSet
from coursekit.grading.sandbox.asking import Asker
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.untrusted import wire

RETURNS = {
    "an array that is huge by broadcasting": "np.broadcast_to(1.0, (10**6, 10**6))",
    "ten million numbers": "np.zeros(10**7)",
    "no numbers in very many rows": "np.zeros((2**39, 0))",
    "no numbers in many rows": "np.zeros((13_000_000, 0))",
    "an endless generator": "iter(int, 1)",
    "a number of ten million digits": "1 << 33_000_000",
    "a deep list": "__import__('functools').reduce(lambda a, _: [a], range(100_000), 0)",
    "a list that holds itself": "(lambda a: (a.append(a), a)[1])([])",
    "objects": "np.array([object()], dtype=object)",
    "texts": "np.array(['x' * 1000])",
    "records": "np.zeros(2, dtype='i4,f8')",
    "many axes": "np.zeros((1,) * 30)",
    "no axes, no numbers": "np.zeros((0, 3, 0))",
    "an empty list": "[]",
    "not a number": "float('nan')",
    "complex numbers": "np.ones(3) * 1j",
    "dates": "np.datetime64('2026-01-01')",
    "a class": "int",
    "a module": "np",
    "an exception": "ValueError('x')",
    "None": "None",
    "a lying array": "type('A', (), {'__array__': lambda s, *a, **k: 'x', 'size': -1})()",
    "a lying tensor": (
        "type('T', (), {'detach': lambda s: s, 'cpu': lambda s: s, 'dtype': 'bfloat16',"
        " 'float': lambda s: s, '__array__': lambda s, *a, **k: np.zeros(10**7)})()"
    ),
    "an object that never ends": (
        "type('S', (list,), {'__len__': lambda s: 3, '__iter__': lambda s: iter(int, 1)})()"
    ),
    "other byte order": "np.arange(3).astype('>f8')",
    "long doubles": "np.zeros(3, np.longdouble)",
}


@pytest.mark.parametrize("name", RETURNS)
def test_what_a_function_returns_is_bounded(graded, neighbour, name):
    bad = f"def match_score(patch, pattern):\n    return {RETURNS[name]}\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = graded(notebook(IMPORTS, bad, CONV))
    assert outcome.status == "graded"
    assert marks(outcome) == {"conv2d": 4.0, "match_score": 0.0}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
    neighbour()


def message(header, body=b"", size=None):
    text = json.dumps(header).encode()
    return wire._START.pack(b"KbK1", len(text), len(body) if size is None else size) + text + body


def value(arrays, body, **more):
    """A reply to one question, made by hand."""

    def made(ticket):
        reply = {"kind": "value", "parts": len(arrays)} | more
        return message(
            {"kind": "replies", "ticket": ticket, "arrays": arrays, "replies": [reply]}, body
        )

    return made


def raw(replies, kind="replies", size=None):
    header = {"kind": kind, "arrays": [], "replies": replies}
    return lambda ticket: message({"ticket": ticket} | header, size=size)


def one(kind, parts=0):
    return [{"kind": kind, "parts": parts}]


BY_HAND = {
    "nothing": lambda ticket: b"",
    "a pickle": lambda ticket: pickle.dumps({"kind": "replies"}),
    "another kind": raw([], "ended"),
    "no replies": raw(None),
    "too many replies": raw(one("value") * 2),
    "replies as a text": raw("value"),
    "a kind that is found out here": raw(one("stuck")),
    "a kind that there is not": raw(one("passed")),
    "fewer arrays than said": raw(one("value", 3)),
    "a negative number of arrays": raw(one("value", -1)),
    "a huge announcement": raw([], size=2**50),
    "no array": value([], b""),
    "two arrays": value([["<f8", []], ["<f8", []]], bytes(16)),
    "an empty array": value([["<f8", [0]]], b""),
    "an empty list": value([["<f8", [0]]], b"", typed=False),
    "texts that are no texts": value(
        [["<f8", []]], bytes(8), error=3, detail=[], line={}, printed=None, changed="x"
    ),
    "changed places that there are not": value([["<f8", []]], bytes(8), changed=[99, -1, "a"]),
    "old tickets for ever": lambda ticket: message({"ticket": "old", "arrays": []}) * 100,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_message_made_by_hand_is_a_reply_of_known_form_or_refused(name):
    asked = exercise("match_score")
    here, there = socket.socketpair()

    def other():
        while True:
            try:
                header, _ = wire.receive(there, 1 << 24)
                there.sendall(BY_HAND[name](header["ticket"]))
            except (wire.WireError, OSError):
                return

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    with here, there:
        asker = Asker(here, asked, Limits(function=0.2, grace=0.1))
        judged = Judge(QuestionSet(1)).judged(
            asked, "ada", lambda qs: [r for q in qs for r in asker([q])]
        )
        assert judged.verdict.points == 0
        asker(QuestionSet(1).shared(asked)[:1])
    thread.join(2)


def test_a_late_reply_is_nobodys(guarded):
    """It arrives on a channel that nobody listens to any more; the next is asked on another."""
    late = """
import threading, time
def conv2d(image, kernel):
    def later():
        time.sleep(1.6)
        import os
        for fd in range(3, 40):
            try:
                os.write(fd, b"KbK1" + bytes(300))
            except OSError:
                pass
    threading.Thread(target=later, daemon=True).start()
    time.sleep(100)
"""
    several = [("mallory", notebook(IMPORTS, MATCH, late)), ("bob", notebook(IMPORTS, MATCH, CONV))]
    found = list(guarded.outcomes(several))
    assert [marks(outcome) for outcome in found] == [{"conv2d": 0.0, "match_score": 2.0}, FULL]


def test_sizes_are_bounded_before_they_are_read():
    """The control reads what is announced where the bound is taken away."""
    body = np.zeros(1_000_000).tobytes()
    for most, refused in ((1000, True), (1 << 30, False)):
        here, there = socket.socketpair()
        whole = message({"arrays": [["<f8", [1_000_000]]]}, body)
        thread = threading.Thread(target=lambda t=there, w=whole: _send(t, w), daemon=True)
        thread.start()
        with here, there:
            if refused:
                with pytest.raises(wire.WireError, match="too large"):
                    wire.receive(here, most, time.monotonic() + 5)
            else:
                assert wire.receive(here, most, time.monotonic() + 5)[1][0].nbytes == len(body)
        thread.join(2)


def _send(channel, content):
    try:
        channel.sendall(content)
    except OSError:
        return


def test_what_a_cell_claims_of_itself_is_bounded(graded):
    """A forged report with the cell's own ticket: numbers of thousands of digits."""
    forged = """
import json, socket, struct, sys
def seen():
    frame = sys._getframe()
    while frame:
        yield frame.f_locals
        frame = frame.f_back
tickets, channels = [], []
for names in seen():
    if isinstance(names.get("header"), dict) and "ticket" in names["header"]:
        tickets.append(names["header"]["ticket"])
    if isinstance(names.get("channel"), socket.socket):
        channels.append(names["channel"])
digits = "9" * 4200
text = ('{"kind": "ran", "ok": false, "written": ' + digits + ', "error": {"type": "E", "line": '
        + digits + '}, "arrays": [], "ticket": "' + tickets[0] + '"}').encode()
for channel in channels:
    try:
        channel.sendall(struct.pack("!4sIQ", b"KbK1", len(text), 0) + text)
    except OSError:
        pass
"""
    outcome = graded(right(forged))
    details = [event.detail for event in outcome.events]
    assert "code cell 5: E" in details, "the claim arrived"
    assert max(map(len, details)) < 1000
