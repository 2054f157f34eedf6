"""Occlusion: cover a part of the picture, and see how far the score falls.

M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV 2014, section
4.2.
"""

import torch
from torch import Tensor, nn

from coursekit.attribution._forward import batch_of_one
from coursekit.training.modes import evaluating

_BATCH = 256


@torch.no_grad()
def occlusion(
    model: nn.Module,
    image: Tensor,
    target: int,
    size: int,
    stride: int = 1,
    fill: float | Tensor = 0.5,
) -> Tensor:
    """Slide a square over a picture; return by how much the score falls at each place.

    (C, H, W) -> (floor((H - size) / stride) + 1, floor((W - size) / stride) + 1). A negative number
    says that the score rose.

    Parameters
    ----------
    model
        Gives logits, (N, classes); runs in evaluation mode and is left as it was.
    image
        One picture.
    target
        The class whose score is looked at.
    size, stride
        Side of the square, and how far it moves; in pixels.
    fill
        What the square shows: a number, or a picture (C, H, W) of which it shows its part. The
        result depends on it: say which one was taken.

    Raises
    ------
    ValueError
        When the picture is not (C, H, W), or the square does not fit into it.

    Examples
    --------
    >>> model = nn.Flatten()  # each pixel is a score of its own
    >>> occlusion(model, torch.ones(1, 2, 2), target=3, size=1, fill=0.0)
    tensor([[0., 0.],
            [0., 1.]])
    """
    whole = batch_of_one(image).detach()
    height, width = image.shape[1:]
    if not 1 <= size <= min(height, width) or stride < 1:
        raise ValueError(
            f"size, stride: found {size} and {stride}; expected a side from 1 to "
            f"{min(height, width)} and a stride of 1 or more, in pixels."
        )
    rows, columns = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    cover = torch.as_tensor(fill, dtype=image.dtype, device=image.device).expand_as(image)
    places = [(slice(i, i + size), slice(j, j + size)) for i in rows for j in columns]
    covered = []
    with evaluating(model):
        before = model(whole)[0, target]
        for start in range(0, len(places), _BATCH):
            part = places[start : start + _BATCH]
            images = whole.repeat(len(part), 1, 1, 1)
            for one, (down, across) in zip(images, part, strict=True):
                one[:, down, across] = cover[:, down, across]
            covered.append(model(images)[:, target])
    fall: Tensor = (before - torch.cat(covered)).reshape(len(rows), len(columns))
    return fall
