"""The plain call gives what a loop written out gives, bit for bit."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training import epoch_order, fit

PLAIN = {"epochs": 2, "lr": 0.01, "seed": 5, "precision": "float32", "progress": False}


def images(count=90, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(count, 1, 8, 8, generator=generator)
    return x, torch.randint(4, (count,), generator=generator)


def network(dropout=0.0):
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Dropout(dropout), nn.Linear(144, 4)
    )


def by_hand(model, batches_of, optimizer=None, epochs=2, lr=0.01, seed=5):
    """The loop of lesson 11; returns the mean loss of each epoch."""
    optimizer = optimizer or torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.0)
    losses = []
    torch.manual_seed(seed)
    for epoch in range(1, epochs + 1):
        model.train()
        total = count = 0
        for x, y in batches_of(epoch):
            loss = cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
            count += len(y)
        losses.append(total / count)
    return losses


def sliced(x, y, size=32, seed=5):
    return lambda epoch: [(x[i], y[i]) for i in epoch_order(len(x), seed, epoch).split(size)]


def assert_same(model, other):
    for (name, a), b in zip(model.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b), name


@pytest.mark.parametrize("form", ["tensors", "arrays", "TensorDataset"])
def test_sets_in_memory(form):
    x, y = images()
    given = {
        "tensors": (x, y),
        "arrays": (x.numpy(), y.numpy().astype(np.uint8)),
        "TensorDataset": TensorDataset(x, y),
    }[form]
    model, hand = network(0.3), network(0.3)
    history = fit(model, given, batch_size=32, **PLAIN)
    losses = by_hand(hand, sliced(x, y))
    assert_same(model, hand)
    assert history["loss"] == pytest.approx(losses, rel=1e-6)


def test_a_loader_that_shuffles_keeps_its_own_order():
    x, y = images()
    model, hand = network(0.3), network(0.3)
    test = DataLoader(TensorDataset(*images(seed=9)), batch_size=40)
    fit(model, DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True), test, **PLAIN)
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    by_hand(hand, lambda epoch: loader)
    assert_same(model, hand)


class Noisy(Dataset):
    """Adds noise from a generator of its own."""

    def __init__(self):
        self.images, self.labels = images()
        self.rng = np.random.default_rng(7)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        noise = torch.from_numpy(self.rng.normal(0, 0.1, (1, 8, 8)).astype(np.float32))
        return self.images[row] + noise, self.labels[row]


def test_looking_at_a_data_set_draws_nothing_from_its_own_generator():
    model, hand = network(0.3), network(0.3)
    fit(model, DataLoader(Noisy(), batch_size=32, shuffle=True), **PLAIN)
    loader = DataLoader(Noisy(), batch_size=32, shuffle=True)
    by_hand(hand, lambda epoch: loader)
    assert_same(model, hand)


def test_bytes_become_shares_of_255_with_a_channel():
    x, y = images()
    raw = (x[:, 0] * 255).to(torch.uint8)
    model, hand = network(), network()
    fit(model, (raw.numpy(), y.numpy()), batch_size=32, **PLAIN)
    by_hand(hand, sliced(raw.unsqueeze(1).float() / 255, y))
    assert_same(model, hand)


def test_evaluating_on_the_way_changes_nothing():
    x, y = images()
    model, hand = network(0.3), network(0.3)
    others = images(seed=9)
    fit(model, (x, y), others, validation=images(seed=8), keep="last", batch_size=32, **PLAIN)
    by_hand(hand, sliced(x, y))
    assert_same(model, hand)


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=0.01)


@pytest.mark.parametrize(
    ("asked", "lr", "torchs"),
    [
        ("sgd", 0.01, sgd),
        ("adam", 0.01, lambda m: torch.optim.Adam(m.parameters(), lr=0.01)),
        (sgd, None, sgd),
        (lambda params: torch.optim.RMSprop(params, lr=0.01), None,
         lambda m: torch.optim.RMSprop(m.parameters(), lr=0.01)),
    ],
)  # fmt: skip
def test_optimizers_are_pytorchs(asked, lr, torchs):
    x, y = images()
    model, hand = network(), network()
    asked = sgd(model) if asked is sgd else asked
    fit(model, (x, y), batch_size=32, optimizer=asked, **PLAIN | {"lr": lr})
    by_hand(hand, sliced(x, y), torchs(hand))
    assert_same(model, hand)


def test_an_optimizer_and_model_go_on_from_where_they_were():
    x, y = images()
    model, hand = network(), network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2):
        fit(model, (x, y), batch_size=32, optimizer=optimizer, **PLAIN | {"lr": None, "epochs": 1})
    other = torch.optim.Adam(hand.parameters(), lr=0.01)
    for _ in range(2):
        by_hand(hand, sliced(x, y), other, epochs=1)
    assert_same(model, hand)


def test_the_seed_is_drawn_from_pytorch_and_recorded():
    x, y = images()
    runs = []
    for _ in range(2):
        torch.manual_seed(3)
        model = network(0.3)
        torch.manual_seed(4)
        history = fit(model, (x, y), batch_size=32, lr=0.01, progress=False)
        runs.append((model, history.config["seed"]))
    again = network(0.3)
    fit(again, (x, y), batch_size=32, lr=0.01, progress=False, seed=runs[0][1])
    assert runs[0][1] == runs[1][1]
    assert_same(runs[0][0], runs[1][0])
    assert_same(runs[0][0], again)


def test_the_data_are_not_changed():
    x, y = images()
    raw = (x[:, 0] * 255).to(torch.uint8).numpy()
    before = raw.copy(), y.clone(), copy.deepcopy(x)
    fit(network(), (raw, y), images(seed=9), batch_size=32, **PLAIN)
    assert (raw == before[0]).all()
    assert torch.equal(y, before[1])
    assert torch.equal(x, before[2])
