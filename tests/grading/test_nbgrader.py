"""Released notebooks in nbgrader: its validate, generate_assignment and autograde take them."""

import json
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from notebooks_at_hand import filled

from coursekit.course.release import release

SET = "03_convolution_2d"

APART = Path(sys.prefix) / "nbgrader"  # where `.ci/environment dev` puts it
if APART.is_dir():
    sys.path.append(str(APART))
if find_spec("nbgrader") is None:  # it is imported when a test begins: it takes a second
    pytest.skip("nbgrader is not installed; `.ci/environment dev` does it", allow_module_level=True)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The notebook as students get it."""
    bundle = tmp_path_factory.mktemp("release") / "course"
    release([SET], bundle)
    return bundle / "exercises" / f"{SET}.ipynb"


def handed_in(released, change=lambda source: source):
    """The released notebook with the solution's cells put in, each one changed."""
    solved = {cell["id"]: cell for cell in json.loads(filled(SET, change))["cells"]}
    notebook = json.loads(released.read_bytes())
    ids = [cell["id"] for cell in notebook["cells"]]
    played = slice(ids.index("03-exercise-11"), ids.index("points"))  # only pictures: to save time
    del notebook["cells"][played]
    for cell in notebook["cells"]:
        cell["source"] = solved.get(cell["id"], cell)["source"]
    return json.dumps(notebook).encode()


def flipped(source):
    return source.replace("j : j + n] * kernel)", "j : j + n] * kernel[::-1, ::-1])")


@pytest.fixture(scope="module")
def submissions(released):
    """All right, half right, nothing done."""
    return {
        "ada": handed_in(released),
        "bob": handed_in(released, flipped),
        "eve": released.read_bytes(),
    }


@pytest.mark.filterwarnings("ignore:Object of type .* not in session")
def test_autograde_gives_the_same_marks(tmp_path, monkeypatch, released, submissions, graded):
    from nbgrader import api as gradebook_api
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    known = cache(gradebook_api.get_alembic_version)  # a process each time the gradebook is opened
    monkeypatch.setattr(gradebook_api, "get_alembic_version", known)
    student_s_own = released.parents[1]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(student_s_own), str(APART)]))
    for folder in (Path(sys.executable).parent, APART / "bin"):  # it calls alembic by name
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    (tmp_path / "source" / SET).mkdir(parents=True)
    (tmp_path / "source" / SET / released.name).write_bytes(released.read_bytes())
    for student, content in submissions.items():
        (tmp_path / "submitted" / student / SET).mkdir(parents=True)
        (tmp_path / "submitted" / student / SET / released.name).write_bytes(content)
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    api = NbGraderAPI(config=config)
    made = api.generate_assignment(SET)
    assert made["success"], made["log"]
    cells = [
        [cell["source"] for cell in json.loads(path.read_bytes())["cells"]]
        for path in (released, tmp_path / "release" / SET / released.name)
    ]
    assert ["".join(source) for source in cells[0]] == ["".join(source) for source in cells[1]]
    for student in submissions:
        done = api.autograde(SET, student)
        assert done["success"], done["log"]
    with api.gradebook as book:
        by_nbgrader = {
            one.student.id: (one.score, one.max_score) for one in book.assignment_submissions(SET)
        }
    by_us = {student: graded(content, student) for student, content in submissions.items()}
    assert (
        {name: score for name, (score, _) in by_nbgrader.items()}
        == {name: outcome.points for name, outcome in by_us.items()}
        == {"ada": 6.0, "bob": 4.0, "eve": 0.0}
    )
    assert {most for _, most in by_nbgrader.values()} == {6.0}


def test_validate_takes_a_right_notebook_and_sees_a_changed_test(tmp_path, released, submissions):
    import nbformat
    from nbgrader.utils import compute_checksum, is_locked
    from nbgrader.validator import Validator

    (tmp_path / "ada.ipynb").write_bytes(submissions["ada"])
    assert Validator().validate(str(tmp_path / "ada.ipynb")) == {}
    tests = [cell for cell in nbformat.read(released, 4).cells if is_locked(cell)]
    assert [cell.metadata.nbgrader.points for cell in tests] == [4.0, 2.0]
    for cell in tests:  # by this, validate and autograde find out that a test was changed
        assert compute_checksum(cell) == cell.metadata.nbgrader.checksum
        cell.source = "6.0"
        assert compute_checksum(cell) != cell.metadata.nbgrader.checksum
