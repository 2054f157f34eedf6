"""Marks and pages that go back into Moodle and Canvas, read as their own importers read them."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from classes_at_hand import ALL_RIGHT, FLIPPED_ONLY, command, grade
from hypothesis import given, settings
from hypothesis import strategies as st
from importers import ENGLISH, GERMAN, canvas_unpacks, moodle_reads, moodle_unpacks

from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.pages.canvas import gradebook
from coursekit.grading.pages.moodle import feedback_file, fill_in
from coursekit.grading.submissions.tables import table_of

SET = "03_convolution_2d"


def worksheet(language, people, delimiter=",", end="\r\n", highest="6.00"):
    identifier, participant, grade_, most, modified, comment = language
    name = "Vollständiger Name" if language is GERMAN else "Full name"
    file = io.StringIO()
    table = csv.writer(file, delimiter=delimiter, lineterminator=end)
    table.writerow([identifier, name, "Status", grade_, most, modified, comment, "x y "])
    for number, full_name in people:
        table.writerow(
            [f"{participant}{number}", full_name, " Submitted", "", highest, "-", "", "="]
        )
    return file.getvalue()


def mark(student, number=None, final=2.5, **more):
    facts = dict.fromkeys(["name", "email", "handed_in"]) | {
        "status": "graded", "automatic": final, "points": final, "late_days": 0, "penalty": 0.0,
        "max_points": 6.0, "comments": (), "unsafe": False,
    }  # fmt: skip
    return Mark(student=student, number=number, final=final, **(facts | more))


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9)
CLASSES = st.dictionaries(
    st.integers(1, 9999), st.tuples(NAMES, st.none() | st.integers(0, 24)), min_size=1, max_size=5
).filter(lambda people: len({name for name, _ in people.values()}) == len(people))


@settings(deadline=None)  # a busy machine is no error
@given(
    CLASSES,
    st.sampled_from([ENGLISH, GERMAN]),
    st.sampled_from([("utf-8", ","), ("utf-8-sig", ","), ("utf-16", ";"), ("utf-8", "\t")]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_worksheet_filled_in_and_read_again_is_the_same(people, language, how, end):
    encoding, delimiter = how
    given_out = worksheet(language, [(n, name) for n, (name, _) in people.items()], delimiter, end)
    table = table_of(Path("w.csv"), given_out.encode(encoding), None, None)
    marks = [
        mark(name, str(n), None if quarters is None else quarters / 4, name=name)
        for n, (name, quarters) in people.items()
    ]
    content, notes = fill_in(table, SET, marks)
    assert notes == []
    read = moodle_reads(content, language, encoding, delimiter)
    wanted = {n: "" if q is None else f"{q / 4:g}" for n, (_, q) in people.items()}
    assert {n: points for n, (points, _) in read.items()} == wanted
    column = 3  # and but for the grades the file is the one that was given out
    for text in (content.decode(encoding), given_out):
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        rest = [
            [cell for i, cell in enumerate(row) if i != column or row is rows[0]] for row in rows
        ]
        if text is not given_out:
            kept = rest
    assert rest == kept
    assert content.decode(encoding).count(end) == given_out.count(end)


@settings(deadline=None)  # a busy machine is no error
@given(CLASSES)
def test_a_gradebook_exported_and_read_again_is_the_same(people):
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["Student", "ID", "SIS Login ID", "Section", "Homework 3 (77)", "Final Score"])
    table.writerow(["    Points Possible", "", "", "", "6.00", "(read only)"])
    for number, (name, _) in people.items():
        table.writerow([name, number, f"login{number}", "A, B", "", ""])
    marks = [mark(name, str(n), None if q is None else q / 4) for n, (name, q) in people.items()]
    roster = table_of(Path("c.csv"), file.getvalue().encode())
    content, _ = gradebook(roster, SET, marks, "Homework 3")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    possible = [row for row in rows if "Points Possible" in row["Student"]]
    assert [row["Homework 3 (77)"] for row in possible] == ["6"]
    read = {int(row["ID"]): row["Homework 3 (77)"] for row in rows if row not in possible}
    assert read == {n: "" if q is None else f"{q / 4:g}" for n, (_, q) in people.items()}
    assert {row["Section"] for row in rows} == {"", "A, B"}


@settings(deadline=None)  # a busy machine is no error
@given(st.text(max_size=30), st.integers(1, 10**7))
def test_moodle_finds_whose_page_it_is_whatever_the_name(name, number):
    entry = {"submission": {"layout": "Moodle", "label": f"{name}_{number}"}}
    path = feedback_file(SET, entry, mark("x"), None)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(zipfile.ZipInfo(path.encode("utf-8", "replace").decode()), "page")
        assert list(moodle_unpacks(packed, {number})) == [number]


@pytest.mark.parametrize(("possible", "said"), [("10.00", True), ("6.00", False), ("", False)])
def test_other_points_possible_than_the_set_s_are_said(possible, said):
    text = (
        "Student,ID,SIS Login ID,Section,Homework 3 (77)\n"
        f'    Points Possible,,,,{possible}\n"Berg, Ada",1,ada,A,\n'
    )
    _, notes = gradebook(table_of(Path("g.csv"), text.encode()), SET, [mark("ada")], "Homework 3")
    assert any("10" in note and "6" in note for note in notes) is said and len(notes) == said


def test_what_a_worksheet_does_not_fit_is_said():
    table = table_of(Path("w.csv"), worksheet(ENGLISH, [(1, "Ada")], highest="100,00").encode())
    _, notes = fill_in(table, SET, [mark("Ada", "1"), mark("Bob", "2")])
    assert any("100,00" in note for note in notes) and any("Bob" in note for note in notes)


@pytest.fixture(scope="module")
def moodle_class(tmp_path_factory):
    """Two of three have handed in; the worksheet is German, with semicolons and a mark."""
    top = tmp_path_factory.mktemp("moodle")
    for name, number, content in (("Ada Berg", 1001, ALL_RIGHT), ("Ben Tal", 1002, FLIPPED_ONLY)):
        folder = top / "class" / f"{name}_{number}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "work.ipynb").write_bytes(content)
    people = [(1001, "Ada Berg"), (1002, "Ben Tal"), (1003, "Cy Öz")]
    text = worksheet(GERMAN, people, ";", highest="6,00")
    (top / "worksheet.csv").write_bytes(text.encode("utf-8-sig"))
    code, _, complaint = grade(top / "class", top / "out", "--roster", top / "worksheet.csv")
    assert (code, complaint) == (0, "")
    command("mark", top / "out", "Ben Tal", "--points", "5.5", "--comment", "Besser; weiter so!")
    return top


def test_marks_and_pages_go_back_into_moodle(moodle_class):
    file = moodle_class / "back.csv"
    code, _, complaint = command(
        "export", "--format", "moodle", "--from", moodle_class / "out", "--out", file
    )
    assert (code, complaint) == (0, "")
    assert moodle_reads(file.read_bytes(), GERMAN, "utf-8-sig", ";") == {
        1001: ("6", ""), 1002: ("5,5", "Besser; weiter so!"), 1003: ("", ""),
    }  # fmt: skip
    with zipfile.ZipFile(moodle_class / "back_feedback.zip") as packed:
        whose = moodle_unpacks(packed, {1001, 1002, 1003})
        assert whose.keys() == {1001, 1002}
        ben = next(name for name in packed.namelist() if name.startswith("Ben Tal"))
        assert "5.5 of 6" in packed.read(ben).decode()


def test_an_export_never_goes_over_a_file_that_is_there(moodle_class):
    top = moodle_class
    words = ["export", "--format", "moodle", "--from", top / "out", "--out"]
    given_out = (top / "worksheet.csv").read_bytes()
    for more in ((), ("--overwrite",)):
        code, _, complaint = command(*words, top / "worksheet.csv", *more)
        assert code == 2 and "worksheet.csv is the file that was downloaded" in complaint
    assert (top / "worksheet.csv").read_bytes() == given_out
    earlier = top / "earlier.csv"
    assert command(*words, earlier)[0] == 0
    first = earlier.read_bytes()
    command("mark", top / "out", "Ada Berg", "--points", "1")
    code, _, complaint = command(*words, earlier)
    assert code == 2 and "--overwrite" in complaint and earlier.read_bytes() == first
    assert command(*words, earlier, "--overwrite")[0] == 0 and earlier.read_bytes() != first
    command("mark", top / "out", "Ada Berg", "--undo", "points")


@pytest.mark.parametrize(("form", "words"), [("moodle", "grading worksheet"), ("canvas", "Grades")])
def test_without_the_systems_own_file_it_is_said_what_is_missing(tmp_path, form, words):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.ipynb").write_bytes(ALL_RIGHT)
    assert grade(tmp_path / "class", tmp_path / "out")[0] == 0
    out = tmp_path / "out"
    back = tmp_path / "back.csv"
    words_ = ["--format", form, "--from", out, "--assignment", "Homework 3 (77)", "--out", back]
    code, _, complaint = command("export", *words_)
    assert code == 2 and "ada" in complaint and words in complaint and "--roster" in complaint
    assert not back.exists()
    (tmp_path / "list.csv").write_text("student,name\nada,Ada\n")
    code, _, complaint = command(
        "export", "--format", form, "--from", out, "--roster", tmp_path / "list.csv"
    )
    assert code == 2 and "list.csv" in complaint and complaint.count("\n") == 1


def test_marks_and_pages_go_back_into_canvas(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    place.mkdir()
    (place / "bergada_1001_501_03_convolution_2d-1.ipynb").write_bytes(ALL_RIGHT)
    (place / "talben_LATE_1002_502_work.ipynb").write_bytes(FLIPPED_ONLY)
    (tmp_path / "gradebook.csv").write_bytes(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 3 (77),Final Score\n"
        ",,,,,Manual Posting,\n    Points Possible,,,,,6.00,(read only)\n"
        '"Berg, Ada",1001,s1,ada,"A, B",,\n"Tal, Ben",1002,s2,,A,,\n"Öz, Cy",1003,s3,cy,A,,\n'
        .encode()
    )  # fmt: skip
    assert grade(place, out, "--roster", tmp_path / "gradebook.csv")[0] == 0
    command("mark", out, "1003", "--excuse")
    file = tmp_path / "back.csv"
    words = ["--from", out, "--assignment", "Homework 3", "--out", file]
    code, _, complaint = command("export", "--format", "canvas", *words)
    assert (code, complaint) == (0, "")
    for other in ("Homework 4", SET):  # Canvas would make a new assignment for it
        code, _, complaint = command(
            "export", "--format", "canvas", "--from", out, "--assignment", other
        )
        assert code == 2 and "Homework 3 (77)" in complaint and "--new-assignment" in complaint
    head, possible, *students = csv.reader(io.StringIO(file.read_text()))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 3 (77)"]
    assert possible[0].strip() == "Points Possible" and possible[-1] == "6"
    assert [(row[0], row[1], row[4], row[-1]) for row in students] == [
        ("Berg, Ada", "1001", "A, B", "6"), ("Tal, Ben", "1002", "A", "4"),
        ("Öz, Cy", "1003", "A", "EX"),
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "back_feedback.zip") as packed:
        assert canvas_unpacks(packed) == {(1001, 501), (1002, 502)}
        assert any(n.startswith("talben_LATE_1002_502_work.ipynb") for n in packed.namelist())
