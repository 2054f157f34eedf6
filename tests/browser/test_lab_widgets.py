"""The widgets in JupyterLab, as a student meets them: handed out, run, answered, opened again."""

import json
from itertools import count

import nbformat
import pytest
from lab_harness import (
    cell_count,
    comes_to,
    command,
    kernel_says,
    open_notebook,
    run_all,
    run_code,
)  # fmt: skip
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit.widgets import ConvolutionExplorer, Predict, Quiz
from coursekit.widgets.mime import VIEW_MIME

EXPLORER = """from coursekit.widgets import ConvolutionExplorer
explorer = ConvolutionExplorer()
explorer"""
QUIZ = """from coursekit.learn import predict, quiz, reveal
quiz("{0}-q1", "What does it do?",
     [("It smooths.", True, "A mean."), ("It sharpens.", False, "No.")])"""
PREDICT = 'predict("{0}-average", "The average?", kind="number", unit="km")'
REVEAL = 'reveal("{0}-average", 7.75, because="31 divided by 4.")'
FOCUSABLE = ".ck :is(input, select, button, textarea, a, summary, [tabindex])"
NUMBERS = count(10)  # every test has its own, as all share one file of answers
INSIDE = "node => node.closest('.ck').contains(document.activeElement)"
RUN = "click the cell, then press Shift and Enter"


def handed_out(widget):
    """The output that the course stores for a widget: no live view, only its fallback."""
    data, _ = widget._repr_mimebundle_()
    assert VIEW_MIME not in data
    return [new_output("display_data", data)]


@pytest.fixture
def notebook(lab_root, monkeypatch, request):
    """Write a notebook as it is handed out; gives its name and the number of its lesson."""
    number = str(next(NUMBERS))
    options = [("It smooths.", True, "A mean."), ("It sharpens.", False, "No.")]
    with monkeypatch.context() as patch:
        patch.setenv("COURSEKIT_HEADLESS", "1")
        outputs = [
            handed_out(ConvolutionExplorer()),
            handed_out(Quiz(f"{number}-q1", "What does it do?", options)),
            handed_out(Predict(f"{number}-average", "The average?", kind="number", unit="km")),
            [],
        ]
    sources = [text.replace("{0}", number) for text in (EXPLORER, QUIZ, PREDICT, REVEAL)]
    cells = [
        new_code_cell(source, outputs=output)
        for source, output in zip(sources, outputs, strict=True)
    ]
    book = new_notebook(cells=[new_markdown_cell("# Widgets"), *cells, new_markdown_cell("End")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    name = f"{request.node.originalname}.ipynb"
    nbformat.write(book, lab_root / name)
    return name, number


def answer_comes_to(page, lab_root, name, want):
    def stored():
        path = lab_root / "answers.json"
        return json.loads(path.read_text("utf-8"))["answers"].get(name) if path.exists() else None

    comes_to(page, stored, want)


def text_of_cell(page, number):
    return page.locator(".jp-Notebook .jp-Cell").nth(number).inner_text()


def test_just_handed_out_it_shows_pictures_and_says_what_to_run(page, lab, notebook):
    open_notebook(page, lab, notebook[0])
    picture = page.locator(".jp-OutputArea img[alt^='Convolution explorer']")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert "top left value is 25" in picture.get_attribute("alt")
    for number in (1, 2, 3):
        assert RUN in text_of_cell(page, number)
    assert "It sharpens." in text_of_cell(page, 2)
    assert page.locator(".ck").count() == 0
    # Before it is trusted, the sanitizer has taken the state out: the picture does not need it.
    assert page.locator("[data-state]").count() == 0

    run_all(page)
    page.locator(".ck-explorer .ck-board").nth(1).wait_for()
    assert page.locator(".ck-explorer").count() == page.locator(".ck-quiz").count() == 1
    assert picture.count() == 0
    errors = [text for kind, text in page.messages if kind in ("error", "pageerror")]
    assert errors == []


def test_no_key_pressed_in_a_widget_touches_the_notebook(page, lab, notebook):
    open_notebook(page, lab, notebook[0])
    run_all(page)
    page.locator(".ck-predict").wait_for()
    state = """() => window.jupyterapp.shell.currentWidget.content.widgets.map(
        cell => cell.model.type + cell.model.sharedModel.getSource())"""
    before = page.evaluate(state)
    nodes = page.locator(f"{FOCUSABLE}:visible")
    assert nodes.count() >= 24
    for index in range(nodes.count()):
        nodes.nth(index).focus()
        # Without z, which would undo the harm before it is seen.
        page.keyboard.type("ddxabmyjl")
        page.keyboard.press("Delete")
        page.keyboard.type("00ii")
        assert nodes.nth(index).evaluate(INSIDE), nodes.nth(index).evaluate("n => n.outerHTML")
    page.wait_for_timeout(150)  # JupyterLab carries a shortcut out a moment later
    assert page.evaluate(state) == before
    assert page.locator(".jp-Dialog").count() == 0
    # The proof that these keys do something: after Escape they are the notebook's again.
    nodes.first.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.wait_for_function(
        "n => window.jupyterapp.shell.currentWidget.content.widgets.length === n",
        arg=len(before) - 1,
    )


def test_page_and_kernel_stay_in_step(page, lab, notebook):
    open_notebook(page, lab, notebook[0])
    run_all(page)
    page.locator(".ck-board").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.locator(".ck-sum").inner_text().endswith("= 22")
    page.get_by_label("Stride").fill("2")
    page.get_by_label("Stride").press("Tab")
    page.get_by_label("Weight in row 0, column 0").fill("2")
    page.get_by_label("Weight in row 0, column 0").press("Enter")
    page.get_by_label("Flip the kernel").check()
    seen = "print(explorer.selected, explorer.stride, explorer.flip, explorer.kernel.tolist())"
    want = "[1, 1] 2 True [[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]"
    kernel_says(page, seen, want)
    # By hand, kernel turned: 3 + 7 + 5 + 2·6 at the top left.
    assert run_code(page, "print(explorer.output[0, 0], explorer.output.shape)") == "27.0 (2, 2)"

    run_code(page, "explorer.flip = False; explorer.stride = explorer.padding = 1")
    run_code(page, "explorer.input = [[1, 2], [3, 4]]")
    page.wait_for_function("document.querySelector('.ck-panel').innerText.includes('padded to 4')")
    assert page.get_by_label("Stride").input_value() == "1"
    assert page.locator(".ck-sum").inner_text().endswith("= 9")
    assert run_code(page, "print(explorer.output.astype(int).tolist())") == "[[5, 3], [3, 9]]"


def test_an_answer_lands_in_the_workspace_and_is_there_again(page, lab, lab_root, notebook):
    name, number = notebook
    open_notebook(page, lab, name)
    run_all(page)
    quiz = page.locator(".ck-quiz")
    quiz.wait_for()
    for text in ("It sharpens.", "It smooths."):
        quiz.get_by_label(text).check()
        quiz.get_by_role("button", name="Check").click()
    page.wait_for_function(
        "document.querySelector('.ck-quiz .ck-where').innerText.includes('answers.json')"
    )
    want = {"attempts": 2, "chosen": ["It smooths."], "right": True}
    answer_comes_to(page, lab_root, f"{number}-q1", want)

    open_notebook(page, lab, name)
    run_all(page)
    quiz.wait_for()
    assert quiz.get_by_label("It smooths.").is_checked()
    assert "Attempts: 2" in quiz.inner_text()


def test_the_answer_comes_after_the_prediction(page, lab, lab_root, notebook):
    name, number = notebook
    open_notebook(page, lab, name)
    run_all(page)
    page.locator(".ck-predict").wait_for()
    assert "Write your prediction in the box above first" in text_of_cell(page, 4)
    outputs = page.evaluate(
        "JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets[4].model.outputs.toJSON())"
    )
    assert "7.75" not in outputs

    page.locator(".ck-predict").get_by_role("textbox").fill("9.33")
    page.get_by_role("button", name="Write it down").click()
    answer_comes_to(page, lab_root, f"{number}-average", {"answer": "9.33"})
    page.locator(".jp-Notebook .jp-Cell").nth(4).click()
    command(page, "notebook:run-cell")
    page.get_by_text("You wrote 9.33. The answer is 7.75.").wait_for()
    assert "31 divided by 4." in text_of_cell(page, 4)
    # Seen is seen: the box stays as it is.
    page.get_by_text("The answer has been shown, so this stays.").wait_for()
    assert not page.get_by_role("button", name="Change it").is_visible()
    want = {"answer": "9.33", "revealed": True, "right": False, "correct": "7.75"}
    answer_comes_to(page, lab_root, f"{number}-average", want)


def test_saved_after_running_it_opens_with_its_picture(page, lab, lab_root, notebook):
    name, _ = notebook
    open_notebook(page, lab, name)
    run_all(page)
    page.locator(".ck-predict").wait_for()
    page.get_by_label("Stride").fill("2")
    page.get_by_label("Stride").press("Tab")
    command(page, "docmanager:save")
    saved = json.loads((lab_root / name).read_text(encoding="utf-8"))
    data = [output["data"] for cell in saved["cells"] for output in cell.get("outputs", [])]
    assert len(data) == 4 and all("text/html" in bundle for bundle in data)
    assert not any(VIEW_MIME in bundle for bundle in data)
    assert "widgets" not in saved["metadata"]

    open_notebook(page, lab, name)
    page.locator(".jp-OutputArea img[alt^='Convolution explorer']").wait_for()
    assert page.get_by_text("Error displaying widget").count() == 0
    assert cell_count(page) == 6


def test_axe_finds_nothing_in_either_theme_and_the_widgets_follow_it(
    page, lab, notebook, violations
):
    open_notebook(page, lab, notebook[0])
    run_all(page)
    page.locator(".ck-predict").wait_for()
    assert violations(page) == []
    ink = "getComputedStyle(document.querySelector('.ck')).color"
    light = page.evaluate(ink)
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(change, "JupyterLab Dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert page.evaluate(ink) != light
    assert violations(page, colours_only=True) == []
    page.evaluate(change, "JupyterLab Light")
