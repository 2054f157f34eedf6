"""`grading.toml`: what it says holds, what it does not mean is refused by its line."""

import csv
import json
import re
import sqlite3
import tomllib
import zipfile

import pytest
from classes_at_hand import ALL_RIGHT, FLIPPED_ONLY, SUM, command, grade, results
from importers import ENGLISH, moodle_reads, moodle_unpacks
from notebooks_at_hand import SET

from coursekit.grading.commands.rules_file import TEMPLATE, read_rules

RULES = """\
zone = "UTC"
roster = "students.csv"
times = "times.csv"

[late]
penalty = 0.25

[groups]
"Team 1" = ["ada", "Cy Young"]

[sets.03]
due = 2026-11-21T12:00:00
extensions_table = "extensions.csv"
points = { conv2d = 8 }
excused = ["Dee Dee"]

[sets.03.dropped]
conv2d = ["kernels of any sides, and every kind of number"]

[sets.03.sections]
B = "2026-11-22 12:00"
"""


@pytest.fixture
def top(tmp_path):
    """A class, its lists and its rules beside it."""
    place = tmp_path / "class"
    place.mkdir()
    for name, content in (("ada", ALL_RIGHT), ("ben", FLIPPED_ONLY), ("dee", SUM)):
        (place / f"{name}.ipynb").write_bytes(content)
    (tmp_path / "students.csv").write_text(
        "student,name,section\nada,Ada Berg,A\nben,Ben Tal,B\ncy,Cy Young,A\ndee,Dee Dee,B\n"
    )
    (tmp_path / "times.csv").write_text(
        "student,submitted\nada,2026-11-22 11:00\nben,2026-11-23 11:00\ndee,2026-11-21 11:00\n"
    )
    (tmp_path / "extensions.csv").write_text("student,days,until\ncy,1,\n")
    (tmp_path / "grading.toml").write_text(RULES)
    return tmp_path


def finals(out):
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row["final"] for row in csv.DictReader(file)}
    assert rows.pop("dee") == "excused"
    return {student: float(final) for student, final in rows.items()}


@pytest.mark.sandbox
def test_a_class_is_graded_by_its_file_and_by_the_command_line_before_it(top):
    out = top / "out"
    code, printed, complaint = grade(top / "class", out)
    assert (code, complaint) == (0, "")
    # Ben passes what is worth 2 of the 3 points of `conv2d` that are left, which count as 8, and
    # the 2 of `match_score`; a day late by his section's time, he loses a quarter.
    ben = (2 / 3 * 8 + 2) * 0.75
    assert finals(out) == pytest.approx({"ada": 7.5, "ben": ben, "cy": 10}, abs=1e-3)
    whole = results(out)
    assert whole["max_points"] == pytest.approx(10)
    conv2d = whole["submissions"][1]["functions"][0]
    assert (conv2d["max_points"], len(conv2d["checks"])) == (pytest.approx(8), 2)
    assert str(top / "grading.toml") in printed
    assert "Due 2026-11-22 12:00 UTC" in (out / "feedback" / "ben.html").read_text()

    page = (out / "class.html").read_text()
    assert "extensions_table" in page and "Ben Tal" in page
    code, printed, _ = grade(top / "class", out, "--penalty", "0.5", "--anonymous")
    assert code == 0 and "but penalty by the command line" in printed
    assert finals(out)["ada"] == 5
    with sqlite3.connect(out / "gradebook.db") as book:
        (kept,) = book.execute("SELECT rules FROM run ORDER BY id DESC LIMIT 1").fetchone()
    assert json.loads(kept)["text"] == RULES and json.loads(kept)["over"] == ["penalty"]
    page = (out / "class.html").read_text()
    assert not re.search(r"\b(ada|ben|Berg|Tal|extensions)\b", page.partition("Graded ")[0])
    with sqlite3.connect(out / "gradebook.db") as book:
        aliases = dict(book.execute("SELECT key, alias FROM student"))
    assert {path.stem for path in (out / "review").iterdir()} == {
        aliases[name] for name in ("ada", "ben", "cy", "dee")
    }
    assert not re.search(r"\bada\b", (out / "review" / f"{aliases['ada']}.html").read_text())
    assert "Ada Berg" in (out / "feedback" / "ada.html").read_text()
    code, printed, _ = command("mark", out, aliases["ada"])
    assert code == 0 and printed.startswith("ada, ")

    code, _, complaint = command("mark", out, "ben", "--points", "11")
    assert code == 2 and "11 is more than the 10" in complaint
    assert command("mark", out, "ben", "--points", "9")[0] == 0
    (top / "grading.toml").rename(top / "other.toml")
    code, _, complaint = grade(top / "class", out, "--dry-run")
    assert code == 2 and "--rules" in complaint
    assert grade(top / "class", out, "--dry-run", "--rules", top / "other.toml")[0] == 0


def test_more_time_is_added_to_what_would_hold_without_it(top):
    (top / "extensions.csv").write_text("student,days,until\nben,2,\nDee Dee,,2026-11-30 09:00\n")
    code, printed, complaint = grade(top / "class", top / "out", "--dry-run")
    assert (code, complaint) == (0, "")
    lines = {line.partition(":")[0]: line for line in printed.splitlines()}
    assert "due 2026-11-24 12:00 UTC; in time" in lines["ben"]  # the section's, and two days
    assert "due 2026-11-30 09:00 UTC; in time" in lines["dee"]
    assert lines["ada"].endswith("handed in 2026-11-22 11:00 UTC; 1 day late")
    assert "handed in for Team 1 by ada" in printed


@pytest.mark.sandbox
def test_a_group_hands_in_once_and_each_member_gets_marks_and_page(tmp_path):
    folder = tmp_path / "class" / "Ada Berg_1001_assignsubmission_file_"
    folder.mkdir(parents=True)
    (folder / "ours.ipynb").write_bytes(ALL_RIGHT)
    head = "Identifier,Full name,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments"
    people = [(1001, "Ada Berg"), (1002, "Ben Tal"), (1003, "Cy Young")]
    rows = [f"Participant {n},{name},,,6.00,-," for n, name in people]
    (tmp_path / "worksheet.csv").write_text("\n".join([head, *rows, ""]))
    (tmp_path / "grading.toml").write_text(
        'roster = "worksheet.csv"\n[groups]\n"Team 1" = ["Ben Tal", "Ada Berg"]\n'
    )
    out, back = tmp_path / "out", tmp_path / "back.csv"
    assert grade(tmp_path / "class", out)[0] == 0
    code, _, complaint = command("export", "--format", "moodle", "--from", out, "--out", back)
    assert (code, complaint) == (0, "")
    read = moodle_reads(back.read_bytes(), ENGLISH)
    assert {n: points for n, (points, _) in read.items()} == {1001: "6", 1002: "6", 1003: ""}
    with zipfile.ZipFile(tmp_path / "back_feedback.zip") as packed:
        assert len(packed.namelist()) == 2
        assert set(moodle_unpacks(packed, {1001, 1002, 1003})) == {1001, 1002}


def test_two_files_of_one_group_are_a_doubt_until_one_is_picked(top):
    (top / "class" / "cy.ipynb").write_bytes(FLIPPED_ONLY)
    code, _, complaint = grade(top / "class", top / "out", "--dry-run")
    assert code == 2 and "Team 1" in complaint and "cy.ipynb" in complaint
    code, printed, _ = grade(top / "class", top / "out", "--dry-run", "--file", "ada.ipynb")
    assert code == 0 and "cy: ada.ipynb" in printed


WRONG = {  # what stands in place of a line of the rules: the line that is named, and the words
    'zone = "UTC"': [('zon = "UTC"', 1, "did you mean zone"), ("zone = 1", 1, "string"),
                     ('zone = "Vienna"', 1, "Europe/Vienna"),
                     ('zone = "UTC', 1, "not TOML")],
    "penalty = 0.25": [("penalty = 25", 6, "less than or equal to 1"),
                       ('penalty = "0.25"', 6, "number"), ("penalty = 0.25\npenalty = 1", 7, "")],
    '"Team 1" = ["ada", "Cy Young"]': [('T = ["ada", "cyy"]', 9, "'cyy' is nobody"),
                                       ('T = ["ada"]\nU = ["ada"]', 10, "one group")],
    "[sets.03]": [("[sets.99]", 11, "give one of: 01_images")],
    "due = 2026-11-21T12:00:00": [('due = "03/11/2026 12:00"', 12, "--date-format"),
                                  ('due = "soon"', 12, "is not a time"),
                                  ("due = 2026-11-21", 12, "2026-11-21 23:59"),
                                  ("", 11, "say with due")],
    "points = { conv2d = 8 }": [("points = { conv3d = 8 }", 14, "conv2d, match_score"),
                                ("points = { conv2d = 8 }\ntotal = 9", 15, "not both")],
    'excused = ["Dee Dee"]': [('excused = ["cyy"]', 15, "'cyy' is nobody"),
                              ("weight = -1", 15, "greater than or equal to 0"),
                              ("wieght = 1", 15, "did you mean weight")],
    'conv2d = ["kernels of any sides, and every kind of number"]': [
        ('conv2d = ["kernels"]', 18, "'any square kernel'")],
    'B = "2026-11-22 12:00"': [('C = "2026-11-22 12:00"', 21, "there are: A, B")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "new", "number", "words"),
    [(line, *wrong) for line, several in WRONG.items() for wrong in several],
)
def test_what_is_not_meant_is_refused_by_its_line(top, line, new, number, words):
    assert line in RULES
    (top / "grading.toml").write_text(RULES.replace(line, new))
    code, _, complaint = grade(top / "class", top / "out", "--dry-run")
    assert code == 2 and complaint.count("\n") == 1
    assert "grading.toml" in complaint and re.search(rf"\bline {number}\b", complaint), complaint
    assert words in complaint


@pytest.mark.parametrize(
    ("table", "words"),
    [("student,days\nxy,1\n", "line 2: 'xy' is nobody"), ("student\ncy\n", "line 1"),
     ("student,days\ncy,soon\n", "line 2: 'soon'"), ("student,days,until\ncy,,\n", "line 2")],
)  # fmt: skip
def test_a_table_of_extensions_is_read_line_by_line(top, table, words):
    (top / "extensions.csv").write_text(table)
    code, _, complaint = grade(top / "class", top / "out", "--dry-run")
    assert code == 2 and "extensions.csv" in complaint and words in complaint


ALL = "student,set,days,until\nada,02,9,\nada,3,1,\nBen Tal,03_convolution_2d,,2026-11-30 09:00\n"


def test_one_table_gives_more_time_in_all_sets(top):
    (top / "all.csv").write_text(ALL)
    (top / "grading.toml").write_text(
        RULES.replace("[late]", 'extensions_table = "all.csv"\n[late]')
    )
    code, printed, complaint = grade(top / "class", top / "out", "--dry-run")
    assert (code, complaint) == (0, "")
    lines = {line.partition(":")[0]: line for line in printed.splitlines()}
    assert "due 2026-11-22 12:00 UTC; in time" in lines["ada"]
    assert "due 2026-11-30 09:00 UTC; in time" in lines["ben"]
    assert lines["dee"].endswith("; excused")
    for wrong, words in (
        ("student,days\nada,1\n", "line 1 has no column set"),
        (ALL.replace("02,9", "77,9"), "all.csv, line 2"),
        (ALL + "cy,03,1,\n", "has more time by"),
    ):
        (top / "all.csv").write_text(wrong)
        code, _, complaint = grade(top / "class", top / "out", "--dry-run")
        assert code == 2 and words in complaint, complaint


def test_what_init_writes_is_a_file_of_rules_whatever_is_taken_out_of_its_comments(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert command("grade", "--init")[0] == 0
    path = tmp_path / "grading.toml"
    assert path.read_text() == TEMPLATE and read_rules(path, SET).said == {"limits": {}}
    code, _, complaint = command("grade", "--init")
    assert code == 2 and "is there already" in complaint and path.read_text() == TEMPLATE
    lines = [re.sub(r'^# (?=\[|"?[\w ]+"? = )', "", line) for line in TEMPLATE.splitlines()]
    path.write_text("\n".join(lines))
    named = set(re.findall(r"^(\w+) = ", path.read_text(), re.MULTILINE))
    assert len(named) > 20 and tomllib.loads(path.read_text())
    said = read_rules(path, SET)
    assert said.said["penalty"] == 0.2 and said.total == 10  # the set's own cost before the general
