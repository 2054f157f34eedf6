"""Memory and the wait before the first step: a bare loop, `fit` and Keras, a process each.

    python benchmarks/memory_and_first_step.py
    python benchmarks/memory_and_first_step.py --rounds 5 --csv benchmarks/recorded/first_step.csv

Each process trains LeNet-5 for one epoch on bytes of 28 x 28 pixels that are in its memory already.
Told are the seconds from the call to the first update, the same with the imports before it, and the
most memory that the process held, less what it held with only NumPy and the data.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

BATCH, LR = 128, 1e-3
NAMES = {
    "bare": "bare loop, float32",
    "fit": "coursekit fit, own choice",
    "plain": "coursekit fit, same settings",
    "keras": "Keras fit, torch backend",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    parser = argparse.ArgumentParser(description="Memory, and time to the first step.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--only", default=",".join(NAMES), help="of bare, fit, plain, keras")
    parser.add_argument("--csv", type=Path, help="write what was measured to this file")
    parser.add_argument("--one", choices=NAMES, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        print(json.dumps(one(asked.one, asked.images)))
        return 0
    from side_by_side import describe_machine, say

    machine = describe_machine("keras")
    say(machine, f"{asked.images:,} images of bytes, {asked.rounds} rounds; medians", "")
    say(f"{'':<30} {'first step':>11} {'with imports':>13} {'memory':>9}")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in asked.only.split(",")}
    for _ in range(asked.rounds):
        for name, results in found.items():
            command = [sys.executable, __file__, "--one", name, "--images", str(asked.images)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            results.append(json.loads(done.stdout.splitlines()[-1]))
    rows = []
    for name, results in found.items():
        step, whole, memory = (
            statistics.median(result[key] for result in results)
            for key in ("first_step", "with_imports", "memory")
        )
        rows.append([NAMES[name], f"{step:.3f}", f"{whole:.2f}", f"{memory / 2**20:.0f}"])
        say(f"{NAMES[name]:<30} {step:>9.3f} s {whole:>11.2f} s {memory / 2**20:>5,.0f} MiB")
    first = rows[0]
    for row in rows[1:]:
        ratios = (float(a) / max(float(b), 1e-9) for a, b in zip(row[1:], first[1:], strict=True))
        say(f"{row[0]} against the first: {', '.join(f'{ratio:.2f}' for ratio in ratios)} times")
    if asked.csv:
        asked.csv.parent.mkdir(parents=True, exist_ok=True)
        with asked.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["name", "first_step_s", "with_imports_s", "memory_mib", "machine"])
            writer.writerows([*row, machine] for row in rows)
    return 0


def one(name: str, count: int) -> dict[str, float]:
    """Train once in this process; return what was measured."""
    import numpy as np
    import psutil

    os.environ.setdefault("KERAS_BACKEND", "torch")
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, count)
    held = psutil.Process().memory_info().rss
    start = time.perf_counter()
    call, first = {"bare": _bare, "keras": _keras, "fit": _fit, "plain": _plain}[name](
        images, labels
    )
    return {
        "first_step": first - call,
        "with_imports": first - start,
        "memory": float(_most_memory() - held),
    }


def _bare(images: Any, labels: Any) -> tuple[float, float]:
    import torch
    from torch.nn.functional import cross_entropy

    from coursekit.models import LeNet5

    call, first = time.perf_counter(), 0.0
    inputs = torch.from_numpy(images).float().div_(255).unsqueeze(1)
    targets = torch.from_numpy(labels)
    model = LeNet5()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    order = torch.randperm(len(inputs))
    for low in range(0, len(inputs), BATCH):
        rows = order[low : low + BATCH]
        loss = cross_entropy(model(inputs[rows]), targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        first = first or time.perf_counter()
    return call, first


def _fit(images: Any, labels: Any, **settings: Any) -> tuple[float, float]:
    from coursekit.models import LeNet5
    from coursekit.training import fit

    class First:
        at = 0.0

        def after_step(self, run: Any) -> None:
            self.at = self.at or time.perf_counter()

    seen, model = First(), LeNet5()
    call = time.perf_counter()
    fit(model, (images, labels), progress=False, hooks=[seen], **settings)
    return call, seen.at


def _plain(images: Any, labels: Any) -> tuple[float, float]:
    return _fit(images, labels, precision="float32", batch_size=BATCH, lr=LR)


def _keras(images: Any, labels: Any) -> tuple[float, float]:
    import keras

    from coursekit.models import lenet5_keras

    class First(keras.callbacks.Callback):  # type: ignore[misc]
        at = 0.0

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.at = self.at or time.perf_counter()

    seen = First()
    call = time.perf_counter()
    inputs = images[..., None].astype("float32") / 255
    model = lenet5_keras()
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(LR),
        metrics=["accuracy"],
    )
    model.fit(inputs, labels, batch_size=BATCH, epochs=1, verbose=0, callbacks=[seen])
    return call, seen.at


def _most_memory() -> int:
    """Return the most bytes that this process ever held."""
    import psutil

    known = psutil.Process().memory_info()
    if hasattr(known, "peak_wset"):  # Windows
        return int(known.peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    raise SystemExit(main())
