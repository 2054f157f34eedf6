"""Labels that the loss cannot use, or that say nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from coursekit.training.diagnosis.findings import Finding, count, number
from coursekit.training.diagnosis.loss_kinds import Kind


def label_form(targets: Any, kind: Kind) -> Finding | None:
    """Find labels of the wrong type or shape for the loss.

    Examples
    --------
    >>> label_form(torch.tensor([0.0, 1.0]), "cross_entropy").mend
    'labels = labels.long()'
    >>> label_form(torch.eye(3, dtype=torch.int64), "cross_entropy").mend
    'labels = labels.argmax(1)'
    """
    if not isinstance(targets, Tensor) or targets.ndim == 0:
        return None
    dtype = str(targets.dtype).removeprefix("torch.")
    if kind in ("cross_entropy", "nll"):
        return _class_form(targets, kind, dtype)
    if kind in ("bce", "bce_logits"):
        high = float(targets.max()) if targets.numel() else 0.0
        if targets.ndim == 1 and high > 1 and bool((targets == targets.round()).all()):
            return Finding(
                "labels_range",
                "error",
                f"The labels are numbers of classes, up to {number(high)}; binary cross-entropy "
                "expects 0.0 or 1.0 for each class, or take cross-entropy, which takes the "
                "numbers.",
                "labels = torch.nn.functional.one_hot(labels.long()).float()",
            )
        if not targets.is_floating_point():
            return Finding(
                "integer_targets",
                "error",
                f"The labels are {dtype}, and binary cross-entropy compares them with scores; "
                "expected floats, 0.0 or 1.0.",
                "labels = labels.float()",
            )
        low, high = float(targets.min()), float(targets.max())
        if low < 0 or high > 1:
            return Finding(
                "labels_range",
                "error",
                f"The labels run from {number(low)} to {number(high)}; binary cross-entropy "
                "expects them between 0 and 1.",
                "labels = (labels - labels.min()) / (labels.max() - labels.min())",
            )
    if kind == "regression" and targets.dtype == torch.float64:
        return Finding(
            "float64_labels",
            "error",
            "The targets are float64, the scores float32; expected the same type in both, since "
            "the backward pass stops otherwise.",
            "labels = labels.float()",
        )
    return None


def _class_form(targets: Tensor, kind: Kind, dtype: str) -> Finding | None:
    if targets.ndim == 2 and targets.shape[1] == 1:
        return Finding(
            "labels_column",
            "error",
            f"The labels are a column of shape (N, 1); the loss expects shape (N,), here "
            f"({len(targets)},).",
            "labels = labels[:, 0]",
        )
    if targets.ndim == 2 and targets.shape[1] > 1:
        rows = targets.float()
        one_hot = bool(((rows == 0) | (rows == 1)).all() and (rows.sum(1) == 1).all())
        if one_hot and not (kind == "cross_entropy" and targets.is_floating_point()):
            return Finding(
                "one_hot_labels",
                "error",
                f"The labels are one-hot rows of {targets.shape[1]} numbers ({dtype}); the loss "
                "expects one whole number for each image.",
                "labels = labels.argmax(1)",
            )
        if targets.is_floating_point() and not one_hot:
            sums = rows.sum(1)
            if bool((rows < 0).any()) or float((sums - 1).abs().max()) > 0.01:
                return Finding(
                    "no_probabilities",
                    "error",
                    "The labels are rows of floats that are no probabilities: cross-entropy "
                    "expects rows that sum to 1, with no negative number.",
                    "labels = labels.argmax(1)",
                )
        return None
    if targets.ndim == 1 and targets.is_floating_point():
        return Finding(
            "float_labels",
            "error",
            f"The labels are {dtype}; the loss expects whole numbers of classes (int64).",
            "labels = labels.long()",
        )
    if targets.ndim == 1 and targets.dtype not in (torch.int64, torch.uint8):
        return Finding(
            "labels_type",
            "error",
            f"The labels are {dtype}; the loss expects int64 (fit converts them by itself, a loop "
            "of your own has to).",
            "labels = labels.long()",
        )
    return None


def label_range(labels: Any, classes: int, ignored: int = -100) -> Finding | None:
    """Find labels below 0 or beyond the scores of the model.

    Parameters
    ----------
    labels
        All labels that are at hand.
    classes
        How many scores the model gives.
    ignored
        The label that the loss leaves out.

    Examples
    --------
    >>> label_range(np.arange(1, 11), 10).mend
    'labels = labels - 1'
    """
    values = np.asarray(labels)
    if values.dtype.kind not in "iu" or values.size == 0:
        return None
    low, high = int(values.min()), int(values.max())
    if low == ignored:
        values = values[values != ignored]
        if values.size == 0:
            return None
        low, high = int(values.min()), int(values.max())
    if low >= 0 and high < classes:
        return None
    found = f"The labels run from {low} to {high}, and the model gives {count(classes, 'score')}"
    expected = f"expected 0 to {classes - 1}"
    if low == 1 and high == classes:
        return Finding(
            "labels_range", "error", f"{found}; {expected}, counted from 0.", "labels = labels - 1"
        )
    if low < 0:
        below = int((values < 0).sum())
        return Finding(
            "labels_range",
            "error",
            f"{found}; {expected}: {count(below, 'label')} {'is' if below == 1 else 'are'} "
            "below 0, which often stands for unknown.",
            "images, labels = images[labels >= 0], labels[labels >= 0]",
        )
    different = len(np.unique(values))
    if different <= classes:
        return Finding(
            "labels_range",
            "error",
            f"{found}; {expected}: there are {different} different labels, to be numbered anew.",
            "labels = torch.unique(torch.as_tensor(labels), return_inverse=True)[1]",
        )
    return Finding(
        "num_classes",
        "error",
        f"{found}; expected at least {high + 1} scores, one for each class.",
        f"num_classes = {high + 1}  # where the model is made",
    )


def one_class(labels: Any, complete: bool) -> Finding | None:
    """Find labels that are all the same.

    Examples
    --------
    >>> one_class(np.zeros(50, np.int64), True).code
    'one_class'
    """
    values = np.asarray(labels)
    if values.ndim != 1 or len(values) < 16 or values.dtype.kind not in "iu":
        return None
    if (values != values[0]).any():
        return None
    which = f"All {number(len(values))} labels" + ("" if complete else " looked at")
    return Finding(
        "one_class",
        "warning",
        f"{which} are {int(values[0])}; expected several classes, since a model learns to answer "
        "this one whatever it sees.",
        "order = torch.randperm(len(labels))  # shuffle before a part is cut off\n"
        "images, labels = images[order], labels[order]",
    )
