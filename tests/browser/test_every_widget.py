"""What holds for every widget: size, width, both themes, keys, and a page without script."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.base import FOLDER, CourseWidget, script, style

LARGE = np.arange(4096).reshape(64, 64) % 251
# Those that look different with more in them; every other widget is made without arguments.
FULLER = {
    "ArchitectureExplorer": {"left": "LeNet-5", "right": "GoogLeNet"},
    "AugmentationExplorer": {"rotation": 60, "scale": 0.6},
    "ConvolutionExplorer": {"input": np.arange(81).reshape(9, 9), "padding": 1, "stride": 2},
    "SizeCalculator": {"size": 6, "layers": [(3, 2), (3, 1)]},
}
ANSWERS = {"CourseWidget", "Predict", "Quiz"}
WIDGETS = sorted({name for name in widgets.__all__ if name[0].isupper()} - ANSWERS)
LARGEST_FRONT_END = dict.fromkeys(("AugmentationExplorer", "DrawDigit", "NetworkExplorer"), 100_000)
FOCUSABLE = ".ck :is(input, select, button, textarea, a, summary, [tabindex])"
OUTSIDE = """() => { const edge = document.querySelector('.ck').getBoundingClientRect().right;
  return [...document.querySelectorAll('.ck *')].filter(node => !node.closest('.ck-hidden, svg *'))
    .filter(node => node.getBoundingClientRect().right > edge + 0.5)
    .map(node => node.outerHTML.slice(0, 100)); }"""


def made(name):
    widget = getattr(widgets, name)(**FULLER.get(name, {}))
    if name == "TrainingMonitor":
        epochs = [{"epoch": k, "loss": 1 / k, "accuracy": 1 - 0.5 / k, "lr": 0.01} for k in (1, 2)]
        widget.run = {**widget.run, "state": "done", "epochs": 2, "records": epochs, "words": ""}
    return widget


def test_each_has_a_folder_of_its_own_and_none_is_left_out():
    classes = [getattr(widgets, name) for name in {*WIDGETS, *ANSWERS}]
    assert all(issubclass(one, CourseWidget) for one in classes)
    scripts = FOLDER.glob("*/*.js")
    folders = {path.stem for path in scripts if path.stem == path.parent.name}
    assert {one.folder for one in classes} - {""} == folders - {"reveal"}


@pytest.mark.parametrize("name", WIDGETS)
def test_it_fits_is_readable_and_keeps_its_keys(name, page, show, violations):
    folder = getattr(widgets, name).folder
    size = len(script(folder).encode()) + len(style(folder).encode())
    assert size < LARGEST_FRONT_END.get(name, 60_000), f"the front end has {size} bytes"
    page.emulate_media(reduced_motion="reduce")
    show(made(name))
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, colours_only=True) == []
    for width in (320, 700):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            f"document.documentElement.scrollWidth <= {width} && ({OUTSIDE})().length === 0"
        )
    marked = page.locator(FOCUSABLE).evaluate_all(
        "all => all.map(n => n.dataset.lmSuppressShortcuts)"
    )
    assert len(marked) >= 3 and set(marked) == {"true"}
    stops = page.locator(f"{FOCUSABLE}:not([type=radio]):visible").count()
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.body.append(document.createElement('button'))")  # what comes next
    place = "[...document.querySelectorAll('.ck *')].indexOf(document.activeElement)"
    reached = set()
    for _ in range(len(marked) + 1):
        page.keyboard.press("Tab")
        if (at := page.evaluate(place)) < 0:
            break
        reached.add(at)
    assert at == -1 and len(reached) >= stops
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []


def test_where_no_script_runs_each_is_a_sentence_and_a_picture(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(widgets.standalone_page([made(name) for name in WIDGETS], "All"), "utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    for element in page.locator(".coursekit-widget").all():
        picture = element.get_by_role("img")
        assert picture.count() == 1 and len(picture.get_attribute("alt")) > 40
        box = picture.bounding_box()
        assert box["width"] > 150 and box["height"] > 60
        assert picture.get_attribute("alt") in element.inner_text()
    context.close()


# Where a finger taps in each widget: a board, a place on it as shares of its size, and what the
# widget says or shows when it has been felt.
USUAL_TAP = (".ck-board", 0, 0.7, 0.5)
TAPS = {
    "architecture_explorer": (".ck-line", 2, 0.5, 0.5),
    "augmentation_explorer": (".ck-actions button", 0, 0.5, 0.5),
    "convolution_explorer": (".ck-board", 1, 0.6, 0.6),
    "descent_explorer": (".ckd-valley", 0, 0.3, 0.5),
    "draw_digit": (".ck-netlayer .ck-board", 3, 0.6, 0.6),
    "kernel_playground": (".ck-board", 1, 0.6, 0.6),
    "network_explorer": (".ck-netlayer .ck-board", 3, 0.6, 0.6),
    "pooling_explorer": (".ck-board", 1, 0.8, 0.8),
    "size_calculator": (".ck-board[tabindex]", 0, 0.6, 0.6),
    "softmax_explorer": (".ck-actions button", 0, 0.5, 0.5),
    "training_monitor": (".ck-board", 0, 0.6, 0.5),
    "volume_explorer": (".ck-maps .ck-board", 0, 0.8, 0.8),
}
DRAGS = {
    "augmentation_explorer": (".ck-pad", 0),
    "convolution_1d": (".ck-board", 0),
    "draw_digit": (".ck-pad", 0),
    "network_explorer": (".ck-pad", 0),
    "pooling_explorer": (".ck-handle .ck-board", 0),
}


def test_each_is_used_by_touch(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(widgets.standalone_page([made(name) for name in WIDGETS], "All"), "utf-8")
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(path.as_uri())
    fingers = context.new_cdp_session(page)
    folders = [getattr(widgets, name).folder for name in WIDGETS]
    assert {*TAPS, *DRAGS} <= set(folders)

    def place(folder, selector, number):
        part = page.locator(f"[data-widget={folder}] {selector}").nth(number)
        part.scroll_into_view_if_needed()
        return part.bounding_box()

    def touch(kind, *points):
        spots = [{"x": x, "y": y} for x, y in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    for folder in folders:
        selector, number, across, down = TAPS.get(folder, USUAL_TAP)
        root = page.locator(f"[data-widget={folder}] .ck")
        before = root.inner_text()
        box = place(folder, selector, number)
        page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_function(
            "([node, before]) => node.innerText !== before", arg=[root.element_handle(), before]
        )
    for folder, (selector, number) in DRAGS.items():
        root = page.locator(f"[data-widget={folder}] .ck")
        box = place(folder, selector, number)
        before = root.inner_text(), page.evaluate("scrollX")
        x, y = box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2
        touch("touchStart", (x, y))
        for far in range(1, 6):
            touch("touchMove", (x + 0.08 * far * box["width"], y))
        touch("touchEnd")
        page.wait_for_function(
            "([node, before]) => node.innerText !== before", arg=[root.element_handle(), before[0]]
        )
        assert page.evaluate("scrollX") == before[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


EVENTS = """async ([kind, index, number]) => {
  const node = document.querySelectorAll('.ck-board')[index], area = node.getBoundingClientRect();
  for (let i = 0; i < number; i++) {
    const [clientX, clientY] = [area.x + 8 + i * 4, area.y + 8 + i * 3];
    const at = {bubbles: true, pointerId: 1, clientX, clientY};
    node.dispatchEvent(new PointerEvent(kind, at));
    await null; await null; await null;
  } }"""


@pytest.mark.parametrize(
    "name, state, kind, index",
    [
        ("ConvolutionExplorer", {"input": LARGE}, "pointermove", 1),
        ("ConvolutionExplorer", {"input": LARGE}, "click", 1),
        ("KernelPlayground", {"image": LARGE}, "pointermove", 1),
        ("SizeCalculator", {"size": 64, "layers": [(3, 1)] * 3}, "pointermove", 3),
        ("PoolingExplorer", {"image": LARGE}, "pointermove", 1),
        ("Convolution1dExplorer", {"signal": np.arange(400) % 17}, "pointerdown", 0),
    ],
)
def test_an_event_is_drawn_within_a_frame(name, state, kind, index, show):
    """By the time of the page's own thread: on a busy machine the clock says nothing."""
    page = show(getattr(widgets, name)(**state))
    page.evaluate("Element.prototype.setPointerCapture = () => {}")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def used():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    page.evaluate(EVENTS, [kind, index, 5])
    before = used()
    page.evaluate(EVENTS, [kind, index, 40])
    spent = (used() - before) / 40
    assert 0 < spent < 0.016
