"""What a student reads after the mistakes that readers of the course made."""

import numpy as np
import pytest
import scipy.ndimage

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
    assert "It stopped with IndexError" in text and "its last index is one less" in text
    assert 'hint("correlate1d")' in text


def test_bytes_that_refuse_256():
    text = said("quantize", lambda image, levels: image * levels // 256)
    assert "Your image is still uint8, whose numbers end at 255" in text


def test_a_whole_number_may_be_a_float_with_a_remark():
    result = check(
        "storage_bytes", lambda h, w, channels=1, bits=8: np.ceil(h * w * channels * bits / 8)
    )
    assert result.passed and "an int was asked for" in result.message
    assert "One whole number was expected" in said("storage_bytes", lambda h, w, c=1, bits=8: "9")


@pytest.mark.parametrize(("change", "found"), [
    (lambda a: a.tolist(), "It gives a list"),
    (lambda a: a.astype(float), "Its numbers are float64"),
])  # fmt: skip
def test_another_type_of_sample_passes_with_a_remark(change, found):
    result = check("sample", lambda image, step: change(image[::step, ::step]))
    assert result.passed and found in result.message
    assert "It counts" not in check("sample", lambda im, step: im[::step, ::step].copy()).message


def test_overwriting_is_said_beside_wrong_numbers():
    def answer(x, w):
        x[:] = 0
        return np.correlate(x, w, "valid")

    assert "overwrites its argument x" in said("correlate1d", answer)


def test_examples_of_set_01_are_such_as_the_exercise_allows():
    found = check("quantize", lambda image, levels: image * 0).counterexample
    assert found.args[1] >= 2
    found = check(
        "sample", lambda im, s: im[: len(im) // s * s : s, : im.shape[1] // s * s : s].copy()
    ).counterexample
    assert found.args[0].size <= 10 and found.args[0].min() >= 0


def test_a_division_by_zero_does_not_hide_the_mistake():
    result = check("normalize", lambda kernel: kernel / np.float64(kernel.max()))
    assert np.isfinite(result.counterexample.got).all() and "nan" not in result.message


def test_whole_numbers_look_alike_on_both_sides():
    def turned(image, kernel):
        sums = scipy.ndimage.convolve(image * 1.0, kernel * 1.0, mode="nearest")
        return np.clip(np.floor(sums + 0.5), 0, 255).astype(np.uint8)

    result = check("filter_image", turned)
    image, kernel = result.counterexample.args
    assert image.size + kernel.size <= 6 and np.all(kernel == np.rint(kernel))
    assert "." not in result.message.split("kernel ")[-1]
    message = check("correlate1d", lambda x, w: np.convolve(x, w, "valid") * 1.0).message
    assert ".0" not in message


@pytest.mark.parametrize("name", ["filter_image", "gradient_magnitude"])
def test_hints_speak_of_what_is_in_the_notebook(name):
    assert not any("conv2d" in hint(name, step) for step in (1, 2, 3))
