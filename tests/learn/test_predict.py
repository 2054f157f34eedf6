"""Prediction and reveal in Python: nothing is shown before something is written."""

import re

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.learn import answers, predict, predictions, reveal
from coursekit.widgets import Predict


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setattr(answers, "_session", {})
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("COURSEKIT_ANSWERS", raising=False)
    monkeypatch.delenv("COURSEKIT_HEADLESS", raising=False)


@pytest.fixture
def shown(monkeypatch):
    """What `reveal` displays: (HTML, text)."""
    seen = []
    monkeypatch.setattr(predictions, "display_html", lambda *pair: seen.append(pair))
    return seen


def test_nothing_is_revealed_before_a_prediction(shown):
    reveal("02-average", 7.75, "31 divided by 4.")
    ((markup, plain),) = shown
    assert "run this cell again" in plain and "7.75" not in markup + plain
    assert "31" not in markup and "data-state" not in markup
    assert answers.read_answer("02-average") == {}


def test_a_prediction_opens_it_and_revealing_closes_the_box(shown):
    answers.write_answer("02-average", {"answer": "9.33"})
    assert reveal("02-average", 7.75, "`31` / 4.") is None
    ((markup, plain),) = shown
    assert plain == "You wrote 9.33. The answer is 7.75. `31` / 4."
    assert "<code>31</code>" in markup and 'data-widget="reveal"' in markup
    judged = {"answer": "9.33", "revealed": True, "right": False, "correct": "7.75"}
    assert answers.read_answer("02-average") == judged


def test_skipping_opens_it_too(shown):
    answers.write_answer("02-average", {"skipped": True})
    reveal("02-average", 7.75)
    assert shown[0][1] == "The answer: 7.75."


def test_the_box_on_screen_is_told(shown, monkeypatch):
    boxes = []
    monkeypatch.setattr(predictions, "display", boxes.append)
    predict("02-average", "The average?", kind="number")
    boxes[0].record = {"answer": "9.33"}
    reveal("02-average", 7.75)
    judged = {"answer": "9.33", "revealed": True, "right": False, "correct": "7.75"}
    assert boxes[0].record == judged


def test_headless_the_answer_stands_there_whatever_was_written(shown, monkeypatch):
    answers.write_answer("02-average", {"answer": "9.33"})
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    reveal("02-average", 7.75, "Because.")
    assert shown[0][1] == "The answer: 7.75. Because."
    monkeypatch.delenv("COURSEKIT_HEADLESS")
    assert "revealed" not in answers.read_answer("02-average")


@pytest.mark.parametrize(
    "wrote, answer, right",
    [
        ("7.75", 7.75, True),
        ("7,75", 7.75, True),
        ("31/4", 7.75, True),
        ("7.8", 7.75, False),
        ("0.67", 2 / 3, False),
        ("2/3", 2 / 3, True),
        ("6,220,800", 6220800, True),
        ("8", 9, False),
        ("above 6", "Above  6", True),
        ("below 6", "above 6", False),
        ("-0.5", np.float64(-0.5), True),
        ("−0.5", -0.5, True),
        ("1/0", 7, False),
        ("5", np.array([5]), True),
    ],
)
def test_it_says_when_the_student_was_right(shown, wrote, answer, right):
    answers.write_answer("02-average", {"answer": wrote})
    reveal("02-average", answer)
    assert shown[0][1].endswith("You were right.") is right


def test_what_was_written_is_shown_as_text(shown):
    answers.write_answer("02-average", {"answer": "<script>x</script>"})
    reveal("02-average", "no")
    assert "<script>" not in shown[0][0] and "&lt;script&gt;" in shown[0][0]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"options": ["a"]}, "two or more different texts"),
        ({"options": ["a", "a"]}, "two or more different texts"),
        ({"kind": "choice"}, "give options="),
        ({"kind": "number", "options": ["a", "b"]}, 'go with kind="choice"'),
        ({"kind": "essay"}, "choose one of ['choice', 'number', 'text']"),
    ],
)
def test_an_unfinished_prediction_is_refused(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        predict("02-average", "q", **arguments)


def test_the_kind_follows_from_the_options(monkeypatch):
    boxes = []
    monkeypatch.setattr(predictions, "display", boxes.append)
    predict("02-a", "q", options=["a", "b"])
    predict("02-b", "q")
    assert [box.kind for box in boxes] == ["choice", "text"]


def test_the_box_prints_outside_a_notebook_and_returns_nothing(capsys):
    assert predict("02-average", "The average?", kind="number") is None
    assert capsys.readouterr().out.startswith("Predict: The average?\n")


def test_the_fallback_asks_and_tells_nothing():
    text = Predict("02-average", "Which is `a < b`?", ["below 6", "above 6"]).fallback()
    assert "below 6" in text and "above 6" in text and "<code>a &lt; b</code>" in text


def test_a_live_cell_shows_nothing_after_an_answer_held_back():
    cells = [
        "import matplotlib.pyplot as plt\nfrom coursekit.learn import reveal",
        "reveal('02-average', 7.75)\nprint('secret')\nplt.plot([1, 2]);\nlater = 42\nlater",
        "print(later)\nlater",
        "reveal('02-average', 7.75)\n1 / 0",
    ]
    book = new_notebook(cells=[new_code_cell(text) for text in cells])
    NotebookClient(book, kernel_name="python3", allow_errors=True).execute()
    asked, following, failed = (cell.outputs for cell in book.cells[1:])
    assert len(asked) == 1 and predictions.FIRST in asked[0].data["text/plain"]
    assert following[0].text == "42\n" and following[1].data["text/plain"] == "42"
    assert failed[-1].ename == "ZeroDivisionError"
