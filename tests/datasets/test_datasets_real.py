"""The real sets, from a mirror folder: published statistics, first labels, classes."""

import numpy as np
import pytest

from coursekit.datasets import load

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def loaded(shared_data, tmp_path_factory):
    """Loads a real set once, through a cache of its own, never from the network."""
    kept = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSEKIT_DATA", str(shared_data))
        patch.setenv("COURSEKIT_CACHE", str(tmp_path_factory.mktemp("cache")))

        def get(name):
            if name not in kept:
                kept[name] = load(name, download=False)
            return kept[name]

        yield get


def test_fashion_mnist_has_the_published_statistics(loaded):
    data = loaded("fashion_mnist")
    (x_train, y_train), (x_test, y_test) = data
    assert (x_train.shape, x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert round(float(x_train.mean()), 4) == 72.9404
    assert round(float(x_train.std()), 4) == 90.0212
    assert y_train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert data.classes[y_train[0]] == "Ankle boot"
    assert np.bincount(y_train).tolist() == [6000] * 10
    assert np.bincount(y_test).tolist() == [1000] * 10


def test_mnist_has_the_published_statistics(loaded):
    (x_train, y_train), (x_test, y_test) = loaded("mnist")
    assert (x_train.shape, x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert round(float((x_train / 255).mean()), 5) == 0.13066
    assert round(float((x_train / 255).std()), 5) == 0.30811
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(y_train).min() == 5421
    assert np.bincount(y_train).max() == 6742
    assert len(y_test) == 10000


def test_the_jpeg_subset_is_whole_and_its_classes_alternate(loaded):
    data = loaded("cifar10_jpeg_subset")
    (x_train, y_train), (x_test, y_test) = data
    assert (x_train.shape, x_test.shape) == ((20000, 32, 32, 3), (4000, 32, 32, 3))
    assert y_train[:20].tolist() == list(range(10)) * 2
    assert np.bincount(y_train).tolist() == [2000] * 10
    assert np.bincount(y_test).tolist() == [400] * 10
    # The published channel means of the whole set are 125.3, 123.0 and 113.9.
    assert np.abs(x_train.mean(axis=(0, 1, 2)) - [125.3, 123.0, 113.9]).max() < 2
    # Sky and sea are blue, horses and deer are not: the colours are the right way round.
    blue = [x_train[y_train == label][..., 2].mean() for label in (0, 8)]
    red = [x_train[y_train == label][..., 0].mean() for label in (0, 8)]
    assert min(blue) > min(red)


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist", "cifar10_jpeg_subset"])
def test_the_second_load_comes_from_the_cache_and_is_the_same(name, loaded, monkeypatch):
    first = loaded(name)
    monkeypatch.delenv("COURSEKIT_DATA")
    again = load(name, download=False)
    for (x, y), (x_again, y_again) in zip(first, again, strict=True):
        assert np.array_equal(x, x_again)
        assert np.array_equal(y, y_again)
