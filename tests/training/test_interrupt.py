"""Ctrl-C, a signal to end, and what is left after them."""

import os
import signal
import threading
import time

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from coursekit.training.fitting import fit
from coursekit.training.keeping import interrupt
from coursekit.training.keeping.checkpoint import FILE, load_state
from coursekit.training.keeping.interrupt import Interrupt

IMAGES = torch.rand(96, 1, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(96) % 3
ALL = (IMAGES, LABELS)


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3)
    )


def train(folder=None, model=None, data=ALL, **more):
    model = model or network()
    given = {"epochs": 3, "batch_size": 16, "seed": 1, "precision": "float32", "progress": False}
    return model, fit(model, data, **given | {"checkpoint": folder} | more)


class SignalAt:
    """Raises a signal after some steps."""

    def __init__(self, *steps, number=signal.SIGINT):
        self.steps, self.number = steps, number

    def after_step(self, run):
        if run.step in self.steps:
            signal.raise_signal(self.number)


def weights(model):
    return {name: each.clone() for name, each in model.state_dict().items()}


def same(one, other):
    return all(torch.equal(each, other[name]) for name, each in one.items())


def losses(history):
    return [each["loss"] for each in history.records]


def test_ctrl_c_returns_the_history_so_far_and_keeps_the_run(tmp_path):
    whole, history = train(tmp_path / "whole")
    model, broken = train(tmp_path / "broken", hooks=(SignalAt(9),))
    assert losses(broken) == losses(history)[:1]
    assert broken.stopped.startswith("interrupted in epoch 2")
    assert "resume=True" in broken.stopped
    assert load_state(tmp_path / "broken")["finished"] is False
    model, resumed = train(tmp_path / "broken", resume=True)
    assert same(whole.state_dict(), model.state_dict())
    assert losses(resumed) == losses(history) and resumed.stopped == ""


def test_ctrl_c_stops_after_the_step_that_is_being_done():
    steps = []

    class Count:
        def after_step(self, run):
            steps.append(run.step)

    model, history = train(hooks=(SignalAt(4), Count()))
    assert steps == [1, 2, 3, 4]
    assert history.stopped == "interrupted in epoch 1, after 4 batches of it"
    assert len(history.records) == 0
    reference = network()
    train(model=reference, hooks=(StopAt(4),))
    assert same(weights(model), reference.state_dict())


class StopAt:
    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            run.stop = "enough"


def test_ctrl_c_leaves_the_best_weights_in_the_model():
    kept = {}

    class Spoil:
        """Remembers the weights of the first epoch and spoils them in the second."""

        def after_step(self, run):
            if run.step == 6:
                kept.update(weights(run.model))
            if run.step > 6:
                with torch.no_grad():
                    for parameter in run.model.parameters():
                        parameter.fill_(3.0 * run.step)

    model, history = train(validation=ALL, hooks=(Spoil(), SignalAt(15)))
    assert len(history.records) == 2 and history.best_epoch == 1
    assert same(weights(model), kept)


def test_a_second_ctrl_c_stops_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr(interrupt, "_ONE_PRESS", 0.0)

    class Twice:
        def after_step(self, run):
            if run.step == 4:
                signal.raise_signal(signal.SIGINT)
                time.sleep(0.01)
                signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, hooks=(Twice(),))
    assert signal.getsignal(signal.SIGINT) is before


def test_one_press_that_arrives_twice_is_one(monkeypatch):
    """A launcher passes on what the terminal has sent to everybody already."""
    monkeypatch.setattr(interrupt, "_ONE_PRESS", 60.0)  # however long the machine is busy between

    class Twice:
        def after_step(self, run):
            if run.step == 4:
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGINT)

    assert train(hooks=(Twice(),))[1].stopped.startswith("interrupted")


def test_afterwards_ctrl_c_is_what_it_was():
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        train(epochs=1)
        train(hooks=(SignalAt(1),))
        assert signal.getsignal(number) is before


def test_what_was_told_to_ignore_it_goes_on_ignoring_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _, history = train(hooks=(SignalAt(2),))
    finally:
        signal.signal(signal.SIGINT, before)
    assert history.stopped == "" and len(history.records) == 3


def test_outside_the_main_thread_training_goes_on_as_ever():
    out = []
    thread = threading.Thread(target=lambda: out.append(train()))
    thread.start()
    thread.join()
    model, history = out[0]
    reference, _ = train()
    assert len(history.records) == 3 and same(reference.state_dict(), model.state_dict())


def test_a_keyboard_interrupt_in_the_middle_of_a_step_keeps_the_file_as_it_was(tmp_path):
    """Somebody raises it himself: half a step may be done, which is not to be kept."""

    class Half(nn.Linear):
        broken = False

        def forward(self, x):
            if Half.broken:
                raise KeyboardInterrupt
            return super().forward(x)

    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), Half(64, 3))
    before = []

    class Break:
        def after_step(self, run):
            if run.step == 8:
                before.append((tmp_path / FILE).read_bytes())
                Half.broken = True

    _, history = train(tmp_path, model, hooks=(Break(),))
    assert history.stopped.startswith("interrupted in epoch 2") and len(history.records) == 1
    assert (tmp_path / FILE).read_bytes() == before[0]


def test_ctrl_c_during_an_evaluation_decides_nothing(tmp_path):
    class Sometimes(nn.Linear):
        at, calls = 5, 0

        def forward(self, x):
            if not self.training:
                Sometimes.calls += 1
                if Sometimes.calls == Sometimes.at:
                    signal.raise_signal(signal.SIGINT)
            return super().forward(x)

    def model():
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), Sometimes(64, 3))

    others = torch.rand(20, 1, 8, 8), torch.arange(20) % 3
    more = {"validation": (IMAGES[:30], LABELS[:30]), "test": others, "patience": 3}
    more["data"] = IMAGES[30:], LABELS[30:]
    Sometimes.at = 0
    whole, history = train(tmp_path / "whole", model(), **more)
    for at in (1, 2, 3, 5):
        Sometimes.at, Sometimes.calls = at, 0
        _, broken = train(tmp_path / str(at), model(), **more)
        assert broken.stopped.startswith("interrupted")
        Sometimes.at = 0
        resumed, history2 = train(tmp_path / str(at), model(), resume=True, **more)
        assert same(whole.state_dict(), resumed.state_dict())
        assert losses(history) == losses(history2) and history.best_epoch == history2.best_epoch


def test_a_signal_to_end_saves_and_is_then_obeyed(tmp_path):
    obeyed = []
    before = signal.signal(signal.SIGTERM, lambda *args: obeyed.append(True))
    try:
        whole, _ = train(tmp_path / "whole")
        train(tmp_path / "ended", hooks=(SignalAt(9, number=signal.SIGTERM),))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert obeyed == [True]
    state = load_state(tmp_path / "ended")
    assert state["finished"] is False and state["run"]["step"] == 9
    model, _ = train(tmp_path / "ended", resume=True)
    assert same(whole.state_dict(), model.state_dict())


def test_a_signal_to_end_ends_the_process_as_usual(tmp_path):
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        torch.set_num_threads(1)  # the threads of the parent's operations are not in a fork
        try:
            train(tmp_path, hooks=(SignalAt(5, number=signal.SIGTERM),))
        finally:
            os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGTERM
    assert load_state(tmp_path)["run"]["step"] == 5


class Slow(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, row):
        return IMAGES[row], int(LABELS[row])


def test_ctrl_c_that_reaches_a_loaders_workers_too(tmp_path):
    """A terminal sends it to all processes of a group."""

    class Everybody:
        def after_step(self, run):
            if run.step == 8:
                for child in children():
                    os.kill(child, signal.SIGINT)
                signal.raise_signal(signal.SIGINT)

    def loader():
        return DataLoader(Slow(), batch_size=16, shuffle=True, num_workers=1)

    more = {"batch_size": None, "epochs": 2}
    whole, _ = train(tmp_path / "whole", data=loader(), **more)
    _, history = train(tmp_path / "broken", data=loader(), hooks=(Everybody(),), **more)
    assert history.stopped.startswith("interrupted in epoch 2")
    model, _ = train(tmp_path / "broken", data=loader(), resume=True, **more)
    assert same(whole.state_dict(), model.state_dict())


def children():
    import psutil

    return [each.pid for each in psutil.Process().children()]


def test_a_loaders_complaint_counts_as_the_interruption_only_when_there_was_one():
    error = RuntimeError("DataLoader worker (pid(s) 1) exited unexpectedly")
    assert not Interrupt().caused(error)
    with Interrupt() as held:
        signal.raise_signal(signal.SIGINT)
        assert held.caused(error) and not held.caused(RuntimeError("other"))
        assert not held.caused(KeyboardInterrupt())  # the second one
