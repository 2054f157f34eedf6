"""The check of dropout: right answers in many styles pass, slips are named, chance decides nothing.

An answer draws as it likes, so the check must come to the same whatever the seed of the questions.
"""

import answers_13
import numpy as np
import pytest
from test_three_steps import asked_from_afar

from coursekit import scratch
from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge


@pytest.mark.parametrize("answer", [scratch.dropout, *answers_13.RIGHT])
def test_right_answers_pass(answer):
    result = check("dropout", answer)
    assert result.passed, result.message
    assert result.points == result.max_points == exercise("dropout").points


@pytest.mark.parametrize("place", range(len(answers_13.WRONG)))
def test_slips_are_rejected_and_named(place):
    answer, expected = answers_13.WRONG[place]
    result = check("dropout", answer)
    assert not result.passed and result.points < result.max_points
    assert result.misconception == expected, result.message
    if expected is not None:
        assert misconceptions("dropout")[expected] in result.message


def test_every_idea_has_an_answer_that_holds_it():
    assert {name for _, name in answers_13.WRONG} >= set(exercise("dropout").misconceptions)


def test_half_an_answer_earns_part_of_the_points():
    without_the_ends = check("dropout", answers_13.plain_division)
    assert [c.passed for c in without_the_ends.checks] == [True, True, True, False]
    legacy = check("dropout", answers_13.legacy)
    assert [c.passed for c in legacy.checks] == [True, True, False, True]


def test_the_verdict_does_not_depend_on_chance():
    seed = 1
    asked, drawn = exercise("dropout"), questions(exercise("dropout"), seed=seed)
    for answer in (answers_13.by_loop, answers_13.by_choice):
        assert judge(asked, drawn, asked_from_afar(answer)).kind == "passed"
    for answer, expected in answers_13.WRONG[seed::8]:
        verdict = judge(asked, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


def test_what_is_not_written_is_not_attempted():
    def unwritten(x, p, rng):
        raise NotImplementedError

    for answer in (unwritten, lambda x, p, rng: None):
        assert not check("dropout", answer).attempted
    assert not check("dropout", lambda x, p, rng: "zeros").passed


def test_the_example_shows_an_argument_and_what_came_of_it():
    found = check("dropout", lambda x, p, rng: x * (rng.random(x.shape) >= p)).counterexample
    x, p, seed = found.args
    share = np.mean(scratch.dropout(x, p, np.random.default_rng(seed)) == 0)
    assert share == pytest.approx(p, abs=0.05) and found.got["factors"].tolist() == [0, 1]
