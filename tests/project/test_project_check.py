"""Right and wrong projects, run as a kernel runs them, and what is said of each."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.datasets import example_folder
from coursekit.notebooks.reading import Unreadable, read_notebook
from coursekit.project.findings import findings
from coursekit.project.rubric import SET, parts

ROOT = Path(__file__).parents[2]
TEXT = " ".join(f"word{number}" for number in range(110))
PICTURE = "from IPython.display import HTML, display\ndisplay(HTML('<img alt=\"all classes\">'))"


def code(source, when=0.0):
    return ["code", source, when]


def text(source):
    return ["markdown", source, None]


def right(folder):
    """A whole project. Its network is a class with `fit`: how good it is does not matter here."""
    return {
        "setup": code(
            "from coursekit.datasets import from_folder\nfrom coursekit.project import claim\n"
            "class Network:\n    def fit(self, x, y):\n        self.answer = int(y[0])\n"
            "        return self\n    def score(self, x, y):\n"
            "        return (y == self.answer).mean()"
        ),
        "question": text(f"## Question\n\n{TEXT}"),
        "data": text(f"## 2. Data\n\n{TEXT}"),
        "split": code(f"data = from_folder({str(folder)!r}, size=8)"),
        "look": code(PICTURE),
        "baseline": text(f"## Baseline\n\n{TEXT}"),
        "guess": code('claim("baseline", 1 / len(data.classes), at=0.5, within=0.1)'),
        "model": text(f"## First model\n\n{TEXT}"),
        "first": code(
            "model = Network().fit(*data.train)\n"
            'claim("first", model.score(*data.validation), at=0.5, within=0.05)'
        ),
        "errors": text(f"## Error analysis\n\n{TEXT}"),
        "mistakes": code(PICTURE),
        "ablation": text(f"## Ablation\n\n{TEXT}"),
        "variants": code(
            "def trained():\n    return Network().fit(*data.train)\n"
            "for name in ('one', 'other'):\n"
            "    claim(name, trained().score(*data.validation), at=0.5, within=0.05)"
        ),
        "test": text("## Test"),
        "opening": code(
            "x_test, y_test = data.test.open()\n"
            'claim("test", model.score(x_test, y_test), at=0.5, within=0.05)'
        ),
        "report": text(f"## Report\n\n{TEXT} The test accuracy is 50 %."),
    }


def changed(name, old, new):
    """Change the source of a cell before it is run."""

    def change(cells):
        assert old in cells[name][1]
        cells[name][1] = cells[name][1].replace(old, new)

    return change


def before(name, new):
    """Put another cell, or several, before a named one."""

    def change(cells):
        items = list(cells.items())
        place = list(cells).index(name)
        cells.clear()
        cells.update([*items[:place], (f"before {name}", new), *items[place:]])

    return change


def without(*names):
    def change(cells):
        for name in names:
            del cells[name]

    return change


def not_run(cells):
    cells["look"][2] = None


def out_of_order(cells):
    cells["mistakes"][2] = -1.0  # run first of all


def moved(cells):
    both = {name: cells.pop(name) for name in ("baseline", "guess")}
    items = list(cells.items())
    place = list(cells).index("errors")
    cells.clear()
    cells.update([*items[:place], *both.items(), *items[place:]])


def edited(place, old, new):
    """Change the saved notebook, after it has run."""

    def change(notebook):
        (cell,) = [cell for cell in notebook["cells"] if old in cell["source"]][place : place + 1]
        cell["source"] = cell["source"].replace(old, new)

    change.late = True
    return change


def late(change):
    change.late = True
    return change


@late
def cleared(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)


@late
def damaged(notebook):
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for record in output["data"].values():
                if isinstance(record, dict) and record.get("what") == "first":
                    record["at"] = [float("nan")]


@late
def pasted(notebook):
    """The output of a cell that ran later, in the place of another."""
    cells = {cell["source"][:20]: cell for cell in notebook["cells"]}
    claims = [cell for start, cell in cells.items() if start.startswith("claim")]
    (early,) = claims
    late_one = next(cell for cell in cells.values() if "x_test" in cell["source"])
    early["outputs"] = late_one["outputs"][1:]


# Each wrong project: what is done to the right one, the part in which it is noticed, the place.
WRONG = {
    "a part is missing": (without("ablation", "variants"), "ablation", "## Ablation"),
    "a part has no words": (changed("errors", TEXT, "Later."), "errors", "1 words"),
    "two parts are exchanged": (moved, "baseline", "after “First model”"),
    "a heading stands twice": (before("report", text("## Test")), "test", "2 headings"),
    "pictures of the course": ("example", "data", "pictures of your own"),
    "two splits": (
        before("report", code("other = from_folder(FOLDER, size=8, seed=5)")), "data", "2 times",
    ),
    "no split by from_folder": (changed("split", "from_folder", "dict"), "data", "from_folder"),
    "nobody looks at the data": (changed("look", PICTURE, "1"), "data", "shows a picture"),
    "nobody looks at the errors": (without("mistakes"), "errors", "shows a picture"),
    "nothing is trained": (
        changed("first", "Network().fit(*data.train)", "trained_elsewhere = 1; model = Network(); "
                "model.answer = int(data.train[1][0])"), "model", "trains",
    ),
    "the test part chooses": (
        before("test", code("print(Network().fit(*data.train).score(*data.test.open()))")),
        "test", "under “Ablation” opens",
    ),
    "a helper opens it early": (
        before("baseline", code("def peek():\n    return data.test.open()\npeek();")),
        "test", "code cell 4 under “Data” opens",
    ),
    "opened in a loop": (
        changed("opening", "x_test, y_test =", "data.test.open()\nx_test, y_test ="),
        "test", "2 times",
    ),
    "never opened": (changed("opening", "data.test.open()", "data.validation"), "test", "never"),
    "trained after the test": (
        before("report", code("model = trained()")), "test", "under “Test” trains",
    ),
    "a claim is not kept": (changed("guess", "1 /", "1.4 /"), "baseline", "0.7 came out"),
    "a claim of a number that is written out": (
        changed("guess", "1 / len(data.classes)", "0.5"), "baseline", "written out",
    ),
    "several networks are tested": (
        changed("opening", "open()\n", "open()\nevaluate = lambda one: one.score(x_test, y_test)\n"
                "best = max(evaluate(one) for one in (model, model))\n"),
        "test", "several networks",
    ),
    "the baseline is a network": (
        changed("guess", "claim", "def fit(*data):\n    return 1\nfit(*data.train)\nclaim"),
        "baseline", "trains a network",
    ),
    "words are repeated": (changed("errors", TEXT, "word " * 60), "errors", "3 words"),
    "the starter's words in one line": (
        changed("errors", TEXT, "Say which classes are mixed up, look at the pictures that are "
                "wrong (`evaluate(...)` has `plot_confusion()` and `mistakes()`), and say what "
                "they have in common. End with a guess that can be tested."), "errors", "0 words",
    ),
    "a claim of a computed number": (
        changed("first", "at=0.5", "at=model.score(*data.validation)"), "model", "as numbers",
    ),
    "one claim too few": (changed("variants", ", 'other'", ","), "ablation", "1 of 2"),
    "the report hides the number": (changed("report", "50 %", "good"), "report", "50 %"),
    "cells run out of order": (out_of_order, "notebook", "code cell 1 was number 2"),
    "a cell has not run": (not_run, "notebook", "code cell 3 under “Data” has not run"),
    "a cell fails": (before("report", code("1 / 0")), "notebook", "ZeroDivisionError"),
    "a cell was changed afterwards": (edited(0, "size=8", "size=9"), "notebook", "code cell 2"),
    "a claim was changed afterwards": (
        edited(0, "at=0.5", "at=0.6"), "baseline", "do not stand in the cell",
    ),
    "outputs are cleared": (cleared, "notebook", "has not run"),
    "a record is damaged": (damaged, "model", "damaged"),
    "an output of another cell": (pasted, "notebook", "output of another run"),
}  # fmt: skip


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """Each project as it was saved, the right one as well; all are run in one process."""
    place = tmp_path_factory.mktemp("projects")
    example = example_folder(place / "example")
    own = place / "own"
    for label in ("disc", "square"):
        (own / label).mkdir(parents=True)
        for number in range(10):
            path = example / label / f"{number:02d}.png"
            (own / label / path.name).write_bytes(path.read_bytes())
    made = {}
    changes = {"right": None} | {name: wrong[0] for name, wrong in WRONG.items()}
    for name, change in changes.items():
        cells = right(example if change == "example" else own)
        if callable(change) and not hasattr(change, "late"):
            change(cells)
        for cell in cells.values():
            cell[1] = cell[1].replace("FOLDER", repr(str(own)))
        made[name] = list(cells.values())
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("run_projects.py")],
        input=json.dumps(list(made.values())), capture_output=True, text=True, check=True,
    )  # fmt: skip
    notebooks = dict(zip(made, json.loads(done.stdout), strict=True))
    for name, (change, *_) in WRONG.items():
        if hasattr(change, "late"):
            change(notebooks[name])
    return {name: json.dumps(notebook).encode() for name, notebook in notebooks.items()}


def test_a_right_project_lacks_nothing(projects):
    assert [one for one in findings(projects["right"]) if not one.passed] == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_missing_is_said_with_its_place(projects, name):
    _, part, words = WRONG[name]
    wrong = [one for one in findings(projects[name]) if not one.passed]
    said = [one.message for one in wrong if one.part == part]
    assert any(words in message for message in said), wrong


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("0.50", "0.51"),
        ("0,5", "0,505"),
        ("50.0 %", "0.50 %"),
        ("50 per cent", "7,50 per cent"),
        ("is 0.5.", "is 10,5."),
    ],
)
def test_the_report_quotes_the_number_of_the_test(projects, right, wrong):
    for words, quotes in ((right, True), (wrong, False)):
        content = projects["right"].replace(b"is 50 %", f"is {words}".encode())
        assert all(one.passed for one in findings(content) if one.part == "report") is quotes


def test_the_starter_as_handed_out_lacks_every_part(projects):
    content = (ROOT / "exercises" / f"{SET}.ipynb").read_bytes()
    wrong = {one.part for one in findings(content) if not one.passed}
    assert wrong == {part.name for part in parts()} - {"notebook"}


def test_the_worked_example_lacks_pictures_of_ones_own_alone():
    content = (ROOT / "solutions" / f"{SET}.ipynb").read_bytes()
    (wrong,) = [one for one in findings(content) if not one.passed]
    assert wrong.part == "data" and "pictures of your own" in wrong.message


def test_other_cells_before_an_earlier_opening_are_remarked(projects):
    # All projects of this file opened the test part of the same pictures, one after the other.
    remarks = [one for one in findings(projects["a cell fails"]) if one.passed and one.message]
    assert len(remarks) == 1 and "different code before" in remarks[0].message


def test_the_command_reads_and_runs_nothing(projects, tmp_path, capsys):
    path = tmp_path / f"{SET}.ipynb"
    notebook = json.loads(projects["right"])
    trap = tmp_path / "ran"
    notebook["cells"].append(
        {"cell_type": "code", "source": f"open({str(trap)!r}, 'w')", "outputs": [], "metadata": {},
         "execution_count": 9}
    )  # fmt: skip
    path.write_text(json.dumps(notebook))
    assert main(["check", str(path)]) == 0
    printed = capsys.readouterr().out
    assert not trap.exists() and "code cell 9 under “Report” was number 9" not in printed
    for part in parts():
        assert f"{part.title} ({part.points:g} points)" in printed
    path.write_bytes(b"{")
    assert main(["check", str(path)]) == 1
    assert "cut off or damaged" in capsys.readouterr().err


def test_a_hostile_notebook_takes_no_longer_than_its_size_asks_for(tmp_path):
    calls = "\n".join(f"def f{n}():\n    f{n + 1}()" for n in range(1500))
    cells = [
        {"cell_type": "markdown", "source": source}
        for source in ("##" + " " * 10**6 + "x", "\n" * 10**6, "## a\n" * 50_000, "```\n" * 10**5)
    ]
    record = {"kind": "claim", "what": [[]], "at": 1, "within": 1, "ran": ["a"] * 1000}
    cells += [
        {"cell_type": "code", "source": source, "execution_count": 1, "outputs": [
            {"data": {"application/vnd.coursekit.record+json": record}}] * 100}
        for source in (calls, calls.replace("f", "g"), "x = 1 #" + "y" * 10**6)
    ]  # fmt: skip
    content = json.dumps({"nbformat": 4, "cells": cells}).encode()
    begin = time.process_time()
    read_notebook(content)
    yardstick = time.process_time() - begin
    begin = time.process_time()
    assert any(not one.passed for one in findings(content))
    assert time.process_time() - begin < 300 * yardstick  # what grows with the square: thousands


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [3, None, {"cell_type": 5}, {"cell_type": "code"}],
        [{"cell_type": "code", "source": ["x", 3], "outputs": "none", "execution_count": "1"}],
        [{"cell_type": "code", "source": "x", "outputs": [3, {"data": {"text/html": {}}}]}],
        [{"cell_type": "code", "source": "(" * 5000, "outputs": []}],
        [{"cell_type": "markdown", "source": source} for source in ("## " * 3000, None)],
        [{"cell_type": "code", "source": "1", "execution_count": 1, "outputs": [{"data": {
            "application/vnd.coursekit.record+json": record}}]} for record in (
                3, {"kind": 3}, {"kind": "claim"}, {"kind": "opened", "time": "x", "ran": 3},
                {"kind": "claim", "what": [1], "at": True, "within": 1e999, "ran": [None, "a"]})],
    ],
    ids=range(7),
)  # fmt: skip
def test_a_hostile_notebook_is_read_and_lacks_everything(cells):
    content = json.dumps({"nbformat": 4, "cells": cells}).encode()
    found = findings(content)
    assert {one.part for one in found if not one.passed} == {part.name for part in parts()}


def test_what_is_no_notebook_is_refused():
    for content in (b"", b"[]", b"\xff\xfe", b'{"cells": 3}', b"PK\x03\x04"):
        with pytest.raises(Unreadable):
            findings(content)
