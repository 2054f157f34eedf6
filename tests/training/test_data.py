"""Batches against indexing written out, augmentation against NumPy, validation against counts."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from coursekit.training import RandomCrop, RandomHorizontalFlip, epoch_order
from coursekit.training.data import Batches, split

CPU = torch.device("cpu")
RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (50, 6, 5), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (50, 6, 5, 3), dtype=np.uint8)
LABELS = np.arange(50) % 7


class Items(Dataset):
    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, row):
        return self.images[row], int(LABELS[row])


def expected(images):
    """What a network takes, by NumPy alone."""
    scaled = images.astype(np.float32) / 255 if images.dtype == np.uint8 else images
    if images.dtype != np.uint8:
        return scaled.astype(np.float32)
    return scaled[:, None] if images.ndim == 3 else scaled.transpose(0, 3, 1, 2)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("wrap", [lambda x: (x, LABELS), Items], ids=["arrays", "Dataset"])
@pytest.mark.parametrize("images", [GREY, COLOUR, RNG.random((50, 2, 6, 5))])
def test_batches_are_the_rows_of_the_set_in_the_order_of_the_epoch(images, wrap, last):
    batches = Batches(wrap(images), "train", 16, CPU, seed=5, channels_last=last)
    assert len(batches) == 4
    for epoch in (1, 2):
        order = epoch_order(50, 5, epoch).numpy()
        found = list(batches.epoch(epoch))
        for rows, (inputs, labels) in zip(np.split(order, [16, 32, 48]), found, strict=True):
            assert np.array_equal(inputs.numpy(), expected(images)[rows])
            assert labels.dtype == torch.int64 and labels.tolist() == LABELS[rows].tolist()
            form = torch.channels_last if last else torch.contiguous_format
            assert inputs.is_contiguous(memory_format=form)


def test_the_orders_of_epochs_are_permutations_and_differ():
    orders = [tuple(epoch_order(30, seed, epoch).tolist()) for seed in (0, 1) for epoch in (1, 2)]
    assert len(set(orders)) == 4
    assert all(sorted(order) == list(range(30)) for order in orders)


@pytest.mark.parametrize(
    "images",
    [
        GREY[::-1],
        np.asfortranarray(GREY),
        GREY.astype(">f4"),
        list(GREY),
        (GREY / 2).tolist(),
        torch.from_numpy(GREY),
        np.broadcast_to(GREY[:1], GREY.shape),
    ],
    ids=["backwards", "Fortran", "big-endian", "a list", "lists", "a tensor", "read-only"],
)
@pytest.mark.filterwarnings("error")
def test_arrays_of_any_make_give_the_same_numbers(images):
    plain = np.ascontiguousarray(np.asarray(images))
    batches = Batches((images, LABELS), "train", 50, CPU)
    ((inputs, _),) = batches.epoch(1)
    wanted = expected(plain.astype(np.uint8) if plain.dtype == np.uint8 else plain)
    assert np.allclose(inputs.numpy().reshape(wanted.shape), wanted)


def test_looking_at_a_set_touches_no_source_of_chance():
    generator = torch.Generator().manual_seed(3)
    loader = DataLoader(
        TensorDataset(torch.rand(50, 4), torch.arange(50)), 8, shuffle=True, generator=generator
    )
    before = torch.get_rng_state(), generator.get_state(), np.random.get_state()[2]  # noqa: NPY002
    images, labels = Batches(loader, "train", 1, CPU).head(8)
    assert (len(images), len(labels)) == (8, 8)
    after = torch.get_rng_state(), generator.get_state(), np.random.get_state()[2]  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_a_validation_set_has_its_share_of_each_class(share):
    labels = np.repeat(np.arange(4), (40, 30, 20, 10))
    images = np.arange(100.0)[:, None]
    (left, _), (held, held_labels) = split((images, labels), share, seed=2)
    assert sorted(torch.cat([left, held])[:, 0].tolist()) == list(range(100))
    for number, count in enumerate((40, 30, 20, 10)):
        assert abs(int((held_labels == number).sum()) - share * count) <= 1
    assert torch.equal(torch.from_numpy(labels)[held[:, 0].long()], held_labels)
    again = split((images, labels), share, seed=2)[1][0]
    other = split((images, labels), share, seed=3)[1][0]
    assert torch.equal(again, held) and not torch.equal(other, held)


def test_a_validation_set_of_a_dataset_is_a_part_of_it():
    left, held = split(Items(GREY), 0.2, seed=0)
    assert isinstance(left, Subset) and sorted(left.indices + held.indices) == list(range(50))
    assert len(held) == 10


def crop_by_hand(image, top, left, padding):
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    return padded[:, top : top + image.shape[1], left : left + image.shape[2]]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("images", [GREY, COLOUR])
def test_crop_and_flip_are_those_of_single_images(images, last):
    shared = {"seed": 4, "channels_last": last}
    plain = dict(enumerate(expected(images)))
    crop = Batches((images, LABELS), "train", 16, CPU, augment=[RandomCrop(2)], **shared)
    flip = Batches((images, LABELS), "train", 16, CPU, augment=RandomHorizontalFlip(), **shared)
    order, place = epoch_order(50, 4, 1).tolist(), 0
    seen, turned = set(), 0
    for (cropped, _), (flipped, _) in zip(crop.epoch(1), flip.epoch(1), strict=True):
        for one, other in zip(cropped.numpy(), flipped.numpy(), strict=True):
            image = plain[order[place]]
            place += 1
            moves = [
                (top, left)
                for top in range(5)
                for left in range(5)
                if np.array_equal(crop_by_hand(image, top, left, 2), one)
            ]
            assert moves
            seen.add(moves[0])
            if not np.array_equal(other, image):
                assert np.array_equal(other, image[:, :, ::-1])
                turned += 1
    assert len(seen) > 10 and 10 < turned < 40


def test_what_happens_to_an_image_does_not_depend_on_the_batch_size():
    steps = [RandomCrop(1), RandomHorizontalFlip(), lambda images: images + 1]
    whole = {}
    for size in (7, 50):
        batches = Batches((GREY, LABELS), "train", size, CPU, seed=1, augment=steps)
        whole[size] = torch.cat([images for images, _ in batches.epoch(3)])
    assert torch.equal(whole[7], whole[50])
    assert float(whole[7].min()) >= 1.0


@pytest.mark.parametrize("make", [lambda: RandomCrop(-1), lambda: RandomHorizontalFlip(1.5)])
def test_augmentation_that_cannot_be_meant(make):
    with pytest.raises(ValueError, match="expected"):
        make()
