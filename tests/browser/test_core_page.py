"""The shared core of the widgets, tried with the smallest whole widget that its own text shows."""

import re

import pytest

from coursekit.widgets.base import FOLDER, page_element, style

PARTS = ("elements", "page", "frame", "controls", "grid", "sums", "kernels")


@pytest.fixture
def tally(page, tmp_path):
    """The widget in the comment at the top of the frame, on a page."""
    core = "\n".join((FOLDER / "core" / f"{name}.js").read_text("utf-8") for name in PARTS)
    lines = (FOLDER / "core" / "frame.js").read_text("utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if "const render" in line)
    stop = next(i for i, line in enumerate(lines) if "export default" in line)
    own = "\n".join(re.sub("^//", "", line) for line in lines[start:stop])
    element = page_element("tally", {"n": 3}, "still")
    path = tmp_path / "tally.html"
    path.write_text(
        f'<!doctype html><html lang="en"><title>Tally</title><style>{style("quiz")}</style><body>'
        f'{element}<script type="module">{core}\n{own}\nmountAll("tally", render);</script>',
        encoding="utf-8",
    )
    page.goto(path.as_uri())
    page.wait_for_selector(".ck-tally")
    return page


def spoken(page):
    return page.get_by_role("status").inner_text()


def colour(page, column, row=0):
    """The colour in the middle of a cell."""
    return page.evaluate(
        """([row, column]) => {
          const canvas = document.querySelector('.ck-board canvas'), n = 10;
          const unit = canvas.width / n;
          const at = [(column + 0.2) * unit, (row + 0.3) * unit];
          return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3); }""",
        [row, column],
    )


def test_the_smallest_widget_works_by_box_mouse_and_keys(tally, violations):
    box = tally.get_by_label("How many")
    assert box.input_value() == "3"
    assert colour(tally, 2) == [255, 255, 255] and colour(tally, 3) != [255, 255, 255]
    box.fill("5")
    box.press("Enter")
    assert colour(tally, 4) == [255, 255, 255] and spoken(tally) == "5 cells"
    box.fill("1000")
    box.press("Tab")
    assert box.input_value() == "9"
    grid = tally.locator(".ck-board")
    area = grid.bounding_box()
    tally.mouse.click(area["x"] + area["width"] * 0.25, area["y"] + area["height"] / 2)
    assert box.input_value() == "2"
    grid.focus()
    tally.keyboard.press("End")
    assert box.input_value() == "9"
    tally.keyboard.press("ArrowLeft")
    assert box.input_value() == "8" and colour(tally, 8) != [255, 255, 255]
    assert violations(tally) == []
    assert [text for kind, text in tally.messages if kind != "warning"] == []


def test_it_is_drawn_anew_for_every_width_and_theme(tally):
    width = "document.querySelector('.ck-board canvas').getBoundingClientRect().width"
    tally.set_viewport_size({"width": 200, "height": 500})
    tally.wait_for_function(f"{width} < 170")
    assert tally.evaluate("document.documentElement.scrollWidth") <= 200
    edge = """() => [...document.querySelector('.ck-board canvas').getContext('2d')
        .getImageData(2, 10, 1, 1).data].join()"""
    light = tally.evaluate(edge)
    tally.evaluate("document.body.dataset.theme = 'dark'")
    tally.wait_for_function(f"light => ({edge})() !== light", arg=light)
