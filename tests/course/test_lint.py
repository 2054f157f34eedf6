"""Each rule of the lint against a notebook that is right but for one thing."""

import copy
import html
import json
import re

import pytest
from sample_project import LESSON, make_sample

from coursekit.course.lint import lint_file, lint_notebook, main
from coursekit.course.lint_outputs import banded_problems, output_problems

TOPICS = ["T026"]


@pytest.fixture
def lesson(built_sample):
    path = built_sample / "lessons" / "02_halving.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def exercise(built_sample):
    path = built_sample / "exercises" / "02_halving.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def rules(notebook):
    return [finding.rule for finding in lint_notebook(notebook, "02.ipynb", TOPICS)]


def cell_with(notebook, words):
    return next(cell for cell in notebook["cells"] if words in "".join(cell["source"]))


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(html=None, **data):
    if html is not None:
        data["text/html"] = html
    return {"output_type": "display_data", "data": data, "metadata": {}}


def widget(state):
    return shown(f'<div data-state="{html.escape(json.dumps(state))}">The fixed text</div>')


def give(cell, output):
    """Replace a cell's outputs, and the record of them, as the build would."""
    from coursekit.course.execute import describe

    cell["outputs"] = [output]
    cell["metadata"]["coursekit"] = {"outputs": [describe(output)]}


def test_the_sample_is_clean(lesson, exercise):
    assert rules(lesson) == [] and rules(exercise) == []


# --- a stripped notebook ---


def test_any_single_output_that_is_deleted_is_missed(lesson):
    places = [
        (number, place)
        for number, cell in enumerate(lesson["cells"])
        for place in range(len(cell.get("outputs", [])))
    ]
    assert len(places) >= 8
    for number, place in places:
        broken = copy.deepcopy(lesson)
        del broken["cells"][number]["outputs"][place]
        assert "stripped" in rules(broken)


def test_any_single_format_of_an_output_that_is_deleted_is_missed(lesson):
    cell = cell_with(lesson, "display(HTML")
    del cell["outputs"][1]["data"]["text/plain"]
    assert rules(lesson) == ["stripped"]


def test_a_notebook_without_outputs_counts_and_records_does_not_pass(lesson):
    for cell in lesson["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"].pop("coursekit")
            cell.update(outputs=[], execution_count=None)
    assert {"count", "stripped", "part"} <= set(rules(lesson))


@pytest.mark.parametrize("count", [None, 1, 7])
def test_counts_run_from_one_in_order(lesson, count):
    cell_with(lesson, "half of 7?")["execution_count"] = count
    assert rules(lesson)[0] == "count"


def test_a_result_has_its_cell_s_count(lesson):
    cell_with(lesson, "7 / 2")["outputs"][0]["execution_count"] = 99
    assert rules(lesson) == ["count"]


# --- what an output may not hold ---


@pytest.mark.parametrize(
    ("rule", "output"),
    [
        ("alt", shown('<img src="data:image/png;base64,QUJD">')),
        ("alt", shown('<img alt="" src="data:image/png;base64,QUJD">')),
        ("alt", shown('<img alt="a picture" src="data:image/png;base64,QUJD">')),
        ("alt", shown('<svg viewBox="0 0 1 1"><path d="M 0 0"/></svg>')),
        ("alt", shown(**{"image/png": "QUJD", "text/plain": "<Figure>"})),
        ("alt", shown(**{"image/svg+xml": "<svg/>"})),
        ("address", stream("<Thing object at 0x7f2a>\n")),
        ("address", stream("pointer 0x7ffd12345678\n")),
        ("address", shown(**{"text/plain": "<A at 0x10f3>"})),
        ("address", shown('<div data-state="{&quot;x&quot;: &quot;at 0x7f01&quot;}"></div>')),
        ("path", stream("saved in /home/ada/course/x.npy\n")),
        ("path", widget({"image": {"rows": 1, "columns": 9, "grey": "/tmp/a/bc"}})),  # no pixels
        (
            "path",
            widget({"image": {"rows": 1, "columns": 9, "grey": "AA+/tmp/cccc", "x": "/tmp/a"}}),
        ),
        ("path", stream("see ~/course\n")),
        ("path", stream(r"see C:\Users\ada" + "\n")),
        ("path", stream("file '/opt/python3/lib/site.py', line 3\n")),
        ("path", shown("<p>in /tmp/x1/y.txt</p>")),
        ("path", shown('<a href="/static/a.css">x</a>')),
        ("date", stream("built 2026-11-21\n")),
        ("date", stream("on 21 November 2026\n")),
        ("date", stream("on Nov 21, 2026\n")),
        ("date", stream("on 21/11/2026\n")),
        ("timing", stream("epoch 1: 3.52 s\n")),
        ("timing", stream("took 3 seconds\n")),
        ("timing", stream("12 ms per step\n")),
        ("timing", stream("10/10 - 2s - 15ms/step\n")),
        ("timing", stream("CPU times: user 3\n")),
        ("timing", stream("at 12:03:44\n")),
        ("timing", shown('<p title="0.31 seconds">fast</p>')),
        ("stderr", stream("a warning", "stderr")),
        ("error", {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}),
        (
            "widget-view",
            shown("<b>fine</b>", **{"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}),
        ),
    ],
)
def test_what_differs_from_run_to_run_is_found(lesson, rule, output):
    give(cell_with(lesson, "half of 7?"), output)
    assert rules(lesson) == [rule]


@pytest.mark.parametrize(
    "output",
    [
        stream("shape (60000, 28, 28), 1/3 of 0.25, a/b, 10/12\n"),
        stream("0xff is 255; the colour 0xff8800\n"),
        stream("[[1. 2.]\n [3. 4.]]\n"),
        stream("sunspots from 1749 to 1983, the 1990s, 120 seconds of readings\n"),
        stream("precision and/or recall; float64/float32; N/A\n"),
        shown(
            '<div style="font: 12px/1.5 sans"><p>a</p><br/><img src="data:image/png;base64,'
            '/home/ada/0x7f2a1111/2026" alt="Nine cells, the middle one outlined."></div>'
        ),
        shown('<svg role="img" aria-label="An arrow from left to right."></svg>'),
        shown('<svg aria-hidden="true"></svg>'),
        shown('<a href="https://example.org/home/ada/2015">He et al.</a>'),
        shown("<style>/* /home/ada 0x7f2a1111 */ p { transition: 0.2s }</style><p>x</p>"),
        widget({"image": {"rows": 1, "columns": 9, "grey": "AA+/tmp/cccc"}}),  # nine pixels
    ],
)
def test_what_holds_on_every_machine_passes(output):
    assert list(output_problems(output)) == []


def test_a_date_can_be_allowed_with_a_reason_but_an_address_cannot(lesson):
    cell = cell_with(lesson, "half of 7?")
    give(cell, stream("sunspots of 1989-06-01\n"))
    cell["metadata"].update(allow=["date"], reason="the date is the data")
    assert rules(lesson) == []
    del cell["metadata"]["reason"]
    assert rules(lesson) == ["reason"]
    cell["metadata"].update(allow=["address"], reason="none")
    assert "reason" in rules(lesson)


# --- cells tagged banded ---


@pytest.mark.parametrize(
    "text",
    [
        "test accuracy at least 0.80: yes",
        "loss below 0.5: yes\ntest accuracy between 0.8 and 0.95: no\n",
        "60000 images, 3 epochs, version 3.11.2",
        "wrong on fewer than 12.5 % of the images: yes",
        "accuracy ≥ 0.8: yes",
    ],
)
def test_claims_and_whole_numbers_pass_in_a_banded_cell(text):
    assert list(banded_problems(stream(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "test accuracy 0.8312",
        "accuracy: .83",
        "test accuracy at least 0.80: yes (it is 0.8312)",
        "test accuracy at least 0.80",
        "loss 3e-4",
        "fine\n[0.1 0.9]",
        "at least 3 epochs, loss 0.31: yes",
    ],
)
def test_a_decimal_outside_a_claim_is_found(lesson, text):
    give(cell_with(lesson, "half of 7 at least"), stream(text))
    assert rules(lesson) == ["banded"]


def test_alt_text_in_a_banded_cell_may_compare_but_not_measure():
    def picture(alt):
        return shown(f'<img alt="{alt}" src="data:image/png;base64,QUJD">')

    assert not list(banded_problems(picture("The accuracy rises above 0.8 within 3 epochs.")))
    assert list(banded_problems(picture("The accuracy rises to 0.8312 within 3 epochs.")))


def test_a_table_in_a_banded_cell_is_read_cell_by_cell():
    table = "<table><tr><td>accuracy</td><td>0.8312</td></tr></table>"
    assert [rule for rule, *_ in banded_problems(shown(table))] == ["banded"]


# --- tags ---


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_an_ignore_tag_needs_a_reason(lesson, reason):
    cell = cell_with(lesson, "half of 7?")
    cell["metadata"]["tags"] = ["nbval-ignore-output"]
    if reason is not None:
        cell["metadata"]["reason"] = reason
    assert rules(lesson) == ["reason"]
    cell["metadata"]["reason"] = "lists the packages of this machine"
    assert rules(lesson) == []


@pytest.mark.parametrize("tag", ["nbval-skip", "raises-exception", "nbval-raises-exception"])
def test_no_cell_is_taken_out_of_the_tests_by_a_tag(lesson, tag):
    cell_with(lesson, "half of 7?")["metadata"]["tags"] = [tag]
    assert rules(lesson) == ["skip"]


@pytest.mark.parametrize("comment", ["# NBVAL_IGNORE_OUTPUT", "#NBVAL_SKIP", "x  # x\n # NBVAL_X"])
def test_no_cell_is_taken_out_of_the_tests_by_a_comment(lesson, comment):
    cell_with(lesson, "half of 7?")["source"] = comment
    assert rules(lesson) == ["skip"]


# --- the notebook as a whole ---


def test_an_unknown_topic_is_found(lesson):
    lesson["metadata"]["coursekit"]["topics"] = ["T026", "T148"]
    assert rules(lesson) == ["topic"]


def test_widgets_state_is_found(lesson):
    lesson["metadata"]["widgets"] = {}
    assert rules(lesson) == ["widget-state"]


def test_the_clock_is_found(lesson):
    cell_with(lesson, "half of 7?")["metadata"]["execution"] = {"iopub.status.busy": "2026"}
    assert rules(lesson) == ["timing"]


def test_a_python_version_is_found(lesson):
    lesson["metadata"]["language_info"]["version"] = "3.11.9"
    assert rules(lesson) == ["metadata"]


@pytest.mark.parametrize("cell_id", ["a1b2c3d4", "02-lesson-00"])
def test_ids_that_are_random_or_occur_twice_are_found(lesson, cell_id):
    lesson["cells"][3]["id"] = cell_id
    assert rules(lesson) == ["id"]


def test_a_picture_in_the_text_needs_an_alt_text(lesson):
    lesson["cells"][0]["source"] = [*lesson["cells"][0]["source"], "\n![](kernel.png)"]
    assert rules(lesson) == ["alt"]


def test_a_large_file_is_found(tmp_path, lesson):
    lesson["metadata"]["padding"] = "x" * 1_000_000
    path = tmp_path / "02_halving.ipynb"
    path.write_text(json.dumps(lesson), encoding="utf-8")
    assert [finding.rule for finding in lint_file(path, TOPICS)] == ["size"]


def test_a_notebook_that_was_not_built_is_found():
    assert rules({"metadata": {}, "cells": []}) == ["metadata"]


# --- parts ---

REQUIRED = re.findall(r"^# ## ([^:\n]+)", LESSON, re.MULTILINE)
ALIVE = ("See it", "Predict", "By hand", "A mistake people make", "Quiz")


def replace_heading(notebook, old, new):
    cell = cell_with(notebook, f"## {old}")
    cell["source"] = "".join(cell["source"]).replace(f"## {old}", new)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_part_that_is_missing_is_found(lesson, name):
    replace_heading(lesson, name, "no heading")
    found = lint_notebook(lesson, "02.ipynb", TOPICS)
    assert found[0].rule == "part" and f"'## {name}' is missing" in found[0].what


@pytest.mark.parametrize("name", ALIVE)
def test_a_part_without_an_output_is_found(lesson, name):
    at = next(n for n, c in enumerate(lesson["cells"]) if f"## {name}" in "".join(c["source"]))
    end = next(
        (
            n
            for n, cell in enumerate(lesson["cells"])
            if n > at and "".join(cell["source"]).startswith("## ")
        ),
    )
    for cell in lesson["cells"][at:end]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["metadata"]["coursekit"] = [], {"outputs": []}
    found = lint_notebook(lesson, "02.ipynb", TOPICS)
    assert [finding.rule for finding in found] == ["part"]
    assert f"'## {name}' holds neither" in found[0].what


def test_parts_out_of_order_are_found(lesson):
    replace_heading(lesson, "Recap", "## Swap")
    replace_heading(lesson, "Words", "## Recap")
    replace_heading(lesson, "Swap", "## Words")
    assert rules(lesson) == ["part"]


def test_a_heading_that_is_no_part_is_found(lesson):
    lesson["cells"][-1]["source"] = "## More\n\n## Further reading"
    assert rules(lesson) == ["part"]


def test_a_heading_in_a_block_of_code_is_none(lesson):
    lesson["cells"][-1]["source"] = "## Further reading\n\n```\n## a comment\n```"
    assert rules(lesson) == []


@pytest.mark.parametrize("title", ["# 02 Halving", "# 03 · Halving", "## Halving", ""])
def test_a_lesson_begins_with_its_number_and_title(lesson, title):
    lesson["cells"][0]["source"] = title
    assert "head" in rules(lesson)


def test_an_exercise_without_a_check_is_found(exercise):
    for cell in exercise["cells"]:
        cell["source"] = "".join(cell["source"]).replace("check(", "look(")
    assert rules(exercise) == ["check"]


def test_the_command_line_prints_findings(tmp_path, lesson, capsys):
    make_sample(tmp_path)
    path = tmp_path / "lessons" / "02_halving.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(lesson), encoding="utf-8")
    assert main([str(path)]) == 0
    cell_with(lesson, "half of 7?")["outputs"] = []
    path.write_text(json.dumps(lesson), encoding="utf-8")
    assert main([str(path)]) == 1
    assert "cell 02-lesson-04: [stripped] the build stored" in capsys.readouterr().out
