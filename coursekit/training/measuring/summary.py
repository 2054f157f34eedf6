"""What a model is made of: shapes, parameters, multiply-adds and memory, layer by layer."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from coursekit.training.diagnosis.undisturbed import stand_in
from coursekit.training.keeping.randomness import generators_kept
from coursekit.training.loop import evaluating
from coursekit.training.measuring.inference import image_shape, not_taken
from coursekit.training.measuring.layers import Layer, Walk, storage


@dataclass(frozen=True)
class Summary:
    """What `summary` found; shown as a table.

    Attributes
    ----------
    layers
        In the order in which they are called.
    parameters, trainable
        Numbers in the model, and those of them that training changes.
    multiply_adds
        For one image, forwards.
    output_bytes
        Memory of all layers' outputs for one image.
    training_bytes
        What is kept of one image for the way back, by measurement: outputs of functions that are
        no layers, such as ``torch.tanh``, too; the image and the parameters not.
    """

    layers: tuple[Layer, ...]
    parameters: int
    trainable: int
    multiply_adds: int
    output_bytes: int
    training_bytes: int

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table's cells: one row a layer, then the totals."""
        rows = [
            (
                each.name,
                each.kind,
                "not called" if each.output is None else " x ".join(map(str, each.output)) or "1",
                f"{each.parameters:,}",
                f"{each.multiply_adds:,}",
                f"{each.output_bytes:,}",
            )
            for each in self.layers
        ]
        total = (self.parameters, self.multiply_adds, self.output_bytes)
        return [*rows, ("total", "", "", *(f"{number:,}" for number in total))]

    def notes(self) -> list[str]:
        """Return the sentences below the table."""
        frozen = self.parameters - self.trainable
        found = [f"Training keeps {self.training_bytes:,} bytes of each image for the way back."]
        return [f"{frozen:,} of the parameters are frozen.", *found] if frozen else found

    def __str__(self) -> str:
        rows = [_HEAD, *self.rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
        lines = [
            "  ".join(
                cell.ljust(width) if i < 3 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        rule = "-" * max(map(len, lines))
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], *self.notes()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str) -> str:
            written = (
                f'<{tag} style="text-align:{_SIDES[i]}">{html.escape(cell)}</{tag}>'
                for i, cell in enumerate(cells)
            )
            return f"<tr>{''.join(written)}</tr>"

        *rows, total = self.rows()
        body = "".join(line(row, "td") for row in rows)
        below = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes())
        return (
            f"<table><thead>{line(_HEAD, 'th')}</thead><tbody>{body}</tbody>"
            f"<tfoot>{line(total, 'th')}</tfoot></table>{below}"
        )


_HEAD = ("layer", "kind", "output", "parameters", "multiply-adds", "output bytes")
_SIDES = ("left", "left", "left", "right", "right", "right")


def summary(model: nn.Module, input_shape: Sequence[int]) -> Summary:
    """Count parameters, multiply-adds and memory of a model, layer by layer, for one image.

    A copy of the model is sent images of zeros: the model itself, its mode, batch norm's statistics
    and the random generators stay as they are.

    Parameters
    ----------
    model
        Any module that takes a batch of floats.
    input_shape
        Of one image, without the batch: ``(1, 28, 28)``.

    Returns
    -------
    Summary
        Shown as a table; `layers` and the totals hold the numbers.

    Raises
    ------
    TypeError
        When `model` is no module.
    ValueError
        When the model does not take the shape.

    Examples
    --------
    >>> summary(nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AvgPool2d(2)), (1, 28, 28))
    layer  kind       output       parameters  multiply-adds  output bytes
    ----------------------------------------------------------------------
    0      Conv2d     6 x 24 x 24         156         86,400        13,824
    1      ReLU       6 x 24 x 24           0              0        13,824
    2      AvgPool2d  6 x 12 x 12           0              0         3,456
    ----------------------------------------------------------------------
    total                                 156         86,400        31,104
    Training keeps 13,824 bytes of each image for the way back.
    """
    shape = image_shape(model, input_shape)
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    with generators_kept(), stand_in(model) as copy, evaluating(copy):
        image = torch.zeros(1, *shape, device=device)
        walk = Walk(copy)
        try:
            with torch.no_grad():
                walk.run(image)
            kept = _kept_for_one_image(copy, image)
        except (RuntimeError, ValueError, IndexError) as error:
            raise not_taken(shape, error) from error
        layers = tuple(walk.layers())
    own = list(model.parameters())
    return Summary(
        layers,
        parameters=sum(p.numel() for p in own),
        trainable=sum(p.numel() for p in own if p.requires_grad),
        multiply_adds=sum(each.multiply_adds for each in layers),
        output_bytes=sum(each.output_bytes for each in layers),
        training_bytes=kept,
    )


def _kept_for_one_image(model: nn.Module, image: Tensor) -> int:
    """Return the bytes that training keeps for each image more; batch norm wants two at least."""
    model.train()
    two, four = (_kept(model, torch.cat([image] * count)) for count in (2, 4))
    return (four - two) // 2


def _kept(model: nn.Module, images: Tensor) -> int:
    """Return the bytes that the forward pass keeps for gradients, each piece of memory once."""
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[storage(tensor)] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.enable_grad(), saved_tensors_hooks(keep, lambda tensor: tensor):
        outputs = model(images)  # held to the end: memory that is freed would be used again
    outside = {storage(t) for t in (images, *model.parameters(), *model.buffers())}
    del outputs
    return sum(size for place, size in kept.items() if place not in outside)
