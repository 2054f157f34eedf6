"""The networks that the menus of the explorer offer, read once and stored for the page.

    python -m coursekit.widgets.architecture_explorer.library

reads them anew and writes `networks.js`; a test says when it has to be run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.widgets.architecture_explorer.reading import Row, read_network

if TYPE_CHECKING:
    from torch import nn

_COLOUR = (3, 224, 224)
NETWORKS: dict[str, tuple[str, dict[str, Any], tuple[int, int, int]]] = {
    "LeNet-5": ("LeNet5", {}, (1, 28, 28)),
    "AlexNet": ("AlexNet", {}, _COLOUR),
    "ZFNet": ("ZFNet", {}, _COLOUR),
    "VGG-16": ("VGG16", {}, _COLOUR),
    "GoogLeNet": ("GoogLeNet", {}, _COLOUR),
    "ResNet-18": ("ResNet", {"depth": 18}, _COLOUR),
    "ResNet-34": ("ResNet", {"depth": 34}, _COLOUR),
    "ResNet-50": ("ResNet", {"depth": 50}, _COLOUR),
}
_FILE = Path(__file__).with_name("networks.js")


def build(name: str) -> tuple[nn.Module, tuple[int, int, int]]:
    """Make a network of the library without memory for its weights; give the shape of its input.

    Examples
    --------
    >>> network, shape = build("VGG-16")
    >>> sum(parameter.numel() for parameter in network.parameters()), shape
    (138357544, (3, 224, 224))
    """
    import torch

    from coursekit import models

    kind, more, shape = NETWORKS[name]
    make: Callable[..., nn.Module] = getattr(models, kind)
    with torch.device("meta"):
        return make(**more), shape


def packed(shape: Sequence[int], rows: list[Row]) -> dict[str, Any]:
    """Give a network as short as the page takes it: what is said often is said once.

    A row is its name, how many parts of the name are its group (0: the group is the text), the
    numbers of its text and of its shape, parameters, multiply-adds, and its field.

    Examples
    --------
    >>> from torch import nn
    >>> packed((3, 8, 8), read_network(nn.Sequential(nn.Conv2d(3, 8, 3)), (3, 8, 8)))["rows"]
    [['0', 1, 0, 0, 224, 7776, 3]]
    """
    texts: list[list[str]] = []
    shapes: list[list[int]] = []
    short = []
    for row in rows:
        text, name, field = [row["kind"], row["text"]], row["name"], row["field"]
        if text not in texts:
            texts.append(text)
        if row["shape"] not in shapes:
            shapes.append(row["shape"])
        parts = row["group"].count(".") + 1 if f"{name}.".startswith(f"{row['group']}.") else 0
        places = [texts.index(text), shapes.index(row["shape"])]
        counts = [row["parameters"], row["multiply_adds"]]
        sight = 0 if field is None else field[0] if field[0] == field[1] else field
        short.append([name, parts, *places, *counts, sight])
    return {"shape": list(shape), "texts": texts, "shapes": shapes, "rows": short}


def unpacked(network: dict[str, Any]) -> list[Row]:
    """Give the rows of a network in its short form, as `read_network` gives them.

    Examples
    --------
    >>> [row["name"] for row in unpacked(stored()["LeNet-5"])]
    ['c1', 's2', 'c3', 's4', 'c5', 'f6', 'output']
    """
    rows = []
    for name, parts, text, shape, parameters, multiply_adds, field in network["rows"]:
        kind, words = network["texts"][text]
        rows.append(
            {
                "name": name,
                "group": ".".join(name.split(".")[:parts]) if parts else words,
                "kind": kind,
                "text": words,
                "shape": list(network["shapes"][shape]),
                "parameters": parameters,
                "multiply_adds": multiply_adds,
                "field": [field, field] if isinstance(field, int) and field else field or None,
            }
        )
    return rows


@cache
def stored() -> dict[str, Any]:
    """Give the networks of `networks.js`, in their short form."""
    text = _FILE.read_text(encoding="utf-8").partition(" = ")[2].rstrip().rstrip(";")
    networks: dict[str, Any] = json.loads(text)
    return networks


def as_script() -> str:
    """Read all networks anew and write them as the script that the page loads."""
    lines = []
    for name in NETWORKS:
        network, shape = build(name)
        text = json.dumps(
            packed(shape, read_network(network, shape)), ensure_ascii=False, separators=(",", ":")
        )
        lines.append(f"  {json.dumps(name)}: {text}")
    inside = ",\n".join(lines)
    return (
        "// The networks of the menus, written by library.py.\n\n"
        f"const NETWORKS = {{\n{inside}\n}};\n"
    )


if __name__ == "__main__":
    _FILE.write_text(as_script(), encoding="utf-8")
