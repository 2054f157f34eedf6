"""Sets that do not fit, data sets that Python reads, and DataLoaders, against plain reading."""

import random
import threading

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from coursekit.training import RandomCrop, RandomHorizontalFlip, epoch_order
from coursekit.training.data import batches as batches_module
from coursekit.training.data.batches import make_batches
from coursekit.training.data.readers import how_many_workers
from coursekit.training.data.streaming import read_ahead
from coursekit.training.machine.precision import Precision

CPU = torch.device("cpu")
PLAIN = Precision("float32", False, False, "")
LAST = Precision("bfloat16", True, False, "")
STEPS = [RandomCrop(2), RandomHorizontalFlip()]


def batches(data, *, batch_size=4, shuffle=True, seed=0, precision=PLAIN, workers=0, **more):
    return make_batches(
        data, name="train", batch_size=batch_size, shuffle=shuffle, seed=seed, device=CPU,
        precision=precision, workers=workers, **more,
    )  # fmt: skip


def colours(count=22):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8), np.arange(count)


class Set(Dataset):
    """Images as a student's own data set gives them, one by one."""

    def __init__(self, data, transform=None):
        self.images, self.labels = data
        self.transform = transform or (lambda image: image)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        return self.transform(self.images[row]), int(self.labels[row])


def to_tensor(image):
    return torch.from_numpy(image).permute(2, 0, 1).float() / 255


def noisy(image):
    """Draw from all three generators that transforms draw from."""
    chance = random.random() + np.random.rand() + float(torch.rand(()))  # noqa: NPY002
    return to_tensor(image) + chance


def same(one, other):
    pairs = list(zip(one, other, strict=True))
    return bool(pairs) and all(
        torch.equal(a, c) and a.stride() == c.stride() and torch.equal(b, d)
        for (a, b), (c, d) in pairs
    )


@pytest.fixture
def on_disk(tmp_path):
    images, labels = colours()
    np.save(tmp_path / "images.npy", images)
    return np.load(tmp_path / "images.npy", mmap_mode="r"), labels


@pytest.mark.parametrize("precision", [PLAIN, LAST])
@pytest.mark.parametrize("shuffle", [True, False])
def test_arrays_on_disk_give_what_arrays_in_memory_give(on_disk, monkeypatch, precision, shuffle):
    more = {"precision": precision, "shuffle": shuffle, "augment": STEPS}
    small = batches(on_disk, **more)
    assert small.resident  # what fits is read once
    monkeypatch.setattr(batches_module, "fits", lambda arrays, device: False)
    large = batches(on_disk, **more)
    assert not large.resident
    assert "do not fit" in large.notes[-1]
    assert same(small.epoch(2), large.epoch(2))
    assert same(small.epoch(2, start=3), large.epoch(2, start=3))
    assert same([small.head(3)], [large.head(3)])


def test_a_part_of_arrays_on_disk(on_disk, monkeypatch):
    monkeypatch.setattr(batches_module, "fits", lambda arrays, device: False)
    train, held = batches_module.split_validation(on_disk, 0.5, seed=0)
    assert isinstance(train.inputs, np.memmap)
    seen = [t for part in (train, held) for _, ts in batches(part).epoch(1) for t in ts.tolist()]
    assert sorted(seen) == list(range(22))


def test_half_of_the_free_memory_is_the_limit(on_disk, monkeypatch):
    class Memory:
        available = 2 * on_disk[0].nbytes

    monkeypatch.setattr("psutil.virtual_memory", Memory)
    assert batches(on_disk).resident
    Memory.available -= 2
    assert not batches(on_disk).resident
    assert batches((np.array(on_disk[0]), on_disk[1])).resident  # it is there already


def test_reading_goes_on_while_a_batch_is_computed():
    read, third = [], threading.Event()

    def noting(step):
        read.append(step)
        if step == 3:
            third.set()
        return step

    ahead = read_ahead(noting, range(10))
    assert next(ahead) == 0
    assert third.wait(60)  # nobody asks for more, and yet they are read
    assert read == [0, 1, 2, 3]
    ahead.close()


def test_what_fails_in_the_thread_is_raised_where_it_is_waited_for():
    def fail(step):
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(read_ahead(fail, range(3)))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_data_set_gives_what_arrays_give(workers):
    data = colours()
    arrays = batches(data, augment=STEPS)
    made = batches(Set(data), augment=STEPS, workers=workers)
    assert not made.resident
    assert same(arrays.epoch(1), made.epoch(1))
    assert same(arrays.epoch(2, start=2), made.epoch(2, start=2))  # the workers live on
    assert same([arrays.head(3)], [made.head(3)])


def test_a_data_set_shared_by_processes():
    whole = list(batches(Set(colours()), batch_size=5).epoch(1))
    parts = [list(batches(Set(colours()), batch_size=5, share=(p, 2)).epoch(1)) for p in (0, 1)]
    for step, (inputs, targets) in enumerate(whole):
        assert torch.equal(torch.cat([part[step][0] for part in parts]), inputs)
        assert torch.equal(torch.cat([part[step][1] for part in parts]), targets)


def test_chance_inside_a_data_set_comes_from_seed_epoch_and_batch():
    def epoch(number, seed=0, workers=0, start=0):
        made = batches(Set(colours(), noisy), seed=seed, workers=workers)
        return list(made.epoch(number, start=start))

    once = epoch(1)
    assert same(once, epoch(1))
    assert same(once, epoch(1, workers=2))
    assert same(once[3:], epoch(1, start=3))
    assert not same(once, epoch(2))
    values = [
        float(i.mean() - to_tensor(colours()[0][t]).mean()) for i, t in zip(*once[0], strict=True)
    ]
    assert len({round(v, 4) for v in values}) == 4  # each image draws anew


def test_a_data_set_leaves_the_global_generators_as_they_were():
    random.seed(1), np.random.seed(1), torch.manual_seed(1)  # noqa: NPY002
    expected = random.random(), np.random.rand(), float(torch.rand(()))  # noqa: NPY002
    random.seed(1), np.random.seed(1), torch.manual_seed(1)  # noqa: NPY002
    made = batches(Set(colours(), noisy), workers=0)
    list(made.epoch(1))
    made.head(2)
    assert (random.random(), np.random.rand(), float(torch.rand(()))) == expected  # noqa: NPY002


def test_pictures_of_pillow_are_taken_as_bytes():
    from PIL import Image

    data = colours()
    made = batches(Set(data, Image.fromarray))
    assert same(made.epoch(1), batches(data).epoch(1))
    assert made.notes[0] == "bytes 0 to 255 become 0 to 1, channels put first"


def test_a_loader_is_used_in_its_own_order_and_batches():
    images, labels = colours()
    loader = DataLoader(Set((images, labels), to_tensor), batch_size=5, shuffle=True)
    torch.manual_seed(3)
    expected = [list(loader) for _ in range(2)]
    after = torch.rand(())
    torch.manual_seed(3)
    made = batches(loader, batch_size=999)
    assert (made.batch_size, made.examples, len(made)) == (5, 22, 5)
    made.head(4)
    for epoch in (1, 2):
        assert same(made.epoch(epoch), expected[epoch - 1])
    assert torch.equal(torch.rand(()), after)  # nothing else was drawn
    assert made.notes == ("the DataLoader's own batches of 5",)


def test_a_loader_for_evaluation_leaves_no_trace():
    loader = DataLoader(Set(colours(), noisy), batch_size=5, shuffle=True)
    made = batches(loader, shuffle=False)
    random.seed(1), np.random.seed(1), torch.manual_seed(1)  # noqa: NPY002
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002
    list(made.epoch(1))
    made.head(3)
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002
    assert before == after


def test_bytes_from_a_loader_are_made_ready():
    loader = DataLoader(Set(colours()), batch_size=5)
    assert same(
        batches(loader, precision=LAST).epoch(1),
        batches(colours(), batch_size=5, shuffle=False, precision=LAST).epoch(1),
    )


@pytest.mark.parametrize(
    ("options", "examples", "steps", "size"),
    [
        ({"batch_size": 5}, 22, 5, 5),
        ({"batch_size": 5, "drop_last": True}, 20, 4, 5),
        ({"batch_size": 5, "sampler": [3, 1, 2]}, 3, 1, 5),
        ({"batch_sampler": [[0, 1, 2], [3, 4, 5]]}, 22, 2, 11),
    ],
)
def test_a_loader_is_counted(options, examples, steps, size):
    made = batches(DataLoader(Set(colours(), to_tensor), **options))
    assert (made.examples, len(made), made.batch_size) == (examples, steps, size)
    assert len(list(made.epoch(1))) == steps


def test_a_loader_over_a_stream_with_a_length():
    class Stream(IterableDataset):
        def __len__(self):
            return 6

        def __iter__(self):
            return ((torch.full((2,), float(k)), k) for k in range(6))

    made = batches(DataLoader(Stream(), batch_size=4))
    assert (made.examples, len(made)) == (6, 2)
    assert made.head(2)[1].tolist() == [0, 1]
    assert [t.tolist() for _, t in made.epoch(1)] == [[0, 1, 2, 3], [4, 5]]


def test_augmentation_of_a_loaders_batches():
    loader = DataLoader(Set(colours()), batch_size=5)
    one = list(batches(loader, augment=STEPS).epoch(1))
    assert same(one, batches(loader, augment=STEPS).epoch(1))
    assert same(one[2:], batches(loader, augment=STEPS).epoch(1, start=2))
    assert not same(one, batches(loader).epoch(1))


def test_a_loader_shared_by_processes():
    loader = DataLoader(TensorDataset(torch.randn(7, 2), torch.arange(7)), batch_size=3)
    parts = [list(batches(loader, share=(p, 2)).epoch(1)) for p in (0, 1)]
    together = [t for a, b in zip(*parts, strict=True) for _, ts in (a, b) for t in ts.tolist()]
    assert together == list(range(7))


def test_the_order_of_a_data_set_is_the_epoch_order():
    labels = [t for _, ts in batches(Set(colours()), seed=4).epoch(3) for t in ts.tolist()]
    assert labels == epoch_order(22, 4, 3).tolist()


def test_the_rule_for_workers(monkeypatch):
    monkeypatch.setattr("multiprocessing.get_start_method", lambda **_: "fork")
    for cores, beside_gpu, alone in ((2, 1, 0), (16, 8, 4), (64, 8, 8)):
        monkeypatch.setattr("os.sched_getaffinity", lambda _, n=cores: set(range(n)))
        assert how_many_workers("auto", torch.device("cuda")) == beside_gpu
        assert how_many_workers("auto", CPU) == alone
    monkeypatch.setattr("multiprocessing.get_start_method", lambda **_: "spawn")
    assert how_many_workers("auto", torch.device("cuda")) == 0
    assert how_many_workers(3, CPU) == 3


def test_an_object_that_is_like_a_data_set_is_one():
    class Alike:
        def __len__(self):
            return 22

        def __getitem__(self, row):
            if row >= 22:
                raise IndexError(row)
            return colours()[0][row], row

    assert same(batches(Alike()).epoch(1), batches(colours()).epoch(1))


def test_numbers_to_learn_from_a_data_set_are_floats():
    class Curve(Dataset):
        def __len__(self):
            return 5

        def __getitem__(self, row):
            return np.full(3, row / 5), row / 2  # doubles, both

    inputs, targets = next(batches(Curve(), shuffle=False).epoch(1))
    assert inputs.dtype == targets.dtype == torch.float32
    assert targets.tolist() == [0, 0.5, 1, 1.5]
