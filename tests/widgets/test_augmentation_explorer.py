"""The augmentation explorer in Python: what its changes do to a picture, and what it refuses."""

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.runs import run_17
from coursekit.widgets import AugmentationExplorer


def changed(image, **change):
    explorer = AugmentationExplorer(**change)
    explorer.image = image
    return explorer.changed


@pytest.fixture
def image():
    return np.random.default_rng(0).random((1, 28, 28))


def test_each_change_is_what_numpy_makes_of_it(image):
    np.testing.assert_allclose(changed(image), image, atol=1e-5)
    np.testing.assert_allclose(changed(image, flip=True), image[..., ::-1], atol=1e-5)
    np.testing.assert_allclose(changed(image, rotation=90), np.rot90(image, axes=(1, 2)), atol=1e-5)
    moved = np.pad(image, ((0, 0), (0, 2), (3, 0)))[:, 2:, :-3]
    np.testing.assert_allclose(changed(image, right=3, down=-2), moved, atol=1e-5)
    bright = changed(image, brightness=1.5)
    np.testing.assert_allclose(bright, np.minimum(1.5 * image, 1), atol=1e-5)
    cut = changed(image, crop=14)  # the 14 by 14 in the middle, twice as large
    middle = image[:, 7:21, 7:21]
    np.testing.assert_allclose(
        cut[:, 1::2, 1::2][:, :-1, :-1],
        (9 * middle[:, :-1, :-1] + 3 * middle[:, 1:, :-1] + 3 * middle[:, :-1, 1:]
         + middle[:, 1:, 1:]) / 16,
        atol=1e-5,
    )  # fmt: skip


@pytest.mark.parametrize("degrees, scale", [(25.0, 0.8), (-140.0, 1.3)])
def test_it_turns_and_resizes_as_the_stored_runs_do(image, degrees, scale):
    expected = run_17.turned(torch.tensor(image[None], dtype=torch.float32), degrees, scale)[0]
    got = changed(image, rotation=degrees, scale=scale)
    np.testing.assert_allclose(got, expected.clamp(0, 1), atol=1e-5)


def test_pictures_need_not_be_square(image):
    model = nn.Sequential(nn.Flatten(), nn.Linear(12 * 20, 2))
    explorer = AugmentationExplorer(model, np.zeros((1, 12, 20)), right=4, flip=True)
    explorer.image = image[:, :12, :20]
    moved = np.pad(explorer.image, ((0, 0), (0, 0), (4, 0)))[..., :-4]
    np.testing.assert_allclose(explorer.changed, moved[..., ::-1], atol=1e-5)
    explorer.flip, explorer.right, explorer.rotation = False, 0, 180
    np.testing.assert_allclose(explorer.changed, explorer.image[:, ::-1, ::-1], atol=1e-5)


def test_it_says_what_it_shows_and_refuses_what_makes_no_sense():
    explorer = AugmentationExplorer(rotation=180, flip=True)
    explorer.image = explorer.images[6]
    said = explorer.describe()
    for part in ("takes for 6", "turned by 180 degrees", "mirrored", explorer.answer_to_changed):
        assert part in said
    for wrong in ({"rotation": 200}, {"scale": 0}, {"right": 0.5}, {"flip": 1}, {"crop": 20}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            AugmentationExplorer(**wrong)
