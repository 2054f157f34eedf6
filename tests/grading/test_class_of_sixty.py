"""Sixty people in three downloads: everyone's mark, and everything that goes back."""

import csv
import random
import zipfile
from dataclasses import replace

import pytest
from class_of_sixty import KINDS, PENALTY, canvas, moodle, people, plain
from classes_at_hand import SET, command, grade, results
from importers import ENGLISH, canvas_reads, canvas_unpacks, moodle_reads, moodle_unpacks

from coursekit.grading.engine import Grader

pytestmark = pytest.mark.sandbox
EVERYBODY = people()
HANDED_IN = [one for one in EVERYBODY if one.file is not None]
LATE = ["--zone", "Europe/Vienna", "--due", "2026-11-21 23:59", "--penalty", str(PENALTY)]
LAYOUTS = {"moodle": moodle, "canvas": canvas, "plain": plain}


def key_of(one, layout):
    """What a person is called in the results of a layout."""
    if layout != "moodle":
        return one.login
    twice = sum(other.name == one.name for other in EVERYBODY) > 1
    return f"{one.name} ({one.number})" if twice else one.name


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory):
    """The class graded from each download; from Canvas and plain folders what is known by then."""
    top = tmp_path_factory.mktemp("sixty")
    known, grade_one = {}, Grader._one

    def one(self, student, content):
        if layout == "moodle" or content not in known:
            known[content] = grade_one(self, student, content)
        return replace(known[content], student=student)

    for layout, make in LAYOUTS.items():
        (top / layout).mkdir()
        place, roster = make(top / layout, EVERYBODY)
        words = ["--roster", roster, "--workers", "2"]
        words += [*LATE, "--times", roster] if layout == "moodle" else []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Grader, "_one", one)
            code, _, complaint = grade(place, top / layout / "out", *words)
        assert (code, complaint) == (0, ""), complaint
    for one in EVERYBODY:
        if one.extension:
            command("mark", top / "moodle" / "out", one.email, "--extension", one.extension)
    return top


def test_the_class_is_what_it_says():
    assert len(EVERYBODY) == 60 and {one.kind for one in EVERYBODY} == set(KINDS)
    assert sum(one.late_days > 0 and one.points not in (0, None) for one in EVERYBODY) >= 6
    assert any(one.extension and one.late_days > one.extension for one in EVERYBODY)
    assert any(one.resubmitted for one in EVERYBODY)


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_everyone_has_their_own_mark(graded_class, layout):
    found = {
        entry["student"]: (entry["points"], entry["status"])
        for entry in results(graded_class / layout / "out")["submissions"]
    }
    assert found == {key_of(one, layout): (one.points, one.status) for one in HANDED_IN}


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_the_table_has_everybody_once(graded_class, layout):
    text = (graded_class / layout / "out" / "results.csv").read_text("utf-8-sig")
    rows = {int(row["number"]): row for row in csv.DictReader(text.splitlines())}
    assert len(text.splitlines()) == 61 and len(rows) == 60
    for one in EVERYBODY:
        final = one.final if layout == "moodle" else one.points
        got = rows[one.number]["final"]
        assert (float(got) if got else None) == final, one
        assert rows[one.number]["student"] == key_of(one, layout)


def test_marks_and_pages_go_back_into_moodle(graded_class):
    top = graded_class / "moodle"
    code, _, complaint = command(
        "export", "--format", "moodle", "--from", top / "out", "--out", top / "back.csv"
    )
    assert (code, complaint) == (0, "")
    given_out, back = (top / "worksheet.csv").read_bytes(), (top / "back.csv").read_bytes()
    wanted = {one.number: "" if one.final is None else f"{one.final:g}" for one in EVERYBODY}
    read = moodle_reads(back, ENGLISH, "utf-8-sig")
    assert {number: points for number, (points, _) in read.items()} == wanted
    assert back.count(b"\r\n") == given_out.count(b"\r\n")
    with zipfile.ZipFile(top / "back_feedback.zip") as packed:
        assert set(moodle_unpacks(packed, set(wanted))) == {one.number for one in HANDED_IN}


def test_a_number_of_one_system_is_never_written_for_another(graded_class, tmp_path):
    for graded_from, form in (("moodle", "canvas"), ("canvas", "moodle")):
        words = ["--from", graded_class / graded_from / "out", "--out", tmp_path / form]
        code, _, complaint = command("export", "--format", form, *words, "--new-assignment")
        assert code == 2 and "--roster" in complaint and not (tmp_path / form).exists()


def test_marks_and_pages_go_back_into_canvas(graded_class):
    top = graded_class / "canvas"
    words = ["--assignment", "Homework 3", "--out", top / "back.csv"]
    code, _, complaint = command("export", "--format", "canvas", "--from", top / "out", *words)
    assert (code, complaint) == (0, "")
    assert canvas_reads((top / "back.csv").read_bytes()) == {
        one.number: "" if one.points is None else f"{one.points:g}" for one in EVERYBODY
    }
    with zipfile.ZipFile(top / "back_feedback.zip") as packed:
        assert canvas_unpacks(packed) == {(one.number, 70000 + one.place) for one in HANDED_IN}


def test_marks_do_not_depend_on_order_and_workers():
    kinds = {one.content: one for one in HANDED_IN if one.file.endswith(".ipynb")}
    several = [(one.login, one.content) for one in kinds.values()]
    found = []
    for workers, order in ((1, several), (2, shuffled(several))):
        with Grader(SET, workers=workers, seed=5) as grader:
            outcomes = {one.student: one.as_entry() for one in grader.outcomes(order)}
        for entry in outcomes.values():
            entry.pop("seconds")
        found.append(outcomes)
    assert found[0] == found[1]


def shuffled(several):
    return random.Random(3).sample(several, len(several))
