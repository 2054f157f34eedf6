"""The number behind a claim: seen by whoever runs a notebook, left out of the stored one."""

import contextlib
import html
import math
from typing import Any

from coursekit._headless import headless
from coursekit.learn.display import display_html

_LOOK = "opacity:.8;border-left:3px solid #0072B2;padding:1px 8px;margin:2px 0"


def measured(
    what: str,
    value: Any,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> None:
    """Claim that a measured number lies within bounds, and show the number to whoever runs it.

    Results of training differ a little from machine to machine, so a stored notebook holds claims
    alone, and the tests compare those. Run live, the number itself stands below the claim. Write it
    where a lesson has trained, timed or drawn something::

        measured("test accuracy", accuracy, at_least=0.75)   # a claim, and live the number
        measured("rejected, of 100", 13.5, at_least=5, at_most=30)
        measured("test accuracy of yours", share)            # no claim: nothing is stored

    Choose bounds that hold with room to spare, and that still say something: `measured` raises
    while notebooks are built and tested when one does not hold. It replaces both the ``assert`` and
    the ``print`` of a claim. Tag the cell ``banded``.

    Parameters
    ----------
    what
        What was measured, as a sentence begins: ``"test accuracy"``.
    value
        One number: of Python, of NumPy, or a tensor of size one.
    at_least, at_most
        The claim. With neither there is none.

    Raises
    ------
    AssertionError
        When a bound does not hold, while notebooks are built or tested; the message has the number.
    TypeError
        When `value` is not one number.

    Examples
    --------
    >>> measured("test accuracy", 0.8312, at_least=0.75)
    test accuracy at least 0.75: yes
    it is 0.8312
    >>> measured("errors", 12, at_least=5, at_most=10)
    errors between 5 and 10: no
    it is 12
    """
    number = _one_number(value)
    shown = _written(number)
    claim = _claim(at_least, at_most)
    if not claim:
        if not headless():
            _show(f"{what}: {shown}")
        return
    holds = (at_least is None or number >= at_least) and (at_most is None or number <= at_most)
    if headless() and not holds:
        raise AssertionError(f"{what} {claim}: no, it is {shown}")
    print(f"{what} {claim}:", "yes" if holds else "no")
    if not headless():
        _show(f"it is {shown}")


def _one_number(value: Any) -> float:
    item = getattr(value, "item", None)
    with contextlib.suppress(ValueError, RuntimeError):  # an array or a tensor of several
        value = item() if callable(item) else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(
            f"value: found {type(value).__name__}; expected one number. "
            "Take a mean, or count, before you claim something about it."
        )
    return value


def _written(number: float) -> str:
    if isinstance(number, int):
        return f"{number:,}"
    if not math.isfinite(number):
        return str(number)
    return f"{number:,.0f}" if abs(number) >= 10_000 else f"{number:.4g}"


def _claim(at_least: float | None, at_most: float | None) -> str:
    if at_least is None and at_most is None:
        return ""
    if at_most is None:
        return f"at least {at_least}"
    if at_least is None:
        return f"at most {at_most}"
    return f"between {at_least} and {at_most}"


def _show(text: str) -> None:
    display_html(f'<div style="{_LOOK}">{html.escape(text)}</div>', text)
