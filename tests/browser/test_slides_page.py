"""The slides of a lesson, stepped through from the first to the last, from a file."""

import pytest

from coursekit.course.slides import write_slides

pytestmark = pytest.mark.browser

# What is seen of the slide that is on: how far down it reaches, and the answers that are out.
LOOK = """() => {
  const slide = document.querySelector("section.present .slide");
  const hidden = (part) => getComputedStyle(part).visibility === "hidden";
  const answers = [...slide.querySelectorAll(".answer")];
  return {
    bottom: slide.getBoundingClientRect().bottom / innerHeight,
    hidden: answers.filter(hidden).length,
    answers: answers.length,
    last: Reveal.isLastSlide() && !Reveal.availableFragments().next,
  };
}"""


def test_each_answer_waits_for_its_step_and_each_slide_fits(page, tmp_path):
    file, count = write_slides("05", tmp_path)
    page.goto(file.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    slides, steps, waiting = 1, 0, 0
    seen = page.evaluate(LOOK)
    while not seen["last"]:
        before = seen
        page.keyboard.press("ArrowRight")
        seen = page.evaluate(LOOK)
        assert seen["bottom"] <= 1.01, slides
        if page.evaluate("Reveal.getSlidePastCount()") == slides:
            slides += 1
            waiting += seen["answers"]
            assert seen["hidden"] == seen["answers"]
        else:
            steps += 1
            assert seen["hidden"] == before["hidden"] - 1
    assert (slides, steps) == (count, waiting) and waiting >= 5
    assert page.locator("math").count() > 10
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []
