"""Trainers that the course does not install: skorch, Lightning, fastai. Measured where they are.

Sources, all with Adam at 1e-3 and batches of 128 here:

- skorch: the README's `NeuralNetClassifier(module).fit(X, y)`, https://github.com/skorch-dev/skorch,
  without the validation split that it makes unless told not to
- Lightning: "Lightning in 15 minutes", https://lightning.ai/docs/pytorch/stable/starter/introduction.html,
  once as there and once with everything optional off (logger, checkpoints, bar, summary)
- fastai: "Pure PyTorch to fastai", https://docs.fast.ai/examples/migrating_pytorch.html,
  with a constant rate like all others and without its bar

The seconds are those of an epoch, without the trainer's start.
"""

from __future__ import annotations

import importlib.util
import logging
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import torch
from setups import BATCH, LR, Setup
from side_by_side import now
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset


def installed() -> dict[str, Callable[[Setup], Callable[[], float]]]:
    """Return those that can be imported here, by name."""
    known = {
        "skorch": {"skorch": skorch_net},
        "lightning": {
            "Lightning, as the tutorial": lightning_tutorial,
            "Lightning, all options off": lightning_lean,
        },
        "fastai": {"fastai": fastai_learner},
    }
    return {
        name: make
        for package, contenders in known.items()
        if importlib.util.find_spec(package)
        for name, make in contenders.items()
    }


def skorch_net(setup: Setup) -> Callable[[], float]:
    """Train with skorch."""
    from skorch import NeuralNetClassifier
    from skorch.callbacks import Callback

    class Epoch(Callback):
        def on_epoch_begin(self, net: Any, **_: Any) -> None:
            self.start = now()

        def on_epoch_end(self, net: Any, **_: Any) -> None:
            self.seconds = now() - self.start

    images, labels = setup.tensors()
    epoch = Epoch()
    net = NeuralNetClassifier(
        setup.new_model(),
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        lr=LR,
        batch_size=BATCH,
        max_epochs=1,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
        callbacks=[epoch],
    )
    net.initialize()

    def run() -> float:
        net.partial_fit(images, labels)
        return epoch.seconds

    return run


def lightning_tutorial(setup: Setup) -> Callable[[], float]:
    """Train with Lightning as its introduction does."""
    return _lightning(setup, enable_progress_bar=True)


def lightning_lean(setup: Setup) -> Callable[[], float]:
    """Train with Lightning and nothing that can be switched off."""
    return _lightning(
        setup,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )


def _lightning(setup: Setup, **options: Any) -> Callable[[], float]:
    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="lightning")

    class Network(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = setup.new_model()

        def training_step(self, batch: Any, number: int) -> Any:
            inputs, targets = batch
            loss = cross_entropy(self.model(inputs), targets)
            if options.get("logger", True):
                self.log("train_loss", loss)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=LR)

    class Epoch(lightning.Callback):
        def on_train_epoch_start(self, *_: Any) -> None:
            self.start = now()

        def on_train_epoch_end(self, *_: Any) -> None:
            self.seconds = now() - self.start

    network = Network()
    loader = DataLoader(TensorDataset(*setup.tensors()), batch_size=BATCH, shuffle=True)

    def run() -> float:
        epoch = Epoch()
        with tempfile.TemporaryDirectory() as folder:
            trainer = lightning.Trainer(
                max_epochs=1,
                accelerator="cpu",
                callbacks=[epoch],
                default_root_dir=folder,
                **options,
            )
            trainer.fit(network, loader)
        return epoch.seconds

    return run


def fastai_learner(setup: Setup) -> Callable[[], float]:
    """Train with fastai's `Learner` over PyTorch's loaders."""
    import fastai.callback.progress  # noqa: F401 (gives learners their bar, and no_bar)
    from fastai.callback.core import Callback
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.metrics import accuracy
    from fastai.optimizer import Adam

    class Epoch(Callback):
        def before_train(self) -> None:
            self.start = now()

        def after_train(self) -> None:
            self.seconds = now() - self.start

    data = TensorDataset(*setup.tensors())
    few = torch.utils.data.Subset(data, range(BATCH))
    loaders = DataLoaders(
        DataLoader(data, batch_size=BATCH, shuffle=True), DataLoader(few, batch_size=BATCH)
    )
    epoch = Epoch()
    learner = Learner(
        loaders,
        setup.new_model(),
        loss_func=cross_entropy,
        opt_func=Adam,
        metrics=accuracy,
        cbs=[epoch],
    )

    def run() -> float:
        with learner.no_bar(), learner.no_logging():
            learner.fit(1, LR)
        return epoch.seconds

    return run
