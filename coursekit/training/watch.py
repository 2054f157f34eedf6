"""What is looked at while a run goes on: how far it has come, and whether the loss is in bounds."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from typing import Any

from coursekit._headless import headless
from coursekit.training.errors import TrainingError, fatal, warn
from coursekit.training.forward_errors import code_of
from coursekit.training.start import Run

_HIGH, _LONG = 3, 20  # times its start, and for so many readings: a loss out of bounds
_JUDGED = 200  # steps before a run is told that it has learned nothing
_NEAR = 0.985  # of the loss of a guess: nothing learned


class Progress:
    """A bar that moves and a line an epoch; lines alone in a log file, nothing while building."""

    def __init__(self, run: Run, shown: bool) -> None:
        self.shown, self.config = shown and not headless(), run.history.config
        self.bar: Any = None
        if not self.shown:
            return
        config, left = self.config, self.config["epochs"] - len(run.history.records)
        if "CI" not in os.environ and ("ipykernel" in sys.modules or sys.stdout.isatty()):
            from tqdm.auto import tqdm

            total, look = left * len(run.batches), "{l_bar}{bar}"
            self.bar = tqdm(total=total, leave=False, file=sys.stdout, bar_format=look)
        self.say(
            f"device: {config['device']}, {config['precision']}; batches of "
            f"{config['batch_size']} of {config['examples']:,} images"
        )

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
        keys = ("loss", "accuracy", "validation_accuracy", "test_accuracy")
        there = [key for key in keys if record.get(key) is not None]
        parts = [f"{key.replace('_', ' ')} {record[key]:.4f}" for key in there]
        self.say(f"epoch {record['epoch']} of {self.config['epochs']}: {', '.join(parts)}")

    def close(self, why: str) -> None:
        """Take the bar away, and say why the run ended early."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
        if why:
            self.say(why)


@dataclass
class Watch:
    """Stops a run whose loss is no number, and warns where it leaps or stands still.

    `guess` is the loss of a model that gives all classes the same probability, ln C.
    """

    guess: float
    bound: float = math.inf
    high: int = 0

    def step(self, run: Run) -> None:
        """Read the loss: each one on a processor; of every twentieth step where reading waits.

        Raises
        ------
        TrainingError
            When it is NaN or infinite; the history goes with it.
        """
        if run.loss is None or (run.device.type != "cpu" and run.step % 20):
            return
        loss = float(run.loss)
        if math.isfinite(loss) and self.bound == math.inf:
            self.bound = _HIGH * max(loss, self.guess)
        self.high = self.high + 1 if loss > self.bound else 0
        if math.isfinite(loss) and self.high != _LONG:
            return
        lr = float(run.optimizer.param_groups[0]["lr"])
        fix = f"Fix: lr = {min(lr / 10, 0.1):.2g}"
        if self.high == _LONG:
            warn(
                f"The loss is {loss:.3g}, and has been far above its start for {_LONG} steps, with "
                f"a learning rate of {lr:g}; expected it to fall, so this rate is too high. {fix}"
            )
            return
        broken = [n for n, p in run.model.named_parameters() if not p.isfinite().all()]
        where = f", and the weights of {code_of(broken[0].rpartition('.')[0])}" if broken else ""
        fix = fix if broken else "Fix: assert torch.isfinite(images).all()  # for each batch"
        text = f"The loss became {loss} at step {run.step:,}{where}, with a learning rate of {lr:g}"
        run.stop = text
        finding = fatal("loss_nan", f"{text}; expected a finite loss. {fix}")
        raise TrainingError(finding, run.history)

    def epoch(self, run: Run, loss: float, accuracy: float) -> None:
        """Warn where an epoch of many steps has taught nothing."""
        total = run.history.config["epochs"] * len(run.batches)
        early = run.schedule is not None and run.step < 0.3 * total
        if run.step < _JUDGED or early or loss < _NEAR * self.guess or accuracy > 0.5:
            return
        warn(
            f"After {run.step:,} steps the loss is {loss:.2f}, near {self.guess:.2f} for a guess: "
            "nothing was learned. Fix: overfit_one_batch(model, train) tells whether it can learn "
            "at all, find_lr(model, train) with which learning rate"
        )
