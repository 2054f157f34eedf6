"""accelerate's example of a training loop, in one process.

https://huggingface.co/docs/accelerate/basic_tutorials/migration ("migrating your code"): prepare
the model, the optimizer and the loader; `accelerator.backward` for `loss.backward`. Data as in
`bare.tensor_loader`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from setups import BATCH, LR, Setup
from side_by_side import now
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset


def accelerate_example(setup: Setup) -> Callable[[], float]:
    """Train with accelerate's wrappers."""
    from accelerate import Accelerator

    accelerator = Accelerator()
    model = setup.new_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    loader = DataLoader(TensorDataset(*setup.tensors()), batch_size=BATCH, shuffle=True)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)

    def run() -> float:
        start = now()
        model.train()
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = cross_entropy(model(inputs), targets)
            accelerator.backward(loss)
            optimizer.step()
        return now() - start

    return run
