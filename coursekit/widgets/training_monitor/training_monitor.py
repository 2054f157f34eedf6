"""The training monitor: loss and accuracy while `fit` runs, and a button that stops it."""

import math
import time
from typing import Any

import traitlets

from coursekit._headless import headless
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import ACCENT, EDGE, INK, Picture
from coursekit.widgets.text import number

_OFTEN = 0.1  # seconds between two pictures: more often nobody reads a number
_SHARE = 0.005  # of the run's time that may go into them
_POINTS = 300  # of the loss batch by batch; then every second one goes
_EPOCHS = 200  # that are sent
_KEYS = (
    *("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"),
    *("test_loss", "test_accuracy", "lr"),
)
_WAITING = {
    "state": "waiting",
    "epochs": 0,
    "records": [],
    "batches": [],
    "now": None,
    "words": "Nothing has run yet: give it to fit, hooks=TrainingMonitor().",
}

Run = Any  # of coursekit.training, which is loaded only where something is trained


def _refused(value: Any, widget: Any) -> Any:
    raise ValueError("it comes from Python alone")


class Recorded(traitlets.TraitType[Any, Any]):
    """What is known of a run; it travels to the page, and from there never."""

    def __init__(self) -> None:
        super().__init__(dict(_WAITING))
        self.tag(sync=True, page=True, from_json=_refused)

    def validate(self, obj: Any, value: Any) -> Any:
        """Take what `fit` tells alone."""
        if not isinstance(value, dict) or not _WAITING.keys() <= value.keys():
            raise ValueError("run is what fit tells; give the monitor to fit: hooks=monitor")
        return value


class TrainingMonitor(CourseWidget, folder="training_monitor"):
    """Show loss and accuracy while `fit` runs, how fast it is, and how long it will take.

    Give it to `fit` as a hook; it appears under the cell by itself:
    ``fit(model, train, test, epochs=5, hooks=TrainingMonitor())``. Its button interrupts the
    kernel, as the square in the toolbar does; `fit` then ends cleanly and returns the history so
    far. It draws at most ten times a second and takes less than a hundredth of the run's time.

    Examples
    --------
    >>> import torch
    >>> from coursekit.datasets import load
    >>> from coursekit.training import fit
    >>> (images, labels), _ = load("strokes")
    >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.LazyLinear(10))
    >>> monitor = TrainingMonitor()
    >>> history = fit(model, (images, labels), epochs=2, seed=0, progress=False, hooks=monitor)
    >>> monitor.state
    'done'
    """

    run = Recorded()

    def __init__(self) -> None:
        super().__init__()
        self._shown: Any = None  # the output under the cell

    @property
    def state(self) -> str:
        """``"waiting"``, ``"running"``, ``"done"``, or ``"stopped"`` before the last epoch."""
        return str(self.run["state"])

    def before_epoch(self, run: Run) -> None:
        """Begin with the first epoch; note where in the run an epoch begins."""
        self._epoch_step = run.step
        if self.state != "running":
            self._begin, self._first_step = time.perf_counter(), run.step
            self._batches: list[list[float]] = []
            self._every, self._skipped = 1, 0
            self._next = self._next_work = 0.0
            self._last = (self._begin, run.step)
            self._speed = 0.0
            self._tell(run, "running")
            self._show()

    def after_step(self, run: Run) -> None:
        """Show how far the run has come, unless it was shown a moment ago."""
        now = time.perf_counter()
        # Elsewhere than on a processor reading the loss waits; fit itself reads every 20th.
        if now < self._next or (run.device.type != "cpu" and run.step % 20):
            return
        before = time.process_time()
        if before < self._next_work:
            return
        seconds, steps = now - self._last[0], run.step - self._last[1]
        self._last = (now, run.step)
        rate = steps * run.batches.examples / len(run.batches) / seconds if seconds else 0.0
        self._speed = rate if not self._speed else 0.7 * self._speed + 0.3 * rate
        self._note(run)
        self._tell(run, "running")
        # In processor time, too: on a busy machine little of it passes in a tenth of a second.
        after = time.process_time()
        self._next, self._next_work = now + _OFTEN, after + (after - before) / _SHARE

    def after_epoch(self, run: Run) -> None:
        """Leave evaluation out of the speed."""
        self._last = (time.perf_counter(), run.step)

    def after_fit(self, run: Run) -> None:
        """Show how the run ended."""
        whole = len(run.history.records) >= run.history.config["epochs"]
        self._tell(run, "done" if whole else "stopped")
        self._show()

    def _note(self, run: Run) -> None:
        """Keep the loss of this batch, or skip it where the curve has points enough."""
        self._skipped += 1
        if self._skipped % self._every:
            return
        place = run.epoch - 1 + (run.step - self._epoch_step) / len(run.batches)
        if (loss := _rounded(run.loss)) is not None:
            self._batches.append([round(place, 4), loss])
        if len(self._batches) > _POINTS:
            self._batches, self._every = self._batches[::2], 2 * self._every

    def _tell(self, run: Run, state: str) -> None:
        """Send what is known of the run to the page."""
        config, records = run.history.config, run.history.records
        step = -(-len(records) // _EPOCHS) or 1
        shown = [*records[:-1:step], *records[-1:]]
        self.run = {
            "state": state,
            "epochs": config["epochs"],
            "records": [{k: r[k] for k in _KEYS if _is_number(r.get(k))} for r in shown],
            "batches": self._batches,
            "now": self._now(run) if state == "running" else None,
            "words": _ended(run) if state == "stopped" else "",
        }

    def _now(self, run: Run) -> dict[str, Any]:
        """Say how far the run has come, how fast it is, and how long it will take."""
        batches = len(run.batches)
        done = run.step - self._first_step
        ahead = run.history.config["epochs"] - len(run.history.records)
        planned = batches * ahead - (run.step - self._epoch_step)
        elapsed = time.perf_counter() - self._begin
        return {
            "epoch": max(1, run.epoch),
            "batch": run.step - self._epoch_step,
            "batches": batches,
            "loss": _rounded(run.loss),
            "lr": float(f"{float(run.optimizer.param_groups[0]['lr']):.3g}"),
            "images_per_second": float(f"{self._speed:.3g}"),
            "seconds_left": round(elapsed / done * planned, 1) if done else None,
        }

    def _show(self) -> None:
        """Put it under the cell that runs; at the end anew, with the picture of the whole run."""
        from IPython import get_ipython
        from IPython.display import display

        notebook = getattr(get_ipython(), "kernel", None)
        if notebook is None or (headless() and self.state == "running"):
            return
        if self._shown is None or self.state == "running":
            self._shown = display(self, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._shown.update(self)

    def describe(self) -> str:
        """Say in words what the picture shows: the epochs, and what the last one brought."""
        run = self.run
        if not run["records"]:
            return f"Training monitor. {run['words'] or 'The first epoch is under way.'}"
        last = run["records"][-1]
        said = ", ".join(
            f"{key.replace('_', ' ')} {number(last[key], 3)}" for key in _KEYS[1:-1] if key in last
        )
        many = f"{last['epoch']} of {run['epochs']} epochs"
        words = f" {run['words']}" if run["words"] else ""
        return f"Training monitor: {many}. The last one: {said}.{words}"

    def picture(self) -> str:
        """Draw loss and accuracy over the epochs."""
        drawing = Picture()
        for x, quantity in ((0, "loss"), (300, "accuracy")):
            _chart(drawing, x, quantity, self.run)
        return drawing.img(self.describe())


def _chart(drawing: Picture, x: int, quantity: str, run: dict[str, Any]) -> None:
    """Draw one quantity: training as a line, test broken, validation dotted by another colour."""
    width, height, top = 240, 130, 30
    drawing.text(x, 12, quantity.capitalize())
    drawing.line([(x, top), (x, top + height), (x + width, top + height)], EDGE, 1)
    curves = {
        name: [(r["epoch"], r[key]) for r in run["records"] if key in r]
        for name, key in (
            ("training", quantity),
            ("validation", f"validation_{quantity}"),
            ("test", f"test_{quantity}"),
        )
    }
    values = [value for curve in curves.values() for _, value in curve]
    high = 1.0 if quantity == "accuracy" else max(values, default=1.0) or 1.0
    looks = {"training": (ACCENT, False), "validation": (INK, True), "test": ("#a63c06", True)}
    drawing.text(x + 4, top + 10, number(high), 11, EDGE)
    drawing.text(x + width - 60, top + height + 16, f"epoch {run['epochs']}", 11, EDGE)
    place = x
    for name, curve in curves.items():
        if not curve:
            continue
        spots = [
            (
                x + round(width * epoch / max(1, run["epochs"])),
                top + height - round(height * min(1.0, value / high)),
            )
            for epoch, value in curve
        ]
        drawing.line(
            spots if len(spots) > 1 else [spots[0], spots[0]], *looks[name][:1], 2, looks[name][1]
        )
        drawing.text(place, top + height + 32, name, 11, looks[name][0])
        place += 80


def _is_number(value: Any) -> bool:
    """Say whether it can be sent: JSON has no nan."""
    return value is not None and math.isfinite(value)


def _rounded(loss: Any) -> float | None:
    return float(f"{float(loss):.4g}") if _is_number(loss) else None


def _ended(run: Run) -> str:
    """Say why the run ended before its last epoch."""
    why = str(run.stop) or "ended by an error"
    why = why if len(why) < 300 else why[:297] + "..."
    return why[:1].upper() + why[1:] + ("" if why.endswith(".") else ".")
