"""What will go wrong with a model and its data, said before an epoch is wasted: a check a function.

Each check looks at a `Case` and returns what it found, or None. `diagnose` shows what they find;
`fit` stops for errors and warns of the rest.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.optim import Optimizer
from torch.utils.data import DataLoader, SequentialSampler

from coursekit.training.data import Batches
from coursekit.training.errors import ArgumentError, Finding
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

    Attributes
    ----------
    model, images, labels
        The model, and examples that are ready for it.
    train, test
        The sets as batches; `test` may be missing.
    optimizer, lr
        What updates the weights and how far, where that is known.
    steps, constant
        Updates of the whole run, and whether the learning rate stays the same.
    scores, gradients
        What the model gives, and the gradient of each trained parameter (None for one that the
        loss does not depend on).
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
    gradients: dict[str, Tensor | None] = field(default_factory=dict)


class Findings(list[Finding]):
    """A list of findings that reads well when it is shown.

    Examples
    --------
    >>> Findings()
    Nothing suspicious found: the loss at the start is near ln C.
    >>> Findings([Finding("eval_mode", "warning", "Dropout is off.", "model.train()")])
    1 thing to look at:
    warning: Dropout is off.
        model.train()
    """

    classes: int | str = "C"

    def __repr__(self) -> str:
        if not self:
            return f"Nothing suspicious found: the loss at the start is near ln {self.classes}."
        lines = [f"{len(self)} thing{'s' * (len(self) > 1)} to look at:"]
        for each in self:
            lines += [f"{each.level}: {each.sentence}", f"    {each.fix}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{html.escape(repr(self))}</p>"
        items = "".join(
            f"<li><strong>{each.level}</strong>: {html.escape(each.sentence)}"
            f"<pre>{html.escape(each.fix)}</pre></li>"
            for each in self
        )
        return f"<ul>{items}</ul>"


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
    data
        What it is trained on, as `fit` takes it.
    lr
        The learning rate; that of the optimizer unless given.
    optimizer
        What updates the weights.
    test
        The test set.

    Returns
    -------
    Findings
        A list of `Finding`, which shows itself as sentences. It is empty where all is well.

    Examples
    --------
    >>> images, labels = torch.rand(64, 1, 28, 28), torch.arange(64) % 10
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    >>> diagnose(model, (images, labels))
    Nothing suspicious found: the loss at the start is near ln 10.
    >>> diagnose(model, (images, labels + 1))
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
                make_optimizer(optimizer, model, lr)
            found = look(Case(model, *train.head(LOOKED_AT), train, tested, optimizer, lr))
        except ArgumentError as error:
            sentence, _, fix = str(error).partition(" Fix: ")
            return Findings([Finding("argument", "error", sentence, fix)])
    unmixed = not_shuffled(data)
    return found if unmixed is None else Findings([*found, unmixed])


def look(case: Case) -> Findings:
    """Run all checks on a case; after an error those that would only repeat it are left out."""
    found = Findings()
    for checks in (BEFORE, AFTER):
        if checks is AFTER and not found:
            problem = try_out(case)
            if problem is not None:
                found.append(problem)
        for check in checks:
            finding = None if any(f.level == "error" for f in found) else check(case)
            if finding is not None:
                found.append(finding)
    if isinstance(case.scores, Tensor) and case.scores.ndim == 2:
        found.classes = case.scores.shape[1]
    return found


def try_out(case: Case) -> Finding | None:
    """Run a copy of the model forwards and backwards; say why where it stops."""
    copy = stand_in(case.model).eval()
    try:
        case.scores = copy(case.images)
    except Exception as error:  # whatever a student's model raises is to be explained
        return explain(error, copy, case.images)
    problem = scores_form(case) or labels_range(case)
    if problem is not None and problem.level == "error":
        return problem
    names, trained = [], []
    for name, parameter in copy.named_parameters():
        if parameter.requires_grad:
            names.append(name)
            trained.append(parameter)
    try:
        loss = cross_entropy(case.scores.float(), case.labels)
        found = torch.autograd.grad(loss, trained, allow_unused=True)
    except RuntimeError as error:
        text = " ".join(str(error).split()).split("; ")[0][:150]
        return Finding(
            "cut_off",
            "error",
            f"The loss has no gradient for the weights ({text}); expected forward to compute with "
            "tensors all the way, without .detach(), .numpy(), no_grad or changes in place.",
            "x = x + y  # in forward, in place of x += y, and no .detach()",
        )
    case.gradients = dict(zip(names, found, strict=True))
    return problem


# -- before anything is computed ------------------------------------------------------------------


def trainable(case: Case) -> Finding | None:
    """Find a model of which no weight can change, or of which layers are hidden."""
    model = case.model
    for owner in model.modules():
        for name, value in vars(owner).items():
            held = (
                [each for each in value if isinstance(each, nn.Module)]
                if (isinstance(value, list | tuple))
                else ()
            )
            if held:
                return Finding(
                    "unregistered",
                    "error",
                    f"self.{name} keeps {len(held)} layers in a plain {type(value).__name__}, "
                    "where model.parameters() does not see them; expected a ModuleList.",
                    f"self.{name} = torch.nn.ModuleList(self.{name})  # in __init__",
                )
    if not torch.is_grad_enabled() or torch.is_inference_mode_enabled():
        return Finding(
            "gradients_off",
            "error",
            "Gradients are switched off here, so nothing can be learned; expected torch.no_grad() "
            "or inference_mode() around evaluations only.",
            "torch.set_grad_enabled(True)",
        )
    for parameter in model.parameters():
        if parameter.requires_grad:
            return None
    return Finding(
        "all_frozen",
        "error",
        "All weights of the model are frozen (requires_grad is False), so nothing can be learned; "
        "expected at least its last layer to be trained.",
        "model.requires_grad_(True)",
    )


def pixels(case: Case) -> Finding | None:
    """Find images that are no numbers, in 0 to 255, divided twice, or all alike."""
    images = case.images
    if case.train.tensors is not None and case.train.tensors[0].is_floating_point():
        whole = case.train.tensors[0]
        if not torch.isfinite(whole.sum(dtype=torch.float32)) and not torch.isfinite(whole).all():
            bad = int((~torch.isfinite(whole)).flatten(1).any(1).sum())
            return Finding(
                "nan_pixels",
                "error",
                f"{bad:,} of {len(whole):,} images hold numbers that are NaN or infinite; expected "
                "finite numbers, since one such number makes every weight NaN.",
                "images = torch.nan_to_num(torch.as_tensor(images), posinf=0, neginf=0)",
            )
    low, high = float(images.min()), float(images.max())
    if len(images) > 3 and bool((images == images[:1]).all()):
        return Finding(
            "same_images",
            "error",
            f"All {len(images)} images looked at are one and the same, from {low:.2g} to "
            f"{high:.2g}; expected different ones (whole numbers divided with // become 0).",
            "images = images / 255  # and in a Dataset look at the index in __getitem__",
        )
    if images[0].numel() < 64:  # a few measurements, in whatever unit
        return None
    if high > 50 and low >= 0:
        most = 255 if high < 256 else 65535
        return Finding(
            "range_255",
            "warning",
            f"The images run up to {high:,.0f}; expected about 0 to 1, since numbers this large "
            "make the first steps far too large.",
            f"images = images / {most}",
        )
    if 0 < high < 0.01 and low >= 0:
        return Finding(
            "divided_twice",
            "warning",
            f"The images run up to {high:.2g} only; expected about 0 to 1: they seem to have been "
            "divided by 255 twice (ToTensor divides, too).",
            "images = images * 255",
        )
    return None


def other_scale(case: Case) -> Finding | None:
    """Find a test set that was not prepared as the training set was."""
    if case.test is None:
        return None
    images = case.test.head(LOOKED_AT)[0]
    if images.shape[1:] != case.images.shape[1:]:
        return Finding(
            "other_size",
            "error",
            f"The test images have shape {tuple(images.shape[1:])}, those of training "
            f"{tuple(case.images.shape[1:])}; expected the same.",
            "print(train_images.shape, test_images.shape)  # prepare both in the same way",
        )
    ours, theirs = float(case.images.abs().mean()), float(images.abs().mean())
    if not 1 / 20 < (theirs + 1e-9) / (ours + 1e-9) < 20:
        return Finding(
            "other_scale",
            "warning",
            f"The test images are about {theirs:.2g} in size, those of training {ours:.2g}; "
            "expected the same, so one of the two was not scaled.",
            "test_images = test_images / 255  # whatever was done to the training images",
        )
    return None


def shared_images(case: Case) -> Finding | None:
    """Find a test set whose images the model is trained on."""
    if case.test is None or case.test.tensors is None or case.train.tensors is None:
        return None
    ours, theirs = case.train.tensors[0], case.test.tensors[0]
    if ours.shape[1:] != theirs.shape[1:] or ours.dtype != theirs.dtype:
        return None
    known = set(fingerprints(ours).tolist())
    shared = sum(map(known.__contains__, fingerprints(theirs).tolist()))
    # Real sets hold a few pictures twice; a slip shares far more.
    if shared < max(2, len(theirs) / 10):
        return None
    return Finding(
        "test_in_train",
        "warning",
        f"{shared:,} of {len(theirs):,} test images stand in the training set, too; expected none, "
        "since a test on images the model was trained on says nothing about new ones.",
        "train, test = (images[:800], labels[:800]), (images[800:], labels[800:])",
    )


def fingerprints(images: Tensor) -> Tensor:
    """Return one number for each image, from sixteen places of it; equal images have equal ones.

    Examples
    --------
    >>> a, b, c = fingerprints(torch.tensor([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]]))
    >>> bool(a == b), bool(a == c)
    (True, False)
    """
    rows = images.flatten(1)
    # Places spread over the picture; a fixed generator, so that both sets are read alike.
    generator = torch.Generator().manual_seed(0)
    count = rows.shape[1]
    places = torch.randperm(count, generator=generator)[:48].to(rows.device)
    weights = torch.rand(48, generator=generator, dtype=torch.float64)[: len(places)]
    return rows[:, places].double() @ weights.to(rows.device) if count else rows.sum(1).double()


# -- with the scores and the gradients of a copy --------------------------------------------------


def scores_form(case: Case) -> Finding | None:
    """Find outputs that are no scores, one row an image."""
    scores, count = case.scores, len(case.labels)
    if not isinstance(scores, Tensor):
        return Finding(
            "returns_nothing" if scores is None else "no_tensor",
            "error",
            f"The model returns {'None' if scores is None else f'a {type(scores).__name__}'}; "
            "expected one tensor of scores, shape (N, classes), from the return of forward.",
            "return x  # the last line of forward",
        )
    if scores.ndim != 2 or len(scores) != count or scores.shape[1] < 2:
        return Finding(
            "scores_shape",
            "error",
            f"The model gives shape {tuple(scores.shape)} for {count} images; expected "
            f"({count}, classes), one row of two scores or more for each image.",
            "x = x.flatten(1)  # in forward, before the first linear layer; and look at the last",
        )
    return None


def labels_range(case: Case) -> Finding | None:
    """Find labels beyond the scores of the model, or all the same."""
    for batches in (case.train, case.test):
        if batches is None:
            continue
        labels = batches.tensors[1] if batches.tensors is not None else batches.head(LOOKED_AT)[1]
        low, high, classes = int(labels.min()), int(labels.max()), case.scores.shape[1]
        if low >= 0 and high < classes:
            continue
        which = "labels" if batches is case.train else "test labels"
        fix = f"# the last layer gives {high + 1} scores, one for each class"
        if low == 1 and high == classes:
            fix = "labels = labels - 1"
        elif low < 0:
            fix = "images, labels = images[labels >= 0], labels[labels >= 0]"
        elif len(labels.unique()) <= classes:
            fix = "labels = torch.unique(torch.as_tensor(labels), return_inverse=True)[1]"
        return Finding(
            "labels_range",
            "error",
            f"The {which} run from {low} to {high}, and the model gives {classes} scores; expected "
            f"0 to {classes - 1}.",
            fix,
        )
    labels = case.labels if case.train.tensors is None else case.train.tensors[1]
    if len(labels) >= 16 and bool((labels == labels[0]).all()):
        return Finding(
            "one_class",
            "warning",
            f"All {len(labels):,} labels are {int(labels[0])}; expected several classes, since a "
            "model learns to answer this one whatever it sees.",
            "order = torch.randperm(len(labels))  # shuffle before a part is cut off",
        )
    return None


def last_step(case: Case) -> Finding | None:
    """Find a softmax or another activation at the end, where scores belong."""
    scores = case.scores.detach()
    known = _LAST.get(type(case.scores.grad_fn).__name__)
    if known is None and bool((scores >= 0).all() and ((scores.sum(1) - 1).abs() < 1e-3).all()):
        known = _LAST["SoftmaxBackward0"]
    if known is None:
        return None
    step, why = known
    last = list(case.model.named_modules())[-1]
    fix = f"return x  # the last line of forward, without {step}"
    if isinstance(case.model, nn.Sequential) and not list(last[1].parameters()):
        fix = "model = model[:-1]"
    return Finding(step, "warning", f"The model ends in {step}, {why}; expected plain scores.", fix)


def starting_loss(case: Case) -> Finding | None:
    """Find scores so large that the loss starts far above ln C, where guessing would put it."""
    classes = case.scores.shape[1]
    loss = float(cross_entropy(case.scores.detach().float(), case.labels))
    if not math.isfinite(loss):
        return Finding(
            "loss_not_finite",
            "error",
            f"The loss is {loss} before the first step; expected about ln {classes}: look for a "
            "division by 0, a logarithm or an exponential in forward.",
            "assert torch.isfinite(x).all()  # in forward, after each line",
        )
    times = loss / math.log(classes)
    if times < 8:
        return None
    return Finding(
        "loss_at_start",
        "warning",
        f"The loss at the start is {times:,.0f} times ln {classes}, the loss of a guess; expected "
        f"about ln {classes}: the first weights are too large, or the images are not scaled.",
        _RESET,
    )


def no_gradient(case: Case) -> Finding | None:
    """Find weights that get no gradient: never used, cut off, behind dead units, all alike."""
    unused, dead = [], []
    for name, gradient in case.gradients.items():
        if gradient is None:
            unused.append(name.rpartition(".")[0])
        elif not bool(gradient.any()):
            dead.append(name.rpartition(".")[0])
    if unused:
        names = ", ".join(map(code_of, dict.fromkeys(unused)))
        return Finding(
            "unused_layers",
            "warning",
            f"The loss does not depend on {names}; expected all layers to be used in forward, "
            "without .detach() after them.",
            "x = self.layer(x)  # in forward",
        )
    if not dead:
        return None
    level: Any = "error" if len(dead) >= len(case.gradients) - 1 else "warning"
    names = ", ".join(map(code_of, dict.fromkeys(dead)))
    return Finding(
        "zero_gradients",
        level,
        f"{names} get{'s' * (',' not in names)} a gradient of 0 for every image looked at; "
        "expected numbers, so weights are all 0, or a ReLU behind stays at 0.",
        _RESET,
    )


def mode(case: Case) -> Finding | None:
    """Find a model that comes in evaluation mode, where that makes a difference."""
    if case.model.training:
        return None
    kinds = {}
    for layer in case.model.modules():
        if isinstance(layer, _DropoutNd | _BatchNorm):
            kinds[type(layer).__name__] = None
    if not kinds:
        return None
    return Finding(
        "eval_mode",
        "warning",
        f"The model comes in evaluation mode and holds {' and '.join(kinds)}: fit puts it into "
        "training mode; a loop of your own has to do so.",
        "model.train()",
    )


def learning_rate(case: Case) -> Finding | None:
    """Find a rate with which the loss leaves all bounds, or cannot move."""
    optimizer = case.optimizer
    lr = case.lr if case.lr is not None or optimizer is None else optimizer.param_groups[0]["lr"]
    if not lr or not case.constant:
        return None
    sgd = isinstance(optimizer, torch.optim.SGD)
    classes, steps = case.scores.shape[1], case.steps or len(case.train)
    if lr > (0.2 if sgd else 0.02):
        losses = _losses(case, optimizer, lr)
        if not losses[-1] < 3 * max(losses[0], math.log(classes)):
            return Finding(
                "lr_too_high",
                "warning",
                f"After {len(losses) - 1} steps on one batch with a learning rate of {lr:g} the "
                f"loss is {losses[-1]:.3g}, from {losses[0]:.2f}; expected it to fall.",
                f"lr = {0.01 if sgd else 0.001}",
            )
    elif lr < 1e-4:
        moved = 0.0  # how far all steps together can lower the loss, to first order
        for gradient in case.gradients.values():
            if gradient is not None:
                size = gradient.double().square() if sgd else gradient.double().abs()
                moved += lr * float(size.sum())
        start = float(cross_entropy(case.scores.detach().float(), case.labels))
        if start > 0.7 * math.log(classes) and moved * steps < 0.01 * start:
            return Finding(
                "lr_too_low",
                "warning",
                f"With a learning rate of {lr:g} the loss can fall by {moved * steps:.1g} in all "
                f"{steps:,} steps; expected it to fall by more than that, so this rate is far too "
                "low.",
                f"lr = {0.01 if sgd else 0.001}",
            )
    return None


def _losses(case: Case, optimizer: Optimizer | None, lr: float) -> list[float]:
    """Train a copy of the model for a few steps on one batch."""
    copy = stand_in(case.model)
    kind: Any = torch.optim.Adam if optimizer is None else type(optimizer)
    try:
        stepper = kind(copy.parameters(), lr=lr)
    except TypeError:  # an optimizer of the student's own
        stepper = torch.optim.Adam(copy.parameters(), lr=lr)
    losses = []
    for _ in range(7):
        loss = cross_entropy(copy(case.images).float(), case.labels)
        losses.append(float(loss.detach()))
        stepper.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        stepper.step()
    return losses


def not_shuffled(data: Any) -> Finding | None:
    """Find a DataLoader that gives a sorted set in stored order."""
    if not isinstance(data, DataLoader) or not isinstance(data.sampler, SequentialSampler):
        return None
    labels = np.concatenate(
        [np.asarray(batch[1]) for batch, _ in zip(data, range(50), strict=False)]
    )
    alike = float((labels[1:] == labels[:-1]).mean())
    if len(labels) < 64 or alike < 0.6:
        return None
    return Finding(
        "not_shuffled",
        "warning",
        f"The batches come in stored order, in which {alike:.0%} of the images follow one of their "
        "own class; expected a mixture of the classes in each batch.",
        f"loader = torch.utils.data.DataLoader(loader.dataset, {data.batch_size}, shuffle=True)",
    )


BEFORE: tuple[Callable[[Case], Finding | None], ...] = (trainable, pixels, other_scale)
AFTER: tuple[Callable[[Case], Finding | None], ...] = (
    last_step,
    starting_loss,
    no_gradient,
    mode,
    learning_rate,
    shared_images,
)
