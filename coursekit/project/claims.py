"""A number that a project claims, written out, and held against what the code gives."""

import contextlib
import math
from typing import Any

from coursekit._headless import headless
from coursekit._record import record, running_shell


def claim(what: str, value: Any, *, at: float, within: float) -> None:
    """Claim that a measured number is near a written one, and record whether that is so.

    Write the number of your report here, as a number, and how far another run may be off. The
    claim is kept where the cell gives a value between ``at - within`` and ``at + within``;
    `coursekit check` reads that from the saved notebook.

    Parameters
    ----------
    what
        What was measured: ``"validation accuracy of the first model"``.
    value
        What the code gives: one number of Python, of NumPy, or a tensor of size one.
    at
        The number that you claim, written out.
    within
        How far the value may be off; at most half of `at`, or 0.05.

    Raises
    ------
    TypeError
        When `value` is not one number.
    ValueError
        When `at` is not finite, or `within` is not above 0 or so wide that the claim says nothing.

    Examples
    --------
    >>> claim("validation accuracy", 0.8625, at=0.85, within=0.05)
    validation accuracy between 0.8 and 0.9: yes; it is 0.8625
    >>> claim("validation accuracy", 0.61, at=0.85, within=0.05)
    validation accuracy between 0.8 and 0.9: no; it is 0.61
    """
    number = _one_number(value)
    if not math.isfinite(at):
        raise ValueError(f"at: found {at}; expected the number that you claim, such as 0.85")
    widest = max(abs(at) / 2, 0.05)
    if not 0 < within <= widest:
        raise ValueError(
            f"within: found {within}; expected more than 0 and at most {widest:g} beside "
            f"at={at:g}: a wider claim says nothing"
        )
    low, high = round(at - within, 9), round(at + within, 9)
    kept = bool(low <= number <= high)
    line = f"{what} between {low:g} and {high:g}: {'yes' if kept else 'no'}"
    seen = {} if headless() else {"value": number if math.isfinite(number) else None}
    if not headless():
        line += f"; it is {number:.4g}"
    if running_shell() is None:
        print(line)
    record("claim", line, what=what, at=at, within=within, kept=kept, **seen)


def _one_number(value: Any) -> float:
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "size", 1) != 0:
        with contextlib.suppress(ValueError, RuntimeError):  # an array or a tensor of several
            value = item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(
            f"value: found {type(value).__name__}; expected one number, such as an accuracy"
        )
    return float(value)
