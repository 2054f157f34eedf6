"""The checks of set 17: right answers in many styles pass, slips are named, chance decides nothing.

An answer draws as it likes, so the checks must come to the same whatever the seed of the questions.
"""

import answers_17
import numpy as np
import pytest
from test_three_steps import asked_from_afar

from coursekit import scratch
from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge

RIGHT = {
    "random_horizontal_flip": [scratch.random_horizontal_flip, *answers_17.RIGHT_FLIPS],
    "random_crop": [scratch.random_crop, *answers_17.RIGHT_CROPS],
}
WRONG = {
    "random_horizontal_flip": answers_17.WRONG_FLIPS,
    "random_crop": answers_17.WRONG_CROPS,
}
REMARKS = {"as_list": "list", "nested": "list", "tensor": "tensor", "arithmetic": "type"}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, several in RIGHT.items() for answer in several]
)
def test_right_answers_pass(name, answer):
    result = check(name, answer)
    assert result.passed, result.message
    assert result.points == result.max_points == exercise(name).points
    for part, said in REMARKS.items():
        assert part not in answer.__name__ or said in result.message


@pytest.mark.parametrize(
    ("name", "place"), [(name, k) for name, several in WRONG.items() for k in range(len(several))]
)
def test_slips_are_rejected_and_named(name, place):
    answer, expected = WRONG[name][place]
    result = check(name, answer)
    assert not result.passed and result.points < result.max_points
    assert result.misconception == expected, result.message
    if expected is not None:
        assert misconceptions(name)[expected] in result.message


@pytest.mark.parametrize("name", WRONG)
def test_every_idea_has_an_answer_that_holds_it(name):
    assert {idea for _, idea in WRONG[name]} - {None} == set(exercise(name).misconceptions)


def test_half_an_answer_earns_part_of_the_points():
    def passed(name, answer):
        return [c.passed for c in check(name, answer).checks]

    flips, crops = "random_horizontal_flip", "random_crop"
    assert passed(flips, answers_17.flip_legacy) == [True, True, False, True]
    assert passed(flips, answers_17.flip_all_or_none) == [True, False, True, False]
    assert passed(flips, answers_17.flip_without_default) == [True, True, True, False]
    assert passed(crops, answers_17.crop_cut_back) == [True, True, True, True, False]
    assert passed(crops, answers_17.crop_rolled) == [False, True, True, True, False]


@pytest.mark.parametrize(("name", "seed"), [("random_horizontal_flip", 1), ("random_crop", 2)])
def test_the_verdict_does_not_depend_on_chance(name, seed):
    asked, drawn = exercise(name), questions(exercise(name), seed=seed)
    for answer in RIGHT[name][1:4]:
        assert judge(asked, drawn, asked_from_afar(answer)).kind == "passed"
    for answer, expected in WRONG[name][seed::5]:
        verdict = judge(asked, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception == expected


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_written_is_not_attempted(name):
    def unwritten(images, rng):
        raise NotImplementedError

    for answer in (unwritten, lambda images, rng, more=None: None):
        assert not check(name, answer).attempted
    assert not check(name, lambda images, rng, more=None: "pictures").passed


def test_the_example_shows_a_picture_that_went_wrong():
    found = check("random_horizontal_flip", answers_17.WRONG_FLIPS[2][0]).counterexample
    before, after = found.got["before"], found.got["after"]
    assert any(np.array_equal(before, image[0]) for image in found.args[0])
    assert np.array_equal(after, before[::-1]) and not np.array_equal(after, before)
