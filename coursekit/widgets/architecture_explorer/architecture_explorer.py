"""The architecture explorer: what the layers of a network cost, and of two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from coursekit.widgets.architecture_explorer.library import packed, stored, unpacked
from coursekit.widgets.architecture_explorer.reading import Row, read_network
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import EDGE, Picture
from coursekit.widgets.traits import Choice, Flag, Place

if TYPE_CHECKING:
    from torch import nn

_COLOURS = {"conv": "#0b62a8", "dense": "#a63c06"}
_WIDTH = 420


class _Networks(dict[str, Any]):
    """Networks that were read here; the page can send nothing that is one."""


class _Own(traitlets.TraitType[Any, Any]):
    """The student's own networks by name, in their short form."""

    def __init__(self) -> None:
        super().__init__(_Networks())
        self.tag(sync=True, page=True, to_json=lambda value, _: dict(value))

    def validate(self, obj: Any, value: Any) -> Any:
        """Take what was read here alone."""
        if not isinstance(value, _Networks):
            raise ValueError("own is read from networks; make a new ArchitectureExplorer(network)")
        return value


class _Name(traitlets.TraitType[Any, Any]):
    """The name of a network that is known, or "" for none where that is allowed."""

    def __init__(self, default: str, empty: bool = False) -> None:
        super().__init__(default)
        self.empty = empty
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it, or say which names there are."""
        names = [*([""] if self.empty else []), *stored(), *obj.own]
        if not isinstance(value, str) or value not in names:
            raise ValueError(
                f"{self.name} is {value!r}; give one of {', '.join(map(repr, names))}; for a "
                "network of your own, make a new ArchitectureExplorer(network, shape=...)"
            )
        return value


class ArchitectureExplorer(CourseWidget, folder="architecture_explorer"):
    """Look at the layers of a network: shapes, parameters, work, memory, receptive fields.

    What is changed on the screen is changed here, and the other way round: `left`, `right` (names,
    "" for none), `measure`, `detail` and `selected` can be read, set and observed.

    Parameters
    ----------
    left
        A network of the course by name ("LeNet-5", "AlexNet", "ZFNet", "VGG-16", "GoogLeNet",
        "ResNet-18", "ResNet-34" or "ResNet-50"), or any PyTorch network of yours.
    right
        Another one to put beside it.
    shape
        What a network of your own takes: (channels, rows, columns) of one picture.
    measure
        What the bars show: ``"parameters"``, ``"multiplyAdds"``, ``"neurons"`` or ``"memory"``.
    detail
        Every layer, rather than blocks of layers.

    Raises
    ------
    ValueError
        If a name is not known, a network does not take an input of that shape, or another argument
        is something else than described.

    Examples
    --------
    >>> explorer = ArchitectureExplorer("AlexNet", "VGG-16")
    >>> [sum(row["parameters"] for row in rows) for rows in explorer.tables.values()]
    [60965224, 138357544]
    >>> from torch import nn
    >>> mine = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(5408, 10))
    >>> ArchitectureExplorer(mine, shape=(1, 28, 28)).tables["Sequential"][0]["shape"]
    [8, 26, 26]
    """

    own = _Own()
    left = _Name("AlexNet")
    right = _Name("", empty=True)
    measure = Choice("parameters", "multiplyAdds", "neurons", "memory")
    detail = Flag(False)
    selected = Place(2)

    def __init__(
        self,
        left: str | nn.Module = "AlexNet",
        right: str | nn.Module | None = None,
        shape: Sequence[int] | None = None,
        measure: str = "parameters",
        detail: bool = False,
    ) -> None:
        own = _Networks()
        names = [
            side if isinstance(side, str) else _read(own, side, shape)
            for side in (left, right if right is not None else "")
        ]
        super().__init__(own=own)
        self.left, self.right = names
        self.measure, self.detail = measure, detail

    @property
    def tables(self) -> dict[str, list[Row]]:
        """The layers of the networks on the screen, as `read_network` gives them."""
        known = {**stored(), **self.own}
        return {name: unpacked(known[name]) for name in (self.left, self.right) if name}

    def describe(self) -> str:
        """Say in words what the picture shows: the totals, and where they sit."""
        return "Architecture explorer. " + " ".join(
            _sentence(name, {**stored(), **self.own}[name]["shape"], rows)
            for name, rows in self.tables.items()
        )

    def picture(self) -> str:
        """Draw for each network how parameters, work and neurons spread over its layers."""
        drawing, y = Picture(), 0
        for name, rows in self.tables.items():
            drawing.text(0, y + 12, name, 15)
            y += 22
            for words, key in _MEASURES.items():
                drawing.text(0, y + 13, words)
                amounts = [(row["kind"], key(row)) for row in rows]
                whole, done = sum(n for _, n in amounts) or 1, 0
                for kind, n in amounts:
                    start, end = (110 + _WIDTH * part // whole for part in (done, done + n))
                    done += n
                    if end > start:
                        fill = _COLOURS.get(kind, EDGE)
                        drawing.shape(
                            f'<rect x="{start}" y="{y}" width="{end - start}" height="16" '
                            f'fill="{fill}" stroke="#ffffff"/>',
                            end,
                            y + 16,
                        )
                y += 22
            y += 14
        drawing.text(110, y + 4, "blue: convolutions, orange: dense layers, from input to output")
        return drawing.img(self.describe())


def _neurons(row: Row) -> int:
    """Count what a layer with weights gives out."""
    numbers = 1
    for size in row["shape"]:
        numbers *= size
    return numbers if row["kind"] in _COLOURS else 0


_MEASURES = {
    "Parameters": lambda row: int(row["parameters"]),
    "Multiply-adds": lambda row: int(row["multiply_adds"]),
    "Neurons": _neurons,
}


def _sentence(name: str, shape: Sequence[int], rows: list[Row]) -> str:
    """Say what a network costs, and how much of it its dense layers have."""
    parts = []
    shares = []
    for words, key in _MEASURES.items():
        whole = sum(map(key, rows))
        dense = sum(key(row) for row in rows if row["kind"] == "dense")
        parts.append(f"{whole:,} {words.lower()}")
        shares.append(f"{dense / whole if whole else 0:.1%} of the {words.lower()}")
    return (
        f"{name} on an input of {' by '.join(map(str, shape))} has {', '.join(parts)}. "
        f"Its dense layers have {', '.join(shares)}."
    )


def _read(own: _Networks, network: Any, shape: Sequence[int] | None) -> str:
    """Read a network of the student's into `own`, and give the name that it gets there."""
    if shape is None:
        raise ValueError(
            "shape is left out; a network of your own needs it: give (channels, rows, columns) of "
            "one picture, such as shape=(1, 28, 28)"
        )
    base = type(network).__name__
    taken = {*stored(), *own}
    names = [base, *(f"{base} {n}" for n in range(2, len(taken) + 3))]
    name = next(name for name in names if name not in taken)
    own[name] = packed(shape, read_network(network, shape))
    return name
