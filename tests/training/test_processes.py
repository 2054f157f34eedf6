"""Two processes on the processor (gloo), started by torchrun, against one process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import kill_team
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from coursekit.training.team.processes import World, join_norms, own_device, peers_explained, world
from coursekit.training.team.together import own_seed

SCRIPT = Path(kill_team.__file__)


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """What two processes printed: the exit code, and for each part one dictionary a process."""
    home = tmp_path_factory.mktemp("team")
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
    ]
    done = subprocess.run(
        [*command, str(SCRIPT), str(home)], capture_output=True, text=True, timeout=280, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    parts = {}
    for each in lines:
        parts.setdefault(each["part"], {})[each["rank"]] = each
    assert "failed" not in parts and "norm" in parts, done.stderr
    return {"home": home, "code": done.returncode, "errors": done.stderr, **parts}


@pytest.mark.parametrize("name", kill_team.PARTS)
def test_two_processes_train_as_one_does(team, tmp_path, name):
    model, history = kill_team.train(tmp_path, **kill_team.PARTS[name])
    assert len(history.records) * 7 >= 42  # batches
    two = load_file(team["home"] / f"{name}.safetensors")
    for key, weight in model.state_dict().items():
        assert (weight - two[key]).abs().max() < 1e-4, key
    start = kill_team.network().state_dict()
    assert any((two[key] - each).abs().max() > 0.01 for key, each in start.items())  # it learned
    for one, other in zip(kill_team.records(history), team[name][0]["records"], strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def test_the_history_is_the_same_in_both(team):
    for name in kill_team.PARTS:
        first, second = team[name][0], team[name][1]
        assert first["records"] == second["records"]
        assert first["processes"] == second["processes"] == 2


@pytest.mark.parametrize("name", ["resumed", "resumed-loader"])
def test_two_processes_go_on_bit_for_bit(team, name):
    for rank in (0, 1):
        assert team[name][rank]["same"] is True
        assert team[name][rank]["records"] is True
    assert team[name][0]["epochs"] == 6


def test_ctrl_c_in_one_ends_both_at_the_same_step(team):
    for rank in (0, 1):
        assert team["interrupted"][rank]["stopped"].startswith("interrupted in epoch 2, after 2")
        assert team["interrupted"][rank]["same"] is True
    assert team["interrupted"][0]["stopped"] == team["interrupted"][1]["stopped"]


def test_stopping_is_decided_together(team):
    assert team["stopped"][1]["stopped"] == "enough"
    assert team["stopped"][0]["stopped"] == "another process asked for it"
    assert team["stopped"][0]["epochs"] == team["stopped"][1]["epochs"] == 2


def test_batch_norm_is_warned_of_once(team):
    (said,) = team["norm"][0]["warned"]
    assert "each process normalises with its own part of the batch" in said
    assert team["norm"][1]["warned"] == []


def test_one_that_fails_ends_the_others(team):
    assert team["code"] != 0
    assert "ZeroDivisionError" in team["errors"]
    assert "process 1 of 2 cannot go on: another one ended" in team["errors"]


def test_the_launchers_words_are_read(monkeypatch):
    mpi = [name for name in os.environ if name.startswith(("PMI_", "OMPI_", "MPI_"))]
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "LOCAL_RANK", *mpi):
        monkeypatch.delenv(name, raising=False)
    assert world() == World(0, 1, 0)
    monkeypatch.setenv("WORLD_SIZE", "4")  # a cluster's word alone is no launcher
    assert world().size == 1
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("MASTER_ADDR", "localhost")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert world() == World(3, 4, 1) and not world().main
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert world() == World(0, 1, 0)
    monkeypatch.setenv("PMI_RANK", "1")
    monkeypatch.setenv("PMI_SIZE", "2")
    assert world() == World(1, 2, 1)


def test_each_process_has_chance_of_its_own():
    assert own_seed(5, World(0, 1)) == own_seed(5, World(0, 3)) == 5
    assert len({own_seed(5, World(rank, 3)) for rank in range(3)}) == 3


def test_a_device_that_was_asked_for_stays():
    assert own_device(torch.device("cpu"), World(1, 2, 1)) == torch.device("cpu")
    assert own_device(torch.device("cuda", 0), World(1, 2, 1)) == torch.device("cuda", 0)


def test_joined_norms_share_all_with_the_models_own():
    inner = nn.Sequential(nn.BatchNorm1d(4))
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), inner)
    own = [model[1], inner[0]]
    names = list(model.state_dict())
    replaced = join_norms(model)
    assert [type(each).__name__ for each in (model[1], inner[0])] == ["SyncBatchNorm"] * 2
    assert list(model.state_dict()) == names
    assert model[1].running_mean is own[0].running_mean
    for parent, name, layer in replaced:
        setattr(parent, name, layer)
    assert [model[1], inner[0]] == own


def test_other_errors_stay_what_they_are():
    with pytest.raises(RuntimeError, match="shapes"), peers_explained(World(0, 2)):
        raise RuntimeError("shapes do not fit")
    with pytest.raises(RuntimeError, match="by peer"), peers_explained(World()):
        raise RuntimeError("Connection closed by peer")
    assert "RANK" not in os.environ
