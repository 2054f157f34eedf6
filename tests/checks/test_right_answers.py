"""Whatever computes the right thing passes, in whatever style."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from right_answers import RIGHT

from coursekit.checks import check, exercise, exercise_sets, sets
from coursekit.checks.engine.draw import questions
from coursekit.checks.sets import FUNCTIONS

CASES = [(name, i) for name, answers in RIGHT.items() for i in range(len(answers))]


@pytest.mark.parametrize(("name", "i"), CASES)
def test_right_answers_pass(name, i, capsys):
    result = check(name, RIGHT[name][i])
    assert result.passed, result.message
    assert result.points == result.max_points == exercise(name).points
    assert result.misconception is None and result.counterexample is None
    assert "Tried: " in capsys.readouterr().out


def test_every_numpy_exercise_has_right_answers():
    for exercises in exercise_sets().values():
        assert all(len(RIGHT[e.name]) >= 3 for e in exercises.exercises if not e.direct)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(RIGHT))
def test_the_first_right_answer_passes_whatever_is_drawn(name, seed):
    from coursekit.checks.run import _checked

    assert _checked(exercise(name), RIGHT[name][0], seed).passed


def test_points_of_set_03():
    assert [(e.name, e.points) for e in exercise_sets()["03_convolution_2d"].exercises] == [
        ("conv2d", 4.0),
        ("match_score", 2.0),
    ]
    assert exercise_sets()["03_convolution_2d"].points == 6.0


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_enough_inputs_of_many_sizes_are_asked(name):
    assert 50 <= len(questions(exercise(name))) <= 110


def test_a_print_on_the_way_is_remarked_on():
    from right_answers import loud

    assert "It prints as well as returning" in check("conv2d", loud).message


def test_the_index_of_functions_agrees_with_the_sets():
    for name, exercises in exercise_sets().items():
        assert tuple(e.name for e in exercises.exercises) == FUNCTIONS[name]
    folders = {path.name for path in Path(sets.__file__).parent.glob("set_*")}
    assert folders == {f"set_{name}" for name in FUNCTIONS}


def test_a_check_imports_only_its_own_set(tmp_path):
    code = (
        "import sys; from coursekit import check; check('conv2d', None)\n"
        "print([m.split('.')[3] for m in sys.modules if m.startswith('coursekit.checks.sets.set')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert set(ast.literal_eval(run.stdout.splitlines()[-1])) == {"set_03_convolution_2d"}
