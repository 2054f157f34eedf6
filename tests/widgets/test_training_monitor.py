"""The training monitor: what it shows of a run, how a run ends, and what it costs."""

import time

import pytest
import torch
from torch import nn

from coursekit.datasets.strokes import draw
from coursekit.models import LeNet5
from coursekit.training import TrainingError, fit
from coursekit.widgets import TrainingMonitor

IMAGES, LABELS = draw(2000, seed=0)
TEST_IMAGES, TEST_LABELS = draw(100, seed=1)


def small():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def run(monitor, model=None, size=400, **settings):
    settings = {"epochs": 3, "batch_size": 20, "lr": 0.01, "seed": 0} | settings
    return fit(
        small() if model is None else model,
        (IMAGES[:size], LABELS[:size]),
        (TEST_IMAGES, TEST_LABELS),
        progress=False,
        hooks=monitor,
        **settings,
    )


def test_it_shows_what_the_history_holds():
    monitor = TrainingMonitor()
    assert monitor.state == "waiting" and "Nothing has run yet" in repr(monitor)
    history = run([monitor])
    assert (monitor.state, monitor.run["epochs"]) == ("done", 3)
    for shown, record in zip(monitor.run["records"], history.records, strict=True):
        assert shown.items() <= record.items() and {"loss", "accuracy", "test_loss"} <= set(shown)
    assert "3 of 3 epochs" in monitor.describe()
    assert f"test accuracy {history.final['test_accuracy']:.3f}".rstrip("0") in monitor.describe()
    run([monitor], epochs=1)  # once more: from the beginning
    assert (monitor.state, len(monitor.run["records"])) == ("done", 1)


class StopAt:
    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            raise KeyboardInterrupt


class Spoil:
    def after_step(self, run):
        with torch.no_grad():
            next(run.model.parameters()).fill_(torch.nan)


def test_it_says_how_a_run_was_stopped():
    monitor = TrainingMonitor()
    history = run([monitor, StopAt(30)])
    assert monitor.state == "stopped" and len(history) == 1
    assert "1 of 3 epochs" in monitor.describe()
    assert monitor.run["words"] == "Interrupted in epoch 2."
    with pytest.raises(TrainingError):
        run([monitor, Spoil()])
    assert monitor.state == "stopped" and monitor.run["words"].startswith("The loss became")


def test_it_costs_less_than_a_hundredth_and_is_drawn_ten_times_a_second_at_most():
    monitor, spent, drawn = TrainingMonitor(), 0.0, []
    monitor.observe(lambda change: drawn.append(time.perf_counter()), "run")

    class Timed:
        def __getattr__(self, moment):
            if moment not in ("before_epoch", "after_step", "after_epoch", "after_fit"):
                raise AttributeError(moment)

            def timed(run):
                nonlocal spent
                before = time.process_time()
                getattr(monitor, moment)(run)
                spent += time.process_time() - before

            return timed

    before, begin = time.process_time(), time.perf_counter()
    run([Timed()], LeNet5(), size=2000, epochs=2)
    share = spent / (time.process_time() - before)
    assert share < 0.01
    assert 3 <= len(drawn) <= 10 * (time.perf_counter() - begin) + 2
    assert monitor.run["batches"][0][1] > monitor.run["batches"][-1][1]


def test_what_the_page_sends_is_ignored():
    monitor = TrainingMonitor()
    monitor.set_state({"run": {"state": "done"}})
    monitor.set_state({"run": None, "stop": True})
    assert monitor.state == "waiting"
