"""The files that a repository's readers look for agree with the package."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import coursekit

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_version_and_licence_are_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert PROJECT["version"] == coursekit.__version__ == citation["version"]
    assert PROJECT["license"] == citation["license"]
    assert f"## {coursekit.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])


def test_the_workflow_runs_every_python_that_the_package_names():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    least, beyond = map(int, re.findall(r"3\.(\d+)", PROJECT["requires-python"]))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(least, beyond)]


def test_what_the_licences_speak_of_is_there():
    text = (ROOT / "LICENSES.md").read_text("utf-8")
    places = re.findall(r"`([\w./]+/)`", text)
    assert places and all((ROOT / place).is_dir() for place in places)


@pytest.fixture
def repository(tmp_path):
    """A repository with the project's hooks and one file that is not in the common style."""
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "coursekit").mkdir()
    (tmp_path / "coursekit/one.py").write_text('"""One."""\n\nx = [1,2]\n', "utf-8")
    for command in (("init", "-q"), ("add", ".pre-commit-config.yaml", "coursekit")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_a_commit_waits_for_the_hooks(repository, monkeypatch):
    monkeypatch.setenv("PRE_COMMIT_HOME", str(repository / "hooks"))
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=repository, check=True)
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    commit = ["git", *name, "commit", "-q", "-m", "One"]
    first = subprocess.run(commit, cwd=repository, capture_output=True, text=True, check=False)
    assert first.returncode == 1 and "code is in the common style" in first.stderr
    assert "[1, 2]" in (repository / "coursekit/one.py").read_text("utf-8")
    subprocess.run(["git", "add", "coursekit"], cwd=repository, check=True)
    subprocess.run(commit, cwd=repository, check=True)
