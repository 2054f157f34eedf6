"""Why a run has learned nothing: tried on one batch, with other learning rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from coursekit.training.diagnosis.findings import Finding, number
from coursekit.training.diagnosis.overfit import memorise
from coursekit.training.keeping.randomness import generators_kept

if TYPE_CHECKING:
    from coursekit.training.run import Run

_FACTORS = (30.0, 1 / 30, 1000.0, 1 / 1000)
_STEPS = 60
_SECONDS = 20.0


def mixed(inputs: Any, labels: Tensor, count: int = 32) -> tuple[Any, Tensor]:
    """Take a batch in which the classes are as evenly mixed as can be.

    Examples
    --------
    >>> mixed(torch.zeros(6, 1), torch.tensor([0, 0, 0, 0, 1, 2]), 3)[1]
    tensor([0, 1, 2])
    """
    taken: list[int] = []
    waiting = {c: torch.nonzero(labels == c)[:, 0].tolist() for c in torch.unique(labels).tolist()}
    while len(taken) < count and any(waiting.values()):
        taken += [places.pop(0) for places in waiting.values() if places]
    rows = torch.tensor(taken[:count], device=labels.device)
    return inputs[rows], labels[rows]


def why_nothing_is_learned(run: Run, inputs: Any, targets: Any) -> Finding:
    """Try to learn one batch by heart with several learning rates, and say what is in the way."""
    lr = max((float(group["lr"]) for group in run.optimizer.param_groups), default=0.0)
    if run.settings.lr:
        lr = max(lr, float(run.settings.lr))

    def attempt(
        prepare: Callable[[nn.Module], object] | None, factors: Sequence[float], share: float
    ) -> float | None:
        losses, rate = memorise(
            run.model,
            inputs,
            targets,
            run.loss_fn,
            steps=_STEPS,
            rates=tuple(lr * factor for factor in factors),
            optimizer=run.optimizer,
            prepare=prepare,
            seconds=_SECONDS,
        )
        return rate / lr if losses and losses[-1] < share * bound else None

    after = f"After {number(run.step)} steps the loss is still that of a guess"
    # By the shares of its classes alone a batch can be learned this far.
    counts = torch.unique(targets, return_counts=True)[1]
    if len(counts) < 2:
        return Finding(
            "nothing_learned",
            "warning",
            f"{after}; expected it to fall: climb the ladder, one batch first.",
            "overfit_one_batch(model, (images, labels))",
        )
    shares = counts / counts.sum()
    bound = float(-(shares * shares.log()).sum())
    with generators_kept(run.model), torch.enable_grad():
        # At its own rate a model that moves at all is in order; another rate has to do far better.
        factor = attempt(None, (1.0,), 0.9) or attempt(None, _FACTORS, 0.5)
        killed = factor is None and (factor := attempt(_anew, (1.0, *_FACTORS), 0.5)) is not None
    if factor is None:
        return Finding(
            "cannot_learn",
            "warning",
            f"{after}, and a copy of the model cannot learn even one batch by heart; expected it "
            "to: look at the model itself, step by step.",
            "diagnose(model, (images, labels)), overfit_one_batch(model, (images, labels))",
        )
    if killed or factor < 0.5:
        return Finding(
            "lr_too_high",
            "warning",
            f"{after}: the learning rate {number(lr)} is too high"
            + (" and has spoilt the weights" if killed else "")
            + "; expected the loss to fall, as it does on one batch with a smaller rate.",
            f"lr = {min(0.1, float(f'{lr * min(factor, 1 / 30):.1g}'))}",
        )
    if factor > 2:
        return Finding(
            "lr_too_low",
            "warning",
            f"{after}: the learning rate {number(lr)} is too low; expected the loss to fall, as it "
            "does on one batch with a larger rate.",
            f"lr = {float(f'{lr * factor:.1g}')}",
        )
    return Finding(
        "labels_do_not_fit",
        "warning",
        f"{after}, though the model can learn one batch by heart at this learning rate; expected "
        "labels that belong to their images: were the two shuffled apart?",
        "order = torch.randperm(len(images))  # one order for both\n"
        "images, labels = images[order], labels[order]",
    )


def _anew(model: nn.Module) -> None:
    for layer in model.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()  # type: ignore[operator]
