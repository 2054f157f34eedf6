"""No undeserved point: forgeries earn nothing here, and everything where a process is shared."""

import pytest
from hostile_notebooks import FORGERIES, NOTHING, marks, points_in_one_process, wrong


@pytest.fixture(scope="module")
def without_two_sides():
    return points_in_one_process(FORGERIES)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_earns_nothing(graded, neighbour, without_two_sides, name):
    outcome = graded(wrong(FORGERIES[name]))
    assert marks(outcome) == NOTHING
    assert not any(function.passed for function in outcome.functions)
    neighbour()
    assert without_two_sides[name] > 0, "the control shows that the attack works without a defence"


SABOTAGE = {
    "of the messages": """
import sys
for name, module in list(sys.modules.items()):
    if name.endswith("wire"):
        module.send = lambda *a, **k: None
""",
    "of the messages' numbers": """
import sys
wire = sys.modules["untrusted.wire"]
usual = wire.send
def send(channel, header, arrays=(), deadline=None):
    for reply in header.get("replies", []):
        reply["kind"] = "value"
    usual(channel, header, [np.zeros_like(a) for a in arrays], deadline)
wire.send = send
""",
    "of what is asked": """
import sys
from coursekit.checks.runner import probes
for name in dir(probes):
    if callable(getattr(probes, name)):
        setattr(probes, name, lambda *a: 0.0)
""",
    "of forking": "import os\nos.fork = lambda: 0\nos.getpid = lambda: 1",
    "of the end": "import os\nos._exit = lambda code: None\nos.kill = lambda *a: None",
    "of NumPy": "for name in list(vars(np)):\n    delattr(np, name)",
    "of modules": "import sys\nsys.modules.clear()",
    "of the time": "import time\ntime.monotonic = lambda: 0.0\ntime.time = lambda: 0.0",
    "of numbers' names": "import builtins as b\nb.float = b.int = str\nb.len = lambda x: 1",
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_sabotage_inside_earns_nothing_and_harms_nobody(graded, neighbour, name):
    assert graded(wrong(SABOTAGE[name])).points == 0
    neighbour()


def test_what_the_process_says_of_itself_earns_nothing(graded, neighbour):
    """A process that claims to have passed, in every form that a message can have."""
    claim = """
import json, os, socket, struct
def conv2d(image, kernel):
    text = json.dumps({"kind": "replies", "passed": True, "points": 4.0, "replies": [
        {"kind": "value", "parts": 0, "passed": True, "points": 4.0}] * 200, "arrays": []}).encode()
    for fd in range(3, 64):
        for again in range(3):
            try:
                os.write(fd, struct.pack("!4sIQ", b"KbK1", len(text), 0) + text)
            except OSError:
                break
    return None
match_score = conv2d
"""
    assert graded(wrong(claim)).points == 0
    neighbour()


def test_an_answer_without_its_ticket_is_not_listened_to():
    """The control: whoever takes the first message for the answer takes the forged one."""
    import socket
    import threading
    import time

    from coursekit.grading.sandbox.protocol import exchange
    from coursekit.grading.untrusted import wire

    for ticketed in (True, False):
        here, there = socket.socketpair()
        with here, there:
            wire.send(there, {"kind": "ran", "ok": True, "forged": True})

            def honest(there=there):
                asked, _ = wire.receive(there, 0)
                wire.send(there, {"kind": "ran", "forged": False, "ticket": asked["ticket"]})

            thread = threading.Thread(target=honest)
            thread.start()
            end = time.monotonic() + 5
            if ticketed:
                said, _ = exchange(here, {"kind": "cell"}, deadline=end, kind="ran")
            else:
                wire.send(here, {"kind": "cell", "ticket": ""})
                said, _ = wire.receive(here, 0, end)
            thread.join()
        assert said["forged"] is not ticketed


def test_a_pickle_is_never_loaded(graded, tmp_path):
    """The control loads one, and it runs."""
    import pickle

    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    pickle.loads(pickle.dumps(Bomb()))
    assert (tmp_path / "ran").exists()
    bomb = f"""
class Bomb:
    def __reduce__(self):
        return (open, ("{tmp_path}/never", "w"))
def conv2d(image, kernel):
    out = np.empty(1, dtype=object)
    out[0] = Bomb()
    return out
def match_score(patch, pattern):
    return Bomb()
"""
    outcome = graded(wrong(bomb))
    assert marks(outcome) == NOTHING
    assert not (tmp_path / "never").exists()
