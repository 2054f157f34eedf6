"""What a model gives back, beside what the loss expects."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from coursekit.training.diagnosis.findings import Finding, code_of, count, rebuilt
from coursekit.training.diagnosis.loss_kinds import Kind
from coursekit.training.diagnosis.probe import Probe

_LAST = {
    "SoftmaxBackward0": "softmax",
    "LogSoftmaxBackward0": "log_softmax",
    "SigmoidBackward0": "sigmoid",
    "TanhBackward0": "tanh",
    "ReluBackward0": "relu",
}
_LAYERS: dict[str, tuple[type[nn.Module], ...]] = {
    "softmax": (nn.Softmax, nn.Softmax2d),
    "log_softmax": (nn.LogSoftmax,),
    "sigmoid": (nn.Sigmoid,),
    "tanh": (nn.Tanh,),
    "relu": (nn.ReLU,),
}
_WHY = {
    "softmax": "which cross-entropy does itself: done twice, the gradients shrink and learning "
    "slows down",
    "log_softmax": "which cross-entropy does itself: done twice it changes nothing, but the "
    "outputs are no plain scores",
    "sigmoid": "which squeezes all scores into 0 to 1, so that cross-entropy cannot come near 0",
    "tanh": "which squeezes all scores into -1 to 1, so that cross-entropy cannot come near 0",
    "relu": "which cuts off all scores below 0, and a class whose score is cut off learns nothing",
}


def output_form(outputs: Any, targets: Any, kind: Kind) -> Finding | None:
    """Find outputs that are no scores, one row an image.

    Examples
    --------
    >>> output_form(None, torch.zeros(4), "cross_entropy").code
    'returns_nothing'
    """
    if outputs is None:
        return Finding(
            "returns_nothing",
            "error",
            "The model returns None; expected the scores, so forward lacks its return.",
            "return x  # the last line of forward",
        )
    if not isinstance(outputs, Tensor):
        if kind == "other":
            return None  # a loss of the student's own may take anything
        return Finding(
            "no_tensor",
            "error",
            f"The model returns a {type(outputs).__name__}; expected one tensor of scores, shape "
            "(N, classes).",
            "return x  # the last line of forward: only the scores",
        )
    if not isinstance(targets, Tensor) or outputs.ndim == 0 or targets.ndim == 0:
        return None
    if len(outputs) != len(targets):
        return Finding(
            "batch_mixed",
            "error",
            f"The model gives {count(len(outputs), 'row')} of scores for "
            f"{count(len(targets), 'image')}; "
            "expected one row an image, so a view or reshape in forward mixes images.",
            "x = x.flatten(1)  # in forward, in place of the view or reshape",
        )
    if kind in ("cross_entropy", "nll"):
        return _class_scores(outputs, targets)
    if kind in ("regression", "bce", "bce_logits") and outputs.shape != targets.shape:
        return _broadcast(outputs, targets, kind)
    return None


def _class_scores(outputs: Tensor, targets: Tensor) -> Finding | None:
    shape = tuple(outputs.shape)
    if targets.is_floating_point() and targets.ndim == 2 and targets.shape != outputs.shape:
        return Finding(
            "num_classes",
            "error",
            f"The labels are rows of {targets.shape[1]} probabilities, the scores have shape "
            f"{shape}; expected the same shape.",
            f"num_classes = {targets.shape[1]}  # where the model is made",
        )
    if targets.ndim != 1:
        return None
    if not outputs.is_floating_point():
        return Finding(
            "no_scores",
            "error",
            f"The model gives whole numbers ({str(outputs.dtype).removeprefix('torch.')}, shape "
            f"{shape}), as argmax does; expected scores (N, classes), one for each class, since a "
            "choice has no gradient.",
            "return x  # the last line of forward, without argmax",
        )
    if outputs.ndim > 2:
        return Finding(
            "not_flattened",
            "error",
            f"The model gives shape {shape} for {len(targets)} images; expected (N, classes), so "
            "the maps have to be flattened before the last layer.",
            "x = x.flatten(1)  # in forward, before the last layer",
        )
    if outputs.ndim == 1 or shape[1] == 1:
        return Finding(
            "one_score",
            "error",
            f"The model gives one score an image, shape {shape}; cross-entropy expects one for "
            "each class, and with a single one it is always 0.",
            "loss_fn = torch.nn.BCEWithLogitsLoss()  # two classes; labels.float()[:, None]"
            if outputs.ndim == 2
            else "num_classes = 2  # where the model is made",
        )
    return None


def _broadcast(outputs: Tensor, targets: Tensor, kind: Kind) -> Finding | None:
    a, b = tuple(outputs.shape), tuple(targets.shape)
    said = f"The outputs have shape {a}, the labels {b}; expected the same shape"
    why = (
        ", since the loss would compare every output with every label."
        if kind == "regression"
        else ", one output for each label."
    )
    if outputs.ndim == 2 and a[1] == 1 and targets.ndim == 1:
        return Finding("shapes_differ", "error", said + why, "labels = labels[:, None]")
    if outputs.ndim == 1 and targets.ndim == 2 and b[1] == 1:
        return Finding("shapes_differ", "error", said + why, "labels = labels[:, 0]")
    if kind == "regression" and outputs.numel() == 1:
        return None
    try:
        alike = torch.broadcast_shapes(a, b) == a  # type: ignore[no-untyped-call]
    except RuntimeError:
        alike = False
    if alike and kind == "regression":
        return None
    if outputs.ndim == 2 and targets.ndim == 1:
        return Finding(
            "shapes_differ",
            "error",
            f"{said}: a row for each label, 1 at its class and 0 elsewhere, or else cross-entropy, "
            "which takes numbers of classes.",
            f"labels = torch.nn.functional.one_hot(labels.long(), {a[1]}).float()",
        )
    mend = (
        f"labels = labels.reshape(len(labels), {', '.join(map(str, a[1:])) or '-1'})"
        if outputs.numel() == targets.numel() and outputs.ndim > 1
        else "labels = labels.flatten()"
        if outputs.numel() == targets.numel()
        else "print(scores.shape, labels.shape)  # before the loss"
    )
    return Finding("shapes_differ", "error", f"{said}.", mend)


def last_step(probe: Probe, kind: Kind, model: nn.Module) -> Finding | None:
    """Find an activation after the last layer that does the loss's own work, or hinders it.

    Examples
    --------
    >>> from coursekit.training.diagnosis.probe import forward
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Softmax(1))
    >>> last_step(forward(model, torch.rand(5, 1, 2, 2)), "cross_entropy", model).mend
    'model = model[:-1]'
    """
    outputs = probe.outputs
    if not isinstance(outputs, Tensor) or outputs.ndim == 0:
        return None
    step = _name_of(outputs)
    if kind == "cross_entropy" and step:
        return Finding(
            f"{step}_last" if step not in ("softmax", "log_softmax") else step,
            "warning",
            f"The model ends with {step}, {_WHY[step]}; expected plain scores (logits).",
            _without(step, probe, model),
        )
    if kind == "bce_logits" and step == "sigmoid":
        return Finding(
            "sigmoid_last",
            "warning",
            "The model ends with sigmoid, which BCEWithLogitsLoss does itself: done twice, "
            "learning slows down; expected plain scores (logits).",
            _without(step, probe, model),
        )
    if kind == "nll" and step != "log_softmax" and float(outputs.detach().max()) > 1e-4:
        return Finding(
            "nll_of_scores",
            "error",
            "NLLLoss got plain scores, so the loss falls without end and means nothing; expected "
            "log-probabilities, or cross-entropy, which takes scores.",
            "loss_fn = torch.nn.CrossEntropyLoss()",
        )
    return None


def _name_of(outputs: Tensor) -> str:
    """Name the last step that is more than a change of shape."""
    node: Any = outputs.grad_fn
    for _ in range(4):
        name = type(node).__name__
        if name in _LAST:
            return _LAST[name]
        if not name.startswith(("View", "Unsafe", "Reshape", "Squeeze", "Unsqueeze", "Alias")):
            break
        node = node.next_functions[0][0] if node.next_functions else None
    scores = outputs.detach().float()
    if scores.ndim == 2 and scores.shape[1] > 1 and len(scores) > 3:
        off = float((scores.sum(1) - 1).abs().max())
        if float(scores.min()) >= 0 and off < 1e-3:
            return "softmax"  # written out by hand, or in a model whose layers are all frozen
    return ""


def _without(step: str, probe: Probe, model: nn.Module) -> str:
    leaves = probe.leaves
    if leaves and isinstance(leaves[-1].layer, _LAYERS[step]):
        name = leaves[-1].name
        if isinstance(model, nn.Sequential) and name == str(len(model) - 1):
            return "model = model[:-1]"
        times = sum(visit.name == name for visit in leaves)
        if name and times == 1:
            return f"{code_of(name)} = torch.nn.Identity()"
    return f"return x  # the last line of forward, without {step}"


def wider(last: str | None, model: nn.Module, classes: int) -> str | None:
    """Write the line that gives the last layer more scores; None where that is not plain.

    Examples
    --------
    >>> wider("1", nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), 5)
    'model[1] = torch.nn.Linear(in_features=4, out_features=5, bias=True)'
    """
    layer = model.get_submodule(last) if last else None
    if not isinstance(layer, nn.Linear) or last is None:
        return None
    return rebuilt(last, layer, f"out_features={layer.out_features}", f"out_features={classes}")
