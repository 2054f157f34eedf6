"""The order in which a model and its data are looked at, and what hides what."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.training.diagnosis import (
    forward_errors,
    inspect_gradients,
    inspect_images,
    inspect_labels,
    inspect_model,
    inspect_order,
    inspect_outputs,
    inspect_rate,
    inspect_start,
)
from coursekit.training.diagnosis.findings import Finding, Findings, for_arrays, named
from coursekit.training.diagnosis.layer_shapes import batch_of_one
from coursekit.training.diagnosis.loss_kinds import kind_of, plain_loss, wants_numbers_of_classes
from coursekit.training.diagnosis.probe import Probe, backward, forward
from coursekit.training.diagnosis.samples import Sample
from coursekit.training.diagnosis.undisturbed import stand_in

_PIXELS = 32 * 64 * 64 * 3  # of larger images fewer are tried, so that a look stays short


@dataclass
class Case:
    """What is looked at.

    Attributes
    ----------
    model, sample
        The model, and a few examples with what is known of the others.
    loss, lr, optimizer
        As given; None for cross-entropy, for an unknown rate, for none.
    steps
        Updates that are planned, where that is known.
    constant
        Whether the learning rate is used from the first step on.
    sets_mode
        Whether whoever trains it puts it in training mode first, as fit does.
    """

    model: nn.Module
    sample: Sample
    loss: Any = None
    lr: float | None = None
    optimizer: Optimizer | None = None
    steps: int | None = None
    constant: bool = True
    sets_mode: bool = False


def examine(case: Case) -> Findings:
    """Look at a case; the caller keeps the random states.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> batch = Sample(torch.rand(8, 4), torch.arange(8) % 2)
    >>> examine(Case(nn.Linear(4, 2), batch))
    Nothing suspicious found: the loss at the start is near ln 2.
    """
    found = Findings()
    used_up = inspect_order.used_up(case.sample)
    if used_up:
        found.append(used_up)
        return found
    look = _Look(case, found)
    for finding in look.at_all():
        pasted = for_arrays(finding.mend) if case.sample.arrays else finding.mend
        found.append(replace(finding, mend=pasted))
    found.sort(key=lambda each: each.level != "error")  # the most important ones first
    if look.near is not None and not found:
        found.quiet = f"Nothing suspicious found: the loss at the start is near ln {look.near}."
    return found


class _Look:
    """The order in which a case is looked at: what comes first hides what follows from it."""

    def __init__(self, case: Case, found: Findings) -> None:
        self.case, self.found = case, found
        self.kind = kind_of(case.loss)
        self.loss = plain_loss(case.loss)
        self.near: int | None = None
        self.model = getattr(case.model, "_orig_mod", case.model)  # without torch.compile

    def at_all(self) -> Iterator[Finding]:
        sample, case = self.case.sample, self.case
        inputs, targets = sample.inputs, sample.targets
        broken = inspect_images.broken_pixels(inputs, sample.images)
        form = inspect_labels.label_form(targets, self.kind)
        yield from _those(
            broken,
            form,
            inspect_labels.one_class(sample.labels, sample.all_labels)
            if sample.all_labels or sample.drawn
            else None,
            inspect_order.sorted_labels(sample),
            inspect_model.gradients_off(),
            inspect_model.made_for_inference(self.model),
            inspect_model.unregistered(self.model),
            inspect_model.mode(self.model, mended=case.sets_mode),
        )
        if broken:
            return
        with stand_in(self.model) as other, torch.enable_grad():
            if self.case.sets_mode:
                other.train()
            yield from list(self._on_a_copy(other, *self._batch(inputs, targets)))

    def _batch(self, inputs: Any, targets: Any) -> tuple[Any, Any]:
        """Move a batch that is not too large to where the model is; one that gradients may pass."""
        first = next(iter(self.model.parameters()), None)
        few = None
        if isinstance(inputs, Tensor):
            few = max(4, _PIXELS // max(1, inputs[0].numel())) if inputs.ndim > 1 else None
        moved = []
        for value in (inputs, targets):
            part = value[:few] if isinstance(value, Tensor) and value.ndim else value
            if isinstance(part, Tensor):
                part = part.clone() if part.is_inference() else part
                part = part if first is None else part.to(first.device)
            moved.append(part)
        return moved[0], moved[1]

    def _on_a_copy(self, model: nn.Module, inputs: Any, targets: Any) -> Iterator[Finding]:
        probe = forward(model, inputs)
        if probe.error is not None:
            wrong = forward_errors.why_it_stopped(probe, model, inputs)
            yield wrong
            if wrong.code not in ("integer_images", "float64_images"):
                return
            inputs = inputs.float()  # as the mend does: is there more?
            if wrong.code == "integer_images" and float(inputs.max()) > 1:
                inputs = inputs / 255
            probe = forward(model, inputs)
            if probe.error is not None:
                return
        pixels = inspect_images.pixel_values(inputs, probe.entrance, spread=self.case.sample.drawn)
        if pixels and pixels.code.endswith("_images"):
            yield pixels  # nothing that follows is worth saying
            return
        yield from _those(
            pixels,
            inspect_model.frozen(self.model, probe.last),
            inspect_model.held_by_optimizer(self.model, self.case.optimizer, probe.last),
            self._single(model, inputs),
        )
        yield from self._scores(model, probe, inputs, targets)

    def _scores(
        self, model: nn.Module, probe: Probe, inputs: Any, targets: Any
    ) -> Iterator[Finding]:
        if inspect_labels.label_form(targets, self.kind):
            targets = _mended(targets, self.kind)
        wrong = inspect_outputs.output_form(probe.outputs, targets, self.kind)
        if wrong is None and wants_numbers_of_classes(self.kind, targets):
            wrong = self._range(probe, targets)
        if wrong:
            yield wrong
            return
        if wants_numbers_of_classes(self.kind, targets):
            self.found.scores = int(probe.outputs.shape[1])
        last = inspect_outputs.last_step(probe, self.kind, self.model)
        if last:
            yield last
        backward(probe, model, targets, self.loss)
        if probe.stage == "loss":
            if not inspect_labels.label_form(self.case.sample.targets, self.kind):
                yield _loss_stopped(probe)
            return
        large = inspect_start.starting_loss(probe.outputs, targets, self.kind, probe.entrance)
        scaled = inspect_images.pixel_values(inputs, probe.entrance) is None
        if large and scaled:
            yield large
        if not any(p.requires_grad for p in model.parameters()):
            return
        cut = inspect_gradients.flow(probe)
        if cut:
            yield cut
        if (cut and cut.level == "error") or (large and large.level == "error"):
            return
        value = inspect_start.guess(probe.outputs, targets, self.kind)
        if value is not None:
            classes = probe.outputs.shape[1]
            self.near = (
                classes if abs(value - math.log(classes)) < 0.3 * math.log(classes) else None
            )
        dead = inspect_gradients.learnable(probe, model, inputs, targets, self.loss)
        if dead:
            yield dead
        elif scaled:
            rate = inspect_rate.rate(self.case, probe, inputs, targets, self.loss, value)
            if rate:
                yield rate

    def _range(self, probe: Probe, targets: Tensor) -> Finding | None:
        if targets.ndim != 1 or targets.is_floating_point():
            return None
        ignored = getattr(self.case.loss, "ignore_index", -100)
        labels = self.case.sample.labels
        labels = targets.cpu() if labels is None or getattr(labels, "ndim", 0) != 1 else labels
        classes = int(probe.outputs.shape[1])
        if isinstance(labels, Tensor):
            labels = labels.cpu()
        wrong = inspect_labels.label_range(labels, classes, ignored)
        if wrong and wrong.code == "num_classes":
            needed = int(labels.max()) + 1
            mend = inspect_outputs.wider(probe.last, self.model, needed)
            return replace(wrong, mend=mend) if mend else wrong
        return wrong

    def _single(self, model: nn.Module, inputs: Any) -> Finding | None:
        """Try one example where an epoch ends with one, or every batch has one."""
        sample = self.case.sample
        size, total = sample.batch_size, sample.examples
        alone = size == 1 or (size and total and not sample.drop_last and total % size == 1)
        if not alone or not isinstance(inputs, Tensor):
            return None
        probe = forward(model, inputs[:1])
        visit = probe.stopped_in
        if visit is None or "more than 1 value per channel" not in str(probe.error):
            return None
        where = named(visit.name, visit.layer)
        return batch_of_one(total or 1, where, size, loader=sample.from_loader)


def _those(*found: Finding | None) -> Iterator[Finding]:
    yield from (finding for finding in found if finding is not None)


def _mended(targets: Any, kind: str) -> Any:
    """Bring labels of the wrong form into the right one, to go on looking."""
    if kind in ("bce", "bce_logits") and targets.ndim == 1 and float(targets.max()) > 1:
        return torch.nn.functional.one_hot(targets.long().clamp(min=0)).float()
    if kind not in ("cross_entropy", "nll"):
        return targets.float()
    if targets.ndim == 2:
        targets = targets[:, 0] if targets.shape[1] == 1 else targets.argmax(1)
    return targets.long()


def _loss_stopped(probe: Probe) -> Finding:
    text = " ".join(str(probe.error).split())
    shape = tuple(probe.outputs.shape) if isinstance(probe.outputs, Tensor) else "no tensor"
    if "weight tensor should be defined" in text and isinstance(probe.outputs, Tensor):
        classes = probe.outputs.shape[1]
        found = text.rpartition("[")[2].rstrip("].")
        return Finding(
            "class_weights",
            "error",
            f"class_weights: found {found} numbers beside a model that gives {classes} scores; "
            "expected one number for each class, in their order.",
            f"class_weights = [1.0] * {classes}  # then change those of single classes",
        )
    return Finding(
        "loss_error",
        "error",
        f"The loss stops with {type(probe.error).__name__}: {text[:200]}; it got scores of shape "
        f"{shape}, and expected labels that belong to them.",
        "print(scores.shape, labels.shape, labels.dtype)  # before the loss",
    )
