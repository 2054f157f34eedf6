"""Train a small network, killed at random moments and taken up again, and say how it ended.

    python kill_runs.py FOLDER SEED KIND=KILLS...

KIND is `arrays`, `loader` (a DataLoader that shuffles) or `own` (a data set with its own chance).
The process loads torch once and forks for each attempt. For each kind it prints one line of JSON:
what the run without a kill left and what the other left, and where it was taken up.

A run that is to be killed goes only one step further than the one after which the kill is due, and
waits there: however late the kill comes on a busy machine, it does come in the middle.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy as np
import torch
import torch._dynamo  # optimizers load it: once, before the forks
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.training.data.augment import RandomCrop, RandomHorizontalFlip
from coursekit.training.fitting import fit

EXAMPLES, BATCH, EPOCHS = 300, 24, 3


class Noisy(Dataset):
    """Pictures with noise from a generator of its own and from the global ones."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels
        self.rng = np.random.default_rng(5)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        noise = self.rng.normal(0, 0.1) + random.random() / 10 + np.random.rand() / 10  # noqa: NPY002
        return self.images[row] + noise + torch.rand(()) / 10, self.labels[row]


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout2d(0.2),
        nn.Conv2d(8, 12, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(48, 4),
    )


def data(kind):
    generator = torch.Generator().manual_seed(1)
    labels = torch.randint(4, (EXAMPLES,), generator=generator)
    images = torch.rand(EXAMPLES, 1, 12, 12, generator=generator) / 2
    images[torch.arange(EXAMPLES), 0, 2 * labels] += 0.5
    whole = images[:240], labels[:240]
    held = images[240:], labels[240:]
    if kind == "loader":
        return DataLoader(TensorDataset(*whole), batch_size=BATCH, shuffle=True), held
    if kind == "own":
        # Its own order and its own generator, beside those of the data set.
        return DataLoader(
            Noisy(*whole), batch_size=BATCH, shuffle=True, generator=torch.Generator()
        ), held
    return ((whole[0] * 255).to(torch.uint8), whole[1]), held


class Tell:
    """Writes a byte after each step, and at the start where the run was taken up."""

    def __init__(self, pipe, last=None):
        self.pipe, self.left = pipe, last

    def before_training(self, run):
        start = len(run.history.records), run.step_in_epoch
        os.write(self.pipe, f"{start[0]},{start[1]};".encode())

    def after_step(self, run):
        if self.left is not None:
            if self.left == 0:
                time.sleep(240)
            self.left -= 1
        os.write(self.pipe, b".")


def train(folder, kind, resume, every, tell):
    random.seed(7)
    np.random.seed(7)  # noqa: NPY002
    model = network()
    train, held = data(kind)
    more = {} if kind != "arrays" else {"augment": (RandomCrop(1), RandomHorizontalFlip())}
    history = fit(
        model,
        train,
        held,
        validation=held,
        epochs=EPOCHS,
        batch_size=BATCH,
        precision="bfloat16",
        seed=3,
        weight_decay=0.01,
        average=0.8,
        patience=2,
        label_smoothing=0.1,
        checkpoint=folder,
        checkpoint_every=every,
        resume=resume,
        progress=False,
        hooks=(tell,),
        workers=0,
        **more,
    )
    total = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        total.update(name.encode() + value.contiguous().numpy().tobytes())
    timing = ("seconds", "images_per_second")
    records = [{k: v for k, v in r.items() if k not in timing} for r in history.records]
    result = {"weights": total.hexdigest(), "records": records, "best": history.best_epoch}
    result["loaded"] = [
        n for n in ("accelerate", "keras", "pandas", "tensorboard") if n in sys.modules
    ]
    Path(folder, "result.json").write_text(json.dumps(result))


def attempt(folder, kind, resume, every, kill_after):
    """Run once in a child; kill it some steps and some milliseconds later. Return what it told."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        code = 1
        try:
            last = None if kill_after is None else kill_after[0]
            train(folder, kind, resume, every, Tell(there, last))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(there)
    told = b""
    while part := os.read(here, 1):
        told += part
        if kill_after is not None and told.count(b".") >= kill_after[0]:
            time.sleep(kill_after[1])
            os.kill(child, signal.SIGKILL)
            break
    os.close(here)
    _, status = os.waitpid(child, 0)
    return told.decode(), status


def compare(folder, kind, kills, chance):
    whole, broken = folder / kind / "whole", folder / kind / "broken"
    _, status = attempt(whole, kind, False, 0.02, None)
    assert status == 0, "the run without a kill failed"
    begun = []
    # At most three steps a kill: the run of thirty is not over before the last of them. After two
    # the first has been written down, where every one is.
    moments = [(chance.randint(2, 3), chance.uniform(0, 0.006)) for _ in range(kills)]
    for number, moment in enumerate([*moments, None]):
        told, status = attempt(broken, kind, True, (0.0, 0.02)[number % 2], moment)
        begun.append(told.partition(";")[0])
        expected = 0 if moment is None else signal.SIGKILL
        assert status == expected, f"the run ended with status {status}"
    results = [json.loads((f / "result.json").read_text()) for f in (whole, broken)]
    print(json.dumps({"kind": kind, "whole": results[0], "broken": results[1], "begun": begun}))


def main():
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(1)
    for each in sys.argv[3:]:
        kind, _, kills = each.partition("=")
        compare(folder, kind, int(kills), random.Random(seed))


if __name__ == "__main__":
    main()
