"""Pages of feedback: they say what a student needs, and run nothing that a student wrote."""

import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CourseError
from coursekit.grading.commands.messages import how_it_went
from coursekit.grading.gradebook.marks import Mark
from coursekit.grading.pages.classfacts import class_facts, distribution
from coursekit.grading.pages.feedback import class_page, student_page, write_pages

SET = "03_convolution_2d"
ATTACKS = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7 * 7 }}{% raw %}",
    "</style><svg onload=alert(1)>",
    "javascript:alert(1)",
]


def function(**more):
    facts = {
        "name": "conv2d",
        "points": 2.0,
        "max_points": 4.0,
        "passed": False,
        "checks": [
            {"name": "square kernels", "points": 1.0, "passed": False, "message": "wrong for 3"},
            {"name": "symmetric kernels", "points": 1.0, "passed": True, "message": ""},
        ],
        "message": "conv2d is not right yet.\nStuck? hint()\n\n1 0",
        "misconception": "kernel_flipped",
        "counterexample": {"args": [[[1, 0]], [[2.5]]], "expected": [[0.125]], "got": [[9.0]]},
        "hint": "Lay the kernel on the image.",
    }
    return facts | more


def entry(student="ada", **more):
    facts = {
        "student": student,
        "points": 2.0,
        "status": "graded",
        "seconds": 0.2,
        "functions": [function()],
        "events": [],
    }
    return facts | more


def mark(student="ada", **more):
    facts = {
        "name": None,
        "number": None,
        "email": None,
        "status": "graded",
        "automatic": 2.0,
        "points": 2.0,
        "late_days": 0,
        "penalty": 0.0,
        "final": 2.0,
        "max_points": 6.0,
        "handed_in": None,
        "comments": (),
        "unsafe": False,
    }
    return Mark(student=student, **(facts | more))


class Reader(HTMLParser):
    """Collects tags, attributes and what is written on the page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.words.append(data)


PLAIN = Reader(student_page(SET, entry(events=[{"code": "c", "detail": "d"}]), mark()))


@pytest.mark.parametrize(
    ("name", "args", "labels"),
    [
        ("conv2d", [[[1, 0]], [[2.5]]], ("image", "kernel")),
        ("conv2d", [[[1, 0]]], ("argument 1",)),
        ("nobody", [[[1, 0]], [[2.5]]], ("argument 1", "argument 2")),
    ],
)
def test_arguments_are_called_what_the_function_calls_them(name, args, labels):
    example = {"args": args, "expected": 0.125, "got": 9.0}
    asked = function(name=name, counterexample=example)
    page = student_page(SET, entry(functions=[asked]), mark())
    assert re.findall("<div><p>(.*?)</p>", page) == [*labels, "expected", "got"]


def test_a_page_shows_points_the_mistake_the_example_and_the_hint():
    for words in ("2 of 6 points", "conv2d is not right yet.", "wrong for 3", "0.125", "Hint."):
        assert words in PLAIN.text
    assert "Stuck?" not in PLAIN.text


def everywhere(text):
    """A page with a text in every place that a student has a say in."""
    spoilt = function(
        name=text,
        message=text,
        hint=text,
        misconception=text,
        counterexample={"args": [text, [text]], "expected": text, "got": [[text]]},
        checks=[{"name": text, "points": 1.0, "passed": False, "message": text}],
        remarks=[text],
    )
    events = [{"code": "cell_failed", "detail": text}]
    return entry(text, functions=[spoilt], events=events), mark(text, name=text, comments=(text,))


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_student_becomes_markup(attack):
    page = Reader(student_page(SET, *everywhere(attack)))
    harmless = Reader(student_page(SET, *everywhere("word")))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert attack[:20] in page.text


@given(st.text(alphabet=st.sampled_from("<>&\"'/{}%a \n\x00\x1b"), max_size=30))
def test_no_text_whatever_adds_a_tag(text):
    spoilt, its_mark = everywhere(text)
    harmless = Reader(student_page(SET, *everywhere("word"))).tags
    assert Reader(student_page(SET, spoilt, its_mark)).tags <= harmless
    facts = class_facts([spoilt], 6.0, {})
    assert "script" not in Reader(class_page(SET, facts, [its_mark], str)).tags


@pytest.mark.parametrize("steering", ["\x1b[31m", "\x07", "\x00", "\x9b", "\u202e", "\u2066"])
def test_no_character_that_steers_a_terminal_is_in_a_page(steering):
    evil = function(message=f"wrong {steering}", hint=steering, misconception=steering)
    one = entry(f"ada{steering}", functions=[evil], events=[{"code": "x", "detail": steering}])
    assert steering[0] not in student_page(SET, one, mark())


def test_pages_forbid_scripts_and_anything_from_elsewhere():
    of_class = class_page(SET, class_facts([], 6, {}), [], str)
    for html in (student_page(SET, entry(), mark()), of_class):
        assert "default-src 'none'" in html


def test_late_days_manual_marks_and_unsafe_runs_are_said():
    late = mark(points=4.0, late_days=2, penalty=0.8, final=3.2)
    text = Reader(student_page(SET, entry(isolated=False), late)).text
    assert "3.2 of 6 points" in text
    assert "0.8 less for 2 days late" in text
    assert "checked by machine: 2; after a look by a person: 4" in text
    assert "graded without isolation" in text


def test_the_class_page_counts():
    flipped = entry("ada")
    right = entry("bob", points=6.0, functions=[function(misconception=None, passed=True)])
    odd = entry("cy", points=0.0, status="timeout", functions=[])
    facts = class_facts([flipped, right, odd], 6.0, {("conv2d", "kernel_flipped"): "turns it"})
    assert facts.misconceptions == [{"function": "conv2d", "does": "turns it", "count": 1}]
    assert facts.hardest[0]["check"] == "square kernels"
    assert (facts.hardest[0]["passed"], facts.hardest[0]["count"]) == (0, 2)
    assert [row["student"] for row in facts.odd] == ["cy"]
    marks = [mark("ada", final=1.0), mark("bob", final=6.0), mark("cy", final=0.0),
             mark("dee", final=None), mark("eve", final=6.0, excused=True)]  # fmt: skip
    marks[-1] = replace(marks[-1], final=None)
    text = Reader(class_page(SET, facts, marks, str)).text
    assert "3 submissions, of 6 points each." in text
    # Worked out by hand, as the terminal says it, too: 0, 1 and 6.
    assert "Final points of 3 students: median 1, mean 2.33 of 6" in text
    assert "Final points of 3 students: median 1, mean 2.33 of 6" in how_it_went(
        3, 0, {}, marks, 1.0
    )
    counts = [row["count"] for row in distribution([1.0, 6.0, 0.0, 3.0], 6.0)]
    assert counts == [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_pages_are_written_and_packed(tmp_path):
    write_pages(tmp_path / "feedback", [("ada", "<p>1</p>"), ("../b\n", "<p>2</p>")])
    names = sorted(path.name for path in (tmp_path / "feedback").iterdir())
    assert names == ["..%2Fb%0A.html", "ada.html"]
    with zipfile.ZipFile(tmp_path / "feedback.zip") as packed:
        assert sorted(packed.namelist()) == names
        assert packed.read("ada.html") == b"<p>1</p>"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feedback", "feedback.zip"]


def test_half_a_character_of_a_student_stops_no_page(tmp_path):
    page = student_page(SET, *everywhere("half \ud800 of one"))
    write_pages(tmp_path / "feedback", [("ada", page)])
    assert b"half \\ud800 of one" in (tmp_path / "feedback" / "ada.html").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="could not be written"):
        write_pages(tmp_path / "file" / "feedback", [])
