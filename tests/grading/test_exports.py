"""Exported marks: the columns other systems read, and nothing that a spreadsheet would run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.pages.exports import as_csv, export, plain_cell, results_table

SET = "03_convolution_2d"


def mark(student="ada", **more):
    facts = {
        "name": "Ada Lovelace",
        "number": "77",
        "email": "ada@example.org",
        "status": "graded",
        "automatic": 3.0,
        "points": 4.0,
        "late_days": 1,
        "penalty": 0.4,
        "final": 3.6,
        "max_points": 6.0,
        "handed_in": None,
        "comments": ("well done",),
        "unsafe": False,
    }
    return Mark(student=student, **(facts | more))


def read(content):
    return list(csv.reader(io.StringIO(content.decode())))


@given(st.text(max_size=20))
def test_no_text_starts_like_a_formula_or_breaks_its_line(text):
    cell = plain_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))
    assert cell.isprintable()


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), min_size=1, max_size=4))
def test_rows_stay_rows_whatever_is_in_them(rows):
    assert read(as_csv(rows)) == [[plain_cell(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("form", ["csv", "nbgrader"])
def test_hostile_names_are_defused_in_every_format(form):
    hostile = mark(
        "=cmd|' /C calc'!A0", name='=HYPERLINK("http://x")', comments=("@SUM(1)", "\n=1")
    )
    for row in read(export(form, SET, [hostile])):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


def test_negative_numbers_stay_numbers():
    assert plain_cell(-1.5) == "-1.5"


def test_who_handed_nothing_in_has_no_mark_in_an_import():
    nothing = mark(status=None, automatic=None, points=None, final=None, penalty=0.0)
    assert read(export("csv", SET, [nothing]))[1][5] == "nothing handed in"


def test_the_table_of_results_has_a_column_for_each_function():
    function = {"name": "conv2d", "points": 2.0, "max_points": 4.0, "misconception": "flipped"}
    graded = {
        "student": "ada",
        "points": 2.0,
        "status": "graded",
        "seconds": 0.21,
        "functions": [function],
        "events": [{"code": "cell_failed", "detail": "..."}, {"code": "cell_failed", "detail": ""}],
    }
    unread = {
        "student": "bob",
        "points": 0.0,
        "status": "unreadable",
        "seconds": 0.0,
        "functions": [],
        "events": [],
    }
    marks = [mark("abe", status=None, final=None), mark(final=1.8, max_points=4.0), mark("bob")]
    head, abe, ada, bob = read(as_csv(results_table(["conv2d"], [graded, unread], marks)))
    assert dict(zip(head, ada, strict=True)) == {
        "student": "ada",
        "points": "2",
        "final": "1.8",
        "max_points": "4",
        "status": "graded",
        "seconds": "0.21",
        "conv2d": "2",
        "conv2d misconception": "flipped",
        "name": "Ada Lovelace",
        "number": "77",
        "email": "ada@example.org",
        "late_days": "1",
        "penalty": "0.4",
        "handed_in": "",
        "comments": "well done",
        "file": "",
        "events": "cell_failed",
    }
    assert (abe[0], abe[2], abe[4]) == ("abe", "", "nothing handed in")
    assert bob[4] == "unreadable"


def test_an_unknown_format_is_named():
    with pytest.raises(ValueError, match="form: found 'xlsx'; expected one of csv, nbgrader"):
        export("xlsx", SET, [])
