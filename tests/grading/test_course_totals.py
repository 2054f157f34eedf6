"""The course's total: as by hand, in a file and on a server; rules in order, or refused."""

import csv
import io

import pytest
from classes_at_hand import command
from course_at_hand import WEIGHTS, WORTH, Work, make_course, write_course
from importers import ENGLISH, canvas_reads, moodle_reads

from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import TotalRules, course_rules, totals
from coursekit.grading.gradebook.people import enrol
from coursekit.grading.submissions.roster import read_people


def table(out):
    with (out / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_totals_are_as_by_hand_in_a_file_and_on_a_server(place, tmp_path):
    course = make_course(60)
    book = GradeBook(place)
    write_course(book, course)
    for weights, drop in ((WORTH, 0), (WEIGHTS, 0), (WEIGHTS, 2), (WORTH, 1)):
        given = {} if weights is WORTH else {name: float(w) for name, w in weights.items()}
        found = totals(book, TotalRules(given, drop))
        wanted = {key: course.total(key, weights, drop) for key in course.work}
        assert wanted["student000"] is None and len(set(wanted.values())) > 50
        assert {one.student: one.points for one in found} == {
            key: None if total is None else pytest.approx(float(total), abs=1e-9)
            for key, total in wanted.items()
        }
    book.close()
    words = [f"--weight={name}={float(weight)}" for name, weight in WEIGHTS.items()]
    out = tmp_path / "totals"
    code, printed, complaint = command(
        "totals", "--gradebook", place, "--out", out, "--drop-lowest", 2, *words
    )
    assert (code, complaint) == (0, "") and "60 students, 5 sets" in printed
    for key, row in table(out).items():
        wanted = course.total(key, WEIGHTS, 2)
        assert (
            row["total"] == ""
            if wanted is None
            else float(row["total"]) == pytest.approx(float(wanted), abs=1e-3)
        )
    code, printed, complaint = command("export", "--format", "csv", "--from", out)
    assert (code, complaint) == (0, "")
    finals = {row["student"]: row["final"] for row in csv.DictReader(io.StringIO(printed))}
    assert finals == {key: row["total"] for key, row in table(out).items()}


SMALL = {
    "ada": {"01_images": Work([12, 12]), "03_convolution_2d": Work([6, 6])},
    "ben": {"01_images": Work([12, 0]), "03_convolution_2d": Work([12, 12])},
    "<i>cy": {"03_convolution_2d": Work([12, 6])},
}


@pytest.fixture
def small(tmp_path):
    """Two sets of six points, three students: shares 1 1/2, 1/2 1, 0 3/4."""
    book = GradeBook(tmp_path / "course.db")
    course = make_course(0)
    course.work = SMALL
    write_course(book, course)
    (tmp_path / "roster.csv").write_text(
        "student,name,number\nada,Ada Berg,1001\nben,Ben Tal,1002\n<i>cy,Cy Young,1003\n"
    )
    enrol(book, read_people(tmp_path / "roster.csv"))
    book.close()
    return tmp_path


def reckon(top, *more):
    return command("totals", "--gradebook", top / "course.db", "--out", top / "out", *more)


def sums(top):
    return {key: row["total"] for key, row in table(top / "out").items()}


def without_empty_sets(top):
    """Weights by which sets that nobody handed in do not count."""
    return [f"--weight={name}={int(name[:2] in ('01', '03'))}" for name in WORTH]


def test_the_command_line_wins_over_the_file_and_that_over_the_last_time(small):
    weights = "".join(f"[sets.{name}]\nweight = {2 * (name[:2] == '03')}\n" for name in WORTH)
    rules = small / "grading.toml"
    rules.write_text(weights.replace("[sets.01_images]\nweight = 0", "[sets.01]\nweight = 1"))
    code, printed, complaint = reckon(small, "--rules", rules)
    assert (code, complaint) == (0, "") and str(rules) in printed
    assert sums(small) == {"<i>cy": "50", "ada": "66.6667", "ben": "83.3333"}
    code, printed, _ = reckon(small, "--weight", "01=2", "--points", "10")
    assert "--weight 01_images by the command line" in printed
    assert sums(small) == {"<i>cy": "3.75", "ada": "7.5", "ben": "7.5"}
    code, printed, _ = reckon(small, "--drop-lowest", "1")  # the file's weights; 10 as before
    assert code == 0 and "--points 10" in printed
    assert sums(small) == {"<i>cy": "7.5", "ada": "10", "ben": "10"}
    book = GradeBook(small / "course.db", read_only=True)
    kept = course_rules(book)
    book.close()
    assert kept["text"] == rules.read_text() and kept["drop_lowest"] == 1
    rules.rename(small / "other.toml")
    code, _, complaint = reckon(small)
    assert code == 2 and "--rules" in complaint


def test_who_is_excused_by_the_file_is_not_asked_for_the_set(small):
    rules = small / "grading.toml"
    rules.write_text('[sets.01]\nexcused = ["Cy Young"]\n[course]\npoints = 10\n')
    assert reckon(small, "--rules", rules, *without_empty_sets(small))[0] == 0
    row = table(small / "out")["<i>cy"]
    assert (row["total"], row["excused"]) == ("7.5", "01_images")
    rules.write_text('anonymous = true\n[sets.03]\nexcused = ["ada",\n"Cy Yung"]\n')
    code, _, complaint = reckon(small)
    assert code == 2 and "line 4" in complaint and "did you mean" in complaint
    rules.write_text("[course]\n")
    assert reckon(small)[0] == 0 and sums(small)["<i>cy"] == "3.75"


def test_pages_show_how_a_total_comes_about_and_nothing_as_markup(small):
    assert reckon(small, "--drop-lowest", "1", *without_empty_sets(small))[0] == 0
    whole = (small / "out" / "course.html").read_text()
    assert "&lt;i&gt;cy" in whole and "<i>cy" not in whole and "100 points are for all" in whole
    page = (small / "out" / "students" / "ada.html").read_text()
    assert "100 of 100 points" in page and "dropped" in page and "no weight" in page
    assert (small / "out" / "students" / "%3Ci%3Ecy.html").is_file()


def test_totals_go_back_into_each_system(small):
    assert reckon(small, *without_empty_sets(small))[0] == 0
    (small / "worksheet.csv").write_text(
        "Identifier,Full name,Status,Grade,Maximum Grade,Last modified (grade),"
        "Feedback comments\nParticipant 1001,Ada Berg,,,100.00,-,\n"
        "Participant 1002,Ben Tal,,,100.00,-,\nParticipant 1003,Cy Young,,,100.00,-,\n"
    )
    (small / "canvas.csv").write_text(
        "Student,ID,SIS Login ID,Section,Course (77)\n    Points Possible,,,,100\n"
        "Ada Berg,1001,ada,A,\nBen Tal,1002,ben,A,\nCy Young,1003,<i>cy,A,\n"
    )
    wanted = {1001: "75", 1002: "75", 1003: "37.5"}
    export = ("export", "--from", small / "out", "--out", small / "back.csv", "--overwrite")
    code, _, complaint = command(*export, "--format", "moodle", "--roster", small / "worksheet.csv")
    assert (code, complaint) == (0, "")
    read = moodle_reads((small / "back.csv").read_bytes(), ENGLISH)
    assert {number: points for number, (points, _) in read.items()} == wanted
    canvas = ("--format", "canvas", "--roster", small / "canvas.csv", "--assignment", "Course")
    code, _, complaint = command(*export, *canvas)
    assert (code, complaint) == (0, "")
    assert canvas_reads((small / "back.csv").read_bytes(), 100.0) == wanted
    assert command(*export, "--format", "nbgrader")[0] == 0
    rows = list(csv.DictReader(io.StringIO((small / "back.csv").read_text())))
    assert [(row["student_id"], row["score"], row["max_score"]) for row in rows] == [
        ("<i>cy", "37.5", "100"), ("ada", "75", "100"), ("ben", "75", "100")
    ]  # fmt: skip
    code, _, complaint = command(*export, "--format", "canvas")
    assert code == 2 and "--roster" in complaint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--weight", "01=1"], "02_convolution_1d, 03_convolution_2d"),
        (["--weight", "01"], "such as 03=2"),
        (["--weight", "77=1"], "give one of: 01_images"),
        (["--weight", "01=1", "--weight", "01_images=2"], "say it once"),
        ([f"--weight={name}=0" for name in WORTH], "weight 0"),
        (["--drop-lowest", "-1"], "--drop-lowest"),
        (["--points", "0"], "--points 0"),
        (["--gradebook", "{}/none.db"], "--gradebook FILE or ADDRESS"),
        (["--gradebook", "mysql://db/course"], "no address of a database of PostgreSQL"),
        (["--rules", "{}/none.toml"], "none.toml cannot be read"),
    ],
)
def test_a_wrong_call_is_one_line_and_keeps_nothing(small, words, said):
    code, _, complaint = reckon(small, *(word.format(small) for word in words))
    assert code == 2 and complaint.count("\n") == 1 and said in complaint
    book = GradeBook(small / "course.db", read_only=True)
    assert course_rules(book) == {}
    book.close()
