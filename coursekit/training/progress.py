"""How far a run has come: a bar that moves, and a line for each epoch that is done."""

from __future__ import annotations

import os
import sys
from typing import Any

import torch

from coursekit.training.device import headless


class Progress:
    """What is shown of a run: nothing where notebooks are built, lines alone in a log file.

    Parameters
    ----------
    shown
        Whether anything is.
    steps
        Updates in the whole run.
    epochs
        Passes in the whole run.
    """

    def __init__(self, shown: bool, steps: int, epochs: int) -> None:
        self.epochs = epochs
        self.shown = shown and not headless()
        self.bar: Any = None
        notebook = "ipykernel" in sys.modules
        if self.shown and "CI" not in os.environ and (notebook or sys.stdout.isatty()):
            from tqdm.auto import tqdm

            self.bar = tqdm(total=steps, leave=False, file=sys.stdout, bar_format="{l_bar}{bar}")

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        if self.bar is not None:
            self.bar.write(line, file=sys.stdout)
        elif self.shown:
            print(line, flush=True)

    def step(self) -> None:
        """Move the bar by one update."""
        if self.bar is not None:
            self.bar.update()

    def epoch(self, record: dict[str, Any]) -> None:
        """Say what an epoch brought."""
        parts = [
            f"{key.replace('_', ' ')} {record[key]:.4f}"
            for key in ("loss", "accuracy", "validation_accuracy", "test_accuracy")
            if record.get(key) is not None
        ]
        speed = f"{record['images_per_second']:,.0f} images a second"
        self.say(f"epoch {record['epoch']} of {self.epochs}: {', '.join(parts)}; {speed}")

    def close(self, why: str) -> None:
        """Take the bar away, and say why the run ended early."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
        if why:
            self.say(why)


def first_line(device: torch.device, precision: str, batch_size: int, examples: int) -> str:
    """Say on what a run trains.

    Examples
    --------
    >>> first_line(torch.device("cuda"), "float32", 5, 20)
    'device: cuda, float32; batches of 5 of 20 images'
    """
    threads = f" ({torch.get_num_threads()} threads)" if device.type == "cpu" else ""
    return f"device: {device}{threads}, {precision}; batches of {batch_size} of {examples:,} images"
