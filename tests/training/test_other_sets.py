"""Validation and test sets are looked at before the first step."""

import copy

import pytest
import torch
from test_fit_plain import assert_same, images, network
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.training import TrainingError, fit

X, Y = images()
FORMS = {
    "pair": lambda x, y: (x, y),
    "arrays": lambda x, y: (x.numpy(), y.numpy()),
    "set": TensorDataset,
    "loader": lambda x, y: DataLoader(TensorDataset(x, y), batch_size=8),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("name", ["validation", "test"])
def test_labels_beyond_the_scores(name, form):
    wrong = Y.clone()
    wrong[-1] = 4  # beyond the first batch
    model = network()
    before = copy.deepcopy(model)
    with pytest.raises(TrainingError, match=f"{name}: the labels run from 0 to 4.* 4 scores"):
        fit(model, (X, Y), **{name: form(X, wrong)}, progress=False)
    assert_same(model, before)


@pytest.mark.parametrize("name", ["validation", "test"])
def test_images_of_another_size(name):
    with pytest.raises(TrainingError, match=rf"{name}: found images of shape \(1, 6, 8\), at"):
        fit(network(), (X, Y), **{name: (X[:, :, :6], Y)}, progress=False)


@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
def test_a_model_for_all_sizes_may_be_tested_on_another():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    history = fit(model, (X, Y), (X[:, :, :6], Y), progress=False)
    assert history.records[0]["test_accuracy"] is not None


@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
def test_the_look_leaves_no_trace():
    one, other = network(0.2), network(0.2)
    options = {"lr": 0.01, "seed": 3, "batch_size": 16, "precision": "float32", "progress": False}
    fit(one, (X, Y), **options)
    fit(other, (X, Y), (X, Y), **options)
    assert_same(one, other)


def test_a_metric_for_each_image_is_named():
    def hits(logits, targets):
        return logits.argmax(1) == targets

    with pytest.raises(ValueError, match=r"metrics: 'hits' gave shape .* the mean over the batch"):
        fit(network(), (X, Y), metrics=[hits], progress=False)
    assert torch.is_grad_enabled()
