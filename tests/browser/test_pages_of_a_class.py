"""The pages that grading, totals and the comparison leave, in Chromium: inert and accessible."""

import sys
from pathlib import Path

import pytest
from accessibility import broken_rules

sys.path.insert(0, str(Path(__file__).parents[1] / "review"))

from class_to_look_through import answered_class, cell, entry, handed_in, make_class
from classes_of_commands import account, said
from notebooks_at_hand import CONV

HIT = "window.hit = 1"
MARKUP = f'"></pre><script>{HIT}</script><img src=x onerror="{HIT}"><a href="javascript:{HIT}">a'


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """Pages of a hostile class and of one with an open answer, by what they are."""
    top = tmp_path_factory.mktemp("pages")
    cells = [cell("markdown", MARKUP), cell("code", f"# {MARKUP}\nx = '''{MARKUP}'''.upper()")]
    found = entry("x", "x", right=False)["functions"]
    found[0] |= {"misconception": "kernel_flipped", "remarks": [MARKUP], "code": MARKUP}
    found[0]["checks"][1] |= {"message": MARKUP}
    wrong = {"functions": found, "events": [{"code": "odd", "detail": MARKUP}]}
    copied = (handed_in(CONV, *cells), wrong)
    hostile = make_class(top, {MARKUP[:30]: copied, "bob": copied, "cy": (b"{", {})})
    open_ones, _ = answered_class(top / "words", MARKUP)
    account(hostile, "bob", "--comment", MARKUP)  # which writes the pages
    account(open_ones, "ada", "--comment", "see me")
    said("similar", hostile)
    said("totals", "--gradebook", open_ones / "gradebook.db", "--out", top / "totals")
    return {
        "class": hostile / "class.html",
        "open": open_ones / "class.html",
        "feedback": open_ones / "feedback" / "ada.html",
        "review": hostile / "review" / "bob.html",
        "similar": hostile / "similar.html",
        "pair": hostile / "similar" / "001.html",
        "course": top / "totals" / "course.html",
        "total": top / "totals" / "students" / "ada.html",
    }


def test_nothing_of_a_student_runs_and_axe_finds_nothing_in_either_theme(page, left):
    broken = []
    for what, path in left.items():
        page.set_viewport_size({"width": 420, "height": 900})
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("window.hit") is None
        assert page.locator("main :is(script, img, svg, iframe)").count() == 0
        links = page.evaluate("[...document.links].map(link => link.protocol)")
        assert set(links) <= {"file:"}
        if what in ("feedback", "review", "pair"):
            assert HIT in page.locator("main").inner_text(), what
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, what
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            rules = broken_rules(page, within=["html"], colours_only=scheme == "dark")
            broken += [f"{what}, {scheme}: {rule}" for rule in rules]
        page.emulate_media(color_scheme="light")
    assert broken == []
