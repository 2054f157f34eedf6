"""What systems say in their own ways: late without a time, other names for the same people."""

import csv

import pytest
from classes_at_hand import ALL_RIGHT, FLIPPED_ONLY, command, grade
from notebooks_at_hand import SET

pytestmark = pytest.mark.sandbox
DUE = ("--due", "2026-11-21 12:00", "--zone", "UTC", "--penalty", "0.25")
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
    '"Berg, Ada",1001,s1,ada,A\n"Tal, Ben",1002,s2,ben,A\n'
)


def from_canvas(top):
    """Ada is in time, Ben marked LATE."""
    place = top / "canvas"
    place.mkdir()
    (place / "bergada_1001_501_work.ipynb").write_bytes(ALL_RIGHT)
    (place / "talben_LATE_1002_502_work.ipynb").write_bytes(FLIPPED_ONLY)
    return place


def finals(out):
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row["final"] for row in csv.DictReader(file)}


def test_late_by_canvas_and_a_due_date_never_contradict_in_silence(tmp_path):
    place, out = from_canvas(tmp_path), tmp_path / "out"
    code, _, complaint = grade(place, out, *DUE)
    assert code == 2 and not out.exists()
    assert "talben_LATE_1002_502_work.ipynb" in complaint and "--marked-late" in complaint
    assert "bergada" not in complaint

    code, printed, _ = grade(place, out)
    assert code == 0 and "Marked LATE by Canvas: talben" in printed
    assert finals(out) == {"bergada": "6", "talben": "4"}

    assert grade(place, out, *DUE, "--marked-late", "2")[0] == 0
    assert finals(out) == {"bergada": "6", "talben": "2"}  # two days at a quarter each
    code, printed, _ = grade(place, out, "--only", "talben")  # all of it holds
    assert code == 0 and finals(out) == {"bergada": "6", "talben": "2"}
    for word in ("2026-11-21T12:00:00+00:00", "--penalty 0.25", "--marked-late 2"):
        assert word in next(line for line in printed.splitlines() if line.startswith("Rules of"))
    assert "in the end: 3 of 6" in command("mark", out, "talben", "--extension", "1")[1]

    times = tmp_path / "times.csv"
    times.write_text("student,submitted\nbergada,2026-11-22 11:00\ntalben,2026-11-21 11:00\n")
    code, printed, _ = grade(place, out, "--times", times)
    assert code == 0 and finals(out) == {"bergada": "4.5", "talben": "4"}
    assert "Marked LATE by Canvas, in time by --due and the time given: talben" in printed
    assert "Not marked LATE by Canvas, late by --due and the time given: bergada" in printed
    new = tmp_path / "new"
    assert grade(place, new, *DUE, "--times", times, "--dry-run")[0] == 0  # times settle it, too


def test_one_student_never_becomes_two_where_another_system_names_them(tmp_path):
    out, files = tmp_path / "out", tmp_path / "files"
    moodle = tmp_path / "moodle"
    for name, number in (("Ada Berg", 1002), ("Ben Tal", 1001)):  # Moodle's own numbers
        (moodle / f"{name}_{number}_assignsubmission_file_").mkdir(parents=True)
        file = moodle / f"{name}_{number}_assignsubmission_file_" / f"{SET}.ipynb"
        file.write_bytes(ALL_RIGHT if number == 1002 else FLIPPED_ONLY)
    assert grade(moodle, out)[0] == 0
    kept = finals(out)
    assert kept == {"Ada Berg": "6", "Ben Tal": "4"}
    canvas = from_canvas(tmp_path)
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK)
    files.mkdir()
    (files / "ada.ipynb").write_bytes(ALL_RIGHT)
    for place, more in ((canvas, ()), (canvas, ("--roster", tmp_path / "gradebook.csv")),
                        (files, ())):  # fmt: skip
        code, printed, complaint = grade(place, out, *more)
        assert code == 2, (place, more)
        assert "one student" in complaint or "new student" in complaint
        assert "--out" in complaint and "Moodle" in complaint
        assert ("bergada_1001_501_work.ipynb" if place is canvas else "ada.ipynb") in complaint
        assert finals(out) == kept

    # A list that has everybody's name makes them the same people wherever they hand in.
    both = tmp_path / "students.csv"
    both.write_text("student,name\naberg,Ada Berg\nbtal,Ben Tal\n")
    code, printed, _ = grade(moodle, out, "--roster", both)
    assert code == 0 and "Renamed: Ada Berg is now aberg" in printed
    code, printed, _ = grade(canvas, out, "--roster", both)
    assert code == 0 and finals(out) == {"aberg": "6", "btal": "4"}
    assert "Changed" not in printed and "New" not in printed
