"""A look at a model and its data before an epoch is wasted on them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit.training.diagnosis import inspect_order
from coursekit.training.diagnosis.findings import Finding, Findings, need_module
from coursekit.training.diagnosis.look import Case, examine
from coursekit.training.diagnosis.samples import take
from coursekit.training.keeping.randomness import generators_kept


def diagnose(
    model: nn.Module,
    data: Any,
    *,
    loss: Callable[..., Tensor] | None = None,
    lr: float | None = None,
    optimizer: Optimizer | None = None,
    test: Any = None,
) -> Findings:
    """Look at a model and its data before training, and say what will go wrong.

    Nothing is changed: not the weights, buffers, gradients and modes of the model, not the random
    numbers that come next. A few examples are tried on a copy of the model.

    Parameters
    ----------
    model
        Any `nn.Module`.
    data
        What it is trained on: (images, labels), a `Dataset`, a `DataLoader`, a list of batches.
        Arrays of bytes are taken as `fit` takes them; everything else as a loop of your own
        would feed it to the model.
    loss
        A function of (scores, labels); cross-entropy unless given.
    lr
        The learning rate; that of the optimizer unless given.
    optimizer
        What updates the weights.
    test
        The test set, to see that it shares no images with `data`.

    Returns
    -------
    Findings
        A list of `Finding`, which shows itself as sentences. It is empty where all is well.

    Raises
    ------
    TypeError, ValueError
        When `model` is no module or `data` no data. What the model does raises nothing.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> images, labels = torch.rand(64, 1, 28, 28), torch.arange(64) % 10
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    >>> diagnose(model, (images, labels))
    Nothing suspicious found: the loss at the start is near ln 10.
    >>> diagnose(model, (images, labels + 1))
    1 thing to look at:
    error: The labels run from 1 to 10, and the model gives 10 scores; expected 0 to 9, ...
        labels = labels - 1
    """
    need_module(model)
    if lr is not None and not 0 <= lr < math.inf:
        raise ValueError(f"lr: found {lr!r}; expected a learning rate of 0 or more, such as 0.001.")
    with generators_kept(data, test, model):
        try:
            sample = take(data)
            other = None if test is None else take(test, "test")
        except (TypeError, ValueError):
            raise
        except Exception as error:  # a Dataset of the student's own
            return Findings([_unreadable(error)])
        case = Case(model, sample, loss, lr, optimizer)
        findings = examine(case)
        if other is not None:
            shared = inspect_order.shared_images(data, test, sample, other)
            if shared:
                findings.append(shared)
    return findings


def _unreadable(error: Exception) -> Finding:
    text = " ".join(str(error).split())
    if "to be equal size" in text:
        sizes = ", ".join(re.findall(r"\[[\d, ]+\]", text))
        return Finding(
            "image_sizes",
            "error",
            f"The images have different sizes ({sizes}), so they cannot be joined into a batch; "
            "expected one size for all.",
            "image = torch.nn.functional.interpolate(image[None], size=(28, 28))[0]"
            "  # in __getitem__",
        )
    return Finding(
        "data_error",
        "error",
        f"The data could not be read: {type(error).__name__}: {text[:200]}; expected pairs (image, "
        "label) that can be joined into a batch.",
        "image, label = dataset[len(dataset) - 1]  # is there one for every index?",
    )
