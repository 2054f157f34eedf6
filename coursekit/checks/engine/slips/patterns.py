"""What all replies show together: one constant, a factor, the right values elsewhere."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.checks.engine.compare import differs, same_shape
from coursekit.checks.engine.slips.changes import INDEX
from coursekit.checks.engine.spec import Array, Case, Misconception


def _numbers(cases: Sequence[Case]) -> bool:
    return bool(cases) and all(case.got is not None for case in cases)


def _same_always(cases: Sequence[Case]) -> bool:
    """Say whether the same numbers come out whatever the arguments."""
    if not _numbers(cases) or len(cases) < 3:
        return False
    first = cases[0].got
    alike = all(np.array_equal(first, case.got) for case in cases[1:])  # type: ignore[arg-type]
    return alike and any(not np.array_equal(cases[0].expected, c.expected) for c in cases)


def _only_zeros(cases: Sequence[Case]) -> bool:
    """Say whether arrays of zeros come out, which are not right."""
    if not _shaped(cases) or any(np.any(case.got) for case in cases):
        return False
    return any(case.expected.size > 1 and np.any(case.expected) for case in cases)


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


def _factors(cases: Sequence[Case]) -> list[float] | None:
    """Return by what each result is multiplied (nan: it is 0); None where that is no one number."""
    if not _shaped(cases):
        return None
    found = []
    for case in cases:
        got = np.ravel(case.got).astype(float)  # type: ignore[arg-type]
        expected = np.ravel(case.expected).astype(float)
        there = expected != 0
        if not np.isfinite([*got, *expected]).all():
            return None
        by = float(np.median(got[there] / expected[there])) if there.any() else np.nan
        gaps = np.abs(got - (by * expected if there.any() else 0))
        if gaps.size and gaps.max() > 1e-6 * max(1.0, float(np.abs(got).max())):
            return None
        found.append(by)
    return found


def _factor_of_sizes(cases: Sequence[Case]) -> bool:
    """Say whether each result is multiplied by a number that the sizes of the arguments decide."""
    factors = _factors(cases)
    if factors is None:
        return False
    of_size: dict[object, list[float]] = {}
    for case, by in zip(cases, factors, strict=True):
        sizes = tuple(np.shape(arg) if isinstance(arg, np.ndarray) else arg for arg in case.args)
        if np.isfinite(by):
            of_size.setdefault(sizes, []).append(by)
    several = [found for found in of_size.values() if len(found) > 1]
    return len(several) >= _ENOUGH and all(np.ptp(found) < 1e-6 for found in several)


def _factor_of_each(cases: Sequence[Case]) -> bool:
    """Say whether each result is multiplied by a number of its own."""
    factors = _factors(cases)
    return factors is not None and _tells(
        cases, [np.isfinite(by) and abs(by - 1) > 1e-4 for by in factors], 2
    )


def _offset_of_each(cases: Sequence[Case]) -> bool:
    """Say whether one number is added to each result, another one to another result."""
    if not _shaped(cases):
        return False
    gaps = [np.ravel(c.got).astype(float) - np.ravel(c.expected) for c in cases]  # type: ignore[arg-type]
    if not all(np.isfinite(gap).all() and (not gap.size or np.ptp(gap) < 1e-6) for gap in gaps):
        return False
    return _tells(cases, [bool(gap.size) and abs(gap[0]) > 1e-4 for gap in gaps], 2)


def _tells(cases: Sequence[Case], wrong: Sequence[bool], fewest: int) -> bool:
    """Say whether most are wrong, and enough of those have more than so many different values."""
    told = sum(
        bad and len(np.unique(case.expected)) > fewest
        for case, bad in zip(cases, wrong, strict=True)
    )
    return told >= _ENOUGH and 2 * sum(wrong) >= len(cases)


def _one_step_apart(cases: Sequence[Case]) -> bool:
    """Say whether all results grow, or all fall, with the right ones: something is done to them."""
    if not _shaped(cases):
        return False
    got = np.concatenate([np.ravel(c.got).astype(float) for c in cases])  # type: ignore[arg-type]
    expected = np.concatenate([np.ravel(c.expected).astype(float) for c in cases])
    if not np.isfinite([*got, *expected]).all() or len(np.unique(expected.round(6))) < 40:
        return False
    order = np.lexsort((got, expected.round(6)))
    steps = np.diff(got[order])
    room = 1e-6 * max(1.0, float(np.abs(got).max()))
    alike = np.diff(expected[order].round(6)) == 0
    if np.any(np.abs(steps[alike]) > room) or len(np.unique(got.round(6))) < 10:
        return False
    return bool(np.all(steps >= -room) or np.all(steps <= room))


def _stands_in(small: Array, large: Array) -> bool:
    """Say whether an array is a part of a larger one."""
    if small.ndim != large.ndim or any(
        s > n for s, n in zip(small.shape, large.shape, strict=True)
    ):
        return False
    if not small.size:
        return True
    view = np.lib.stride_tricks.sliding_window_view(large.astype(float), small.shape)
    gaps = np.abs(view - small.astype(float)).reshape(*view.shape[: large.ndim], -1).max(axis=-1)
    return bool(gaps.min() <= 1e-6 * max(1.0, float(np.abs(small).max())))


def _part(of_expected: bool) -> Callable[[Sequence[Case]], bool]:
    """Return whether each result is a part of the right one, or the right one a part of it."""

    def shows(cases: Sequence[Case]) -> bool:
        if not _numbers(cases):
            return False
        told = 0
        for case in cases:
            assert case.got is not None
            pair = (case.got, case.expected) if of_expected else (case.expected, case.got)
            if not _stands_in(*pair):
                return False
            told += pair[0].shape != pair[1].shape and len(np.unique(pair[0])) > 2
        return told >= _ENOUGH

    return shows


_ENOUGH = 5  # results that have to show the same


def measured(name: str, cases: Sequence[Case]) -> str:
    """Return by how much the results are off, for the slips in which that is one number."""
    if name == "constant_factor":
        return f"Every value is {factor(cases) or 0:.6g} times the right one."
    if name == "constant_offset":
        return f"Every value is off by {offset(cases) or 0:+.6g}."
    return ""


PATTERNS = {
    "only_zeros": Misconception(
        "gives nothing but zeros",
        "Which line writes into your result, and is it ever reached? Print something there.",
        pattern=_only_zeros,
    ),
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

# Less is said by these: they come after what a set itself knows.
LAST_PATTERNS = {
    "factor_of_sizes": Misconception(
        "gives the right numbers times a number that depends on the sizes of its arguments",
        "Is something divided by a size, or multiplied by it, that should not be?",
        pattern=_factor_of_sizes,
    ),
    "factor_of_each": Misconception(
        "gives the right numbers times a number that is another one for other values",
        "By what is everything divided or multiplied? Is that asked for?",
        pattern=_factor_of_each,
    ),
    "offset_of_each": Misconception(
        "gives the right numbers plus a number that is another one for other values",
        "What is added to everything, or subtracted from it? Is that asked for?",
        pattern=_offset_of_each,
    ),
    "one_step_apart": Misconception(
        "does something else to each of its numbers at the end: one operation too many, too few, "
        "or another one",
        "Take an expected number below and the one beside it: which operation leads from one to "
        "the other?",
        pattern=_one_step_apart,
    ),
    "part_of_result": Misconception(
        "leaves out places of its result; those that it has are right",
        "How many places are there? With which index do your loops begin, with which do they end?",
        pattern=_part(True),
    ),
    "more_than_result": Misconception(
        "gives values for more places than there are; the right ones stand among them",
        "How many places are there? With which index do your loops begin, with which do they end?",
        pattern=_part(False),
    ),
}
