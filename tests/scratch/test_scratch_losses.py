"""Softmax, cross-entropy and error against torch; no warning anywhere."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special
from scratch_draws import arrays, steady

from coursekit import scratch as s


@steady
@given(arrays((1, 4), (1, 5), low=-10_000, high=10_000))
def test_softmax(z):
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        out = s.softmax(z)
        row = s.softmax(z[0])
    np.testing.assert_allclose(out, special.softmax(z, axis=-1), rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(out.sum(axis=-1), 1.0)
    assert np.array_equal(row, out[0])


def test_softmax_takes_the_last_axis_of_any_shape():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    np.testing.assert_allclose(s.softmax(z), torch.softmax(torch.tensor(z), dim=-1))
    assert s.softmax(np.array([300, 300], dtype=np.int16)).tolist() == [0.5, 0.5]


@steady
@given(hnp.arrays(np.float64, (3, 4), elements=st.floats(-20, 20)), st.lists(st.integers(0, 3)))
def test_cross_entropy_of_classes(z, classes):
    classes = [*classes, 0, 0, 0][:3]
    found = s.cross_entropy(np.eye(4)[classes], s.softmax(z))
    expected = torch.nn.functional.cross_entropy(torch.tensor(z), torch.tensor(classes))
    assert isinstance(found, float)
    assert found == pytest.approx(expected.item(), abs=1e-9)


@steady
@given(*(hnp.arrays(np.float64, (3, 4), elements=st.floats(-5, 5)) for _ in range(2)))
def test_cross_entropy_of_soft_targets(a, b):
    p, q = s.softmax(a), s.softmax(b)
    expected = -(p * np.log(q)).sum(axis=1)
    np.testing.assert_allclose(s.cross_entropy_rows(p, q), expected)
    assert s.cross_entropy(p, q) == pytest.approx(
        torch.nn.functional.cross_entropy(torch.tensor(b), torch.tensor(p)).item()
    )


def test_zero_times_the_logarithm_of_zero_is_zero_without_a_warning():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert s.cross_entropy([[1, 0]], [[1, 0]]) == 0.0
        assert s.cross_entropy([[1, 0], [0, 1]], [[0.5, 0.5], [0, 1]]) == pytest.approx(
            np.log(2) / 2
        )
        assert s.cross_entropy([[1, 0]], [[0, 1]]) == float("inf")
    assert not np.signbit(s.cross_entropy_rows([[1, 0]], [[1, 0]])).any()  # 0.0, and not -0.0


@steady
@given(arrays(5, 3), arrays(5, 3))
def test_classification_error(p, q):
    wrong = sum(int(np.argmax(a)) != int(np.argmax(b)) for a, b in zip(p, q, strict=True))
    assert s.classification_error(p, q) == wrong / 5
    assert isinstance(s.classification_error(p, q), float)


def test_scores_passed_for_probabilities_are_noticed():
    with pytest.raises(ValueError, match="softmax"):
        s.cross_entropy([[1, 0]], [[3.0, -2.0]])
    with pytest.raises(ValueError, match="q holds values"):
        s.cross_entropy([[1, 0]], [[float("nan"), 0.5]])
    with pytest.raises(ValueError, match="not finite"):
        s.softmax([1.0, float("inf")])
    with pytest.raises(ValueError, match="at least one score"):
        s.softmax(3.0)
    with pytest.raises(ValueError, match="above 0"):
        s.log_odds([1, 0])
