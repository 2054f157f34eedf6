"""Pages without a kernel, and what is left of a widget in a saved or built notebook."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.course.environment import run_environment
from coursekit.widgets import ConvolutionExplorer, Quiz, page_assets, standalone_page
from coursekit.widgets.base import script
from coursekit.widgets.mime import VIEW_MIME
from coursekit.widgets.saving import strip_widget_views

OPTIONS = [("yes", True, "Right so."), ("no", False, "Think again.")]


def test_a_page_brings_each_script_once_and_only_those_it_needs():
    quizzes = [Quiz(f"01-q{i}", "Is it?", OPTIONS) for i in range(3)]
    page = standalone_page([*quizzes, "<p>End</p>"], "A & B")
    assert page.count('mountAll("quiz", render);') == 1
    assert "function convolve(" not in page and "<title>A &amp; B</title>" in page
    both = standalone_page([quizzes[0], ConvolutionExplorer()], "Both")
    assert both.count("<script") == both.count("</script>") == 2


def test_a_page_refers_to_nothing_outside_itself():
    page = standalone_page([ConvolutionExplorer(), Quiz("01-q", "Is it?", OPTIONS)], "Page")
    assert "src=" in page
    addresses = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "https:" not in addresses and "import " not in addresses
    assert addresses.count("http:") == page.count('const SVG = "http://www.w3.org/2000/svg"')


def test_there_is_no_script_for_an_unknown_widget():
    with pytest.raises(ValueError, match=r"'slider'.*'convolution_explorer'.*'quiz'"):
        page_assets(["slider"])


def test_the_drawing_file_of_a_widget_comes_last():
    whole = script("convolution_explorer")
    assert whole.index("function parseNumber") < whole.index("function convolve(")
    assert whole.index("function convolve(") < whole.rindex("render = courseWidget(")


def test_saving_takes_out_the_live_view_and_nothing_else():
    data, _ = ConvolutionExplorer()._repr_mimebundle_()
    alone = {VIEW_MIME: {"model_id": "x"}, "text/plain": "a slider of someone else"}
    outputs = [new_output("display_data", data), new_output("display_data", alone)]
    outputs.append(new_output("stream", text="hello"))
    cells = [new_code_cell("x", outputs=outputs), nbformat.v4.new_markdown_cell("y")]
    model = {"type": "notebook", "content": new_notebook(cells=cells)}
    strip_widget_views(model, path="x.ipynb", contents_manager=None)
    assert sorted(outputs[0]["data"]) == ["text/html", "text/plain"]
    assert outputs[1]["data"] == alone and outputs[2]["text"] == "hello"
    strip_widget_views({"type": "file", "content": "text"})
    strip_widget_views({"type": "notebook", "content": None})


def test_a_built_notebook_holds_no_widget_state(tmp_path, monkeypatch):
    for name, value in run_environment().items():
        monkeypatch.setenv(name, value)
    source = "from coursekit.widgets import ConvolutionExplorer\nConvolutionExplorer()"
    book = new_notebook(cells=[new_code_cell(source)])
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "widgets" not in book.metadata
    (output,) = book.cells[0].outputs
    assert sorted(output.data) == ["text/html", "text/plain"]
    assert list(tmp_path.iterdir()) == []
