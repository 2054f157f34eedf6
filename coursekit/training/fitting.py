"""`fit`: what a student calls once they have written the loop by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from coursekit.training.conduct import conduct
from coursekit.training.record.history import History
from coursekit.training.settings import Settings

_DATA = ("model", "train", "test")


def fit(
    model: nn.Module,
    train: Any,
    test: Any = None,
    *,
    validation: Any = None,
    epochs: int = 1,
    batch_size: int | None = None,
    lr: float | None = None,
    device: str | torch.device = "auto",
    precision: str = "auto",
    seed: int | None = None,
    checkpoint: Any = None,
    resume: bool = False,
    progress: bool = True,
    loss: Callable[[Any, Any], torch.Tensor] | None = None,
    metrics: Any = None,
    optimizer: Any = "adamw",
    weight_decay: float = 0.0,
    momentum: float | None = None,
    schedule: Any = "auto",
    warmup: float = 0.0,
    label_smoothing: float = 0.0,
    class_weights: Any = None,
    lr_scale: Mapping[str, float] | None = None,
    clip: float | None = None,
    accumulate: int = 1,
    patience: int | None = None,
    keep: str = "auto",
    average: float | None = None,
    augment: Any = (),
    hooks: Any = (),
    compile: bool | str = "auto",
    workers: int | str = "auto",
    checkpoint_every: float = 60.0,
) -> History:
    """Train a model, in place, and return the history of it.

    With ``precision="float32"`` and `batch_size`, `lr` and `seed` given this is the plain loop of
    lesson 11 and nothing else: cross-entropy, ``torch.optim.AdamW(model.parameters(), lr=lr,
    weight_decay=0.0)``, a constant learning rate, the images in the order of `epoch_order`; the
    weights come out the same, bit for bit. What is left open is chosen for the device and
    recorded in ``history.config``. `show_loop` shows the loop that a call ran.

    Parameters
    ----------
    model
        Any ``nn.Module`` that gives logits. At the end it holds the best weights where there is a
        validation set, the average where `average` is given, otherwise the last weights.
    train, test
        (images, labels) as arrays or tensors, a ``Dataset`` or a ``DataLoader``. uint8 images are
        divided by 255 and get their channels first; float images are taken as they are. The test
        set is evaluated after each epoch and never decides anything.
    validation
        A share of `train`, such as 0.1, or a set like it: decides about best weights, early
        stopping, and whether the average or the last weights are kept.
    epochs
        Passes over the training set.
    batch_size
        Images in an update, over all processes; chosen by device, precision and size of the set
        unless given. A ``DataLoader`` has its own.
    lr
        Learning rate, the highest one where it changes. Left out, fit chooses it, with one cycle
        (and, for Adam, the betas 0.9 and 0.95).
    device
        ``"auto"``, or a device as PyTorch names it.
    precision
        ``"float32"``: PyTorch's plain arithmetic; ``"bfloat16"``; ``"auto"``: what suits.
    seed
        For the order of the images, augmentation, and PyTorch's generators, which are seeded
        once, at the start; without one, one is drawn from PyTorch's generator and recorded.
    checkpoint, resume, checkpoint_every
        A folder that keeps the run, written after epochs and every so many seconds; whether to go
        on from what it holds, with the same arguments. What fit chose for the run stays chosen.
    progress
        Whether to show how far the run has come.
    loss
        A function of (logits, targets) to the mean over the batch; cross-entropy unless given.
    metrics
        Functions of (logits, targets) to a mean over the batch: a list, or a dict by name.
    optimizer
        ``"adamw"``, ``"adam"``, ``"sgd"``; a ready ``torch.optim.Optimizer`` of this model; or a
        function from a list of parameters to one.
    weight_decay
        For named optimizers; biases and scales of norms are left out of it.
    momentum
        Of ``"sgd"``. Left out it is 0, as in ``torch.optim.SGD``, where `lr` is given; 0.9 with
        Nesterov's correction where fit chooses the learning rate.
    schedule, warmup
        ``"constant"``, ``"onecycle"``, ``"cosine"``, ``"step"``, or a function from the number of
        updates done to a factor of the learning rate; epochs over which it rises to its height.
        ``"auto"`` is one cycle where fit chooses the learning rate, else constant.
    label_smoothing, class_weights
        Of the cross-entropy: a share spread over all classes, a number for each class.
    lr_scale
        Factors of the learning rate for parts of the model, ``{"features": 0.1}``.
    clip
        Gradients together longer than this are shortened to it.
    accumulate
        Batches in an update; their gradients make the gradient of the mean over all of them.
    patience
        Stop after so many epochs without a lower validation loss.
    keep
        ``"best"`` or ``"last"`` weights; ``"auto"`` is best where there is a validation set.
    average
        Keep an exponential average of the weights, such as 0.99, and evaluate it.
    augment
        Augmentations of whole batches, ``[RandomCrop(4), RandomHorizontalFlip()]``, or functions.
    hooks
        Objects with any of the methods ``before_training``, ``before_epoch``, ``after_step``,
        ``after_epoch``, ``after_training``, called with the `Run`; a function is after_epoch.
    compile
        Whether to use ``torch.compile``; ``"auto"`` where its cost is earned back.
    workers
        Processes that read a ``Dataset``.

    Returns
    -------
    History
        A record for each epoch, the settings as they were used, and how the run ended.

    Raises
    ------
    ValueError, TypeError
        When an argument cannot be meant, before anything is trained.
    TrainingError
        When the run had to stop, such as a loss that is no number; it has the ``history``.
    CourseError
        When a checkpoint is damaged, or belongs to a run with other arguments or other data.

    Examples
    --------
    >>> import torch
    >>> from coursekit.datasets import load
    >>> train, test = load("strokes")
    >>> model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    >>> history = fit(model, train, test, epochs=2, seed=0, progress=False)
    >>> [record["epoch"] for record in history.records]
    [1, 2]
    """
    given = {name: value for name, value in locals().items() if name not in _DATA}
    return conduct(model, train, test, Settings(**given))
