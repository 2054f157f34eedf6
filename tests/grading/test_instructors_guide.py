"""Every command of docs/instructors.md, in its order, on a small class."""

import csv
import io
import re
import shlex
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
import requests
from class_of_sixty import canvas, moodle, people, plain
from classes_at_hand import command
from importers import ENGLISH, canvas_reads, canvas_unpacks, moodle_reads, moodle_unpacks
from notebooks_at_hand import handed_out

pytestmark = pytest.mark.sandbox
CLASS = {  # the names in the guide, two more, and what they hand in
    "Ada Berg": {"kind": "right", "late_days": 1},
    "Ben Tal": {"kind": "flipped"},
    "Cy Young": {"kind": "sum"},
    "Zoë Weiß": {"kind": "lists", "late_days": 2},
    "Eve Online": {"kind": "nothing"},
}


def commands(project):
    """The lines of the guide's code blocks."""
    text = (project / "docs" / "instructors.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def rules_files(project):
    """The guide's files of rules: the name that stands in the first line, and the text."""
    text = (project / "docs" / "instructors.md").read_text("utf-8")
    return re.findall(r"^```toml\n(?=# (\S+)\n)(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def looked_through(words):
    """Open the page of a class, load it, and stop the server as a person does."""
    command_line = [sys.executable, "-m", "coursekit", *words, "--no-browser"]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as server:
        session = requests.Session()
        page = session.get(server.stdout.readline().strip(), timeout=60)
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0 and page.status_code == 200
    return page.text


@pytest.fixture(scope="module")
def followed(tmp_path_factory, project):
    """A folder in which the guide was followed to the letter, and what each command printed."""
    top = tmp_path_factory.mktemp("guide")
    some = [replace(one, **CLASS[one.name]) for one in people() if one.name in CLASS]
    for make, names in (
        (moodle, ("submissions.zip", "worksheet.csv")),
        (canvas, ("canvas.zip", "gradebook.csv")),
        (plain, ("class", "students.csv")),
    ):
        for made, name in zip(make(top, some), names, strict=True):
            made.rename(top / name)
    (top / "class02").mkdir()
    (top / "class02" / f"{some[0].login}.ipynb").write_bytes(handed_out("02_convolution_1d"))
    (top / "last-year").mkdir()
    (top / "last-year" / "old.ipynb").write_bytes(next(p.content for p in some if p.file))
    for name, text in rules_files(project):
        (top / name).write_text(text)
    printed = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        patch.setattr("webbrowser.open", lambda address: True)
        for line in commands(project):
            words = shlex.split(line)
            if words[:2] == ["coursekit", "review"]:
                printed[line] = looked_through(words[1:])
            elif words[0] == "coursekit":
                code, said, complaint = command(*words[1:])
                assert (code, complaint) == (0, ""), line
                printed[line] = said
            else:
                assert words[0] == "python", line
                subprocess.run([sys.executable, *words[1:]], check=True)
    return top, some, printed


def test_each_command_is_there_and_does_what_the_guide_says(followed):
    top, _, printed = followed
    (dry,) = [said for line, said in printed.items() if "--dry-run" in line]
    assert all(name in dry for name in CLASS) and "nothing was graded" in dry
    with zipfile.ZipFile(top / "handout.zip") as packed:
        names = packed.namelist()
    assert "handout/exercises/03_convolution_2d.ipynb" in names
    assert not any("solution" in name for name in names)
    unpacked = top / "students"
    for name in ("handout.zip", "handout-2.zip"):  # the next one goes over the first
        with zipfile.ZipFile(top / name) as packed:
            packed.extractall(unpacked)
    assert [path.name for path in unpacked.iterdir()] == ["handout"]
    exercises = {path.name[:2] for path in (unpacked / "handout" / "exercises").iterdir()}
    assert exercises == {"03", "04"}
    (page,) = [said for line, said in printed.items() if line.startswith("coursekit review")]
    assert all(name in page for name in CLASS)
    alike = [said for line, said in printed.items() if line.startswith("coursekit similar")]
    assert "from elsewhere: 1" in alike[1] and (top / "marks" / "similar.html").is_file()
    (account,) = [said for line, said in printed.items() if line.endswith('mark marks "Ben Tal"')]
    assert "only a slip in the last line" in account
    for name in ("class.html", "results.csv", "gradebook.db"):
        assert (top / "marks" / name).is_file()
    (said,) = [said for line, said in printed.items() if line.startswith("coursekit totals")]
    assert "5 students, 2 sets" in said and (top / "totals" / "course.html").is_file()
    assert (top / "marks02" / "class.html").is_file() and (top / "course.db").is_file()


def test_an_answer_in_words_is_marked_as_the_guide_says(followed):
    with (followed[0] / "words" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert {name: row["half_noise"] for name, row in rows.items() if row["points"]} == {
        "Ada Berg": "0", "Ben Tal": "1.5", "Cy Young": "0", "Zoë Weiß": "0",
    }  # fmt: skip
    assert float(rows["Ben Tal"]["final"]) == float(rows["Ben Tal"]["points"]) + 1.5
    assert {row["max_points"] for row in rows.values()} == {"8"}


def test_what_goes_back_is_what_was_decided(followed):
    top, some, _ = followed
    wanted = {one.number: "" if one.final is None else f"{one.final:g}" for one in some}
    numbers = {one.name: one.number for one in some}
    wanted[numbers["Cy Young"]] = ""
    assert wanted[numbers["Ada Berg"]] == "5.4"
    wanted[numbers["Ada Berg"]] = "6"  # the extension
    read = moodle_reads((top / "back.csv").read_bytes(), ENGLISH, "utf-8-sig")
    assert {number: points for number, (points, _) in read.items()} == wanted
    assert "See me about the flip" in read[numbers["Ben Tal"]][1]
    handed_in = {one.number for one in some if one.file is not None}
    with zipfile.ZipFile(top / "back_feedback.zip") as packed:
        assert set(moodle_unpacks(packed, set(wanted))) == handed_in
    assert canvas_reads((top / "canvas-back.csv").read_bytes()) == {
        one.number: "" if one.points is None else f"{one.points:g}" for one in some
    }
    with (top / "canvas-late" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        lost = {int(row["number"]): float(row["penalty"] or 0) for row in csv.DictReader(file)}
    marked = {one.number: (one.points or 0) / 10 if one.late_days else 0 for one in some}
    assert lost == pytest.approx(marked)  # a day each, however late it really was
    with zipfile.ZipFile(top / "canvas-back_feedback.zip") as packed:
        assert {user for user, _ in canvas_unpacks(packed)} == handed_in
    rows = csv.DictReader(io.StringIO((top / "marks.csv").read_text("utf-8-sig")))
    assert {row["name"] for row in rows} == set(CLASS)
