"""What one update does: accumulation, clipping, losses, what is counted."""

import pytest
import torch
from test_fit_plain import assert_same, by_hand, images, network, sliced
from torch import nn
from torch.nn.functional import cross_entropy

from coursekit.training import epoch_order, fit
from coursekit.training.losses import make_loss, weight_of
from coursekit.training.metrics import Totals
from coursekit.training.settings import Settings

PLAIN = {"epochs": 1, "lr": 0.05, "seed": 2, "precision": "float32", "progress": False}


@pytest.mark.parametrize("weights", [None, [1.0, 4.0, 0.5, 0.0]])
def test_accumulated_batches_are_one_large_batch(weights):
    # 90 images: batches of 16, 3 an update; the last update has 2 batches, the last batch 10.
    x, y = images()
    small, large = network(), network()
    common = {"optimizer": "sgd", "class_weights": weights, **PLAIN}
    one = fit(small, (x, y), batch_size=16, accumulate=3, **common)
    other = fit(large, (x, y), batch_size=48, **common)
    for a, b in zip(small.parameters(), large.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-5)
    assert one["loss"] == pytest.approx(other["loss"], rel=1e-5)


def test_each_batch_counting_the_same_would_be_something_else():
    x, y = images(40)
    model, hand = network(), network()
    fit(model, (x, y), batch_size=32, accumulate=2, optimizer="sgd", **PLAIN)
    optimizer = torch.optim.SGD(hand.parameters(), lr=0.05)
    for i in epoch_order(40, 2, 1).split(32):
        (cross_entropy(hand(x[i]), y[i]) / 2).backward()
    optimizer.step()
    assert not torch.allclose(model[0].weight, hand[0].weight, atol=1e-6)


def test_gradients_are_clipped_together_after_accumulation():
    x, y = images(40)
    model, hand = network(), network()
    fit(model, (x, y), batch_size=10, accumulate=4, clip=0.01, optimizer="sgd", **PLAIN)
    gradients = torch.autograd.grad(cross_entropy(hand(x), y), list(hand.parameters()))
    norm = torch.sqrt(sum(g.square().sum() for g in gradients))
    assert norm > 0.01
    for trained, before, gradient in zip(
        model.parameters(), hand.parameters(), gradients, strict=True
    ):
        torch.testing.assert_close(trained, before - 0.05 * gradient * 0.01 / norm)


def test_label_smoothing_and_class_weights_are_cross_entropys():
    logits, labels = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 1, 1])
    weight = [1.0, 2.0, 3.0, 0.5]
    loss = make_loss(Settings(label_smoothing=0.2, class_weights=weight), torch.device("cpu"))
    expected = cross_entropy(logits, labels, torch.tensor(weight), label_smoothing=0.2)
    assert torch.equal(loss(logits, labels), expected)


def test_the_mean_of_weighted_batches_is_the_mean_of_all():
    loss = nn.CrossEntropyLoss(torch.tensor([1.0, 5.0, 0.0]))
    logits, labels = torch.randn(7, 3), torch.tensor([0, 1, 2, 2, 1, 0, -100])
    totals = Totals(torch.device("cpu"))
    for part in (slice(0, 3), slice(3, 7)):
        y = labels[part]
        totals.add(loss(logits[part], y), weight_of(loss, y), logits[part], y)
    assert totals.mean_loss() == pytest.approx(loss(logits, labels).item(), rel=1e-6)


def test_a_loss_of_ones_own_for_numbers_has_no_accuracy():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 3, generator=generator)
    y = x @ torch.tensor([[1.0], [-2.0], [0.5]])
    model = nn.Linear(3, 1)

    def mean_error(outputs, targets):
        return (outputs - targets).abs().mean()

    options = PLAIN | {"epochs": 30, "lr": 0.3}
    history = fit(
        model, (x[:40], y[:40]), (x[40:], y[40:]), loss=nn.MSELoss(), metrics=[mean_error],
        optimizer="sgd", batch_size=10, **options,
    )  # fmt: skip
    assert history.final["accuracy"] is None
    assert history.final["test_accuracy"] is None
    assert history.final["test_loss"] < 1e-4
    torch.testing.assert_close(model.weight, torch.tensor([[1.0, -2.0, 0.5]]), atol=0.01, rtol=0)
    assert history.final["test_mean_error"] == pytest.approx(
        mean_error(model(x[40:]), y[40:]).item(), rel=1e-5
    )


def test_labels_given_as_probabilities():
    x, y = images()
    soft = torch.nn.functional.one_hot(y, 4).float() * 0.9 + 0.025
    model, hand = network(), network()
    history = fit(model, (x, soft), batch_size=32, **PLAIN)
    by_hand(hand, sliced(x, soft, seed=2), epochs=1, lr=0.05, seed=2)
    assert_same(model, hand)
    assert history.final["accuracy"] is None


def test_training_accuracy_and_loss_are_those_of_the_steps():
    x, y = images()
    model, hand = network(), network()
    history = fit(model, (x, y), batch_size=32, **PLAIN | {"lr": 0.0})
    logits = hand(x)
    assert history.final["accuracy"] == (logits.argmax(1) == y).sum().item() / len(y)
    assert history.final["loss"] == pytest.approx(cross_entropy(logits, y).item(), rel=1e-6)


def test_metrics_by_name_are_weighed_by_batch_size():
    (x, y), other = images(50), images(50, seed=9)
    share = {"first_class": lambda logits, targets: (targets == 0).float().mean()}
    history = fit(network(), (x, y), other, metrics=share, batch_size=32, **PLAIN)
    expected = (y == 0).float().mean().item()
    assert list(history.final)[-2:] == ["first_class", "test_first_class"]
    assert history.final["first_class"] == pytest.approx(expected)
    expected = (other[1] == 0).float().mean().item()
    assert history.final["test_first_class"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ([3], "found 3; expected functions"),
        ({"loss": len}, "name 'loss'"),
        ({"test_x": len}, "name 'test_x'"),
        ([len, len], "twice the name 'len'"),
    ],
)
def test_metrics_that_cannot_be(metrics, words):
    with pytest.raises((TypeError, ValueError), match=words):
        fit(network(), images(), metrics=metrics, **PLAIN)
