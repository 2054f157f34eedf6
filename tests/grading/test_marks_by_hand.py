"""`coursekit mark` and `coursekit export`: decisions of people, and marks for other systems."""

import csv
import io
import re
import sqlite3

import pytest
from classes_at_hand import POINTS, command, grade, lasting, make_class
from notebooks_at_hand import SET

from coursekit.grading.gradebook.book import GradeBook

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A graded class."""
    top = tmp_path_factory.mktemp("by_hand")
    assert grade(make_class(top / "class"), top / "out", "--seed", "5")[0] == 0
    return top / "out"


@pytest.fixture
def out(graded):
    """The same, with nothing decided."""
    with sqlite3.connect(graded / "gradebook.db") as book:
        book.execute('DELETE FROM "change"')
        book.execute("DELETE FROM deadline")
    return graded


def rows(out, form="csv", *more):
    code, printed, complaint = command("export", "--format", form, "--from", out, *more)
    assert (code, complaint if form in ("csv", "nbgrader") else "") == (0, "")
    return list(csv.DictReader(io.StringIO(printed)))


def final(out, student="bob"):
    return next(row for row in rows(out) if row["student"] == student)["final"]


def test_points_by_hand_stand_beside_those_by_machine(out):
    before = lasting(out)
    code, printed, complaint = command(
        "mark", out, "bob", "--points", "3.5", "--function", "conv2d", "--who", "grace",
        "--reason", "a slip \x1b[31monly",
    )  # fmt: skip
    assert (code, complaint) == (0, "")
    assert r"grace: points of conv2d: 3.5 (a slip \x1b[31monly)" in printed
    assert "in the end: 5.5 of 6 points" in printed and "\x1b" not in printed
    assert "graded: 4 points" in printed
    assert lasting(out) == before  # the automatic points
    assert final(out) == "5.5"
    page = (out / "feedback" / "bob.html").read_text()
    assert "5.5 of 6 points" in page and "after a look by a person: 5.5" in page
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        bob = next(row for row in csv.DictReader(file) if row["student"] == "bob")
    assert (bob["points"], bob["final"]) == ("4", "5.5")


def test_a_decision_is_taken_back_and_both_stay_on_record(out):
    command("mark", out, "bob", "--points", "1", "--who", "grace")
    command("mark", out, "bob", "--points", "2", "--function", "conv2d")
    assert final(out) == "1"
    code, printed, _ = command("mark", out, "bob", "--undo", "points", "--who", "kurt")
    assert code == 0
    assert "grace: points: 1.0" in printed and "kurt: points: taken back" in printed
    assert final(out) == "4"
    command("mark", out, "bob", "--points", "4", "--function", "conv2d")
    assert final(out) == "6"
    command("mark", out, "bob", "--undo", "points")
    assert final(out) == "4"
    assert command("mark", out, "bob", "--undo", "points")[0] == 2


def test_comments_pile_up_on_the_students_page_until_taken_back(out):
    command("mark", out, "bob", "--comment", "<script>well</script> done")
    command("mark", out, "bob", "--comment", "see me", "--function", "conv2d")
    page = (out / "feedback" / "bob.html").read_text()
    assert "&lt;script&gt;well" in page and "see me" in page
    command("mark", out, "bob", "--undo", "comment")
    assert "see me" not in (out / "feedback" / "bob.html").read_text()
    assert "see me" in command("mark", out, "bob")[1]  # but in the record


def test_late_days_extensions_and_excuses(out, tmp_path):
    assert grade(
        make_class(tmp_path / "class"), out, "--only", "bob",
        "--due", "2026-11-01 12:00", "--zone", "UTC", "--penalty", "0.25",
    )[0] == 0  # fmt: skip
    late = ("--handed-in", "2026-11-02 20:00", "--zone", "UTC")
    code, printed, _ = command("mark", out, "bob", *late)
    assert code == 0 and "in the end: 2 of 6 points, 2 days late, 2 less" in printed
    command("mark", out, "bob", "--extension", "1")
    assert final(out) == "3"
    command("mark", out, "BOB", "--in-time", "--reason", "ill")
    assert final(out) == "4"
    command("mark", out, "bob", "--excuse")
    assert final(out) == ""
    command("mark", out, "bob", "--undo", "excuse", "--undo", "extension", "--undo", "in-time")
    assert final(out) == "2"
    command("mark", out, "bob", "--undo", "handed-in")
    assert final(out) == "4"


def test_a_regrade_leaves_decisions_alone(out, tmp_path):
    command("mark", out, "bob", "--points", "3", "--who", "grace")
    assert grade(make_class(tmp_path / "class"), out)[0] == 0
    assert final(out) == "3"
    book = GradeBook(out / "gradebook.db")
    count = len(book.attempts("bob", SET))
    book.close()
    assert count >= 2
    review, feedback = (
        rows_of_attempts(out / part / "bob.html") for part in ("review", "feedback")
    )
    assert [cells[1] for cells in review] == ["4"] * count and feedback == []


def rows_of_attempts(page):
    """The cells of the table of attempts."""
    _, _, after = page.read_text().partition("<h2>Attempts</h2>")
    rows = re.findall(r"<tr><td>.*?</tr>", after.partition("</table>")[0], re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_a_reason_stands_under_the_mark_and_not_under_the_comment_beside_it(out):
    words = ["--points", "3", "--comment", "well done", "--reason", "a slip"]
    printed = command("mark", out, "bob", *words)[1]
    assert [line for line in printed.splitlines() if "a slip" in line] == [
        line for line in printed.splitlines() if "points: 3.0" in line
    ]
    printed = command("mark", out, "bob", "--comment", "see me", "--reason", "two alike")[1]
    assert "see me (two alike)" in printed


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["bo"], "'bo' is not in the gradebook; did you mean 'bob'?"),
        (["Xaver"], "'Xaver' is not in the gradebook; grade the class first"),
        (["bob", "--points", "7"], "7 is more than the 6 that"),
        (["bob", "--points", "4.5", "--function", "conv2d"], "4.5 is more than the 4 that conv2d"),
        (["bob", "--points", "many"], "--points"),
        (["bob", "--points", "-1"], "--points"),
        (["bob", "--points", "nan"], "points"),
        (["bob", "--points", "1", "--function", "conv"], "give one of: conv2d, match_score"),
        (["bob", "--function", "conv2d"], "--function says what --points are for"),
        (["bob", "--undo", "everything"], "--undo 'everything' is none of"),
        (["bob", "--undo", "points", "--points", "1"], "give one of them"),
        (["bob", "--undo", "points"], "nothing to take back"),
        (["bob", "--undo", "points", "--function", "conv2d"], "nothing to take back"),
        (["bob", "--undo", "in-time"], "nothing to take back"),
        (["bob", "--handed-in", "2026-11-02 20:00"], "--zone"),
        (["bob", "--handed-in", "-"], "--handed-in"),
        (["bob", "--set", "04_kernels"], f"give one of: {SET}"),
    ],
)
def test_a_wrong_call_changes_nothing(out, words, named):
    code, _, complaint = command("mark", out, *words)
    assert code == 2, complaint
    assert complaint.count("\n") == 1 and named in complaint
    with sqlite3.connect(out / "gradebook.db") as book:
        assert book.execute('SELECT count(*) FROM "change"').fetchone() == (0,)


def test_more_than_a_set_is_worth_is_taken_where_it_is_meant(out):
    assert command("mark", out, "bob", "--points", "7", "--bonus")[0] == 0
    assert final(out) == "7"


@pytest.mark.parametrize(
    "words",
    [["mark", "{}", "bob"], ["export", "--format=csv", "--from={}"], ["review", "{}"]],
)
def test_a_folder_without_a_gradebook_is_named_and_not_made(tmp_path, words):
    code, _, complaint = command(*(word.format(tmp_path / "none") for word in words))
    assert code == 2
    assert "none holds no gradebook; name the --out of `coursekit grade`" in complaint
    assert not (tmp_path / "none").exists()


def test_exports_have_the_columns_that_the_systems_read(out, tmp_path):
    assert {row["student"]: float(row["final"]) for row in rows(out)} == POINTS
    nbgrader = rows(out, "nbgrader", "--set", SET)
    assert [(row["student_id"], row["score"]) for row in nbgrader][1] == ("bob", "4")
    file = tmp_path / "marks.csv"
    code, printed, _ = command("export", "--format", "csv", "--from", out, "--out", file)
    assert (code, printed) == (0, f"{file}: 5 students.\n")
    assert {row["student"] for row in csv.DictReader(file.open())} == set(POINTS)


def test_a_format_or_a_file_that_cannot_be_is_one_line(out, tmp_path):
    code, _, complaint = command("export", "--format", "xlsx", "--from", out)
    assert code == 2 and "'csv', 'canvas', 'moodle', 'nbgrader'" in complaint
    (tmp_path / "file").write_text("")
    code, _, complaint = command(
        "export", "--format", "csv", "--from", out, "--out", tmp_path / "file" / "marks.csv"
    )
    assert code == 1 and "could not be written" in complaint and complaint.count("\n") == 1
