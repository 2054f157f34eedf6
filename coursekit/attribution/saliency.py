"""Saliency: how strongly the score would answer to a small change of each pixel.

K. Simonyan, A. Vedaldi and A. Zisserman, *Deep inside convolutional networks: visualising image
classification models and saliency maps*, workshop of ICLR 2014, section 3.
"""

import torch
from torch import Tensor, nn

from coursekit.attribution._forward import batch_of_one
from coursekit.training.modes import evaluating


def saliency(model: nn.Module, image: Tensor, target: int) -> Tensor:
    """Return the largest absolute gradient over the channels: (C, H, W) -> (H, W).

    Parameters
    ----------
    model
        Gives logits, (N, classes); runs in evaluation mode and is left as it was.
    image
        One picture.
    target
        The class whose score is looked at, before any softmax.

    Raises
    ------
    ValueError
        When the shape of the picture is not (C, H, W).

    Examples
    --------
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, bias=False))
    >>> _ = nn.init.constant_(model[1].weight, -3)
    >>> saliency(model, torch.zeros(1, 2, 2), target=1)
    tensor([[3., 3.],
            [3., 3.]])
    """
    x = batch_of_one(image)
    with evaluating(model):
        score = model(x)[0, target]
        (gradient,) = torch.autograd.grad(score, x)  # leaves the .grad of the weights alone
    return gradient[0].abs().amax(dim=0)
