"""The run of all steps: what fails is named, and the steps beside it end."""

import everything
import pytest

PASSES = "def test_passes():\n    pass\n"
KILLED = """
import os, signal

def test_before():
    pass

def test_killed():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run steps in an empty folder; return the exit code and what was printed."""
    monkeypatch.setattr(everything, "ROOT", tmp_path)
    monkeypatch.setattr(everything, "EVIDENCE", tmp_path / "evidence")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it starts sooner

    def steps(**asked):
        monkeypatch.setattr(everything, "STEPS", asked)
        return everything.main([]), capfd.readouterr().out

    return steps


def test_a_worker_that_is_killed_ends_the_step_with_the_name_of_its_test(run, tmp_path):
    (tmp_path / "test_a.py").write_text(KILLED)
    for name in "bcdefgh":
        (tmp_path / f"test_{name}.py").write_text(PASSES)
    two_workers = (*everything.PYTEST, "-p", "xdist", *everything.TWO_WORKERS, "--rootdir=.")
    code, printed = run(units=two_workers, style=("-c", "print('in style')"))
    assert code == 1
    assert "crashed while running 'test_a.py::test_killed'" in printed
    assert "in style" in printed and "FAILED units" in printed and "ok     style" in printed
    assert (tmp_path / "evidence/units.log").exists()
    assert not (tmp_path / "evidence/style.log").exists()
