"""What each layer gives for a picture, and which pictures of a set make a map answer most."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from coursekit.attribution._forward import watched
from coursekit.training.modes import evaluating

_BATCH = 256


class TopActivations(NamedTuple):
    """The strongest cell of each picture, and the pictures in which it is strongest.

    `images`, `rows`, `columns` and `values` are (K, count): for each map the numbers of the
    pictures, the place of the cell in the map, and its value, the largest first.
    """

    images: Tensor
    rows: Tensor
    columns: Tensor
    values: Tensor


@torch.no_grad()
def layer_outputs(model: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """Return what each layer gives for a batch, by the layers' names, in the order of the model.

    Blocks of layers are among them. The model runs in evaluation mode and is left as it was.

    Examples
    --------
    >>> from coursekit.models import load_pretrained
    >>> outputs = layer_outputs(load_pretrained("digit_cnn"), torch.rand(1, 1, 28, 28))
    >>> list(outputs)[:3], outputs["conv2"].shape
    (['conv1', 'relu1', 'pool1'], torch.Size([1, 16, 14, 14]))
    """
    found: dict[str, Tensor] = {}
    handles = []
    for name, part in model.named_modules():
        if name:
            handles.append(
                part.register_forward_hook(
                    lambda module, inputs, output, name=name: found.__setitem__(
                        name, output.clone()
                    )
                )
            )
    try:
        with evaluating(model):
            model(images)
    finally:
        for handle in handles:
            handle.remove()
    return {name: found[name] for name, _ in model.named_modules() if name in found}


@torch.no_grad()
def top_activations(model: nn.Module, images: Tensor, layer: str, count: int = 9) -> TopActivations:
    """Find for each map of a layer the pictures in which one of its cells answers most.

    Parameters
    ----------
    model
        Any network; runs in evaluation mode and is left as it was.
    images
        (N, C, H, W), as the network takes them.
    layer
        Name of a layer that gives maps, (N, K, h, w).
    count
        Pictures for each map.

    Raises
    ------
    ValueError
        When there is no such layer, it gives no maps, or there are fewer pictures than asked for.

    Examples
    --------
    >>> images = torch.zeros(3, 1, 2, 2)
    >>> images[1, 0, 1, 0] = 5.0
    >>> top = top_activations(nn.Sequential(nn.ReLU()), images, layer="0", count=1)
    >>> [int(part) for part in (top.images, top.rows, top.columns, top.values)]
    [1, 1, 0, 5]
    """
    if not 1 <= count <= len(images):
        raise ValueError(
            f"count: found {count}; expected 1 to {len(images)}, as many as there are pictures."
        )
    strongest, cells = [], []
    with evaluating(model), watched(model, layer) as outputs:
        for batch in images.split(_BATCH):  # type: ignore[no-untyped-call]
            model(batch)
            maps = outputs.pop()
            if maps.ndim != 4:
                raise ValueError(
                    f"layer: {layer!r} gives shape {tuple(maps.shape)}; expected maps, "
                    "(N, K, h, w)."
                )
            width = maps.shape[3]
            value, cell = maps.flatten(start_dim=2).max(dim=2)  # (N, K) each
            strongest.append(value)
            cells.append(cell)
    values, numbers = torch.cat(strongest).topk(count, dim=0)  # (count, K)
    places = torch.cat(cells).gather(0, numbers)
    return TopActivations(numbers.T, places.T // width, places.T % width, values.T)
