"""Endless loops, time, and what is left behind."""

import errno
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from coursekit.checks import check, exercise
from coursekit.checks.engine.ask import ask
from coursekit.checks.engine.draw import questions
from coursekit.checks.runner.clock import Allowance, Clock, Limit


@pytest.fixture
def over():
    """Set at the end of a test: ends an answer that could not be stopped."""
    event = threading.Event()
    yield event
    event.set()


def loop(x, w):
    while True:
        pass


def loop_on_large_inputs(x, w):
    if len(x) > 6:
        for _ in iter(int, 1):
            x[0] += 0
    return np.correlate(x, w, "valid")


def asked(answer, **allowance):
    """Ask a few questions with little time."""
    several = questions(exercise("correlate1d"))[:12]
    return ask(answer, several, Allowance(**{"whole": 0.6, "one": 0.2} | allowance))


def grows(x, w):
    rows = []
    while True:
        rows.append(x[0:])


@pytest.mark.parametrize("answer", [loop, loop_on_large_inputs, grows])
def test_an_endless_loop_is_stopped_and_what_was_counted_is_said(answer):
    replies = asked(answer)
    kinds = [reply.kind for reply in replies if reply.kind != "value"]
    assert kinds[0] == "stopped", replies
    assert set(kinds[1:]) <= {"skipped"}
    stopped = next(reply for reply in replies if reply.kind == "stopped")
    assert "computing on one input" in stopped.detail
    for thread in threading.enumerate():
        if thread.name == "coursekit answer":
            thread.join(30)
            assert not thread.is_alive()


def test_an_endless_loop_in_a_check_is_named_and_earns_nothing(monkeypatch):
    monkeypatch.setattr("coursekit.checks.run.Allowance", lambda: Allowance(0.3, 0.3))
    results = []
    thread = threading.Thread(target=lambda: results.append(check("correlate1d", loop)))
    thread.start()  # from another thread, as some front ends do
    thread.join(60)
    assert results[0].points == 0 and "loop endless" in results[0].message


def test_a_bare_except_ends_somehow(over):
    def stubborn(x, w):
        while not over.is_set():
            try:  # noqa: SIM105
                len(x)
            except:  # noqa: E722
                pass

    assert asked(stubborn)[0].kind in ("stopped", "stuck")


def test_waiting_inside_c_code_says_where(over, tmp_path):
    file = tmp_path / "übung 😀.py"
    file.write_text("def answer(x, w):\n    over.wait(60)\n", encoding="utf-8")
    names = {"over": over}
    exec(compile(file.read_text(encoding="utf-8"), file, "exec"), names)
    first, *rest = asked(names["answer"])
    assert first.kind == "stuck" and "waiting on one input" in first.detail
    assert first.line == "line 2: over.wait(60)" and {reply.kind for reply in rest} == {"skipped"}


def test_an_endless_loop_ends_on_a_full_disk(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    assert asked(loop)[0].kind == "stopped"


SPINS = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass"


@pytest.fixture
def load():
    """Four processes that want a processor."""
    several = [subprocess.Popen([sys.executable, "-c", SPINS]) for _ in range(4)]
    yield
    for process in several:
        process.kill()
        process.wait()


def test_a_right_answer_is_right_on_a_busy_machine(load):
    """0.5 s of work take many times that of wall time here, and are counted as 0.5 s."""

    def works(x, w):
        end = time.thread_time() + 0.05
        while time.thread_time() < end:
            pass
        return np.correlate(x, w, "valid")

    begin = time.monotonic()
    replies = asked(works, whole=1.2, one=0.4)
    assert {reply.kind for reply in replies} == {"value"}, replies[-2:]
    assert time.monotonic() - begin > 1.2  # a limit of wall time would have stopped it


def limit(readings, queue_told=True, **allowance):
    """A limit whose clock reads (wall, on a processor, in the queue) from a list."""
    walls = iter([wall for wall, _, _ in readings])
    times = iter([{1: (on, off, False)} for _, on, off in readings])
    clock = Clock(times=lambda: next(times), now=lambda: next(walls), queue_told=queue_told)
    return Limit(clock, Allowance(**allowance))


@pytest.mark.parametrize(
    ("readings", "told", "says"),
    [
        ([(0, 0, 0), (40, 2.9, 37)], True, ""),  # a busy machine
        ([(0, 0, 0), (4, 3.5, 0.4)], True, "computing on one input"),
        ([(0, 0, 0), (4, 0.1, 0.1)], True, "waiting on one input"),
        ([(0, 0, 0), (20, 1, 0)], False, ""),  # nobody tells of a queue: be generous
        ([(0, 0, 0), (40, 1, 0)], False, "waiting on one input"),
    ],
)
def test_what_counts(readings, told, says):
    found = limit(readings, told, whole=8, one=3).look()
    assert says in found and bool(found) == bool(says)


def test_each_question_has_its_own_time_and_all_have_one_together():
    readings = [(0, 0, 0), *((2.5 * n, 2.5 * n, 0) for n in range(1, 6))]
    several = limit(readings, whole=8, one=3)
    assert [bool(several.look(question)) for question in range(1, 5)] == [False, False, False, True]


@pytest.fixture
def slow_to_import(tmp_path, monkeypatch):
    """A module whose import alone takes longer than an answer may work."""
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(1)\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("slow_to_import", None)


def imports_then_works(x, w):
    if "slow_to_import" not in sys.modules:
        import slow_to_import  # noqa: F401
    return np.correlate(x, w, "valid")


def test_a_slow_import_is_no_endless_loop(slow_to_import):
    assert {reply.kind for reply in asked(imports_then_works)} == {"value"}


def test_what_is_imported_on_and_on_is_stopped(slow_to_import):
    first, second, *_ = asked(imports_then_works, imports=0.3)
    assert first.kind in ("stopped", "stuck") and second.kind == "skipped"
    assert "importing" in first.detail


def test_ctrl_c_stops_the_check_cleanly():
    code = """
import _thread, threading, sys
from coursekit.checks import check
def loop(x, w):
    _thread.interrupt_main()
    while True: pass
try:
    check("convolve1d", loop)
except KeyboardInterrupt as stop:
    print("stopped:", stop)
left = [t.name for t in threading.enumerate() if t.name == "coursekit answer"]
print(left, sys.stdout is sys.__stdout__)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert run.stdout == "stopped: the check was stopped\n[] True\n", run.stderr


FIRST = """
import time, sys
import numpy as np
start = time.process_time()
from coursekit import check
check("conv2d", lambda image, kernel: image * 0)
first = time.process_time() - start
start = time.process_time()
check("conv2d", lambda image, kernel: image * 0)
print("seconds", first, time.process_time() - start)
print("heavy", [m for m in ("torch", "keras", "matplotlib", "scipy") if m in sys.modules])
"""


def test_time_and_nothing_left_behind(tmp_path):
    def once():
        run = subprocess.run(
            [sys.executable, "-c", FIRST], capture_output=True, text=True, cwd=tmp_path, timeout=600
        )
        assert run.returncode == 0, run.stderr
        assert run.stderr == ""
        assert "heavy []" in run.stdout
        assert list(tmp_path.iterdir()) == []
        line = next(line for line in run.stdout.splitlines() if line.startswith("seconds"))
        return [float(s) for s in line.split()[1:]]

    first, second = once()  # seconds of the processor
    assert first < 2 and second < 1


SAME = """
import numpy as np
{extra}
from coursekit.checks import exercise, exercise_sets
from coursekit.checks.engine.draw import questions
import hashlib
digest = hashlib.sha256()
for exercises in exercise_sets().values():
    for e in exercises.exercises:
        for q in questions(e):
            for a in q.args:
                digest.update(np.asarray(a).tobytes())
print(digest.hexdigest())
"""


def test_the_questions_do_not_depend_on_what_lies_in_the_folder(tmp_path):
    (tmp_path / "mine.py").write_text("A = [3, 5, 7, 2, 1234, 77, 0.25]\nB = b'abc'\n")

    def digest(extra, seed):
        run = subprocess.run(
            [sys.executable, "-c", SAME.format(extra=extra)],
            capture_output=True, text=True, cwd=tmp_path, timeout=600,
            env={**__import__("os").environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert digest("", "1") == digest("import mine, random; random.seed(3)", "2")


def test_drawing_leaves_the_random_state_alone():
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    questions(exercise("conv2d"))
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_another_seed_asks_other_questions():
    first, second = (questions(exercise("conv2d"), seed) for seed in (0, 1))
    drawn = [{q.args[0].tobytes() for q in asked} for asked in (first, second)]
    assert len(drawn[1] - drawn[0]) > 20
