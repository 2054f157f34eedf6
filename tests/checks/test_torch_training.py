"""The checks of `train_one_epoch` and `accuracy`: slips by name, right answers in many styles."""

import numpy as np
import pytest
import torch
from right_answers_11 import RIGHT
from test_three_steps import asked_from_afar
from wrong_answers_11 import (
    ACCURACIES,
    ACCURACY,
    ADD,
    EPOCH,
    EPOCHS,
    MEAN,
    NUMBER,
    RETURN,
    SHARE,
    STEP,
    WRONG,
    ZERO,
    edited,
)  # fmt: skip

from coursekit.checks import check, exercise, exercise_sets, misconceptions
from coursekit.checks.engine.ask import ask
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.runner.torch_sgd import sgd

CASES = [(name, i) for name, answers in WRONG.items() for i in range(len(answers))]
EDITS = {"train_one_epoch": EPOCHS, "accuracy": ACCURACIES}


@pytest.mark.parametrize(("name", "i"), CASES)
def test_slips_are_rejected_and_named(name, i):
    answer, expected = WRONG[name][i]
    result = check(name, answer)
    assert not result.passed, EDITS[name][i]
    assert result.misconception == expected, (EDITS[name][i], result.message)
    if expected is not None:
        assert misconceptions(name)[expected] in result.message


@pytest.mark.parametrize(
    ("name", "i"), [(name, i) for name, answers in RIGHT.items() for i in range(len(answers))]
)
def test_right_answers_pass(name, i):
    result = check(name, RIGHT[name][i])
    assert result.passed, result.message
    assert result.points == result.max_points == exercise(name).points
    assert result.misconception is None and result.counterexample is None


def test_enough_of_both():
    assert len(CASES) >= 60 and all(len(answers) >= 20 for answers in RIGHT.values())
    used = {name for answers in WRONG.values() for _, name in answers}
    known = {*misconceptions("train_one_epoch"), *misconceptions("accuracy")}
    assert used - {None} == known  # every name stands for a slip that someone can make


def test_the_points():
    points = [(e.name, e.points) for e in exercise_sets()["11_training_loop"].exercises]
    assert points == [("train_one_epoch", 4.0), ("accuracy", 2.0)]


@pytest.mark.parametrize(("name", "seed"), [("accuracy", 1), ("train_one_epoch", 2)])
def test_whatever_is_drawn_right_passes_and_no_name_is_wrong(name, seed):
    asked = exercise(name)
    drawn = questions(asked, seed)
    right = RIGHT[name][seed]
    assert judge(asked, drawn, lambda several: ask(right, several)).kind == "passed"
    for answer, expected in WRONG[name][seed::14]:
        verdict = judge(asked, drawn, asked_from_afar(answer))
        assert verdict.kind != "passed" and verdict.misconception in (expected, None)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("norm", [False, True])
def test_the_right_numbers_are_those_of_torch(norm, momentum):
    """The same pass, written out with torch in float64, from the model to the optimizer."""
    rng = np.random.default_rng(5)
    sizes = [4, 1, 3]
    images, labels = rng.normal(size=(8, 1, 2, 3)), rng.integers(0, 3, size=8)
    weights, biases = rng.normal(size=(3, 6)), rng.normal(size=3)
    running = np.array([0.5, 3.0]) if norm else np.zeros(0)
    found = exercise("train_one_epoch").oracle(
        images, labels, np.array(sizes), weights, biases, running, 1, 0, 0.3, momentum, 0.1
    )
    layer = torch.nn.Linear(6, 3).double()
    layer.weight.data, layer.bias.data = torch.tensor(weights), torch.tensor(biases)
    bent = torch.nn.BatchNorm2d(1, affine=False).double() if norm else torch.nn.Identity()
    model = torch.nn.Sequential(bent, torch.nn.Flatten(), layer).train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=momentum)
    losses = []
    for x, y in zip(
        torch.tensor(images).split(sizes), torch.tensor(labels).split(sizes), strict=True
    ):
        loss = torch.nn.functional.cross_entropy(model(x), y, label_smoothing=0.1)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(y)
    np.testing.assert_allclose(found[0], np.mean(losses), rtol=1e-10)
    np.testing.assert_allclose(found[1], layer.weight.detach().numpy(), rtol=1e-8)
    np.testing.assert_allclose(found[2], layer.bias.detach().numpy(), rtol=1e-8)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("weight_decay", [0.0, 0.2])
@pytest.mark.parametrize("set_to_none", [True, False])
def test_the_optimizer_of_the_checks_steps_as_that_of_torch(momentum, weight_decay, set_to_none):
    settings = {"lr": 0.1, "momentum": momentum, "weight_decay": weight_decay}
    ours, theirs, unused = (torch.nn.Linear(3, 2) for _ in range(3))
    theirs.load_state_dict(ours.state_dict())
    pairs = [
        (ours, sgd([*ours.parameters(), *unused.parameters()], **settings)),
        (theirs, torch.optim.SGD(theirs.parameters(), **settings)),
    ]
    for rate, images in zip([0.1, 0.1, 0.02, 0.02], torch.randn(4, 5, 3), strict=True):
        for model, optimizer in pairs:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad(set_to_none=set_to_none)
            (model(images) ** 2).mean().backward()
            optimizer.step()
        for left, right in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(left, right)
    assert isinstance(pairs[0][1], torch.optim.Optimizer)


def test_softmax_before_the_loss_is_told_by_its_true_gradient():
    from coursekit.checks.sets.set_11_training_loop.linear_model import Machine

    rng = np.random.default_rng(6)
    args = rng.normal(size=(5, 1, 1, 2)), rng.integers(0, 3, size=5), np.array([5])
    m = Machine(*args, rng.normal(size=(3, 2)), rng.normal(size=3), np.zeros(0), 0, 1)
    weights = torch.tensor(m.weights, requires_grad=True)
    scores = torch.tensor(args[0].reshape(5, 2)) @ weights.T + torch.tensor(m.biases)
    loss = torch.nn.functional.cross_entropy(scores.softmax(1), torch.tensor(args[1]))
    loss.backward()
    found = m.loss(m.batches[0], softened=True)
    np.testing.assert_allclose([found.value], [loss.item()])
    np.testing.assert_allclose(found.by_weights, weights.grad.numpy())


@pytest.mark.parametrize(("edits", "points"), [
    ([MEAN, NUMBER], 2.5),  # the updates are right
    ([("model.train()", "pass")], 3.0),
    ([(ZERO, "pass")], 1.0),  # the mean of losses is right where nothing moves
    ([(RETURN, "total / len(batches.dataset)")], 3.5),  # right for a DataLoader
    ([("return total / count", "pass")], 2.5),
    ([(STEP, "pass")], 1.0),
])  # fmt: skip
def test_what_is_right_keeps_its_points(edits, points):
    assert check("train_one_epoch", edited(EPOCH, "train_one_epoch", *edits)).points == points


@pytest.mark.parametrize(("edits", "points"), [
    ([("model.eval()", "pass")], 1.5),
    ([("with torch.no_grad():", "if True:")], 1.5),
    ([(SHARE, "right / len(batches)")], 0.0),
    ([(SHARE, "0.5")], 0.0),
    ([(SHARE, "right / len(batches.dataset)")], 1.5),
])  # fmt: skip
def test_what_is_right_of_an_accuracy_keeps_its_points(edits, points):
    assert check("accuracy", edited(ACCURACY, "accuracy", *edits)).points == points


@pytest.mark.parametrize(("name", "source", "edits", "says"), [
    ("train_one_epoch", EPOCH, [], ""),
    ("train_one_epoch", EPOCH, [(ADD, "total += loss * len(labels)")], "fills the memory"),
    ("train_one_epoch", EPOCH, [(RETURN, "torch.tensor(total / count)")], "a Tensor"),
    ("train_one_epoch", EPOCH, [(RETURN, "[total / count]")], "a list"),
    ("accuracy", ACCURACY, [(SHARE, "torch.tensor(right / count)")], "a Tensor"),
])  # fmt: skip
def test_what_holds_the_right_number_is_said_in_one_remark(name, source, edits, says):
    result = check(name, edited(source, name, *edits))
    assert result.passed and result.points == result.max_points
    assert says in result.message
    assert result.message.count("It counts, since the numbers are right") == bool(edits)


@pytest.mark.parametrize(("name", "source", "call"), [
    ("train_one_epoch", EPOCH, "model.train"),
    ("train_one_epoch", EPOCH, "optimizer.zero_grad"),
    ("train_one_epoch", EPOCH, "loss.backward"),
    ("train_one_epoch", EPOCH, "optimizer.step"),
    ("accuracy", ACCURACY, "model.eval"),
])  # fmt: skip
def test_a_call_without_brackets_is_told_by_its_name(name, source, call):
    text = check(name, edited(source, name, (f"{call}()", call))).message
    assert f"{call} stands there without brackets" in text
    others = {"model.train", "optimizer.zero_grad", "loss.backward", "optimizer.step"} - {call}
    assert not any(f"{other} stands there" in text for other in others)
