"""The widgets in JupyterLab, all in one notebook: in step with Python, in both themes, narrow.

The descent explorer, quizzes and predictions have tests of their own, and so have pages without a
kernel; that the widgets of every lesson come to life is seen by the lessons' test.
"""

import re

import nbformat
import pytest
from lab_harness import (
    comes_to,
    command,
    kernel_says,
    open_notebook,
    run_all,
    run_code,
)
from nbformat.v4 import new_code_cell, new_notebook

# The kind of each widget, which is its name in the notebook, too, and the line that makes it.
CELLS = {
    "architecture": "ArchitectureExplorer(nn.Sequential(nn.Conv2d(1, 8, 3)), shape=(1, 9, 9))",
    "augment": "AugmentationExplorer()",
    "signal": "Convolution1dExplorer()",
    "explorer": "ConvolutionExplorer()",
    "digit": "DrawDigit()",
    "playground": "KernelPlayground()",
    "network": "NetworkExplorer()",
    "pooling": "PoolingExplorer()",
    "sizes": "SizeCalculator()",
    "softmax": "SoftmaxExplorer(compare=True)",
    "volume": "VolumeExplorer()",
}
ENDLESS = """import time, torch
from coursekit.datasets import load
from coursekit.models import LeNet5
from coursekit.training import fit
from coursekit.widgets import TrainingMonitor
(images, labels), _ = load("strokes")
monitor, spent = TrainingMonitor(), 0.0
class Timed:
    def __getattr__(self, moment):
        if moment not in ("before_epoch", "after_step", "after_epoch", "after_fit"):
            raise AttributeError(moment)
        def timed(run):
            global spent
            before = time.process_time()
            getattr(monitor, moment)(run)
            spent += time.process_time() - before
        return timed
begin = time.process_time()
history = fit(LeNet5(), (images[:500], labels[:500]), epochs=100_000, batch_size=50, lr=0.01,
              seed=0, progress=False, hooks=Timed())
share = spent / (time.process_time() - begin)"""
# What is wider than its widget, or a word that is broken between its letters.
CROWDED = """node => { const edge = node.getBoundingClientRect().right + 0.5;
  const wide = [...node.querySelectorAll('*')].filter(each => !each.closest('.ck-hidden, svg *'))
    .filter(each => each.getBoundingClientRect().right > edge);
  const broken = [...node.querySelectorAll('dt, label, button, th, .ck-title, .ck-what')]
    .filter(each => {
      const text = each.firstChild, word = text?.data?.match(/[a-z]{4,12}/i);
      if (!word || text.nodeType !== Node.TEXT_NODE) return false;
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      return new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size > 1; });
  return [...wide, ...broken].slice(0, 9).map(each => each.outerHTML.slice(0, 100)); }"""


def save(path, *sources):
    book = new_notebook(cells=[new_code_cell(text) for text in sources])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, path)


@pytest.fixture(scope="module")
def bench(lab, lab_root, pages):
    """The notebook with all widgets, run."""
    names = ", ".join(code.partition("(")[0] for code in CELLS.values())
    start = f"from torch import nn\nfrom coursekit.widgets import {names}"
    cells = [f"{name} = {code}\n{name}" for name, code in CELLS.items()]
    save(lab_root / "widgets.ipynb", start, *cells)
    page = pages.get("lab")
    page.set_viewport_size({"width": 1280, "height": 1600})
    open_notebook(page, lab, "widgets.ipynb")
    command(page, "application:toggle-left-area")  # there is to be room in a narrow window
    run_all(page)
    return page


@pytest.fixture
def widget(bench, request):
    """Scroll to the widget of a kind, and give it."""
    request.node.open_pages = [bench]
    before = len(bench.messages)

    def widget(kind):
        # JupyterLab draws what is near the screen.
        bench.evaluate(
            "i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i)",
            1 + list(CELLS).index(kind),
        )
        node = bench.locator(f".ck-{kind}")
        node.wait_for()
        return node

    yield widget
    new = bench.messages[before:]
    assert [text for kind, text in new if kind in ("error", "pageerror")] == []
    assert bench.refused == []


def test_signal_playground_explorer_and_sizes(widget, bench):
    page = bench
    signal = widget("signal")
    signal.get_by_label("Signal", exact=True).select_option("reports")
    signal.locator(".ck-board").press("End")
    kernel_says(page, "print(signal.convolved, signal.selected)", "[7.75       9.33333333] 1")
    run_code(page, "signal.signal, signal.kernel, signal.average = [1, 2], [3, 4], False")
    signal.get_by_text("1·3 + 2·4 = 11").wait_for()

    playground = widget("playground")
    playground.get_by_label("Kernel", exact=True).select_option("identity")
    kernel_says(page, "print((playground.output == playground.image).all())", "True")
    run_code(page, "playground.image = [[1, 2], [3, 4]]; playground.kernel = [[2]]")
    playground.get_by_text("Result, 2 × 2").wait_for()
    playground.locator(".ck-board[tabindex]").press("End")
    playground.get_by_text("4·2 = 8, shown as 8").wait_for()

    explorer = widget("explorer")
    explorer.get_by_label("Dilation").fill("2")
    explorer.get_by_label("Dilation").press("Enter")
    kernel_says(page, "print(explorer.output)", "[[12.]]")
    run_code(page, "explorer.dilation = 1; explorer.stride = 2")
    explorer.get_by_text("Output 2 × 2").wait_for()
    # What makes no sense to Python is put right on the page, without a traceback.
    run_code(page, "explorer.set_state({'stride': 'x', 'padding': 1})")
    explorer.get_by_text("padded to 7 × 7").wait_for()
    assert explorer.get_by_label("Stride").input_value() == "2"

    sizes = widget("sizes")
    sizes.get_by_role("button", name="Add a layer").click()
    kernel_says(page, "print([row['size'] for row in sizes.table])", "[26, 24, 22]")
    run_code(page, "sizes.layers = [(3, 2)]; sizes.size = 6")
    sizes.get_by_text("11 pixels of 36").wait_for()


def test_volume_pooling_and_softmax(widget, bench):
    page = bench
    volume = widget("volume")
    volume.get_by_role("button", name="Step by step").click()
    volume.get_by_role("button", name="Next number").click()
    volume.get_by_label("Bias").fill("5")
    volume.get_by_label("Bias").press("Enter")
    volume.get_by_label("Filters").fill("3")
    volume.get_by_label("Filters").press("Enter")
    seen = "print(volume.w.shape, volume.b.tolist(), volume.output[0, 0, 0], volume.step)"
    kernel_says(page, seen, "(3, 3, 3, 3) [5.0, 0.0, 0.0] 6.0 0")
    run_code(page, "volume.step = 4; volume.stride = 1")
    comes_to(page, lambda: volume.locator(".ck-total").inner_text(), "= 6")
    assert volume.get_by_label("Stride").input_value() == "1"

    pooling = widget("pooling")
    pooling.get_by_label("Shifted image, ").focus()
    page.keyboard.press("ArrowRight")
    pooling.get_by_label("Pooling").select_option("average")
    kernel_says(page, "print(pooling.shift, pooling.mode, *pooling.changed)", "[0, 1] average 14 4")
    run_code(page, "pooling.shift = (0, 0)")
    comes_to(page, lambda: pooling.locator(".ck-sharetext").first.inner_text()[:7], "0 of 16")

    softmax = widget("softmax")
    softmax.get_by_label("Network 2, picture 3").click()
    softmax.get_by_label("Score of dog, as a number").fill("0")
    softmax.get_by_label("Score of dog, as a number").press("Enter")
    seen = (
        "print(softmax.chosen, softmax.target, softmax.scores.round(3), *softmax.errors.round(2))"
    )
    kernel_says(page, seen, "[1, 2] 0 [ 0.    -0.105] 0.33 0.0")
    run_code(page, "softmax.compare = False\nsoftmax.scores = [0, 3]\nsoftmax.target = 1")
    comes_to(page, lambda: softmax.locator(".ck-loss").inner_text()[-7:], "= 0.049")
    assert softmax.get_by_role("radio", name="cat").is_checked()


def test_architectures(widget, bench):
    page, explorer = bench, widget("architecture")
    explorer.get_by_role("option", name="8 filters 3×3").wait_for()
    explorer.get_by_label("Beside it").select_option("ZFNet")
    explorer.get_by_role("listbox", name="Blocks of ZFNet").press("ArrowDown")
    says = "print(architecture.left, architecture.right, architecture.selected)"
    kernel_says(page, says, "Sequential ZFNet [1, 1]")
    run_code(
        page,
        "architecture.detail, architecture.left, architecture.measure = True, 'LeNet-5', 'neurons'",
    )
    explorer.get_by_role("listbox", name="Layers of LeNet-5").get_by_text("4,704").wait_for()
    run_code(page, "architecture.set_state({'left': 'x', 'right': 'AlexNet'})")
    explorer.get_by_role("listbox", name="Layers of AlexNet").wait_for()
    assert explorer.get_by_label("Network").input_value() == "LeNet-5"


def test_networks_on_pictures(widget, bench):
    page, network = bench, widget("network")
    network.get_by_label("Picture", exact=True).select_option("6")
    network.get_by_label("fc, ").focus()
    page.keyboard.press("End")
    kernel_says(page, "print(network.prediction, network.selected)", "6 [8, 4, 0, 0]")
    run_code(page, "network.image = network.images[5]")
    comes_to(page, lambda: network.locator(".ck-verdict").inner_text()[:9], "Answer: 5")

    digit = widget("digit")
    digit.get_by_label("Picture", exact=True).select_option("3")
    digit.get_by_role("button", name=re.compile("^8 ")).click()
    digit.get_by_label("Cover with").select_option("white")
    kernel_says(page, "print(digit.prediction, digit.target, digit.cover)", "3 8 white")
    run_code(page, "digit.target = 2")
    comes_to(page, lambda: digit.get_by_text("Saliency of").inner_text(), "Saliency of 2")

    augment = widget("augment")
    augment.get_by_label("Picture", exact=True).select_option("9")
    augment.get_by_label("Rotation").press("End")
    augment.get_by_role("checkbox", name="Flip").check()
    augment.get_by_role("button", name="Draw new samples").click()
    kernel_says(page, "print(augment.rotation, augment.flip, augment.seed)", "180.0 True 1")
    kernel_says(page, "print(abs(augment.image - augment.images[9]).max() < 1e-6)", "True")
    answer = run_code(page, "print(augment.answer_to_changed)")
    assert augment.locator(".ck-verdict").nth(1).inner_text().startswith(f"Answer: {answer},")
    run_code(page, "augment.rotation, augment.scale = 45, 0.7")
    comes_to(page, lambda: augment.get_by_label("Rotation").get_attribute("aria-valuetext"), "45°")
    assert augment.get_by_label("Scale").get_attribute("aria-valuetext") == "× 0.7"
    run_code(page, "augment.set_state({'rotation': 'x', 'brightness': 2})")
    told = augment.get_by_label("Brightness")
    comes_to(page, lambda: told.get_attribute("aria-valuetext"), "× 2")
    assert augment.get_by_label("Rotation").get_attribute("aria-valuetext") == "45°"


def test_all_fit_and_are_readable_in_both_themes_wide_and_narrow(widget, bench, violations):
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    try:
        for theme, width in (("Light", 420), ("Dark", 1280)):
            bench.set_viewport_size({"width": width, "height": 1600})
            bench.evaluate(change, f"JupyterLab {theme}")
            light = str(theme == "Light").lower()
            bench.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
            for kind in CELLS:
                node = widget(kind).element_handle()
                comes_to(bench, lambda node=node: node.evaluate(CROWDED), [])
            assert violations(bench) == []
    finally:
        bench.set_viewport_size({"width": 1280, "height": 1600})
        bench.evaluate(change, "JupyterLab Light")


def test_the_button_stops_a_run_and_the_history_is_there(page, lab, lab_root):
    save(lab_root / "monitor.ipynb", ENDLESS)
    open_notebook(page, lab, "monitor.ipynb")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    monitor = page.locator(".ck-monitor")
    monitor.get_by_text("images a second").wait_for(timeout=90_000)
    assert "left" in monitor.inner_text()
    monitor.get_by_text(re.compile(r"Epoch \d\d+ of")).first.wait_for()
    monitor.get_by_role("button", name="Stop training").click()
    monitor.get_by_text("Stopped after").wait_for(timeout=60_000)
    kernel_says(page, "print(history.stopped[:20], monitor.state)", "interrupted in epoch stopped")
    kernel_says(page, "print(share < 0.01, len(history) > 8)", "True True")
    assert page.locator(".ck-monitor").count() == 1
