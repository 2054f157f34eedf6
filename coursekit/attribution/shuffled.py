"""A network that has learned nothing, with the numbers of one that has.

J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt and B. Kim, *Sanity checks for saliency
maps*, NeurIPS 2018: a method that draws the same picture for both shows the picture, not what was
learned.
"""

from collections.abc import Sequence

import torch
from torch import nn

from coursekit.attribution._forward import module_of
from coursekit.training.modes import stand_in


def shuffle_weights(
    model: nn.Module, layers: Sequence[str] | None = None, seed: int = 0
) -> nn.Module:
    """Return a copy of a model in which the numbers of each parameter stand in another order.

    Parameters
    ----------
    model
        Any network; it is not changed.
    layers
        Names of the layers whose parameters are shuffled; all unless given.
    seed
        Of the order.

    Raises
    ------
    ValueError
        When there is no layer of such a name.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(50, 1), nn.Linear(1, 1))
    >>> other = shuffle_weights(model, ["0"])
    >>> bool((other[0].weight == model[0].weight).all())
    False
    >>> bool((other[0].weight.sort().values == model[0].weight.sort().values).all())
    True
    """
    other = stand_in(model)
    generator = torch.Generator().manual_seed(seed)
    parts = [other] if layers is None else [module_of(other, layer) for layer in layers]
    with torch.no_grad():
        for part in parts:
            for parameter in part.parameters():
                order = torch.randperm(parameter.numel(), generator=generator)
                parameter.copy_(parameter.flatten()[order].reshape(parameter.shape))
    return other
