"""Networks that come with the course: their files, their cards, and how right they are."""

import re

import numpy as np
import pytest
import torch
from safetensors import safe_open

from coursekit.datasets import load
from coursekit.models import load_pretrained
from coursekit.models.shipped import SHIPPED

MOST_BYTES = {"digit_cnn": 300_000, "backbone": 2_000_000}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_file_is_small_and_holds_the_network_that_the_card_describes(name):
    known, model = SHIPPED[name], load_pretrained(name)
    assert known.weights.stat().st_size < MOST_BYTES[name]
    with safe_open(known.weights, "pt") as file:
        assert set(file.keys()) == set(model.state_dict())
    count = sum(parameter.numel() for parameter in model.parameters())
    assert f"{count:,} parameters" in known.card
    assert f"{round(known.weights.stat().st_size / 1000)} kB" in known.card
    for part in ("Data", "Recipe", "Accuracy", "Limits", "Making it again"):
        assert f"\n## {part}\n" in known.card
    assert f"train_shipped.py {name}" in known.card
    assert not model.training


@pytest.mark.parametrize("name", SHIPPED)
def test_new_images_are_named_as_rightly_as_the_card_says(shared_data, name):
    known, model = SHIPPED[name], load_pretrained(name)
    data = load(known.dataset, download=False)
    numbers = np.full(len(data.classes), -1)
    numbers[[data.classes.index(name) for name in known.classes]] = range(len(known.classes))
    kept = numbers[data.test[1]] >= 0
    images, labels = data.test[0][kept][::5], numbers[data.test[1][kept]][::5]
    tensors = torch.from_numpy(images) / 255
    with torch.no_grad():
        scores = model(tensors[:, None] if tensors.ndim == 3 else tensors.permute(0, 3, 1, 2))
    assert scores.shape == (len(labels), len(known.classes))
    share = float(np.mean(scores.argmax(1).numpy() == labels))
    claimed = float(re.search(r"## Accuracy\s+(0\.\d+)", known.card)[1])
    assert share == pytest.approx(claimed, abs=1.5 * np.sqrt(claimed * (1 - claimed) / len(labels)))


def test_the_backbone_leaves_four_classes_for_others(shared_data):
    known = SHIPPED["backbone"]
    classes = load(known.dataset, download=False).classes
    assert set(classes) - set(known.classes) == {"dog", "horse", "ship", "truck"}
    assert known.classes == tuple(name for name in classes if name in known.classes)


def test_the_layers_of_the_digit_network_can_be_taken_by_name_and_in_part():
    model = load_pretrained("digit_cnn")
    images = torch.rand(2, 1, 28, 28)
    assert model[:3](images).shape == (2, 8, 14, 14)
    assert torch.equal(model.fc(model[:7](images)), model(images))
    with pytest.raises(ValueError, match=r"'lenet'; expected one of .*digit_cnn"):
        load_pretrained("lenet")
