"""Calibration: against scikit-learn's curve and sums by hand."""

import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from coursekit.training.measuring.calibration import calibration, draw


def test_bins_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.1, 1, size=3000)
    right = rng.random(3000) < sure**2
    found = calibration(sure, right, bins=10)
    shares, means = calibration_curve(right, sure, n_bins=10, strategy="uniform")
    some = found.counts > 0
    assert found.accuracy[some] == pytest.approx(shares)
    assert found.confidence[some] == pytest.approx(means)
    # The expected calibration error, bin after bin.
    expected = 0.0
    for low, high in zip(found.edges[:-1], found.edges[1:], strict=True):
        inside = (sure > low) & (sure <= high)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
    assert found.error == pytest.approx(expected)
    assert found.overconfident


def test_by_hand():
    found = calibration([0.95, 0.85, 0.8, 0.6, 0.5], [1, 1, 0, 1, 0], bins=2)
    assert found.counts.tolist() == [1, 4]  # 0.5 belongs to the lower half
    assert found.confidence.tolist() == pytest.approx([0.5, 0.8])
    assert found.accuracy.tolist() == [0.0, 0.75]
    assert found.error == pytest.approx(0.2 * 0.5 + 0.8 * 0.05)


def test_a_perfectly_calibrated_network_has_no_error():
    sure = np.repeat([0.2, 0.5, 0.9], 10)
    right = np.concatenate([np.arange(10) < 10 * p for p in (0.2, 0.5, 0.9)])
    assert calibration(sure, right).error == pytest.approx(0)
    less = calibration(sure * 0.5, right)
    assert not less.overconfident
    assert less.error == pytest.approx(np.mean([0.1, 0.25, 0.45]))


def test_ends_empty_bins_and_no_answers():
    found = calibration([1.0, 0.0], [True, False], bins=4)
    assert found.counts.tolist() == [1, 0, 0, 1]
    assert np.isnan(found.accuracy[1:3]).all()
    assert found.error == 0
    assert calibration([np.nan, 0.5], [True, True], bins=1).counts.tolist() == [1]
    assert math.isnan(calibration([], []).error)  # 0 would say: perfectly calibrated
    assert calibration(np.float32([1.0000001]), [True]).counts.sum() == 1


@pytest.mark.parametrize(
    ("sure", "right", "bins", "said"),
    [
        ([0.5], [True, False], 3, "confidence: found shape"),
        ([3.5], [True], 3, r"confidence: found numbers from 3.5 to 3.5; expected probabilities"),
        ([0.5], [True], 0, "bins: found 0"),
        ([0.5], [True], 2.5, "bins: found 2.5"),
    ],
)
def test_what_does_not_fit_is_said(sure, right, bins, said):
    with pytest.raises(ValueError, match=said):
        calibration(sure, right, bins=bins)


def test_the_drawing_shows_each_bin_that_has_answers():
    found = calibration([0.95, 0.9, 0.3], [True, False, False], bins=10)
    upper, lower = draw(found).axes
    heights = [bar.get_height() for bar in upper.patches]
    assert heights == [0.0, 0.0, 1.0]  # 0.3, 0.9 and 0.95 lie in bins of their own
    assert [bar.get_height() for bar in lower.patches] == [1, 1, 1]
    assert upper.patches[2].get_x() == pytest.approx(0.9)
    draw(calibration([], []))


def test_without_any_answer_there_is_no_error_to_tell():
    found = calibration([float("nan")] * 3, [True, False, True])
    assert math.isnan(found.error)
