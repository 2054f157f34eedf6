"""Quiz, prediction and reveal on a page without a kernel: feedback, keys, and what is kept."""

import pytest

from coursekit.widgets import Predict, Quiz
from coursekit.widgets.base import page_element

ONE = [
    ("It smooths.", True, "Each value becomes a mean."),
    ("It sharpens.", False, "That needs `negative` weights."),
    ("It finds edges.", False, "Its weights add up to 1, not 0."),
]
SEVERAL = [
    ("shorter", True, "n - f + 1 cells."),
    ("shared", True, "One kernel for all places."),
    ("unchanged", False, "Compare the numbers."),
]


@pytest.fixture
def quiz(show):
    return show(Quiz("02-one", "What does `[1, 1, 1] / 3` do?", ONE))


@pytest.fixture
def ticks(show):
    return show(Quiz("02-several", "What is true?", SEVERAL))


def notes(page):
    return page.locator(".ck-note:visible").all_inner_texts()


def check(page):
    page.get_by_role("button", name="Check").click()


def test_every_single_option_has_its_feedback(quiz):
    for text, correct, feedback in reversed(ONE):
        quiz.get_by_label(text).check()
        check(quiz)
        mark = "✓ Right: " if correct else "✗ Not this: "
        assert notes(quiz) == [mark + feedback.replace("`", "")]
        status = quiz.get_by_role("status").inner_text()
        assert status.startswith("Right." if correct else "Not yet.")
        assert feedback.replace("`", "") in status


def test_every_tick_has_its_feedback(ticks):
    for text, correct, feedback in SEVERAL:
        ticks.get_by_label(text).check()
        check(ticks)
        assert notes(ticks) == [("✓ Right: " if correct else "✗ Not this: ") + feedback]
        ticks.get_by_label(text).uncheck()


def test_ticks_are_right_only_together(ticks):
    ticks.get_by_label("shorter").check()
    check(ticks)
    assert "there is more" in ticks.get_by_role("status").inner_text()
    ticks.get_by_label("unchanged").check()
    check(ticks)
    status = ticks.get_by_role("status").inner_text()
    assert "1 of your 2 ticks fit" in status and "right option is missing" in status
    ticks.get_by_label("unchanged").uncheck()
    ticks.get_by_label("shared").check()
    check(ticks)
    assert ticks.get_by_role("status").inner_text().startswith("Right.")
    assert "Attempts: 3" in ticks.locator(".ck-tries").inner_text()


def test_the_quiz_works_by_keyboard_alone(quiz):
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("ArrowDown")
    quiz.keyboard.press("Enter")
    assert notes(quiz) == ["✗ Not this: That needs negative weights."]
    quiz.keyboard.press("ArrowUp")
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("Space")
    assert notes(quiz) == ["✓ Right: Each value becomes a mean."]
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("Enter")
    assert len(notes(quiz)) == 3


def test_nothing_chosen_is_no_attempt(quiz):
    check(quiz)
    assert quiz.get_by_role("status").inner_text() == "Choose an option first."
    assert quiz.locator(".ck-tries").inner_text() == ""


def test_a_quiz_is_remembered_and_reading_on_is_no_attempt(quiz):
    for text in ("It sharpens.", "It smooths.", "It finds edges."):
        quiz.get_by_label(text).check()
        check(quiz)
    assert quiz.locator(".ck-tries").inner_text() == "Solved. Attempts: 2"
    quiz.reload()
    assert quiz.get_by_label("It smooths.").is_checked()
    assert quiz.locator(".ck-tries").inner_text() == "Solved. Attempts: 2"
    assert "in this browser" in quiz.locator(".ck-where").inner_text()


def test_the_answer_does_not_stand_in_the_page(quiz):
    text = quiz.content()
    assert "It smooths." in text
    for _, _, feedback in ONE:
        assert feedback not in text


def test_without_storage_it_works_and_says_so(own_context, page, show):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
    )
    quiz = show(Quiz("02-one", "What?", ONE))
    quiz.get_by_label("It smooths.").check()
    check(quiz)
    assert quiz.get_by_role("status").inner_text().startswith("Right.")
    assert "does not let the page store" in quiz.locator(".ck-where").inner_text()


def test_damaged_storage_does_not_stop_a_quiz(quiz):
    for stored in ("{", "[]", "null", "7", '{"chosen": ["gone"]}'):
        quiz.evaluate(f"localStorage.setItem('kernel-by-kernel:answer:02-one', {stored!r})")
        quiz.reload()
        quiz.get_by_label("It smooths.").check()
        check(quiz)
        assert notes(quiz) == ["✓ Right: Each value becomes a mean."], stored


# ---- predictions ----------------------------------------------------------------------------


def reveal_element(answer="7.75"):
    state = {"prediction_id": "02-average", "answer": answer, "because": "31 divided by 4."}
    return page_element("reveal", state, "<p>The answer: 7.75</p>")


@pytest.fixture
def number(show):
    question = "What is the weighted average?"
    return show(Predict("02-average", question, kind="number", unit="km"), reveal_element())


def write(page, text):
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Write it down").click()


def revealed(page):
    return page.locator(".ck-reveal").inner_text()


def test_a_number_is_written_before_the_answer_shows(number):
    assert "7.75" not in number.locator("main").inner_text()
    write(number, "9.33")
    assert "You wrote: 9.33 km." in number.get_by_role("status").first.inner_text()
    assert "You wrote 9.33. The answer is 7.75." in revealed(number)
    assert "31 divided by 4." in revealed(number)


def test_a_prediction_is_remembered_and_can_be_changed(number):
    write(number, "9.33")
    number.reload()
    assert "You wrote 9.33." in revealed(number)
    number.get_by_role("button", name="Change it").click()
    assert number.evaluate("document.activeElement.value") == "9.33"
    number.keyboard.press("Control+A")
    number.keyboard.type("8")
    number.keyboard.press("Enter")
    assert "You wrote 8. The answer is 7.75." in revealed(number)
    assert number.get_by_role("textbox").count() == 0


def test_words_are_no_number(number):
    write(number, "many")
    assert "“many” is not a number" in number.get_by_role("status").first.inner_text()
    assert "7.75" not in number.locator("main").inner_text()


def test_nothing_written_is_no_prediction_but_skipping_is_allowed(number):
    number.get_by_role("button", name="Write it down").click()
    assert "or skip" in number.get_by_role("status").first.inner_text()
    number.get_by_role("button", name="Skip").click()
    assert "You skipped this one." in number.get_by_role("status").first.inner_text()
    assert revealed(number).startswith("The answer: 7.75.")


def test_a_choice_by_keyboard(show):
    page = show(Predict("02-average", "Which?", ["below 6", "exactly 6", "above 6"]))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "You wrote: above 6." in page.get_by_role("status").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Change it"


def test_words_are_kept_as_they_are_written(show):
    page = show(Predict("02-average", "Why?", kind="text"), reveal_element("weights"))
    write(page, "<b>because</b>")
    assert "<b>because</b>" in page.get_by_role("status").first.inner_text()
    assert "You wrote <b>because</b>." in revealed(page)


def test_axe_finds_nothing_in_either_theme(show, violations):
    page = show(
        Quiz("02-one", "What does `x` do?", ONE),
        Quiz("02-several", "What is true?", SEVERAL),
        Predict("02-average", "How many?", kind="number", unit="km"),
        Predict("02-which", "Which?", ["a", "b"]),
        reveal_element(),
    )
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, colours_only=True) == []
    page.get_by_label("It sharpens.").check()
    page.get_by_label("shorter").check()
    for button in page.get_by_role("button", name="Check").all():
        button.click()
    while page.get_by_role("button", name="Skip").count():
        page.get_by_role("button", name="Skip").first.click()
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    assert violations(page, colours_only=True) == []


def test_every_node_that_takes_the_focus_keeps_its_keys_from_jupyterlab(number):
    nodes = ".ck :is(input, select, button, textarea, a, summary, [tabindex])"
    marked = number.locator(nodes).evaluate_all(
        "all => all.map(n => n.dataset.lmSuppressShortcuts)"
    )
    assert len(marked) >= 4 and set(marked) == {"true"}
