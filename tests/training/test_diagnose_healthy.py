"""Nothing is said where nothing is wrong, and nothing is changed by looking."""

import copy
import random
import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from coursekit.datasets import load
from coursekit.models import LeNet5, LeNet5_1998, QuickCNN, resnet8
from coursekit.training import diagnose

GREY = torch.rand(96, 1, 28, 28, generator=torch.Generator().manual_seed(0))
COLOUR = torch.rand(96, 3, 32, 32, generator=torch.Generator().manual_seed(0))
LABELS = torch.randint(10, (96,), generator=torch.Generator().manual_seed(1))
FEATURES = torch.randn(96, 8, generator=torch.Generator().manual_seed(2))


def small(end=10, *, act=nn.ReLU):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), act(), nn.MaxPool2d(4), nn.Flatten(),
        nn.Dropout(0.5), nn.Linear(144, 32), act(), nn.Linear(32, end),
    )  # fmt: skip


def transfer(keep_in_eval):
    """A frozen body, one with batch norm, and a new head."""
    model = resnet8(10)
    model.requires_grad_(False)
    name, head = list(model.named_children())[-1]
    setattr(model, name, nn.Linear(head.in_features, 3))
    if keep_in_eval:
        for child_name, child in model.named_children():
            if child_name != name:
                child.eval()
    return model


def tied():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.Tanh(), nn.Linear(32, 784))
    model[3].weight = nn.Parameter(model[1].weight.detach().T.clone())
    return model


class ZeroHead(nn.Module):
    """The last layer starts at zero, and so does a branch of a residual block: both are right."""

    def __init__(self):
        super().__init__()
        self.stem, self.branch, self.head = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 1), nn.Linear(4, 10)
        for layer in (self.branch, self.head):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = x + self.branch(x)
        return self.head(x.mean((2, 3)))


class ScalesItself(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = small()

    def forward(self, x):
        return self.inner(x.float() / 255)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.rnn, self.out = (
            nn.Embedding(20, 8),
            nn.GRU(8, 8, batch_first=True),
            nn.Linear(8, 2),
        )

    def forward(self, words):
        return self.out(self.rnn(self.embed(words))[1][0])


class Stream(IterableDataset):
    def __iter__(self):
        return iter(zip(GREY, LABELS, strict=True))


class Pictures(Dataset):
    def __init__(self):
        self.targets = LABELS.tolist()

    def __len__(self):
        return len(GREY)

    def __getitem__(self, i):
        return (GREY[i] + 0.1 * torch.randn(1, 28, 28)).clamp(0, 1), self.targets[i]


def sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def _only_head_trained():
    model = small()
    return (model, (GREY, LABELS)), {"optimizer": torch.optim.Adam(model[-1].parameters(), lr=1e-3)}


def _with_sgd(lr):
    model = small()
    return (model, (GREY, LABELS)), {"optimizer": sgd(model, lr)}


strokes = load("strokes")

HEALTHY = {
    "LeNet-5 on arrays": lambda: ((LeNet5(), strokes.train), {"test": strokes.test, "lr": 0.01}),
    "LeNet-5 of 1998": lambda: ((LeNet5_1998(), (torch.rand(40, 1, 32, 32), LABELS[:40])), {}),
    "a quick network": lambda: ((QuickCNN(), strokes.train), {"lr": 0.012}),
    "a small ResNet": lambda: ((resnet8(10), (COLOUR, LABELS)), {"lr": 0.003}),
    "regression": lambda: (
        (nn.Linear(8, 1), (FEATURES, FEATURES.sum(1, keepdim=True))), {"loss": nn.MSELoss()}),
    "regression in large units": lambda: (
        (nn.Linear(8, 1), (FEATURES * 1000 + 500, FEATURES[:, :1] * 300)), {"loss": F.l1_loss}),
    "yes or no": lambda: (
        (nn.Linear(8, 1), (FEATURES, (FEATURES[:, :1] > 0).float())),
        {"loss": nn.BCEWithLogitsLoss()}),
    "sigmoid with BCELoss": lambda: (
        (nn.Sequential(nn.Linear(8, 1), nn.Sigmoid()), (FEATURES, (FEATURES[:, :1] > 0).float())),
        {"loss": nn.BCELoss()}),
    "log-softmax with NLLLoss": lambda: (
        (nn.Sequential(nn.Linear(8, 10), nn.LogSoftmax(1)), (FEATURES, LABELS)),
        {"loss": nn.NLLLoss()}),
    "dropout and batch norm": lambda: ((small(), (GREY, LABELS)), {"lr": 0.001}),
    "a frozen body": lambda: ((transfer(False), (COLOUR, LABELS % 3)), {}),
    "a frozen body in evaluation mode": lambda: ((transfer(True), (COLOUR, LABELS % 3)), {}),
    "images from -1 to 1": lambda: ((small(), (GREY * 2 - 1, LABELS)), {}),
    "standardised images": lambda: ((small(), ((GREY - 0.29) / 0.05, LABELS)), {}),
    "two classes of ten": lambda: ((small(), (GREY, LABELS % 2)), {}),
    "probabilities as labels": lambda: (
        (small(), (GREY, torch.softmax(torch.randn(96, 10), 1))), {}),
    "one-hot floats": lambda: ((small(), (GREY, F.one_hot(LABELS, 10).float())), {}),
    "an unknown label left out": lambda: (
        (small(), (GREY, LABELS.where(LABELS > 0, -100))), {}),
    "a last layer that starts at zero": lambda: ((ZeroHead(), (GREY, LABELS)), {"lr": 0.01}),
    "softmax regression from zero": lambda: (
        (nn.Sequential(nn.Flatten(), _zeroed(nn.Linear(784, 10))), (GREY, LABELS)), {}),
    "a model that divides by 255": lambda: (
        (ScalesItself(), DataLoader(TensorDataset((GREY * 255).byte(), LABELS), 16)), {}),
    "a model that divides floats": lambda: ((ScalesItself(), (GREY * 255, LABELS)), {}),
    "batch norm first": lambda: (
        (nn.Sequential(nn.BatchNorm2d(1), small()), (GREY * 255, LABELS)), {}),
    "words": lambda: ((Words(), (torch.randint(20, (64, 5)), LABELS[:64] % 2)), {}),
    "an autoencoder": lambda: ((tied(), (GREY, GREY.flatten(1))), {"loss": nn.MSELoss()}),
    "tanh": lambda: ((small(act=nn.Tanh), (GREY, LABELS)), {"lr": 0.01}),
    "a stream": lambda: ((small(), DataLoader(Stream(), 16)), {}),
    "a Dataset with chance": lambda: ((small(), Pictures()), {}),
    "a shuffled loader": lambda: ((small(), DataLoader(Pictures(), 16, shuffle=True)), {}),
    "an unshuffled loader of mixed labels": lambda: (
        (small(), DataLoader(TensorDataset(GREY, LABELS), 16)), {}),
    "a list of batches": lambda: (
        (small(), list(zip(GREY.split(16), LABELS.split(16), strict=True))), {}),
    "a sorted set, shuffled": lambda: (
        (small(), DataLoader(TensorDataset(GREY, LABELS.sort()[0]), 16, shuffle=True)), {}),
    "only the head is trained": _only_head_trained,
    "SGD at 0.1": lambda: _with_sgd(0.1),
    "SGD at 0.001": lambda: _with_sgd(0.001),
    "a loss of one's own": lambda: (
        (small(), (GREY, LABELS)),
        {"loss": lambda s, y: F.cross_entropy(s, y) + 0.01 * s.square().mean()}),
    "an imbalanced set": lambda: ((small(), (GREY, (LABELS == 0).long())), {}),
    "colour squares": lambda: (
        (small(), (torch.rand(96, 1, 1, 1).expand(96, 1, 28, 28), LABELS)), {}),
    "a part of one's data as test": lambda: (
        (small(), (GREY[:80], LABELS[:80])), {"test": (GREY[80:], LABELS[80:])}),
    "a layer frozen on purpose": lambda: ((_first_frozen(), (GREY, LABELS)), {}),
}  # fmt: skip


def _zeroed(layer):
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _first_frozen():
    model = small()
    model[0].requires_grad_(False)
    return model


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_said(name):
    torch.manual_seed(0)
    given, options = HEALTHY[name]()
    found = diagnose(*given, **options)
    assert found == []


def test_what_is_shown_where_all_is_well():
    torch.manual_seed(0)
    found = diagnose(LeNet5(), (GREY, LABELS))
    assert repr(found) == "Nothing suspicious found: the loss at the start is near ln 10."
    assert repr(found) in found._repr_html_()
    plain = diagnose(nn.Linear(8, 1), (FEATURES, FEATURES[:, :1]), loss=nn.MSELoss())
    assert repr(plain) == "Nothing suspicious found."


def test_what_is_shown_is_escaped():
    class Odd(nn.Module):
        def forward(self, x):
            raise ValueError("<script>")

    assert "<script>" not in diagnose(Odd(), (GREY, LABELS))._repr_html_()


def everything(model):
    return (
        {name: value.clone() for name, value in model.state_dict().items()},
        [None if p.grad is None else p.grad.clone() for p in model.parameters()],
        [(id(p), id(p.grad), p.requires_grad) for p in model.parameters()],
        [module.training for module in model.modules()],
        [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()],
    )


def assert_untouched(before, after):
    for name in before[0]:
        assert torch.equal(before[0][name], after[0][name]), name
    for a, b in zip(before[1], after[1], strict=True):
        assert (a is None and b is None) or torch.equal(a, b)
    assert before[2:] == after[2:]


class NoCopy(nn.Module):
    """Refuses to be copied, and so is looked at itself."""

    def __init__(self):
        super().__init__()
        self.inner = small()

    def forward(self, x):
        return self.inner(x)

    def __deepcopy__(self, memo):
        raise TypeError("no copies")


@pytest.mark.parametrize("kind", [small, NoCopy])
@pytest.mark.parametrize("lr", [0.001, 50.0, 1e-9])
@pytest.mark.parametrize("training", [True, False])
def test_nothing_is_changed(kind, lr, training):
    torch.manual_seed(0)
    model = kind().train(training)
    F.cross_entropy(model(GREY), LABELS).backward()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    optimizer.step()
    state = copy.deepcopy(optimizer.state_dict())
    own = torch.Generator().manual_seed(5)
    loader = DataLoader(Pictures(), 16, shuffle=True, generator=own)
    before = everything(model)
    chance = torch.get_rng_state(), random.getstate(), own.get_state()
    numpys = np.random.get_state()  # noqa: NPY002
    images = GREY.clone()
    diagnose(model, loader, optimizer=optimizer, test=(GREY, LABELS))
    diagnose(model, (GREY, LABELS), optimizer=optimizer)
    assert_untouched(before, everything(model))
    assert torch.equal(chance[0], torch.get_rng_state())
    assert chance[1] == random.getstate()
    assert torch.equal(chance[2], own.get_state())
    now = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(numpys, now, strict=True))
    assert torch.equal(images, GREY)
    after = optimizer.state_dict()
    for i, kept in state["state"].items():
        assert all(torch.equal(kept[key], after["state"][i][key]) for key in kept)


def test_a_list_is_not_used_up_and_a_generator_not_begun():
    begun = []

    def batches():
        begun.append(True)
        yield GREY, LABELS

    assert diagnose(small(), batches()).codes == ["used_up"]
    assert not begun


@pytest.mark.parametrize("thing", [None, 3, "mnist", {"a": 1}])
def test_what_is_no_data(thing):
    with pytest.raises(TypeError, match=r"data: found .*; expected \(images, labels\)"):
        diagnose(small(), thing)


def test_what_is_no_model():
    with pytest.raises(TypeError, match=r"model: found a class; expected a torch.nn.Module"):
        diagnose(LeNet5, (GREY, LABELS))


@pytest.mark.parametrize("error", [ValueError, KeyError, ZeroDivisionError, AssertionError])
def test_whatever_a_model_raises_is_told(error):
    class Stops(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Flatten()

        def forward(self, x):
            self.layer(x)
            raise error("no good")

    (finding,) = diagnose(Stops(), (GREY, LABELS))
    assert finding.code == "forward_error"
    assert error.__name__ in finding.sentence and "after model.layer (Flatten)" in finding.sentence


def test_it_costs_no_more_than_a_few_steps():
    """Beside training steps of batch 128, in seconds of processor: others may use the machine."""
    torch.manual_seed(0)
    model = LeNet5()
    x, y = torch.rand(128, 1, 28, 28), torch.arange(128) % 10
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001)

    def clock(work):
        start = time.process_time()
        work()
        return time.process_time() - start

    def step():
        for _ in range(4):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()

    def look():
        diagnose(model, (x, y), optimizer=optimizer)

    pairs = [(clock(step), clock(look)) for _ in range(9)]
    steps, looks = zip(*pairs, strict=True)
    # The least of each: what was in the way of a round made it longer, never shorter.
    assert min(looks) < 1.5 * min(steps)
