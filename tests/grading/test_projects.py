"""Projects of a class: read, never run; their parts get points by hand, and these go everywhere."""

import csv
import io
import json
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.project.rubric import SET, parts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def graded(tmp_path, monkeypatch, capsys):
    """A class of three, graded where no sandbox can be had."""
    monkeypatch.setattr("coursekit.grading.sandbox.sandbox.started_early", None)
    monkeypatch.setattr("coursekit.grading.engine.sandbox_report", None)
    place = tmp_path / "class"
    place.mkdir()
    notebook = json.loads((ROOT / "solutions" / f"{SET}.ipynb").read_bytes())
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')"
    notebook["cells"].append(
        {"cell_type": "code", "source": trap, "outputs": [], "metadata": {}, "execution_count": 99}
    )
    (place / "ada.ipynb").write_text(json.dumps(notebook))
    (place / "bob.ipynb").write_bytes((ROOT / "exercises" / f"{SET}.ipynb").read_bytes())
    (place / "cy.ipynb").write_bytes(b"{")
    assert main(["grade", "21", str(place), "--out", str(tmp_path / "out")]) == 0
    assert not (tmp_path / "ran").exists()
    capsys.readouterr()
    return tmp_path / "out"


def mark(out, *words):
    return main(["mark", str(out), "ada", *words])


def test_a_graded_project_has_no_points_and_all_that_was_looked_for(graded):
    ada, bob, cy = json.loads((graded / "results.json").read_bytes())["submissions"]
    assert [one["status"] for one in (ada, bob, cy)] == ["graded", "graded", "unreadable"]
    for one in (ada, bob, cy):
        assert one["points"] == 0
        assert [f["name"] for f in one["functions"]] == [part.name for part in parts()]
    whole = ada["functions"][-1]["checks"]
    assert any("code cell" in check["message"] for check in whole if not check["passed"])
    page = (graded / "feedback" / "bob.html").read_text("utf-8")
    for part in parts():
        assert part.title in page
    assert "no points yet, of 3" in page and "words of your own under" in page


def test_points_of_parts_are_kept_shown_and_exported(graded, capsys):
    assert mark(graded, "--part", "report", "--points", "1.5", "--reason", "n is missing") == 0
    assert mark(graded, "--part", "errors", "--points", "3") == 0
    assert "4.5 of 20 points" in capsys.readouterr().out
    page = (graded / "feedback" / "ada.html").read_text("utf-8")
    assert "Earned 4.5 of 20 points" in page and "n is missing" in page
    (ada, *_) = csv.DictReader(io.StringIO((graded / "results.csv").read_text("utf-8-sig")))
    assert (ada["report"], ada["errors"], ada["question"]) == ("1.5", "3", "open")
    assert ada["final"] == "4.5"
    assert main(["export", "--format", "csv", "--from", str(graded)]) == 0
    (ada, *_) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (ada["points"], ada["max_points"]) == ("4.5", "20")
    # Read again, the class keeps what people gave; taken back, it is gone.
    place = graded.parent / "class"
    assert main(["grade", SET, str(place), "--out", str(graded)]) == 0
    assert "Earned 4.5 of 20" in (graded / "feedback" / "ada.html").read_text("utf-8")
    assert mark(graded, "--undo", "points", "--part", "errors") == 0
    assert "Earned 1.5 of 20" in (graded / "feedback" / "ada.html").read_text("utf-8")


def test_points_that_make_no_sense_are_refused(graded, capsys):
    assert mark(graded, "--part", "question", "--points", "3") == 2
    assert "more than the 2" in capsys.readouterr().err
    assert mark(graded, "--part", "relu", "--points", "1") == 2
    said = capsys.readouterr().err
    assert all(part.name in said for part in parts())


def test_students_get_the_starter_and_not_the_worked_project(tmp_path):
    out = tmp_path / "handout"
    assert main(["release", SET, "--out", str(out)]) == 0
    assert [path.stem for path in (out / "exercises").iterdir()] == [SET]
    assert (out / "lessons" / f"{SET}.ipynb").is_file()
    assert (out / "coursekit" / "project" / "rubric.toml").is_file()
    assert not (out / "solutions").exists()
