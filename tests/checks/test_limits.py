"""Endless loops, time, and what is left behind."""

import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from coursekit.checks import check, exercise
from coursekit.checks.engine.ask import Allowance, ask
from coursekit.checks.engine.draw import questions


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


@pytest.mark.parametrize("answer", [loop, loop_on_large_inputs])
def test_an_endless_loop_is_stopped(answer):
    start = time.monotonic()
    result = check("correlate1d", answer)
    assert time.monotonic() - start < 30  # not one limit for each of some eighty questions
    assert not result.passed and "endless loop" in result.message
    assert result.points == 0
    for thread in threading.enumerate():
        if thread.name == "coursekit answer":
            thread.join(30)
            assert not thread.is_alive()


def test_an_endless_loop_is_stopped_from_another_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(check("correlate1d", loop)))
    thread.start()
    thread.join(60)
    assert "endless loop" in results[0].message


def test_a_bare_except_ends_somehow(over):
    def stubborn(x, w):
        while not over.is_set():
            try:  # noqa: SIM105
                len(x)
            except:  # noqa: E722
                pass

    result = check("correlate1d", stubborn)
    assert "endless loop" in result.message or "Restart the kernel" in result.message


def test_waiting_inside_c_code_says_to_restart(over):
    result = check("correlate1d", lambda x, w: over.wait(60))
    assert "could not be stopped" in result.message and "Restart the kernel" in result.message
    assert "over.wait(60)" in result.message


@pytest.fixture
def slow_to_import(tmp_path, monkeypatch):
    """A module whose import alone takes longer than an answer may work."""
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(4)\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("slow_to_import", None)


def imports_then_works(x, w):
    if "slow_to_import" not in sys.modules:
        import slow_to_import  # noqa: F401

        time.sleep(0.5)  # many looks at the answer fall into this
    return np.correlate(x, w, "valid")


def test_a_slow_import_is_no_endless_loop(slow_to_import):
    assert check("correlate1d", imports_then_works).passed


def test_importing_leaves_the_time_to_work_untouched(slow_to_import):
    allowance = Allowance(work=60, whole=60)
    asked = questions(exercise("correlate1d"))[:1]
    assert ask(imports_then_works, asked, allowance)[0].kind == "value"
    assert allowance.work > 60 - 4 and allowance.whole <= 60 - 4.4


def test_what_is_imported_on_and_on_is_stopped(slow_to_import):
    allowance = Allowance(whole=0.5)
    first, second = ask(imports_then_works, questions(exercise("correlate1d"))[:2], allowance)
    assert first.kind in ("stopped", "stuck") and second.kind == "skipped"


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
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
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
            [sys.executable, "-c", FIRST], capture_output=True, text=True, cwd=tmp_path, timeout=120
        )
        assert run.returncode == 0, run.stderr
        assert run.stderr == ""
        assert "heavy []" in run.stdout
        assert list(tmp_path.iterdir()) == []
        line = next(line for line in run.stdout.splitlines() if line.startswith("seconds"))
        return [float(s) for s in line.split()[1:]]

    times = [once() for _ in range(3)]  # of the processor, at best: other tests run beside this
    assert min(t[0] for t in times) < 2
    assert min(t[1] for t in times) < 1


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
            capture_output=True, text=True, cwd=tmp_path, timeout=120,
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
