"""A validation set cut off the training set: disjoint, stratified, from the seed alone."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training.data.batches import make_batches
from coursekit.training.data.split import split_validation
from coursekit.training.machine.precision import Precision


def labels_in(part, seen="labels"):
    made = make_batches(
        part, name="train", batch_size=64, shuffle=False, seed=0, device=torch.device("cpu"),
        precision=Precision("float32", False, False, ""), workers=0,
    )  # fmt: skip
    if seen == "images":
        return torch.cat([inputs[:, 0] for inputs, _ in made.epoch(1)]).long().tolist()
    return torch.cat([targets for _, targets in made.epoch(1)]).tolist()


def numbered(count=200, classes=(0,) * 120 + (1,) * 60 + (2,) * 20):
    """Images that say which they are, and unequal classes in a random order."""
    labels = np.random.default_rng(0).permutation(classes)
    return np.arange(count, dtype=np.float32)[:, None], labels


class Shown(Dataset):
    def __init__(self, data, shows=True):
        self.images, labels = data
        self.kept = labels
        if shows:
            self.targets = labels.tolist()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, row):
        return self.images[row], int(self.kept[row])


@pytest.mark.parametrize("kind", [lambda d: d, Shown,
                                  lambda d: TensorDataset(*map(torch.as_tensor, d))])  # fmt: skip
@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_parts_are_disjoint_and_each_class_gives_its_share(kind, share):
    train, held = split_validation(kind(numbered()), share, seed=0)
    left, out = labels_in(train, "images"), labels_in(held, "images")
    assert sorted(left + out) == list(range(200))
    assert len(out) == round(200 * share)
    counts = np.bincount(labels_in(held), minlength=3)
    for found, size in zip(counts, (120, 60, 20), strict=True):
        assert abs(found - size * share) <= 1


def test_the_seed_alone_decides():
    def out(seed):
        torch.manual_seed(seed + 9)
        return labels_in(split_validation(numbered(), 0.2, seed)[1], "images")

    assert out(0) == out(0)
    assert out(0) != out(1)


def test_every_image_of_a_class_has_the_same_chance():
    data = numbered(40, (0,) * 20 + (1,) * 20)
    counts = np.zeros(40)
    for seed in range(300):
        counts[labels_in(split_validation(data, 0.25, seed)[1], "images")] += 1
    # Each is held out in 75 of 300 runs; the standard deviation is 7.5.
    assert abs(counts - 75).max() < 5 * 7.5


def test_a_data_set_that_hides_its_labels_is_split_all_the_same():
    train, held = split_validation(Shown(numbered(), shows=False), 0.1, seed=0)
    out = labels_in(held, "images")
    assert len(out) == 20
    assert not set(out) & set(labels_in(train, "images"))


def test_regression_is_split_by_chance_alone():
    images, _ = numbered()
    train, held = split_validation((images, np.linspace(0, 1, 200)), 0.1, seed=0)
    assert (len(train), len(held)) == (180, 20)


def test_a_set_of_its_own_is_handed_on():
    train, own = numbered(), numbered()
    assert split_validation(train, own, 0) == (train, own)
    assert split_validation(train, None, 0) == (train, None)


@pytest.mark.parametrize("share", [0, 1, 1.5, -0.1, True, 5])
def test_shares_that_cannot_be(share):
    with pytest.raises(ValueError, match="validation: found"):
        split_validation(numbered(), share, 0)


def test_a_share_that_leaves_nothing():
    with pytest.raises(ValueError, match=r"0.1 of 3 images, which leaves one"):
        split_validation((np.zeros((3, 1)), [0, 1, 2]), 0.1, 0)


def test_a_loader_cannot_be_taken_apart():
    loader = DataLoader(TensorDataset(torch.zeros(4, 1), torch.zeros(4)))
    with pytest.raises(TypeError, match=r"validation: found a share, and a DataLoader.*random_sp"):
        split_validation(loader, 0.5, 0)
