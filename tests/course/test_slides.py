"""Slides: what a lesson's parts become, and what stays out of sight until the next step."""

import json
import re

import pytest

from coursekit.course.slides import slides_of, write_slides
from coursekit.errors import CallError, CourseError


def text(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source, shown="", *tags, hidden=False):
    outputs = [{"output_type": "stream", "text": shown}] if shown else []
    metadata = {"tags": list(tags), "jupyter": {"source_hidden": hidden}}
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": metadata}


def words(*cells):
    """Give the words on each slide, and those of its notes in brackets."""
    found = []
    for slide in slides_of({"cells": list(cells)}):
        slide = re.sub(r"<aside.*?>(.*?)</aside>", r" [\1]", slide, flags=re.DOTALL)
        found.append(" ".join(re.sub(r"<[^>]*>", " ", slide).split()))
    return found


def test_a_heading_begins_a_slide_and_a_cell_that_shows_something_ends_one():
    cells = (
        text("# 05 · Padding\n\nHow large?"),
        text("## By hand\n\n### One\n\nLook."),
        code("draw", "a picture"),
        text("Seen."),
        code("x = 1", hidden=True),
        code("more", "another", hidden=True),
        text("### Two"),
    )
    assert words(*cells) == [
        "05 · Padding How large?",
        "One Look. draw a picture",
        "One Seen. another",
    ]


def test_parts_for_the_reader_alone_are_left_out():
    cells = [text(f"## {name}\n\nText.") for name in ("Recap", "Your turn", "Words", "Quiz")]
    optional = text("### Optional: more\n\nText.\n\n#### Still\n\nText.\n\n### Back\n\nText.")
    closing = text("## Further reading\n\n### None\n\nText.")
    assert words(*cells, optional, closing) == ["Recap Text.", "Quiz Text.", "Back Text."]


def test_the_middle_of_a_long_text_is_for_the_speaker():
    body = "First.\n\nSecond.\n\n- a list\n\nThird.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nLast."
    assert words(text(f"## A\n\n{body}")) == ["A First. a list a b 1 2 Last. [ Second. Third. ]"]


@pytest.mark.parametrize("tag", ["reveal", "paper"])
def test_an_answer_never_stands_on_the_slide_of_its_question(tag):
    cells = (text("## A\n\nHow many?"), code("count", "seven", tag))
    assert words(*cells) == ["A How many?", "A count seven"]


def test_answers_of_quizzes_and_folded_ones_come_with_the_next_step():
    quiz = code("quiz('01-a', 'Which?', [('this', True, 'Yes.'), ('that', False, 'No.')])")
    folded = text("<details><summary>Answer</summary>\n\nIt is *seven*.\n\n</details>\n\nOn.")
    shown = list(slides_of({"cells": [text("## A\n\nAsk."), quiz, folded]}))
    assert len(shown) == 2
    for slide, answer in zip(shown, ("✓ Yes.", "<em>seven</em>"), strict=True):
        before, after = slide.split('class="fragment answer"', 1)
        assert answer not in before and answer in after
    assert "<p>On.</p>" in shown[1] and "<details" not in shown[1]


def test_formulas_are_drawn_by_the_browser():
    [slide] = slides_of({"cells": [text("## A\n\n$$\\frac{n}{s}$$\n\nwith $n = 8$.")]})
    assert slide.count("<math") == 2 and "<mfrac>" in slide and "$" not in slide


def test_every_lesson_has_slides_that_name_nothing_on_a_network(project, tmp_path):
    for path in sorted((project / "lessons").glob("[0-8]*.ipynb")):
        file, count = write_slides(path.stem[:2], tmp_path)
        page = file.read_text(encoding="utf-8").partition("<script")[0]
        assert file.stem == path.stem and count == page.count("<section>") > 10
        assert not re.search(r"<(?:link|script|img|iframe)[^>]*(?:src|href)=\"(?!data:)", page)


def test_what_cannot_be_done_is_said(tmp_path):
    write_slides("05", tmp_path / "new" / "folder")
    with pytest.raises(CallError, match=r"05_padding_and_stride\.html is there already"):
        write_slides("5", tmp_path / "new" / "folder")
    (tmp_path / "lessons").mkdir()
    with pytest.raises(CallError, match="give one of: none"):
        write_slides("05", tmp_path, tmp_path)
    (tmp_path / "lessons" / "05_x.ipynb").write_text(json.dumps({"cells": [{}]}))
    with pytest.raises(CourseError, match=r"05_x\.ipynb is not a lesson"):
        write_slides("05", tmp_path, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="could not be written"):
        write_slides("05", tmp_path / "file" / "below")
