"""Dropout, mirrored and shifted pictures, recurrent steps, learning rates."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scratch_draws import arrays, steady

from coursekit import scratch as s


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean(p):
    out = s.dropout(np.ones(40_000), p, rng())
    assert set(np.unique(out)) <= {0.0, 1 / (1 - p)}
    assert (out == 0).mean() == pytest.approx(p, abs=0.02)
    assert out.mean() == pytest.approx(1, abs=0.05)


def test_dropout_of_everything_and_of_nothing():
    x = np.arange(6).reshape(2, 3)
    assert (s.dropout(x, 1, rng()) == 0).all()
    assert np.array_equal(s.dropout(x, 0, rng()), x)
    with pytest.raises(ValueError, match="p is 30"):
        s.dropout(x, 30, rng())


def test_each_image_is_mirrored_by_a_choice_of_its_own():
    images = np.arange(400 * 2 * 3 * 4).reshape(400, 2, 3, 4)
    out = s.random_horizontal_flip(images, rng())
    mirrored = [np.array_equal(new, old[..., ::-1]) for new, old in zip(out, images, strict=True)]
    kept = [np.array_equal(new, old) for new, old in zip(out, images, strict=True)]
    assert all(a != b for a, b in zip(mirrored, kept, strict=True))
    assert 150 < sum(mirrored) < 250
    assert np.array_equal(s.random_horizontal_flip(images, rng(), p=1), images[..., ::-1])
    assert np.array_equal(s.random_horizontal_flip(images, rng(), p=0), images)


def test_each_image_is_cut_out_at_a_place_of_its_own():
    images = rng().integers(1, 256, (300, 1, 4, 5)).astype(np.uint8)
    out = s.random_crop(images, rng(), padding=2)
    assert out.shape == images.shape and out.dtype == np.uint8
    places = set()
    for new, old in zip(out, images, strict=True):
        padded = np.pad(old, ((0, 0), (2, 2), (2, 2)))
        places |= {
            (i, j)
            for i in range(5)
            for j in range(5)
            if np.array_equal(padded[:, i : i + 4, j : j + 5], new)
        }
    assert places == {(i, j) for i in range(5) for j in range(5)}
    assert np.array_equal(s.random_crop(images, rng(), padding=0), images)


def test_a_seed_repeats_the_chance():
    images = rng().normal(size=(20, 1, 5, 5))
    for change in (
        lambda g: s.dropout(images, 0.5, g),
        lambda g: s.random_crop(images, g),
        lambda g: s.random_horizontal_flip(images, g),
    ):
        assert np.array_equal(change(rng(3)), change(rng(3)))
        assert not np.array_equal(change(rng(3)), change(rng(4)))


@steady
@given(arrays(3), arrays(2), arrays(3, 2), arrays(2, 2), arrays(2))
def test_rnn_step(x, h, w_xh, w_hh, b):
    cell = torch.nn.RNNCell(3, 2).double()
    with torch.no_grad():
        cell.weight_ih[:] = torch.tensor(w_xh.T)
        cell.weight_hh[:] = torch.tensor(w_hh.T)
        cell.bias_ih[:] = torch.tensor(b)
        cell.bias_hh[:] = 0
        expected = cell(torch.tensor(x).double()[None], torch.tensor(h).double()[None])[0]
    np.testing.assert_allclose(s.rnn_step(x, h, w_xh, w_hh, b), expected, atol=1e-9)


@steady
@given(st.integers(0, 4))
def test_one_hot(k):
    vector = s.one_hot("abcde"[k], list("abcde"))
    assert vector.dtype == np.float64
    assert np.array_equal(vector, np.eye(5)[k])


def test_sentences():
    assert s.next_words([]) == {}
    steps = s.sequence_allowed([["a", "b"], ["c", "d"]], ["a", "b", "c", "d"])
    assert steps == {
        "transitions": 3,
        "all_transitions_allowed": True,
        "is_training_sentence": False,
    }
    backwards = s.sequence_allowed([["a", "b"], ["c", "d"]], ["b", "a", "d"])
    assert backwards["all_transitions_allowed"] is False
    with pytest.raises(ValueError, match="'eve' is not in the vocabulary"):
        s.one_hot("eve", ["adam"])


def test_step_decay():
    assert s.step_decay(0.8, 2, 3) == [0.8, 0.4, 0.2, 0.1]
    with pytest.raises(ValueError, match="divide_by"):
        s.step_decay(0.1, 0, 2)
