"""Asking for a frozen module, and for a network with a new head. It runs beside the answer."""

from typing import Any

import numpy as np

from coursekit.checks.runner.stub import is_stub
from coursekit.checks.runner.torch_sgd import sgd

# What a function gave back that was handed a module.
SAME, NOTHING, OTHER, LAYER, NO_MODULE = range(5)
LR, DECAY = 0.5, 0.1  # of the step that is taken after freezing
FC, IN_A_ROW, CLASSIFIER, HEADS = range(4)  # where a network has its last dense layer
# The parameters of the module to be frozen, in order, and the statistics of its batch norm.
PARAMETERS = (
    *("scale", "offset", "block.0.weight", "block.0.bias", "block.1.weight", "block.1.bias"),
    *("dense.weight", "dense.bias"),
)
STATISTICS = ("block.1.running_mean", "block.1.running_var")


def torch_frozen(
    freeze: Any,
    images: Any, costs: Any, before: int, head: Any, head_bias: Any, *weights: Any,
) -> Any:  # fmt: skip
    """Let a body be frozen; then train it together with a head, by one step.

    The body scales and moves the images, and has a 3x3 convolution, a batch norm, ReLU, averaging
    and a dense layer, with `weights` in the order of `PARAMETERS` and `STATISTICS`. It comes in
    training mode, its first `before` parameters already frozen. The loss is the mean over the
    images of scores times `costs`; the step is SGD's, with weight decay, for all parameters.

    Returns the head after the step, a row for each class; the gradient of the loss by the images;
    the body's parameters in one row, and its statistics; a 1 for each parameter that can still be
    trained; a 1 for each that could be before; a 1 for each that moved; and facts: whether the
    statistics moved, whether they are those of a new batch norm, whether batch norm is in training
    mode, whether a gradient came to the images, whether `requires_grad` was set on a module,
    whether the answer speaks of no_grad, whether another module was returned, a frozen one, and
    whether parameters are missing (they count as 0).
    """
    import torch

    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        body = _body(weights).train()
        for parameter in list(body.parameters())[:before]:
            parameter.requires_grad_(False)
        starts = {name: value.clone() for name, value in body.state_dict().items()}
        opened = [p.requires_grad for p in body.parameters()]
        with torch.enable_grad():
            value = freeze(body)
        if value is Ellipsis or (value is None and is_stub(freeze)):
            return Ellipsis
        last = torch.nn.Linear(head.shape[1], head.shape[0])
        with torch.no_grad():
            last.weight.copy_(torch.tensor(head))
            last.bias.copy_(torch.tensor(head_bias))
        pictures = torch.tensor(images, requires_grad=True)
        parameters = [*body.parameters(), *last.parameters()]
        optimizer = sgd(parameters, LR, weight_decay=DECAY)
        loss = (last(body(pictures)) * torch.tensor(costs)).sum() / len(costs)
        loss.backward()
        optimizer.step()
    named, now = dict(body.named_parameters()), body.state_dict()
    missing = [name for name in (*PARAMETERS, *STATISTICS) if name not in now]
    now = {**now, **{name: torch.zeros_like(starts[name]) for name in missing}}
    values = [now[name].detach() for name in PARAMETERS]
    stats = torch.stack([now[name] for name in STATISTICS])
    moved = [not torch.equal(v, starts[n]) for v, n in zip(values, PARAMETERS, strict=True)]
    other = isinstance(value, torch.nn.Module) and value is not body
    norm: Any = body.get_submodule("block.1")
    facts = [
        any(not torch.equal(now[name], starts[name]) for name in STATISTICS),
        not bool(stats[0].any()) and bool((stats[1] == 1).all()),
        norm.training,
        pictures.grad is not None,
        any("requires_grad" in vars(part) for part in body.modules()),
        bool({"no_grad", "inference_mode"} & _names(freeze)),
        other and not any(p.requires_grad for p in value.parameters()),
        bool(missing),
    ]
    return (
        torch.cat([last.weight, last.bias[:, None]], dim=1),
        np.zeros(0) if pictures.grad is None else pictures.grad,
        torch.cat([v.reshape(-1) for v in values]),
        stats,
        np.array([int(n in named and named[n].requires_grad) for n in PARAMETERS]),
        np.array(opened, dtype=np.int64),
        np.array(moved, dtype=np.int64),
        np.array(facts, dtype=np.int64),
    )


def _names(answer: Any) -> set[str]:
    """Return the names that a function's code uses."""
    code = getattr(answer, "__code__", None)
    return set() if code is None else {*code.co_names, *code.co_varnames, *code.co_freevars}


def _body(weights: Any) -> Any:
    """Return the module to be frozen."""
    import torch

    class Body(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            scale, kernel, dense = weights[0], weights[2], weights[6]
            self.scale = torch.nn.Parameter(torch.ones(scale.shape))
            self.offset = torch.nn.Parameter(torch.zeros(scale.shape))
            self.block = torch.nn.Sequential(
                torch.nn.Conv2d(kernel.shape[1], kernel.shape[0], 3),
                torch.nn.BatchNorm2d(kernel.shape[0]),
            )
            self.dense = torch.nn.Linear(dense.shape[1], dense.shape[0])

        def forward(self, images: Any) -> Any:
            maps = torch.relu(self.block(images * self.scale + self.offset))
            return self.dense(maps.mean(dim=(2, 3)))

    body = Body()
    names = (*PARAMETERS, *STATISTICS)
    given = {name: torch.tensor(w) for name, w in zip(names, weights, strict=True)}
    body.load_state_dict(given, strict=False)
    return body


def torch_head(
    replace_head: Any,
    images: Any, kind: int, num_classes: int, frozen: int,
    kernels: Any, biases: Any, hidden: Any, hidden_bias: Any, old: Any, old_bias: Any,
    new: Any, new_bias: Any,
) -> Any:  # fmt: skip
    """Let the head of a network be replaced; then put weights of ours into the new one.

    The network has a 3x3 convolution, ReLU, averaging, a dense layer with ReLU (`CLASSIFIER` and
    `HEADS`), and the head; `kind` says where it keeps its last layer, `frozen` whether it comes
    with all parameters frozen and in evaluation mode.

    Returns the outputs (empty where the weights do not fit); what was returned; a row of outputs
    and inputs for each dense layer; a 1 for each parameter of the old body that can be trained, and
    then for weight and bias of the head; whether the body's weights and modes are others than
    before; a 1 for each old dense layer that is still there; and facts: the classes asked for and
    had before, the head's inputs, whether the network came frozen, whether a head says another
    number than its weights have, whether it holds rows of the old head, whether it has a bias.
    """
    import torch

    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        model, places = _network(kind, kernels, biases, hidden, hidden_bias, old, old_bias)
        model.train(not frozen).requires_grad_(not frozen)
        dense = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
        own = [p for p in model.parameters() if all(p is not q for q in dense[-1].parameters())]
        starts, modes = [p.detach().clone() for p in own], [m.training for m in places]
        rows = dense[-1].weight.detach().clone()
        with torch.enable_grad():
            value = replace_head(model, num_classes)
        if value is Ellipsis or (value is None and is_stub(replace_head)):
            return Ellipsis
        result = value if isinstance(value, torch.nn.Module) else model
        returned = _returned(value, model)
        if returned == LAYER:
            result = model
        outputs = np.zeros((0, 0))
        was = [part.training for part in result.modules()]
        with torch.no_grad():
            _tried(result, images)  # lazy layers learn their sizes from the first pictures
        for part, mode in zip(result.modules(), was, strict=False):
            part.training = mode
        now = [layer for layer in result.modules() if isinstance(layer, torch.nn.Linear)]
        found = now[-1] if now else None
        facts = [num_classes, len(old), old.shape[1], frozen, 0, 0, 0]
        flags = [p.requires_grad for p in own]
        changed = [
            any(not torch.equal(p, s) for p, s in zip(own, starts, strict=True)),
            [m.training for m in places] != modes,
        ]
        if found is not None:
            size = found.weight.shape[0]
            facts[4:] = [found.out_features != size, _rows_of(found.weight, rows),
                         found.bias is not None]  # fmt: skip
            flags += [p.requires_grad for p in found.parameters()]
            fit = found.weight.shape == new.shape and found.bias is not None
            if fit and all(found is not layer for layer in dense):
                with torch.no_grad():
                    found.weight.copy_(torch.tensor(new))
                    found.bias.copy_(torch.tensor(new_bias))
                    outputs = _tried(result.eval(), images)
    sizes = [[*layer.weight.shape] for layer in now]
    return (
        outputs,
        np.array(returned),
        np.array(sizes, dtype=np.int64).reshape(-1, 2),
        np.array(flags, dtype=np.int64),
        np.array(changed, dtype=np.int64),
        np.array([any(one is layer for one in now) for layer in dense], dtype=np.int64),
        np.array([int(fact) for fact in facts]),
    )


def _returned(value: Any, model: Any) -> int:
    """Say what came back in place of the model."""
    import torch

    if value is model:
        return SAME
    if value is None:
        return NOTHING
    if not isinstance(value, torch.nn.Module):
        return NO_MODULE
    return LAYER if isinstance(value, torch.nn.Linear) else OTHER


def _tried(model: Any, images: Any) -> Any:
    """Return the outputs; an empty array where its layers do not fit each other."""
    import torch

    try:
        return model(torch.tensor(images))
    except (RuntimeError, ValueError, TypeError, AttributeError):
        return np.zeros((0, 0))


def _rows_of(weights: Any, old: Any) -> bool:
    """Say whether some rows of the weights are those that stood there before."""
    if weights.shape[1:] != old.shape[1:]:
        return False
    return any(bool((row == other).all()) for row in weights for other in old)


def _network(kind: int, kernels: Any, biases: Any, hidden: Any, hidden_bias: Any,
             old: Any, old_bias: Any) -> Any:  # fmt: skip
    """Return a network, and the parts of its body whose mode is looked at."""
    import torch
    from torch import nn

    conv: Any = nn.Conv2d(kernels.shape[1], kernels.shape[0], 3)
    head: Any = nn.Linear(old.shape[1], old.shape[0])
    body: Any = nn.Sequential(conv, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    pairs = [(conv, kernels, biases), (head, old, old_bias)]
    between: Any = nn.Identity()
    if len(hidden):
        between = nn.Linear(hidden.shape[1], hidden.shape[0])
        pairs.append((between, hidden, hidden_bias))
    with torch.no_grad():
        for layer, weight, bias in pairs:
            layer.weight.copy_(torch.tensor(weight))
            layer.bias.copy_(torch.tensor(bias))

    class Residual(nn.Module):  # the head is called fc, as in the ResNets
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.fc = conv, head

        def forward(self, images: Any) -> Any:
            return self.fc(torch.relu(self.conv(images)).mean(dim=(2, 3)))

    class Visual(nn.Module):  # the last of several layers in a row, as in VGG
        def __init__(self) -> None:
            super().__init__()
            self.features = body
            self.classifier = nn.Sequential(between, nn.ReLU(), head)

        def forward(self, images: Any) -> Any:
            return self.classifier(self.features(images))

    class Heads(nn.Module):  # two steps down, and called otherwise
        def __init__(self) -> None:
            super().__init__()
            self.body, self.project = body, between
            # The head is the last dense layer, not the last module.
            top = nn.Sequential(nn.Identity(), head, nn.Identity())
            self.heads = nn.ModuleDict({"top": top})

        def forward(self, images: Any) -> Any:
            return self.heads["top"](torch.relu(self.project(self.body(images))))

    if kind == FC:
        return Residual(), [conv]
    if kind == IN_A_ROW:
        return nn.Sequential(*body, head), [*body]
    return (Visual() if kind == CLASSIFIER else Heads()), [body, between, *body]
