"""In JupyterLab the widgets of every lesson come to life, and none of their cells fails.

Only the cells that show a widget run here, and the statements that they build on: that the others
run, and what they give, is seen by nbval.
"""

import ast
import re
import symtable
from pathlib import Path

import nbformat
from lab_harness import open_notebook, run_all
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import TimeoutError

PROJECT = Path(__file__).resolve().parents[2]
LESSONS = sorted((PROJECT / "lessons").glob("*.ipynb"))
# Not the quizzes and predictions: all those of the lessons are alive on the site's pages, and what
# they do in JupyterLab is seen in `test_lab_widgets`.
STORED = re.compile(r'class="coursekit-widget" data-widget="(?!(?:quiz|predict|reveal)")')
# A training that a widget watches is as alive with few pictures.
SHORT = """from coursekit import training
def fit(model, train, *others, whole=training.fit, epochs=1, **settings):
    return whole(model, tuple(part[:64] for part in train), *others, epochs=2, **settings)
training.fit = fit"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) =>
  cell.model.type !== 'code' ? [] : cell.model.outputs.toJSON()
    .filter(output => output.output_type === 'error')
    .map(output => `cell ${i}: ${output.ename}: ${output.evalue}`))"""
ALIVE = """number => window.jupyterapp.shell.currentWidget.content.widgets[number]
  .node.querySelector('.jp-OutputArea .ck, .jp-OutputArea .ckd') !== null"""


def shows_a_widget(cell):
    return any(STORED.search(o.get("data", {}).get("text/html", "")) for o in cell.outputs)


def gives_and_reads(source):
    """The names that a cell gives a meaning to, and those that it reads."""
    table = symtable.symtable(source, "cell", "exec")
    gives = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    reads, tables = set(), [table]
    while tables:
        one = tables.pop()
        top = one.get_type() == "module"
        reads |= {
            s.get_name() for s in one.get_symbols() if s.is_referenced() and (top or s.is_global())
        }
        tables += one.get_children()
    return gives, reads


def with_its_widgets_alone(lesson):
    """A lesson's cells with widgets, outputs and all, and the statements that they build on."""
    cells = [cell for cell in nbformat.read(lesson, as_version=4).cells if cell.cell_type == "code"]
    wanted, chosen = set(), []
    for cell in reversed(cells):
        if shows_a_widget(cell):
            wanted |= gives_and_reads(cell.source)[1]
            chosen.insert(0, cell)
            continue
        kept = []
        for statement in reversed(ast.parse(cell.source).body):
            source = ast.unparse(statement)
            gives, reads = gives_and_reads(source)
            if gives & wanted:
                wanted |= reads
                kept.insert(0, source)
        if kept:
            chosen.insert(0, new_code_cell("\n".join(kept)))
    return chosen


def test_there_is_a_notebook_for_every_source():
    sources = sorted(path.stem for path in (PROJECT / "source" / "lessons").glob("*.py"))
    assert sources and [path.stem for path in LESSONS] == sources


def test_the_widgets_of_all_lessons_come_to_life_in_jupyterlab(page, lab, lab_root):
    """All in one notebook, one lesson after the other: JupyterLab and a kernel start once."""
    book = new_notebook(cells=[new_code_cell(SHORT)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    places = {}  # the number of each cell that shows a widget, and the lesson that it is from
    for lesson in LESSONS:
        for cell in with_its_widgets_alone(lesson):
            if shows_a_widget(cell):
                places[len(book.cells)] = lesson.stem
            book.cells.append(cell)
    assert len(set(places.values())) >= 15
    nbformat.write(book, lab_root / "all_lessons.ipynb")
    open_notebook(page, lab, "all_lessons.ipynb")
    assert page.get_by_text("Error displaying widget").count() == 0
    run_all(page, seconds=480)
    assert page.evaluate(ERRORS) == []
    for number, lesson in places.items():
        # JupyterLab draws only what is near the screen.
        page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i)", number)
        try:
            page.wait_for_function(ALIVE, arg=number)
        except TimeoutError as error:
            raise AssertionError(f"{lesson}: {book.cells[number].source}") from error
    # Not its warnings: on a busy machine JupyterLab complains of how long a plugin took.
    broken = [
        text
        for kind, text in page.messages
        if kind == "pageerror" or (kind == "error" and "anywidget" in text)
    ]
    assert broken == []
