"""Every lesson opens and runs in JupyterLab without an error, and its widgets come to life."""

import shutil
from pathlib import Path

import nbformat
import pytest
from lab_harness import command, open_notebook, run_all

PROJECT = Path(__file__).resolve().parents[2]
LESSONS = sorted((PROJECT / "lessons").glob("*.ipynb"))
WIDGETS = {  # what a cell calls, and what comes to life
    "quiz": ".ck-quiz",
    "predict": ".ck-predict",
    "ConvolutionExplorer": ".ck-explorer",
    "DescentExplorer": ".ckd",
}
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) =>
  cell.model.type !== 'code' ? [] : cell.model.outputs.toJSON()
    .filter(output => output.output_type === 'error')
    .map(output => `cell ${i}: ${output.ename}: ${output.evalue}`))"""


def calls(notebook, name):
    """Count the cells that call a function or make a widget."""
    return sum(
        f"\n{name}(" in "\n" + cell.source or f"= {name}(" in cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


def test_there_is_a_notebook_for_every_source():
    sources = sorted(path.stem for path in (PROJECT / "source" / "lessons").glob("*.py"))
    assert sources and [path.stem for path in LESSONS] == sources


@pytest.mark.timeout(600)
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_in_jupyterlab(lesson, page, lab, lab_root):
    notebook = nbformat.read(lesson, as_version=4)
    shutil.copy(lesson, lab_root / lesson.name)

    open_notebook(page, lab, lesson.name)
    assert page.get_by_text("Error displaying widget").count() == 0
    run_all(page, seconds=480)

    assert page.evaluate(ERRORS) == []
    command(page, "notebook:expand-all-headings")  # optional parts are folded
    # JupyterLab draws only what is near the screen: go through all of it.
    for index in range(page.locator(".jp-Notebook .jp-Cell").count()):
        page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i)", index)
    for name, kind in WIDGETS.items():
        page.wait_for_function(
            "([kind, n]) => document.querySelectorAll(kind).length >= n",
            arg=[kind, calls(notebook, name)],
        )
    broken = [text for kind, text in page.messages if kind == "pageerror" or "anywidget" in text]
    assert broken == []
