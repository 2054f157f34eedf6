"""Reading a network: one forward pass on the meta device, where no number is computed.

A module alone does not say what runs: pooling, joining, adding and averaging are often plain
function calls. So every operation of the pass is watched, and set down under the module in whose
`forward` it was called. Each tensor carries along how many pixels its cells depend on, so that
branches come out right: where they meet, the widest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from torch import nn

Row = dict[str, Any]

_CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")


class _Sight(NamedTuple):
    """What a cell of a map depends on, for rows and for columns."""

    field: tuple[int, int]  # pixels
    jump: tuple[int, int]  # pixels from one cell to the next
    cells: tuple[int, int]  # how many cells there are


def read_network(network: nn.Module, shape: Sequence[int]) -> list[Row]:
    """List what the layers of a network do, in the order in which they run.

    The network is neither changed nor copied; it is read as it is used after training (`eval`).

    Parameters
    ----------
    network
        Any PyTorch network with one input.
    shape
        (channels, rows, columns) of one picture, or the shape of whatever else it takes.

    Returns
    -------
    list of dict
        ``name`` (where the layer stands in the network), ``group`` (the block that it belongs to),
        ``kind`` (``"conv"``, ``"dense"``, ``"pool"``, ``"norm"``, ``"join"`` or ``"other"``),
        ``text``, ``shape`` (of what comes out for one picture), ``parameters``, ``multiply_adds``
        (products; biases and batch norm are not counted) and ``field`` (rows and columns of the
        receptive field; None where it is not known). Activations, dropout and other layers without
        parameters that keep the shape are left out; parameters that nothing used, such as those of
        heads for training alone, stand in a last row.

    Raises
    ------
    ValueError
        If it is no network, or if it does not take an input of that shape.

    Examples
    --------
    >>> from torch import nn
    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))
    >>> rows = read_network(network, (3, 8, 8))
    >>> [(row["text"], row["shape"], row["parameters"], row["field"]) for row in rows]
    [('8 filters 3×3', [8, 6, 6], 224, [3, 3]), ('max pooling 2×2', [8, 3, 3], 0, [4, 4])]
    """
    import torch
    from torch import nn
    from torch.func import functional_call

    given: Any = network
    if not isinstance(given, nn.Module):
        found = type(given).__name__
        raise ValueError(f"network is of type {found}; give a PyTorch network (torch.nn.Module)")
    sizes = _sizes(shape)
    tensors = dict(network.named_parameters()) | dict(network.named_buffers())
    if any(nn.parameter.is_lazy(each) for each in tensors.values()):
        raise ValueError("network has lazy layers without weights; run it on a picture once before")
    weightless = {name: torch.empty_like(each, device="meta") for name, each in tensors.items()}
    training = [each for each in network.modules() if each.training]
    watch = _watcher(network)
    try:
        network.eval()
        with torch.no_grad(), torch.device("meta"), watch:
            picture = torch.empty(1, *sizes)
            watch.see(picture)
            watch.own([weightless[name] for name, _ in network.named_parameters()])
            functional_call(network, weightless, (picture,))
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(
            f"network does not run on one input of shape {tuple(sizes)}: {reason}. "
            "Give the shape of one picture, (channels, rows, columns)"
        ) from None
    finally:
        watch.stop()
        for module in training:
            module.training = True
    rows: list[Row] = watch.rows
    unused = sum(each.numel() for each in network.parameters()) - sum(
        row["parameters"] for row in rows
    )
    if unused:
        rows.append(
            {
                "name": "unused",
                "group": "unused",
                "kind": "other",
                "text": "not used in this pass",
                "shape": [],
                "parameters": unused,
                "multiply_adds": 0,
                "field": None,
            }
        )
    return rows


def _sizes(shape: Sequence[int]) -> list[int]:
    """Check the shape of an input."""
    wanted = "give (channels, rows, columns) of one picture, such as (3, 224, 224)"
    try:
        sizes = [int(size) for size in shape]
    except (TypeError, ValueError):
        raise ValueError(f"shape is {shape!r}; {wanted}") from None
    if not sizes or min(sizes) < 1 or any(a != b for a, b in zip(sizes, shape, strict=True)):
        raise ValueError(f"shape is {shape!r}; {wanted}")
    return sizes


def _watcher(network: nn.Module) -> Any:
    """Make the mode that sees every operation, and the hooks that say in which module it runs."""
    from torch import Tensor
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.rows: list[Row] = []
            self.sights: dict[int, tuple[Tensor, _Sight]] = {}  # the tensors too: ids stay theirs
            self.inside: list[_Call] = [_Call("", network)]
            self.counted: set[int] = set()
            self.made_of: dict[int, tuple[Tensor, set[int]]] = {}  # what is made of weights alone
            self.sizes: dict[int, int] = {}
            self.handles = []
            for name, module in network.named_modules():
                if name:
                    self.handles += [
                        module.register_forward_pre_hook(self._enter(name)),
                        module.register_forward_hook(self._leave),
                    ]

        def stop(self) -> None:
            for handle in self.handles:
                handle.remove()

        def see(self, picture: Tensor) -> None:
            if picture.ndim == 4:
                rows, columns = picture.shape[-2:]
                self._keep(picture, _Sight((1, 1), (1, 1), (rows, columns)))

        def own(self, parameters: list[Tensor]) -> None:
            for each in parameters:
                self.made_of[id(each)] = each, {id(each)}
                self.sizes[id(each)] = each.numel()

        def _keep(self, tensor: Tensor, sight: _Sight) -> None:
            self.sights[id(tensor)] = tensor, sight

        def _enter(self, name: str) -> Any:
            def enter(module: nn.Module, _: Any) -> None:
                self.inside.append(_Call(name, module))

            return enter

        def _leave(self, module: nn.Module, given: Any, made: Any) -> None:
            call = self.inside.pop()
            if call.whole:
                found = [each for each in _flat([made]) if isinstance(each, Tensor)]
                self._write(call, found[0] if found else None)

        def _write(self, call: _Call, made: Tensor | None) -> None:
            own = call.used - self.counted
            if made is None or not (call.used or call.changes):
                return
            self.counted.update(own)
            _, sight = self.sights.get(id(made), (None, None))
            kind, text = call.told or ("other", _words(call.module))
            self.rows.append(
                {
                    "name": call.name or text,
                    "group": call.group(network) or text,
                    "kind": kind,
                    "text": text,
                    "shape": list(made.shape[1:]),
                    "parameters": sum(self.sizes[each] for each in own),
                    "multiply_adds": call.products,
                    "field": list(sight.field) if sight else None,
                }
            )

        def __torch_dispatch__(
            self, operation: Any, types: Any, given: Any = (), more: Any = None
        ) -> Any:
            more = more or {}
            made = operation(*given, **more)
            out = made[0] if isinstance(made, tuple | list) else made
            if not isinstance(out, Tensor):
                return made
            packet = operation.overloadpacket
            name = packet.__name__
            tensors = [each for each in _flat(given) if isinstance(each, Tensor)]
            known = [self.sights[id(each)][1] for each in tensors if id(each) in self.sights]
            weights = [self.made_of[id(each)][1] for each in tensors if id(each) in self.made_of]
            used: set[int] = set().union(*weights)
            if weights and len(weights) == len(tensors):
                self.made_of[id(out)] = out, used
            sight = _next(name, given, more, known, out)
            if sight:
                self._keep(out, sight)
            told = _told(name, given, tensors, known, out)
            products = 0
            if packet in flop_registry:
                products = flop_registry[packet](*given, **more, out_val=made) // 2
            call = self.inside[-1]
            if call.whole:
                call.used |= used
                call.products += products
                if told:  # several things at once have no better name than their class's
                    call.told = ("other", _words(call.module)) if call.told else told
                call.changes = call.changes or bool(products) or told is not None
            elif told or products or (used and len(weights) < len(tensors)):
                step = _Call(call.name, call.module, told or ("other", name), products, used)
                self._write(step, out)
            return made

    return Watch()


class _Call:
    """One run of a module, or of a function outside of all layers."""

    def __init__(
        self,
        name: str,
        module: nn.Module,
        told: tuple[str, str] | None = None,
        products: int = 0,
        used: set[int] | None = None,
    ) -> None:
        self.name, self.module, self.told = name, module, told
        self.products, self.changes = products, told is not None
        own = list(module.parameters(recurse=False))
        # A layer: all that runs inside it is one row. Anything else is a block of layers.
        self.whole = bool(name) and told is None and (not list(module.children()) or bool(own))
        self.used = {id(each) for each in own} if self.whole else set(used or ())

    def group(self, network: nn.Module) -> str:
        """Name the block that a row stands in: the outermost of a class of its own, if any."""
        parts = self.name.split(".") if self.name else []
        above = [".".join(parts[:n]) for n in range(1, len(parts) + (0 if self.whole else 1))]
        own = [
            path for path in above if type(network.get_submodule(path)).__name__ not in _CONTAINERS
        ]
        return (own or above[::-1] or [self.name])[0]


def _flat(given: Any) -> list[Any]:
    """List arguments or results, those inside of others too."""
    if isinstance(given, dict):
        given = list(given.values())
    if not isinstance(given, list | tuple):
        return [given]
    return [part for each in given for part in _flat(each)]


def _pair(value: Any, otherwise: Any = None) -> tuple[int, int]:
    """Give rows and columns of an argument that may be one number, or left out."""
    numbers = [int(n) for n in value] if isinstance(value, list | tuple) else []
    if not numbers:
        return otherwise if otherwise is not None else (int(value or 0), int(value or 0))
    return numbers[0], numbers[-1]


def _window(name: str, given: Any) -> list[tuple[int, int]] | None:
    """Give kernel, stride, padding and dilation of a window that slides over maps."""
    if name == "convolution" and not given[6] and given[0].ndim == 4:
        weight = given[1]
        kernel = (int(weight.shape[2]), int(weight.shape[3]))
        return [kernel, _pair(given[3]), _pair(given[4]), _pair(given[5])]
    if name in ("max_pool2d_with_indices", "avg_pool2d"):
        rest = [*given[1:], None, None, None, None][:4]
        kernel = _pair(rest[0])
        dilation = _pair(rest[3], (1, 1)) if name.startswith("max") and rest[3] else (1, 1)
        return [kernel, _pair(rest[1], kernel) if rest[1] else kernel, _pair(rest[2]), dilation]
    return None


def _over_all(name: str, given: Any, out: Any) -> bool:
    """Say whether each map becomes one number."""
    if name in ("mean", "amax", "sum") and given[0].ndim == 4 and len(given) > 1:
        axes = given[1] if isinstance(given[1], list | tuple) else [given[1]]
        return {axis % 4 for axis in axes} >= {2, 3}
    adaptive = name in ("_adaptive_avg_pool2d", "adaptive_max_pool2d")
    return adaptive and tuple(out.shape[-2:]) == (1, 1)


def _next(name: str, given: Any, more: Any, known: list[_Sight], out: Any) -> _Sight | None:
    """Say what the cells of a result depend on, from what those of its inputs do."""
    if not known:
        return None
    wide = max(known, key=lambda sight: sight.field)
    jump = max(sight.jump for sight in known)
    field, cells = wide.field, max(sight.cells for sight in known)
    window = _window(name, given)
    if window:
        reach = [d * (k - 1) for k, d in zip(window[0], window[3], strict=True)]
        field = (field[0] + reach[0] * jump[0], field[1] + reach[1] * jump[1])
        jump = (jump[0] * window[1][0], jump[1] * window[1][1])
    elif _over_all(name, given, out) or name in ("addmm", "mm"):
        field = (field[0] + (cells[0] - 1) * jump[0], field[1] + (cells[1] - 1) * jump[1])
        cells = (1, 1)
    elif name == "slice" and len(given) > 4 and given[1] in (2, 3) and given[0].ndim == 4:
        step = [int(given[4]) if given[1] == axis else 1 for axis in (2, 3)]
        jump = (jump[0] * step[0], jump[1] * step[1])
    elif name in ("convolution", "bmm") or "upsample" in name or "adaptive" in name:
        return None
    if out.ndim == 4:
        cells = (int(out.shape[2]), int(out.shape[3]))
    return _Sight(field, jump, cells)


def _told(
    name: str, given: Any, tensors: list[Any], known: list[_Sight], out: Any
) -> tuple[str, str] | None:
    """Give kind and words of an operation that is a layer; None for those that are not."""
    window = _window(name, given)
    if name == "convolution":
        weight = given[1]
        kernel = "×".join(str(int(n)) for n in weight.shape[2:])
        text = f"{out.shape[1]} filters {kernel}" + ("" if window is None else _settings(window))
        return "conv", text + (f", {given[8]} groups" if given[8] > 1 else "")
    if window:
        largest = "max" if name.startswith("max") else "average"
        rows, columns = window[0]
        return "pool", f"{largest} pooling {rows}×{columns}{_settings(window, window[0])}"
    if _over_all(name, given, out):
        return "pool", f"global {'max' if 'max' in name else 'average'} pooling"
    if name in ("addmm", "mm"):
        return "dense", f"dense, {given[-2].shape[-1]:,} to {out.shape[-1]:,}"
    if name == "cat" and len(known) > 1:
        return "join", f"join {len(known)} branches"
    if name == "add" and len(known) > 1 and out.ndim == 4:
        return "join", "add the two ways"
    if "batch_norm" in name:
        return "norm", "batch norm"
    return None


def _settings(window: list[tuple[int, int]], stride: tuple[int, int] = (1, 1)) -> str:
    """Write what is not usual: another stride than the given one, padding, dilation."""
    words = ""
    for name, (rows, columns), usual in zip(
        ("stride", "padding", "dilation"), window[1:], (stride, (0, 0), (1, 1)), strict=True
    ):
        if (rows, columns) != usual:
            words += f", {name} {rows}" + (f"×{columns}" if rows != columns else "")
    return words


def _words(module: nn.Module) -> str:
    """Name a layer that none of the known operations tells about."""
    return type(module).__name__
