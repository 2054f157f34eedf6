"""Grad-CAM: which places of the last maps speak for a class.

R. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh and D. Batra, *Grad-CAM: visual
explanations from deep networks via gradient-based localization*, ICCV 2017.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.attribution._forward import batch_of_one, watched
from coursekit.training.modes import evaluating


def grad_cam(model: nn.Module, image: Tensor, target: int, layer: str) -> Tensor:
    """Weigh the maps of a layer by their mean gradient, and add them up: (C, H, W) -> (H, W).

    Negative sums become 0; the map is stretched to the size of the picture, bilinearly.

    Parameters
    ----------
    model
        Gives logits, (N, classes); runs in evaluation mode and is left as it was.
    image
        One picture.
    target
        The class whose score is looked at.
    layer
        A layer that gives maps, (N, K, h, w), by its name; mostly the last such one.

    Raises
    ------
    ValueError
        When there is no such layer, it gives no maps, or the picture is not (C, H, W).

    Examples
    --------
    >>> from coursekit.models import load_pretrained
    >>> grad_cam(load_pretrained("digit_cnn"), torch.rand(1, 28, 28), 3, layer="relu2").shape
    torch.Size([28, 28])
    """
    x = batch_of_one(image)
    with evaluating(model), watched(model, layer) as outputs:
        score = model(x)[0, target]
    maps = outputs[-1]
    if maps.ndim != 4:
        raise ValueError(
            f"layer: {layer!r} gives shape {tuple(maps.shape)}; expected maps, (N, K, h, w). "
            "Take a layer before flattening or averaging."
        )
    (gradients,) = torch.autograd.grad(score, maps)
    weights = gradients.mean(dim=(2, 3), keepdim=True)  # one number for each map
    summed = F.relu((weights * maps.detach()).sum(dim=1, keepdim=True))
    return F.interpolate(summed, image.shape[1:], mode="bilinear")[0, 0]
