"""Two processes on the processor (gloo), started by torchrun, against one process."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
import two_processes


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder in which two processes left what they trained."""
    folder = tmp_path_factory.mktemp("two")
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", "2", str(Path(two_processes.__file__)), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.filterwarnings("ignore:.*stand in the training set")
@pytest.mark.parametrize("name", ["arrays", "loader"])
def test_two_processes_train_as_one_does(home, tmp_path, name):
    model, history = two_processes.train(tmp_path, loader=name == "loader")
    first, second = (torch.load(home / f"{name}{rank}.pt") for rank in (0, 1))
    assert first["records"] == second["records"]
    torch.manual_seed(0)
    start = two_processes.network().state_dict()
    for key, weight in model.state_dict().items():
        assert torch.equal(first["model"][key], second["model"][key])
        assert (weight - first["model"][key]).abs().max() < 1e-4
    assert any((first["model"][k] - v).abs().max() > 0.01 for k, v in start.items())  # it learned
    for one, other in zip(history.records, first["records"], strict=True):
        assert {key: one[key] for key in other} == pytest.approx(other, abs=1e-4)


def test_a_run_of_two_belongs_to_two(home):
    from coursekit.errors import CourseError

    with pytest.raises(CourseError, match="processes=2"):
        two_processes.train(home / "arrays")
