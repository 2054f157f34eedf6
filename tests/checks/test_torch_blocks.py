"""The checks of the blocks of sets 14 and 15: right answers pass, slips are named."""

import answers_14
import answers_15
import numpy as np
import pytest
import torch
from test_three_steps import asked_from_afar

from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.runner import probes
from coursekit.models import BasicBlock, Inception, vgg_block

ANSWERS = {
    "right": answers_14.RIGHT | {"ResidualBlock": answers_15.RIGHT},
    "wrong": answers_14.WRONG | {"ResidualBlock": answers_15.WRONG},
}
MODELS = {"vgg_block": vgg_block, "Inception": Inception, "ResidualBlock": BasicBlock}


@pytest.mark.parametrize("name", MODELS)
def test_right_answers_pass(name):
    for answer in [*ANSWERS["right"][name], MODELS[name]]:
        result = check(name, answer)
        assert result.passed, result.message
        assert result.points == result.max_points == exercise(name).points
        assert result.misconception is None and result.counterexample is None


@pytest.mark.parametrize("name", MODELS)
def test_slips_are_rejected_and_named(name):
    named = set()
    for place, (answer, expected) in enumerate(ANSWERS["wrong"][name]):
        result = check(name, answer)
        assert not result.passed and result.points < result.max_points, place
        assert result.misconception == expected, (place, result.message)
        if expected is not None:
            assert misconceptions(name)[expected] in result.message
        named.add(expected)
    assert len(named) >= 12


@pytest.mark.parametrize("name", MODELS)
def test_every_way_in_which_an_idea_is_written_down_is_rejected(name):
    asked = exercise(name)
    drawn = questions(asked)

    def right(wrong, q):
        try:
            parts = wrong(*q.args)
        except ValueError:  # shapes that do not fit together
            return False
        return all(map(np.array_equal, parts[:-1], asked.oracle(*q.args)[:-1]))

    for key, idea in asked.misconceptions.items():
        for wrong in idea.variants() if idea.wrong and idea.fits is None else ():
            assert not all(right(wrong, q) for q in drawn), key


@pytest.mark.parametrize("name", MODELS)
def test_whatever_is_drawn_right_passes_and_no_name_is_wrong(name):
    asked, drawn = exercise(name), questions(exercise(name), seed=1)
    assert judge(asked, drawn, asked_from_afar(ANSWERS["right"][name][-1])).kind == "passed"
    for answer, expected in ANSWERS["wrong"][name][::4]:
        verdict = judge(asked, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


@pytest.mark.parametrize("name", MODELS)
def test_the_right_outputs_are_those_of_torch(name):
    asked = exercise(name)
    for question in questions(asked)[:6]:
        *expected, fault = asked.oracle(*question.args)
        *got, found = getattr(probes, question.probe)(MODELS[name], *question.args)
        for mine, theirs in zip(expected, got, strict=True):
            np.testing.assert_allclose(np.asarray(theirs), mine, rtol=1e-3, atol=1e-3)
        assert found == fault == 0


@pytest.mark.parametrize("name", MODELS)
def test_what_is_not_written_is_not_attempted(name):
    def unwritten(*numbers):
        raise NotImplementedError

    class Begun(torch.nn.Module):
        def __init__(self, *numbers):
            super().__init__()
            self.first = torch.nn.Conv2d(numbers[0], numbers[1], 1)

        def forward(self, x):
            raise NotImplementedError

    for answer in (unwritten, Begun, lambda *numbers: None):
        result = check(name, answer)
        assert not result.passed and not result.attempted, result.message
    assert not check(name, lambda *numbers: torch.zeros(1)).passed
