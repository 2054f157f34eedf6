"""The ladder of three hints: the idea, the tool, just short of the answer."""

from coursekit.checks.sets import exercise

_STEPS: dict[str, int] = {}  # how far up each ladder this session has gone


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
        1, 2 or 3; the next one when it is left out. After the third, the third again.

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
    from html import escape

    from coursekit.checks.engine.show import show

    hints = exercise(name).hints
    if step is None:
        step = _STEPS[name] = min(_STEPS.get(name, 0) + 1, len(hints))
    elif step not in range(1, len(hints) + 1):
        raise ValueError(f"step is {step!r}; give 1, 2 or 3, or leave it out for the next hint.")
    text = hints[step - 1]
    label = f"Hint {step} of {len(hints)}:"
    show(f"<p><strong>{label}</strong> {escape(text)}</p>", f"{label} {text}")
    return Hint(text)
