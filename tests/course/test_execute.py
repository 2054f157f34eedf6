import pytest

from coursekit.course.execute import CellError, describe, execute, merge_streams
from coursekit.course.store import from_dict


def notebook_of(*sources):
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
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_a_failing_cell_is_named_with_its_traceback_in_plain_letters(tmp_path):
    with pytest.raises(CellError, match="ZeroDivisionError") as caught:
        execute(notebook_of("x = 0", "1 / x", "print('never')"), tmp_path)
    assert caught.value.index == 1
    assert "\x1b" not in str(caught.value)


def test_a_cell_that_runs_too_long_is_named(tmp_path):
    with pytest.raises(CellError, match="longer than 5 s") as caught:
        execute(notebook_of("x = 0", "import time; time.sleep(900)"), tmp_path, timeout=5)
    assert caught.value.index == 1


def test_a_dead_kernel_is_named(tmp_path):
    with pytest.raises(CellError, match="kernel died"):
        execute(notebook_of("import os; os._exit(1)"), tmp_path)


def test_a_notebook_that_leaves_a_file_is_refused(tmp_path):
    with pytest.raises(CellError, match=r"left files in its folder: notes\.txt"):
        execute(notebook_of("open('notes.txt', 'w').close()"), tmp_path)


def test_kernels_run_in_the_fixed_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_WORKSPACE", "somewhere")
    source = (
        "import os\n"
        "print([os.environ.get(n) for n in ('OMP_NUM_THREADS', 'COURSEKIT_HEADLESS', "
        "'COURSEKIT_WORKSPACE')])"
    )
    cell = execute(notebook_of(source), tmp_path).cells[0]
    assert cell.outputs[0].text == "['1', '1', None]\n"
    assert cell.metadata.coursekit.outputs == ["stream: stdout"]
    assert "execution" not in cell.metadata


def test_streams_are_joined_only_with_their_neighbours():
    def text(words, name="stdout"):
        return {"output_type": "stream", "name": name, "text": words}

    picture = {"output_type": "display_data", "data": {"text/plain": "picture"}}
    merged = merge_streams([text("a"), text("b"), picture, text("c"), text("d", "stderr")])
    assert [output.get("text") for output in merged] == ["ab", None, "c", "d"]


def test_a_carriage_return_overwrites_the_line():
    stream = {"output_type": "stream", "name": "stdout", "text": "x\n1 of 2\r2 of 2\r\nend\n"}
    assert merge_streams([stream])[0]["text"] == "x\n2 of 2\r\nend\n"


def test_outputs_are_described_by_kind_and_formats():
    assert describe({"output_type": "error", "ename": "ValueError"}) == "error: ValueError"
    result = {"output_type": "execute_result", "data": {"text/plain": "1"}}
    assert describe(result) == "execute_result: text/plain"
