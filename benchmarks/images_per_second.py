"""Images a second: `fit` beside the loops and trainers that a student might use instead.

    python benchmarks/images_per_second.py
    python benchmarks/images_per_second.py --model resnet --rounds 9
    python benchmarks/images_per_second.py --heavy --csv benchmarks/recorded/images_per_second.csv

All ratios are to a bare loop in float32 (forward, backward, step) on tensors in memory with
batches of 128, run in the same process in the same round. Without the data sets on this machine
random pixels are taken: they train as fast.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

from setups import SETUPS, Setup
from side_by_side import HEAD, count_processor_time, describe_machine, measure, record, say
from yardsticks import accelerate_loop, bare, coursekit_fit, heavy, keras_fit

CONTENDERS: dict[str, Callable[[Setup], Callable[[], float]]] = {
    "bare loop, float32": bare.bare,
    "DataLoader over a TensorDataset": bare.tensor_loader,
    "the tutorial's DataLoader, Pillow": bare.tutorial_loader,
    "Keras fit, torch backend": keras_fit.keras_fit,
    "accelerate's example": accelerate_loop.accelerate_example,
    "coursekit fit, same settings": coursekit_fit.same_settings,
    "coursekit fit, own choice, batch 128": coursekit_fit.own_choice,
    "coursekit fit, own choice and batch": coursekit_fit.own_batch,
}
IMAGES = {"lenet": 12_800, "resnet": 2_560}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    parser = argparse.ArgumentParser(description="Images a second, side by side.")
    parser.add_argument("--model", choices=[*SETUPS, "all"], default="all")
    parser.add_argument("--rounds", type=int, default=7, help="how often each contender runs")
    parser.add_argument("--images", type=int, help="how many images each run trains on")
    parser.add_argument("--only", default="", help="parts of names, with commas between")
    parser.add_argument("--heavy", action="store_true", help="skorch, Lightning, fastai, too")
    parser.add_argument("--csv", type=Path, help="append what was measured to this file")
    parser.add_argument("--processor-time", action="store_true", help="on a busy machine")
    asked = parser.parse_args(arguments)
    if asked.processor_time:
        count_processor_time()
    contenders = CONTENDERS | (heavy.installed() if asked.heavy else {})
    wanted = [part.strip().lower() for part in asked.only.split(",") if part.strip()]
    chosen = {
        name: make
        for number, (name, make) in enumerate(contenders.items())
        if number == 0 or not wanted or any(part in name.lower() for part in wanted)
    }
    packages = ["skorch", "lightning", "fastai"] if asked.heavy else []
    machine = describe_machine("keras", "accelerate", *packages)
    say(machine)
    for key in SETUPS if asked.model == "all" else [asked.model]:
        setup = SETUPS[key](asked.images or IMAGES[key])
        pixels = "" if setup.real else ", random pixels"
        title = f"{setup.name}{pixels}{', processor time' if asked.processor_time else ''}"
        say("", f"{title}: {len(setup.labels):,} images, {asked.rounds} rounds", HEAD)
        runs = {name: make(setup) for name, make in chosen.items()}
        rows = measure(runs, len(setup.labels), asked.rounds)
        say(*(row.line() for row in rows))
        if asked.csv:
            record(asked.csv, title, machine, rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
