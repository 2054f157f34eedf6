"""The network explorer in Python: what it reads, what it refuses, what follows a picture."""

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.models import LeNet5, QuickCNN, resnet8
from coursekit.widgets import NetworkExplorer

GREY = np.zeros((2, 8, 8), np.uint8)


def small(*layers, side=8):
    model = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(3))
    model(torch.zeros(2, 1, side, side))
    return model


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize(
    "model, images, words",
    [
        (small(nn.Conv2d(1, 2, 3), nn.GELU()), GREY, "layer '1' is GELU"),
        (small(nn.GroupNorm(1, 1)), GREY, "layer '0' is GroupNorm"),
        (small(nn.Conv2d(1, 2, 3, padding_mode="reflect")), GREY, "'0' is Conv2d.* pad with zeros"),
        (small(nn.Conv2d(1, 2, 4, padding="same")), GREY, "padding is not the same on both sides"),
        (QuickCNN(), np.zeros((1, 28, 28)), "layer 'permute' is permute"),
        (resnet8(), np.zeros((1, 3, 32, 32)), "without shortcuts and branches"),
        (LeNet5(), np.zeros((1, 32, 32)), r"\(1, 32, 32\) does not go through LeNet5"),
        (nn.Sequential(nn.Conv2d(1, 2, 3)), GREY, r"gives the shape \(2, 6, 6\) .* score for each"),
        (
            small(nn.Conv2d(1, 600, 3), side=64),
            np.zeros((1, 64, 64)),
            "give a network of at most 500,000",
        ),
        ("LeNet5", GREY, "model is str; give a trained torch.nn.Module"),
        (LeNet5(), np.zeros((28, 28)), r"images has the shape \(28, 28\); .* images\[:1\]"),
        (LeNet5(), np.full((1, 28, 28), np.nan), "images holds a number that is infinite"),
        (LeNet5(), np.zeros((1, 2, 28, 28)), "1 or 3 channels"),
    ],
)
def test_what_the_page_cannot_run_is_named(model, images, words):
    with pytest.raises(ValueError, match=words):
        NetworkExplorer(model, images)


def test_classes_image_and_selected_are_validated():
    with pytest.raises(ValueError, match="classes has 2 names, and the network 10 outputs"):
        NetworkExplorer(classes=["a", "b"])
    explorer = NetworkExplorer()
    with pytest.raises(ValueError, match=r"shape \(1, 9, 9\); the network takes \(1, 28, 28\)"):
        explorer.image = np.zeros((1, 9, 9))
    with pytest.raises(ValueError, match="give 4 whole numbers"):
        explorer.selected = [1, 2]
    with pytest.raises(ValueError, match=r"make a new NetworkExplorer\(model\)"):
        explorer.network = LeNet5()


def test_the_selection_starts_at_the_largest_number_of_the_first_map():
    explorer = NetworkExplorer()
    layer, channel, row, column = explorer.selected
    first = explorer.activations["conv1"]
    assert (layer, channel) == (1, 0) and first[0, row, column] == first[0].max()
    dense = NetworkExplorer(nn.Sequential(nn.Flatten(), nn.Linear(64, 3)), np.eye(8)[None, ::-1])
    assert dense.selected == [1, 7, 0, 0]  # the first bright pixel, flattened


def test_the_answer_follows_the_picture_and_training_on_does_not_change_it():
    torch.manual_seed(0)
    model = LeNet5()
    bytes_ = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    explorer = NetworkExplorer(model, bytes_, [f"class {k}" for k in range(10)])
    want = model(torch.tensor(bytes_[0][None, None] / 255, dtype=torch.float32))[0].detach()
    np.testing.assert_allclose(explorer.scores, want, atol=1e-5)
    np.testing.assert_allclose(explorer.probabilities, want.softmax(0), atol=1e-5)
    assert explorer.prediction == f"class {int(want.argmax())}"
    assert model.training
    with torch.no_grad():
        model.c1.weight.zero_()
    explorer.image = bytes_[1][None] / 255
    assert np.ptp(explorer.activations["c1"][0]) > 0.01


def test_a_senseless_message_is_ignored_and_a_picture_from_the_page_is_taken():
    explorer = NetworkExplorer()
    before = explorer.image
    for message in (
        {"image": [[[1, 2], [3, 4]]]},
        {"image": "drawn"},
        {"selected": [1, -1, 0, 0]},
        {"network": {"layers": []}},
        {"images": {"count": 1, "values": ""}},
        {"classes": 7},
    ):
        explorer.set_state(message)
    assert explorer.image is before and explorer.prediction == "0" and len(explorer.images) == 10
    explorer.set_state({"image": explorer.images[4].tolist(), "selected": [2, 1, 3, 3]})
    assert (explorer.prediction, explorer.selected) == ("4", [2, 1, 3, 3])


def test_every_drawn_digit_is_read_and_the_fixed_text_says_so():
    explorer = NetworkExplorer()
    for digit in range(10):
        explorer.image = explorer.images[digit]
        assert explorer.prediction == str(digit)
    for fact in ("conv2 16 × 14 × 14", "fc 10", "answer is 9"):
        assert fact in explorer.describe()
