"""The descent explorer: a ball in a valley of loss, and what a learning rate does to it."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from coursekit.widgets.base import CourseWidget
from coursekit.widgets.descent_explorer.arithmetic import MOST_UPDATES, Descent, bowl
from coursekit.widgets.descent_explorer.picture import describe, picture
from coursekit.widgets.descent_explorer.traits import Pair, Segments
from coursekit.widgets.traits import Number, Whole

_OPTIMIZERS = ("sgd", "adam")


class DescentExplorer(CourseWidget, folder="descent_explorer"):
    """Find the lowest loss of two weights, update by update, and look at every number.

    The loss is a bowl, half of (curvature 1 times weight 1 squared, plus the same for weight 2), so
    the gradient of each weight is its curvature times the weight. What is changed on the screen is
    changed here, and the other way round. A new `learning_rate` works from the next update on;
    every other change starts a new run.

    Parameters
    ----------
    learning_rate
        The factor in front of the gradient, 0.0001 to 10.
    curvature
        How steep the bowl is for each weight, 0.1 to 100. Different numbers make a valley.
    start
        The two weights before the first update: from -2.2 to 2.2, and from -1.5 to 1.5.
    momentum
        The share of the last step's velocity that is kept, 0 to 0.99; for ``optimizer="sgd"``.
    noise
        Standard deviation of what chance adds to the gradient, as a small batch does, 0 to 10.
    optimizer
        ``"sgd"`` or ``"adam"``, each as in `torch.optim`.
    seed
        Which noise, a whole number from 0.

    Raises
    ------
    ValueError
        If an argument is not a number within its limits, the optimizer is unknown, or momentum is
        asked of Adam.
    traitlets.TraitError
        If the seed is not a whole number from 0 to 9999, or the optimizer is not text.

    Examples
    --------
    >>> explorer = DescentExplorer(learning_rate=0.05)
    >>> explorer.step(2)
    >>> explorer.path
    array([[-1.6  ,  0.9  ],
           [-1.52 ,  0.45 ],
           [-1.444,  0.225]])
    >>> explorer.losses.round(2)
    array([5.33, 2.17, 1.3 ])
    """

    learning_rate = Number(0.1, 0.0001, 10, "0.1 is a good start")
    curvature = Pair((1.0, 10.0), (0.1, 0.1), (100, 100), "such as (1, 10)")
    start = Pair((-1.6, 0.9), (-2.2, -1.5), (2.2, 1.5), "such as (-1.6, 0.9)")
    momentum = Number(0.0, 0, 0.99, "0 for none, 0.9 is usual")
    noise = Number(0.0, 0, 10, "0 for none, 1 for a small batch")
    optimizer = traitlets.Any("sgd").tag(sync=True, page=True)
    seed = Whole(0, 0, 9999)
    updates = Segments()

    def __init__(
        self,
        learning_rate: float = 0.1,
        curvature: tuple[float, float] = (1, 10),
        start: tuple[float, float] = (-1.6, 0.9),
        momentum: float = 0.0,
        noise: float = 0.0,
        optimizer: str = "sgd",
        seed: int = 0,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate,
            curvature=curvature,
            start=start,
            momentum=momentum,
            noise=noise,
            optimizer=optimizer,
            seed=seed,
        )

    @property
    def path(self) -> NDArray[np.float64]:
        """The weights before the first update and after each, (updates + 1, 2)."""
        return np.array(self._descent().path)

    @property
    def losses(self) -> NDArray[np.float64]:
        """The loss before the first update and after each, (updates + 1,)."""
        return np.array([bowl(weights, self.curvature) for weights in self._descent().path])

    def step(self, updates: int = 1) -> None:
        """Make some updates with the present learning rate; a run that explodes stops by itself.

        Raises
        ------
        ValueError
            If `updates` is less than 1.
        """
        if updates < 1:
            raise ValueError(f"updates is {updates}; give how many updates to make, 1 or more")
        ball = self._descent()
        before = len(ball.path)
        made = len(ball.run([(min(updates, MOST_UPDATES), self.learning_rate)]).path) - before
        done = list(self.updates)
        if made and done and done[-1][1] == self.learning_rate:
            made += done.pop()[0]
        if made:
            self.updates = [*done, (made, self.learning_rate)]

    def reset(self) -> None:
        """Put the ball back to its start."""
        self.updates = []

    def _descent(self) -> Descent:
        ball = Descent(
            self.curvature, self.start, self.optimizer, self.momentum, self.noise, self.seed
        )
        return ball.run(self.updates)

    @traitlets.validate("optimizer", "momentum")
    def _fits(self, proposal: dict[str, Any]) -> Any:
        optimizer, momentum = self.optimizer, self.momentum
        if proposal["trait"].name == "optimizer":
            optimizer = proposal["value"]
        else:
            momentum = proposal["value"]
        if not isinstance(optimizer, str) or optimizer not in _OPTIMIZERS:
            more = ": SGD with momentum=0.9" if optimizer == "momentum" else ""
            raise ValueError(f"optimizer is {optimizer!r}; give one of {_OPTIMIZERS}{more}")
        if momentum and optimizer == "adam":
            raise ValueError(
                f'momentum is {momentum:g} with optimizer="adam", which keeps averages of its '
                'own; leave momentum at 0, or give optimizer="sgd"'
            )
        return self._begin_anew(proposal)

    @traitlets.validate("curvature", "start", "noise", "seed")
    def _begin_anew(self, proposal: dict[str, Any]) -> Any:
        # Before the new value is told to the page, so that it never sees old updates with it.
        if proposal["value"] != getattr(self, proposal["trait"].name):
            self.updates = []
        return proposal["value"]

    def describe(self) -> str:
        """Say in words what the widget shows."""
        return describe(self)

    def picture(self) -> str:
        """Draw the valley with the path and the ball."""
        return picture(self)
