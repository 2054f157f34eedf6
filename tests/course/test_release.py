"""What students get: it runs by itself, and gives nothing away."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest
from notebooks_at_hand import filled

from coursekit import cli
from coursekit.course.release import release

HELD_BACK = {"solutions", "source", "tests", "benchmarks", "grading", "course", "review",
             "site"}  # fmt: skip
# Written in a bundle's folder, with its coursekit ahead of the one that is installed.
AS_A_STUDENT = """
import inspect, io, contextlib, json, sys
from pathlib import Path
import coursekit
from coursekit import check, cli, hint, scratch
from coursekit.checks import exercise_sets
from coursekit.learn.workspace import update
from coursekit.runs import full_run

assert Path(coursekit.__file__).is_relative_to(Path.cwd())
changes = update(Path("workspace"))
points = {name: one.points for name, one in exercise_sets().items()}
out = io.StringIO()
with contextlib.redirect_stdout(out):
    flipped = check("conv2d", lambda image, kernel: scratch.conv2d(image, kernel, flip=True))
    codes = [cli.main(["check", f"{folder}/03_convolution_2d.ipynb"])
             for folder in ("workspace/exercises", "handed_in")]
    codes += [cli.main(["doctor"]), cli.main(["grade", "03", ".", "--out", "x"])]
    hint("conv2d")
    try:
        full_run.main(["--help"])
    except SystemExit as ended:
        codes.append(ended.code)
try:
    seen = inspect.getsource(scratch.conv2d)
except OSError:
    seen = None
failed = []
for line in json.loads(sys.argv[1]):
    try:
        exec(line, {})
    except Exception as error:
        failed.append(f"{line}: {error!r}")
found = [changes.added, points, flipped.misconception, codes, out.getvalue(), seen, failed]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The whole course as students get it."""
    out = tmp_path_factory.mktemp("release") / "course"
    assert cli.main(["release", "--out", str(out)]) == 0
    return out


def words(path):
    """The lines of a file as they would be searched for, a notebook's as its cells show them."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        shown = [cell["source"] for cell in cells]
        outputs = [o.get("text", o.get("data", {})) for c in cells for o in c.get("outputs", ())]
        text = "\n".join("".join(source) for source in shown) + "\n" + json.dumps(outputs)
    return {squeezed(line) for line in text.splitlines()}


def squeezed(line):
    return re.sub(r"\s+", "", line.split("  #")[0])


def added_by_solutions(project):
    """For each function that is asked for, the lines that its solution adds to what is given."""
    for path in sorted((project / "solutions").glob("[01]*.ipynb")) + sorted(
        (project / "solutions").glob("20*.ipynb")
    ):  # that of 21 is the project that its lesson goes through
        given = words(project / "exercises" / path.name)
        for cell in json.loads(path.read_bytes())["cells"]:
            source = "".join(cell["source"])
            name = re.search(r"^(?:def|class) (\w+)", source, re.MULTILINE)
            lines = {squeezed(line) for line in source.splitlines()} - given
            lines = {line for line in lines if len(line) >= 15} or lines
            if cell["cell_type"] == "code" and name and lines:
                yield f"{path.stem}: {name[1]}", lines


def test_no_file_shows_an_answer(bundle, project):
    files = {path: words(path) for path in bundle.rglob("*") if path.is_file()}
    solutions = dict(added_by_solutions(project))
    assert len(solutions) >= 25
    for name, lines in solutions.items():
        for path, text in files.items():
            # A lesson may teach the parts, and `fit` has the loop that lesson 11 shows (show_loop).
            taught = path.parent.name == "lessons" and path.name[:2] == name[:2]
            taught = taught or (name.startswith("11") and path.parent.name == "training")
            most = len(lines) - 1 if taught else len(lines) / 2
            assert len(lines & text) <= most, (name, path, lines & text)
    notes = "".join(p.read_text() for p in (project / "source/lessons").glob("*.teacher.md"))
    said = {squeezed(line) for line in notes.splitlines() if len(line) > 40}
    assert len(said) > 100
    assert not any(said & text for text in files.values())
    places = {part for path in files for part in path.relative_to(bundle).parts}
    assert not places & HELD_BACK
    assert not any(name.endswith((".teacher.md", ".pyc")) for name in places)


def test_what_is_to_be_found_out_is_not_shown(bundle):
    """Predictions and work on paper: their answers appear when a student runs the cell."""
    for path in bundle.glob("lessons/*.ipynb"):
        for cell in json.loads(path.read_bytes())["cells"]:
            if {"reveal", "paper"} & set(cell["metadata"].get("tags", ())):
                assert cell["outputs"] == []


def imports_of(path):
    """What a notebook imports from the course, each as a line."""
    for cell in json.loads(path.read_bytes())["cells"]:
        lines = [line for line in cell["source"] if not line.lstrip().startswith(("%", "!"))]
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse("".join(lines))):
                if isinstance(node, ast.Import | ast.ImportFrom) and "coursekit" in ast.unparse(
                    node
                ):
                    yield ast.unparse(node)


def test_it_runs_without_the_rest_of_the_course(bundle):
    """What students do, and each import of a notebook, in one process."""
    (bundle / "handed_in").mkdir()
    (bundle / "handed_in" / "03_convolution_2d.ipynb").write_bytes(filled("03_convolution_2d"))
    lines = {line for path in bundle.glob("*/*.ipynb") for line in imports_of(path)}
    assert len(lines) > 50
    used = [
        "from coursekit.models import load_pretrained\n"
        'load_pretrained("digit_cnn"), load_pretrained("backbone")',
        "import inspect; from coursekit.scratch.layers import Conv2d\n"
        "inspect.getsource(Conv2d.backward)",  # lesson 19 prints it
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COURSEKIT")}
    done = subprocess.run(
        [sys.executable, "-c", AS_A_STUDENT, json.dumps([*sorted(lines), *used])],
        cwd=bundle,
        env=environment | {"PYTHONPATH": str(bundle)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    added, points, misconception, codes, printed, source, failed = json.loads(done.stdout)
    assert failed == []
    assert "exercises/03_convolution_2d.ipynb" in added and "lessons/00_welcome.ipynb" in added
    assert points["03_convolution_2d"] == 6.0
    assert misconception == "kernel_flipped"
    assert codes == [0, 0, 0, 2, 0]  # the fourth is a teacher's command
    assert "0 of 2 right" in printed and "2 of 2 right" in printed
    assert source is None


def test_only_what_is_asked_for_goes_along(tmp_path, project):
    done = release(["05_padding_and_stride"], tmp_path / "out")
    assert done.exercises == ("05_padding_and_stride.ipynb",)
    assert done.lessons == ("00_welcome.ipynb", "05_padding_and_stride.ipynb")
    found = {path.name for path in (tmp_path / "out").rglob("*.ipynb")}
    assert found == {*done.lessons, *done.exercises}


@pytest.mark.parametrize(
    ("wanted", "out", "named"),
    [
        (["33"], "new", ["SET '33'", "03_convolution_2d", "12_lenet"]),
        ([], "full", ["--out", "full", "holds files"]),
        ([], "file", ["--out", "file", "is a file"]),
    ],
)
def test_a_wrong_call_is_refused_and_writes_nothing(tmp_path, capsys, wanted, out, named):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    code = cli.main(["release", *wanted, "--out", str(tmp_path / out)])
    complaint = capsys.readouterr().err
    assert code == 2 and complaint.count("\n") == 1
    assert all(word in complaint for word in named)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_release_that_fails_half_way_leaves_nothing(tmp_path, capsys, monkeypatch):
    from coursekit.course import release as module

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_readme", full)
    assert cli.main(["release", "--out", str(tmp_path / "out")]) == 1
    assert "disk is full" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
