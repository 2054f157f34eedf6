"""The sets that need no network: the same bytes everywhere, neither trivial nor hopeless."""

import hashlib
import subprocess
import sys
import time
from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from coursekit.datasets import load, shapes, strokes
from coursekit.datasets.cache import digest
from coursekit.datasets.drawing import Dice, to_bytes, to_segment
from coursekit.datasets.registry import record

BUILT_IN = ("digits", "strokes", "shapes")
DRAWN = ("strokes", "shapes")


@cache
def loaded(name):
    """A set that is drawn once for all tests here."""
    return load(name, download=False)


def four(name):
    (x_train, y_train), (x_test, y_test) = loaded(name)
    return x_train, y_train, x_test, y_test


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_bytes_are_those_of_the_registry(name):
    together = "".join(digest(array) for array in four(name))
    assert hashlib.sha256(together.encode()).hexdigest() == record(name).digest


@pytest.mark.parametrize("name", BUILT_IN)
def test_types_and_shapes_are_those_of_the_contract(name):
    known = record(name)
    x_train, y_train, x_test, y_test = four(name)
    assert x_train.shape == (known.train, *known.image_shape)
    assert x_test.shape == (known.test, *known.image_shape)
    assert y_train.shape == (known.train,)
    assert y_test.shape == (known.test,)
    assert x_train.dtype == x_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    assert all(array.flags.writeable for array in four(name))


def test_a_set_unpacks_as_load_data_does_and_tells_about_itself():
    data = loaded("strokes")
    train, test = data
    assert len(data) == 2
    assert train[0] is data.train[0]
    assert test[1] is data.test[1]
    assert data.name == "strokes"
    assert data.classes[-1] == "ring"
    assert data.card.startswith("# Strokes")
    assert len(repr(data)) < 300


def test_every_call_gives_arrays_of_its_own():
    load("digits").train[0][:] = 0
    assert load("digits").train[0].max() == 255


@pytest.mark.parametrize("name", DRAWN)
def test_classes_are_equally_frequent_and_mixed(name):
    _, y_train, _, y_test = four(name)
    together = np.bincount(np.concatenate([y_train, y_test]))
    assert together.tolist() == [700] * 10
    assert np.bincount(y_train[:500], minlength=10).min() >= 25
    assert np.bincount(y_test, minlength=10).min() >= 70


@pytest.mark.parametrize("name", DRAWN)
def test_no_image_comes_twice(name):
    x_train, _, x_test, _ = four(name)
    images = np.concatenate([x_train, x_test]).reshape(7000, -1)
    assert len({image.tobytes() for image in images}) == 7000


@pytest.mark.parametrize(("name", "low", "high"), [("strokes", 0.75, 0.97), ("shapes", 0.25, 0.7)])
def test_neighbours_do_better_than_chance_and_leave_something_to_learn(name, low, high):
    x_train, y_train, x_test, y_test = four(name)
    judge = KNeighborsClassifier(5).fit(x_train.reshape(6000, -1).astype(np.float32), y_train)
    assert low < judge.score(x_test[:400].reshape(400, -1).astype(np.float32), y_test[:400]) < high


@pytest.mark.parametrize("name", DRAWN)
def test_mean_brightness_says_little_about_the_class(name):
    x_train, y_train, x_test, y_test = four(name)
    means = x_train.reshape(6000, -1).mean(axis=1, keepdims=True)
    judge = KNeighborsClassifier(25).fit(means, y_train)
    assert judge.score(x_test.reshape(1000, -1).mean(axis=1, keepdims=True), y_test) < 0.25


def test_drawing_5000_images_takes_under_two_seconds_of_work():
    begun = time.process_time()
    strokes.draw(5000, seed=3)
    middle = time.process_time()
    shapes.draw(5000, seed=3)
    assert middle - begun < 2
    assert time.process_time() - middle < 2


@pytest.mark.parametrize("draw", [strokes.draw, shapes.draw])
def test_another_seed_gives_other_images_and_the_same_one_the_same(draw):
    first, again, other = draw(30, seed=1), draw(30, seed=1), draw(30, seed=2)
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])
    assert not np.array_equal(first[1], other[1])


def test_drawing_needs_numpy_alone():
    code = (
        "import sys; from coursekit.datasets import shapes, strokes, load;"
        "strokes.draw(9, 1); shapes.draw(9, 1);"
        "print({'scipy', 'sklearn', 'torch', 'PIL', 'pooch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_horizontal_stroke_is_wide_and_a_vertical_one_high():
    images, labels = strokes.draw(600, seed=4)
    bright = np.where(images > 120, 1.0, 0.0)
    spread_x = bright.any(axis=1).sum(axis=1)
    spread_y = bright.any(axis=2).sum(axis=1)
    assert np.median((spread_x - spread_y)[labels == 0]) > 5
    assert np.median((spread_x - spread_y)[labels == 1]) < -5


def test_a_disc_is_filled_and_a_ring_is_not():
    # The middle of the figure, found as the centre of what is brighter than the image's median.
    images, labels = shapes.draw(600, seed=4)
    filled = []
    for image in images.astype(float).sum(axis=3):
        over = np.maximum(image - np.median(image) - 40, 0)
        rows, columns = np.indices(over.shape)
        row = round((over * rows).sum() / over.sum())
        column = round((over * columns).sum() / over.sum())
        middle = over[row - 1 : row + 2, column - 1 : column + 2].mean()
        filled.append(middle > 0.4 * np.percentile(over, 97))
    share = np.array(filled)
    assert share[labels == 0].mean() > 0.85
    assert share[labels == 1].mean() < 0.15


def test_digits_are_scikit_learn_s_stretched_to_bytes_and_split_in_order():
    source = load_digits()
    x_train, y_train, x_test, y_test = four("digits")
    stretched = np.concatenate([x_train, x_test]).astype(float) / 255 * 16
    assert np.abs(stretched - source.images).max() <= 0.5 / 255 * 16 + 1e-12
    assert np.array_equal(np.concatenate([y_train, y_test]), source.target)
    assert np.bincount(y_test).min() >= 33


def test_the_dice_roll_the_same_for_all_time():
    # The first outputs of PCG64 seeded with 1, worked out from NumPy's published algorithm.
    raw = np.random.PCG64(1).random_raw(4)
    rolled = Dice(1).between(0, 1, 4)
    assert rolled.tolist() == [int(value) // 2**11 / 2**53 for value in raw]
    assert np.allclose(rolled, [0.51182162, 0.9504637, 0.14415961, 0.94864945])


def test_noise_has_the_spread_asked_for_and_no_drift():
    noise = Dice(2).noise(3.0, 100_000)
    assert abs(noise.std() - 3) < 0.03
    assert abs(noise.mean()) < 0.03


def test_distance_to_a_segment_by_hand():
    x, y = np.array([0.0, 5.0, 2.0]), np.array([3.0, 4.0, -2.0])
    ends = (np.array(value) for value in (0.0, 0.0, 2.0, 0.0))
    assert to_segment(x, y, *ends).tolist() == [3.0, 5.0, 2.0]


def test_bytes_are_rounded_and_clipped():
    assert to_bytes(np.array([-0.6, 0.49, 0.5, 254.6, 256.0])).tolist() == [0, 0, 1, 255, 255]
