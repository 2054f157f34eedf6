"""Cells and functions that end, hang, eat or flood: they harm themselves and nobody else."""

import os
import subprocess
import sys
import time

import pytest
from hostile_notebooks import (
    CONV,
    FULL,
    IMPORTS,
    MATCH,
    ROOT,
    codes,
    inside,
    marks,
    notebook,
    right,
    said,
    without_a_sandbox,
)

LOOP_IN_C = "sum(iter(int, 1))"  # no signal handler is called between two steps of it
MATCH_LOST = {"conv2d": 4.0, "match_score": 0.0}

CELLS = {
    "os._exit": ("import os\nos._exit(0)", "crashed", "cell_ended_process"),
    "a signal that kills": ("import os\nos.kill(os.getpid(), 9)", "graded", None),
    "a signal to its group": ("import os\nos.kill(0, 9)", "graded", None),
    "a signal to all": ("import os\nos.kill(-1, 9)", "graded", None),
    "a crash": ("import ctypes\nctypes.string_at(0)", "crashed", "cell_ended_process"),
    "an endless loop": ("while True: pass", "timeout", "cell_timeout"),
    "a stubborn loop": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timeout", "cell_timeout",
    ),
    "sleep": ("import time\ntime.sleep(1000)", "timeout", "cell_timeout"),
    "memory": ("big = np.ones(10**9)", "out_of_memory", "cell_out_of_memory"),
    "memory bit by bit": (
        "x = []\nwhile True: x.append(bytearray(10**6))", "out_of_memory", "cell_out_of_memory",
    ),
    "more output than memory": (
        "for _ in range(1000): print('x' * 1_000_000)", "graded", "output_cut",
    ),
    "output": ("for _ in range(500): print('x' * 100_000)", "graded", "output_cut"),
    "output past Python": (
        "import os\nfor _ in range(500): os.write(1, b'x' * 100_000)", "graded", None,
    ),
    "files": ("for i in range(10**5): open(f'f{i}', 'w').write('x')", "graded", "cell_failed"),
    "one large file": ("open('f', 'wb').write(bytes(10**8))", "graded", "cell_failed"),
    "open files": ("k = [open('/dev/null') for _ in range(10**4)]", "graded", "cell_failed"),
    "deep recursion": ("def f(): f()\nf()", "graded", "cell_failed"),
    "a fork that goes on": ("import os\nos.fork()", "graded", None),
    "all files closed": ("import os\nos.closerange(3, 100)", "crashed", "cell_ended_process"),
    "a message of its own": (
        "import os\nfor n in range(3, 99):\n    try: os.write(n, b'x' * 99)\n"
        "    except OSError: pass",
        "crashed", "cell_ended_process",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_harms_its_own_notebook_at_most(graded, neighbour, name):
    cell, status, code = CELLS[name]
    outcome = graded(right(cell))
    assert outcome.status == status
    assert (codes(outcome) & {code}) == ({code} if code else set())
    assert marks(outcome) == FULL  # what stood before the cell is worth what it is worth
    neighbour()


def test_a_loop_in_c_is_ended_from_outside(graded, neighbour):
    outcome = graded(right(LOOP_IN_C))
    assert (outcome.status, codes(outcome)) == ("timeout", {"cell_timeout"})
    assert marks(outcome) == FULL
    neighbour()


def test_only_from_outside_it_can_be_ended():
    """The control: the limit from inside alone does not end it."""
    code = f"""
from coursekit.checks.runner.clock import Allowance
from coursekit.grading.untrusted.shell import Alarm, CellTimeout
with Alarm(Allowance(0.1, 0.1), CellTimeout):
    {LOOP_IN_C}
"""
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", code], timeout=3, cwd=ROOT, check=False)


FUNCTIONS = {
    "os._exit": "import os; os._exit(0)",
    "sys.exit": "import sys; sys.exit()",
    "a crash": "import ctypes; ctypes.string_at(0)",
    "an endless loop": "while True: pass",
    "a loop in C": LOOP_IN_C,
    "memory": "return np.ones(10**9)",
    "a fork": "import os; os.fork(); return 0.0",
    "killing all": "import os; os.kill(-1, 9); os._exit(1)",
    "killing its parent": "import os; os.kill(os.getppid(), 9); os._exit(1)",
    "closing all": "import os; os.closerange(0, 200)",
    "an error without a text": "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})",
    "an endless error": "raise ValueError('x' * 10**8)",
    "deep recursion": "return match_score(patch, pattern)",
    "waiting for input": "return float(input())",
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_loses_its_own_points_and_no_others(graded, neighbour, name):
    bad = f"def match_score(patch, pattern):\n    {FUNCTIONS[name]}\n"
    first = graded(notebook(IMPORTS, bad, CONV))
    assert (first.status, marks(first)) == ("graded", MATCH_LOST)
    neighbour()


def test_the_function_that_is_asked_first_harms_the_second_no_more(graded):
    """`conv2d` is asked before `match_score`."""
    for body in (FUNCTIONS["killing its parent"], FUNCTIONS["a loop in C"]):
        bad = f"def conv2d(image, kernel):\n    {body}\n"
        outcome = graded(notebook(IMPORTS, MATCH, bad))
        assert (outcome.status, marks(outcome)) == ("graded", {"conv2d": 0.0, "match_score": 2.0})


def test_what_one_function_changes_the_next_does_not_see(graded):
    spoil = """
def conv2d(image, kernel):
    global spoilt
    spoilt = True
    np.mean = None
    open("spoilt", "w").write("x")
    return 0.0
spoilt = False
"""
    match = MATCH.replace("return", "assert not spoilt\n    return")
    assert marks(graded(notebook(IMPORTS, spoil, match)))["match_score"] == 2.0


def test_a_signal_to_the_group_stays_in_the_group(walls):
    """The control: a process that is only forked takes its parent along."""
    program = "import os\nif os.fork() == 0: os.kill(0, 9)\nos.wait()"
    done = subprocess.run([sys.executable, "-c", program], start_new_session=True, check=False)
    assert done.returncode == -9
    sandbox = walls.sandbox
    for cell in ("import os\nos.kill(0, 9)", "import os\nos.setpriority(os.PRIO_PGRP, 0, 19)"):
        inside(walls, cell)
    assert walls.sandbox is sandbox and sandbox.alive
    (report,) = inside(walls, "import os\nraise ValueError(str(os.nice(0)))")
    assert said(report) == str(os.nice(0))


@pytest.mark.parametrize(("limit", "reached"), [(20, False), (None, True)])
def test_processes_are_counted(walls, limit, reached):
    """The control has a hundred processes where nothing counts them."""
    cell = """
import os, signal, time
children, refused = [], False
try:
    for _ in range(100):
        pid = os.fork()
        if pid == 0:
            time.sleep(20)
            os._exit(0)
        children.append(pid)
except OSError:
    refused = True
for pid in children:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
raise ValueError("refused" if refused else "all of them")
"""
    if limit is None:
        from coursekit.grading.sandbox.limits import Limits
        from coursekit.grading.sandbox.worker import Worker

        worker = Worker(["numpy"], Limits(processes=500), "many")
        try:
            (report,) = inside(worker, cell)
        finally:
            worker.close()
    else:
        (report,) = inside(walls, cell)
    assert said(report) == ("all of them" if reached else "refused")


def test_memory_is_bounded_and_without_the_bound_it_is_there(walls):
    cell = "import numpy as np\nx = np.ones(40_000_000)\nraise ValueError('got it')"
    (report,) = inside(walls, cell)
    assert report["error"]["type"] == "MemoryError"
    (control,) = without_a_sandbox(cell)
    assert said(control) == "got it"


def test_a_flood_of_output_costs_nothing_and_is_kept_nowhere(walls):
    flood = "for _ in range(300): print('x' * 100_000)"
    begin = time.process_time()
    (report,) = inside(walls, flood)
    took = time.process_time() - begin
    assert (report["ok"], report["written"]) == (True, 300 * 100_001)
    # The control: a process whose output is kept hands all of it over.
    done = subprocess.run([sys.executable, "-c", flood], capture_output=True, check=True)
    assert len(done.stdout) == 300 * 100_001
    assert took < 5
