"""What one submission leaves behind: nothing that the next could find, and nothing outside."""

import os
import subprocess
import sys
import time

import pytest
from hostile_notebooks import FULL, control, inside, marks, right, said
from machine_state import new_since, state_of_the_machine

# Something that a submission leaves, and how the next one looks for it.
TRACES = {
    "a file in /tmp": ("open('/tmp/left', 'w').write('x')", "open('/tmp/left')"),
    "a file at home": (
        "import os\nopen(os.path.expanduser('~/left'), 'w').write('x')",
        "import os\nopen(os.path.expanduser('~/left'))",
    ),
    "a file in shared memory": ("open('/dev/shm/left', 'w').write('x')", "open('/dev/shm/left')"),
    "shared memory of Python": (
        "from multiprocessing import shared_memory as s\n"
        "keep = s.SharedMemory('left2', create=True, size=10)\n"
        "import multiprocessing.resource_tracker as t\nt.unregister(keep._name, 'shared_memory')",
        "from multiprocessing import shared_memory as s\ns.SharedMemory('left2')",
    ),
    "a variable of the environment": (
        "import os\nos.environ['LEFT'] = 'x'", "import os\nos.environ['LEFT']",
    ),
    "a name in a module": ("import numpy\nnumpy.left = 1", "import numpy\nnumpy.left"),
    "a changed library": (
        "import numpy\nnumpy.mean = None", "import numpy\nassert numpy.mean is None",
    ),
    "a name in a notebook": ("left = 1", "left"),
    "a socket by its name": (
        "import socket\nkeep = socket.socket(socket.AF_UNIX)\nkeep.bind('\\0left')\nkeep.listen()",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0left')",
    ),
    "another folder": ("import os\nos.chdir('/')", "import os\nassert os.getcwd() == '/'"),
}  # fmt: skip
CLEAN = """
import contextlib, os
for name in ("/tmp/left", os.path.expanduser("~/left"), "/dev/shm/left", "/dev/shm/left2"):
    with contextlib.suppress(OSError):
        os.remove(name)
"""


@pytest.mark.parametrize("name", TRACES)
def test_the_next_submission_finds_nothing(walls, name):
    leave, look = TRACES[name]
    (left,) = inside(walls, leave)
    (found,) = inside(walls, look)
    assert left["ok"], left
    assert not found["ok"] or found["lacks"]


def test_in_the_same_process_all_of_it_is_found():
    cells = [cell for leave, look in TRACES.values() for cell in (leave, look)]
    reports = control(*cells, CLEAN)["reports"]
    failed = [cell for cell, report in zip(cells, reports, strict=False) if not report["ok"]]
    assert failed == []


SURVIVOR = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        end = time.time() + 30
        while time.time() < end:
            time.sleep(0.1)
    os._exit(0)
os.wait()
"""


def survivors():
    """Processes of a sandbox's children, wherever they hang."""
    import psutil

    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any("start.py" in word for word in process.info["cmdline"] or ())
        and process.name().startswith("python")
    }


def test_nothing_lives_on_after_a_submission(walls):
    with walls.submission() as process:
        process.run_cell("x = 1", 3)
        during = survivors()
        assert process.run_cell(SURVIVOR, 3)["ok"]
        # Another worker's tests may have a sandbox of their own at this moment.
        left = {pid for pid in survivors() - during if below_this_process(pid)}
        assert len(left) == 1
    assert not left & survivors()


def below_this_process(pid):
    import psutil

    try:
        return os.getpid() in {above.pid for above in psutil.Process(pid).parents()}
    except psutil.NoSuchProcess:
        return False


def test_without_a_sandbox_it_lives_on():
    """The control: the process is ended, and what it started is still there."""
    quiet, busy = control("x = 1"), control(SURVIVOR)
    assert busy["reports"][0]["ok"]
    if os.geteuid() == 0:  # in a namespace of its own, so that what is left can be counted
        assert (quiet["left"], busy["left"]) == (0, 1)


def test_no_student_slows_the_next(guarded):
    """A busy survivor would take a share of the processor from whoever comes next."""
    busy = SURVIVOR.replace("time.sleep(0.1)", "pass")
    times = {"quiet": [], "after": []}
    for _ in range(3):
        (one,) = guarded.outcomes([("bob", right())])
        guarded_outcomes = list(guarded.outcomes([("mallory", right(busy)), ("bob", right())]))
        times["quiet"].append(one.seconds)
        times["after"].append(guarded_outcomes[1].seconds)
        assert marks(guarded_outcomes[1]) == FULL
    assert min(times["after"]) < 3 * min(times["quiet"]) + 0.1


def test_the_machine_is_as_before(guarded):
    """Files, processes, shared memory, settings and environment, before and after attacks."""
    from coursekit.grading.engine import Grader

    before = state_of_the_machine()
    hostile = [right(leave) for leave, _ in TRACES.values()]
    hostile.append(right(SURVIVOR))
    hostile.append(right("import os\nos._exit(3)"))
    with Grader("03_convolution_2d", seed=5, limits=guarded.limits) as grader:
        outcomes = list(grader.outcomes((str(n), content) for n, content in enumerate(hostile)))
        assert len(outcomes) == len(hostile)
    for _ in range(300):  # what others run on this machine comes and goes; a trace stays
        found = new_since(before)
        if not any(found.values()):
            break
        time.sleep(0.2)
    assert not any(found.values()), found


def test_what_is_said_of_a_hostile_student_is_plain_text(guarded):
    evil = "raise ValueError('\\x1b[31m\\x07 \\u202e <script>\\r\\n')"
    (outcome,) = guarded.outcomes([("mallory", right(evil))])
    texts = [event.detail for event in outcome.events] + [f.message for f in outcome.functions]
    for text in texts:
        assert all(c.isprintable() or c == "\n" for c in text)


def test_the_reading_of_a_trace_is_itself_sound(walls):
    """The look succeeds within one submission, so that its failure elsewhere means something."""
    for leave, look in TRACES.values():
        left, found = inside(walls, leave, look)
        assert left["ok"] and found["ok"], (left, found)
        assert said(left) == ""


def test_a_module_that_ends_whoever_imports_it_ends_nobody_else(guarded):
    """What two students import is imported for all beforehand, but no module of their choice."""
    ender = "torch.utils.model_dump.__main__"
    alone = subprocess.run(
        [sys.executable, "-c", f"import {ender}"], capture_output=True, check=False
    )
    assert alone.returncode == 2, "the control: this import ends a process"
    evil = right(f"try:\n    import {ender}\nexcept SystemExit: pass")
    outcomes = guarded.outcomes([("eve", evil), ("mallory", evil), ("bob", right())])
    assert [marks(outcome) for outcome in outcomes] == [FULL] * 3


def test_busy_processes_share_one_submission_s_part_of_the_processor(guarded):
    """A new session is a share of the processor of its own, unless a control group holds all."""
    from coursekit.grading.sandbox import cgroups

    parents = cgroups._parents()
    shared = [place for place in parents if (place / "cpu.shares").exists()]
    if not shared:
        assert not os.access("/sys/fs/cgroup/cpu/cgroup.procs", os.W_OK)
        return
    group = cgroups.make_group("busy")
    try:
        joined = [file for file in group.joined_by() if file.startswith(str(shared[0]))]
        assert joined and all(os.access(file, os.W_OK) for file in joined)
    finally:
        group.remove()
    assert not [folder for folder in group.folders if folder.exists()]
