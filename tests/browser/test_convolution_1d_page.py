"""The one-dimensional explorer: its arithmetic against coursekit.scratch, and its page."""

import re

import numpy as np
import pytest

from coursekit.scratch import convolve1d, correlate1d
from coursekit.widgets import Convolution1dExplorer


def test_both_lines_are_those_of_scratch(call):
    rng = np.random.default_rng(3)
    cases = []
    for _ in range(80):
        n = int(rng.integers(1, 60))
        signal = rng.normal(0, 20, n).round(3).tolist()
        kernel = rng.normal(0, 3, int(rng.integers(1, min(n, 31) + 1))).round(3).tolist()
        state = {"signal": signal, "kernel": kernel, "average": bool(rng.integers(2))}
        cases += [[state, False], [state, True]]
    for (state, flip), got in zip(cases, call("convolution_1d", "slide", cases), strict=True):
        want = (convolve1d if flip else correlate1d)(state["signal"], state["kernel"])
        divisor = sum(state["kernel"]) if state["average"] else 1
        np.testing.assert_allclose(got, want / divisor, rtol=1e-9, atol=1e-9)
    terms = call("convolution_1d", "windowTerms", [[[1, 2, 3, 4], [5, 6], True, 1]])[0]
    assert [(t["value"], t["weight"], t["product"]) for t in terms] == [(2, 6, 12), (3, 5, 15)]


def test_numbers_that_can_be_read_in_two_ways_are_refused(call):
    texts = {
        "3 5 2.5": [3, 5, 2.5],
        " 3, 5;  -2 ": [3, 5, -2],
        "1/4 1e2 −1": [0.25, 100, -1],
        "3,5": None,
        "1,000 2": None,
        "": None,
        "3 x": None,
    }
    got = call("convolution_1d", "parseNumbers", [[text] for text in texts])
    assert got == list(texts.values())


def sums(page):
    """The two results of the window: without the flip and with it."""
    texts = page.locator(".ck-sum").all_inner_texts()
    return [float(re.split("[=:] ", text)[-1].replace("−", "-")) for text in texts]


def spoken(page):
    return page.get_by_role("status").inner_text()


@pytest.fixture
def explorer(show):
    return show(Convolution1dExplorer())


def test_the_play_tasks_of_its_documentation(explorer):
    explorer.get_by_label("Signal", exact=True).select_option("reports")
    explorer.get_by_label("Divide by the sum").uncheck()
    assert sums(explorer) == [102, 186]

    explorer.get_by_label("Divide by the sum").check()
    explorer.get_by_label("Signal", exact=True).select_option("sound")
    explorer.get_by_label("Kernel", exact=True).select_option("four")
    quiet = slid(explorer)
    hum = 5 * np.sin(2 * np.pi * np.arange(120) / 40)
    np.testing.assert_allclose(
        quiet[:, 0], np.convolve(hum, np.ones(4) / 4, "valid")[:30], atol=0.01
    )
    explorer.get_by_label("Kernel", exact=True).select_option("fifteen")
    left = slid(explorer)[:, 0] - np.convolve(hum, np.ones(15) / 15, "valid")[:30]
    assert 0.1 < np.abs(left).max() < 0.2

    explorer.get_by_label("Signal", exact=True).select_option("reports")
    explorer.get_by_label("Weights of the kernel").fill("0 0 0 0 0 0 1")
    explorer.get_by_label("Weights of the kernel").press("Enter")
    assert sums(explorer) == [10, 2]
    explorer.get_by_label("Weights of the kernel").fill("1 2 1")
    explorer.get_by_label("Weights of the kernel").press("Enter")
    assert "the flip changes nothing" in explorer.locator(".ck-signal").inner_text()


def slid(page):
    """The first thirty results of both lines, by the arrow keys."""
    page.locator(".ck-board").focus()
    page.keyboard.press("Home")
    rows = []
    for _ in range(30):
        rows.append(sums(page))
        page.keyboard.press("ArrowRight")
    return np.array(rows)


def test_it_is_dragged_and_walked(explorer):
    area = explorer.locator(".ck-board").bounding_box()
    explorer.mouse.move(area["x"] + area["width"] * 0.3, area["y"] + 60)
    before = sums(explorer)
    explorer.mouse.down()
    explorer.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + 60, steps=4)
    assert sums(explorer) != before
    explorer.mouse.up()
    dragged = spoken(explorer)
    assert re.match(r"Readings \d+ to \d+. Average without the flip: ", dragged)
    explorer.mouse.move(area["x"] + area["width"] * 0.9, area["y"] + 60)
    assert spoken(explorer) == dragged
    explorer.locator(".ck-board").focus()
    for key, first in [("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 11), ("End", 113)]:
        explorer.keyboard.press(key)
        assert spoken(explorer).startswith(f"Readings {first} to {first + 6}.")
    explorer.get_by_label("Numbers of the signal").fill("1 2")
    explorer.get_by_label("Numbers of the signal").press("Enter")
    assert "does not fit" in explorer.locator(".ck-sum").first.inner_text()
    explorer.get_by_label("Weights of the kernel").fill("1,5")
    explorer.get_by_label("Weights of the kernel").press("Enter")
    assert "a point in decimals" in explorer.get_by_role("alert").inner_text()


def test_the_kernel_slides_by_itself_and_stops(own_context, page, show):
    page.clock.install(time=0)
    explorer = show(Convolution1dExplorer([1, 2, 3, 4, 5], [1, 1], average=False))
    explorer.get_by_role("button", name="Slide").click()
    page.clock.run_for(10_000)
    explorer.get_by_role("button", name="Slide").wait_for()
    assert sums(explorer) == [9, 9] and spoken(explorer).startswith("Readings 3 to 4.")
