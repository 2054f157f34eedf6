"""The softmax explorer in Python: against PyTorch, the two networks, what it refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.widgets import SoftmaxExplorer


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.floats(-900, 900), min_size=2, max_size=10),
    target=st.integers(0, 9),
)
def test_probabilities_loss_and_gradient_equal_torch(scores, target):
    target %= len(scores)
    explorer = SoftmaxExplorer(scores, target)
    z = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z[None], torch.tensor([target]))
    loss.backward()
    np.testing.assert_allclose(explorer.probabilities, z.softmax(0).detach(), atol=1e-12)
    np.testing.assert_allclose(explorer.loss, loss.item(), atol=1e-9)
    np.testing.assert_allclose(explorer.gradient, z.grad, atol=1e-12)


def test_scores_of_any_size_are_safe():
    explorer = SoftmaxExplorer([10_000, -10_000], target=1)
    assert explorer.loss == 20_000 and explorer.probabilities.tolist() == [1, 0]


def test_the_two_networks_have_equal_error_and_loss_0_38_and_1_06():
    explorer = SoftmaxExplorer(compare=True)
    assert explorer.errors.tolist() == [1 / 3, 1 / 3]
    assert explorer.losses.round(2).tolist() == [0.38, 1.06]
    assert explorer.probabilities.round(9).tolist() == [0.9, 0.1]
    explorer.chosen = [1, 2]
    assert explorer.probabilities.round(9).tolist() == [0.1, 0.9]
    assert round(explorer.loss, 3) == 2.303
    explorer.scores = [0, 0.1]  # still wrong, no longer sure
    assert explorer.errors.tolist() == [1 / 3, 1 / 3]
    assert np.exp(explorer.networks[1, 2]).round(3).tolist() == [1, 1.105]
    assert explorer.losses[1] < 0.55
    explorer.chosen = [0, 1]
    assert explorer.target == 1 and explorer.probabilities.round(9).tolist() == [0.1, 0.9]
    networks = np.array(explorer.networks)
    networks[0, 1] = [3, 0]
    explorer.networks = networks
    assert explorer.scores.tolist() == [3, 0] and explorer.errors[0] == 2 / 3


def test_all_follow_and_can_be_observed():
    explorer = SoftmaxExplorer()
    seen = []
    explorer.observe(lambda change: seen.append(change["name"]), ["loss", "gradient"])
    explorer.scores = explorer.scores + 1  # no probability changes
    assert "gradient" not in seen or explorer.loss == pytest.approx(0.417, abs=1e-3)
    explorer.target = 2
    assert explorer.loss == pytest.approx(2.317, abs=1e-3)
    assert explorer.gradient.sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"scores": [1]}, "scores holds a single number; give 2 to 10"),
        ({"scores": [1, 2e4]}, "scores holds 20000; give scores from -10,000 to 10,000"),
        ({"scores": [[1, 2]]}, r"scores has the shape \(1, 2\)"),
        ({"scores": [1, np.nan]}, "scores holds a number that is infinite or missing"),
        ({"scores": [1, 2], "target": 2}, "target is 2, but there are 2 scores; .* 0 to 1"),
        ({"scores": [1, 2], "classes": ["dog"]}, "classes has 1 name"),
        ({"classes": "dog"}, "classes is .*; give names such as"),
        ({"scores": [1, 2], "compare": True}, "leave one of them out"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        SoftmaxExplorer(**arguments)


def test_a_target_of_another_picture_is_refused_while_two_networks_are_compared():
    explorer = SoftmaxExplorer(compare=True)
    with pytest.raises(ValueError, match=r"target is 1, .* picture"):
        explorer.target = 1
    with pytest.raises(ValueError, match=r"chosen is \[2, 0\]"):
        explorer.chosen = [2, 0]


def test_its_fixed_text_tells_scores_probabilities_and_the_loss():
    text = repr(SoftmaxExplorer([2, 1, 0.1]))
    for fact in ("class 0", "0.659", "0.242", "0.099", "−0.341", "0.417"):
        assert fact in text
    assert "0.38 and 1.06" in repr(SoftmaxExplorer(compare=True))
