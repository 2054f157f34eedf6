"""The ladder of three hints: the idea, the tool, just short of the answer."""

from typing import Any

import numpy as np

from coursekit.checks.engine.report import Counterexample
from coursekit.checks.engine.show import as_html, show
from coursekit.checks.engine.spec import Exercise, Misconception
from coursekit.checks.sets import exercise

_MOST = 24  # values that fit into a call which is written out

_STEPS: dict[str, int] = {}  # how far up each ladder this session has gone
_FOUND: dict[str, str] = {}  # what the last check of a function has to say first


def of_mistake(asked: Exercise, idea: Misconception | None, example: Counterexample | None) -> str:
    """Return what a hint says of a mistake: its own hint, or how to watch the example being run."""
    if idea is None or idea.hint or asked.direct or example is None:
        return idea.hint if idea else ""
    values = example.args[: len(asked.parameters)]
    if sum(np.size(value) for value in values) > _MOST:
        return ""
    pairs = asked.checks[0].probe == "rows_as_tuples"
    given = ", ".join(_written(value, pairs) for value in values)
    return (
        f"Run {asked.name}({given}) in a cell of its own, with a print after each step of your "
        "function. Which step is the first that gives another number than your work by hand?"
    )


def _written(value: Any, pairs: bool) -> str:
    """Return an argument as code."""
    if not isinstance(value, np.ndarray):
        return repr(value)
    if pairs:
        return repr([tuple(row) for row in value.tolist()])
    kind = f", dtype=np.{value.dtype}" if value.dtype == np.uint8 else ""
    return f"np.array({value.tolist()}{kind})"


def found(name: str, text: str) -> None:
    """Keep what belongs to the mistake that a check has found; nothing forgets it."""
    _FOUND.pop(name, None)
    if text:
        _FOUND[name] = text


class Hint(str):
    """A hint that has been shown; its text is the string itself."""

    def _ipython_display_(self) -> None:
        """Show nothing again: `hint` has shown it."""


def hint(name: str, step: int | None = None) -> Hint:
    """Show the next hint for a function, or a given one, and return its text.

    Parameters
    ----------
    name
        The function, as in ``hint("conv2d")``.
    step
        1, 2 or 3; when it is left out, first what belongs to the mistake that the last check has
        found, then the next one. After the third it says that there is none left.

    Raises
    ------
    ValueError
        When there is no such function or no such step.

    Examples
    --------
    >>> text = hint("match_score", step=1)
    Hint 1 of 3: Where both arrays hold the same sign the product is 1, elsewhere it is -1. What is
    the mean of nothing but ones?
    """
    hints = exercise(name).hints
    if step is None and name in _FOUND:
        label, text = "Hint on what the check found:", _FOUND.pop(name)
    elif step is None and _STEPS.get(name, 0) == len(hints):
        label = f"There is no further hint for {name}."
        text = (
            f'hint("{name}", step=1) shows the first again. What helps now: go through the example '
            "of the last check by hand, and print what your function has at each step."
        )
    else:
        if step is None:
            step = _STEPS[name] = _STEPS.get(name, 0) + 1
        elif step not in range(1, len(hints) + 1):
            raise ValueError(
                f"step is {step!r}; give 1, 2 or 3, or leave it out for the next hint."
            )
        label, text = f"Hint {step} of {len(hints)}:", hints[step - 1]
    show(f"<p><strong>{label}</strong> {as_html(text)}</p>", f"{label} {text}")
    return Hint(text)
