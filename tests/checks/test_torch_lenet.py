"""The checks of `LeNet5`: slips by name, right modules in many styles."""

import numpy as np
import pytest
import torch
from right_answers_12 import RIGHT
from test_three_steps import asked_from_afar
from wrong_answers_12 import SLIPS, WRONG

from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge


@pytest.mark.parametrize("i", range(len(WRONG)))
def test_slips_are_rejected_and_named(i):
    module, expected = WRONG[i]
    result = check("LeNet5", module)
    assert not result.passed, SLIPS[i]
    assert result.misconception == expected, (SLIPS[i], result.message)
    if expected is not None:
        assert misconceptions("LeNet5")[expected] in result.message
    assert "Python says" not in result.message or expected is None


@pytest.mark.parametrize("i", range(len(RIGHT)))
def test_right_modules_pass(i):
    result = check("LeNet5", RIGHT[i])
    assert result.passed, result.message
    assert result.points == result.max_points == 6
    assert result.misconception is None and result.counterexample is None


def test_enough_of_both():
    assert len(WRONG) >= 50 and len(RIGHT) >= 20
    assert {name for _, name in WRONG} - {None} == set(misconceptions("LeNet5"))


def test_whatever_is_drawn_right_passes_and_no_name_is_wrong():
    asked, seed = exercise("LeNet5"), 1
    drawn = questions(asked, seed)
    assert judge(asked, drawn, asked_from_afar(RIGHT[seed])).kind == "passed"
    for module, expected in WRONG[seed::16]:
        verdict = judge(asked, drawn, asked_from_afar(module))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


@pytest.mark.parametrize("classes", [10, 4])
def test_the_right_scores_are_those_of_torch(classes):
    module = RIGHT[0](classes).double()
    images = torch.rand(2, 1, 28, 28, dtype=torch.float64)
    weights = [p.detach().numpy() for p in module.parameters()]
    scores = exercise("LeNet5").oracle(images.numpy(), classes, *weights)[0]
    np.testing.assert_allclose(scores, module(images).detach().numpy(), rtol=1e-10, atol=1e-12)
    assert sum(w.size for w in weights) == 61_706 - 85 * (10 - classes)
