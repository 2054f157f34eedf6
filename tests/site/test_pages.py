"""How notebooks become pages: what is folded, which links stay, which folders are not touched."""

import nbformat
import pytest

from coursekit.checks.sets import exercise
from coursekit.errors import CallError, CourseError
from coursekit.site.build import MARK, build_site, write_sources
from coursekit.site.pages import as_page, with_hints


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def code(source, *tags):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}, execution_count=3)


@pytest.mark.parametrize(
    "cell, shown",
    [
        (code("print(1)"), []),
        (code('quiz("02-q1", "Which?", [("a", True, "b")])'), ["remove-input"]),
        (code("rows = [1, 2]", "fold"), ["hide-input"]),
        (code('reveal("02-a", "3")', "reveal"), ["hide-cell"]),
        (code("print(2 + 2)", "paper"), ["hide-output"]),
    ],
)
def test_what_gives_an_answer_away_is_folded(cell, shown):
    page = as_page(notebook(cell), [], "lessons")
    assert page["cells"][0]["metadata"]["tags"] == shown
    assert cell["execution_count"] == 3, "the course's own notebook is left as it is"


def test_links_stay_only_where_the_site_has_the_page():
    text = (
        "[the exercise](../exercises/02_a.ipynb), [back](01_b.ipynb), [out](https://a.org/x.ipynb)"
    )
    page = as_page(notebook(nbformat.v4.new_markdown_cell(text)), ["lessons/01_b"], "lessons")
    kept = page["cells"][0]["source"]
    assert kept.startswith("the exercise, [back](01_b.ipynb), ")


def test_each_hint_stands_once_and_one_inside_the_other():
    cells = [code('check("conv2d", conv2d)'), code('check("conv2d", conv2d)')]
    page = with_hints(notebook(*cells), "03_convolution_2d")
    hints = [cell["source"] for cell in page["cells"] if cell["cell_type"] == "markdown"]
    assert len(hints) == 1
    places = [hints[0].index(words) for words in exercise("conv2d").hints]
    assert places == sorted(places) and hints[0].rstrip().endswith(
        "</details>\n</details>\n</details>"
    )


def test_without_solutions_no_page_leads_to_one(tmp_path):
    from coursekit._files import course_root

    write_sources(course_root(), tmp_path, solutions=False)
    assert not (tmp_path / "solutions").exists()
    for path in tmp_path.rglob("*.ipynb"):
        assert "](../solutions/" not in path.read_text("utf-8"), path.name


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(CallError, match="name a new or empty folder"):
        build_site(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_damaged_notebook_is_named_and_the_old_site_stays(tmp_path, monkeypatch):
    course, out = tmp_path / "course", tmp_path / "site"
    for folder in ("lessons", "exercises", "solutions"):
        (course / folder).mkdir(parents=True)
        (course / folder / "03_maps.ipynb").write_text("{")
    out.mkdir()
    (out / MARK).touch()
    (out / "index.html").write_text("old")
    monkeypatch.setattr("coursekit.site.build.course_root", lambda: course)
    with pytest.raises(CourseError, match=r"03_maps\.ipynb cannot be read"):
        build_site(out)
    assert (out / "index.html").read_text() == "old"


def test_a_wrong_call_is_one_line(capsys):
    from coursekit.cli import main

    assert main(["site"]) == 2
    assert main(["site", "--out", "pyproject.toml"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2 and all(line.startswith("coursekit: ") for line in errors)
