"""The source that is shown gives the weights that the call gave, bit for bit."""

import contextlib
import io

import pytest
import torch
from test_fit_plain import assert_same, images, network
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training import RandomCrop, RandomHorizontalFlip, fit, show_loop
from coursekit.training.shown import show

COMMON = {"epochs": 2, "seed": 3, "progress": False, "batch_size": 16}
CALLS = {
    "plain": {"lr": 0.01, "precision": "float32"},
    "own choice": {},
    "bf16": {"precision": "bfloat16", "lr": 0.01},
    "onecycle": {"schedule": "onecycle", "lr": 0.01, "warmup": 0.5},
    "onecycle of SGD": {"optimizer": "sgd"},
    "cosine after warm-up": {"schedule": "cosine", "lr": 0.01, "warmup": 0.5},
    "step": {"schedule": "step", "lr": 0.01},
    "constant after warm-up": {"lr": 0.01, "warmup": 1},
    "clip and accumulate": {"clip": 0.1, "accumulate": 4, "lr": 0.01},
    "smoothing": {"label_smoothing": 0.1, "lr": 0.01},
    "class weights": {"class_weights": [1.0, 2.0, 0.5, 1.0], "lr": 0.01},
    "decay": {"weight_decay": 0.1, "lr": 0.01},
    "slow body": {"lr_scale": {"0": 0.1}, "lr": 0.01},
    "average": {"average": 0.8, "lr": 0.01},
    "validation": {"validation": 0.3, "lr": 0.1, "epochs": 4, "patience": 1},
    "average and validation": {"validation": 0.3, "average": 0.9, "lr": 0.1, "epochs": 3},
    "augmented": {"augment": [RandomCrop(2), RandomHorizontalFlip()], "lr": 0.01},
    "a loss of torch": {"loss": nn.MultiMarginLoss(), "lr": 0.01},
}


def run_shown(model, train, test=None, **names):
    """Execute what is shown, with the names that it may use."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        source = str(show_loop())
    names |= {"model": model, "train": train, "test": test}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "shown", "exec"), names)
    return source


@pytest.mark.filterwarnings("ignore::coursekit.training.TrainingWarning")
@pytest.mark.parametrize("options", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("form", ["float tensors", "byte arrays", "loader"])
def test_what_is_shown_is_what_was_run(options, form):
    x, y = images()
    raw = (x[:, 0] * 255).to(torch.uint8).numpy(), y.numpy()

    def data():
        return {
            "float tensors": (x, y),
            "byte arrays": raw,
            "loader": DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True),
        }[form]

    options = COMMON | options
    if form == "loader":
        if "validation" in options or "class_weights" in options:
            options["validation"] = (x[:30], y[:30])
        options.pop("batch_size")
    model, other = network(0.2), network(0.2)
    fit(model, data(), data(), **options)
    names = {}
    if isinstance(options.get("validation"), tuple):
        names["validation"] = options["validation"]
    source = run_shown(other, data(), data(), **names)
    assert_same(model, other)
    assert len(source.splitlines()) < 85


class Squares(Dataset):
    """Bytes with the channel last, as an image folder would give them."""

    def __len__(self):
        return 40

    def __getitem__(self, i):
        picture = torch.full((8, 8), i % 4 * 60, dtype=torch.uint8)
        return picture, i % 4


def test_a_data_set_that_python_reads():
    model, other = network(0.2), network(0.2)
    fit(model, Squares(), Squares(), lr=0.01, **COMMON)
    run_shown(other, Squares(), Squares())
    assert_same(model, other)


FORMS = {
    "a data set that is augmented": (
        lambda: Squares(),
        {"augment": [RandomCrop(2), RandomHorizontalFlip()], "accumulate": 2},
    ),
    "a share of a TensorDataset": (lambda: TensorDataset(*images()), {"validation": 0.2}),
    "a share of arrays with a column of labels": (
        lambda: (images()[0], images()[1][:, None]),
        {"validation": 0.2},
    ),
    "a column of labels": (lambda: (images()[0], images()[1][:, None]), {}),
}


@pytest.mark.parametrize(("data", "options"), FORMS.values(), ids=FORMS)
def test_other_forms_of_data(data, options):
    model, other = network(0.2), network(0.2)
    fit(model, data(), lr=0.01, **options, **COMMON)
    run_shown(other, data())
    assert_same(model, other)


def test_colours_with_the_channel_last_in_the_plain_loop():
    x, y = images()
    data = (x[:, 0, :, :, None].repeat(1, 1, 1, 3) * 255).to(torch.uint8), y

    def colours():
        torch.manual_seed(0)
        return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 4))

    model, other = colours(), colours()
    fit(model, data, lr=0.01, precision="float32", **COMMON)
    run_shown(other, data)
    assert_same(model, other)


def test_parts_of_the_callers_own_are_named():
    x, y = images()
    model, other = network(), network()

    def loss_fn(logits, targets):
        return nn.functional.cross_entropy(logits, targets) + 0.01 * logits.square().mean()

    def adam(model):
        return torch.optim.Adam(model.parameters(), lr=0.01)

    fit(model, (x, y), loss=loss_fn, optimizer=adam(model), schedule=lambda s: 0.9**s, **COMMON)
    given = {"loss_fn": loss_fn, "optimizer": adam(other), "factor": lambda s: 0.9**s}
    source = run_shown(other, (x, y), **given)
    assert_same(model, other)
    for name in given:
        assert f"# {name}:" in source


def test_the_plain_loop_is_as_short_as_the_one_by_hand(capsys):
    x, y = images()
    fit(network(), (x, y), lr=0.01, precision="float32", **COMMON)
    capsys.readouterr()
    loop = show_loop()
    assert capsys.readouterr().out.strip() == str(loop).strip()
    lines = str(loop).splitlines()
    assert len(lines) <= 26
    for line in ("        loss.backward()", "        optimizer.step()"):
        assert line in lines
    for word in ("autocast", "channels_last", "schedule", "clip", "fused", "evaluate"):
        assert word not in str(loop)


def test_before_any_call_the_default_loop_is_shown(capsys, monkeypatch):
    monkeypatch.setattr(show, "_last", [])
    loop = str(show_loop())
    x, y = images()
    model, other = network(), network()
    names = {"model": model, "train": (x, y)}
    exec(compile(loop, "default", "exec"), names)
    fit(other, (x, y), batch_size=128, lr=0.001, seed=0, precision="float32", progress=False)
    assert_same(model, other)


def test_in_a_notebook_it_is_highlighted():
    bundle = show.Loop("x = 1\n")._repr_mimebundle_()
    assert bundle["text/plain"] == "x = 1\n"
    assert "<span" in bundle["text/html"]
