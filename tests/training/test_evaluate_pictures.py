"""What an evaluation draws: which mistakes, in which order, with which words."""

import html
import io
import re
import sys
from base64 import b64decode

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.training.measuring.evaluate import evaluate
from coursekit.training.measuring.evaluation import Evaluation
from coursekit.training.measuring.mistakes import SurestMistakes, picture_of


@pytest.fixture
def page(monkeypatch):
    """Pretend to run in a notebook; the list collects (alt text, pixels) of what is displayed."""
    import IPython.display

    shown = []

    def display(data, raw=False):
        found = re.search(r'<img alt="([^"]*)" src="data:[^,]*,([^"]*)"', data["text/html"])
        pixels = np.asarray(Image.open(io.BytesIO(b64decode(found[2]))).convert("RGB"))
        shown.append((html.unescape(found[1]), pixels))

    from coursekit import figures

    monkeypatch.setattr(sys.modules[figures.show.__module__], "_shell", lambda: object())
    monkeypatch.setattr(IPython.display, "display", display)
    return shown


@pytest.fixture
def drawn(monkeypatch):
    """Collect the arguments of `figures.images` instead of drawing."""
    calls = []
    from coursekit import figures

    monkeypatch.setattr(figures, "images", lambda items, **rest: calls.append((items, rest)))
    return calls


def made(count=40, classes=4, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), size=count)
    images = np.arange(count, dtype=np.float64)[:, None, None] + np.zeros((count, 6, 6))
    return Evaluation(p, rng.integers(classes, size=count), images=images), p


def test_the_surest_mistakes_come_first_with_both_names(drawn):
    found, p = made()
    found.mistakes(6)
    (items, rest), *_ = drawn
    sure = p.max(axis=1)
    by_hand = sorted(
        (i for i in range(40) if p[i].argmax() != found.labels[i]), key=lambda i: -sure[i]
    )[:6]
    assert [int(image[0, 0]) for _, image in items] == by_hand
    i = by_hand[0]
    assert items[0][0] == f"says {p[i].argmax()} ({int(100 * sure[i])}%), is {found.labels[i]}"
    assert "6 pictures that the network was wrong about" in rest["alt"]


def test_mistakes_of_one_class_or_taken_for_one(drawn):
    found, p = made(count=200)
    found.mistakes(50, of="2")
    found.mistakes(50, taken_for="3")
    found.mistakes(50, of="2", taken_for="3")
    numbers = [{int(image[0, 0]) for _, image in items} for items, _ in drawn]
    wrong = p.argmax(axis=1) != found.labels
    assert numbers[0] == set(np.flatnonzero(wrong & (found.labels == 2)).tolist())
    assert numbers[1] == set(np.flatnonzero(wrong & (p.argmax(axis=1) == 3)).tolist())
    assert numbers[2] == numbers[0] & numbers[1] != set()
    with pytest.raises(ValueError, match="of: found 'shirt'; expected one of 0, 1, 2, 3"):
        found.mistakes(of="shirt")
    with pytest.raises(ValueError, match="n: found 0"):
        found.mistakes(0)


def test_evaluate_keeps_the_pictures_of_the_surest_mistakes_whatever_the_batches(drawn):
    torch.manual_seed(0)
    images = torch.rand(90, 3, 5, 7)
    labels = torch.randint(4, (90,))
    model = nn.Sequential(nn.Flatten(), nn.Linear(105, 4))
    whole = evaluate(model, (images, labels))
    pieces = evaluate(model, DataLoader(TensorDataset(images, labels), batch_size=7))
    whole.mistakes(8)
    pieces.mistakes(8)
    for items, _ in drawn:
        assert len(items) == 8
        for (title, image), number in zip(items, whole.wrong[:8], strict=True):
            assert np.allclose(image, images[number].permute(1, 2, 0).numpy())
            assert title.endswith(f"is {labels[number]}")


def test_only_as_many_inputs_are_kept_as_were_asked_for():
    rng = np.random.default_rng(3)
    sure, wrong = rng.random(100), rng.random(100) < 0.6
    images = np.arange(100.0)[:, None, None]
    keeper = SurestMistakes(most=9)
    for first in range(0, 100, 13):
        part = slice(first, first + 13)
        keeper.add(first, images[part], sure[part], wrong[part])
        assert len(keeper.images) <= 9
    best = sorted(np.flatnonzero(wrong), key=lambda i: -sure[i])[:9]
    assert sorted(keeper.images) == sorted(best)
    assert all(keeper.images[i].item() == i for i in best)


def test_large_inputs_are_kept_in_smaller_number():
    keeper = SurestMistakes()
    image = np.zeros((3, 1000, 1000), dtype=np.float32)
    keeper.add(0, [image] * 5, np.full(5, 0.5), np.full(5, True))
    assert sorted(keeper.images) == [0, 1]  # 12 MB each


def test_inputs_become_pictures():
    rng = np.random.default_rng(0)
    x = rng.random((3, 5, 7))
    assert np.array_equal(picture_of(x), np.moveaxis(x, 0, -1))
    assert np.array_equal(picture_of(x[:1]), x[0])
    assert np.array_equal(picture_of(x[0]), x[0])
    assert np.allclose(picture_of(x[:2]), x[:2].mean(axis=0))
    assert picture_of(rng.random((28, 28, 1))).shape == (28, 28)
    assert picture_of(rng.random((32, 32, 3))).shape == (32, 32, 3)
    with pytest.raises(ValueError, match=r"images: found inputs of shape \(784,\)"):
        picture_of(np.zeros(784))
    with pytest.raises(ValueError, match="images: found none"):
        Evaluation([[0.4, 0.6]], [0]).mistakes()


def test_pictures_are_shown_with_alt_texts_that_hold_in_every_run(page):
    found, _ = made()
    found.plot_confusion()
    found.plot_calibration()
    found.mistakes(3)
    found.mistakes(1, alt="A picture with an alt text of my own.")
    texts = [alt for alt, _ in page]
    assert texts[0] == (
        "Counts of images: true classes in 4 rows, predicted classes in as many columns, right "
        "answers on the diagonal."
    )
    assert texts[1].startswith("Share of right answers for each range of confidence")
    assert texts[2] == (
        "3 pictures that the network was wrong about, the surest mistake first; above each the "
        "answer and the true class."
    )
    assert texts[3] == "A picture with an alt text of my own."
    assert not any(re.search(r"\d\.\d", text) for text in texts)
    assert all(pixels.std() > 5 for _, pixels in page)


def test_of_many_classes_those_in_most_mistakes_are_drawn(monkeypatch):
    calls = []
    from coursekit import figures

    monkeypatch.setattr(figures, "confusion", lambda *a, **k: calls.append((a, k)))
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(30), 10)
    guesses = labels.copy()
    guesses[labels < 25] = rng.integers(5, 25, size=250)  # classes 25 to 29 are always right
    found = Evaluation(np.eye(30)[guesses], labels)
    found.plot_confusion()
    (matrix, names), rest = calls[0]
    assert matrix.shape == (20, 20)
    assert set(names) <= {str(k) for k in range(25)}
    assert names == sorted(names, key=int)
    assert matrix[0, 1] == found.confusion[int(names[0]), int(names[1])]
    assert "10 classes with fewer mistakes are left out" in rest["alt"]
