"""Importing this makes torch ready: its first optimizer takes a second, which no check should."""

import torch

torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.0)
