"""What the validation set decides, and that the test set decides nothing."""

import pytest
import torch
from test_fit_plain import assert_same, images, network
from torch import nn
from torch.nn.functional import cross_entropy

from coursekit.training import TrainingWarning, fit

COMMON = {"batch_size": 16, "seed": 4, "precision": "float32", "progress": False}


def sets():
    """Noise: what is learned on one part is of no use for the other."""
    return images(60, seed=1), images(40, seed=2), images(40, seed=3)


def test_the_best_weights_on_validation_come_back():
    train, validation, test = sets()
    model = network()
    after = []
    history = fit(
        model, train, test, validation=validation, epochs=8, lr=0.02, **COMMON,
        hooks=[lambda run: after.append({k: v.clone() for k, v in run.model.state_dict().items()})],
    )  # fmt: skip
    losses = history["validation_loss"]
    best = min(range(8), key=losses.__getitem__)
    assert best < 7, "the noise is learned too slowly for this test to say anything"
    assert history.best_epoch == best + 1
    for name, value in model.state_dict().items():
        assert torch.equal(value, after[best][name])
    model.eval()
    assert cross_entropy(model(validation[0]), validation[1]).item() == pytest.approx(
        losses[best], rel=1e-6
    )
    assert history.kept["epoch"] == best + 1


def test_the_last_weights_when_asked_for_or_without_validation():
    train, validation, _ = sets()
    last, alone = network(), network()
    history = fit(last, train, validation=validation, keep="last", epochs=6, lr=0.02, **COMMON)
    fit(alone, train, epochs=6, lr=0.02, **COMMON)
    assert_same(last, alone)
    assert history.best_epoch is None


def test_patience_counts_epochs_without_a_lower_loss():
    train, validation, _ = sets()
    history = fit(network(), train, validation=validation, epochs=40, lr=0.02, patience=3, **COMMON)
    losses = history["validation_loss"]
    assert len(losses) == history.best_epoch + 3 < 40
    assert min(losses) == losses[history.best_epoch - 1]
    assert f"epoch {history.best_epoch}" in history.stopped
    assert "patience=3" in history.stopped


def test_the_test_set_changes_nothing():
    train, validation, test = sets()
    runs = []
    for given in (None, test, validation):
        model = network(0.2)
        history = fit(
            model, train, given, validation=validation, epochs=12, lr=0.02, patience=2, **COMMON
        )
        runs.append((model, history.best_epoch, len(history)))
    for model, best, epochs in runs[1:]:
        assert_same(model, runs[0][0])
        assert (best, epochs) == runs[0][1:]


def test_a_share_is_held_out_of_training():
    (x, y), _, _ = sets()
    seen = []

    class Watched(nn.Sequential):
        def forward(self, inputs):
            if self.training:
                seen.extend(inputs.flatten(1).sum(1).tolist())
            return super().forward(inputs)

    model = Watched(*network())
    history = fit(model, (x, y), validation=0.25, epochs=2, lr=0.01, **COMMON)
    assert history.config["examples"] == 45
    assert history.config["validation_examples"] == 15
    assert len(set(seen)) == 45


def test_evaluation_is_in_evaluation_mode_without_gradients_and_leaves_the_modes():
    train, validation, test = sets()
    seen = set()

    class Spy(nn.Module):
        def forward(self, x):
            seen.add((self.training, torch.is_grad_enabled(), len(x) in (40,)))
            return x

    model = nn.Sequential(Spy(), *network(0.5))
    modes = []
    fit(
        model, train, test, validation=validation, epochs=2, lr=0.01, **COMMON,
        hooks=[lambda run: modes.append([m.training for m in run.model.modules()])],
    )  # fmt: skip
    assert {(True, True, False), (False, False, True)} <= seen
    assert not {(False, True, True), (True, False, True), (True, True, True)} & seen
    assert modes == [[True] * len(modes[0])] * 2


def test_records_have_their_keys_in_order():
    train, validation, test = sets()
    common = ["epoch", "loss", "accuracy"]
    ending = ["test_loss", "test_accuracy", "lr", "seconds", "images_per_second"]
    alone = fit(network(), train, epochs=1, lr=0.01, **COMMON).records[0]
    assert list(alone) == common + ending
    assert alone["test_loss"] is alone["test_accuracy"] is None
    full = fit(network(), train, test, validation=validation, epochs=1, lr=0.01, **COMMON)
    middle = ["validation_loss", "validation_accuracy"]
    assert list(full.records[0]) == common + middle + ending


def test_the_average_follows_its_formula_with_its_batch_norm():
    train, _, _ = sets()
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(144, 4))
    expected = {}

    class Follow:
        def after_step(self, run):
            for name, value in run.model.state_dict().items():
                if name not in expected:
                    expected[name] = value.double().clone()
                else:
                    expected[name].mul_(0.6).add_(value.double(), alpha=0.4)

    fit(model, train, average=0.6, epochs=2, lr=0.05, hooks=[Follow()], **COMMON)
    for name, value in model.state_dict().items():
        if "tracked" not in name:
            torch.testing.assert_close(value.double(), expected[name], atol=1e-6, rtol=1e-5)


def test_validation_decides_between_the_average_and_the_last():
    train, validation, _ = sets()
    kept = []
    for average in (None, 0.9):
        model = network()
        fit(model, train, validation=validation, epochs=6, lr=0.05, average=average, **COMMON)
        model.eval()
        kept.append(cross_entropy(model(validation[0]), validation[1]).item())
    assert kept[1] <= kept[0] + 1e-6


def test_an_average_that_reaches_back_too_far_is_said():
    train, _, _ = sets()
    with pytest.warns(TrainingWarning, match=r"average=0.999 looks back .* has 4") as caught:
        fit(network(), train, average=0.999, lr=0.01, **COMMON)
    assert caught[0].filename == __file__
