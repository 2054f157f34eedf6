"""What beginners write: rejected, named rightly, with an example, and without contradiction."""

import re
from collections import Counter

import beginners
import numpy as np
import pytest
import torch
from right_answers import RIGHT

from coursekit.checks import exercise, exercise_sets, hint, misconceptions
from coursekit.checks.run import _checked, check
from coursekit.checks.runner.clock import Allowance

CASES = [pytest.param(*case, id=f"{case[0]}-{i}") for i, case in enumerate(beginners.WRONG)]
NUMPY = [e.name for several in exercise_sets().values() for e in several.exercises if not e.direct]


@pytest.fixture(autouse=True)
def little_time(monkeypatch):
    monkeypatch.setattr("coursekit.checks.run.Allowance", lambda: Allowance(whole=4, one=0.25))


@pytest.mark.parametrize(("name", "expected", "code"), CASES)
def test_it_is_rejected_and_the_name_is_right(name, expected, code):
    result = _checked(exercise(name), beginners.function(name, code))
    text = result.message
    assert not result.passed and result.points < result.max_points
    several = expected if isinstance(expected, tuple) else (expected,)
    if result.misconception is None:
        assert set(several) & {beginners.CRASH, beginners.ENDLESS}, text
    else:
        assert result.misconception in several, text
        assert misconceptions(name)[result.misconception] in text
    assert result.counterexample is not None
    assert all(f"{n:.4g}" in text for n in np.ravel(result.counterexample.args[0])[:1])
    counts = re.search(r"Tried: (\d+) .*; (\d+|all) came out wrong", text)
    where = re.search(r"right on all (\d+) .* wrong on all (\d+) others", text)
    if counts and where:
        assert sum(map(int, where.groups())) == int(counts[1])


def test_where_it_goes_wrong_is_said_where_no_name_fits():
    def only_square(image, kernel):
        right = RIGHT["conv2d"][0](image, kernel)
        return right if kernel.shape[0] == kernel.shape[1] else np.asarray(right) * 3 + 1

    result = _checked(exercise("conv2d"), only_square)
    assert result.misconception is None
    assert "with a square kernel" in result.message


@pytest.mark.parametrize("name", NUMPY)
def test_the_numbers_count_and_what_holds_them_is_said_in_one_remark(name):
    """Lists, tuples, tensors and float32 that hold the right numbers pass in every set."""
    oracle = exercise(name).oracle
    remarks = Counter()

    def changed(value, change):
        return tuple(map(change, value)) if isinstance(value, tuple) else change(value)

    for change in (
        lambda value: value,
        lambda value: np.asarray(value).tolist(),
        lambda value: tuple(np.asarray(value).tolist()) if np.ndim(value) else (value,),
        lambda value: torch.as_tensor(np.asarray(value)),
        lambda value: np.asarray(value).astype(np.float32),
    ):
        result = _checked(exercise(name), lambda *args, c=change: changed(oracle(*args), c))
        assert result.passed and result.points == result.max_points, result.message
        remarks[result.message.count("It counts, since the numbers are right")] += 1
    assert set(remarks) <= {0, 1} and remarks[1] >= 3


@pytest.mark.parametrize("name", NUMPY)
def test_every_listed_idea_says_what_it_does(name):
    for does in misconceptions(name).values():
        assert does[0].islower() and not does.endswith(".")


def test_the_hint_that_belongs_to_the_mistake_comes_first_and_then_the_ladder():
    codes = {f: code for f, name, code in beginners.WRONG if name == "w_negative_index"}
    code = codes["convolve1d"]
    result = check("convolve1d", beginners.function("convolve1d", code))
    assert result.misconception == "w_negative_index"
    ladder = exercise("convolve1d").hints
    texts = [hint("convolve1d") for _ in range(5)]
    assert texts[0] not in ladder and list(texts[1:4]) == list(ladder) and texts[4] not in ladder


def test_small_differences_are_shown_with_the_digits_that_they_take():
    result = _checked(
        exercise("normalize"), lambda k: k / (k.sum() or 1) * (1 + 1e-4) + 0.00001 * (k > 3)
    )
    shown = re.findall(r">(\S+)<", result.message)
    assert len(shown) == 2 and shown[0] != shown[1]
