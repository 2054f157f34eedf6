"""The rules on teaching, each against a small notebook that breaks it and one that does not."""

import random

import pytest

from coursekit.course.lint import teaching_problems
from coursekit.course.lint_introduced import read_introduced
from coursekit.course.lint_minutes import estimated_minutes
from coursekit.course.lint_quizzes import Question, guessing_problems

QUIZ = "".join(
    f"quiz('02-q{n}', 'Which?', [('1', True, 'Yes.'), ('2', False, 'No.'), ('3', False, 'No.')])\n"
    for n in (1, 2, 3)
)


def notebook(*cells, lesson="02", kind="lesson", minutes=5):
    """Build a notebook from texts: a str is Markdown, (code, *tags) is a cell with an output."""
    made = []
    for number, cell in enumerate((f"# {lesson}\n\nabout {minutes} minutes", *cells, (QUIZ,))):
        markdown = isinstance(cell, str)
        made.append(
            {
                "id": f"{lesson}-{kind}-{number:02d}",
                "cell_type": "markdown" if markdown else "code",
                "source": cell if markdown else cell[0],
                "metadata": {} if markdown else {"tags": list(cell[1:])},
                **({} if markdown else {"outputs": [{"output_type": "stream", "text": "7"}]}),
            }
        )
    course = {"lesson": lesson, "title": "", "kind": kind, "minutes": minutes}
    return {"metadata": {"coursekit": course}, "cells": made}


def rules(*cells, table=(), **course):
    return [rule for _, rule, *_ in teaching_problems(notebook(*cells, **course), table)]


ASK = ("predict('02-a', 'How many?')",)
TELL = ("reveal('02-a', 7)", "reveal")
ANSWER = "<details>\n<summary>Answer</summary>\n\nSeven.\n\n</details>"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ((ASK, TELL), []),
        ((ASK, ("x = 7", "paper"), TELL), []),
        ((ASK, ("print(7)",), TELL), ["reveal"]),
        ((("print(7)",), ASK, TELL), []),
        ((ASK, ("reveal('02-a', 7)",)), ["reveal"]),
        ((ASK,), ["predict"]),
        ((TELL,), ["predict"]),
        ((("predict('03-a', '?')",), ("reveal('03-a', 7)", "reveal")), ["predict"]),
        (("## By hand\n\nTake a pencil.", ("print(7)",)), ["paper"]),
        (("## By hand\n\nTake a pencil.", ("print(7)", "paper")), []),
        (("## By hand\n\nTake a pencil.", ("figure",), ("print(7)", "paper")), []),
        (("## By hand\n\nFill in the row.", "And then:", ("print(7)", "paper")), ["paper"]),
        ((f"## By hand\n\nFill in the row.\n\n{ANSWER}",), []),
        (("## See it\n\nWhich outputs change?",), ["question"]),
        (("## See it\n\nWhich outputs change?", ("print(7)",)), ["question"]),
        (("## See it\n\nWhich outputs change?", ASK, TELL), []),
        (("## See it\n\nWhich outputs change?", ANSWER), []),
        ((f"## See it\n\nWhich outputs change?\n\n{ANSWER}",), []),
        (("## See it\n\nWhich outputs change? The first three.",), []),
        (('## See it\n\n> *"Why not?"*',), []),
        (("## Words\n\n- Why?",), []),
        (("## Play\n\n1. Try this.\n2. And that.",), ["play"]),
        ((f"## Play\n\n1. Try this.\n\n{ANSWER.replace('Seven', '1. Seven')}",), []),
        ((f"## Play\n\n1. Try this.\n2. Try it.\n\n{ANSWER}",), ["play"]),
    ],
)
def test_questions(cells, found):
    assert [rule for rule in rules(*cells) if rule != "minutes"] == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("## Further reading\n\nFrom deck 001 and deck 002.",), []),
        (("## By hand\n\n### Find the slip\n\nDeck 001 prints 6. The deck means 7.",), []),
        (("## By hand\n\nDeck 001 prints 6.",), ["deck"]),
        (("## By hand\n\n### Find the slip\n\nDeck 001.", ("grid('deck 001')",)), []),
        (("### Find the slip\n\nDeck 1.", "### Find the slip\n\nDeck 2."), ["deck"]),
        (("## By hand", ("grid('deck 001')",)), ["deck"]),
    ],
)
def test_decks_are_named_where_a_slip_is_found_and_in_the_closing_note(cells, found):
    assert rules(*cells) == found


def test_an_appendix_may_name_decks_and_has_no_quiz_of_its_own():
    assert (
        rules("## Lesson 01\n\nDeck 000 prints 24 million.", lesson="90")
        == [
            "predict"  # the sample's quiz is lesson 02's
        ]
        * 3
    )


def test_a_cell_to_fill_in_holds_no_answer():
    given = ("second = None\nprint(second)",)
    held = ("second = None\nif second == 3:\n    print('right')",)
    assert rules(given, kind="exercise") == []
    assert rules(held, kind="exercise") == ["by-hand"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("'1', True", "'only this one is so long', True", "quiz"),
        (", ('3', False, 'No.')", "", "quiz"),
        ("quiz('02-q1'", "print('02-q1'", "quiz"),
        ("'02-q1'", "'03-q1'", "predict"),
    ],
)
def test_a_quiz_of_the_wrong_form_is_found(old, new, found):
    given = notebook()
    given["cells"][-1]["source"] = QUIZ.replace(old, new, 1)
    assert [rule for _, rule, *_ in teaching_problems(given, ())] == [found]


def test_places_and_lengths_by_chance_pass_and_others_do_not():
    draw = random.Random(0)
    fair = []
    for number in range(60):
        texts = tuple(draw.sample(["a", "bb", "ccc", "dddd"], 4))
        place = draw.randrange(4)
        fair.append(Question(str(number), texts, tuple(at == place for at in range(4))))
    assert guessing_problems(fair) == []
    longest = [Question(q.name, q.texts, tuple(t == "dddd" for t in q.texts)) for q in fair]
    assert any("longest in 60 of 60" in sentence for sentence in guessing_problems(longest))
    first = [Question(q.name, q.texts, (True, False, False, False)) for q in fair]
    assert any("first in 60 of 60" in sentence for sentence in guessing_problems(first))


def test_minutes_count_words_cells_questions_and_tasks_but_nothing_optional_or_folded():
    words = " word" * 150
    alone = estimated_minutes(notebook())
    assert estimated_minutes(notebook("## See it" + words)) == pytest.approx(alone + 1, abs=0.05)
    assert estimated_minutes(notebook("### Optional: more" + words, ("x = 1",))) < alone
    assert estimated_minutes(notebook(f"<details>{words}</details>")) == alone
    assert estimated_minutes(notebook("## Words\n\n" + words)) < alone + 0.1
    assert estimated_minutes(notebook(("x = 1", "paper"))) > alone + 4
    assert estimated_minutes(notebook("## Play\n\n1. Try.\n2. Try.")) > alone + 6


@pytest.mark.parametrize(
    ("cells", "minutes", "found"),
    [
        ((), 5, []),
        (("## See it" + " word" * 1800,), 5, ["minutes"]),
        (("## See it" + " word" * 1800,), 18, []),
        (("## See it" + " word" * 9000,), 60, ["minutes"]),
        ((), 75, ["minutes"]),
    ],
)
def test_the_minutes_stated_are_those_it_takes(cells, minutes, found):
    assert rules(*cells, minutes=minutes) == found


def test_what_is_used_is_explained_before(tmp_path):
    path = tmp_path / "introduced.toml"
    path.write_text(
        "[02]\n\"np.pad\" = { code = 'np\\.pad\\(' }\n"
        "\"sum sign\" = { text = '\\\\sum', says = 'add up' }\n"
        "[05]\n\"stride\" = { code = 'stride=' }\n",
        encoding="utf-8",
    )
    table = read_introduced(path)
    told = "`np.pad` adds a border. $\\sum$ says: add up."
    assert rules(told, ("np.pad(x)",), table=table) == []
    assert rules(told, ("# `np.pad` adds a border\nnp.pad(x)",), table=table) == []
    assert rules(("np.pad(x)",), told, table=table) == ["introduced"]
    assert rules("$\\sum$", told, table=table) == ["introduced"]
    assert rules("nothing", table=table) == ["introduced"] * 2  # promised and not kept
    assert rules(told, ("f(stride=2)",), table=table) == ["introduced"]
    later = notebook(("np.pad(x, stride=2)",), lesson="05", kind="exercise")
    later["cells"].pop()
    assert list(teaching_problems(later, table)) == []


def test_a_row_without_a_pattern_or_given_twice_is_refused(tmp_path):
    path = tmp_path / "introduced.toml"
    path.write_text('[02]\n"@" = { says = "at" }\n', encoding="utf-8")
    with pytest.raises(ValueError, match="give code or text"):
        read_introduced(path)
    path.write_text("[02]\na = { code = 'a' }\n[03]\na = { code = 'a' }\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lessons 02, 03"):
        read_introduced(path)


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("- **Dot product**, **sum**: added up.", []),
        ("- **Dot product**: added up. **Ceil mode**: rounded up.", []),
        ("- **Window**: under the kernel.", ["words"]),
        ("- **Dot product**: added up. **Window**, **patch**: seen.", ["words"] * 2),
        ("- **Sum**: with (**zero padding**).", []),
    ],
)
def test_a_word_that_is_explained_is_used(listed, found):
    text = "## By hand\n\nThe *dot product* of two lists is a sum."
    assert rules(text, ("f(ceil_mode=True)",), f"## Words\n\n{listed}") == found
