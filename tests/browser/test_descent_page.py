"""The descent explorer on a page without a kernel: buttons, keys, charts, what it says."""

import re

import pytest

from coursekit.widgets import ConvolutionExplorer, DescentExplorer

BALL = """() => {
  const middle = node => [node.cx.baseVal.value, node.cy.baseVal.value];
  const ball = document.querySelector('.ckd-valley circle.ckd-ball');
  const zero = document.querySelector('.ckd-valley ellipse');
  const [[x, y], [left, top]] = [middle(ball), middle(zero)];
  return [(x - left) / 100, (top - y) / 100]; }"""


@pytest.fixture
def calm(page):
    """Nobody waits for an animation, but in the test of it."""
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def explorer(calm, show):
    return show(DescentExplorer())


def press(page, name, times=1):
    for _ in range(times):
        page.get_by_role("button", name=name).click()


def rate(page, value):
    page.get_by_label("Learning rate as a number").fill(value)
    page.get_by_label("Learning rate as a number").press("Enter")


def spoken(page):
    return page.locator("[role=status]").inner_text()


def numbers(page):
    return re.sub(r"\s+", " ", page.locator(".ckd-numbers").inner_text())


def run_count(page):
    return len(page.locator(".ckd-valley .ckd-run").get_attribute("points").split()) - 1


def test_it_starts_with_a_question_that_can_be_answered_on_paper(explorer):
    assert spoken(explorer) == "Start: weight 1 = −1.6, weight 2 = 0.9, loss 5.33."
    assert "gradient 1 1 · (−1.6) = −1.6" in numbers(explorer)
    assert "gradient 2 10 · 0.9 = 9" in numbers(explorer)
    assert explorer.evaluate(BALL) == pytest.approx([-1.6, 0.9], abs=1e-3)


def test_a_step_moves_the_ball_and_shows_the_arithmetic(explorer):
    rate(explorer, "0.05")
    press(explorer, "Step")
    assert spoken(explorer) == "Update 1: loss 2.17, falling."
    assert "Update 1 in numbers" in numbers(explorer)
    assert "weight 1 −1.6 − 0.05 · (−1.6) = −1.52" in numbers(explorer)
    assert "weight 2 0.9 − 0.05 · 9 = 0.45" in numbers(explorer)
    assert explorer.evaluate(BALL) == pytest.approx([-1.52, 0.45], abs=1e-3)
    press(explorer, "Step")
    assert spoken(explorer) == "Update 2: loss 1.3, falling."
    assert run_count(explorer) == 2


def test_rounded_numbers_do_not_claim_to_be_equal(explorer):
    """Each line that says "=" must hold for the numbers as they are written."""
    rate(explorer, "0.037")
    exact = 0
    for _ in range(12):
        press(explorer, "Step")
        for line in explorer.locator(".ckd-result .ckd-term").all_inner_texts():
            sign = "=" if "=" in line else "≈"
            left, right = line.replace("−", "-").replace("·", "*").split(sign)
            same = float(f"{eval(left):.4g}") == pytest.approx(float(right), rel=1e-9)
            assert same == (sign == "="), line
            exact += same
    assert 0 < exact < 24


def test_momentum_and_adam_show_every_number_of_theirs(explorer):
    explorer.get_by_label("Optimizer").select_option("sgd 0.9")
    assert spoken(explorer).startswith("New run with SGD with momentum 0.9. Start:")
    press(explorer, "Step", 2)
    # Weight 1: velocity -1.6, then 0.9·(-1.6) - 1.44; weight -1.44, then -1.44 + 0.288.
    assert "velocity 0.9 · (−1.6) + (−1.44) = −2.88" in numbers(explorer)
    assert "weight 1 −1.44 − 0.1 · (−2.88) = −1.152" in numbers(explorer)
    explorer.get_by_label("Optimizer").select_option("adam 0")
    press(explorer, "Step")
    assert "mean (0.9 · 0 + 0.1 · (−1.6)) / 0.1 = −1.6" in numbers(explorer)
    assert "size √((0.999 · 0 + 0.001 · (−1.6)²) / 0.001) = 1.6" in numbers(explorer)
    assert "weight 1 −1.6 − 0.1 · (−1.6) / 1.6 = −1.5" in numbers(explorer)
    assert "weight 2 0.9 − 0.1 · 9 / 9 = 0.8" in numbers(explorer)


def test_the_four_kinds_of_rates_are_told_apart_in_words(explorer):
    for value, words in [
        ("0.001", "Updates 1 to 20: loss from 5.33 to 3.94, falling slowly."),
        ("0.18", "falling. Weight 2 changed its sign 20 times."),
        ("0.2", "Weight 2 changed its sign 20 times."),
        ("0.22", "rising. Weight 2 changed its sign 20 times. The ball is off the chart."),
    ]:
        press(explorer, "Reset")
        rate(explorer, value)
        press(explorer, "Run 20")
        assert words in spoken(explorer), value
    assert explorer.locator(".ckd-gone").inner_html() == "off the chart"


def test_an_explosion_stops_by_itself(explorer):
    rate(explorer, "10")
    press(explorer, "Run 20")
    assert "Off the chart: the loss has exploded, so the run stops here." in spoken(explorer)
    assert run_count(explorer) == 1
    assert explorer.get_by_role("button", name="Step").get_attribute("aria-disabled") == "true"
    explorer.locator(".ckd-valley").press("Enter")
    assert "This run has ended. Press Reset first" in spoken(explorer) and run_count(explorer) == 1
    picture = explorer.locator(".ck").inner_html()
    assert "NaN" not in picture and "Infinity" not in picture
    press(explorer, "Reset")
    assert spoken(explorer).startswith("Start:")
    assert explorer.get_by_role("button", name="Step").get_attribute("aria-disabled") == "false"


def test_chance_is_the_same_after_reset_and_other_in_another_batch(explorer):
    explorer.get_by_label("Gradient from").select_option("0")
    press(explorer, "Run 20")
    first = numbers(explorer)
    assert "by chance" in first
    press(explorer, "Reset")
    press(explorer, "Run 20")
    assert numbers(explorer) == first
    explorer.get_by_label("Gradient from").select_option("1")
    press(explorer, "Run 20")
    assert numbers(explorer) != first and run_count(explorer) == 20
    explorer.get_by_label("Gradient from").select_option("off")
    press(explorer, "Run 20")
    assert "by chance" not in numbers(explorer)


def test_the_run_before_stays_to_compare_and_a_second_reset_removes_it(explorer):
    rate(explorer, "0.01")
    press(explorer, "Run 20")
    press(explorer, "Reset")
    rate(explorer, "0.1")
    press(explorer, "Run 20")
    legend = explorer.locator(".ckd-legend").inner_text()
    assert "this run: SGD, rate 0.1" in legend and "the run before: SGD, rate 0.01" in legend
    assert explorer.locator("polyline.ckd-before").count() == 2
    press(explorer, "Reset")
    assert "Press Reset once more" in explorer.locator(".ckd-legend").inner_text()
    press(explorer, "Reset")
    assert explorer.locator("polyline.ckd-before").count() == 0


def test_a_rate_changed_on_the_way_is_said_and_marked(explorer):
    press(explorer, "Run 20")
    rate(explorer, "0.02")
    assert spoken(explorer).startswith("From the next update on the learning rate is 0.02.")
    press(explorer, "Step")
    assert explorer.locator(".ckd-rate").text_content() == "rate 0.02"
    assert "rate 0.1, then 0.02" in explorer.locator(".ckd-legend").inner_text()


def test_slider_and_number_go_together(explorer):
    slider = explorer.get_by_label("Learning rate", exact=True)
    box = explorer.get_by_label("Learning rate as a number")
    slider.focus()
    explorer.keyboard.press("ArrowRight")
    assert box.input_value() == "0.11" and slider.get_attribute("aria-valuetext") == "0.11"
    explorer.keyboard.press("End")
    assert box.input_value() == "1"
    rate(explorer, "1/50")
    assert box.input_value() == "0.02" and slider.input_value() == "26"


def test_a_rate_that_cannot_be_used_is_refused_with_the_mend(explorer):
    alert = explorer.locator("[role=alert]")
    box = explorer.get_by_label("Learning rate as a number")
    for text in ("fast", "0", "-1", "11", ""):
        rate(explorer, text)
        assert "Write a learning rate from 0.0001 to 10" in alert.inner_text(), text
        assert box.get_attribute("aria-invalid") == "true"
        explorer.keyboard.press("Escape")
        assert box.input_value() == "0.1" and alert.inner_text() == ""


def test_the_start_is_chosen_by_a_click_or_by_keys(explorer):
    chart = explorer.locator(".ckd-valley")
    press(explorer, "Step")
    area = explorer.locator(".ckd-valley .ckd-frame").bounding_box()
    explorer.mouse.click(
        area["x"] + area["width"] * (1 + 2.2) / 4.4, area["y"] + area["height"] * 2 / 3
    )
    assert spoken(explorer).startswith("Start: weight 1 = 1, weight 2 = −0.5, loss")
    chart.focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "Shift+ArrowLeft"):
        explorer.keyboard.press(key)
    assert spoken(explorer).startswith("Start: weight 1 = 0.4, weight 2 = −0.3, loss")
    assert "weight 1 = 0.4, weight 2 = −0.3" in chart.get_attribute("aria-label")
    for _ in range(9):
        explorer.keyboard.press("Shift+ArrowDown")
    assert "weight 2 = −1.5" in spoken(explorer)
    explorer.keyboard.press("Enter")
    assert spoken(explorer).startswith("Update 1:")
    explorer.keyboard.press("Home")
    assert spoken(explorer).startswith("Start: weight 1 = −1.6, weight 2 = 0.9")


def test_why_gives_the_factor_of_each_weight(explorer):
    rate(explorer, "0.18")
    assert not explorer.locator(".ckd-reasons").is_visible()
    explorer.locator("summary").focus()
    explorer.keyboard.press("Enter")
    text = explorer.locator(".ckd-reasons").inner_text()
    assert "Weight 1 is multiplied by 1 − 0.18 · 1 = 0.82: it shrinks." in text
    assert "1 − 0.18 · 10 = −0.8: it changes its sign and shrinks." in text
    rate(explorer, "0.2")
    assert "−1: it changes its sign for ever" in explorer.locator(".ckd-reasons").inner_text()
    explorer.get_by_label("Optimizer").select_option("sgd 0.9")
    assert "/ 10 = 0.38" in explorer.locator(".ckd-reasons").inner_text()


def test_twenty_updates_are_watched_one_by_one_and_told_once(own_context, page, show):
    page.emulate_media(reduced_motion="no-preference")
    page.clock.install(time=0)
    show(DescentExplorer(0.02))
    page.clock.pause_at(60_000)  # from here on time passes only when it is told to
    page.evaluate(
        """() => { window.said = []; const node = document.querySelector('[role=status]');
          new MutationObserver(() => window.said.push(node.textContent))
            .observe(node, {childList: true, characterData: true, subtree: true}); }"""
    )
    press(page, "Run 20")
    watched = [run_count(page)]
    for _ in range(19):
        assert page.evaluate("window.said") == []
        page.clock.run_for(60)
        watched.append(run_count(page))
    assert watched == list(range(1, 21))
    assert page.evaluate("window.said") == ["Updates 1 to 20: loss from 5.33 to 0.571, falling."]
    # A button pressed meanwhile does not wait.
    press(page, "Run 20")
    press(page, "Reset")
    assert run_count(page) == 0 and spoken(page).startswith("Start:")


def test_what_the_kernel_gave_is_in_the_menus(calm, show):
    given = DescentExplorer(0.003, momentum=0.5, noise=0.3, seed=7)
    given.step(3)
    page = show(given)
    assert page.get_by_label("Optimizer").input_value() == "sgd 0.5"
    assert page.get_by_label("Gradient from").input_value() == "7"
    assert page.get_by_label("Learning rate as a number").input_value() == "0.003"
    assert spoken(page).startswith("Updates 1 to 3:") and run_count(page) == 3


def test_with_all_of_it_open_it_is_readable_in_either_theme_and_fits_its_column(
    explorer, violations
):
    explorer.get_by_label("Optimizer").select_option("adam 0")
    explorer.get_by_label("Gradient from").select_option("0")
    rate(explorer, "0.3")
    press(explorer, "Run 20")
    explorer.locator("summary").click()
    assert violations(explorer) == []
    explorer.emulate_media(color_scheme="dark")
    assert violations(explorer, colours_only=True) == []
    for width in (320, 380, 640, 960):
        explorer.set_viewport_size({"width": width, "height": 900})
        assert explorer.evaluate("document.documentElement.scrollWidth") <= width
        wide = explorer.evaluate(
            """() => { const edge = document.querySelector('.ck').getBoundingClientRect().right;
              return [...document.querySelectorAll('.ck :is(div, p, button, input, select, span)')]
                .filter(node => node.getBoundingClientRect().right > edge).length; }"""
        )
        assert wide == 0, width


def test_it_lives_beside_another_widget(calm, show):
    page = show(ConvolutionExplorer(), DescentExplorer())
    press(page, "Step")
    assert page.locator(".ckd [role=status]").inner_text().startswith("Update 1: loss")
    assert page.locator(".ck-explorer .ck-sum").inner_text().endswith("= 25")
    assert page.messages == []
