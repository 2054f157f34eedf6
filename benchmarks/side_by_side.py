"""Several ways of doing the same, measured in turn in one process, each against the first.

Machines differ and their neighbours come and go: only ratios of times taken right after one
another mean something. In every round each contender runs once, in an order that changes from
round to round; the ratio of a round is to the yardstick's time in that same round. What is told is
the median of the ratios, with the smallest and the largest.
"""

from __future__ import annotations

import csv
import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Run = Callable[[], float]  # trains for a while, returns the seconds that it took


clock = time.perf_counter


def count_processor_time() -> None:
    """Take the seconds that this process computes, not those that pass.

    On a machine that others use as well their ratios are steadier, and with one thread the same.
    """
    global clock
    clock = time.process_time


def now() -> float:
    """Return the time of the clock that is in use, in seconds."""
    return clock()


@dataclass
class Row:
    """What came out for one contender: images a second, and its ratio to the yardstick."""

    name: str
    speed: float
    ratio: float
    low: float
    high: float

    def line(self) -> str:
        """Return the row as it is printed."""
        spread = f"{self.low:.2f} to {self.high:.2f}"
        return f"{self.name:<46} {self.speed:>9,.0f} {self.ratio:>7.2f}   {spread}"


HEAD = f"{'':<46} {'images/s':>9} {'ratio':>7}   smallest and largest"


def measure(contenders: dict[str, Run], images: int, rounds: int) -> list[Row]:
    """Run all contenders in `rounds` rounds, after one that does not count.

    The first is the yardstick.

    Parameters
    ----------
    contenders
        By name, functions that train on `images` images and return the seconds.
    images
        How many each run trains on.
    rounds
        How often.
    """
    names = list(contenders)
    speeds: dict[str, list[float]] = {name: [] for name in names}
    for run in contenders.values():
        run()
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            speeds[name].append(images / contenders[name]())
    yardstick = speeds[names[0]]
    rows = []
    for name in names:
        ratios = [own / bare for own, bare in zip(speeds[name], yardstick, strict=True)]
        rows.append(
            Row(
                name,
                statistics.median(speeds[name]),
                statistics.median(ratios),
                min(ratios),
                max(ratios),
            )
        )
    return rows


def describe_machine(*packages: str) -> str:
    """Return one line: processor or GPU, cores, threads, and the versions of what was measured."""
    import torch

    from coursekit.training.device import bfloat16_units, processor_name

    units = bfloat16_units(torch.device("cpu")) or "no bfloat16 units"
    parts = [
        f"{processor_name()} ({units}), {os.cpu_count()} cores",
        f"{torch.get_num_threads()} threads",
    ]
    if torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    versions = [f"Python {platform.python_version()}"]
    for name in ("torch", *packages):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} missing")
    return "; ".join([*parts, ", ".join(versions)])


def record(path: Path, title: str, machine: str, rows: list[Row]) -> None:
    """Append the rows to a CSV file, each with what was measured and where."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(
                ["measured", "name", "images_per_second", "ratio", "smallest", "largest", "machine"]
            )
        for row in rows:
            numbers = [f"{x:.3f}" for x in (row.ratio, row.low, row.high)]
            writer.writerow([title, row.name, f"{row.speed:.0f}", *numbers, machine])


def say(*lines: str) -> None:
    """Print at once, also where the output is a file."""
    print(*lines, sep="\n", flush=True)
