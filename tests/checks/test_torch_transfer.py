"""The checks of set 18: right answers pass, slips are named, the numbers are those of torch."""

import answers_18
import numpy as np
import pytest
from test_three_steps import asked_from_afar

from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.runner import probes

RIGHT = {"freeze": answers_18.RIGHT_FREEZING, "replace_head": answers_18.RIGHT_HEADS}
WRONG = {"freeze": answers_18.WRONG_FREEZING, "replace_head": answers_18.WRONG_HEADS}


@pytest.mark.parametrize(("name", "place"), [(n, k) for n in RIGHT for k in range(len(RIGHT[n]))])
def test_right_answers_pass(name, place):
    result = check(name, RIGHT[name][place])
    assert result.passed, result.message
    assert result.points == result.max_points == exercise(name).points == 3
    assert result.misconception is None and result.counterexample is None


@pytest.mark.parametrize(("name", "place"), [(n, k) for n in WRONG for k in range(len(WRONG[n]))])
def test_slips_are_rejected_and_named(name, place):
    answer, expected = WRONG[name][place]
    result = check(name, answer)
    assert not result.passed and result.points < result.max_points
    assert result.misconception == expected, result.message
    if expected is not None:
        assert misconceptions(name)[expected] in result.message


@pytest.mark.parametrize("name", WRONG)
def test_every_idea_is_somebodys(name):
    assert {expected for _, expected in WRONG[name]} - {None} == set(misconceptions(name))


@pytest.mark.parametrize(("name", "seed"), [("freeze", 1), ("replace_head", 2)])
def test_whatever_is_drawn_right_passes_and_no_name_is_wrong(name, seed):
    asked = exercise(name)
    drawn = questions(asked, seed=seed)
    assert judge(asked, drawn, asked_from_afar(RIGHT[name][seed])).kind == "passed"
    for answer, expected in WRONG[name][seed::5]:
        verdict = judge(asked, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_numbers_are_those_of_torch(name):
    asked = exercise(name)
    for question in questions(asked):
        mine = asked.oracle(*question.args)
        theirs = getattr(probes, question.probe)(RIGHT[name][0], *question.args)
        for one, other in zip(mine, theirs, strict=True):
            other = other.detach().numpy() if hasattr(other, "detach") else other
            np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-4)


def test_points_follow_what_is_right():
    def passed(name, idea):
        answer = next(answer for answer, expected in WRONG[name] if expected == idea)
        return [part.passed for part in check(name, answer).checks]

    assert passed("freeze", "batch_norm_moves")[0]
    assert passed("freeze", "way_blocked") == [True, True, False]
    assert passed("replace_head", "head_frozen") == [True, True, False]
    by_name = [part.passed for part in check("replace_head", answers_18.only_fc).checks]
    assert by_name == [True, False, False]


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("freeze", answers_18.WRONG_FREEZING[41][0], "Brackets are missing"),
    ("freeze", answers_18.WRONG_FREEZING[42][0], "for loop"),
    ("freeze", answers_18.WRONG_FREEZING[43][0], "two names"),
    ("freeze", answers_18.WRONG_FREEZING[44][0], "names first"),
    ("freeze", answers_18.WRONG_FREEZING[45][0], "this one has no weight"),
    ("replace_head", answers_18.only_fc, "another name"),
    ("replace_head", answers_18.last_of_a_row, "Only nn.Sequential"),
])  # fmt: skip
def test_what_torch_says_is_put_into_plain_words(name, answer, said):
    assert said in check(name, answer).message


def test_what_is_not_written_is_not_attempted():
    def unwritten(model, num_classes=0):
        raise NotImplementedError

    for name in RIGHT:
        for answer in (unwritten, lambda model, num_classes=0: None):
            result = check(name, answer)
            assert not result.passed and not result.attempted, result.message


def test_moving_statistics_are_shown_and_not_a_head_that_nobody_asked_for():
    def parameters_alone(module):
        for parameter in module.parameters():
            parameter.requires_grad = False
        return module

    message = check("freeze", parameters_alone).message
    assert "Running mean of the first map" in message and "dense layer" not in message
