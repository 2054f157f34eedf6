"""Questions that a person reads: what was written is kept and shown as text, and marked by hand."""

import csv
import io
import json
import re

import pytest
from classes_at_hand import command, grade, results
from notebooks_at_hand import CONV, FLIPPED, MATCH, SET, handed_out

from coursekit.grading.gradebook.book import GradeBook, Graded
from coursekit.grading.gradebook.course import Part, Total
from coursekit.grading.gradebook.marks import marks
from coursekit.notebooks.open_answers import open_answers, open_questions

pytestmark = pytest.mark.sandbox
HOSTILE = "# About 0.\n<script>alert(1)</script><img src=x onerror=alert(1)> =1+1 {{ 7 * 7 }}"
HOSTILE += "\ud800\0\u202e"
QUESTION = "half_noise"


def handed_in(answer, code=CONV, keep=True, **more):
    """The released notebook of set 03 with both functions, and an answer in its cell."""
    whole = json.loads(handed_out(SET))
    for cell in whole["cells"]:
        source = "".join(cell["source"])
        for word, written in (("def conv2d", code), ("def match_score", MATCH)):
            cell["source"] = written if word in source else cell["source"]
    (place,) = [cell for cell in whole["cells"] if cell["metadata"].get("answer") == QUESTION]
    if answer is not None:
        place["source"] = [*place["source"], "\n\n", answer]
    if not keep:
        whole["cells"].remove(place)
        whole["cells"].append({"cell_type": "markdown", "source": answer, "metadata": 3})
    return json.dumps(whole | more).encode()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class whose instructor gives two points for the question, and what grading it printed."""
    top = tmp_path_factory.mktemp("words")
    place = top / "class"
    place.mkdir()
    (place / "ada.ipynb").write_bytes(handed_in(HOSTILE))
    (place / "bob.ipynb").write_bytes(handed_in(None, FLIPPED))
    (place / "cy.ipynb").write_bytes(b"{")
    (place / "dee.ipynb").write_bytes(handed_in("It is 0.", keep=False))
    (top / "students.csv").write_text("student,name\nada,A\nbob,B\ncy,C\ndee,D\neve,E\n")
    (top / "grading.toml").write_text(f"[sets.03.points]\n{QUESTION} = 2\n")
    words = ("--roster", top / "students.csv")
    code, printed, complaint = grade(place, top / "out", *words, preflight=True)
    assert code == 0, complaint
    return top, printed


def column(out, name):
    """A column of `results.csv`, by student."""
    text = (out / "results.csv").read_text("utf-8-sig")
    return {row["student"]: row[name] for row in csv.DictReader(io.StringIO(text))}


def test_without_points_from_the_instructor_nothing_changes(grader, tmp_path):
    (outcome,) = grader.outcomes([("ada", handed_in(HOSTILE))])
    ada = outcome.as_entry()
    assert (grader.set.max_points, ada["points"]) == (6, 6) and "to_mark" not in ada
    assert [one["name"] for one in ada["functions"]] == ["conv2d", "match_score"]
    assert ada["answers"][0]["text"] == HOSTILE  # it is kept all the same
    book = GradeBook(tmp_path / "gradebook.db")
    run = book.begin(SET, 6.0, "these checks", seed=1)
    book.record(run, [Graded(ada, "digest")])
    book.close()
    code, _, complaint = command("mark", tmp_path, "ada", "--part", QUESTION, "--points", 1)
    assert code == 2 and "grading.toml" in complaint


def test_what_waits_for_a_person_is_named_everywhere_until_it_is_marked(graded):
    top, printed = graded
    out = top / "out"
    assert f"{QUESTION} of 2 students" in printed and "6 of 6" in printed  # the preflight
    assert results(out)["max_points"] == 8
    assert column(out, QUESTION) == {"ada": "open", "bob": "0", "cy": "0", "dee": "open", "eve": ""}
    assert column(out, "final") == {"ada": "6", "bob": "4", "cy": "0", "dee": "6", "eve": ""}
    assert f"<code>{QUESTION}</code> of 2 students" in (out / "class.html").read_text("utf-8")
    page = (out / "feedback" / "dee.html").read_text("utf-8")
    assert "no points yet, of 2" in page and "It is 0." in page
    assert "Nothing was written" in (out / "feedback" / "bob.html").read_text("utf-8")
    code, table, note = command("export", "--format", "csv", "--from", out)
    assert code == 0 and f"{QUESTION} of 2 students" in note
    rows = {row["student"]: row["open"] for row in csv.DictReader(io.StringIO(table))}
    assert rows["ada"] == rows["dee"] == QUESTION and not rows["bob"] and not rows["eve"]
    totals = ("--gradebook", out / "gradebook.db", "--out", top / "totals")
    code, printed, complaint = command("totals", *totals)
    assert code == 0 and f"{SET} of 2 students" in printed, complaint
    assert "6, open" in (top / "totals" / "course.html").read_text("utf-8")

    part = ("--part", QUESTION, "--points")
    code, printed, _ = command("mark", out, "ada", *part, "1.5", "--reason", "and why?")
    assert code == 0 and "7.5 of 8" in printed and "not marked yet" not in printed
    assert command("mark", out, "dee", *part, "3")[0] == 2  # more than it is worth
    assert "not marked yet" in command("mark", out, "dee")[1]
    assert command("mark", out, "bob", *part, "0.5")[0] == 0  # something was found elsewhere
    assert column(out, QUESTION) | {"eve": ""} == {
        "ada": "1.5", "bob": "0.5", "cy": "0", "dee": "open", "eve": "",
    }  # fmt: skip
    assert column(out, "final")["ada"] == "7.5"
    assert "and why?" in (out / "feedback" / "ada.html").read_text("utf-8")
    # Graded again, it stays; taken back, it is open again.
    words = ("--roster", top / "students.csv", "--only", "ada")
    assert grade(top / "class", out, *words)[0] == 0 and column(out, "final")["ada"] == "7.5"
    assert command("mark", out, "ada", "--undo", "points", "--part", QUESTION)[0] == 0
    assert column(out, QUESTION)["ada"] == "open"
    assert command("mark", out, "dee", "--points", "7")[0] == 0  # the whole set: nothing is open
    assert column(out, QUESTION)["dee"] == "0" and column(out, "final")["dee"] == "7"


def test_a_dropped_set_is_told_of_too_for_marked_it_may_count(graded):
    book = GradeBook(graded[0] / "out" / "gradebook.db", read_only=True)
    (ada,) = [mark for mark in marks(book, SET) if mark.student == "ada"]
    book.close()
    for left_out, waits in (("", True), ("dropped", True), ("excused", False)):
        parts = (Part(SET, ada, 0.5, 1.0, left_out),)
        assert bool(Total("ada", None, None, None, parts, 50.0, 100.0).unmarked) == waits


def test_what_a_student_wrote_is_text_on_every_page(graded):
    out = graded[0] / "out"
    for page in ("feedback/ada.html", "review/ada.html", "class.html"):
        shown = (out / page).read_text("utf-8")
        assert "<script>alert" not in shown and "<img src=x" not in shown
    shown = (out / "feedback" / "ada.html").read_text("utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt; =1+1 {{ 7 * 7 }}" in shown


@pytest.mark.parametrize(
    ("points", "expected"),
    [("half_nose = 1", ["line 2", "half_noise"]), ("half_noise = -1", ["line 2", "0 or more"])],
)
def test_points_for_no_question_are_refused_by_their_line(graded, tmp_path, points, expected):
    rules = tmp_path / "rules.toml"
    rules.write_text(f"[sets.03.points]\n{points}\n")
    words = ("--rules", rules, "--dry-run")
    code, _, complaint = grade(graded[0] / "class", tmp_path / "out", *words)
    assert code == 2 and all(word in complaint for word in expected)


def picture(data):
    return {"output_type": "display_data", "data": {"image/png": data}, "metadata": {}}


def notebook(*cells):
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def cell(kind, source, outputs=(), **metadata):
    made = {"cell_type": kind, "source": source, "metadata": metadata, "id": "an-id"}
    return made | ({"outputs": list(outputs)} if kind == "code" else {})


PROMPT = cell("markdown", "## Draw it\n\nOne figure.") | {"id": "prompt"}
PLACE = cell("code", "# your figure", [picture("old")], answer="drawn")
DRAWN = [picture("a"), picture("b")]


@pytest.mark.parametrize(
    ("given", "figures"),
    [
        ((PROMPT, PLACE), None),
        ((PROMPT,), None),
        ((PROMPT, PLACE | {"source": "draw(1)", "outputs": DRAWN}), 2),
        ((PLACE | {"metadata": [], "source": "draw(1)"},), 1),  # known by its id
        ((PROMPT, PLACE | {"outputs": DRAWN[:1]}), 1),  # as handed out, and another picture
        ((PROMPT, PLACE | {"source": "draw(1)", "outputs": "none"}), 0),
        ((PROMPT, PLACE | {"source": "x", "outputs": [3, {"data": 4}, {"data": {5: 6}}]}), 0)
    ],
)  # fmt: skip
def test_a_figure_is_found_wherever_it_went(given, figures):
    asked = open_questions(notebook(PROMPT, PLACE))
    found = [answer.figures for answer in open_answers(notebook(*given), asked)]
    assert found == ([] if figures is None else [figures])


def test_a_text_of_any_length_is_cut_and_says_so():
    asked = open_questions(handed_out(SET))
    (answer,) = open_answers(handed_in("x" * 50_000), asked)
    assert len(answer.text) + answer.left_out == 50_000 and len(answer.text) < 30_000


def test_a_student_is_told_that_a_person_reads_it(tmp_path):
    path = tmp_path / f"{SET}.ipynb"
    path.write_bytes(handed_in("0."))
    code, printed, _ = command("check", path)
    assert code == 0 and re.search(rf"{QUESTION} \(.*a person", printed)
