"""Hooks: functions that fit calls at five moments of a run.

A hook is an object with any of the methods ``before_training``, ``before_epoch``,
``after_step``, ``after_epoch`` and ``after_training``, each called with the `Run`; nothing has to
be inherited. A plain function is called after each epoch. Setting ``run.stop`` to a sentence ends
the training after the step or epoch in which it is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.training.run import Run

MOMENTS = ("before_training", "before_epoch", "after_step", "after_epoch", "after_training")


def as_list(hooks: Any) -> list[Any]:
    """Return hooks as a list, one alone, too.

    Examples
    --------
    >>> as_list(print) == as_list([print]) == as_list((print,))
    True
    """
    return list(hooks) if isinstance(hooks, list | tuple | set) else [hooks]


class Hooks:
    """The hooks of a run, sorted by moment.

    Examples
    --------
    >>> class Stop:
    ...     def after_step(self, run):
    ...         run.stop = "enough"
    >>> hooks = Hooks([Stop(), print])
    >>> [moment for moment in MOMENTS if getattr(hooks, moment)]
    ['after_step', 'after_epoch']
    """

    before_training: list[Callable[[Run], object]]
    before_epoch: list[Callable[[Run], object]]
    after_step: list[Callable[[Run], object]]
    after_epoch: list[Callable[[Run], object]]
    after_training: list[Callable[[Run], object]]

    def __init__(self, hooks: Iterable[object]) -> None:
        for moment in MOMENTS:
            setattr(self, moment, [])
        for hook in hooks:
            self.add(hook)

    def add(self, hook: object) -> None:
        """Add a hook; it is called after those that are here already.

        Raises
        ------
        TypeError
            For what is neither a function nor an object with one of the five methods.
        """
        if isinstance(hook, type):
            raise TypeError(
                f"hooks: found the class {hook.__name__}; expected an object of it. "
                f"Write {hook.__name__}()."
            )
        methods: dict[str, Any] = {
            moment: getattr(hook, moment) for moment in MOMENTS if hasattr(hook, moment)
        }
        if not methods and callable(hook):
            methods = {"after_epoch": hook}
        if not methods:
            raise TypeError(
                f"hooks: found {hook!r}; expected a function of the run, called after each epoch, "
                f"or an object with a method named {', '.join(MOMENTS[:-1])} or {MOMENTS[-1]}."
            )
        for moment, method in methods.items():
            getattr(self, moment).append(method)

    def call(self, moment: str, run: Run) -> None:
        """Call all hooks of a moment, in their order."""
        for hook in getattr(self, moment):
            hook(run)
