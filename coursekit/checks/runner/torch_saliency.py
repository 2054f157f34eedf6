"""Asking a function for the saliency map of a small network. It runs beside the answer."""

from typing import Any

import numpy as np

# What an answer may do to the gradients that the parameters hold.
KEPT, ADDED, CLEARED = 0, 1, 2


def torch_saliency(
    saliency: Any,
    image: Any, target: int, kernels: Any, biases: Any, dense: Any, offsets: Any, running: Any,
    training: int, used: int,
) -> Any:  # fmt: skip
    """Ask for the map of one picture, twice, with a network of the given weights.

    The network is a batch norm of the pixels (`running`: its means and variances; without them
    there is none), a convolution with ReLU (without `kernels` there is none), and a dense layer.
    With `training` it comes in training mode. With `used` it comes from training: its first
    parameter is frozen, the others hold gradients, and the picture asks for gradients itself.

    Returns both maps; what the first call did, in six numbers, 0 where all is as it was: to the
    gradients of the parameters (see above), to the modes of the layers, to the pixels, to whether
    the picture asks for gradients (1: it does now, or holds one; 2: it no longer does), to the
    weights, to what of them can be trained; and two numbers: whether something else than a tensor
    or an array came, and whether it holds on to its calculations.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        model = _network(kernels, biases, dense, offsets, running).train(bool(training))
        picture = torch.tensor(image, requires_grad=bool(used))
        parameters = list(model.parameters())
        if used:
            parameters[0].requires_grad_(False)
            for parameter in parameters[1:]:
                parameter.grad = torch.ones_like(parameter)
        grads = [None if p.grad is None else p.grad.clone() for p in parameters]
        weights = {name: value.clone() for name, value in model.state_dict().items()}
        open_ones = [parameter.requires_grad for parameter in parameters]
        value = saliency(model, picture, target)
        if value is None or value is Ellipsis:
            return value
        left = [
            max(_gradient(p.grad, before) for p, before in zip(parameters, grads, strict=True)),
            any(part.training != bool(training) for part in model.modules()),
            not np.array_equal(picture.detach().numpy(), image),
            2
            if picture.requires_grad < bool(used)
            else picture.requires_grad > bool(used) or picture.grad is not None,
            any(not torch.equal(now, weights[name]) for name, now in model.state_dict().items()),
            [p.requires_grad for p in parameters] != open_ones,
        ]
        held = [
            not isinstance(value, torch.Tensor | np.ndarray),
            getattr(value, "requires_grad", False) is True,
        ]
        again = saliency(model, picture, target)
        second = np.zeros(0) if again is None else again
        return value, second, np.array([int(n) for n in left]), np.array([int(n) for n in held])


def _gradient(now: Any, before: Any) -> int:
    """Say what has become of the gradient that a parameter holds."""
    if before is None:
        return KEPT if now is None or not bool(now.any()) else ADDED
    if now is None or not bool(now.any()):
        return CLEARED
    return KEPT if bool((now == before).all()) else ADDED


def _network(kernels: Any, biases: Any, dense: Any, offsets: Any, running: Any) -> Any:
    """Return the network; it takes batches alone, and has no layers that can be counted off."""
    import torch
    from torch.nn import functional as F

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            if len(running):
                norm: Any = torch.nn.BatchNorm2d(len(running[0]), affine=False)
                norm.running_mean.copy_(torch.tensor(running[0]))
                norm.running_var.copy_(torch.tensor(running[1]))
                self.norm = norm
            if len(kernels):
                self.kernels = torch.nn.Parameter(torch.tensor(kernels))
                self.biases = torch.nn.Parameter(torch.tensor(biases))
            self.dense = torch.nn.Parameter(torch.tensor(dense))
            self.offsets = torch.nn.Parameter(torch.tensor(offsets))

        def forward(self, images: Any) -> Any:
            if images.ndim != 4:
                raise ValueError(
                    f"the network takes a batch, (N, C, H, W), and got {tuple(images.shape)}"
                )
            if len(running):
                images = self.norm(images)
            if len(kernels):
                images = F.relu(F.conv2d(images, self.kernels, self.biases))
            return F.linear(images.flatten(start_dim=1), self.dense, self.offsets)

    return Network()
