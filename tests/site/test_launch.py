"""Buttons for Colab and Binder, and the copies of notebooks that Colab opens."""

import shutil
import sys
import types

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from coursekit.errors import CourseError
from coursekit.site.build import write_sources
from coursekit.site.launch import Launch, launch_of, write_copies

SETTING = '[project]\nname = "course"\n[project.urls]\nRepository = "{}"\n'


@pytest.fixture
def root(tmp_path, project):
    """A course of one lesson and its exercise."""
    for folder in ("lessons", "exercises", "solutions"):
        (tmp_path / folder).mkdir()
        shutil.copy(project / folder / "05_padding_and_stride.ipynb", tmp_path / folder)
    shutil.copy(project / "constraints.txt", tmp_path)
    return tmp_path


def set_address(root, address):
    (root / "pyproject.toml").write_text(SETTING.format(address), "utf-8")


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_the_address_is_one_setting(root, end):
    set_address(root, f"https://github.com/ada/my.course{end}")
    assert launch_of(root) == Launch("ada/my.course")


def test_without_an_address_no_page_has_a_button(root, project):
    set_address(root, "")
    assert launch_of(root) is None
    assert launch_of(project) is None, "the project's own address is not set"
    write_sources(root, root / "out", solutions=True)
    assert "colab" not in (root / "out/lessons/05_padding_and_stride.ipynb").read_text("utf-8")


@pytest.mark.parametrize(
    "address", ["https://gitlab.com/a/b", "ada/course", "https://github.com/a"]
)
def test_another_address_is_refused_with_the_fix(root, address):
    set_address(root, address)
    with pytest.raises(CourseError, match=r"write https://github\.com/OWNER/NAME"):
        launch_of(root)


def test_each_lesson_and_exercise_has_buttons_under_its_head_and_no_solution_has(root):
    write_sources(root, root / "out", solutions=True, launch=Launch("ada/course"))
    for folder, wanted in (("lessons", True), ("exercises", True), ("solutions", False)):
        page = nbformat.read(root / "out" / folder / "05_padding_and_stride.ipynb", 4)
        assert ("colab/" + folder in page.cells[1].source) == wanted
        nbformat.validate(page)


def test_a_copy_has_one_cell_more_and_its_links_lead_to_copies(root):
    write_copies(Launch("ada/course"), root, root / "built")
    own = nbformat.read(root / "lessons/05_padding_and_stride.ipynb", 4)
    copied = nbformat.read(root / "built/colab/lessons/05_padding_and_stride.ipynb", 4)
    nbformat.validate(copied)
    assert [c.source for c in copied.cells if c.cell_type == "code"][1:] == [
        c.source for c in own.cells if c.cell_type == "code"
    ]
    text = "\n".join(cell.source for cell in copied.cells if cell.cell_type == "markdown")
    assert "](../" not in text and ".ipynb)" in text
    assert "/colab/exercises/05_padding_and_stride.ipynb)" in text
    pins = (root / "built/colab/constraints.txt").read_text("utf-8").splitlines()
    assert set(pins) <= set((root / "constraints.txt").read_text("utf-8").splitlines())
    names = {pin.partition("==")[0] for pin in pins}
    assert "anywidget" in names and not names & {"torch", "numpy", "ipython"}


def test_the_first_cell_installs_on_colab_and_does_nothing_at_home(root, monkeypatch):
    write_copies(Launch("ada/course"), root, root / "built")
    copied = nbformat.read(root / "built/colab/lessons/05_padding_and_stride.ipynb", 4)
    shell = InteractiveShell()
    asked = []
    shell.register_magic_function(asked.append, "line", "pip")
    assert shell.run_cell(copied.cells[0].source).success and asked == []
    manager = types.SimpleNamespace(enable_custom_widget_manager=lambda: asked.append("widgets"))
    colab = types.ModuleType("google.colab")
    colab.output = manager
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    assert shell.run_cell(copied.cells[0].source).success
    assert asked[-1] == "widgets" and "git+https://github.com/ada/course" in asked[0]
    assert "gh-pages/colab/constraints.txt" in asked[0]
