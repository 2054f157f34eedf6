"""Arguments that cannot be meant are refused before anything is trained."""

import copy
import json

import numpy as np
import pytest
import torch
from test_fit_plain import assert_same, images, network
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.training import RandomCrop, TrainingError, fit
from coursekit.training.settings import Settings

REFUSED = [
    ({"epochs": 0}, "epochs: found 0"),
    ({"epochs": 2.5}, "epochs: found 2.5"),
    ({"batch_size": 0}, "batch_size: found 0"),
    ({"batch_size": True}, "batch_size: found True"),
    ({"lr": -0.1}, "lr: found -0.1"),
    ({"lr": "0.1"}, "lr: found '0.1'"),
    ({"lr": float("nan")}, "lr: found nan"),
    ({"lr": True}, "lr: found True"),
    ({"seed": -1}, "seed: found -1"),
    ({"seed": 2**70}, "seed: found .*from 0 to 9223372036854775807"),
    ({"progress": "yes"}, "progress: found 'yes'; expected True or False"),
    ({"resume": "no"}, "resume: found 'no'; expected True or False"),
    ({"checkpoint": 3}, "checkpoint: found 3; expected the name of a folder"),
    ({"checkpoint": ""}, "checkpoint: found ''"),
    ({"workers": -1}, "workers: found -1"),
    ({"workers": None}, "workers: found None"),
    ({"compile": "yes", "lr": 0.1, "precision": "float32"}, "compile is 'yes'"),
    ({"augment": "flip"}, "augment: found 'flip'"),
    ({"metrics": "accuracy"}, "metrics: found 'accuracy'"),
    ({"metrics": 3}, "metrics: found 3"),
    ({"metrics": {1: len}}, "metrics: found the name 1"),
    ({"metrics": [dict]}, "metrics: found .*dict"),
    ({"precision": "half"}, "precision: found 'half'"),
    ({"optimizer": "rmsprop"}, "optimizer: found 'rmsprop'; expected one of adamw, adam, sgd"),
    ({"optimizer": 3}, "optimizer: found 3"),
    ({"optimizer": torch.optim.SGD}, "optimizer: found <class"),
    ({"schedule": "linear"}, "schedule: found 'linear'"),
    ({"schedule": 0.9}, "schedule: found 0.9"),
    ({"momentum": 0.9}, "momentum: found 0.9 beside"),
    ({"momentum": 1.5, "optimizer": "sgd"}, "momentum: found 1.5"),
    ({"clip": 0}, "clip: found 0"),
    ({"accumulate": 0}, "accumulate: found 0"),
    ({"label_smoothing": 1}, "label_smoothing: found 1"),
    ({"class_weights": [1.0, -1.0]}, "class_weights: found"),
    ({"class_weights": 3}, "class_weights: found 3"),
    ({"label_smoothing": 0.1, "loss": nn.MSELoss()}, "label_smoothing: found 0.1 beside a loss"),
    ({"class_weights": np.ones(4), "loss": nn.MSELoss()}, "class_weights: found .* beside a loss"),
    ({"loss": "mse"}, "loss: found 'mse'"),
    ({"loss": nn.MSELoss}, "loss: found <class"),
    ({"patience": 2}, "patience: found 2 without"),
    ({"keep": "best"}, 'keep: found "best" without'),
    ({"keep": "all"}, "keep: found 'all'"),
    ({"average": 1.0}, "average: found 1.0"),
    ({"resume": True}, "resume: found True without"),
    ({"warmup": 2, "epochs": 1}, "warmup: found 2"),
    ({"hooks": [3]}, "hooks: found 3"),
    ({"hooks": [dict]}, "hooks: found the class dict"),
    ({"lr_scale": {"head": 0.1}}, "lr_scale: found 'head'"),
    ({"lr_scale": {"0": -1}}, r'lr_scale\["0"\]: found -1'),
    ({"lr_scale": {"0": "x"}}, r"lr_scale.*: found 'x'"),
    ({"lr_scale": {0: 1}}, "lr_scale: found {0: 1}"),
    ({"lr_scale": 3}, "lr_scale: found 3"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=[w for _, w in REFUSED])
def test_what_cannot_be_meant(arguments, words):
    model = network()
    before = copy.deepcopy(model)
    with pytest.raises((TypeError, ValueError), match=words):
        fit(model, images(), **{"progress": False} | arguments)
    assert_same(model, before)


def test_class_weights_for_other_classes():
    with pytest.raises(TrainingError, match=r"class_weights: found 2 numbers .* gives 4 scores"):
        fit(network(), images(), class_weights=[1.0, 2.0], progress=False)


def test_a_momentum_of_zero_is_none():
    assert fit(network(), images(), momentum=0.0, progress=False).config["optimizer"] == "adamw"


@pytest.mark.parametrize("name", ["lr", "momentum", "weight_decay", "lr_scale"])
def test_an_optimizer_of_ones_own_has_its_own(name):
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    value = {"0": 0.1} if name == "lr_scale" else 0.1
    with pytest.raises(ValueError, match=f"{name}: found .* beside an optimizer"):
        fit(model, images(), optimizer=optimizer, progress=False, **{name: value})


def test_an_optimizer_of_another_model():
    optimizer = torch.optim.SGD(network().parameters(), lr=0.1)
    with pytest.raises(ValueError, match="steps none of this model's parameters"):
        fit(network(), images(), optimizer=optimizer, progress=False)


def test_a_loader_has_its_own_batches():
    loader = DataLoader(TensorDataset(*images()), batch_size=16)
    with pytest.raises(ValueError, match=r"batch_size: found 8 beside a DataLoader .* of 16"):
        fit(network(), loader, batch_size=8, progress=False)


def test_a_model_without_parameters():
    with pytest.raises(ValueError, match="model: found one without parameters"):
        fit(nn.Flatten(), images(), progress=False)


@pytest.mark.parametrize("model", [nn.Linear, "LeNet5", None])
def test_a_model_that_is_none(model):
    with pytest.raises(TypeError, match="model: found a"):
        fit(model, images(), progress=False)


def test_all_settings_are_recorded_as_plain_values():
    x, y = images()
    settings = Settings(
        validation=(x, y), loss=nn.functional.cross_entropy, hooks=[len], augment=[RandomCrop(2)],
        metrics={"m": len}, schedule=lambda step: 1.0, epochs=np.int64(2), lr=np.float32(0.5),
        device=torch.device("cpu"),
    )  # fmt: skip
    written = json.loads(json.dumps(settings.as_dict(), allow_nan=False))
    assert written["epochs"] == 2
    assert written["lr"] == 0.5
    assert written["augment"] == ["RandomCrop(padding=2)"]
    assert "cross_entropy" in written["loss"]
    assert written["validation"] == ["Tensor of shape (90, 1, 8, 8)", written["validation"][1]]


def test_what_fit_chose_is_recorded():
    history = fit(network(), images(), progress=False)
    config = history.config
    assert config["lr"] > 0
    assert config["schedule"] == "constant"  # too few updates for a cycle
    assert isinstance(config["seed"], int)
    assert config["batch_size"] == 16
    assert config["parameters"] == 4 * 10 + 144 * 4 + 4
    longer = fit(network(), images(), epochs=3, progress=False).config
    assert longer["schedule"] == "onecycle"
    json.dumps(config, allow_nan=False)
