"""`coursekit check NOTEBOOK`: every function is checked, and no more is run than they need."""

import json

import pytest

from coursekit import cli
from coursekit.learn import notebook_check
from coursekit.learn.notebook_check import needed_names

CONV2D = """
def conv2d(image, kernel):
    m, n = kernel.shape
    windows = sliding(image, kernel.shape)
    return (windows * kernel * SCALE).sum(axis=(2, 3))
"""
HELPERS = ["from numpy.lib.stride_tricks import sliding_window_view as sliding", "SCALE = 1.0"]
SLOW = """
import sys, time
def slow():
    for _ in range(600):
        if "code cell 2" in sys.stderr.getvalue():  # runs until it has been named
            break
        time.sleep(0.1)
    return 1.0
SCALE = slow()
"""
MATCH = "def match_score(patch, pattern):\n    return float((patch * pattern).mean())"

DEEP = pytest.param("[" * 100_000, id="deep")


@pytest.fixture
def check(tmp_path, capsys):
    def call(*cells, name="03_convolution_2d.ipynb"):
        path = tmp_path / name
        content = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
        path.write_text(json.dumps({"cells": content}), encoding="utf-8")
        code = cli.main(["check", str(path)])
        printed, complaint = capsys.readouterr()
        return code, printed, complaint

    return call


def test_right_functions_with_their_helpers_pass(check):
    code, printed, _ = check(*HELPERS, CONV2D, MATCH)
    assert code == 0
    assert printed.endswith("2 of 2 right.\n")
    assert "✓ conv2d" in printed and "✓ match_score" in printed


def test_wrong_and_missing_functions_are_named_and_the_work_counts_as_done(check):
    wrong = "import numpy as np\ndef conv2d(image, kernel):\n    return np.zeros((1, 1))"
    code, printed, _ = check(wrong)
    assert code == 0
    assert "✗ conv2d" in printed and "○ match_score is not defined" in printed
    assert printed.endswith("0 of 2 right.\n")


def test_other_cells_are_not_run(check, tmp_path):
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')"
    cells = (trap, f"unused = {trap}", f"for _ in range(3):\n    {trap}", "check('conv2d', conv2d)")
    _, printed, _ = check(*HELPERS, *cells, CONV2D, MATCH, f"history = {trap}")
    assert printed.endswith("2 of 2 right.\n") and printed.count("✓ conv2d") == 1
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize("name", ["03_convolution_2d.old-1.ipynb", "03_convolution_2d (2).ipynb"])
def test_a_copy_is_known_by_the_beginning_of_its_name(check, name):
    assert check(MATCH, name=name)[1].endswith("1 of 2 right.\n")


def test_in_another_notebook_what_is_there_is_checked(check):
    assert check(MATCH, name="mine.ipynb")[1].endswith("1 of 1 right.\n")
    code, _, complaint = check("x = 1", name="mine.ipynb")
    assert code == 1 and "holds no function" in complaint and complaint.count("\n") == 1


def test_cells_that_cannot_be_read_or_run_are_named_and_the_rest_is_checked(check):
    broken = ["def oops(:", "SCALE = 1 / 0", "print('noise'); SCALE = 1.0"]
    _, printed, _ = check(*broken, HELPERS[0], CONV2D, MATCH)
    assert "! code cell 1 cannot be read: invalid syntax" in printed
    assert "! code cell 2: ZeroDivisionError: division by zero" in printed
    assert "noise" not in printed
    assert printed.endswith("2 of 2 right.\n")


def test_cells_that_cannot_be_read_are_named_where_nothing_else_is_there(check):
    code, printed, complaint = check("def conv2d(:", name="mine.ipynb")
    assert code == 1 and "! code cell 1 cannot be read: invalid syntax" in printed
    assert "holds no function" in complaint and "that can be read" in complaint


def test_a_cell_that_ends_the_program_ends_only_itself(check):
    code, printed, _ = check("SCALE = exit()", *HELPERS, CONV2D, MATCH)
    assert code == 0 and "! code cell 1: SystemExit" in printed
    assert printed.endswith("2 of 2 right.\n")


def test_a_cell_that_runs_on_and_on_is_named(check, monkeypatch):
    monkeypatch.setattr(notebook_check, "_PATIENCE", 0.05)
    _, printed, complaint = check(HELPERS[0], SLOW, CONV2D, MATCH)
    assert "code cell 2 is still running" in complaint and "Ctrl-C" in complaint
    assert printed.endswith("2 of 2 right.\n")


def test_jupyters_own_commands_do_not_disturb(check):
    magics = ["%matplotlib inline\n" + HELPERS[0], "%%time\nboom(", "!ls\n" + HELPERS[1]]
    assert check(*magics, CONV2D, MATCH)[1].endswith("2 of 2 right.\n")


@pytest.mark.parametrize("content", ["", "{", "[]", DEEP, '{"cells": 1}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_one_line(tmp_path, capsys, content):
    path = tmp_path / "03_x.ipynb"
    path.write_text(content)
    assert cli.main(["check", str(path)]) == 1
    complaint = capsys.readouterr().err
    assert str(path) in complaint and complaint.count("\n") == 1


@pytest.mark.parametrize("words", [["check"], ["check", "absent.ipynb"], ["check", "."]])
def test_a_wrong_call_is_one_line(capsys, words):
    assert cli.main(words) == 2
    complaint = capsys.readouterr().err
    assert "NOTEBOOK" in complaint and complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["TABLE = {}", "TABLE['a'] = 1", "def f(): return TABLE['a']"], 1),
        (["def g(): return 2", "def f(): return g()"], 2),
        (["x = 1", "def f(x=x): return x", "x = 5"], 1),
        (["n = 0", "n += 3", "def f(): return n"], 3),
        (["total = 0\nfor k in range(4):\n    total += k", "def f(): return total"], 6),
        (["from math import *", "def f(): return floor(pi)"], 3),
        (["try:\n    import nothing_here\nexcept ImportError:\n    nothing_here = 8",
          "def f(): return nothing_here"], 8),
        (["def f(): return 1", "def f(): return 9"], 9),
        (["import os.path", "def f(): return os.path.basename('a/b')"], "b"),
        (["class A:\n    size = 4", "def f():\n    return [A.size for _ in range(1)][0]"], 4),
        (["f = lambda: later", "later = 7"], 7),
        (["a, b = 1, 2", "def f(): return b"], 2),
    ],
)  # fmt: skip
def test_what_a_function_needs_is_found(cells, value):
    names, problems = needed_names(cells, ["f"])
    assert problems == []
    assert names["f"]() == value


def test_names_of_a_functions_own_pull_nothing_in():
    cells = ["image = 1 / 0", "def f(image):\n    total = image\n    return total", "total = 1 / 0"]
    assert needed_names(cells, ["f"])[1] == []
