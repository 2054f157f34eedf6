"""A grader that is killed, interrupted or short of space: called again, it ends as if unhurt."""

import contextlib
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from classes_at_hand import (
    ALL_RIGHT,
    FLIPPED_ONLY,
    POINTS,
    grade,
    lasting,
    make_class,
    points,
    results,
)
from notebooks_at_hand import IMPORTS, SET, notebook

from coursekit.grading import class_run
from coursekit.grading.commands import grade_class
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook.book import GradeBook

pytestmark = pytest.mark.sandbox

DRIVER = Path(__file__).with_name("killed_grader.py")
# One after the other on the same folder, as far as the work gets each time.
KILLS = [
    ("caching the preflight", 1),
    ("grading", 4),  # the first two turns are the preflight's
    ("keeping", 1),
    ("kept", 3),
    ("results", 2),
    ("pages", 3),
    ("packing", 1),
    ("class page", 1),
    ("finishing", 1),
]


def test_killed_again_and_again_it_ends_in_the_marks_of_an_unkilled_run(tmp_path):
    place, out, log = make_class(tmp_path / "class"), tmp_path / "out", tmp_path / "log"
    kills = [f"{phase}:{turn}" for phase, turn in KILLS]
    words = ["grade", SET, place, "--out", out, "--workers", "1"]
    ended = subprocess.run(
        [sys.executable, DRIVER, ",".join(kills), log, *words], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout

    kept = set()
    killed = []
    for line in log.read_text().splitlines():
        what, whom = line.split(" ", 1)
        assert (what, whom in kept) != ("begun", True), f"{whom} was graded twice"
        if what == "kept":
            kept.add(whom)
        elif what == "ended":
            killed.append(whom)
    assert kept == set(POINTS)
    assert killed == [f"{kill} {-signal.SIGKILL}" for kill in kills]
    with sqlite3.connect(out / "gradebook.db") as book:
        assert book.execute("SELECT count(*) FROM run").fetchone() == (1,)
        assert book.execute("SELECT count(*) FROM attempt").fetchone() == (len(POINTS),)
        ((seed,),) = book.execute("SELECT seed FROM run").fetchall()

    unkilled = tmp_path / "unkilled"
    assert grade(place, unkilled, "--seed", seed)[0] == 0
    assert lasting(out) == lasting(unkilled)
    assert points(out) == POINTS
    left = {path.relative_to(out) for path in out.rglob("*")}
    assert left - {Path(".preflight.json")} == {
        p.relative_to(unkilled) for p in unkilled.rglob("*")
    }
    for page in (out / "feedback").iterdir():
        assert page.read_text() == (unkilled / "feedback" / page.name).read_text()


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_is_graded_and_says_how_to_go_on(tmp_path, asked):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    slow = notebook(IMPORTS, "import time\ntime.sleep(15)")
    (place / "ned.ipynb").write_bytes(slow)
    words = ["grade", SET, place, "--out", out, "--workers", "1", "--no-preflight"]
    process = subprocess.Popen(
        [sys.executable, DRIVER, "", tmp_path / "log", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 240
    while "begun ned" not in _text(tmp_path / "log") and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(asked)
    printed, complaint = process.communicate(timeout=240)
    assert "kept ned" not in _text(tmp_path / "log")  # it was not waited for
    assert process.returncode == 130, printed + complaint
    assert complaint.startswith("coursekit: stopped; ") and complaint.count("\n") == 1
    assert "the same command goes on" in complaint
    (place / "ned.ipynb").write_bytes(notebook(IMPORTS))
    code, printed, _ = grade(place, out)
    assert code == 0
    assert "1 graded in" in printed and "5 were graded before" in printed, printed
    assert points(out) == POINTS | {"ned": 0.0}


def _text(path):
    return path.read_text() if path.exists() else ""


def test_a_hand_in_changed_while_the_grader_was_stopped_is_graded_again_and_both_are_kept(
    tmp_path, monkeypatch
):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    monkeypatch.setattr(class_run, "KEPT_EVERY", 0.0)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(grade_class, "write_results", stop)
        assert grade(place, out)[0] == 130
    (place / "bob.ipynb").write_bytes(ALL_RIGHT)
    code, printed, complaint = grade(place, out)
    assert (code, complaint) == (0, "")
    assert "Changed: bob: 4 -> 6 points (another file)" in printed
    assert points(out) == POINTS | {"bob": 6.0}
    book = GradeBook(out / "gradebook.db")
    assert [attempt.points for attempt in book.attempts("bob", SET)] == [4.0, 6.0]
    assert len(book.attempts("ada", SET)) == 1
    book.close()


def test_times_that_are_told_only_when_it_goes_on_count_for_what_was_graded_before(
    tmp_path, monkeypatch
):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(grade_class, "write_results", stop)
        assert grade(place, out)[0] == 130
    (tmp_path / "times.csv").write_text("student,handed in\nbob,2026-11-22 11:00\n")
    late = ["--times", tmp_path / "times.csv", "--zone", "UTC", "--due", "2026-11-21 12:00"]
    code, printed, _ = grade(place, out, *late, "--penalty", "0.25")
    assert code == 0 and "0 graded in" in printed
    assert "1 less for 1 day late" in (out / "feedback" / "bob.html").read_text()


@pytest.mark.parametrize("what", ["results.json", "feedback"])
def test_a_full_disk_is_one_sentence_and_the_marks_are_kept(tmp_path, monkeypatch, what):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "bob.ipynb").write_bytes(FLIPPED_ONLY)
    replace = Path.replace

    def full(path, target):
        if what in str(target):
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        code, _, complaint = grade(place, out)
    assert code == 1 and complaint.count("\n") == 1
    assert "the disk is full" in complaint and what in complaint
    code, printed, complaint = grade(place, out)
    assert (code, complaint) == (0, "")
    assert "0 graded in" in printed and "1 were graded before" in printed
    assert points(out) == {"bob": 4.0}


def test_a_killed_sandbox_is_started_again(tmp_path, monkeypatch):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    begin, killed = Grader._one, []

    def one(self, student, content):
        sandbox = self._workers[0].sandbox
        if student in ("ada", "bob", "eve") and sandbox is not None:
            with contextlib.suppress(ProcessLookupError):  # the last kill may have met it, too
                os.kill(sandbox.pid, signal.SIGKILL)
            sandbox._process.wait(10)
            killed.append(student)
        return begin(self, student, content)

    monkeypatch.setattr(Grader, "_one", one)
    code, _, complaint = grade(place, out)
    assert code == 0, complaint
    assert killed == ["ada", "bob", "eve"]
    assert points(out) == POINTS
    assert all(entry["status"] != "crashed" for entry in results(out)["submissions"])


def test_where_no_sandbox_starts_any_more_nobody_is_marked_down(tmp_path, monkeypatch):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(Grader, "_one", lambda self, student, _: self._lost(student, "broken"))
        code, _, complaint = grade(place, out)
    assert code == 1
    assert "no sandbox can be started any more (broken)" in complaint
    assert grade(place, out)[0] == 0
    assert points(out) == POINTS
