"""What is said about torch answers that are not written, do not end, or are wrong."""

import subprocess
import sys

import pytest
import torch
from right_answers_11 import RIGHT as LOOPS
from right_answers_12 import RIGHT as MODULES
from torch import nn
from wrong_answers_11 import ACCURACY, ADD, EPOCH, LOOP, MEAN, NUMBER, STEP, ZERO, edited
from wrong_answers_12 import C1, C2, F1, F3, LAST, LENET

from coursekit.checks import check, exercise, hint, misconceptions
from coursekit.checks.runner.clock import Allowance

NAMES = ["train_one_epoch", "accuracy", "LeNet5"]


def said(name, source, *edits):
    return check(name, edited(source, name, *edits)).message


class Empty(nn.Module):
    pass


class OnlyDocstring(nn.Module):
    """LeNet-5 of 1998."""


class OnlyInit(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()


class Raises(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        raise NotImplementedError


class ForwardRaises(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)

    def forward(self, x):
        raise NotImplementedError


class ForwardPasses(OnlyInit):
    def forward(self, x):
        pass


class AllPasses(nn.Module):
    def __init__(self, num_classes=10):
        pass

    def forward(self, x): ...


def function_passes(num_classes=10):
    pass


def epoch_raises(model, batches, loss_fn, optimizer):
    model.train()
    for _ in batches:
        raise NotImplementedError  # your code here


def epoch_blank(model, batches, loss_fn, optimizer):
    total = None
    return total


def accuracy_dots(model, batches): ...


@pytest.mark.parametrize(("name", "answer"), [
    ("train_one_epoch", epoch_raises),
    ("train_one_epoch", epoch_blank),
    ("accuracy", accuracy_dots),
    ("accuracy", lambda model, batches: ...),
    *(("LeNet5", answer) for answer in (
        Empty, OnlyDocstring, OnlyInit, Raises, ForwardRaises, ForwardPasses, AllPasses,
        function_passes,
    )),
])  # fmt: skip
def test_stubs_are_not_attempted_yet(name, answer):
    result = check(name, answer)
    assert not result.attempted and "not attempted yet" in result.message
    assert result.points == 0 and result.max_points == exercise(name).points
    assert result.misconception is None


def test_the_slip_of_the_lesson_is_told_with_its_numbers():
    text = said("train_one_epoch", EPOCH, MEAN, NUMBER)
    assert "of 2 and 1 examples" in text and " | " in text
    assert "Mean loss expected: " in text and "; came out: " in text


def test_two_slips_at_once_are_both_said():
    text = said("train_one_epoch", EPOCH, (ZERO, "pass"), MEAN, NUMBER)
    known = misconceptions("train_one_epoch")
    assert known["gradients_kept"] in text and known["mean_of_batch_means"] in text


def test_weights_that_stay_are_said_and_shown():
    result = check("train_one_epoch", edited(EPOCH, "train_one_epoch", (STEP, "pass")))
    assert "The weights are what they were before." in result.message
    assert "weights before   expected after   got" in result.message
    assert result.counterexample.expected["weights"].shape == (2, 1)
    assert "▸" in result.html()


def test_a_second_fault_of_an_accuracy_is_said_beside_the_first():
    slips = [("model.eval()", "pass"), ("with torch.no_grad():", "if True:")]
    assert "without torch.no_grad()" in said("accuracy", ACCURACY, *slips)


@pytest.mark.parametrize(("edits", "says"), [
    ([("loss = loss_fn(scores, labels)", "loss = loss_fn(labels, scores)")], "the scores first"),
    ([("loss.backward()", "scores.backward()")], "backward takes a single number"),
    ([("loss.backward()", "loss.item().backward()")], "belongs to the loss as a tensor"),
    ([("scores = model(images)", "scores = model(images).detach()")], "not remembered"),
    ([(LOOP, "for images in batches:")], "two names belong into the for line"),
    ([(LOOP, "for images, labels in batches():")], "go through it with a for loop"),
    ([("total / count", "total / len(batches.dataset)")], "Count the examples as they come"),
    ([("scores = model(images)", "scores = model.predict(images)")], "The model has no predict"),
    ([(ADD, "total += (scores == labels[:, None, None]).item()")], "a single number"),
])  # fmt: skip
def test_errors_are_told_in_plain_words(edits, says):
    text = said("train_one_epoch", EPOCH, *edits)
    assert says in text and "Python says" not in text, text


@pytest.mark.parametrize(("edits", "says"), [
    ([(F1, "nn.Linear(400, 100)"), ("nn.Linear(120, 84)", "nn.Linear(100, 84)")],
     "Layer 3 with weights is Linear(400, 100); wanted: Linear(400, 120)."),
    ([(C1, "nn.Conv2d(1, 6, 5)")], "256 numbers in a row arrive at a dense layer"),
    ([(C2, "nn.Conv2d(6, 16, 5); self.norm = nn.BatchNorm2d(16)")],
     "Beside the parameters that are wanted it has: 16, 16."),
    ([(F3, "nn.Linear(84, 10)")], "Built as LeNet5("),
    ([(LAST, "return self.fc3(x) / 2")], "with weights put in: "),
    ([(LAST, "return self.fc4(x)")], "has no attribute 'fc4'"),
    ([("__init__(self, num_classes=10)", "__init__(self)\\\n            ")],
     "needs num_classes=10"),
    ([("def forward(self, x):", "def forward(x):")], "self, the network, and x"),
    ([("        x = torch.flatten(x, 1)", "        x = x.detach().flatten(1)")],
     "cannot change layers 1 (Conv2d(1, 6, 5)), 2 (Conv2d(6, 16, 5))"),
])  # fmt: skip
def test_modules_are_told_layer_by_layer(edits, says):
    if "self, num_classes=10" in edits[0][0]:
        edits = [*edits, (F3, "nn.Linear(84, 10)")]
    assert says in said("LeNet5", LENET, *edits)


@pytest.mark.parametrize(("name", "value", "says"), [
    ("LeNet5", 3, "an int. A torch.nn.Module was expected"),
    ("LeNet5", [nn.Linear(2, 2)], "a list. A torch.nn.Module was expected"),
    ("accuracy", "66%", "text. One number was expected"),
    ("accuracy", {"share": 1}, "a dict. One number was expected"),
])  # fmt: skip
def test_what_is_no_model_and_no_number(name, value, says):
    assert says in check(name, lambda *args: value).message


def test_a_model_in_place_of_the_class():
    result = check("LeNet5", MODULES[0]())
    assert not result.passed and "a model was given, not a class" in result.message
    assert 'check("LeNet5", LeNet5)' in result.message


def spins(*args):
    while True:
        pass


class Spins(OnlyInit):
    def forward(self, x):
        while True:
            pass


@pytest.mark.parametrize(("name", "answer"), [
    ("train_one_epoch", spins), ("accuracy", spins), ("LeNet5", Spins),
])  # fmt: skip
def test_what_does_not_end_is_stopped(name, answer, monkeypatch):
    monkeypatch.setattr("coursekit.checks.run.Allowance", lambda: Allowance(0.5, 0.5))
    result = check(name, answer)
    assert result.points == 0
    assert "computing on one input" in result.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RecursionError, MemoryError])
def test_no_exception_gets_out(name, error):
    def ends(*args):
        raise error

    assert error.__name__ in check(name, ends).message


def test_what_an_answer_does_to_torch_does_not_stay(capsys):
    def rude(model, batches):
        torch.manual_seed(3)
        torch.rand(5)
        print("loud")
        return LOOPS["accuracy"][0](model, batches)

    def frozen(model, batches):
        torch.set_grad_enabled(False)
        return rude(model, batches)

    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    assert check("accuracy", rude).passed
    assert check("LeNet5", MODULES[0]).passed
    assert "loud" not in capsys.readouterr().out
    assert check("accuracy", frozen).misconception == "model_frozen"
    assert torch.equal(before, torch.random.get_rng_state()) and torch.is_grad_enabled()


def test_a_loader_that_is_used_up_by_a_look_is_named():
    look = (LOOP, "images, labels = next(iter(batches))\n    for images, labels in batches:")
    result = check("train_one_epoch", edited(EPOCH, "train_one_epoch", look))
    assert result.misconception == "batch_left_out" and result.points == 3.5


@pytest.mark.parametrize("name", NAMES)
def test_ideas_and_hints_do_not_give_the_answer_away(name):
    for idea in exercise(name).misconceptions.values():
        assert idea.does[0].islower() and not idea.does.endswith(".")
        assert idea.rethink.endswith((".", "?")) and "optimizer." not in idea.rethink
    assert all("return total / count" not in hint(name, step) for step in (1, 2, 3))
    assert len(misconceptions(name)) >= 24


FRESH = """
import sys, time
from coursekit.checks import check, hint, misconceptions
misconceptions("LeNet5"), hint("train_one_epoch", 1)
assert not {"torch", "keras"} & set(sys.modules), "heavy"
def module(num_classes=10):
    from torch import nn
    return nn.Linear(1, num_classes)
def accuracy(model, batches):
    return 0.5
def train_one_epoch(model, batches, loss_fn, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in batches:
        loss = loss_fn(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(labels), count + len(labels)
    return total / count
def freeze(body):
    body.requires_grad_(False)
    return body.eval()
for name, answer in (
    ("LeNet5", module), ("accuracy", accuracy), ("train_one_epoch", train_one_epoch),
    ("freeze", freeze),
):
    check(name, answer)
    seconds = []
    for _ in range(2):
        start = time.process_time()
        check(name, answer)
        seconds.append(time.process_time() - start)
    print("seconds", min(seconds))
assert check("train_one_epoch", train_one_epoch).passed
# It takes two seconds of a fresh kernel to load, and no check compiles anything.
assert "torch._dynamo" not in sys.modules
"""


def test_torch_is_loaded_when_it_is_needed_and_checks_are_quick_then(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, cwd=tmp_path, timeout=600
    )
    assert run.returncode == 0 and run.stderr == "", run.stderr
    seconds = [float(line.split()[1]) for line in run.stdout.splitlines() if "seconds" in line]
    assert max(seconds) < 2, seconds  # about 0.1 of a processor's time
    assert list(tmp_path.iterdir()) == []
