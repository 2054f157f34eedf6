"""Mistakes that are told apart from others that look like them, and learning rates in between."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.training import TrainingError, diagnose, fit
from coursekit.training.diagnosis import inspect_rate


def data(count=96, channels=1, classes=10):
    """Images whose class shows: a bright row, so that a model can learn them."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % classes
    pictures = 0.3 * torch.rand(count, channels, 12, 12, generator=generator)
    pictures[torch.arange(count), :, labels] += 0.7
    return pictures, labels


def network(channels=1, classes=10):
    return nn.Sequential(
        nn.Conv2d(channels, 6, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(216, 24),
        nn.ReLU(),
        nn.Linear(24, classes),
    )


class Through(nn.Module):
    """A network whose outputs are changed at the end of forward."""

    def __init__(self, change, before=lambda x: x):
        super().__init__()
        self.layers, self.change, self.before = network(), change, before

    def forward(self, x):
        return self.change(self.layers(self.before(x)))


def only(found):
    assert len(found) == 1, found
    return found[0]


def test_argmax_in_forward_is_no_score():
    finding = only(diagnose(Through(lambda x: x.argmax(1)), data()))
    assert finding.code == "no_scores"
    assert "int64" in finding.sentence and "argmax" in finding.mend


def test_an_array_in_forward():
    finding = only(diagnose(Through(lambda x: x, lambda x: x.numpy()), data()))
    assert finding.code == "numpy_in_forward"
    assert "None" not in finding.sentence


@pytest.mark.parametrize("axis", [1, 4])
def test_one_axis_too_many_is_squeezed(axis):
    images, labels = data()
    names = {"images": images.unsqueeze(axis)}
    finding = only(diagnose(network(), (names["images"], labels)))
    assert finding.code == "too_many_axes"
    exec(finding.mend, names)
    assert not diagnose(network(), (names["images"], labels))


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.BCEWithLogitsLoss()])
def test_numbers_of_classes_for_a_loss_that_compares_with_every_output(loss):
    images, labels = data()
    names = {"labels": labels.float(), "torch": torch}
    finding = only(diagnose(network(), (images, names["labels"]), loss=loss))
    assert finding.code == ("shapes_differ" if type(loss) is nn.MSELoss else "labels_range")
    exec(finding.mend, names)
    assert names["labels"].shape == (96, 10)
    assert not diagnose(network(), (images, names["labels"]), loss=loss)


def test_wild_images_on_both_sides_of_zero():
    images, labels = data()
    names = {"images": (images - 0.13) / 0.0003}
    finding = only(diagnose(network(), (names["images"], labels)))
    assert finding.code == "loss_at_start" and finding.level == "warning"
    exec(finding.mend, names)
    assert not diagnose(network(), (names["images"], labels))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda x, y: (x.transpose(0, 2, 3, 1), y), "channels_last"),
        (lambda x, y: (x, y.astype(np.float32)), "float_labels"),
        (lambda x, y: (x[:, :1], y), "channel_count"),
        (lambda x, y: ((x - 0.13) / 0.001, y), "loss_at_start"),
    ],
)
def test_mends_do_for_arrays_as_they_are(change, code):
    images, labels = data(channels=3)
    images, labels = change(images.numpy(), labels.numpy())
    torch.manual_seed(0)
    finding = only(diagnose(network(channels=3), (images, labels)))
    assert finding.code == code
    names = {"images": images, "labels": labels, "torch": torch}
    exec(finding.mend, names)
    torch.manual_seed(0)
    assert not diagnose(network(channels=3), (names["images"], names["labels"]))


class Blind(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 10)

    def forward(self, x):
        return self.fc(torch.ones(len(x), 1))


def test_a_model_that_never_looks_at_the_image():
    finding = only(diagnose(Blind(), data()))
    assert finding.code == "same_scores" and "forward" in finding.sentence
    with pytest.warns(UserWarning, match="same scores"):
        fit(Blind(), data(), lr=0.01, seed=0, progress=False)


def test_a_head_that_starts_at_zero_is_in_order():
    model = network()
    nn.init.zeros_(model[-1].weight)
    nn.init.zeros_(model[-1].bias)
    assert not diagnose(model, data())


def test_words_as_labels_swapped_data_and_rates_below_zero_are_refused():
    images, labels = data()
    names = np.array(["cat", "dog"])[labels.numpy() % 2]
    with pytest.raises(ValueError, match=r"np.unique\(names, return_inverse=True\)"):
        diagnose(network(), (images, names))
    with pytest.raises(ValueError, match="images first, labels second"):
        diagnose(network(), (labels, images))
    with pytest.raises(ValueError, match=r"lr: found -0\.1"):
        diagnose(network(), (images, labels), lr=-0.1)
    with pytest.raises(TypeError, match="found a class"):
        diagnose(nn.ReLU, (images, labels))


@pytest.mark.parametrize(
    ("kind", "lr", "options"),
    [
        (torch.optim.AdamW, 0.5, {}),
        (torch.optim.SGD, 8.0, {}),
        (torch.optim.SGD, 3.0, {"momentum": 0.9}),
    ],
)
def test_a_rate_that_teaches_nothing_though_the_loss_stays_small(kind, lr, options):
    torch.manual_seed(0)
    model = network()
    optimizer = kind(model.parameters(), lr=lr, **options)
    before = [p.clone() for p in model.parameters()]
    finding = only(diagnose(model, data(), optimizer=optimizer))
    assert finding.code == "lr_too_high"
    assert all(map(torch.equal, before, model.parameters()))
    names = {}
    exec(finding.mend, names)
    again = kind(model.parameters(), lr=names["lr"], **options)
    assert not diagnose(model, data(), optimizer=again)


def test_nothing_is_said_of_a_rate_that_there_was_no_time_to_try(monkeypatch):
    monkeypatch.setattr(inspect_rate, "_SECONDS", -1.0)  # over at the first look at the clock
    torch.manual_seed(0)
    model = network()
    assert not diagnose(model, data(), optimizer=torch.optim.AdamW(model.parameters(), lr=0.5))


@pytest.mark.parametrize(
    ("kind", "lr"), [(torch.optim.AdamW, 0.03), (torch.optim.SGD, 0.3), (torch.optim.SGD, 1.0)]
)
def test_a_high_rate_that_works_is_left_in_peace(kind, lr):
    torch.manual_seed(0)
    model = network()
    assert not diagnose(model, data(), optimizer=kind(model.parameters(), lr=lr))


def test_labels_drawn_at_random_are_no_matter_of_the_rate():
    images, labels = data()
    labels = labels[torch.randperm(96, generator=torch.Generator().manual_seed(1))]
    torch.manual_seed(0)
    assert not diagnose(network(), (images, labels), lr=0.03)


def test_fit_speaks_of_a_model_that_comes_in_evaluation_mode():
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.1), nn.Linear(144, 10)).eval()
    with pytest.warns(UserWarning, match="came in evaluation mode") as said:
        fit(model, data(), lr=0.01, seed=0, progress=False)
    assert len(said) == 1 and model.training
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = nn.Sequential(nn.Flatten(), nn.Linear(144, 10)).eval()  # no layer minds the mode
        fit(plain, data(), lr=0.01, seed=0, progress=False)


def normed():
    return nn.Sequential(nn.Flatten(), nn.BatchNorm1d(144), nn.Linear(144, 10))


def test_one_image_left_over_in_arrays_is_mended_by_the_batch_size():
    images, labels = data(33)
    with pytest.raises(Exception, match="one example") as stopped:
        fit(normed(), (images, labels), batch_size=32, progress=False)
    names = {}
    exec(stopped.value.finding.mend, names)
    history = fit(normed(), (images, labels), batch_size=names["batch_size"], progress=False)
    assert len(history.records) == 1


@pytest.mark.parametrize("count", [17, 33, 241])
def test_the_batch_that_fit_chooses_leaves_no_image_alone(count):
    assert len(fit(normed(), data(count), seed=0, progress=False).records) == 1


def test_what_stops_training_comes_before_what_only_hinders_it():
    images, labels = data()
    torch.manual_seed(0)
    found = diagnose(network(), (images * 255, labels + 1))
    assert [finding.level for finding in found] == ["error", "warning"]


class Odd(torch.utils.data.Dataset):
    """Examples as some data sets give them."""

    def __init__(self, example):
        self.example = example

    def __len__(self):
        return 40

    def __getitem__(self, index):
        return self.example(index)


def test_images_of_several_sizes_and_examples_in_dicts():
    sizes = Odd(lambda i: (torch.rand(1, 12, 12 + i % 2), i % 10))
    finding = only(diagnose(network(), sizes))
    assert finding.code == "image_sizes" and "[1, 12, 13]" in finding.sentence
    names = {"image": torch.rand(1, 12, 13), "torch": torch}
    exec(finding.mend, names)
    assert names["image"].shape == (1, 28, 28)
    with pytest.raises(TypeError, match=r"dict with image, label .* return image, label"):
        diagnose(network(), Odd(lambda i: {"image": torch.rand(1, 12, 12), "label": 0}))


class PartlyForInference(nn.Module):
    """Computes all of its forward, or only its first layer, under `torch.inference_mode`."""

    def __init__(self, whole):
        super().__init__()
        self.whole, self.first, self.second = whole, nn.Linear(144, 24), nn.Linear(24, 10)

    def forward(self, x):
        with torch.inference_mode():
            x = self.first(x.flatten(1)).relu()
            if self.whole:
                return self.second(x)
        return self.second(x)


@pytest.mark.parametrize("whole", [True, False])
def test_a_forward_under_inference_mode(whole):
    finding = only(diagnose(PartlyForInference(whole), data()))
    assert finding.code == "cut_off" and "torch.inference_mode()" in finding.sentence


def test_a_call_under_inference_mode_gets_one_sentence():
    model = network()
    with torch.inference_mode():
        finding = only(diagnose(model, data()))  # the images are made there, too
        with pytest.raises(TrainingError) as stopped:
            fit(model, data(), lr=0.01, seed=0, progress=False)
    assert finding.code == "gradients_off" and "torch.inference_mode()" in finding.sentence
    assert str(stopped.value) == str(finding)
    with torch.no_grad():
        assert "torch.no_grad()" in only(diagnose(model, data())).sentence
    assert not any(p.is_inference() for p in model.parameters())


def test_a_model_made_under_inference_mode():
    with torch.inference_mode():
        model = network()
    finding = only(diagnose(model, data()))
    assert finding.code == "made_for_inference"
    with pytest.raises(TrainingError, match="made under torch"):
        fit(model, data(), lr=0.01, seed=0, progress=False)
    names = {"model": model}
    exec(finding.mend, names)
    assert not diagnose(names["model"], data())
    fit(names["model"], data(), lr=0.01, seed=0, progress=False)


def test_looking_under_inference_mode_leaves_the_model_as_it_is():
    class NoCopy(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = network()

        def forward(self, x):
            return self.inner(x)

        def __deepcopy__(self, memo):
            raise TypeError("no copies")

    model = NoCopy()
    before = [p.detach().clone() for p in model.parameters()]
    with torch.inference_mode():
        assert only(diagnose(model, data(), lr=0.01)).code == "gradients_off"
        assert torch.is_inference_mode_enabled()
    assert all(map(torch.equal, before, model.parameters()))
