"""Augmentation of whole batches, against the same done one image at a time in NumPy."""

import numpy as np
import pytest
import torch

from coursekit.training import AlternatingFlip, RandomCrop, RandomHorizontalFlip
from coursekit.training.data.augment import Augmentation, gather
from coursekit.training.data.batches import make_batches
from coursekit.training.data.order import derived_generator
from coursekit.training.machine.precision import Precision

CPU = torch.device("cpu")


def pictures(count=7, channels=3, height=6, width=5, kind=np.uint8):
    rng = np.random.default_rng(0)
    return torch.from_numpy(rng.integers(1, 256, (count, channels, height, width)).astype(kind))


def cropped(image, padding, top, left):
    height, width = image.shape[-2:]
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    return padded[:, top : top + height, left : left + width]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("padding", [0, 1, 4, 9])
def test_crop_is_padding_and_cutting(kind, channels, padding):
    images = pictures(40, channels, kind=kind)
    step = RandomCrop(padding)
    rows = step.draw(40, generator(), epoch=1)
    made = step.apply(images, rows)
    for image, result, (top, left) in zip(images.numpy(), made.numpy(), rows.tolist(), strict=True):
        np.testing.assert_array_equal(result, cropped(image, padding, top, left))
    assert made.dtype == images.dtype and made.is_contiguous()


def test_every_place_is_drawn_alike():
    rows = RandomCrop(2).draw(50_000, generator(), epoch=1)
    for column in rows.T:
        counts = torch.bincount(column, minlength=5)
        assert len(counts) == 5
        # 10,000 are expected of each of five; five standard deviations are 447.
        assert (counts - 10_000).abs().max() < 447


def test_flip_is_reading_rows_backwards():
    images = pictures(40)
    step = RandomHorizontalFlip()
    rows = step.draw(40, generator(), epoch=1)
    assert 8 < int(rows.sum()) < 32
    expected = [i[..., ::-1] if r else i for i, r in zip(images.numpy(), rows, strict=True)]
    np.testing.assert_array_equal(step.apply(images, rows).numpy(), np.stack(expected))


def test_the_share_of_flips_is_p():
    for p in (0.0, 0.3, 1.0):
        share = RandomHorizontalFlip(p).draw(20_000, generator(), epoch=1).float().mean()
        assert abs(float(share) - p) <= 0.02 * (0 < p < 1)


def test_alternating_flips_show_both_sides_in_every_two_epochs():
    augmentation = Augmentation([AlternatingFlip()], seed=3)
    (first,), (second,), (third,) = (augmentation.draw(1000, e, CPU) for e in (1, 2, 3))
    assert bool((first != second).all())
    assert torch.equal(first, third)
    assert 400 < int(first.sum()) < 600
    (other,) = Augmentation([AlternatingFlip()], seed=4).draw(1000, 1, CPU)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    "steps",
    [
        [RandomCrop(2), RandomHorizontalFlip()],
        [RandomHorizontalFlip(), RandomCrop(2)],
        [RandomCrop(1), RandomHorizontalFlip(), RandomCrop(3)],
    ],
)
def test_several_in_one_gather_are_one_after_the_other(steps):
    images = pictures(30)
    augmentation = Augmentation(steps, seed=1)
    rows = augmentation.draw(30, 5, CPU)
    made = augmentation(images, rows)
    expected = images
    for step, row in zip(steps, rows, strict=True):
        expected = step.apply(expected, row)
    np.testing.assert_array_equal(made.numpy(), (expected.numpy() / 255).astype(np.float32))


def test_the_memory_layout_is_kept():
    images = pictures().to(memory_format=torch.channels_last)
    for step in (RandomCrop(2), RandomHorizontalFlip()):
        made = step.apply(images, step.draw(7, generator(), 1))
        assert made.is_contiguous(memory_format=torch.channels_last)


def test_a_gather_from_outside_is_zero():
    images = pictures(1, height=2, width=2)
    far = torch.tensor([[-7, 9]])
    assert not gather(images, far, torch.tensor([[0, 1]])).any()


def test_draws_come_from_the_seed_the_epoch_and_the_place_in_the_list():
    def rows(seed, epoch, position=0):
        steps = [RandomCrop(4)] * (position + 1)
        return Augmentation(steps, seed).draw(100, epoch, CPU)[position]

    assert torch.equal(rows(0, 1), rows(0, 1))
    for other in (rows(1, 1), rows(0, 2), rows(0, 1, 1)):
        assert not torch.equal(rows(0, 1), other)
    # Order and augmentation are drawn apart: the one tells nothing about the other.
    first = derived_generator(0, "order", 1)
    assert first.initial_seed() != derived_generator(0, "augment", 0, 0, 1).initial_seed()


def test_a_function_of_the_students_own_takes_part():
    seen = []

    def darker(images):
        seen.append((images.dtype, images.shape))
        return images / 2

    data = (np.full((4, 6, 6), 255, np.uint8), np.zeros(4, np.int64))
    made = make_batches(
        data, name="train", batch_size=4, shuffle=True, seed=0, device=CPU,
        precision=Precision("float32", True, False, ""),
        augment=[RandomHorizontalFlip(), darker, RandomCrop(0)],
    )  # fmt: skip
    inputs, _ = next(made.epoch(1))
    assert seen == [(torch.float32, (4, 1, 6, 6))]
    assert bool((inputs == 0.5).all())


class Noise:
    """What a student may write who wants draws of their own that resumption repeats."""

    def draw(self, count, generator, epoch):
        return torch.randn(count, generator=generator)

    def apply(self, images, rows):
        return images + rows[:, None, None, None]


def test_a_students_own_draws_are_the_images_own():
    data = (torch.zeros(6, 1, 2, 2), torch.arange(6))

    def values(batch_size):
        made = make_batches(
            data, name="train", batch_size=batch_size, shuffle=True, seed=0, device=CPU,
            precision=Precision("float32", False, False, ""), augment=Noise(),
        )  # fmt: skip
        return {
            int(label): float(image.mean())
            for inputs, targets in made.epoch(2)
            for image, label in zip(inputs, targets, strict=True)
        }

    assert values(2) == values(6)
    assert len(set(values(6).values())) == 6


@pytest.mark.parametrize("step", ["flip", 3, RandomCrop, None])
def test_what_is_no_augmentation_is_named(step):
    with pytest.raises(TypeError, match=r"augment: found .* expected RandomCrop"):
        Augmentation([step], seed=0)


@pytest.mark.parametrize("made", [None, torch.zeros(1, 1, 6, 6)])
def test_a_function_that_loses_the_batch_is_named(made):
    def lose(images):
        return made

    with pytest.raises(ValueError, match=r"augment: lose gave .* for a batch of 2 images"):
        Augmentation(lose, seed=0)(torch.zeros(2, 1, 6, 6), [])


@pytest.mark.parametrize("make", [lambda: RandomCrop(-1), lambda: RandomCrop(1.5),
                                  lambda: RandomHorizontalFlip(2)])  # fmt: skip
def test_arguments_out_of_range(make):
    with pytest.raises(ValueError, match=r"(padding|p): found"):
        make()


def test_images_without_an_axis_for_channels_are_named():
    made = make_batches(
        (torch.zeros(4, 6, 6), torch.zeros(4)), name="train", batch_size=2, shuffle=True, seed=0,
        device=CPU, precision=Precision("float32", False, False, ""), augment=RandomCrop(1),
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"augment: found a batch of shape \(2, 6, 6\)"):
        list(made.epoch(1))
