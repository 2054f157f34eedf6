"""The ways of asking answers that work with torch. They run beside the answer, as `probes` do.

Everything that is measured is measured in the answer's own process: points are given only for
numbers whose right value depends on the weights and data that come in.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

import numpy as np

from coursekit.checks.runner.convert import NotNumbersError, described
from coursekit.checks.runner.stub import is_stub, looked_at
from coursekit.checks.runner.torch_sgd import sgd

LOADER, LIST, GENERATOR = 0, 1, 2  # how the batches are handed over
# What keeps a module from computing.
NO_FAULT, NO_SUPER, NO_FORWARD, NO_OUTPUT, NO_TENSOR = 0, 1, 2, 3, 4
# Calls that do nothing where their brackets are missing.
BRACKETS = ("model.train", "model.eval", "optimizer.zero_grad", "loss.backward", "optimizer.step")
_MISFIT = re.compile(r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)")


def torch_epoch(
    train: Callable[..., Any],
    images: Any, labels: Any, sizes: Any, weights: Any, biases: Any, running: Any,
    evaluating: int, supply: int, lr: float, momentum: float, smoothing: float,
) -> Any:  # fmt: skip
    """Let `train` go through the batches once, with a model of the given weights and SGD.

    Returns what it returned, the weights and biases afterwards, whether gradients were computed
    and steps taken (two numbers, 0 or 1), whether what was returned still holds what a backward
    needs, whether the weights moved, and which calls lack their brackets (see `BRACKETS`).
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        model = _model(weights, biases, running, evaluating)
        optimizer = sgd(model.parameters(), lr, momentum)
        happened = [0, 0]
        model[-1].weight.register_hook(lambda gradient: happened.__setitem__(0, 1))
        optimizer.register_step_post_hook(lambda *_: happened.__setitem__(1, 1))
        loss_fn = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
        value = train(model, _batches(images, labels, sizes, supply), loss_fn, optimizer)
    if value is Ellipsis or (value is None and not any(happened)):
        return value
    return (
        np.zeros(0) if value is None else value,
        model[-1].weight,
        model[-1].bias,
        np.array(happened),
        np.array(int(getattr(value, "requires_grad", False) is True)),
        np.array(int(not np.array_equal(model[-1].weight.detach().numpy(), np.float32(weights)))),
        _without_brackets(train),
    )


def torch_accuracy(
    accuracy: Callable[..., Any],
    images: Any, labels: Any, sizes: Any, weights: Any, biases: Any, running: Any,
    evaluating: int, supply: int,
) -> Any:  # fmt: skip
    """Let `accuracy` judge a model of the given weights on the batches.

    Returns what it returned, and three numbers, 0 or 1: whether it let torch remember for
    gradients, whether the model's weights are others than before, whether they can no longer be
    trained; and which calls lack their brackets (see `BRACKETS`).
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        model = _model(weights, biases, running, evaluating)
        graphs = [0]
        model.register_forward_hook(
            lambda module, inputs, scores: graphs.__setitem__(0, graphs[0] | scores.requires_grad)
        )
        with torch.enable_grad():  # and set back afterwards, whatever the answer leaves
            value = accuracy(model, _batches(images, labels, sizes, supply))
            trainable = torch.is_grad_enabled()
    if value is None or value is Ellipsis:
        return value
    trainable &= all(parameter.requires_grad for parameter in model.parameters())
    now = model[-1].weight.detach().numpy()
    return (
        value,
        np.array(int(graphs[0])),
        np.array(int(not np.array_equal(now, np.float32(weights)))),
        np.array(int(not trainable)),
        _without_brackets(accuracy),
    )


def torch_module(build: Any, images: Any, argument: int, *weights: Any) -> Any:
    """Build a module with an argument (0: with none); return what it gives for `images`.

    The given weights are put in, in the order of the module's parameters. Returned are its
    outputs, its outputs while it trains, the shapes of its parameters in rows of four (filled up
    with zeros), the numbers of a product of matrices that did not fit (rows and columns of both;
    zeros where all did), a fault, a 1 for each parameter that no gradient reaches, the paddings of
    its convolutions (-1 for what is no plain number), and whether it hides layers in a plain list.
    The outputs are empty where the weights do not fit.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        module = _built(build, (argument,) if argument else ())
        if isinstance(module, int):
            return _module_parts(None, fault=module)
        if module is None or module is Ellipsis:
            return module
        return _asked(module, torch.as_tensor(images), weights)


def torch_layers(build: Any, images: Any, *rest: Any) -> Any:
    """Build layers with the whole numbers in `rest`; return what they give for `images`.

    The arrays in `rest` are put in, each into a parameter of its shape; where several have one, in
    the order in which their layers compute. Returned are the outputs (empty where weights do not
    fit), the shapes of the parameters in rows of four, sorted, how many parameters no gradient
    reaches and a 1 for layers without norms that compute otherwise in training, and a fault.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        module = _layers_built(build, _whole_numbers(rest), images)
        if not isinstance(module, torch.nn.Module):
            return _layer_parts(module, 1)
        training = np.zeros(2, dtype=np.int64)
        with torch.no_grad():
            fit = _placed(module, rest, images) == (0, 0)
            outputs = _forward(module.eval(), images, fit=fit)
        if not isinstance(outputs, torch.Tensor | np.ndarray):
            return outputs if outputs is None or outputs is Ellipsis else _layer_parts(NO_TENSOR, 1)
        parameters = list(module.parameters())
        if fit:
            training[:] = _while_training(module, torch.as_tensor(images), parameters)
        return outputs, _sorted_rows(parameters), training, np.array(NO_FAULT)


def torch_block(build: Any, images: Any, *rest: Any) -> Any:
    """Build a block as `torch_layers` does; return what it gives, and what its way past gives back.

    The arrays in `rest` are kernels; biases are set to 0, and norms stay as they are made. Returned
    are the outputs; the gradient of their sum, weighted from 1 to 2, by the images, while all 3x3
    kernels are 0; the shapes of the kernels in sorted rows; how many 3x3 kernels no gradient
    reaches, a 1 for a block without norms that computes otherwise while it trains, and how many
    norms take something else than what a convolution has just put out, or compute twice; a fault.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        numbers = [n for n in _whole_numbers(rest) if n]  # 0: as by default
        module = _layers_built(build, numbers, images)
        if not isinstance(module, torch.nn.Module):
            return _layer_parts(module, 2)
        wide = [parameter for parameter in module.parameters() if parameter.ndim > 1]
        kernels = sum(isinstance(array, np.ndarray) for array in rest)
        gradient: Any = np.zeros(0)
        training = np.zeros(3, dtype=np.int64)
        with torch.no_grad():
            fit = _placed(module, rest, images)[1] == 0 and len(wide) == kernels
            with _Norms(module) as norms:
                outputs = _forward(module.eval(), images, fit=fit)
            training[2] = norms.misplaced()
            if not isinstance(outputs, torch.Tensor | np.ndarray):
                bare = outputs is None or outputs is Ellipsis
                return outputs if bare else _layer_parts(NO_TENSOR, 2)
        if fit:
            inner = [parameter for parameter in wide if parameter.shape[2:] == (3, 3)]
            training[:2] = _while_training(module, torch.as_tensor(images), inner)
            with torch.no_grad():
                for parameter in inner:
                    parameter.zero_()
            inputs = torch.tensor(images, requires_grad=True)
            past, found = module(inputs), None
            if past.requires_grad:
                weights = torch.linspace(1, 2, past.numel()).reshape(past.shape)
                [found] = torch.autograd.grad((past * weights).sum(), inputs, allow_unused=True)
            gradient = np.zeros_like(images) if found is None else found
        return outputs, gradient, _sorted_rows(wide), training, np.array(NO_FAULT)


def _while_training(module: Any, images: Any, parameters: Any) -> tuple[int, int]:
    """Return how many parameters get no gradient, and 1 if chance or (no norm) the mode counts."""
    import torch

    outputs, found = module(images), [None] * len(parameters)
    if outputs.requires_grad:
        found = list(torch.autograd.grad(outputs.sum(), parameters, allow_unused=True))
    unreached = sum(gradient is None for gradient in found)
    kept = [(buffer, buffer.clone()) for buffer in module.buffers()]
    with torch.no_grad():
        module.train()
        once, again = module(images), module(images)
        module.eval()
        for buffer, before in kept:  # a norm's running numbers are to stay as they are
            buffer.copy_(before)
    norms = next(module.buffers(), None) is not None
    same = torch.allclose(once, again, atol=1e-4) and (norms or torch.allclose(once, outputs))
    return unreached, int(not same)


def _layers_built(build: Any, arguments: Any, images: Any) -> Any:
    """Return what `_built` does, lazy layers made; a fault for layers without a forward."""
    import torch

    module = _built(build, arguments)
    if isinstance(module, torch.nn.Module) and type(module).forward is torch.nn.Module.forward:
        if next(module.parameters(), None) is None:
            raise NotImplementedError
        return NO_FORWARD
    made = module.parameters() if isinstance(module, torch.nn.Module) else ()
    if any(torch.nn.parameter.is_lazy(parameter) for parameter in made):
        with torch.no_grad():
            module.eval()(torch.as_tensor(images))  # a norm's running numbers stay
    return module


def _forward(module: Any, images: Any, fit: bool) -> Any:
    """Return the outputs; an empty array where weights do not fit, whatever happens then."""
    import torch

    try:
        outputs = module(torch.as_tensor(images))
    except RuntimeError as error:
        if fit or isinstance(error, NotImplementedError):
            raise
        return np.zeros(0)
    return outputs if fit or not isinstance(outputs, torch.Tensor) else np.zeros(0)


def _built(build: Any, arguments: Any) -> Any:
    """Return the module that is built; a fault where none is; None or ... where nothing came."""
    import torch

    if isinstance(build, type) and not {"__init__", "forward"} & set(vars(build)):
        raise NotImplementedError  # a class with nothing in it
    try:
        module = build(*arguments)
    except AttributeError as error:
        if "before Module.__init__() call" not in str(error):
            raise
        return NO_SUPER
    if module is None or module is Ellipsis:
        return module
    if not isinstance(module, torch.nn.Module):
        raise NotNumbersError(described(module))
    if "_parameters" not in vars(module):
        if is_stub(type(module).__init__):
            raise NotImplementedError
        return NO_SUPER
    return module


def _whole_numbers(rest: Any) -> list[int]:
    return [int(number) for number in rest if not isinstance(number, np.ndarray)]


class _Norms:
    """Watches, while a module computes, what its norms take and how often."""

    def __init__(self, module: Any) -> None:
        import torch

        convolutions = [part for part in module.modules() if isinstance(part, torch.nn.Conv2d)]
        norms = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
        self._made: list[tuple[Any, int]] = []  # with how often it had been written to
        self._taken: dict[int, list[bool]] = {}
        self._hooks = [part.register_forward_hook(self._after) for part in convolutions]
        self._hooks += [part.register_forward_pre_hook(self._before) for part in norms]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _after(self, part: Any, given: Any, outputs: Any) -> None:
        self._made.append((outputs, outputs._version))

    def _before(self, part: Any, given: Any) -> None:
        fresh = any(given[0] is made and made._version == at for made, at in self._made)
        self._taken.setdefault(id(part), []).append(fresh)

    def misplaced(self) -> int:
        return sum(taken != [True] for taken in self._taken.values())


def _as_they_compute(module: Any, images: Any) -> list[tuple[str, Any]]:
    """Return the named parameters, those of layers that compute earlier first."""
    import torch

    named, order = list(module.named_parameters()), dict[int, int]()

    def note(part: Any, given: Any) -> None:
        for parameter in part.parameters(recurse=False):
            order.setdefault(id(parameter), len(order))

    hooks = [part.register_forward_pre_hook(note) for part in module.modules()]
    try:
        with torch.no_grad():
            module.eval()(torch.as_tensor(images))
    except Exception:  # what is wrong with it is said where its outputs are asked for
        return named
    finally:
        for hook in hooks:
            hook.remove()
    return sorted(named, key=lambda pair: order.get(id(pair[1]), len(order)))


def _placed(module: Any, rest: Any, images: Any) -> tuple[int, int]:
    """Put arrays into parameters of their shapes; return how many of both found no partner.

    A bias that found none becomes 0.
    """
    import torch

    left, lonely = [array for array in rest if isinstance(array, np.ndarray)], 0
    for name, parameter in _as_they_compute(module, images):
        shapes = [array.shape for array in left]
        if tuple(parameter.shape) in shapes:
            parameter.copy_(torch.as_tensor(left.pop(shapes.index(tuple(parameter.shape)))))
            continue
        lonely += 1
        if name.endswith("bias"):
            parameter.zero_()
    return lonely, len(left)


def _sorted_rows(parameters: Any) -> Any:
    return shape_rows(sorted(tuple(parameter.shape) for parameter in parameters))


def _layer_parts(module: Any, empty: int) -> Any:
    """Return the parts of a fault, so many of them empty; nothing where nothing was built."""
    if not isinstance(module, int):
        return module
    training = np.zeros(1 + empty, dtype=np.int64)
    return *[np.zeros(0)] * empty, shape_rows([]), training, np.array(module)


def _asked(module: Any, images: Any, weights: Any) -> Any:
    """Return the parts of `torch_module` for a module that could be built."""
    import torch

    if any(torch.nn.parameter.is_lazy(parameter) for parameter in module.parameters()):
        with torch.no_grad():
            module(images)  # such layers learn their sizes from the first pictures
    parameters = list(module.parameters())
    if type(module).forward is torch.nn.Module.forward:
        if not parameters:
            raise NotImplementedError
        return _module_parts(module, fault=NO_FORWARD)
    fit = len(parameters) == len(weights) and all(
        p.shape[:1] == w.shape[:1] and p.numel() == w.size
        for p, w in zip(parameters, weights, strict=True)
    )
    with torch.no_grad():
        if fit:
            for parameter, values in zip(parameters, weights, strict=True):
                parameter.copy_(torch.as_tensor(values).reshape(parameter.shape))
        try:
            outputs = module.eval()(images)
            with torch.enable_grad():
                training = module.train()(images)
        except RuntimeError as error:
            found = _MISFIT.search(str(error))
            if isinstance(error, NotImplementedError) or (fit and not found):
                raise
            return _module_parts(module, misfit=found.groups() if found else (0,) * 4)
    if outputs is None or outputs is Ellipsis:
        if not parameters:
            raise NotImplementedError
        return _module_parts(module, fault=NO_OUTPUT)
    if not isinstance(outputs, torch.Tensor):
        return _module_parts(module, fault=NO_TENSOR)
    facts = _module_parts(module, untrained=_untrained(training, parameters) if fit else ())[2:]
    if not fit:
        outputs = training = np.zeros((0, 0))
    return outputs, training, *facts


def _untrained(outputs: Any, parameters: list[Any]) -> list[int]:
    """Return a 1 for each parameter that training cannot change: it has no gradient."""
    import torch

    open_ones = [parameter for parameter in parameters if parameter.requires_grad]
    found: dict[int, Any] = {}
    if outputs.requires_grad and open_ones:
        gradients = torch.autograd.grad(outputs.square().sum(), open_ones, allow_unused=True)
        found = {id(p): g for p, g in zip(open_ones, gradients, strict=True) if g is not None}
    return [int(id(p) not in found or not bool(found[id(p)].any())) for p in parameters]


def _paddings(module: Any) -> list[int]:
    """Return the padding of each convolution, in order; -1 where it is no plain number."""
    import torch

    found = []
    for layer in module.modules():
        if isinstance(layer, torch.nn.Conv2d):
            padding = layer.padding
            alike = isinstance(padding, tuple) and len(set(padding)) == 1
            found.append(int(padding[0]) if alike else -1)
    return found


def _hides_layers(module: Any) -> bool:
    """Say whether layers are kept in a list, tuple or dict, where PyTorch does not find them."""
    import torch

    kept = [value for name, value in vars(module).items() if not name.startswith("_")]
    several = [v.values() if isinstance(v, dict) else v for v in kept]
    return any(
        isinstance(item, torch.nn.Module)
        for value in several
        if isinstance(value, list | tuple | type({}.values()))
        for item in value
    )


def shape_rows(shapes: Iterable[Any]) -> Any:
    """Return shapes in rows of four, filled up with zeros."""
    rows = [[*shape, 0, 0, 0, 0][:4] for shape in shapes]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _module_parts(
    module: Any, misfit: Any = (0,) * 4, fault: int = NO_FAULT, untrained: Any = ()
) -> Any:
    """Return the parts of `torch_module` without outputs; None stands for no module at all."""
    parameters = [] if module is None else list(module.parameters())
    return (
        np.zeros((0, 0)),
        np.zeros((0, 0)),
        shape_rows(parameter.shape for parameter in parameters),
        np.array([int(number) for number in misfit]),
        np.array(fault),
        np.array(untrained, dtype=np.int64),
        np.array([] if module is None else _paddings(module), dtype=np.int64),
        np.array(int(module is not None and _hides_layers(module))),
    )


def _without_brackets(answer: Any) -> Any:
    """Return a 1 for each name of `BRACKETS` that is only looked at, as in ``model.train``."""
    found = looked_at(answer)
    return np.array([int(name in found) for name in BRACKETS])


def _model(weights: Any, biases: Any, running: Any, evaluating: int) -> Any:
    """Return a linear model with the given weights, behind a batch norm where `running` is given.

    `running` holds the running mean and variance of the one channel.
    """
    import torch

    layers: list[Any] = [torch.nn.Flatten(), torch.nn.Linear(weights.shape[1], weights.shape[0])]
    with torch.no_grad():
        layers[-1].weight.copy_(torch.as_tensor(weights))
        layers[-1].bias.copy_(torch.as_tensor(biases))
    if len(running):
        norm: Any = torch.nn.BatchNorm2d(1, affine=False)
        norm.running_mean.fill_(float(running[0]))
        norm.running_var.fill_(float(running[1]))
        layers.insert(0, norm)
    return torch.nn.Sequential(*layers).train(not evaluating)


def _batches(images: Any, labels: Any, sizes: Any, supply: int) -> Any:
    """Return batches of the given sizes: as a DataLoader, a list, or a generator."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    inputs = torch.as_tensor(images, dtype=torch.float32)
    targets = torch.as_tensor(labels, dtype=torch.int64)
    ends = np.cumsum(sizes).tolist()
    places = [list(range(end - int(size), end)) for end, size in zip(ends, sizes, strict=True)]
    if supply == LOADER:
        return DataLoader(TensorDataset(inputs, targets), batch_sampler=places)
    pairs = [(inputs[place], targets[place]) for place in places]

    def one_by_one() -> Iterator[Any]:
        yield from pairs

    return pairs if supply == LIST else one_by_one()
