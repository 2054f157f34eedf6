"""What is said about a pass of training, or an evaluation, whose numbers are wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.matrices import Block, number
from coursekit.checks.engine.spec import Args, Array, Misconception, Parts
from coursekit.checks.runner.torch_probes import BRACKETS, GENERATOR, LIST
from coursekit.checks.sets.set_11_training_loop.epoch_loops import right_update
from coursekit.checks.sets.set_11_training_loop.linear_model import Machine

TOLERANCE = 2e-5  # how far a number of float32 may be from ours
_MOST = 12  # examples that are written out


def epoch_explained(
    args: Args, got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Tell the failing pass: its batches, what came out, what was expected."""
    if not got or not any(_differ(got[i], expected[i]) for i in range(3)):
        return []  # what it leaves behind is the matter, on whatever batches
    labels, (lr, momentum, smoothing) = args[1], args[-3:]
    m = Machine(*args)
    m.training = True
    said = [f"{_batches(args)}, learning rate {lr:g}"]
    said += [f"momentum {momentum:g}"] * bool(momentum)
    said += ["a loss_fn that is not plain cross-entropy"] * bool(smoothing)
    if len(m.running):
        said.append("a model that computes otherwise in training, in evaluation mode when it came")
    told = ", ".join(said) + "."
    if len(labels) <= _MOST:
        losses = []
        for batch in m:
            losses.append(" ".join(f"{loss:.4f}" for loss in m.losses(batch)))
            right_update(m, batch)
        told += f" The losses of the examples, batch by batch: {' | '.join(losses)}."
    said = [told]
    if got[0].size != 1 or _differ(got[0], expected[0]):
        said.append(f"Mean loss expected: {_shown(expected[0])}; came out: {_shown(got[0])}.")
    moved = [not np.array_equal(got[i], args[2 + i]) for i in (1, 2)]
    if any(_differ(got[i], expected[i]) for i in (1, 2)) and not any(moved):
        said.append("The weights are what they were before.")
    said += _brackets(got[6])
    if idea is None:
        said.append("What came out fits none of the mistakes known here: work it out by hand.")
    return said


def epoch_remark(parts: Parts) -> str:
    """Say so where the number that came out holds on to everything that it was made of."""
    if not parts[4]:
        return ""
    return (
        "It returns a tensor that holds on to the calculations of every batch, which fills the "
        "memory: loss.item() gives a plain number. It counts, since the numbers are right."
    )


def _brackets(missing: Array) -> list[str]:
    """Say which calls stand there without their brackets."""
    return [
        f"{name} stands there without brackets: so it is only looked at, and {name}() calls it."
        for name, lacks in zip(BRACKETS, missing.tolist(), strict=True)
        if lacks
    ]


def epoch_blocks(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Return the weights before and after, where those are wrong."""
    if not got or not any(_differ(got[i], expected[i]) for i in (1, 2)):
        return ()
    place = 1 if _differ(got[1], expected[1]) else 2
    name, before = ("weights", args[3]) if place == 1 else ("biases", args[4])
    mark = None
    if got[place].shape == expected[place].shape:
        wrong = np.argwhere(~np.isclose(got[place], expected[place], atol=TOLERANCE))
        mark = tuple(int(n) for n in wrong[0]) if len(wrong) else None
    return (
        Block(f"{name} before", _as_floats(before)),
        Block("expected after", _as_floats(expected[place]), mark),
        Block("got", _as_floats(got[place]), mark),
    )


def accuracy_explained(
    args: Args, got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Tell the failing evaluation: its batches, what came out, what was expected."""
    if not got or not _differ(got[0], expected[0]):
        return []  # what it leaves behind is the matter, on whatever batches
    m = Machine(*args)
    m.training = False
    told = _batches(args)
    if len(m.running):
        told += ", a model that computes otherwise in training, in training mode when it came"
    told += "."
    if len(args[1]) <= _MOST:
        right = [
            " ".join("right" if r else "wrong" for r in m.scores(x).argmax(axis=1) == y)
            for x, y in m
        ]
        told += f" The examples, batch by batch: {' | '.join(right)}."
    said = [told]
    said.append(f"Share expected: {_shown(expected[0])}; came out: {_shown(got[0])}.")
    said += _brackets(got[4])
    if idea is None:
        said.append("What came out fits none of the mistakes known here: work it out by hand.")
    if got[1]:
        said.append("Besides, it measures without torch.no_grad().")
    return said


def accuracy_blocks(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Return the scores of the failing example beside its labels, where there are few."""
    m = Machine(*args)
    m.training = False
    if len(args[1]) > _MOST or not got or not _differ(got[0], expected[0]):
        return ()
    scores = np.concatenate([m.scores(images) for images, _ in m])
    return (
        Block("scores", np.round(scores, 3)),
        Block("labels", np.asarray(args[1])[:, None]),
    )


def _batches(args: Args) -> str:
    """Return "Two batches, of 2 and 1 examples"."""
    sizes, supply = [int(size) for size in args[2]], args[7]
    names = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    kind = {LIST: " in a list", GENERATOR: " from a generator"}.get(supply, "")
    listed = ", ".join(map(str, sizes[:-1])) + f" and {sizes[-1]}"
    return f"{names.get(len(sizes), len(sizes))} batches{kind}, of {listed} examples"


def _differ(got: Array, expected: Array) -> bool:
    return got.size != expected.size or not np.allclose(
        got.reshape(expected.shape), expected, atol=TOLERANCE
    )


def _shown(value: Array) -> str:
    """Return a number, or a few of them, as text."""
    several: Sequence[Any] = np.ravel(value).tolist()
    if not several:
        return "nothing"
    return " ".join(number(one) for one in several[:6]) + " ..." * (len(several) > 6)


def _as_floats(array: Array) -> Array:
    return np.asarray(array, dtype=np.float64)
