"""The files that a repository's readers look for agree with the package."""

import re
import tomllib
from pathlib import Path

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
