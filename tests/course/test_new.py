"""`coursekit new`: what it writes builds and passes its tests; what is taken is refused."""

import os
import shutil
import subprocess
import sys

import pytest

from coursekit.course.new import new_lesson, new_widget
from coursekit.errors import CallError, CourseError

COPIED = (
    "conftest.py", "pyproject.toml", "README.md", "constraints.txt",
    "coursekit", "datasets", "docs", "lessons", "source", "tests",
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory):
    """A copy of the project with a new lesson and a new widget."""
    root = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        place = project / name
        if place.is_dir():
            shutil.copytree(place, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, root / name)
    new_lesson(root, "89_what_changes", "What changes")
    new_widget(root, "cell_counter")
    return root


def run(copy, *words):
    variables = {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=copy,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_written_is_in_the_common_style(copy):
    run(copy, "ruff", "check", "--no-cache", "coursekit", "source", "tests")
    run(copy, "ruff", "format", "--no-cache", "--check", "coursekit", "source", "tests")


def test_its_notebooks_build_and_the_lint_finds_nothing(copy):
    # The build lints what it has built, and fails where there is something to fix.
    run(copy, "coursekit.course.build", "89", "--kind", "lesson", "--kind", "solution")
    solved = (copy / "solutions" / "89_what_changes.ipynb").read_text("utf-8")
    assert "differences_89 is right" in solved


def test_its_tests_pass(copy):
    places = (
        *("tests/checks/test_right_answers.py", "tests/checks/test_wrong_answers.py"),
        *("tests/widgets/test_cell_counter.py", "tests/browser/test_cell_counter_page.py"),
        *("tests/course/test_syllabus.py", "tests/course/test_topics.py"),
    )
    chosen = (
        "differences_89 or index or counter or syllabus or (topic and not built and not taught)"
    )
    assert " passed" in run(copy, "pytest", "-q", *places, "-k", chosen)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dilation", "not of the form NN_name"),
        ("22_Dilation", "not of the form NN_name"),
        ("2_dilation", "not of the form NN_name"),
        ("../22_dilation", "not of the form NN_name"),
        ("03_dilation", "03 is taken by 03_convolution_2d; the first free number is 22"),
        ("22_kernels", "'kernels' is taken by 04_kernels"),
        ("95_dilation", "from 90 on stand appendices"),
    ],
)
def test_a_lesson_that_cannot_be_is_refused_with_the_fix(project, name, words):
    with pytest.raises(CallError, match=words):
        new_lesson(project, name)
    assert not list((project / "source" / "lessons").glob("*dilation*"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CellCounter", "is no name of a widget's folder"),
        ("class", "is no name of a widget's folder"),
        ("quiz", "'quiz' is taken by"),
        ("picture", "'picture' is taken by"),
    ],
)
def test_a_widget_that_cannot_be_is_refused_with_the_fix(project, name, words):
    with pytest.raises(CallError, match=words):
        new_widget(project, name)


def test_a_title_that_would_break_the_sources_is_refused(project):
    with pytest.raises(CallError, match="write letters, digits and simple punctuation"):
        new_lesson(project, "22_dilation", 'a "quoted" one')


def test_nothing_is_written_where_a_list_is_missing(tmp_path):
    (tmp_path / "source" / "lessons").mkdir(parents=True)
    (tmp_path / "source" / "topics.toml").write_text("")
    with pytest.raises(CourseError, match=r"is missing or lacks its list; `git checkout"):
        new_lesson(tmp_path, "22_dilation")
    assert list((tmp_path / "source" / "lessons").iterdir()) == []
