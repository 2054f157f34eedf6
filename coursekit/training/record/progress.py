"""How far a run has come: counting and the clock, and the words for them.

Where it is shown, and how, is the matter of `progress_views`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from coursekit.training.record.progress_views import Mode, choose_mode, make_view


class Progress:
    """Counts steps and shows them: a bar, or one line an epoch, or nothing.

    Call `start`, then in every epoch `begin_epoch`, `step` after each batch, `pause` before the
    evaluation and `end_epoch`; `close` at the end, in a ``finally``.

    A step costs a counter and a look at the clock. A bar is drawn at most ten times a second, and
    less often where drawing is slow; only then is the loss asked for.

    Parameters
    ----------
    epochs, steps
        How many epochs, and how many batches in each.
    batch_size
        Images in a batch, of all processes together.
    mode
        True: what suits the place; False: nothing. Or ``"terminal"``, ``"notebook"``,
        ``"lines"``, ``"silent"``.
    examples
        Images in an epoch, for the last batch may be smaller.

    Examples
    --------
    >>> progress = Progress(2, steps=10, batch_size=32, mode="lines")
    >>> progress.start("device: cpu; batch 32")
    device: cpu; batch 32
    >>> progress.begin_epoch(1)
    >>> progress.step(lambda: 0.7)
    >>> progress.end_epoch({"epoch": 1, "loss": 0.61, "accuracy": 0.75})
    epoch 1/2  loss 0.610  accuracy 0.750
    >>> progress.close()
    """

    def __init__(
        self,
        epochs: int,
        steps: int,
        batch_size: int,
        mode: bool | Mode = True,
        *,
        examples: int | None = None,
    ) -> None:
        self.epochs, self.steps, self.batch_size = epochs, steps, batch_size
        self.examples = examples or steps * batch_size
        self.mode = choose_mode(mode)
        self._view = make_view(self.mode, epochs * steps)
        self._live = self.mode in ("terminal", "notebook")
        self._epoch = self._done = 0  # the epoch, and the steps done in it
        self._steps_here = 0  # steps done by this process, in all its epochs
        self._spent = self._spent_evaluating = 0.0
        self._evaluations = 0
        self._running: float | None = None  # since when the clock of training runs
        self._paused: float | None = None
        self._first: tuple[int, float] | None = None  # after the first step: steps, seconds
        self._next = 0.0

    def start(self, *lines: str) -> None:
        """Say what the run is, before it begins."""
        for line in filter(None, lines):
            self._view.say(line)

    def begin_epoch(self, number: int, done: int = 0) -> None:
        """Start the clock of an epoch, counted from 1, of which `done` steps are done already."""
        self._epoch, self._done = number, done
        self._paused, self._running = None, perf_counter()
        if self._live:
            self._draw(None)

    def step(self, loss: Callable[[], float] | None = None) -> None:
        """Count a batch; `loss` gives the mean loss of the epoch so far when it is drawn."""
        self._done += 1
        self._steps_here += 1
        if not self._live:
            return
        now = perf_counter()
        if self._first is None:
            self._first = (self._steps_here, self._training_seconds(now))
        if now >= self._next:
            self._draw(loss)

    def pause(self, what: str = "evaluating") -> None:
        """Stop the clock of training while something else is done, and say what."""
        now = perf_counter()
        if self._running is not None:
            self._spent += now - self._running
            self._running = None
        self._paused = now
        if self._live:
            self._draw(None, what)

    def end_epoch(self, record: Mapping[str, Any]) -> None:
        """Keep the result of an epoch in sight."""
        paused = self._paused
        if paused is None:
            self.pause()
        else:
            self._evaluations += 1
            self._spent_evaluating += perf_counter() - paused
        self._paused = None
        self._view.result(record, epoch_line(record, self.epochs))

    def close(self, why: str = "") -> None:
        """Take the bar away; the epochs' results stay. `why` says why it ended early."""
        self._view.close(why)
        self._live = False

    @property
    def images_per_second(self) -> float | None:
        """Images a second since the first step, evaluation left out; None before the second."""
        pace = self._seconds_a_step(perf_counter())
        return None if pace is None else self.examples / self.steps / pace

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last epoch ends, evaluations included; None before the second step."""
        pace = self._seconds_a_step(perf_counter())
        if pace is None:
            return None
        steps = (self.epochs - self._epoch + 1) * self.steps - self._done
        each = self._spent_evaluating / self._evaluations if self._evaluations else 0.0
        return steps * pace + (self.epochs - self._epoch + 1) * each

    def _training_seconds(self, now: float) -> float:
        return self._spent + (now - self._running if self._running is not None else 0.0)

    def _seconds_a_step(self, now: float) -> float | None:
        if self._first is None or self._steps_here <= self._first[0]:
            return None
        steps, seconds = self._first
        spent = self._training_seconds(now) - seconds
        return spent / (self._steps_here - steps) if spent > 0 else None

    def _draw(self, loss: Callable[[], float] | None, what: str = "") -> None:
        begun = perf_counter()
        parts = [what] if what else []
        rate, left = self.images_per_second, self.seconds_left
        if rate is not None and left is not None:
            parts += [f"{rate:,.0f} images/s", f"{duration(left)} left"]
        if loss is not None:
            parts.append(f"loss {number(loss())}")
        done = (self._epoch - 1) * self.steps + self._done
        self._view.draw(done, f"epoch {self._epoch}/{self.epochs}", parts)
        now = perf_counter()
        # Where drawing is slow, at most a twentieth of the time goes into it.
        self._next = now + min(max(0.1, 20 * (now - begun)), 1.0)


def epoch_line(record: Mapping[str, Any], epochs: int) -> str:
    """Write the result of an epoch in one line.

    Examples
    --------
    >>> epoch_line({"epoch": 3, "loss": 0.41, "accuracy": 0.85, "test_accuracy": 0.84}, 10)
    'epoch  3/10  loss 0.410  accuracy 0.850  test accuracy 0.840'
    """
    parts = [f"epoch {record['epoch']:{len(str(epochs))}}/{epochs}"]
    judged = "accuracy" if record.get("accuracy") is not None else "loss"
    for key in ("loss", "accuracy", f"validation_{judged}", f"test_{judged}"):
        if record.get(key) is not None:
            parts.append(f"{key.replace('_', ' ')} {number(record[key])}")
    if record.get("images_per_second") is not None:
        parts.append(f"{record['images_per_second']:,.0f} images/s")
    return "  ".join(parts)


def number(value: float) -> str:
    """Write a loss or an accuracy: three decimals, fewer where it is large.

    Examples
    --------
    >>> number(0.41), number(float("nan")), number(123456.0), number(0.00002)
    ('0.410', 'nan', '1.23e+05', '2e-05')
    """
    small = 0 < abs(value) < 0.0005
    return f"{value:.3g}" if small or abs(value) >= 1000 or math.isnan(value) else f"{value:.3f}"


def duration(seconds: float) -> str:
    """Write a time that is left in words short enough for a bar.

    Examples
    --------
    >>> duration(7.6), duration(130), duration(3900)
    ('8 s', '2 min 10 s', '1 h 05 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
