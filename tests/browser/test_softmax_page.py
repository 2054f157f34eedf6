"""The softmax explorer on a page without a kernel: its arithmetic, sliders, the two networks."""

from itertools import pairwise

import numpy as np
import pytest

from coursekit.scratch import classification_error, cross_entropy, cross_entropy_rows, softmax
from coursekit.widgets import SoftmaxExplorer


def test_probabilities_losses_and_slopes_equal_scratch(call):
    rng = np.random.default_rng(9)
    cases = [rng.normal(0, 4, rng.integers(2, 11)).round(3).tolist() for _ in range(150)]
    targets = [int(rng.integers(len(scores))) for scores in cases]
    pairs = [list(pair) for pair in zip(cases, targets, strict=True)]
    shares = call("softmax_explorer", "softmax", [[scores] for scores in cases])
    losses = call("softmax_explorer", "lossOf", pairs)
    slopes = call("softmax_explorer", "gradientOf", pairs)
    for (scores, target), q, loss, slope in zip(pairs, shares, losses, slopes, strict=True):
        truth = np.eye(len(scores))[target]
        np.testing.assert_allclose(q, softmax(scores), atol=1e-12)
        np.testing.assert_allclose(loss, cross_entropy([truth], [softmax(scores)]), atol=1e-9)
        np.testing.assert_allclose(slope, softmax(scores) - truth, atol=1e-12)
    large = call("softmax_explorer", "softmax", [[[10_000, 9_999]], [[-10_000, 10_000]]])
    np.testing.assert_allclose(large, [softmax([1, 0]), [0, 1]], atol=1e-12)
    assert call("softmax_explorer", "lossOf", [[[10_000, -10_000], 1]]) == [20_000]


def test_the_cost_of_a_network_equals_scratch(call):
    rng = np.random.default_rng(10)
    rows = [rng.normal(0, 2, (3, 2)).tolist() for _ in range(40)]
    truth = np.eye(2)[[0, 1, 0]]
    for scores, cost in zip(
        rows, call("softmax_explorer", "costOf", [[row, [0, 1, 0]] for row in rows]), strict=True
    ):
        q = softmax(scores)
        np.testing.assert_allclose(cost["losses"], cross_entropy_rows(truth, q), atol=1e-9)
        np.testing.assert_allclose(cost["loss"], cross_entropy(truth, q), atol=1e-9)
        assert cost["error"] == pytest.approx(classification_error(truth, q))


def test_a_step_against_the_gradient_is_a_step_of_sgd(call):
    torch = pytest.importorskip("torch")
    scores = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    torch.nn.functional.cross_entropy(scores[None], torch.tensor([1])).backward()
    (after,) = call("softmax_explorer", "stepAgainst", [[scores.tolist(), 1, 0.7]])
    np.testing.assert_allclose(after, (scores - 0.7 * scores.grad).tolist(), atol=1e-12)


@pytest.fixture
def explorer(show):
    return show(SoftmaxExplorer())


def figures(page, column):
    texts = page.locator(f".ck-{column} .ck-figure").all_inner_texts()
    return [float(text.replace("−", "-")) for text in texts]


def loss(page):
    return float(page.locator(".ck-loss").inner_text().rpartition("= ")[2])


def spoken(page):
    return page.locator("[role=status]").inner_text()


def type_score(page, name, value):
    box = page.get_by_label(f"Score of {name}, as a number")
    box.fill(value)
    box.press("Enter")


def test_scores_are_moved_by_keys_and_boxes_and_all_follows(explorer):
    assert figures(explorer, "q") == [0.659, 0.242, 0.099]
    assert figures(explorer, "g") == [-0.341, 0.242, 0.099] and loss(explorer) == 0.417
    cat = explorer.get_by_role("slider", name="Score of cat")
    cat.focus()
    for _ in range(10):
        explorer.keyboard.press("ArrowRight")
    q = softmax([2, 2, 0.1]).round(3).tolist()
    assert figures(explorer, "q") == q and str(q[0]) in spoken(explorer)
    assert cat.get_attribute("aria-valuetext") == f"2, probability {q[1]}"
    assert "q of cat" in explorer.locator(".ck-sum").inner_text()
    type_score(explorer, "bird", "-1/2")
    explorer.get_by_role("radio", name="bird").check()
    z = np.array([2, 2, -0.5])
    want = float(np.log(np.exp(z).sum()) + 0.5)
    assert loss(explorer) == pytest.approx(want, abs=6e-4)
    assert "bird: probability" in spoken(explorer)
    type_score(explorer, "bird", "many")
    assert "is not a number" in explorer.get_by_role("alert").inner_text()
    assert loss(explorer) == pytest.approx(want, abs=6e-4)


def test_the_mouse_drags_a_score(explorer):
    before = figures(explorer, "q")[0]
    area = explorer.get_by_role("slider", name="Score of dog").bounding_box()
    y = area["y"] + area["height"] / 2
    explorer.mouse.move(area["x"] + area["width"] * 0.66, y)
    explorer.mouse.down()
    explorer.mouse.move(area["x"] + area["width"] * 0.95, y, steps=5)
    explorer.mouse.up()
    assert figures(explorer, "q")[0] > max(before, 0.9)


def test_only_differences_of_scores_count(explorer):
    before = [figures(explorer, column) for column in "qg"], loss(explorer)
    for _ in range(3):
        explorer.get_by_role("button", name="Add 1 to every score").click()
    assert explorer.get_by_label("Score of dog, as a number").input_value() == "5"
    assert ([figures(explorer, column) for column in "qg"], loss(explorer)) == before


def test_steps_against_the_gradient_lower_the_loss(explorer):
    explorer.get_by_role("radio", name="bird").check()
    losses = [loss(explorer)]
    moved = [abs(slope) for slope in figures(explorer, "g")]
    assert moved[2] == max(moved)
    for _ in range(12):
        explorer.get_by_role("button", name="One step against the gradient").click()
        losses.append(loss(explorer))
    assert all(a > b for a, b in pairwise(losses))
    assert losses[-1] < 0.3 and max(abs(slope) for slope in figures(explorer, "g")) < 0.3
    explorer.get_by_role("button", name="Start again").click()
    assert loss(explorer) == 0.417


def test_two_networks_of_equal_error_and_loss_0_38_and_1_06(explorer):
    explorer.get_by_label("Example").select_option("networks")
    feet = explorer.locator("tfoot td").all_inner_texts()
    assert feet == ["1/3 = 0.33", "1/3 = 0.33", "0.38", "1.06"]
    costs = [float(text) for text in explorer.locator(".ck-cost").all_inner_texts()]
    assert costs == [0.105, 0.511, 0.105, 0.357, 0.916, 2.303]
    third = explorer.get_by_label("Network 2, picture 3")
    third.click()
    assert third.get_attribute("aria-pressed") == "true" and loss(explorer) == 2.303
    assert explorer.get_by_role("radio", name="dog").is_disabled()
    for network, picture, name, value in (
        (2, 3, "dog", "-0.2"),  # still wrong, no longer sure
        (2, 1, "dog", "3"),
        (2, 2, "cat", "3"),
    ):
        explorer.get_by_label(f"Network {network}, picture {picture}").click()
        type_score(explorer, name, value)
    ends = explorer.locator("tfoot td").all_inner_texts()
    assert ends[:3] == ["1/3 = 0.33", "1/3 = 0.33", "0.38"] and float(ends[3]) < 0.38
    assert "the mean losses are 0.38 and" in spoken(explorer)
    explorer.get_by_role("button", name="Start again").click()
    assert explorer.locator("tfoot td").all_inner_texts() == feet


def test_scores_too_large_for_exp_and_every_example(explorer):
    for name in ("pair", "equal", "wrong", "large", "networks", "three"):
        explorer.get_by_label("Example").select_option(name)
        assert sum(figures(explorer, "q")) == pytest.approx(1, abs=2e-3)
        if name == "large":
            assert "exp(1000) is too large" in explorer.locator(".ck-overflow").inner_text()
            low, high = (
                float(explorer.get_by_role("slider").first.get_attribute(end))
                for end in ("min", "max")
            )
            assert 900 < low < 998 and 1000 < high < 1100
        if name == "pair":
            assert figures(explorer, "q") == [0.95, 0.05]
    type_score(explorer, "dog", "-10000")
    assert "too small to be written" in explorer.locator(".ck-loss").inner_text()
    assert explorer.messages == []
