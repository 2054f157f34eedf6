"""The checks of set 16: right answers pass, slips are named, the numbers are those of torch."""

import answers_16
import numpy as np
import pytest
import torch
from test_three_steps import asked_from_afar

from coursekit.attribution import saliency
from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.runner import probes

ASKED = exercise("saliency")


@pytest.mark.parametrize("answer", [*answers_16.RIGHT, saliency])
def test_right_answers_pass(answer):
    result = check("saliency", answer)
    assert result.passed, result.message
    assert result.points == result.max_points == ASKED.points == 6
    assert result.misconception is None and result.counterexample is None
    assert ("list" in result.message) == (answer is answers_16.by_jacobian)


@pytest.mark.parametrize("place", range(len(answers_16.WRONG)))
def test_slips_are_rejected_and_named(place):
    answer, expected = answers_16.WRONG[place]
    result = check("saliency", answer)
    assert not result.passed and result.points < result.max_points
    assert result.misconception == expected, result.message
    if expected is not None:
        assert misconceptions("saliency")[expected] in result.message


def test_every_idea_is_somebodys():
    assert {expected for _, expected in answers_16.WRONG} == {*misconceptions("saliency"), None}


def test_every_way_in_which_an_idea_is_written_down_is_rejected():
    drawn = questions(ASKED)
    right = [ASKED.oracle(*q.args) for q in drawn]
    for name, idea in ASKED.misconceptions.items():
        for wrong in idea.variants() if idea.wrong and idea.fits is None else ():
            found = [wrong(*q.args)[:2] for q in drawn]
            assert any(
                one[k].shape != other[k].shape or not np.allclose(one[k], other[k], atol=1e-3)
                for one, other in zip(found, right, strict=True)
                for k in range(2)
            ), name


def test_whatever_is_drawn_right_passes_and_no_name_is_wrong():
    seed = 1
    drawn = questions(ASKED, seed=seed)
    assert judge(ASKED, drawn, asked_from_afar(answers_16.RIGHT[seed])).kind == "passed"
    for answer, expected in answers_16.WRONG[seed::4]:
        verdict = judge(ASKED, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


def test_the_right_maps_are_those_of_torch():
    for question in questions(ASKED):
        mine, theirs = ASKED.oracle(*question.args), probes.torch_saliency(saliency, *question.args)
        for one, other in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(np.asarray(other), one, rtol=1e-4, atol=1e-4)


def test_points_follow_what_is_right():
    def points(place):
        return [c.passed for c in check("saliency", answers_16.WRONG[place][0]).checks]

    slips = [expected for _, expected in answers_16.WRONG]
    assert points(slips.index("mean_over_channels")) == [True, False, False, False]
    assert points(slips.index("gradients_left")) == [True, True, True, False]
    assert points(slips.index("training_mode")) == [True, True, False, False]


@pytest.mark.parametrize(("place", "said"), [
    (-7, "image[None]"), (-6, "requires_grad_() missing"), (-5, "counts the pictures"),
    (-4, "[0, target]"),
])  # fmt: skip
def test_what_torch_says_is_put_into_plain_words(place, said):
    assert said in check("saliency", answers_16.WRONG[place][0]).message


def test_what_is_not_written_is_not_attempted():
    def unwritten(model, image, target):
        raise NotImplementedError

    for answer in (unwritten, lambda model, image, target: None):
        result = check("saliency", answer)
        assert not result.passed and not result.attempted, result.message
    assert not check("saliency", lambda model, image, target: torch.zeros(1)).passed
