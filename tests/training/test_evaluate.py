"""Evaluations: against scikit-learn and sums by hand, for every kind of data."""

import warnings

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss, recall_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.datasets import load
from coursekit.training.measuring.evaluate import evaluate
from coursekit.training.measuring.evaluation import Evaluation
from coursekit.training.say import TrainingWarning


class Net(nn.Module):
    """A small network with everything that a mode or a generator could change."""

    def __init__(self, inputs=64, classes=10):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(inputs, 16), nn.BatchNorm1d(16), nn.Dropout(0.5), nn.ReLU()
        )
        self.last = nn.Linear(16, classes)

    def forward(self, x):
        return self.last(self.layers(x))


@pytest.fixture
def digits():
    return load("digits").test


@pytest.fixture
def model():
    torch.manual_seed(1)
    net = Net()
    with torch.no_grad():
        net(torch.rand(64, 1, 8, 8))  # batch norm has seen something
        net.last.weight.mul_(6)
    return net


def probabilities_by_hand(model, images):
    model.eval()
    with torch.no_grad():
        logits = model(torch.from_numpy(images)[:, None] / 255).double().numpy()
    model.train()
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_the_numbers_are_those_of_scikit_learn(model, digits):
    images, labels = digits
    p = probabilities_by_hand(model, images)
    found = evaluate(model, digits, batch_size=37)
    guesses = p.argmax(axis=1)
    assert np.abs(found.probabilities - p).max() < 1e-5
    assert found.predictions.tolist() == guesses.tolist()
    assert found.accuracy == pytest.approx(accuracy_score(labels, guesses))
    assert found.loss == pytest.approx(log_loss(labels, p, labels=range(10)), abs=1e-5)
    assert found.confusion.tolist() == confusion_matrix(labels, guesses).tolist()
    recall = recall_score(labels, guesses, average=None)
    assert list(found.recall.values()) == pytest.approx(recall.tolist())
    assert list(found.recall) == [str(k) for k in range(10)]
    assert found.confusion.dtype.kind == "i"


def test_all_forms_of_data_give_the_same(model, digits):
    images, labels = digits
    expected = evaluate(model, digits)
    floats = torch.from_numpy(images)[:, None] / 255
    pairs = TensorDataset(floats, torch.from_numpy(labels))
    for data in (
        (floats, torch.from_numpy(labels)),
        (floats.double(), labels.astype(np.uint8)),
        (images, np.eye(10, dtype=np.int64)[labels]),
        pairs,
        DataLoader(pairs, batch_size=50),
    ):
        found = evaluate(model, data, batch_size=64)
        assert found.confusion.tolist() == expected.confusion.tolist()
        assert found.loss == pytest.approx(expected.loss, abs=1e-5)
        assert found.wrong.tolist() == expected.wrong.tolist()


def test_mode_gradients_statistics_and_generators_stay(model, digits):
    model.layers[3].eval()  # a mixed mode, as with frozen layers
    modes = [module.training for module in model.modules()]
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    images, labels = digits
    pairs = TensorDataset(torch.from_numpy(images)[:, None] / 255, torch.from_numpy(labels))
    own = torch.Generator().manual_seed(5)
    shuffled = DataLoader(pairs, batch_size=100, shuffle=True, generator=own)
    own_state = own.get_state()
    evaluate(model, digits)
    evaluate(model, shuffled)
    evaluate(model, DataLoader(pairs, batch_size=100, shuffle=True))
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(before[name], t) for name, t in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())
    assert torch.equal(state, torch.get_rng_state())
    assert torch.equal(own_state, own.get_state())
    assert (numpy_state == np.random.get_state()[1]).all()  # noqa: NPY002


def test_an_error_inside_the_model_leaves_its_mode(digits):
    model = Net(inputs=63)
    with pytest.raises(ValueError, match="takes 63 numbers for each image and got 64"):
        evaluate(model, digits)
    assert all(module.training for module in model.modules())


def test_names_come_from_the_call_or_from_the_data_set(model, digits):
    names = [f"digit {k}" for k in range(10)]
    assert list(evaluate(model, digits, classes=names).recall) == names
    images, labels = digits
    pairs = TensorDataset(torch.from_numpy(images)[:, None] / 255, torch.from_numpy(labels))
    pairs.classes = names
    assert evaluate(model, DataLoader(pairs, batch_size=99)).classes == tuple(names)
    with pytest.raises(ValueError, match="classes: found 2 names; expected 10"):
        evaluate(model, digits, classes=["a", "b"])


def test_a_lower_precision_is_near_and_only_where_asked_for(digits):
    torch.manual_seed(2)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10))
    kinds = []
    model[0].register_forward_hook(lambda *args: kinds.append(args[2].dtype))
    exact = evaluate(model, digits)
    assert set(kinds) == {torch.float32}
    rough = evaluate(model, digits, precision="bfloat16")
    assert kinds[-1] == torch.bfloat16
    assert 0 < np.abs(exact.probabilities - rough.probabilities).max() < 0.02


def test_what_cannot_be_evaluated_is_said(model, digits):
    images, labels = digits
    with pytest.raises(ValueError, match=r"test labels: found 10; expected 0 to 9"):
        evaluate(model, (images, labels + 1))
    with pytest.raises(ValueError, match=r"train labels: found -1; expected 0 to 9"):
        evaluate(model, (images, labels - 1), name="train")
    with pytest.raises(ValueError, match=r"found an output of shape \(\d+, 1\); expected logits"):
        evaluate(nn.Sequential(nn.Flatten(), nn.Linear(64, 1)), digits)
    with pytest.raises(ValueError, match="whole class numbers"):
        evaluate(model, (images, labels.astype(np.float32)))
    with pytest.raises(ValueError, match="empty"):
        evaluate(model, (images[:0], labels[:0]))


def test_a_broken_model_is_named(digits):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    with torch.no_grad():
        model[1].bias.fill_(float("nan"))
    with pytest.warns(TrainingWarning, match=r"no numbers \(NaN\)"):
        found = evaluate(model, digits)
    assert np.isnan(found.loss)
    assert np.isnan(found.calibration.error)  # nothing was said with any confidence


HAND = Evaluation(
    [[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.05, 0.95, 0.0], [0.5, 0.5, 0.0]],
    [0, 1, 1, 0, 0],
    classes=["cat", "dog", "owl"],
)


def test_probabilities_made_by_hand():
    assert HAND.predictions.tolist() == [0, 1, 0, 1, 0]  # of equals the first
    assert HAND.accuracy == 3 / 5
    assert HAND.confusion.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 0]]
    assert HAND.wrong.tolist() == [3, 2]  # the surest first
    assert HAND.loss == pytest.approx(-np.log([0.9, 0.7, 0.3, 0.05, 0.5]).mean())
    assert [HAND.recall["cat"], HAND.recall["dog"]] == [pytest.approx(2 / 3), 0.5]
    assert np.isnan(HAND.recall["owl"])  # no owl was shown


def test_reports_say_facts_or_whether_claims_hold(capsys):
    HAND.report()
    assert capsys.readouterr().out == "test images: 5\nclasses: 3, with 0 to 3 images each\n"
    HAND.report(min_accuracy=0.6, max_loss=0.5, min_recall=0.5, max_calibration_error=0.5)
    assert capsys.readouterr().out.splitlines() == [
        "test accuracy at least 0.60: yes",
        "test loss at most 0.50: no",
        "recall of every class at least 0.50: yes",
        "calibration error at most 0.50: yes",
    ]
    with pytest.raises(ValueError, match="min_accuracy: found 88"):
        HAND.report(min_accuracy=88)
    found = Evaluation([[0.9, 0.1]], [0], name="validation")
    found.report(min_accuracy=0.61)
    assert capsys.readouterr().out == "validation accuracy at least 0.61: yes\n"


def test_one_class_and_all_right_and_all_wrong(capsys):
    right = Evaluation([[1.0], [1.0]], [0, 0])
    assert (right.accuracy, right.loss, right.calibration.error) == (1.0, 0.0, 0.0)
    assert right.confusion.tolist() == [[2]]
    assert len(right.wrong) == 0
    right.images = np.zeros((2, 4, 4))
    right.mistakes()
    assert capsys.readouterr().out == "No mistakes: every answer is right.\n"
    wrong = Evaluation([[0.0, 1.0]], [0])
    assert wrong.accuracy == 0
    assert np.isfinite(wrong.loss)
    assert wrong.recall["0"] == 0
    repr(wrong)


@pytest.mark.parametrize(
    ("probabilities", "labels", "said"),
    [
        ([0.5, 0.5], [0], r"probabilities: found shape \(2,\)"),
        (np.zeros((0, 3)), [], r"probabilities: found shape \(0, 3\)"),
        ([[0.5, 0.5]], [0, 1], r"labels: found shape \(2,\)"),
        ([[0.5, 0.5]], [0.0], r"labels: .* float64"),
        ([[0.5, 0.5]], [2], r"labels: found 2 to 2; expected 0 to 1"),
    ],
)
def test_hand_made_input_that_does_not_fit_is_said(probabilities, labels, said):
    with pytest.raises(ValueError, match=said):
        Evaluation(probabilities, labels)


def test_what_is_no_classifier_for_these_images_is_explained():
    data = torch.rand(20, 1, 8, 8), torch.arange(20) % 4
    with pytest.raises(TypeError, match="found a class"):
        evaluate(nn.Flatten, data)
    with pytest.raises(ValueError, match=r"The model \(Conv2d\) got shape .* takes 3 channels"):
        evaluate(nn.Conv2d(3, 4, 3), data)


def test_softmax_in_the_model_is_said_since_the_loss_is_wrong_then():
    data = torch.rand(20, 1, 8, 8), torch.arange(20) % 4
    plain = nn.Sequential(nn.Flatten(), nn.Linear(64, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        right = evaluate(plain, data)
    for _ in range(2):  # each time: a cell may be run again
        with pytest.warns(UserWarning, match="probabilities already"):
            twice = evaluate(nn.Sequential(plain, nn.Softmax(1)), data)
    assert twice.accuracy == right.accuracy and twice.loss != right.loss
