"""Where it goes wrong: one plain property that separates wrong inputs from right ones."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.compare import differs, same_shape
from coursekit.checks.engine.outcomes import right_answer
from coursekit.checks.engine.spec import Args, Array, Exercise, Property, Question
from coursekit.checks.runner.reply import Reply

FEWEST = 3  # inputs on either side, below which a property says nothing


def where(
    exercise: Exercise,
    questions: Sequence[Question],
    replies: Sequence[Reply],
    right: Sequence[bool],
) -> str | None:
    """Return a sentence about the inputs, or about the cells of the results, that are wrong."""
    if exercise.direct and not exercise.properties:
        return None
    failing = [q for q, good in zip(questions, right, strict=True) if not good]
    passing = [q for q, good in zip(questions, right, strict=True) if good]
    found = _inputs(exercise, failing, passing)
    several = len(exercise.parts) > 1
    return found or (None if several else _cells(exercise, questions, replies, right))


def _inputs(
    exercise: Exercise, failing: Sequence[Question], passing: Sequence[Question]
) -> str | None:
    """Return the property that separates best, the plainest where several do."""
    if len(failing) < FEWEST or len(passing) < FEWEST:
        return None
    best: tuple[int, str] | None = None
    for found in (*exercise.properties, *_properties(exercise, failing[0])):
        holds = [[_holds(exercise, found, q) for q in side] for side in (failing, passing)]
        bad, good = sum(holds[0]), sum(holds[1])
        said = _sentence(found.phrase, bad, len(failing), good, len(passing))
        if said and (best is None or said[0] > best[0]):
            best = said
    return best[1] if best else None


def _sentence(
    phrase: str, bad: int, failing: int, good: int, passing: int
) -> tuple[int, str] | None:
    """Return how well a property separates, and what is said of it; None where it does not."""
    if bad == failing and good == 0:
        return 1000, f"It is wrong on all {failing} inputs {phrase}, right on all {passing} others."
    if bad == 0 and good == passing:
        return 1000, f"It is right on all {passing} inputs {phrase}, wrong on all {failing} others."
    if bad == failing and passing - good >= FEWEST and 2 * bad >= bad + good:
        return (
            passing - good,
            f"It is wrong only on inputs {phrase} ({failing} of {bad + good}), and right on all "
            f"{passing - good} others.",
        )
    if bad == 0 and good >= FEWEST and 2 * failing >= failing + passing - good:
        return (
            good,
            f"It is right on all {good} inputs {phrase}, and wrong on {failing} of the "
            f"{failing + passing - good} others.",
        )
    return None


def _holds(exercise: Exercise, found: Property, question: Question) -> bool:
    try:
        return bool(found.holds(*_given(exercise, question)))
    except Exception:
        return False


def _given(exercise: Exercise, question: Question) -> Args:
    """Return a function's arguments, with the defaults of those that were left out."""
    own = question.args[: len(exercise.parameters)]
    if exercise.direct or len(own) == len(exercise.parameters):
        return own
    defaults = [p.default for p in inspect.signature(exercise.oracle).parameters.values()]
    return (*own, *defaults[len(own) :])


def _properties(exercise: Exercise, first: Question) -> Iterator[Property]:
    """Yield what may hold for the arguments, the plainest first."""
    named = list(zip(exercise.parameters, _given(exercise, first), strict=False))
    arrays = [
        (i, p, a.ndim)
        for i, (p, a) in enumerate(named)
        if isinstance(a, np.ndarray) and first.probe != "rows_as_tuples"  # an array to us alone
    ]
    numbers = [(i, p) for i, (p, a) in enumerate(named) if type(a) is int]
    for i, p in ((i, p) for i, (p, a) in enumerate(named) if isinstance(a, bool)):
        yield _at(i, f"with {p} = False", lambda value: not value)
    for i, p in numbers:
        yield from (_at(i, phrase, test) for phrase, test in _of_number(p))
    for k, (i, p) in enumerate(numbers):
        for j, q in numbers[k + 1 :]:
            yield Property(f"with {p} equal to {q}", lambda *a, i=i, j=j: a[i] == a[j])
            yield Property(f"with {p} above {q}", lambda *a, i=i, j=j: a[i] > a[j])
    for i, p, axes in arrays:
        yield from (_at(i, phrase, test) for phrase, test in _of_array(p, axes))
    for i, p in numbers:
        for j, q, axes in arrays:
            if axes >= 2:
                yield Property(
                    f"with {_a(q)} whose sides {p} divides",
                    lambda *a, i=i, j=j: a[i] > 0 and not any(n % a[i] for n in a[j].shape[-2:]),
                )
    for k, (i, p, _) in enumerate(arrays):
        for j, q, _ in arrays[k + 1 :]:
            yield Property(
                f"with {_a(q)} as large as the {p}", lambda *a, i=i, j=j: a[i].shape == a[j].shape
            )


def _at(place: int, phrase: str, test: Callable[[Any], bool]) -> Property:
    return Property(phrase, lambda *args: len(args) > place and test(args[place]))


def _a(name: str) -> str:
    """Return the name with its article; single letters are spoken: "an x"."""
    vowels = "aefhilmnorsx" if len(name) == 1 else "aeiou"
    return f"{'an' if name[0] in vowels else 'a'} {name}"


def _of_number(p: str) -> list[tuple[str, Callable[[Any], bool]]]:
    return [
        (f"with {p} = 0", lambda k: k == 0),
        (f"with {p} = 1", lambda k: k == 1),
        (f"with {p} above 1", lambda k: k > 1),
        (f"with {p} above 2", lambda k: k > 2),
        (f"with an even {p}", lambda k: k % 2 == 0),
        (f"where {p} is a power of 2", lambda k: k > 0 and k & (k - 1) == 0),
        (f"where {p} is a multiple of 8", lambda k: k % 8 == 0),
    ]


def _of_array(p: str, axes: int) -> list[tuple[str, Callable[[Any], bool]]]:
    found: list[tuple[str, Callable[[Any], bool]]] = [
        (f"with negative numbers in {p}", lambda a: bool(np.any(a < 0))),
        (f"with fractions in {p}", lambda a: bool(np.any(a != np.rint(a)))),
        (f"with {_a(p)} of bytes (uint8)", lambda a: a.dtype == np.uint8),
        (f"with {_a(p)} of floats", lambda a: a.dtype.kind == "f"),
    ]
    if axes == 1:
        found += [
            (f"with a single value in {p}", lambda a: a.size == 1),
            (f"with more than two values in {p}", lambda a: a.size > 2),
            (f"where {p} reads the same from both ends", lambda a: np.array_equal(a, a[::-1])),
            (f"with an even number of values in {p}", lambda a: a.size % 2 == 0),
        ]
    if axes >= 2:
        found += [
            (f"with a square {p}", lambda a: a.shape[-1] == a.shape[-2]),
            (f"with a single cell in {p}", lambda a: a.shape[-1] == a.shape[-2] == 1),
            (f"with {_a(p)} of one row", lambda a: a.shape[-2] == 1),
            (f"with {_a(p)} of one column", lambda a: a.shape[-1] == 1),
            (f"with {_a(p)} of 3 x 3", lambda a: a.shape[-2:] == (3, 3)),
            (f"with {_a(p)} wider than it is tall", lambda a: a.shape[-1] > a.shape[-2]),
            (f"with {_a(p)} taller than it is wide", lambda a: a.shape[-1] < a.shape[-2]),
            (
                f"with {_a(p)} that a half turn does not change",
                lambda a: np.array_equal(a, a[..., ::-1, ::-1]),
            ),
            (f"with odd sides of {p}", lambda a: all(n % 2 for n in a.shape[-2:])),
        ]
    if axes == 3:
        found.insert(0, (f"with more than one channel in {p}", lambda a: a.shape[0] > 1))
    if axes == 4:
        found.insert(0, (f"with more than one filter in {p}", lambda a: a.shape[0] > 1))
        found.insert(1, (f"with more than one channel in {p}", lambda a: a.shape[1] > 1))
    return [
        *found,
        (f"with {_a(p)} that adds up to 0", lambda a: a.sum() == 0),
        (f"with {_a(p)} that adds up to less than 0", lambda a: a.sum() < 0),
        (f"with zeros in {p}", lambda a: bool(np.any(a == 0))),
        (f"where all values of {p} are equal", lambda a: bool(np.all(a == a.flat[0]))),
        (
            f"where the largest value of {p} stands there twice",
            lambda a: int(np.sum(a == a.max())) > 1,
        ),
    ]


# ------------------------------------------------------------------------ cells of the results


def _cells(
    exercise: Exercise,
    questions: Sequence[Question],
    replies: Sequence[Reply],
    right: Sequence[bool],
) -> str | None:
    """Return which cells of the results are wrong, where it is always the same kind of cell."""
    pairs = []
    for question, reply, good in zip(questions, replies, right, strict=True):
        if good:
            continue
        if reply.kind != "value":
            return None
        got, expected = reply.parts[0], right_answer(exercise, question)[0]
        if not same_shape(got.shape, expected.shape) or expected.ndim == 0:
            return None
        pairs.append((expected, differs(got, expected, exercise.tolerance)))
    if len(pairs) < FEWEST:
        return None
    for phrase, cells in _KINDS_OF_CELLS:
        others = 0
        for expected, wrong in pairs:
            inside = cells(expected)
            if np.any(wrong & ~inside):
                break
            others += int(np.sum(~inside))
        else:
            if others >= max(2 * FEWEST, 0.25 * sum(e.size for e, _ in pairs)):
                return f"It is wrong only {phrase}; all other values of its results are right."
    return None


def _places(*at: Any) -> Callable[[Array], Array]:
    def marked(expected: Array) -> Array:
        found = np.zeros(expected.shape, bool)
        for place in at:
            found[place] = True
        return found

    return marked


def _border(expected: Array) -> Array:
    found = np.ones(expected.shape, bool)
    inside: tuple[Any, ...] = (..., *((slice(1, -1),) * min(expected.ndim, 2)))
    found[inside] = False
    return found


_KINDS_OF_CELLS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("in the first value", lambda e: _places((0,) * e.ndim)(e)),
    ("in the last value", lambda e: _places((-1,) * e.ndim)(e)),
    ("in the last row", lambda e: _places((..., -1, slice(None)) if e.ndim > 1 else -1)(e)),
    ("in the first row", lambda e: _places((..., 0, slice(None)) if e.ndim > 1 else 0)(e)),
    ("in the last column", _places((..., -1))),
    ("in the first column", _places((..., 0))),
    (
        "in the last row and the last column",
        lambda e: _places((..., -1), (..., -1, slice(None)) if e.ndim > 1 else -1)(e),
    ),
    (
        "in the first row and the first column",
        lambda e: _places((..., 0), (..., 0, slice(None)) if e.ndim > 1 else 0)(e),
    ),
    ("where a value below 0 belongs", lambda e: e < 0),
    ("where a value above 255 belongs", lambda e: e > 255),
    ("where 255 belongs", lambda e: e == 255),
    ("where a 0 belongs", lambda e: e == 0),
    ("where a fraction belongs", lambda e: e != np.rint(e)),
    ("at the border", _border),
    ("inside, away from the border", lambda e: ~_border(e)),
    ("where a value above 0 belongs", lambda e: e > 0),
)
