"""Other data of the same size is noticed when a run goes on; data that draws is never refused."""

import random

import numpy as np
import pytest
import torch
from test_resume import ALL, IMAGES, LABELS, CrashAt, Gone, Random, assert_same, train
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset

from coursekit.errors import CourseError
from coursekit.training.data.labels import labels_of
from coursekit.training.keeping.checkpoint import load_checkpoint, load_state, save_checkpoint
from coursekit.training.keeping.fingerprint import fingerprint

OTHER = IMAGES.flip(0), LABELS
OTHER_LABELS = IMAGES, (LABELS + 1) % 3
HALF = list(range(0, 96, 2))


def own(pair):
    """A data set as a student writes it, whose labels can be seen."""

    class Own(Dataset):
        def __init__(self):
            self.images, self.targets = pair[0], pair[1].tolist()

        def __len__(self):
            return len(self.targets)

        def __getitem__(self, row):
            return self.images[row] + 0.1 * torch.rand(()), self.targets[row]

    return Own()


FORMS = {
    "tensors": lambda pair: pair,
    "arrays": lambda pair: tuple(part.numpy() for part in pair),
    "bytes": lambda pair: ((pair[0] * 255).byte().numpy(), pair[1].numpy()),
    "lists": lambda pair: (list(pair[0].numpy()), pair[1].tolist()),
    "set": lambda pair: TensorDataset(*pair),
    "part": lambda pair: Subset(Subset(TensorDataset(*pair), range(1, 96)), HALF[:40]),
    "loader": lambda pair: DataLoader(TensorDataset(*pair), batch_size=16, shuffle=True),
    "on disk": None,
}


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Make arrays that are streamed from a file."""

    class Memory:
        available = 0

    def make(pair):
        path = tmp_path / f"{random.random()}.npy"
        np.save(path, pair[0].numpy())
        monkeypatch.setattr("psutil.virtual_memory", Memory)
        return np.load(path, mmap_mode="r"), pair[1]

    return make


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("other", "name"), [(OTHER, "images"), (OTHER_LABELS, "labels")])
def test_other_data_of_the_same_size_is_refused(tmp_path, on_disk, form, other, name):
    make = FORMS[form] or on_disk
    more = {"lr": 1e-3, "batch_size": None if form == "loader" else 16}
    with pytest.raises(Gone):
        train(tmp_path / "run", data=make(ALL), hooks=(CrashAt(2),), **more)
    before = load_state(tmp_path / "run")
    with pytest.raises(CourseError) as refused:
        train(tmp_path / "run", data=make(other), resume=True, **more)
    said = str(refused.value)
    assert f"{tmp_path / 'run'}" in said and "belongs to a run on other data: train" in said
    then = before["identity"]["data"][name]["sum"]
    now = fingerprint(make(other))[name]["sum"]
    assert f"train {name} are other ones" in said and f"was {then:08x}, is {now:08x}" in said
    assert "same images and labels in the same order" in said and "another folder" in said
    assert load_state(tmp_path / "run") == before
    train(tmp_path / "run", data=make(ALL), resume=True, **more)


def test_other_types_and_shapes_are_named(tmp_path):
    train(tmp_path)
    more = {"data": (IMAGES.double(), LABELS), "resume": True}
    with pytest.raises(CourseError, match=r"images were float32 \(96, 1, 8, 8\), are float64 \(9"):
        train(tmp_path, **more)


def test_other_data_stands_beside_other_arguments(tmp_path):
    train(tmp_path, lr=1e-3)
    with pytest.raises(CourseError) as refused:
        train(tmp_path, lr=2e-3, data=OTHER, resume=True)
    said = str(refused.value)
    assert "with other arguments: lr was 0.001, is 0.002; train images are other ones" in said


def test_another_part_of_a_set_is_refused(tmp_path):
    more = {"batch_size": 16, "lr": 1e-3}
    train(tmp_path, data=Subset(Random(), HALF), **more)
    with pytest.raises(CourseError, match="train rows are other ones"):
        train(tmp_path, data=Subset(Random(), [1 + row for row in HALF]), resume=True, **more)


def test_the_labels_that_a_data_set_shows_are_compared_and_nothing_that_it_draws(tmp_path):
    more = {"lr": 1e-3, "workers": 0}
    whole = train(tmp_path / "whole", data=own(ALL), **more)
    with pytest.raises(Gone):
        train(tmp_path / "broken", data=own(ALL), hooks=(CrashAt(9),), **more)
    with pytest.raises(CourseError, match="train labels are other ones"):
        train(tmp_path / "broken", data=own(OTHER_LABELS), resume=True, **more)
    assert_same(whole, train(tmp_path / "broken", data=own(ALL), resume=True, **more))


class Flips(Dataset):
    """Draws in every way there is, seldom or always, from generators that nobody finds."""

    def __len__(self):
        return 96

    def __getitem__(self, row):
        image = IMAGES[row] + np.random.default_rng().normal() + random.SystemRandom().random()
        image = image.flip(2) if random.random() < 0.1 else image
        return image.float(), random.randrange(3)


@pytest.mark.parametrize("data", [Random, Flips, lambda: Subset(Flips(), HALF),
                                  lambda: ConcatDataset([Flips(), Random()])])  # fmt: skip
@pytest.mark.parametrize("loader", [False, True])
def test_a_random_data_set_is_never_refused(tmp_path, data, loader):
    def given():
        return DataLoader(data(), batch_size=16, shuffle=True) if loader else data()

    more = {"lr": 1e-3, "workers": 0, "batch_size": None if loader else 16}
    with pytest.raises(Gone):
        train(tmp_path, data=given(), hooks=(CrashAt(2),), **more)
    train(tmp_path, data=given(), resume=True, **more)


def test_a_checkpoint_without_a_fingerprint_is_gone_on_with(tmp_path):
    whole = train(tmp_path / "whole")
    with pytest.raises(Gone):
        train(tmp_path / "old", hooks=(CrashAt(9),))
    tensors, state = load_checkpoint(tmp_path / "old")
    assert set(state["identity"].pop("data")) == {"images", "labels"}
    save_checkpoint(tmp_path / "old", tensors, state)
    assert_same(whole, train(tmp_path / "old", resume=True))


def test_little_is_read():
    read = []

    class Watched(np.memmap):
        def __getitem__(self, places):
            read.append(len(np.atleast_1d(places)))
            return super().__getitem__(places)

    class Never(Dataset):
        labels = torch.zeros(10**6, dtype=torch.int64)

        def __len__(self):
            return 10**6

        def __getitem__(self, row):
            raise AssertionError("read")

    def watched(tmp, count):
        images = np.memmap(tmp, np.uint8, "w+", shape=(count, 4, 4)).view(Watched)
        return fingerprint((images, np.zeros(count, np.int64)))

    import tempfile

    with tempfile.TemporaryFile() as file:
        seen = watched(file, 5000)["images"]
    assert sum(read) == seen["seen"] == 16
    assert fingerprint(Never())["labels"]["seen"] == 200_000
    targets = torch.zeros(5000, 1000)
    assert fingerprint((torch.zeros(5000, 2), targets))["labels"]["seen"] == 200


def test_without_a_folder_nothing_is_looked_at(monkeypatch):
    monkeypatch.setattr("coursekit.training.start.fingerprint", None)
    train(None)


@pytest.mark.parametrize("kept", [["cat", "dog"] * 48, np.array(["cat", "dog"] * 48), [None] * 96,
                                  [[1], [2, 3]] * 48, {"cat": 0}, lambda: 3])  # fmt: skip
def test_labels_that_are_no_numbers_are_left_alone(tmp_path, kept):
    data = Random()
    data.labels = kept
    assert labels_of(data) is labels_of(Subset(data, HALF)) is None
    assert fingerprint(data) == {}
    train(tmp_path, data=data, lr=1e-3, workers=0, validation=0.25, epochs=1)
