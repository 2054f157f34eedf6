"""`coursekit grade`: what it leaves, what it says, and one line for whatever goes wrong."""

import csv
import html
import json
import os
import shlex
import zipfile

import pytest
from classes_at_hand import (
    ALL_RIGHT,
    FLIPPED_ONLY,
    POINTS,
    command,
    grade,
    lasting,
    make_class,
    points,
    results,
)
from filelock import FileLock
from notebooks_at_hand import IMPORTS, MATCH, ROOT, SET, handed_out, notebook, solution

from coursekit import _files
from coursekit.checks import exercise_sets
from coursekit.grading import engine
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.sandbox.report import Part, SandboxReport

pytestmark = pytest.mark.sandbox

ODD = "e v\ne\x1b[31m'\""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class with odd names and odd files, graded once: the folder, the outcome of the call."""
    top = tmp_path_factory.mktemp("graded")
    place = make_class(top / "class")
    (place / f"{ODD}.ipynb").write_bytes(FLIPPED_ONLY)
    (place / "link.ipynb").symlink_to("/etc/passwd")
    (place / "notes\x1b[31m.txt").write_text("not a notebook")
    return place, top / "out", grade(place, top / "out", "--seed", "5", preflight=True)


def test_every_hand_in_has_one_entry_in_the_order_of_names(graded):
    _, out, (code, _, complaint) = graded
    assert (code, complaint) == (0, "")
    whole = results(out)
    assert (whole["set"], whole["max_points"]) == (SET, 6.0)
    assert points(out) == POINTS | {ODD: 4.0, "link": 0.0}
    names = [entry["student"] for entry in whole["submissions"]]
    assert names == sorted(names)
    by_name = {entry["student"]: entry for entry in whole["submissions"]}
    assert {name for name, e in by_name.items() if e["status"] == "unreadable"} == {"dee", "link"}
    assert [event["code"] for event in by_name["link"]["events"]] == ["link"]
    conv2d = by_name["bob"]["functions"][0]
    assert conv2d["misconception"] == "kernel_flipped"
    assert set(conv2d["counterexample"]) == {"args", "expected", "got"}
    for entry in by_name.values():  # all functions and checks, also where nothing could be read
        assert [len(function["checks"]) for function in entry["functions"]] == [3, 2]
        assert sum(function["points"] for function in entry["functions"]) == entry["points"]


def test_the_table_agrees_with_the_results(graded):
    _, out, _ = graded
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {name: float(row["points"]) for name, row in rows.items()} == {
        "e v e [31m'\"" if name == ODD else name: value for name, value in points(out).items()
    }
    assert rows["bob"]["conv2d misconception"] == "kernel_flipped"


def test_there_is_a_page_for_everybody_a_zip_of_them_and_one_of_the_class(graded):
    place, out, _ = graded
    coded = "e%20v%0Ae%1B%5B31m%27%22"
    names = {f"{name}.html" for name in (*POINTS, coded, "link")}
    assert {path.name for path in (out / "feedback").iterdir()} == names
    with zipfile.ZipFile(out / "feedback.zip") as packed:
        assert set(packed.namelist()) == names
    assert "The smallest example that shows it" in (out / "feedback" / "bob.html").read_text()
    page = (out / "class.html").read_text()
    assert "7 submissions, of 6 points each" in page
    again = f"coursekit grade {SET} {place} --out {out} --only=bob"
    assert again in page and "--only=ada" not in page


def test_what_is_printed_is_short_and_steers_no_terminal(graded):
    _, out, (_, printed, _) = graded
    assert "\x1b" not in printed
    lines = printed.splitlines()
    assert lines[0] == r"Passed over: notes\x1b[31m.txt is not a notebook"
    assert lines[1] == f"7 submissions of {SET}."
    assert lines[2] == (
        "Preflight: the solution earns 6 of 6 points, the handed-out notebook none."
    )
    assert lines[3].startswith("7 graded in ")
    said = "Final points of 7 students: median 0, mean 2.00 of 6."
    assert lines[3].endswith(f"(2 unreadable). {said}")
    assert said in (out / "class.html").read_text()
    assert lines[4].startswith(f"In {out}: results.json")
    assert len(lines) == 5


def test_nothing_is_left_half_written(graded):
    _, out, _ = graded
    assert {path.name for path in out.iterdir()} == {
        ".coursekit.json", ".lock", ".preflight.json", "class.html", "feedback", "feedback.zip",
        "gradebook.db", "results.csv", "results.json", "review",
    }  # fmt: skip


def test_a_regrade_says_what_changed_and_loses_nothing(tmp_path):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    first = grade(place, out, preflight=True)
    assert first[0] == 0 and "Preflight" in first[1]
    before = lasting(out)
    (place / "bob.ipynb").write_bytes(ALL_RIGHT)
    (place / "ada.ipynb").write_bytes(b"spoilt")
    (place / "fay.ipynb").write_bytes(FLIPPED_ONLY)
    (place / "eve.ipynb").unlink()
    code, printed, _ = grade(place, out, preflight=True)
    assert code == 0
    assert "Preflight" not in printed  # cached
    assert "Changed: ada: 6 -> 0 points (another file)" in printed
    assert "Changed: bob: 4 -> 6 points (another file)" in printed
    assert printed.count("Changed") == 2
    assert points(out) == POINTS | {"ada": 0.0, "bob": 6.0, "fay": 4.0}
    unchanged = {entry["student"]: entry for entry in before["submissions"]}
    for entry in lasting(out)["submissions"]:
        if entry["student"] in ("cy", "dee", "eve"):  # the same questions, the same answers
            assert entry == unchanged[entry["student"]]
    book = GradeBook(out / "gradebook.db")
    assert [attempt.points for attempt in book.attempts("ada", SET)] == [6.0, 0.0]
    book.close()


def test_one_student_is_graded_again_and_every_failing_check_is_shown(tmp_path):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    assert grade(place, out)[0] == 0
    before = {entry["student"]: entry for entry in results(out)["submissions"]}
    code, printed, _ = grade(place, out, "--only", "bob")
    assert code == 0
    assert "✗ any square kernel: wrong for" in printed
    assert "turns the kernel by half a turn" in printed and "expected" in printed
    assert "Changed" not in printed and "1 graded in" in printed
    after = {entry["student"]: entry for entry in results(out)["submissions"]}
    assert before["bob"]["functions"] == after["bob"]["functions"]  # the same questions
    assert before["ada"] == after["ada"]
    (place / "bob.ipynb").write_bytes(ALL_RIGHT)
    code, printed, _ = grade(place, out, "--only", "bob")
    assert "Changed: bob: 4 -> 6 points (another file)" in printed
    assert points(out) == POINTS | {"bob": 6.0}
    assert "6 of 6 points" in (out / "feedback" / "bob.html").read_text()
    code, _, complaint = grade(place, out, "--only", "bobb")
    assert code == 2
    assert "--only 'bobb' is no student who handed in; did you mean 'bob'?" in complaint


MOODLE = {
    "Ada Lovelace_77_assignsubmission_file_/a.ipynb": ALL_RIGHT,
    "Bob_78_assignsubmission_file_/b.ipynb": FLIPPED_ONLY,
    "Eve_99_assignsubmission_file_/c.ipynb": FLIPPED_ONLY,
}
ROSTER = "username,full name,id number\nal1815,Ada Lovelace,1\nbob,Bob,2\nzoe,Zoe,3\n"
TIMES = (
    "Identifier,Full name,Email address,Last modified (submission)\n"
    'Participant 77,Ada Lovelace,ada@example.org,"Saturday, 21 November 2026, 11:20 AM"\n'
    'Participant 78,Bob,bob@example.org,"Sunday, 22 November 2026, 11:20 AM"\n'
    "Participant 99,Eve,eve@example.org,-\n"
)


def test_a_roster_names_students_and_hand_in_times_cost_late_days(tmp_path):
    out = tmp_path / "out"
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as packed:
        for name, content in MOODLE.items():
            packed.writestr(name, content)
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "times.csv").write_text(TIMES)
    late = ["--zone", "Europe/Vienna", "--due", "2026-11-21 12:00", "--penalty", "0.25"]
    lists = ["--roster", tmp_path / "roster.csv", "--times", tmp_path / "times.csv"]
    code, printed, complaint = grade(tmp_path / "class.zip", out, *lists, *late)
    assert (code, complaint) == (0, "")
    assert f"3 submissions of {SET}, laid out as Moodle does it." in printed
    assert "Not on the roster: Eve" in printed
    assert "1 handed in nothing" in printed
    assert "Of 1 nobody knows when it was handed in: counted as in time." in printed
    assert points(out) == {"Eve": 4.0, "al1815": 6.0, "bob": 4.0}
    eve = results(out)["submissions"][0]
    assert [event["code"] for event in eve["events"]] == ["not_on_roster"]
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        finals = {row["student"]: row["final"] for row in csv.DictReader(file)}
    late = {"Eve": "4", "al1815": "6", "bob": "3", "zoe": ""}  # a day late, a quarter less
    assert finals == late
    page = (out / "feedback" / "bob.html").read_text()
    assert "1 less for 1 day late" in page and "11:20" in page  # in the zone of the class
    assert "Ada Lovelace" in (out / "feedback" / "al1815.html").read_text()

    code, printed, _ = grade(tmp_path / "class.zip", out, "--roster", tmp_path / "roster.csv")
    assert code == 0  # nobody said the times again: they hold for the same files
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        assert {row["student"]: row["final"] for row in csv.DictReader(file)} == finals


def test_without_a_roster_first_and_with_one_later_students_stay_the_same(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "lovelaceada_12_34_03.ipynb").write_bytes(FLIPPED_ONLY)
    (tmp_path / "roster.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        "    Points Possible,,,,\n"
        '"Lovelace, Ada",12,s1,al1815,A\n'
    )
    assert grade(place, out)[0] == 0
    assert points(out) == {"lovelaceada": 4.0}
    (place / "lovelaceada_12_35_03-1.ipynb").write_bytes(ALL_RIGHT)
    code, printed, _ = grade(place, out, "--roster", tmp_path / "roster.csv")
    assert code == 0
    assert "Changed: al1815: 4 -> 6 points (another file)" in printed
    assert points(out) == {"al1815": 6.0}
    assert [path.name for path in (out / "feedback").iterdir()] == ["al1815.html"]
    assert "Renamed: lovelaceada is now al1815" in printed
    code, _, complaint = grade(
        place, out, "--dry-run"
    )  # without the list Ada would be a second one
    assert code == 2 and "lovelaceada_12_35_03-1.ipynb" in complaint and "--roster" in complaint
    printed = command("export", "--format", "canvas", "--from", out, "--new-assignment")[1]
    assert '"Lovelace, Ada",12,s1,al1815,A,6' in printed.splitlines()


def test_a_second_student_of_one_name_takes_nothing_from_the_first(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "lovelaceada_12_34_03.ipynb").write_bytes(FLIPPED_ONLY)
    assert grade(place, out)[0] == 0
    (place / "lovelaceada_13_35_03.ipynb").write_bytes(ALL_RIGHT)
    assert grade(place, out)[0] == 0
    assert points(out) == {"lovelaceada (12)": 4.0, "lovelaceada (13)": 6.0}
    (place / "lovelaceada_12_34_03.ipynb").unlink()
    assert grade(place, out)[0] == 0
    assert points(out) == {"lovelaceada": 6.0, "lovelaceada (12)": 4.0}
    book = GradeBook(out / "gradebook.db")
    assert [attempt.points for attempt in book.attempts("lovelaceada (12)", SET)] == [4.0, 4.0]
    book.close()


WRONG = [
    (["grade", "99", "{tmp}", "--out", "{tmp}/o"], "SET '99' is not known; give one of: 01_images"),
    (["grade", SET, "{tmp}/none", "--out", "{tmp}/o"], "none is not there"),
    (["grade", SET, "{tmp}", "--out", "{tmp}"], "name another folder"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/a.ipynb"], "is a file"),
    (["grade", SET, "{tmp}"], "--out"),
    (["grade", SET], "SUBMISSIONS"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--workers", "0"], "--workers"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--seed", "-1"], "--seed"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--only", "eve"], "--only 'eve'"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--due", "tomorrow"], "--due: 'tomorrow' is not"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--due", "2026-11-21 12:00"], "--zone"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--due", "2026-11-21", "--zone", "UTC"], "--due"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--zone", "Vienna"], "--zone 'Vienna'"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--penalty", "0.1"], "--penalty"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--penalty", "10"], "for 10 percent give 0.1"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--penalty", "-1"], "--penalty -1"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--marked-late", "1"], "--marked-late"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--roster", "{tmp}/no.csv"], "no.csv cannot be"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--times-column", "when"], "--times-column"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--key-column", "who"], "--key-column"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--times", "{tmp}/t.csv"], "holds no time"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--memory", "1"], "--memory"),
    (["grade", SET, "{tmp}", "--out", "{tmp}/o", "--roster", "{tmp}/r.csv"], "--key-column"),
]


@pytest.mark.parametrize(("words", "named"), WRONG)
def test_a_wrong_call_is_one_line_that_names_the_mend(tmp_path, words, named):
    (tmp_path / "a.ipynb").write_bytes(ALL_RIGHT)
    (tmp_path / "t.csv").write_text("student,when\nada,2026-11-21 12:00\n")
    (tmp_path / "r.csv").write_text("student,name\rx1,Xenia\r")
    code, _, complaint = command(*(word.format(tmp=tmp_path) for word in words))
    assert code == 2, complaint
    assert complaint.startswith("coursekit: ") and complaint.count("\n") == 1
    assert named in complaint
    assert not (tmp_path / "o" / "results.json").exists()


@pytest.mark.parametrize("spoilt", ["empty", "another set", "text", "damaged zip"])
def test_a_place_without_hand_ins_is_one_line(tmp_path, spoilt):
    place = tmp_path / "submissions"
    if spoilt == "another set":
        (place / "ada" / "04_kernels").mkdir(parents=True)
        (place / "ada" / "04_kernels" / "04_kernels.ipynb").write_bytes(ALL_RIGHT)
    elif spoilt == "empty":
        place.mkdir()
    else:
        place.write_bytes(b"no zip" if spoilt == "text" else b"PK\x03\x04 and so on")
    code, _, complaint = grade(place, tmp_path / "out")
    assert code == 1 and complaint.count("\n") == 1
    assert str(place) in complaint
    assert not (tmp_path / "out" / "results.json").exists()


def test_a_second_grader_in_the_same_folder_stops_and_says_so(tmp_path):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    out.mkdir()
    with FileLock(out / ".lock"):
        code, _, complaint = grade(place, out)
    assert code == 1
    assert f"another grader is at work in {out}; wait until it is done" in complaint


def test_a_set_whose_solution_fails_its_own_checks_is_not_graded(tmp_path, monkeypatch):
    place, out, course = make_class(tmp_path / "class"), tmp_path / "out", tmp_path / "course"
    for part, content in (("exercises", handed_out(SET)), ("solutions", FLIPPED_ONLY)):
        (course / part).mkdir(parents=True)
        (course / part / f"{SET}.ipynb").write_bytes(content)
    monkeypatch.setattr(_files, "course_root", lambda: course)
    code, _, complaint = grade(place, out, preflight=True)
    assert code == 1 and complaint.count("\n") == 1
    assert "the solution fails (wrong for" in complaint
    assert "the check 'any square kernel' of conv2d" in complaint
    assert not (out / "results.json").exists()

    (course / "exercises" / f"{SET}.ipynb").write_bytes(solution(SET))
    (course / "solutions" / f"{SET}.ipynb").write_bytes(solution(SET))
    complaint = grade(place, out, preflight=True)[2]
    assert "the handed-out notebook passes the check" in complaint

    (course / "exercises" / f"{SET}.ipynb").write_bytes(handed_out(SET))
    (course / "solutions" / f"{SET}.ipynb").unlink()
    code, printed, _ = grade(place, out, preflight=True)
    assert code == 0 and "the solution is not at hand" in printed


def test_where_there_is_no_sandbox_it_is_refused_or_marked(tmp_path, monkeypatch):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "bob.ipynb").write_bytes(FLIPPED_ONLY)
    report = SandboxReport((Part("bubblewrap", False, "not found"),))
    monkeypatch.setattr(engine, "sandbox_report", lambda: report)
    code, _, complaint = grade(place, out)
    assert code == 1
    assert "no sandbox here: bubblewrap: not found; or give --unsafe" in complaint
    code, printed, _ = grade(place, out, "--unsafe")
    assert code == 0 and "WITHOUT A SANDBOX" in printed
    (entry,) = results(out)["submissions"]
    assert entry["isolated"] is False
    assert "graded without isolation" in (out / "feedback" / "bob.html").read_text()
    assert "graded without isolation" in (out / "class.html").read_text()


def test_every_set_there_is_can_be_named_and_is_found_in_nbgraders_layout(tmp_path):
    from coursekit.grading.submissions.finding import find

    for name in exercise_sets():
        folder = tmp_path / "ada" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes((ROOT / "exercises" / f"{name}.ipynb").read_bytes())
        (folder / "timestamp.txt").write_text("2026-11-21 11:20:00.123456 Europe/Vienna")
    for name in exercise_sets():
        (found,) = find(tmp_path, name).submissions
        assert found.student == "ada" and found.layout == "nbgrader"
        assert found.handed_in.isoformat() == "2026-11-21T11:20:00.123456+01:00"


def test_the_folder_of_results_may_lie_among_the_hand_ins(tmp_path):
    place = make_class(tmp_path / "class")
    code, printed, _ = grade(place, place / "out")
    assert code == 0
    code, printed, _ = grade(place, place / "out")
    assert code == 0 and "Passed over" not in printed
    assert points(place / "out") == POINTS


def test_a_notebook_that_cannot_be_opened_costs_nobody_else_a_mark(tmp_path):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    (place / "pipe.ipynb").unlink(missing_ok=True)
    os.mkfifo(place / "pipe.ipynb")  # reading it would never end
    (place / "big.ipynb").write_bytes(b" " * (33 << 20))
    deep = json.dumps({"cells": []}).replace("[]", "[" * 50_000)
    (place / "deep.ipynb").write_text(deep)
    assert grade(place, out)[0] == 0
    codes = {e["student"]: [event["code"] for event in e["events"]]
             for e in results(out)["submissions"]}  # fmt: skip
    assert codes["pipe"] == ["link"] and codes["big"] == ["too_large"]
    assert len(codes["deep"]) == 1
    assert {name: points(out)[name] for name in POINTS} == POINTS


SCIPY = notebook(
    IMPORTS,
    MATCH,
    "from scipy import signal\n"
    "def conv2d(image, kernel):\n    return signal.correlate2d(image, kernel, mode='valid')",
)


def test_rules_are_kept_shown_and_printed(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "Bob.ipynb").write_bytes(SCIPY)
    rules = ["--strict", "--memory", "700", "--zone", "Europe/Vienna"]
    due = ["--due", "2026-11-21 23:59", "--penalty", "0.25"]
    assert grade(place, out, *rules, *due)[0] == 0
    assert points(out) == {"Bob": 2.0}
    page = html.unescape((out / "class.html").read_text())
    command_line = page[page.index(f"coursekit grade {SET}") :].partition("</code>")[0]
    words = shlex.split(command_line)
    for word in (*rules, "2026-11-21T23:59:00+01:00", "0.25", "--only=Bob"):
        assert word in words
    code, printed, _ = command(*words[1:], "--no-preflight", "--workers", "1")
    assert code == 0 and "Bob: 2 of 6 points" in printed  # what is printed gives the same mark
    code, printed, _ = grade(place, out, "--only", "bob")
    assert code == 0 and points(out) == {"Bob": 2.0}
    kept = "--strict, --zone Europe/Vienna, --memory 700, --due 2026-11-21T23:59:00+01:00"
    assert f"Rules of the last run: {kept} --penalty 0.25." in printed
    assert grade(place, out, "--no-strict")[0] == 0
    assert points(out) == {"Bob": 6.0}


def test_nothing_of_another_set_or_of_somebody_else_s_is_written_over(tmp_path):
    place, out, mine = tmp_path / "class", tmp_path / "out", tmp_path / "mine"
    place.mkdir()
    (place / "bob.ipynb").write_bytes(FLIPPED_ONLY)
    mine.mkdir()
    (mine / "results.csv").write_text("my own marks")
    code, _, complaint = grade(place, mine)
    assert code == 2 and "did not write: results.csv;" in complaint
    assert [path.name for path in mine.iterdir()] == ["results.csv"]
    (mine / "results.csv").rename(mine / "thesis.tex")
    code, _, complaint = grade(place, mine)
    assert code == 2 and "did not write: thesis.tex;" in complaint
    assert [path.name for path in mine.iterdir()] == ["thesis.tex"]
    book = tmp_path / "all.db"
    assert grade(place, out, "--gradebook", book)[0] == 0
    before = (out / "results.json").read_bytes()
    words = ["grade", "4", place, "--workers", "1", "--no-preflight", "--gradebook", book, "--out"]
    code, _, complaint = command(*words, out)
    assert code == 2 and f"holds the results of {SET}" in complaint
    assert (out / "results.json").read_bytes() == before
    assert command(*words, tmp_path / "four")[0] == 0
    code, printed, _ = command("export", "--format", "csv", "--from", out, "--set", "4")
    assert code == 0 and "04_kernels,bob" in printed
    assert SET in command("mark", out, "BOB", "--points", "1")[1]
    code, _, complaint = command("mark", out, "bob", "--set", "4", "--points", "1")
    assert code == 2 and "name the --out that 04_kernels was graded into" in complaint


def test_a_dry_run_says_how_every_file_is_understood_and_grades_nothing(tmp_path):
    place, out = make_class(tmp_path / "class"), tmp_path / "out"
    (place / "zoe.pdf").write_bytes(b"%PDF")
    (tmp_path / "roster.csv").write_text(
        "student,name,submitted\n"
        "ada,Ada L,04.11.26 21:20\nbob,Bob,\ncy,Cy,\ndee,Dee,\nzoe,Zoe,\nyan,Yan,\n"
    )
    words = ["--roster", tmp_path / "roster.csv", "--times", tmp_path / "roster.csv", "--dry-run"]
    late = ["--zone", "Europe/Vienna", "--due", "03.11.26 23:59"]
    code, printed, complaint = grade(place, out, *words, *late)
    assert (code, complaint) == (0, "")
    lines = {line.partition(":")[0]: line for line in printed.splitlines()}
    assert "on the roster as Ada L; handed in 2026-11-04 21:20 CET; 1 day late" in lines["ada"]
    assert "no notebook" in lines["dee"] and "as it was released" in lines["eve"]
    assert "zoe.pdf was handed in, which is no notebook" in lines["zoe"]
    assert "nothing handed in" in lines["yan"] and "not on the roster" in lines["eve"]
    assert not out.exists()
    with (tmp_path / "roster.csv").open("a") as file:
        file.write("xia,Ada L,\n")
    (place / "ADA L.ipynb").write_bytes(ALL_RIGHT)
    code, printed, complaint = grade(place, out, *words[:2])
    assert code == 2 and "in doubt" in complaint and "line 2" in complaint and "line 8" in complaint
    assert not out.exists()
