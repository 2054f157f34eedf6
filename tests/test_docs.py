"""The guides for authors and for those who run the course: their commands are there and work."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from coursekit import cli
from coursekit.course.release import LEFT_OUT

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("authors", "running")
# Commands that other tests run, or that are steps of `make test` themselves.
RUN_ELSEWHERE = {
    "coursekit new": "tests/course/test_new.py",
    "make lesson": "tests/course/test_new.py",
    "coursekit site": "tests/browser/test_site.py",
    "coursekit release": "tests/course/test_release.py",
    "make test": "tests/everything.py",
    "python -m coursekit.course.build": "tests/course/test_build.py",
    "python -m coursekit.course.lint": "tests/course/test_lint.py",
    "python -m pytest": "tests/course/test_new.py",
    "pre-commit": ".pre-commit-config.yaml",
}


def commands(guide):
    text = (ROOT / "docs" / f"{guide}.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("guide", GUIDES)
def test_each_command_of_a_guide_is_known_and_is_run_by_a_test(guide):
    assert commands(guide)
    for line in commands(guide):
        (where,) = [place for start, place in RUN_ELSEWHERE.items() if line.startswith(start)]
        assert (ROOT / where).is_file(), line
        words = shlex.split(line)
        if words[0] == "coursekit":
            options = {word for word in words if word.startswith("--")}
            text = help_of(words[1:3] if words[1] == "new" else words[1:2])
            assert all(option in text for option in options), line
        if words[0] == "make":
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text("utf-8"), line


def help_of(words):
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", *words, "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("guide", [*GUIDES, "style"])
def test_what_a_guide_names_is_there(guide):
    text = (ROOT / "docs" / f"{guide}.md").read_text("utf-8")
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text))
    made = ("22_dilation", "answers_22", "cell_counter", "colab/", "public")
    for place in named:
        if not any(word in place for word in made):
            assert (ROOT / place).exists(), place
    for words in re.findall(r"\]\(([\w.]+\.(?:md|html))\)", text):
        assert (ROOT / "docs" / words).is_file(), words


def test_the_hooks_run_the_projects_own_programs_and_find_what_is_wrong(tmp_path):
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = {hook["id"]: hook for hook in config["repos"][0]["hooks"]}
    (tmp_path / "wrong.py").write_text("import os\nx=1\n")
    notebook = json.loads((ROOT / "solutions/05_padding_and_stride.ipynb").read_text("utf-8"))
    next(c for c in notebook["cells"] if c["cell_type"] == "code")["execution_count"] = 99
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "wrong.ipynb").write_text(json.dumps(notebook))
    for name, argument, words in (
        ("ruff-format", f"{tmp_path}/wrong.py", "1 file reformatted"),
        ("ruff-check", f"{tmp_path}/wrong.py", "1 fixed"),
        ("notebooks-are-whole", f"{tmp_path}/solutions/wrong.ipynb", "execution count 99"),
    ):
        program, *rest = shlex.split(hooks[name]["entry"])
        assert program == ".venv/bin/python" and hooks[name]["language"] == "system"
        done = subprocess.run(
            [sys.executable, *rest, argument], capture_output=True, text=True, cwd=ROOT
        )
        assert words in done.stdout + done.stderr, name


def test_the_image_is_made_of_what_a_handout_holds(tmp_path):
    text = (ROOT / "deploy/jupyterhub/Dockerfile").read_text("utf-8")
    steps = " ".join(re.findall(r"^RUN (.*?[^\\])$", text, re.MULTILINE | re.DOTALL))
    assert "--constraint constraints.txt" in steps and "nbgitpuller==" in steps
    for names in re.findall(r'python -c "import (.*?)"', steps):
        assert all(find_spec(name.split(".")[0]) for name in names.split(", "))
    (line,) = [line for line in commands("running") if line.startswith("coursekit release")]
    assert cli.main([*shlex.split(line)[1:-1], str(tmp_path / "handout")]) == 0
    for name in ("constraints.txt", "pyproject.toml", "lessons/03_convolution_2d.ipynb"):
        assert (tmp_path / "handout" / name).is_file()
    assert not any((tmp_path / "handout" / "coursekit" / name).exists() for name in LEFT_OUT)
    if hadolint := shutil.which("hadolint"):
        subprocess.run([hadolint, ROOT / "deploy/jupyterhub/Dockerfile"], check=True)


def test_binder_installs_the_course_with_its_exact_versions():
    lines = (ROOT / ".binder/requirements.txt").read_text("utf-8").splitlines()
    assert "-c ../constraints.txt" in lines and "-e .[torch,keras,lab]" in lines
    version = (ROOT / ".binder/runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    assert version in workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    post = ROOT / ".binder/postBuild"
    subprocess.run(["sh", "-n", post], check=True)
    assert post.stat().st_mode & 0o100


def test_the_form_for_errors_is_one_that_github_shows():
    form = yaml.safe_load(
        (ROOT / ".github/ISSUE_TEMPLATE/error-in-a-lesson.yml").read_text("utf-8")
    )
    assert form["name"] in (ROOT / "README.md").read_text("utf-8")
    assert {"name", "description", "body"} <= form.keys()
    assert all({"id", "type", "attributes"} <= part.keys() for part in form["body"])
