"""Wrong answers are rejected; a name is right or not given; the example really is one."""

import beginners
import numpy as np
import pytest
from right_answers import RIGHT
from wrong_answers import WRONG

from coursekit.checks import check, exercise, misconceptions
from coursekit.checks.engine import shrink
from coursekit.checks.engine.name import ideas, patterns


def names(expected):
    return expected if isinstance(expected, tuple) else (expected,)


CASES = [(name, i) for name, answers in WRONG.items() for i in range(len(answers))]
# Ideas that somebody's wrong answer stands for are asked there; the others are asked here.
WRITTEN = {(name, idea) for name, answers in WRONG.items() for _, e in answers for idea in names(e)}
WRITTEN |= {(name, idea) for name, expected, _ in beginners.WRONG for idea in names(expected)}
UNWRITTEN = [
    (name, idea)
    for name in RIGHT
    for idea in exercise(name).misconceptions
    if (name, idea) not in WRITTEN
]


def typed(name, wrong):
    """Give the outputs the type that the exercise asks for, as a student's code would."""
    returns = exercise(name).returns

    def answer(*args):
        value = wrong(*args)
        if isinstance(value, tuple):  # several arrays
            return value
        value = np.asarray(value)
        if returns == "uint8":
            return np.floor(value + 0.5).astype(np.uint8)
        if "whole" in returns and np.isfinite(value).all() and np.all(value == np.floor(value)):
            return value.astype(np.int64)
        return value

    return answer


@pytest.mark.parametrize(("name", "idea"), UNWRITTEN)
def test_every_other_idea_is_rejected_and_named(name, idea, monkeypatch):
    # No smaller example is looked for: whatever is asked, the answer is the idea itself.
    monkeypatch.setattr(shrink, "BUDGET", 0)
    wrong = next(form for key, form in ideas(exercise(name)) if key == idea)
    assert_named(name, check(name, typed(name, wrong)), (idea,))


def assert_named(name, result, expected):
    assert not result.passed and result.points < result.max_points
    assert result.misconception in expected, result.message
    if result.misconception in exercise(name).misconceptions:
        idea = exercise(name).misconceptions[result.misconception]
        assert idea.does in result.message and idea.rethink in result.message


@pytest.mark.parametrize(("name", "i"), CASES)
def test_separately_written_wrong_answers(name, i):
    answer, expected = WRONG[name][i]
    result = check(name, answer)
    assert_named(name, result, names(expected))
    example_is_one(exercise(name), answer, result)


def example_is_one(asked, answer, result):
    """What was expected is right, what was got is what the answer gives, and they differ."""
    found = result.counterexample
    if len(found.args) > len(asked.parameters):  # what the image is overwritten with
        return
    right = parts(asked, asked.oracle(*copies(found.args)))
    for expected, own in zip(parts(asked, found.expected), right, strict=True):
        np.testing.assert_allclose(expected, own)
    if found.got is None or isinstance(found.got, str):
        if "wrong type" not in result.message:
            with pytest.raises(Exception, match=r"."):
                answer(*copies(found.args))
        return
    given = copies(found.args)
    got = parts(asked, answer(*given))
    for shown, own in zip(parts(asked, found.got), got, strict=True):
        np.testing.assert_allclose(shown, own)
    assert not all(map(alike, got, right)) or not all(map(alike, given, found.args))


def parts(asked, value):
    """Return what came out as a list of arrays: several where the exercise asks for several."""
    return [np.asarray(v, float) for v in (value if len(asked.parts) > 1 else (value,))]


def alike(got, right):
    return np.shape(got) == np.shape(right) and np.allclose(got, right, equal_nan=True, rtol=1e-6)


def copies(args):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def test_the_example_is_small():
    result = check("conv2d", lambda image, kernel: _flipped(image, kernel))
    image, kernel = result.counterexample.args
    assert image.size + kernel.size <= 12
    assert np.abs(image).max() <= 9 and np.abs(kernel).max() <= 9
    assert np.all(image != 0) and np.all(kernel != 0)


def _flipped(image, kernel):
    turned = kernel[::-1, ::-1]
    m, n = kernel.shape
    return np.array(
        [
            [np.sum(image[i : i + m, j : j + n] * turned) for j in range(image.shape[1] - n + 1)]
            for i in range(image.shape[0] - m + 1)
        ]
    )


def test_a_turned_kernel_still_earns_the_points_for_symmetric_ones():
    result = check("conv2d", _flipped)
    assert (result.points, result.max_points) == (2.0, 4.0)
    assert [c.passed for c in result.checks] == [True, False, False]


def test_an_answer_that_is_an_idea_on_large_inputs_only_is_not_named():
    def sometimes(image, kernel):
        return _flipped(image, kernel) if image.size > 6 else _flipped(image, kernel) + 1

    assert check("conv2d", sometimes).misconception is None


@pytest.mark.parametrize(("name", "least"), [
    ("quantize", 5), ("convolve1d", 8), ("correlate1d", 8), ("conv2d", 8), ("match_score", 8),
    ("normalize", 5), ("filter_image", 5), ("gradient_magnitude", 5), ("build_model", 5),
])  # fmt: skip
def test_there_are_enough_ideas(name, least):
    assert len(misconceptions(name)) >= least


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_message_never_gives_the_answer_away(name):
    for idea in exercise(name).misconceptions.values():
        assert idea.does[0].islower() and not idea.does.endswith(".")
        assert "[::-1" not in idea.rethink and "mode=" not in idea.rethink


@pytest.mark.parametrize("name", ["conv2d", "storage_bytes"])
def test_the_text_is_the_same_every_time(name):
    answer = WRONG[name][0][0]
    assert check(name, answer).message == check(name, answer).message


@pytest.mark.parametrize("name", ["receptive_field", "conv2d"])
def test_no_replies_at_all_show_nothing(name):
    assert patterns(exercise(name), [], []) == (None, "")
