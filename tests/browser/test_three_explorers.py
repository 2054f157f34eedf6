"""Volumes, pooling and softmax on one page: keyboard, accessibility, widths, both themes."""

import numpy as np
import pytest

from coursekit.widgets import PoolingExplorer, SoftmaxExplorer, VolumeExplorer

FOCUSABLE = ".ck :is(input, select, button, [tabindex]):visible:not(:disabled)"


@pytest.fixture
def page_of_all(show):
    return show(
        VolumeExplorer(step=2),
        VolumeExplorer(np.arange(243).reshape(3, 9, 9), np.ones((4, 3, 5, 5)), padding=2, rgb=True),
        PoolingExplorer(np.arange(1024).reshape(16, 64), stride=1, shift=(1, -2)),
        SoftmaxExplorer(list(range(10)), classes=["a class of a long name"] * 10),
        SoftmaxExplorer(compare=True),
    )


def test_they_fit_every_column(page_of_all):
    outside = """() => [...document.querySelectorAll('.ck')].flatMap(ck =>
        [...ck.querySelectorAll('*')].filter(node => !node.closest('.ck-hidden') && !node.hidden
          && node.getBoundingClientRect().right > ck.getBoundingClientRect().right + 1)
        .map(node => node.outerHTML.slice(0, 90)))"""
    for width in (320, 500, 690, 1200):
        page_of_all.set_viewport_size({"width": width, "height": 900})
        page_of_all.wait_for_function(f"({outside})().length === 0")
        assert page_of_all.evaluate("document.documentElement.scrollWidth") <= width


def test_a_new_theme_reaches_a_widget_that_is_hidden_for_a_moment(page_of_all):
    sizes = """() => [...document.querySelectorAll('.ck canvas')].map(canvas =>
        [canvas.width, Math.round(canvas.getBoundingClientRect().width)])"""
    pictures = """() => [...document.querySelectorAll('.ck-board canvas:first-child')]
        .map(canvas => canvas.toDataURL())"""
    light = page_of_all.evaluate(pictures)
    page_of_all.evaluate(
        """async () => {
          const main = document.querySelector('main');
          main.style.display = 'none';
          document.body.dataset.theme = 'dark';
          await Promise.resolve();
          main.style.display = ''; }"""
    )
    page_of_all.wait_for_function(f"old => ({pictures})()[0] !== old", arg=light[0])
    found = [(drawn, seen) for drawn, seen in page_of_all.evaluate(sizes) if seen]
    assert len(found) > 40 and all(abs(drawn - seen) <= 1 for drawn, seen in found)
    page_of_all.evaluate("document.body.dataset.theme = 'light'")
    page_of_all.wait_for_function(f"old => ({pictures})()[0] === old", arg=light[0])
    assert page_of_all.evaluate(pictures) == light


def test_tab_leads_through_and_out_and_every_stop_keeps_its_keys(page_of_all):
    inside = page_of_all.locator(FOCUSABLE)
    marked = inside.evaluate_all("nodes => nodes.map(node => node.dataset.lmSuppressShortcuts)")
    assert set(marked) == {"true"} and len(marked) > 60
    # Of the choices of a group Tab meets one.
    groups = inside.evaluate_all("nodes => nodes.filter(node => node.type === 'radio').length")
    stops = len(marked) - groups + 1
    order = []
    page_of_all.evaluate("document.body.append(document.createElement('button'))")
    for _ in range(stops + 1):
        page_of_all.keyboard.press("Tab")
        order.append(page_of_all.evaluate("document.activeElement.closest('.ck') !== null"))
    assert order == [True] * stops + [False]


def test_the_pictures_without_a_script_tell_what_is_to_be_seen(page_of_all, browser):
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(page_of_all.url)
    images = still.locator("img")
    assert images.count() == 5
    for image in images.all():
        assert image.bounding_box()["width"] > 200
        assert "explorer: " in image.get_attribute("alt")
    context.close()
