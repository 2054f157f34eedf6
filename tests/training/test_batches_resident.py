"""Batches of sets that live on the device, against indexing written out."""

import numpy as np
import pytest
import torch
from torch.utils.data import Subset, TensorDataset

from coursekit.training import epoch_order
from coursekit.training.data.augment import RandomCrop, RandomHorizontalFlip
from coursekit.training.data.batches import choose_batch_size, make_batches
from coursekit.training.data.inputs import unwrapped
from coursekit.training.machine.precision import Precision

CPU = torch.device("cpu")
PLAIN = Precision("float32", False, False, "")
LAST = Precision("bfloat16", True, False, "")


def batches(data, *, batch_size=4, shuffle=True, seed=0, precision=PLAIN, **more):
    return make_batches(
        data, name="train", batch_size=batch_size, shuffle=shuffle, seed=seed, device=CPU,
        precision=precision, **more,
    )  # fmt: skip


def bytes_set(count=10, shape=(6, 5), seed=0):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
    return images, rng.integers(0, 3, count)


def test_an_epoch_is_the_epoch_order_cut_into_batches():
    images, labels = bytes_set()
    made = batches((images, labels), seed=7)
    order = epoch_order(10, 7, 3).numpy()
    steps = list(made.epoch(3))
    assert len(made) == len(steps) == 3
    for step, (inputs, targets) in enumerate(steps):
        rows = order[4 * step : 4 * step + 4]
        # What NumPy gives for bytes / 255, rounded once to float32.
        expected = (images[rows] / 255).astype(np.float32)[:, None]
        np.testing.assert_array_equal(inputs.numpy(), expected)
        np.testing.assert_array_equal(targets.numpy(), labels[rows])
        assert inputs.dtype == torch.float32 and targets.dtype == torch.int64
        assert inputs.is_contiguous()


def test_every_byte_is_divided_exactly():
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    inputs, _ = next(batches((images, [0])).epoch(1))
    np.testing.assert_array_equal(
        inputs.numpy().ravel(), np.arange(256, dtype=np.float32) / np.float32(255)
    )


def test_the_order_changes_with_the_epoch_and_the_seed_alone():
    data = (torch.arange(100.0)[:, None], torch.arange(100))

    def first(seed, epoch):
        return next(batches(data, seed=seed).epoch(epoch))[1].tolist()

    torch.manual_seed(1)
    once = first(0, 1)
    torch.manual_seed(2)
    assert first(0, 1) == once
    assert first(0, 2) != once
    assert first(1, 1) != once


def test_the_order_is_a_permutation_that_stays_as_it_is():
    assert sorted(epoch_order(1000, 5, 2).tolist()) == list(range(1000))
    # Written down once: histories of old runs rely on it.
    assert epoch_order(8, 0, 1).tolist() == [3, 4, 7, 6, 5, 2, 1, 0]


def test_no_global_generator_is_touched():
    data = bytes_set(shape=(3, 8, 8))
    torch.manual_seed(0)
    before = torch.get_rng_state()
    made = batches(data, augment=[RandomCrop(2), RandomHorizontalFlip()])
    list(made.epoch(1))
    made.head(3)
    assert torch.equal(torch.get_rng_state(), before)


def test_starting_in_the_middle_gives_the_rest_of_the_same_epoch():
    made = batches(bytes_set(shape=(3, 8, 8)), augment=[RandomCrop(2), RandomHorizontalFlip()])
    whole, rest = list(made.epoch(2)), list(made.epoch(2, start=1))
    assert len(rest) == len(whole) - 1
    for (a, b), (c, d) in zip(whole[1:], rest, strict=True):
        assert torch.equal(a, c) and torch.equal(b, d)


@pytest.mark.parametrize("processes", [2, 3])
def test_the_parts_of_all_processes_make_up_each_batch(processes):
    data = bytes_set(count=14, shape=(3, 8, 8))
    more = {"batch_size": 5, "augment": [RandomCrop(2), RandomHorizontalFlip()]}
    whole = list(batches(data, **more).epoch(2))
    parts = [list(batches(data, share=(p, processes), **more).epoch(2)) for p in range(processes)]
    for step, (inputs, targets) in enumerate(whole):
        assert torch.equal(torch.cat([part[step][0] for part in parts]), inputs)
        assert torch.equal(torch.cat([part[step][1] for part in parts]), targets)
        sizes = [len(part[step][1]) for part in parts]
        assert max(sizes) - min(sizes) <= 1


def test_batch_size_does_not_change_what_an_image_looks_like():
    images, _ = bytes_set(count=12, shape=(3, 8, 8))
    data = (images, np.arange(12))  # the label says which image it is
    augment = [RandomCrop(2), RandomHorizontalFlip()]

    def by_image(batch_size):
        found = {}
        for inputs, targets in batches(data, batch_size=batch_size, augment=augment).epoch(4):
            found |= dict(zip(targets.tolist(), inputs, strict=True))
        return found

    one, other = by_image(3), by_image(12)
    assert len(one) == 12
    assert all(torch.equal(one[k], other[k]) for k in one)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((6, 5), (1, 6, 5)),
        ((6, 5, 3), (3, 6, 5)),
        ((6, 5, 1), (1, 6, 5)),
        ((3, 6, 5), (3, 6, 5)),
        ((1, 6, 5), (1, 6, 5)),
        ((3, 6, 3), (3, 6, 3)),  # three rows or three channels: taken for channels first
        ((20,), (20,)),
    ],
)
@pytest.mark.parametrize("precision", [PLAIN, LAST])
def test_bytes_come_as_to_tensor_has_them(shape, expected, precision):
    images, labels = bytes_set(shape=shape)
    inputs, _ = next(batches((images, labels), shuffle=False, precision=precision).epoch(1))
    assert inputs.shape[1:] == expected
    moved = images[:4]
    if len(shape) == 3 and expected != shape:
        moved = np.moveaxis(moved, -1, 1)
    np.testing.assert_array_equal(
        inputs.numpy(), (moved.reshape(4, *expected) / 255).astype(np.float32)
    )
    if inputs.ndim == 4 and precision is LAST:
        assert inputs.stride(1) == 1 and inputs.stride(3) == expected[0]
    else:
        assert inputs.is_contiguous()


def test_floats_are_handed_on_as_they_are():
    images = torch.randn(6, 4, 5)  # no channel axis is added: it might be a sequence
    inputs, _ = next(batches((images, torch.zeros(6, dtype=torch.int64)), shuffle=False).epoch(1))
    assert torch.equal(inputs, images[:4])


def test_doubles_become_floats_and_say_so():
    made = batches((np.linspace(0, 1, 20).reshape(5, 4), np.zeros(5, np.int8)), shuffle=False)
    assert next(made.epoch(1))[0].dtype == torch.float32
    assert made.notes == ("float64 becomes float32",)


def test_a_model_that_writes_into_its_input_leaves_the_data_alone():
    images = -torch.ones(6, 2)
    made = batches((images, torch.zeros(6, dtype=torch.int64)), batch_size=6, shuffle=False)
    for inputs, _ in made.epoch(1):
        torch.nn.functional.relu(inputs, inplace=True)
    made.head(6)[0].add_(1)
    assert torch.equal(images, -torch.ones(6, 2))


def test_the_head_is_as_stored_and_not_augmented():
    images, labels = bytes_set(shape=(8, 8))
    made = batches((images, labels), augment=[RandomCrop(3)])
    inputs, targets = made.head(3)
    np.testing.assert_array_equal(inputs[:, 0].numpy(), (images[:3] / 255).astype(np.float32))
    assert targets.tolist() == labels[:3].tolist()
    assert len(made.head(99)[0]) == 10


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.int64, np.uint16, bool])
def test_labels_of_any_whole_type_become_int64(kind):
    labels = np.array([0, 1, 1, 0, 1]).astype(kind)
    _, targets = next(batches((np.zeros((5, 2), np.float32), labels), shuffle=False).epoch(1))
    assert targets.dtype == torch.int64 and targets.tolist() == [0, 1, 1, 0]


def test_labels_in_a_column_and_one_hot_labels():
    images = np.zeros((3, 2), np.float32)
    column = batches((images, [[2], [0], [1]]), shuffle=False)
    assert next(column.epoch(1))[1].tolist() == [2, 0, 1]
    one_hot = np.eye(3, dtype=np.int64)
    targets = next(batches((images, one_hot), shuffle=False).epoch(1))[1]
    assert targets.dtype == torch.float32 and targets.tolist() == one_hot.tolist()


def test_probabilities_and_numbers_to_learn_stay_floats():
    images = np.zeros((3, 2), np.float32)
    for labels in (np.full((3, 4), 0.25), np.array([0.5, 1.5, 2.5])):
        targets = next(batches((images, labels), shuffle=False).epoch(1))[1]
        assert targets.dtype == torch.float32
        np.testing.assert_allclose(targets.numpy(), labels)


def test_a_set_of_tensors_and_a_part_of_it_live_on_the_device():
    images, labels = torch.arange(20.0)[:, None], torch.arange(20)
    whole = TensorDataset(images, labels)
    made = batches(Subset(Subset(whole, range(5, 15)), [1, 3]), shuffle=False)
    assert made.resident
    assert next(made.epoch(1))[1].tolist() == [6, 8]
    made = batches(Subset(whole, [-1, 3, 3]), shuffle=False)
    assert next(made.epoch(1))[1].tolist() == made.head(9)[1].tolist() == [19, 3, 3]
    with pytest.raises(IndexError, match="20"):
        batches(Subset(whole, [20]))
    with pytest.raises(ValueError, match="train: found an empty set"):
        batches(Subset(whole, []))


def test_a_part_of_a_set_of_tensors_is_not_copied():
    images = torch.zeros(20, 2)
    part = unwrapped(Subset(TensorDataset(images, torch.arange(20)), range(18)), "train")
    assert len(part) == 18 and part.inputs.data_ptr() == images.data_ptr()


def test_the_rule_for_the_batch_size():
    f32, bf16 = PLAIN, LAST
    assert choose_batch_size(60_000, CPU, f32) == 128
    assert choose_batch_size(60_000, CPU, bf16) == 256
    assert choose_batch_size(60_000, torch.device("cuda"), bf16) == 512
    assert [choose_batch_size(n, CPU, bf16) for n in (6_000, 1_437, 100, 1, 0)] == [
        64, 16, 16, 16, 16,
    ]  # fmt: skip


def test_arrays_that_cannot_be_written_to_are_shared_without_a_word(recwarn):
    images, labels = bytes_set()
    images.flags.writeable = False
    made = batches((images, labels))
    list(made.epoch(1))
    assert not recwarn.list
