"""coursekit's `fit`: with the yardstick's settings, and at its own choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from setups import BATCH, LR, Setup
from side_by_side import now

from coursekit.training import fit
from coursekit.training.device import choose_batch_size, choose_device, choose_precision


class Epoch:
    """Takes the time of an epoch."""

    def before_epoch(self, run: Any) -> None:
        """Start the clock."""
        self.start = now()

    def after_epoch(self, run: Any) -> None:
        """Stop it."""
        self.seconds = now() - self.start


def fitted(setup: Setup, *, augment: Any = (), **settings: Any) -> Callable[[], float]:
    """Return a run of `fit` with these settings."""
    model = setup.new_model()

    def run() -> float:
        epoch = Epoch()
        fit(
            model,
            (setup.images, setup.labels),
            augment=augment,
            seed=0,
            progress=False,
            hooks=[epoch],
            **settings,
        )
        return epoch.seconds

    return run


def same_settings(setup: Setup) -> Callable[[], float]:
    """Train as the bare loop does: float32, 128, 1e-3, no augmentation."""
    return fitted(setup, precision="float32", batch_size=BATCH, lr=LR, device="cpu")


def own_choice(setup: Setup) -> Callable[[], float]:
    """Leave all to `fit` but the batch size, which is the yardstick's."""
    return fitted(setup, batch_size=BATCH, augment=setup.augment)


def own_batch(setup: Setup) -> Callable[[], float]:
    """Leave all to `fit`; the batch is the one that it takes for the whole set."""
    device = choose_device("auto")
    precision = choose_precision("auto", device, setup.new_model())
    size = choose_batch_size(setup.whole, device, precision)
    return fitted(setup, batch_size=size, augment=setup.augment)
