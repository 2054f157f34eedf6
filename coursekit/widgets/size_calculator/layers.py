"""Layers in a row as a trait: what may be written, and what each makes of its input."""

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from coursekit.scratch import conv_parameters, output_size, receptive_field
from coursekit.widgets.traits import number_within

MOST_LAYERS = 12
LARGEST = 512
_LIMITS = {
    "filters": (1, 2048),
    "kernel": (1, 31),
    "stride": (1, 16),
    "padding": (0, 31),
    "dilation": (1, 16),
}
_ORDER = ("kernel", "stride", "padding", "dilation", "filters")
_WANTED = (
    'give (kernel, stride) or (kernel, stride, padding, dilation), or a dict such as {"kernel": 3, '
    '"stride": 1, "padding": 1, "dilation": 1, "filters": 8} or {"kind": "pool", "kernel": 2}'
)

Layer = dict[str, Any]


class Layers(traitlets.TraitType[Any, Any]):
    """Up to 12 layers, each a dict of kind, kernel, stride, padding, dilation and filters.

    Examples
    --------
    >>> class Holder(traitlets.HasTraits):
    ...     layers = Layers()
    >>> Holder(layers=[(3, 2)]).layers[0]["stride"]
    2
    >>> Holder(layers=[(3, 0)])
    Traceback (most recent call last):
        ...
    ValueError: layers: the stride of layer 1 is 0; give a whole number from 1 to 16
    """

    def __init__(self) -> None:
        super().__init__(())
        self.tag(sync=True, page=True, to_json=lambda value, _: [dict(layer) for layer in value])

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a tuple of full dicts, or say which layer is wrong, and how."""
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise ValueError(f"layers is {value!r}; give a list of layers: {_WANTED}")
        if len(value) > MOST_LAYERS:
            raise ValueError(f"layers has {len(value)} layers; give {MOST_LAYERS} at most")
        return tuple(_layer(number, layer) for number, layer in enumerate(value, 1))


def _layer(number: int, given: Any) -> Layer:
    """Fill in what is left out of a layer."""
    wrong = f"layers: layer {number} is {given!r}; {_WANTED}"
    if isinstance(given, Mapping):
        layer = dict(given)
        kind = layer.pop("kind", "conv")
        if kind not in ("conv", "pool") or "kernel" not in layer or layer.keys() - _LIMITS.keys():
            raise ValueError(wrong)
    elif isinstance(given, Sequence) and not isinstance(given, str) and 1 <= len(given) <= 4:
        kind, layer = "conv", dict(zip(_ORDER, given, strict=False))
    else:
        raise ValueError(wrong)
    usual = {"stride": 1 if kind == "conv" else layer["kernel"], "padding": 0, "dilation": 1}
    full = {"filters": 1, **usual, **layer}
    for name, (low, high) in _LIMITS.items():
        end = f"give a whole number from {low} to {high}"
        what = f"layers: the {name} of layer {number}"
        full[name] = number_within(what, full[name], low, high, end)
        if not full[name].is_integer():
            raise ValueError(f"{what} is {full[name]}; {end}")
    # In the order in which the page writes them, so that both sides hold the same text.
    return {"kind": kind, **{name: int(full[name]) for name in _ORDER}}


def table(size: int, channels: int, layers: Sequence[Layer]) -> list[Layer]:
    """List what each layer makes of its input; from a layer that does not fit on, ``size`` is None.

    Examples
    --------
    >>> conv = {"kind": "conv", "kernel": 3, "stride": 2, "padding": 0, "dilation": 1, "filters": 4}
    >>> table(6, 1, [conv])  # doctest: +NORMALIZE_WHITESPACE
    [{'size': 2, 'channels': 4, 'parameters': 40, 'multiply_adds': 144, 'receptive_field': 3}]
    """
    rows: list[Layer] = []
    now: int | None = size
    windows = []
    for layer in layers:
        kernel, stride, padding = layer["kernel"], layer["stride"], layer["padding"]
        reach = layer["dilation"] * (kernel - 1) + 1
        if now is None or reach > now + 2 * padding:
            now = None
            nothing = ("size", "channels", "parameters", "multiply_adds", "receptive_field")
            rows.append(dict.fromkeys(nothing))
            continue
        now = output_size(now, reach, stride, padding)
        windows.append((reach, stride))
        conv = layer["kind"] == "conv"
        filters = layer["filters"] if conv else channels
        weights = conv_parameters(channels, filters, kernel, bias=False) if conv else 0
        rows.append(
            {
                "size": now,
                "channels": filters,
                "parameters": weights + filters if conv else 0,
                "multiply_adds": now * now * weights,
                "receptive_field": receptive_field(windows),
            }
        )
        channels = filters
    return rows
