"""When hooks are called, what they see, what they may do."""

import warnings

import pytest
import torch
from test_fit_plain import images, network

from coursekit.training import TrainingWarning, fit, say

COMMON = {"lr": 0.01, "batch_size": 32, "seed": 0, "progress": False}


class Log:
    """Notes every call with what the run says."""

    def __init__(self):
        self.calls = []

    def before_training(self, run):
        self.calls.append(("before_training", run.epoch, run.step))

    def before_epoch(self, run):
        self.calls.append(("before_epoch", run.epoch, run.step))

    def after_step(self, run):
        self.calls.append(("after_step", run.epoch, run.step, run.step_in_epoch))

    def after_epoch(self, run):
        self.calls.append(("after_epoch", run.epoch, len(run.history.records)))

    def after_training(self, run):
        self.calls.append(("after_training", run.epoch, run.step))


def test_the_moments_in_order():
    log = Log()
    fit(network(), images(70), epochs=2, accumulate=2, hooks=[log], **COMMON)
    assert log.calls == [
        ("before_training", 0, 0),
        ("before_epoch", 1, 0),
        ("after_step", 1, 1, 2),
        ("after_step", 1, 2, 3),
        ("after_epoch", 1, 1),
        ("before_epoch", 2, 2),
        ("after_step", 2, 3, 2),
        ("after_step", 2, 4, 3),
        ("after_epoch", 2, 2),
        ("after_training", 2, 4),
    ]


def test_a_function_is_called_after_each_epoch():
    seen = []
    fit(network(), images(), epochs=3, hooks=[lambda run: seen.append(run.epoch)], **COMMON)
    assert seen == [1, 2, 3]
    fit(network(), images(), epochs=1, hooks=lambda run: seen.append("alone"), **COMMON)
    assert seen[3:] == ["alone"]


def test_a_hook_ends_training_after_its_step():
    class Enough:
        def after_step(self, run):
            if run.step == 4:
                run.stop = "four steps are enough"

    history = fit(network(), images(), epochs=5, hooks=[Enough()], **COMMON)
    assert history.stopped == "four steps are enough"
    assert [record["epoch"] for record in history.records] == [1, 2]


def test_the_loss_is_that_of_the_last_batch_without_its_graph():
    losses = []

    class Read:
        def after_step(self, run):
            assert not run.loss.requires_grad
            losses.append(run.loss.item())

    x, y = images(64)
    history = fit(network(), (x, y), hooks=[Read()], **COMMON)
    assert history.final["loss"] == pytest.approx(sum(losses) / 2, rel=1e-6)


def test_a_hook_may_freeze_a_part_before_each_epoch():
    model = torch.nn.Sequential(torch.nn.BatchNorm2d(1), *network())

    class Frozen:
        def before_epoch(self, run):
            run.model[0].eval()

    fit(model, images(), epochs=2, hooks=[Frozen()], **COMMON)
    assert model[0].num_batches_tracked == 0


def test_an_error_in_a_hook_is_not_hidden():
    def broken(run):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        fit(network(), images(), hooks=[broken], **COMMON)


def test_a_sentence_is_said_once_a_run_at_the_callers_line():
    def talk(run):
        say.warn("Look here.")

    for _ in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            fit(network(), images(), epochs=3, hooks=[talk], **COMMON)
        mine = [each for each in caught if str(each.message) == "Look here."]
        assert len(mine) == 1
        assert mine[0].category is TrainingWarning
        assert mine[0].filename == __file__
