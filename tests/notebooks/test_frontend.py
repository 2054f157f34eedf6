"""Probes: small notebooks, built as the course's are, then run under nbval as the course's are.

One run of pytest in a process of its own serves all of them. Each test below asks what became of
one cell, or of one line at the end.
"""

import copy
import os
import re
import subprocess
import sys
import time

import pytest

from coursekit.course.execute import execute
from coursekit.course.store import as_text, from_dict

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
PICTURE = (
    "from IPython.display import HTML; "
    f'HTML(\'<img alt="A grey square, evenly lit." src="data:image/png;base64,{PNG}">\')'
)
IMPORT = "from IPython.display import clear_output, display; import ipywidgets; "

# Cells whose outputs a front end changes after they were sent.
FRONT_END = {
    "semicolon": "7;",
    "out": "Out.get(1), In[2], _",
    "clear": IMPORT + "print('gone'); clear_output(); print('stays')",
    "clear and wait": IMPORT
    + "[(clear_output(wait=True), print('step', n)) for n in range(5)] and None",
    "wait, then nothing": IMPORT + "print('stays'); clear_output(wait=True)",
    "update": IMPORT + "h = display('first', display_id='a'); h.update('last')",
    "shown twice": IMPORT + "display('x', display_id='b'); display('y', display_id='b')",
    "output widget": IMPORT
    + "w = ipywidgets.Output()\nwith w:\n    print('inside')\nprint('outside')",
    "widget clears": IMPORT
    + "v = ipywidgets.Output()\nprint('kept')\nwith v:\n    clear_output()\nprint('end')",
    "progress": "import sys\nfor n in range(3):\n    print(n, end='\\r')\nprint('done')",
    "picture": PICTURE,
}
# What may become of a stored output, cell by cell of one notebook; and a cell that leaves a file.
CHANGES = [
    *("other text", "the same", "other bytes", "other alt text", "deleted", "stripped"),
    "a file is left",
]


def notebook_of(*sources, datasets=()):
    cells = [
        {
            "id": f"02-lesson-{n:02d}",
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for n, source in enumerate(sources)
    ]
    course = {"datasets": list(datasets)}
    metadata = {"kernelspec": {"display_name": "Python 3", "name": "python3"}, "coursekit": course}
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


class Run:
    """What one run of pytest said: a status for each cell, the text, the evidence."""

    def __init__(self, folder, *arguments, plugins=("notebook_runs", "closing_lines"), **variables):
        begin = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", "--color=no"]
        done = subprocess.run(
            [*command, *(word for name in plugins for word in ("-p", name)), *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COURSE"))},
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
                "CI": "",
                **variables,
            },
        )
        self.seconds = time.monotonic() - begin
        self.code, self.text, self.folder = done.returncode, done.stdout + done.stderr, folder
        self.cells = {
            (name, int(number)): word
            for word, name, number in re.findall(
                r"^(PASSED|FAILED|ERROR) (\w+)\.ipynb::Cell (\d+)", self.text, re.MULTILINE
            )
        }

    def status(self, notebook, number):
        assert (notebook, number) in self.cells, self.text
        return self.cells[notebook, number].lower()


@pytest.fixture(scope="module")
def run(tmp_path_factory, project):
    folder = tmp_path_factory.mktemp("probes")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    settings = tmp_path_factory.mktemp("settings")

    # One notebook is built; the others are its cells, changed.
    sources = [*FRONT_END.values(), "print(7)", "print(8)"]
    built = execute(notebook_of(*sources), settings)
    picture, seven, eight = (built.cells[sources.index(s)] for s in (PICTURE, *sources[-2:]))

    def write(name, *cells, datasets=()):
        notebook = notebook_of(*("" for _ in cells), datasets=datasets)
        for empty, cell in zip(notebook.cells, cells, strict=True):
            empty.update(copy.deepcopy(cell) | {"id": empty.id})
        (folder / f"{name}.ipynb").write_text(as_text(notebook), encoding="utf-8")

    def picture_with(old, new):
        changed = copy.deepcopy(picture)
        html = changed.outputs[0].data["text/html"]
        changed.outputs[0].data["text/html"] = html.replace(old, new)
        return changed

    other_text = copy.deepcopy(seven)
    other_text.outputs[0].text = "6\n"
    changes = {
        "other text": other_text,
        "the same": eight,
        "other bytes": picture_with(PNG, "QUJDRA=="),
        "other alt text": picture_with("grey", "red"),
        "deleted": seven | {"outputs": []},
        "stripped": seven | {"outputs": [], "execution_count": None},
        "a file is left": eight
        | {"source": "open('left.txt', 'w').close()", "outputs": [], "execution_count": None},
    }
    assert list(changes) == CHANGES
    write("frontend", *built.cells[:-2])
    write("changed", *changes.values())
    dies = {"source": "import os; os._exit(1)"}
    write("dead", seven | dies, eight)
    write("no_data", other_text, datasets=["fashion_mnist"])
    write("has_data", other_text, datasets=["digits"])
    empty = tmp_path_factory.mktemp("empty")
    return Run(
        folder,
        "--nbval",
        "--nbval-current-env",
        f"--nbval-sanitize-with={project / 'tests' / 'nbval.cfg'}",
        "-rA",
        "-n1",  # in a worker, as the course's own
        ".",
        COURSEKIT_DATA=str(empty),
        COURSEKIT_CACHE=str(empty / "cache"),
    )


@pytest.mark.parametrize("name", FRONT_END)
def test_what_a_front_end_shows_is_what_is_compared(run, name):
    assert run.status("frontend", list(FRONT_END).index(name)) == "passed", run.text


@pytest.mark.parametrize(("change", "status"), [
    ("other text", "failed"),
    ("the same", "passed"),  # the cells after a failed one are compared, too
    ("other bytes", "passed"),  # a picture's bytes differ from machine to machine ...
    ("other alt text", "failed"),  # ... its alt text does not
    ("deleted", "failed"),
    ("stripped", "passed"),  # nbval does not see it, so that the lint must
])  # fmt: skip
def test_what_of_a_stored_output_is_compared(run, change, status):
    assert run.status("changed", CHANGES.index(change)) == status, run.text


def test_a_dead_kernel_fails_at_once(run):
    assert run.status("dead", 0) == "failed" and run.status("dead", 1) == "failed"
    assert "the kernel died while this cell ran" in run.text
    assert run.seconds < 1000  # nbval alone waits 2000 s


def test_without_its_data_a_notebook_runs_uncompared_and_the_run_says_so(run):
    assert run.status("no_data", 0) == "passed"
    assert "outputs not compared: no_data.ipynb: fashion_mnist cannot be had here" in run.text
    assert run.status("has_data", 0) == "failed"
    assert "has_data.ipynb: digits" not in run.text


def test_what_fails_leaves_its_evidence(run):
    files = {path.name: path for path in (run.folder / "evidence").rglob("*.txt")}
    (name,) = [name for name in files if "changed-cell-00" in name]
    text = files[name].read_text(encoding="utf-8")
    assert "print(7)" in text and '"text": "6\\n"' in text and '"text": "7\\n"' in text
    assert not [name for name in files if "frontend" in name]


def test_a_file_that_a_notebook_leaves_is_named(run):
    assert run.status("changed", CHANGES.index("a file is left")) == "passed"
    assert "left behind by a notebook" in run.text and "left.txt" in run.text
    assert run.code == 1
