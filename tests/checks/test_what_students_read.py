"""What a student reads after the mistakes that readers of the course made."""

import numpy as np
import pytest

from coursekit.checks import check, hint


def said(name, answer):
    result = check(name, answer)
    assert not result.passed
    return result.message


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_exercise_that_comes_first_needs_no_other(step):
    assert "convolve1d" not in hint("correlate1d", step)


def test_an_index_too_far_says_what_to_rethink():
    text = said("correlate1d", lambda x, w: [x[a] * w[a] for a in range(len(w) + 1)])
    assert "It stopped with IndexError" in text and "range(n) ends there" in text
    assert 'hint("correlate1d")' in text


def test_bytes_that_refuse_256():
    text = said("quantize", lambda image, levels: image * levels // 256)
    assert "your image is still uint8, whose numbers end at 255" in text


def test_a_number_of_bytes_is_a_whole_number():
    text = said(
        "storage_bytes", lambda h, w, channels=1, bits=8: np.ceil(h * w * channels * bits / 8)
    )
    assert "The number is right, its type is wrong: a float" in text
    assert "One whole number was expected" in said("storage_bytes", lambda h, w, c=1, bits=8: "9")


@pytest.mark.parametrize(("change", "found"), [
    (lambda a: a.tolist(), "It gives a list"),
    (lambda a: a.astype(float), "It gives an array of float64"),
])  # fmt: skip
def test_another_type_of_sample_passes_with_a_remark(change, found):
    result = check("sample", lambda image, step: change(image[::step, ::step]))
    assert result.passed and found in result.message
    assert "It gives" not in check("sample", lambda im, step: im[::step, ::step].copy()).message


def test_overwriting_is_said_beside_wrong_numbers():
    def answer(x, w):
        x[:] = 0
        return np.correlate(x, w, "valid")

    assert "It also overwrites its argument x" in said("correlate1d", answer)


def test_examples_of_set_01_are_such_as_the_exercise_allows():
    found = check("quantize", lambda image, levels: image * 0).counterexample
    assert found.args[1] >= 2
    found = check(
        "sample", lambda im, s: im[: len(im) // s * s : s, : im.shape[1] // s * s : s].copy()
    ).counterexample
    assert found.args[0].size <= 10 and found.args[0].min() >= 0
