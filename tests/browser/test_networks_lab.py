"""Networks and the training monitor in JupyterLab: page and kernel in step, and a clean stop."""

import re

import nbformat
from lab_harness import comes_to, kernel_says, open_notebook, run_all, run_code
from nbformat.v4 import new_code_cell, new_notebook

EXPLORER = """from coursekit.widgets import DrawDigit, NetworkExplorer
explorer, digit = NetworkExplorer(), DrawDigit()
explorer"""
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


def notebook(path, *sources):
    book = new_notebook(cells=[new_code_cell(text) for text in sources])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, path)


def test_page_and_kernel_stay_in_step(page, lab, lab_root, violations):
    notebook(lab_root / "networks.ipynb", EXPLORER, "digit")
    open_notebook(page, lab, "networks.ipynb")
    run_all(page)
    page.locator(".ck-digit").wait_for()
    network, digit = (page.locator(f".ck-{kind}") for kind in ("network", "digit"))
    network.get_by_label("Picture", exact=True).select_option("6")
    network.get_by_label("fc, ").focus()
    page.keyboard.press("End")
    kernel_says(page, "print(explorer.prediction, explorer.selected)", "6 [8, 4, 0, 0]")
    run_code(page, "explorer.image = explorer.images[5]")
    comes_to(page, lambda: network.locator(".ck-verdict").inner_text()[:9], "Answer: 5")
    digit.get_by_label("Picture", exact=True).select_option("3")
    digit.get_by_role("button", name=re.compile("^8 ")).click()
    digit.get_by_label("Cover with").select_option("white")
    kernel_says(page, "print(digit.prediction, digit.target, digit.cover)", "3 8 white")
    run_code(page, "digit.target = 2")
    comes_to(page, lambda: digit.get_by_text("Saliency of").inner_text(), "Saliency of 2")
    assert violations(page) == []
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []


def test_the_button_stops_a_run_and_the_history_is_there(page, lab, lab_root):
    notebook(lab_root / "monitor.ipynb", ENDLESS)
    open_notebook(page, lab, "monitor.ipynb")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    monitor = page.locator(".ck-monitor")
    monitor.get_by_text("images a second").wait_for(timeout=90_000)
    assert "left" in monitor.inner_text()
    monitor.get_by_text(re.compile(r"Epoch \d\d+ of")).wait_for()
    monitor.get_by_role("button", name="Stop training").click()
    monitor.get_by_text("Stopped after").wait_for(timeout=60_000)
    kernel_says(page, "print(history.stopped[:20], monitor.state)", "interrupted in epoch stopped")
    kernel_says(page, "print(share < 0.01, len(history) > 8)", "True True")
    assert page.locator(".ck-monitor").count() == 1
