"""What is no set of images with labels gets a sentence that says what was found and what to do."""

import warnings

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset

from coursekit.datasets import load
from coursekit.training import diagnose, fit
from coursekit.training.data.batches import make_batches
from coursekit.training.machine.precision import Precision

IMAGES, LABELS = np.zeros((4, 6, 6), np.uint8), np.arange(4)


class Items(Dataset):
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, row):
        return self.items[row]


class Stream(IterableDataset):
    def __iter__(self):
        yield np.zeros(3, np.float32), 0


def batches(data, **more):
    return make_batches(
        data, name="train", batch_size=2, shuffle=True, seed=0, device=torch.device("cpu"),
        precision=Precision("float32", False, False, ""), workers=0, **more,
    )  # fmt: skip


def objects(*items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


@pytest.mark.parametrize(
    ("data", "error", "found", "mend"),
    [
        (None, TypeError, "found None", "(images, labels)"),
        ("mnist", TypeError, "the text 'mnist'", "load"),
        (7, TypeError, "an int", "(images, labels)"),
        (((i, 0) for i in IMAGES), TypeError, "a generator, which can be read only once", "list"),
        (IMAGES, TypeError, "shape (4, 6, 6) without labels", "(images, labels)"),
        ((IMAGES,), TypeError, "a tuple of 1", "(images, labels)"),
        ((IMAGES, LABELS, LABELS), TypeError, "a tuple of 3", "(images, labels)"),
        (load("digits"), TypeError, "both parts", "train, test = data"),
        (((IMAGES, LABELS), (IMAGES, LABELS)), TypeError, "two pairs", "train, test = data"),
        ((IMAGES, None), TypeError, "train labels: found None", "array"),
        ((None, LABELS), TypeError, "train images: found None", "array"),
        ((iter(IMAGES), LABELS), TypeError, "iterator", "array"),
        ((IMAGES, LABELS[:3]), ValueError, "4 images and 3 labels", "one label for each"),
        ((IMAGES[:0], LABELS[:0]), ValueError, "an empty set", "at least one"),
        (([], []), ValueError, "an empty set", "at least one"),
        ((IMAGES[0, 0], LABELS), ValueError, "shape (6,)", "image[None]"),
        ((IMAGES.astype(np.int64), LABELS), ValueError, "int64", 'astype("uint8")'),
        ((IMAGES.astype(np.uint16), LABELS), ValueError, "uint16", "uint8"),
        ((IMAGES.astype(complex), LABELS), ValueError, "complex128", "floats"),
        ((IMAGES, np.array(["a", "b", "c", "d"])), ValueError, "text such as 'a'", "np.unique"),
        ((objects(*IMAGES), LABELS), ValueError, "Python objects", "np.stack"),
        (
            (objects(np.zeros((2, 2)), np.zeros((3, 2))), [0, 1]),
            ValueError, "(2, 2) and (3, 2)", "one size",
        ),
        (
            ([np.zeros((2, 2)), np.zeros((3, 2))], [0, 1]),
            ValueError, "(2, 2) and (3, 2)", "one size",
        ),
        (([[1, 2], [3]], [0, 1]), ValueError, "sizes that differ", "one size"),
        ((IMAGES, 3), ValueError, "a single number", "one for each"),
        (Stream(), TypeError, "no length", "__len__"),
        (DataLoader(Stream()), TypeError, "without a length", "__len__"),
        (Items([]), ValueError, "an empty set", "at least one"),
        (Items([IMAGES[0]] * 3), TypeError, "a ndarray as an example", "image, label"),
        (Items([{"image": 1}] * 3), TypeError, "a dict with image as an example", "image, label"),
        (DataLoader(Items([{"x": 1}] * 3)), TypeError, "a dict with x as a batch", "image, label"),
        (DataLoader(Items(["ab"] * 3)), TypeError, "as a batch", "image, label"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_on_is_named(data, error, found, mend):
    with pytest.raises(error) as caught:
        batches(data)
    message = str(caught.value)
    assert message.startswith("train")
    assert found in message
    assert mend in message
    assert "expected" in message


def test_images_of_several_sizes_in_a_data_set():
    items = Items([(np.zeros((2, 2), np.float32), 0), (np.zeros((3, 2), np.float32), 1)])
    with pytest.raises(ValueError, match=r"sizes \(2, 2\) and \(3, 2\) in one batch"):
        list(batches(items).epoch(1))


@pytest.mark.parametrize("labels", [np.zeros(4), np.zeros((4, 1)), torch.zeros(4)])
def test_floats_where_classes_are_expected(labels):
    with pytest.raises(ValueError, match=r'train: found float32 labels.*astype\("int64"\)'):
        batches((IMAGES, labels), classes=True)
    batches((IMAGES, labels))  # to be learned by a loss of one's own


def test_probabilities_are_classes_enough():
    batches((IMAGES, np.full((4, 3), 1 / 3)), classes=True)


@pytest.mark.parametrize("workers", [-1, 1.5, "many", True])
def test_a_number_of_workers_that_cannot_be(workers):
    with pytest.raises(ValueError, match="workers: found"):
        make_batches(
            Items([(np.zeros(3, np.float32), 0)] * 4), name="train", batch_size=2, shuffle=True,
            seed=0, device=torch.device("cpu"), workers=workers,
            precision=Precision("float32", False, False, ""),
        )  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [
        lambda a: a,
        torch.from_numpy,
        list,
        lambda a: a.tolist(),
        lambda a: a[::-1],
        lambda a: np.asfortranarray(a),
        lambda a: a.astype(">f4"),
        lambda a: [torch.from_numpy(each) for each in a],
    ],
)
def test_pixels_are_the_same_however_they_are_held(kind):
    images = np.random.default_rng(0).random((4, 3, 5)).astype(np.float32)
    given = kind(images)
    made = make_batches(
        (given, LABELS), name="train", batch_size=4, shuffle=False, seed=0,
        device=torch.device("cpu"), precision=Precision("float32", False, False, ""),
    )  # fmt: skip
    expected = np.array([np.asarray(each) for each in given], np.float32)
    np.testing.assert_array_equal(next(made.epoch(1))[0].numpy(), expected)


@pytest.mark.parametrize(
    "kind",
    [lambda a: a[::-1], lambda a: a.astype(a.dtype.newbyteorder(">")), lambda a: a.copy()],
    ids=["backwards", "of another byte order", "not to be written to"],
)
def test_arrays_that_torch_does_not_share_are_trained_on_and_looked_at(kind):
    images = np.random.default_rng(0).random((32, 1, 3, 5)).astype(np.float32)
    given = kind(images), kind(np.arange(32) % 4)
    for array in given:
        array.flags.writeable = False
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(15, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert diagnose(model, given) == []
        fit(model, given, validation=0.25, lr=0.01, progress=False)
