"""What a loss asks of the scores and of the labels."""

from __future__ import annotations

from typing import Any, Literal

import torch.nn.functional as F
from torch import Tensor, nn

Kind = Literal["cross_entropy", "nll", "bce_logits", "bce", "regression", "other"]

_KINDS: dict[Any, Kind] = {
    nn.CrossEntropyLoss: "cross_entropy",
    F.cross_entropy: "cross_entropy",
    nn.NLLLoss: "nll",
    F.nll_loss: "nll",
    nn.BCEWithLogitsLoss: "bce_logits",
    F.binary_cross_entropy_with_logits: "bce_logits",
    nn.BCELoss: "bce",
    F.binary_cross_entropy: "bce",
    nn.MSELoss: "regression",
    F.mse_loss: "regression",
    nn.L1Loss: "regression",
    F.l1_loss: "regression",
    nn.SmoothL1Loss: "regression",
    F.smooth_l1_loss: "regression",
    nn.HuberLoss: "regression",
    F.huber_loss: "regression",
}


def kind_of(loss: Any) -> Kind:
    """Name the kind of a loss; None stands for cross-entropy, which fit takes.

    Examples
    --------
    >>> kind_of(None), kind_of(nn.MSELoss()), kind_of(lambda scores, labels: 0)
    ('cross_entropy', 'regression', 'other')
    """
    if loss is None:
        return "cross_entropy"
    try:
        return _KINDS.get(loss) or _KINDS.get(type(loss), "other")
    except TypeError:  # not hashable
        return "other"


def plain_loss(loss: Any) -> Any:
    """Return the loss itself, or cross-entropy where none is given.

    Examples
    --------
    >>> plain_loss(None) is F.cross_entropy
    True
    """
    return F.cross_entropy if loss is None else loss


def wants_numbers_of_classes(kind: Kind, targets: object) -> bool:
    """Tell whether the targets are numbers of classes, one an example, that the loss looks up.

    Examples
    --------
    >>> import torch
    >>> wants_numbers_of_classes("cross_entropy", torch.zeros(4, 10))   # probabilities
    False
    """
    return (
        kind in ("cross_entropy", "nll")
        and isinstance(targets, Tensor)
        and not (kind == "cross_entropy" and targets.is_floating_point() and targets.ndim == 2)
    )
