"""A trained network as the page runs it: its layers in a row, and its weights, packed.

PyTorch traces the model (``torch.fx``), so a network that is written as a class is read as well as
an ``nn.Sequential``, as long as its layers form one chain.
"""

import base64
import copy
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn
from torch.nn import functional as F

MOST_WEIGHTS = 500_000
MOST_WORK = 20_000_000  # multiplications for one picture: about 20 ms in a browser
_RUNS = (
    "Conv2d, ReLU, Tanh, MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, Flatten, Linear, BatchNorm1d, "
    "BatchNorm2d, Dropout"
)
_SILENT = (nn.Identity, nn.Dropout, nn.Dropout2d)  # nothing at evaluation

# What a forward method may call instead of a module: the module that does the same.
_FUNCTIONS: dict[Any, Callable[..., nn.Module]] = {
    torch.relu: nn.ReLU,
    F.relu: lambda inplace=False: nn.ReLU(),
    torch.tanh: nn.Tanh,
    F.tanh: nn.Tanh,
    torch.flatten: nn.Flatten,
    F.max_pool2d: lambda kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, **_: (
        nn.MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    ),
    F.avg_pool2d: nn.AvgPool2d,
    F.adaptive_avg_pool2d: nn.AdaptiveAvgPool2d,
    F.dropout: lambda p=0.5, training=True, inplace=False: nn.Dropout(p),
    F.dropout2d: lambda p=0.5, training=True, inplace=False: nn.Dropout2d(p),
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "flatten": lambda start_dim=0, end_dim=-1: nn.Flatten(start_dim, end_dim),
}


class Network:
    """A trained network: what the page runs, and the same in PyTorch.

    Parameters
    ----------
    model
        An ``nn.Module`` whose layers form one chain; it is copied, so that training it further
        changes nothing here.
    shape
        (C, H, W) of one picture.

    Raises
    ------
    ValueError
        If a layer is not one of those that the page runs, if pictures of this shape do not fit, or
        if the network is too large for a page.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    >>> [(layer["kind"], layer["shape"]) for layer in Network(model, (1, 4, 4)).layers]
    [('conv', [2, 2, 2]), ('relu', [2, 2, 2]), ('flatten', [8]), ('linear', [3])]
    >>> Network(nn.Sequential(nn.Conv2d(1, 2, 3), nn.GELU()), (1, 4, 4))
    Traceback (most recent call last):
        ...
    ValueError: model: layer '1' is GELU(...); the page runs Conv2d, ReLU, Tanh, ...
    """

    def __init__(self, model: nn.Module, shape: tuple[int, int, int]) -> None:
        if not isinstance(model, nn.Module):
            raise ValueError(
                f"model is {type(model).__name__}; give a trained torch.nn.Module, such as the "
                'one that fit has trained, or load_pretrained("digit_cnn")'
            )
        self.shape = shape
        self.layers: list[dict[str, Any]] = []
        self._weights: list[NDArray[np.float32]] = []
        self._count = 0
        self._steps: list[fx.Node] = []  # the step of each layer
        self._read(copy.deepcopy(model).cpu().float().eval().requires_grad_(False))

    def __call__(self, image: Any) -> Tensor:
        """Compute the logits of one picture, (C, H, W) -> (classes,), in PyTorch."""
        return self.run(_as_tensor(image)[None])[0]

    def run(self, batch: Tensor) -> Tensor:
        """Compute the logits of several, (N, C, H, W) -> (N, classes)."""
        logits: Tensor = self._traced(batch)
        return logits

    def activations(self, image: Any) -> list[NDArray[np.float32]]:
        """Compute what each layer gives for one picture, in the order of `layers`."""
        steps = _Recorder(self._traced)
        steps.run(_as_tensor(image)[None])
        return [steps.results[node][0].numpy() for node in self._steps]

    def packed(self) -> dict[str, Any]:
        """Give layers and weights for the page, ready for JSON."""
        weights = np.concatenate([np.zeros(0, np.float32), *self._weights])
        return {"shape": list(self.shape), "layers": self.layers, "weights": packed(weights)}

    def _read(self, model: nn.Module) -> None:
        try:
            self._traced = fx.symbolic_trace(model)
        except Exception as error:  # the forward method is a student's: it may raise anything
            raise ValueError(
                f"model: PyTorch cannot follow the forward method of {type(model).__name__} "
                f"({_first_line(error)}); give a network whose layers form one chain, without if "
                "and for over its pictures"
            ) from None
        steps = _Recorder(self._traced)
        try:
            steps.run(torch.zeros(1, *self.shape))
        except Exception as error:
            raise ValueError(
                f"model: a picture of the shape {self.shape} does not go through "
                f"{type(model).__name__} ({_first_line(error)}); give pictures of the shape that "
                "it was trained on"
            ) from None
        last = None
        for node in self._traced.graph.nodes:
            if node.op in ("output", "get_attr") or node not in steps.results:
                continue
            given = [each for each in node.all_input_nodes if each in steps.results]
            if node.op == "placeholder" and last is None:
                last = node
                continue
            if given != [last]:
                raise ValueError(
                    f"model: {node.name!r} does not follow the layer before it alone; the page "
                    "runs networks whose layers form one chain, without shortcuts and branches"
                )
            before, after = (list(steps.results[each].shape[1:]) for each in (given[0], node))
            self._layer(str(node.target) if node.op == "call_module" else node.name, node, before)
            if self.layers and self.layers[-1].get("shape") is None:
                self.layers[-1]["shape"] = after
            last = node
        self._check_size(steps.results[last] if last is not None else torch.zeros(0))

    def _check_size(self, scores: Tensor) -> None:
        """Refuse what is no classifier, or would make the page slow."""
        work = sum(_work(layer) for layer in self.layers)
        if self._count > MOST_WEIGHTS or work > MOST_WORK:
            raise ValueError(
                f"model: {self._count:,} numbers and {work:,} multiplications for one picture; "
                f"give a network of at most {MOST_WEIGHTS:,} and {MOST_WORK:,}, which a page runs "
                "at once"
            )
        if scores.ndim != 2 or scores.shape[1] < 2 or not self.layers:
            raise ValueError(
                f"model: it gives the shape {tuple(scores.shape[1:])} for a picture; give a "
                "network that gives a score for each of two classes or more"
            )

    def _layer(self, name: str, node: fx.Node, before: list[int]) -> None:
        """Add one step of the forward method to the layers."""
        module = self._module(node, before)
        if module is None:
            self._refuse(name, str(getattr(node.target, "__name__", node.target)))
        if isinstance(module, _SILENT):
            return
        layer = self._described(module, before)
        if isinstance(layer, str):
            self._refuse(name, str(module), layer)
        self.layers.append({"name": name, "shape": None, **layer})
        self._steps.append(node)

    def _module(self, node: fx.Node, before: list[int]) -> nn.Module | None:
        """Give the module of a step, or the one that does what it calls."""
        if node.op == "call_module":
            module: nn.Module = self._traced.get_submodule(str(node.target))
            return module
        if node.target in ("view", "reshape"):
            sizes = node.meta.get("shape")
            return nn.Flatten() if sizes == [int(np.prod(before))] else None
        make = _FUNCTIONS.get(node.target)
        try:
            return make(*node.args[1:], **node.kwargs) if make else None
        except TypeError:
            return None

    def _refuse(self, name: str, what: str, why: str = "") -> NoReturn:
        raise ValueError(
            f"model: layer {name!r} is {what}{' ' + why if why else ''}; the page runs {_RUNS}"
        )

    def _described(self, module: Any, before: list[int]) -> dict[str, Any] | str:
        """Say what a layer does, for the page; a text says why the page cannot do it."""
        if isinstance(module, nn.ReLU):
            return {"kind": "relu"}
        if isinstance(module, nn.Tanh):
            return {"kind": "tanh"}
        if isinstance(module, nn.Flatten):
            whole = module.start_dim == 1 and module.end_dim in (-1, len(before))
            return {"kind": "flatten"} if whole else "with other axes than start_dim=1"
        if type(module) is nn.Linear:
            if len(before) != 1:
                return f"on pictures of {len(before)} axes: flatten them first"
            return {"kind": "linear", **self._stored(module)}
        if type(module) is nn.Conv2d:
            return self._convolution(module)
        if type(module) in (nn.BatchNorm1d, nn.BatchNorm2d):
            return self._batch_norm(module)
        if isinstance(module, nn.MaxPool2d):
            return self._window("max_pool", module, "dilated" if module.dilation != 1 else "")
        if isinstance(module, nn.AvgPool2d):
            odd = module.divisor_override is not None or not module.count_include_pad
            return self._window("avg_pool", module, "with a divisor of its own" if odd else "")
        if isinstance(module, nn.AdaptiveAvgPool2d):
            rows, columns = (
                n or side for n, side in zip(_pair(module.output_size), before[1:], strict=True)
            )
            if before[1] % rows or before[2] % columns:
                return f"on {before[1]} by {before[2]}, which it does not divide"
            side = [before[1] // rows, before[2] // columns]
            return {"kind": "avg_pool", "size": side, "stride": side, "padding": [0, 0]}
        return ""

    def _window(self, kind: str, module: Any, why_not: str) -> dict[str, Any] | str:
        stride = module.kernel_size if module.stride is None else module.stride
        sides = {"size": module.kernel_size, "stride": stride, "padding": module.padding}
        return why_not or {"kind": kind, **{key: _pair(value) for key, value in sides.items()}}

    def _convolution(self, module: nn.Conv2d) -> dict[str, Any] | str:
        if module.padding_mode != "zeros":
            return "which does not pad with zeros"
        kernel, dilation = _pair(module.kernel_size), _pair(module.dilation)
        padding = [0, 0] if module.padding == "valid" else module.padding
        if padding == "same":
            both = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
            if any(n % 2 for n in both):
                return "whose padding is not the same on both sides"
            padding = [n // 2 for n in both]
        return {
            "kind": "conv",
            "size": kernel,
            "stride": _pair(module.stride),
            "padding": _pair(padding),
            "dilation": dilation,
            "groups": module.groups,
            **self._stored(module),
        }

    def _batch_norm(self, module: Any) -> dict[str, Any] | str:
        if module.running_mean is None:
            return "without running statistics"
        scale = (module.running_var + module.eps).rsqrt()
        scale = scale if module.weight is None else scale * module.weight
        shift = -module.running_mean * scale
        shift = shift if module.bias is None else shift + module.bias
        return {"kind": "batch_norm", "weight": self._keep(scale), "bias": self._keep(shift)}

    def _stored(self, module: Any) -> dict[str, Any]:
        """Keep weights and biases; say where they begin."""
        bias = module.bias if module.bias is not None else torch.zeros(len(module.weight))
        inputs = module.weight[0].numel()
        return {"weight": self._keep(module.weight), "bias": self._keep(bias), "inputs": inputs}

    def _keep(self, tensor: Tensor) -> int:
        place = self._count
        values = tensor.detach().numpy().astype(np.float32).ravel()
        self._weights.append(values)
        self._count += len(values)
        return place


class _Recorder(fx.Interpreter):  # type: ignore[misc]  # PyTorch exports it untyped
    """Runs a traced network and notes what each step gives."""

    def __init__(self, traced: fx.GraphModule) -> None:
        super().__init__(traced)
        self.results: dict[fx.Node, Tensor] = {}

    def run_node(self, n: fx.Node) -> Any:
        """Run one step; note its result where that is a tensor."""
        result = super().run_node(n)
        if isinstance(result, Tensor):
            self.results[n] = result
            n.meta["shape"] = list(result.shape[1:])
        return result


def _as_tensor(image: Any) -> Tensor:
    """Give a picture as float32, with memory of its own where it is an array."""
    return image.float() if isinstance(image, Tensor) else torch.tensor(image, dtype=torch.float32)


def packed(values: NDArray[np.float32]) -> str:
    """Give numbers as text: float32, little-endian, in base64 for addresses (no slash).

    Examples
    --------
    >>> packed(np.array([1.0], np.float32))
    'AACAPw=='
    """
    return base64.urlsafe_b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def _pair(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value, value]


def _work(layer: dict[str, Any]) -> int:
    """Count the multiplications of a layer; a convolution's weights are used at every place."""
    if layer["kind"] not in ("conv", "linear"):
        return 0
    return int(np.prod(layer["shape"])) * int(layer["inputs"])


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
