"""What all replies show together: one constant, a factor, the right values elsewhere."""

from collections.abc import Sequence

import numpy as np

from coursekit.checks.engine.compare import differs, same_shape
from coursekit.checks.engine.slips.changes import INDEX
from coursekit.checks.engine.spec import Case, Misconception


def _numbers(cases: Sequence[Case]) -> bool:
    return bool(cases) and all(case.got is not None for case in cases)


def _same_always(cases: Sequence[Case]) -> bool:
    """Say whether the same numbers come out whatever the arguments."""
    if not _numbers(cases) or len(cases) < 3:
        return False
    first = cases[0].got
    alike = all(np.array_equal(first, case.got) for case in cases[1:])  # type: ignore[arg-type]
    return alike and any(not np.array_equal(cases[0].expected, c.expected) for c in cases)


def _shaped(cases: Sequence[Case]) -> bool:
    return _numbers(cases) and all(
        case.got is not None and same_shape(case.got.shape, case.expected.shape) for case in cases
    )


def factor(cases: Sequence[Case]) -> float | None:
    """Return the one number by which every result is too large, if there is one."""
    if not _shaped(cases):
        return None
    got = np.concatenate([np.ravel(c.got).astype(float) for c in cases])  # type: ignore[arg-type]
    expected = np.concatenate([np.ravel(c.expected).astype(float) for c in cases])
    there = (expected != 0) & np.isfinite(expected)
    if there.sum() < 3 or not np.isfinite(got).all():
        return None
    by = float(np.median(got[there] / expected[there]))
    room = 1e-5 * max(1.0, float(np.abs(got).max()))
    close = np.abs(got - by * expected) <= room
    return by if close.all() and abs(by - 1) > 1e-4 and by != 0 else None


def offset(cases: Sequence[Case]) -> float | None:
    """Return the one number by which every result differs, if there is one."""
    if not _shaped(cases):
        return None
    gaps = np.concatenate(
        [np.ravel(c.got).astype(float) - np.ravel(c.expected) for c in cases]  # type: ignore[arg-type]
    )
    if len(gaps) < 3 or not np.isfinite(gaps).all():
        return None
    by = float(gaps[0])
    return by if np.allclose(gaps, by, atol=1e-6) and abs(by) > 1e-4 else None


def _few_digits(cases: Sequence[Case]) -> bool:
    """Say whether every number is close to the right one, as in float16."""
    if not _shaped(cases):
        return False
    whole = True
    for case in cases:
        got, expected = np.asarray(case.got, dtype=float), np.asarray(case.expected, dtype=float)
        got = got.reshape(expected.shape)
        if not np.isfinite(got).all() or not np.isfinite(expected).all():
            return False
        largest = float(np.abs(expected).max()) if expected.size else 0.0
        if np.any(np.abs(got - expected) > 2e-3 * max(largest, 1.0)):
            return False
        whole = whole and bool(np.all(expected == np.rint(expected)))
    return not whole


def _elsewhere(cases: Sequence[Case]) -> bool:
    """Say whether the right values come out, in another order."""
    if not _numbers(cases):
        return False
    sizes = [case.expected.size for case in cases]
    return max(sizes) > 3 and all(
        case.got is not None
        and case.got.shape == case.expected.shape
        and not differs(np.sort(np.ravel(case.got)), np.sort(np.ravel(case.expected)), 1e-6).any()
        for case in cases
    )


def measured(name: str, cases: Sequence[Case]) -> str:
    """Return by how much the results are off, for the slips in which that is one number."""
    if name == "constant_factor":
        return f"Every value is {factor(cases) or 0:.6g} times the right one."
    if name == "constant_offset":
        return f"Every value is off by {offset(cases) or 0:+.6g}."
    return ""


PATTERNS = {
    "same_answer_always": Misconception(
        "gives the same numbers whatever its arguments are",
        "Does it read its arguments, or a variable that another cell has made?",
        hint="Restart the kernel and run the cells from the top: a name that only another cell has "
        "made is gone then. Inside the function use nothing but its arguments.",
        pattern=_same_always,
    ),
    "constant_factor": Misconception(
        "gives the right numbers times a constant",
        "Is something divided or multiplied once too often, or counted twice?",
        pattern=lambda cases: factor(cases) is not None,
    ),
    "constant_offset": Misconception(
        "gives the right numbers plus a constant",
        "Is something added once too often, or is the first value not 0?",
        pattern=lambda cases: offset(cases) is not None,
    ),
    "digits_lost": Misconception(
        "loses digits on the way: its numbers are close to the right ones, and not equal",
        "Is anything rounded? float16 keeps three digits; bytes and float16 become float64 with "
        "astype.",
        pattern=_few_digits,
    ),
    "values_in_other_places": Misconception(
        "computes the right values and puts them into other places",
        INDEX,
        pattern=_elsewhere,
    ),
}
