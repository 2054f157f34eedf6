"""The descent explorer in JupyterLab: page and kernel in step, keys that stay in, both themes."""

import nbformat
import pytest
from lab_harness import cell_count, kernel_says, open_notebook, run_all, run_code
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit.widgets import DescentExplorer

CELL = """from coursekit.widgets import DescentExplorer
explorer = DescentExplorer(0.02)
explorer"""
FOCUSABLE = ".ckd :is(input, select, button, summary, [tabindex])"


@pytest.fixture
def lab_page(page, lab, lab_root, monkeypatch):
    """A notebook as it is handed out, opened, not yet run."""
    with monkeypatch.context() as patch:
        patch.setenv("COURSEKIT_HEADLESS", "1")
        data, _ = DescentExplorer(0.02)._repr_mimebundle_()
    cells = [
        new_markdown_cell("# A"),
        new_code_cell(CELL, outputs=[new_output("display_data", data)]),
    ]
    book = new_notebook(cells=[*cells, new_markdown_cell("End")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab_root / "descent.ipynb")
    page.emulate_media(reduced_motion="reduce")
    open_notebook(page, lab, "descent.ipynb")
    return page


def press(page, name):
    page.locator(".ckd").get_by_role("button", name=name).click()


def wait_for(page, words):
    page.locator(".ckd-status", has_text=words).wait_for()


def test_from_the_picture_to_a_run_that_page_and_kernel_share_in_both_themes(lab_page, violations):
    page = lab_page
    picture = page.locator(".jp-OutputArea img[alt^='Descent explorer']")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 300
    run_all(page)
    page.locator(".ckd-valley").wait_for()
    assert picture.count() == 0

    press(page, "Run 20")
    wait_for(page, "Updates 1 to 20: loss from 5.33 to 0.571")
    page.get_by_label("Learning rate as a number").fill("0.1")
    page.get_by_label("Learning rate as a number").press("Enter")
    press(page, "Step")
    wait_for(page, "Update 21:")
    seen = "print(explorer.updates, explorer.losses[20].round(3), explorer.path.shape)"
    kernel_says(page, seen, "((20, 0.02), (1, 0.1)) 0.571 (22, 2)")
    page.get_by_label("Optimizer").select_option("sgd 0.9")
    page.get_by_label("Gradient from").select_option("1")
    page.locator(".ckd-valley").press("ArrowRight")
    wait_for(page, "Start: weight 1 = −1.5")
    seen = (
        "print(explorer.momentum, explorer.noise, explorer.seed, explorer.start, explorer.updates)"
    )
    kernel_says(page, seen, "0.9 1.0 1 (-1.5, 0.9) ()")

    run_code(page, "explorer.momentum = explorer.noise = 0; explorer.optimizer = 'adam'")
    run_code(page, "explorer.start = (1, 1); explorer.learning_rate = 0.5; explorer.step(2)")
    wait_for(page, "Updates 1 to 2:")
    assert page.get_by_label("Optimizer").input_value() == "adam 0"
    want = run_code(page, "print(*explorer.path[-1].round(4))").split()
    shown = page.locator(".ckd-result strong").all_text_contents()
    assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(
        [float(number) for number in want], abs=1e-3
    )
    assert violations(page) == []

    colour = "getComputedStyle(document.querySelector('.ckd-level-7')).fill"
    light = page.evaluate(colour)
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(change, "JupyterLab Dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert page.evaluate(colour) != light
    page.evaluate(change, "JupyterLab Light")
    errors = [text for kind, text in page.messages if kind in ("error", "pageerror")]
    assert errors == []


def test_no_key_pressed_in_it_touches_the_notebook(lab_page):
    page = lab_page
    run_all(page)
    nodes = page.locator(FOCUSABLE)
    nodes.first.wait_for()
    before = cell_count(page)
    for index in range(nodes.count()):
        nodes.nth(index).focus()
        page.keyboard.type("ddxabmyjl")
        page.keyboard.press("Delete")
        page.keyboard.press("ArrowDown")
        page.keyboard.type("00ii")
        inside = "node => node.closest('.ck').contains(document.activeElement)"
        assert nodes.nth(index).evaluate(inside)
    page.wait_for_timeout(150)  # JupyterLab carries a shortcut out a moment later
    assert cell_count(page) == before
    assert page.locator(".jp-Dialog").count() == 0
