"""What will go wrong with a model and its data, said before an epoch is wasted: a check a function.

Each check looks at a `Case` and yields what it finds. `diagnose` shows all of it; `fit` stops for
errors and warns of the rest.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.optim import SGD, Adam, Optimizer
from torch.utils.data import DataLoader, SequentialSampler

from coursekit.training.data import Batches
from coursekit.training.errors import ArgumentError, Finding, fatal, suspect
from coursekit.training.forward_errors import code_of, explain
from coursekit.training.modes import stand_in
from coursekit.training.optimizer import make_optimizer

LOOKED_AT = 64  # examples
_RESET = "model.apply(lambda layer: getattr(layer, 'reset_parameters', lambda: None)())"
_LAST = {  # what computes a tensor, by the name of its way back, and why it is no last step
    "SoftmaxBackward0": ("softmax", "which cross-entropy does itself; done twice, learning slows"),
    "LogSoftmaxBackward0": ("log_softmax", "which cross-entropy does itself"),
    "SigmoidBackward0": ("sigmoid", "which squeezes all scores into 0 to 1"),
    "TanhBackward0": ("tanh", "which squeezes all scores into -1 to 1"),
    "ReluBackward0": ("relu", "which cuts off all scores below 0"),
}


@dataclass
class Case:
    """A model with a few examples, and what a forward and a backward pass of a copy gave.

    `steps` are the updates of the whole run; `constant` says whether the learning rate stays the
    same; `gradients` has None for parameters that the loss does not depend on.
    """

    model: nn.Module
    images: Tensor
    labels: Tensor
    train: Batches
    test: Batches | None = None
    optimizer: Optimizer | None = None
    lr: float | None = None
    steps: int = 0
    constant: bool = True
    scores: Any = None
    loss: float = math.nan
    gradients: dict[str, Tensor | None] = field(default_factory=dict)


class Findings(list[Finding]):
    """A list of findings that reads well when it is shown."""

    classes: int | str = "C"

    def __repr__(self) -> str:
        if not self:
            return f"Nothing suspicious found: the loss at the start is near ln {self.classes}."
        lines = [f"{len(self)} thing{'s' * (len(self) > 1)} to look at:"]
        for each in self:
            lines += [f"{each.level}: {each.sentence}", f"    {each.fix}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def diagnose(
    model: nn.Module,
    data: Any,
    *,
    lr: float | None = None,
    optimizer: Optimizer | None = None,
    test: Any = None,
) -> Findings:
    """Look at a classifier and its data before training, and say what will go wrong.

    Nothing is changed: not the weights, gradients and modes of the model, not the random numbers
    that come next. A few examples are tried on a copy of the model.

    Parameters
    ----------
    model
        Any `nn.Module` that gives logits.
    data, test
        What it is trained and tested on, as `fit` takes it.
    lr, optimizer
        The learning rate, and what updates the weights.

    Examples
    --------
    >>> images, labels = torch.rand(64, 1, 28, 28), torch.arange(64) % 10
    >>> diagnose(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), (images, labels + 1))
    1 thing to look at:
    error: The labels run from 1 to 10, and the model gives 10 scores; expected 0 to 9.
        labels = labels - 1
    """
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    with torch.random.fork_rng():
        try:
            train = Batches(data, "train", 32, device)
            tested = None if test is None else Batches(test, "test", 32, device)
            if optimizer is not None:
                make_optimizer(optimizer, model, None)
            found = look(Case(model, *train.head(LOOKED_AT), train, tested, optimizer, lr))
        except ArgumentError as error:
            return Findings([error.finding])
        found += [] if found else not_shuffled(data)
    return found


def look(case: Case) -> Findings:
    """Run all checks on a case, up to the first error: the rest would only repeat it."""
    found = Findings()
    for check in (weights, pixels, try_out, labels, scores, gradients, learning_rate, test_set):
        for finding in check(case):
            found.append(finding)
            if finding.level == "error":
                return found
    found.classes = case.scores.shape[1]
    return found


def weights(case: Case) -> Iterator[Finding]:
    """Find a model of which no weight can change, hidden layers, and evaluation mode."""
    model, trained, restless = case.model, False, {}
    for owner in model.modules():
        if isinstance(owner, _DropoutNd | _BatchNorm):
            restless[type(owner).__name__] = True
        for name, value in vars(owner).items():
            if isinstance(value, list | tuple) and value and isinstance(value[0], nn.Module):
                yield fatal(
                    "unregistered",
                    f"self.{name} keeps {len(value)} layers in a plain {type(value).__name__}, "
                    "where model.parameters() does not see them; expected a ModuleList. "
                    f"Fix: self.{name} = torch.nn.ModuleList(self.{name})  # in __init__",
                )
    for parameter in model.parameters():
        trained |= parameter.requires_grad
    if not trained:
        yield fatal(
            "all_frozen",
            "All weights of the model are frozen (requires_grad is False), so nothing can be "
            "learned; expected at least its last layer to be trained. "
            "Fix: model.requires_grad_(True)",
        )
    if not torch.is_grad_enabled() or torch.is_inference_mode_enabled():
        yield fatal(
            "gradients_off",
            "Gradients are switched off here, so nothing can be learned; expected torch.no_grad() "
            "around evaluations only. Fix: torch.set_grad_enabled(True)",
        )
    if not model.training and restless:
        yield suspect(
            "eval_mode",
            f"The model comes in evaluation mode and holds {' and '.join(restless)}; expected "
            "training mode. fit switches it on; a loop of your own has to. Fix: model.train()",
        )


def pixels(case: Case) -> Iterator[Finding]:
    """Find images that are no numbers, in 0 to 255, divided twice, or all alike."""
    images, whole = case.images, case.train.tensors and case.train.tensors[0]
    if whole is not None and whole.is_floating_point() and not whole.sum().isfinite():
        bad = int((~whole.isfinite()).flatten(1).any(1).sum())
        yield fatal(
            "nan_pixels",
            f"{bad:,} of {len(whole):,} images hold numbers that are NaN or infinite; expected "
            "finite numbers, since one such number makes every weight NaN. "
            "Fix: images = torch.nan_to_num(torch.as_tensor(images), posinf=0, neginf=0)",
        )
    low, high = float(images.min()), float(images.max())
    if len(images) > 3 and bool((images == images[:1]).all()):
        yield fatal(
            "same_images",
            f"All {len(images)} images looked at are one and the same, from {low:.2g} to "
            f"{high:.2g}; expected different ones (whole numbers divided with // become 0). "
            "Fix: images = images / 255  # and in a Dataset look at the index in __getitem__",
        )
    if images[0].numel() < 64 or low < 0:  # a few measurements, or normalised
        return
    if high > 50:
        yield Finding(
            "range_255",
            "warning",
            f"The images run up to {high:,.0f}; expected about 0 to 1, since numbers this large "
            f"make the first steps far too large. Fix: images = images / {round(high)}",
        )
    if 0 < high < 0.01:
        yield suspect(
            "divided_twice",
            f"The images run up to {high:.2g} only; expected about 0 to 1: they seem to have been "
            "divided by 255 twice (ToTensor divides, too). Fix: images = images * 255",
        )


def try_out(case: Case) -> Iterator[Finding]:
    """Run a copy of the model forwards and backwards; find where and why it stops."""
    copy, count = stand_in(case.model).eval(), len(case.labels)
    try:
        case.scores = scores = copy(case.images)
    except Exception as error:  # whatever a student's model raises is to be explained
        yield explain(error, copy, case.images)
        return
    if not isinstance(scores, Tensor):
        yield fatal(
            "no_scores",
            f"The model returns {'None' if scores is None else f'a {type(scores).__name__}'}; "
            "expected one tensor of scores, shape (N, classes). "
            "Fix: return x  # the last line of forward",
        )
    elif scores.ndim != 2 or len(scores) != count or scores.shape[1] < 2:
        yield fatal(
            "scores_shape",
            f"The model gives shape {tuple(scores.shape)} for {count} images; expected "
            f"({count}, classes), one row of two scores or more for each image. "
            "Fix: x = x.flatten(1)  # in forward, before the first linear layer",
        )
    else:
        # Labels that are beyond the scores are the next check's business.
        values = case.labels.clamp(0, scores.shape[1] - 1)
        loss = cross_entropy(scores.float(), values)
        trained = {}
        for name, parameter in copy.named_parameters():
            if parameter.requires_grad:
                trained[name] = parameter
        try:
            found = torch.autograd.grad(loss, list(trained.values()), allow_unused=True)
        except RuntimeError as error:
            text = " ".join(str(error).split())[:120]
            yield fatal(
                "cut_off",
                f"The loss has no gradient for the weights ({text}); expected tensors all the way "
                "through forward, without .detach(), .numpy(), no_grad or changes in place. "
                "Fix: x = x + y  # in forward, in place of x += y",
            )
            return
        case.loss, case.gradients = float(loss.detach()), dict(zip(trained, found, strict=True))


def labels(case: Case) -> Iterator[Finding]:
    """Find labels beyond the scores of the model, or all the same."""
    classes = case.scores.shape[1]
    for name, batches in (("labels", case.train), ("test labels", case.test)):
        if batches is None:
            continue
        found = batches.tensors[1] if batches.tensors else batches.head(LOOKED_AT)[1]
        low, high = int(found.min()), int(found.max())
        if low < 0 or high >= classes:
            fix = f"model[-1] = torch.nn.Linear(..., {high + 1})  # one score for each class"
            if low == 1 and high == classes:
                fix = "labels = labels - 1"
            elif low < 0:
                fix = "images, labels = images[labels >= 0], labels[labels >= 0]"
            elif len(set(found.tolist())) <= classes:
                fix = "labels = torch.unique(torch.as_tensor(labels), return_inverse=True)[1]"
            yield fatal(
                "labels_range",
                f"The {name} run from {low} to {high}, and the model gives {classes} scores; "
                f"expected 0 to {classes - 1}. Fix: {fix}",
            )
        elif low == high and len(found) >= 16:
            yield suspect(
                "one_class",
                f"All {len(found):,} {name} are {low}; expected several classes, since a model "
                "learns to answer this one whatever it sees. "
                "Fix: order = torch.randperm(len(labels))  # shuffle before a part is cut off",
            )


def scores(case: Case) -> Iterator[Finding]:
    """Find a softmax at the end, where scores belong, and scores far too large at the start."""
    found, classes = case.scores.detach(), case.scores.shape[1]
    known = _LAST.get(type(case.scores.grad_fn).__name__)
    if known is None and bool((found >= 0).all() and ((found.sum(1) - 1).abs() < 1e-3).all()):
        known = _LAST["SoftmaxBackward0"]
    if known is not None:
        step, why = known
        fix = f"return x  # the last line of forward, without {step}"
        if isinstance(case.model, nn.Sequential) and not list(case.model[-1].parameters()):
            fix = "model = model[:-1]"
        yield suspect(
            step,
            f"The model ends in {step}, {why}; expected plain scores. Fix: {fix}",
        )
    times = case.loss / math.log(classes)
    if not math.isfinite(times):
        yield fatal(
            "loss_not_finite",
            f"The loss is {times} before the first step; expected about ln {classes}: look for a "
            "division by 0, a logarithm or an exponential in forward. "
            "Fix: assert torch.isfinite(x).all()  # in forward, after each line",
        )
    if times > 8:
        yield suspect(
            "loss_at_start",
            f"The loss at the start is {times:,.0f} times ln {classes}, the loss of a guess; "
            f"expected about ln {classes}: the first weights are too large, or the images are not "
            f"scaled. Fix: {_RESET}",
        )


def gradients(case: Case) -> Iterator[Finding]:
    """Find weights that get no gradient: never used, cut off, or behind dead units."""
    unused, dead = {}, {}
    for name, gradient in case.gradients.items():
        if gradient is None:
            unused[name.rpartition(".")[0]] = True
        elif not gradient.any():
            dead[name.rpartition(".")[0]] = True
    if unused:
        yield suspect(
            "unused_layers",
            f"The loss does not depend on {', '.join(map(code_of, unused))}; expected all layers "
            "to be used in forward, without .detach() after them. "
            "Fix: x = self.layer(x)  # in forward",
        )
    if dead:
        yield Finding(
            "zero_gradients",
            "error" if len(dead) > 1 else "warning",
            f"The gradients of {', '.join(map(code_of, dead))} are 0 for all images looked at; "
            "expected numbers, so weights are all 0, or a ReLU behind them stays at 0. "
            f"Fix: {_RESET}",
        )


def learning_rate(case: Case) -> Iterator[Finding]:
    """Find a rate with which the loss leaves all bounds, or cannot move."""
    optimizer, lr = case.optimizer, case.lr
    lr = optimizer.param_groups[0]["lr"] if lr is None and optimizer is not None else lr
    if not lr or not case.constant:
        return
    sgd, start = isinstance(optimizer, SGD), math.log(case.scores.shape[1])
    fix = f"Fix: lr = {0.01 if sgd else 0.001}"
    if lr > (0.2 if sgd else 0.02):
        copy = stand_in(case.model)
        stepper = (SGD if sgd else Adam)(copy.parameters(), lr=lr)
        for _ in range(6):
            loss = cross_entropy(copy(case.images).float(), case.labels)
            stepper.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            stepper.step()
        if not float(loss.detach()) < 3 * max(case.loss, start):
            yield suspect(
                "lr_too_high",
                f"After 5 steps on one batch with a learning rate of {lr:g} the loss is "
                f"{float(loss):.3g}, from {case.loss:.2f}; expected it to fall. {fix}",
            )
    elif lr < 1e-4:
        fall = 0.0  # how far a step can lower the loss, to first order
        for gradient in case.gradients.values():
            if gradient is not None:
                fall += lr * float((gradient.square() if sgd else gradient.abs()).sum())
        steps = case.steps or len(case.train)
        if case.loss > 0.7 * start and fall * steps < 0.01 * case.loss:
            yield suspect(
                "lr_too_low",
                f"With a learning rate of {lr:g} all {steps:,} steps together lower the loss by "
                f"about {fall * steps:.1g}; expected more, so this rate is far too low. {fix}",
            )


def test_set(case: Case) -> Iterator[Finding]:
    """Find a test set that was not prepared as the training set was, or is a part of it."""
    if case.test is None:
        return
    images = case.test.head(LOOKED_AT)[0]
    shape, wanted = tuple(images.shape[1:]), tuple(case.images.shape[1:])
    if shape != wanted:
        yield fatal(
            "other_size",
            f"The test images have shape {shape}, those of training {wanted}; expected the same. "
            "Fix: prepare both in the same way",
        )
        return
    ours, theirs = float(case.images.abs().mean()) + 1e-9, float(images.abs().mean()) + 1e-9
    if not 1 / 20 < theirs / ours < 20:
        yield suspect(
            "other_scale",
            f"The test images are about {theirs:.2g} in size, those of training {ours:.2g}; "
            "expected the same, so one of the two was not scaled. "
            "Fix: do to the test images what was done to the training images",
        )
    if case.test.tensors is None or case.train.tensors is None:
        return
    # One number for each image, from 48 places of it: equal images have equal ones.
    generator = torch.Generator().manual_seed(0)
    places = torch.randperm(images[0].numel(), generator=generator)[:48]
    places = places.to(images.device)
    mix = torch.rand(len(places), generator=generator, dtype=torch.float64).to(images.device)
    known = (case.train.tensors[0].flatten(1)[:, places] * mix).sum(1)
    asked = (case.test.tensors[0].flatten(1)[:, places] * mix).sum(1)
    shared = int(torch.isin(asked, known).sum())
    if shared >= max(2, len(asked) / 10):  # real sets hold a few pictures twice
        yield suspect(
            "test_in_train",
            f"{shared:,} of {len(asked):,} test images stand in the training set, too; expected "
            "none, since a test on images the model was trained on says nothing about new ones. "
            "Fix: train, test = (images[:800], labels[:800]), (images[800:], labels[800:])",
        )


def not_shuffled(data: Any) -> Iterator[Finding]:
    """Find a DataLoader that gives a sorted set in stored order."""
    if isinstance(data, DataLoader) and isinstance(data.sampler, SequentialSampler):
        few = zip(data, range(50), strict=False)
        found = np.concatenate([np.asarray(batch[1]) for batch, _ in few])
        alike = float((found[1:] == found[:-1]).mean())
        if len(found) >= 64 and alike > 0.6:
            yield suspect(
                "not_shuffled",
                f"The batches come in stored order, in which {alike:.0%} of the images follow one "
                "of their own class; expected a mixture of the classes in each batch. "
                f"Fix: loader = DataLoader(loader.dataset, {data.batch_size}, shuffle=True)",
            )
