"""The student's workspace: nothing of theirs is ever lost, and all the rest is kept up to date."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import _files
from coursekit.errors import CallError, CourseError
from coursekit.learn import places
from coursekit.learn.notebook_sources import source_digest, student_copy
from coursekit.learn.places import workspace_folder
from coursekit.learn.workspace import MANIFEST, reset, update

LESSON, EXERCISE = "lessons/03_two.ipynb", "exercises/03_two.ipynb"


def cell(source, output="42", tags=()):
    data = {"output_type": "execute_result", "data": {"text/plain": output}, "metadata": {}}
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {"tags": list(tags)},
        "outputs": [data | {"execution_count": 1}],
        "source": source.splitlines(keepends=True),
    }


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]]


def tree(folder):
    """Every file but the manifest, with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    write(root / "lessons" / "02_one.ipynb", cell("x = 1"), cell("reveal()", tags=["reveal"]))
    write(root / LESSON, cell("y = 1"))
    write(root / EXERCISE, cell("def f(): ..."))
    return root


@pytest.fixture
def mine(tmp_path, course):
    folder = tmp_path / "mine"
    update(folder, course)
    return folder


def run_cells(path):
    """What JupyterLab leaves when all cells were run: outputs, counts, metadata, an empty cell."""
    notebook = json.loads(path.read_bytes())
    for number, one in enumerate(notebook["cells"]):
        one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["other\n"]}]
        one["execution_count"] = number + 7
        one["metadata"]["trusted"] = True
        one["source"] = "".join(one["source"])
    notebook["metadata"]["widgets"] = {"state": 1}
    notebook["cells"].append(cell(""))
    path.write_text(json.dumps(notebook), encoding="utf-8")


def edit(path):
    notebook = json.loads(path.read_bytes())
    notebook["cells"][0]["source"] = "y = 'mine'"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_first_start_copies_everything(tmp_path, course):
    changes = update(tmp_path / "a folder", course)
    assert changes.added == ["lessons/02_one.ipynb", LESSON, EXERCISE]
    assert set(tree(tmp_path / "a folder")) == set(changes.added)


def test_answers_that_are_revealed_are_not_in_the_copy(mine, course):
    shown, hidden = json.loads((mine / "lessons" / "02_one.ipynb").read_bytes())["cells"]
    assert shown["outputs"][0]["data"]["text/plain"] == "42"
    assert (hidden["outputs"], hidden["execution_count"]) == ([], None)
    kept = json.loads((course / "lessons" / "02_one.ipynb").read_bytes())["cells"][1]
    assert kept["outputs"]


def test_a_second_start_changes_nothing(mine, course):
    run_cells(mine / LESSON)
    edit(mine / EXERCISE)
    before = tree(mine)
    changes = update(mine, course)
    assert tree(mine) == before
    assert not any(vars(changes).values())


def test_a_notebook_that_was_only_run_is_updated(mine, course):
    run_cells(mine / LESSON)
    write(course / LESSON, cell("y = 2"))
    assert update(mine, course).updated == [LESSON]
    assert sources(mine / LESSON) == ["y = 2"]


def test_an_edited_notebook_is_left_alone_and_listed_each_time(mine, course):
    edit(mine / LESSON)
    before = (mine / LESSON).read_bytes()
    write(course / LESSON, cell("y = 2"))
    for _ in range(2):
        changes = update(mine, course)
        assert (changes.edited, changes.updated) == ([LESSON], [])
    assert (mine / LESSON).read_bytes() == before


def test_an_edit_that_is_taken_back_lets_the_update_in(mine, course):
    original = (mine / LESSON).read_bytes()
    edit(mine / LESSON)
    write(course / LESSON, cell("y = 2"))
    update(mine, course)
    (mine / LESSON).write_bytes(original)
    assert update(mine, course).updated == [LESSON]


def test_a_new_output_of_the_course_reaches_an_untouched_notebook(mine, course):
    write(course / LESSON, cell("y = 1", output="43"))
    assert update(mine, course).updated == [LESSON]
    assert b"43" in (mine / LESSON).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells.append(cell("z = 1")),
        lambda cells: cells.pop(),
        lambda cells: cells[0].update(cell_type="markdown"),
        lambda cells: cells[0].update(source="x  = 1"),
        lambda cells: cells.reverse(),
    ],
)
def test_each_kind_of_edit_counts(mine, course, change):
    path = mine / "lessons" / "02_one.ipynb"
    notebook = json.loads(path.read_bytes())
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    write(course / "lessons" / "02_one.ipynb", cell("new"))
    assert update(mine, course).edited == ["lessons/02_one.ipynb"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff"]
)
def test_what_cannot_be_read_is_the_students(mine, course, content):
    (mine / LESSON).write_bytes(content)
    write(course / LESSON, cell("y = 2"))
    assert update(mine, course).edited == [LESSON]
    assert (mine / LESSON).read_bytes() == content


def test_a_folder_in_a_notebooks_place_is_left_alone(mine, course):
    (mine / LESSON).unlink()
    (mine / LESSON).mkdir()
    write(course / LESSON, cell("y = 2"))
    assert update(mine, course).edited == [LESSON]


def test_a_deleted_notebook_comes_back(mine, course):
    (mine / LESSON).unlink()
    changes = update(mine, course)
    assert (changes.restored, changes.added) == ([LESSON], [])
    assert sources(mine / LESSON) == ["y = 1"]


def test_a_new_notebook_is_added_and_a_retired_one_kept(mine, course):
    write(course / "lessons" / "04_new.ipynb", cell("new"))
    (course / LESSON).unlink()
    changes = update(mine, course)
    assert (changes.added, changes.retired) == (["lessons/04_new.ipynb"], [LESSON])
    assert (mine / LESSON).exists()


def test_the_students_own_files_stay(mine, course):
    write(mine / "lessons" / "03_my_own.ipynb", cell("mine"))
    (mine / "notes.txt").write_text("mine")
    before = tree(mine)
    write(course / LESSON, cell("y = 2"))
    update(mine, course)
    after = tree(mine)
    assert {name for name in before if before[name] != after.get(name)} == {LESSON}


@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b'{"notebooks": []}', b'{"notebooks": {"a": 1}}']
)
def test_without_a_manifest_nothing_is_overwritten(mine, course, content):
    edit(mine / LESSON)
    before = tree(mine)
    (mine / MANIFEST).unlink()
    if content is not None:
        (mine / MANIFEST).write_bytes(content)
    write(course / EXERCISE, cell("newer"))
    changes = update(mine, course)
    assert tree(mine) == before
    assert changes.edited == [LESSON, EXERCISE]
    # What agrees with the course is known again, and updated the next time.
    write(course / "lessons" / "02_one.ipynb", cell("newer"))
    assert update(mine, course).updated == ["lessons/02_one.ipynb"]


@pytest.mark.parametrize("steps", range(8))
def test_a_crash_at_any_step_of_an_update_loses_nothing(mine, course, monkeypatch, steps):
    """After every possible number of writes the process dies; then the course changes again."""
    edit(mine / EXERCISE)
    kept = (mine / EXERCISE).read_bytes()
    run_cells(mine / LESSON)
    for name in ("lessons/02_one.ipynb", LESSON, EXERCISE):
        write(course / name, cell(f"second {name}"))
    left = steps
    original = Path.replace

    def dying(self, target):
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        return original(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dying)
        try:
            update(mine, course)
        except KeyboardInterrupt:
            assert steps < 4
    assert not list(mine.rglob("*.part"))
    for name in ("lessons/02_one.ipynb", LESSON, EXERCISE):
        write(course / name, cell(f"third {name}"))
    assert update(mine, course).edited == [EXERCISE]
    assert sources(mine / LESSON) == [f"third {LESSON}"]
    assert (mine / EXERCISE).read_bytes() == kept


def test_a_disk_that_is_full_leaves_whole_files_and_one_sentence(tmp_path, course):
    """The system itself refuses the write: no file of this process may pass 3000 bytes."""
    pytest.importorskip("resource", reason="file size limits exist on Linux and macOS only")
    write(course / LESSON, cell("y = 1\n" * 2000))
    code = """
import resource, sys
from pathlib import Path
from coursekit.learn.workspace import update
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    update(Path(sys.argv[1]), Path(sys.argv[2]))
except Exception as error:
    print(type(error).__name__, error)
"""
    folder = tmp_path / "full"
    done = subprocess.run(
        [sys.executable, "-c", code, folder, course], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"CourseError {folder / LESSON} could not be written")
    assert not list(folder.rglob("*.part"))
    assert not (folder / LESSON).exists()
    assert update(folder, course).restored[-2:] == [LESSON, EXERCISE]


def test_reset_puts_the_pair_back_and_never_overwrites_the_old_ones(mine, course):
    for turn in (1, 2, 3):
        edit(mine / LESSON)
        (mine / LESSON).write_bytes((mine / LESSON).read_bytes() + b" " * turn)
        edited = (mine / LESSON).read_bytes()
        outcome = reset(mine, "03", course)
        assert outcome == [(LESSON, f"lessons/03_two.old-{turn}.ipynb"), (EXERCISE, None)]
        assert (mine / f"lessons/03_two.old-{turn}.ipynb").read_bytes() == edited
        assert sources(mine / LESSON) == ["y = 1"]
    assert len(list((mine / "lessons").glob("*.old-*"))) == 3


def test_after_a_reset_the_notebook_follows_the_course_again(mine, course):
    edit(mine / LESSON)
    write(course / LESSON, cell("y = 2"))
    assert update(mine, course).edited == [LESSON]
    reset(mine, "3", course)
    assert sources(mine / LESSON) == ["y = 2"]
    write(course / LESSON, cell("y = 3"))
    assert update(mine, course).updated == [LESSON]


def test_reset_works_in_a_new_workspace_and_on_a_broken_notebook(tmp_path, course):
    folder = tmp_path / "new"
    assert reset(folder, "03", course) == [(LESSON, None), (EXERCISE, None)]
    (folder / LESSON).write_bytes(b"{broken")
    assert reset(folder, "03", course)[0] == (LESSON, "lessons/03_two.old-1.ipynb")
    assert (folder / "lessons/03_two.old-1.ipynb").read_bytes() == b"{broken"


def test_reset_leaves_other_lessons_alone(mine, course):
    edit(mine / "lessons" / "02_one.ipynb")
    before = tree(mine)
    reset(mine, "03", course)
    assert tree(mine) == before


@pytest.mark.parametrize("number", ["99", "x", "", "../03", "3.0"])
def test_reset_of_an_unknown_lesson_lists_the_known_ones(mine, course, number):
    with pytest.raises(CallError, match="choose one of 02, 03"):
        reset(mine, number, course)


def test_a_course_without_notebooks_or_with_a_broken_one_is_named(tmp_path, course):
    with pytest.raises(CourseError, match="holds no notebooks"):
        update(tmp_path / "w", tmp_path)
    (course / LESSON).write_text("{")
    with pytest.raises(CourseError, match=r"03_two\.ipynb is not a notebook"):
        update(tmp_path / "w", course)
    with pytest.raises(CourseError, match="could not be read"):
        student_copy(tmp_path / "absent.ipynb")


def test_a_workspace_below_a_file_is_one_sentence(tmp_path, course):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"could not be written.*--workspace DIR"):
        update(tmp_path / "file" / "w", course)


def test_the_workspace_is_chosen_in_this_order(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "course_root", lambda: tmp_path / "clone")
    monkeypatch.setattr(places, "in_clone", lambda: True)
    assert workspace_folder() == tmp_path / "clone" / "workspace"
    monkeypatch.setattr(places, "in_clone", lambda: False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert workspace_folder() == tmp_path / "home" / "kernel-by-kernel"
    monkeypatch.setenv("COURSEKIT_WORKSPACE", str(tmp_path / "named"))
    assert workspace_folder() == tmp_path / "named"
    assert workspace_folder(tmp_path / "given") == tmp_path / "given"
    monkeypatch.chdir(tmp_path)
    assert workspace_folder(Path("here")) == tmp_path / "here"


@pytest.mark.parametrize("place", [".", "lessons", "exercises/deep", "coursekit", "solutions"])
def test_the_course_itself_is_no_workspace(place):
    with pytest.raises(CallError, match="belongs to the course itself"):
        workspace_folder(_files.course_root() / place)


def test_a_file_is_no_workspace(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CallError, match="is a file"):
        workspace_folder(tmp_path / "file")


def test_copies_can_be_read_by_whom_the_student_allows(mine):
    if os.name != "posix":
        pytest.skip("file modes are POSIX's")
    mask = os.umask(0)
    os.umask(mask)
    assert (mine / LESSON).stat().st_mode & 0o777 == 0o666 & ~mask


def test_the_names_in_the_manifest_cannot_lead_out_of_the_workspace(mine, course):
    manifest = json.loads((mine / MANIFEST).read_bytes())
    manifest["notebooks"]["../outside.ipynb"] = {"sources": [], "file": ""}
    (mine / MANIFEST).write_text(json.dumps(manifest))
    write(mine.parent / "outside.ipynb", cell("x"))
    assert update(mine, course).retired == []


def test_the_digest_tells_a_source_from_two():
    assert source_digest(b'{"cells": [{"cell_type": "code", "source": "ab"}]}') != source_digest(
        b'{"cells": [{"cell_type": "code", "source": "a"}, {"cell_type": "code", "source": "b"}]}'
    )
