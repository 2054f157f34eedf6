"""Where a student's answers go: whole, together, and never lost to a damaged file or disk."""

import errno
import json
import os
import subprocess
import sys

import pytest

from coursekit.learn import answers


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(answers, "_session", {})
    for name in ("COURSEKIT_HEADLESS", "COURSEKIT_ANSWERS", "COURSEKIT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path))
    return tmp_path


def stored(folder):
    return json.loads((folder / "answers.json").read_text(encoding="utf-8"))["answers"]


def test_an_answer_is_kept_in_the_workspace(workspace):
    said = answers.write_answer("02-average", {"answer": "9,33 – größer"})
    assert "answers.json" in said and said == answers.where()
    assert stored(workspace) == {"02-average": {"answer": "9,33 – größer"}}
    assert answers.read_answer("02-average") == {"answer": "9,33 – größer"}
    assert answers.read_answer("02-other") == {}


def test_answers_of_other_lessons_stay(workspace):
    answers.write_answer("01-a", {"answer": "1"})
    answers.write_answer("02-b", {"answer": "2"})
    answers.write_answer("01-a", {"answer": "3"})
    assert stored(workspace) == {"01-a": {"answer": "3"}, "02-b": {"answer": "2"}}
    left = {path.name for path in workspace.iterdir()} - {".answers.json.lock"}
    assert left == {"answers.json"}


def test_a_named_file_comes_before_the_workspace(workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_ANSWERS", str(tmp_path / "other" / "mine.json"))
    answers.write_answer("01-a", {"answer": "1"})
    assert (tmp_path / "other" / "mine.json").is_file()
    assert not (workspace / "answers.json").exists()


@pytest.mark.parametrize("value", [None, os.devnull])
def test_without_a_workspace_it_lasts_for_the_session_and_says_so(monkeypatch, value):
    if value:
        monkeypatch.setenv("COURSEKIT_ANSWERS", value)
    said = answers.write_answer("01-a", {"answer": "1"})
    assert "until you close or restart this notebook" in said and said == answers.where()
    assert answers.read_answer("01-a") == {"answer": "1"}


def test_headless_nothing_is_read_or_written(workspace, monkeypatch):
    answers.write_answer("01-a", {"answer": "1"})
    before = (workspace / "answers.json").read_bytes()
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    assert answers.read_answer("01-a") == {}
    answers.write_answer("01-b", {"answer": "2"})
    assert (workspace / "answers.json").read_bytes() == before


@pytest.mark.parametrize("damage", [b"{", b"", b"\xff\xfe", b"[]", b'{"answers": 7}', b"null"])
def test_a_damaged_file_is_kept_aside(workspace, damage):
    path = workspace / "answers.json"
    path.write_bytes(damage)
    assert answers.read_answer("01-a") == {}
    said = answers.write_answer("01-a", {"answer": "1"})
    assert "answers.damaged-1.json" in said
    assert (workspace / "answers.damaged-1.json").read_bytes() == damage
    assert stored(workspace) == {"01-a": {"answer": "1"}}
    path.write_bytes(damage)
    assert "answers.damaged-2.json" in answers.write_answer("01-a", {"answer": "2"})
    assert (workspace / "answers.damaged-1.json").read_bytes() == damage


def test_a_record_that_is_no_record_is_passed_over(workspace):
    text = '{"version": 1, "answers": {"01-a": 7, "01-b": {"answer": "x"}}}'
    (workspace / "answers.json").write_text(text)
    assert answers.read_answer("01-a") == {}
    assert answers.read_answer("01-b") == {"answer": "x"}


def test_a_full_disk_is_said_and_the_answer_lives_on(workspace, monkeypatch):
    answers.write_answer("01-a", {"answer": "old"})

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(answers.os, "fsync", full)
        said = answers.write_answer("01-a", {"answer": "new"})
    assert "the disk is full" in said and "until you close or restart this notebook" in said
    assert stored(workspace) == {"01-a": {"answer": "old"}}
    assert answers.read_answer("01-a") == {"answer": "new"}
    assert not list(workspace.glob(".answers.json.*[!k]")), "a half-written file was left"
    # Once there is room again, what waited is written with the next answer.
    answers.write_answer("01-b", {"answer": "2"})
    assert stored(workspace) == {"01-a": {"answer": "new"}, "01-b": {"answer": "2"}}


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path / "file"))
    assert "could not be written" in answers.write_answer("01-a", {"answer": "1"})
    assert answers.read_answer("01-a") == {"answer": "1"}


def test_another_program_that_holds_the_file_does_not_stop_the_lesson(workspace, monkeypatch):
    monkeypatch.setattr(answers, "_LOCK_SECONDS", 0.1)
    with answers.FileLock(workspace / ".answers.json.lock"):
        said = answers.write_answer("01-a", {"answer": "1"})
    assert "busy" in said and not (workspace / "answers.json").exists()


def test_kernels_that_write_at_once_lose_nothing(workspace):
    program = (
        "import sys; from coursekit.learn import answers; answers._LOCK_SECONDS = 100\n"
        "for i in range(25): answers.write_answer(f'{sys.argv[1]}-{i}', {'answer': str(i)})"
    )
    runs = [subprocess.Popen([sys.executable, "-c", program, f"0{n}"]) for n in range(3)]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    assert len(stored(workspace)) == 75
