import json
import shutil

import pytest
from sample_project import make_sample

from coursekit.course import build
from coursekit.course.lint import lint_file
from coursekit.course.sources import read_source
from coursekit.course.topics import read_topics

NOTEBOOKS = (
    "lessons/02_halving.ipynb",
    "exercises/02_halving.ipynb",
    "solutions/02_halving.ipynb",
)


@pytest.fixture
def copy(built_sample, tmp_path):
    """The built sample, to change."""
    return shutil.copytree(built_sample, tmp_path / "copy")


def outputs_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        "".join(output.get("text", []))
        for cell in cells
        for output in cell.get("outputs", [])
        if "text" in output
    ]


def test_a_lesson_an_exercise_and_a_solution_are_built(built_sample):
    assert "half of 7?\n" in outputs_of(built_sample / NOTEBOOKS[0])
    assert outputs_of(built_sample / NOTEBOOKS[1]) == [
        "write half first\n",
        "not attempted yet\nnot yet right\n",
    ]
    assert outputs_of(built_sample / NOTEBOOKS[2]) == ["one way of many\n", "right\nright\n"]


def test_built_again_every_byte_is_the_same(built_sample, tmp_path):
    again = make_sample(tmp_path / "again")
    assert build.main(["--root", str(again), "--jobs", "2"]) == 0
    for name in NOTEBOOKS:
        assert (again / name).read_bytes() == (built_sample / name).read_bytes()


def test_nothing_is_left_beside_the_notebooks(built_sample):
    left = sorted(p.relative_to(built_sample).as_posix() for p in built_sample.rglob("*.*"))
    sources = ["source/exercises/02_halving.py", "source/lessons/02_halving.py"]
    assert left == sorted([*NOTEBOOKS, *sources, "source/topics.toml"])


def test_a_reveal_cell_is_stored_with_its_output(built_sample):
    cells = json.loads((built_sample / NOTEBOOKS[0]).read_text(encoding="utf-8"))["cells"]
    (reveal,) = [cell for cell in cells if "reveal" in cell["metadata"].get("tags", [])]
    assert reveal["outputs"][0]["data"]["text/plain"] == ["3.5"]


def test_what_is_built_passes_the_lint_and_agrees_with_its_source(built_sample):
    topics = read_topics(built_sample / "source" / "topics.toml")
    for name in NOTEBOOKS:
        assert lint_file(built_sample / name, topics) == []
    assert build.check(built_sample) == []


def change_source(root):
    path = root / "source" / "lessons" / "02_halving.py"
    path.write_text(path.read_text(encoding="utf-8").replace("7 / 2", "9 / 2"), encoding="utf-8")


def change_title(root):
    path = root / "source" / "exercises" / "02_halving.py"
    text = path.read_text(encoding="utf-8").replace('"Exercise: halving"', '"Exercise: thirds"')
    path.write_text(text, encoding="utf-8")


def remove_notebook(root):
    (root / NOTEBOOKS[2]).unlink()


def add_notebook(root):
    shutil.copy(root / NOTEBOOKS[0], root / "lessons" / "03_other.ipynb")


def change_notebook(root, change):
    path = root / NOTEBOOKS[0]
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")


def change_id(root):
    change_notebook(root, lambda content: content["cells"][2].update(id="a1b2c3"))


def change_tag(root):
    change_notebook(root, lambda content: content["cells"][5]["metadata"].pop("tags"))


def save_elsewhere(root):
    path = root / NOTEBOOKS[0]
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (change_source, "differs from 02_halving.py:"),
        (change_title, "metadata differ"),
        (remove_notebook, "not built yet"),
        (add_notebook, "no source makes this notebook"),
        (change_id, "differ in number or ids"),
        (change_tag, "differs from 02_halving.py:"),
        (save_elsewhere, "saved by something else"),
    ],
)
def test_check_sees_every_difference(copy, damage, words, capsys):
    damage(copy)
    assert build.main(["--root", str(copy), "--check"]) == 1
    assert words in capsys.readouterr().out


def test_a_failing_cell_is_reported_and_the_old_notebook_stays(copy, capsys):
    path = copy / "source" / "lessons" / "02_halving.py"
    text = path.read_text(encoding="utf-8").replace("7 / 2", "7 / 0")
    path.write_text(text, encoding="utf-8")
    before = (copy / NOTEBOOKS[0]).read_bytes()
    assert build.main(["--root", str(copy), "--kind", "lesson"]) == 1
    said = capsys.readouterr().err
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "reveal" in row)
    assert f"{path}:{line}: cell 02-lesson-05" in said
    assert "ZeroDivisionError" in said and "7 / 0" in said
    assert (copy / NOTEBOOKS[0]).read_bytes() == before


def test_a_build_reports_what_the_lint_finds(copy, capsys):
    path = copy / "source" / "lessons" / "02_halving.py"
    text = path.read_text(encoding="utf-8").replace('print("half of 7?")', "print(object())")
    path.write_text(text, encoding="utf-8")
    assert build.main(["--root", str(copy), "--kind", "lesson"]) == 1
    assert "[address]" in capsys.readouterr().err


def test_a_notebook_is_written_whole_or_not_at_all(tmp_path, built_sample, monkeypatch):
    source = read_source(built_sample / "source" / "lessons" / "02_halving.py")
    target = tmp_path / "02_halving.ipynb"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(build.store, "as_text", lambda notebook: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build.store.write(build.make_notebook(source, "lesson"), target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text(encoding="utf-8") == "old"
