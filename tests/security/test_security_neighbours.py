"""Two submissions at the same time in one sandbox: neither sees nor harms the other."""

import threading

import pytest
from hostile_notebooks import FULL, marks, right, said

from coursekit.grading.engine import Grader
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.warm_sandbox import WarmSandbox
from coursekit.grading.sandbox.worker import Worker

TIGHT = Limits(
    cell=1.5, all_cells=4.0, function=1.5, grace=1.0, memory=192 << 20, processes=24,
    temporary=8 << 20, temporary_files=50,
)  # fmt: skip
LISTENING = """
import socket
here = socket.socket(socket.AF_UNIX)
here.bind(chr(0) + "coursekit meeting place")
here.listen()
here.settimeout(1.2)
try:
    here.accept()
    met = True
except TimeoutError:
    met = False
raise ValueError(str(met))
"""
CALLING = """
import socket, time
met = False
for _ in range(11):
    there = socket.socket(socket.AF_UNIX)
    try:
        there.connect(chr(0) + "coursekit meeting place")
        met = True
        break
    except OSError:
        time.sleep(0.1)
raise ValueError(str(met))
"""
SEEING = """
import os, time
time.sleep(0.3)
others = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
raise ValueError(str(bool(others)))
"""
HARMFUL = {
    "memory": "kept = []\nwhile True: kept.append(bytearray(10_000_000))",
    "memory of many": "import os\nfor _ in range(12): os.fork()\nx = bytearray(60_000_000)",
    "processes": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "a loop in C": "any(iter(int, 1))",
    "a full disk": "f = open('/tmp/x', 'wb')\nwhile True: f.write(bytes(10**6))",
    "signals": "import os, signal\nfor n in range(1, 5000):\n    try: os.kill(n, 9)\n"
    "    except OSError: pass\nos.kill(-1, 9)",
}


def side_by_side(isolated, *cells):
    """Run cells at the same time, each in a submission of its own; return what each raised."""
    shared = WarmSandbox(["numpy"], TIGHT, isolated)
    workers = [Worker(["numpy"], TIGHT, str(n), isolated, True, shared) for n in range(len(cells))]
    together, told = threading.Barrier(len(cells)), [None] * len(cells)

    def run(number):
        workers[number].ready()
        with workers[number].submission() as process:
            process.run_cell("1", 3.0)
            together.wait(30)
            told[number] = said(process.run_cell(cells[number], 3.0))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(cells))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        for worker in workers:
            worker.close()
        shared.stop()
    return told


def test_two_submissions_cannot_meet_at_a_socket():
    """The control: two that share the machine's own network do."""
    assert side_by_side(True, LISTENING, CALLING) == ["False", "False"]
    assert side_by_side(False, LISTENING, CALLING) == ["True", "True"]


def test_two_submissions_do_not_see_each_other_s_processes():
    assert side_by_side(True, SEEING, SEEING) == ["False", "False"]
    assert side_by_side(False, SEEING, SEEING) == ["True", "True"]


@pytest.fixture(scope="module")
def two():
    with Grader("03_convolution_2d", workers=2, seed=3, limits=TIGHT) as one:
        yield one


@pytest.mark.parametrize("harm", HARMFUL)
def test_a_hostile_neighbour_costs_no_marks(two, harm):
    hostile = right(HARMFUL[harm])
    class_ = [("mallory", hostile), *((f"s{n}", right()) for n in range(4))]
    outcomes = {outcome.student: outcome for outcome in two.outcomes(class_ * 2)}
    for student, outcome in outcomes.items():
        if student != "mallory":
            assert (marks(outcome), outcome.status, outcome.events) == (FULL, "graded", ())
