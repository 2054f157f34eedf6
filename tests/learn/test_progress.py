"""A student's progress: recorded by checks, predictions and quizzes, kept here, shown in words."""

import errno
import json
import socket

import numpy as np
import pytest

import coursekit
from coursekit import cli
from coursekit.learn import answers, predictions
from coursekit.learn.course_progress import as_html, as_text, course_progress


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_session", {})
    for name in ("COURSEKIT_HEADLESS", "COURSEKIT_ANSWERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path))
    return tmp_path


def stored(folder):
    return json.loads((folder / "answers.json").read_text(encoding="utf-8"))["answers"]


def lesson(number, records):
    [found] = [one for one in course_progress(records) if one.name.startswith(number)]
    return found


def relu(x):
    return np.maximum(x, 0)


def test_a_check_counts_attempts_and_mistakes_and_solved_stays_solved(workspace):
    for answer in (np.abs, np.abs, lambda x: x * 0 + 7, relu, np.abs):
        coursekit.check("relu", answer)
    assert stored(workspace)["08-check-relu"] == {
        "attempts": 5,
        "passed": True,
        "mistakes": {"": 1, "absolute_value": 3},
    }
    found = lesson("08", stored(workspace))
    assert (found.solved, found.functions) == (1, 4)
    assert len(found.mistakes) == 2 and "3 times" in found.mistakes[1]
    assert coursekit.checks.misconceptions("relu")["absolute_value"] in found.mistakes[1]


def test_what_is_not_attempted_or_not_a_students_leaves_no_trace(workspace, monkeypatch):
    def unwritten(x):
        raise NotImplementedError

    coursekit.check("relu", unwritten)
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    coursekit.check("relu", np.abs)
    assert not (workspace / "answers.json").exists()


def test_a_full_disk_is_said_and_the_check_is_shown_all_the_same(workspace, monkeypatch, capsys):
    coursekit.check("relu", np.abs)

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(answers.os, "fsync", full)
        assert coursekit.check("relu", relu).passed
    assert "the disk is full" in capsys.readouterr().out
    assert stored(workspace)["08-check-relu"]["passed"] is False
    coursekit.progress()
    assert "1 of 4" in next(
        line for line in capsys.readouterr().out.splitlines() if line.startswith("08")
    )


@pytest.mark.parametrize("record", [{"attempts": "x", "mistakes": 7}, {"mistakes": {"": "x"}}])
def test_a_record_of_another_form_stops_nothing(workspace, record):
    text = json.dumps({"version": 1, "answers": {"08-check-relu": record, "08-q1": record}})
    (workspace / "answers.json").write_text(text)
    assert lesson("08", answers.read_all()).solved == 0
    assert coursekit.check("relu", relu).passed
    assert lesson("08", answers.read_all()).solved == 1


@pytest.mark.parametrize(("wrote", "right"), [("11", True), ("6", False)])
def test_a_revealed_prediction_is_judged(workspace, wrote, right):
    answers.write_answer("05-unseen", {"answer": wrote})
    predictions.reveal("05-unseen", 11)
    found = lesson("05", stored(workspace))
    assert (found.revealed, found.predicted, found.predicted_right) == (1, 1, int(right))
    assert found.mistakes == [] or "You predicted 6; it is 11." in found.mistakes[0]
    assert bool(found.mistakes) is not right


def test_a_lesson_is_read_when_each_prediction_has_been_answered(capsys):
    names = ["05-unseen", "05-stays", "05-slip", "05-frameworks"]
    records = {name: {"skipped": True, "revealed": True} for name in names[:3]}
    assert lesson("05", {}).cells()[1:] == ("no", "0 of 4", "0 of 4", "0 of 3")
    assert lesson("05", records).cells()[1] == "begun"
    records[names[3]] = {"answer": "none", "revealed": True, "right": True}
    records["05-q1"] = {"attempts": 3, "right": True}
    records["05-q2"] = {"attempts": 1, "right": False}
    found = lesson("05", records)
    assert found.cells()[1:] == ("yes", "1 of 4, 1 right", "1 of 4", "0 of 3")
    assert [text.partition("Wrong ")[2] for text in found.mistakes] == [
        "2 times.",
        "once, and not right yet.",
    ]
    for text in found.mistakes:
        assert text in as_text([found])
    assert as_html([found]).count("<li>") == 2


def test_every_lesson_with_questions_or_an_exercise_is_listed(project):
    names = [one.name[:2] for one in course_progress({})]
    assert names == sorted(path.name[:2] for path in (project / "lessons").glob("[0-8]*.ipynb"))


def test_the_command_reads_the_workspace_and_asks_nobody(workspace, capsys, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    coursekit.check("relu", relu)
    capsys.readouterr()
    assert cli.main(["progress", "--workspace", str(workspace)]) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("08"))
    assert "begun" in row and "1 of 4" in row and str(workspace / "answers.json") in printed


@pytest.mark.parametrize("damage", ["{", "[]", '{"answers": 7}'])
def test_a_damaged_file_is_named_and_left_as_it_is(workspace, capsys, damage):
    (workspace / "answers.json").write_text(damage)
    assert cli.main(["progress", "--workspace", str(workspace)]) == 1
    assert "answers.json is damaged" in capsys.readouterr().err
    coursekit.progress()
    assert "answers.json is damaged" in capsys.readouterr().out
    assert (workspace / "answers.json").read_text() == damage


def test_a_check_of_a_whole_notebook_in_the_workspace_counts(workspace, monkeypatch, capsys):
    cell = {"cell_type": "code", "source": "def relu(x):\n    return x * (x > 0)", "outputs": []}
    cell |= {"metadata": {}, "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path = workspace / "exercises" / "08_relu_and_pooling.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook))
    assert cli.main(["check", str(path)]) == 0
    assert stored(workspace)["08-check-relu"]["passed"] is True


def test_without_answers_the_command_says_so(tmp_path, capsys):
    assert cli.main(["progress", "--workspace", str(tmp_path / "new")]) == 0
    assert f"no answers in {tmp_path / 'new'} yet" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()
