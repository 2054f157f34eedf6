"""What two processes do together, started by torchrun; each prints a line of JSON for each part.

torchrun --nproc-per-node 2 kill_team.py FOLDER
"""

import json
import os
import signal
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from coursekit.training.fitting import fit

# 97 training images in batches of 16: the last batch is one image, and one process has none of it.
EXAMPLES = 97


def data():
    generator = torch.Generator().manual_seed(1)
    labels = torch.randint(4, (EXAMPLES + 31,), generator=generator)
    images = torch.rand(EXAMPLES + 31, 1, 12, 12, generator=generator) / 2
    images[torch.arange(EXAMPLES + 31), 0, 2 * labels] += 0.5
    return (images[:EXAMPLES], labels[:EXAMPLES]), (images[EXAMPLES:], labels[EXAMPLES:])


def network(*, norm=False, dropout=0.0):
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2),
        nn.BatchNorm2d(8) if norm else nn.Identity(),
        nn.ReLU(),
        nn.Conv2d(8, 12, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(48, 4),
    )


def train(folder, *, norm=False, dropout=0.0, loader=False, **more):
    # Processes that begin with different weights and chance get the main one's.
    torch.manual_seed(int(os.environ.get("RANK", "0")))
    model = network(norm=norm, dropout=dropout)
    given, held = data()
    size = 16
    if loader:
        size, given = None, DataLoader(TensorDataset(*given), batch_size=16, shuffle=True)
    settings = {"epochs": 6, "batch_size": size, "seed": 3, "precision": "float32", "lr": 3e-3}
    settings |= {"validation": held, "patience": 5, "checkpoint": folder, "progress": False}
    return model, fit(model, given, **settings | more)


PARTS = {
    "plain": {},
    "weighted": {"class_weights": [1.0, 3.0, 0.5, 1.0], "accumulate": 2, "clip": 1.0, "epochs": 7},
}
TIMING = ("seconds", "images_per_second")


def records(history):
    return [{k: v for k, v in r.items() if k not in TIMING} for r in history.records]


def same(one, other):
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def say(part, **facts):
    facts |= {"part": part, "rank": int(os.environ["RANK"])}
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Crash:
    """Fails in all processes at one step."""

    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            raise ZeroDivisionError


class InterruptOne:
    """Ctrl-C that reaches only the second process."""

    def after_step(self, run):
        if run.step == 9 and os.environ["RANK"] == "1":
            signal.raise_signal(signal.SIGINT)


class StopOne:
    """Wants to stop, in the second process alone."""

    def after_step(self, run):
        if run.step == 9 and os.environ["RANK"] == "1":
            run.stop = "enough"


def go_on(home, name, **more):
    """Compare a run with the same that failed in between and was taken up again."""
    model, history = train(home / f"{name}-whole", **more)
    try:
        train(home / f"{name}-broken", hooks=(Crash(11),), **more)
    except ZeroDivisionError:
        again, taken_up = train(home / f"{name}-broken", resume=True, **more)
        alike = records(history) == records(taken_up)
        say(name, same=same(model, again), records=alike, epochs=len(history.records))


def main():
    home = Path(sys.argv[1])
    torch.set_num_threads(1)
    rank = int(os.environ["RANK"])
    for name, more in PARTS.items():
        model, history = train(home / name, **more)
        if rank == 0:
            save_file(model.state_dict(), home / f"{name}.safetensors")
        config = history.config["processes"]
        say(name, records=records(history), processes=config, step=int(history.config["epochs"]))
    go_on(home, "resumed", dropout=0.3, checkpoint_every=0.0)
    go_on(home, "resumed-loader", dropout=0.3, checkpoint_every=0.0, loader=True)
    _, history = train(home / "interrupted", hooks=(InterruptOne(),), dropout=0.3)
    stopped = history.stopped
    again, _ = train(home / "interrupted", resume=True, dropout=0.3)
    whole, _ = train(home / "resumed-whole", resume=True, dropout=0.3)
    say("interrupted", stopped=stopped, same=same(again, whole))
    _, history = train(home / "stopped", hooks=(StopOne(),))
    say("stopped", stopped=history.stopped, epochs=len(history.records))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(home / "norm", norm=True, epochs=1)
    say("norm", warned=[str(each.message) for each in caught if "batch norm" in str(each.message)])
    # The last part: one process fails for good, and the other must not wait for it for ever.
    if rank == 1:
        train(home / "failed", hooks=(Crash(5),))
    train(home / "failed")


if __name__ == "__main__":
    main()
