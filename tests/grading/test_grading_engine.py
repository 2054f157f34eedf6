"""Submissions from notebook to outcome, through the sandbox."""

import json
import secrets
from dataclasses import replace

import numpy as np
import pytest
from notebooks_at_hand import (
    CONV,
    FLIPPED,
    IMPORTS,
    MATCH,
    SET,
    WRONG_MATCH,
    codes,
    filled,
    handed_out,
    marks,
    notebook,
    right,
    solution,
)

from coursekit.checks import check
from coursekit.checks.engine.spec import Question
from coursekit.checks.sets import exercise
from coursekit.errors import CallError
from coursekit.grading import engine, submission
from coursekit.grading.engine import Grader
from coursekit.grading.sandbox import asking

pytestmark = pytest.mark.sandbox

FULL = {"conv2d": 4.0, "match_score": 2.0}
NOTHING = {"conv2d": 0.0, "match_score": 0.0}


def test_the_solution_gets_full_marks_and_the_handed_out_notebook_none(graded):
    solved = graded(solution(SET))
    assert (solved.status, marks(solved)) == ("graded", FULL)
    assert codes(solved) == ["same_as_solution"]
    assert all(function.passed for function in solved.functions)
    released = graded(handed_out(SET))
    assert (released.status, marks(released), codes(released)) == ("graded", NOTHING, [])
    assert not any(function.attempted for function in released.functions)


def test_a_wrong_function_is_explained_as_its_own_check_would(graded, capsys):
    outcome = graded(filled(SET, lambda s: s.replace("* kernel)", "* kernel[::-1, ::-1])")))
    conv, match = sorted(outcome.functions, key=lambda function: function.name)
    assert (match.points, match.passed) == (2.0, True)
    assert conv.misconception == "kernel_flipped"
    assert (conv.points, conv.passed) == (2.0, False)  # kernels that look the same turned
    assert [c.passed for c in conv.checks] == [True, False, False]
    assert "wrong for" in conv.checks[1].message
    names = {}
    exec(IMPORTS.split("\n")[0] + FLIPPED, names)
    own = check("conv2d", names["conv2d"])
    assert own.misconception == conv.misconception
    assert "turns the kernel by half a turn" in conv.message
    args, expected, got = vars(conv.counterexample).values()
    assert (own.counterexample.got == names["conv2d"](*own.counterexample.args)).all()
    assert (got == names["conv2d"](*args)).all()
    assert (expected != got).any()
    assert conv.hint


def test_the_entry_is_strict_json_of_the_agreed_form(graded):
    entry = graded(notebook(IMPORTS, MATCH, FLIPPED, "1 / 0")).as_entry()
    text = json.dumps(entry, allow_nan=False)
    assert json.loads(text) == entry
    assert {"student", "points", "status", "seconds", "functions", "events"} <= set(entry)
    conv = next(f for f in entry["functions"] if f["name"] == "conv2d")
    assert {
        "name",
        "points",
        "max_points",
        "passed",
        "checks",
        "misconception",
        "counterexample",
    } <= set(conv)
    assert set(conv["counterexample"]) == {"args", "expected", "got"}
    assert all({"name", "passed", "message"} <= set(c) for c in conv["checks"])
    assert entry["events"] == [
        {
            "code": "cell_failed",
            "detail": "code cell 4, line 1: ZeroDivisionError: division by zero",
        }
    ]
    assert entry["points"] == 4.0


ONE = {"conv2d": 0.0, "match_score": 2.0}


@pytest.mark.parametrize(
    ("cell", "expected", "points"),
    [
        ("x = ", ["syntax_error"], FULL),
        ("import nothing_of_this_name", ["left_out"], FULL),
        ("raise SystemExit", ["cell_failed"], FULL),
        ("exit()", [], FULL),
        ("print('x' * 3_000_000)", ["output_cut"], FULL),
        ("del conv2d", ["missing_function"], ONE),
        ("conv2d = 3", ["redefined", "not_a_function"], ONE),
        ("conv2d = conv2d(np.eye(3), np.eye(2))", ["redefined", "not_a_function"], ONE),
        (FLIPPED, ["redefined"], {"conv2d": 2.0, "match_score": 2.0}),
    ],
)
def test_what_else_is_in_the_notebook(graded, cell, expected, points):
    outcome = graded(right(cell))
    assert outcome.status == "graded"
    assert marks(outcome) == points
    assert codes(outcome) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\n%time x = 1\nassert x == 1",
        "import asyncio\nx = await asyncio.sleep(0, 3)\nassert x == 3",
        "%%time\ny = 2",
        "lines = !echo hello\nassert lines == ['hello'], lines",
        "!ls / > /dev/null",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\nnp.arange(3)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "get_ipython().run_line_magic('pinfo', 'np')",
        "np?",
        "import sys\nsys.stdout.write('x')\nsys.stderr.flush()\nprint(input) if 0 else None",
        "import subprocess\nassert subprocess.run(['true']).returncode == 0",
        "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\nA()",
        "import pickle\nassert pickle.loads(pickle.dumps(conv2d)) is conv2d",
        "import inspect\nassert 'kernel' in inspect.getsource(conv2d)",
        "open('notes.txt', 'w').write('x')\nassert open('notes.txt').read() == 'x'",
        "_ = conv2d(np.eye(3), np.eye(2)); assert __name__ == '__main__'",
    ],
)  # fmt: skip
def test_cells_run_as_in_a_notebook(graded, cell):
    outcome = graded(right(cell))
    assert (codes(outcome), marks(outcome)) == ([], FULL)


def test_a_failing_cell_does_not_stop_the_next(graded):
    outcome = graded(notebook(IMPORTS, "1 / 0\nx = 1", MATCH, "undefined_name", CONV))
    assert marks(outcome) == FULL
    assert str(outcome.first_failed) == "code cell 2, line 1: ZeroDivisionError: division by zero"
    assert codes(outcome) == ["cell_failed", "cell_failed"]


def test_what_is_missing_is_said_with_the_reason(graded):
    outcome = graded(
        notebook(
            IMPORTS, MATCH, CONV.replace("def conv2d(image, kernel):", "def conv2d(image, kernel)")
        )
    )
    assert marks(outcome) == {"conv2d": 0.0, "match_score": 2.0}
    conv = outcome.functions[[f.name for f in outcome.functions].index("conv2d")]
    assert "not defined" in conv.message
    assert "code cell 3, line 1: SyntaxError" in conv.message


def test_a_function_that_errs_says_where(graded):
    outcome = graded(
        notebook(IMPORTS, MATCH, "def conv2d(image, kernel):\n    a = 1\n    return kernel.nope")
    )
    conv = next(f for f in outcome.functions if f.name == "conv2d")
    assert "line 3: return kernel.nope" in conv.message
    assert "AttributeError" in conv.message


def test_another_sets_notebook_is_mentioned(graded):
    outcome = graded(handed_out("02_convolution_1d"))
    assert outcome.status == "graded"
    assert codes(outcome)[0] == "wrong_set"
    assert codes(outcome).count("missing_function") == 2
    assert outcome.points == 0


def test_what_cannot_be_read_is_unreadable_with_all_functions_at_nothing(graded):
    outcome = graded(b"\x00\x01not a notebook")
    assert outcome.status == "unreadable"
    assert marks(outcome) == NOTHING
    assert codes(outcome) == ["not_json"]


def test_order_is_kept_and_the_seed_decides(grader):
    several = [
        ("c", right()),
        ("a", b"nothing"),
        ("b", notebook(IMPORTS, MATCH, FLIPPED)),
        ("d", notebook(IMPORTS, WRONG_MATCH, CONV)),
    ]
    with Grader(SET, workers=2, seed=11, limits=grader.limits) as other:
        found = list(other.outcomes(iter(several)))
    assert [outcome.student for outcome in found] == ["c", "a", "b", "d"]
    again = list(grader.outcomes(several))
    plain = [
        [entry | {"seconds": 0} for entry in (o.as_entry() for o in run)] for run in (found, again)
    ]
    assert plain[0] == plain[1]


def test_a_secret_seed_differs_from_run_to_run(monkeypatch):
    monkeypatch.setattr(engine, "secrets", secrets)
    seeds = set()
    for _ in range(2):
        grader = Grader(SET)
        seeds.add(grader.seed)
        grader.close()
    assert len(seeds) == 2


@pytest.mark.parametrize("wrong", [{"set_name": "99_nothing"}, {"set_name": SET, "workers": 0}])
def test_wrong_calls(wrong):
    with pytest.raises(CallError):
        Grader(**wrong)


def test_numbers_of_other_libraries_and_types_count(graded):
    listed = CONV.replace("return out", "return out.tolist()")
    strange = MATCH.replace(
        "return np.mean", "from fractions import Fraction\n    return np.longdouble(1) * np.mean"
    )
    assert marks(graded(notebook(IMPORTS, strange, listed))) == FULL


SCIPY = """
from scipy import signal
def helper(a, b):
    return signal.correlate2d(a, b, mode="valid")
def conv2d(image, kernel):
    return helper(np.asarray(image), np.asarray(kernel))
"""


def test_a_library_that_does_the_work_is_remarked_and_costs_points_only_where_that_is_wanted(
    grader, graded
):
    outcome = graded(notebook(IMPORTS, MATCH, SCIPY))
    assert (marks(outcome), codes(outcome)) == (FULL, ["library_does_the_work"])
    conv = next(f for f in outcome.functions if f.name == "conv2d")
    assert "scipy.signal.correlate2d" in conv.remarks[-1]
    with Grader(SET, seed=11, limits=grader.limits, strict=True) as strict:
        (outcome,) = strict.outcomes([("ada", notebook(IMPORTS, MATCH, SCIPY))])
    assert marks(outcome) == {"conv2d": 0.0, "match_score": 2.0}
    conv = next(f for f in outcome.functions if f.name == "conv2d")
    assert "earns no points" in conv.message


def test_what_a_class_imports_is_imported_once_for_all(guarded_worker):
    """From the second student on who wants it, it is there before the cells run."""
    cell = "import sys\nknown = 'scipy.signal' in sys.modules\nimport scipy.signal"
    found = []
    for _ in range(3):
        with guarded_worker.submission(["scipy.signal", "this", "os.path"]) as process:
            (report,) = process.run_cells([cell + "\nraise ValueError(str(known))"])
            (strange,) = process.run_cells(["assert 'this' not in sys.modules"])
        found.append(report["error"]["text"])
        assert strange["ok"]
    assert found == ["False", "True", "True"]


def test_what_our_own_code_falls_over_costs_one_function(graded, monkeypatch):
    usual = submission.outcome_of

    def falls(exercise, *more):
        if exercise.name == "conv2d":
            raise ValueError("a reply of an odd shape")
        return usual(exercise, *more)

    monkeypatch.setattr(submission, "outcome_of", falls)
    outcome = graded(right())
    assert marks(outcome) == {"conv2d": 0.0, "match_score": 2.0}
    assert codes(outcome) == ["not_judged"]


def test_a_notebook_that_cannot_be_graded_ends_nobody_else_s(grader, monkeypatch):
    usual = submission.SubmissionGrader.outcome

    def falls(self, student, content):
        if student == "mallory":
            raise ValueError("something that nobody thought of")
        return usual(self, student, content)

    monkeypatch.setattr(submission.SubmissionGrader, "outcome", falls)
    mallory, bob = grader.outcomes([("mallory", right()), ("bob", right())])
    assert (mallory.status, mallory.points, codes(mallory)) == ("crashed", 0.0, ["not_judged"])
    assert (bob.status, bob.points) == ("graded", 6.0)


def test_only_a_call_changes_arguments():
    """What else is asked may have arguments that the function does not have."""
    said = {"kind": "value", "parts": 1, "changed": [0, 1, 2]}
    number = np.zeros(())
    for probe, changed in (("call", (0, 1)), ("overwrite", ())):
        asked = replace(exercise("match_score").checks[0], probe=probe)
        question = Question(asked, (number, number))
        (reply,) = asking._replies([said], [number], [question], 1)
        assert reply.changed == changed


LACKING = {  # a cell that asks for what the sandbox lacks, with imports around it
    "input": "name = input('who? ')\nn = int(input())\nimport numpy as np",
    "scratch": "from coursekit import check, scratch\nimport numpy as np\n"
    "expected = scratch.conv2d(np.ones((3, 3)), np.ones((2, 2)))\nprint(expected.shape)",
    "a drive": "from google.colab import drive\ndrive.mount('/content/drive')\nimport numpy as np",
    "modules": "import nothing_here, numpy as np",
    "a file": "import numpy as np\nphoto = np.load('photo.npy')\nsmall = photo[:2]",
    "the network": "import urllib.request\nurllib.request.urlopen('http://example.org')\n"
    "import numpy as np",
    "a program": "import subprocess, sys\n"
    "subprocess.check_call([sys.executable, '-m', 'nothing_here'])\nimport numpy as np",
    "an extension": "%load_ext nothing_here\n%nothing_here\nimport numpy as np",
}


@pytest.mark.parametrize("what", list(LACKING))
def test_a_cell_loses_the_statement_that_asks_for_what_is_not_here_and_no_other(graded, what):
    outcome = graded(notebook(LACKING[what], MATCH, CONV))
    assert marks(outcome) == FULL
    if what != "an extension":
        assert "left_out" in codes(outcome)
        assert all("this statement was left out" in e.detail for e in outcome.events)


def test_any_other_error_ends_its_cell_as_in_jupyter(graded):
    outcome = graded(notebook(IMPORTS + "\n1 / 0\n" + MATCH, CONV))
    assert marks(outcome) == {"conv2d": 4.0, "match_score": 0.0}
    assert codes(outcome) == ["cell_failed", "missing_function"]


def test_the_reference_earns_nothing_and_is_named(graded):
    outcome = graded(notebook("from coursekit import scratch\nconv2d = scratch.conv2d", MATCH))
    assert outcome.functions[0].points == 0.0
    assert "coursekit.scratch.conv2d" in outcome.functions[0].message
