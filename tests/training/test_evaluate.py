"""Evaluations against scikit-learn; summaries against formulas, torchinfo and gradients."""

import numpy as np
import pytest
import torch
import torchinfo
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss, recall_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.datasets import load
from coursekit.models import LeNet5, LeNet5_1998, QuickCNN, resnet8
from coursekit.training import Evaluation, TrainingError, evaluate, summary

IMAGES, LABELS = load("digits").test


@pytest.fixture
def model():
    """A network with everything that a mode or a generator could change."""
    torch.manual_seed(1)
    made = nn.Sequential(
        nn.Flatten(), nn.Linear(64, 16), nn.BatchNorm1d(16), nn.Dropout(0.5), nn.Linear(16, 10)
    )
    with torch.no_grad():
        made(torch.rand(64, 1, 8, 8))  # batch norm has seen something
        made[-1].weight.mul_(6)
    return made


def by_hand(model):
    model.eval()
    with torch.no_grad():
        scores = model(torch.from_numpy(IMAGES)[:, None] / 255).double().numpy()
    model.train()
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("kind", ["arrays", "a DataLoader"])
def test_the_numbers_are_those_of_scikit_learn(model, kind):
    data = IMAGES, LABELS
    if kind != "arrays":
        tensors = torch.from_numpy(IMAGES)[:, None] / 255, torch.from_numpy(LABELS)
        data = DataLoader(TensorDataset(*tensors), 37)
    p = by_hand(model)
    state = torch.get_rng_state()
    found = evaluate(model, data)
    assert found.accuracy == pytest.approx(accuracy_score(LABELS, p.argmax(axis=1)))
    assert found.loss == pytest.approx(log_loss(LABELS, p), rel=1e-5)
    assert np.array_equal(found.confusion, confusion_matrix(LABELS, p.argmax(axis=1)))
    recall = recall_score(LABELS, p.argmax(axis=1), average=None)
    assert list(found.recall.values()) == pytest.approx(recall)
    # From the surest wrong answer down.
    sure = found.confidence[found.wrong]
    assert (np.diff(sure) <= 0).all()
    assert set(found.wrong) == set(np.flatnonzero(p.argmax(axis=1) != LABELS))
    assert model.training and torch.equal(state, torch.get_rng_state())


def test_calibration_is_that_of_scikit_learn(model):
    found = evaluate(model, (IMAGES, LABELS))
    right = found.predictions == LABELS
    shares, means = calibration_curve(right, found.confidence, n_bins=15)
    some = found.calibration.counts > 0
    assert found.calibration.accuracy[some] == pytest.approx(shares, abs=1e-6)
    assert found.calibration.confidence[some] == pytest.approx(means, abs=1e-6)
    weights = found.calibration.counts[some] / len(LABELS)
    assert found.calibration.error == pytest.approx((weights * abs(shares - means)).sum(), abs=1e-6)


def test_pictures_of_what_is_wrong_name_both_classes(model, capsys):
    found = evaluate(model, (IMAGES, LABELS), classes=[f"digit {n}" for n in range(10)])
    for draw in (found.mistakes, found.plot_confusion, found.plot_calibration):
        draw()
        assert len(capsys.readouterr().out) > 40
        draw(alt="What is to be seen in this picture, in words.")
        assert capsys.readouterr().out.strip() == "What is to be seen in this picture, in words."
    found.report()
    assert f"test images: {len(LABELS)}" in capsys.readouterr().out
    Evaluation([[0.9, 0.1]], [0]).mistakes()
    assert "No mistakes" in capsys.readouterr().out


def test_probabilities_of_another_library_can_be_looked_at(capsys):
    found = Evaluation([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1], images=np.zeros((3, 4, 4)))
    assert found.confusion.tolist() == [[1, 0], [1, 1]]
    assert found.loss == pytest.approx(-np.log([0.9, 0.8, 0.4]).mean())
    found.mistakes()
    assert "wrong" in capsys.readouterr().out
    with pytest.raises(TrainingError, match="shape"):
        Evaluation([[0.9, 0.1]], [0, 1])


def test_lenet5_layer_by_layer_by_hand():
    found = summary(LeNet5(), (1, 28, 28))
    rows = [
        (r.name, r.output, r.parameters, r.multiply_adds, r.receptive_field) for r in found.layers
    ]
    assert rows == [
        ("c1", (6, 28, 28), 156, 28 * 28 * 6 * 25, 5),
        ("s2", (6, 14, 14), 0, 0, 6),
        ("c3", (16, 10, 10), 2_416, 10 * 10 * 16 * 6 * 25, 14),
        ("s4", (16, 5, 5), 0, 0, 16),
        ("c5", (120,), 48_120, 400 * 120, 28),
        ("f6", (84,), 10_164, 120 * 84, 28),
        ("output", (10,), 850, 84 * 10, 28),
    ]
    assert found.parameters == 61_706 == sum(r.parameters for r in found.layers)
    assert found.multiply_adds == 416_520
    # Kept for the way back: what comes out of each tanh and of each pooling, the scores not.
    assert found.training_bytes == 4 * (6 * 784 + 6 * 196 + 1600 + 400 + 120 + 84)
    assert "416,520" in str(found) and "416,520" in found._repr_html_()


@pytest.mark.parametrize(
    ("make", "shape"),
    [(LeNet5, (1, 28, 28)), (QuickCNN, (1, 28, 28)), (resnet8, (3, 32, 32))],
)
def test_parameters_shapes_and_products_are_those_of_torchinfo(make, shape):
    model = make()
    theirs = torchinfo.summary(model, input_size=(1, *shape), depth=9, verbose=0)
    leaves = [each for each in theirs.summary_list if each.is_leaf_layer]
    ours = summary(model, shape)
    assert [(r.kind, r.output, r.parameters) for r in ours.layers] == [
        (each.class_name, tuple(each.output_size[1:]), each.num_params) for each in leaves
    ]
    # torchinfo counts biases as multiply-adds, and one for each number of a batch norm.
    products = 0
    for each in leaves:
        bias = getattr(each.module, "bias", None)
        bias = 0 if bias is None else bias.numel()
        if isinstance(each.module, nn.Conv2d):
            products += each.macs - bias * each.output_size[2] * each.output_size[3]
        elif isinstance(each.module, nn.Linear):
            products += each.macs - bias
    assert ours.multiply_adds == products
    assert ours.parameters == theirs.total_params


def seen_by_gradients(model, shape, layer):
    """The side of the square of pixels that one number in the middle of a layer depends on."""
    outputs = []
    handle = model.get_submodule(layer).register_forward_hook(lambda *all: outputs.append(all[2]))
    images = torch.rand(1, *shape, requires_grad=True)
    model(images)
    handle.remove()
    middle = outputs[-1].shape[-1] // 2
    (gradient,) = torch.autograd.grad(outputs[-1][0, 0, middle, middle], images)
    columns = gradient[0].abs().sum((0, 1)).nonzero()
    return int(columns.max() - columns.min()) + 1


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.side, self.after = nn.Conv2d(2, 2, 1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        return self.after(torch.tanh(self.b(torch.tanh(self.a(x))) + self.side(x)))


@pytest.mark.parametrize(
    "model",
    [
        nn.Sequential(nn.Conv2d(2, 3, 5), nn.Conv2d(3, 2, 3, stride=2), nn.Conv2d(2, 2, 3)),
        nn.Sequential(nn.Conv2d(2, 3, 3, dilation=2), nn.AvgPool2d(2), nn.Conv2d(3, 2, 3)),
        Residual(),
    ],
    ids=["strides", "dilation and pooling", "a shortcut"],
)
def test_receptive_fields_are_what_gradients_reach(model):
    torch.manual_seed(0)
    for layer in summary(model, (2, 32, 32)).layers:
        assert layer.receptive_field == seen_by_gradients(model, (2, 32, 32), layer.name)


def test_parts_with_numbers_of_their_own_have_rows_and_what_is_frozen_is_said():
    found = summary(LeNet5_1998(), (1, 32, 32))
    assert found.parameters == 60_000 == sum(r.parameters for r in found.layers)
    model = nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 5))
    model[1].weight = model[0].weight
    model[0].bias.requires_grad_(False)
    found = summary(model, (5,))
    assert (found.parameters, found.trainable) == (35, 30)
    assert [r.parameters for r in found.layers] == [30, 5]
    assert "5 of the parameters are frozen." in str(found)
    with pytest.raises(TrainingError, match=r"input_shape.*\(1, 28, 28\)"):
        summary(model, (7,))
