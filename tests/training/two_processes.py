"""What two processes train together, started by torchrun; the first writes what came of it."""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.training import fit


def data():
    generator = torch.Generator().manual_seed(1)
    labels = torch.randint(4, (128,), generator=generator)
    images = torch.rand(128, 1, 12, 12, generator=generator) / 2
    images[torch.arange(128), 0, 2 * labels] += 0.5
    return (images[:96], labels[:96]), (images[96:], labels[96:])


def network():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Conv2d(8, 12, 3, stride=2), nn.ReLU(),
        nn.Flatten(), nn.Linear(48, 4),
    )  # fmt: skip


def train(folder, rank=0, loader=False, epochs=3):
    torch.manual_seed(rank)  # processes that begin with different weights get the first one's
    model = network()
    given, held = data()
    settings = {"batch_size": 16, "seed": 3, "precision": "float32", "lr": 3e-3}
    if loader:
        order = torch.Generator().manual_seed(4)
        given = DataLoader(TensorDataset(*given), 16, shuffle=True, generator=order)
        settings["batch_size"] = None
    history = fit(
        model, given, held, validation=held, epochs=epochs, checkpoint=folder, resume=True,
        device="cpu", progress=False, **settings,
    )  # fmt: skip
    return model, history


if __name__ == "__main__":
    import os

    home, rank = Path(sys.argv[1]), int(os.environ["RANK"])
    for name in ("arrays", "loader"):
        model, history = train(home / name, rank, name == "loader")
        timed = ("seconds", "images_per_second")
        records = [{k: v for k, v in r.items() if k not in timed} for r in history.records]
        torch.save({"model": model.state_dict(), "records": records}, home / f"{name}{rank}.pt")
        assert history.config["processes"] == 2
