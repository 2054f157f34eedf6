"""The quiz in Python: what it refuses, what it hides, what it keeps."""

import json
import re

import pytest

from coursekit.learn import answers, quiz, quizzes
from coursekit.widgets import Quiz

ONE = [("2", True, "Yes."), ("3", False, "Count again."), ("`4`", False, "Too many.")]


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setattr(answers, "_session", {})
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("COURSEKIT_ANSWERS", raising=False)
    monkeypatch.delenv("COURSEKIT_HEADLESS", raising=False)


def test_one_right_option_gives_radio_buttons_and_several_give_ticks():
    assert Quiz("01-a", "q", ONE).multiple is False
    assert Quiz("01-a", "q", [*ONE, ("II", True, "In Rome.")]).multiple is True


@pytest.mark.parametrize(
    "options, words",
    [
        ([("a", True, "x")], "two or more different texts"),
        ([("a", True, "x"), ("a", False, "y")], "two or more different texts"),
        ([("a", False, "x"), ("b", False, "y")], "none is right"),
        ([("a", True, "x"), ("b", False, " ")], "number 2 needs a text and feedback"),
        ([("a", True, "x"), ("b", False)], "number 2 is ('b', False)"),
        ([("a", 1, "x"), ("b", 0, "y")], "True or False"),
    ],
)
def test_an_unfinished_quiz_is_refused(options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quiz("01-a", "q", options)


@pytest.mark.parametrize("name", ["average", "2-average", "02_average", "02-Average", "02-", 2])
def test_names_have_one_form(name):
    with pytest.raises(ValueError, match='such as "02-average"'):
        quiz(name, "q", ONE)


def test_nothing_says_which_option_is_right():
    for options in (ONE, [(text, not right, note) for text, right, note in ONE[:2]]):
        widget = Quiz("01-a", "1 + 1 < 3?", options)
        text = widget.plain() + widget.fallback() + json.dumps(widget.page_state())
        assert "True" not in text and "true" not in text.replace('"multiple": true', "")
        assert "Count again." not in text


def test_the_question_is_text_and_code_never_markup():
    widget = Quiz("01-a", "Is `a < b` <b>so</b>?", ONE)
    assert "<code>a &lt; b</code> &lt;b&gt;so&lt;/b&gt;" in widget.fallback()


def test_it_prints_outside_a_notebook_and_returns_nothing(capsys):
    assert quiz("01-a", "1 + 1?", ONE) is None
    assert capsys.readouterr().out.startswith("Quiz: 1 + 1?\n  ( ) ")


def test_everybody_sees_the_same_order_whatever_the_order_in_the_source(capsys):
    for options in (ONE, ONE[::-1], ONE[1:] + ONE[:1]):
        quiz("01-a", "1 + 1?", options)
    once, *again = capsys.readouterr().out.split("Quiz:")[1:]
    assert again == [once] * 2
    places = set()
    for number in range(30):
        quiz(f"01-q{number}", "1 + 1?", ONE)
        places.add(capsys.readouterr().out.splitlines().index("  ( ) 2"))
    assert places == {1, 2, 3}


def test_an_answer_from_the_page_is_kept_and_comes_back():
    first = Quiz("01-a", "q", ONE)
    quizzes.keep(first)
    assert first.record == {} and "answers.json" in first.where
    first.record = {"chosen": ["2"], "attempts": 1, "right": True}
    again = Quiz("01-a", "q", ONE)
    quizzes.keep(again)
    assert again.record == {"chosen": ["2"], "attempts": 1, "right": True}
    other = Quiz("01-b", "q", ONE)
    quizzes.keep(other)
    assert other.record == {}


def test_the_notebook_that_is_saved_does_not_hold_the_students_answer():
    widget = Quiz("01-a", "q", ONE)
    quizzes.keep(widget)
    before = widget.page_html()
    widget.record = {"chosen": ["3"], "attempts": 1, "right": False}
    assert widget.page_html() == before and "chosen" not in before
